//! `cargo xtask release`: freezes the contract of the client's version.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use generator::Client;
use generator::bundle::Words;
use generator::select::Selection;
use generator::settings::Settings;

use crate::changelog;
use crate::client::{SettingsOptions, analysed, told};
use crate::contract::{Contract, ContractOptions, write_all};
use crate::shell::Shown;

/// Freezes the current contract for the client's version. The description with its overlay goes to `released/X.Y.Z.yaml`,
/// that of webhooks to `released/webhooks/X.Y.Z.yaml`, and the naming rules to `released/X.Y.Z.client.toml`. The next update compares with the frozen contract. The changelog gets
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
    analysed(&contract.client())?;
    let frozen = frozen(contract.client())?;
    let webhooks = contract.settings.webhooks.as_deref().map(Client::of).transpose();
    let webhooks = webhooks.map_err(|error| error.to_string())?.map(self::frozen).transpose()?;
    let log = contract.changelog()?.unwrap_or_default();
    let date = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%d").to_string();
    let dated = changelog::released(&log, &version.to_string(), &date);
    let dated = dated.ok_or_else(|| {
        format!("expected an unreleased section of {version} in {}, found none", contract.changelog.display())
    })?;
    let of_webhooks = format!("webhooks/{version}.yaml");
    let target_of_webhooks = target.with_file_name(&of_webhooks);
    let conventions = contract.settings.conventions_text(webhooks.as_ref().map(|_| of_webhooks.as_str()));
    let beside = Settings::path_beside(&target);
    let mut files: Vec<(&Path, &str)> =
        vec![(&target, &frozen), (&beside, &conventions), (&contract.changelog, &dated)];
    files.extend(webhooks.as_ref().map(|webhooks| (target_of_webhooks.as_path(), webhooks.as_str())));
    for folder in files.iter().filter_map(|(path, _)| path.parent()) {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write_all(&files)
}

/// Returns the description with its overlay applied, as one file.
fn frozen(mut client: Client) -> Result<String, String> {
    client.settings.selection = Some(Selection { all: true, ..Selection::default() });
    let spec = &client.description;
    let bundled = client.bundle(Words::Keep).map_err(|report| told(&report, spec, Shown::First))?;
    let text = bundled.bundle.text();
    text.ok_or_else(|| format!("unsupported: {} has a value without a form in YAML", spec.display()))
}
