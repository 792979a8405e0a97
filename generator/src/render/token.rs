//! Small pieces of code.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::ir::whole;
use crate::plan::{Crate, Item, Name, Part, instead};

/// Prints an identifier.
pub(super) fn ident(name: &Name) -> Ident {
    match name.as_str().strip_prefix("r#") {
        Some(name) => format_ident!("r#{name}"),
        None => format_ident!("{}", name.as_str()),
    }
}

/// Prints code that the settings have in one piece, such as a path.
pub(super) fn tokens(code: &str) -> TokenStream {
    code.parse().unwrap_or_default()
}

/// Prints the traits that a client chooses to derive, but for those that the type derives anyway.
pub(super) fn derives(item: &Item, own: &[&str]) -> Vec<TokenStream> {
    let chosen = item.derives.iter().filter(|path| !own.contains(&path.as_str()));
    chosen.map(|path| tokens(path)).collect()
}

/// Prints an `Option`.
pub(super) fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// Prints the attribute of what is deprecated, with its replacement.
pub(super) fn deprecated(is_deprecated: bool, replacement: Option<&str>) -> Option<TokenStream> {
    is_deprecated.then(|| match replacement.map(instead) {
        Some(note) => quote!(#[deprecated = #note]),
        None => quote!(#[deprecated]),
    })
}

/// Prints the attributes of a deprecated setter, which uses what it sets.
pub(super) fn deprecated_setter(is_deprecated: bool, replacement: Option<&str>) -> Option<TokenStream> {
    let deprecated = deprecated(is_deprecated, replacement)?;
    let expect = expect_deprecated(is_deprecated, "it sets what is deprecated");
    Some(quote!(#deprecated #expect))
}

/// Prints the attribute of code that uses something deprecated, with the reason.
pub(super) fn expect_deprecated(is_deprecated: bool, reason: &str) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[expect(deprecated, reason = #reason)]))
}

/// Prints the attribute that gives a type a default for the tests of applications.
pub(super) fn default_of_mock() -> TokenStream {
    quote!(#[cfg_attr(feature = "mock", derive(Default))])
}

/// Prints the attribute that compiles an item only with a part.
pub(super) fn only_with(part: &Part) -> TokenStream {
    let feature = &part.feature;
    quote!(#[cfg(feature = #feature)])
}

/// Prints the attribute of code that only parts use: not every choice of them does.
pub(super) fn perhaps_unused(krate: &Crate) -> Option<TokenStream> {
    (!krate.parts.is_empty()).then(|| {
        quote! {
            #[cfg_attr(not(feature = "full"), allow(dead_code, reason = "not every part needs it"))]
        }
    })
}

/// Prints a text of several lines as it is, indented like the argument of a function.
pub(super) fn raw_string(text: &str) -> Literal {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    let text = text.replace('\n', "\n            ");
    let raw = format!("r{hashes}\"{text}\"{hashes}");
    raw.parse().unwrap_or_else(|_| Literal::string(&text))
}

/// Prints a text that may have backslashes, such as a regular expression, with as few escapes as possible.
pub(super) fn literal(text: &str) -> Literal {
    let is_printable = !text.contains(char::is_control);
    let raw = match (text.contains('\\'), text.contains('"')) {
        (true, false) if is_printable => format!("r\"{text}\""),
        (_, true) if is_printable => return raw_string(text),
        _ => return Literal::string(text),
    };
    raw.parse().unwrap_or_else(|_| Literal::string(text))
}

/// Prints an integer as people write it: `10_000`.
pub(super) fn grouped(number: i128) -> TokenStream {
    let digits = number.unsigned_abs();
    let literal: Literal =
        group(&digits.to_string()).parse().unwrap_or_else(|_| Literal::u128_unsuffixed(digits));
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

/// Prints an integer with a suffix if it is beyond the type of a literal without one.
fn suffixed(number: i128) -> TokenStream {
    let suffix = match number {
        _ if i32::try_from(number).is_ok() => return grouped(number),
        _ if i64::try_from(number).is_ok() => "i64",
        _ => "u64",
    };
    let text = format!("{}_{suffix}", group(&number.unsigned_abs().to_string()));
    let literal: Literal = text.parse().unwrap_or_else(|_| Literal::i128_unsuffixed(number));
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

/// Prints a number with a fraction as people write it.
pub(super) fn grouped_float(number: f64) -> TokenStream {
    let digits = number.abs();
    let text = format!("{digits:?}");
    // Very large and very small ones have an exponent.
    let (mantissa, exponent) = text.find('e').map_or((&*text, ""), |at| text.split_at(at));
    let literal = match mantissa.split_once('.') {
        Some((whole, fraction)) => format!("{}.{}{exponent}", group(whole), group_fraction(fraction)).parse(),
        None => text.parse(),
    };
    let literal: Literal = literal.unwrap_or_else(|_| Literal::f64_unsuffixed(digits));
    if number < 0.0 { quote!(-#literal) } else { quote!(#literal) }
}

/// Groups the digits after a point: `402_823_5`.
fn group_fraction(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(3).map(String::from_iter).collect();
    groups.join("_")
}

/// Prints a JSON value as `json!` takes it.
pub(super) fn json_tokens(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(value) => quote!(#value),
        Value::String(text) => quote!(#text),
        Value::Number(number) => match (whole(number), number.as_f64()) {
            (Some(integer), _) => suffixed(integer),
            (None, float) => grouped_float(float.unwrap_or_default()),
        },
        Value::Array(values) => {
            let values = values.iter().map(json_tokens);
            quote!([#(#values),*])
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = json_tokens(value);
                quote!(#name: #value)
            });
            quote!({#(#members),*})
        }
    }
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

#[cfg(test)]
mod tests {
    use super::grouped_float;

    #[test]
    fn digits_of_floats_are_grouped() {
        let printed = |number| grouped_float(number).to_string().replace(' ', "");
        assert_eq!(printed(0.1), "0.1");
        assert_eq!(printed(-12345.5), "-12_345.5");
        assert_eq!(printed(0.12345), "0.123_45");
        assert_eq!(printed(-3.402_823_567_797_336_6e38), "-3.402_823_567_797_336_6e38");
        assert_eq!(printed(1e39), "1e39");
    }
}
