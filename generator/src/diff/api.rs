//! The API as a whole: where it is served, its parts, its credentials.

use super::rust::plain;
use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::ir::{Module, SecurityKind, SecurityScheme};
use crate::passes::markdown::is_absolute;

impl Comparison<'_> {
    pub(super) fn api(&mut self) {
        let (old, new) = (self.old, self.new);
        let about = About::both(Subject::Api, "crate", &old.source, &new.source);
        if (&old.title, &old.version, &old.docs, &old.tags)
            != (&new.title, &new.version, &new.docs, &new.tags)
        {
            self.push(about, Kind::Reworded, Severity::Docs, "is described in other words");
        }
        match (old.has_files(), new.has_files()) {
            (true, false) => {
                let about = About { item: "Download", ..about };
                self.push(about, Kind::Removed, Severity::Major, "removed: no operation answers with a file");
            }
            (false, true) => {
                let about = About { item: "Download", ..about };
                self.push(
                    about,
                    Kind::Added,
                    Severity::Minor,
                    "added, for operations that answer with a file",
                );
            }
            _ => {}
        }
        self.server();
        self.parts();
        self.security_schemes();
    }

    fn server(&mut self) {
        let url = |servers: &[crate::ir::Server]| servers.first().map(crate::ir::Server::default_url);
        let (old, new) = (url(&self.old.servers), url(&self.new.servers));
        if old == new {
            return;
        }
        let is_absolute = |url: &Option<String>| url.as_deref().is_some_and(is_absolute);
        let about = About::both(Subject::Server, "Client::builder", &self.old.source, &self.new.source);
        match (is_absolute(&old), &new) {
            (_, Some(url)) if is_absolute(&new) => {
                self.push(
                    about,
                    Kind::Moved,
                    Severity::Patch,
                    format!("calls <{url}> unless told otherwise"),
                );
            }
            (true, _) => {
                let text = "has no server of its own any more: `base_url` has to be set";
                self.push(about, Kind::Required, Severity::Major, text);
            }
            (false, _) => {}
        }
    }

    /// Parts of a client are features and modules; a client in one piece has none.
    fn parts(&mut self) {
        let (old, new) = (self.old, self.new);
        let (_, gone, come) =
            matched(&old.modules, &new.modules, &[&|module: &Module| module.feature.clone()]);
        for module in gone {
            let item = format!("operations::{}", plain(&module.rust_name));
            let about = About::old(Subject::Part, &item, &old.source);
            let text = format!("removed, with the feature `{}`", module.feature);
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        for module in come {
            let item = format!("operations::{}", plain(&module.rust_name));
            let about = About::new(Subject::Part, &item, &new.source);
            // Whoever has turned the default features off had everything before there were parts.
            let severity = if old.modules.is_empty() { Severity::Major } else { Severity::Minor };
            let text = format!("added, with the feature `{}`", module.feature);
            self.push(about, Kind::Added, severity, text);
        }
    }

    fn security_schemes(&mut self) {
        let (old, new): (Vec<_>, Vec<_>) =
            (self.old.security_schemes.values().collect(), self.new.security_schemes.values().collect());
        let (pairs, gone, come) = matched(&old, &new, &[&|scheme: &&SecurityScheme| scheme.setter.clone()]);
        for scheme in gone {
            let item = setter(&scheme.setter);
            let about = About::old(Subject::SecurityScheme, &item, &scheme.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for scheme in come {
            let item = setter(&scheme.setter);
            let about = About::new(Subject::SecurityScheme, &item, &scheme.source);
            let text = format!("added, {}", carrier(&scheme.kind));
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (old, new) in pairs {
            self.security_scheme(old, new);
        }
    }

    fn security_scheme(&mut self, old: &SecurityScheme, new: &SecurityScheme) {
        let item = setter(&new.setter);
        let about = About::both(Subject::SecurityScheme, &item, &old.source, &new.source);
        let is_basic = |scheme: &SecurityScheme| scheme.kind == SecurityKind::Basic;
        if is_basic(old) != is_basic(new) {
            let takes = if is_basic(new) { "takes a user name and a password" } else { "takes one secret" };
            self.push(about, Kind::Retyped, Severity::Major, takes);
        } else if old.kind != new.kind {
            self.push(about, Kind::Moved, Severity::Patch, format!("is sent {} now", sent(&new.kind)));
        }
        match (&old.provider, &new.provider) {
            (Some(provider), None) => {
                let item = setter(provider);
                let about = About { item: &item, ..about };
                self.push(about, Kind::Removed, Severity::Major, "removed: its tokens are no bearer tokens");
            }
            (None, Some(provider)) => {
                let item = setter(provider);
                let about = About { item: &item, ..about };
                self.push(about, Kind::Added, Severity::Minor, "added");
            }
            (Some(was), Some(is)) if was != is => {
                let item = setter(is);
                let about = About { item: &item, ..about };
                self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", setter(was)));
            }
            _ => {}
        }
        self.docs(about, &old.docs, &new.docs);
    }
}

fn setter(name: &str) -> String {
    format!("ClientBuilder::{}", plain(name))
}

fn carrier(kind: &SecurityKind) -> String {
    format!("for a credential that is sent {}", sent(kind))
}

fn sent(kind: &SecurityKind) -> String {
    match kind {
        SecurityKind::Bearer => "as `Authorization: Bearer`".to_owned(),
        SecurityKind::Basic => "as `Authorization: Basic`".to_owned(),
        SecurityKind::Http(scheme) => format!("as `Authorization: {scheme}`"),
        SecurityKind::Header(name) => format!("in the header `{name}`"),
        SecurityKind::Query(name) => format!("in the query, as `{name}`"),
        SecurityKind::Cookie(name) => format!("in the cookie `{name}`"),
    }
}
