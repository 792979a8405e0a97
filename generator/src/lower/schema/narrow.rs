//! The type that values have if they are of two types at once: members of an `allOf` narrow each other.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value as Node;

use super::{Kind, Name};
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Extent, Schema, Type, TypeId};
use crate::lower::Lowering;

/// Objects that two members of an `allOf` declare for one property, and that one type merges.
#[derive(Default)]
pub(super) struct Composed {
    /// The schemas that each type merges.
    members: BTreeMap<TypeId, Vec<Location>>,
    /// The type that merges each list of schemas.
    types: BTreeMap<Vec<Location>, TypeId>,
}

impl Composed {
    /// Returns the schemas that a type merges; a type that merges nothing is its own only member.
    pub(super) fn members(&self, id: &TypeId) -> Vec<Location> {
        self.members.get(id).cloned().unwrap_or_else(|| vec![id.0.clone()])
    }

    /// Returns `true` if a type merges several schemas.
    pub(super) fn has(&self, id: &TypeId) -> bool {
        self.members.contains_key(id)
    }
}

/// A place where two types meet, and the name of a type that would have to be made there.
pub(super) struct Meeting<'a> {
    pub(super) at: &'a Location,
    pub(super) name: &'a Name,
}

impl Lowering<'_> {
    /// Adds what another schema says of the same values, whose type becomes the narrower one. Reports types that have no
    /// value in common.
    pub(super) fn narrow(
        &mut self,
        schema: &mut Schema,
        other: Schema,
        meeting: &Meeting<'_>,
        contradiction: &str,
    ) -> Option<()> {
        let ty = self
            .open_object(schema, &other, meeting)
            .or_else(|| self.open_object(&other, schema, meeting))
            .or_else(|| self.narrower(&schema.ty, &other.ty, meeting));
        match ty {
            Some(ty) => {
                schema.ty = ty;
                schema.refine(other);
                Some(())
            }
            None => {
                let help = format!("the other one is at {}", schema.source);
                self.diagnostics.push(Diagnostic::error(&other.source, contradiction).at_key().help(help));
                None
            }
        }
    }

    /// Returns the type of an object that a map allows other properties.
    fn open_object(&mut self, object: &Schema, map: &Schema, meeting: &Meeting<'_>) -> Option<Type> {
        let (Type::Named(id), Type::Map(_)) = (&object.ty, &map.ty) else { return None };
        let at = self.sources.follow(&map.source).ok()?;
        let allows = self.fields(&at).has("additionalProperties");
        let is_object = allows && self.kind_of(id) == Kind::Object;
        is_object.then(|| Type::Named(self.composed(id, &TypeId(at), meeting)))
    }

    /// Returns the type of the values that have both types, if there are any.
    fn narrower(&mut self, a: &Type, b: &Type, meeting: &Meeting<'_>) -> Option<Type> {
        Some(match (a, b) {
            (Type::Any, ty) | (ty, Type::Any) => ty.clone(),
            (Type::Integer(a), Type::Integer(b)) => Type::Integer(extent(a, b)),
            (Type::Number(a), Type::Number(b)) => Type::Number(extent(a, b)),
            (Type::Integer(extent), Type::Number(_)) | (Type::Number(_), Type::Integer(extent)) => {
                Type::Integer(extent.clone())
            }
            (Type::Array(a), Type::Array(b)) => Type::Array(self.narrower_inside(a, b, "items", meeting)?),
            (Type::Map(a), Type::Map(b)) => {
                Type::Map(self.narrower_inside(a, b, "additionalProperties", meeting)?)
            }
            (Type::Named(a), Type::Named(b)) => Type::Named(self.narrower_named(a, b, meeting)?),
            (Type::Named(id), ty) | (ty, Type::Named(id)) => {
                self.has_values_of(id, ty).then(|| Type::Named(id.clone()))?
            }
            (text, other) if text.is_text() && other.is_text() => narrower_text(text, other),
            (a, b) if a.is_same(b) => a.clone(),
            _ => return None,
        })
    }

    /// Narrows elements of a list, or values of a map.
    fn narrower_inside(
        &mut self,
        a: &Schema,
        b: &Schema,
        keyword: &str,
        Meeting { at, name }: &Meeting<'_>,
    ) -> Option<Box<Schema>> {
        let name = name.with(if keyword == "items" { "Item" } else { "Value" });
        let meeting = Meeting { at: &at.child(keyword), name: &name };
        let ty = self.narrower(&a.ty, &b.ty, &meeting)?;
        let mut schema = a.clone();
        schema.ty = ty;
        schema.refine(b.clone());
        Some(Box::new(schema))
    }

    fn narrower_named(&mut self, a: &TypeId, b: &TypeId, meeting: &Meeting<'_>) -> Option<TypeId> {
        if a == b || self.builds_on(&a.0, &b.0) {
            return Some(a.clone());
        }
        if self.builds_on(&b.0, &a.0) {
            return Some(b.clone());
        }
        match (self.kind_of(a), self.kind_of(b)) {
            (Kind::Object, Kind::Object) => Some(self.composed(a, b, meeting)),
            (Kind::Enum, Kind::Enum) => {
                let [values, others] = [a, b].map(|id| self.listed_values(&id.0));
                let narrower = if values.iter().all(|value| others.contains(value)) { a } else { b };
                values.iter().any(|value| others.contains(value)).then(|| narrower.clone())
            }
            // One of the members of a union is narrower than the union.
            (Kind::Union, _) => Some(b.clone()),
            (_, Kind::Union) => Some(a.clone()),
            _ => None,
        }
    }

    fn kind_of(&self, id: &TypeId) -> Kind {
        if self.types.composed.has(id) { Kind::Object } else { self.kind(&id.0) }
    }

    /// Returns `true` if a schema has another one among the members of its `allOf`, at any depth.
    pub(super) fn builds_on(&self, at: &Location, other: &Location) -> bool {
        let (mut seen, mut pending) = (BTreeSet::new(), self.members(at));
        while let Some(member) = pending.pop() {
            if member == *other {
                return true;
            }
            if seen.insert(member.clone()) {
                pending.extend(self.members(&member));
            }
        }
        false
    }

    /// Returns `true` if values of a named type can have another type that has no name.
    fn has_values_of(&self, id: &TypeId, ty: &Type) -> bool {
        match self.kind_of(id) {
            Kind::Object => matches!(ty, Type::Map(_)),
            Kind::Enum => self.listed_values(&id.0).into_iter().any(|value| is_of_type(value, ty)),
            Kind::Union => true,
            Kind::Unnamed => match self.fields(&id.0).text("type").as_deref() {
                Some("array") => matches!(ty, Type::Array(_)),
                _ => matches!(ty, Type::Map(_)),
            },
        }
    }

    /// Returns the type that merges two objects.
    pub(super) fn composed(&mut self, a: &TypeId, b: &TypeId, Meeting { at, name }: &Meeting<'_>) -> TypeId {
        let composed = &mut self.types.composed;
        let mut members = composed.members(a);
        members
            .extend(composed.members(b).into_iter().filter(|member| !composed.members(a).contains(member)));
        if let Some(known) = composed.types.get(&members) {
            return known.clone();
        }
        let id = TypeId((*at).clone());
        composed.types.insert(members.clone(), id.clone());
        composed.members.insert(id.clone(), members);
        self.types.names.put(at, name);
        self.types.met.insert(id.clone());
        // A schema that stands here may have been met, and lowered, as it is alone.
        self.types.pending.push(id.clone());
        id
    }
}

/// Returns the format and the range of the first type or, as far as the first says nothing, those of the second.
fn extent(a: &Extent, b: &Extent) -> Extent {
    Extent {
        format: a.format.clone().or_else(|| b.format.clone()),
        minimum: a.minimum.clone().or_else(|| b.minimum.clone()),
        maximum: a.maximum.clone().or_else(|| b.maximum.clone()),
    }
}

/// Returns the narrower of two types of text; different formats leave only text.
fn narrower_text(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (Type::String, other) | (other, Type::String) => other.clone(),
        (a, b) if a.is_same(b) => a.clone(),
        _ => Type::String,
    }
}

fn is_of_type(value: &Node, ty: &Type) -> bool {
    match ty {
        Type::Boolean => value.is_bool(),
        Type::Integer(_) => value.is_i64() || value.is_u64(),
        Type::Number(_) => value.is_number(),
        Type::Array(_) => value.is_sequence(),
        Type::Map(_) => value.is_mapping(),
        ty => ty.is_text() && value.is_string(),
    }
}
