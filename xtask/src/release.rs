//! `cargo xtask release`: freezes the contract of the client's version.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use generator::bundle::{Words, bundle};
use generator::diagnostic::Diagnostics;
use generator::load::Description;
use generator::report::Report;
use generator::select::{Selection, select};

use crate::codegen::overlay_beside;
use crate::contract::{Contract, ContractOptions};
use crate::{changelog, shell};

/// Freezes the current contract as that of the client's version: the description with its overlay goes to
/// `released/X.Y.Z.yaml`, where the next update compares with it, and the changelog gets the date of today.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    contract: ContractOptions,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let contract = Contract::of(&options.contract);
    let version = contract.version()?;
    let target = contract.release(&version);
    if target.exists() {
        return Err(format!("{version} was released: {} is there, and never changes", target.display()));
    }
    let frozen = frozen(&contract.spec)?;
    let log = contract.changelog()?.unwrap_or_default();
    let date = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%d").to_string();
    let dated = changelog::released(&log, &version.to_string(), &date);
    let dated = dated.ok_or_else(|| {
        format!("{} has no section of {version} that is not released", contract.changelog.display())
    })?;
    let write = |path: &Path, text: &str| {
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        shell::status("Wrote", path.display());
        Ok::<_, String>(())
    };
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write(&target, &frozen)?;
    write(&contract.changelog, &dated)
}

/// The description with its overlay, in one file.
fn frozen(spec: &Path) -> Result<String, String> {
    let overlay = overlay_beside(spec);
    let mut diagnostics = Diagnostics::default();
    let sources = Description { root: spec, overlay: overlay.as_deref() }.open(&mut diagnostics);
    let all = Selection { all: true, ..Selection::default() };
    let selected = select(&sources, &all, &mut diagnostics);
    let text = bundle(&sources, &selected.operations, Words::Keep, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    if !report.problems().is_empty() {
        shell::raw(&report.render(shell::has_colour()));
    }
    match text {
        Some(text) if report.counts().0 == 0 => Ok(text),
        _ => Err(format!("{} has errors; nothing was written", spec.display())),
    }
}
