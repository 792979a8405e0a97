//! Bounds of numbers, and the types that can hold what is between them.

use serde_json::Number;

use super::{Planner, Ty};
use crate::diagnostic::Diagnostic;
use crate::ir::{Bound, Constraints, Extent, Schema};

/// Returns the type of an integer: the type of its format or, if its bounds go beyond that, the next type that holds more.
pub(super) fn integer(extent: &Extent) -> Ty {
    let format = extent.format.as_deref();
    let (start, end) = integer_range(extent.minimum.as_ref(), extent.maximum.as_ref());
    let holds = |ty: &Ty| {
        let (least, greatest) = ty.integer_limits().unwrap_or_default();
        start.into_iter().chain(end).all(|bound| (least..=greatest).contains(&bound))
    };
    let of_format = of_format(format.unwrap_or_default());
    let is_unsigned = of_format == Some(Ty::U64) || start.is_some_and(|start| start >= 0);
    match of_format {
        Some(Ty::U64) => Ty::U64,
        Some(ty) if holds(&ty) => ty,
        // Of the types that do not hold an unsigned integer, `u64` holds most of it.
        _ if is_unsigned && !holds(&Ty::I64) => Ty::U64,
        _ => Ty::I64,
    }
}

fn of_format(format: &str) -> Option<Ty> {
    Some(match format {
        "int8" => Ty::I8,
        "int16" => Ty::I16,
        "int32" => Ty::I32,
        "int64" => Ty::I64,
        "uint8" => Ty::U8,
        "uint16" => Ty::U16,
        "uint32" => Ty::U32,
        "uint" | "uint64" => Ty::U64,
        _ => return None,
    })
}

/// Returns the least and the greatest integer that are allowed.
fn integer_range(minimum: Option<&Bound>, maximum: Option<&Bound>) -> (Option<i128>, Option<i128>) {
    (minimum.map(Bound::least_integer), maximum.map(Bound::greatest_integer))
}

/// Side on which a bound leaves the range of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Least,
    Greatest,
}

impl Planner<'_, '_> {
    /// Returns the constraints of a value. The limits of its type replace bounds and factors that the type cannot hold, with a
    /// warning.
    pub(super) fn fitted(&mut self, schema: &Schema, ty: &Ty) -> Constraints {
        let mut constraints = schema.constraints.clone();
        let name = match ty {
            ty if ty.integer_limits().is_some() => ty.display(&|_| String::new()),
            Ty::F64 => "f64".to_owned(),
            _ => return constraints,
        };
        for keyword in fit(ty, &mut constraints) {
            let at = schema.constrained.child(keyword);
            let message = format!("`{keyword}` exceeds the range of `{name}`, so only that range is checked");
            self.diagnostics.push(Diagnostic::warning(&at, message));
        }
        constraints
    }
}

