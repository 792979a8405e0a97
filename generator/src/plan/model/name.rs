//! Identifiers.

use std::fmt;

/// A Rust identifier as code has it, with `r#` before a keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Creates a name from a valid identifier.
    pub(in crate::plan) fn new(ident: impl Into<String>) -> Self {
        Self(ident.into())
    }

    /// Returns the identifier as code has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier without `r#`, as file names and prose have it.
    pub fn plain(&self) -> &str {
        self.0.trim_start_matches("r#")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
