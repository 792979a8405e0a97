//! `cargo xtask diff`: what a new description changes for the people who use the client.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generator::analyse;
use generator::diagnostic::Diagnostics;
use generator::diff::report::{self, Group};
use generator::diff::{Diff, Severity, diff};
use generator::load::{Description, Sources};
use generator::plan::Crate;
use generator::report::Report;
use generator::select::{Selection, select};

use crate::codegen::overlay_beside;
use crate::selection::SelectionOptions;
use crate::shell;

/// Compares two descriptions as the users of the client see them. The exit code tells what the next version of the client
/// has to be: 0 for no change, 10 for words only, 11 for a patch, 12 for additions, 13 for a break; 1 is an error.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The old description: its root file. An `overlay.yaml` beside it is applied.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new description: its root file. An `overlay.yaml` beside it is applied.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// `text` for a terminal, `markdown` for a pull request, `json` for programs, with both places of every change.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    selection: SelectionOptions,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// A description that was read.
pub(crate) struct Analysed {
    pub(crate) sources: Sources,
    pub(crate) api: Crate,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let selection = options.selection.selection();
    let read = |root: &Path| {
        let overlay = overlay_beside(root);
        analysed(Description { root, overlay: overlay.as_deref() }, &selection)
    };
    let (old, new) = (read(&options.old)?, read(&options.new)?);
    let diff = diff(&old.api, &new.api);
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

/// Reads a description up to what would be rendered.
pub(crate) fn analysed(description: Description<'_>, selection: &Selection) -> Result<Analysed, String> {
    let mut diagnostics = Diagnostics::default();
    let sources = description.open(&mut diagnostics);
    let selected = select(&sources, selection, &mut diagnostics);
    let api = analyse(&sources, &selected, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    let (errors, _) = report.counts();
    match api.filter(|_| errors == 0) {
        Some(api) => {
            // Those of an overlay are about something that was to be said and is not.
            let overlay = description.overlay.map(|overlay| overlay.display().to_string());
            for problem in report.problems().iter().filter(|problem| Some(&problem.path) == overlay.as_ref())
            {
                shell::warning(format_args!(
                    "{}:{}: {}",
                    problem.path, problem.line, problem.diagnostic.message
                ));
            }
            Ok(Analysed { sources, api })
        }
        None => {
            shell::raw(&report.render(shell::has_colour()));
            Err(format!("{} has {}", description.root.display(), shell::count(errors, "error")))
        }
    }
}

/// The changes, worst first, in colour where there is a terminal.
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
        // Which words are other ones is in the description.
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
        anstream::println!("Nothing changed.");
    }
}
