//! What is wrong with a description, and where.
//!
//! Every stage reports into one [`Diagnostics`] collector and goes on, so that one run tells all problems.
//! Positions stay symbolic ([`Location`]) until a report is made: a run without problems never computes one.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::load::Sources;

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
        let token = token.to_string().replace('~', "~0").replace('/', "~1");
        Self { file: self.file.clone(), pointer: format!("{}/{token}", self.pointer) }
    }

    /// The place that this one is a member or an element of.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.pointer.rsplit_once('/')?;
        Some(Self { file: self.file.clone(), pointer: parent.to_owned() })
    }

    /// The last part of the pointer, unescaped.
    pub fn last_token(&self) -> Option<String> {
        let (_, token) = self.pointer.rsplit_once('/')?;
        Some(unescape(token))
    }

    /// The parts of the pointer, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        self.pointer.split('/').skip(1).map(unescape)
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
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

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Unwraps a result, keeping its error here.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Looks up where each problem stands in its file, in the order of the files.
    pub fn into_report(self, sources: &Sources) -> Report {
        let mut problems: Vec<Problem> =
            self.found.into_iter().map(|diagnostic| Problem::locate(diagnostic, sources)).collect();
        problems.sort_by(|a, b| {
            (&a.path, a.span.start, &a.diagnostic).cmp(&(&b.path, b.span.start, &b.diagnostic))
        });
        Report { problems }
    }
}

/// The problems of one run, each with its position, in document order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
}

/// A diagnostic with its position in the text.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// Path of the file as it was given.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    text: Arc<str>,
    span: Range<usize>,
}

impl Problem {
    fn locate(diagnostic: Diagnostic, sources: &Sources) -> Self {
        let located = sources.locate(&diagnostic.location, &diagnostic.part);
        let before = &located.text[..located.span.start];
        Self {
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
            diagnostic,
            path: located.path,
            text: located.text,
            span: located.span,
        }
    }

    fn render(&self, renderer: &Renderer) -> String {
        let level = match self.diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        // A file that cannot be read has no text to show, only a name.
        let title = if self.text.is_empty() {
            format!("{}: {}", self.path, self.diagnostic.message)
        } else {
            self.diagnostic.message.clone()
        };
        let mut group = Group::with_title(level.primary_title(title));
        if !self.text.is_empty() {
            group = group.element(
                Snippet::source(&*self.text)
                    .path(self.path.as_str())
                    .annotation(AnnotationKind::Primary.span(self.span.clone())),
            );
        }
        group = group.element(Level::NOTE.message(format!("at {}", self.diagnostic.location)));
        if let Some(help) = &self.diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

impl Report {
    /// The problems, in document order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many errors and how many warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.problems.iter().filter(|p| p.diagnostic.severity == Severity::Error);
        let errors = errors.count();
        (errors, self.problems.len() - errors)
    }

    /// The report as text, with snippets of the description, in colour or without.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let problems: Vec<_> = self.problems.iter().map(|problem| problem.render(&renderer)).collect();
        problems.join("\n\n")
    }
}
