//! Streams of items: the schema of an item becomes that of the elements of a list, which is the whole stream.

use serde_yaml::{Mapping, Value};

use super::{Walk, text};
use crate::ir::Sequence;

impl Walk<'_> {
    /// Makes a list of `itemSchema`, unless the whole stream has a schema, too.
    pub(super) fn items(&mut self, members: &mut Mapping, media_type: &str) {
        let Some(sequence) = Sequence::of(media_type) else { return };
        let Some(mut item) = members.shift_remove("itemSchema") else { return };
        if members.contains_key("schema") {
            return;
        }
        self.moved("itemSchema", "schema/items");
        if sequence == Sequence::Events {
            self.event_data(&mut item, "");
        }
        let mut schema = Mapping::new();
        schema.insert("type".into(), "array".into());
        schema.insert("items".into(), item);
        members.insert("schema".into(), Value::Mapping(schema));
    }

    /// Replaces the text in the data of an event by the JSON that the text is. `path` leads from the item to a schema.
    fn event_data(&mut self, schema: &mut Value, path: &str) {
        let Value::Mapping(members) = schema else { return };
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let schemas = members.get_mut(keyword).and_then(Value::as_sequence_mut);
            for (index, schema) in schemas.into_iter().flatten().enumerate() {
                self.event_data(schema, &format!("{path}/{keyword}/{index}"));
            }
        }
        let Some(data) = members.get_mut("properties").and_then(|properties| properties.get_mut("data"))
        else {
            return;
        };
        let Some(content) = data.as_mapping_mut().filter(|data| is_json(data)) else { return };
        if let Some(json) = content.shift_remove("contentSchema") {
            let place = format!("{path}/properties/data");
            self.moved(&format!("itemSchema{place}/contentSchema"), &format!("schema/items{place}"));
            *data = json;
        }
    }
}

fn is_json(data: &Mapping) -> bool {
    let media_type = text(data, "contentMediaType").map(crate::ir::essence);
    media_type.is_some_and(|media_type| media_type == "application/json" || media_type.ends_with("+json"))
}
