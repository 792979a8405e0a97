//! The walk over a document, which knows what each part of it is: examples, extensions and other data stay as they
//! are.

use serde_yaml::{Mapping, Value};

use super::version::TARGET;
use super::{Kind, Shape, Walk, single, text};
use crate::diagnostic::Diagnostic;
use crate::select::METHODS;

/// The maximum depth of the folders of parts in a file that is not a whole description.
pub(super) const PARTS_DEPTH: usize = 4;
/// The sections of components, with the shapes of their members.
const SECTIONS: [(&str, Shape); 7] = [
    ("schemas", Shape::SCHEMA),
    ("responses", Shape::RESPONSE),
    ("parameters", Shape::PARAMETER),
    ("requestBodies", Shape::REQUEST_BODY),
    ("headers", Shape::HEADER),
    ("securitySchemes", Shape::SECURITY_SCHEME),
    ("mediaTypes", Shape::MEDIA_TYPE),
];

impl Walk<'_> {
    /// Normalises the root of a description.
    pub(super) fn root(&mut self, tree: &mut Value) {
        let Some(members) = tree.as_mapping_mut() else { return };
        if !members.contains_key("swagger") {
            self.root_fields(members);
        }
        self.document(members);
    }

    /// Adds the fields that later versions, or slips, leave out.
    fn root_fields(&mut self, members: &mut Mapping) {
        if self.facts.is_newer() {
            members.insert("openapi".into(), TARGET.into());
        } else if let Some(openapi) = members.get_mut("openapi") {
            self.below("openapi", |walk| walk.coerce(openapi, &Shape::Text));
        }
        members.shift_remove("$self");
        members.shift_remove("$schema");
        self.check_dialect(members);
        if !members.contains_key("info") && members.contains_key("openapi") {
            let has_parts =
                ["paths", "components", "webhooks"].iter().any(|part| members.contains_key(*part));
            if has_parts {
                members.insert("info".into(), Value::Mapping(Mapping::new()));
                self.note("expected `info` with the title and the version of the API, found none");
            }
        }
        let is_partial = members.contains_key("components") || members.contains_key("webhooks");
        if is_partial && !members.contains_key("paths") {
            members.insert("paths".into(), Value::Mapping(Mapping::new()));
            if !self.facts.is_newer() {
                self.note("expected `paths`, found none; the description has no operations");
            }
        }
    }

    /// Notes a dialect of JSON Schema that the generator does not know.
    fn check_dialect(&mut self, members: &mut Mapping) {
        const KNOWN: [&str; 2] = ["spec.openapis.org/oas/", "json-schema.org/draft/"];
        let Some(dialect) = members.shift_remove("jsonSchemaDialect") else { return };
        let is_known = dialect.as_str().is_some_and(|url| KNOWN.iter().any(|known| url.contains(known)));
        if !is_known {
            self.note_at(
                "jsonSchemaDialect",
                "schemas are read as in the dialect of OpenAPI 3.1, not in this one",
            );
        }
    }

    /// Normalises the parts of a description.
    fn document(&mut self, members: &mut Mapping) {
        for (key, node) in members {
            let key = key.as_str().unwrap_or_default();
            self.below(key, |walk| match key {
                "info" => walk.node(node, &Shape::INFO),
                "externalDocs" => walk.node(node, &Shape::EXTERNAL_DOCS),
                "servers" => walk.node(node, &Shape::SERVERS),
                "security" => walk.coerce(node, &Shape::SECURITY),
                "paths" | "webhooks" => walk.path_items(node),
                "components" => walk.components(node),
                "$defs" | "definitions" => walk.node(node, &Shape::Map(&Shape::SCHEMA)),
                _ => {}
            });
        }
    }

    fn path_items(&mut self, node: &mut Value) {
        self.coerce(node, &Shape::PATHS);
        for (key, node) in node.as_mapping_mut().into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            if !key.starts_with("x-") {
                self.below(key, |walk| walk.path_item(node));
            }
        }
    }

    fn path_item(&mut self, node: &mut Value) {
        let Some(members) = node.as_mapping_mut() else { return };
        self.additional_operations(members);
        self.node(node, &Shape::PATH_ITEM);
        for (key, node) in node.as_mapping_mut().into_iter().flatten() {
            let Some(method) = key.as_str().filter(|key| METHODS.contains(key)) else { continue };
            self.below(method, |walk| walk.operation(node));
        }
    }

    /// Moves operations of standard methods out of `additionalOperations`, and notes the others.
    fn additional_operations(&mut self, members: &mut Mapping) {
        let Some(Value::Mapping(additional)) = members.shift_remove("additionalOperations") else { return };
        for (method, operation) in additional {
            let name = method.as_str().unwrap_or_default().to_owned();
            let field = name.to_ascii_lowercase();
            let from = format!("additionalOperations/{}", super::escaped(&name));
            if METHODS.contains(&field.as_str()) && !members.contains_key(field.as_str()) {
                self.moved(&from, &field);
                members.insert(field.into(), operation);
            } else {
                let at = self.at(format!("{}/{from}", self.pointer));
                let message = format!("the method `{name}` is not generated");
                self.add(Diagnostic::warning(&at, message).at_key());
            }
        }
    }

    fn operation(&mut self, node: &mut Value) {
        self.node(node, &Shape::OPERATION);
        let Some(members) = node.as_mapping_mut() else { return };
        if let Some(security) = members.get_mut("security") {
            self.below("security", |walk| walk.coerce(security, &Shape::SECURITY));
        }
        if let Some(callbacks) = members.get_mut("callbacks") {
            self.below("callbacks", |walk| walk.callbacks(callbacks));
        }
    }

    fn callbacks(&mut self, node: &mut Value) {
        for (key, node) in node.as_mapping_mut().into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            if node.get("$ref").is_none() {
                self.below(key, |walk| walk.path_items(node));
            }
        }
    }

    fn components(&mut self, node: &mut Value) {
        for (key, node) in node.as_mapping_mut().into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            self.below(key, |walk| walk.section(key, node));
        }
    }

    fn section(&mut self, key: &str, node: &mut Value) {
        match key {
            "callbacks" => self.callbacks(node),
            "pathItems" | "x-path-items" => self.path_items(node),
            _ => {
                if let Some((_, shape)) = SECTIONS.iter().find(|(section, _)| *section == key) {
                    self.coerce(node, &Shape::PATHS);
                    self.members_of(node, shape);
                }
            }
        }
    }

    fn members_of(&mut self, node: &mut Value, shape: &Shape) {
        if let Value::Mapping(members) = node {
            self.members(members, shape, |_| true);
        }
    }

    /// Normalises a part of a description whose kind follows from its fields.
    pub(super) fn part(&mut self, node: &mut Value, depth: usize) {
        let Some(members) = node.as_mapping_mut() else { return };
        let is_document = ["openapi", "paths", "components"].iter().any(|field| members.contains_key(*field));
        if is_document {
            return self.document(members);
        }
        match kind_of(members) {
            Some(Kind::PathItem) => self.path_item(node),
            Some(Kind::Operation) => self.operation(node),
            Some(kind) => self.node(node, shape_of(kind)),
            None if depth > 0 => {
                for (key, node) in members {
                    let key = key.as_str().unwrap_or_default();
                    self.below(key, |walk| match SECTIONS.iter().find(|(section, _)| *section == key) {
                        Some(_) => walk.section(key, node),
                        None => walk.part(node, depth - 1),
                    });
                }
            }
            None => {}
        }
    }
}

