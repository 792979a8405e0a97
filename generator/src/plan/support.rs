//! The optional support code that a crate uses.

use std::collections::BTreeSet;

use super::{Item, ItemKind, Support};

/// Finds the support code that types use.
pub(super) fn of(items: &[Item]) -> BTreeSet<Support> {
    items.iter().filter_map(of_item).collect()
}

fn of_item(item: &Item) -> Option<Support> {
    match &item.kind {
        ItemKind::Union(_) => Some(Support::Unions),
        ItemKind::Struct(_) | ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) => None,
    }
}
