//! What is wrong with a description, and where.
//!
//! Every stage reports into one [`Diagnostics`] collector and goes on, so that one run tells all problems.
//! Positions stay symbolic ([`Location`]) until a report is made: a run without problems never computes one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// A place in a description: a file and a JSON pointer into it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Path of the file, relative to the folder of the root file, with `/` between its parts.
    pub file: Arc<str>,
    /// [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901) pointer; empty for the whole file.
    pub pointer: String,
}

impl Location {
    /// The whole of a file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), pointer: String::new() }
    }

    /// The place of a member or an element inside this one.
    pub fn child(&self, token: impl fmt::Display) -> Self {
        let mut pointer = String::with_capacity(self.pointer.len() + 24);
        pointer.push_str(&self.pointer);
        let start = pointer.len() + 1;
        // Writing to a string cannot fail.
        let _ = write!(pointer, "/{token}");
        if pointer[start..].contains(['~', '/']) {
            let escaped = pointer[start..].replace('~', "~0").replace('/', "~1");
            pointer.replace_range(start.., &escaped);
        }
        Self { file: self.file.clone(), pointer }
    }

    /// The place that this one is a member or an element of.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.pointer.rsplit_once('/')?;
        Some(Self { file: self.file.clone(), pointer: parent.to_owned() })
    }

    /// The last part of the pointer, unescaped.
    pub fn last_token(&self) -> Option<String> {
        let (_, token) = self.pointer.rsplit_once('/')?;
        Some(unescape(token).into_owned())
    }

    /// The parts of the pointer, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.pointer.split('/').skip(1).map(unescape)
    }
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.file, self.pointer)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Which part of a place a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The value.
    Value,
    /// The key that names it.
    Key,
    /// A byte of the file: for text that cannot be parsed, where there is no tree to point into.
    Byte(usize),
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The client is generated, with something less than the description says.
    Warning,
}

/// One problem, at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub location: Location,
    /// Which part of the place is meant.
    pub part: Part,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at the value of a place.
    pub fn error(location: &Location, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            location: location.clone(),
            part: Part::Value,
            message: message.into(),
            help: None,
        }
    }

    /// A warning at the value of a place.
    pub fn warning(location: &Location, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(location, message) }
    }

    /// Points at the key instead of the value.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.part = Part::Key;
        self
    }

    /// Points at a byte of the file.
    #[must_use]
    pub fn at_byte(mut self, byte: usize) -> Self {
        self.part = Part::Byte(byte);
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The problems of one run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: BTreeSet<Diagnostic>,
}

impl Diagnostics {
    /// Adds a problem; the same one twice counts once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.insert(diagnostic);
    }

    /// Adds the problems of a stage.
    pub fn extend(&mut self, others: Self) {
        self.found.extend(others.found);
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Unwraps a result, keeping its error here.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// The problems, sorted by place.
    pub fn into_inner(self) -> BTreeSet<Diagnostic> {
        self.found
    }
}
