//! `cargo xtask diff`: the changes of a new description, as users of the client see them.

use std::path::PathBuf;
use std::process::ExitCode;

use generator::diff::report::{self, Group};
use generator::diff::{Diff, Severity, diff};

use crate::client::{ClientOptions, analysed, compared};
use crate::shell;

/// Compares two descriptions as the users of the client see them. The exit code is the bump of the client's version: 0 for
/// no change, 10 for prose, 11 for patch, 12 for additive, 13 for breaking changes; 1 is an error.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Root file of the old description. An `overlay.yaml` beside the file is applied.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// Root file of the new description. An `overlay.yaml` beside the file is applied.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// `text` for a terminal, `markdown` for a pull request, `json` for programs with the old and new place of each change.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    client: ClientOptions,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let settings = options.client.settings_of([options.new.as_path(), &options.old])?;
    let analysed = |spec| analysed(&compared(spec, &settings, options.client.root())?);
    let (old, new) = (analysed(&options.old)?, analysed(&options.new)?);
    let diff = diff(&old.krate, &new.krate);
    match options.format {
        Format::Text => print(&diff),
        Format::Markdown => anstream::print!("{}", report::markdown(&diff)),
        Format::Json => {
            let json = report::json(&diff, &old.sources, &new.sources).map_err(|error| error.to_string())?;
            anstream::println!("{json}");
        }
    }
    Ok(ExitCode::from(match diff.severity() {
        None => 0,
        Some(Severity::Docs) => 10,
        Some(Severity::Patch) => 11,
        Some(Severity::Minor) => 12,
        Some(Severity::Major) => 13,
    }))
}

/// Prints the changes, breaking changes first, in colour on a terminal.
pub(crate) fn print(diff: &Diff) {
    for (group, entries) in report::groups(diff) {
        let style = match group {
            Group::Breaking => shell::BAD,
            Group::Behaviour | Group::Deprecated => shell::WARNING,
            Group::Added => shell::GOOD,
            Group::Other | Group::Documentation => shell::PLAIN,
        };
        let count: usize = entries.iter().map(|entry| entry.changes.len()).sum();
        anstream::println!("{style}{}{style:#} ({count})", group.title());
        // Changes of prose are counted only; the description shows them.
        for entry in entries.iter().filter(|_| group != Group::Documentation) {
            anstream::println!(
                "  {}{}{}: {}",
                shell::ITEM,
                entry.items().replace('`', ""),
                shell::ITEM.render_reset(),
                entry.text()
            );
        }
        anstream::println!();
    }
    if diff.changes.is_empty() {
        anstream::println!("No changes.");
    }
}
