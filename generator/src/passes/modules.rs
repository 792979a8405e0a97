//! Divides a client whose operations have different first tags into parts: each takes the operations with one
//! first tag and the types that no others reach. What errors are made of belongs to no part.

use std::collections::{BTreeMap, BTreeSet};

use super::direction::sent;
use crate::ir::{Api, Module, Operation, Response, Schema, TypeId};

pub(super) fn divide(api: &mut Api) {
    let tags: BTreeSet<Option<&String>> = api.operations.iter().map(first_tag).collect();
    if tags.len() < 2 {
        return;
    }
    let tags: Vec<Option<String>> = tags.into_iter().map(Option::<&String>::cloned).collect();
    for operation in &mut api.operations {
        operation.module = tags.binary_search(&first_tag(operation).cloned()).ok();
    }
    for (id, module) in owners(api) {
        if let Some(def) = api.types.get_mut(&id) {
            def.module = module;
        }
    }
    let module = |tag| Module { tag, rust_name: String::new(), feature: String::new() };
    api.modules = tags.into_iter().map(module).collect();
}

fn first_tag(operation: &Operation) -> Option<&String> {
    operation.tags.first()
}

/// The only module that reaches each type, or none where there are several.
fn owners(api: &Api) -> BTreeMap<TypeId, Option<usize>> {
    let mut reached: Vec<(TypeId, Option<usize>)> = Vec::new();
    for operation in &api.operations {
        let mut reach =
            |schema: &Schema, module| reached.extend(schema.named().map(|id| (id.clone(), module)));
        sent(api, operation).for_each(|schema| reach(schema, operation.module));
        for response in &operation.responses {
            let module = operation.module.filter(|_| response.status.is_success());
            schemas(response).for_each(|schema| reach(schema, module));
        }
    }
    reached
        .extend(api.errors.iter().filter_map(|error| Some((error.schema.as_ref()?.named()?.clone(), None))));
    let mut owners: BTreeMap<TypeId, Option<usize>> = BTreeMap::new();
    while let Some((id, module)) = reached.pop() {
        let before = owners.get(&id).copied();
        let owner = before.map_or(module, |before| before.filter(|before| module == Some(*before)));
        if before == Some(owner) {
            continue;
        }
        let inner = api.types.get(&id).map(|def| def.kind.schemas()).unwrap_or_default();
        reached.extend(inner.into_iter().filter_map(|schema| Some((schema.named()?.clone(), owner))));
        owners.insert(id, owner);
    }
    owners
}

fn schemas(response: &Response) -> impl Iterator<Item = &Schema> {
    response.contents.iter().filter_map(|content| content.schema.as_ref())
}
