//! Clients that the generated one is measured beside: a handwritten one, and its last release.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::program::program;
use super::project::{Project, without_tests};
use crate::client;
use crate::workspace::in_workspace;
use generator::settings::Settings;

/// Returns the handwritten client of the chats.
pub(super) fn handwritten() -> Result<Project, String> {
    let folder = in_workspace("generated-client/benches/handwritten");
    let read = |path: &str| {
        let path = folder.join(path);
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let project = Project::of("handwritten", "handwritten", "handwritten")?;
    project.write(Path::new("client/Cargo.toml"), &without_tests(&read("Cargo.toml")?)?)?;
    for file in ["src/lib.rs", "src/types.rs"] {
        project.write(&Path::new("client").join(file), &read(file)?)?;
    }
    project.write_main("seven-calls", &read("examples/calls.rs")?)?;
    Ok(project)
}

/// Returns the last release of the client of the chats, as git has it: the commit that added its contract.
pub(super) fn released() -> Result<Project, String> {
    let contract = newest_contract()?;
    let path = format!("spec/released/{contract}.yaml");
    let commit = git(&["log", "--diff-filter=A", "--format=%H", "-1", "--", &path])?;
    let commit = commit.trim();
    if commit.is_empty() {
        return Err(format!("git does not know the commit that added {path}"));
    }
    let spec = in_workspace(&path);
    let compared = client::compared(&spec, &Settings::default(), None)?;
    let package = compared.open().package();
    let analysed = client::analysed(&compared)?;
    let mut package = package;
    "yandex-market-chats".clone_into(&mut package.name);
    let program = program(&analysed.krate, &package, analysed.krate.calls.len())?;
    let project = Project::of(&format!("release {contract}"), &package.name, "released")?;
    for file in git(&["ls-tree", "-r", "--name-only", commit, "generated-client/src"])?.lines() {
        let inner = file.trim_start_matches("generated-client/");
        project.write(&Path::new("client").join(inner), &git(&["show", &format!("{commit}:{file}")])?)?;
    }
    let manifest = git(&["show", &format!("{commit}:generated-client/Cargo.toml")])?;
    project.write(Path::new("client/Cargo.toml"), &without_tests(&manifest)?)?;
    project.write_main("seven-calls", &program.main)?;
    project.write(Path::new("seven-calls/src/aliases.rs"), &program.aliases)?;
    Ok(project)
}

/// Returns the version of the newest released contract.
fn newest_contract() -> Result<semver::Version, String> {
    let folder = in_workspace("spec/released");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let versions = names.filter_map(|name| name.strip_suffix(".yaml")?.parse().ok());
    versions.max().ok_or_else(|| format!("{} has no contract", folder.display()))
}

fn git(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").args(arguments).current_dir(in_workspace(".")).output();
    let output = output.map_err(|error| format!("git failed to start: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
