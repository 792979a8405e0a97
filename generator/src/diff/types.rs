//! Types: structs with their fields, and enums with their values.

use std::collections::{BTreeMap, BTreeSet};

use super::{About, Comparison, Kind, Severity, Subject, constraints, is_reordered, matched};
use crate::plan::{
    Crate, Extra, Field, Given, Item, ItemId, ItemKind, Newtype, OpenEnum, PartId, Struct, Ty, UnionVariant,
    Variant,
};

/// The new types by the old ones that they were.
pub(super) type Counterparts = BTreeMap<ItemId, ItemId>;

type Known<'a> = (ItemId, &'a Item);

/// Pairs the types with one name in Rust, then those with one name in the description, then those that are equal.
pub(super) fn counterparts(old: &Crate, new: &Crate) -> Counterparts {
    let known = |krate| Crate::items_by_id(krate).collect::<Vec<Known<'_>>>();
    let (before, now) = (known(old), known(new));
    let name = |(_, item): &Known<'_>| item.name.to_string();
    let schema = |(_, item): &Known<'_>| item.schema.clone();
    let (pairs, gone, come) = matched(&before, &now, &[&name, &schema]);
    let mut counterparts: Counterparts = pairs.into_iter().map(|(was, is)| (was.0, is.0)).collect();
    let now = shapes(new, &come);
    for (shape, before) in shapes(old, &gone) {
        // Of several equal types, it is unknown which became which.
        if let ([was], Some([is])) = (before.as_slice(), now.get(&shape).map(Vec::as_slice)) {
            counterparts.insert(*was, *is);
        }
    }
    merge_error_bodies(old, new, &mut counterparts);
    counterparts
}

/// Pairs error bodies that are gone with a body of equal shape: bodies that are alike become one type.
fn merge_error_bodies(old: &Crate, new: &Crate, counterparts: &mut Counterparts) {
    let bodies = |krate: &Crate| {
        let bodies = krate.errors.variants.iter().filter_map(|variant| variant.body.as_ref());
        let ids = bodies.filter_map(Ty::item).collect::<BTreeSet<_>>();
        ids.into_iter().map(|id| (id, shape(krate, &krate.item(id).kind))).collect::<Vec<_>>()
    };
    let now = bodies(new);
    for (was, before) in bodies(old) {
        if let Some((is, _)) = now.iter().find(|(_, shape)| *shape == before) {
            counterparts.entry(was).or_insert(*is);
        }
    }
}

