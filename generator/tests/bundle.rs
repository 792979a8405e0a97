//! A tree of files and its bundle say the same.

mod support;

use std::fs;
use std::path::Path;

use generator::bundle::{Words, bundle};
use generator::diagnostic::Diagnostics;
use generator::generate;
use generator::load::Sources;
use generator::render::File;
use generator::report::Report;
use generator::select::{Selection, select};

fn bundled(description: &Path, selection: &Selection) -> String {
    bundled_with(description, selection, Words::Keep)
}

fn bundled_with(description: &Path, selection: &Selection, words: Words) -> String {
    let sources = Sources::new(description);
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, selection, &mut diagnostics);
    let text = bundle(&sources, &selected.operations, words, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    assert!(report.problems().is_empty(), "{}", report.render(false));
    text.unwrap()
}

/// Compares the clients of a tree and of its bundle, and the bundle with its own bundle.
fn compare(description: &Path, selection: &Selection) {
    let text = bundled(description, selection);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, &text).unwrap();
    let package = support::package();
    let tree = generate(description, selection, &package).unwrap();
    let file = generate(&path, selection, &package).unwrap();
    assert_eq!(tree.files.len(), file.files.len());
    for (tree, file) in tree.files.iter().zip(&file.files) {
        assert_eq!(tree, file, "{}", tree.path);
    }
    assert_eq!(bundled(&path, selection), text, "a bundle changes when it is bundled");
}

#[test]
fn a_tree_with_every_kind_of_reference_becomes_one_file() {
    let tree = support::fixture("compiled/tree/openapi.yaml");
    insta::assert_snapshot!(bundled(&tree, &support::all()));
    compare(&tree, &support::all());
}

#[test]
fn words_can_be_left_out_and_nothing_else() {
    let description = support::fixture("compiled/docs/openapi.yaml");
    insta::assert_snapshot!(bundled_with(&description, &support::all(), Words::Drop));
}

#[test]
fn a_bundle_without_words_has_the_same_code() {
    for name in ["docs", "edges", "shapes", "tree"] {
        let description = support::fixture(&format!("compiled/{name}/openapi.yaml"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.yaml");
        fs::write(&path, bundled_with(&description, &support::all(), Words::Drop)).unwrap();
        let package = support::package();
        let (with, without) = (
            generate(&description, &support::all(), &package).unwrap(),
            generate(&path, &support::all(), &package).unwrap(),
        );
        let code = |files: &[File]| -> Vec<String> {
            let lines = files.iter().flat_map(|file| file.contents.lines());
            let code = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
            code.map(str::to_owned).collect()
        };
        assert_eq!(code(&with.files), code(&without.files), "{name}");
    }
}

#[test]
fn only_what_is_selected_is_bundled() {
    let tree = support::fixture("compiled/tree/openapi.yaml");
    let selection = Selection { tags: vec!["things".to_owned()], ..Selection::default() };
    let text = bundled(&tree, &selection);
    assert!(text.contains("getThing") && !text.contains("postOther") && !text.contains("unused"), "{text}");
    compare(&tree, &selection);
}

#[test]
fn every_description_of_one_file_is_its_own_bundle() {
    for name in ["auth", "edges", "modules", "names", "shapes"] {
        compare(&support::fixture(&format!("compiled/{name}/openapi.yaml")), &support::all());
    }
    compare(&support::workspace().join("spec/openapi.yaml"), &support::chats());
}

#[test]
fn the_vendors_tree_becomes_one_file() {
    let upstream = support::workspace().join("../shared/upstream");
    let Ok(dates) = fs::read_dir(&upstream) else {
        eprintln!("skipped: the vendor's descriptions are not at hand ({})", upstream.display());
        return;
    };
    let mut roots: Vec<_> = dates.map(|date| date.unwrap().path().join("openapi/openapi.yaml")).collect();
    roots.sort();
    for root in &roots {
        compare(root, &support::chats());
    }
    if let Some(newest) = roots.last() {
        compare(newest, &support::all());
    }
}
