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
}

impl Support {
    /// All optional support code.
    pub const ALL: [Self; 5] =
        [Self::Unions, Self::OpenStructs, Self::ValueEnums, Self::Webhooks, Self::Signatures];
}
