//! `cargo xtask verify`: checks that descriptions are accepted, that their clients compile, that types keep what the
//! descriptions allow, and that calls say it on the wire.

mod table;

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use generator::client::Webhooks;
use generator::plan::Crate;
use generator::render::Package;
use generator::{Client, Generated};
use indicatif::{ProgressBar, ProgressStyle};

use crate::client::ClientOptions;
use crate::judge::{Choice, Judged, Judges, Outcome, Verdict, WireOutcome};
use crate::shell;
use crate::workspace::in_workspace;

/// Generates the client of each description as a scratch crate, and compiles the crate with warnings denied. Each description
/// uses its own settings; `--settings` replaces the settings of all.
///
/// With `--round-trip`, samples are made from each schema that the client uses, or from all components with `--schemas`: each
/// boundary value, each property present and absent, null, each union member, each enum value and an unknown one, unknown
/// properties. A program reads each sample into the type of its schema and writes it back. The result has to be equal as
/// JSON, but for the spelling of numbers and of times, for unknown properties unless the schema asks for them with
/// `additionalProperties`, for `readOnly` properties of types that are sent, and for optional nulls of types that are only
/// received. A value that an independent validator rejects need not be read, but is not to be lost either.
///
/// With `--wire`, a program makes calls of each operation: with the required arguments, with all of them, and with each value of
/// each argument. A server on loopback decodes the requests by the tables of styles and media types of the specification, and
/// compares each with what the call was given. Parts that the caller makes are not judged. Each declared response is served with
/// each of its instances and has to become that value; an undeclared status and a wrong media type have to become errors.
///
/// Webhooks are judged the other way round: requests have to become what they say, unknown kinds included, and responses have
/// to say what they are made of. The columns count the responses as calls, and the requests as responses.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Root files of the descriptions.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Skip Clippy and rustdoc. Without `--round-trip` and `--wire`, that takes seconds even for many descriptions.
    #[arg(long)]
    no_compile: bool,
    /// Show the warnings about each description. Of warnings with one text, the first is shown.
    #[arg(long)]
    warnings: bool,
    #[command(flatten)]
    judges: JudgeOptions,
    #[command(flatten)]
    client: ClientOptions,
}

/// The judges, and the samples that they take.
#[derive(clap::Args)]
struct JudgeOptions {
    /// Read samples of each schema into its type, and write them back.
    #[arg(long)]
    round_trip: bool,
    /// Make calls of each operation to a server, and compare requests and responses with what was given.
    #[arg(long)]
    wire: bool,
    /// Take the operations also as webhooks: requests to an application. Entries of the field `webhooks` are always taken.
    #[arg(long)]
    webhooks: bool,
    /// Judge only the schema or the operation at this place, such as `openapi.yaml#/components/schemas/Pet`.
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// Number that the choice of samples depends on.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Maximum number of samples of each schema and direction, and of calls and responses of each operation.
    #[arg(long, value_name = "NUMBER", default_value_t = 200)]
    samples: usize,
}

/// The result of one description.
struct Row {
    spec: PathBuf,
    operations: usize,
    left_out: usize,
    types: usize,
    /// Warnings about the description: their number and, if they are wanted, their text.
    warnings: (usize, String),
    generated: Duration,
    compiled: Option<Duration>,
    round_trips: Option<Outcome>,
    wire: Option<WireOutcome>,
    /// The first problem, if any.
    failure: Option<String>,
}

impl Row {
    fn is_ok(&self) -> bool {
        self.failure.is_none()
            && self.round_trips.as_ref().is_none_or(|outcome| outcome.lost.is_empty())
            && self.wire.as_ref().is_none_or(|wire| wire.mismatches.is_empty() && wire.misread.is_empty())
    }

    fn verdict(&self) -> &'static str {
        if self.is_ok() { "ok" } else { "failed" }
    }
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let clients: Result<Vec<_>, _> = options.specs.iter().map(|spec| options.client.client(spec)).collect();
    let clients = clients?;
    let bar = progress_bar(clients.len());
    let mut rows = Vec::new();
    for mut client in clients {
        bar.set_message(client.description.display().to_string());
        client.settings.benches.clear();
        client.settings.examples.clear();
        client.settings.dev_dependencies.clear();
        let row = options.verified(&client);
        bar.inc(1);
        if options.is_slow() && !std::io::stderr().is_terminal() {
            let number = format!("{} of {}", rows.len() + 1, options.specs.len());
            shell::status("Verified", format_args!("{number}: {}: {}", row.spec.display(), row.verdict()));
        }
        rows.push(row);
    }
    bar.finish_and_clear();
    options.print(&rows);
    let failed = rows.iter().filter(|row| !row.is_ok()).count();
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

impl Options {
    /// Returns `true` if a description takes long enough to be told of.
    fn is_slow(&self) -> bool {
        self.judges.round_trip || self.judges.wire || !self.no_compile
    }

    fn verified(&self, client: &Client) -> Row {
        let begin = Instant::now();
        let mut row = Row {
            spec: client.description.clone(),
            operations: 0,
            left_out: 0,
            types: 0,
            warnings: (0, String::new()),
            generated: Duration::ZERO,
            compiled: None,
            round_trips: None,
            wire: None,
            failure: None,
        };
        let mut opened = client.open();
        let mut webhooks = client.settings.webhooks.clone();
        if webhooks.is_none() && (self.judges.webhooks || opened.has_webhooks()) {
            opened = opened.with_webhooks(Webhooks::open(&client.description, client.overlay.as_deref()));
            webhooks = Some(client.description.clone());
        }
        let package = opened.package();
        let judged = opened.analyse().map_err(|report| report.render(false)).and_then(|analysed| {
            row.generated = begin.elapsed();
            let judges = self.judges(client, webhooks.as_deref(), &analysed.krate, &package)?;
            let begin = Instant::now();
            let generated = analysed.generate(&package).map_err(|error| error.to_string())?;
            row.generated += begin.elapsed();
            (row.operations, row.types) = (generated.selected.operations.len(), generated.types);
            row.left_out = generated.left_out.len();
            row.warnings.0 = generated.report.counts().1;
            if self.warnings {
                row.warnings.1 = generated.report.render_first(usize::MAX, shell::has_colour()).text;
            }
            self.judge(&generated, judges, &mut row)
        });
        row.failure = judged.err();
        row
    }

    fn judges(
        &self,
        client: &Client,
        webhooks: Option<&Path>,
        krate: &Crate,
        package: &Package,
    ) -> Result<Judges, String> {
        let JudgeOptions { seed, samples, at, .. } = &self.judges;
        let choice = Choice { seed: *seed, samples: *samples, place: at.clone() };
        let incoming = webhooks.zip(krate.incoming.as_deref());
        let incoming = incoming.map(|(description, krate)| Judged { description, krate, package });
        let client = Judged { description: &client.description, krate, package };
        let mut judges = Judges::default();
        if self.judges.round_trip {
            judges = judges.with_types(client, incoming, &choice)?;
        }
        if self.judges.wire {
            judges = judges.with_wire(client, incoming, &choice)?;
        }
        Ok(judges)
    }

    fn judge(&self, generated: &Generated, judges: Judges, row: &mut Row) -> Result<(), String> {
        if !self.no_compile {
            let begin = Instant::now();
            let compiled = compiled(generated, &row.spec);
            row.compiled = Some(begin.elapsed());
            compiled?;
        }
        Verdict { round_trips: row.round_trips, wire: row.wire } = judges.run(slug(&row.spec), generated)?;
        Ok(())
    }
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
