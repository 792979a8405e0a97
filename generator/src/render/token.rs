//! Small pieces of code.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::format_ident;

/// An identifier of the IR as a token.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => format_ident!("r#{name}"),
        None => format_ident!("{name}"),
    }
}

/// Whether tokens name something by itself, and so need it imported; what comes after `::` does not.
pub(super) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let mut colons = 0;
    tokens.clone().into_iter().any(|tree| {
        let in_path = colons == 2;
        let is_colon = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ':');
        colons = if is_colon { colons + 1 } else { 0 };
        match tree {
            TokenTree::Ident(ident) => ident == name && !in_path,
            TokenTree::Group(group) => mentions(&group.stream(), name),
            _ => false,
        }
    })
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
