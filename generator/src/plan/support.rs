//! The optional support code that a crate uses.

use std::collections::BTreeSet;

use super::{
    Body, BodyFormat, Call, Errors, Input, InputKind, Item, ItemKind, Paging, PartKind, Reply,
    ResponseHeader, Servers, Support, Typed, ValueBody,
};
use crate::ir::{Api, Direction};

/// Finds the support code that types, calls, errors, headers, servers, types of other crates and webhooks use.
pub(super) fn of(
    items: &[Item],
    calls: &[Call],
    errors: &Errors,
    headers: &[ResponseHeader],
    servers: &Servers,
    custom: &BTreeSet<String>,
    api: &Api,
) -> BTreeSet<Support> {
    let is_text = errors.variants.iter().any(|variant| variant.is_text);
    let is_incoming = api.direction == Direction::Incoming;
    let is_signed = is_incoming && api.operations.iter().any(|operation| operation.signature.is_some());
    let has_patterns = items.iter().any(has_pattern)
        || calls.iter().flat_map(|call| &call.inputs).any(|input| input.value.has_pattern())
        || calls.iter().filter_map(|call| call.body.value()).any(|body| body.value.has_pattern());
    let others = [
        (has_patterns, Support::Patterns),
        (!servers.list.is_empty(), Support::Servers),
        (!custom.is_empty(), Support::CustomTypes),
        (is_text, Support::Outcomes),
        (!headers.is_empty(), Support::Headers),
        (is_incoming, Support::Webhooks),
        (is_signed, Support::Signatures),
    ];
    let others = others.into_iter().filter_map(|(is_used, support)| is_used.then_some(support));
    items.iter().filter_map(of_item).chain(calls.iter().flat_map(of_call)).chain(others).collect()
}

/// Returns `true` for a type of requests that checks a pattern.
fn has_pattern(item: &Item) -> bool {
    let has_pattern = |value: &Typed| value.has_pattern();
    match &item.kind {
        _ if !item.is_checked() => false,
        ItemKind::Struct(structure) => {
            let of_rest = structure.additional.iter().map(|extra| &extra.value);
            structure.fields.iter().map(|field| &field.value).chain(of_rest).any(has_pattern)
        }
        ItemKind::Union(union) => union.variants.iter().map(|variant| &variant.value).any(has_pattern),
        ItemKind::Newtype(newtype) => has_pattern(&newtype.value),
        ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::ValueEnum(_) => false,
    }
}

fn of_item(item: &Item) -> Option<Support> {
    match &item.kind {
        ItemKind::Struct(structure) => structure.additional.is_some().then_some(Support::OpenStructs),
        ItemKind::ValueEnum(_) => Some(Support::ValueEnums),
        ItemKind::Union(_) => Some(Support::Unions),
        ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::Newtype(_) => None,
    }
}

fn of_call(call: &Call) -> Vec<Support> {
    let inputs = call.inputs.iter().flat_map(of_input);
    let bodies = call.body.value().into_iter().chain(call.other_bodies.iter().map(|other| &other.body));
    let form = match &call.body {
        Body::Multipart(form) if !form.is_plain() => &[Support::Styles, Support::Parts][..],
        Body::Multipart(_) | Body::None | Body::Value(_) => &[],
    };
    inputs
        .chain(of_paging(call.paging.as_ref()))
        .chain(of_reply(&call.reply))
        .chain(call.stream.iter().map(|_| &Support::Streams))
        .chain(bodies.flat_map(of_body))
        .chain(form)
        .chain(call.follows_redirects.then_some(&Support::Redirects))
        .copied()
        .collect()
}

fn of_input(input: &Input) -> &'static [Support] {
    match &input.kind {
        InputKind::Parameter { style: Some(_), .. } => &[Support::Styles],
        InputKind::PartHeader(_) => &[Support::Styles, Support::Parts],
        InputKind::FormPart(part) if part.kind == PartKind::Value || part.media_type.is_some() => {
            &[Support::Styles, Support::Parts]
        }
        _ => &[],
    }
}

fn of_body(body: &ValueBody) -> &'static [Support] {
    match body.format {
        BodyFormat::Json => &[],
        BodyFormat::Form(_) => &[Support::Styles],
        BodyFormat::Parts => &[Support::Styles, Support::Parts],
        BodyFormat::Text | BodyFormat::Bytes => &[Support::RawBodies],
    }
}

fn of_reply(reply: &Reply) -> &'static [Support] {
    match reply {
        Reply::Empty | Reply::Json { .. } | Reply::File { .. } | Reply::Stream(_) => &[],
        Reply::Optional { .. } | Reply::Text { .. } | Reply::Redirect | Reply::Choice(_) => {
            &[Support::Outcomes]
        }
    }
}

fn of_paging(paging: Option<&Paging>) -> &'static [Support] {
    if paging.is_some_and(Paging::has_position) { &[Support::Positions] } else { &[] }
}
