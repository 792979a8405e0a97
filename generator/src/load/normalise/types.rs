//! The `type` of a schema: several types, `null`, and words that are no types but mean one.

use serde_yaml::{Mapping, Value};

use super::schema::{is_anything, is_null};
use super::{Walk, text};

/// The types of JSON.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];
/// Keywords that only one type has, by the types.
const KEYWORDS: [(&[&str], &[&str]); 4] = [
    (&["string"], &["minLength", "maxLength", "pattern"]),
    (&["number", "integer"], &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (&["array"], &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        &["object"],
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "discriminator",
        ],
    ),
];
/// Formats of numbers; all others are of strings.
const NUMERIC: [&str; 10] =
    ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double"];
/// Words of other languages, each with a type and a format.
const WORDS: [(&str, &str, Option<&str>); 30] = [
    ("file", "string", Some("binary")),
    ("binary", "string", Some("binary")),
    ("byte", "string", Some("byte")),
    ("date", "string", Some("date")),
    ("date-time", "string", Some("date-time")),
    ("datetime", "string", Some("date-time")),
    ("timestamp", "string", Some("date-time")),
    ("uuid", "string", Some("uuid")),
    ("uri", "string", Some("uri")),
    ("url", "string", Some("uri")),
    ("email", "string", Some("email")),
    ("password", "string", Some("password")),
    ("str", "string", None),
    ("text", "string", None),
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("long", "integer", Some("int64")),
    ("short", "integer", Some("int32")),
    ("float", "number", Some("float")),
    ("double", "number", Some("double")),
    ("decimal", "number", None),
    ("numeric", "number", None),
    ("bool", "boolean", None),
    ("list", "array", None),
    ("map", "object", None),
    ("dict", "object", None),
    ("hash", "object", None),
    ("json", "", None),
    ("any", "", None),
];

/// Returns the type and the format that a word means; the type is empty for any value.
pub(super) fn of_word(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let word = word.to_ascii_lowercase();
    if let Some(ty) = TYPES.iter().find(|ty| **ty == word) {
        return Some((ty, None));
    }
    WORDS.iter().find(|(other, ..)| *other == word).map(|(_, ty, format)| (*ty, *format))
}

