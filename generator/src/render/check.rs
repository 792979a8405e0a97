//! Statements that check the constraints of a description before anything is sent.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Api, Bound, Constraints, Schema, Type, TypeDef, TypeId, TypeKind};
use crate::render::token::{grouped, grouped_float, mentions};

/// The types whose values have something to check, in themselves or below.
pub(super) fn checked_types(api: &Api) -> BTreeSet<TypeId> {
    let mut checked: BTreeSet<TypeId> = BTreeSet::new();
    loop {
        let more: Vec<_> = api
            .types
            .iter()
            .filter(|(id, def)| !checked.contains(id) && is_checked_def(def, &checked))
            .map(|(id, _)| id.clone())
            .collect();
        if more.is_empty() {
            return checked;
        }
        checked.extend(more);
    }
}

fn is_checked_def(def: &TypeDef, checked: &BTreeSet<TypeId>) -> bool {
    match &def.kind {
        TypeKind::Object(object) => {
            object.properties.iter().any(|property| is_checked(&property.schema, checked))
        }
        _ => false,
    }
}

/// Whether there is a rule for the values of a schema.
pub(super) fn is_checked(schema: &Schema, checked: &BTreeSet<TypeId>) -> bool {
    let inner = match &schema.ty {
        Type::Array(inner) | Type::Map(inner) => is_checked(inner, checked),
        Type::Named(id) => checked.contains(id),
        _ => false,
    };
    inner || has_rules(schema)
}

/// Whether there is a value to check.
pub(super) enum Found {
    Always,
    /// If it matches this pattern, which binds it as `value`.
    Perhaps(TokenStream),
    /// It is there, and a reference to it has this name.
    Bound(Ident),
}

