//! Problems of a description, with their places.
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
    /// Returns the place of a whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), pointer: String::new() }
    }

    /// Returns the place of a member or an element inside this place.
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

    /// Returns the place that contains this place, unless this place is a whole file.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.pointer.rsplit_once('/')?;
        Some(Self { file: self.file.clone(), pointer: parent.to_owned() })
    }

    /// Returns the last token of the pointer, unescaped.
    pub fn last_token(&self) -> Option<String> {
        let (_, token) = self.pointer.rsplit_once('/')?;
        Some(unescape(token).into_owned())
    }

    /// Returns the tokens of the pointer, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let is_escaped = self.pointer.contains('~');
        let tokens = self.pointer.split('/').skip(1);
        tokens.map(move |token| if is_escaped { unescape(token) } else { token.into() })
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

/// The part of a place that a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The value.
    Value,
    /// The key that names it.
    Key,
    /// A byte of the file: for text that cannot be parsed, where there is no tree to point into.
    Byte(usize),
}

/// The severity of a diagnostic.
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
    /// The severity.
    pub severity: Severity,
    /// The place of the problem.
    pub location: Location,
    /// The part of the place.
    pub part: Part,
    /// The message, which says what is unsupported, or expected and found.
    pub message: String,
    /// The advice to the author of the description.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns an error at the value of a place.
    pub fn error(location: &Location, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            location: location.clone(),
            part: Part::Value,
            message: message.into(),
            help: None,
        }
    }

    /// Returns a warning at the value of a place.
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
#[derive(Clone, Debug, Default)]
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

    /// Returns the problems, sorted by place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Returns `true` if a problem is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Unwraps a result, keeping its error here.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Returns the problems, sorted by place.
    pub fn into_inner(self) -> BTreeSet<Diagnostic> {
        self.found
    }
}
