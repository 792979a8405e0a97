//! Workspaces of generated crates, compiled in the target folder of the tests themselves.
//!
//! Dependencies are not compiled twice: the lock file and the profiles are those of this repository, and an *anchor* for
//! each of its packages, an empty crate with the same dependencies, makes cargo choose the same features for them. A run
//! that changes nothing writes nothing, so cargo finds everything fresh.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generator::dialect::Dialect;
use generator::load::Description;
use generator::output;
use generator::render::Package;
use generator::select::Selection;
use generator::{GenerateError, Generated};

use crate::fixtures;

/// Crates in a folder below `target/tmp`.
pub(crate) struct Scratch {
    folder: PathBuf,
    members: BTreeSet<String>,
}

impl Scratch {
    /// Creates a workspace with anchors only. Two workspaces must not share the name of a member: in their common target
    /// folder, cargo would take one for the other.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut scratch = Self { folder, members: BTreeSet::new() };
        let root = read_toml(&fixtures::workspace().join("Cargo.toml"));
        for member in root["workspace"]["members"].as_array().unwrap() {
            scratch.add_anchor(member.as_str().unwrap());
        }
        scratch
    }

    /// Adds the client of a description as the package `MEMBER-client`, with the settings beside it.
    pub(crate) fn add<'a>(
        &mut self,
        member: &str,
        description: impl Into<Description<'a>>,
        selection: &Selection,
    ) {
        self.add_generated(member, |package| fixtures::generate(description, selection, package));
    }

    /// Adds the client of a description that speaks another dialect than the chats.
    pub(crate) fn add_speaking<'a>(
        &mut self,
        dialect: &'static dyn Dialect,
        member: &str,
        description: impl Into<Description<'a>>,
        selection: &Selection,
    ) {
        self.add_generated(member, |package| generator::generate(description, selection, dialect, package));
    }

    fn add_generated(
        &mut self,
        member: &str,
        generate: impl FnOnce(&Package) -> Result<Generated, GenerateError>,
    ) {
        let tokio = ["macros", "rt-multi-thread"].map(str::to_owned).to_vec();
        let dev_dependencies = [("loopback", vec![]), ("tokio", tokio)];
        let package = Package {
            name: format!("{member}-client"),
            dev_dependencies: dev_dependencies.map(|(name, features)| (name.to_owned(), features)).to_vec(),
            ..fixtures::package()
        };
        let generated = generate(&package).unwrap();
        let folder = self.folder.join(member);
        output::write(&output::plan(&generated.files, &folder).unwrap(), &folder).unwrap();
        self.members.insert(member.to_owned());
    }

    /// Adds a test of a client.
    pub(crate) fn add_behaviour(&self, member: &str, behaviour: &Path) {
        let test = self.folder.join(member).join("tests/behaviour.rs");
        write(&test, &fs::read_to_string(behaviour).unwrap());
    }

    /// Adds a program that uses a client.
    pub(crate) fn add_example(&self, member: &str, name: &str, text: &str) {
        write(&self.folder.join(member).join("examples").join(format!("{name}.rs")), text);
    }

    /// Writes the manifest, and removes the folders of former members.
    pub(crate) fn finish(&self) {
        let root = read_toml(&fixtures::workspace().join("Cargo.toml"));
        let mut workspace = root["workspace"].as_table().unwrap().clone();
        workspace.retain(|key, _| ["resolver", "package", "dependencies"].contains(&key));
        for (_, dependency) in workspace["dependencies"].as_table_mut().unwrap() {
            if let Some(path) = dependency.get_mut("path") {
                *path = fixtures::workspace().join(path.as_str().unwrap()).to_str().unwrap().into();
            }
        }
        workspace.insert("members".to_owned(), self.members.iter().cloned().collect::<Vec<_>>().into());
        let mut manifest = toml::Table::from_iter([("workspace".to_owned(), workspace.into())]);
        manifest.extend(root.get("profile").map(|profile| ("profile".to_owned(), profile.clone())));
        write(&self.folder.join("Cargo.toml"), &manifest.to_string());
        fs::copy(fixtures::workspace().join("Cargo.lock"), self.folder.join("Cargo.lock")).unwrap();
        for entry in fs::read_dir(&self.folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() && !self.members.contains(&name) {
                fs::remove_dir_all(entry.path()).unwrap();
            }
        }
    }

    /// Runs cargo. Nothing is downloaded: all that a client depends on is a dependency of this repository.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        let (command, arguments) = arguments.split_first().unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([command, "--offline", "--color", "never", "--target-dir"]).arg(target());
        cargo.args(arguments).current_dir(&self.folder).env("RUSTDOCFLAGS", "-D warnings");
        // Warnings that it denies would break programs that no change broke.
        cargo.env_remove("RUSTFLAGS");
        // What cargo tells of the package under test makes build scripts run again.
        let of_package = |name: &OsStr| {
            let name = name.to_string_lossy();
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        };
        for (name, _) in std::env::vars_os().filter(|(name, _)| of_package(name)) {
            cargo.env_remove(name);
        }
        cargo.output().unwrap()
    }

    /// Runs cargo, which has to succeed and to have nothing to warn of.
    pub(crate) fn expect_clean(&self, arguments: &[&str]) {
        let output = self.cargo(arguments);
        let (out, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let is_clean = output.status.success() && !log.contains("warning: ");
        assert!(is_clean, "cargo {}\n{out}\n{log}", arguments.join(" "));
    }

    fn add_anchor(&mut self, package: &str) {
        let mut manifest = read_toml(&fixtures::workspace().join(package).join("Cargo.toml"));
        let name = format!("anchor-{}", package.replace('/', "-"));
        manifest.retain(|key, _| {
            ["package", "features", "target"].contains(&key) || key.ends_with("dependencies")
        });
        manifest["package"]["name"] = name.as_str().into();
        for (_, section) in manifest.iter_mut().filter(|(key, _)| key.ends_with("dependencies")) {
            section.as_table_mut().unwrap().retain(|name, dependency| !is_own(name, dependency));
        }
        write(&self.folder.join(&name).join("Cargo.toml"), &manifest.to_string());
        write(&self.folder.join(&name).join("src/lib.rs"), "");
        self.members.insert(name);
    }
}

/// Returns the program that cargo built from an example.
pub(crate) fn example(name: &str) -> Command {
    Command::new(target().join("debug/examples").join(name))
}

/// Returns the target folder of the tests.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// Returns `true` if a dependency is a package of this repository.
fn is_own(name: &str, dependency: &toml::Value) -> bool {
    let root = read_toml(&fixtures::workspace().join("Cargo.toml"));
    is_path(dependency) || root["workspace"]["dependencies"].get(name).is_some_and(is_path)
}

fn is_path(dependency: &toml::Value) -> bool {
    dependency.get("path").is_some()
}

fn read_toml(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Writes a file, unless it has this text already.
fn write(path: &Path, text: &str) {
    match fs::read_to_string(path) {
        Ok(old) if old == text => return,
        Err(error) if error.kind() != ErrorKind::NotFound => panic!("{}: {error}", path.display()),
        _ => {}
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
