//! Names of types without the suffixes that only the vendor needs, and without parts that the next part repeats.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;

use super::Name;
use super::names::{is_reserved_type, plain_type_name, wanted_name};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{TypeDef, TypeId};

type Type<'a> = (&'a TypeId, &'a TypeDef);

/// Finds the shorter names of components. An unnamed schema inside a component follows the name of the component. A type
/// keeps its name if the shorter one is taken.
pub(super) fn stripped<'a>(
    types: &[Type<'a>],
    suffixes: &[String],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a TypeId, String> {
    let (components, in_place): (Vec<Type<'a>>, Vec<Type<'a>>) =
        types.iter().copied().partition(|(_, def)| def.is_component);
    let mut names = Stripped { wanted: BTreeMap::new(), names: BTreeMap::new(), diagnostics };
    // Components come first: a schema in place takes no name from them.
    names.want(components.iter().map(|(_, def)| wanted_name(def)));
    let shorter = components.iter().filter_map(|(id, def)| Some((*id, *def, shortened(def, suffixes)?)));
    names.keep_free(shorter.collect());
    names.want(in_place.iter().map(|(_, def)| wanted_name(def)));
    let homes: BTreeMap<&str, Type<'a>> =
        components.iter().map(|(id, def)| (def.home.as_str(), (*id, *def))).collect();
    let following = in_place.iter().filter_map(|(id, def)| Some((*id, *def, names.following(def, &homes)?)));
    let following = following.collect();
    names.keep_free(following);
    names.names
}

/// Returns the shorter name of a component, if it has one. A name that the description gives for Rust stays as it is.
fn shortened(def: &TypeDef, suffixes: &[String]) -> Option<String> {
    if !def.is_component || def.alias.is_some() {
        return None;
    }
    let strip = |suffix: &String| def.name.strip_suffix(suffix.as_str());
    let stripped = suffixes.iter().find_map(strip).filter(|name| name.contains(char::is_alphabetic));
    let name = without_repetition(stripped.unwrap_or(&def.name));
    (name != def.name).then_some(name)
}

/// Drops each part of a name with dots that the next part begins with: `account.number.number_status` becomes
/// `account.number_status`.
fn without_repetition(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let is_repeated = |index: usize| {
        let rest = parts.get(index + 1).and_then(|next| next.strip_prefix(parts[index]));
        rest.is_some_and(|rest| rest.starts_with(['_', '-']) && !parts[index].is_empty())
    };
    let kept = parts.iter().enumerate().filter(|(index, _)| !is_repeated(*index));
    kept.map(|(_, part)| *part).collect::<Vec<_>>().join(".")
}

/// The names found so far.
struct Stripped<'a, 'd> {
    /// The number of types that want a name.
    wanted: BTreeMap<Name, usize>,
    names: BTreeMap<&'a TypeId, String>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Stripped<'a, '_> {
    fn want<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            *self.wanted.entry(plain_type_name(name)).or_default() += 1;
        }
    }

    /// Adds the names that no other type wants, and warns of the others.
    fn keep_free(&mut self, candidates: Vec<(&'a TypeId, &TypeDef, String)>) {
        self.want(candidates.iter().map(|(_, _, name)| name.as_str()));
        for (id, def, name) in candidates {
            let plain = plain_type_name(&name);
            if self.wanted[&plain] == 1 && !is_reserved_type(&plain) {
                self.names.insert(id, name);
            } else {
                let message = format!("`{}` is not shortened in Rust: the name `{plain}` is taken", def.name);
                self.diagnostics.push(Diagnostic::warning(&id.0, message).at_key());
            }
        }
    }

    /// Returns the name of an unnamed schema after the new name of the component around it.
    fn following(&self, def: &TypeDef, components: &BTreeMap<&str, Type<'a>>) -> Option<String> {
        let mut around = def.home.rmatch_indices('/').map(|(end, _)| &def.home[..end]);
        let (id, component) = around.find_map(|home| components.get(home))?;
        let rest = def.name.strip_prefix(&component.name.to_upper_camel_case())?;
        Some(format!("{}{rest}", self.names.get(id)?.to_upper_camel_case()))
    }
}

#[cfg(test)]
mod tests {
    use super::without_repetition;

    #[test]
    fn part_that_the_next_part_repeats_is_dropped() {
        for (name, short) in [
            ("api.v1.call.call_event", "api.v1.call_event"),
            ("a.sip.sip_domain.sip_auth.sip_auth_calls", "a.sip_domain.sip_auth_calls"),
            ("api.call.caller", "api.call.caller"),
            ("call", "call"),
            ("a..b", "a..b"),
        ] {
            assert_eq!(without_repetition(name), short);
        }
    }
}
