//! The parts of a client whose operations have several first tags: each has the operations with one first tag and
//! the types that no others reach. What errors and directly selected components are made of belongs to no part.

use std::collections::{BTreeMap, BTreeSet};

use super::errors::Responses;
use super::names::{PartNames, part_names};
use super::usage::sent;
use super::{Part, PartId};
use crate::diagnostic::Diagnostics;
use crate::ir::{Api, Direction, Operation, Schema, TypeId};

/// Division of a client into parts.
pub(super) struct Parts<'a> {
    /// The parts, sorted by tag; none for a client in one piece.
    pub(super) list: Vec<Part>,
    /// The part of each operation.
    of_operations: Vec<Option<PartId>>,
    /// The only part that reaches a type; types of no single part are not listed.
    of_types: BTreeMap<&'a TypeId, PartId>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(api: &'a Api, errors: &Responses<'a>, diagnostics: &mut Diagnostics) -> Self {
        let tags: BTreeSet<Option<&String>> = api.operations.iter().map(first_tag).collect();
        let tags: Vec<Option<&String>> = tags.into_iter().collect();
        if tags.len() < 2 || api.direction == Direction::Incoming {
            let of_operations = vec![None; api.operations.len()];
            return Self { list: Vec::new(), of_operations, of_types: BTreeMap::new() };
        }
        let part_of = |operation: &Operation| tags.binary_search(&first_tag(operation)).ok();
        let of_operations: Vec<_> = api.operations.iter().map(part_of).collect();
        let of_types = owners(api, &of_operations, errors);
        let part = |(tag, PartNames { name, feature }): (Option<&String>, PartNames)| {
            let docs = tag.and_then(|tag| api.tags.get(tag)).cloned().unwrap_or_default();
            Part { tag: tag.cloned(), docs, name, feature }
        };
        let names = part_names(api, &tags, &of_operations, diagnostics);
        Self { list: tags.iter().copied().zip(names).map(part).collect(), of_operations, of_types }
    }

    pub(super) fn of_operation(&self, index: usize) -> Option<PartId> {
        self.of_operations.get(index).copied().flatten()
    }

    pub(super) fn of_type(&self, id: &TypeId) -> Option<PartId> {
        self.of_types.get(id).copied()
    }
}

fn first_tag(operation: &Operation) -> Option<&String> {
    operation.tags.first()
}

/// Finds the only part that reaches each type, for types that have one.
fn owners<'a>(
    api: &'a Api,
    of_operations: &[Option<PartId>],
    errors: &Responses<'a>,
) -> BTreeMap<&'a TypeId, PartId> {
    let mut reached: Vec<(&TypeId, Option<PartId>)> = Vec::new();
    let named = |schema: &'a Schema, part| Some((schema.named()?, part));
    for (operation, part) in api.operations.iter().zip(of_operations) {
        reached.extend(sent(api, operation).filter_map(|schema| named(schema, *part)));
        for response in &operation.responses {
            // What errors are made of belongs to no part; the response to all other statuses may be one.
            let part = part.filter(|_| response.status.is_success());
            reached.extend(response.json().and_then(|schema| named(schema, part)));
        }
        let items = operation.stream().and_then(|(_, content)| content.item());
        reached.extend(items.and_then(|schema| named(schema, *part)));
    }
    reached.extend(errors.list.iter().filter_map(|error| named(error.schema()?, None)));
    reached.extend(api.components.iter().filter_map(|component| named(&component.schema, None)));
    let mut owners: BTreeMap<&TypeId, Option<PartId>> = BTreeMap::new();
    while let Some((id, part)) = reached.pop() {
        let before = owners.get(id).copied();
        let owner = before.map_or(part, |before| before.filter(|before| part == Some(*before)));
        if before == Some(owner) {
            continue;
        }
        let inner = api.types.get(id).map(|def| def.kind.schemas()).unwrap_or_default();
        reached.extend(inner.into_iter().filter_map(|schema| Some((schema.named()?, owner))));
        owners.insert(id, owner);
    }
    owners.into_iter().filter_map(|(id, owner)| Some((id, owner?))).collect()
}
