//! Leaves responses that calls return, and nothing in them that HTTP does not have.

use std::collections::BTreeSet;

use super::error_bodies::is_equal;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Content, Operation, Schema, Type, TypeId};

pub(super) fn clean(api: &mut Api, diagnostics: &mut Diagnostics) {
    for operation in &mut api.operations {
        drop_informational(operation, diagnostics);
        drop_impossible_content(operation, diagnostics);
    }
    merge_successes(api);
}

/// Drops informational responses: another response always follows.
fn drop_informational(operation: &mut Operation, diagnostics: &mut Diagnostics) {
    operation.responses.retain(|response| {
        let is_final = !response.status.is_informational();
        if !is_final {
            let message = "an informational response is not returned: calls return the response that follows";
            diagnostics.push(Diagnostic::warning(&response.source, message).at_key());
        }
        is_final
    });
}

/// Drops the content of statuses that never have any.
fn drop_impossible_content(operation: &mut Operation, diagnostics: &mut Diagnostics) {
    for response in &mut operation.responses {
        if response.status.has_no_content() && !response.contents.is_empty() {
            let message = format!("a response with the status {} has no content", response.status);
            diagnostics.push(Diagnostic::warning(&response.source.child("content"), message).at_key());
            response.contents.clear();
        }
    }
}

/// Gives equal successes of an operation one type. A component keeps its own, since it may change alone.
fn merge_successes(api: &mut Api) {
    let found: Vec<_> = api.operations.iter().map(|operation| equal_successes(api, operation)).collect();
    for (operation, merged) in api.operations.iter_mut().zip(found) {
        let contents = operation.responses.iter_mut().flat_map(|response| &mut response.contents);
        for schema in contents.filter_map(|content| content.schema.as_mut()) {
            let other = merged.iter().find(|(id, _)| matches!(&schema.ty, Type::Named(named) if named == id));
            if let Some((_, other)) = other {
                schema.ty = Type::Named(other.clone());
            }
        }
    }
}

/// Lists types of successes that are equal to a type of an earlier success, each with the earlier one.
fn equal_successes(api: &Api, operation: &Operation) -> Vec<(TypeId, TypeId)> {
    let contents = operation.successes().flat_map(|response| &response.contents).filter(|it| it.is_json());
    let ids = contents.filter_map(|content: &Content| content.schema.as_ref().and_then(Schema::type_id));
    let (mut kept, mut merged): (Vec<&TypeId>, Vec<_>) = (Vec::new(), Vec::new());
    for id in ids.filter(|id| api.types.contains_key(id)) {
        let equal = kept.iter().find(|other| is_equal(api, id, other, &mut BTreeSet::new()));
        match equal {
            Some(other) if *other != id && !api.types[id].is_component => {
                merged.push((id.clone(), (*other).clone()));
            }
            _ => kept.push(id),
        }
    }
    merged
}
