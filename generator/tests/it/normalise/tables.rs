//! The tables of features in `docs`: each row names a test that exists, and says what becomes of the feature.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::fixtures::workspace;

const TABLES: [&str; 2] = ["generator/docs/openapi-3.0.md", "generator/docs/versions.md"];
const VERDICTS: [&str; 4] = ["supported", "converted", "told", "refused"];

/// A row of a table: feature, verdict, what becomes of it, tests.
struct Row {
    line: String,
    verdict: String,
    tests: Vec<String>,
}

fn rows(table: &str) -> Vec<Row> {
    let text = fs::read_to_string(workspace().join(table)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Feature"));
    rows.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [_, verdict, _, tests] = cells[..] else { panic!("expected four cells, found {line}") };
    let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Row { line: line.to_owned(), verdict: verdict.to_owned(), tests }
}

/// Returns the names of all tests of the workspace, and of the folders of fixtures.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["generator/tests", "generator/src", "generator/runtime", "xtask/tests", "xtask/src"] {
        collect(&workspace().join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(tests_in(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// Returns the names of the functions below a `#[test]`, whatever other attributes stand between.
fn tests_in(text: &str) -> Vec<String> {
    let after = text.split("#[test]").skip(1).chain(text.split("#[tokio::test").skip(1));
    let name = |text: &str| {
        let (_, rest) = text.split_once("fn ")?;
        Some(rest.split('(').next()?.to_owned())
    };
    after.filter_map(name).collect()
}

#[test]
fn row_of_a_feature_table_names_a_test() {
    let tests = tests();
    for table in TABLES {
        let rows = rows(table);
        assert!(rows.len() >= 20, "{table} has {} rows", rows.len());
        for Row { line, verdict, tests: named } in rows {
            assert!(VERDICTS.contains(&verdict.as_str()), "{table}: `{verdict}` in {line}");
            assert!(!named.is_empty(), "{table}: no test in {line}");
            for name in named {
                assert!(tests.contains(&name), "{table}: no test is called `{name}`, in {line}");
            }
        }
    }
}

#[test]
fn no_row_of_a_table_says_ignored() {
    for row in TABLES.iter().flat_map(|table| rows(table)) {
        assert!(!row.line.to_lowercase().contains("ignored"), "{}", row.line);
    }
}
