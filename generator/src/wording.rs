//! What a description says nothing about: people will read its documentation all the same.

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::{Api, Docs, Operation, Schema, TypeDef};

/// Warns of everything that has a place in the documentation, and no words.
pub fn report_missing(api: &Api, diagnostics: &mut Diagnostics) {
    let mut missing = |docs: &Docs, at: &Location, what: &str| {
        if docs.summary.is_none() && docs.description.is_none() {
            let message = format!("{what} has no description");
            diagnostics.push(Diagnostic::warning(at, message).at_key());
        }
    };
    for operation in &api.operations {
        self::operation(operation, &mut missing);
    }
    for (id, def) in api.types.iter().filter(|(_, def)| def.usage.request || def.usage.response) {
        self::def(&id.0, def, &mut missing);
    }
}

type Missing<'m> = &'m mut dyn FnMut(&Docs, &Location, &str);

fn operation(operation: &Operation, missing: Missing<'_>) {
    missing(&operation.docs, &operation.source, "this operation");
    for parameter in &operation.parameters {
        missing(&parameter.docs, &parameter.source, "this parameter");
    }
}

fn def(at: &Location, def: &TypeDef, missing: Missing<'_>) {
    if def.is_component {
        missing(&def.docs, at, "this schema");
    }
    let properties = def.kind.as_object().map(|object| object.properties.as_slice()).unwrap_or_default();
    // A type with a name is described where it is declared.
    for property in properties.iter().filter(|property| property.schema.type_id().is_none()) {
        let Schema { docs, source, .. } = &property.schema;
        missing(docs, source, "this property");
    }
}
