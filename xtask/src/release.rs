//! `cargo xtask release`: freezes the contract of the client's version.

use std::fs;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use generator::bundle::Words;
use generator::select::Selection;
use generator::settings::Settings;

use crate::changelog;
use crate::client::{SettingsOptions, analysed, told};
use crate::contract::{Contract, ContractOptions, write_all};
use crate::shell::Shown;

/// Freezes the current contract for the client's version. The description with its overlay goes to `released/X.Y.Z.yaml`,
/// and its naming rules to `X.Y.Z.client.toml`. The next update compares with the frozen contract. The changelog gets
/// today's date.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    contract: ContractOptions,
    #[command(flatten)]
    settings: SettingsOptions,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let contract = Contract::of(&options.contract, &options.settings)?;
    let version = contract.version()?;
    let target = contract.release(&version);
    if target.exists() {
        return Err(format!("{version} is released already: {} exists, and never changes", target.display()));
    }
    let frozen = frozen(&contract)?;
    let log = contract.changelog()?.unwrap_or_default();
    let date = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%d").to_string();
    let dated = changelog::released(&log, &version.to_string(), &date);
    let dated = dated.ok_or_else(|| {
        format!("expected an unreleased section of {version} in {}, found none", contract.changelog.display())
    })?;
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let conventions = contract.settings.conventions_text();
    let beside = Settings::path_beside(&target);
    write_all(&[(&target, &frozen), (&beside, &conventions), (&contract.changelog, &dated)])
}

/// Returns the description with its overlay applied, as one file.
fn frozen(contract: &Contract) -> Result<String, String> {
    let mut client = contract.client();
    client.settings.selection = Some(Selection { all: true, ..Selection::default() });
    analysed(&client)?;
    let bundled = client.bundle(Words::Keep).map_err(|report| told(&report, &contract.spec, Shown::First))?;
    bundled
        .bundle
        .text()
        .ok_or_else(|| format!("unsupported: {} has a value without a form in YAML", contract.spec.display()))
}
