//! Fields that are missing or have another name, where the meaning is plain.

use std::mem;

use serde_yaml::{Mapping, Value};

use super::document::content;
use super::{Walk, single, text};

/// The media type of a body whose schema stands where OpenAPI 2.0 has it.
const JSON: &str = "application/json";

impl Walk<'_> {
    pub(super) fn info(&mut self, members: &mut Mapping) {
        for field in ["title", "version"] {
            if members.get(field).is_none_or(Value::is_null) {
                members.insert(field.into(), "".into());
                self.note(format!("an info object needs the field `{field}`; it is read as empty"));
            }
        }
        self.summary(members);
        if let Some(Value::Mapping(license)) = members.get_mut("license") {
            license.shift_remove("identifier");
        }
    }

    /// Reads the summary of OpenAPI 3.1 and 3.2 as the beginning of the description.
    fn summary(&mut self, members: &mut Mapping) {
        let Some(Value::String(summary)) = members.shift_remove("summary") else { return };
        let description = match text(members, "description") {
            Some(description) if !description.is_empty() => format!("{summary}\n\n{description}"),
            _ => {
                self.moved("summary", "description");
                summary
            }
        };
        members.insert("description".into(), description.into());
    }

    pub(super) fn server_variable(&mut self, members: &mut Mapping) {
        let first = members.get("enum").and_then(Value::as_sequence).and_then(|values| values.first());
        if let (None, Some(first)) = (members.get("default"), first.cloned()) {
            self.note("a server variable needs the field `default`; it is the first value of `enum`");
            members.insert("default".into(), first);
        }
    }

    pub(super) fn operation_fields(&mut self, members: &mut Mapping) {
        self.drop_query_string(members);
        drop_examples(members);
        if members.get("responses").is_none_or(Value::is_null) {
            members.insert("responses".into(), Value::Mapping(Mapping::new()));
            if !self.facts.is_newer() {
                self.note("an operation needs the field `responses`; it is read as empty");
            }
        }
        if let Some(Value::Mapping(responses)) = members.get_mut("responses") {
            self.below("responses", |walk| walk.statuses(responses));
        }
    }

    /// Removes parameters that are the whole query string.
    pub(super) fn drop_query_string(&mut self, members: &mut Mapping) {
        let Some(Value::Sequence(parameters)) = members.get_mut("parameters") else { return };
        let is_whole = |node: &Value| node.get("in").and_then(Value::as_str) == Some("querystring");
        if !parameters.iter().any(is_whole) {
            return;
        }
        let mut left = Vec::new();
        for (index, parameter) in mem::take(parameters).into_iter().enumerate() {
            if is_whole(&parameter) {
                let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
                let message =
                    format!("the query string `{name}` as a whole is not a parameter of the client");
                self.note_at("parameters", message);
                continue;
            }
            if index != left.len() {
                self.moved(&format!("parameters/{index}"), &format!("parameters/{}", left.len()));
            }
            left.push(parameter);
        }
        *parameters = left;
    }

    /// Writes statuses as the specification does: `4XX`, `default`.
    fn statuses(&mut self, responses: &mut Mapping) {
        let usual = |key: &str| {
            let usual = match key.trim().as_bytes() {
                [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => format!("{}XX", char::from(*class)),
                word if word.eq_ignore_ascii_case(b"default") => "default".to_owned(),
                _ => key.trim().to_owned(),
            };
            (usual != key && !responses.contains_key(usual.as_str())).then_some(usual)
        };
        let renamed: Vec<_> =
            responses.keys().filter_map(Value::as_str).map(|key| (key.to_owned(), usual(key))).collect();
        if renamed.iter().all(|(_, usual)| usual.is_none()) {
            return;
        }
        for (key, usual) in renamed {
            let Some(response) = responses.shift_remove(key.as_str()) else { continue };
            let name = usual.unwrap_or_else(|| key.clone());
            if name != key {
                self.moved(&super::escaped(&key), &super::escaped(&name));
                self.note_at(
                    &name,
                    format!("expected a status such as `4XX`, found `{key}`; it is read as `{name}`"),
                );
            }
            responses.insert(name.into(), response);
        }
    }

    pub(super) fn response(&mut self, members: &mut Mapping) {
        if let (None, Some(summary)) = (text(members, "description"), text(members, "summary")) {
            let description = summary.into();
            self.moved("summary", "description");
            members.insert("description".into(), description);
        }
        members.shift_remove("summary");
        if members.get("description").is_none_or(Value::is_null) {
            members.insert("description".into(), "".into());
            self.note("a response needs the field `description`; it is read as empty");
        }
        self.content_of(members);
        drop_examples(members);
    }

    /// Reads a schema without a media type, as OpenAPI 2.0 has it, as one of JSON.
    fn content_of(&mut self, members: &mut Mapping) {
        if members.contains_key("content") {
            return;
        }
        if let Some(schema) = members.shift_remove("schema") {
            self.note_at(
                "schema",
                format!("expected `content` with media types; the schema is read as `{JSON}`"),
            );
            self.moved("schema", "content/application~1json/schema");
            members.insert("content".into(), content(JSON, schema));
        }
    }

    /// Gives bodies that are not text a schema, as OpenAPI 3.0 asks for.
    pub(super) fn media_type(&mut self, members: &mut Mapping) {
        let name = self.token();
        self.items(members, &name);
        let mut is_sequence = false;
        for field in ["itemSchema", "prefixEncoding", "itemEncoding"] {
            if members.shift_remove(field).is_some() {
                is_sequence = true;
                self.note_at(field, format!("`{field}` is not read; the body is read as a whole"));
            }
        }
        if let Some(Value::Mapping(schema)) = members.get_mut("schema")
            && name.starts_with("multipart/")
            && self.facts.is_newer()
        {
            files_of_form(schema);
        }
        if !members.contains_key("schema") && self.facts.is_newer() && (is_sequence || is_binary(&name)) {
            members.insert("schema".into(), binary());
        }
    }

    pub(super) fn request_body(&mut self, members: &mut Mapping) {
        self.content_of(members);
        drop_examples(members);
    }

    pub(super) fn discriminator(&mut self, members: &mut Mapping) {
        if members.shift_remove("defaultMapping").is_some() {
            self.note_at("defaultMapping", "`defaultMapping` is not read; other values are kept as JSON");
        }
    }
}

