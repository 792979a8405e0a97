//! What the terminal shows, in the manner of cargo: a verb in a column of its own, then what it is about.

use std::fmt::Display;

use anstream::{AutoStream, ColorChoice, eprintln};
use anstyle::{AnsiColor, Style};
use generator::report::Report;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const PLAIN: Style = Style::new().bold();
pub(crate) const ITEM: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// A step that was taken.
pub(crate) fn status(verb: &str, message: impl Display) {
    eprintln!("{GOOD}{verb:>12}{GOOD:#} {message}");
}

/// A failure.
pub(crate) fn error(message: impl Display) {
    eprintln!("{BAD}error{BAD:#}: {message}");
}

/// Something to look at.
pub(crate) fn warning(message: impl Display) {
    eprintln!("{WARNING}warning{WARNING:#}: {message}");
}

/// Text that brings its own colours, if any.
pub(crate) fn raw(text: &str) {
    eprintln!("{text}\n");
}

/// Number of problems of a report that are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown {
    /// The first 20 errors and the first 20 warnings; the others are counted.
    First,
    /// All of them.
    All,
}

/// Prints the problems of a description.
pub(crate) fn report(report: &Report, shown: Shown) {
    const FIRST: usize = 20;
    let of_each = match shown {
        Shown::First => FIRST,
        Shown::All => usize::MAX,
    };
    raw(&report.render_first(of_each, has_colour()));
    let (errors, warnings) = report.counts();
    let hidden: Vec<_> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > of_each)
        .map(|(number, one)| count(number - of_each, &format!("more {one}")))
        .collect();
    if !hidden.is_empty() {
        eprintln!(
            "{PLAIN}...{PLAIN:#} and {}: `cargo xtask codegen --all-diagnostics` shows all\n",
            hidden.join(" and ")
        );
    }
}

/// A unified diff.
pub(crate) fn diff(text: &str) {
    for line in text.lines() {
        match line.as_bytes().first() {
            Some(b'+') => eprintln!("{ADDED}{line}{ADDED:#}"),
            Some(b'-') => eprintln!("{REMOVED}{line}{REMOVED:#}"),
            _ => eprintln!("{line}"),
        }
    }
}

/// Whether colours are to be shown.
pub(crate) fn has_colour() -> bool {
    AutoStream::choice(&std::io::stderr()) != ColorChoice::Never
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
