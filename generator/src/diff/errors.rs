//! The errors that all operations share: the variants of `ErrorBody`, and what its bodies have in common.

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::plan::{Accessor, Details, ErrorVariant, Ty};

impl Comparison<'_> {
    pub(super) fn errors(&mut self) {
        let (old, new) = (&self.old.errors, &self.new.errors);
        let name = |variant: &ErrorVariant| variant.name.clone();
        let (pairs, gone, come) = matched(&old.variants, &new.variants, &[&name]);
        for error in gone {
            let item = variant(error);
            let about = About::old(Subject::ErrorResponse, &item, &error.source);
            self.push(about, Kind::Removed, Severity::Major, "removed: no operation declares it");
        }
        for error in come {
            let item = variant(error);
            let about = About::new(Subject::ErrorResponse, &item, &error.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            let item = variant(is);
            let about = About::both(Subject::ErrorResponse, &item, &was.source, &is.source);
            self.error_body(about, was.body.as_ref(), is.body.as_ref());
            if was.is_text != is.is_text && was.body == is.body {
                let text = if is.is_text { "is text now, was JSON" } else { "is JSON now, was text" };
                self.push(about, Kind::Behaviour, Severity::Patch, text);
            }
            self.docs(about, &was.docs, &is.docs);
        }
        self.details(old.details.as_ref(), new.details.as_ref());
        self.accessors(&old.accessors, &new.accessors);
    }

    fn details(&mut self, old: Option<&Details>, new: Option<&Details>) {
        let Some(Details { name, .. }) = new.or(old) else { return };
        let item = format!("ErrorBody::{}", name.plain());
        let (was_at, is_at) = (&self.old.source, &self.new.source);
        match (old, new) {
            (Some(_), None) => {
                let about = About::old(Subject::ErrorResponse, &item, was_at);
                let text = "removed: error bodies no longer have one type";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (None, Some(_)) => {
                let about = About::new(Subject::ErrorResponse, &item, is_at);
                self.push(about, Kind::Added, Severity::Minor, "added: error bodies have one type");
            }
            (Some(old), Some(new)) => {
                let about = About::both(Subject::ErrorResponse, &item, was_at, is_at);
                if old.name != new.name {
                    let text = format!("renamed, was `ErrorBody::{}`", old.name.plain());
                    self.push(about, Kind::Renamed, Severity::Major, text);
                }
                if let Some((was, is)) = self.retyped(&old.ty, &new.ty) {
                    let text = format!("gives `{is}` now, gave `{was}`");
                    self.push(about, Kind::Retyped, Severity::Major, text);
                }
            }
            (None, None) => {}
        }
    }

    fn error_body(&mut self, about: About<'_>, was: Option<&Ty>, is: Option<&Ty>) {
        let is_same = match (was, is) {
            (Some(was), Some(is)) => self.retyped(was, is).is_none(),
            (was, is) => was.is_none() && is.is_none(),
        };
        if !is_same {
            let show = |ty: Option<String>| ty.map_or_else(|| "nothing".to_owned(), |ty| format!("`{ty}`"));
            let (was, is) = (show(was.map(|ty| self.was(ty))), show(is.map(|ty| self.is(ty))));
            self.push(about, Kind::Retyped, Severity::Major, format!("holds {is} now, held {was}"));
        }
    }

    fn accessors(&mut self, old: &[Accessor], new: &[Accessor]) {
        let name = |accessor: &Accessor| accessor.field.name.clone();
        let (pairs, gone, come) = matched(old, new, &[&name]);
        for accessor in gone {
            let item = method(accessor);
            let about = About::old(Subject::ErrorResponse, &item, &accessor.field.source);
            let text = "removed: error bodies no longer share this field";
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for accessor in come {
            let item = method(accessor);
            let about = About::new(Subject::ErrorResponse, &item, &accessor.field.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            if let Some((before, now)) = self.retyped(&was.field.value.ty, &is.field.value.ty) {
                let item = method(is);
                let (was_at, is_at) = (&was.field.source, &is.field.source);
                let about = About::both(Subject::ErrorResponse, &item, was_at, is_at);
                let text = format!("gives `{now}` now, gave `{before}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
        }
    }
}

fn variant(error: &ErrorVariant) -> String {
    format!("ErrorBody::{}", error.name)
}

fn method(accessor: &Accessor) -> String {
    format!("ErrorBody::{}", accessor.field.name.plain())
}
