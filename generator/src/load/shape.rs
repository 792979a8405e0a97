//! Shapes of the objects of OpenAPI 3.0.3: their fields, and the kinds of these.
//!
//! `serde` would find the same mistakes, but could not say where. Checking the tree first gives each one its
//! place, finds all of them, and sees the misspelt fields that a typed reader skips.

use serde_yaml::{Mapping, Value};

use super::number::{count, number};
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// The expected shape of a node.
pub enum Shape {
    /// Anything.
    Any,
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// An integer that is not negative.
    Count,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A mapping with keys of the author's choice.
    Map(&'static Shape),
    /// A mapping with keys of the author's choice, among which those with `x-` are extensions.
    Patterned(&'static Shape),
    /// A mapping with fields that the specification names.
    Object(&'static Object),
    /// The same, or a `$ref` to one.
    Reference(&'static Object),
    /// `additionalProperties`: a boolean or a schema.
    BoolOrSchema,
}

/// An object of the specification: its fields.
pub struct Object {
    name: &'static str,
    pub(super) kind: Kind,
    required: &'static [&'static str],
    /// Fields of which one has to be there; empty for no such rule.
    either: &'static [&'static str],
    pub(super) fields: &'static [(&'static str, Shape)],
}

/// The kind of an object, for what is done to objects of this kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Info,
    ServerVariable,
    SecurityScheme,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    ExternalDocs,
    Schema,
    Discriminator,
    /// An object without anything special.
    Other,
}

impl Object {
    pub(super) fn is_schema(&self) -> bool {
        self.kind == Kind::Schema
    }

    /// Returns the shape of a field, if the specification has the field.
    pub(super) fn field(&self, name: &str) -> Option<&'static Shape> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, shape)| shape)
    }
}

/// Checks a node and all below it. Returns `true` if the node can be read; an unknown field is a warning.
pub(super) fn check(node: &Value, shape: &Shape, at: &Location, diagnostics: &mut Diagnostics) -> bool {
    match (shape, node) {
        (Shape::Any, _)
        | (Shape::Text, Value::String(_))
        | (Shape::Bool | Shape::BoolOrSchema, Value::Bool(_)) => true,
        (Shape::Number, node) if number(node).is_some() => true,
        (Shape::Count, node) if count(node).is_some() => true,
        (Shape::Word(words), Value::String(text)) => check_word(text, words, at, diagnostics),
        (Shape::List(element), Value::Sequence(elements)) => all(
            elements.iter().enumerate().map(|(index, node)| (node, at.child(index))),
            element,
            diagnostics,
        ),
        (Shape::Map(member), Value::Mapping(members)) => {
            all(members.iter().map(|(key, node)| (node, at.child(text(key)))), member, diagnostics)
        }
        (Shape::Patterned(member), Value::Mapping(members)) => {
            let named = members.iter().filter(|(key, _)| !text(key).starts_with("x-"));
            all(named.map(|(key, node)| (node, at.child(text(key)))), member, diagnostics)
        }
        (Shape::Object(object), Value::Mapping(members)) => check_object(members, object, at, diagnostics),
        (Shape::Reference(object), Value::Mapping(members)) => match members.get("$ref") {
            Some(reference) => check(reference, &Shape::Text, &at.child("$ref"), diagnostics),
            None => check_object(members, object, at, diagnostics),
        },
        (Shape::BoolOrSchema, node) => check(node, &SCHEMA, at, diagnostics),
        (expected, found) => {
            let message = format!("expected {}, found {}", expected.article(), article(found));
            diagnostics.push(Diagnostic::error(at, message));
            false
        }
    }
}

fn all<'a>(
    nodes: impl Iterator<Item = (&'a Value, Location)>,
    shape: &Shape,
    diagnostics: &mut Diagnostics,
) -> bool {
    nodes.fold(true, |fine, (node, at)| check(node, shape, &at, diagnostics) && fine)
}

fn check_word(word: &str, words: &[&str], at: &Location, diagnostics: &mut Diagnostics) -> bool {
    let known = words.contains(&word);
    if !known {
        let message = format!("expected one of `{}`, found `{word}`", words.join("`, `"));
        diagnostics.push(Diagnostic::error(at, message));
    }
    known
}

