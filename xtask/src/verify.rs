//! `cargo xtask verify`: checks that descriptions are accepted, and that their clients compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use generator::{Client, Generated};
use indicatif::{ProgressBar, ProgressStyle};

use crate::client::ClientOptions;
use crate::shell;
use crate::workspace::in_workspace;

/// Generates the client of each description as a scratch crate, and compiles the crate with warnings denied. Each description
/// uses its own settings; `--settings` replaces the settings of all.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Root files of the descriptions.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Only generate, which takes seconds even for many descriptions.
    #[arg(long)]
    no_compile: bool,
    #[command(flatten)]
    client: ClientOptions,
}

/// The result of one description.
struct Row {
    spec: PathBuf,
    operations: usize,
    types: usize,
    generated: Duration,
    compiled: Option<Duration>,
    /// The first problem, if any.
    failure: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let clients: Result<Vec<_>, _> = options.specs.iter().map(|spec| options.client.client(spec)).collect();
    let clients = clients?;
    let bar = progress_bar(clients.len());
    let mut rows = Vec::new();
    for mut client in clients {
        bar.set_message(client.description.display().to_string());
        client.settings.benches.clear();
        client.settings.dev_dependencies.clear();
        rows.push(verified(&client, options.no_compile));
        bar.inc(1);
    }
    bar.finish_and_clear();
    print_table(&rows);
    let failed = rows.iter().filter(|row| row.failure.is_some()).count();
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} of {} failed", shell::count(rows.len(), "description"))),
    }
}

/// Returns a progress bar, which shows on a terminal only.
fn progress_bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("   Verifying [{bar:20}] {pos}/{len} {msg}");
    ProgressBar::new(length as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn verified(client: &Client, no_compile: bool) -> Row {
    let begin = Instant::now();
    let generated = client.generate();
    let mut row = Row {
        spec: client.description.clone(),
        operations: 0,
        types: 0,
        generated: begin.elapsed(),
        compiled: None,
        failure: None,
    };
    match generated {
        Err(error) => row.failure = Some(error.to_string()),
        Ok(generated) => {
            row.operations = generated.selected.operations.len();
            row.types = generated.types;
            if !no_compile {
                let begin = Instant::now();
                row.failure = compiled(&generated, &row.spec).err();
                row.compiled = Some(begin.elapsed());
            }
        }
    }
    row
}

fn compiled(generated: &Generated, spec: &Path) -> Result<(), String> {
    let folder = in_workspace("target/verify").join(slug(spec));
    generated.write(&folder).map_err(|error| error.to_string())?;
    compile(&folder)
}

/// Returns the name of the scratch folder of a description. A second run compiles only changed crates.
fn slug(spec: &Path) -> String {
    let text = spec.to_string_lossy();
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}

/// Compiles a crate and its documentation with warnings denied. The crate becomes the only member of the scratch workspace.
/// All scratch crates share one target folder, so their dependencies are compiled once.
fn compile(folder: &Path) -> Result<(), String> {
    let scratch = in_workspace("target/verify");
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{name:?}]\n");
    let lock = fs::copy(in_workspace("Cargo.lock"), scratch.join("Cargo.lock"));
    lock.and_then(|_| fs::write(scratch.join("Cargo.toml"), manifest))
        .map_err(|error| format!("{}: {error}", scratch.display()))?;
    cargo(&scratch, &["clippy", "--offline", "--workspace", "--", "-D", "warnings"])?;
    cargo(&scratch, &["doc", "--offline", "--workspace", "--no-deps"])
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .map_err(|error| format!("cargo failed to start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = text.find("error").map_or(text.as_str(), |start| &text[start..]);
    Err(first.split("\n\n").next().unwrap_or(first).to_owned())
}

fn print_table(rows: &[Row]) {
    let width =
        rows.iter().map(|row| row.spec.as_os_str().len()).max().unwrap_or_default().max("description".len());
    println!("{:width$}  operations  types  generate  compile  verdict", "description");
    for row in rows {
        let compiled =
            row.compiled.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
        let verdict = if row.failure.is_some() { "failed" } else { "ok" };
        println!(
            "{:width$}  {:>10}  {:>5}  {:>6.0} ms  {compiled:>7}  {verdict}",
            row.spec.display(),
            row.operations,
            row.types,
            row.generated.as_secs_f64() * 1e3,
        );
    }
    for row in rows {
        if let Some(failure) = &row.failure {
            shell::error(row.spec.display());
            shell::raw(failure);
        }
    }
}
