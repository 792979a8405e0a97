//! Small pieces of code.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::format_ident;

/// An identifier of the IR as a token.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => format_ident!("r#{name}"),
        None => format_ident!("{name}"),
    }
}

/// What tokens name by itself, and so may need imported; what comes after `::` does not.
pub(super) fn mentioned(tokens: &TokenStream) -> HashSet<String> {
    let mut names = HashSet::new();
    collect_mentioned(tokens.clone(), &mut names);
    names
}

fn collect_mentioned(tokens: TokenStream, names: &mut HashSet<String>) {
    let mut colons = 0;
    for tree in tokens {
        let in_path = colons == 2;
        let is_colon = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ':');
        colons = if is_colon { colons + 1 } else { 0 };
        match tree {
            TokenTree::Ident(ident) if !in_path => drop(names.insert(ident.to_string())),
            TokenTree::Group(group) => collect_mentioned(group.stream(), names),
            _ => {}
        }
    }
}

/// Whether tokens name something by itself.
pub(super) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    mentioned(tokens).contains(name)
}

/// A number as people write it: `10_000`.
pub(super) fn grouped(number: u64) -> Literal {
    group(&number.to_string()).parse().unwrap_or_else(|_| Literal::u64_unsuffixed(number))
}

/// The same for a number that may have a fraction.
pub(super) fn grouped_float(number: f64) -> Literal {
    let text = format!("{number:?}");
    let literal = match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", group(whole)).parse(),
        // Very large and very small ones have an exponent.
        None => text.parse(),
    };
    literal.unwrap_or_else(|_| Literal::f64_unsuffixed(number))
}

fn group(digits: &str) -> String {
    if digits.len() < 5 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}
