//! Schemas of OpenAPI as JSON Schema, for an independent validator.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use generator::diagnostic::Location;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::document::Documents;
use super::scalars::count;

/// Direction in which a value is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// In a request: without the properties that are `readOnly`.
    Request,
    /// In a response: without the properties that are `writeOnly`.
    Response,
}

impl Direction {
    /// Returns the keyword of properties that the other direction has.
    fn other(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}

impl Documents {
    /// Returns `true` if a property is absent in a direction.
    pub(crate) fn is_absent(&self, at: &Location, direction: Direction) -> bool {
        self.has_flag(at, direction.other(), 0)
    }

    /// Returns `true` if a schema, or what it refers to, has a flag.
    pub(crate) fn has_flag(&self, at: &Location, flag: &str, depth: usize) -> bool {
        const MOST: usize = 8;
        let Some(schema) = self.object(at).filter(|_| depth < MOST) else { return false };
        let is_set = schema.get(flag).and_then(Value::as_bool) == Some(true);
        let members = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let list = at.child("allOf");
        is_set
            || self.reference(at).is_some_and(|target| self.has_flag(&target, flag, depth + 1))
            || (0..members).any(|index| self.has_flag(&list.child(index), flag, depth + 1))
    }

    /// Returns the property that tells the members of a union apart, and the values of one member.
    pub(crate) fn tag(&self, union: &Location, member: &Location) -> Option<(String, Vec<String>)> {
        let discriminator = self.object(union)?.get("discriminator")?.as_object()?;
        let property = discriminator.get("propertyName")?.as_str()?.to_owned();
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let is_member = |target: &str| {
            let component = self.component(target);
            let named = self.get(&component).map(|_| component);
            named
                .or_else(|| self.resolve(union, target))
                .is_some_and(|target| self.follow(&target) == *member)
        };
        let mapped =
            mapping.into_iter().flatten().filter(|(_, target)| target.as_str().is_some_and(is_member));
        let mut values: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
        if values.is_empty() && self.components().contains(member) {
            values.extend(member.last_token());
        }
        (!values.is_empty()).then_some((property, values))
    }
}

/// Returns the values of an `enum`. Those of another scalar type than the declared one are meant as values of that type.
pub(crate) fn enum_values(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    let values = schema.get("enum")?.as_array()?;
    let ty = schema.get("type").and_then(Value::as_str);
    let meant = |value: &Value| match (ty, value) {
        (Some("string"), Value::Bool(_) | Value::Number(_)) => Value::String(value.to_string()),
        (Some("integer" | "number" | "boolean"), Value::String(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    };
    Some(values.iter().map(meant).collect())
}

/// The schemas of a description as JSON Schema.
pub(crate) struct JsonSchemas<'d> {
    documents: &'d Documents,
    converted: RefCell<BTreeMap<(Target, Direction), Converted>>,
}

/// A schema as JSON Schema, and the schemas that it refers to.
#[derive(Clone)]
struct Converted {
    schema: Value,
    references: BTreeSet<Target>,
}

/// A schema that another one refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    at: Location,
    /// `true` where a schema extends it: then it stands for itself, not for all that extends it.
    is_extended: bool,
}

impl Target {
    /// Returns the name of the definition.
    fn key(&self) -> String {
        let letter =
            |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("_{:x}_", u32::from(c)) };
        let name: String = self.at.to_string().chars().map(letter).collect();
        if self.is_extended { name + "_extended" } else { name }
    }

    fn reference(&self) -> Value {
        json!({ "$ref": format!("#/$defs/{}", self.key()) })
    }
}

impl<'d> JsonSchemas<'d> {
    pub(crate) fn of(documents: &'d Documents) -> Self {
        Self { documents, converted: RefCell::default() }
    }

    /// Returns a validator of the values at a place, or `None` if the schema is no schema.
    pub(crate) fn validator(&self, at: &Location, direction: Direction) -> Option<Validator> {
        let mut definitions = Map::new();
        let root = Target { at: at.clone(), is_extended: false };
        let mut found = vec![root.clone()];
        while let Some(target) = found.pop() {
            if definitions.contains_key(&target.key()) {
                continue;
            }
            let converted = self.converted(&target, direction);
            found.extend(converted.references);
            definitions.insert(target.key(), converted.schema);
        }
        let schema = json!({ "allOf": [root.reference()], "$defs": definitions });
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        options.build(&schema).ok()
    }

    fn converted(&self, target: &Target, direction: Direction) -> Converted {
        let known = (target.clone(), direction);
        if let Some(converted) = self.converted.borrow().get(&known) {
            return converted.clone();
        }
        let mut conversion = Conversion {
            documents: self.documents,
            direction,
            is_3_0: self.documents.is_3_0(),
            references: BTreeSet::new(),
        };
        let schema = conversion.schema(&target.at, target.is_extended);
        let converted = Converted { schema, references: conversion.references };
        self.converted.borrow_mut().insert(known, converted.clone());
        converted
    }
}

/// The conversion of one schema.
struct Conversion<'d> {
    documents: &'d Documents,
    direction: Direction,
    is_3_0: bool,
    references: BTreeSet<Target>,
}

