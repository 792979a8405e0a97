//! The description's constraints, checked before anything is sent.

use std::collections::HashSet;
use std::fmt::{self, Display, Write as _};
use std::ops::{Bound, Deref, DerefMut, RangeBounds};

use serde::Serialize;

/// *For generated code.* A type with constraints, its own or those of its properties.
pub trait Check {
    /// Reports to `check` every constraint that the value does not keep.
    fn check(&self, check: &mut Checker);
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check(&self, check: &mut Checker) {
        (**self).check(check);
    }
}

/// One value of a request that is not as the description asks. It never holds the value itself, which may be
/// secret or personal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where: a parameter's name, or the path of a property such as `body.orderIds[3]`.
    pub path: String,
    /// What is expected: `at least 1 item`.
    pub rule: String,
    /// What was found: `0 items`.
    pub found: String,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, rule: impl Into<String>, found: impl Into<String>) -> Self {
        Self { path: path.into(), rule: rule.into(), found: found.into() }
    }

    pub(crate) fn unserializable(path: &str, error: &serde_json::Error) -> Self {
        Self::new(path, "a value that JSON can express", error.to_string())
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.rule, self.found)
    }
}

/// *For generated code.* Walks a value and collects what is wrong with it. The rules apply to the place the
/// walk has come to.
#[derive(Debug, Default)]
pub struct Checker {
    path: String,
    violations: Vec<Violation>,
}

/// *For generated code.* A [`Checker`] at a place inside another; it goes back when it is dropped.
#[derive(Debug)]
#[must_use = "it is where rules apply"]
pub struct Place<'c> {
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
    pub fn at(&mut self, name: &str) -> Place<'_> {
        let outside = self.path.len();
        if outside > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        Place { checker: self, outside }
    }

    /// Goes to an item of a list.
    pub fn item(&mut self, index: usize) -> Place<'_> {
        let outside = self.path.len();
        // Writing to a string cannot fail.
        let _ = write!(self.path, "[{index}]");
        Place { checker: self, outside }
    }

    /// `minLength`, `maxLength`: a length in Unicode scalar values.
    pub fn length(&mut self, text: &str, range: impl RangeBounds<u64>) {
        self.count(text.chars().count() as u64, &range, ["character", "characters"]);
    }

    /// `minItems`, `maxItems`.
    pub fn items(&mut self, count: usize, range: impl RangeBounds<u64>) {
        self.count(count as u64, &range, ["item", "items"]);
    }

    /// `minProperties`, `maxProperties`.
    pub fn properties(&mut self, count: usize, range: impl RangeBounds<u64>) {
        self.count(count as u64, &range, ["property", "properties"]);
    }

    /// The size of an upload, if it is known.
    pub fn bytes(&mut self, length: Option<u64>, range: impl RangeBounds<u64>) {
        if let Some(length) = length {
            self.count(length, &range, ["byte", "bytes"]);
        }
    }

    /// `minimum`, `maximum`, exclusive or not.
    pub fn range<T: PartialOrd + Display + Copy>(&mut self, value: T, range: impl RangeBounds<T>) {
        if !range.contains(&value) {
            let too_small = match range.start_bound() {
                Bound::Included(start) => value < *start,
                Bound::Excluded(start) => value <= *start,
                Bound::Unbounded => false,
            };
            let found = if too_small { "one that is too small" } else { "one that is too large" };
            self.report(format!("a number of {}", describe(&range)), found);
        }
    }

    /// `multipleOf` for integers.
    pub fn multiple_of_integer(&mut self, value: impl Into<i128>, factor: i128) {
        if value.into().checked_rem(factor).is_some_and(|rest| rest != 0) {
            self.report(format!("a multiple of {factor}"), "another number");
        }
    }

    /// `multipleOf` for floating-point numbers, within what they can express: 0.3 is a multiple of 0.1.
    pub fn multiple_of(&mut self, value: impl Into<f64>, factor: f64) {
        let quotient = value.into() / factor;
        let off = (quotient - quotient.round()).abs();
        // A NaN keeps no rule.
        let kept = off <= 1e-9 * quotient.abs().max(1.0);
        if !kept {
            self.report(format!("a multiple of {factor}"), "another number");
        }
    }

    /// `uniqueItems`: no two are the same JSON.
    pub fn unique<T: Serialize>(&mut self, items: &[T]) {
        let texts: Vec<_> = items.iter().filter_map(|item| serde_json::to_vec(item).ok()).collect();
        let distinct: HashSet<_> = texts.iter().collect();
        let repeated = texts.len() - distinct.len();
        if repeated > 0 {
            self.report(
                "no two equal items".to_owned(),
                &counted(repeated, ["repeated item", "repeated items"]),
            );
        }
    }

    fn count<N: Copy + PartialOrd + Display + From<u8>>(
        &mut self,
        count: N,
        range: &impl RangeBounds<N>,
        [one, many]: [&str; 2],
    ) {
        if !range.contains(&count) {
            let unit = if last_is_one(range) { one } else { many };
            self.report(format!("{} {unit}", describe(range)), &counted(count, [one, many]));
        }
    }

    fn report(&mut self, rule: String, found: &str) {
        self.violations.push(Violation::new(self.path.clone(), rule, found));
    }
}

/// Whether the last number that [`describe`] names is 1.
fn last_is_one<N: PartialOrd + From<u8>>(range: &impl RangeBounds<N>) -> bool {
    let last = match range.end_bound() {
        Bound::Unbounded => range.start_bound(),
        end => end,
    };
    matches!(last, Bound::Included(last) | Bound::Excluded(last) if *last == N::from(1))
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
