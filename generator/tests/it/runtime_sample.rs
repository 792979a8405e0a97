//! The generated client that the tests of the runtime call.

use std::path::{Path, PathBuf};

use generator::render::File;
use generator::{Client, output};

/// Returns the folder of the client in the tests of the runtime.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/tests/client/sample")
}

/// Returns the files that the tests mount: all code except the root of the crate and copies of the runtime's own files.
fn mounted() -> Vec<File> {
    let client = Client::of(folder().join("openapi.yaml")).unwrap();
    let generated = client.generate().unwrap();
    let report = generated.report;
    assert!(report.problems().is_empty(), "{}", report.render(false));
    let is_mounted = |path: &str| {
        let is_copied = path.starts_with("src/runtime/") || path == "src/dialect.rs";
        path.starts_with("src/") && path != "src/lib.rs" && !is_copied
    };
    generated.files.into_iter().filter(|file| is_mounted(&file.path)).collect()
}

#[test]
fn runtime_sample_is_up_to_date() {
    let changes = output::plan(&mounted(), &folder()).unwrap();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always") {
        output::write(&changes, &folder()).unwrap();
        return;
    }
    let stale: Vec<_> = changes.changes.iter().map(|change| change.path.as_str()).collect();
    assert!(
        stale.is_empty(),
        "not up to date in {}: {}\nhelp: run `INSTA_UPDATE=always cargo test -p generator` and review the changes",
        folder().display(),
        stale.join(", ")
    );
}
