//! Objects: the forms of JSON Schema for further properties.

use serde_yaml::{Mapping, Value};

use super::Walk;
use super::schema::any_of;

impl Walk<'_> {
    /// Gives an object the schema of its further properties.
    pub(super) fn objects(&mut self, members: &mut Mapping) {
        if let Some(unevaluated) = members.shift_remove("unevaluatedProperties") {
            self.note_newer("unevaluatedProperties");
            if !members.contains_key("additionalProperties") {
                self.moved("unevaluatedProperties", "additionalProperties");
                members.insert("additionalProperties".into(), unevaluated);
            }
        }
        if let Some(Value::Mapping(patterns)) = members.shift_remove("patternProperties") {
            self.note_newer("patternProperties");
            self.patterns(members, patterns);
        }
        remove_forbidden(members);
    }

    /// Makes further properties of those whose names have a pattern.
    fn patterns(&mut self, members: &mut Mapping, patterns: Mapping) {
        let others = members.shift_remove("additionalProperties");
        let mut schemas: Vec<_> = patterns
            .into_iter()
            .filter(|(_, schema)| *schema != Value::Bool(false))
            .map(|(name, schema)| {
                let name = super::escaped(name.as_str().unwrap_or_default());
                (format!("patternProperties/{name}"), schema)
            })
            .collect();
        if let Some(others) = others.filter(|others| *others != Value::Bool(false)) {
            schemas.push(("additionalProperties".to_owned(), others));
        }
        let (schema, moves) = if schemas.is_empty() { (false.into(), Vec::new()) } else { any_of(schemas) };
        for (from, to) in moves {
            self.moved(&from, &format!("additionalProperties{to}"));
        }
        members.insert("additionalProperties".into(), schema);
        self.note_at("patternProperties", "names of properties are not checked by their patterns");
    }
}

/// Removes properties that no value can have.
fn remove_forbidden(members: &mut Mapping) {
    let Some(Value::Mapping(properties)) = members.get_mut("properties") else { return };
    properties.retain(|_, schema| *schema != Value::Bool(false));
}
