//! Puts a `Box` around each field through which a type contains itself. A list or a map in between is
//! indirection enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Type, TypeId, TypeKind};

pub(super) fn box_cycles(api: &mut Api) {
    let contains: BTreeMap<TypeId, Vec<TypeId>> =
        api.types.iter().map(|(id, def)| (id.clone(), contained(&def.kind))).collect();
    for (id, def) in &mut api.types {
        let TypeKind::Object(object) = &mut def.kind else { continue };
        for property in &mut object.properties {
            if let Type::Named(field) = &property.schema.ty {
                property.boxed = reaches(field, id, &contains);
            }
        }
    }
}

fn contained(kind: &TypeKind) -> Vec<TypeId> {
    let schemas: Vec<_> = match kind {
        TypeKind::Object(object) => object.properties.iter().map(|property| &property.schema).collect(),
        TypeKind::Union(union) => union.variants.iter().collect(),
        TypeKind::Enum(_) => Vec::new(),
    };
    schemas
        .into_iter()
        .filter_map(|schema| match &schema.ty {
            Type::Named(id) => Some(id.clone()),
            _ => None,
        })
        .collect()
}

fn reaches(from: &TypeId, to: &TypeId, contains: &BTreeMap<TypeId, Vec<TypeId>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(id) = next.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            next.extend(contains.get(id).into_iter().flatten());
        }
    }
    false
}
