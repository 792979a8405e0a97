//! Drops types that no operation and no selected component reaches any more.

use std::collections::BTreeSet;

use crate::ir::{Api, Operation, Schema, TypeId};

pub(super) fn prune(api: &mut Api) {
    let mut reached: BTreeSet<TypeId> = BTreeSet::new();
    let components = api.components.iter().map(|component| &component.schema);
    let mut found: Vec<&TypeId> =
        api.operations.iter().flat_map(schemas).chain(components).filter_map(Schema::named).collect();
    while let Some(id) = found.pop() {
        if let Some(def) = api.types.get(id)
            && reached.insert(id.clone())
        {
            found.extend(def.kind.schemas().into_iter().filter_map(Schema::named));
        }
    }
    api.types.retain(|id, _| reached.contains(id));
}

fn schemas(operation: &Operation) -> impl Iterator<Item = &Schema> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.schema);
    let body = operation.body.iter().flat_map(|body| &body.contents);
    let responses = operation.responses.iter().flat_map(|response| &response.contents);
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let failure =
        operation.envelope.as_ref().and_then(|envelope| envelope.failure.as_ref()?.schema.as_deref());
    parameters
        .chain(body.chain(responses).filter_map(|content| content.schema.as_ref()))
        .chain(headers.filter_map(|header| header.schema.as_ref()))
        .chain(failure)
}
