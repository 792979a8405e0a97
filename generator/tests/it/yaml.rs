//! A bundle says the same to readers of YAML 1.1.

use generator::bundle::{Words, bundle};
use generator::diagnostic::Diagnostics;
use generator::load::Sources;
use generator::select::select;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_yaml::{Mapping, Value};

use crate::fixtures;

/// Scalars that YAML 1.1 gives another type than a string, by the page of the type at yaml.org/type.
const TYPED: [(&str, &[&str]); 8] = [
    (
        "bool",
        &[
            "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True", "TRUE", "false",
            "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF",
        ],
    ),
    ("null", &["~", "null", "Null", "NULL", ""]),
    (
        "int",
        &[
            "0",
            "-0",
            "+12",
            "685_230",
            "02472256",
            "010",
            "0o7",
            "0x_0A_74_AE",
            "0x1F",
            "0b1010",
            "190:20:30",
            "1:30",
            "-1:30",
            "1_000",
            "1,000",
        ],
    ),
    (
        "float",
        &[
            "6.8523015e+5",
            "685.230_15e+03",
            "190:20:30.15",
            "1e3",
            "1.",
            ".5",
            "-.inf",
            ".inf",
            ".Inf",
            ".INF",
            "+.inf",
            ".nan",
            ".NaN",
            ".NAN",
            "1e20",
        ],
    ),
    (
        "timestamp",
        &[
            "2020-01-01",
            "2001-12-15T02:59:43.1Z",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-15 2:59:43.10",
            "12:30:45",
        ],
    ),
    ("merge", &["<<"]),
    ("value", &["="]),
    ("sign", &["+", "-", "."]),
];

/// Strings that stay bare, or get quotes for other reasons; the text must say the same again.
const OTHERS: [&str; 14] = [
    "3.0.3",
    "1.2.3",
    "text",
    "yes, please",
    "it's",
    "'quoted'",
    "1: 2",
    "# no",
    "two\nlines",
    "- no",
    "\u{e000}no\u{e001}",
    " 1 ",
    "2020-01-01\n",
    "\u{1f600}",
];

#[test]
fn typed_scalar_of_yaml_1_1_is_quoted() {
    for text in TYPED.iter().flat_map(|(_, scalars)| scalars.iter()) {
        assert_string(text);
    }
}

#[test]
fn other_string_is_read_again_as_it_was() {
    for text in OTHERS {
        assert_string(text);
    }
    let bundle = bundle_with("3.0.3");
    assert!(bundle.contains("x-value: 3.0.3"), "a version needs no quotes: {bundle}");
}

#[test]
fn random_string_is_a_string_in_yaml_1_1() {
    const LETTERS: &[u8] = b"0123456789+-._:,eExXoObBtTzZ ~=<ynoNfFaIiy'";
    let mut state: u64 = 11;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let texts: Vec<String> = (0..4_000)
        .map(|_| (0..=below(8)).map(|_| char::from(LETTERS[below(LETTERS.len())])).collect())
        .collect();
    assert_strings(&texts);
}

#[test]
fn number_is_a_number_in_yaml_1_1() {
    for number in ["1", "-5", "1.5", "1e20", "1.5e-9", "-1e300", "18446744073709551615"] {
        let value: Value = serde_yaml::from_str(number).unwrap();
        let text = bundle_of(&value);
        let written = text.lines().find_map(|line| line.strip_prefix("x-value: ")).unwrap();
        assert!(is_typed(written), "{number} is written as {written}");
        assert_eq!(serde_yaml::from_str::<Value>(written).unwrap(), value);
    }
}

fn assert_string(text: &str) {
    assert_strings(&[text.to_owned()]);
}

