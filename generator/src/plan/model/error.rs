//! Error responses: one enum for the whole client, and a decoder for each set of them that operations declare.

use super::{Field, Name, Presence, Ty};
use crate::diagnostic::Location;
use crate::ir::{Docs, StatusPattern};

/// Error responses of all calls.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// Variants of the enum, sorted by status.
    pub variants: Vec<ErrorVariant>,
    /// Accessors of what bodies have in common.
    pub accessors: Vec<Accessor>,
    /// Accessor of the whole body, if all bodies are of one type.
    pub details: Option<Details>,
    /// Messages for people.
    pub messages: Option<ErrorText>,
    /// Code for programs.
    pub code: Option<ErrorText>,
    /// Decoders.
    pub decoders: Vec<Decoder>,
}

/// Accessor of the whole body.
#[derive(Clone, Debug)]
pub struct Details {
    /// Name of the method.
    pub name: Name,
    /// Type of the bodies.
    pub ty: Ty,
    /// Indices of the variants that have a body.
    pub variants: Vec<usize>,
}

/// Text that error bodies have in common.
#[derive(Clone, Debug)]
pub struct ErrorText {
    /// Index of the accessor of the text or, if the text belongs to the items of a list, of the list.
    pub accessor: usize,
    /// The text's field of an item.
    pub of_items: Option<Field>,
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
    /// `true` if the body is text instead of JSON.
    pub is_text: bool,
    /// Place of the body's schema or, without one, the root of the description.
    pub source: Location,
}

/// Accessor of a field that all bodies have alike that have it.
#[derive(Clone, Debug)]
pub struct Accessor {
    /// The field.
    pub field: Field,
    /// The variants that have the field; those with bodies of one type stand together.
    pub having: Vec<Having>,
    /// `true` if every declared body has the field.
    pub is_everywhere: bool,
}

/// Variants with bodies of one type that has a field.
#[derive(Clone, Debug)]
pub struct Having {
    /// Indices of the variants.
    pub variants: Vec<usize>,
    /// Presence of the field in this type.
    pub presence: Presence,
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
