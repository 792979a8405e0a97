//! Collects the error responses of all operations: one enum for the whole client, in which a kind of
//! response that many operations declare stands once, and for each operation the set of those it declares.

use crate::ir::{Api, Docs, ErrorResponse, Operation, Response, StatusPattern, Type};

pub(super) fn collect(api: &mut Api) {
    let mut errors: Vec<ErrorResponse> = Vec::new();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut chosen = Vec::new();
    for operation in &api.operations {
        let declared =
            operation.responses.iter().filter(|response| !response.status.is_success()).map(declared);
        let mut set: Vec<usize> = declared
            .chain(failure(api, operation))
            .map(|error| position(&mut errors, error, is_same))
            .collect();
        set.sort_unstable();
        chosen.push(position(&mut sets, set, PartialEq::eq));
    }
    for (operation, set) in api.operations.iter_mut().zip(chosen) {
        operation.error_set = set;
    }
    api.errors = errors;
    api.error_sets = sets;
    sort_by_status(api);
}

fn declared(response: &Response) -> ErrorResponse {
    ErrorResponse {
        rust_name: String::new(),
        status: response.status,
        docs: response.docs.clone(),
        schema: response.json().and_then(|content| content.schema.clone()),
    }
}

/// A reply with the status of a success that reports a failure, if the description says what it is then.
fn failure(api: &Api, operation: &Operation) -> Option<ErrorResponse> {
    let object = api.object(operation.reply()?)?;
    let schema = object.failure.as_ref()?.schema.as_deref()?.clone();
    let docs = Docs {
        description: Some("a reply that reports a failure, whatever its status says.".to_owned()),
        ..Docs::default()
    };
    Some(ErrorResponse {
        rust_name: String::new(),
        status: StatusPattern::Range(2),
        docs,
        schema: Some(schema),
    })
}

fn is_same(a: &ErrorResponse, b: &ErrorResponse) -> bool {
    let is_same_body = match (&a.schema, &b.schema) {
        (Some(a), Some(b)) => a.ty.is_same(&b.ty),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.status == b.status && is_same_body
}

/// Where an element is in a list, to which it is added if it is not there yet.
fn position<T>(list: &mut Vec<T>, element: T, is_same: impl Fn(&T, &T) -> bool) -> usize {
    list.iter().position(|other| is_same(other, &element)).unwrap_or_else(|| {
        list.push(element);
        list.len() - 1
    })
}

/// The order must not depend on which operation comes first, nor on where a type is declared.
fn sort_by_status(api: &mut Api) {
    let mut order: Vec<usize> = (0..api.errors.len()).collect();
    order.sort_by_key(|index| (api.errors[*index].status, body_name(api, &api.errors[*index])));
    api.errors = order.iter().map(|index| api.errors[*index].clone()).collect();
    let rank = |old: &usize| order.iter().position(|index| index == old).unwrap_or_default();
    for set in &mut api.error_sets {
        *set = set.iter().map(rank).collect();
        set.sort_unstable();
    }
}

fn body_name(api: &Api, error: &ErrorResponse) -> Option<String> {
    match &error.schema.as_ref()?.ty {
        Type::Named(id) => api.types.get(id).map(|def| def.name.clone()),
        _ => None,
    }
}
