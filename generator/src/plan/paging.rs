//! Lists that come in pages.

use super::{
    Call, Cursor, Field, Input, ItemId, ItemKind, Name, Paging, Planner, Presence, Reply, Step, Turn, Ty,
    Typed,
};
use crate::ir::{Operation, PageTurn, PagingHint, Parameter, ParameterPlace};

impl Planner<'_, '_> {
    /// Adds the pages of a list to a call. A hint of the description has to fit, a convention need not.
    pub(super) fn with_pages(&mut self, operation: &Operation, call: Call) -> Option<Call> {
        let Some(hint) = &operation.paging else { return Some(call) };
        let paging = self.pages(operation, hint, &call);
        if paging.is_none() && hint.is_stated {
            let at = operation.source.child("x-pagination");
            return self.error(&at, expectation(&hint.turn));
        }
        // The items of the pages are a stream, too.
        let stream = if paging.is_none() { call.stream } else { None };
        Some(Call { stream, paging, ..call })
    }

    fn pages(&self, operation: &Operation, hint: &PagingHint, call: &Call) -> Option<Paging> {
        // A file can be sent only once.
        let Reply::Json { ty: page, .. } = &call.reply else { return None };
        if !call.is_cloneable() {
            return None;
        }
        let (items, item) = self.items_of(page, &hint.items)?;
        let turn = match &hint.turn {
            PageTurn::Token { parameter, next } => {
                let input = input(call, parameter, |ty| *ty == Ty::String);
                let cursor = match input {
                    Some(input) => Cursor::Input(input.name.clone()),
                    None => self.body_cursor(call, parameter)?,
                };
                Turn::Token { cursor, next: self.way_to_text(page, next)? }
            }
            PageTurn::Page(parameter) => {
                let input = input(call, parameter, is_integer)?.name.clone();
                Turn::Page { input, first: first(operation, parameter, 1) }
            }
            PageTurn::Offset(parameter) => {
                let input = input(call, parameter, is_integer)?.name.clone();
                Turn::Offset { input, first: first(operation, parameter, 0) }
            }
            PageTurn::Url(next) => Turn::Url { next: self.way_to_text(page, next)? },
            PageTurn::Link => Turn::Link,
        };
        Some(Paging { turn, page: page.clone(), item, items })
    }

    /// Finds the items of a page; returns the way to them, and their type.
    fn items_of(&self, page: &Ty, names: &str) -> Option<(Vec<Step>, Ty)> {
        match page {
            Ty::Vec(item) if names.is_empty() => {
                (!matches!(**item, Ty::Option(_))).then(|| (Vec::new(), (**item).clone()))
            }
            Ty::Named(id) if !names.is_empty() => {
                let (way, list) = self.follow(*id, names)?;
                let item = list.element.as_ref().filter(|item| !item.nullable)?;
                matches!(list.ty, Ty::Vec(_)).then(|| (way, item.ty.clone()))
            }
            _ => None,
        }
    }

    /// Finds the optional text in the body of a call with this name, or with these names with dots in between.
    fn body_cursor(&self, call: &Call, names: &str) -> Option<Cursor> {
        let body = call.body.value().filter(|_| call.other_bodies.is_empty())?;
        let (names, last) = names.rsplit_once('.').map_or((None, names), |(names, last)| (Some(names), last));
        let is_optional = !body.is_required;
        let mut way = vec![Step {
            field: Name::new("body"),
            wire: "body".to_owned(),
            is_optional,
            is_deprecated: false,
        }];
        let mut structure = self.structure_by_id(body.structure?)?;
        if is_optional && !structure.has_default() {
            return None;
        }
        for name in names.into_iter().flat_map(|names| names.split('.')) {
            let field = structure.field(name)?;
            let Ty::Named(inner) = field.value.ty else { return None };
            structure = self.structure_by_id(inner)?;
            let is_made = field.presence == Presence::Optional && structure.has_default();
            if field.is_boxed || !(is_made || field.presence == Presence::Required) {
                return None;
            }
            way.push(step(field));
        }
        let field = structure.field(last).filter(|field| field.value.ty == Ty::String && !field.is_boxed)?;
        way.push(step(field));
        let is_nullable = field.presence == Presence::OptionalNullable;
        (field.presence != Presence::Required).then_some(Cursor::Body { way, is_nullable })
    }

    /// Returns the way to a text in a page.
    fn way_to_text(&self, page: &Ty, names: &str) -> Option<Vec<Step>> {
        let Ty::Named(id) = page else { return None };
        let (way, value) = self.follow(*id, names)?;
        (value.ty == Ty::String).then_some(way)
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
        way.push(step(field));
        let Some(rest) = rest else { return Some((way, &field.value)) };
        let Ty::Named(next) = &field.value.ty else { return None };
        let (below, value) = self.follow(*next, rest)?;
        way.extend(below);
        Some((way, value))
    }
}

fn step(field: &Field) -> Step {
    Step {
        field: field.name.clone(),
        wire: field.wire.clone(),
        is_optional: field.presence != Presence::Required,
        is_deprecated: field.deprecated,
    }
}

/// Says which parameter and which properties a way through the pages needs.
fn expectation(turn: &PageTurn) -> &'static str {
    match turn {
        PageTurn::Token { .. } => {
            "expected an optional string `token` in the query or the body, a string `next` and an array `items` in the \
             response, found others"
        }
        PageTurn::Page(_) => {
            "expected an optional integer query parameter `page` and an array `items` in the response, found others"
        }
        PageTurn::Offset(_) => {
            "expected an optional integer query parameter `offset` and an array `items` in the response, found others"
        }
        PageTurn::Url(_) => "expected a string `url` and an array `items` in the response, found others",
        PageTurn::Link => {
            "expected an array `items` in the response, or a response that is one, found neither"
        }
    }
}

/// Returns the optional input of a query parameter.
fn input<'c>(call: &'c Call, parameter: &str, is_fit: impl Fn(&Ty) -> bool) -> Option<&'c Input> {
    call.inputs.iter().find(|input| {
        input.wire == parameter
            && input.kind.place() == Some(ParameterPlace::Query)
            && !input.is_required
            && is_fit(&input.value.ty)
    })
}

fn is_integer(ty: &Ty) -> bool {
    ty.integer_limits().is_some()
}

/// Returns the value of a parameter for the first page: its default or, if no page has a lower number, its minimum.
fn first(operation: &Operation, parameter: &str, otherwise: i64) -> i64 {
    let is_it = |known: &&Parameter| known.name == parameter && known.place == ParameterPlace::Query;
    let Some(parameter) = operation.parameters.iter().find(is_it) else { return otherwise };
    let default = parameter.schema.default.as_ref().and_then(serde_json::Value::as_i64);
    let minimum = parameter.schema.constraints.minimum.as_ref();
    let least = minimum.and_then(|bound| i64::try_from(bound.least_integer()).ok());
    default.unwrap_or_else(|| least.map_or(otherwise, |least| otherwise.max(least)))
}
