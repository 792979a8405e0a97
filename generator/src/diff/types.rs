//! Types: structs with their fields, and enums with their values.

use std::collections::BTreeMap;

use super::rust::{argument, field, plain, ty};
use super::{About, Comparison, Kind, Renames, Severity, Subject, constraints, matched};
use serde_json::Value;

use crate::diagnostic::Location;
use crate::ir::{Api, Docs, Enum, EnumValue, Object, Property, Schema, TypeDef, TypeId, TypeKind, Usage};

/// A type of the client.
type Known<'a> = (&'a TypeId, &'a TypeDef);

fn known(api: &Api) -> Vec<Known<'_>> {
    let is_used = |def: &TypeDef| def.usage.request || def.usage.response;
    api.types.iter().filter(|(_, def)| is_used(def)).collect()
}

/// The types that have another name now: those that the description calls the same, and those that are equal.
pub(super) fn renames(old: &Api, new: &Api) -> Renames {
    let (before, now) = (known(old), known(new));
    let name = |(_, def): &Known<'_>| def.rust_name.clone();
    let (_, gone, come) = matched(&before, &now, &[&name]);
    let mut renames = Renames::new();
    let mut rename =
        |was: &Known<'_>, is: &Known<'_>| renames.insert(was.1.rust_name.clone(), is.1.rust_name.clone());
    let (gone, come): (Vec<_>, Vec<_>) =
        (gone.into_iter().copied().collect(), come.into_iter().copied().collect());
    let (pairs, gone, come) = matched(&gone, &come, &[&|(_, def): &Known<'_>| def.name.clone()]);
    for (was, is) in pairs {
        rename(was, is);
    }
    let (shapes_before, shapes_now) = (shapes(old, &gone), shapes(new, &come));
    for (shape, before) in &shapes_before {
        // Where several are equal, nobody knows which became which.
        if let ([was], Some([is])) = (before.as_slice(), shapes_now.get(shape).map(Vec::as_slice)) {
            rename(was, is);
        }
    }
    renames
}

/// Types by all that matters of them but their names.
fn shapes<'k, 'a>(api: &Api, types: &[&'k Known<'a>]) -> BTreeMap<String, Vec<&'k Known<'a>>> {
    let mut shapes = BTreeMap::<_, Vec<_>>::new();
    for one in types {
        if let Some(shape) = shape(api, &one.1.kind) {
            shapes.entry(shape).or_default().push(*one);
        }
    }
    shapes
}

/// None if there is nothing to tell it by.
fn shape(api: &Api, kind: &TypeKind) -> Option<String> {
    let mut parts: Vec<_> = match kind {
        TypeKind::Object(object) => {
            let part = |property: &Property| {
                format!("{}: {}", property.name, field(api, property, &Renames::default()))
            };
            object.properties.iter().map(part).collect()
        }
        TypeKind::Enum(values) => values.values.iter().map(|value| value.value.to_string()).collect(),
        TypeKind::Union(_) => Vec::new(),
    };
    parts.sort();
    (!parts.is_empty()).then(|| parts.join(", "))
}

impl Comparison<'_> {
    pub(super) fn types(&mut self) {
        let (before, now) = (known(self.old), known(self.new));
        let renames = self.renames.clone();
        let old_names: BTreeMap<&String, &String> = renames.iter().map(|(old, new)| (new, old)).collect();
        // Both sides by the new name, then those that kept theirs.
        let named = |(_, def): &Known<'_>| renames.get(&def.rust_name).unwrap_or(&def.rust_name).clone();
        let (pairs, gone, come) = matched(&before, &now, &[&named]);
        for (id, def) in gone {
            let item = path(def);
            self.push(About::old(Subject::Type, &item, &id.0), Kind::Removed, Severity::Major, "removed");
        }
        for (id, def) in come {
            let item = path(def);
            self.push(About::new(Subject::Type, &item, &id.0), Kind::Added, Severity::Minor, "added");
        }
        for ((old_id, old), (new_id, new)) in pairs {
            let item = path(new);
            let about = About::both(Subject::Type, &item, &old_id.0, &new_id.0);
            if old_names.contains_key(&new.rust_name) && old.rust_name != new.rust_name {
                let text = format!("renamed, was `{}`", path(old));
                self.push(about, Kind::Renamed, Severity::Major, text);
            }
            self.compiled_with(about, old, new);
            self.type_def(about, old, new);
        }
    }

    /// Of a client in parts, a type that only one of them reaches is compiled with its feature.
    fn compiled_with(&mut self, about: About<'_>, old: &TypeDef, new: &TypeDef) {
        let feature = |api: &Api, def: &TypeDef| Some(api.modules.get(def.module?)?.feature.clone());
        let was_in_parts = !self.old.modules.is_empty();
        match (feature(self.old, old), feature(self.new, new)) {
            (was, Some(is)) if was_in_parts && was.as_ref() != Some(&is) => {
                let text = format!("is compiled with the feature `{is}` only");
                self.push(about, Kind::Moved, Severity::Major, text);
            }
            (Some(_), None) if !self.new.modules.is_empty() => {
                self.push(about, Kind::Added, Severity::Minor, "is compiled whatever the features are");
            }
            _ => {}
        }
    }

    fn type_def(&mut self, about: About<'_>, old: &TypeDef, new: &TypeDef) {
        match (&old.kind, &new.kind) {
            (TypeKind::Object(before), TypeKind::Object(now)) => {
                match (old.usage.request, new.usage.request) {
                    (true, false) => {
                        let text = "is only received any more: `new` and the setters are removed";
                        self.push(about, Kind::Removed, Severity::Major, text);
                    }
                    (false, true) => {
                        let text = "can be sent, too: it has `new` and setters";
                        self.push(about, Kind::Added, Severity::Minor, text);
                    }
                    _ => {}
                }
                self.object(about, (old.usage, before), (new.usage, now));
            }
            (TypeKind::Enum(before), TypeKind::Enum(now)) => self.enumeration(about, before, now),
            (_, TypeKind::Enum(_)) => {
                self.push(about, Kind::Retyped, Severity::Major, "is an enum now, was a struct");
            }
            _ => self.push(about, Kind::Retyped, Severity::Major, "is a struct now, was an enum"),
        }
        // Only its documentation says so.
        if old.deprecated != new.deprecated || old.docs != new.docs {
            self.push(about, Kind::Reworded, Severity::Docs, "is described in other words");
        }
    }

    fn object(
        &mut self,
        about: About<'_>,
        (old_usage, old): (Usage, &Object),
        (new_usage, new): (Usage, &Object),
    ) {
        let wire = |property: &Property| (0, property.name.clone());
        let name = |property: &Property| (1, property.rust_name.clone());
        let (pairs, gone, come) = matched(&old.properties, &new.properties, &[&wire, &name]);
        for property in gone {
            let item = format!("{}::{}", about.item, plain(&property.rust_name));
            let about = About::old(Subject::Property, &item, &property.schema.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for property in come {
            self.new_property(about.item, property, (old_usage, new_usage));
        }
        for (was, is) in &pairs {
            self.property(about.item, (old_usage, *was), (new_usage, *is));
        }
        if old_usage.request && new_usage.request {
            self.constructor_order(about, (old, new), &pairs);
        }
        let body = |api: &Api, object: &Object, renames: &Renames| {
            let schema = object.failure.as_ref()?.schema.as_deref()?;
            Some(ty(api, schema, renames))
        };
        let (was, is) = (body(self.old, old, &self.renames), body(self.new, new, &Renames::default()));
        if let Some(is) = is.filter(|is| was.is_some_and(|was| was != *is)) {
            let text = format!("reports a failure with the body `{is}`");
            self.push(about, Kind::Retyped, Severity::Major, text);
        }
        let failure = |object: &Object| {
            let marker = object.failure.as_ref()?;
            Some((marker.property.clone(), marker.value.clone()))
        };
        if failure(old) != failure(new) {
            let text = match failure(new) {
                Some((property, value)) => format!("reports a failure by `{property}`: `{value}`"),
                None => "no longer reports a failure under a status of success".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    fn new_property(&mut self, owner: &str, property: &Property, (old_usage, new_usage): (Usage, Usage)) {
        let item = format!("{owner}::{}", plain(&property.rust_name));
        let about = About::new(Subject::Property, &item, &property.schema.source);
        if old_usage.request && new_usage.request && property.presence.is_argument() {
            let ty = argument(self.new, property, &Renames::default());
            let text = format!("added; it has to be given, so `new` takes a `{ty}` more");
            self.push(about, Kind::Added, Severity::Major, text);
        } else {
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
    }

    fn property(
        &mut self,
        owner: &str,
        (old_usage, old): (Usage, &Property),
        (new_usage, new): (Usage, &Property),
    ) {
        let item = format!("{owner}::{}", plain(&new.rust_name));
        let (was_at, is_at) = (&old.schema.source, &new.schema.source);
        let about = About::both(Subject::Property, &item, was_at, is_at);
        if old.rust_name != new.rust_name {
            let text = format!("renamed, was `{}`", plain(&old.rust_name));
            self.push(about, Kind::Renamed, Severity::Major, text);
        } else if old.name != new.name {
            let text = format!("is `{}` on the wire now, was `{}`", new.name, old.name);
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
        self.property_type(about, (old_usage, old), (new_usage, new));
        if old_usage.request && new_usage.request {
            for (kind, text) in constraints::compare(&old.schema, &new.schema) {
                self.push(about, kind, Severity::Minor, text);
            }
        }
        self.deprecation(about, old.schema.deprecated, new.schema.deprecated);
        let is_sent = old_usage.request && new_usage.request;
        let is_reworded = words(&old.schema) != words(&new.schema);
        // Of what is only received, rules are nothing but documentation; a format always is, if the type is the same.
        let has_other_rules = !is_sent && old.schema.constraints != new.schema.constraints;
        let has_other_format =
            old.schema.ty.is_same(&new.schema.ty) && old.schema.format != new.schema.format;
        if is_reworded || has_other_rules || has_other_format {
            self.push(about, Kind::Reworded, Severity::Docs, "is described in other words");
        }
    }

    /// The type of the field, and how constructors and setters take it.
    fn property_type(
        &mut self,
        about: About<'_>,
        (old_usage, old): (Usage, &Property),
        (new_usage, new): (Usage, &Property),
    ) {
        let (was, is) = (field(self.old, old, &self.renames), field(self.new, new, &Renames::default()));
        let is_sent = old_usage.request && new_usage.request;
        let (was_argument, is_argument) = (old.presence.is_argument(), new.presence.is_argument());
        if was != is {
            let reason = match (was_argument, is_argument) {
                (true, false) if !is_sent => ": the server may leave it out",
                (false, true) if !is_sent => ": the server always sends it",
                (true, false) => ": it can be left out, so `new` does not take it",
                (false, true) => ": it has to be given, so `new` takes it",
                _ => "",
            };
            let text = format!("is `{is}` now, was `{was}`{reason}");
            self.push(about, Kind::Retyped, Severity::Major, text);
        } else if is_sent && was_argument != is_argument {
            let (kind, text) = if is_argument {
                (Kind::Required, "has to be given: `new` takes it")
            } else {
                (Kind::Optional, "can be left out: `new` does not take it")
            };
            self.push(about, kind, Severity::Major, text);
        } else if is_sent {
            let before = argument(self.old, old, &self.renames);
            let now = argument(self.new, new, &Renames::default());
            let has_setter = |property: &Property| !property.schema.read_only;
            match (has_setter(old), has_setter(new)) {
                _ if is_argument => {}
                (true, false) => {
                    let text = "is only received any more: its setter is removed";
                    self.push(about, Kind::Removed, Severity::Major, text);
                }
                (false, true) => self.push(about, Kind::Added, Severity::Minor, "has a setter"),
                _ if before != now => {
                    let text = format!("has a setter that takes `{now}` now, took `{before}`");
                    self.push(about, Kind::Retyped, Severity::Major, text);
                }
                _ => {}
            }
        }
    }

    /// Whether the arguments of `new` that both have come in the same order.
    fn constructor_order(
        &mut self,
        about: About<'_>,
        (old, new): (&Object, &Object),
        pairs: &[(&Property, &Property)],
    ) {
        let both = pairs.iter().filter(|(was, is)| was.presence.is_argument() && is.presence.is_argument());
        let position =
            |object: &Object, name: &str| object.properties.iter().position(|property| property.name == name);
        let mut positions: Vec<_> =
            both.map(|(was, is)| (position(old, &was.name), position(new, &is.name))).collect();
        positions.sort_unstable();
        if !positions.is_sorted_by_key(|(_, now)| *now) {
            let item = format!("{}::new", about.item);
            let about = About { item: &item, ..about };
            self.push(about, Kind::Reordered, Severity::Major, "takes its arguments in another order");
        }
    }

    fn enumeration(&mut self, about: About<'_>, old: &Enum, new: &Enum) {
        let at = |place: Option<&Location>| place.cloned();
        let (old_at, new_at) = (at(about.old), at(about.new));
        let value = |value: &EnumValue| value.value.to_string();
        let (pairs, gone, come) = matched(&old.values, &new.values, &[&value]);
        let order = |values: &Enum| values.values.iter().map(value).collect::<Vec<_>>();
        if gone.is_empty() && come.is_empty() && order(old) != order(new) {
            self.push(about, Kind::Behaviour, Severity::Patch, "lists its values in another order");
        }
        for value in gone {
            let item = format!("{}::{}", about.item, value.rust_name);
            let about = About { subject: Subject::EnumValue, item: &item, old: old_at.as_ref(), new: None };
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for value in come {
            let item = format!("{}::{}", about.item, value.rust_name);
            let about = About { subject: Subject::EnumValue, item: &item, old: None, new: new_at.as_ref() };
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            let item = format!("{}::{}", about.item, is.rust_name);
            let about = About { subject: Subject::EnumValue, item: &item, ..about };
            if was.rust_name != is.rust_name {
                let text = format!("renamed, was `{}`", was.rust_name);
                self.push(about, Kind::Renamed, Severity::Major, text);
            }
            self.docs(about, &was.docs, &is.docs);
        }
    }
}

fn path(def: &TypeDef) -> String {
    format!("types::{}", def.rust_name)
}

/// What only the documentation of a field says.
fn words(schema: &Schema) -> (&Docs, Option<&Value>, Option<&String>) {
    (&schema.docs, schema.default.as_ref(), schema.constraints.pattern.as_ref())
}
