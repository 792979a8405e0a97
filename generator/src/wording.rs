//! What a description says nothing about: people will read its documentation all the same.

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::Docs;
use crate::plan::{Call, Crate, InputKind, Item, ItemKind, Ty};

/// Warns of everything that has a place in the documentation, and no prose.
pub fn report_missing(krate: &Crate, diagnostics: &mut Diagnostics) {
    let mut missing = |docs: &Docs, at: &Location, what: &str| {
        if docs.summary.is_none() && docs.description.is_none() {
            let message = format!("{what} has no description");
            diagnostics.push(Diagnostic::warning(at, message).at_key());
        }
    };
    for call in &krate.calls {
        self::call(call, &mut missing);
    }
    for item in &krate.items {
        self::item(item, &mut missing);
    }
}

type Missing<'m> = &'m mut dyn FnMut(&Docs, &Location, &str);

fn call(call: &Call, missing: Missing<'_>) {
    missing(&call.docs, &call.source, "this operation");
    for input in call.inputs.iter().filter(|input| matches!(input.kind, InputKind::Parameter(_))) {
        missing(&input.docs, &input.source, "this parameter");
    }
}

fn item(item: &Item, missing: Missing<'_>) {
    if item.is_component {
        missing(&item.docs, &item.source, "this schema");
    }
    let ItemKind::Struct(structure) = &item.kind else { return };
    // A type with a name is described where it is declared.
    for field in structure.fields.iter().filter(|field| !matches!(field.value.ty, Ty::Named(_))) {
        missing(&field.docs, &field.source, "this property");
    }
}
