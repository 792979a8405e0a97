//! Rules that values have to keep beyond their types: whether they demand more now, or less.

use std::cmp::Ordering;
use std::mem::discriminant;

use serde_json::{Number, Value};

use super::Kind;
use crate::ir::{Bound, whole};
use crate::plan::{Count, Range, Rule, Ty, Typed};

/// Compares the rules of a value, those of its elements included; each difference comes with what is so now.
pub(super) fn compare(old: &Typed, new: &Typed) -> Vec<(Kind, String)> {
    let kept = old.rules.iter().map(|rule| (Some(rule), counterpart(rule, &new.rules)));
    let added = new.rules.iter().filter(|rule| counterpart(rule, &old.rules).is_none());
    let pairs = kept.chain(added.map(|rule| (None, Some(rule))));
    let mut found: Vec<_> = pairs.flat_map(|(old, new_rule)| rule(&new.ty, old, new_rule)).collect();
    if let (Some(before), Some(now)) = (&old.element, &new.element)
        && discriminant(&old.ty) == discriminant(&new.ty)
    {
        let of_elements = compare(before, now).into_iter();
        found.extend(of_elements.map(|(kind, text)| (kind, format!("each element {text}"))));
    }
    found
}

/// Returns `true` if documentation says the same of two values, however numbers are written.
pub(super) fn has_same_facts(old: &Typed, new: &Typed) -> bool {
    has_same_demands(old, new) && has_same_default(old, new)
}

/// Returns `true` if two values have to keep the same, however numbers are written.
pub(super) fn has_same_demands(old: &Typed, new: &Typed) -> bool {
    let is_kept = |rule: &Rule| counterpart(rule, &new.rules).is_some_and(|other| is_same_rule(rule, other));
    old.rules.len() == new.rules.len() && old.rules.iter().all(is_kept) && old.format == new.format
}

/// Returns `true` if absent values stand for the same, however numbers are written.
pub(super) fn has_same_default(old: &Typed, new: &Typed) -> bool {
    match (&old.default, &new.default) {
        (Some(old), Some(new)) => is_same_value(old, new),
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// Returns the rule of the same kind: a value has one of each.
fn counterpart<'r>(rule: &Rule, rules: &'r [Rule]) -> Option<&'r Rule> {
    rules.iter().find(|other| discriminant(*other) == discriminant(rule))
}

/// Compares two rules of one kind for values of a type.
fn rule(ty: &Ty, old: Option<&Rule>, new: Option<&Rule>) -> Vec<(Kind, String)> {
    match old.or(new) {
        Some(Rule::Length(_)) => counts("characters", count(old), count(new)),
        Some(Rule::Items(_)) => counts("elements", count(old), count(new)),
        Some(Rule::Properties(_)) => counts("members", count(old), count(new)),
        Some(Rule::Bytes(_)) => counts("bytes", count(old), count(new)),
        Some(Rule::Range(_)) => ranges(ty, &range(old), &range(new)),
        Some(Rule::MultipleOf(_)) => multiples(factor(old), factor(new)),
        Some(Rule::Unique) if old.is_none() => told(Kind::Tightened, "has to have different elements"),
        Some(Rule::Unique) if new.is_none() => told(Kind::Loosened, "may have the same element twice"),
        Some(Rule::Pattern(_)) => patterns(pattern(old), pattern(new)),
        Some(Rule::Unique) | None => Vec::new(),
    }
}

fn told(kind: Kind, text: impl Into<String>) -> Vec<(Kind, String)> {
    vec![(kind, text.into())]
}

fn count(rule: Option<&Rule>) -> Count {
    match rule {
        Some(Rule::Length(count) | Rule::Items(count) | Rule::Properties(count)) => *count,
        Some(Rule::Bytes(bytes)) => Count { min: None, max: Some(*bytes) },
        _ => Count { min: None, max: None },
    }
}

fn range(rule: Option<&Rule>) -> Range {
    match rule {
        Some(Rule::Range(range)) => range.clone(),
        _ => Range { min: None, max: None },
    }
}

fn factor(rule: Option<&Rule>) -> Option<&Number> {
    match rule {
        Some(Rule::MultipleOf(factor)) => Some(factor),
        _ => None,
    }
}

fn pattern(rule: Option<&Rule>) -> Option<&str> {
    match rule {
        Some(Rule::Pattern(pattern)) => Some(&pattern.text),
        _ => None,
    }
}

/// Compares regular expressions. Of two different ones, either may match more texts.
fn patterns(old: Option<&str>, new: Option<&str>) -> Vec<(Kind, String)> {
    match (old, new) {
        (Some(old), Some(new)) if old != new => {
            told(Kind::Tightened, format!("has to match `{new}`, had to match `{old}`"))
        }
        (None, Some(new)) => told(Kind::Tightened, format!("has to match `{new}`")),
        (Some(old), None) => told(Kind::Loosened, format!("need not match `{old}`")),
        _ => Vec::new(),
    }
}

