//! The contract of the client and what belongs to it: the description, its releases, the version, the changelog.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use semver::Version;
use tempfile::NamedTempFile;
use toml_edit::{DocumentMut, Item, Value};

use crate::codegen::overlay_beside;
use crate::shell;
use crate::workspace::in_workspace;

/// Where things are.
#[derive(clap::Args)]
pub(crate) struct ContractOptions {
    /// The description that the client is generated from. Its releases are in the folder `released` beside it.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("spec/openapi.yaml"))]
    spec: PathBuf,
    /// The overlay that is applied to it; by default the `overlay.yaml` beside it, if there is one.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR", default_value_os_t = in_workspace("generated-client"))]
    out: PathBuf,
    /// The workspace's manifest, which has the client's version.
    #[arg(long, value_name = "FILE", default_value_os_t = in_workspace("Cargo.toml"))]
    manifest: PathBuf,
}

/// The contract.
pub(crate) struct Contract {
    pub(crate) spec: PathBuf,
    pub(crate) overlay: Option<PathBuf>,
    pub(crate) out: PathBuf,
    pub(crate) manifest: PathBuf,
    pub(crate) changelog: PathBuf,
}

impl Contract {
    pub(crate) fn of(options: &ContractOptions) -> Self {
        Self {
            spec: options.spec.clone(),
            overlay: options.overlay.clone().or_else(|| overlay_beside(&options.spec)),
            out: options.out.clone(),
            manifest: options.manifest.clone(),
            changelog: options.out.join("CHANGELOG.md"),
        }
    }

    /// The description of a release.
    pub(crate) fn release(&self, version: &Version) -> PathBuf {
        self.releases().join(format!("{version}.yaml"))
    }

    /// The newest version that was released, with its description.
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

    /// The client's version.
    pub(crate) fn version(&self) -> Result<Version, String> {
        let manifest = self.parsed_manifest()?;
        let version = manifest["workspace"]["metadata"]["client"]["version"].as_str().unwrap_or_default();
        Version::parse(version).map_err(|error| format!("{}: {error}", self.manifest.display()))
    }

    /// The workspace's manifest with another version of the client.
    pub(crate) fn manifest_with(&self, version: &Version) -> Result<String, String> {
        let mut manifest = self.parsed_manifest()?;
        let item = &mut manifest["workspace"]["metadata"]["client"]["version"];
        let mut new = Value::from(version.to_string());
        if let Some(old) = item.as_value() {
            // Spaces and comments stay.
            new.decor_mut().clone_from(old.decor());
        }
        *item = Item::Value(new);
        Ok(manifest.to_string())
    }

    /// The changelog, if there is one.
    pub(crate) fn changelog(&self) -> Result<Option<String>, String> {
        if !self.changelog.exists() {
            return Ok(None);
        }
        read(&self.changelog).map(Some)
    }

    fn releases(&self) -> PathBuf {
        self.spec.with_file_name("released")
    }

    fn parsed_manifest(&self) -> Result<DocumentMut, String> {
        let text = read(&self.manifest)?;
        let manifest: DocumentMut = text.parse().map_err(|error| named(&self.manifest, &error))?;
        let has_client = |manifest: &DocumentMut| {
            manifest.get("workspace")?.get("metadata")?.get("client")?.get("version").map(drop)
        };
        match has_client(&manifest) {
            Some(()) => Ok(manifest),
            None => Err(format!("{} has no `workspace.metadata.client.version`", self.manifest.display())),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// Writes files, all of them or none, but for those that are as they should be.
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
