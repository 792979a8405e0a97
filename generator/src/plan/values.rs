//! Values in use: their Rust types, and the rules that they have to keep.

use super::bounds::integer;
use super::{Planner, Rule, Ty, Typed};
use crate::diagnostic::Location;
use crate::ir::{Enum, Schema, Type, TypeId, TypeKind};

/// Use of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// In JSON that only responses contain.
    Received,
    /// In JSON that requests contain.
    Sent,
    /// As a part of a form, which may be a file.
    FormPart,
}

impl Planner<'_, '_> {
    /// Plans a value. Rules of what is sent are examined: they may contradict each other.
    pub(super) fn typed(&mut self, schema: &Schema, of: Use) -> Option<Typed> {
        let shape = self.ty(schema, of);
        let constraints = match &shape {
            Some((ty, _)) => self.fitted(schema, ty),
            None => schema.constraints.clone(),
        };
        let rules = Rule::all(&constraints);
        if of != Use::Received {
            let ty = shape.as_ref().map_or(&Ty::Json, |(ty, _)| ty);
            self.examine(schema, ty, &rules)?;
            self.excluded(schema.not.as_ref());
        }
        let (ty, element) = shape?;
        // A format with a type of its own is said by the type.
        let format = schema.format.clone().filter(|_| ty == Ty::String);
        let default = schema.default.clone();
        Some(Typed { ty, nullable: schema.nullable, rules, element: element.map(Box::new), format, default })
    }

    /// Plans a type and, of a list or a map, its elements.
    fn ty(&mut self, schema: &Schema, of: Use) -> Option<(Ty, Option<Typed>)> {
        let ty = match &schema.ty {
            Type::Any => Ty::Json,
            Type::Null => Ty::Unit,
            Type::Boolean => Ty::Bool,
            Type::Integer(extent) => integer(extent),
            Type::Number(_) => Ty::F64,
            Type::String => Ty::String,
            Type::DateTime => Ty::DateTime,
            Type::Date => Ty::Date,
            Type::Binary if of == Use::FormPart => Ty::Upload,
            Type::Binary => {
                self.warn(&schema.source, "the content of a file in JSON is text, as it stands there");
                Ty::String
            }
            Type::Array(items) => {
                let element = self.typed(items, of)?;
                return Some((Ty::Vec(Box::new(element.element_ty())), Some(element)));
            }
            Type::Map(values) => {
                let element = self.typed(values, of)?;
                return Some((Ty::Map(Box::new(element.element_ty())), Some(element)));
            }
            Type::Named(id) if self.is_boolean(id) => Ty::Bool,
            Type::Custom { choice, .. } => {
                let path = self.choices.replacement(*choice)?.to_owned();
                self.custom.insert(path.clone());
                Ty::Custom(path)
            }
            // A type that could not be lowered has been reported.
            Type::Named(id) => Ty::Named(*self.facts.ids.get(id)?),
        };
        Some((ty, None))
    }

    /// Returns `true` for an enum of booleans, whose values are plain.
    fn is_boolean(&self, id: &TypeId) -> bool {
        let kind = self.api.types.get(id).map(|def| &def.kind);
        matches!(kind, Some(TypeKind::Enum(Enum { base: Type::Boolean, .. })))
    }

    /// Reports a restriction that has no effect on a type.
    pub(super) fn excluded(&mut self, not: Option<&Location>) {
        if let Some(not) = not {
            self.warn(not, "`not` is not checked before a request is sent");
        }
    }

    fn examine(&mut self, schema: &Schema, ty: &Ty, rules: &[Rule]) -> Option<()> {
        let pattern = rules.iter().find_map(|rule| match rule {
            Rule::Pattern(pattern) if *ty == Ty::String => Some(pattern.unreadable?),
            _ => None,
        });
        if let Some(reason) = pattern {
            self.warn(&schema.source.child("pattern"), format!("{reason}, so it is not checked"));
        }
        match rules.iter().find_map(|rule| rule.contradiction(ty)) {
            None => Some(()),
            Some(contradiction) => {
                let error = crate::diagnostic::Diagnostic::error(&schema.source, contradiction);
                self.diagnostics.push(error.at_key());
                None
            }
        }
    }
}