/// Returns the kind of object that has these fields, if they tell it.
fn kind_of(members: &Mapping) -> Option<Kind> {
    let mapping = |field: &str| members.get(field).is_some_and(Value::is_mapping);
    let list = |field: &str| members.get(field).is_some_and(Value::is_sequence);
    let has_type = members.get("type").is_some_and(|ty| ty.is_string() || ty.is_sequence());
    let says_schema = has_type
        || members.contains_key("$schema")
        || ["properties", "items", "$defs"].into_iter().any(mapping)
        || ["allOf", "oneOf", "anyOf", "enum", "prefixItems"].into_iter().any(list);
    if METHODS.iter().any(|method| members.get(*method).is_some_and(is_operation)) {
        Some(Kind::PathItem)
    } else if text(members, "in").is_some() && text(members, "name").is_some() {
        Some(if has_type && !mapping("schema") && text(members, "type") == Some("apiKey") {
            Kind::SecurityScheme
        } else {
            Kind::Parameter
        })
    } else if mapping("responses") && !mapping("properties") {
        Some(Kind::Operation)
    } else if says_schema {
        Some(Kind::Schema)
    } else if mapping("content") {
        let is_response =
            ["description", "headers", "links"].iter().any(|field| members.contains_key(*field));
        let is_body = members.get("required").is_some_and(Value::is_bool) || !is_response;
        Some(if is_body { Kind::RequestBody } else { Kind::Response })
    } else if mapping("schema") {
        Some(Kind::Header)
    } else {
        None
    }
}

fn is_operation(node: &Value) -> bool {
    ["responses", "operationId", "requestBody", "parameters"].iter().any(|field| node.get(field).is_some())
}

fn shape_of(kind: Kind) -> &'static Shape {
    match kind {
        Kind::Parameter => &Shape::PARAMETER,
        Kind::RequestBody => &Shape::REQUEST_BODY,
        Kind::Response => &Shape::RESPONSE,
        Kind::Header => &Shape::HEADER,
        Kind::SecurityScheme => &Shape::SECURITY_SCHEME,
        _ => &Shape::SCHEMA,
    }
}

/// Returns a mapping of one media type to what is sent as it.
pub(super) fn content(media_type: &str, schema: Value) -> Value {
    single(media_type, single("schema", schema))
}
