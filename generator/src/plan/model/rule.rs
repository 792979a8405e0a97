//! Rules that values have to keep beyond their types.

use std::cmp::Ordering;

use regex_lite::Regex;
use serde_json::Number;

use super::Ty;
use crate::ir::{Bound, Constraints};

/// Rule that a value has to keep.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Number of characters of a text.
    Length(Count),
    /// Regular expression that a text matches.
    Pattern(Pattern),
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

/// Regular expression of ECMA 262.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The expression, as the description has it.
    pub text: String,
    /// Reason why a client cannot check the expression.
    pub unreadable: Option<&'static str>,
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
            pattern.as_deref().map(Pattern::new).map(Self::Pattern),
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
            Self::Length(_) => "expected a `minLength` up to `maxLength`, found a larger one",
            Self::Items(_) => "expected a `minItems` up to `maxItems`, found a larger one",
            Self::Properties(_) => "expected a `minProperties` up to `maxProperties`, found a larger one",
            _ => "expected a number between `minimum` and `maximum`, found none of this type",
        };
        is_empty.then_some(why)
    }
}

impl Pattern {
    fn new(text: &str) -> Self {
        let unreadable = if is_delimited(text) {
            Some("expected a regular expression without delimiters")
        } else if Regex::new(text).is_err() {
            Some("unsupported: a regular expression that the crate `regex-lite` cannot read")
        } else {
            None
        };
        Self { text: text.to_owned(), unreadable }
    }
}

/// Returns `true` for an expression between slashes, as some languages write it: `/^[a-z]+$/i`.
fn is_delimited(text: &str) -> bool {
    let (inner, flags) = text.rsplit_once('/').unwrap_or_default();
    let is_anchored = inner.starts_with("/^") || inner.starts_with('/') && inner.ends_with('$');
    is_anchored && flags.chars().all(|flag| flag.is_ascii_lowercase())
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
        let start = self.min.as_ref().map(Bound::least_integer).filter(|start| *start > least);
        let end = self.max.as_ref().map(Bound::greatest_integer).filter(|end| *end < greatest);
        (start.is_some() || end.is_some()).then_some((start, end))
    }

    /// Returns `true` if no number of a type is in the range.
    pub fn is_empty(&self, ty: &Ty) -> bool {
        if let Some((least, greatest)) = ty.integer_limits() {
            let start = self.min.as_ref().map_or(least, Bound::least_integer).max(least);
            let end = self.max.as_ref().map_or(greatest, Bound::greatest_integer).min(greatest);
            return start > end;
        }
        self.min.as_ref().zip(self.max.as_ref()).is_some_and(|(start, end)| {
            let order = start.value.as_f64().partial_cmp(&end.value.as_f64());
            order == Some(Ordering::Greater)
                || (order == Some(Ordering::Equal) && (start.exclusive || end.exclusive))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn pattern_is_readable_if_the_client_reads_it_alike() {
        for readable in [r"^\d{3}-[\w.\/-]+$", "^/api/", "/$", r"^[^\u0000-\u001f]*$", "^(?:a|b)?$", "é"] {
            assert_eq!(Pattern::new(readable).unreadable, None, "{readable}");
        }
        for unreadable in ["^(?=a)", r"(a)\1", r"\p{L}", "[a&&[b]]", "^/^a$/", "/^a$/i", "/a$/", "(", r"\cA"]
        {
            let pattern = Pattern::new(unreadable);
            assert_eq!(pattern.unreadable.is_some(), unreadable != "^/^a$/", "{unreadable}");
        }
    }
}
