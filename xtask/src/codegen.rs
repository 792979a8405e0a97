//! `cargo xtask codegen`.

use std::path::{Path, PathBuf};

use generator::load::Description;
use generator::output::{self, Change, ChangeKind, Plan};
use generator::render::Package;
use generator::select::Selection;
use generator::{GenerateError, Generated, generate};
use semver::Version;
use similar::TextDiff;

use crate::selection::SelectionOptions;
use crate::shell;
use crate::workspace::{in_workspace, package};

/// Generates the client from a description.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing; list every file that is not as it should be, and fail if there is one.
    #[arg(long)]
    check: bool,
    /// The description: its root file, YAML or JSON.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("spec/openapi.yaml"))]
    spec: PathBuf,
    /// The overlay that is applied to it; by default the `overlay.yaml` beside it, if there is one.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR", default_value_os_t = in_workspace("generated-client"))]
    out: PathBuf,
    #[command(flatten)]
    selection: SelectionOptions,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let out = &options.out;
    let overlay = options.overlay.clone().or_else(|| overlay_beside(&options.spec));
    let description = Description { root: &options.spec, overlay: overlay.as_deref() };
    let plan = planned(description, &options.selection.selection(), out, None)?;
    if options.check { check(&plan, out) } else { write(&plan, out) }
}

/// Generates the client, perhaps as another version than the workspace has, and compares it with what is in its folder.
pub(crate) fn planned(
    description: Description<'_>,
    selection: &Selection,
    out: &Path,
    version: Option<&Version>,
) -> Result<Plan, String> {
    let mut package = package(out)?;
    if let Some(version) = version {
        package.version = version.to_string();
    }
    shell::status("Generating", format_args!("{} from {}", package.name, description.root.display()));
    let generated = generated(description, selection, &package)?;
    let cannot_read = |error| format!("cannot compare with {}: {error}", out.display());
    output::plan(&generated.files, out).map_err(cannot_read)
}

/// The overlay of a description: `overlay.yaml` beside it.
pub(crate) fn overlay_beside(spec: &Path) -> Option<PathBuf> {
    Some(spec.with_file_name("overlay.yaml")).filter(|overlay| overlay.exists())
}

fn generated(
    description: Description<'_>,
    selection: &Selection,
    package: &Package,
) -> Result<Generated, String> {
    let spec = description.root;
    match generate(description, selection, package) {
        Ok(generated) => {
            if !generated.report.problems().is_empty() {
                shell::raw(&generated.report.render(shell::has_colour()));
                let warnings = shell::count(generated.report.problems().len(), "warning");
                shell::warning(format_args!("{} has {warnings}", spec.display()));
            }
            let selected = &generated.selected;
            let (taken, total) = (selected.operations.len(), selected.total);
            let left_out =
                if taken < total { format!(" ({} left out)", total - taken) } else { String::new() };
            let types = shell::count(generated.types, "type");
            let files = shell::count(generated.files_read, "file");
            shell::status(
                "Selected",
                format_args!("{taken} of {total} operations{left_out}, with {types}, from {files}"),
            );
            Ok(generated)
        }
        Err(GenerateError::Description(report)) => {
            shell::raw(&report.render(shell::has_colour()));
            let (errors, warnings) = report.counts();
            let mut found = shell::count(errors, "error");
            if warnings > 0 {
                found = format!("{found} and {}", shell::count(warnings, "warning"));
            }
            Err(format!("{} has {found}; nothing was written", spec.display()))
        }
        Err(GenerateError::Render(error)) => Err(error.to_string()),
    }
}

fn check(plan: &Plan, out: &Path) -> Result<(), String> {
    for change in &plan.changes {
        let path = out.join(&change.path);
        shell::error(format_args!("{} {}", path.display(), complaint(change)));
        show_diff(change);
    }
    if plan.changes.is_empty() {
        shell::status(
            "Checked",
            format_args!("{}, all as they should be", shell::count(plan.unchanged, "file")),
        );
        return Ok(());
    }
    let differing = plan.changes.len();
    let verb = if differing == 1 { "is" } else { "are" };
    Err(format!("{} {verb} not as generated: run `cargo xtask codegen`", shell::count(differing, "file")))
}

fn complaint(change: &Change) -> &'static str {
    match change.kind {
        ChangeKind::Add { .. } => "is missing",
        ChangeKind::Update { .. } if change.is_foreign() => {
            "was edited, its first line too: codegen will not overwrite it unless it is moved or deleted"
        }
        ChangeKind::Update { .. } => "is stale or was edited",
        ChangeKind::Remove => "is an orphan: nothing generates it any more",
        ChangeKind::Foreign => "was not generated, and stands where only generated files may",
    }
}

fn show_diff(change: &Change) {
    let ChangeKind::Update { old, new } = &change.kind else { return };
    let diff = TextDiff::from_lines(old, new);
    let (found, expected) = (format!("{} (found)", change.path), format!("{} (generated)", change.path));
    shell::diff(&diff.unified_diff().header(&found, &expected).to_string());
}

pub(crate) fn write(plan: &Plan, out: &Path) -> Result<(), String> {
    output::write(plan, out).map_err(|error| format!("nothing was changed in {}: {error}", out.display()))?;
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
