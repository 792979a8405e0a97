//! The contract of the client: the description, its releases, the version and the changelog.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use generator::Client;
use generator::client::overlay_beside;
use generator::settings::Settings;
use semver::Version;
use tempfile::NamedTempFile;
use toml_edit::{DocumentMut, Item, Value};

use crate::client::SettingsOptions;
use crate::shell;
use crate::workspace::in_workspace;

/// Paths of the contract and its client.
#[derive(clap::Args)]
pub(crate) struct ContractOptions {
    /// Description of the client. Frozen contracts are in the folder `released` beside the description.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("spec/openapi.yaml"))]
    spec: PathBuf,
    /// Overlay of the description; by default `overlay.yaml` beside the description, if that file exists.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Folder of the crate.
    #[arg(long, value_name = "DIR", default_value_os_t = in_workspace("generated-client"))]
    out: PathBuf,
    /// Manifest of the client's workspace; `Cargo.lock` is beside the manifest.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("Cargo.toml"))]
    manifest: PathBuf,
}

/// The contract.
pub(crate) struct Contract {
    pub(crate) spec: PathBuf,
    pub(crate) overlay: Option<PathBuf>,
    pub(crate) out: PathBuf,
    pub(crate) manifest: PathBuf,
    /// The file that has the client's version.
    pub(crate) settings_file: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) changelog: PathBuf,
}

impl Contract {
    pub(crate) fn of(options: &ContractOptions, settings: &SettingsOptions) -> Result<Self, String> {
        Ok(Self {
            spec: options.spec.clone(),
            overlay: options.overlay.clone().or_else(|| overlay_beside(&options.spec)),
            out: options.out.clone(),
            manifest: options.manifest.clone(),
            settings_file: settings.path(&options.spec),
            settings: settings.first_of([options.spec.as_path()])?,
            changelog: options.out.join("CHANGELOG.md"),
        })
    }

    /// Returns the client of the contract.
    pub(crate) fn client(&self) -> Client {
        Client {
            description: self.spec.clone(),
            overlay: self.overlay.clone(),
            folder: None,
            settings: self.settings.clone(),
        }
    }

    /// Returns the path of a released description.
    pub(crate) fn release(&self, version: &Version) -> PathBuf {
        self.releases().join(format!("{version}.yaml"))
    }

    /// Returns the newest released version and its description.
    pub(crate) fn newest_release(&self) -> Result<Option<(Version, PathBuf)>, String> {
        let folder = self.releases();
        if !folder.exists() {
            return Ok(None);
        }
        let entries = fs::read_dir(&folder).map_err(|error| named(&folder, &error))?;
        let release = |path: PathBuf| {
            let is_yaml = path.extension().is_some_and(|extension| extension == "yaml");
            let version = Version::parse(path.file_stem()?.to_str()?).ok()?;
            is_yaml.then_some((version, path))
        };
        Ok(entries.filter_map(|entry| release(entry.ok()?.path())).max())
    }

    /// Returns the client's version.
    pub(crate) fn version(&self) -> Result<Version, String> {
        let missing = || format!("expected a `version` in {}, found none", self.settings_file.display());
        self.settings.version.clone().ok_or_else(missing)
    }

    /// Returns the text of the settings with another version.
    pub(crate) fn settings_with(&self, version: &Version) -> Result<String, String> {
        let text = read(&self.settings_file)?;
        let mut settings: DocumentMut = text.parse().map_err(|error| named(&self.settings_file, &error))?;
        let item = &mut settings["version"];
        let mut new = Value::from(version.to_string());
        if let Some(old) = item.as_value() {
            // Spaces and comments stay.
            new.decor_mut().clone_from(old.decor());
        }
        *item = Item::Value(new);
        Ok(settings.to_string())
    }

    /// Returns the changelog, if the file exists.
    pub(crate) fn changelog(&self) -> Result<Option<String>, String> {
        if !self.changelog.exists() {
            return Ok(None);
        }
        read(&self.changelog).map(Some)
    }

    fn releases(&self) -> PathBuf {
        self.spec.with_file_name("released")
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// Writes all files that are not up to date, or none if a step fails.
pub(crate) fn write_all(files: &[(&Path, &str)]) -> Result<(), String> {
    let is_stale =
        |(path, text): &&(&Path, &str)| fs::read_to_string(path).map_or(true, |there| there != *text);
    let mut ready = Vec::new();
    for (path, text) in files.iter().filter(is_stale) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder).map_err(|error| named(path, &error))?;
        file.write_all(text.as_bytes()).map_err(|error| named(path, &error))?;
        ready.push((file, *path));
    }
    for (file, path) in ready {
        file.persist(path).map_err(|error| named(path, &error))?;
        shell::status("Wrote", path.display());
    }
    Ok(())
}