/// Makes files of the parts of a form without a type: the media type of such a part is that of any bytes.
fn files_of_form(schema: &mut Mapping) {
    let properties = schema.get_mut("properties").and_then(Value::as_mapping_mut).into_iter().flatten();
    for (_, property) in properties {
        let members = property.as_mapping_mut();
        let Some(members) = members.filter(|members| members.keys().all(|key| key == "description")) else {
            continue;
        };
        members.insert("type".into(), "string".into());
        members.insert("format".into(), "binary".into());
    }
}

fn binary() -> Value {
    let mut schema = Mapping::new();
    schema.insert("type".into(), "string".into());
    schema.insert("format".into(), "binary".into());
    Value::Mapping(schema)
}

/// Returns `true` if a media type is of bytes, not of text.
pub(super) fn is_binary(media_type: &str) -> bool {
    const BINARY: [&str; 6] = ["octet-stream", "pdf", "zip", "gzip", "x-tar", "vnd.ms-excel"];
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else { return false };
    let is_text = subtype.ends_with("+xml") || subtype.ends_with("+json");
    match kind {
        "image" | "audio" | "video" | "font" => !is_text,
        "application" => BINARY.contains(&subtype),
        _ => false,
    }
}

/// Removes examples from objects that have none: they say nothing about the client.
fn drop_examples(members: &mut Mapping) {
    members.shift_remove("example");
    members.shift_remove("examples");
}

/// Returns a `$ref`.
pub(super) fn reference(text: String) -> Value {
    single("$ref", text.into())
}
