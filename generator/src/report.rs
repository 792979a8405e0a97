//! The problems of a run as a maintainer reads them: each with its file, line, column and a snippet.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::Sources;

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
        let (line, column) = located.start();
        Self { line, column, diagnostic, path: located.path, text: located.text, span: located.span }
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
    /// Looks up where each problem stands in its file.
    pub fn new(diagnostics: Diagnostics, sources: &Sources) -> Self {
        let diagnostics = diagnostics.into_inner().into_iter();
        let mut problems: Vec<Problem> =
            diagnostics.map(|diagnostic| Problem::locate(diagnostic, sources)).collect();
        problems.sort_by(|a, b| {
            (&a.path, a.span.start, &a.diagnostic).cmp(&(&b.path, b.span.start, &b.diagnostic))
        });
        Self { problems }
    }

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
