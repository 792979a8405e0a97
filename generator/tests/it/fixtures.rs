//! Fixtures, and helpers that read them.

use std::fs;
use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostics;
use generator::dialect::{Conventions, Dialect, Market};
use generator::ir::Api;
use generator::load::{Description, Sources};
use generator::plan::Crate;
use generator::render::Package;
use generator::select::{Selection, select};
use generator::settings::Settings;
use generator::{Client, GenerateError, Generated};
use tempfile::TempDir;

/// Returns the root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns a file or folder below `tests/fixtures`.
pub(crate) fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// Returns the folders of all accepted or all refused fixtures, sorted.
pub(crate) fn folders(kind: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(path(kind)).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// Compares a text with the snapshot `NAME.snap` in the folder of a fixture.
pub(crate) fn assert_expected(folder: &Path, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.remove_input_file();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Selects the operations with the tag `chats`.
pub(crate) fn chats() -> Selection {
    Selection { tags: vec!["chats".to_owned()], ..Selection::default() }
}

/// Selects all operations.
pub(crate) fn all() -> Selection {
    Selection { all: true, ..Selection::default() }
}

/// Returns a package for fixtures.
pub(crate) fn package() -> Package {
    Package {
        name: "fixture".to_owned(),
        version: "1.2.3".to_owned(),
        description: "A client of a fixture".to_owned(),
        ..Package::default()
    }
}

/// Generates a client with the conventions in the settings beside its description.
pub(crate) fn generate<'a>(
    description: impl Into<Description<'a>>,
    selection: &Selection,
    package: &Package,
) -> Result<Generated, GenerateError> {
    let client = client(description.into(), selection);
    let package = Package { dependencies: client.settings.dependencies.clone(), ..package.clone() };
    client.analyse().map_err(GenerateError::Description)?.generate(&package)
}

/// Returns a client with the conventions, dependencies and webhooks in the settings beside its description.
fn client(description: Description<'_>, selection: &Selection) -> Client {
    let Description { root, overlay, folder } = description;
    let Settings { webhooks, dependencies, path, .. } = Settings::beside(root).unwrap().unwrap_or_default();
    let settings = Settings {
        selection: Some(selection.clone()),
        conventions: conventions(root),
        webhooks,
        dependencies,
        path,
        ..Settings::default()
    };
    Client {
        description: root.to_owned(),
        overlay: overlay.map(ToOwned::to_owned),
        folder: folder.map(ToOwned::to_owned),
        settings,
    }
}

/// Returns the conventions in the settings beside a description; without settings, the dialect of the chats.
fn conventions(description: &Path) -> Conventions {
    let settings = Settings::beside(description).unwrap();
    settings.map_or_else(|| Conventions::from(&Market as &dyn Dialect), |settings| settings.conventions)
}

/// Writes a description to a folder of its own, which is removed when it is dropped.
pub(crate) fn written(description: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, description).unwrap();
    (folder, path)
}

/// Writes settings beside a copy of a description, with the conventions and webhooks of the description.
pub(crate) fn copy_conventions(description: &Path, copy: &Path) {
    let webhooks = Settings::beside(description).unwrap().and_then(|settings| settings.webhooks);
    let settings = Settings { conventions: conventions(description), ..Settings::default() };
    let text = settings.conventions_text(webhooks.as_deref().and_then(Path::to_str));
    fs::write(Settings::path_beside(copy), text).unwrap();
}

/// Lowers the selected operations of a description.
pub(crate) fn lower(sources: &Sources, selection: &Selection) -> Api {
    let mut diagnostics = Diagnostics::default();
    let selected = select(sources, selection, &mut diagnostics);
    generator::lower::lower(sources, &selected, &Market, &mut diagnostics)
}

/// Plans a client for a selection of a description, which has no error.
pub(crate) fn analysed(description: &Path, selection: &Selection) -> Crate {
    let settings = Settings { selection: Some(selection.clone()), ..Settings::default() };
    let analysed = Client::with(description, settings).analyse();
    analysed.unwrap_or_else(|report| panic!("{}", report.render(false))).krate
}

/// Plans a client for all of a description, which has no error.
pub(crate) fn plan<'a>(description: impl Into<Description<'a>>) -> (Crate, Sources) {
    let client = client(description.into(), &all());
    let analysed = client.analyse().unwrap_or_else(|report| panic!("{}", report.render(false)));
    (analysed.krate, analysed.sources)
}
