//! Responses.

use heck::ToUpperCamelCase;
use openapiv3::{ParameterSchemaOrContent, Response as Description};

use super::Lowering;
use super::schema::Name;
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Docs, Header, Response, StatusPattern};
use crate::load::Shape;
use crate::select::Candidate;

impl Lowering<'_> {
    pub(super) fn responses(&mut self, at: &Location, operation: &Candidate) -> Vec<Response> {
        let mut responses = Vec::new();
        for key in self.keys(at).into_iter().filter(|key| !key.starts_with("x-")) {
            let at = at.child(&key);
            match pattern(&key) {
                // One that cannot be read is reported; that it is there is no less true.
                Some(status) => responses
                    .push(self.response(status, &at, operation).unwrap_or_else(|| unknown(status, &at))),
                None => {
                    let message =
                        format!("expected a status such as `404`, `4XX` or `default`, found `{key}`");
                    self.diagnostics.push(Diagnostic::error(&at, message).at_key());
                }
            }
        }
        responses
    }

    fn response(&mut self, status: StatusPattern, at: &Location, operation: &Candidate) -> Option<Response> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::RESPONSE)?;
        let status_name = match status {
            _ if status.is_success() => String::new(),
            StatusPattern::Code(code) => code.to_string(),
            StatusPattern::Range(class) => format!("{class}xx"),
            StatusPattern::Default => "Default".to_owned(),
        };
        let name = Name::given(format!("{}{status_name}Response", operation.id.to_upper_camel_case()));
        // A response to HEAD has no content (RFC 9110, section 9.3.2).
        let contents = match operation.method {
            "head" => Vec::new(),
            _ => self.contents(&description.content, &source.child("content"), &name),
        };
        Some(Response {
            status,
            docs: Docs {
                description: self.fields(at).text("description").or(Some(description.description)),
                ..Docs::default()
            },
            headers: self.headers(&source.child("headers")),
            contents,
            links: description.links.into_keys().collect(),
            source,
        })
    }

    pub(super) fn headers(&mut self, at: &Location) -> Vec<Header> {
        let names = self.keys(at).into_iter();
        names.filter_map(|name| self.header(&name, &at.child(&name))).collect()
    }

    fn header(&mut self, name: &str, at: &Location) -> Option<Header> {
        let source = self.follow(at)?;
        let description: openapiv3::Header = self.read(&source, &Shape::HEADER)?;
        let schema = match &description.format {
            ParameterSchemaOrContent::Schema(schema) => {
                self.schema(&source.child("schema"), schema, &Name::given(name))
            }
            ParameterSchemaOrContent::Content(_) => None,
        };
        Some(Header {
            name: name.to_owned(),
            required: description.required,
            docs: Docs { description: description.description, ..Docs::default() },
            schema,
            source,
        })
    }
}

/// Returns a response without a known body.
fn unknown(status: StatusPattern, at: &Location) -> Response {
    Response {
        status,
        docs: Docs::default(),
        headers: Vec::new(),
        contents: Vec::new(),
        links: Vec::new(),
        source: at.clone(),
    }
}

/// Returns the statuses of a key of `responses`.
fn pattern(key: &str) -> Option<StatusPattern> {
    match key.as_bytes() {
        b"default" => Some(StatusPattern::Default),
        [class @ b'1'..=b'5', b'X', b'X'] => Some(StatusPattern::Range(class - b'0')),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(StatusPattern::Code),
        _ => None,
    }
}
