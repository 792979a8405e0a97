//! `cargo xtask bench-compile`: costs of compiling clients.

mod artefact;
mod program;
mod project;
mod reference;
mod table;
mod usage;

use std::path::PathBuf;

use serde::Serialize;

use self::project::{Built, Project};
use crate::client::ClientOptions;
use crate::shell;
use crate::workspace::in_workspace;

/// Measures compiling of clients: the crate alone, a program that calls seven operations, and a program that calls all
/// operations.
///
/// Dependencies are built before and not measured. A build is not incremental, and has cargo's default profiles. User CPU
/// is the time to compare: other work of the machine changes it least. It includes the linker and cargo itself.
///
/// The programs call each operation with its required arguments only. They are compiled, not run.
///
/// Without a description, the client of the chats is measured beside a handwritten client with the same operations and
/// beside its last release, which is read from git.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Root files of the descriptions.
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Measure only this kind of build; repeatable.
    #[arg(long = "build", value_name = "KIND")]
    builds: Vec<Build>,
    /// Number of measurements of each build, whose median is shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: ClientOptions,
}

/// Kind of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Build {
    /// `cargo check`.
    Check,
    /// `cargo build`.
    Debug,
    /// `cargo build --release`.
    Release,
}

impl Build {
    const ALL: [Self; 3] = [Self::Check, Self::Debug, Self::Release];

    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Measured builds of a client.
#[derive(Debug, Serialize)]
struct Subject {
    /// Name of the client.
    client: String,
    /// Number of operations.
    operations: usize,
    /// Distinct crates of a build with the default features: names and versions, the client included.
    crates: usize,
    rows: Vec<Row>,
}

/// A measured build.
#[derive(Debug, Serialize)]
struct Row {
    /// The package that was compiled, its dependencies being up to date.
    part: &'static str,
    build: Build,
    /// Lines of the package's sources.
    lines: usize,
    /// User CPU in seconds.
    user: f64,
    /// Time on the clock in seconds.
    wall: f64,
    /// Peak memory of the largest process, in bytes.
    memory: u64,
    /// Functions with machine code: of a library those in its archive, of a program all that are linked.
    functions: Option<usize>,
    /// Bytes of the executable, not stripped.
    size: Option<u64>,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let builds = if options.builds.is_empty() { Build::ALL.to_vec() } else { options.builds.clone() };
    let mut subjects = Vec::new();
    for project in options.projects()? {
        subjects.push(measured(&project, &builds, options.rounds)?);
    }
    if options.json {
        let json = serde_json::to_string_pretty(&subjects).map_err(|error| error.to_string())?;
        println!("{json}");
    } else {
        table::print(&subjects);
    }
    Ok(())
}

impl Options {
    fn projects(&self) -> Result<Vec<Project>, String> {
        if !self.specs.is_empty() {
            return self.specs.iter().map(|spec| project::generated(&self.client.client(spec)?)).collect();
        }
        let chats = self.client.client(&in_workspace("spec/openapi.yaml"))?;
        let mut projects = vec![project::generated(&chats)?, reference::handwritten()?];
        match reference::released() {
            Ok(released) => projects.push(released),
            Err(reason) => shell::warning(format_args!("the last release is not measured: {reason}")),
        }
        Ok(projects)
    }
}

fn measured(project: &Project, builds: &[Build], rounds: u32) -> Result<Subject, String> {
    shell::status("Measuring", &project.name);
    let mut rows = Vec::new();
    for build in builds {
        project.build_all(*build)?;
        let rounds: Result<Vec<_>, _> = (0..rounds).map(|_| project.round(*build)).collect();
        rows.extend(medians(*build, &rounds?));
    }
    let (client, operations, crates) = (project.name.clone(), project.operations, project.crates()?);
    Ok(Subject { client, operations, crates, rows })
}

/// Returns the median of the rounds for each package.
fn medians(build: Build, rounds: &[Vec<Built>]) -> Vec<Row> {
    let Some(last) = rounds.last() else { return Vec::new() };
    let row = |(index, built): (usize, &Built)| {
        let values = |value: fn(&Built) -> f64| median(rounds.iter().map(|round| value(&round[index])));
        Row {
            part: built.part,
            build,
            lines: built.lines,
            user: values(|built| built.usage.user.as_secs_f64()),
            wall: values(|built| built.usage.wall.as_secs_f64()),
            memory: rounds.iter().map(|round| round[index].usage.memory).max().unwrap_or_default(),
            functions: built.functions,
            size: built.size,
        }
    };
    last.iter().enumerate().map(row).collect()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn median_is_middle_or_between_both() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        assert!((median([4.0, 1.0, 2.0, 3.0].into_iter()) - 2.5).abs() < f64::EPSILON);
    }
}
