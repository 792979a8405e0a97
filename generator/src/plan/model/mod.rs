//! The Rust model: plain data that says what the crate of a client is.
//!
//! Rendering prints the model and `diff` compares two of them, so neither decides anything about Rust again.

mod call;
mod check;
mod error;
mod item;
mod name;
mod phrase;
mod rule;
mod server;
mod style;
mod support;
mod ty;
mod union;
mod webhook;

pub use call::*;
pub use check::Check;
pub use error::*;
pub use item::*;
pub use name::Name;
pub use phrase::{code, instead, paragraphs, period, rate_limit};
pub use rule::*;
pub use server::*;
pub use style::{Style, StyleKind};
pub use support::Support;
pub use ty::*;
pub use union::*;
pub use webhook::*;

use std::collections::BTreeSet;

use crate::diagnostic::Location;
use crate::dialect::Dialect;
use crate::ir::{Direction, Docs, StatusPattern};

/// Header that responses declare.
#[derive(Clone, Debug)]
pub struct ResponseHeader {
    /// Name of the method that returns the value.
    pub name: Name,
    /// Name on the wire, in lower case.
    pub wire: String,
    /// Type of the value: one word, or a list of words.
    pub ty: Ty,
    /// Prose about the header.
    pub docs: Docs,
    /// Place of the first declaration.
    pub source: Location,
}

/// The crate of a client.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Direction of the requests.
    pub direction: Direction,
    /// Title of the description.
    pub title: String,
    /// Version of the description, as it stands there.
    pub version: String,
    /// Prose about the whole API.
    pub docs: Docs,
    /// Base URL of the client unless its user sets another one.
    pub base_url: BaseUrl,
    /// Other servers, and variables in URLs.
    pub servers: Servers,
    /// Credentials that the builder takes, sorted by the name of their scheme.
    pub credentials: Vec<Credential>,
    /// Parts of a client whose operations have several first tags, sorted by tag; a client in one piece has none.
    pub parts: Vec<Part>,
    /// Types, sorted by name.
    pub items: Vec<Item>,
    /// Components that are selected directly, in the order of the description.
    pub components: Vec<Component>,
    /// Calls, sorted by the identifier of their operation.
    pub calls: Vec<Call>,
    /// Error responses of all calls.
    pub errors: Errors,
    /// Headers that responses declare, sorted by name on the wire.
    pub headers: Vec<ResponseHeader>,
    /// Requests that an application receives, sorted by identifier; a client has none itself.
    pub webhooks: Vec<Webhook>,
    /// The webhooks of the API with their types: the module `webhooks`.
    pub incoming: Option<Box<Crate>>,
    /// Optional support code that the client uses.
    pub support: BTreeSet<Support>,
    /// Paths of types of other crates, which the client chooses in place of those of the description.
    pub custom: BTreeSet<String>,
    /// The choices about types that have an effect, by their indices.
    pub choices_used: BTreeSet<usize>,
    /// The dialect that the client speaks.
    pub dialect: &'static dyn Dialect,
    /// The root of the description.
    pub source: Location,
}

impl Crate {
    /// Returns a type of the crate.
    ///
    /// # Panics
    /// If the identifier is one of another crate.
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id.0]
    }

    /// Returns the struct with this identifier, if the type is a struct.
    pub fn structure(&self, id: ItemId) -> Option<&Struct> {
        match &self.item(id).kind {
            ItemKind::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// Returns the fields of the struct that is a body; a body of another type has none.
    pub fn fields(&self, body: &ValueBody) -> &[Field] {
        let structure = body.structure.and_then(|id| self.structure(id));
        structure.map_or(&[], |structure| &structure.fields)
    }

    /// Returns the types of the crate with their identifiers.
    pub fn items_by_id(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items.iter().enumerate().map(|(index, item)| (ItemId(index), item))
    }

    /// Returns the variant that error responses of a status to a call become; `None` stands for `Other`.
    pub fn error_variant(&self, call: &Call, status: StatusPattern) -> Option<&ErrorVariant> {
        let variants = self.errors.decoders[call.decoder].variants.iter();
        variants.map(|index| &self.errors.variants[*index]).find(|variant| covers(variant.status, status))
    }

    /// Returns the calls of one part or, for `None`, those of a client in one piece.
    pub fn calls_of(&self, part: Option<PartId>) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.part == part)
    }

    /// Returns the types of one part or, for `None`, those that belong to no single part.
    pub fn items_of(&self, part: Option<PartId>) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.part == part)
    }

    /// Returns `true` if values have rules, in themselves or below, that are checked before sending.
    pub fn is_checked(&self, value: &Typed) -> bool {
        value.is_checked(&|id| self.item(id).is_checked())
    }
}

/// A schema among the components that is selected directly.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name in the description.
    pub name: String,
    /// Type of its values.
    pub ty: Ty,
    /// Place of the schema.
    pub source: Location,
}

/// Returns `true` if every status of the second pattern is one of the first.
fn covers(pattern: StatusPattern, status: StatusPattern) -> bool {
    match (pattern, status) {
        (StatusPattern::Default, _) => true,
        (StatusPattern::Range(class), StatusPattern::Code(code)) => u16::from(class) == code / 100,
        (pattern, status) => pattern == status,
    }
}

/// Address that a client calls unless its user sets another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BaseUrl {
    /// An absolute URL.
    Absolute(String),
    /// A URL that is relative to where the description was read: no default for a client.
    Relative(String),
    /// The description names no server.
    #[default]
    Unknown,
}

impl BaseUrl {
    /// Returns the URL if it can be called.
    pub fn absolute(&self) -> Option<&str> {
        match self {
            Self::Absolute(url) => Some(url),
            Self::Relative(_) | Self::Unknown => None,
        }
    }
}

/// Index of a part in [`Crate::parts`].
pub type PartId = usize;

/// Index of a credential in [`Crate::credentials`].
pub type CredentialId = usize;

/// The operations with one first tag, and the types that no other operations reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The tag; `None` for the operations without a tag.
    pub tag: Option<String>,
    /// Prose about the tag.
    pub docs: Docs,
    /// Name of the module.
    pub name: Name,
    /// Name of the feature with which the part is compiled.
    pub feature: String,
}

/// A credential that the builder takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Name of the security scheme.
    pub scheme: String,
    /// Name of the builder's setter.
    pub setter: Name,
    /// Name of the builder's setter for a provider of tokens, for a scheme with tokens.
    pub provider: Option<Name>,
    /// Name of the constant that describes the scheme.
    pub constant: Name,
    /// Carrier of the credential in requests.
    pub carrier: Carrier,
    /// Prose about the scheme.
    pub docs: Docs,
    /// Place of the scheme.
    pub source: Location,
}

impl Credential {
    /// Returns `true` if the setter takes a user name and a password instead of one secret.
    pub fn has_user(&self) -> bool {
        self.carrier == Carrier::Basic
    }
}

/// Carrier of a credential in requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
    /// `Authorization` with another scheme and a credential as it is given.
    Scheme(String),
    /// A header of its own.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
}