/// Fits constraints to a type, and returns the keywords of those that were changed by more than rounding.
fn fit(ty: &Ty, constraints: &mut Constraints) -> Vec<&'static str> {
    let (start, end) = integer_range(constraints.minimum.as_ref(), constraints.maximum.as_ref());
    let ends = [("minimum", start, Beyond::Least), ("maximum", end, Beyond::Greatest)];
    let mut lost = Vec::new();
    for (keyword, whole, void) in ends {
        let bound = if void == Beyond::Least { &mut constraints.minimum } else { &mut constraints.maximum };
        let Some(value) = bound.as_ref().map(|bound| bound.value.clone()) else { continue };
        let Some(beyond) = beyond(ty, whole, &value) else { continue };
        // A bound that every value keeps has no effect.
        *bound = limit(ty, beyond).filter(|_| beyond != void).map(|value| Bound { value, exclusive: false });
        if !is_rounded(ty, &value, beyond) {
            lost.push(keyword);
        }
    }
    if ty.integer_limits().is_some() {
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

/// Returns a factor as an integer, which it may be in spite of its spelling: `1e3`.
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

fn beyond(ty: &Ty, whole: Option<i128>, value: &Number) -> Option<Beyond> {
    let float = value.as_f64()?;
    let (is_less, is_greater) = match ty.integer_limits() {
        Some((least, greatest)) => (whole? < least, whole? > greatest),
        // There is nothing beyond, so what was beyond has become the limit.
        None => (float <= f64::MIN, float >= f64::MAX),
    };
    match (is_less, is_greater) {
        (true, _) => Some(Beyond::Least),
        (_, true) => Some(Beyond::Greatest),
        _ => None,
    }
}

/// Prints the limit of a type, in as few digits as it needs.
fn limit(ty: &Ty, beyond: Beyond) -> Option<Number> {
    match ty.integer_limits() {
        Some((least, _)) if beyond == Beyond::Least => i64::try_from(least).ok().map(Number::from),
        Some((_, greatest)) => u64::try_from(greatest).ok().map(Number::from),
        None => Number::from_f64(if beyond == Beyond::Least { f64::MIN } else { f64::MAX }),
    }
}

/// Returns `true` if a value is the limit of its type as a tool has written it that calculates with fewer digits.
fn is_rounded(ty: &Ty, value: &Number, beyond: Beyond) -> bool {
    const DIGITS: f64 = 1e-7;
    const DIGITS_OF_INTEGERS: f64 = 1e-15;
    let digits = if ty.integer_limits().is_some() { DIGITS_OF_INTEGERS } else { DIGITS };
    let limit = limit(ty, beyond).and_then(|limit| limit.as_f64());
    limit.zip(value.as_f64()).is_some_and(|(limit, value)| (value - limit).abs() <= limit.abs() * digits)
}

#[cfg(test)]
mod tests {
    use serde_json::Number;

    use super::{fit, integer};
    use crate::ir::{Bound, Constraints, Extent};
    use crate::plan::Ty;

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
            (None, "", "", Ty::I64),
            (None, "0", "18446744073709551615", Ty::U64),
            (None, "0", "9223372036854775807", Ty::I64),
            (None, "0", "9223372036854775808", Ty::U64),
            (None, "-1", "9223372036854775808", Ty::I64),
            (None, "", "1e30", Ty::I64),
            (None, "0", "1e30", Ty::U64),
            (None, "1e19", "", Ty::U64),
            (Some("int32"), "", "", Ty::I32),
            (Some("int32"), "0", "2147483647", Ty::I32),
            (Some("int32"), "0", "2147483648", Ty::I64),
            (Some("int32"), "-2147483649", "", Ty::I64),
            (Some("int32"), "0", "1e19", Ty::U64),
            (Some("int32"), "", "1e19", Ty::I64),
            (Some("int64"), "0", "1e19", Ty::U64),
            (Some("uint64"), "-1", "", Ty::U64),
            (Some("uint64"), "", "1e30", Ty::U64),
        ] {
            let Constraints { minimum: least, maximum: greatest, .. } = constraints(minimum, maximum);
            let format_text = format.map(str::to_owned);
            let found = integer(&Extent { format: format_text, minimum: least, maximum: greatest });
            assert_eq!(found, expected, "{format:?} {minimum}..{maximum}");
        }
    }

    #[test]
    fn bounds_beyond_the_type_become_limits() {
        let none: &[&str] = &[];
        for (ty, minimum, maximum, expected, lost) in [
            (Ty::I64, "-5", "5", ("-5", "5"), none),
            (Ty::I64, "-9223372036854776000", "9223372036854776000", ("-9223372036854776000", ""), none),
            (Ty::I64, "-1e30", "1e30", ("", ""), &["minimum", "maximum"]),
            (Ty::I64, "1e30", "", ("9223372036854775807", ""), &["minimum"]),
            (Ty::I64, "", "-1e30", ("", "-9223372036854775808"), &["maximum"]),
            (Ty::U64, "-1", "1.8446744073709552e19", ("", ""), &["minimum"]),
            (Ty::F64, "-1.7976931348623157e308", "1.7976931348623157e308", ("", ""), none),
            (Ty::F64, "-1e308", "1e308", ("-1e308", "1e308"), none),
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
            assert_eq!(fit(&Ty::I64, &mut found).len(), lost, "{factor}");
            assert_eq!(found.multiple_of.map(|factor| factor.to_string()).as_deref(), expected);
        }
    }
}