fn check_object(members: &Mapping, object: &Object, at: &Location, diagnostics: &mut Diagnostics) -> bool {
    let mut fine = true;
    for (key, node) in members {
        let key = text(key);
        let field = object.fields.iter().find(|(name, _)| *name == key);
        if let Some((_, shape)) = field {
            fine &= check(node, shape, &at.child(key), diagnostics);
        } else if !key.starts_with("x-") {
            let message = format!("{} has no field `{key}`, so it is not read", object.name);
            diagnostics.push(Diagnostic::warning(&at.child(key), message).at_key());
        }
    }
    for name in object.required {
        if !members.contains_key(*name) {
            let message = format!("expected the field `{name}` in {}, found none", object.name);
            diagnostics.push(Diagnostic::error(at, message).at_key());
            fine = false;
        }
    }
    if !object.either.is_empty() && !object.either.iter().any(|name| members.contains_key(*name)) {
        let message = format!(
            "expected one of the fields `{}` in {}, found none",
            object.either.join("`, `"),
            object.name
        );
        diagnostics.push(Diagnostic::error(at, message).at_key());
        fine = false;
    }
    fine
}

fn text(key: &Value) -> &str {
    key.as_str().unwrap_or_default()
}

impl Shape {
    /// Returns `true` if a pointer below a node of this shape leads to a node with a shape.
    pub(super) fn reaches(&self, pointer: &str) -> bool {
        let below = Location { file: "".into(), pointer: pointer.to_owned() };
        let mut shape = self;
        for token in below.tokens() {
            shape = match shape {
                Self::List(element) => element,
                Self::Map(member) | Self::Patterned(member) => member,
                Self::Object(object) | Self::Reference(object) => match object.field(&token) {
                    Some(field) => field,
                    None => return false,
                },
                Self::BoolOrSchema => match SCHEMA_OBJECT.field(&token) {
                    Some(field) => field,
                    None => return false,
                },
                _ => return false,
            };
        }
        true
    }

    pub(super) fn article(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text | Self::Word(_) => "a string",
            Self::Bool => "`true` or `false`",
            Self::Number => "a finite number",
            Self::Count => "an integer that is not negative",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Patterned(_) => "a mapping",
            Self::Object(object) | Self::Reference(object) => object.name,
            Self::BoolOrSchema => "a boolean or a schema",
        }
    }
}

pub(super) fn article(node: &Value) -> &'static str {
    match node {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) | Value::Tagged(_) => "a mapping",
    }
}

