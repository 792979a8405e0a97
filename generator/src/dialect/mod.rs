//! Dialects: what only one vendor's descriptions and servers say. Everything else speaks the standards.
//!
//! A dialect is one file here, and one of the runtime if its servers differ from the standards. The extensions of this
//! project (`x-safety`, `x-idempotency-key`, `x-pagination`, `x-result`, `x-failure-when`, `x-max-bytes`, `x-replacement`,
//! `x-rust-name`) belong to no dialect.

mod market;
mod standard;

use std::fmt;

use serde_yaml::Value;

use crate::choices::TypeChoices;
use crate::ir::{Api, Deprecation, Object, Operation, PagingHint, RateLimit};

pub use market::Market;
pub use standard::Standard;

/// Extensions and conventions of a vendor's descriptions. Every default says nothing.
pub trait Dialect: fmt::Debug + Sync {
    /// Returns the name of the dialect in settings.
    fn name(&self) -> &'static str;

    /// Returns the scopes of a key, each of which allows an operation.
    ///
    /// # Errors
    /// The extension that says so cannot be understood.
    fn scopes(&self, operation: &Value) -> Result<Vec<String>, Unread> {
        let _ = operation;
        Ok(Vec::new())
    }

    /// Returns `true` if the scopes say that an operation only reads, whatever its method says.
    fn only_reads(&self, scopes: &[String]) -> bool {
        let _ = scopes;
        false
    }

    /// Returns how often an operation may be called.
    ///
    /// # Errors
    /// The extension that says so cannot be understood.
    fn rate_limit(&self, operation: &Value) -> Result<Option<RateLimit>, Unread> {
        let _ = operation;
        Ok(None)
    }

    /// Returns when an operation goes away, and what replaces it.
    fn deprecation(&self, operation: &Value) -> Option<Deprecation> {
        let _ = operation;
        None
    }

    /// Finds the result of a call in a response, by a convention of the vendor's. Returns `None` if the object is not an
    /// envelope.
    fn result(&self, api: &Api, response: &Object) -> Option<Wrapped> {
        let _ = (api, response);
        None
    }

    /// Finds the pages of a list by a convention of the vendor's.
    fn paging(&self, api: &Api, operation: &Operation) -> Option<PagingHint> {
        let _ = (api, operation);
        None
    }

    /// Resolves markup of the vendor's, so that CommonMark is left.
    fn markdown(&self, text: &str) -> String {
        text.to_owned()
    }

    /// Returns what a client needs to speak the dialect; by default it speaks the standards.
    fn runtime(&self) -> Option<RuntimeDialect> {
        None
    }

    /// Returns the name of a status that is not in the registry of IANA.
    fn status_name(&self, status: u16) -> Option<&'static str> {
        let _ = status;
        None
    }

    /// Returns the status that refuses a request because of a rate limit.
    fn refusal_status(&self) -> u16 {
        429
    }
}

/// Conventions that a client follows beyond the standards, and its choices.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    /// Dialect of the description and of its servers.
    pub dialect: &'static dyn Dialect,
    /// Suffixes of component names, such as `DTO`, that names in Rust go without.
    pub suffixes: Vec<String>,
    /// Choices about types.
    pub types: TypeChoices,
}

impl From<&'static dyn Dialect> for Conventions {
    fn from(dialect: &'static dyn Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }
}

/// Content of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapped {
    /// The property with this name is the result of the call.
    Property(&'static str),
    /// The call has no result.
    Nothing,
}

/// An extension that cannot be understood.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    /// Name of the extension.
    pub extension: &'static str,
    /// Phrase for what the extension has to be.
    pub expected: &'static str,
}

/// Code with which a client speaks a dialect.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeDialect {
    /// Name of the type that implements the runtime's trait.
    pub name: &'static str,
    /// Code of the module with the type.
    pub code: &'static str,
    /// Responses to the vendor's webhooks.
    pub webhooks: Option<RuntimeWebhooks>,
}

/// Code with which an application responds to a vendor's webhooks.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeWebhooks {
    /// Name of the type that applications use.
    pub name: &'static str,
    /// Code of the module with the type.
    pub code: &'static str,
}

impl Default for &'static dyn Dialect {
    fn default() -> Self {
        &Standard
    }
}

/// The dialects that clients can speak.
pub const DIALECTS: [&dyn Dialect; 2] = [&Standard, &Market];
