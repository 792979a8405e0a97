//! Enums: types whose values are listed.

use std::collections::BTreeMap;

use openapiv3::Schema as Description;

use super::keywords::Keywords;
use crate::diagnostic::Location;
use crate::ir::{Docs, Enum, EnumValue, Type, TypeKind};
use crate::lower::Lowering;

impl Lowering<'_> {
    pub(super) fn enumeration(&mut self, at: &Location, description: &Description) -> Option<TypeKind> {
        let list = at.child("enum");
        let mut values: Vec<EnumValue> = Vec::new();
        for (index, node) in self.sources.find(&list)?.as_sequence()?.iter().enumerate() {
            let value = serde_json::to_value(node).unwrap_or_default();
            if values.iter().any(|other| other.value == value) {
                self.warning(&list.child(index), format!("the value {value} is listed twice"));
            } else if !value.is_null() {
                values.push(EnumValue { value, docs: Docs::default() });
            }
        }
        if values.is_empty() {
            self.error(&list, "an `enum` needs a value");
            return None;
        }
        let base = match Keywords::of(&description.schema_kind).ty {
            Some("string") => Type::String,
            Some("integer") => Type::Int64,
            Some("number") => Type::Double,
            Some("boolean") => Type::Boolean,
            None if values.iter().all(|value| value.value.is_string()) => Type::String,
            _ => Type::Any,
        };
        for (index, value) in values.iter().enumerate() {
            if matches!(base, Type::String) && !value.value.is_string() {
                let message = format!("{} is not a string, as the type says: put it in quotes", value.value);
                self.error(&list.child(index), message);
            }
        }
        Some(TypeKind::Enum(Enum { base, values }))
    }
}

/// Moves the bullets of a description that explain one value each (`` * `NEW`: the chat is new ``) to their
/// values, if there is one for every value.
pub(super) fn distribute_docs(mut values: Enum, docs: &mut Docs) -> Enum {
    let Some(description) = &docs.description else { return values };
    let mut rest = Vec::new();
    let mut found = BTreeMap::new();
    for line in description.lines() {
        match bullet(line) {
            Some((value, text)) => {
                found.insert(value.to_owned(), text.to_owned());
            }
            None => rest.push(line),
        }
    }
    let explained = |value: &EnumValue| value.value.as_str().is_some_and(|value| found.contains_key(value));
    if !values.values.iter().all(explained) || found.len() != values.values.len() {
        return values;
    }
    for value in &mut values.values {
        let text = value.value.as_str().and_then(|value| found.get(value)).cloned();
        value.docs.description = text;
    }
    let rest = rest.join("\n").trim().trim_end_matches(':').to_owned();
    docs.description =
        (!rest.is_empty()).then(|| format!("{rest}{}", if rest.ends_with('.') { "" } else { "." }));
    values
}

fn bullet(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let rest = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "))?.trim_start().strip_prefix('`')?;
    let (value, text) = rest.split_once('`')?;
    let text = text.trim_start().trim_start_matches([':', '—', '–', '-']).trim();
    (!text.is_empty()).then_some((value, text))
}