impl Shape {
    /// The root of a description.
    pub const ROOT: Self = Self::Object(&Object {
        name: "an OpenAPI description",
        kind: Kind::Other,
        required: &["openapi", "info", "paths"],
        either: &[],
        fields: &[
            ("openapi", Self::Text),
            ("info", Self::INFO),
            ("servers", Self::Any),
            ("paths", Self::Any),
            ("components", Self::Any),
            ("security", Self::Any),
            ("tags", Self::Any),
            ("externalDocs", Self::EXTERNAL_DOCS),
            ("webhooks", Self::Any),
        ],
    });
    /// The `info` of a description.
    pub const INFO: Self = Self::Object(&Object {
        name: "an info object",
        kind: Kind::Info,
        required: &["title", "version"],
        either: &[],
        fields: &[
            ("title", Self::Text),
            ("description", Self::Text),
            ("termsOfService", Self::Text),
            ("contact", Self::Any),
            ("license", Self::Any),
            ("version", Self::Text),
        ],
    });
    /// An overlay of a description.
    pub(super) const OVERLAY: Self = Self::Object(&Object {
        name: "an overlay",
        kind: Kind::Other,
        required: &["overlay", "info", "actions"],
        either: &[],
        fields: &[
            ("overlay", Self::Text),
            ("info", Self::INFO),
            ("extends", Self::Text),
            (
                "actions",
                Self::List(&Self::Object(&Object {
                    name: "an action",
                    kind: Kind::Other,
                    required: &["target"],
                    either: &["update", "remove"],
                    fields: &[
                        ("target", Self::Text),
                        ("description", Self::Text),
                        ("update", Self::Any),
                        ("remove", Self::Bool),
                    ],
                })),
            ),
        ],
    });
    /// The `paths` of a description.
    pub const PATHS: Self = Self::Patterned(&Self::Any);
    /// A list of servers.
    pub const SERVERS: Self = Self::List(&Self::Object(&Object {
        name: "a server",
        kind: Kind::Other,
        required: &["url"],
        either: &[],
        fields: &[
            ("url", Self::Text),
            ("name", Self::Text),
            ("description", Self::Text),
            ("variables", Self::Map(&SERVER_VARIABLE)),
        ],
    }));
    /// Alternatives of security schemes.
    pub const SECURITY: Self = Self::List(&Self::Map(&Self::List(&Self::Text)));
    /// A security scheme.
    pub const SECURITY_SCHEME: Self = Self::Reference(&Object {
        name: "a security scheme",
        kind: Kind::SecurityScheme,
        required: &["type"],
        either: &[],
        fields: &[
            ("type", Self::Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])),
            ("description", Self::Text),
            ("name", Self::Text),
            ("in", Self::Word(&["query", "header", "cookie"])),
            ("scheme", Self::Text),
            ("bearerFormat", Self::Text),
            ("flows", Self::Any),
            ("openIdConnectUrl", Self::Text),
            ("oauth2MetadataUrl", Self::Text),
            ("deprecated", Self::Bool),
        ],
    });
    /// The operations of a path: only what stands beside them is checked.
    pub const PATH_ITEM: Self = Self::Object(&Object {
        name: "a path item",
        kind: Kind::PathItem,
        required: &[],
        either: &[],
        fields: &[
            // A `$ref` may have other fields beside it.
            ("$ref", Self::Text),
            ("summary", Self::Text),
            ("description", Self::Text),
            ("get", Self::Any),
            ("put", Self::Any),
            ("post", Self::Any),
            ("delete", Self::Any),
            ("options", Self::Any),
            ("head", Self::Any),
            ("patch", Self::Any),
            ("trace", Self::Any),
            ("servers", Self::SERVERS),
            ("parameters", Self::PARAMETERS),
        ],
    });
    /// An operation.
    pub const OPERATION: Self = Self::Object(&Object {
        name: "an operation",
        kind: Kind::Operation,
        required: &["responses"],
        either: &[],
        fields: &[
            ("tags", Self::List(&Self::Text)),
            ("summary", Self::Text),
            ("description", Self::Text),
            ("externalDocs", Self::EXTERNAL_DOCS),
            ("operationId", Self::Text),
            ("parameters", Self::PARAMETERS),
            ("requestBody", Self::REQUEST_BODY),
            ("responses", Self::Patterned(&Self::RESPONSE)),
            ("callbacks", Self::Any),
            ("deprecated", Self::Bool),
            ("security", Self::SECURITY),
            ("servers", Self::SERVERS),
        ],
    });
    /// The parameters of an operation or a path.
    pub const PARAMETERS: Self = Self::List(&Self::PARAMETER);
    /// A parameter.
    pub const PARAMETER: Self = Self::Reference(&Object {
        name: "a parameter",
        kind: Kind::Parameter,
        required: &["name", "in"],
        either: &["schema", "content"],
        fields: &[
            ("name", Self::Text),
            ("in", Self::Word(&["query", "header", "path", "cookie"])),
            ("description", Self::Text),
            ("required", Self::Bool),
            ("deprecated", Self::Bool),
            ("allowEmptyValue", Self::Bool),
            ("style", STYLE),
            ("explode", Self::Bool),
            ("allowReserved", Self::Bool),
            ("schema", SCHEMA),
            ("example", Self::Any),
            ("examples", Self::Any),
            ("content", Self::CONTENT),
            ("x-replacement", Self::Text),
        ],
    });
    /// A request body.
    pub const REQUEST_BODY: Self = Self::Reference(&Object {
        name: "a request body",
        kind: Kind::RequestBody,
        required: &["content"],
        either: &[],
        fields: &[("description", Self::Text), ("content", Self::CONTENT), ("required", Self::Bool)],
    });
    /// A response.
    pub const RESPONSE: Self = Self::Reference(&Object {
        name: "a response",
        kind: Kind::Response,
        required: &["description"],
        either: &[],
        fields: &[
            ("description", Self::Text),
            ("headers", Self::Map(&HEADER)),
            ("content", Self::CONTENT),
            ("links", Self::Any),
        ],
    });
    /// A media type.
    pub(super) const MEDIA_TYPE: Self = Self::Object(&MEDIA_TYPE_OBJECT);
    /// Media types, each with what is sent as it.
    pub const CONTENT: Self = Self::Map(&MEDIA_TYPE);
    /// A schema.
    pub const SCHEMA: Self = SCHEMA;
    /// A header of a response.
    pub const HEADER: Self = HEADER;

    /// A link to documentation.
    pub(super) const EXTERNAL_DOCS: Self = Self::Object(&Object {
        name: "external documentation",
        kind: Kind::ExternalDocs,
        required: &["url"],
        either: &[],
        fields: &[("description", Self::Text), ("url", Self::Text)],
    });
}

const STYLE: Shape =
    Shape::Word(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]);

