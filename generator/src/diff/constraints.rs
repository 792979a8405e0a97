//! What values have to fulfil: whether it is more now, or less.

use super::Kind;
use crate::ir::{Bound, Constraints, Schema, Type};

/// Differences between the rules for a value, those for its elements included; each with what is so now.
pub(super) fn compare(old: &Schema, new: &Schema) -> Vec<(Kind, String)> {
    let mut found = own(&old.constraints, &new.constraints);
    if let (Type::Array(old), Type::Array(new)) | (Type::Map(old), Type::Map(new)) = (&old.ty, &new.ty) {
        found
            .extend(compare(old, new).into_iter().map(|(kind, text)| (kind, format!("each element {text}"))));
    }
    found
}

fn own(old: &Constraints, new: &Constraints) -> Vec<(Kind, String)> {
    let counts = [
        (old.min_length, new.min_length, "at least", "characters", true),
        (old.max_length, new.max_length, "at most", "characters", false),
        (old.min_items, new.min_items, "at least", "elements", true),
        (old.max_items, new.max_items, "at most", "elements", false),
        (old.min_properties, new.min_properties, "at least", "members", true),
        (old.max_properties, new.max_properties, "at most", "members", false),
        (old.max_bytes, new.max_bytes, "at most", "bytes", false),
    ];
    let mut found: Vec<_> = counts.into_iter().filter_map(count).collect();
    found.extend(bound(old.minimum.as_ref(), new.minimum.as_ref(), "least", 1.0));
    found.extend(bound(old.maximum.as_ref(), new.maximum.as_ref(), "most", -1.0));
    match (old.unique_items, new.unique_items) {
        (false, true) => found.push((Kind::Tightened, "has to have different elements".to_owned())),
        (true, false) => found.push((Kind::Loosened, "may have the same element twice".to_owned())),
        _ => {}
    }
    match (&old.multiple_of, &new.multiple_of) {
        (old, Some(new)) if old.as_ref() != Some(new) => {
            found.push((Kind::Tightened, format!("has to be a multiple of {new}")));
        }
        (Some(old), None) => found.push((Kind::Loosened, format!("need not be a multiple of {old}"))),
        _ => {}
    }
    found
}

/// `is_least`: the more, the tighter.
fn count(
    (old, new, word, unit, is_least): (Option<u64>, Option<u64>, &str, &str, bool),
) -> Option<(Kind, String)> {
    let kind = match (old, new) {
        (old, new) if old == new => return None,
        (None, Some(0)) | (Some(0), None) if is_least => return None,
        (None, _) => Kind::Tightened,
        (Some(old), Some(new)) if (new > old) == is_least => Kind::Tightened,
        _ => Kind::Loosened,
    };
    let was = |old: Option<u64>| old.map_or_else(String::new, |old| format!(", was {old}"));
    let text = match new {
        Some(new) => format!("has to have {word} {new} {unit}{}", was(old)),
        None => format!("need not have {word} {} {unit}", old.unwrap_or_default()),
    };
    Some((kind, text))
}

/// `sign`: 1 where more is tighter, -1 where less is.
fn bound(old: Option<&Bound>, new: Option<&Bound>, word: &str, sign: f64) -> Option<(Kind, String)> {
    let kind = match (old, new) {
        (old, new) if old == new => return None,
        (None, _) => Kind::Tightened,
        (Some(old), Some(new)) if is_tighter(new, old, sign) => Kind::Tightened,
        _ => Kind::Loosened,
    };
    let show = |bound: &Bound| match (word, bound.exclusive) {
        ("least", true) => format!("more than {}", bound.value),
        (_, true) => format!("less than {}", bound.value),
        (word, false) => format!("at {word} {}", bound.value),
    };
    let text = match (old, new) {
        (Some(old), Some(new)) => format!("has to be {}, was {}", show(new), show(old)),
        (None, Some(new)) => format!("has to be {}", show(new)),
        (Some(old), None) => format!("need not be {}", show(old)),
        (None, None) => return None,
    };
    Some((kind, text))
}

/// Beyond what a float can say exactly there are only integers.
fn is_tighter(new: &Bound, old: &Bound, sign: f64) -> bool {
    let whole =
        |bound: &Bound| bound.value.as_i64().map(i128::from).or_else(|| bound.value.as_u64().map(i128::from));
    let order = match (whole(new), whole(old)) {
        (Some(new), Some(old)) => new.cmp(&old),
        _ => new.value.as_f64().unwrap_or_default().total_cmp(&old.value.as_f64().unwrap_or_default()),
    };
    let order = if sign < 0.0 { order.reverse() } else { order };
    order.then(new.exclusive.cmp(&old.exclusive)).is_gt()
}
