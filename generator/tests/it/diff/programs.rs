//! A program that was written for one client, compiled with those that come after it: it breaks where that was predicted,
//! and nowhere else.

use std::collections::BTreeSet;
use std::fs;

use generator::diff::{Severity, diff};

use super::rules::{BASE, RULES, changed};
use crate::fixtures;
use crate::scratch::{Scratch, example};

const PROGRAM: &str = include_str!("../../fixtures/diff/program.rs");

/// Breaks that only show when the program runs.
const SHOWN_AT_RUN_TIME: [&str; 7] = [
    "server gone",
    "server variable values",
    "security together",
    "argument order",
    "tag",
    "idempotency key gone",
    "union tags swapped",
];

/// Rules of an update that only adds.
const ADDITIONS: [&str; 20] = [
    "stream beside JSON",
    "server variable of any value",
    "operation",
    "security alternative",
    "parameter optional",
    "body property optional",
    "part header",
    "body of another media type",
    "form property",
    "reply property",
    "redirect",
    "success added",
    "response header",
    "enum value",
    "integer enum value",
    "union member",
    "union property of all members",
    "value enum value",
    "additional properties",
    "type words",
];

/// Rules whose programs are compiled in every run: each kind of break, and changes that break nothing.
const SAMPLE: [&str; 13] = [
    "nothing",
    "server gone",
    "operation server name",
    "operation renamed",
    "path prefix",
    "parameter required",
    "reply type",
    "result",
    "error status",
    "enum to text",
    "union member gone",
    "additional properties closed",
    "map of itself to a map",
];

/// Writes a client and the program for it; what the client changes.
fn add(scratch: &mut Scratch, member: &str, text: &str) -> Option<Severity> {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.yaml"), folder.path().join("new.yaml"));
    fs::write(&old, BASE).unwrap();
    fs::write(&new, text).unwrap();
    scratch.add(member, new.as_path(), &fixtures::all());
    let client = format!("{member}-client").replace('-', "_");
    scratch.add_example(member, member, &PROGRAM.replace("shop_client", &client));
    diff(&fixtures::plan(&old).0, &fixtures::plan(&new).0).severity()
}

/// Returns a client with all additive changes, a looser rule and a status that was not declared.
fn additive() -> String {
    let additions = RULES.iter().filter(|(rule, _)| ADDITIONS.contains(rule));
    let additions: Vec<_> = additions.flat_map(|(_, edits)| edits.iter().copied()).collect();
    let more =
        [("maximum: 50", "maximum: 100"), ("'404': {", "'423': {description: Locked.}\n        '404': {")];
    changed(&[additions, more.to_vec()].concat())
}

/// Compiles the program with the client after each change, and runs the one that has all additions.
fn assert_predicted(name: &str, rules: &[(&'static str, &[(&str, &str)])]) {
    let mut scratch = Scratch::new(name);
    let mut expected = BTreeSet::new();
    for (index, (rule, edits)) in rules.iter().enumerate() {
        let severity = add(&mut scratch, &format!("{name}-{index:02}"), &changed(edits));
        if severity == Some(Severity::Major) && !SHOWN_AT_RUN_TIME.contains(rule) {
            expected.insert(*rule);
        }
    }
    let with_additions = format!("{name}-additive");
    let additive = add(&mut scratch, &with_additions, &additive());
    assert_eq!(additive, Some(Severity::Minor), "what only adds is minor");
    scratch.finish();

    let features = ["--features", "blocking,mock", "--message-format", "short"];
    let build = [&["build", "--workspace", "--lib", "--examples", "--keep-going"], &features[..]].concat();
    let output = scratch.cargo(&build);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("(lib)"), "a client does not compile: {text}");
    let broken =
        |index: &usize| text.contains(&format!("could not compile `{name}-{index:02}-client` (example"));
    let found: BTreeSet<_> = (0..rules.len()).filter(broken).map(|index| rules[index].0).collect();
    assert_eq!(found, expected, "{text}");

    let output = example(&with_additions).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n");
}

#[test]
fn program_of_sample_breaks_only_where_predicted() {
    let sample: Vec<_> = RULES.iter().copied().filter(|(rule, _)| SAMPLE.contains(rule)).collect();
    assert_eq!(sample.len(), SAMPLE.len());
    assert_predicted("sample", &sample);
}

#[test]
#[ignore = "exhaustive"]
fn program_of_any_rule_breaks_only_where_predicted() {
    assert_predicted("rules", RULES);
}
