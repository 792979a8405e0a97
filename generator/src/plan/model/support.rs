//! Optional support code.

/// Support code that only some clients need. A client gets a copy of it, and the dependencies of it, only if it uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// Reads unions.
    Unions,
    /// Keeps undeclared properties of structs.
    OpenStructs,
    /// Converts enums of JSON values.
    ValueEnums,
    /// Reads webhooks.
    Webhooks,
    /// Verifies signatures of webhooks.
    Signatures,
    /// Reads text, redirects, and responses that differ by status or by media type.
    Outcomes,
    /// Writes values in styles.
    Styles,
    /// Writes parts of forms that are more than texts and files. They need [`Styles`](Self::Styles).
    Parts,
    /// Sends bodies of one text or one file.
    RawBodies,
    /// Turns pages by number, offset or URL.
    Positions,
    /// Reads declared headers of responses.
    Headers,
    /// Follows redirects of requests that only read.
    Redirects,
    /// Resolves servers of single operations, and variables in URLs.
    Servers,
    /// Sends values of types of other crates as parameters.
    CustomTypes,
    /// Checks patterns of texts.
    Patterns,
    /// Reads streams of items.
    Streams,
}

impl Support {
    /// All optional support code.
    pub const ALL: [Self; 16] = [
        Self::Unions,
        Self::OpenStructs,
        Self::ValueEnums,
        Self::Webhooks,
        Self::Signatures,
        Self::Outcomes,
        Self::Styles,
        Self::Parts,
        Self::RawBodies,
        Self::Positions,
        Self::Headers,
        Self::Redirects,
        Self::Servers,
        Self::CustomTypes,
        Self::Patterns,
        Self::Streams,
    ];
}
