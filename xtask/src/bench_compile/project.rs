//! Scratch workspaces: a client, and programs that call it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::Client;
use toml_edit::{Array, DocumentMut, Item};

use super::program::{Program, program};
use super::usage::{self, Usage};
use super::{Build, artefact};
use crate::client::told;
use crate::shell::Shown;
use crate::workspace::in_workspace;

/// The folder of scratch workspaces, which share one target folder.
const FOLDER: &str = "target/bench-compile";

/// Number of operations that an ordinary program calls.
const SOME: usize = 7;

/// A client and programs in a workspace of their own.
pub(super) struct Project {
    /// Name for readers.
    pub(super) name: String,
    /// Number of operations.
    pub(super) operations: usize,
    /// Name of the client's package.
    package: String,
    folder: PathBuf,
    /// The programs, each with the folder that is the name of its package.
    programs: Vec<&'static str>,
    /// `true` if the client has a feature for everything.
    has_parts: bool,
}

/// A measured build of a package.
pub(super) struct Built {
    pub(super) part: &'static str,
    pub(super) lines: usize,
    pub(super) usage: Usage,
    pub(super) functions: Option<usize>,
    pub(super) size: Option<u64>,
}

/// Generates a client and its programs.
pub(super) fn generated(client: &Client) -> Result<Project, String> {
    let mut client = client.clone();
    client.settings.benches.clear();
    client.settings.examples.clear();
    client.settings.dev_dependencies.clear();
    let package = client.open().package();
    let analysed = client.analyse().map_err(|report| told(&report, &client.description, Shown::First))?;
    let operations = analysed.krate.calls.len();
    let mut programs = vec![("seven-calls", program(&analysed.krate, &package, SOME)?)];
    if operations > SOME {
        programs.push(("all-calls", program(&analysed.krate, &package, operations)?));
    }
    let has_parts = !analysed.krate.parts.is_empty();
    let generated = analysed.generate(&package).map_err(|error| error.to_string())?;
    let project = Project {
        name: client.description.display().to_string(),
        operations,
        package: package.name.clone(),
        folder: in_workspace(FOLDER).join(&package.name),
        programs: programs.iter().map(|(name, _)| *name).collect(),
        has_parts,
    };
    project.begin()?;
    for file in &generated.files {
        project.write(&Path::new("client").join(&file.path), &file.contents)?;
    }
    for (name, program) in &programs {
        project.write_program(name, program)?;
    }
    Ok(project)
}

impl Project {
    /// Returns the workspace of a client that is not generated, with the program that calls its seven operations.
    pub(super) fn of(name: &str, package: &str, folder: &str) -> Result<Self, String> {
        let project = Self {
            name: name.to_owned(),
            operations: SOME,
            package: package.to_owned(),
            folder: in_workspace(FOLDER).join(folder),
            programs: vec!["seven-calls"],
            has_parts: false,
        };
        project.begin()?;
        Ok(project)
    }

