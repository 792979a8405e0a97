//! Serialization of parameters, and of the properties of forms.

/// Serialization of a value that is more than a text or a list of texts, or that the default style does not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Kind of the serialization.
    pub kind: StyleKind,
    /// `true` if each element of a list or an object is sent separately.
    pub explode: bool,
    /// `true` if reserved characters of values are not percent-encoded.
    pub allow_reserved: bool,
    /// `true` if an empty list or object is sent as the name alone.
    pub allow_empty: bool,
}

/// Kind of a serialization: a style of the specification, or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleKind {
    /// Values with commas.
    Simple,
    /// Values after dots.
    Label,
    /// Pairs after semicolons.
    Matrix,
    /// Pairs with ampersands.
    Form,
    /// One pair, with spaces between elements.
    SpaceDelimited,
    /// One pair, with vertical bars between elements.
    PipeDelimited,
    /// A pair per value inside, with its keys in brackets.
    DeepObject,
    /// The text of the value's JSON.
    Json,
}

impl Style {
    /// Returns a serialization of a kind.
    pub fn of(kind: StyleKind) -> Self {
        Self { kind, explode: false, allow_reserved: false, allow_empty: false }
    }

    /// Writes the serialization as prose: `in the style form, exploded`.
    pub fn phrase(self) -> String {
        let kind = match self.kind {
            StyleKind::Simple => "in the style `simple`",
            StyleKind::Label => "in the style `label`",
            StyleKind::Matrix => "in the style `matrix`",
            StyleKind::Form => "in the style `form`",
            StyleKind::SpaceDelimited => "in the style `spaceDelimited`",
            StyleKind::PipeDelimited => "in the style `pipeDelimited`",
            StyleKind::DeepObject => "in the style `deepObject`",
            StyleKind::Json => "as JSON",
        };
        let facts = [
            (self.explode, ", exploded"),
            (self.allow_reserved, ", with reserved characters"),
            (self.allow_empty, ", with empty values"),
        ];
        facts.into_iter().filter(|(is_so, _)| *is_so).fold(kind.to_owned(), |text, (_, fact)| text + fact)
    }
}
