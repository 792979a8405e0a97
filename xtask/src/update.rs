//! `cargo xtask update`: adopts a new description of the vendor, and reports its changes for users.

use std::fs;
use std::path::{Path, PathBuf};

use generator::Client;
use generator::bundle::{Bundle, Words};
use generator::client::{Bundled, Webhooks, overlay_beside};
use generator::diagnostic::Diagnostics;
use generator::diff::version::next;
use generator::diff::{Diff, Severity, diff, report};
use generator::load::Sources;
use generator::output::{self, Plan};
use generator::plan::Crate;
use generator::report::Report;
use generator::select::Selection;
use generator::settings::Settings;
use generator::wording;
use semver::Version;

use crate::client::{ClientOptions, analysed, compared, tell_left_out, told};
use crate::codegen;
use crate::contract::{Contract, ContractOptions, write_all};
use crate::diff::print;
use crate::shell::Shown;
use crate::{changelog, shell, workspace};

/// Adopts a new description of the vendor, which may be a tree of files. Selects operations, bundles them into one file,
/// regenerates the client, compares it with the last release, sets the version and writes the changelog. Writes all of these
/// files, or none if a step fails.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub(crate) struct Options {
    /// Root file of the new description.
    #[arg(value_name = "UPSTREAM")]
    upstream: PathBuf,
    #[command(flatten)]
    contract: ContractOptions,
    /// Adopt a description of webhooks, in the place of the one that the settings name.
    #[arg(long)]
    webhooks: bool,
    /// Keep the prose of the vendor. By default it is stripped, and the overlay has the prose of this project.
    #[arg(long)]
    keep_words: bool,
    /// `info.version` of the bundle, such as the date; by default that of the description.
    #[arg(long, value_name = "TEXT")]
    edition: Option<String>,
    /// Write no file; only report the changes.
    #[arg(long)]
    dry_run: bool,
    /// Write in spite of uncommitted changes.
    #[arg(long)]
    allow_dirty: bool,
    #[command(flatten)]
    client: ClientOptions,
}

/// The contents of all files that an update writes.
struct Update {
    /// The description that is adopted.
    target: PathBuf,
    bundle: String,
    plan: Plan,
    settings: String,
    changelog: String,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let mut contract = Contract::of(&options.contract, &options.client.settings)?;
    contract.settings = options.client.settings_of([contract.spec.as_path()])?;
    if !(options.allow_dirty || options.dry_run) {
        workspace::check_clean(&contract.manifest)?;
    }
    let update = prepared(options, &contract)?;
    if options.dry_run {
        shell::status("Finished", "no file was written (--dry-run)");
        return Ok(());
    }
    written(&update, &contract)
}

fn prepared(options: &Options, contract: &Contract) -> Result<Update, String> {
    let target = target(options, contract)?;
    let (bundle, upstream) = bundled(options, contract)?;
    let text = bundle.text().ok_or_else(|| {
        format!("unsupported: {} has a value without a form in YAML", options.upstream.display())
    })?;
    // The candidate is generated in a temporary folder, so a refused description never replaces the current one.
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let candidate = folder.path().join("openapi.yaml");
    fs::write(&candidate, &text).map_err(|error| error.to_string())?;
    let mut client = contract.client();
    // Problems point into the new description, not into the bundle.
    let origins = bundle.origins().clone();
    let opened = if options.webhooks {
        let webhooks = Webhooks::open(&candidate, overlay_beside(&target).as_deref());
        client.open().with_webhooks(webhooks.bundled_from(upstream, origins))
    } else {
        client.description = candidate;
        client.open().bundled_from(upstream, origins)
    };
    let new = opened.analyse().map_err(|report| told(&report, &options.upstream, Shown::First))?;
    tell_left_out(&new.left_out);
    if !new.report.problems().is_empty() {
        shell::raw(&new.report.render(shell::has_colour()));
    }
    match (&new.krate.incoming, &new.webhooks) {
        (Some(incoming), Some(sources)) if options.webhooks => report_missing_words(incoming, sources),
        _ => report_missing_words(&new.krate, &new.sources),
    }

    let log = contract.changelog()?;
    let there = contract.version()?;
    let is_proposed = log.as_deref().and_then(changelog::proposed) == Some(there.to_string().as_str());
    let (version, notes) = match contract.newest_release()? {
        Some((released, description)) => {
            // A frozen contract has exactly the operations that were selected for its release.
            let everything = Some(Selection { all: true, ..Selection::default() });
            let settings = Settings { selection: everything, ..contract.settings.clone() };
            let then = Client { overlay: None, ..compared(&description, &settings, None)? };
            let old = analysed(&then)?;
            let changes = diff(&old.krate, &new.krate);
            let version = tell(&released, &changes);
            // A version that a maintainer raised is kept.
            (if is_proposed { version } else { version.max(there) }, report::changelog(&changes))
        }
        None => (there, first_notes(&new.krate)),
    };
    client.settings.version = Some(version.clone());
    client.settings.keep_handwritten_of(&contract.out);
    let package = client.open().package();
    shell::status("Generating", format_args!("{} {version}", package.name));
    let generated = new.generate(&package).map_err(|error| error.to_string())?;
    let plan = output::plan(&generated.files, &contract.out)
        .map_err(|error| format!("cannot compare with {}: {error}", contract.out.display()))?;
    let changelog = changelog::with_changes(log.as_deref(), &version.to_string(), &notes);
    Ok(Update { target, bundle: text, plan, settings: contract.settings_with(&version)?, changelog })
}

