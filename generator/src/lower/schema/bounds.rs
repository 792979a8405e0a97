//! Bounds of numbers, and the types that can hold what is between them.

use serde_json::Number;

use crate::diagnostic::{Diagnostic, Location};
use crate::ir::{Bound, Constraints, Schema, Type};
use crate::lower::Lowering;

/// The type of an integer: what its format says or, if its bounds go beyond that, the next type that holds more.
pub(super) fn integer(format: Option<&str>, constraints: &Constraints) -> Type {
    let (start, end) = integer_range(constraints);
    let holds = |ty: &Type| {
        let (least, greatest) = integer_limits(ty).unwrap_or_default();
        start.into_iter().chain(end).all(|bound| (least..=greatest).contains(&bound))
    };
    let is_unsigned = format == Some("uint64") || start.is_some_and(|start| start >= 0);
    match format {
        Some("int32") if holds(&Type::Int32) => Type::Int32,
        // One without a sign that nothing holds is held the most by the larger type.
        _ if is_unsigned && (format == Some("uint64") || !holds(&Type::Int64)) => Type::Uint64,
        _ => Type::Int64,
    }
}

/// The least and the greatest integer that are allowed.
fn integer_range(constraints: &Constraints) -> (Option<i128>, Option<i128>) {
    let Constraints { minimum, maximum, .. } = constraints;
    (minimum.as_ref().map(Bound::least_integer), maximum.as_ref().map(Bound::greatest_integer))
}

/// The least and the greatest value of an integer type.
fn integer_limits(ty: &Type) -> Option<(i128, i128)> {
    match ty {
        Type::Int32 => Some((i32::MIN.into(), i32::MAX.into())),
        Type::Int64 => Some((i64::MIN.into(), i64::MAX.into())),
        Type::Uint64 => Some((u64::MIN.into(), u64::MAX.into())),
        _ => None,
    }
}

/// Side on which a bound leaves the range of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Least,
    Greatest,
}

impl Lowering<'_> {
    /// Lets the limits of the type take the place of bounds and factors that it cannot hold, with a warning.
    pub(super) fn fit_bounds(&mut self, schema: &mut Schema, at: &Location) {
        let name = match &schema.ty {
            Type::Int32 => "i32",
            Type::Int64 => "i64",
            Type::Uint64 => "u64",
            Type::Float => "f32",
            Type::Double => "f64",
            _ => return,
        };
        let lost = fit(&schema.ty, &mut schema.constraints);
        for keyword in lost {
            let at = at.child(keyword);
            let message = format!("`{keyword}` exceeds the range of `{name}`, so only that range is checked");
            self.diagnostics.push(Diagnostic::warning(&at, message));
        }
    }
}

/// Fits constraints to a type, and returns the keywords of those that were changed by more than rounding.
fn fit(ty: &Type, constraints: &mut Constraints) -> Vec<&'static str> {
    let (start, end) = integer_range(constraints);
    let ends = [("minimum", start, Beyond::Least), ("maximum", end, Beyond::Greatest)];
    let mut lost = Vec::new();
    for (keyword, whole, void) in ends {
        let bound = if void == Beyond::Least { &mut constraints.minimum } else { &mut constraints.maximum };
        let Some(value) = bound.as_ref().map(|bound| bound.value.clone()) else { continue };
        let Some(beyond) = beyond(ty, whole, &value) else { continue };
        // One that every value keeps is none.
        *bound = limit(ty, beyond).filter(|_| beyond != void).map(|value| Bound { value, exclusive: false });
        if !is_rounded(ty, &value, beyond) {
            lost.push(keyword);
        }
    }
    if integer_limits(ty).is_some() {
        let factor = constraints.multiple_of.as_ref();
        let is_fraction = |factor: &Number| factor.as_f64().is_some_and(|factor| factor.fract() != 0.0);
        let whole = factor.and_then(whole_factor);
        if whole.is_none() && factor.is_some_and(|factor| !is_fraction(factor)) {
            lost.push("multipleOf");
        }
        constraints.multiple_of =
            whole.map(Number::from).or(constraints.multiple_of.take().filter(is_fraction));
    }
    lost
}

/// A factor as an integer, which it may be in spite of its spelling: `1e3`.
#[expect(clippy::cast_possible_truncation, reason = "only what an integer holds is cast")]
fn whole_factor(factor: &Number) -> Option<i64> {
    let held = -9.2e18..=9.2e18;
    factor.as_i64().or_else(|| {
        factor
            .as_f64()
            .filter(|factor| factor.fract() == 0.0 && held.contains(factor))
            .map(|factor| factor as i64)
    })
}

fn beyond(ty: &Type, whole: Option<i128>, value: &Number) -> Option<Beyond> {
    let float = value.as_f64()?;
    let (is_less, is_greater) = match (integer_limits(ty), ty) {
        (Some((least, greatest)), _) => (whole? < least, whole? > greatest),
        (None, Type::Float) => (float < f64::from(f32::MIN), float > f64::from(f32::MAX)),
        // There is nothing beyond, so what was beyond has become the limit.
        (None, _) => (float <= f64::MIN, float >= f64::MAX),
    };
    match (is_less, is_greater) {
        (true, _) => Some(Beyond::Least),
        (_, true) => Some(Beyond::Greatest),
        _ => None,
    }
}

