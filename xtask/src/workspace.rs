//! The workspace that the commands belong to.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns a path in the workspace, relative if the command runs in the root of the workspace.
pub(crate) fn in_workspace(path: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(""));
    let is_here = std::env::current_dir().is_ok_and(|here| here == workspace);
    if is_here { PathBuf::from(path) } else { workspace.join(path) }
}

/// Returns an error if a file has uncommitted changes: the command's own changes would mix with them.
pub(crate) fn check_clean(manifest: &Path) -> Result<(), String> {
    let folder = manifest.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut git = Command::new("git");
    git.args(["status", "--porcelain"]).current_dir(folder.unwrap_or(Path::new(".")));
    let output =
        git.output().map_err(|error| format!("git failed to start: {error}; help: see --allow-dirty"))?;
    let changed = String::from_utf8_lossy(&output.stdout).lines().count();
    match (output.status.success(), changed) {
        (false, _) => Err("expected a git repository; help: see --allow-dirty".to_owned()),
        (true, 0) => Ok(()),
        (true, changed) => Err(format!(
            "uncommitted changes in {changed} files; help: commit or stash them, or see --allow-dirty and --dry-run"
        )),
    }
}

/// Updates the versions of the workspace's packages in `Cargo.lock`.
pub(crate) fn refresh_lock(manifest: &Path) -> Result<(), String> {
    if !manifest.with_file_name("Cargo.lock").exists() {
        return Ok(());
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["update", "--workspace", "--offline", "--quiet", "--manifest-path"]).arg(manifest);
    let output = cargo.output().map_err(|error| format!("cargo failed to start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("Cargo.lock is not up to date: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