impl Conversion<'_> {
    fn schema(&mut self, at: &Location, is_extended: bool) -> Value {
        let Some(schema) = self.documents.object(at) else {
            let is_closed = self.documents.get(at) == Some(&Value::Bool(false));
            return Value::Bool(!is_closed);
        };
        let mut out = Map::new();
        let mut all = Vec::new();
        if let Some(target) = self.documents.reference(at) {
            all.push(self.reference(target, is_extended));
        }
        if all.is_empty() || !self.is_3_0 {
            for (keyword, value) in schema {
                self.keyword(at, schema, (keyword, value), &mut out, &mut all);
            }
        }
        if !is_extended {
            all.extend(self.children(at));
        }
        // Without a type, other types would be valid, too, although only one is meant.
        if let Some(ty) = meant_type(schema) {
            out.insert("type".to_owned(), ty.into());
        }
        if !all.is_empty() {
            out.insert("allOf".to_owned(), Value::Array(all));
        }
        // Beside a `$ref`, the specification ignores it, but authors mean it.
        let is_nullable = self.is_3_0 && schema.get("nullable") == Some(&Value::Bool(true));
        if is_nullable { json!({ "anyOf": [{ "type": "null" }, out] }) } else { Value::Object(out) }
    }

    fn reference(&mut self, at: Location, is_extended: bool) -> Value {
        let target = Target { at, is_extended };
        let reference = target.reference();
        self.references.insert(target);
        reference
    }

    /// Returns what the discriminator of a schema says of those that extend the schema.
    fn children(&mut self, at: &Location) -> Vec<Value> {
        let documents = self.documents;
        let child = |child: &Location| {
            let (property, values) = documents.tag(at, child)?;
            let then = self.reference(child.clone(), true);
            let is_child = json!({ "required": [property], "properties": { property: { "enum": values } } });
            Some(json!({ "if": is_child, "then": then }))
        };
        documents.children(at).iter().filter_map(child).collect()
    }

    fn keyword(
        &mut self,
        at: &Location,
        schema: &Map<String, Value>,
        (keyword, value): (&str, &Value),
        out: &mut Map<String, Value>,
        all: &mut Vec<Value>,
    ) {
        let below = at.child(keyword);
        let converted = match keyword {
            "properties" | "patternProperties" | "dependentSchemas" => self.each_member(&below),
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Some(self.schema(&below, false)),
            "prefixItems" => Some(Value::Array(self.each_element(&below, false))),
            "allOf" => {
                all.extend(self.each_element(&below, true));
                None
            }
            // Members of a union often overlap, although `oneOf` says otherwise: a value of one is meant.
            "anyOf" | "oneOf" => {
                all.push(json!({ "anyOf": self.members(at, &below) }));
                None
            }
            "required" => self.required(at, value),
            "enum" => enum_values(schema).map(Value::Array),
            "type" => {
                all.extend(integer_limits(schema));
                known_types(value)
            }
            "minimum" | "maximum" => {
                let exclusive = if keyword == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
                let is_exclusive = schema.get(exclusive) == Some(&Value::Bool(true));
                let keyword = if is_exclusive { exclusive } else { keyword };
                out.extend(value.is_number().then(|| (keyword.to_owned(), value.clone())));
                None
            }
            "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                value.is_number().then(|| value.clone())
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains" => count(value).map(Value::from),
            // The extension of this project for the size of a file.
            "x-max-bytes" => {
                out.extend(count(value).map(|most| ("maxLength".to_owned(), most.into())));
                None
            }
            "pattern" => value.as_str().filter(|text| is_pattern(text)).map(Value::from),
            "format" => {
                all.extend(value.as_str().and_then(format_limits));
                value.is_string().then(|| value.clone())
            }
            "uniqueItems" => value.is_boolean().then(|| value.clone()),
            "const" | "dependentRequired" => Some(value.clone()),
            _ => None,
        };
        out.extend(converted.map(|converted| (keyword.to_owned(), converted)));
    }

    fn each_member(&mut self, at: &Location) -> Option<Value> {
        let names = self.documents.object(at)?.keys();
        Some(Value::Object(names.map(|name| (name.clone(), self.schema(&at.child(name), false))).collect()))
    }

    fn each_element(&mut self, at: &Location, is_extended: bool) -> Vec<Value> {
        let length = self.documents.get(at).and_then(Value::as_array).map_or(0, Vec::len);
        (0..length).map(|index| self.schema(&at.child(index), is_extended)).collect()
    }

    /// Returns the members of a union, each with the values of the discriminator that mean the member.
    fn members(&mut self, union: &Location, at: &Location) -> Vec<Value> {
        let members = self.each_element(at, false).into_iter().enumerate();
        let tagged = members.map(|(index, member)| {
            let target = self.documents.follow(&at.child(index));
            match self.documents.tag(union, &target) {
                Some((property, values)) => {
                    json!({ "allOf": [member, { "properties": { property: { "enum": values } } }] })
                }
                None => member,
            }
        });
        tagged.collect()
    }

    /// Returns the required properties that the direction has.
    fn required(&self, at: &Location, names: &Value) -> Option<Value> {
        let properties = at.child("properties");
        let names = names.as_array()?.iter().filter_map(Value::as_str);
        let is_present = |name: &&str| !self.documents.is_absent(&properties.child(name), self.direction);
        Some(names.filter(is_present).collect())
    }
}

