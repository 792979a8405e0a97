//! `cargo xtask prove`: checks predictions of `cargo xtask diff` with cargo-semver-checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::diff::{Change, Diff, Severity, diff};
use generator::settings::Settings;

use crate::client::{self, ClientOptions, analysed};
use crate::shell;
use crate::workspace::in_workspace;

/// Generates the clients of descriptions, and compares each pair of clients with cargo-semver-checks, which has to be
/// installed. Fails if cargo-semver-checks finds a breaking change that `diff` did not predict for the item.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Root files of the descriptions, from old to new.
    #[arg(required = true, num_args = 2.., value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Compare each description only with the next one.
    #[arg(long)]
    neighbours: bool,
    #[command(flatten)]
    client: ClientOptions,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    // Only crates of one name can be compared.
    let mut settings = options.client.settings_of(options.specs.iter().rev().map(PathBuf::as_path))?;
    settings.name.get_or_insert_with(|| "client".to_owned());
    settings.benches.clear();
    settings.examples.clear();
    settings.dev_dependencies.clear();
    let count = options.specs.len();
    let all =
        (0..count).flat_map(|old| (0..count).map(move |new| (old, new))).filter(|(old, new)| old != new);
    let pairs = all.filter(|(old, new)| !options.neighbours || old + 1 == *new);
    let mut refuted = 0;
    for (old, new) in pairs {
        let (old, new) = (&options.specs[old], &options.specs[new]);
        let changes = compared(old, new, &settings, options.client.root())?;
        let complaints = complaints(old, new, &settings, options.client.root())?;
        let unpredicted = unpredicted(&changes, &complaints);
        let prediction =
            changes.severity().map_or_else(|| "nothing".to_owned(), |s| format!("{s:?}").to_lowercase());
        let verdict = format!(
            "{} to {}: {prediction} predicted, {} found",
            old.display(),
            new.display(),
            shell::count(complaints.len(), "breaking change")
        );
        if unpredicted.is_empty() {
            shell::status("Proved", verdict);
        } else {
            shell::error(verdict);
            for complaint in unpredicted {
                shell::raw(&format!("not predicted: {complaint}"));
            }
            refuted += 1;
        }
    }
    if refuted == 0 { Ok(()) } else { Err(format!("{} refuted", shell::count(refuted, "prediction"))) }
}

fn compared(old: &Path, new: &Path, settings: &Settings, root: Option<&Path>) -> Result<Diff, String> {
    let old = analysed(&client::compared(old, settings, root)?)?;
    let new = analysed(&client::compared(new, settings, root)?)?;
    Ok(diff(&old.krate, &new.krate))
}

/// Returns the breaking changes that cargo-semver-checks finds, one line for each item.
fn complaints(
    old: &Path,
    new: &Path,
    settings: &Settings,
    root: Option<&Path>,
) -> Result<Vec<String>, String> {
    let scratch = in_workspace("target/prove");
    // All runs use the same folders, so dependencies of the clients are compiled once.
    let baseline = client(&scratch.join("old"), old, settings, root)?;
    let current = client(&scratch.join("new"), new, settings, root)?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["semver-checks", "check-release", "--release-type", "minor", "--color", "never"])
        .args(["--default-features", "--features", "blocking,limiter,mock,tracing"])
        .arg("--manifest-path")
        .arg(current.join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(&baseline)
        .output()
        .map_err(|error| format!("cargo failed to start: {error}"))?;
    let progress = String::from_utf8_lossy(&output.stderr);
    if !progress.contains("Summary") {
        return Err(format!("cargo-semver-checks is not installed, or failed:\n{}", progress.trim()));
    }
    Ok(failures(&String::from_utf8_lossy(&output.stdout)))
}

/// Returns the indented lines below each `Failed in:`.
fn failures(text: &str) -> Vec<String> {
    let mut failures = Vec::new();
    let mut is_list = false;
    for line in text.lines() {
        is_list = (is_list && line.starts_with("  ")) || line.trim_end() == "Failed in:";
        if is_list && line.starts_with("  ") {
            failures.push(line.trim().to_owned());
        }
    }
    failures
}

/// Returns the complaints about items without a predicted breaking change.
fn unpredicted<'c>(changes: &Diff, complaints: &'c [String]) -> Vec<&'c String> {
    let breaks: Vec<_> = changes.changes.iter().filter(|change| change.severity == Severity::Major).collect();
    let is_predicted =
        |complaint: &&String| breaks.iter().any(|change| predicts(change, &names(subject(complaint))));
    complaints.iter().filter(|complaint| !is_predicted(complaint)).collect()
}

