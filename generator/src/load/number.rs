//! Numbers of any size. One that no type can hold is the nearest that there is.

use serde_json::Number;
use serde_yaml::Value;

/// Returns the number of a node. YAML reads a number beyond all floating-point numbers (`1e400`) as a string.
pub(crate) fn number(node: &Value) -> Option<Number> {
    match node {
        Value::Number(number) => number
            .as_i64()
            .map(Number::from)
            .or_else(|| number.as_u64().map(Number::from))
            .or_else(|| number.as_f64().and_then(Number::from_f64)),
        Value::String(text) => Number::from_f64(endless(text)?.clamp(f64::MIN, f64::MAX)),
        _ => None,
    }
}

/// The integer that is not negative which a node is, as `7`, `7.0` or `7e0`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, as it should"
)]
pub(crate) fn count(node: &Value) -> Option<u64> {
    let number = number(node)?;
    let whole = |number: &f64| *number >= 0.0 && number.fract() == 0.0;
    number.as_u64().or_else(|| number.as_f64().filter(whole).map(|number| number as u64))
}

/// Returns a tree whose numbers have at most 64 bits, for readers of integers. The original tree keeps exact numbers.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as it should")]
pub(super) fn saturated(node: Value) -> Value {
    match node {
        Value::Mapping(members) => {
            Value::Mapping(members.into_iter().map(|(key, member)| (key, saturated(member))).collect())
        }
        Value::Sequence(elements) => Value::Sequence(elements.into_iter().map(saturated).collect()),
        Value::Number(_) | Value::String(_) => match (count(&node), number(&node).and_then(|n| n.as_f64())) {
            (Some(count), _) => count.into(),
            (None, Some(number)) if number.fract() == 0.0 => (number as i64).into(),
            _ => node,
        },
        other => other,
    }
}

/// Returns the infinite number of a text, if it is beyond all floating-point numbers.
fn endless(text: &str) -> Option<f64> {
    let begins = text.trim_start_matches(['+', '-']).starts_with(|first: char| first.is_ascii_digit());
    text.parse().ok().filter(|number: &f64| begins && number.is_infinite())
}

#[cfg(test)]
mod tests {
    use serde_yaml::Value;

    use super::{count, number, saturated};

    #[test]
    fn numbers_of_any_size_have_nearest() {
        let greatest = "1.7976931348623157e+308";
        for (text, expected, counted) in [
            ("7", Some("7"), Some(7)),
            ("7.0", Some("7.0"), Some(7)),
            ("7e0", Some("7.0"), Some(7)),
            ("7.5", Some("7.5"), None),
            ("-7", Some("-7"), None),
            ("1e30", Some("1e+30"), Some(u64::MAX)),
            ("18446744073709551615", Some("18446744073709551615"), Some(u64::MAX)),
            ("1e400", Some(greatest), Some(u64::MAX)),
            ("-1e400", Some("-1.7976931348623157e+308"), None),
            (&"9".repeat(400), Some(greatest), Some(u64::MAX)),
            ("inf", None, None),
            ("-infinity", None, None),
            (".nan", None, None),
            (".inf", None, None),
            ("1e400 items", None, None),
        ] {
            let node: Value = serde_yaml::from_str(text).unwrap();
            assert_eq!(number(&node).map(|number| number.to_string()).as_deref(), expected, "{text}");
            assert_eq!(count(&node), counted, "{text}");
        }
    }

    #[test]
    fn saturated_integers_have_64_bits() {
        let node: Value = serde_yaml::from_str("[1e30, -1e30, 1e400, 7.0, 7.5, text, {a: [1e20]}]").unwrap();
        let expected =
            format!("[{}, {}, {}, 7, 7.5, text, {{a: [{}]}}]", u64::MAX, i64::MIN, u64::MAX, u64::MAX);
        assert_eq!(saturated(node), serde_yaml::from_str::<Value>(&expected).unwrap());
    }
}
