//! Derives whether each field is always there and always has a value: from what the description says, and from
//! the directions in which its type is sent.

use crate::ir::{Api, Presence, Property, TypeKind, Usage};

pub(super) fn derive(api: &mut Api) {
    for def in api.types.values_mut() {
        if let TypeKind::Object(object) = &mut def.kind {
            for property in &mut object.properties {
                property.presence = presence(property, def.usage);
            }
        }
    }
}

fn presence(property: &Property, usage: Usage) -> Presence {
    let schema = &property.schema;
    // What only one direction has is missing in the other.
    let one_way = (schema.read_only && usage.request) || (schema.write_only && usage.response);
    match (property.required && !one_way, schema.nullable) {
        (true, false) => Presence::Required,
        (true, true) => Presence::Nullable,
        (false, true) if usage.request && !schema.read_only => Presence::OptionalNullable,
        (false, _) => Presence::Optional,
    }
}
