//! Statements that check the rules of a description before anything is sent.

use std::ops::Bound as End;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::plan::{Check, Count, Crate, Ty, Typed};
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::token::{grouped, grouped_float, literal};

/// Prints the statements that check a value that is always there, at an expression that is no reference.
///
/// ```text
/// {
///     let mut check = check.at("orderIds");
///     check.items(self.order_ids.len(), 1..);
///     for (index, value) in self.order_ids.iter().enumerate() {
///         check.item(index).range(*value, 1..);
///     }
/// }
/// ```
pub(super) fn check(file: &Printer<'_>, typed: &Typed, at: &TokenStream, place: &TokenStream) -> TokenStream {
    enclosed(file, typed, statements(file, typed, &Value::at(at), place))
}

/// Prints the statements that check the value behind a reference, with others behind them.
pub(super) fn check_reference_first(
    file: &Printer<'_>,
    typed: &Typed,
    name: &Ident,
    place: &TokenStream,
) -> TokenStream {
    enclosed(file, typed, check_reference(file, typed, name, place))
}

/// Encloses statements that declare a checker, which must not outlive them.
fn enclosed(file: &Printer<'_>, typed: &Typed, checks: TokenStream) -> TokenStream {
    let declares = matches!(Checks::of(file.krate, typed), Checks::Several(..));
    if declares { quote!({ #checks }) } else { checks }
}

/// Prints the statements that check a value, at an expression that is no reference, in the place where the checker is.
pub(super) fn check_here(file: &Printer<'_>, typed: &Typed, at: &TokenStream) -> TokenStream {
    statements_here(file, typed, &Value::at(at))
}

/// Prints the statements that check a value if it is there: if it matches a pattern that binds it as `value`.
pub(super) fn check_optional(
    file: &Printer<'_>,
    typed: &Typed,
    at: &TokenStream,
    pattern: &TokenStream,
    place: &TokenStream,
) -> TokenStream {
    let checks = check_reference(file, typed, &format_ident!("value"), place);
    quote!(if let #pattern = &#at { #checks })
}

/// Prints the statements that check the value behind a reference.
pub(super) fn check_reference(
    file: &Printer<'_>,
    typed: &Typed,
    name: &Ident,
    place: &TokenStream,
) -> TokenStream {
    statements(file, typed, &Value::behind(name), place)
}

/// Prints the statements that check the value behind a reference, in the place where the checker is.
pub(super) fn check_reference_here(file: &Printer<'_>, typed: &Typed, name: &Ident) -> TokenStream {
    statements_here(file, typed, &Value::behind(name))
}

/// A value in code.
struct Value {
    /// The value itself.
    itself: TokenStream,
    /// A reference to the value.
    reference: TokenStream,
    /// The value as the receiver of a method call, which borrows and dereferences by itself.
    receiver: TokenStream,
}

impl Value {
    /// Returns the value of an expression that is no reference.
    fn at(place: &TokenStream) -> Self {
        Self { itself: place.clone(), reference: quote!(&#place), receiver: place.clone() }
    }

    /// Returns the value behind the reference with a name.
    fn behind(name: &Ident) -> Self {
        Self { itself: quote!(*#name), reference: quote!(#name), receiver: quote!(#name) }
    }
}

/// Checks of a value.
enum Checks<'a> {
    /// The value has checks of its own.
    Own,
    /// One rule.
    One(Check<'a>),
    /// Rules, and perhaps elements with rules.
    Several(Vec<Check<'a>>, Option<&'a Typed>),
}

impl<'a> Checks<'a> {
    fn of(krate: &Crate, typed: &'a Typed) -> Self {
        if matches!(typed.ty, Ty::Named(_)) {
            return Self::Own;
        }
        let rules: Vec<_> = typed.checks().collect();
        let element = typed.element.as_deref().filter(|element| krate.is_checked(element));
        match (rules.as_slice(), element) {
            ([rule], None) => Self::One(*rule),
            _ => Self::Several(rules, element),
        }
    }
}

fn statements(file: &Printer<'_>, typed: &Typed, value: &Value, place: &TokenStream) -> TokenStream {
    match Checks::of(file.krate, typed) {
        Checks::Own => {
            let ([check], reference) = (file.runtime(["Check"]), &value.reference);
            quote!(#check::check(#reference, &mut #place);)
        }
        Checks::One(rule) => {
            let rule = call(file, rule, value);
            quote!(#place.#rule;)
        }
        Checks::Several(rules, element) => {
            let rules = rules.into_iter().map(|rule| call(file, rule, value));
            let elements = element.map(|element| check_elements(file, typed, element, value));
            quote!(let mut check = #place; #(check.#rules;)* #elements)
        }
    }
}

/// Prints statements in the place where the checker is.
fn statements_here(file: &Printer<'_>, typed: &Typed, value: &Value) -> TokenStream {
    match Checks::of(file.krate, typed) {
        Checks::Own => {
            let ([check], reference) = (file.runtime(["Check"]), &value.reference);
            quote!(#check::check(#reference, check);)
        }
        Checks::One(rule) => {
            let rule = call(file, rule, value);
            quote!(check.#rule;)
        }
        Checks::Several(rules, element) => {
            let rules = rules.into_iter().map(|rule| call(file, rule, value));
            let elements = element.map(|element| check_elements(file, typed, element, value));
            quote!(#(check.#rules;)* #elements)
        }
    }
}

/// Prints the loop over a list or a map.
fn check_elements(file: &Printer<'_>, outer: &Typed, element: &Typed, value: &Value) -> TokenStream {
    let is_map = matches!(outer.ty, Ty::Map(_));
    let place = if is_map { quote!(check.at(key)) } else { quote!(check.item(index)) };
    let mut checks = check_reference(file, element, &format_ident!("value"), &place);
    if element.nullable {
        checks = quote!(if let Some(value) = value { #checks });
    }
    let Value { reference, receiver, .. } = value;
    if is_map {
        quote!(for (key, value) in #reference { #checks })
    } else {
        quote!(for (index, value) in #receiver.iter().enumerate() { #checks })
    }
}

/// Prints the call of the checker's method for a rule.
fn call(file: &Printer<'_>, rule: Check<'_>, value: &Value) -> TokenStream {
    let Value { itself, reference, receiver } = value;
    let (method, subject, limit) = match rule {
        Check::Length(count) => ("length", quote!(#reference), counts(count)),
        Check::Items(count) => ("items", quote!(#receiver.len()), counts(count)),
        Check::Properties(count) => ("properties", quote!(#receiver.len()), counts(count)),
        Check::Bytes(bytes) => ("bytes", quote!(#receiver.length()), integers(None, Some(bytes.into()))),
        Check::Integers(start, end) => ("range", quote!(#itself), integers(start, end)),
        Check::Floats(start, end) => ("range", quote!(#itself), floats(file, start, end)),
        Check::IntegerFactor(factor) => ("multiple_of_integer", quote!(#itself), grouped(factor.into())),
        Check::FloatFactor(factor) => ("multiple_of", quote!(#itself), grouped_float(factor)),
        Check::Pattern(pattern) => {
            let pattern = literal(pattern);
            return quote!(pattern(#reference, #pattern));
        }
        Check::Unique => return quote!(unique(#reference)),
    };
    let method = format_ident!("{method}");
    quote!(#method(#subject, #limit))
}

pub(super) fn counts(Count { min, max }: Count) -> TokenStream {
    integers(min.map(i128::from), max.map(i128::from))
}

fn integers(start: Option<i128>, end: Option<i128>) -> TokenStream {
    let (start, end) = (start.map(grouped), end.map(grouped));
    match end {
        Some(end) => quote!(#start..=#end),
        None => quote!(#start..),
    }
}

fn floats(file: &Printer<'_>, start: End<f64>, end: End<f64>) -> TokenStream {
    let [start, end] = [start, end].map(|end| end.map(grouped_float));
    let start = match start {
        End::Unbounded => TokenStream::new(),
        End::Included(start) => start,
        End::Excluded(start) => return floats_above(file, &start, end),
    };
    match end {
        End::Unbounded => quote!(#start..),
        End::Included(end) => quote!(#start..=#end),
        End::Excluded(end) => quote!(#start..#end),
    }
}

/// Prints a range whose start is out of it, which no operator can say.
fn floats_above(file: &Printer<'_>, start: &TokenStream, end: End<TokenStream>) -> TokenStream {
    let bound = file.imports.name(Module::Ops, "Bound");
    let end = match end {
        End::Unbounded => quote!(Unbounded),
        End::Included(end) => quote!(Included(#end)),
        End::Excluded(end) => quote!(Excluded(#end)),
    };
    quote!((#bound::Excluded(#start), #bound::#end))
}
