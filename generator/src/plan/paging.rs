//! Lists that come in pages.

use super::{Call, Input, InputKind, ItemId, ItemKind, Paging, Planner, Presence, Reply, Step, Ty, Typed};
use crate::ir::{Operation, PagingHint, ParameterPlace};

impl Planner<'_, '_> {
    /// Adds the pages of a list to a call. A hint of the description has to fit, a convention need not.
    pub(super) fn with_pages(&mut self, operation: &Operation, call: Call) -> Option<Call> {
        let Some(hint) = &operation.paging else { return Some(call) };
        let paging = self.pages(hint, &call);
        if paging.is_none() && hint.is_stated {
            let at = operation.source.child("x-pagination");
            let message = "expected `token` to be an optional string query parameter, `next` a string and `items` \
                           an array in the response";
            return self.error(&at, message);
        }
        Some(Call { paging, ..call })
    }

    fn pages(&self, hint: &PagingHint, call: &Call) -> Option<Paging> {
        // A form can be sent only once.
        let Reply::Json { ty: page @ Ty::Named(id), .. } = &call.reply else { return None };
        if matches!(call.body, super::Body::Multipart) {
            return None;
        }
        let (next, token) = self.follow(*id, &hint.next)?;
        let (items, list) = self.follow(*id, &hint.items)?;
        let is_token = |input: &&Input| {
            input.wire == hint.token
                && input.kind == InputKind::Parameter(ParameterPlace::Query)
                && !input.is_required
                && input.value.ty == Ty::String
        };
        let parameter = call.inputs.iter().find(is_token)?;
        let item = list.element.as_ref().filter(|item| !item.nullable && matches!(list.ty, Ty::Vec(_)))?;
        (token.ty == Ty::String).then(|| Paging {
            token: parameter.name.clone(),
            page: page.clone(),
            item: item.ty.clone(),
            next,
            items,
        })
    }

    /// Follows names with dots in between; returns the way, and the value at its end.
    fn follow(&self, from: ItemId, names: &str) -> Option<(Vec<Step>, &Typed)> {
        let mut way = Vec::new();
        let (first, rest) = names.split_once('.').map_or((names, None), |(first, rest)| (first, Some(rest)));
        let ItemKind::Struct(structure) = &self.items.get(from.0)?.as_ref()?.kind else { return None };
        let field = structure.field(first)?;
        if field.is_boxed || field.presence == Presence::OptionalNullable {
            return None;
        }
        way.push(Step {
            field: field.name.clone(),
            wire: field.wire.clone(),
            is_optional: field.presence != Presence::Required,
            is_deprecated: field.deprecated,
        });
        let Some(rest) = rest else { return Some((way, &field.value)) };
        let Ty::Named(next) = &field.value.ty else { return None };
        let (below, value) = self.follow(*next, rest)?;
        way.extend(below);
        Some((way, value))
    }
}
