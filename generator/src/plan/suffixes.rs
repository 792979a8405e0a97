//! Names of types without the suffixes that only the vendor needs.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;

use super::Name;
use super::names::{is_reserved_type, plain_type_name, wanted_name};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{TypeDef, TypeId};

type Type<'a> = (&'a TypeId, &'a TypeDef);

/// Finds the names of types without the suffixes of components. An unnamed schema inside a component follows the name of
/// the component. A type keeps its suffix if the name without the suffix is taken.
pub(super) fn stripped<'a>(
    types: &[Type<'a>],
    suffixes: &[String],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a TypeId, String> {
    let mut names = Stripped { wanted: BTreeMap::new(), names: BTreeMap::new(), diagnostics };
    names.want(types.iter().map(|(_, def)| wanted_name(def)));
    let of_components =
        types.iter().filter_map(|(id, def)| Some((*id, *def, without_suffix(def, suffixes)?)));
    names.keep_free(of_components.collect());
    let components = types.iter().filter(|(_, def)| def.is_component);
    let components: BTreeMap<&str, Type<'a>> =
        components.map(|(id, def)| (def.home.as_str(), (*id, *def))).collect();
    let in_place = types.iter().filter(|(_, def)| !def.is_component);
    let in_place = in_place.filter_map(|(id, def)| Some((*id, *def, names.following(def, &components)?)));
    let in_place = in_place.collect();
    names.keep_free(in_place);
    names.names
}

/// Returns the name of a component without its suffix. A name that the description gives for Rust stays as it is.
fn without_suffix(def: &TypeDef, suffixes: &[String]) -> Option<String> {
    let strip = |suffix: &String| def.name.strip_suffix(suffix.as_str());
    let name = suffixes.iter().find_map(strip).filter(|_| def.is_component && def.alias.is_none())?;
    name.contains(char::is_alphabetic).then(|| name.to_owned())
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
                let message = format!("`{}` keeps its suffix in Rust: the name `{plain}` is taken", def.name);
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
