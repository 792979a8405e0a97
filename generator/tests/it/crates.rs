//! What is generated compiles without a warning, documents itself without one, and behaves.
//!
//! Each folder in `fixtures/accepted` becomes a crate of a scratch workspace, beside the client of
//! the first contract of the chats. A folder with a `behaviour.rs` brings tests of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use generator::output;
use generator::render::Package;
use generator::select::Selection;

use crate::fixtures::generate;

use crate::fixtures;
use crate::vendor_updates::changes;

#[test]
fn crates_compile_without_warnings_and_behave() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let mut members = Vec::new();
    for folder in fixtures::folders("accepted") {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        emit(&scratch, &name, &folder.join("openapi.yaml"), &fixtures::all());
        let behaviour = folder.join("behaviour.rs");
        if behaviour.exists() {
            let tests = scratch.join(&name).join("tests");
            fs::create_dir_all(&tests).unwrap();
            fs::copy(behaviour, tests.join("behaviour.rs")).unwrap();
        }
        members.push(name);
    }
    emit_first_release(&scratch);
    members.push("released".to_owned());
    let changed = changes::changed(&scratch.join("tree"), changes::ACCEPTED);
    emit(&scratch, "tomorrow", &changed, &fixtures::all());
    members.push("tomorrow".to_owned());

    let loopback = fixtures::workspace().join("generator/loopback");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[workspace.dependencies]\nloopback = {{ path = {loopback:?} }}\n"
    );
    fs::write(scratch.join("Cargo.toml"), manifest).unwrap();
    fs::copy(fixtures::workspace().join("Cargo.lock"), scratch.join("Cargo.lock")).unwrap();
    cargo(
        &scratch,
        &["clippy", "--workspace", "--offline", "--all-targets", "--keep-going", "--", "-D", "warnings"],
    );
    // All but `native-tls`, which not every machine can compile, and which changes nothing in generated code.
    let features = ["--features", "blocking,limiter,mock,tracing"];
    cargo(
        &scratch,
        &[&["clippy", "--workspace", "--offline"], &features[..], &["--", "-D", "warnings"]].concat(),
    );
    // Any choice of parts compiles, none included.
    for parts in ["rustls", "orders,untagged", "std-part", "full-part"] {
        let choice = ["--package", "modules-client", "--no-default-features", "--features", parts];
        cargo(&scratch, &[&["clippy", "--offline"], &choice[..], &["--", "-D", "warnings"]].concat());
        cargo(&scratch, &[&["doc", "--offline", "--no-deps"], &choice[..]].concat());
    }
    cargo(&scratch, &["doc", "--workspace", "--offline", "--no-deps"]);
    cargo(&scratch, &["test", "--workspace", "--offline"]);
}

/// The client of the first contract, with a program that calls all of it over loopback.
fn emit_first_release(scratch: &Path) {
    let description = fixtures::workspace().join("spec/released/0.1.0.yaml");
    emit_as(scratch, "released", "yandex-market-chats", &description, &fixtures::chats());
    let tests = scratch.join("released/tests");
    fs::create_dir_all(&tests).unwrap();
    fs::write(tests.join("behaviour.rs"), include_str!("../fixtures/released/0.1.0/behaviour.rs")).unwrap();
}

fn emit(scratch: &Path, name: &str, description: &Path, selection: &Selection) {
    emit_as(scratch, name, &format!("{name}-client"), description, selection);
}

fn emit_as(scratch: &Path, folder: &str, name: &str, description: &Path, selection: &Selection) {
    let package = Package {
        name: name.to_owned(),
        dev_dependencies: ["loopback", "tokio"]
            .map(|name| {
                let features = if name == "tokio" { vec!["macros", "rt-multi-thread"] } else { vec![] };
                (name.to_owned(), features.into_iter().map(str::to_owned).collect())
            })
            .to_vec(),
        ..fixtures::package()
    };
    let generated = generate(description, selection, &package).unwrap();
    let folder = scratch.join(folder);
    let plan = output::plan(&generated.files, &folder).unwrap();
    output::write(&plan, &folder).unwrap();
}

/// Runs cargo in the scratch workspace. All that its crates depend on is there already, for the workspace of
/// the generator depends on it too.
fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("CARGO_BUILD_TARGET_DIR")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {}\n{}\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
