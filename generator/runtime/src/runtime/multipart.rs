//! Bodies of type `multipart/form-data` (RFC 7578, and the WHATWG's rules for names).

use std::fmt::Write as _;

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;

use crate::runtime::check::Violation;
use crate::runtime::param::Param;
use crate::runtime::random::random;
use crate::runtime::source::{Observer, Payload, Source};
use crate::runtime::upload::Upload;

/// Form of texts and files.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) parts: Vec<Part>,
    pub(crate) problems: Vec<Violation>,
}

/// Part of a form.
pub(crate) struct Part {
    pub(crate) name: String,
    /// Its header lines, without the empty one that ends them.
    pub(crate) head: String,
    source: Source,
    observer: Option<Observer>,
}

impl Form {
    /// Creates a form without parts.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a part per text of the value.
    pub(crate) fn text(&mut self, name: &str, value: &dyn Param) {
        value.texts(&mut |text| self.push(name, "", text.to_owned()));
    }

    /// Adds a part with a value as JSON.
    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match serde_json::to_vec(value) {
            Ok(json) => self.push(name, "\r\nContent-Type: application/json", json),
            Err(error) => self.problems.push(Violation::unserializable(&in_body(name), &error)),
        }
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, upload: Upload) {
        let Upload { file_name, media_type, source, observer } = upload;
        let media_type = media_type.unwrap_or_else(|| guess(&file_name).to_owned());
        if media_type.is_empty() || HeaderValue::from_str(&media_type).is_err() {
            self.problems.push(Violation::form(
                in_body(name),
                "a media type that a header can carry",
                "another one",
            ));
        }
        let head = format!(
            "{}; filename=\"{}\"\r\nContent-Type: {media_type}",
            disposition(name),
            escape(&file_name)
        );
        self.parts.push(Part { name: name.to_owned(), head, source, observer });
    }

    /// Adds several files under one name, or none.
    pub(crate) fn files(&mut self, name: &str, uploads: impl IntoIterator<Item = Upload>) {
        for upload in uploads {
            self.file(name, upload);
        }
    }

    /// Adds a part, with more lines of its head.
    pub(crate) fn push(&mut self, name: &str, more: &str, content: impl Into<Bytes>) {
        let (head, source) = (disposition(name) + more, Source::Bytes(content.into()));
        self.parts.push(Part { name: name.to_owned(), head, source, observer: None });
    }

    /// Returns the body, its media type, and the problems of the parts.
    pub(crate) fn finish(self) -> (Payload, String, Vec<Violation>) {
        let boundary = boundary(&self.parts);
        let mut payload = Payload::default();
        let mut line_end = "";
        for Part { head, source, observer, .. } in self.parts {
            let head = format!("{line_end}--{boundary}\r\n{head}\r\n\r\n");
            payload.push(Source::Bytes(head.into()), None);
            payload.push(source, observer);
            line_end = "\r\n";
        }
        payload.push(Source::Bytes(format!("{line_end}--{boundary}--\r\n").into()), None);
        (payload, format!("multipart/form-data; boundary={boundary}"), self.problems)
    }
}

fn disposition(name: &str) -> String {
    format!("Content-Disposition: form-data; name=\"{}\"", escape(name))
}

/// Names go as UTF-8, as browsers send them; what would end the quoted string or the line is percent-escaped.
fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Returns the media type that the name of a file suggests.
pub(crate) fn guess(file_name: &str) -> &'static str {
    mime_guess::from_path(file_name).first_raw().unwrap_or("application/octet-stream")
}

/// Returns a boundary that no part in memory contains. A file or a stream cannot contain it except by chance: it has
/// 128 random bits.
fn boundary(parts: &[Part]) -> String {
    loop {
        let boundary = random_boundary();
        let taken = |part: &Part| matches!(&part.source, Source::Bytes(bytes) if contains(bytes, &boundary));
        if !parts.iter().any(taken) {
            return boundary;
        }
    }
}

fn random_boundary() -> String {
    let mut boundary = "form-".to_owned();
    for _ in 0..2 {
        // Writing to a string cannot fail.
        let _ = write!(boundary, "{:016x}", random());
    }
    boundary
}

fn contains(bytes: &[u8], boundary: &str) -> bool {
    let boundary = boundary.as_bytes();
    bytes.windows(boundary.len()).any(|window| window[0] == boundary[0] && window == boundary)
}

/// Returns the path of a field, in the form of checks of the body.
pub(crate) fn in_body(name: &str) -> String {
    format!("body.{name}")
}
