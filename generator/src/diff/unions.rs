//! Unions: their members, and what tells the members apart.

use super::{About, Comparison, Kind, Severity, Subject, is_reordered, matched};
use crate::plan::{Field, ItemId, Union, UnionVariant};

/// A variant, with the type that it holds by the numbers of the new crate.
struct Known<'a> {
    ty: String,
    variant: &'a UnionVariant,
}

impl Comparison<'_> {
    pub(super) fn union(&mut self, about: About<'_>, old: &Union, new: &Union) {
        let now = |id: ItemId| self.counterparts.get(&id).map_or("gone".to_owned(), |now| now.0.to_string());
        let (before, after) = (known(old, &now), known(new, &|id| id.0.to_string()));
        let (ty, name) =
            (|known: &Known<'_>| known.ty.clone(), |known: &Known<'_>| known.variant.name.to_string());
        let (pairs, gone, come) = matched(&before, &after, &[&ty, &name]);
        self.told_apart(about, old, new);
        let is_shaped = |known: &Known<'_>| known.variant.shape.is_some();
        if gone.is_empty() && come.is_empty() && is_reordered(&before, &after, &pairs, is_shaped) {
            self.push(about, Kind::Behaviour, Severity::Patch, "tries its variants in another order");
        }
        let item = |variant: &UnionVariant| format!("{}::{}", about.item, variant.name);
        let of_member = About { subject: Subject::UnionMember, ..about };
        for Known { variant, .. } in gone {
            let about = About { item: &item(variant), old: Some(&variant.source), new: None, ..of_member };
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for Known { variant, .. } in come {
            let about = About { item: &item(variant), old: None, new: Some(&variant.source), ..of_member };
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (Known { variant: was, .. }, Known { variant: is, .. }) in pairs {
            let item = item(is);
            let about = About::both(Subject::UnionMember, &item, &was.source, &is.source);
            self.member(about, was, is);
            self.tags(about, (old, was), is);
        }
        self.shared_fields(about, &old.shared, &new.shared);
    }

    /// Compares the discriminators.
    fn told_apart(&mut self, about: About<'_>, old: &Union, new: &Union) {
        let text = match (&old.tag, &new.tag) {
            (was, is) if was == is => return,
            (_, Some(tag)) => format!("the property `{tag}` tells its variants apart now"),
            (Some(tag), None) => format!("the property `{tag}` no longer tells its variants apart"),
            (None, None) => return,
        };
        self.push(about, Kind::Behaviour, Severity::Patch, text);
    }

    fn member(&mut self, about: About<'_>, was: &UnionVariant, is: &UnionVariant) {
        if was.name != is.name {
            self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", was.name));
        }
        if let Some((before, now)) = self.retyped(&was.ty(), &is.ty()) {
            let text = format!("holds `{now}` now, held `{before}`");
            self.push(about, Kind::Retyped, Severity::Major, text);
        } else if was.is_only != is.is_only {
            let ty = self.is(&is.value.ty);
            let (kind, severity, text) = if is.is_only {
                (Kind::Added, Severity::Minor, format!("`{ty}` converts into it"))
            } else {
                (
                    Kind::Removed,
                    Severity::Major,
                    format!("`{ty}` no longer converts into it: another variant holds one, too"),
                )
            };
            self.push(about, kind, severity, text);
        }
        self.docs(about, &was.docs, &is.docs);
    }

    /// Compares the values of the discriminator that mean a variant.
    fn tags(&mut self, about: About<'_>, (union, was): (&Union, &UnionVariant), is: &UnionVariant) {
        let elsewhere = |tag: &&String| {
            union.variants.iter().any(|other| !std::ptr::eq(other, was) && other.tags.contains(tag))
        };
        let list =
            |tags: Vec<&String>| tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ");
        let come = || is.tags.iter().filter(|tag| !was.tags.contains(tag));
        let moved: Vec<_> = come().filter(elsewhere).collect();
        let added: Vec<_> = come().filter(|tag| !elsewhere(tag)).collect();
        let gone: Vec<_> = was.tags.iter().filter(|tag| !is.tags.contains(tag)).collect();
        if !moved.is_empty() {
            let text = format!("{} means this variant now, and meant another one", list(moved));
            self.push(about, Kind::Behaviour, Severity::Major, text);
        }
        if !added.is_empty() {
            let text = format!("{} means this variant, too", list(added));
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if !gone.is_empty() {
            let text = format!("{} no longer means this variant", list(gone));
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    /// Compares the accessors of what all variants have.
    fn shared_fields(&mut self, about: About<'_>, old: &[Field], new: &[Field]) {
        let name = |field: &Field| field.name.clone();
        let (pairs, gone, come) = matched(old, new, &[&name]);
        let item = |field: &Field| format!("{}::{}", about.item, field.name.plain());
        for field in gone {
            let text = "removed: not all variants have this field";
            let about = About { item: &item(field), new: None, ..about };
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for field in come {
            let about = About { item: &item(field), old: None, ..about };
            self.push(about, Kind::Added, Severity::Minor, "added: all variants have this field");
        }
        for (was, is) in pairs {
            if let Some((before, now)) = self.retyped(&was.value.ty, &is.value.ty) {
                let about = About { item: &item(is), ..about };
                let text = format!("gives `{now}` now, gave `{before}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
        }
    }
}

fn known<'u>(union: &'u Union, number: &dyn Fn(ItemId) -> String) -> Vec<Known<'u>> {
    let known = |variant: &'u UnionVariant| Known { ty: variant.value.ty.display(number), variant };
    union.variants.iter().map(known).collect()
}
