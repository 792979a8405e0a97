//! Responses.

use heck::ToUpperCamelCase;
use openapiv3::{ParameterSchemaOrContent, Response as Description, Responses, StatusCode};
use serde_yaml::Value;

use super::Lowering;
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Docs, Header, Response, StatusPattern};
use crate::load::Shape;

impl Lowering<'_> {
    pub(super) fn responses(
        &mut self,
        responses: &Responses,
        at: &Location,
        operation: &str,
    ) -> Vec<Response> {
        self.check_statuses(at);
        let mut lowered = Vec::new();
        for status in responses.responses.keys() {
            let Some(pattern) = pattern(status) else { continue };
            lowered.extend(self.response(pattern, &at.child(status), operation));
        }
        if responses.default.is_some() {
            lowered.extend(self.response(StatusPattern::Default, &at.child("default"), operation));
        }
        lowered
    }

    /// The typed view leaves out what is no status.
    fn check_statuses(&mut self, at: &Location) {
        let keys =
            self.sources.find(at).and_then(Value::as_mapping).into_iter().flat_map(serde_yaml::Mapping::keys);
        for key in keys.filter_map(Value::as_str) {
            if !(is_status(key) || key == "default" || key.starts_with("x-")) {
                let message = format!("`{key}` is neither a status such as `404` or `4XX` nor `default`");
                self.diagnostics.push(Diagnostic::error(&at.child(key), message).at_key());
            }
        }
    }

    fn response(&mut self, status: StatusPattern, at: &Location, operation: &str) -> Option<Response> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::RESPONSE)?;
        let name = match status {
            StatusPattern::Code(code) if !status.is_success() => {
                format!("{}{code}Response", operation.to_upper_camel_case())
            }
            StatusPattern::Range(class) if !status.is_success() => {
                format!("{}{class}xxResponse", operation.to_upper_camel_case())
            }
            StatusPattern::Default => format!("{}DefaultResponse", operation.to_upper_camel_case()),
            _ => format!("{}Response", operation.to_upper_camel_case()),
        };
        Some(Response {
            status,
            docs: Docs {
                description: self.text_beside(at, "description").or(Some(description.description)),
                ..Docs::default()
            },
            headers: self.headers(&source.child("headers")),
            contents: self.contents(&description.content, &source.child("content"), &name),
            links: description.links.into_keys().collect(),
            source,
        })
    }

    fn headers(&mut self, at: &Location) -> Vec<Header> {
        let names =
            self.sources.find(at).and_then(Value::as_mapping).into_iter().flat_map(serde_yaml::Mapping::keys);
        names.filter_map(Value::as_str).filter_map(|name| self.header(name, &at.child(name))).collect()
    }

    fn header(&mut self, name: &str, at: &Location) -> Option<Header> {
        let source = self.follow(at)?;
        let description: openapiv3::Header = self.read(&source, &Shape::HEADER)?;
        let schema = match &description.format {
            ParameterSchemaOrContent::Schema(schema) => self.schema(&source.child("schema"), schema, name),
            ParameterSchemaOrContent::Content(_) => None,
        };
        Some(Header {
            name: name.to_owned(),
            required: description.required,
            docs: Docs { description: description.description, ..Docs::default() },
            schema,
        })
    }
}

fn is_status(key: &str) -> bool {
    let bytes = key.as_bytes();
    bytes.len() == 3
        && matches!(bytes[0], b'1'..=b'5')
        && (bytes[1..].iter().all(u8::is_ascii_digit) || &bytes[1..] == b"XX")
}

fn pattern(status: &StatusCode) -> Option<StatusPattern> {
    match status {
        StatusCode::Code(code) => Some(StatusPattern::Code(*code)),
        StatusCode::Range(class) => u8::try_from(*class).ok().map(StatusPattern::Range),
    }
}
