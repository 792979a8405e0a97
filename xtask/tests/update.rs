//! `cargo xtask update`, from a tree of files to a bundle and a client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(workspace()).output().unwrap()
}

const TREE: &str = "generator/tests/fixtures/compiled/tree/openapi.yaml";

#[test]
fn the_bundle_and_the_client_are_written_and_belong_together() {
    let folder = tempfile::tempdir().unwrap();
    let (spec, out) = (folder.path().join("openapi.yaml"), folder.path().join("client"));
    let (spec, out) = (spec.to_str().unwrap(), out.to_str().unwrap());
    let updated = xtask(&["update", TREE, "--all", "--spec", spec, "--out", out]);
    assert!(updated.status.success(), "{}", String::from_utf8_lossy(&updated.stderr));
    let checked = xtask(&["codegen", "--check", "--all", "--spec", spec, "--out", out]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // The client of the tree is that of the bundle.
    let checked = xtask(&["codegen", "--check", "--all", "--spec", TREE, "--out", out]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_description_that_gives_no_client_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (spec, out) = (folder.path().join("openapi.yaml"), folder.path().join("client"));
    fs::write(&spec, "before").unwrap();
    for broken in ["ref_dangling", "one_of", "yaml_syntax"] {
        let broken = format!("generator/tests/fixtures/refused/{broken}.yaml");
        let output =
            xtask(&["update", &broken, "--spec", spec.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{broken}");
        assert_eq!(fs::read_to_string(&spec).unwrap(), "before");
        assert!(!out.exists());
    }
}
