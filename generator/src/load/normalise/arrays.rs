//! Lists: tuples, lists of anything, and lists of nothing.

use serde_yaml::{Mapping, Value};

use super::schema::any_of;
use super::{Walk, text};

impl Walk<'_> {
    /// Gives a list the schema of its elements.
    pub(super) fn lists(&mut self, members: &mut Mapping) {
        if let Some(Value::Sequence(items)) = members.get("items").cloned() {
            members.shift_remove("items");
            self.tuple(members, "items", items);
        } else if let Some(Value::Sequence(prefix)) = members.shift_remove("prefixItems") {
            self.note_newer("prefixItems");
            self.tuple(members, "prefixItems", prefix);
        }
        match members.get("items") {
            Some(Value::Bool(true)) => drop(members.insert("items".into(), any())),
            Some(Value::Bool(false)) => {
                members.insert("items".into(), any());
                members.insert("maxItems".into(), 0.into());
            }
            _ => {}
        }
        if text(members, "type") == Some("array") && members.get("items").is_none_or(Value::is_null) {
            members.insert("items".into(), any());
            if !self.facts.is_newer() {
                self.note("an array needs `items`; its elements are read as any JSON");
            }
        }
    }

    /// Makes a list of a tuple: of any of the schemas of its elements.
    fn tuple(&mut self, members: &mut Mapping, keyword: &str, prefix: Vec<Value>) {
        let length = prefix.len() as u64;
        let at_most = members.get("maxItems").and_then(Value::as_u64);
        let is_closed = members.get("items") == Some(&Value::Bool(false));
        if is_closed {
            members.insert("maxItems".into(), at_most.map_or(length, |most| most.min(length)).into());
        }
        let rest = members.shift_remove("items");
        let is_bounded = is_closed || at_most.is_some_and(|most| most <= length);
        let mut schemas: Vec<_> = prefix
            .into_iter()
            .enumerate()
            .map(|(index, schema)| (format!("{keyword}/{index}"), schema))
            .collect();
        if !is_bounded {
            schemas.push(("items".to_owned(), rest.unwrap_or_else(any)));
        }
        let (items, moves) = any_of(schemas);
        for (from, to) in moves {
            self.moved(&from, &format!("items{to}"));
        }
        members.insert("type".into(), "array".into());
        members.insert("items".into(), items);
        self.note_at(keyword, "a tuple is read as a list; the position of an element is not checked");
    }
}

fn any() -> Value {
    Value::Mapping(Mapping::new())
}
