//! The optional support code that a crate uses.

use std::collections::BTreeSet;

use super::{Item, ItemKind, Support};
use crate::ir::{Api, Direction};

/// Finds the support code that the types and operations of an API use.
pub(super) fn of(items: &[Item], api: &Api) -> BTreeSet<Support> {
    let is_incoming = api.direction == Direction::Incoming;
    let is_signed = is_incoming && api.operations.iter().any(|operation| operation.signature.is_some());
    let webhooks = [(is_incoming, Support::Webhooks), (is_signed, Support::Signatures)];
    let webhooks = webhooks.into_iter().filter_map(|(is_used, support)| is_used.then_some(support));
    items.iter().filter_map(of_item).chain(webhooks).collect()
}

fn of_item(item: &Item) -> Option<Support> {
    match &item.kind {
        ItemKind::Struct(structure) => structure.additional.is_some().then_some(Support::OpenStructs),
        ItemKind::ValueEnum(_) => Some(Support::ValueEnums),
        ItemKind::Union(_) => Some(Support::Unions),
        ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::Newtype(_) => None,
    }
}
