//! Durations of the stages for the chats and for descriptions of 1, 4, 16 and 64 times their size, against parsing the same
//! bytes with the same parser.
//!
//! `cargo bench -p generator --bench stages`. A duration is the time of processors, which other work of the machine changes least. The
//! exponent says how the whole run grows with the size: 1 is linear.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use generator::analyse;
use generator::diagnostic::Diagnostics;
use generator::dialect::{Conventions, Dialect, Market};
use generator::load::Sources;
use generator::render::{Package, render};
use generator::report::Report;
use generator::select::{Selection, select};
use serde_yaml::{Mapping, Value};

const COPIES: [usize; 4] = [1, 4, 16, 64];

/// Durations of the stages.
#[derive(Clone, Copy)]
struct Durations {
    parse: Duration,
    load: Duration,
    analyse: Duration,
    report: Duration,
    render: Duration,
}

impl Durations {
    const MAX: Self = Self {
        parse: Duration::MAX,
        load: Duration::MAX,
        analyse: Duration::MAX,
        report: Duration::MAX,
        render: Duration::MAX,
    };

    fn whole(&self) -> Duration {
        self.load + self.analyse + self.report + self.render
    }

    /// Keeps the best of two: other work of the machine only adds time.
    fn min(self, other: Self) -> Self {
        Self {
            parse: self.parse.min(other.parse),
            load: self.load.min(other.load),
            analyse: self.analyse.min(other.analyse),
            report: self.report.min(other.report),
            render: self.render.min(other.render),
        }
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "copies      bytes     parse      load   analyse    report    render     whole  whole/parse  peak memory"
    );
    let mut measured = Vec::new();
    for copies in COPIES {
        let path = folder.path().join(format!("chats{copies}.yaml"));
        fs::write(&path, description(copies)).expect("a file");
        let bytes = fs::metadata(&path).expect("a file").len();
        let best = (0..128 / copies + 3).fold(Durations::MAX, |best, _| best.min(durations(&path)));
        let Durations { parse, load, analyse, report, render } = best;
        let whole = best.whole();
        let ratio = whole.as_secs_f64() / parse.as_secs_f64();
        println!(
            "{copies:>6} {bytes:>10} {parse:>9.2?} {load:>9.2?} {analyse:>9.2?} {report:>9.2?} {render:>9.2?} {whole:>9.2?} {ratio:>12.2} {:>9.1} MB",
            peak_memory()
        );
        measured.push((f64::from(u32::try_from(bytes).expect("a small file")), whole.as_secs_f64()));
    }
    println!("exponent of the whole: {:.3}", exponent(&measured));
}

fn durations(path: &Path) -> Durations {
    let (parse, _) = timed(|| {
        let text = fs::read_to_string(path).expect("a file");
        serde_yaml::from_str::<Value>(&text).expect("YAML")
    });
    let selection = Selection { all: true, ..Selection::default() };
    let mut diagnostics = Diagnostics::default();
    let (load, (sources, selected)) = timed(|| {
        let sources = Sources::new(path);
        let selected = select(&sources, &selection, &mut diagnostics);
        (sources, selected)
    });
    let conventions = Conventions::from(&Market as &dyn Dialect);
    let (analyse, krate) =
        timed(|| analyse(&sources, &selected, &conventions, &mut diagnostics).expect("a plan"));
    let (report, _) = timed(|| Report::new(diagnostics, &sources).render_first(20, false));
    let package = Package { name: "chats".to_owned(), version: "1.0.0".to_owned(), ..Package::default() };
    let (render, files) = timed(|| render(&krate, &package).expect("files"));
    assert!(files.len() > selected.operations.len());
    Durations { parse, load, analyse, report, render }
}

/// Returns the description of the chats with all its paths and components so many times, each time with other names.
fn description(copies: usize) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../spec/openapi.yaml");
    let text = fs::read_to_string(path).expect("the description of the chats");
    let mut whole: Value = serde_yaml::from_str(&text).expect("YAML");
    let (mut paths, mut components) = (Mapping::new(), Mapping::new());
    for number in 1..=copies {
        let copy: Value = serde_yaml::from_str(&renamed(&text, number)).expect("YAML");
        for (path, item) in copy["paths"].as_mapping().expect("paths") {
            let path = format!("/copies/{number}{}", path.as_str().expect("a path"));
            paths.insert(path.into(), item.clone());
        }
        for (kind, named) in copy["components"].as_mapping().expect("components") {
            let all = components.entry(kind.clone()).or_insert_with(|| Mapping::new().into());
            let named = named.as_mapping().expect("components").clone();
            // Security schemes belong to the description, not to a copy.
            all.as_mapping_mut().expect("a mapping").extend(named);
        }
    }
    whole["paths"] = paths.into();
    whole["components"] = components.into();
    serde_yaml::to_string(&whole).expect("YAML")
}

/// Gives operations, schemas and responses other names.
fn renamed(text: &str, number: usize) -> String {
    let mut section = "";
    let mut renamed = String::new();
    for line in text.lines() {
        let name = line
            .strip_prefix("    ")
            .filter(|name| !name.starts_with(' '))
            .and_then(|name| name.strip_suffix(':'));
        if line.starts_with("  ") && !line.starts_with("   ") {
            section = line.trim();
        }
        let is_copied = ["schemas:", "responses:", "parameters:"].contains(&section);
        let line = match (name, line.split_once("operationId: ")) {
            (Some(name), _) if is_copied => format!("    {}x{number}:", name.trim_matches('\'')),
            (_, Some((indent, id))) => format!("{indent}operationId: {id}{number}"),
            _ => match line.split_once("$ref: ") {
                Some((indent, target)) => format!("{indent}$ref: '{}x{number}'", target.trim_matches('\'')),
                None => line.to_owned(),
            },
        };
        renamed.extend([line.as_str(), "\n"]);
    }
    renamed
}

/// Returns the slope of the line through the logarithms, by least squares.
fn exponent(measured: &[(f64, f64)]) -> f64 {
    let points: Vec<_> = measured.iter().map(|(size, time)| (size.ln(), time.ln())).collect();
    let count = f64::from(u32::try_from(points.len()).expect("few points"));
    let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let variance: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    covariance / variance
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = clock();
    let result = black_box(work());
    (clock().saturating_sub(begin), result)
}

/// Returns the time that the process has spent on processors.
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("a time after the start")
}

/// Returns the peak memory of the process in megabytes, or 0 if the system does not report it.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