impl Walk<'_> {
    /// Reads words that mean a type, and takes `null` out of the types.
    pub(super) fn types(&mut self, members: &mut Mapping) {
        if members.contains_key("nullable") && self.facts.is_newer() {
            self.note_at(
                "nullable",
                "`nullable` is of OpenAPI 3.0; OpenAPI 3.1 writes `type: [T, \"null\"]`",
            );
        }
        match members.get("type").cloned() {
            Some(Value::String(word)) if word == "null" => self.null_only(members),
            Some(Value::Null) => self.null_only(members),
            Some(Value::String(word)) if !TYPES.contains(&word.as_str()) => self.word(members, &word),
            Some(Value::Sequence(types)) => self.type_list(members, types),
            _ => {}
        }
    }

    /// Makes a schema of the only value `null`.
    fn null_only(&mut self, members: &mut Mapping) {
        self.note_newer("type");
        members.shift_remove("type");
        self.moved("type", "enum/0");
        members.insert("enum".into(), Value::Sequence(vec![Value::Null]));
        members.insert("nullable".into(), true.into());
    }

    fn word(&mut self, members: &mut Mapping, word: &str) {
        let Some((ty, format)) = of_word(word) else { return };
        let meaning = match (ty, format) {
            ("", _) => "any JSON".to_owned(),
            (ty, Some(format)) => format!("`{ty}` with the format `{format}`"),
            (ty, None) => format!("`{ty}`"),
        };
        self.note_at("type", format!("expected a type, found `{word}`; it is read as {meaning}"));
        if ty.is_empty() {
            members.shift_remove("type");
        } else {
            members.insert("type".into(), ty.into());
        }
        if let Some(format) = format.filter(|_| !members.contains_key("format")) {
            members.insert("format".into(), format.into());
        }
    }

    /// Takes `null` out of a list of types, and makes a list of one the type.
    fn type_list(&mut self, members: &mut Mapping, types: Vec<Value>) {
        self.note_newer("type");
        let is_null = |ty: &Value| ty.is_null() || ty == "null";
        let is_nullable = types.iter().any(is_null);
        let mut rest: Vec<Value> = types.into_iter().filter(|ty| !is_null(ty)).collect();
        if rest.iter().any(|ty| ty == "number") {
            rest.retain(|ty| ty != "integer");
        }
        match rest.as_slice() {
            [] if is_nullable => return self.null_only(members),
            [] => drop(members.shift_remove("type")),
            [one] => drop(members.insert("type".into(), one.clone())),
            _ => drop(members.insert("type".into(), Value::Sequence(rest))),
        }
        if is_nullable {
            members.insert("nullable".into(), true.into());
        }
    }

    /// Makes a union of a schema with several types, each with its keywords.
    pub(super) fn split_types(&mut self, members: &mut Mapping) {
        let Some(Value::Sequence(types)) = members.get("type").cloned() else { return };
        members.shift_remove("type");
        let types: Vec<String> = types.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let says_more =
            ["enum", "oneOf", "anyOf", "allOf"].iter().any(|keyword| members.contains_key(*keyword));
        if says_more || types.iter().any(|ty| !TYPES.contains(&ty.as_str())) {
            return;
        }
        let mut union = Vec::new();
        for (index, ty) in types.iter().enumerate() {
            let mut member = Mapping::new();
            member.insert("type".into(), ty.as_str().into());
            for keyword in keywords_of(ty, members) {
                if let Some(value) = members.shift_remove(keyword) {
                    self.moved(keyword, &format!("anyOf/{index}/{keyword}"));
                    member.insert(keyword.into(), value);
                }
            }
            if ty == "array" && !member.contains_key("items") {
                member.insert("items".into(), Value::Mapping(Mapping::new()));
            }
            union.push(Value::Mapping(member));
        }
        // Any value of any type: a union of all of them would say no more.
        let all = TYPES.iter().filter(|ty| **ty != "integer").all(|ty| types.iter().any(|other| other == ty));
        if all && union.iter().all(|member| member.as_mapping().is_none_or(|member| member.len() <= 2)) {
            return;
        }
        members.insert("anyOf".into(), Value::Sequence(union));
    }

    /// Takes `null` and schemas of everything or nothing out of unions.
    pub(super) fn unions(&mut self, members: &mut Mapping) {
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Sequence(variants)) = members.get(keyword) else { continue };
            let is_left = |variant: &Value| !is_null(variant) && *variant != Value::Bool(false);
            let nulls = variants.iter().filter(|variant| is_null(variant)).count();
            if variants.iter().all(is_left) || nulls == variants.len() {
                continue;
            }
            let Some(Value::Sequence(variants)) = members.shift_remove(keyword) else { continue };
            let mut left: Vec<(usize, Value)> =
                variants.into_iter().enumerate().filter(|(_, variant)| is_left(variant)).collect();
            if nulls > 0 {
                members.insert("nullable".into(), true.into());
            }
            if left.len() == 1
                && let Some((index, variant)) = left.pop()
            {
                self.only_variant(members, keyword, index, variant);
                continue;
            }
            for (now, (then, _)) in left.iter().enumerate().filter(|(now, (then, _))| now != then) {
                self.moved(&format!("{keyword}/{then}"), &format!("{keyword}/{now}"));
            }
            members.insert(keyword.into(), left.into_iter().map(|(_, variant)| variant).collect());
        }
    }

    /// Makes the only variant of a union a member of the `allOf`.
    fn only_variant(&mut self, members: &mut Mapping, keyword: &str, index: usize, variant: Value) {
        members.shift_remove("discriminator");
        if !is_anything(&variant) {
            self.push_member(members, &format!("{keyword}/{index}"), "", variant);
        }
    }
}

/// Returns the keywords of a schema that are about one type only.
fn keywords_of(ty: &str, members: &Mapping) -> Vec<&'static str> {
    let of_type = KEYWORDS.iter().filter(|(types, _)| types.contains(&ty));
    let mut keywords: Vec<_> = of_type.flat_map(|(_, keywords)| keywords.iter().copied()).collect();
    let is_numeric = text(members, "format").is_some_and(|format| NUMERIC.contains(&format));
    if is_numeric && (ty == "number" || ty == "integer") || !is_numeric && ty == "string" {
        keywords.push("format");
    }
    keywords
}
