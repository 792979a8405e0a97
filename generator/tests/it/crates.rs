//! Generated crates compile without a warning, document themselves without one, and behave.
//!
//! Each folder in `fixtures/accepted` becomes a crate of a scratch workspace, beside the clients of the released
//! contracts of the chats, and the one after an update. A `behaviour.rs` in the folder is a test of the crate.

use std::sync::LazyLock;

use generator::dialect::Standard;

use crate::fixtures;
use crate::scratch::Scratch;
use crate::vendor_updates::changes;

static CRATES: LazyLock<Scratch> = LazyLock::new(|| {
    let mut scratch = Scratch::new("crates");
    for folder in fixtures::folders("accepted") {
        let name = folder.file_name().unwrap().to_str().unwrap();
        scratch.add(name, folder.join("openapi.yaml").as_path(), &fixtures::all());
        let behaviour = folder.join("behaviour.rs");
        if behaviour.exists() {
            scratch.add_behaviour(name, &behaviour);
        }
    }
    let standard = fixtures::path("accepted/json_media_types/openapi.yaml");
    scratch.add_speaking(&Standard, "standard", standard.as_path(), &fixtures::all());
    let contract = fixtures::workspace().join("spec/released/0.1.0.yaml");
    scratch.add("released", contract.as_path(), &fixtures::chats());
    scratch.add_behaviour("released", &fixtures::path("released/0.1.0/behaviour.rs"));
    let contract = fixtures::workspace().join("spec/released/0.2.0.yaml");
    scratch.add("released-0-2", contract.as_path(), &fixtures::chats());
    scratch.add_behaviour("released-0-2", &fixtures::path("released/0.2.0/behaviour.rs"));
    let folder = tempfile::tempdir().unwrap();
    let updated = changes::changed(folder.path(), changes::ACCEPTED);
    scratch.add("updated", updated.as_path(), &fixtures::all());
    scratch.finish();
    scratch
});

#[test]
fn crates_compile_without_warnings_and_behave() {
    let features = ["--features", "blocking,mock,patterns,webhooks"];
    // Examples there are none; the flag makes cargo choose the features of dependencies as it does for tests.
    CRATES.expect_clean(&[&["build", "--workspace", "--lib", "--examples"], &features[..]].concat());
    CRATES.expect_clean(&[&["test", "--workspace", "--test", "*"], &features[..]].concat());
}

#[test]
#[ignore = "exhaustive"]
fn crates_pass_clippy_and_rustdoc() {
    let clippy = |choice: &[&str]| {
        CRATES.expect_clean(&[&["clippy"], choice, &["--", "-D", "warnings"]].concat());
    };
    clippy(&["--workspace", "--all-targets", "--keep-going"]);
    // All but `native-tls`, which not every machine can compile, and which changes nothing in generated code.
    // Without anchors and tests, for their dependencies would make up for a feature that a manifest lacks.
    let alone = ["--workspace", "--exclude", "anchor-*"];
    clippy(&[&alone[..], &["--features", "blocking,limiter,mock,patterns,tracing,webhooks"]].concat());
    // Any choice of parts compiles, none included.
    for parts in ["rustls", "orders,untagged", "std-part", "full-part"] {
        let choice = ["--package", "modules-client", "--no-default-features", "--features", parts];
        clippy(&choice);
        CRATES.expect_clean(&[&["doc", "--no-deps"], &choice[..]].concat());
    }
    CRATES.expect_clean(&["doc", "--workspace", "--no-deps"]);
}

#[test]
#[ignore = "exhaustive"]
fn crates_pass_all_tests_with_default_features() {
    CRATES.expect_clean(&["test", "--workspace"]);
}
