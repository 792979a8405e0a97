//! Schemas: the keywords of JSON Schema 2020-12 become those of OpenAPI 3.0.

use serde_yaml::{Mapping, Value};

use super::{Walk, text};
use crate::load::number::number;

/// Keywords that say nothing about values.
const SILENT: [&str; 7] =
    ["$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "contentSchema"];
/// Keywords that only validate what the type allows.
const VALIDATION: [&str; 11] = [
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "unevaluatedItems",
];

impl Walk<'_> {
    /// Rewrites the keywords of the schema at the place. The schemas below it are rewritten later.
    pub(super) fn schema(&mut self, members: &mut Mapping) {
        self.enter_resource(members);
        members.retain(|keyword, _| !keyword.as_str().is_some_and(|keyword| SILENT.contains(&keyword)));
        self.required_flags(members);
        self.types(members);
        self.values(members);
        self.bounds(members);
        self.lists(members);
        self.objects(members);
        self.validation(members);
        self.unions(members);
        self.contents(members);
        self.examples(members);
        self.split_types(members);
    }

    /// Notes keywords that are not checked.
    fn validation(&mut self, members: &mut Mapping) {
        for keyword in VALIDATION {
            if members.shift_remove(keyword).is_some() {
                self.note_at(keyword, format!("`{keyword}` is documented by the API, but not checked"));
            }
        }
    }

    /// Makes a list of one value of a `const`, and removes a list of no values.
    fn values(&mut self, members: &mut Mapping) {
        if let Some(value) = members.shift_remove("const") {
            self.note_newer("const");
            self.moved("const", "enum/0");
            members.insert("enum".into(), Value::Sequence(vec![value]));
        }
        if members.get("enum").and_then(Value::as_sequence).is_some_and(Vec::is_empty) {
            members.shift_remove("enum");
            self.note_at("enum", "expected values, found an empty list; any value of the type is read");
        }
    }

    /// Makes a limit and a flag of an exclusive limit that is a number.
    fn bounds(&mut self, members: &mut Mapping) {
        for (exclusive, inclusive, is_minimum) in
            [("exclusiveMinimum", "minimum", true), ("exclusiveMaximum", "maximum", false)]
        {
            if !members.get(exclusive).is_some_and(Value::is_number) {
                continue;
            }
            let Some(bound) = members.shift_remove(exclusive) else { continue };
            self.note_newer(exclusive);
            let value = |node: &Value| number(node).and_then(|number| number.as_f64());
            let is_weaker = match (members.get(inclusive).and_then(value), value(&bound)) {
                (Some(other), Some(bound)) => {
                    if is_minimum {
                        other > bound
                    } else {
                        other < bound
                    }
                }
                _ => false,
            };
            if !is_weaker {
                self.moved(exclusive, inclusive);
                members.insert(inclusive.into(), bound);
                members.insert(exclusive.into(), true.into());
            }
        }
    }

    /// Makes a format of how a text encodes bytes.
    fn contents(&mut self, members: &mut Mapping) {
        let encoding = members.shift_remove("contentEncoding");
        let media_type = members.shift_remove("contentMediaType");
        if members.contains_key("format") || !members.get("type").is_none_or(|ty| ty == "string") {
            return;
        }
        let is_binary = media_type.as_ref().and_then(Value::as_str).is_some_and(super::slips::is_binary);
        let (from, format) = match encoding.as_ref().and_then(Value::as_str) {
            Some("base64") => ("contentEncoding", "byte"),
            Some("binary") => ("contentEncoding", "binary"),
            Some(other) => {
                let message = format!("text in the encoding `{other}` is not decoded");
                self.note_at("contentEncoding", message);
                return;
            }
            None if is_binary => ("contentMediaType", "binary"),
            None => return,
        };
        self.moved(from, "format");
        members.insert("type".into(), "string".into());
        members.insert("format".into(), format.into());
    }

    /// Keeps the first of several examples.
    pub(super) fn examples(&mut self, members: &mut Mapping) {
        let Some(examples) = members.shift_remove("examples") else { return };
        if members.contains_key("example") {
            return;
        }
        let (from, first) = match examples {
            Value::Sequence(examples) => ("examples/0".to_owned(), examples.into_iter().next()),
            Value::Mapping(examples) => match examples.into_iter().next() {
                Some((name, Value::Mapping(mut example))) => {
                    let name = super::escaped(name.as_str().unwrap_or_default());
                    (format!("examples/{name}/value"), example.shift_remove("value"))
                }
                _ => return,
            },
            _ => return,
        };
        if let Some(first) = first {
            self.moved(&from, "example");
            members.insert("example".into(), first);
        }
    }

    /// Moves `required: true` of a property to the list of the object.
    fn required_flags(&mut self, members: &mut Mapping) {
        let mut required = Vec::new();
        for (name, property) in
            members.get_mut("properties").and_then(Value::as_mapping_mut).into_iter().flatten()
        {
            let Some(property) = property.as_mapping_mut() else { continue };
            let flag = match property.get("required") {
                Some(Value::Bool(flag)) => *flag,
                Some(Value::String(flag)) if flag == "true" || flag == "false" => flag == "true",
                _ => continue,
            };
            property.shift_remove("required");
            required.push((name.as_str().unwrap_or_default().to_owned(), flag));
        }
        for (name, is_required) in required {
            let field = format!("properties/{}/required", super::escaped(&name));
            self.note_path(
                &field,
                "expected the name in the `required` of the object around; it is read as if it were there",
            );
            if is_required {
                add_required(members, name);
            }
        }
        if let Some(Value::Bool(_)) = members.get("required") {
            members.shift_remove("required");
            self.note_at(
                "required",
                "expected a list of names of properties, found a boolean; it has no effect",
            );
        }
    }
}

