//! Types with a default for the tests of applications.

use super::{Field, Item, ItemId, ItemKind, Planner, Presence, Ty};

impl Planner<'_, '_> {
    /// Finds the types that have no default, since each of their values has one of another crate. Each round reaches the types
    /// one step further from such a value.
    pub(super) fn defaults(&mut self) {
        loop {
            let lacking: Vec<_> = (0..self.items.len()).filter(|index| self.loses_default(*index)).collect();
            if lacking.is_empty() {
                return;
            }
            for index in lacking {
                if let Some(item) = &mut self.items[index] {
                    item.has_default = false;
                }
            }
        }
    }

    fn loses_default(&self, index: usize) -> bool {
        let Some(Item { kind: ItemKind::Struct(structure), has_default: true, .. }) = &self.items[index]
        else {
            return false;
        };
        let is_needed = |field: &&Field| field.presence == Presence::Required;
        structure.fields.iter().filter(is_needed).any(|field| !self.has_default(&field.value.ty))
    }

    /// Returns `true` if a type has a default.
    pub(super) fn has_default(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Custom(_) => false,
            Ty::Named(ItemId(index)) => self.items[*index].as_ref().is_none_or(|item| item.has_default),
            Ty::Box(inner) => self.has_default(inner),
            _ => true,
        }
    }

    /// Lets unions have the default of their first variant with one.
    pub(super) fn defaults_of_unions(&mut self) {
        for index in 0..self.items.len() {
            let Some(ItemKind::Union(union)) = self.items[index].as_ref().map(|item| &item.kind) else {
                continue;
            };
            let mut variants = union.variants.iter();
            let first = variants.position(|variant| !variant.is_boxed && self.has_default(&variant.value.ty));
            if let Some(ItemKind::Union(union)) = self.items[index].as_mut().map(|item| &mut item.kind) {
                union.default = first;
            }
        }
    }
}
