//! Finds the operations whose responses are pages of a list by convention: a parameter called like `pageToken`,
//! `nextPageToken` inside `paging`, and one array beside it.

use crate::ir::{Api, Object, Operation, PagingHint, Type};

pub(super) fn find(api: &mut Api) {
    let found: Vec<_> = api.operations.iter().map(|operation| conventional(api, operation)).collect();
    for (operation, found) in api.operations.iter_mut().zip(found) {
        operation.paging = operation.paging.take().or(found);
    }
}

fn conventional(api: &Api, operation: &Operation) -> Option<PagingHint> {
    let is_token = |name: &str| name.replace(['_', '-'], "").eq_ignore_ascii_case("pageToken");
    let token = operation.parameters.iter().find(|parameter| is_token(&parameter.name))?;
    let reply = api.object(operation.json_reply()?)?;
    let (container, before) = match within(api, reply, "result") {
        Some(result) => (result, "result."),
        None => (reply, ""),
    };
    let mut lists =
        container.properties.iter().filter(|property| matches!(property.schema.ty, Type::Array(_)));
    let (Some(list), None) = (lists.next(), lists.next()) else { return None };
    Some(PagingHint {
        token: token.name.clone(),
        next: format!("{before}paging.nextPageToken"),
        items: format!("{before}{}", list.name),
        is_stated: false,
    })
}

fn within<'a>(api: &'a Api, object: &Object, name: &str) -> Option<&'a Object> {
    api.object(&object.property(name)?.schema)
}
