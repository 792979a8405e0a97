//! Parts of a form that are more than texts and files: values, media types and headers of parts, undeclared parts.

use std::fmt;

use http::HeaderValue;
use serde::Serialize;

use crate::runtime::check::Violation;
use crate::runtime::multipart::{Form, in_body};
use crate::runtime::param::{Param, comma_separated};
use crate::runtime::request::Request;
use crate::runtime::style::Tree;
use crate::runtime::upload::Upload;

/// Media type of a form of parts.
const FORM_DATA: &str = "multipart/form-data";

/// Parts of a body whose parts the description does not declare.
#[derive(Default)]
pub struct FormData(Form);

impl FormData {
    /// Creates a form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part with a text.
    pub fn text(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.push(name, "", text.into());
        self
    }

    /// Adds a part with a value as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.0.json(name, value);
        self
    }

    /// Adds a file.
    pub fn file(mut self, name: &str, upload: Upload) -> Self {
        self.0.file(name, upload);
        self
    }
}

impl fmt::Debug for FormData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it carries is the users' business, not the log's.
        f.debug_struct("FormData").field("parts", &self.0.parts.len()).finish_non_exhaustive()
    }
}

impl Form {
    /// Adds a value: one part for a text, one per element of a list, a part of JSON for an object. `null` is omitted.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match Tree::of(value) {
            Ok(Tree::List(elements)) => elements.iter().for_each(|element| self.tree(name, element)),
            Ok(tree) => self.tree(name, &tree),
            Err(error) => self.problems.push(Violation::unserializable(&in_body(name), &error)),
        }
    }

    /// Adds a value in one part of a media type: as JSON if that is the media type, else as text. `null` is omitted.
    pub(crate) fn value_as<T: Serialize + ?Sized>(&mut self, name: &str, media_type: &str, value: &T) {
        let is_json = media_type.ends_with("/json") || media_type.ends_with("+json");
        match Tree::of(value) {
            Ok(tree) => {
                if let Some(text) = tree.text() {
                    let content = if is_json { tree.json() } else { text.into_owned() };
                    self.push(name, &format!("\r\nContent-Type: {media_type}"), content);
                }
            }
            Err(error) => self.problems.push(Violation::unserializable(&in_body(name), &error)),
        }
    }

    /// Adds files, which have the media type unless they were given others.
    pub(crate) fn files_as(
        &mut self,
        name: &str,
        media_type: &str,
        uploads: impl IntoIterator<Item = Upload>,
    ) {
        for mut upload in uploads {
            upload.media_type.get_or_insert_with(|| media_type.to_owned());
            self.file(name, upload);
        }
    }

    /// Adds a header to the parts with a name.
    pub(crate) fn header(&mut self, name: &str, header: &str, value: &dyn Param) {
        let Some(text) = comma_separated(value) else { return };
        if HeaderValue::from_str(&text).is_err() {
            let problem =
                Violation::form(in_body(name), "headers that a part can carry", "another character");
            return self.problems.push(problem);
        }
        for part in self.parts.iter_mut().filter(|part| part.name == name) {
            part.head = format!("{}\r\n{header}: {text}", part.head);
        }
    }

    /// Reports a part that a form with other parts needs and does not have.
    pub(crate) fn require(&mut self, name: &str) {
        if !self.parts.is_empty() && self.parts.iter().all(|part| part.name != name) {
            self.problems.push(Violation::form(in_body(name), "a value, as other parts have", "none"));
        }
    }

    fn tree(&mut self, name: &str, tree: &Tree) {
        let head = if tree.is_object() { "\r\nContent-Type: application/json" } else { "" };
        if let Some(text) = tree.text() {
            self.push(name, head, text.into_owned());
        }
    }
}

impl Request<'_> {
    /// Sets a body of parts, which may be left out: without a part, there is no body.
    pub(crate) fn optional_multipart(&mut self, media_type: &str, form: Form) {
        if !form.parts.is_empty() {
            self.multipart_as(media_type, form);
        }
    }

    /// Sets a body of parts of another media type than `multipart/form-data`.
    pub(crate) fn multipart_as(&mut self, media_type: &str, form: Form) {
        let (payload, with_boundary, problems) = form.finish();
        self.violations(problems);
        self.set_payload(payload, &with_boundary.replacen(FORM_DATA, media_type, 1));
    }

    /// Sets a body of undeclared parts.
    pub(crate) fn form_data(&mut self, media_type: &str, form: FormData) {
        self.multipart_as(media_type, form.0);
    }
}
