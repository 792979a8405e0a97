//! The code in the README works: it is a doc test, or accepted settings.

use std::fs;
use std::path::Path;

use generator::settings::Settings;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// Returns the section of the README about clients of other APIs.
fn another_api() -> String {
    let readme = read("README.md");
    let (_, section) = readme.split_once("### A client for another API\n").unwrap();
    section.split_once("\n### ").unwrap().0.to_owned()
}

fn fenced<'t>(text: &'t str, language: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn readme_xtask_is_the_doc_test_of_the_generator() {
    let docs = read("generator/src/lib.rs");
    let main: Vec<_> = docs.lines().filter_map(|line| line.strip_prefix("//!     ")).collect();
    assert_eq!(format!("{}Ok(())", fenced(&another_api(), "rust")), main.join("\n"));
}

#[test]
fn readme_settings_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("petstore.client.toml");
    fs::write(&path, fenced(&another_api(), "toml")).unwrap();
    let settings = Settings::read(&path).unwrap();
    assert_eq!(settings.name.as_deref(), Some("petstore"));
}
