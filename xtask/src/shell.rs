//! Terminal output in the style of cargo: a verb in its own column, then the message.

use std::fmt::Display;

use anstream::{AutoStream, ColorChoice, eprintln};
use anstyle::{AnsiColor, Style};
use generator::report::{First, Report};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const PLAIN: Style = Style::new().bold();
pub(crate) const ITEM: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// Prints a step of the command.
pub(crate) fn status(verb: &str, message: impl Display) {
    eprintln!("{GOOD}{verb:>12}{GOOD:#} {message}");
}

/// Prints an error.
pub(crate) fn error(message: impl Display) {
    eprintln!("{BAD}error{BAD:#}: {message}");
}

/// Prints a warning.
pub(crate) fn warning(message: impl Display) {
    eprintln!("{WARNING}warning{WARNING:#}: {message}");
}

/// Prints text with the colours that it has.
pub(crate) fn raw(text: &str) {
    eprintln!("{text}\n");
}

/// The number of problems of a report that are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown {
    /// The first 20 errors and the first 20 warnings, and of warnings with one text only the first; the others are counted.
    First,
    /// All errors and warnings.
    All,
}

/// Prints the problems of a description.
pub(crate) fn report(report: &Report, shown: Shown) {
    const FIRST: usize = 20;
    let first = match shown {
        Shown::First => report.render_first(FIRST, has_colour()),
        Shown::All => First { text: report.render(has_colour()), hidden: (0, 0) },
    };
    let First { text, hidden: (errors, warnings) } = first;
    raw(&text);
    let hidden: Vec<_> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, one)| count(number, &format!("more {one}")))
        .collect();
    if !hidden.is_empty() {
        eprintln!(
            "{PLAIN}...{PLAIN:#} and {}: `cargo xtask codegen --all-diagnostics` shows all\n",
            hidden.join(" and ")
        );
    }
}

/// Prints a unified diff in colour.
pub(crate) fn diff(text: &str) {
    for line in text.lines() {
        match line.as_bytes().first() {
            Some(b'+') => eprintln!("{ADDED}{line}{ADDED:#}"),
            Some(b'-') => eprintln!("{REMOVED}{line}{REMOVED:#}"),
            _ => eprintln!("{line}"),
        }
    }
}

/// Returns `true` if the terminal shows colours.
pub(crate) fn has_colour() -> bool {
    AutoStream::choice(&std::io::stderr()) != ColorChoice::Never
}

/// Returns a number with its noun: `1 file`, `2 files`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