/// Writes strings as values and as keys, and reads them again as both versions of YAML do.
fn assert_strings(texts: &[String]) {
    let values: Value = texts.iter().map(|text| Value::from(text.as_str())).collect();
    // The reader of descriptions merges what has this key, so no description has it as a name.
    let names = texts.iter().filter(|text| *text != "<<");
    let keys: Mapping = names.map(|text| (Value::from(text.as_str()), Value::from("one"))).collect();
    for value in [values, Value::Mapping(keys)] {
        let bundle = bundle_of(&value);
        let read: Value = serde_yaml::from_str(&bundle).unwrap();
        assert_eq!(read.get("x-value"), Some(&value));
        let scalars = Parser::new_from_str(&bundle).filter_map(|event| match event.unwrap().0 {
            Event::Scalar(text, ScalarStyle::Plain, ..) => Some(text.into_owned()),
            _ => None,
        });
        let typed: Vec<_> = scalars.filter(|text| texts.contains(text) && is_typed(text)).collect();
        assert_eq!(typed, Vec::<String>::new());
    }
}

fn bundle_with(text: &str) -> String {
    bundle_of(&Value::from(text))
}

/// Returns the bundle of a description with a value in an extension.
fn bundle_of(value: &Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("openapi.json");
    let description = serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": "A title", "version": "one"},
        "paths": {"/": {"get": {"responses": {"204": {"description": "Done."}}}}},
        "x-value": serde_json::to_value(value).unwrap(),
    });
    std::fs::write(&root, description.to_string()).unwrap();
    let sources = Sources::new(&root);
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, &fixtures::all(), &mut diagnostics);
    let bundle = bundle(&sources, &selected, Words::Keep, &mut diagnostics).unwrap();
    bundle.text().unwrap()
}

/// Returns `true` if a plain scalar is something else than a string by the expressions of yaml.org/type, as readers have them.
fn is_typed(text: &str) -> bool {
    let is_listed = |kind: &str| TYPED.iter().any(|(name, scalars)| *name == kind && scalars.contains(&text));
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    is_listed("bool")
        || is_listed("null")
        || ["<<", "="].contains(&text)
        || is_integer(unsigned)
        || is_float(unsigned)
        || is_timestamp(text)
}

fn only(text: &str, allowed: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| allowed.contains(letter))
}

fn is_integer(text: &str) -> bool {
    let is_decimal = text.starts_with(|first: char| first.is_ascii_digit()) && only(text, "0123456789_");
    let is_prefixed =
        |prefix: &str, digits: &str| text.strip_prefix(prefix).is_some_and(|rest| only(rest, digits));
    is_decimal
        || is_prefixed("0b", "01_")
        || is_prefixed("0o", "01234567")
        || is_prefixed("0x", "0123456789abcdefABCDEF_")
        || is_sexagesimal(text)
}

/// Returns `true` for texts such as `190:20:30`: each part after the first is below 60.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let is_first = parts.next().is_some_and(|first| {
        first.starts_with(|digit: char| digit.is_ascii_digit()) && only(first, "0123456789_")
    });
    let rest: Vec<_> = parts.collect();
    let is_part = |part: &&str| {
        part.len() <= 2 && part.parse::<u8>().is_ok_and(|part| part < 60) && !part.starts_with('+')
    };
    is_first && !rest.is_empty() && rest.iter().all(is_part)
}

fn is_float(text: &str) -> bool {
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&text) {
        return true;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let is_exponent = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['+', '-']).is_some_and(|digits| only(digits, "0123456789"))
    });
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let is_whole =
        whole.is_empty() || whole.starts_with(|d: char| d.is_ascii_digit()) && only(whole, "0123456789_");
    let is_fraction = fraction.is_empty() || only(fraction, "0123456789_");
    let has_digit = mantissa.contains(|letter: char| letter.is_ascii_digit());
    is_exponent && is_whole && is_fraction && has_digit
        || is_fraction && is_sexagesimal(whole) && exponent.is_none()
}

fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, lengths: &[usize]| {
        part.is_some_and(|part| lengths.contains(&part.len()) && only(part, "0123456789"))
    };
    let (year, month, rest) = (parts.next(), parts.next(), parts.next());
    let day = rest.map(|rest| rest.split(['t', 'T', ' ']).next().unwrap_or_default());
    digits(year, &[4]) && digits(month, &[1, 2]) && digits(day, &[1, 2])
}
