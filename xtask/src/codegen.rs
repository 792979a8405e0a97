//! `cargo xtask codegen`.

use std::path::{Path, PathBuf};

use generator::output::{self, Change, ChangeKind, Plan};
use generator::package::crate_name;
use generator::{Client, GenerateError, Generated};
use semver::Version;
use similar::TextDiff;

use crate::client::{ClientOptions, tell_left_out, told};
use crate::shell::{self, Shown};
use crate::workspace::in_workspace;

/// Generates the client from a description.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write no file; list every file that is not up to date, and fail if there is one.
    #[arg(long)]
    check: bool,
    /// Root file of the description, in YAML or JSON.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("spec/openapi.yaml"))]
    spec: PathBuf,
    /// Overlay of the description; by default `overlay.yaml` beside the description, if that file exists.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Folder of the crate.
    #[arg(long, value_name = "DIR", default_value_os_t = in_workspace("generated-client"))]
    out: PathBuf,
    /// Name of the crate; by default the name in the settings, else one made from the description's title.
    #[arg(long, value_name = "NAME", value_parser = crate_name)]
    name: Option<String>,
    /// Version of the crate; by default the version in the settings, else that of the description.
    #[arg(long, value_name = "VERSION")]
    version: Option<Version>,
    #[command(flatten)]
    client: ClientOptions,
    /// Show all errors and warnings instead of the first 20 of each.
    #[arg(long)]
    all_diagnostics: bool,
    /// Fail if the description has warnings, and write no file then.
    #[arg(long)]
    strict: bool,
}

/// Treatment of warnings about a description.
#[derive(Clone, Copy)]
enum Warnings {
    /// The client is generated.
    Allowed,
    /// Generating fails.
    Denied,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let shown = if options.all_diagnostics { Shown::All } else { Shown::First };
    let warnings = if options.strict { Warnings::Denied } else { Warnings::Allowed };
    let plan = planned(options.client()?, &options.out, shown, warnings)?;
    if options.check { check(&plan, &options.out) } else { write(&plan, &options.out) }
}

impl Options {
    fn client(&self) -> Result<Client, String> {
        let mut client = self.client.client(&self.spec)?;
        client.overlay = self.overlay.clone().or(client.overlay);
        client.settings.name = self.name.clone().or(client.settings.name);
        client.settings.version = self.version.clone().or(client.settings.version);
        Ok(client)
    }
}

/// Generates a client, and compares it with its folder.
fn planned(mut client: Client, out: &Path, shown: Shown, warnings: Warnings) -> Result<Plan, String> {
    client.settings.keep_handwritten_of(out);
    let generated = generated(&client, shown, warnings)?;
    let cannot_read = |error| format!("cannot compare with {}: {error}", out.display());
    output::plan(&generated.files, out).map_err(cannot_read)
}

fn generated(client: &Client, shown: Shown, denied: Warnings) -> Result<Generated, String> {
    let spec = &client.description;
    let opened = client.open();
    shell::status("Generating", format_args!("{} from {}", opened.package().name, spec.display()));
    let generated = opened.generate().map_err(|error| match error {
        GenerateError::Description(report) => told(&report, spec, shown),
        GenerateError::Render(error) => error.to_string(),
    })?;
    if !generated.report.problems().is_empty() {
        shell::report(&generated.report, shown);
        let warnings = shell::count(generated.report.problems().len(), "warning");
        match denied {
            Warnings::Allowed => shell::warning(format_args!("{} has {warnings}", spec.display())),
            Warnings::Denied => {
                return Err(format!(
                    "{} has {warnings}, denied by `--strict`; no file was written",
                    spec.display()
                ));
            }
        }
    }
    let selected = &generated.selected;
    let (taken, total) = (selected.operations.len(), selected.total);
    let others = if taken < total { format!(" ({} left out)", total - taken) } else { String::new() };
    let types = shell::count(generated.types, "type");
    let files = shell::count(generated.files_read, "file");
    shell::status(
        "Selected",
        format_args!("{taken} of {total} operations{others}, with {types}, from {files}"),
    );
    tell_left_out(&generated.left_out);
    Ok(generated)
}

fn check(plan: &Plan, out: &Path) -> Result<(), String> {
    for change in &plan.changes {
        let path = out.join(&change.path);
        shell::error(format_args!("{} {}", path.display(), complaint(change)));
        show_diff(change);
    }
    if plan.changes.is_empty() {
        shell::status("Checked", format_args!("{}, all up to date", shell::count(plan.unchanged, "file")));
        return Ok(());
    }
    let differing = plan.changes.len();
    let verb = if differing == 1 { "is" } else { "are" };
    Err(format!("{} {verb} not up to date; help: run `cargo xtask codegen`", shell::count(differing, "file")))
}

fn complaint(change: &Change) -> &'static str {
    match change.kind {
        ChangeKind::Add { .. } => "is missing",
        ChangeKind::Update { .. } if change.is_foreign() => {
            "was edited, including its first line; help: move or delete the file, then run codegen"
        }
        ChangeKind::Update { .. } => "is stale or was edited",
        ChangeKind::Remove => "is an orphan: the description no longer generates this file",
        ChangeKind::Foreign => {
            "is handwritten, in a folder for generated files only; help: move or delete the file"
        }
    }
}

fn show_diff(change: &Change) {
    let ChangeKind::Update { old, new } = &change.kind else { return };
    let diff = TextDiff::from_lines(old, new);
    let (found, expected) = (format!("{} (found)", change.path), format!("{} (generated)", change.path));
    shell::diff(&diff.unified_diff().header(&found, &expected).to_string());
}

pub(crate) fn write(plan: &Plan, out: &Path) -> Result<(), String> {
    output::write(plan, out).map_err(|error| format!("no file was changed in {}: {error}", out.display()))?;
    for change in &plan.changes {
        let verb = match change.kind {
            ChangeKind::Add { .. } => "Added",
            ChangeKind::Update { .. } => "Updated",
            ChangeKind::Remove => "Removed",
            ChangeKind::Foreign => continue,
        };
        shell::status(verb, out.join(&change.path).display());
    }
    let changed = plan.changes.len();
    let unchanged = plan.unchanged;
    shell::status(
        "Finished",
        format_args!("{} changed, {unchanged} up to date", shell::count(changed, "file")),
    );
    Ok(())
}
