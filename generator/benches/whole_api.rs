//! How long the vendor's whole API takes, against reading and parsing its files, in the same run.
//!
//! `cargo bench -p generator`. Without the vendor's descriptions beside the workspace it says so and ends.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use generator::generate;
use generator::render::Package;
use generator::select::Selection;
use serde_yaml::Value;

const ROUNDS: usize = 9;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/2026-07-17/openapi");
    let root = folder.join("openapi.yaml");
    if !root.exists() {
        println!("skipped: the vendor's description is not at hand ({})", root.display());
        return;
    }
    let files = files_below(&folder);
    let package = Package { name: "whole-api".to_owned(), version: "1.0.0".to_owned(), ..Package::default() };
    let everything = Selection { all: true, ..Selection::default() };
    // One of each in turn, so that a change of the machine's speed meets both.
    let (mut parsing, mut generating) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parsing.push(timed(|| files.iter().for_each(|file| drop(black_box(parse(file))))));
        generating
            .push(timed(|| generate(&root, &everything, &package).map(|generated| generated.files.len())));
    }
    let (parsing, generating) = (median(parsing), median(generating));
    println!("{} files, 160 operations, medians of {ROUNDS}", files.len());
    println!("read and parse    {:>8.1} ms", parsing.as_secs_f64() * 1e3);
    println!("generate          {:>8.1} ms", generating.as_secs_f64() * 1e3);
    println!("ratio             {:>8.2}", generating.as_secs_f64() / parsing.as_secs_f64());
    println!("peak memory       {:>8.1} MB", peak_memory());
}

fn parse(file: &Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(file).expect("a file")).expect("YAML")
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

/// The most memory that the process had at a time, in megabytes; 0 where the system does not tell.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
