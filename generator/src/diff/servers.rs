//! Servers of operations, and the variables in the URLs of servers.

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::diff::api::{is_same_url, setter};
use crate::plan::{Call, Crate, Server, ServerVariable};

impl Comparison<'_> {
    /// Compares the setters of servers and variables. Where operations are sent is compared with the operations.
    pub(super) fn servers(&mut self) {
        let (old, new) = (&self.old.servers, &self.new.servers);
        let name = |server: &Server| server.setter.clone();
        let (pairs, gone, come) = matched(&old.list, &new.list, &[&name]);
        for server in gone {
            self.server_gone(server);
        }
        for server in come {
            let Some(name) = &server.setter else { continue };
            let item = setter(name);
            let about = About::new(Subject::Server, &item, &server.source);
            let text = format!("added, for the server <{}>", server.default_url);
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (was, is) in pairs {
            let Some(name) = &is.setter else { continue };
            let item = setter(name);
            self.docs(About::both(Subject::Server, &item, &was.source, &is.source), &was.docs, &is.docs);
        }
        self.variables();
    }

    fn server_gone(&mut self, server: &Server) {
        let Some(name) = &server.setter else { return };
        let item = setter(name);
        let about = About::old(Subject::Server, &item, &server.source);
        self.push(about, Kind::Removed, Severity::Major, "removed");
    }

    fn variables(&mut self) {
        let name = |variable: &ServerVariable| variable.setter.clone();
        let (pairs, gone, come) = matched(&self.old.servers.variables, &self.new.servers.variables, &[&name]);
        for variable in gone {
            let item = setter(&variable.setter);
            let about = About::old(Subject::Server, &item, &variable.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for variable in come {
            let item = setter(&variable.setter);
            let about = About::new(Subject::Server, &item, &variable.source);
            let text = format!("added, for the variable `{}` in URLs", variable.wire);
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (was, is) in pairs {
            let item = setter(&is.setter);
            let about = About::both(Subject::Server, &item, &was.source, &is.source);
            self.values(about, &was.values, &is.values);
            self.docs(about, &was.docs, &is.docs);
        }
    }

    /// Compares the values that a variable can have; an empty list stands for any.
    fn values(&mut self, about: About<'_>, old: &[String], new: &[String]) {
        let gone = old.iter().filter(|value| !new.contains(value)).map(|value| format!("`{value}`"));
        let gone = gone.collect::<Vec<_>>().join(", ");
        match (old.is_empty(), new.is_empty()) {
            _ if old == new => {}
            (true, false) => {
                let text = format!("takes only `{}` now", new.join("`, `"));
                self.push(about, Kind::Tightened, Severity::Major, text);
            }
            (false, false) if !gone.is_empty() => {
                self.push(about, Kind::Tightened, Severity::Major, format!("no longer takes {gone}"));
            }
            (_, true) => self.push(about, Kind::Loosened, Severity::Minor, "takes any value now"),
            _ => self.push(about, Kind::Loosened, Severity::Minor, "takes more values now"),
        }
    }

    /// Compares the servers to which a call is sent.
    pub(super) fn server_of(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let (was, is) = (own_url(self.old, old), own_url(self.new, new));
        let about = About { subject: Subject::Server, ..about };
        match (was, is) {
            (Some(was), Some(is)) if is_same_url(was, is) => {}
            (_, Some(url)) => {
                let text = format!("is sent to the server <{url}> now");
                self.push(about, Kind::Moved, Severity::Patch, text);
            }
            (Some(_), None) => {
                self.push(about, Kind::Moved, Severity::Patch, "is sent to the base URL now");
            }
            (None, None) => {}
        }
    }
}

/// Returns the URL of the server that a call has of its own.
fn own_url<'a>(krate: &'a Crate, call: &Call) -> Option<&'a str> {
    call.server.map(|server| krate.servers.list[server].default_url.as_str())
}
