//! Request bodies, and bodies in general: media types with what is sent as them.

use heck::ToUpperCamelCase;
use openapiv3::{MediaType, RequestBody as Description};

use super::Lowering;
use super::parameter::query_style;
use super::schema::{Name, anything, json};
use crate::diagnostic::Location;
use crate::ir::{Content, Docs, Encoding, Example, RequestBody, essence};
use crate::load::Shape;

impl Lowering<'_> {
    pub(super) fn request_body(&mut self, at: &Location, operation: &str) -> Option<RequestBody> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::REQUEST_BODY)?;
        let contents = source.child("content");
        let has_one = description.content.len() == 1;
        let content = description.content.iter().map(|(media_type, body)| {
            let kind = if has_one { "" } else { kind(media_type) };
            let name = Name::given(format!("{}{kind}Request", operation.to_upper_camel_case()));
            self.content(media_type, body, &contents.child(media_type), &name)
        });
        let contents = content.collect();
        Some(RequestBody {
            required: description.required,
            docs: Docs {
                description: self.fields(at).text("description").or(description.description),
                ..Docs::default()
            },
            contents,
            source,
        })
    }

    /// Returns the media types of a request or response; a type without a name gets `name`.
    pub(super) fn contents(
        &mut self,
        content: &openapiv3::Content,
        at: &Location,
        name: &Name,
    ) -> Vec<Content> {
        content
            .iter()
            .map(|(media_type, body)| self.content(media_type, body, &at.child(media_type), name))
            .collect()
    }

    fn content(&mut self, media_type: &str, body: &MediaType, at: &Location, name: &Name) -> Content {
        let schema = body.schema.as_ref().map(|schema| {
            let at = at.child("schema");
            // One that cannot be lowered is reported; that it is there is no less true.
            self.schema(&at, schema, name).unwrap_or_else(|| anything(&at))
        });
        let encodings = body.encoding.iter().map(|(property, encoding)| {
            let at = at.child("encoding").child(property);
            self.encoding(property, encoding, at)
        });
        let encodings = encodings.collect();
        Content {
            media_type: media_type.to_owned(),
            schema,
            encodings,
            examples: self.examples(at),
            terminator: self.terminator(at),
            source: at.clone(),
        }
    }

    /// Reads `x-stream-terminator`: the data of the item after the last one.
    fn terminator(&mut self, at: &Location) -> Option<String> {
        let stated = self.fields(at).get("x-stream-terminator")?;
        let terminator = stated.as_str().filter(|text| !text.trim().is_empty());
        if terminator.is_none() {
            let message = "expected the text that ends the stream, found another value";
            self.error(&at.child("x-stream-terminator"), message);
        }
        terminator.map(|text| text.trim().to_owned())
    }

    fn encoding(&mut self, property: &str, encoding: &openapiv3::Encoding, source: Location) -> Encoding {
        let fields = self.fields(&source);
        Encoding {
            property: property.to_owned(),
            media_type: encoding.content_type.clone(),
            style: encoding.style.as_ref().map(query_style),
            explode: fields.flag("explode"),
            allow_reserved: fields.flag("allowReserved"),
            headers: self.headers(&source.child("headers")),
            source,
        }
    }

    /// Lists the examples of a media type whose values are in the description.
    fn examples(&self, at: &Location) -> Vec<Example> {
        let list = at.child("examples");
        let several = self.keys(&list).into_iter().filter_map(|name| {
            // Nothing else depends on a reference to an example.
            let example = self.sources.follow(&list.child(name)).ok()?;
            Some(example.child("value"))
        });
        let places = [at.child("example")].into_iter().chain(several);
        places
            .filter_map(|source| Some(Example { value: json(self.sources.find(&source)?)?, source }))
            .collect()
    }
}

/// Returns a word for a media type in the names of types, of an operation with several: nothing for JSON.
fn kind(media_type: &str) -> &'static str {
    match essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => "Form",
        essence if essence.starts_with("multipart/") => "Multipart",
        _ => "",
    }
}
