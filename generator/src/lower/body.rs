//! Request bodies, and bodies in general: media types with what is sent as them.

use heck::ToUpperCamelCase;
use openapiv3::{MediaType, RequestBody as Description};

use super::Lowering;
use crate::diagnostic::Location;
use crate::ir::{Content, Docs, Encoding, RequestBody};
use crate::load::Shape;

impl Lowering<'_> {
    pub(super) fn request_body(&mut self, at: &Location, operation: &str) -> Option<RequestBody> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::REQUEST_BODY)?;
        let name = format!("{}Request", operation.to_upper_camel_case());
        Some(RequestBody {
            required: description.required,
            docs: Docs {
                description: self.text_beside(at, "description").or(description.description),
                ..Docs::default()
            },
            contents: self.contents(&description.content, &source.child("content"), &name),
            source,
        })
    }

    /// The media types of a request or response; a type without a name is called `name`.
    pub(super) fn contents(
        &mut self,
        content: &openapiv3::Content,
        at: &Location,
        name: &str,
    ) -> Vec<Content> {
        content
            .iter()
            .filter_map(|(media_type, body)| self.content(media_type, body, &at.child(media_type), name))
            .collect()
    }

    fn content(&mut self, media_type: &str, body: &MediaType, at: &Location, name: &str) -> Option<Content> {
        let schema = match &body.schema {
            Some(schema) => Some(self.schema(&at.child("schema"), schema, name)?),
            None => None,
        };
        let encodings = body.encoding.iter().map(|(property, encoding)| Encoding {
            property: property.clone(),
            media_type: encoding.content_type.clone(),
            source: at.child("encoding").child(property),
        });
        Some(Content {
            media_type: media_type.to_owned(),
            schema,
            encodings: encodings.collect(),
            source: at.clone(),
        })
    }
}
