//! Rules in the form in which they are checked before sending.

use std::ops::Bound as End;

use super::{Count, Range, Rule, Ty};
use crate::ir::Bound;

/// Rule in the form in which it is checked before sending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Check<'a> {
    /// Number of characters of a text.
    Length(Count),
    /// Regular expression that a text matches.
    Pattern(&'a str),
    /// Least and greatest value of an integer, without ends that its type has anyway.
    Integers(Option<i128>, Option<i128>),
    /// Range of a floating-point number.
    Floats(End<f64>, End<f64>),
    /// Number that an integer is a multiple of, without its sign.
    IntegerFactor(u64),
    /// Number that a floating-point number is a multiple of, without its sign.
    FloatFactor(f64),
    /// Number of elements of a list.
    Items(Count),
    /// No two elements of a list are equal.
    Unique,
    /// Number of entries of a map.
    Properties(Count),
    /// Greatest number of bytes of a file.
    Bytes(u64),
}

impl Rule {
    /// Returns the check of the rule for values of a type; `None` if the rule is only documented, or if no value of the
    /// type can break it.
    pub fn check(&self, ty: &Ty) -> Option<Check<'_>> {
        match (self, ty) {
            (Self::Length(count), Ty::String) => count.in_memory().map(Check::Length),
            (Self::Pattern(pattern), Ty::String) => {
                pattern.unreadable.is_none().then_some(Check::Pattern(&pattern.text))
            }
            (Self::Items(count), Ty::Vec(_)) => count.in_memory().map(Check::Items),
            (Self::Properties(count), Ty::Map(_)) => count.in_memory().map(Check::Properties),
            (Self::Unique, Ty::Vec(_)) => Some(Check::Unique),
            (Self::Bytes(bytes), Ty::Upload) => Some(Check::Bytes(*bytes)),
            (Self::Range(range), Ty::F64) => range.floats(),
            (Self::Range(range), _) => range.integers(ty).map(|(start, end)| Check::Integers(start, end)),
            (Self::MultipleOf(factor), Ty::F64) => {
                factor.as_f64().map(|factor| Check::FloatFactor(factor.abs()))
            }
            (Self::MultipleOf(factor), ty) if ty.integer_limits().is_some() => {
                factor.as_i64().map(|factor| Check::IntegerFactor(factor.unsigned_abs()))
            }
            _ => None,
        }
    }
}

impl Count {
    /// Returns the count as a `usize` of 32 bits can express it; `None` if any number of that size is allowed.
    pub(in crate::plan) fn in_memory(self) -> Option<Self> {
        let greatest = u64::from(u32::MAX);
        Self::new(self.min.map(|min| min.min(greatest)), self.max.filter(|max| *max < greatest))
    }
}

impl Range {
    fn floats(&self) -> Option<Check<'static>> {
        Some(Check::Floats(float_end(self.min.as_ref())?, float_end(self.max.as_ref())?))
    }
}

fn float_end(bound: Option<&Bound>) -> Option<End<f64>> {
    let Some(bound) = bound else { return Some(End::Unbounded) };
    let value = bound.value.as_f64()?;
    Some(if bound.exclusive { End::Excluded(value) } else { End::Included(value) })
}

#[cfg(test)]
mod tests {
    use super::{Check, Count, Rule, Ty};

    #[test]
    fn counts_beyond_32_bits_stay_literals_of_32_bits() {
        let most = u64::from(u32::MAX);
        let length = |min, max| Count { min, max };
        for (stated, checked) in [
            (length(None, Some(most + 1)), None),
            (length(Some(2), Some(u64::MAX)), Some(length(Some(2), None))),
            (length(Some(u64::MAX), None), Some(length(Some(most), None))),
        ] {
            assert_eq!(Rule::Length(stated).check(&Ty::String), checked.map(Check::Length));
        }
    }
}
