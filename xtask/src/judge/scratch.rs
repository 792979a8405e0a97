//! Scratch programs: a generated crate as a program of its own, which reads lines and writes a line for each.
//!
//! The root of the crate becomes the root of the program, so only what the program reaches is compiled to machine code.

use std::collections::BTreeSet;
use std::fs::{self, File as Open};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use generator::render::File;

use crate::workspace::in_workspace;

/// The folder of scratch programs, which share one target folder.
const FOLDER: &str = "target/judge";

/// Held while a program is the only member of the scratch workspace.
static BUILDING: Mutex<()> = Mutex::new(());

/// A generated crate as a program. Each judge is a module of the crate.
pub(crate) struct Program<'f> {
    /// Name of the folder.
    pub(crate) name: String,
    /// Name of the package.
    pub(crate) package: &'f str,
    /// Files of the crate.
    pub(crate) files: &'f [File],
    /// The modules.
    pub(crate) parts: Vec<Part>,
}

/// Module of a program for one judge.
pub(crate) struct Part {
    /// Name of the module, and argument of the program that chooses it.
    pub(crate) name: &'static str,
    /// Types of the crate, as the module `aliases` below.
    pub(crate) aliases: File,
    /// Code of the module, with a function `run`.
    pub(crate) code: String,
    /// Features of the crate that the module needs.
    pub(crate) features: Vec<&'static str>,
}

impl Program<'_> {
    /// Compiles the program.
    ///
    /// # Errors
    /// The files cannot be written, or the program does not compile.
    pub(crate) fn build(&self) -> Result<Built, String> {
        let folder = in_workspace(FOLDER).join(&self.name);
        let _building = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
        self.write(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let features: BTreeSet<_> = self.parts.iter().flat_map(|part| &part.features).copied().collect();
        let features: Vec<_> = features.into_iter().collect();
        let features = features.join(",");
        let arguments = ["build", "--quiet", "--offline", "--no-default-features", "--features", &features];
        cargo(&in_workspace(FOLDER), &arguments)?;
        let program = in_workspace(FOLDER).join("target/debug").join(self.package);
        Ok(Built { program, folder })
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        // A file of an earlier run could be a second file of a module.
        fs::remove_dir_all(folder.join("src")).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        for file in self.files.iter().filter(|file| file.path != "src/lib.rs") {
            write_if_changed(&folder.join(&file.path), &file.contents)?;
        }
        let mut root = String::from("#![allow(warnings)]\n");
        root.extend(
            self.files.iter().filter(|file| file.path == "src/lib.rs").map(|file| file.contents.as_str()),
        );
        let mut arms = String::new();
        for Part { name, aliases, code, .. } in &self.parts {
            root.extend(["\nmod ", name, ";\n"]);
            arms.extend(["        Some(\"", name, "\") => ", name, "::run(),\n"]);
            write_if_changed(&folder.join(format!("src/{name}/mod.rs")), &format!("mod aliases;\n\n{code}"))?;
            write_if_changed(&folder.join(format!("src/{name}/aliases.rs")), &aliases.contents)?;
        }
        root.push_str(&MAIN.replace("        ARMS\n", &arms));
        write_if_changed(&folder.join("src/main.rs"), &root)?;
        let scratch = in_workspace(FOLDER);
        fs::copy(in_workspace("Cargo.lock"), scratch.join("Cargo.lock"))?;
        let profile = "[profile.dev]\ndebug = false\nincremental = false\n";
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{:?}]\n\n{profile}", self.name);
        write_if_changed(&scratch.join("Cargo.toml"), &manifest)
    }
}

/// A compiled program.
pub(crate) struct Built {
    program: PathBuf,
    folder: PathBuf,
}

impl Built {
    /// Runs a part of the program with environment variables, and returns a line for each line that it is given.
    ///
    /// # Errors
    /// The program cannot be started, or does not finish.
    pub(crate) fn run(
        &self,
        part: &str,
        lines: &[String],
        variables: &[(&str, &str)],
    ) -> Result<Vec<String>, String> {
        let (input, output) = (self.folder.join("input"), self.folder.join("output"));
        let failed = |error: io::Error| format!("{}: {error}", self.program.display());
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        fs::write(&input, text).map_err(failed)?;
        let status = Command::new(&self.program)
            .arg(part)
            .envs(variables.iter().copied())
            .stdin(Open::open(&input).map_err(failed)?)
            .stdout(Open::create(&output).map_err(failed)?)
            .stderr(Stdio::inherit())
            .status()
            .map_err(failed)?;
        let output = BufReader::new(Open::open(&output).map_err(failed)?);
        let results = output.lines().collect::<Result<Vec<_>, _>>().map_err(failed)?;
        if status.success() && results.len() == lines.len() {
            return Ok(results);
        }
        let at = lines.get(results.len()).map(String::as_str).unwrap_or_default();
        Err(format!("the program stopped with {status} at the input: {at}"))
    }
}

const MAIN: &str = r#"
fn main() {
    match std::env::args().nth(1).as_deref() {
        ARMS
        name => panic!("no part {name:?}"),
    }
}
"#;

fn write_if_changed(path: &Path, contents: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == contents) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, contents)
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .map_err(|error| format!("cargo failed to start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = text.find("error").map_or(text.as_str(), |start| &text[start..]);
    Err(format!("the program of the judge does not compile: {}", first.split("\n\n").next().unwrap_or(first)))
}
