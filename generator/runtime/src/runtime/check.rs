//! The description's constraints, checked before anything is sent.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt::{self, Display, Write as _};
use std::ops::{Bound, Deref, DerefMut, RangeBounds};

use serde::Serialize;

/// Type with constraints, its own or those of its properties.
pub(crate) trait Check {
    /// Reports to `check` every constraint that the value does not keep.
    fn check(&self, check: &mut Checker);
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check(&self, check: &mut Checker) {
        (**self).check(check);
    }
}

/// A value of a request that breaks a rule of the description. The value itself, which may be secret or personal, is not
/// kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    rule: Rule,
    expected: String,
    found: String,
    measure: Option<u64>,
    excess: Option<Ordering>,
}

/// Rule for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// Number of characters of a text: `minLength`, `maxLength`.
    Length,
    /// Regular expression of a text: `pattern`. It is checked with the feature `patterns`.
    Pattern,
    /// Number of items of a list: `minItems`, `maxItems`.
    Items,
    /// Number of entries of a map: `minProperties`, `maxProperties`.
    Properties,
    /// Number of bytes of a file.
    Bytes,
    /// Range of a number: `minimum`, `maximum`.
    Range,
    /// Factor of a number: `multipleOf`.
    MultipleOf,
    /// No two equal items: `uniqueItems`.
    UniqueItems,
    /// Form that the value's place in the request needs, such as that of a path segment or of a header.
    Form,
}

impl Violation {
    /// Creates the violation of a [`Form`](Rule::Form).
    pub(crate) fn form(
        path: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self::new(path.into(), Rule::Form, expected.into(), found.into())
    }

    pub(crate) fn unserializable(path: &str, error: &serde_json::Error) -> Self {
        Self::form(path, "a value that JSON can express", error.to_string())
    }

    fn new(path: String, rule: Rule, expected: String, found: String) -> Self {
        Self { path, rule, expected, found, measure: None, excess: None }
    }

    /// Returns the place: the name of a parameter, or the path of a property such as `body.orderIds[3]`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the rule.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Returns what the rule asks for, for people: `at least 1 item`.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Returns what the value has instead, for people: `0 items`.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// Returns the number of characters, items, entries or bytes of the value, if the rule limits that number.
    pub fn measure(&self) -> Option<u64> {
        self.measure
    }

    /// Returns `true` if the value is above the upper limit of the rule.
    pub fn is_too_large(&self) -> bool {
        self.excess == Some(Ordering::Greater)
    }

    /// Returns `true` if the value is below the lower limit of the rule.
    pub fn is_too_small(&self) -> bool {
        self.excess == Some(Ordering::Less)
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

/// Walk over a value that collects violations. Rules apply to the current place of the walk.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    path: String,
    violations: Vec<Violation>,
}

/// A [`Checker`] at an inner place; dropping it goes back.
#[derive(Debug)]
#[must_use = "it is where rules apply"]
pub(crate) struct Place<'c> {
    checker: &'c mut Checker,
    /// Length of the path outside.
    outside: usize,
}

impl Deref for Place<'_> {
    type Target = Checker;

    fn deref(&self) -> &Checker {
        self.checker
    }
}

impl DerefMut for Place<'_> {
    fn deref_mut(&mut self) -> &mut Checker {
        self.checker
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.checker.path.truncate(self.outside);
    }
}