/// Returns the subject of a complaint, without its places.
fn subject(complaint: &str) -> &str {
    let ends = [", previously in", " in file", " in /", " (/"].map(|end| complaint.find(end));
    &complaint[..ends.into_iter().flatten().min().unwrap_or(complaint.len())]
}

/// Returns the names in a text, without case and separators: `get_chats` (method), `GetChats` (type) and `get-chats`
/// (feature) are one name.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.replace('-', "_");
    let words = words.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.map(|word| word.replace('_', "").to_lowercase()).filter(|word| !word.is_empty()).collect()
}

/// Returns `true` if a predicted breaking change explains a complaint about these names. A removed or renamed item explains
/// complaints about everything with its name. A member explains complaints about itself and about its constructor.
fn predicts(change: &Change, complained: &BTreeSet<String>) -> bool {
    let has = |name: &str| names(name).is_subset(complained);
    let path: Vec<_> = change.item.split("::").collect();
    match path.as_slice() {
        // A method of the client, its call, its module and its expectation in the mock.
        ["Client", method] => {
            let of_mock = names(&format!("on_{method}"));
            has(method) || of_mock.is_subset(complained)
        }
        ["types" | "operations" | "ErrorBody" | "ClientBuilder", .., owner, member]
            if owner.starts_with(char::is_uppercase) =>
        {
            has(owner) && (has(member) || has("new"))
        }
        [.., owner] => {
            has(owner)
                || change
                    .text
                    .strip_prefix("renamed, was ")
                    .is_some_and(|was| was.trim_matches('`').rsplit("::").next().is_some_and(has))
        }
        [] => false,
    }
}

/// Generates a client in its own workspace.
fn client(folder: &Path, spec: &Path, settings: &Settings, root: Option<&Path>) -> Result<PathBuf, String> {
    let generated = client::compared(spec, settings, root)?.generate().map_err(|error| error.to_string())?;
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    let client = folder.join("client");
    generated.write(&client).map_err(named)?;
    fs::write(folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"client\"]\n")
        .map_err(named)?;
    fs::copy(in_workspace("Cargo.lock"), folder.join("Cargo.lock")).map_err(named)?;
    Ok(client)
}

#[cfg(test)]
mod tests {
    use generator::diff::{Change, Kind, Severity, Subject};

    use super::{failures, names, predicts, subject};

    #[test]
    fn break_predicts_only_complaints_about_its_item() {
        let predicted = |item: &str, text: &str, complaint: &str| {
            let change = Change {
                subject: Subject::Type,
                kind: Kind::Removed,
                severity: Severity::Major,
                item: item.to_owned(),
                text: text.to_owned(),
                old: None,
                new: None,
            };
            predicts(&change, &names(subject(complaint)))
        };
        let state = "field state of struct Order, previously in file /old/client/src/types.rs:1";
        let id = "field id of struct Order, previously in file /old/client/src/types/state.rs:1";
        assert!(predicted("types::Order::state", "", state) && !predicted("types::Order::state", "", id));
        assert!(predicted("types::Order", "removed", id) && !predicted("types::Orders", "removed", id));
        assert!(predicted(
            "types::NewOrder::total",
            "",
            "a::types::NewOrder::new takes 1 parameters in /old/x.rs:1"
        ));
        assert!(predicted("types::B", "renamed, was `types::A`", "struct a::types::A, previously in file x"));
        assert!(predicted("Client::get_order", "removed", "Mock::on_get_order, previously in file x"));
        assert!(predicted(
            "Client::get_order",
            "removed",
            "struct a::operations::GetOrder, previously in file x"
        ));
        assert!(!predicted(
            "Client::old",
            "removed",
            "struct a::B, previously in file /target/old/src/lib.rs:1"
        ));
        assert!(predicted("operations::get_more", "removed", "feature get-more in the package's Cargo.toml"));
    }

    #[test]
    fn complaints_are_the_lines_below_their_headings() {
        let text = "--- failure struct_missing ---\n\nDescription:\n  a text\n\nFailed in:\n  struct a::B, previously in x\n  \
            struct a::C, previously in x\n\n--- failure other ---\n\nFailed in:\n  field d of struct E\n\n     Summary 3\n";
        assert_eq!(
            failures(text),
            ["struct a::B, previously in x", "struct a::C, previously in x", "field d of struct E"]
        );
    }
}
