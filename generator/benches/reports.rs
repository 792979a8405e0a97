//! The time to read a description and to report what is wrong with it, against reading alone, in the same run.
//!
//! `cargo bench -p generator --bench reports`. The target is a ratio of at most 3 for what `codegen` shows, the first
//! problems of each kind. A problem that is shown costs some microseconds, however large the file is.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use generator::diagnostic::{Diagnostic, Diagnostics, Location};
use generator::load::Sources;
use generator::report::Report;
use tempfile::TempDir;

const SIZES: [usize; 3] = [100_000, 1_000_000, 10_000_000];
const DIAGNOSTICS: [usize; 3] = [10, 100, 1_000];
/// Number of problems of each kind that `codegen` shows.
const SHOWN: usize = 20;
const FORMATS: [Format; 3] = [Format::Yaml, Format::Json, Format::Minified];

#[derive(Clone, Copy, Debug)]
enum Format {
    Yaml,
    Json,
    Minified,
}

/// A description of about so many bytes, with so many problems.
#[derive(Clone, Copy, Debug)]
struct Case {
    format: Format,
    size: usize,
    diagnostics: usize,
}

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fn main() {
    for format in FORMATS {
        for size in SIZES {
            write_description(format, size);
        }
    }
    divan::main();
    println!("    format      bytes  diagnostics       read   + first 20         + all");
    for case in cases() {
        print_ratio(case);
    }
}

#[divan::bench(args = cases(), sample_count = 5)]
fn read_and_report(bencher: Bencher, case: &Case) {
    bencher.bench_local(|| report(*case, SHOWN));
}

#[divan::bench(args = files(), sample_count = 5)]
fn read(bencher: Bencher, (format, size): (Format, usize)) {
    bencher.bench_local(|| sources(&path(format, size)));
}

fn files() -> impl Iterator<Item = (Format, usize)> {
    FORMATS.into_iter().flat_map(|format| SIZES.map(|size| (format, size)))
}

fn cases() -> Vec<Case> {
    let of = |(format, size)| DIAGNOSTICS.map(|diagnostics| Case { format, size, diagnostics });
    files().flat_map(of).collect()
}

/// Prints the best of some rounds: other work of the machine only adds time.
fn print_ratio(case: Case) {
    const ROUNDS: usize = 9;
    let Case { format, size, diagnostics } = case;
    let (mut read, mut first, mut all) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        read = read.min(timed(|| sources(&path(format, size))));
        first = first.min(timed(|| report(case, SHOWN)));
        all = all.min(timed(|| report(case, usize::MAX)));
    }
    let ratio = |time: Duration| time.as_secs_f64() / read.as_secs_f64();
    let (first_ratio, all_ratio) = (ratio(first), ratio(all));
    println!(
        "{:>10} {size:>10} {diagnostics:>12} {read:>10.1?} {first:>8.1?} {first_ratio:>5.2} {all:>8.1?} {all_ratio:>5.2}",
        format!("{format:?}")
    );
}

/// Reads a description.
fn sources(path: &Path) -> Sources {
    let sources = Sources::new(path);
    assert!(sources.node(&sources.root()).is_ok());
    sources
}

/// Reads a description and renders a report of problems that are spread over the whole file.
fn report(case: Case, of_each: usize) -> String {
    let sources = sources(&path(case.format, case.size));
    let schemas = sources.root().child("components").child("schemas");
    let total = schema_count(case.size);
    let mut diagnostics = Diagnostics::default();
    for number in 0..case.diagnostics {
        let schema = number * total / case.diagnostics;
        diagnostics.push(diagnostic(&schemas.child(format!("Schema{schema}")), number));
    }
    Report::new(diagnostics, &sources).render_first(of_each, false).text
}

/// Returns a problem with the name of a schema, a multi-line description or a value.
fn diagnostic(schema: &Location, number: usize) -> Diagnostic {
    let property = schema.child("properties").child("name");
    let message = format!("problem {number}");
    match number % 3 {
        0 => Diagnostic::warning(schema, message).at_key(),
        1 => Diagnostic::warning(&schema.child("description"), message),
        _ => Diagnostic::warning(&property.child("maxLength"), message).help("a shorter one"),
    }
}

fn path(format: Format, size: usize) -> PathBuf {
    let extension = match format {
        Format::Yaml => "yaml",
        Format::Json | Format::Minified => "json",
    };
    FOLDER.path().join(format!("{format:?}{size}.{extension}"))
}

/// The bytes of one schema in the YAML file.
const SCHEMA: usize = 350;

fn schema_count(size: usize) -> usize {
    size / SCHEMA
}

fn write_description(format: Format, size: usize) {
    let text = match format {
        Format::Yaml => yaml(schema_count(size)),
        Format::Json => json(schema_count(size), "\n  "),
        Format::Minified => json(schema_count(size), ""),
    };
    fs::write(path(format, size), text).expect("a file");
}

fn yaml(schemas: usize) -> String {
    let mut text =
        "openapi: 3.0.3\ninfo: {title: Large, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
    for number in 0..schemas {
        write!(
            text,
            "    Schema{number}:
      type: object
      description: |
        The description of a schema, with the length of a usual line.
        Ein zweiter Absatz – nicht alles ist ASCII.
      required: [id, name]
      properties:
        id: {{type: integer, format: int64, minimum: 1}}
        name:
          type: string
          maxLength: 255
          example: A name
"
        )
        .expect("text");
    }
    text
}

/// Returns the description as JSON, with `space` before each member.
fn json(schemas: usize, space: &str) -> String {
    let mut text =
        r#"{"openapi":"3.0.3","info":{"title":"Large","version":"1"},"paths":{},"components":{"schemas":{"#
            .to_owned();
    for number in 0..schemas {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{space}"Schema{number}":{{"type":"object",{space}"description":"The description of a schema,\nwith the length of a usual line. Ein zweiter Absatz – nicht alles ist ASCII.",{space}"required":["id","name"],{space}"properties":{{"id":{{"type":"integer","format":"int64","minimum":1}},{space}"name":{{"type":"string","maxLength":255,{space}"example":"A name"}}}}}}"#
        )
        .expect("text");
    }
    text.push_str("}}}");
    text
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begin = clock();
    black_box(work());
    clock().saturating_sub(begin)
}

/// Returns the time that the process has spent on processors.
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("a time after the start")
}
