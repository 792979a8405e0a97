//! Changes of a description as users see them: a table with a case for each rule, read in both directions. What the table
//! says of severities is proved with compiled programs (`programs.rs`) and cargo-semver-checks (`cargo xtask prove`).

mod programs;
mod rules;
mod spelling;
mod webhooks;

use std::fs;

use generator::diff::{Change, Severity, diff, report};
use generator::plan::Crate;
use generator::settings::Settings;

use self::rules::{BASE, RULES, changed};
use crate::fixtures;

fn read(text: &str) -> Crate {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, text).unwrap();
    fixtures::plan(&path).0
}

pub(crate) fn line(change: &Change) -> String {
    let Change { severity, kind, item, text, .. } = change;
    format!("  {severity:?} {kind:?} {item}: {text}\n")
}

#[test]
fn rule_changes_match_table_both_ways() {
    let base = read(BASE);
    let mut table = String::new();
    for (rule, edits) in RULES {
        let other = read(&changed(edits));
        let lines = |old: &Crate, new: &Crate| diff(old, new).changes.iter().map(line).collect::<String>();
        let (there, back) = (lines(&base, &other), lines(&other, &base));
        table.extend([rule, "\n", &there, rule, ", back\n", &back, "\n"]);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn change_has_item_text_and_place() {
    let base = read(BASE);
    for (rule, edits) in RULES {
        for change in diff(&base, &read(&changed(edits))).changes {
            assert!(change.old.is_some() || change.new.is_some(), "{rule}: {change:?}");
            assert!(!change.item.is_empty() && !change.text.is_empty(), "{rule}: {change:?}");
        }
    }
}

#[test]
fn reverse_of_addition_is_at_least_patch() {
    let base = read(BASE);
    for (rule, edits) in RULES {
        let other = read(&changed(edits));
        let (there, back) = (diff(&base, &other), diff(&other, &base));
        assert_eq!(there.changes.is_empty(), back.changes.is_empty(), "{rule}");
        // What was only added can only break when it goes.
        let only_adds = there.changes.iter().all(|change| change.severity == Severity::Minor);
        if only_adds && !there.changes.is_empty() {
            assert!(back.severity() >= Some(Severity::Patch), "{rule}");
        }
    }
}

/// Compares types with a suffix with those of a client without the suffix.
#[test]
fn suffix_in_settings_only_renames_types() {
    let folder = tempfile::tempdir().unwrap();
    let text = BASE.replace("/Order'", "/OrderDTO'").replace("    Order:\n", "    OrderDTO:\n");
    let read = |name: &str, suffixes: &str| {
        let path = folder.path().join(format!("{name}.yaml"));
        fs::write(&path, &text).unwrap();
        fs::write(Settings::path_beside(&path), format!("dialect = \"market\"\nsuffixes = [{suffixes}]"))
            .unwrap();
        fixtures::plan(&path).0
    };
    let (with, without) = (read("old", ""), read("new", "\"DTO\""));
    let found: Vec<_> = diff(&with, &without).changes.iter().map(line).collect();
    assert_eq!(found, ["  Major Renamed types::Order: renamed, was `types::OrderDto`\n"]);
}

/// Compares the client of the base with settings, and with others.
#[test]
fn choices_in_settings_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let read = |choices: &str| {
        let path = folder.path().join("openapi.yaml");
        fs::write(&path, BASE).unwrap();
        fs::write(Settings::path_beside(&path), format!("dialect = \"market\"\n{choices}")).unwrap();
        fixtures::plan(&path).0
    };
    let plain = read("");
    let mut table = String::new();
    for choices in [
        "keep-unknown = [\"Order\"]",
        "[formats.string]\ndate-time = \"String\"",
        "[formats.integer]\nint32 = \"i64\"",
        "[components]\nPaging = \"std::net::IpAddr\"",
        "[derives]\nOrder = [\"Eq\"]",
    ] {
        let chosen = read(choices);
        let lines = |old: &Crate, new: &Crate| diff(old, new).changes.iter().map(line).collect::<String>();
        table.extend([choices, "\n", &lines(&plain, &chosen), "back\n", &lines(&chosen, &plain), "\n"]);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn report_formats_tell_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (old_path, new_path) = (folder.path().join("old.yaml"), folder.path().join("new.yaml"));
    fs::write(&old_path, BASE).unwrap();
    let edits: Vec<_> = RULES
        .iter()
        .filter(|(rule, _)| {
            ["path prefix", "parameter required", "reply property", "enum value", "type words"].contains(rule)
        })
        .flat_map(|(_, edits)| edits.iter().copied())
        .collect();
    fs::write(&new_path, changed(&edits)).unwrap();
    let ((old, old_sources), (new, new_sources)) = (fixtures::plan(&old_path), fixtures::plan(&new_path));
    let changes = diff(&old, &new);
    insta::assert_snapshot!("report_markdown", report::markdown(&changes));
    insta::assert_snapshot!("report_changelog", report::changelog(&changes));
    let json = report::json(&changes, &old_sources, &new_sources).unwrap();
    insta::assert_snapshot!("report_json", json.replace(&folder.path().display().to_string(), ""));
}