    /// Empties the folder of everything that an earlier run wrote, and writes the manifest of the workspace.
    fn begin(&self) -> Result<(), String> {
        fs::remove_dir_all(&self.folder).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(failed(&self.folder, &error)),
        })?;
        let mut manifest = workspace_manifest()?;
        manifest.as_table_mut().retain(|key, _| key == "workspace");
        let members: Array = ["client"].iter().chain(&self.programs).copied().collect();
        manifest["workspace"]["members"] = members.into();
        if let Some(workspace) = manifest["workspace"].as_table_mut() {
            workspace.remove("exclude");
        }
        self.write(Path::new("Cargo.toml"), &manifest.to_string())?;
        let lock = self.folder.join("Cargo.lock");
        fs::copy(in_workspace("Cargo.lock"), &lock).map_err(|error| failed(&lock, &error)).map(drop)
    }

    /// Writes a file of the workspace.
    pub(super) fn write(&self, path: &Path, contents: &str) -> Result<(), String> {
        let path = self.folder.join(path);
        let folder = path.parent().unwrap_or(&self.folder);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, contents));
        written.map_err(|error| failed(&path, &error))
    }

    fn write_program(&self, name: &str, program: &Program) -> Result<(), String> {
        self.write_main(name, &program.main)?;
        self.write(&Path::new(name).join("src/aliases.rs"), &program.aliases)
    }

    /// Writes a program: its manifest and its root.
    pub(super) fn write_main(&self, name: &str, main: &str) -> Result<(), String> {
        let features = if self.has_parts { ", features = [\"full\"]" } else { "" };
        // The client's dependencies turn the same features on, so both are compiled with one Tokio.
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
             {} = {{ path = \"../client\"{features} }}\nserde_json.workspace = true\n\
             tokio = {{ workspace = true, features = [\"net\", \"rt\", \"time\"] }}\n",
            self.package
        );
        let folder = Path::new(name);
        self.write(&folder.join("Cargo.toml"), &manifest)?;
        self.write(&folder.join("src/main.rs"), main)
    }

    /// Builds everything, so that all dependencies are up to date.
    pub(super) fn build_all(&self, build: Build) -> Result<(), String> {
        usage::run(self.cargo(build).arg("--workspace")).map(drop)
    }

    /// Builds the client and then each program, from scratch but for their dependencies.
    pub(super) fn round(&self, build: Build) -> Result<Vec<Built>, String> {
        let mut clean = self.command();
        clean.args(["clean", "--offline"]);
        if build == Build::Release {
            clean.arg("--release");
        }
        let packages = || [self.package.as_str()].into_iter().chain(self.programs.iter().copied());
        for package in packages() {
            clean.args(["--package", package]);
        }
        usage::run(&mut clean)?;
        packages().map(|package| self.built(package, build)).collect()
    }

    fn built(&self, package: &str, build: Build) -> Result<Built, String> {
        let program = self.programs.iter().find(|name| **name == package).copied();
        let mut cargo = self.cargo(build);
        cargo.args(["--package", package]);
        if program.is_none() && self.has_parts {
            cargo.args(["--features", "full"]);
        }
        let usage = usage::run(&mut cargo)?;
        let artefact = self.artefact(program, build);
        let functions = artefact.as_deref().map(artefact::functions).transpose()?;
        let size = artefact.filter(|_| program.is_some()).and_then(|path| fs::metadata(path).ok());
        let sources = self.folder.join(program.unwrap_or("client")).join("src");
        Ok(Built {
            part: program.unwrap_or("client"),
            lines: artefact::lines(&sources)?,
            usage,
            functions,
            size: size.map(|file| file.len()),
        })
    }

    /// Returns the path of what a build makes: the executable of a program, or the client's library.
    fn artefact(&self, program: Option<&str>, build: Build) -> Option<PathBuf> {
        let folder = match build {
            Build::Check => return None,
            Build::Debug | Build::Release => target().join(build.name()),
        };
        Some(match program {
            Some(program) => folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)),
            None => folder.join(format!("lib{}.rlib", self.package.replace('-', "_"))),
        })
    }

    /// Returns the number of distinct crates that a build of the client compiles with its default features.
    pub(super) fn crates(&self) -> Result<usize, String> {
        let mut tree = self.command();
        tree.args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
        let output = tree.args(["--package", &self.package]).output();
        let output = output.map_err(|error| format!("cargo failed to start: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let name_and_version = |line| -> Vec<&str> { str::split_whitespace(line).take(2).collect() };
        let crates: std::collections::BTreeSet<_> = text.lines().map(name_and_version).collect();
        Ok(crates.len())
    }

    fn cargo(&self, build: Build) -> Command {
        let mut cargo = self.command();
        match build {
            Build::Check => cargo.arg("check"),
            Build::Debug => cargo.arg("build"),
            Build::Release => cargo.args(["build", "--release"]),
        };
        cargo.args(["--quiet", "--offline"]);
        cargo
    }

    fn command(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.folder).env("CARGO_TARGET_DIR", target()).env("CARGO_INCREMENTAL", "0");
        cargo
    }
}

fn target() -> PathBuf {
    let target = in_workspace(FOLDER).join("target");
    std::path::absolute(&target).unwrap_or(target)
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn workspace_manifest() -> Result<DocumentMut, String> {
    let path = in_workspace("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("{}: {error}", path.display()))
}

/// Returns a manifest without what only the tests of its package need.
pub(super) fn without_tests(manifest: &str) -> Result<String, String> {
    let mut manifest: DocumentMut = manifest.parse().map_err(|error| format!("Cargo.toml: {error}"))?;
    for key in ["dev-dependencies", "bench", "example", "test"] {
        manifest.as_table_mut().remove(key);
    }
    if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_mut) {
        package.remove("readme");
    }
    Ok(manifest.to_string())
}
