//! The errors that all operations share: the variants of `ErrorBody`, and what its bodies have in common.

use super::rust::{plain, ty};
use super::{About, Comparison, Kind, Renames, Severity, Subject, matched};
use crate::ir::{Api, ErrorResponse, Property};

impl Comparison<'_> {
    pub(super) fn errors(&mut self) {
        let (old, new) = (self.old, self.new);
        let (pairs, gone, come) =
            matched(&old.errors, &new.errors, &[&|error: &ErrorResponse| error.rust_name.clone()]);
        for error in gone {
            let item = variant(error);
            let about = About::old(Subject::ErrorResponse, &item, place(old, error));
            self.push(about, Kind::Removed, Severity::Major, "removed: no operation declares it");
        }
        for error in come {
            let item = variant(error);
            let about = About::new(Subject::ErrorResponse, &item, place(new, error));
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (before, now) in pairs {
            let item = variant(now);
            let about = About::both(Subject::ErrorResponse, &item, place(old, before), place(new, now));
            let was = before.schema.as_ref().map(|schema| ty(old, schema, &self.renames));
            let is = now.schema.as_ref().map(|schema| ty(new, schema, &Renames::default()));
            if was != is {
                let show = |ty: &Option<String>| match ty {
                    Some(ty) => format!("`{ty}`"),
                    None => "nothing".to_owned(),
                };
                let text = format!("holds {} now, held {}", show(&is), show(&was));
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            self.docs(about, &before.docs, &now.docs);
        }
        self.accessors();
    }

    fn accessors(&mut self) {
        let (old, new) = (self.old, self.new);
        let (shared_before, shared_now) = (old.shared_error_properties(), new.shared_error_properties());
        let (pairs, gone, come) =
            matched(&shared_before, &shared_now, &[&|property: &&Property| property.rust_name.clone()]);
        for property in gone {
            let item = accessor(property);
            let about = About::old(Subject::ErrorResponse, &item, &property.schema.source);
            self.push(
                about,
                Kind::Removed,
                Severity::Major,
                "removed: errors no longer agree on it, or none has it",
            );
        }
        for property in come {
            let item = accessor(property);
            let about = About::new(Subject::ErrorResponse, &item, &property.schema.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (before, now) in pairs {
            let (was, is) =
                (ty(old, &before.schema, &self.renames), ty(new, &now.schema, &Renames::default()));
            if was != is {
                let item = accessor(now);
                let (was_at, is_at) = (&before.schema.source, &now.schema.source);
                let about = About::both(Subject::ErrorResponse, &item, was_at, is_at);
                self.push(about, Kind::Retyped, Severity::Major, format!("gives `{is}` now, gave `{was}`"));
            }
        }
    }
}

fn variant(error: &ErrorResponse) -> String {
    format!("ErrorBody::{}", error.rust_name)
}

fn accessor(property: &Property) -> String {
    format!("ErrorBody::{}", plain(&property.rust_name))
}

/// The type of its body, or else the description.
fn place<'a>(api: &'a Api, error: &'a ErrorResponse) -> &'a crate::diagnostic::Location {
    error.schema.as_ref().map_or(&api.source, |schema| &schema.source)
}
