//! YAML that readers of YAML 1.1 and 1.2 understand alike.
//!
//! In YAML 1.2, `no`, `2020-01-01` and `1_000` are strings. Readers of YAML 1.1 take them for a boolean, a date and
//! a number, so they are quoted.

use serde_yaml::{Mapping, Number, Value};

/// The words that have a type in YAML 1.1, in lower case, with the keys of a merge and of a default value.
const WORDS: [&str; 13] = ["y", "yes", "n", "no", "true", "false", "on", "off", "null", "~", "", "<<", "="];

/// Returns a document as YAML, or nothing if YAML cannot express it.
pub(super) fn text(document: &Value) -> Option<String> {
    let plain = serde_yaml::to_string(document).ok()?;
    // The writer leaves letters of private use as they are, so they can stand for quotes, and for none.
    let mut unused = ('\u{e000}'..='\u{efff}').filter(|letter| !plain.contains(*letter));
    let marks = Marks { quoted: unused.next()?, bare: unused.next()? };
    let marked = serde_yaml::to_string(&marks.node(document)).ok()?;
    Some(marked.replace(marks.quoted, "'").replace(marks.bare, ""))
}

struct Marks {
    /// Stands for a quote.
    quoted: char,
    /// Stands around a scalar that is written as it is.
    bare: char,
}

impl Marks {
    fn node(&self, node: &Value) -> Value {
        match node {
            Value::String(text) if is_ambiguous(text) => format!("{0}{text}{0}", self.quoted).into(),
            Value::Number(number) => match exponential(number) {
                Some(text) => format!("{0}{text}{0}", self.bare).into(),
                None => node.clone(),
            },
            Value::Sequence(elements) => elements.iter().map(|element| self.node(element)).collect(),
            Value::Mapping(members) => {
                let members = members.iter().map(|(key, value)| (self.node(key), self.node(value)));
                Value::Mapping(members.collect::<Mapping>())
            }
            other => other.clone(),
        }
    }
}

/// Returns `true` for strings that look like a scalar of another type in YAML 1.1, or in a dialect of it: words, and
/// anything that begins as a number, a time or a date does and has no other letters.
fn is_ambiguous(text: &str) -> bool {
    let of_numbers =
        |letter: char| letter.is_ascii_hexdigit() || "+-._,: oxtzinf".contains(letter.to_ascii_lowercase());
    let is_number_like = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
        && text.chars().all(of_numbers)
        // The writer quotes what would be a key.
        && !text.contains(": ");
    is_number_like && !is_version(text) || WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Returns `true` for digits with several dots between them, such as `3.0.3`: no reader takes them for a number.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.clone().count() > 2
        && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the text of a number with an exponent: YAML 1.1 needs a fraction and a sign.
fn exponential(number: &Number) -> Option<String> {
    let text = number.to_string();
    let (digits, exponent) = text.split_once('e')?;
    let fraction = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    Some(format!("{digits}{fraction}e{sign}{exponent}"))
}