/// Returns the types that JSON Schema knows; without one, any type is meant.
fn known_types(value: &Value) -> Option<Value> {
    const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];
    let is_known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Value::Array(types) => types.iter().all(is_known).then(|| value.clone()),
        _ => is_known(value).then(|| value.clone()),
    }
}

fn is_pattern(text: &str) -> bool {
    jsonschema::draft202012::options().build(&json!({ "pattern": text })).is_ok()
}

/// Returns the type that a schema without a `type` means by its properties or items.
fn meant_type(schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |keyword: &str| schema.contains_key(keyword);
    match () {
        () if has("type") || has("$ref") => None,
        () if has("properties") || has("additionalProperties") => Some("object"),
        () if has("items") => Some("array"),
        () => None,
    }
}

/// Returns the limits of an integer without a format or a bound: the type in Rust is `i64`.
fn integer_limits(schema: &Map<String, Value>) -> Option<Value> {
    let is_integer = schema.get("type").is_some_and(|ty| ty == "integer");
    let is_limited =
        ["format", "maximum", "exclusiveMaximum"].iter().any(|keyword| schema.contains_key(*keyword));
    (is_integer && !is_limited).then(|| json!({ "minimum": i64::MIN, "maximum": i64::MAX }))
}

/// Returns the limits of a format that JSON Schema does not know.
fn format_limits(format: &str) -> Option<Value> {
    let integers = |min: i64, max: i64| json!({ "minimum": min, "maximum": max });
    Some(match format {
        "int8" => integers(i8::MIN.into(), i8::MAX.into()),
        "int16" => integers(i16::MIN.into(), i16::MAX.into()),
        "int32" => integers(i32::MIN.into(), i32::MAX.into()),
        "int64" => integers(i64::MIN, i64::MAX),
        "uint8" => integers(0, u8::MAX.into()),
        "uint16" => integers(0, u16::MAX.into()),
        "uint32" => integers(0, u32::MAX.into()),
        "uint" | "uint64" => json!({ "minimum": 0, "maximum": u64::MAX }),
        "byte" => json!({ "pattern": "^[A-Za-z0-9+/]*={0,2}$" }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use generator::diagnostic::Location;
    use serde_json::json;

    use super::{Direction, JsonSchemas};
    use crate::judge::document::Documents;

    /// Returns `true` for each value that the schema `A` of a description accepts in requests.
    fn accepted<const N: usize>(schemas: &str, values: [serde_json::Value; N]) -> [bool; N] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, format!("openapi: 3.0.3\ncomponents: {{schemas: {{{schemas}}}}}")).unwrap();
        let documents = Documents::open(&path).unwrap();
        let at = Location::file("a.yaml").child("components").child("schemas").child("A");
        let validator = JsonSchemas::of(&documents).validator(&at, Direction::Request).unwrap();
        values.map(|value| validator.is_valid(&value))
    }

    #[test]
    fn nullable_is_a_type_of_its_own() {
        let values = || [json!(null), json!("a"), json!(1)];
        assert_eq!(accepted("A: {type: string, nullable: true}", values()), [true, true, false]);
        assert_eq!(accepted("A: {type: string, enum: [a], nullable: true}", values()), [true, true, false]);
        let reference = "A: {$ref: '#/components/schemas/B', nullable: true}, B: {type: string}";
        assert_eq!(accepted(reference, values()), [true, true, false]);
    }

    #[test]
    fn exclusive_bounds_are_read_as_flags() {
        let schema = "A: {type: integer, minimum: 1, exclusiveMinimum: true, format: int32}";
        assert_eq!(accepted(schema, [json!(1), json!(2), json!(4_000_000_000_u32)]), [false, true, false]);
    }

    #[test]
    fn read_only_properties_are_not_required_in_requests() {
        let schema = "A: {type: object, required: [id, name], properties: {id: {readOnly: true}, name: {}}}";
        assert_eq!(accepted(schema, [json!({ "name": 1 }), json!({ "id": 1 })]), [true, false]);
    }

    #[test]
    fn discriminator_of_a_base_tells_children_apart() {
        let schema = "A: {type: object, discriminator: {propertyName: t}}, \
                      B: {allOf: [{$ref: '#/components/schemas/A'}, {required: [b]}]}";
        let values = [json!({ "t": "B", "b": 1 }), json!({ "t": "B" }), json!({ "t": "C" })];
        assert_eq!(accepted(schema, values), [true, false, true]);
    }

    #[test]
    fn discriminator_tells_members_apart() {
        let schema = "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: t, \
                      mapping: {b: B}}}, B: {type: object}";
        assert_eq!(accepted(schema, [json!({ "t": "b" }), json!({ "t": "B" })]), [true, false]);
    }
}