fn add_required(members: &mut Mapping, name: String) {
    if !members.get("required").is_some_and(Value::is_sequence) {
        members.insert("required".into(), Value::Sequence(Vec::new()));
    }
    if let Some(Value::Sequence(list)) = members.get_mut("required")
        && !list.iter().any(|other| other.as_str() == Some(&name))
    {
        list.push(name.into());
    }
}

/// Returns `true` if a schema has no keyword but prose.
pub(super) fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(true) => true,
        Value::Mapping(members) => members
            .keys()
            .all(|key| key.as_str().is_some_and(|key| ["title", "description", "$comment"].contains(&key))),
        _ => false,
    }
}

/// Returns the schema of any of several schemas, each with the path where it stands; equal ones count once.
/// The paths in the result say where each of them is now.
pub(super) fn any_of(schemas: Vec<(String, Value)>) -> (Value, Vec<(String, String)>) {
    let mut different: Vec<(String, Value)> = Vec::new();
    for (from, schema) in schemas {
        if is_anything(&schema) {
            return (Value::Mapping(Mapping::new()), Vec::new());
        }
        if !different.iter().any(|(_, other)| *other == schema) {
            different.push((from, schema));
        }
    }
    if different.len() == 1 {
        return different
            .pop()
            .map_or_else(Default::default, |(from, schema)| (schema, vec![(from, String::new())]));
    }
    let moves =
        different.iter().enumerate().map(|(index, (from, _))| (from.clone(), format!("/anyOf/{index}")));
    let moves = moves.collect();
    let schemas = different.into_iter().map(|(_, schema)| schema).collect();
    (super::single("anyOf", Value::Sequence(schemas)), moves)
}

/// Returns `true` if a schema allows only `null`.
pub(super) fn is_null(schema: &Value) -> bool {
    let Value::Mapping(members) = schema else { return false };
    let null_type = text(members, "type") == Some("null")
        || members.get("type").is_some_and(Value::is_null)
        || matches!(members.get("type"), Some(Value::Sequence(types)) if types.len() == 1 && types[0] == "null");
    let null_value = members.get("const").is_some_and(Value::is_null)
        || matches!(members.get("enum"), Some(Value::Sequence(values)) if values.len() == 1 && values[0].is_null());
    null_type || null_value
}
