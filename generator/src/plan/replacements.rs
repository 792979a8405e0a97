//! Replacements of what is deprecated (`x-replacement`).

use super::{Field, Input, InputKind, Name, Planner};
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Object, Property};

/// Statement of a description about the replacement of a parameter or property.
pub(super) struct Stated<'s> {
    /// Name of the replacement on the wire.
    pub(super) replacement: Option<&'s str>,
    /// `true` if the parameter or property is deprecated.
    pub(super) is_deprecated: bool,
    /// Noun of what is deprecated and of its replacement.
    pub(super) noun: &'static str,
    /// Place of the parameter or property.
    pub(super) at: &'s Location,
}

impl<'s> Stated<'s> {
    /// Returns the statement about a property.
    pub(super) fn of_property(property: &'s Property) -> Self {
        let schema = &property.schema;
        Self {
            replacement: schema.replacement.as_deref(),
            is_deprecated: schema.deprecated,
            noun: "property",
            at: &schema.source,
        }
    }
}

impl Planner<'_, '_> {
    /// Returns the name of a stated replacement among others; reports a statement that leads nowhere.
    pub(super) fn replacement<'n>(
        &mut self,
        stated: &Stated<'_>,
        mut others: impl Iterator<Item = (&'n str, &'n Name)>,
    ) -> Option<Name> {
        let wanted = stated.replacement?;
        let (noun, at) = (stated.noun, stated.at.child("x-replacement"));
        if !stated.is_deprecated {
            self.warn(&at, format!("`x-replacement` is not used: the {noun} is not deprecated"));
            return None;
        }
        let found = others.find(|(wire, _)| *wire == wanted).map(|(_, name)| name.clone());
        if found.is_none() {
            let message = format!("expected the name of another {noun}, found `{wanted}`");
            let help = format!("name a {noun} beside this one, or delete `x-replacement`");
            self.diagnostics.push(Diagnostic::warning(&at, message).help(help));
        }
        found
    }

    /// Names the fields that replace deprecated ones.
    pub(super) fn replace_fields(&mut self, object: &Object, fields: &mut [Field]) {
        for (index, property) in object.properties.iter().enumerate() {
            let others = fields.iter().filter(|field| field.wire != property.name);
            let others = others.map(|field| (field.wire.as_str(), &field.name));
            let replacement = self.replacement(&Stated::of_property(property), others);
            fields[index].replacement = replacement;
        }
    }
}

/// Names the inputs that replace deprecated ones: an input may have another name than its field.
pub(super) fn name_inputs(inputs: &mut [Input], fields: &[Field]) {
    let names: Vec<_> = inputs.iter().map(|input| (input.kind.clone(), input.name.clone())).collect();
    for input in inputs {
        let Some(replacement) = &mut input.replacement else { continue };
        let field = fields.iter().position(|field| field.name == *replacement);
        let is_of_field =
            |kind: &InputKind| matches!(kind, InputKind::BodyField(index) if Some(*index) == field);
        if let Some((_, name)) = names.iter().find(|(kind, _)| is_of_field(kind)) {
            *replacement = name.clone();
        }
    }
}
