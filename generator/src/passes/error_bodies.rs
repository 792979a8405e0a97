//! Merges bodies of error responses that have one structure: they become one type.
//!
//! A vendor often declares a type for each status. Of the equal ones, the type with the shortest name stays, since the
//! most general type has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Additional, Api, Enum, Object, Operation, Response, Schema, Type, TypeId, TypeKind};

pub(super) fn merge(api: &mut Api) {
    let mut bodies: BTreeSet<&TypeId> = BTreeSet::new();
    for operation in &api.operations {
        bodies.extend(schemas(operation).filter_map(Schema::type_id));
    }
    let mut bodies: Vec<_> =
        bodies.into_iter().filter_map(|id| Some((&api.types.get(id)?.name, id))).collect();
    bodies.sort_by_key(|(name, id)| (name.len(), *name, *id));
    let mut kept: Vec<&TypeId> = Vec::new();
    let mut merged: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    for (_, id) in bodies {
        match kept.iter().find(|other| is_equal(api, id, other, &mut BTreeSet::new())) {
            Some(other) => drop(merged.insert(id.clone(), (*other).clone())),
            None => kept.push(id),
        }
    }
    for schema in api.operations.iter_mut().flat_map(schemas_mut) {
        if let Type::Named(id) = &mut schema.ty
            && let Some(other) = merged.get(id)
        {
            *id = other.clone();
        }
    }
}

fn schemas(operation: &Operation) -> impl Iterator<Item = &Schema> {
    let failure =
        operation.envelope.as_ref().and_then(|envelope| envelope.failure.as_ref()?.schema.as_deref());
    operation.failures().filter_map(|response| response.json()).chain(failure)
}

fn schemas_mut(operation: &mut Operation) -> impl Iterator<Item = &mut Schema> {
    let failure =
        operation.envelope.as_mut().and_then(|envelope| envelope.failure.as_mut()?.schema.as_deref_mut());
    let failures = operation.responses.iter_mut().filter(|response| !response.status.is_success());
    failures.flat_map(Response::schemas_mut).chain(failure)
}

/// Returns `true` if two types are objects or enums of one structure, prose aside. Types around which the comparison is already
/// going on count as equal.
pub(super) fn is_equal<'a>(
    api: &'a Api,
    a: &'a TypeId,
    b: &'a TypeId,
    compared: &mut BTreeSet<(&'a TypeId, &'a TypeId)>,
) -> bool {
    if a == b || !compared.insert((a, b)) {
        return true;
    }
    let kind = |id| api.types.get(id).map(|def| &def.kind);
    match (kind(a), kind(b)) {
        (Some(TypeKind::Object(a)), Some(TypeKind::Object(b))) => is_equal_object(api, a, b, compared),
        (Some(TypeKind::Enum(a)), Some(TypeKind::Enum(b))) => is_equal_enum(a, b),
        _ => false,
    }
}

fn is_equal_object<'a>(
    api: &'a Api,
    a: &'a Object,
    b: &'a Object,
    compared: &mut BTreeSet<(&'a TypeId, &'a TypeId)>,
) -> bool {
    a.properties.len() == b.properties.len()
        && has_no_rest(a)
        && has_no_rest(b)
        && a.properties.iter().all(|property| {
            b.property(&property.name).is_some_and(|other| {
                property.required == other.required
                    && property.alias == other.alias
                    && is_equal_schema(api, &property.schema, &other.schema, compared)
            })
        })
}

/// Returns `true` if two enums have the same values in the same order.
fn is_equal_enum(a: &Enum, b: &Enum) -> bool {
    let values = |list: &Enum| list.values.iter().map(|value| value.value.clone()).collect::<Vec<_>>();
    a.base.is_same(&b.base) && values(a) == values(b)
}

/// Returns `true` if an object has only its properties.
fn has_no_rest(object: &Object) -> bool {
    matches!(object.additional, Additional::Unspecified | Additional::Forbidden) && object.not.is_none()
}

fn is_equal_schema<'a>(
    api: &'a Api,
    a: &'a Schema,
    b: &'a Schema,
    compared: &mut BTreeSet<(&'a TypeId, &'a TypeId)>,
) -> bool {
    if a.nullable != b.nullable || a.deprecated != b.deprecated {
        return false;
    }
    match (&a.ty, &b.ty) {
        (Type::Array(a), Type::Array(b)) | (Type::Map(a), Type::Map(b)) => {
            is_equal_schema(api, a, b, compared)
        }
        (Type::Named(a), Type::Named(b)) => is_equal(api, a, b, compared),
        (a, b) => a.is_equal(b),
    }
}