/// Compares limits of the number of something.
pub(super) fn numbers(unit: &str, old: Option<Count>, new: Option<Count>) -> Vec<(Kind, String)> {
    let any = Count { min: None, max: None };
    counts(unit, old.unwrap_or(any), new.unwrap_or(any))
}

fn counts(unit: &str, old: Count, new: Count) -> Vec<(Kind, String)> {
    let limit = |word: &str, old: Option<u64>, new: Option<u64>, tighter: Ordering| {
        let kind = change(old, new, |new: u64, old| new.cmp(&old), tighter)?;
        let was = old.map_or_else(String::new, |old| format!(", was {old}"));
        let text = match new {
            Some(new) => format!("has to have {word} {new} {unit}{was}"),
            None => format!("need not have {word} {} {unit}", old.unwrap_or_default()),
        };
        Some((kind, text))
    };
    let min = limit("at least", old.min, new.min, Ordering::Greater);
    let max = limit("at most", old.max, new.max, Ordering::Less);
    min.into_iter().chain(max).collect()
}

fn ranges(ty: &Ty, old: &Range, new: &Range) -> Vec<(Kind, String)> {
    // Of integers, more than 0 is at least 1.
    if ty.integer_limits().is_some() && old.integers(ty) == new.integers(ty) {
        return Vec::new();
    }
    let bound = |words: [&str; 2], old: Option<&Bound>, new: Option<&Bound>, tighter: Ordering| {
        let kind = change(old, new, |new, old| bound_order(new, old, tighter), tighter)?;
        let show = |bound: &Bound| format!("{} {}", words[usize::from(bound.exclusive)], bound.value);
        let text = match (old.map(show), new.map(show)) {
            (Some(old), Some(new)) => format!("has to be {new}, was {old}"),
            (None, Some(new)) => format!("has to be {new}"),
            (old, None) => format!("need not be {}", old.unwrap_or_default()),
        };
        Some((kind, text))
    };
    let min = bound(["at least", "more than"], old.min.as_ref(), new.min.as_ref(), Ordering::Greater);
    let max = bound(["at most", "less than"], old.max.as_ref(), new.max.as_ref(), Ordering::Less);
    min.into_iter().chain(max).collect()
}

fn multiples(old: Option<&Number>, new: Option<&Number>) -> Vec<(Kind, String)> {
    match (old, new) {
        (Some(old), Some(new)) if number_order(old, new).is_eq() => Vec::new(),
        (_, Some(new)) => told(Kind::Tightened, format!("has to be a multiple of {new}")),
        (Some(old), None) => told(Kind::Loosened, format!("need not be a multiple of {old}")),
        (None, None) => Vec::new(),
    }
}

/// Tells whether a limit is tighter or looser now, or `None` for the same limit.
fn change<T: Copy>(
    old: Option<T>,
    new: Option<T>,
    order: impl Fn(T, T) -> Ordering,
    tighter: Ordering,
) -> Option<Kind> {
    let order = match (new, old) {
        (None, None) => return None,
        (None, Some(_)) => tighter.reverse(),
        (Some(_), None) => tighter,
        (Some(new), Some(old)) => order(new, old),
    };
    match order {
        Ordering::Equal => None,
        order if order == tighter => Some(Kind::Tightened),
        _ => Some(Kind::Loosened),
    }
}

/// Orders ends of ranges; of equal numbers, the exclusive one is tighter.
fn bound_order(new: &Bound, old: &Bound, tighter: Ordering) -> Ordering {
    let of_exclusive = match new.exclusive.cmp(&old.exclusive) {
        Ordering::Equal => Ordering::Equal,
        Ordering::Greater => tighter,
        Ordering::Less => tighter.reverse(),
    };
    number_order(&new.value, &old.value).then(of_exclusive)
}

/// Orders numbers by value: `1` and `1.0` are equal.
fn number_order(a: &Number, b: &Number) -> Ordering {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

fn is_same_rule(a: &Rule, b: &Rule) -> bool {
    let is_same_bound = |a: &Option<Bound>, b: &Option<Bound>| match (a, b) {
        (Some(a), Some(b)) => bound_order(a, b, Ordering::Greater).is_eq(),
        (a, b) => a.is_none() && b.is_none(),
    };
    match (a, b) {
        (Rule::Range(a), Rule::Range(b)) => is_same_bound(&a.min, &b.min) && is_same_bound(&a.max, &b.max),
        (Rule::MultipleOf(a), Rule::MultipleOf(b)) => number_order(a, b).is_eq(),
        (a, b) => a == b,
    }
}

fn is_same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => number_order(a, b).is_eq(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let is_kept = |(key, a): (&String, &Value)| b.get(key).is_some_and(|b| is_same_value(a, b));
            a.len() == b.len() && a.iter().all(is_kept)
        }
        (a, b) => a == b,
    }
}