/// Groups types by everything that matters about them but their names.
fn shapes(krate: &Crate, types: &[&Known<'_>]) -> BTreeMap<Vec<String>, Vec<ItemId>> {
    let mut shapes = BTreeMap::<_, Vec<_>>::new();
    for (id, item) in types {
        let shape = shape(krate, &item.kind);
        if !shape.is_empty() {
            shapes.entry(shape).or_default().push(*id);
        }
    }
    shapes
}

fn shape(krate: &Crate, kind: &ItemKind) -> Vec<String> {
    let mut shape: Vec<_> = match kind {
        ItemKind::Struct(structure) => {
            let field = |field: &Field| format!("{}: {}", field.wire, field.ty.display_in(krate));
            let rest = structure.additional.as_ref();
            let rest = rest.map(|extra| format!("..: {}", extra.value.ty.display_in(krate)));
            structure.fields.iter().map(field).chain(rest).collect()
        }
        ItemKind::Newtype(newtype) => vec![newtype.value.ty.display_in(krate)],
        ItemKind::ValueEnum(values) => {
            values.variants.iter().map(|variant| variant.value.to_string()).collect()
        }
        ItemKind::IntegerEnum(values) => {
            values.variants.iter().map(|variant| variant.value.to_string()).collect()
        }
        ItemKind::StringEnum(values) => {
            values.variants.iter().map(|variant| format!("{:?}", variant.value)).collect()
        }
        ItemKind::Union(union) => {
            let variant = |variant: &UnionVariant| {
                format!("{}: {}", variant.tags.join(", "), variant.value.ty.display_in(krate))
            };
            union.variants.iter().map(variant).collect()
        }
    };
    shape.sort();
    shape
}

impl Comparison<'_> {
    pub(super) fn types(&mut self) {
        let (old, new) = (self.old, self.new);
        let pairs = self.counterparts.clone();
        let kept: BTreeSet<_> = pairs.values().collect();
        let told = std::mem::take(&mut self.told);
        for (_, item) in old.items_by_id().filter(|(id, _)| !pairs.contains_key(id) && !told.0.contains(id)) {
            let path = path(item);
            self.push(
                About::old(Subject::Type, &path, &item.source),
                Kind::Removed,
                Severity::Major,
                "removed",
            );
        }
        for (_, item) in new.items_by_id().filter(|(id, _)| !kept.contains(id) && !told.1.contains(id)) {
            let path = path(item);
            self.push(About::new(Subject::Type, &path, &item.source), Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in &pairs {
            self.item(old.item(*was), new.item(*is));
        }
    }

    fn item(&mut self, old: &Item, new: &Item) {
        let item = path(new);
        let about = About::both(Subject::Type, &item, &old.source, &new.source);
        if old.name != new.name {
            self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", path(old)));
        }
        self.compiled_with(about, old.part, new.part);
        self.derives(about, &old.derives, &new.derives);
        match (&old.sample, &new.sample) {
            (Some(_), None) => {
                self.push(
                    about,
                    Kind::Removed,
                    Severity::Major,
                    "has no example any more: `sample` is removed",
                );
            }
            (None, Some(_)) => {
                self.push(about, Kind::Added, Severity::Minor, "has an example: `sample` is added");
            }
            _ => {}
        }
        match (&old.kind, &new.kind) {
            (ItemKind::Struct(was), ItemKind::Struct(is)) => self.structure(about, was, is),
            (ItemKind::StringEnum(was), ItemKind::StringEnum(is)) => self.open_enum(about, was, is),
            (ItemKind::IntegerEnum(was), ItemKind::IntegerEnum(is)) => self.open_enum(about, was, is),
            (ItemKind::Union(was), ItemKind::Union(is)) => self.union(about, was, is),
            (ItemKind::ValueEnum(was), ItemKind::ValueEnum(is)) => self.open_enum(about, was, is),
            (ItemKind::Newtype(was), ItemKind::Newtype(is)) => self.newtype(about, was, is),
            (was, is) => {
                let text = format!("is {} now, was {}", noun(is), noun(was));
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
        }
        // Using a deprecated type is no warning: only its documentation says so.
        if old.deprecated == new.deprecated {
            self.docs(about, &old.docs, &new.docs);
        } else {
            self.reworded(about);
        }
    }

    /// Compares the traits that the settings derive.
    fn derives(&mut self, about: About<'_>, old: &[String], new: &[String]) {
        for path in old.iter().filter(|path| !new.contains(path)) {
            self.push(about, Kind::Removed, Severity::Major, format!("no longer derives `{path}`"));
        }
        for path in new.iter().filter(|path| !old.contains(path)) {
            self.push(about, Kind::Added, Severity::Minor, format!("derives `{path}`"));
        }
    }

    /// Compares the features that a type is compiled with: that of the only part that reaches it.
    fn compiled_with(&mut self, about: About<'_>, was: Option<PartId>, is: Option<PartId>) {
        let feature = |krate: &Crate, part: Option<PartId>| Some(krate.parts[part?].feature.clone());
        let was_in_parts = !self.old.parts.is_empty();
        match (feature(self.old, was), feature(self.new, is)) {
            (was, Some(is)) if was_in_parts && was.as_ref() != Some(&is) => {
                let text = format!("needs the feature `{is}` now");
                self.push(about, Kind::Moved, Severity::Major, text);
            }
            (Some(_), None) if !self.new.parts.is_empty() => {
                self.push(about, Kind::Added, Severity::Minor, "no longer needs a feature");
            }
            _ => {}
        }
    }

    fn structure(&mut self, about: About<'_>, old: &Struct, new: &Struct) {
        match (old.is_sent, new.is_sent) {
            (true, false) => {
                let text = "is in responses only now: `new` and the setters are removed";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (false, true) => {
                self.push(
                    about,
                    Kind::Added,
                    Severity::Minor,
                    "is in requests now, too: it has `new` and setters",
                );
            }
            _ => {}
        }
        let is_sent = old.is_sent && new.is_sent;
        let wire = |field: &Field| (0, field.wire.clone());
        let name = |field: &Field| (1, field.name.to_string());
        let (pairs, gone, come) = matched(&old.fields, &new.fields, &[&wire, &name]);
        for field in gone {
            let item = member(about.item, field);
            let about = About::old(Subject::Property, &item, &field.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for field in come {
            self.new_field(about.item, field, is_sent);
        }
        for (was, is) in &pairs {
            self.field(about.item, was, is, is_sent);
        }
        self.extra(about, old.additional.as_ref(), new.additional.as_ref(), is_sent);
        if is_sent {
            for (kind, text) in constraints::numbers("properties", old.properties, new.properties) {
                self.push(about, kind, Severity::Minor, text);
            }
        }
        let is_argument = |field: &Field| field.given == Given::Argument;
        if is_sent && is_reordered(&old.fields, &new.fields, &pairs, is_argument) {
            let item = format!("{}::new", about.item);
            let about = About { item: &item, ..about };
            self.push(about, Kind::Reordered, Severity::Major, "takes its arguments in another order");
        }
    }

    /// Compares the fields with the properties that the others do not declare.
    fn extra(&mut self, about: About<'_>, old: Option<&Extra>, new: Option<&Extra>, is_sent: bool) {
        let item = |extra: &Extra| format!("{}::{}", about.item, extra.name.plain());
        match (old, new) {
            (None, None) => {}
            (Some(extra), None) => {
                let item = item(extra);
                let about = About::old(Subject::Property, &item, &extra.source);
                let text = "removed: additional properties are not kept any more";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (None, Some(extra)) => {
                let item = item(extra);
                let about = About::new(Subject::Property, &item, &extra.source);
                self.push(about, Kind::Added, Severity::Minor, "added: it keeps additional properties");
            }
            (Some(was), Some(is)) => {
                let item = item(is);
                let about = About::both(Subject::Property, &item, &was.source, &is.source);
                if was.name != is.name {
                    let text = format!("renamed, was `{}`", was.name.plain());
                    self.push(about, Kind::Renamed, Severity::Major, text);
                }
                if let Some((before, now)) = self.retyped(&was.value.ty, &is.value.ty) {
                    let text = format!("is `{now}` now, was `{before}`");
                    self.push(about, Kind::Retyped, Severity::Major, text);
                } else if is_sent {
                    for (kind, text) in constraints::compare(&was.value, &is.value) {
                        self.push(about, kind, Severity::Minor, text);
                    }
                }
            }
        }
    }

    fn new_field(&mut self, owner: &str, field: &Field, is_sent: bool) {
        let item = member(owner, field);
        let about = About::new(Subject::Property, &item, &field.source);
        if is_sent && field.given == Given::Argument {
            let ty = self.is(&field.value.nullable_ty());
            let text = format!("added and required: `new` takes another `{ty}`");
            self.push(about, Kind::Added, Severity::Major, text);
        } else {
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
    }

    /// Compares fields; `is_sent` for fields of structs that were and are sent.
    fn field(&mut self, owner: &str, old: &Field, new: &Field, is_sent: bool) {
        let item = member(owner, new);
        let about = About::both(Subject::Property, &item, &old.source, &new.source);
        if old.name != new.name {
            let text = format!("renamed, was `{}`", old.name.plain());
            self.push(about, Kind::Renamed, Severity::Major, text);
        } else if old.wire != new.wire {
            let text = format!("is `{}` on the wire now, was `{}`", new.wire, old.wire);
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
        if let Some((was, is)) = self.retyped(&old.ty, &new.ty) {
            let reason = reason(old.given, new.given, is_sent);
            let text = format!("is `{is}` now, was `{was}`{reason}");
            self.push(about, Kind::Retyped, Severity::Major, text);
        } else if is_sent {
            self.given(about, old, new);
        }
        // Rules of response types are documentation only.
        let rules = if is_sent { constraints::compare(&old.value, &new.value) } else { Vec::new() };
        let has_other_facts = rules.is_empty() && !constraints::has_same_facts(&old.value, &new.value);
        for (kind, text) in rules {
            self.push(about, kind, Severity::Minor, text);
        }
        self.deprecation(about, old.deprecated, new.deprecated);
        let replaced = |field: &Field| (field.deprecated, field.replacement.clone());
        self.replacement(about, &replaced(old), &replaced(new));
        if has_other_facts {
            self.reworded(about);
        } else {
            self.docs(about, &old.docs, &new.docs);
        }
    }

    /// Compares how a constructor or a setter takes a field whose type is the same.
    fn given(&mut self, about: About<'_>, old: &Field, new: &Field) {
        let (kind, severity, text) = match (old.given, new.given) {
            (Given::Argument, Given::Argument) => return,
            (Given::Argument, _) => {
                (Kind::Optional, Severity::Major, "is optional now: `new` does not take it")
            }
            (_, Given::Argument) => (Kind::Required, Severity::Major, "is required now: `new` takes it"),
            (Given::Setter, Given::Never) => {
                (Kind::Removed, Severity::Major, "is in responses only now: its setter is removed")
            }
            (Given::Never, Given::Setter) => (Kind::Added, Severity::Minor, "has a setter"),
            _ => {
                let types = self.retyped(&old.value.nullable_ty(), &new.value.nullable_ty());
                if let Some((was, is)) = types {
                    let text = format!("has a setter that takes `{is}` now, took `{was}`");
                    self.push(about, Kind::Retyped, Severity::Major, text);
                }
                return;
            }
        };
        self.push(about, kind, severity, text);
    }

    /// Compares structs around a list or a map.
    fn newtype(&mut self, about: About<'_>, old: &Newtype, new: &Newtype) {
        if let Some((was, is)) = self.retyped(&old.value.ty, &new.value.ty) {
            let text = format!("is around `{is}` now, was around `{was}`");
            self.push(about, Kind::Retyped, Severity::Major, text);
        } else if old.is_sent && new.is_sent {
            for (kind, text) in constraints::compare(&old.value, &new.value) {
                self.push(about, kind, Severity::Minor, text);
            }
        }
    }

    fn open_enum<T: Clone + PartialEq>(&mut self, about: About<'_>, old: &OpenEnum<T>, new: &OpenEnum<T>) {
        let value = |variant: &Variant<T>| variant.value.clone();
        let (pairs, gone, come) = matched(&old.variants, &new.variants, &[&value]);
        if gone.is_empty() && come.is_empty() && is_reordered(&old.variants, &new.variants, &pairs, |_| true)
        {
            self.push(about, Kind::Behaviour, Severity::Patch, "lists its values in another order");
        }
        let item = |variant: &Variant<T>| format!("{}::{}", about.item, variant.name);
        let about = About { subject: Subject::EnumValue, ..about };
        for variant in gone {
            let about = About { item: &item(variant), new: None, ..about };
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for variant in come {
            let about = About { item: &item(variant), old: None, ..about };
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            let about = About { item: &item(is), ..about };
            if was.name != is.name {
                self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", was.name));
            }
            self.docs(about, &was.docs, &is.docs);
        }
    }
}

fn path(item: &Item) -> String {
    format!("types::{}", item.name)
}

fn member(owner: &str, field: &Field) -> String {
    format!("{owner}::{}", field.name.plain())
}

fn noun(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Struct(_) => "a struct",
        ItemKind::StringEnum(_) => "an enum",
        ItemKind::IntegerEnum(_) => "an enum of integers",
        ItemKind::Union(_) => "an enum of several types",
        ItemKind::ValueEnum(_) => "an enum of several types of values",
        ItemKind::Newtype(_) => "a struct around a list or a map",
    }
}

/// Says why a field has another type, if its absence is the reason.
fn reason(was: Given, is: Given, is_sent: bool) -> &'static str {
    match (was == Given::Argument, is == Given::Argument) {
        (true, false) if is_sent => ": it can be left out, so `new` does not take it",
        (false, true) if is_sent => ": it has to be given, so `new` takes it",
        (true, false) => ": the server may leave it out",
        (false, true) => ": the server always sends it",
        _ => "",
    }
}
