//! The workspace that the commands belong to.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A path in the workspace, wherever in it the command runs.
pub(crate) fn in_workspace(path: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(""));
    let is_here = std::env::current_dir().is_ok_and(|here| here == workspace);
    if is_here { PathBuf::from(path) } else { workspace.join(path) }
}

/// Refuses to go on where something is not committed, for what a command changes could not be told from it.
pub(crate) fn check_clean(manifest: &Path) -> Result<(), String> {
    let folder = manifest.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut git = Command::new("git");
    git.args(["status", "--porcelain"]).current_dir(folder.unwrap_or(Path::new(".")));
    let output = git.output().map_err(|error| format!("git cannot be run ({error}); see --allow-dirty"))?;
    let changed = String::from_utf8_lossy(&output.stdout).lines().count();
    match (output.status.success(), changed) {
        (false, _) => Err("this is no git repository; see --allow-dirty".to_owned()),
        (true, 0) => Ok(()),
        (true, changed) => Err(format!(
            "changes of {changed} files are not committed: commit or stash them, or see --allow-dirty and --dry-run"
        )),
    }
}

/// Brings `Cargo.lock` up to date, which has the versions of the workspace's packages.
pub(crate) fn refresh_lock(manifest: &Path) -> Result<(), String> {
    if !manifest.with_file_name("Cargo.lock").exists() {
        return Ok(());
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["update", "--workspace", "--offline", "--quiet", "--manifest-path"]).arg(manifest);
    let output = cargo.output().map_err(|error| format!("cargo cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("Cargo.lock is not up to date: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