const HEADER: Shape = Shape::Reference(&HEADER_OBJECT);

// Statics, for these objects contain themselves.
static HEADER_OBJECT: Object = Object {
    name: "a header",
    kind: Kind::Header,
    required: &[],
    either: &["schema", "content"],
    fields: &[
        ("description", Shape::Text),
        ("required", Shape::Bool),
        ("deprecated", Shape::Bool),
        ("allowEmptyValue", Shape::Bool),
        ("style", STYLE),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
        ("schema", SCHEMA),
        ("example", Shape::Any),
        ("examples", Shape::Any),
        ("content", Shape::Map(&MEDIA_TYPE)),
    ],
};

static MEDIA_TYPE: Shape = Shape::Object(&MEDIA_TYPE_OBJECT);

static MEDIA_TYPE_OBJECT: Object = Object {
    name: "a media type",
    kind: Kind::MediaType,
    required: &[],
    either: &[],
    fields: &[
        ("schema", SCHEMA),
        ("example", Shape::Any),
        ("examples", Shape::Any),
        ("encoding", Shape::Map(&ENCODING)),
    ],
};

static ENCODING: Shape = Shape::Object(&Object {
    name: "an encoding",
    kind: Kind::Other,
    required: &[],
    either: &[],
    fields: &[
        ("contentType", Shape::Text),
        ("headers", Shape::Map(&HEADER_SHAPE)),
        ("style", STYLE),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
    ],
});

static HEADER_SHAPE: Shape = Shape::Reference(&HEADER_OBJECT);

const SERVER_VARIABLE: Shape = Shape::Object(&Object {
    name: "a server variable",
    kind: Kind::ServerVariable,
    required: &["default"],
    either: &[],
    fields: &[("enum", Shape::List(&Shape::Text)), ("default", Shape::Text), ("description", Shape::Text)],
});

const SCHEMA: Shape = Shape::Reference(&SCHEMA_OBJECT);

static SCHEMA_OBJECT: Object = Object {
    name: "a schema",
    kind: Kind::Schema,
    required: &[],
    either: &[],
    fields: &[
        ("title", Shape::Text),
        ("multipleOf", Shape::Number),
        ("maximum", Shape::Number),
        ("exclusiveMaximum", Shape::Bool),
        ("minimum", Shape::Number),
        ("exclusiveMinimum", Shape::Bool),
        ("maxLength", Shape::Count),
        ("minLength", Shape::Count),
        ("pattern", Shape::Text),
        ("maxItems", Shape::Count),
        ("minItems", Shape::Count),
        ("uniqueItems", Shape::Bool),
        ("maxProperties", Shape::Count),
        ("minProperties", Shape::Count),
        ("required", Shape::List(&Shape::Text)),
        ("enum", Shape::List(&Shape::Any)),
        ("type", Shape::Word(&["string", "number", "integer", "boolean", "array", "object"])),
        ("allOf", Shape::List(&Shape::Reference(&SCHEMA_OBJECT))),
        ("oneOf", Shape::List(&Shape::Reference(&SCHEMA_OBJECT))),
        ("anyOf", Shape::List(&Shape::Reference(&SCHEMA_OBJECT))),
        ("not", Shape::Reference(&SCHEMA_OBJECT)),
        ("items", Shape::Reference(&SCHEMA_OBJECT)),
        ("properties", Shape::Map(&Shape::Reference(&SCHEMA_OBJECT))),
        ("additionalProperties", Shape::BoolOrSchema),
        ("description", Shape::Text),
        ("format", Shape::Text),
        ("default", Shape::Any),
        ("nullable", Shape::Bool),
        ("discriminator", Shape::Object(&DISCRIMINATOR)),
        ("readOnly", Shape::Bool),
        ("writeOnly", Shape::Bool),
        ("xml", Shape::Any),
        ("externalDocs", Shape::EXTERNAL_DOCS),
        ("example", Shape::Any),
        ("deprecated", Shape::Bool),
        ("$defs", Shape::Map(&Shape::Reference(&SCHEMA_OBJECT))),
        ("definitions", Shape::Map(&Shape::Reference(&SCHEMA_OBJECT))),
        ("x-max-bytes", Shape::Count),
        ("x-replacement", Shape::Text),
    ],
};

static DISCRIMINATOR: Object = Object {
    name: "a discriminator",
    kind: Kind::Discriminator,
    required: &["propertyName"],
    either: &[],
    fields: &[("propertyName", Shape::Text), ("mapping", Shape::Map(&Shape::Text))],
};
