//! Facts about the whole API that single items and calls depend on.

use std::collections::BTreeMap;

use super::errors::Responses;
use super::names::type_names;
use super::parts::Parts;
use super::recursion::Circles;
use super::usage::{Usage, usages};
use super::{ItemId, Name};
use crate::diagnostic::Diagnostics;
use crate::ir::{Api, Enum, Type, TypeId, TypeKind};

/// Facts about the API that are known before anything of it is planned.
pub(super) struct Facts<'a> {
    pub(super) usages: BTreeMap<&'a TypeId, Usage>,
    pub(super) circles: Circles<'a>,
    pub(super) errors: Responses<'a>,
    pub(super) parts: Parts<'a>,
    /// The types that become items, in the order of their names.
    pub(super) types: Vec<(&'a TypeId, Name)>,
    /// The items that types become.
    pub(super) ids: BTreeMap<&'a TypeId, ItemId>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(api: &'a Api, suffixes: &[String], diagnostics: &mut Diagnostics) -> Self {
        let usages = usages(api);
        let errors = Responses::of(api);
        let mut types: Vec<_> = type_names(api, suffixes, diagnostics)
            .into_iter()
            .filter(|(id, _)| usages.contains_key(id) && !is_boolean(api, id))
            .collect();
        types.sort_by(|(_, a), (_, b)| a.cmp(b));
        let ids = types.iter().enumerate().map(|(index, (id, _))| (*id, ItemId(index))).collect();
        Self {
            circles: Circles::of(api),
            parts: Parts::of(api, &errors, diagnostics),
            usages,
            errors,
            types,
            ids,
        }
    }
}

/// Returns `true` for an enum of booleans, which is a plain `bool`.
fn is_boolean(api: &Api, id: &TypeId) -> bool {
    matches!(api.types[id].kind, TypeKind::Enum(Enum { base: Type::Boolean, .. }))
}
