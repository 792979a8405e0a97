//! Parameters and headers.

use serde_yaml::{Mapping, Value};

use super::{Walk, text};

/// Keywords of schemas that OpenAPI 2.0 writes into the parameter itself.
const KEYWORDS: [&str; 17] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "pattern",
    "nullable",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
];

impl Walk<'_> {
    pub(super) fn parameter(&mut self, members: &mut Mapping) {
        self.header(members);
        if text(members, "in") == Some("path") && members.get("required") != Some(&Value::Bool(true)) {
            members.insert("required".into(), true.into());
            self.note("a path parameter needs `required: true`; it is read as required");
        }
        if text(members, "style") == Some("cookie") {
            members.shift_remove("style");
        }
    }

    /// Moves the keywords of a schema in a parameter or header into its `schema`.
    pub(super) fn header(&mut self, members: &mut Mapping) {
        let has_type = members.contains_key("type") || members.contains_key("enum");
        if !has_type || members.contains_key("schema") || members.contains_key("content") {
            return;
        }
        let mut schema = Mapping::new();
        for keyword in KEYWORDS {
            if let Some(value) = members.shift_remove(keyword) {
                self.moved(keyword, &format!("schema/{keyword}"));
                schema.insert(keyword.into(), value);
            }
        }
        self.note("expected the type in `schema`, found it beside `schema`; it is read as if it were inside");
        members.insert("schema".into(), Value::Mapping(schema));
    }
}