impl Checker {
    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    /// Goes to a property, or to a value of a map.
    pub(crate) fn at(&mut self, name: &str) -> Place<'_> {
        let outside = self.path.len();
        if outside > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        Place { checker: self, outside }
    }

    /// Goes to an item of a list.
    pub(crate) fn item(&mut self, index: usize) -> Place<'_> {
        let outside = self.path.len();
        // Writing to a string cannot fail.
        let _ = write!(self.path, "[{index}]");
        Place { checker: self, outside }
    }

    /// Checks `minLength` and `maxLength`: a length in Unicode scalar values.
    pub(crate) fn length(&mut self, text: &str, range: impl RangeBounds<u64>) {
        self.count(Rule::Length, text.chars().count() as u64, &range, ["character", "characters"]);
    }

    /// Checks `minItems` and `maxItems`.
    pub(crate) fn items(&mut self, count: usize, range: impl RangeBounds<u64>) {
        self.count(Rule::Items, count as u64, &range, ["item", "items"]);
    }

    /// Checks `minProperties` and `maxProperties`.
    pub(crate) fn properties(&mut self, count: usize, range: impl RangeBounds<u64>) {
        self.count(Rule::Properties, count as u64, &range, ["property", "properties"]);
    }

    /// Checks the size of an upload, if it is known.
    pub(crate) fn bytes(&mut self, length: Option<u64>, range: impl RangeBounds<u64>) {
        if let Some(length) = length {
            self.count(Rule::Bytes, length, &range, ["byte", "bytes"]);
        }
    }

    /// Checks `minimum` and `maximum`, exclusive or not.
    pub(crate) fn range<T: PartialOrd + Display + Copy>(&mut self, value: T, range: impl RangeBounds<T>) {
        if !range.contains(&value) {
            let excess = excess(value, &range);
            let found = match excess {
                Ordering::Less => "one that is too small",
                _ => "one that is too large",
            };
            let violation = self.report(Rule::Range, format!("a number of {}", describe(&range)), found);
            violation.excess = Some(excess);
        }
    }

    /// Checks `multipleOf` for integers.
    pub(crate) fn multiple_of_integer(&mut self, value: impl Into<i128>, factor: i128) {
        if value.into().checked_rem(factor).is_some_and(|rest| rest != 0) {
            self.report(Rule::MultipleOf, format!("a multiple of {factor}"), "another number");
        }
    }

    /// Checks `multipleOf` for floating-point numbers, within their precision: 0.3 is a multiple of 0.1.
    pub(crate) fn multiple_of(&mut self, value: impl Into<f64>, factor: f64) {
        let quotient = value.into() / factor;
        let off = (quotient - quotient.round()).abs();
        // A NaN keeps no rule.
        let kept = off <= 1e-9 * quotient.abs().max(1.0);
        if !kept {
            self.report(Rule::MultipleOf, format!("a multiple of {factor}"), "another number");
        }
    }

    /// Checks `uniqueItems`: no two items are the same JSON.
    pub(crate) fn unique<T: Serialize>(&mut self, items: &[T]) {
        let texts: Vec<_> = items.iter().filter_map(|item| serde_json::to_vec(item).ok()).collect();
        let distinct: HashSet<_> = texts.iter().collect();
        let repeated = texts.len() - distinct.len();
        if repeated > 0 {
            self.report(
                Rule::UniqueItems,
                "no two equal items".to_owned(),
                &counted(repeated, ["repeated item", "repeated items"]),
            );
        }
    }

    fn count(&mut self, rule: Rule, count: u64, range: &impl RangeBounds<u64>, [one, many]: [&str; 2]) {
        if !range.contains(&count) {
            let unit = if last_is_one(range) { one } else { many };
            let expected = format!("{} {unit}", describe(range));
            let violation = self.report(rule, expected, &counted(count, [one, many]));
            violation.measure = Some(count);
            violation.excess = Some(excess(count, range));
        }
    }

    pub(super) fn report(&mut self, rule: Rule, expected: String, found: &str) -> &mut Violation {
        let violation = Violation::new(self.path.clone(), rule, expected, found.to_owned());
        self.violations.push(violation);
        let last = self.violations.len() - 1;
        &mut self.violations[last]
    }
}

/// Returns the side on which a value is outside of a range.
fn excess<T: PartialOrd + Copy>(value: T, range: &impl RangeBounds<T>) -> Ordering {
    let is_too_small = match range.start_bound() {
        Bound::Included(start) => value < *start,
        Bound::Excluded(start) => value <= *start,
        Bound::Unbounded => false,
    };
    if is_too_small { Ordering::Less } else { Ordering::Greater }
}

/// Returns `true` if the last number that [`describe`] names is 1.
fn last_is_one(range: &impl RangeBounds<u64>) -> bool {
    let last = match range.end_bound() {
        Bound::Unbounded => range.start_bound(),
        end => end,
    };
    matches!(last, Bound::Included(last) | Bound::Excluded(last) if *last == 1)
}

fn counted<N: Copy + PartialOrd + Display + From<u8>>(count: N, [one, many]: [&str; 2]) -> String {
    let unit = if count == N::from(1) { one } else { many };
    format!("{count} {unit}")
}

fn describe<T: PartialOrd + Display>(range: &impl RangeBounds<T>) -> String {
    use Bound::{Excluded, Included, Unbounded};
    match (range.start_bound(), range.end_bound()) {
        (Included(start), Included(end)) if start == end => format!("exactly {start}"),
        (Included(start), Included(end)) => format!("{start} to {end}"),
        (Included(start), Unbounded) => format!("at least {start}"),
        (Unbounded, Included(end)) => format!("at most {end}"),
        (Excluded(start), Unbounded) => format!("more than {start}"),
        (Unbounded, Excluded(end)) => format!("less than {end}"),
        (Included(start), Excluded(end)) => format!("at least {start} and less than {end}"),
        (Excluded(start), Included(end)) => format!("more than {start} and at most {end}"),
        (Excluded(start), Excluded(end)) => format!("more than {start} and less than {end}"),
        (Unbounded, Unbounded) => "any".to_owned(),
    }
}
