//! `cargo xtask update`: takes a new description of the vendor's.

use std::fs;
use std::path::PathBuf;

use generator::bundle::bundle;
use generator::diagnostic::Diagnostics;
use generator::load::Sources;
use generator::report::Report;
use generator::select::select;

use crate::codegen;
use crate::selection::SelectionOptions;
use crate::shell;
use crate::workspace::in_workspace;

/// Selects operations from a description, which may be a tree of files, bundles them into one file, and
/// generates the client from it.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The new description: its root file.
    #[arg(value_name = "UPSTREAM")]
    upstream: PathBuf,
    /// The bundle.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("spec/openapi.yaml"))]
    spec: PathBuf,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR", default_value_os_t = in_workspace("generated-client"))]
    out: PathBuf,
    #[command(flatten)]
    selection: SelectionOptions,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let bundle = bundled(options)?;
    // The client is planned first: a description that gives none must not take the place of one that does.
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let candidate = folder.path().join("openapi.yaml");
    fs::write(&candidate, &bundle).map_err(|error| error.to_string())?;
    let plan = codegen::planned(&candidate, &options.selection.selection(), &options.out)?;
    codegen::write(&plan, &options.out)?;
    fs::write(&options.spec, bundle).map_err(|error| format!("{}: {error}", options.spec.display()))?;
    shell::status("Updated", options.spec.display());
    Ok(())
}

fn bundled(options: &Options) -> Result<String, String> {
    shell::status("Bundling", options.upstream.display());
    let sources = Sources::new(&options.upstream);
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, &options.selection.selection(), &mut diagnostics);
    let bundle = bundle(&sources, &selected.operations, &mut diagnostics);
    let files = sources.files_read();
    let report = Report::new(diagnostics, &sources);
    if !report.problems().is_empty() {
        shell::raw(&report.render(shell::has_colour()));
    }
    let (errors, _) = report.counts();
    let operations = format!("{} of {} operations", selected.operations.len(), selected.total);
    match bundle {
        Some(bundle) if errors == 0 => {
            shell::status("Selected", format_args!("{operations}, from {}", shell::count(files, "file")));
            Ok(bundle)
        }
        _ => Err(format!(
            "{} has {}; nothing was written",
            options.upstream.display(),
            shell::count(errors, "error")
        )),
    }
}
