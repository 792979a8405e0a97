//! The problems of a run as a maintainer reads them: each with its file, line, column and a snippet.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::{Located, Sources};

/// The length from which a line is shown in part, in bytes: JSON may be in one line of some megabytes.
const LONG_LINE: usize = 2_000;

/// Number of characters of a long line that are rendered before and behind the span. The renderer shows fewer.
const CONTEXT: usize = 150;

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
    located: Located,
}

impl Problem {
    fn new(diagnostic: Diagnostic, located: Located) -> Self {
        let (line, column) = (located.line, located.column);
        Self { diagnostic, path: located.path.clone(), line, column, located }
    }

    /// Returns `true` for a warning with the same text.
    fn is_like(&self, other: &Self) -> bool {
        let (a, b) = (&self.diagnostic, &other.diagnostic);
        a.severity == Severity::Warning && b.severity == Severity::Warning && a.message == b.message
    }

    /// Returns the problem as text, with the number of others that are like it.
    fn render(&self, renderer: &Renderer, alike: usize) -> String {
        let level = match self.diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        // A file that cannot be read has no text to show, only a name.
        let is_readable = !self.located.text.is_empty();
        let title = if is_readable {
            self.diagnostic.message.clone()
        } else {
            format!("{}: {}", self.path, self.diagnostic.message)
        };
        let mut group = Group::with_title(level.primary_title(title));
        if is_readable {
            group = group.element(self.snippet());
        }
        group = group.element(Level::NOTE.message(format!("at {}", self.diagnostic.location)));
        if alike > 0 {
            let places = if alike == 1 { "another place" } else { &format!("{alike} other places") };
            group = group.element(Level::NOTE.message(format!("the same holds at {places}")));
        }
        if let Some(help) = &self.diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        self.with_column(renderer.render(&[group]))
    }

    /// Returns only the lines of the problem: the renderer reads its whole input.
    fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let Located { text, span, first_line, .. } = &self.located;
        let shown = self.shown();
        let meant = span.start - shown.start..span.end.min(shown.end) - shown.start;
        Snippet::source(&text[shown])
            .path(self.path.as_str())
            .line_start(*first_line)
            .annotation(AnnotationKind::Primary.span(meant))
    }

    /// Returns the range of the problem's lines, or a part of the first line if it is long.
    fn shown(&self) -> Range<usize> {
        let Located { text, lines, .. } = &self.located;
        let begin = &text.as_bytes()[lines.clone()];
        let is_long = begin.len() > LONG_LINE && !begin[..LONG_LINE].contains(&b'\n');
        if is_long { self.window() } else { lines.clone() }
    }

    /// Returns the part of a long line around the problem.
    fn window(&self) -> Range<usize> {
        let Located { text, span, lines, .. } = &self.located;
        let before = text[lines.start..span.start].char_indices().rev().nth(CONTEXT);
        let start = before.map_or(lines.start, |(at, _)| lines.start + at);
        let mut behind = text[span.start..lines.end].char_indices();
        let end = behind.find(|(at, c)| *c == '\n' || *at > span.len().min(CONTEXT) + CONTEXT);
        start..end.map_or(lines.end, |(at, _)| span.start + at)
    }

    /// Puts the column into a rendered problem: the renderer counts from where the snippet begins.
    fn with_column(&self, rendered: String) -> String {
        let Located { text, span, lines, .. } = &self.located;
        let cut = self.shown().start;
        if cut == lines.start {
            return rendered;
        }
        let counted = text[cut..span.start].chars().count() + 1;
        let place = |column| format!("{}:{}:{column}", self.path, self.line);
        rendered.replacen(&place(counted), &place(self.column), 1)
    }
}

impl Report {
    /// Looks up where each problem stands in its file.
    pub fn new(diagnostics: Diagnostics, sources: &Sources) -> Self {
        let located = diagnostics.into_inner().into_iter().map(|mut diagnostic| {
            let located = sources.locate(&diagnostic.location, &diagnostic.part);
            diagnostic.location = sources.known_place(&diagnostic.location);
            Problem::new(diagnostic, located)
        });
        let mut problems: Vec<Problem> = located.collect();
        problems.sort_by(|a, b| {
            (&a.path, a.located.span.start, &a.diagnostic).cmp(&(
                &b.path,
                b.located.span.start,
                &b.diagnostic,
            ))
        });
        Self { problems }
    }

    /// Adds the problems of another description behind those of this one.
    pub fn extend(&mut self, other: Self) {
        self.problems.extend(other.problems);
    }