/// Returns the path of the description that is adopted.
fn target(options: &Options, contract: &Contract) -> Result<PathBuf, String> {
    if !options.webhooks {
        return Ok(contract.spec.clone());
    }
    let missing = || format!("expected `webhooks` in {}, found none", contract.settings_file.display());
    contract.settings.webhooks.clone().ok_or_else(missing)
}

/// Returns the notes of the first version.
fn first_notes(krate: &Crate) -> String {
    let operations: Vec<_> = krate.calls.iter().map(|call| format!("`{}`", call.id)).collect();
    format!("### Added\n\n- The first version: {}.\n", operations.join(", "))
}

/// Prints the changes since a release, and returns the next version.
fn tell(released: &Version, changes: &Diff) -> Version {
    let Some(severity) = changes.severity() else {
        shell::status("Compared", format_args!("with {released}: no changes for users"));
        return released.clone();
    };
    print(changes);
    let version = next(released, severity);
    let reason = match severity {
        Severity::Major => "breaking changes",
        Severity::Minor => "additive changes",
        Severity::Patch => "patch",
        Severity::Docs => "only prose changed",
    };
    shell::status("Version", format_args!("{version} follows {released}: {reason}"));
    version
}

fn report_missing_words(krate: &Crate, sources: &Sources) {
    let mut diagnostics = Diagnostics::default();
    wording::report_missing(krate, &mut diagnostics);
    let report = Report::new(diagnostics, sources);
    if !report.problems().is_empty() {
        shell::raw(&report.render(shell::has_colour()));
        shell::warning("expected these descriptions in the overlay");
    }
}

fn written(update: &Update, contract: &Contract) -> Result<(), String> {
    fs::create_dir_all(&contract.out).map_err(|error| format!("{}: {error}", contract.out.display()))?;
    write_all(&[
        (&update.target, &update.bundle),
        (&contract.settings_file, &update.settings),
        (&contract.changelog, &update.changelog),
    ])?;
    codegen::write(&update.plan, &contract.out)?;
    workspace::refresh_lock(&contract.manifest)
}

fn bundled(options: &Options, contract: &Contract) -> Result<(Bundle, Sources), String> {
    let mut upstream = Client {
        description: options.upstream.clone(),
        overlay: None,
        folder: options.client.root().map(Path::to_owned),
        ..contract.client()
    };
    if options.webhooks {
        upstream.settings.selection = Some(Selection { all: true, ..Selection::default() });
    }
    shell::status("Bundling", upstream.description.display());
    let words = if options.keep_words { Words::Keep } else { Words::Drop };
    let Bundled { mut bundle, sources, selected, report } =
        upstream.bundle(words).map_err(|report| told(&report, &upstream.description, Shown::First))?;
    if !report.problems().is_empty() {
        shell::report(&report, Shown::First);
    }
    let operations = format!("{} of {} operations", selected.operations.len(), selected.total);
    let files = shell::count(sources.files_read(), "file");
    shell::status("Selected", format_args!("{operations}, from {files}"));
    if let Some(edition) = &options.edition {
        bundle.set_version(edition);
    }
    Ok((bundle, sources))
}
