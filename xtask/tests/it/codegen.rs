//! `cargo xtask codegen` as maintainers run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Asserts that a summary of the client does not change with every update of the contract.
const SPEC: &str = "spec/released/0.1.0.yaml";
const SETTINGS: &str = "spec/openapi.client.toml";

fn codegen(arguments: &[&str], out: &Path) -> Output {
    let spec: &[&str] = if arguments.contains(&"--spec") { &[] } else { &["--spec", SPEC] };
    let settings: &[&str] = if arguments.contains(&"--settings") { &[] } else { &["--settings", SETTINGS] };
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("codegen")
        .args(arguments)
        .args(spec)
        .args(settings)
        .arg("--out")
        .arg(out)
        .current_dir(workspace())
        .output()
        .unwrap()
}

/// Returns the output of the command, and `true` if the command succeeded.
fn said(output: &Output, out: &Path) -> (bool, String) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(output.stdout.is_empty(), "nothing is meant for a pipe");
    (output.status.code() == Some(0), text.replace(&*out.to_string_lossy(), "OUT"))
}

fn generated() -> TempDir {
    let out = tempfile::tempdir().unwrap();
    let (success, text) = said(&codegen(&[], out.path()), out.path());
    assert!(success, "{text}");
    out
}

/// Writes a description into its own folder.
fn description(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn contract() -> String {
    fs::read_to_string(workspace().join(SPEC)).unwrap()
}

#[test]
fn committed_client_is_up_to_date() {
    let client = workspace().join("generated-client");
    let (success, text) = said(&codegen(&["--check", "--spec", "spec/openapi.yaml"], &client), &client);
    assert!(success, "{text}");
}

#[test]
fn codegen_reports_like_cargo() {
    let out = tempfile::tempdir().unwrap();
    let (success, text) = said(&codegen(&["--operation", "createChat"], out.path()), out.path());
    assert!(success);
    insta::assert_snapshot!(text);
    let (success, text) = said(&codegen(&["--operation", "createChat"], out.path()), out.path());
    assert!(success);
    insta::assert_snapshot!("up_to_date", text);
}

#[test]
fn check_of_current_client_is_silent() {
    let out = generated();
    let (success, text) = said(&codegen(&["--check"], out.path()), out.path());
    assert!(success, "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn check_lists_every_difference_and_writes_nothing() {
    let out = generated();
    let lib = out.path().join("src/lib.rs");
    let edited = fs::read_to_string(&lib).unwrap().replace("pub mod types;", "pub mod  types;");
    fs::write(&lib, &edited).unwrap();
    fs::remove_file(out.path().join("src/error.rs")).unwrap();
    fs::write(out.path().join("src/old.rs"), "// @generated\n").unwrap();
    fs::write(out.path().join("src/mine.rs"), "mine\n").unwrap();
    let (success, text) = said(&codegen(&["--check"], out.path()), out.path());
    assert!(!success);
    insta::assert_snapshot!(text);
    assert_eq!(fs::read_to_string(&lib).unwrap(), edited);
    assert!(!out.path().join("src/error.rs").exists());
    assert!(out.path().join("src/old.rs").exists());
}

#[test]
fn codegen_repairs_what_check_found() {
    let out = generated();
    fs::write(out.path().join("src/lib.rs"), "// @generated\n").unwrap();
    fs::write(out.path().join("src/old.rs"), "// @generated\n").unwrap();
    fs::remove_file(out.path().join("src/error.rs")).unwrap();
    assert!(said(&codegen(&[], out.path()), out.path()).0);
    let (success, text) = said(&codegen(&["--check"], out.path()), out.path());
    assert!(success, "{text}");
}

#[test]
fn handwritten_file_is_never_overwritten() {
    let out = generated();
    fs::write(out.path().join("src/mine.rs"), "mine\n").unwrap();
    fs::write(out.path().join("src/lib.rs"), "// @generated\n").unwrap();
    let (success, text) = said(&codegen(&[], out.path()), out.path());
    assert!(!success);
    assert!(text.contains("src/mine.rs"), "{text}");
    assert_eq!(fs::read_to_string(out.path().join("src/lib.rs")).unwrap(), "// @generated\n");
}

#[test]
fn broken_description_changes_nothing() {
    let out = generated();
    let broken = contract()
        .replace("#/components/schemas/ChatType'", "#/components/schemas/ChatTyp'")
        .replace("format: date-time", "format: [date-time]")
        .replace("name: businessId", "name: business");
    let (folder, spec) = description(&broken);
    let before = fs::metadata(out.path().join("src/types.rs")).unwrap().modified().unwrap();
    let (success, text) = said(&codegen(&["--spec", &spec.to_string_lossy()], out.path()), folder.path());
    assert!(!success);
    insta::assert_snapshot!(text);
    assert_eq!(fs::metadata(out.path().join("src/types.rs")).unwrap().modified().unwrap(), before);
    assert!(said(&codegen(&["--check"], out.path()), out.path()).0);
}

#[test]
fn all_with_a_tag_is_refused() {
    let out = tempfile::tempdir().unwrap();
    let output = codegen(&["--all", "--tag", "chats"], out.path());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn unknown_selection_lists_known_names() {
    let out = tempfile::tempdir().unwrap();
    let (success, text) =
        said(&codegen(&["--tag", "orders", "--operation", "getOrders"], out.path()), out.path());
    assert!(!success);
    insta::assert_snapshot!(text);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn diagnostics_beyond_twenty_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("openapi.yaml");
    let properties: Vec<_> =
        (0..30).map(|number| format!("        p{number}: {{colour{number}: red}}")).collect();
    let properties = properties.join("\n");
    let text = format!(
        "openapi: 3.0.3
info: {{title: Things, version: '1'}}
servers: [{{url: 'https://api.example.com'}}]
paths:
  /things:
    get:
      operationId: getThing
      responses:
        '200':
          description: A thing.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}
components:
  schemas:
    Thing:
      type: object
      properties:
{properties}"
    );
    fs::write(&spec, text).unwrap();
    let spec = spec.to_string_lossy();
    let out = folder.path().join("out");
    let (_, first) = said(&codegen(&["--all", "--spec", &spec], &out), &out);
    assert_eq!(first.matches("has no field `colour").count(), 20, "{first}");
    assert!(first.contains("... and 10 more warnings: `cargo xtask codegen --all-diagnostics` shows all"));
    let (_, all) = said(&codegen(&["--all", "--all-diagnostics", "--spec", &spec], &out), &out);
    assert_eq!(all.matches("has no field `colour").count(), 30, "{all}");
    assert!(!all.contains("more warning"));
}

#[test]
fn strict_codegen_denies_warnings() {
    let fine = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n\
                paths: {/a: {get: {operationId: getA, responses: {'204': {description: Done.}}}}}\n";
    let generated = |text: &str| {
        let (folder, spec) = description(text);
        let out = folder.path().join("out");
        let arguments = ["--strict", "--all", "--spec", spec.to_str().unwrap()];
        let (success, said) = said(&codegen(&arguments, &out), &out);
        (success, said, out.exists())
    };
    let (success, said, is_written) = generated(fine);
    assert!(success && is_written, "{said}");
    let (success, said, is_written) = generated(&fine.replace("{description: Done.}", "{}"));
    assert!(!success && !is_written, "{said}");
    assert!(said.contains("has 1 warning, denied by `--strict`; no file was written"), "{said}");
}

/// An operation that is fine, and one that contradicts itself.
const MIXED: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n  \
    /a: {get: {operationId: getA, responses: {'204': {description: Done.}}}}\n  \
    /b: {get: {operationId: getB, parameters: [{$ref: '#/nowhere'}], responses: {'204': {description: Done.}}}}\n";

#[test]
fn operations_left_out_are_listed() {
    let (folder, spec) = description(MIXED);
    let out = folder.path().join("out");
    let arguments = ["--all", "--spec", spec.to_str().unwrap()];
    assert!(!said(&codegen(&arguments, &out), &out).0);
    let skipping = [&arguments[..], &["--skip-unsupported"]].concat();
    let (success, text) = said(&codegen(&skipping, &out), &out);
    assert!(success, "{text}");
    assert!(text.contains("Left out `getB`: GET /b"), "{text}");
    assert!(text.contains("found none; left out: `getB`"), "{text}");
    let settings = folder.path().join("skipping.toml");
    fs::write(&settings, "skip-unsupported = true\n").unwrap();
    let by_setting = [&arguments[..], &["--check", "--settings", settings.to_str().unwrap()]].concat();
    // The name and the version of the chats are in their settings.
    assert!(said(&codegen(&by_setting, &out), &out).1.contains("Left out `getB`"));
}

#[test]
fn diff_compares_what_is_not_left_out() {
    let ((_old, old), (_new, new)) =
        (description(&MIXED.replace("[{$ref: '#/nowhere'}]", "[]")), description(MIXED));
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["diff", "--skip-unsupported", "--all"])
        .args([&old, &new])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(13), "{text}");
    assert!(text.contains("get_b"), "{text}");
}

#[test]
fn root_widens_what_may_be_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("api")).unwrap();
    let spec = folder.path().join("api/openapi.yaml");
    fs::write(&spec, MIXED.replace("#/nowhere", "../common.yaml")).unwrap();
    let parameter = "{name: limit, in: query, schema: {type: integer}}\n";
    fs::write(folder.path().join("common.yaml"), parameter).unwrap();
    let verify = |root: &[&str]| {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.args(["verify", "--no-compile"]).arg(&spec).args(root).output().unwrap()
    };
    let refused = verify(&[]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("help: `--root DIR`"));
    let widened = verify(&["--root", folder.path().to_str().unwrap()]);
    assert!(widened.status.success(), "{}", String::from_utf8_lossy(&widened.stderr));
}
