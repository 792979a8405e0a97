//! Servers of a client, beside its base URL.

use super::Name;
use crate::diagnostic::Location;
use crate::ir::Docs;

/// Index of a server in [`Servers::list`].
pub type ServerId = usize;

/// Servers of a client: empty for a client that has only a base URL without variables.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    /// Servers of single operations. A server of the base URL comes first, if its URL has variables.
    pub list: Vec<Server>,
    /// Variables in the URLs of the servers.
    pub variables: Vec<ServerVariable>,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name of the builder's setter that replaces the server; `None` for that of the base URL.
    pub setter: Option<Name>,
    /// Name of the constant that describes the server to the runtime.
    pub constant: Name,
    /// URL with its `{variables}`.
    pub url: String,
    /// URL with the default of each variable.
    pub default_url: String,
    /// Index of each variable in [`Servers::variables`], with its default.
    pub variables: Vec<(usize, String)>,
    /// Prose about the server.
    pub docs: Docs,
    /// Place of the server.
    pub source: Location,
}

/// A variable in the URLs of servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Name in the URL.
    pub wire: String,
    /// Name of the builder's setter.
    pub setter: Name,
    /// Values that the variable can have; empty for any.
    pub values: Vec<String>,
    /// Prose about the variable.
    pub docs: Docs,
    /// Place of the first server with the variable.
    pub source: Location,
}

impl Servers {
    /// Returns the defaults of a variable, each once.
    pub fn defaults(&self, variable: usize) -> Vec<&str> {
        let uses = self.list.iter().flat_map(|server| &server.variables);
        let mut defaults: Vec<_> =
            uses.filter(|(id, _)| *id == variable).map(|(_, default)| default.as_str()).collect();
        defaults.sort_unstable();
        defaults.dedup();
        defaults
    }
}
