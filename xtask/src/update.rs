//! `cargo xtask update`: takes a new description of the vendor's, and tells what it changes for users.

use std::fs;
use std::path::PathBuf;

use generator::bundle::{Words, bundle};
use generator::diagnostic::Diagnostics;
use generator::diff::version::next;
use generator::diff::{Diff, Severity, diff, report};
use generator::load::{Description, Sources};
use generator::output::Plan;
use generator::plan::Crate;
use generator::report::Report;
use generator::select::{Selection, select};
use generator::wording;
use semver::Version;

use crate::codegen;
use crate::contract::{Contract, ContractOptions, write_all};
use crate::diff::{analysed, print};
use crate::selection::SelectionOptions;
use crate::{changelog, shell, workspace};

/// Takes a new description, which may be a tree of files: selects operations, bundles them into one file, regenerates the
/// client, compares with what was released last, sets the client's version and writes its changelog. Nothing is written
/// unless all of it can be.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The new description: its root file.
    #[arg(value_name = "UPSTREAM")]
    upstream: PathBuf,
    #[command(flatten)]
    contract: ContractOptions,
    /// Keep the words of the description. Otherwise they are left out, and the overlay has those of this project.
    #[arg(long)]
    keep_words: bool,
    /// What the bundle's `info.version` says instead of what the description says, such as its date.
    #[arg(long, value_name = "TEXT")]
    edition: Option<String>,
    /// Write nothing; only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Write although there are changes that are not committed.
    #[arg(long)]
    allow_dirty: bool,
    #[command(flatten)]
    selection: SelectionOptions,
}

/// All that is written.
struct Update {
    bundle: String,
    plan: Plan,
    manifest: String,
    changelog: String,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let contract = Contract::of(&options.contract);
    if !(options.allow_dirty || options.dry_run) {
        workspace::check_clean(&contract.manifest)?;
    }
    let update = prepared(options, &contract)?;
    if options.dry_run {
        shell::status("Finished", "nothing was written, as asked (--dry-run)");
        return Ok(());
    }
    written(&update, &contract)
}

fn prepared(options: &Options, contract: &Contract) -> Result<Update, String> {
    let bundle = bundled(options)?;
    // All is tried beside what is there: a description that gives no client must not take the place of one that does.
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let candidate = folder.path().join("openapi.yaml");
    fs::write(&candidate, &bundle).map_err(|error| error.to_string())?;
    let description = Description { root: &candidate, overlay: contract.overlay.as_deref() };
    let selection = options.selection.selection();
    let new = match analysed(description, &selection) {
        Ok(new) => new,
        Err(problem) => {
            let kept = folder.keep();
            return Err(format!("{problem}; the bundle is kept in {}", kept.display()));
        }
    };
    report_missing_words(&new.api, &new.sources);

    let log = contract.changelog()?;
    let there = contract.version()?;
    let is_proposed = log.as_deref().and_then(changelog::proposed) == Some(there.to_string().as_str());
    let (version, notes) = match contract.newest_release()? {
        Some((released, description)) => {
            // It is all that was selected then, whatever is selected now.
            let all = Selection { all: true, ..Selection::default() };
            let old = analysed(description.as_path().into(), &all)?;
            let changes = diff(&old.api, &new.api);
            let version = tell(&released, &changes);
            // A version that somebody raised by hand stays.
            (if is_proposed { version } else { version.max(there) }, report::changelog(&changes))
        }
        None => (there, first_notes(&new.api)),
    };
    let plan = codegen::planned(description, &selection, &contract.out, Some(&version))?;
    let changelog = changelog::with_changes(log.as_deref(), &version.to_string(), &notes);
    Ok(Update { bundle, plan, manifest: contract.manifest_with(&version)?, changelog })
}

/// What a changelog begins with.
fn first_notes(api: &Crate) -> String {
    let operations: Vec<_> = api.calls.iter().map(|call| format!("`{}`", call.id)).collect();
    format!("### Added\n\n- The first version: {}.\n", operations.join(", "))
}

/// Says what changed since a release, and gives the version that follows.
fn tell(released: &Version, changes: &Diff) -> Version {
    let Some(severity) = changes.severity() else {
        shell::status("Compared", format_args!("with {released}: nothing changed for users"));
        return released.clone();
    };
    print(changes);
    let version = next(released, severity);
    let reason = match severity {
        Severity::Major => "programs may have to be changed",
        Severity::Minor => "programs compile as they are, and can do more",
        Severity::Patch => "programs compile as they are",
        Severity::Docs => "only words changed",
    };
    shell::status("Version", format_args!("{version} follows {released}: {reason}"));
    version
}

fn report_missing_words(api: &Crate, sources: &Sources) {
    let mut diagnostics = Diagnostics::default();
    wording::report_missing(api, &mut diagnostics);
    let report = Report::new(diagnostics, sources);
    if !report.problems().is_empty() {
        shell::raw(&report.render(shell::has_colour()));
        shell::warning("the overlay should bring these descriptions");
    }
}

fn written(update: &Update, contract: &Contract) -> Result<(), String> {
    fs::create_dir_all(&contract.out).map_err(|error| format!("{}: {error}", contract.out.display()))?;
    write_all(&[
        (&contract.spec, &update.bundle),
        (&contract.manifest, &update.manifest),
        (&contract.changelog, &update.changelog),
    ])?;
    codegen::write(&update.plan, &contract.out)?;
    workspace::refresh_lock(&contract.manifest)
}

fn bundled(options: &Options) -> Result<String, String> {
    shell::status("Bundling", options.upstream.display());
    let sources = Sources::new(&options.upstream);
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, &options.selection.selection(), &mut diagnostics);
    let words = if options.keep_words { Words::Keep } else { Words::Drop };
    let bundle = bundle(&sources, &selected.operations, words, &mut diagnostics);
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
            match &options.edition {
                Some(edition) => dated(&bundle, edition),
                None => Ok(bundle),
            }
        }
        _ => Err(format!(
            "{} has {}; nothing was written",
            options.upstream.display(),
            shell::count(errors, "error")
        )),
    }
}

/// The bundle with another `info.version`.
fn dated(bundle: &str, edition: &str) -> Result<String, String> {
    let dated = |mut document: serde_yaml::Value| {
        document["info"]["version"] = edition.into();
        serde_yaml::to_string(&document)
    };
    serde_yaml::from_str(bundle).and_then(dated).map_err(|error| error.to_string())
}