    /// Returns the problems in document order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the numbers of errors and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.problems.iter().filter(|p| p.diagnostic.severity == Severity::Error);
        let errors = errors.count();
        (errors, self.problems.len() - errors)
    }

    /// Returns the report as text with snippets of the description, in colour on request.
    pub fn render(&self, colour: bool) -> String {
        let renderer = renderer(colour);
        let all: Vec<_> = self.problems.iter().map(|problem| problem.render(&renderer, 0)).collect();
        all.join("\n\n")
    }

    /// Returns a shorter report: at most `of_each` errors and `of_each` warnings, and of warnings with one text only the first.
    pub fn render_first(&self, of_each: usize, colour: bool) -> First {
        let renderer = renderer(colour);
        let mut shown: Vec<(&Problem, usize)> = Vec::new();
        let mut hidden = (0, 0);
        for problem in &self.problems {
            let severity = problem.diagnostic.severity;
            let number = if severity == Severity::Error { &mut hidden.0 } else { &mut hidden.1 };
            if let Some((_, alike)) = shown.iter_mut().find(|(known, _)| known.is_like(problem)) {
                *alike += 1;
                *number += 1;
            } else if shown.iter().filter(|(known, _)| known.diagnostic.severity == severity).count()
                < of_each
            {
                shown.push((problem, 0));
            } else {
                *number += 1;
            }
        }
        let texts: Vec<_> = shown.iter().map(|(problem, alike)| problem.render(&renderer, *alike)).collect();
        First { text: texts.join("\n\n"), hidden }
    }
}

/// The first problems of a report.
#[derive(Clone, Debug)]
pub struct First {
    /// The problems as text.
    pub text: String,
    /// The numbers of errors and warnings that are not shown.
    pub hidden: (usize, usize),
}

fn renderer(colour: bool) -> Renderer {
    if colour { Renderer::styled() } else { Renderer::plain() }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

    use super::{First, Problem, Report};
    use crate::diagnostic::{Diagnostic, Location};
    use crate::load::Located;

    #[test]
    fn equal_warnings_are_shown_once() {
        let problem = |diagnostic| Problem::new(diagnostic, Located::in_text("a: b", 0..1));
        let at = Location::file("a.yaml");
        let warnings = ["odd", "even", "odd", "late"].map(|text| problem(Diagnostic::warning(&at, text)));
        let errors = ["wrong", "wrong"].map(|text| problem(Diagnostic::error(&at, text)));
        let report = Report { problems: warnings.into_iter().chain(errors).collect() };
        let First { text, hidden } = report.render_first(2, false);
        let shown: Vec<_> = text.lines().filter(|line| line.contains(": ") && !line.contains('|')).collect();
        assert_eq!(
            shown,
            [
                "warning: odd",
                "  = note: at a.yaml#",
                "  = note: the same holds at another place",
                "warning: even",
                "  = note: at a.yaml#",
                "error: wrong",
                "  = note: at a.yaml#",
                "error: wrong",
                "  = note: at a.yaml#",
            ]
        );
        assert_eq!(hidden, (0, 2));
        assert_eq!(report.render(false).matches("warning: odd").count(), 2);
    }

    #[test]
    fn part_of_text_renders_like_whole() {
        let text = "a: é\n\n  b: |\n    one\n    two\n\n    three\r\n  c: [1, 2]\n";
        let ends: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for (first, start) in ends.iter().enumerate() {
            for end in &ends[first..] {
                assert_eq!(of_part(text, *start..*end), of_whole(text, *start..*end), "{start}..{end}");
            }
        }
    }

    #[test]
    fn part_of_long_line_renders_like_whole() {
        let line = "{\"key é\": \"value\"}, ".repeat(400);
        let text = format!("first\n[{line}]\nlast\n");
        for start in (6..text.len()).step_by(97).filter(|at| text.is_char_boundary(*at)) {
            for end in [start, start + 1, start + 9, start + 40] {
                if text.is_char_boundary(end) && end < text.len() - 6 {
                    assert_eq!(of_part(&text, start..end), of_whole(&text, start..end), "{start}..{end}");
                }
            }
        }
    }

    fn of_part(text: &str, span: Range<usize>) -> String {
        let diagnostic = Diagnostic::error(&Location::file("a.yaml"), "a problem");
        Problem::new(diagnostic, Located::in_text(text, span)).render(&Renderer::plain(), 0)
    }

    /// Renders a report with the whole text.
    fn of_whole(text: &str, span: Range<usize>) -> String {
        let snippet = Snippet::source(text).path("a.yaml").annotation(AnnotationKind::Primary.span(span));
        let group = Group::with_title(Level::ERROR.primary_title("a problem")).element(snippet);
        Renderer::plain().render(&[group.element(Level::NOTE.message("at a.yaml#"))])
    }
}
