//! Rules that values have to keep beyond their types.

use std::cmp::Ordering;

use serde_json::Number;

use super::Ty;
use crate::ir::{Bound, Constraints};

/// Rule that a value has to keep.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Number of characters of a text.
    Length(Count),
    /// Regular expression that a text matches.
    Pattern(String),
    /// Range of a number.
    Range(Range),
    /// Number that a number is a multiple of.
    MultipleOf(Number),
    /// Number of elements of a list.
    Items(Count),
    /// No two elements of a list are equal.
    Unique,
    /// Number of entries of a map.
    Properties(Count),
    /// Greatest number of bytes of a file.
    Bytes(u64),
}

/// Least and greatest number of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Least number; never zero.
    pub min: Option<u64>,
    /// Greatest number.
    pub max: Option<u64>,
}

/// Range of a number; at least one end is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Least value.
    pub min: Option<Bound>,
    /// Greatest value.
    pub max: Option<Bound>,
}

impl Rule {
    /// Returns the rules that constraints of a description stand for, in the order of the documentation.
    pub fn all(constraints: &Constraints) -> Vec<Self> {
        let Constraints {
            min_length,
            max_length,
            pattern,
            minimum,
            maximum,
            multiple_of,
            min_items,
            max_items,
            unique_items,
            min_properties,
            max_properties,
            max_bytes,
        } = constraints;
        let range = (minimum.is_some() || maximum.is_some())
            .then(|| Self::Range(Range { min: minimum.clone(), max: maximum.clone() }));
        let rules = [
            Count::new(*min_length, *max_length).map(Self::Length),
            pattern.clone().map(Self::Pattern),
            range,
            multiple_of.clone().map(Self::MultipleOf),
            Count::new(*min_items, *max_items).map(Self::Items),
            unique_items.then_some(Self::Unique),
            Count::new(*min_properties, *max_properties).map(Self::Properties),
            max_bytes.map(Self::Bytes),
        ];
        rules.into_iter().flatten().collect()
    }

    /// Says why no value of a type keeps the rule, if none does.
    pub fn contradiction(&self, ty: &Ty) -> Option<&'static str> {
        let is_empty = match self {
            Self::Length(count) | Self::Items(count) | Self::Properties(count) => count.is_empty(),
            Self::Range(range) => range.is_empty(ty),
            _ => false,
        };
        let why = match self {
            Self::Length(_) => "`minLength` exceeds `maxLength`",
            Self::Items(_) => "`minItems` exceeds `maxItems`",
            Self::Properties(_) => "`minProperties` exceeds `maxProperties`",
            _ => "`minimum` and `maximum` leave no number of this type",
        };
        is_empty.then_some(why)
    }
}

impl Count {
    /// Creates a count, unless any number is allowed.
    pub fn new(min: Option<u64>, max: Option<u64>) -> Option<Self> {
        let min = min.filter(|min| *min > 0);
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }

    /// Returns `true` if nothing has that many and that few.
    pub fn is_empty(self) -> bool {
        self.min.zip(self.max).is_some_and(|(min, max)| min > max)
    }
}

impl Range {
    /// Returns the least and the greatest integer, without ends that the integer type has anyway; `None` if no end is
    /// left or the type is no integer.
    pub fn integers(&self, ty: &Ty) -> Option<(Option<i128>, Option<i128>)> {
        let (least, greatest) = ty.integer_limits()?;
        let start = self.min.as_ref().map(least_integer).filter(|start| *start > least);
        let end = self.max.as_ref().map(greatest_integer).filter(|end| *end < greatest);
        (start.is_some() || end.is_some()).then_some((start, end))
    }

    /// Returns `true` if no number of a type is in the range.
    pub fn is_empty(&self, ty: &Ty) -> bool {
        if let Some((least, greatest)) = ty.integer_limits() {
            let start = self.min.as_ref().map_or(least, least_integer).max(least);
            let end = self.max.as_ref().map_or(greatest, greatest_integer).min(greatest);
            return start > end;
        }
        self.min.as_ref().zip(self.max.as_ref()).is_some_and(|(start, end)| {
            let order = start.value.as_f64().partial_cmp(&end.value.as_f64());
            order == Some(Ordering::Greater)
                || (order == Some(Ordering::Equal) && (start.exclusive || end.exclusive))
        })
    }
}

/// Returns the least integer that a bound allows.
fn least_integer(bound: &Bound) -> i128 {
    let start = rounded(bound, f64::ceil);
    if excludes(bound, start) { start.saturating_add(1) } else { start }
}

/// Returns the greatest integer that a bound allows.
fn greatest_integer(bound: &Bound) -> i128 {
    let end = rounded(bound, f64::floor);
    if excludes(bound, end) { end.saturating_sub(1) } else { end }
}

fn rounded(bound: &Bound, round: fn(f64) -> f64) -> i128 {
    // Beyond the integers that a float holds exactly there are no fractions.
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as a bound should")]
    let rounded = |value: f64| round(value) as i128;
    whole(&bound.value).unwrap_or_else(|| rounded(bound.value.as_f64().unwrap_or_default()))
}

fn excludes(bound: &Bound, rounded: i128) -> bool {
    let is_bound = || match whole(&bound.value) {
        Some(value) => value == rounded,
        None => bound.value.as_f64().is_some_and(|value| value.fract() == 0.0),
    };
    bound.exclusive && is_bound()
}

/// Returns a number as an integer, if it is written as one.
pub fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}
