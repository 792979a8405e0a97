//! JSON, by the rules of JSON. As YAML, some of it could not be read: YAML has no surrogate pairs, no keys of more
//! than 1,024 characters and no U+007F.

use jsonc_parser::ast::{Object, Value as Ast};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;
use serde_yaml::{Mapping, Number, Value};

use super::spans::{Below, Node, Spans};
use crate::diagnostic::{Diagnostic, Location};

/// Greatest depth of nested lists and objects, as in YAML and in `serde_json`.
const MAX_DEPTH: usize = 128;

/// Checks that a text is an object or a list of JSON. `None` is something else, such as YAML in block style.
///
/// The text of strings, the size of numbers and the depth of objects are left to
/// [`parse`].
pub(super) fn grammar(text: &str) -> Option<Result<(), serde_json::Error>> {
    let begins = text.trim_start().starts_with(['{', '[']);
    begins.then(|| serde_json::from_str::<IgnoredAny>(text).map(|_| ()))
}

/// Parses a text by the grammar of JSON.
pub(super) fn parse(text: &str, location: &Location) -> Result<Value, Diagnostic> {
    let malformed = |(message, byte): (String, usize)| {
        Diagnostic::error(location, format!("expected JSON, found an error: {message}")).at_byte(byte)
    };
    match ast(text).map_err(malformed)? {
        Some(root) => tree(&root, 1).map_err(malformed),
        None => Ok(Value::Null),
    }
}

/// Says where the grammar is broken.
pub(super) fn malformed(error: &serde_json::Error, text: &str, location: &Location) -> Diagnostic {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    Diagnostic::error(location, format!("expected JSON, found an error: {error}"))
        .at_byte(before + error.column().saturating_sub(1))
}

/// Returns the positions in valid JSON, in bytes.
pub(super) fn spans(text: &str) -> Spans {
    Spans::below(ast(text).ok().flatten().map(|root| node(None, &root)))
}

/// Message about a mistake, and the byte of the mistake.
type Problem = (String, usize);

fn ast(text: &str) -> Result<Option<Ast<'_>>, Problem> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict());
    parsed.map(|parsed| parsed.value).map_err(|error| {
        let start = error.range().start;
        let message = match error.kind() {
            ParseErrorKind::NestingDepthExceeded => too_deep(),
            // The grammar is kept, so what is left to be wrong is an escape that is no character.
            ParseErrorKind::String(_) => {
                let escape: String = text[start..].chars().take(r"\u0000".len()).collect();
                format!("`{escape}` is half of a surrogate pair, and the other half is missing")
            }
            kind => kind.to_string(),
        };
        (message, start)
    })
}

/// Returns options that accept JSON only, without extensions.
fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn too_deep() -> String {
    format!("lists and objects are nested more than {MAX_DEPTH} levels deep")
}

fn tree(node: &Ast<'_>, depth: usize) -> Result<Value, Problem> {
    Ok(match node {
        Ast::NullKeyword(_) => Value::Null,
        Ast::BooleanLit(literal) => Value::Bool(literal.value),
        Ast::NumberLit(literal) => Value::Number(number(literal.value)),
        Ast::StringLit(literal) => Value::String(literal.value.clone().into_owned()),
        Ast::Array(_) | Ast::Object(_) if depth > MAX_DEPTH => {
            return Err((too_deep(), node.range().start));
        }
        Ast::Array(array) => {
            let elements = array.elements.iter().map(|element| tree(element, depth + 1));
            Value::Sequence(elements.collect::<Result<_, _>>()?)
        }
        Ast::Object(object) => Value::Mapping(mapping(object, depth)?),
    })
}

fn mapping(object: &Object<'_>, depth: usize) -> Result<Mapping, Problem> {
    let mut members = Mapping::with_capacity(object.properties.len());
    for property in &object.properties {
        let key = property.name.as_str();
        let value = tree(&property.value, depth + 1)?;
        if members.insert(key.into(), value).is_some() {
            return Err((format!("duplicate entry with key {key:?}"), property.name.range().start));
        }
    }
    Ok(members)
}

/// Returns the number of a literal, or the nearest one.
fn number(literal: &str) -> Number {
    let whole =
        literal.parse::<u64>().map(Number::from).or_else(|_| literal.parse::<i64>().map(Number::from));
    // The grammar is kept, so the literal is a number.
    whole.unwrap_or_else(|_| literal.parse::<f64>().unwrap_or_default().clamp(f64::MIN, f64::MAX).into())
}

fn node(key: Option<Range>, value: &Ast<'_>) -> Node {
    let below = match value {
        Ast::Array(array) => {
            Below::Elements(array.elements.iter().map(|element| node(None, element)).collect())
        }
        Ast::Object(object) => {
            let members = object.properties.iter().map(|property| {
                (property.name.as_str().into(), node(Some(property.name.range()), &property.value))
            });
            Below::members(members.collect())
        }
        _ => Below::Nothing,
    };
    let Range { start, end } = value.range();
    Node::new(key.map(|key| key.start..key.end), start..end, below)
}
