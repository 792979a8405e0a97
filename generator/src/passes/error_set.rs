//! Collects the error responses of all operations: one enum for the whole client, in which a kind of
//! response that many operations declare stands once, and for each operation the set of those it declares.

use crate::ir::{Api, ErrorResponse, Response, Schema, StatusPattern, Type, TypeId};

pub(super) fn collect(api: &mut Api) {
    for operation in &mut api.operations {
        let mut set: Vec<usize> = operation
            .responses
            .iter()
            .filter(|r| !r.status.is_success())
            .map(|r| index_of(r, &mut api.errors))
            .collect();
        set.sort_unstable();
        operation.error_set = position(&mut api.error_sets, set);
    }
    sort_by_status(api);
}

fn index_of(response: &Response, errors: &mut Vec<ErrorResponse>) -> usize {
    let schema = response.json().and_then(|content| content.schema.clone());
    let same = |other: &ErrorResponse| {
        other.status == response.status && name(other.schema.as_ref()) == name(schema.as_ref())
    };
    errors.iter().position(same).unwrap_or_else(|| {
        errors.push(ErrorResponse {
            rust_name: String::new(),
            status: response.status,
            docs: response.docs.clone(),
            schema: schema.clone(),
        });
        errors.len() - 1
    })
}

/// What tells one body from another: unnamed ones are all the same to an enum only if they look alike.
fn name(schema: Option<&Schema>) -> Option<(Option<&TypeId>, String)> {
    schema.map(|schema| match &schema.ty {
        Type::Named(id) => (Some(id), String::new()),
        other => (None, format!("{other:?}")),
    })
}

fn position(sets: &mut Vec<Vec<usize>>, set: Vec<usize>) -> usize {
    sets.iter().position(|other| *other == set).unwrap_or_else(|| {
        sets.push(set);
        sets.len() - 1
    })
}

/// The order must not depend on which operation comes first.
fn sort_by_status(api: &mut Api) {
    let mut order: Vec<usize> = (0..api.errors.len()).collect();
    order.sort_by_key(|index| key(&api.errors[*index]));
    api.errors = order.iter().map(|index| api.errors[*index].clone()).collect();
    let rank = |old: &usize| order.iter().position(|index| index == old).unwrap_or_default();
    for set in &mut api.error_sets {
        *set = set.iter().map(rank).collect();
        set.sort_unstable();
    }
}

fn key(error: &ErrorResponse) -> (StatusPattern, String) {
    (error.status, format!("{:?}", name(error.schema.as_ref())))
}
