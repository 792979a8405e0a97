//! Finds the operations whose replies are pages of a list: by what the description says (`x-pagination`) or by
//! convention. That is a parameter called like `pageToken`, `nextPageToken` inside `paging`, and one array beside it.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{
    Api, Content, Operation, Paging, PagingHint, ParameterPlace, Presence, PropertyPath, Schema, Type,
};

pub(super) fn find(api: &mut Api, diagnostics: &mut Diagnostics) {
    let found: Vec<_> = api.operations.iter().map(|operation| paging(api, operation, diagnostics)).collect();
    for (operation, paging) in api.operations.iter_mut().zip(found) {
        operation.paging = paging;
    }
}

fn paging(api: &Api, operation: &Operation, diagnostics: &mut Diagnostics) -> Option<Paging> {
    let Some(hint) = &operation.paging_hint else {
        return stated(api, operation, &conventional(api, operation)?);
    };
    let paging = stated(api, operation, hint);
    if paging.is_none() {
        let at = operation.source.child("x-pagination");
        let message =
            "this does not lead from an optional text in the query to a text and a list in the reply";
        diagnostics.push(Diagnostic::error(&at, message));
    }
    paging
}

/// What a description would say of an operation that follows the convention.
fn conventional(api: &Api, operation: &Operation) -> Option<PagingHint> {
    let is_token = |name: &str| name.replace(['_', '-'], "").eq_ignore_ascii_case("pageToken");
    let token = operation.parameters.iter().find(|parameter| is_token(&parameter.name))?;
    let reply = api.object(operation.reply()?)?;
    let within = |name: &str| api.object(&reply.property(name)?.schema);
    let (container, before) = match within("result") {
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
    })
}

/// What a description says, if it is so.
fn stated(api: &Api, operation: &Operation, hint: &PagingHint) -> Option<Paging> {
    // The answer to HEAD has no content.
    if operation.method == "HEAD" {
        return None;
    }
    let is_sent_once = operation.body.iter().flat_map(|body| &body.contents).any(Content::is_multipart);
    let reply = operation.reply()?;
    let (next, next_schema) = follow(api, reply, &hint.next)?;
    let (items, items_schema) = follow(api, reply, &hint.items)?;
    let is_list = matches!(&items_schema.ty, Type::Array(item) if !item.nullable);
    let token = operation.parameters.iter().position(|parameter| {
        parameter.name == hint.token
            && parameter.place == ParameterPlace::Query
            && !parameter.required
            && matches!(parameter.schema.ty, Type::String)
    })?;
    let fits = matches!(next_schema.ty, Type::String) && is_list && !reply.nullable && !is_sent_once;
    fits.then_some(Paging { token, next, items })
}

/// The way along names with dots in between, and the schema at its end.
fn follow<'a>(api: &'a Api, from: &'a Schema, names: &str) -> Option<(PropertyPath, &'a Schema)> {
    let mut path = PropertyPath::new();
    let mut schema = from;
    for name in names.split('.') {
        let (id, object) = (schema.type_id()?, api.object(schema)?);
        let index = object.properties.iter().position(|property| property.name == name)?;
        let property = &object.properties[index];
        if property.boxed || property.presence == Presence::OptionalNullable {
            return None;
        }
        path.push((id.clone(), index));
        schema = &property.schema;
    }
    Some((path, schema))
}
