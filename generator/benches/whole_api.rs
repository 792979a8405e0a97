//! Duration of generating the vendor's whole API, against reading and parsing its files, in the same run.
//!
//! `cargo bench -p generator`. Without the vendor's descriptions beside the workspace it says so and ends.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::Bencher;
use generator::diagnostic::Diagnostics;
use generator::dialect::{Conventions, Dialect, Market};
use generator::diff::diff;
use generator::load::Sources;
use generator::plan::Crate;
use generator::render::Package;
use generator::select::{Selection, select};
use generator::{Generated, analyse, generate};
use serde_yaml::Value;

static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/2026-07-17/openapi"));

static OLDER: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/2024-08-29/openapi"));

fn main() {
    if !FOLDER.exists() {
        println!("skipped: the vendor's description is not at hand ({})", FOLDER.display());
        return;
    }
    divan::main();
    print_ratio();
    println!("peak memory of the process: {:.1} MB", peak_memory());
}

/// Measures the baseline: parses every file with the generator's parser, one by one.
#[divan::bench]
fn read_and_parse(bencher: Bencher) {
    let files = files_below(&FOLDER);
    bencher.bench_local(|| parse_all(&files));
}

#[divan::bench]
fn generate_everything(bencher: Bencher) {
    bencher.bench_local(everything);
}

/// Reads two descriptions of the whole API and compares them.
#[divan::bench]
fn diff_two_editions(bencher: Bencher) {
    bencher.bench_local(|| {
        let changes = diff(&planned(&OLDER), &planned(&FOLDER));
        assert!(changes.changes.len() > 100);
        changes
    });
}

fn planned(folder: &Path) -> Crate {
    let root = folder.join("openapi.yaml");
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::new(&root);
    let selected = select(&sources, &Selection { all: true, ..Selection::default() }, &mut diagnostics);
    analyse(&sources, &selected, &Conventions::from(&Market as &dyn Dialect), &mut diagnostics)
        .expect("a plan")
}

/// Prints the medians of some rounds. Both run in turn, so both see changes of the machine's speed.
fn print_ratio() {
    const ROUNDS: usize = 25;
    let files = files_below(&FOLDER);
    let (mut parsing, mut generating) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parsing.push(timed(|| parse_all(&files)));
        generating.push(timed(everything));
    }
    let ratio = median(generating).as_secs_f64() / median(parsing).as_secs_f64();
    println!("generating {} files takes {ratio:.2} times as long as reading and parsing them", files.len());
}

fn parse_all(files: &[PathBuf]) {
    for file in files {
        let text = fs::read_to_string(file).expect("a file");
        black_box(serde_yaml::from_str::<Value>(&text).expect("YAML"));
    }
}

fn everything() -> Generated {
    let package = Package { name: "whole-api".to_owned(), version: "1.0.0".to_owned(), ..Package::default() };
    let selection = Selection { all: true, ..Selection::default() };
    generate(&FOLDER.join("openapi.yaml"), &selection, &Market, &package).expect("a client")
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begin = Instant::now();
    black_box(work());
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Returns the peak memory of the process in megabytes, or 0 if the system does not report it.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
