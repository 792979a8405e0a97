//! Limits of inputs, as constants of a call.

use super::ident::Scope;
use super::names::Names;
use super::{Check, Count, Input, Limit, Quantity};

/// Plans the constants of a call. An input has some if a value can be too great: a least value alone, such as that of
/// an identifier, is only documented.
pub(super) fn limits(inputs: &[Input]) -> Vec<Limit> {
    let mut scope = Names::Constants.scope();
    inputs.iter().flat_map(|input| limits_of(input, &mut scope)).collect()
}

fn limits_of(input: &Input, scope: &mut Scope) -> Vec<Limit> {
    let ranges: Vec<_> = input.value.checks().filter_map(|check| range(check, input)).collect();
    let mut limits = Vec::new();
    for (quantity, min, max) in ranges {
        for (value, is_max) in [(min, false), (Some(max), true)] {
            let Some(value) = value else { continue };
            let name = scope.shouty(&constant(input, &quantity, is_max));
            limits.push(Limit { name, input: input.name.clone(), is_max, quantity: quantity.clone(), value });
        }
    }
    limits
}

/// Returns what a check limits, the least value and the greatest one, if there is a greatest one.
fn range(check: Check<'_>, input: &Input) -> Option<(Quantity, Option<i128>, i128)> {
    let count = |quantity, Count { min, max }| Some((quantity, min.map(i128::from), i128::from(max?)));
    match check {
        Check::Length(length) => count(Quantity::Characters, length),
        Check::Items(items) => count(Quantity::Items, items),
        Check::Bytes(bytes) => Some((Quantity::Bytes, None, i128::from(bytes))),
        Check::Integers(min, max) => Some((Quantity::Value(input.value.ty.clone()), min, max?)),
        _ => None,
    }
}

fn constant(input: &Input, quantity: &Quantity, is_max: bool) -> String {
    let end = if is_max { "max" } else { "min" };
    let unit = match quantity {
        Quantity::Characters => "_chars",
        Quantity::Items => "_items",
        Quantity::Bytes => "_bytes",
        Quantity::Value(_) => "",
    };
    format!("{end}_{}{unit}", input.name.plain())
}
