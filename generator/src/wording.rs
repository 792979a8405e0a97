//! Items without prose in a description: people will read their documentation all the same.

use std::fmt::Display;

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::Docs;
use crate::plan::{Call, Crate, InputKind, Item, ItemKind, OpenEnum, Ty};

/// Warns of everything that has a place in the documentation, and no prose.
pub fn report_missing(krate: &Crate, diagnostics: &mut Diagnostics) {
    let mut missing = |docs: &Docs, at: &Location, what: &str| {
        // A response has to have a description, so one without prose has an empty one.
        let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        if is_empty(&docs.summary) && is_empty(&docs.description) {
            let message = format!("{what} has no description");
            diagnostics.push(Diagnostic::warning(at, message).at_key());
        }
    };
    for call in &krate.calls {
        self::call(call, &mut missing);
    }
    for variant in &krate.errors.variants {
        missing(&variant.docs, &variant.source, "this response");
    }
    for webhook in &krate.webhooks {
        missing(&webhook.docs, &webhook.source, "this operation");
        for response in &webhook.responses {
            missing(&response.docs, &response.source, "this response");
        }
    }
    for header in &krate.headers {
        missing(&header.docs, &header.source, "this header");
    }
    for item in &krate.items {
        self::item(krate, item, &mut missing);
    }
}

type Missing<'m> = &'m mut dyn FnMut(&Docs, &Location, &str);

fn call(call: &Call, missing: Missing<'_>) {
    missing(&call.docs, &call.source, "this operation");
    for input in call.inputs.iter().filter(|input| matches!(input.kind, InputKind::Parameter { .. })) {
        missing(&input.docs, &input.source, "this parameter");
    }
}

fn item(krate: &Crate, item: &Item, missing: Missing<'_>) {
    if item.is_component {
        missing(&item.docs, &item.source, "this schema");
    }
    match &item.kind {
        ItemKind::Struct(structure) => {
            // A component is described where it is declared.
            let is_component = |ty: &Ty| matches!(ty, Ty::Named(id) if krate.item(*id).is_component);
            for field in structure.fields.iter().filter(|field| !is_component(&field.value.ty)) {
                missing(&field.docs, &field.source, "this property");
            }
        }
        ItemKind::StringEnum(values) => variants(item, values, missing),
        ItemKind::IntegerEnum(values) => variants(item, values, missing),
        ItemKind::ValueEnum(values) => variants(item, values, missing),
        // Elements and members are described where they are declared.
        ItemKind::Newtype(_) | ItemKind::Union(_) => {}
    }
}

/// Warns of values without prose, if other values have some.
fn variants<T: Display>(item: &Item, values: &OpenEnum<T>, missing: Missing<'_>) {
    if values.variants.iter().all(|variant| variant.docs.description.is_none()) {
        return;
    }
    for (index, variant) in values.variants.iter().enumerate() {
        missing(
            &variant.docs,
            &item.source.child("enum").child(index),
            &format!("the value `{}`", variant.value),
        );
    }
}
