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

    /// Returns the property that tells the members of a union apart, and the values of one member: those of the mapping, else the
    /// name of the component. A member that lists other values has those.
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
        let is_free = |name: &String| mapping.is_none_or(|mapping| !mapping.contains_key(name));
        if values.is_empty() && self.components().contains(member) {
            let listed = self.listed(&member.child("properties").child(&property));
            let name = member.last_token();
            let is_listed = listed.is_empty() || name.as_ref().is_some_and(|name| listed.contains(name));
            let names = if is_listed { name.into_iter().collect() } else { listed };
            values.extend(names.into_iter().filter(is_free));
        }
        (!values.is_empty()).then_some((property, values))
    }

    /// Returns the texts that a schema lists.
    fn listed(&self, at: &Location) -> Vec<String> {
        let values = self.object(&self.follow(at)).and_then(|schema| schema.get("enum")?.as_array());
        values.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Returns `true` if members of a union build on the union.
    pub(crate) fn lists_heirs(&self, union: &Location, members: &Location) -> bool {
        let length = self.get(members).and_then(Value::as_array).map_or(0, Vec::len);
        (0..length).any(|index| self.children(union).contains(&self.follow(&members.child(index))))
    }
}

/// Returns the values of a discriminator as JSON: a text and, if the text is a number or a boolean, that value.
pub(crate) fn tag_values(texts: &[String]) -> Vec<Value> {
    let scalar = |text: &String| serde_json::from_str(text).ok().filter(|value: &Value| !value.is_string());
    let scalars = texts.iter().filter_map(scalar).filter(|value| value.is_number() || value.is_boolean());
    texts.iter().cloned().map(Value::String).chain(scalars).collect()
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
                self.keyword((at, is_extended), schema, (keyword, value), &mut out, &mut all);
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
            let values = tag_values(&values);
            let is_child = json!({ "required": [property], "properties": { property: { "enum": values } } });
            Some(json!({ "if": is_child, "then": then }))
        };
        documents.children(at).iter().filter_map(child).collect()
    }

    fn keyword(
        &mut self,
        (at, is_extended): (&Location, bool),
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
            // A member that builds on the union is not the whole union.
            "anyOf" | "oneOf" if is_extended && self.documents.lists_heirs(at, &below) => None,
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

    /// Returns the members of a union, each with the values of the discriminator that mean the member. One without such a value
    /// has none of the others.
    fn members(&mut self, union: &Location, at: &Location) -> Vec<Value> {
        let members = self.each_element(at, false);
        let targets = (0..members.len()).map(|index| self.documents.follow(&at.child(index)));
        let tags: Vec<_> = targets.map(|target| self.documents.tag(union, &target)).collect();
        let taken: Vec<Value> = tags.iter().flatten().flat_map(|(_, values)| tag_values(values)).collect();
        let discriminator = self.documents.object(union).and_then(|union| union.get("discriminator"));
        let property = discriminator.and_then(|discriminator| discriminator.get("propertyName")?.as_str());
        let tagged = members.into_iter().zip(tags).map(|(member, tag)| match (tag, property) {
            (Some((property, values)), _) => {
                let values = tag_values(&values);
                json!({ "allOf": [member, { "properties": { property: { "enum": values } } }] })
            }
            (None, Some(property)) if !taken.is_empty() => {
                json!({ "allOf": [member, { "properties": { property: { "not": { "enum": taken } } } }] })
            }
            (None, _) => member,
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

/// Returns the limits of an integer without a format or a bound within 64 bits: the type in Rust is `i64`.
fn integer_limits(schema: &Map<String, Value>) -> Option<Value> {
    const MOST: f64 = 18_446_744_073_709_551_616.0;
    let is_integer = schema.get("type").is_some_and(|ty| match ty {
        Value::Array(types) => {
            types.contains(&json!("integer")) && types.iter().all(|ty| ty == "integer" || ty == "null")
        }
        ty => ty == "integer",
    });
    let is_bound = |keyword: &&str| {
        let bound = schema.get(*keyword).and_then(Value::as_f64);
        bound.is_some_and(|bound| bound <= MOST)
    };
    let is_limited = schema.contains_key("format") || ["maximum", "exclusiveMaximum"].iter().any(is_bound);
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

    #[test]
    fn value_of_discriminator_is_one_of_a_member() {
        let union = "A: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: ";
        let members = ", B: {type: object, properties: {t: {enum: [x, y]}}}, C: {type: object}";
        let listed = format!("{union}{{propertyName: t}}}}{members}");
        let values = [json!({ "t": "x" }), json!({ "t": "C" }), json!({ "t": "B" })];
        assert_eq!(accepted(&listed, values), [true, true, false]);
        // The name of a member that the mapping gives another one means the other one.
        let renamed = format!(
            "{union}{{propertyName: t, mapping: {{C: B}}}}}}, C: {{required: [c]}}, B: {{required: [b]}}"
        );
        assert_eq!(
            accepted(&renamed, [json!({ "t": "C", "b": 1 }), json!({ "t": "C", "c": 1 })]),
            [true, false]
        );
        let numbers = format!(
            "{union}{{propertyName: t, mapping: {{'1': B, '2': C}}}}}}, C: {{}}, B: {{required: [b]}}"
        );
        assert_eq!(accepted(&numbers, [json!({ "t": 2 }), json!({ "t": 1 })]), [true, false]);
    }

    #[test]
    fn member_may_build_on_its_union() {
        let schemas = "A: {type: object, required: [t], oneOf: [{$ref: '#/components/schemas/B'}]}, \
                       B: {allOf: [{$ref: '#/components/schemas/A'}, {required: [b]}]}";
        assert_eq!(accepted(schemas, [json!({ "t": 1, "b": 1 }), json!({ "t": 1 })]), [true, false]);
    }

    #[test]
    fn nullable_integer_has_64_bits() {
        let values = || [json!(u64::MAX), json!(i64::MAX), json!(null)];
        assert_eq!(accepted("A: {type: [integer, 'null']}", values()), [false, true, true]);
        assert_eq!(accepted("A: {type: [integer, number, 'null']}", values()), [true, true, true]);
    }

    #[test]
    fn bound_beyond_64_bits_is_none() {
        let most = json!(u64::MAX);
        assert_eq!(accepted("A: {type: integer, maximum: 1e400}", [most.clone(), json!(1)]), [false, true]);
        assert_eq!(accepted("A: {type: integer, maximum: 18446744073709551615}", [most]), [true]);
    }
}