/// The limit of a type, in as few digits as it needs.
fn limit(ty: &Type, beyond: Beyond) -> Option<Number> {
    match integer_limits(ty) {
        Some((least, _)) if beyond == Beyond::Least => i64::try_from(least).ok().map(Number::from),
        Some((_, greatest)) => u64::try_from(greatest).ok().map(Number::from),
        None => {
            let is_single = matches!(ty, Type::Float);
            let greatest = if is_single { format!("{:e}", f32::MAX).parse().ok()? } else { f64::MAX };
            Number::from_f64(if beyond == Beyond::Least { -greatest } else { greatest })
        }
    }
}

/// Returns `true` if a value is the limit of its type as a tool has written it that calculates with fewer digits.
fn is_rounded(ty: &Type, value: &Number, beyond: Beyond) -> bool {
    const DIGITS: f64 = 1e-7;
    const DIGITS_OF_INTEGERS: f64 = 1e-15;
    let digits = if integer_limits(ty).is_some() { DIGITS_OF_INTEGERS } else { DIGITS };
    let limit = limit(ty, beyond).and_then(|limit| limit.as_f64());
    limit.zip(value.as_f64()).is_some_and(|(limit, value)| (value - limit).abs() <= limit.abs() * digits)
}

#[cfg(test)]
mod tests {
    use serde_json::Number;

    use super::{fit, integer};
    use crate::ir::{Bound, Constraints, Type};

    fn constraints(minimum: &str, maximum: &str) -> Constraints {
        let bound = |text: &str| {
            let value =
                text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
            let value = value.ok().or_else(|| Number::from_f64(text.parse().ok()?));
            value.map(|value| Bound { value, exclusive: false })
        };
        Constraints { minimum: bound(minimum), maximum: bound(maximum), ..Constraints::default() }
    }

    #[test]
    fn integer_bounds_widen_the_type() {
        for (format, minimum, maximum, expected) in [
            (None, "", "", Type::Int64),
            (None, "0", "18446744073709551615", Type::Uint64),
            (None, "0", "9223372036854775807", Type::Int64),
            (None, "0", "9223372036854775808", Type::Uint64),
            (None, "-1", "9223372036854775808", Type::Int64),
            (None, "", "1e30", Type::Int64),
            (None, "0", "1e30", Type::Uint64),
            (None, "1e19", "", Type::Uint64),
            (Some("int32"), "", "", Type::Int32),
            (Some("int32"), "0", "2147483647", Type::Int32),
            (Some("int32"), "0", "2147483648", Type::Int64),
            (Some("int32"), "-2147483649", "", Type::Int64),
            (Some("int32"), "0", "1e19", Type::Uint64),
            (Some("int32"), "", "1e19", Type::Int64),
            (Some("int64"), "0", "1e19", Type::Uint64),
            (Some("uint64"), "-1", "", Type::Uint64),
            (Some("uint64"), "", "1e30", Type::Uint64),
        ] {
            let found = integer(format, &constraints(minimum, maximum));
            assert!(found.is_same(&expected), "{format:?} {minimum}..{maximum}: {found:?}");
        }
    }

    #[test]
    fn bounds_beyond_the_type_become_limits() {
        let none: &[&str] = &[];
        for (ty, minimum, maximum, expected, lost) in [
            (Type::Int64, "-5", "5", ("-5", "5"), none),
            (Type::Int64, "-9223372036854776000", "9223372036854776000", ("-9223372036854776000", ""), none),
            (Type::Int64, "-1e30", "1e30", ("", ""), &["minimum", "maximum"]),
            (Type::Int64, "1e30", "", ("9223372036854775807", ""), &["minimum"]),
            (Type::Int64, "", "-1e30", ("", "-9223372036854775808"), &["maximum"]),
            (Type::Uint64, "-1", "1.8446744073709552e19", ("", ""), &["minimum"]),
            (Type::Float, "", "3.4028235677973366e38", ("", ""), none),
            (Type::Float, "-1e39", "0.5", ("", "0.5"), &["minimum"]),
            (Type::Float, "1e39", "", ("3.4028235e38", ""), &["minimum"]),
            (Type::Double, "-1.7976931348623157e308", "1.7976931348623157e308", ("", ""), none),
            (Type::Double, "-1e308", "1e308", ("-1e308", "1e308"), none),
        ] {
            let mut found = constraints(minimum, maximum);
            assert_eq!(fit(&ty, &mut found), lost, "{ty:?} {minimum}..{maximum}");
            let expected = constraints(expected.0, expected.1);
            assert_eq!((found.minimum, found.maximum), (expected.minimum, expected.maximum));
        }
    }

    #[test]
    fn integer_factors_are_integers() {
        for (factor, expected, lost) in [
            ("5", Some("5"), 0),
            ("1e3", Some("1000"), 0),
            ("0.5", Some("0.5"), 0),
            ("1e20", None, 1),
            ("18446744073709551615", None, 1),
        ] {
            let multiple_of = constraints(factor, "").minimum.map(|bound| bound.value);
            let mut found = Constraints { multiple_of, ..Constraints::default() };
            assert_eq!(fit(&Type::Int64, &mut found).len(), lost, "{factor}");
            assert_eq!(found.multiple_of.map(|factor| factor.to_string()).as_deref(), expected);
        }
    }
}
