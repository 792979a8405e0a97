//! The workspace that the commands belong to.

use std::fs;
use std::path::{Path, PathBuf};

use generator::render::Package;

/// A path in the workspace, wherever in it the command runs.
pub(crate) fn in_workspace(path: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(""));
    let is_here = std::env::current_dir().is_ok_and(|here| here == workspace);
    if is_here { PathBuf::from(path) } else { workspace.join(path) }
}

/// The package that the workspace declares for the client, with those of its benchmarks that are in its folder: those
/// are not generated.
pub(crate) fn package(folder: &Path) -> Result<Package, String> {
    let path = in_workspace("Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut package = Package::from_workspace(&manifest).map_err(|error| error.to_string())?;
    package.benches.retain(|name| folder.join("benches").join(format!("{name}.rs")).exists());
    Ok(package)
}
