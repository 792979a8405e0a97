//! The intermediate representation: an API as plain, sorted data.
//!
//! Lowering makes it, passes change it, the plan is made from it. It says what the description means and nothing about
//! Rust: it holds no tokens, no Rust names and no types of the `openapiv3` crate, and it can express all of OpenAPI
//! 3.0, whether or not there is a Rust shape for it.

mod operation;
mod schema;

pub use operation::*;
pub use schema::*;

use std::collections::BTreeMap;

use crate::diagnostic::Location;

/// A description, reduced to the selected operations and what they reach.
#[derive(Clone, Debug)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`, as it stands there; it need not be a version of a crate.
    pub version: String,
    /// `info.description` and `externalDocs`.
    pub docs: Docs,
    /// Where the API is served; the first is the default.
    pub servers: Vec<Server>,
    /// The security schemes that the operations use, by name.
    pub security_schemes: BTreeMap<String, SecurityScheme>,
    /// The operations, sorted by identifier.
    pub operations: Vec<Operation>,
    /// What the description says of its tags, by name.
    pub tags: BTreeMap<String, Docs>,
    /// The types that the operations reach, sorted by place.
    pub types: BTreeMap<TypeId, TypeDef>,
    /// The root of the description.
    pub source: Location,
}

impl Api {
    /// The object that a schema is, if it is one.
    pub fn object(&self, schema: &Schema) -> Option<&Object> {
        self.types.get(schema.type_id()?)?.kind.as_object()
    }
}

/// What a description says about something, as markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// `summary` or `title`: one line.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `externalDocs.url`.
    pub link: Option<String>,
}

/// A place where the API is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The address, with `{variables}`.
    pub url: String,
    /// What it is for.
    pub docs: Docs,
    /// The variables in the address.
    pub variables: BTreeMap<String, ServerVariable>,
    /// Where it stands.
    pub source: Location,
}

impl Server {
    /// The address with the default of each variable.
    pub fn default_url(&self) -> String {
        self.variables.iter().fold(self.url.clone(), |url, (name, variable)| {
            url.replace(&format!("{{{name}}}"), &variable.default)
        })
    }
}

/// A variable in the address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// The value it has unless another is chosen.
    pub default: String,
    /// The values it can have; empty for any.
    pub values: Vec<String>,
    /// What it means.
    pub docs: Docs,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Name in `components.securitySchemes`.
    pub name: String,
    /// How the credential is sent.
    pub kind: SecurityKind,
    /// What it is.
    pub docs: Docs,
    /// Where it stands.
    pub source: Location,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityKind {
    /// `Authorization: Bearer`, from `http` `bearer`, `oauth2` or `openIdConnect`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
    /// Another scheme of `Authorization`.
    Http(String),
    /// A header of its own.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
}
