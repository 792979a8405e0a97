//! The intermediate representation: an API as plain, sorted data.
//!
//! Lowering makes it, passes change it, the plan is made from it. It says what the description means and nothing about
//! Rust: it holds no tokens, no Rust names and no types of the `openapiv3` crate, and it can express all of OpenAPI
//! 3.0, whether or not there is a Rust shape for it.

mod operation;
mod schema;

pub use operation::*;
pub use schema::*;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Location;

/// The direction of the requests that operations describe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From a client to the API.
    #[default]
    Outgoing,
    /// From the API to an application: webhooks.
    Incoming,
}

/// A description, reduced to the selected operations and components, and what they reach.
#[derive(Clone, Debug)]
pub struct Api {
    /// The direction of the requests.
    pub direction: Direction,
    /// `info.title`.
    pub title: String,
    /// `info.version`, as it stands there; it need not be a version of a crate.
    pub version: String,
    /// `info.description` and `externalDocs`.
    pub docs: Docs,
    /// The servers of the API; the first is the default.
    pub servers: Vec<Server>,
    /// The security schemes that the operations use, by name.
    pub security_schemes: BTreeMap<String, SecurityScheme>,
    /// The operations, sorted by identifier.
    pub operations: Vec<Operation>,
    /// The components that are selected directly, in the order of the description.
    pub components: Vec<Component>,
    /// The prose of tags, by name.
    pub tags: BTreeMap<String, Docs>,
    /// The types that the operations and components reach, sorted by place.
    pub types: BTreeMap<TypeId, TypeDef>,
    /// The choices about types that have an effect, by their indices.
    pub choices_used: BTreeSet<usize>,
    /// The root of the description.
    pub source: Location,
}

impl Api {
    /// Returns the object of a schema, if the schema is an object.
    pub fn object(&self, schema: &Schema) -> Option<&Object> {
        self.types.get(schema.type_id()?)?.kind.as_object()
    }
}

/// A schema among the components that is selected directly. Requests and responses may contain it.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name in the description.
    pub name: String,
    /// The schema.
    pub schema: Schema,
}

/// The prose of an item, as markdown.
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
    /// The prose of the server.
    pub docs: Docs,
    /// The variables in the address.
    pub variables: BTreeMap<String, ServerVariable>,
    /// The place in the description.
    pub source: Location,
}

impl Server {
    /// Returns the address with the default of each variable.
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
    /// The prose in the description.
    pub docs: Docs,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Name in `components.securitySchemes`.
    pub name: String,
    /// The way in which the credential is sent.
    pub kind: SecurityKind,
    /// The prose in the description.
    pub docs: Docs,
    /// The place in the description.
    pub source: Location,
}

/// The way in which a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityKind {
    /// `Authorization: Bearer`, from `http` `bearer`, `oauth2` or `openIdConnect`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
    /// Another scheme of `Authorization`, spelled as in the description.
    Http(String),
    /// A header of its own.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
}
