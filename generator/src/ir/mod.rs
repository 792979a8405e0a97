//! The intermediate representation: an API as plain, sorted data.
//!
//! Lowering makes it, passes complete it, rendering reads it. It holds no tokens and no types of the
//! `openapiv3` crate, and it can express all of OpenAPI 3.0, whether or not it can be rendered. Wire names
//! and Rust names stand side by side; the Rust ones are empty until the naming pass.

mod operation;
mod schema;

pub use operation::*;
pub use schema::*;

use std::collections::{BTreeMap, BTreeSet};

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
    /// The parts of a client whose operations have different first tags, sorted by name; a pass divides it. A
    /// client of one tag is in one piece and has none.
    pub modules: Vec<Module>,
    /// The types that the operations reach, sorted by place.
    pub types: BTreeMap<TypeId, TypeDef>,
    /// The kinds of error responses of all operations; a pass collects them.
    pub errors: Vec<ErrorResponse>,
    /// The different sets of error responses that operations declare, as indices into `errors`.
    pub error_sets: Vec<Vec<usize>>,
    /// The root of the description.
    pub source: Location,
}

impl Api {
    /// Whether an operation answers with a file.
    pub fn has_files(&self) -> bool {
        self.operations.iter().any(Operation::answers_with_file)
    }

    /// The object that a request body is, if it is one.
    pub fn body_object(&self, body: &RequestBody) -> Option<&Object> {
        self.object(body.contents.first()?.schema.as_ref()?)
    }

    /// The properties of error responses that users can read whatever the status is: those that are the same in all
    /// bodies that have them. A further response without them does not take them away.
    pub fn shared_error_properties(&self) -> Vec<&Property> {
        let bodies = self.errors.iter().filter_map(|error| self.object(error.schema.as_ref()?));
        let properties: Vec<_> = bodies.flat_map(|object| &object.properties).collect();
        let is_same = |a: &Property, b: &Property| {
            (&a.name, a.presence, a.boxed) == (&b.name, b.presence, b.boxed)
                && a.schema.ty.is_same(&b.schema.ty)
        };
        let is_clear = |property: &Property| {
            let called_so = properties.iter().filter(|other| other.rust_name == property.rust_name);
            called_so.into_iter().all(|other| is_same(property, other))
        };
        // Neither is worth an accessor of its own kind.
        let is_simple =
            |property: &Property| !property.boxed && property.presence != Presence::OptionalNullable;
        let is_free = |property: &Property| {
            !["clone", "eq", "ne", "fmt", "default"].contains(&property.rust_name.as_str())
        };
        let mut met = BTreeSet::new();
        let shared = properties.iter().copied().filter(|property| met.insert(&property.rust_name));
        shared.filter(|property| is_clear(property) && is_simple(property) && is_free(property)).collect()
    }

    /// The object that a schema is, if it is one.
    pub fn object(&self, schema: &Schema) -> Option<&Object> {
        self.types.get(schema.type_id()?)?.kind.as_object()
    }
}

/// A part of a client: the operations with one first tag, and the types that no others reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The tag; none for the operations without one.
    pub tag: Option<String>,
    /// Name of the module.
    pub rust_name: String,
    /// Name of the feature with which it is compiled.
    pub feature: String,
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
    /// Name of the setter on the client's builder.
    pub setter: String,
    /// Name of the setter of what gives tokens, for a scheme with tokens.
    pub provider: Option<String>,
    /// Name of the constant that describes it.
    pub constant: String,
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
