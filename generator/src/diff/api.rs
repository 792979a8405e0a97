//! The API as a whole: where it is served, its parts, its credentials.

use url::Url;

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::plan::{Carrier, Credential, Name, Part, paragraphs};

impl Comparison<'_> {
    pub(super) fn api(&mut self) {
        let (old, new) = (self.old, self.new);
        let about = About::both(Subject::Api, "crate", &old.source, &new.source);
        let is_reworded = (&old.title, &old.version) != (&new.title, &new.version)
            || paragraphs(&old.docs) != paragraphs(&new.docs);
        if is_reworded {
            self.reworded(about);
        }
        self.server();
        self.servers();
        self.parts();
        self.credentials();
    }

    fn server(&mut self) {
        let (old, new) = (self.old.base_url.absolute(), self.new.base_url.absolute());
        let about = About::both(Subject::Server, "Client::builder", &self.old.source, &self.new.source);
        match (old, new) {
            (Some(old), Some(new)) if is_same_url(old, new) => {}
            (_, Some(url)) => {
                let text = format!("has the default base URL <{url}> now");
                self.push(about, Kind::Moved, Severity::Patch, text);
            }
            (Some(_), None) => {
                let text = "no longer has a default base URL: `base_url` has to be set";
                self.push(about, Kind::Required, Severity::Major, text);
            }
            (None, None) => {
                if self.old.base_url != self.new.base_url {
                    self.reworded(about);
                }
            }
        }
    }

    /// Compares the parts of clients, which are features and modules; a client in one piece has none.
    fn parts(&mut self) {
        let (old, new) = (self.old, self.new);
        let feature = |part: &Part| part.feature.clone();
        let (pairs, gone, come) = matched(&old.parts, &new.parts, &[&feature]);
        for part in gone {
            let item = module(part);
            let about = About::old(Subject::Part, &item, &old.source);
            let text = format!("removed, with the feature `{}`", part.feature);
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for part in come {
            let item = module(part);
            let about = About::new(Subject::Part, &item, &new.source);
            // Whoever has turned the default features off had everything before there were parts.
            let severity = if old.parts.is_empty() { Severity::Major } else { Severity::Minor };
            let text = format!("added, with the feature `{}`", part.feature);
            self.push(about, Kind::Added, severity, text);
        }
        for (was, is) in pairs {
            let item = module(is);
            let about = About::both(Subject::Part, &item, &old.source, &new.source);
            if was.tag != is.tag || paragraphs(&was.docs) != paragraphs(&is.docs) {
                self.reworded(about);
            }
        }
    }

    fn credentials(&mut self) {
        let name = |credential: &Credential| credential.setter.clone();
        let (pairs, gone, come) = matched(&self.old.credentials, &self.new.credentials, &[&name]);
        for credential in gone {
            let item = setter(&credential.setter);
            let about = About::old(Subject::SecurityScheme, &item, &credential.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for credential in come {
            let item = setter(&credential.setter);
            let about = About::new(Subject::SecurityScheme, &item, &credential.source);
            let text = format!("added, for a credential that is sent {}", credential.carrier.phrase());
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (old, new) in pairs {
            self.credential(old, new);
        }
    }

    fn credential(&mut self, old: &Credential, new: &Credential) {
        let item = setter(&new.setter);
        let about = About::both(Subject::SecurityScheme, &item, &old.source, &new.source);
        match (&old.carrier, &new.carrier) {
            (was, is) if was == is => {}
            (_, Carrier::Basic) => {
                self.push(about, Kind::Retyped, Severity::Major, "takes a user name and a password");
            }
            (Carrier::Basic, _) => self.push(about, Kind::Retyped, Severity::Major, "takes one secret"),
            (_, is) => {
                let text = format!("is sent {} now", is.phrase());
                self.push(about, Kind::Moved, Severity::Patch, text);
            }
        }
        self.provider(about, old.provider.as_ref(), new.provider.as_ref());
        self.docs(about, &old.docs, &new.docs);
    }

    fn provider(&mut self, about: About<'_>, was: Option<&Name>, is: Option<&Name>) {
        let Some(name) = is.or(was).filter(|_| was != is) else { return };
        let item = setter(name);
        let about = About { item: &item, ..about };
        match was {
            _ if is.is_none() => {
                let text = "removed: its tokens are no longer bearer tokens";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            None => self.push(about, Kind::Added, Severity::Minor, "added"),
            Some(was) => {
                self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", setter(was)));
            }
        }
    }
}

/// Returns `true` if two base URLs are the same, however they are written; slashes at the end do not count.
pub(super) fn is_same_url(a: &str, b: &str) -> bool {
    let parsed = |url: &str| Some(Url::parse(url).ok()?.as_str().trim_end_matches('/').to_owned());
    a == b || parsed(a).zip(parsed(b)).is_some_and(|(a, b)| a == b)
}

fn module(part: &Part) -> String {
    format!("operations::{}", part.name.plain())
}

pub(super) fn setter(name: &Name) -> String {
    format!("ClientBuilder::{}", name.plain())
}