/// The statements that check what is at `at`, an expression that is no reference.
///
/// ```text
/// if let Some(value) = &self.order_ids {
///     let mut check = check.at("orderIds");
///     check.items(value.len(), 1..);
///     for (index, value) in value.iter().enumerate() {
///         check.item(index).range(*value, 1..);
///     }
/// }
/// ```
pub(super) fn check_place(
    schema: &Schema,
    at: &TokenStream,
    found: &Found,
    place: &TokenStream,
    checked: &BTreeSet<TypeId>,
) -> TokenStream {
    match found {
        Found::Perhaps(pattern) => {
            let checks = check_value(schema, &Value::of_value(), place, checked);
            quote!(if let #pattern = &#at { #checks })
        }
        Found::Bound(name) => check_value(schema, &Value::bound(name), place, checked),
        Found::Always => {
            let checks = check_value(schema, &Value::at(at), place, checked);
            // What is declared for several statements must not outlive them.
            let declares = mentions(&checks, "let");
            if declares { quote!({ #checks }) } else { checks }
        }
    }
}

/// A value in code.
struct Value {
    /// The value itself.
    itself: TokenStream,
    /// A reference to it.
    reference: TokenStream,
    /// The value as the receiver of a method call, which borrows and dereferences by itself.
    receiver: TokenStream,
}

impl Value {
    /// What is at an expression that is no reference.
    fn at(place: &TokenStream) -> Self {
        Self { itself: place.clone(), reference: quote!(&#place), receiver: place.clone() }
    }

    /// What the reference with this name refers to.
    fn bound(name: &Ident) -> Self {
        Self { itself: quote!(*#name), reference: quote!(#name), receiver: quote!(#name) }
    }

    /// What the reference `value` refers to.
    fn of_value() -> Self {
        Self::bound(&format_ident!("value"))
    }
}

/// The statements that check a value.
fn check_value(
    schema: &Schema,
    value: &Value,
    place: &TokenStream,
    checked: &BTreeSet<TypeId>,
) -> TokenStream {
    let rules = rules(schema, value);
    let inner = match &schema.ty {
        Type::Array(inner) | Type::Map(inner) if is_checked(inner, checked) => Some(inner),
        Type::Named(id) if checked.contains(id) => {
            let reference = &value.reference;
            return quote!(Check::check(#reference, &mut #place););
        }
        _ => None,
    };
    match (rules.as_slice(), inner) {
        ([rule], None) => quote!(#place.#rule;),
        (rules, inner) => {
            let inner = inner.map(|inner| check_inner(schema, inner, value, checked));
            quote!(let mut check = #place; #(check.#rules;)* #inner)
        }
    }
}

/// The loop over a list or a map.
fn check_inner(schema: &Schema, inner: &Schema, outer: &Value, checked: &BTreeSet<TypeId>) -> TokenStream {
    let is_list = matches!(schema.ty, Type::Array(_));
    let place = if is_list { quote!(check.item(index)) } else { quote!(check.at(key)) };
    let mut checks = check_value(inner, &Value::of_value(), &place, checked);
    if inner.nullable {
        checks = quote!(if let Some(value) = value { #checks });
    }
    if is_list {
        let list = &outer.receiver;
        quote!(for (index, value) in #list.iter().enumerate() { #checks })
    } else {
        let map = &outer.reference;
        quote!(for (key, value) in #map { #checks })
    }
}

/// The rules of a schema itself, as calls of a checker's methods.
fn rules(schema: &Schema, value: &Value) -> Vec<TokenStream> {
    let Constraints {
        min_length,
        max_length,
        min_items,
        max_items,
        min_properties,
        max_properties,
        max_bytes,
        ..
    } = &schema.constraints;
    let Value { itself, reference, receiver } = value;
    let mut calls = Vec::new();
    match &schema.ty {
        Type::String => {
            calls.extend(counts(*min_length, *max_length).map(|range| quote!(length(#reference, #range))));
        }
        Type::Int32 | Type::Int64 | Type::Uint64 | Type::Float | Type::Double => {
            calls.extend(number_rules(schema, itself));
        }
        Type::Array(_) => {
            calls.extend(counts(*min_items, *max_items).map(|range| quote!(items(#receiver.len(), #range))));
            calls.extend(schema.constraints.unique_items.then(|| quote!(unique(#reference))));
        }
        Type::Map(_) => {
            let range = counts(*min_properties, *max_properties);
            calls.extend(range.map(|range| quote!(properties(#receiver.len(), #range))));
        }
        Type::Binary => {
            calls.extend(counts(None, *max_bytes).map(|range| quote!(bytes(#receiver.length(), #range))));
        }
        _ => {}
    }
    calls
}

/// Whether a schema has rules for its values themselves.
fn has_rules(schema: &Schema) -> bool {
    !rules(schema, &Value::of_value()).is_empty()
}

fn counts(min: Option<u64>, max: Option<u64>) -> Option<TokenStream> {
    let min = min.filter(|min| *min > 0).map(grouped);
    let max = max.map(grouped);
    match (min, max) {
        (None, None) => None,
        (None, Some(max)) => Some(quote!(..=#max)),
        (Some(min), None) => Some(quote!(#min..)),
        (Some(min), Some(max)) => Some(quote!(#min..=#max)),
    }
}

fn number_rules(schema: &Schema, value: &TokenStream) -> Vec<TokenStream> {
    let is_integer = schema.ty.integer_limits().is_some();
    let range = if is_integer { integer_range(schema) } else { float_range(&schema.constraints) };
    let factor = schema.constraints.multiple_of.as_ref().and_then(|factor| {
        if is_integer {
            let factor = grouped(factor.as_i64()?.unsigned_abs());
            Some(quote!(multiple_of_integer(#value, #factor)))
        } else {
            let factor = grouped_float(factor.as_f64()?.abs());
            Some(quote!(multiple_of(#value, #factor)))
        }
    });
    range.map(|range| quote!(range(#value, #range))).into_iter().chain(factor).collect()
}

/// The range of an integer, without ends that its type has anyway.
fn integer_range(schema: &Schema) -> Option<TokenStream> {
    let (least, greatest) = schema.ty.integer_limits()?;
    let (start, end) = schema.constraints.integer_range();
    let literal = |number: i128| {
        let digits = u64::try_from(number.unsigned_abs()).map(grouped).ok()?;
        Some(if number < 0 { quote!(-#digits) } else { quote!(#digits) })
    };
    let start = start.filter(|start| *start > least).and_then(literal);
    let end = end.filter(|end| *end < greatest).and_then(literal);
    match (start, end) {
        (None, None) => None,
        (start, None) => Some(quote!(#start..)),
        (start, Some(end)) => Some(quote!(#start..=#end)),
    }
}

fn float_range(constraints: &Constraints) -> Option<TokenStream> {
    let literal = |bound: &Bound| {
        let number = bound.value.as_f64().unwrap_or_default();
        let digits = grouped_float(number.abs());
        (if number < 0.0 { quote!(-#digits) } else { quote!(#digits) }, bound.exclusive)
    };
    let start = constraints.minimum.as_ref().map(literal);
    let end = constraints.maximum.as_ref().map(literal);
    Some(match (start, end) {
        (None, None) => return None,
        (Some((start, false)), None) => quote!(#start..),
        (None, Some((end, false))) => quote!(..=#end),
        (None, Some((end, true))) => quote!(..#end),
        (Some((start, false)), Some((end, false))) => quote!(#start..=#end),
        (Some((start, false)), Some((end, true))) => quote!(#start..#end),
        (Some((start, true)), end) => {
            let end = match end {
                None => quote!(Bound::Unbounded),
                Some((end, true)) => quote!(Bound::Excluded(#end)),
                Some((end, false)) => quote!(Bound::Included(#end)),
            };
            quote!((Bound::Excluded(#start), #end))
        }
    })
}
