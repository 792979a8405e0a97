//! The table of results, and what is told below it.

use std::path::Path;

use super::{Options, Row};
use crate::judge::{Fault, Loss, Outcome, WireOutcome};
use crate::shell;

impl Options {
    /// Prints the table and all problems.
    pub(super) fn print(&self, rows: &[Row]) {
        let longest = rows.iter().map(|row| row.spec.as_os_str().len()).max().unwrap_or_default();
        let width = longest.max("description".len());
        let skipped = if rows.iter().any(|row| row.left_out > 0) { "  left out" } else { "" };
        let round_trips = if self.judges.round_trip { "  schemas  samples   lost" } else { "" };
        let wire = if self.judges.wire { "  calls  wire mismatches  responses  misread" } else { "" };
        println!(
            "{:width$}  operations{skipped}  types  warnings  generate  compile{round_trips}{wire}  verdict",
            "description"
        );
        for row in rows {
            let compiled =
                row.compiled.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
            println!(
                "{:width$}  {:>10}{}  {:>5}  {:>8}  {:>6.0} ms  {compiled:>7}{}{}  {}",
                row.spec.display(),
                row.operations,
                if skipped.is_empty() { String::new() } else { format!("  {:>8}", row.left_out) },
                row.types,
                row.warnings.0,
                row.generated.as_secs_f64() * 1e3,
                self.round_trips(row),
                self.wire(row),
                row.verdict(),
            );
        }
        for row in rows {
            self.print_problems(row);
        }
        for row in rows {
            print_warnings(row);
        }
    }

    fn round_trips(&self, row: &Row) -> String {
        match &row.round_trips {
            Some(Outcome { schemas, samples, lost, .. }) => {
                format!("  {schemas:>7}  {samples:>7}  {:>5}", lost.len())
            }
            None if self.judges.round_trip => format!("  {0:>7}  {0:>7}  {0:>5}", "-"),
            None => String::new(),
        }
    }

    fn wire(&self, row: &Row) -> String {
        match &row.wire {
            Some(WireOutcome { calls, mismatches, responses, misread, .. }) => {
                format!("  {calls:>5}  {:>15}  {responses:>9}  {:>7}", mismatches.len(), misread.len())
            }
            None if self.judges.wire => format!("  {0:>5}  {0:>15}  {0:>9}  {0:>7}", "-"),
            None => String::new(),
        }
    }

    fn print_problems(&self, row: &Row) {
        if let Some(failure) = &row.failure {
            shell::error(row.spec.display());
            shell::raw(failure);
        }
        let lost = row.round_trips.iter().flat_map(|outcome| {
            first_of_each(&outcome.lost, |loss| (&loss.place, loss.pointer.as_str(), loss.is_valid))
        });
        lost.for_each(|loss| self.print_loss(&row.spec, loss));
        let faults =
            row.wire.iter().flat_map(|wire| [("request", &wire.mismatches), ("response", &wire.misread)]);
        for (noun, faults) in faults {
            for fault in first_of_each(faults, |fault| (&fault.place, kind(&fault.failure))) {
                self.print_fault(&row.spec, fault, noun);
            }
        }
    }

    fn print_loss(&self, spec: &Path, loss: &Loss) {
        let kind = if loss.is_valid { "lost" } else { "accepted and lost, although it is not valid" };
        let written = loss.written.as_ref().map_or_else(Clone::clone, ToString::to_string);
        shell::error(format_args!("{}: a sample of {} was {kind}", loss.place, loss.ty));
        shell::raw(&format!("   at: {:?}\n   in: {}\n  out: {written}", loss.pointer, loss.given));
        self.print_command("--round-trip", &loss.place.to_string(), spec);
    }

    fn print_fault(&self, spec: &Path, fault: &Fault, noun: &str) {
        let Fault { place, operation, failure, given, raw } = fault;
        shell::error(format_args!("{place}: wrong {noun} of `{operation}`: {failure}"));
        shell::raw(&format!("given: {given}"));
        raw.lines().for_each(|line| shell::raw(&format!("     | {line}")));
        self.print_command("--wire", &place.to_string(), spec);
    }

    fn print_command(&self, judge: &str, place: &str, spec: &Path) {
        let (flags, samples, seed) = (self.client.flags(), self.judges.samples, self.judges.seed);
        let webhooks = if self.judges.webhooks { "--webhooks " } else { "" };
        let spec = spec.display();
        shell::raw(&format!(
            "again: cargo xtask verify --no-compile {judge} {webhooks}{flags}--samples {samples} --seed {seed} --at '{place}' {spec}"
        ));
    }
}

fn print_warnings(row: &Row) {
    let spec = row.spec.display();
    if !row.warnings.1.is_empty() {
        shell::raw(row.warnings.1.trim_end());
    }
    for place in row.round_trips.iter().flat_map(|outcome| &outcome.without_sample) {
        shell::warning(format_args!("{spec}: no sample of {place} is valid"));
    }
    for place in row.wire.iter().flat_map(|outcome| &outcome.without_case) {
        shell::warning(format_args!("{spec}: no call of {place} is valid"));
    }
}

/// Returns a failure without its values: the text before the first colon.
fn kind(failure: &str) -> &str {
    failure.split(':').next().unwrap_or(failure)
}

/// Returns the first problem of each kind: others are likely to have the same reason.
fn first_of_each<'p, T, K: PartialEq>(problems: &'p [T], kind: impl Fn(&'p T) -> K) -> Vec<&'p T> {
    let mut kinds = Vec::new();
    let mut is_new = |problem: &&'p T| {
        let kind = kind(problem);
        let is_new = !kinds.contains(&kind);
        if is_new {
            kinds.push(kind);
        }
        is_new
    };
    problems.iter().filter(|problem| is_new(problem)).collect()
}
