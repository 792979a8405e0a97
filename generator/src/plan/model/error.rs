//! Error responses: one enum for the whole client, and a decoder for each set of them that operations declare.

use super::{Field, Name, Ty};
use crate::diagnostic::Location;
use crate::ir::{Docs, StatusPattern};

/// Error responses of all calls.
#[derive(Clone, Debug)]
pub struct Errors {
    /// Variants of the enum, sorted by status.
    pub variants: Vec<ErrorVariant>,
    /// Accessors of what bodies have in common.
    pub accessors: Vec<Accessor>,
    /// Decoders.
    pub decoders: Vec<Decoder>,
}

/// An error response, as all operations see it that declare it.
#[derive(Clone, Debug)]
pub struct ErrorVariant {
    /// Name of the variant.
    pub name: Name,
    /// The statuses.
    pub status: StatusPattern,
    /// Prose about the response.
    pub docs: Docs,
    /// Type of the body; `None` if no body can be read.
    pub body: Option<Ty>,
    /// Place of the body's schema or, without one, the root of the description.
    pub source: Location,
}

/// Accessor of a field that all bodies have alike that have it.
#[derive(Clone, Debug)]
pub struct Accessor {
    /// The field.
    pub field: Field,
    /// Indices of the variants that have the field; those with bodies of one type stand together.
    pub variants: Vec<Vec<usize>>,
    /// `true` if every declared body has the field.
    pub is_everywhere: bool,
}

/// Decoder of one set of error responses.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// Name of the function.
    pub name: Name,
    /// Indices of the variants: a single status goes before its range, and a range before the rest.
    pub variants: Vec<usize>,
    /// Identifiers of the operations that declare the set.
    pub users: Vec<String>,
}
