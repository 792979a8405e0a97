//! The optional support code that a crate uses.

use std::collections::BTreeSet;

use super::{Item, ItemKind, Support};

/// Finds the support code that types use.
pub(super) fn of(items: &[Item]) -> BTreeSet<Support> {
    items.iter().filter_map(of_item).collect()
}

fn of_item(item: &Item) -> Option<Support> {
    match &item.kind {
        ItemKind::Struct(structure) => structure.additional.is_some().then_some(Support::OpenStructs),
        ItemKind::ValueEnum(_) => Some(Support::ValueEnums),
        ItemKind::Union(_) => Some(Support::Unions),
        ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::Newtype(_) => None,
    }
}
