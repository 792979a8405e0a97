//! A program that was written for one client, compiled with those that come after it: it breaks where that was predicted,
//! and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use generator::diff::{Severity, diff};
use generator::output;
use generator::render::Package;

use crate::fixtures::generate;

use super::rules::{BASE, RULES, changed};
use crate::fixtures;

const PROGRAM: &str = include_str!("../../fixtures/diff/program.rs");

/// Breaks that only show when the program runs.
const SHOWN_AT_RUN_TIME: [&str; 4] = ["server gone", "security together", "argument order", "tag"];

/// What an update adds that only adds.
const ADDITIONS: [&str; 8] = [
    "operation",
    "security alternative",
    "parameter optional",
    "body property optional",
    "form property",
    "reply property",
    "enum value",
    "type words",
];

/// Writes a client and the program for it; what the client changes.
fn write(folder: &Path, name: &str, text: &str) -> Option<Severity> {
    let folder = folder.join(name);
    fs::create_dir_all(folder.join("examples")).unwrap();
    let (path, base) = (folder.join("openapi.yaml"), folder.join("base.yaml"));
    fs::write(&path, text).unwrap();
    fs::write(&base, BASE).unwrap();
    let program = PROGRAM.replace("shop_client", &name.replace('-', "_"));
    fs::write(folder.join("examples/program.rs"), program).unwrap();
    let package = Package { name: name.to_owned(), ..fixtures::package() };
    let generated = generate(&path, &fixtures::all(), &package).unwrap();
    output::write(&output::plan(&generated.files, &folder).unwrap(), &folder).unwrap();
    diff(&fixtures::plan(&base).0, &fixtures::plan(&path).0).severity()
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--features", "blocking,mock", "--color", "never"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

#[test]
fn program_breaks_only_where_predicted() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let mut members = vec!["case-additive".to_owned()];
    let mut expected = BTreeSet::new();
    for (index, (rule, edits)) in RULES.iter().enumerate() {
        let name = format!("case-{index:02}");
        let severity = write(&scratch, &name, &changed(edits));
        if severity == Some(Severity::Major) && !SHOWN_AT_RUN_TIME.contains(rule) {
            expected.insert(*rule);
        }
        members.push(name);
    }
    let additions = RULES.iter().filter(|(rule, _)| ADDITIONS.contains(rule));
    let additions: Vec<_> = additions.flat_map(|(_, edits)| edits.iter().copied()).collect();
    // A looser rule, and a status that was not declared.
    let more =
        [("maximum: 50", "maximum: 100"), ("'404': {", "'423': {description: Locked.}\n        '404': {")];
    let additive = write(&scratch, "case-additive", &changed(&[additions, more.to_vec()].concat()));
    assert_eq!(additive, Some(Severity::Minor), "what only adds is minor");
    fs::write(scratch.join("Cargo.toml"), format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"))
        .unwrap();
    fs::copy(fixtures::workspace().join("Cargo.lock"), scratch.join("Cargo.lock")).unwrap();

    let arguments = ["check", "--workspace", "--examples", "--keep-going", "--message-format", "short"];
    let output = cargo(&scratch, &arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    let broken = |index: &usize| text.contains(&format!("could not compile `case-{index:02}` (example"));
    assert!(!text.contains("(lib)"), "a client does not compile: {text}");
    let found: BTreeSet<_> = (0..RULES.len()).filter(broken).map(|index| RULES[index].0).collect();
    assert_eq!(found, expected, "{text}");

    let output = cargo(&scratch, &["run", "--package", "case-additive", "--example", "program"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n");
}
