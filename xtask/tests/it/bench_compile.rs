//! `cargo xtask bench-compile`.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Returns a description with eight operations, one more than the smaller program calls.
fn description() -> String {
    let path = |number| {
        format!(
            "  /pets/{{id}}/{number}:
    post:
      operationId: feed{number}
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      requestBody:
        content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/Pet'}}}}}}}}
        required: true
      responses: {{'200': {{description: fed, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}}}
"
        )
    };
    let paths: String = (0..8).map(path).collect();
    format!(
        "openapi: 3.0.3
info: {{title: Bench compile, version: '1'}}
components: {{schemas: {{Pet: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}}}}}
paths:
{paths}"
    )
}

fn bench_compile(folder: &TempDir, arguments: &[&str]) -> Output {
    let spec = folder.path().join("pets.yaml");
    fs::write(&spec, description()).unwrap();
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.arg("bench-compile").args(arguments).arg(spec).output().unwrap()
}

#[test]
#[ignore = "exhaustive"]
fn crate_and_both_programs_are_measured() {
    let folder = tempfile::tempdir().unwrap();
    let output = bench_compile(&folder, &["--json", "--rounds", "1", "--build", "check", "--build", "debug"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let subjects: Value = serde_json::from_slice(&output.stdout).unwrap();
    let subject = &subjects[0];
    assert_eq!(subject["operations"], 8);
    assert!(subject["crates"].as_u64().unwrap() > 50, "{subject}");
    let rows = subject["rows"].as_array().unwrap();
    let parts: Vec<_> = rows.iter().map(|row| (row["build"].as_str(), row["part"].as_str())).collect();
    let of = |build| ["client", "seven-calls", "all-calls"].map(|part| (Some(build), Some(part)));
    assert_eq!(parts, [of("check"), of("debug")].concat());
    for row in rows {
        assert!(row["user"].as_f64().unwrap() > 0.0 && row["memory"].as_u64().unwrap() > 1_000_000, "{row}");
    }
    // A program pays for the operations that it calls.
    let functions = |index: usize| rows[index]["functions"].as_u64().unwrap();
    assert!(functions(5) > functions(4) && functions(4) > functions(3), "{subject}");
    assert!(rows[4]["size"].as_u64().unwrap() > 1_000_000 && rows[3]["size"].is_null(), "{subject}");
}

#[test]
fn unreadable_description_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = bench_compile(&folder, &["--operation", "drive"]);
    assert!(!output.status.success());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("drive"), "{errors}");
}
