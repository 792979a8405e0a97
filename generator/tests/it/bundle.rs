//! A tree of files and its bundle say the same.

use std::fs;
use std::path::Path;

use crate::fixtures::generate;
use generator::bundle::{Words, bundle};
use generator::diagnostic::Diagnostics;
use generator::load::Sources;
use generator::render::File;
use generator::report::Report;
use generator::select::{Selection, select};

use crate::fixtures;

fn bundled(description: &Path, selection: &Selection) -> String {
    bundled_with(description, selection, Words::Keep)
}

fn bundled_with(description: &Path, selection: &Selection, words: Words) -> String {
    let sources = Sources::new(description);
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, selection, &mut diagnostics);
    let text = bundle(&sources, &selected, words, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    assert!(report.problems().is_empty(), "{}", report.render(false));
    text.unwrap().text().unwrap()
}

/// Compares the clients of a tree and of its bundle, and the bundle with its own bundle.
fn compare(description: &Path, selection: &Selection) {
    compare_files(description, selection, |_| true);
}

/// Compares the clients of a tree and of its bundle, as far as `is_compared` says so of a path, and the bundle with its own
/// bundle.
fn compare_files(description: &Path, selection: &Selection, is_compared: fn(&str) -> bool) {
    let text = bundled(description, selection);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, &text).unwrap();
    fixtures::copy_conventions(description, &path);
    let package = fixtures::package();
    let tree = generate(description, selection, &package).unwrap();
    let file = generate(&path, selection, &package).unwrap();
    let compared =
        |files: Vec<File>| files.into_iter().filter(|file| is_compared(&file.path)).collect::<Vec<_>>();
    let (tree, file) = (compared(tree.files), compared(file.files));
    assert_eq!(tree.len(), file.len());
    for (tree, file) in tree.iter().zip(&file) {
        let differing = tree.contents.lines().zip(file.contents.lines()).find(|(tree, file)| tree != file);
        assert_eq!(differing, None, "{}", tree.path);
        assert_eq!(tree, file, "{}", tree.path);
    }
    assert_eq!(bundled(&path, selection), text, "a bundle changes when it is bundled");
}

#[test]
fn tree_becomes_one_file() {
    let tree = fixtures::path("accepted/tree/openapi.yaml");
    fixtures::assert_expected(&fixtures::path("accepted/tree"), "bundle", &bundled(&tree, &fixtures::all()));
    compare(&tree, &fixtures::all());
}

#[test]
fn place_without_a_name_stays_where_it_is() {
    let folder = fixtures::path("bundle");
    let tree = folder.join("openapi.yaml");
    fixtures::assert_expected(&folder, "bundle", &bundled(&tree, &fixtures::all()));
    compare(&tree, &fixtures::all());
    let api = fixtures::lower(&Sources::new(&tree), &fixtures::all());
    let names: Vec<_> = api.types.values().map(|def| format!("{}: {}", def.name, def.home)).collect();
    fixtures::assert_expected(&folder, "names", &names.join("\n"));
}

#[test]
fn callback_prose_is_dropped() {
    let tree = fixtures::path("bundle/openapi.yaml");
    assert!(bundled(&tree, &fixtures::all()).contains("Prose."));
    let text = bundled_with(&tree, &fixtures::all(), Words::Drop);
    assert!(!text.contains("Prose.") && !text.contains("examples"), "{text}");
}

#[test]
fn bundle_without_prose_keeps_the_rest() {
    let description = fixtures::path("accepted/docs/openapi.yaml");
    let text = bundled_with(&description, &fixtures::all(), Words::Drop);
    fixtures::assert_expected(&fixtures::path("accepted/docs"), "bundle_without_prose", &text);
}

#[test]
fn bundle_without_prose_gives_same_code() {
    for name in ["docs", "edges", "shapes", "tree"] {
        let description = fixtures::path(&format!("accepted/{name}/openapi.yaml"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.yaml");
        fs::write(&path, bundled_with(&description, &fixtures::all(), Words::Drop)).unwrap();
        let package = fixtures::package();
        let (with, without) = (
            generate(&description, &fixtures::all(), &package).unwrap(),
            generate(&path, &fixtures::all(), &package).unwrap(),
        );
        let code = |files: &[File]| -> Vec<String> {
            let rust = files.iter().filter(|file| file.path != "README.md");
            let lines = rust.flat_map(|file| file.contents.lines());
            let code = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
            code.map(str::to_owned).collect()
        };
        assert_eq!(code(&with.files), code(&without.files), "{name}");
    }
}

#[test]
fn bundle_holds_only_selected_operations() {
    let tree = fixtures::path("accepted/tree/openapi.yaml");
    let selection = Selection { tags: vec!["things".to_owned()], ..Selection::default() };
    let text = bundled(&tree, &selection);
    assert!(text.contains("getThing") && !text.contains("postOther") && !text.contains("unused"), "{text}");
    compare(&tree, &selection);
}

#[test]
fn single_file_is_its_own_bundle() {
    for name in ["auth", "edges", "modules", "names", "shapes"] {
        compare(&fixtures::path(&format!("accepted/{name}/openapi.yaml")), &fixtures::all());
    }
    compare(&fixtures::workspace().join("spec/openapi.yaml"), &fixtures::chats());
}

#[test]
fn vendor_trees_become_one_file() {
    let upstream = fixtures::workspace().join("../shared/upstream");
    let Ok(dates) = fs::read_dir(&upstream) else {
        eprintln!("skipped: the vendor's descriptions are not at hand ({})", upstream.display());
        return;
    };
    let mut roots: Vec<_> = dates.map(|date| date.unwrap().path().join("openapi/openapi.yaml")).collect();
    roots.sort();
    for root in &roots {
        compare(root, &fixtures::chats());
    }
    if let Some(newest) = roots.last() {
        compare(newest, &fixtures::all());
    }
}

/// Compares trees with their bundles; `TREES=500` compares more of them.
#[test]
fn random_trees_and_bundles_give_same_client() {
    let trees = std::env::var("TREES").ok().and_then(|trees| trees.parse().ok()).unwrap_or(12);
    let one = Selection { tags: vec!["one".to_owned()], ..Selection::default() };
    for seed in 0..trees {
        let folder = tempfile::tempdir().unwrap();
        let tree = crate::trees::Tree::new(seed);
        let root = tree.write(folder.path());
        eprintln!("seed {seed}");
        compare(&root, &fixtures::all());
        if tree.has_tag("one") {
            // A bundle has two copies of a path that is selected in part and is a callback as a whole, so its schemas in
            // place have other names in the module of callbacks.
            compare_files(&root, &one, |path| !path.starts_with("src/webhooks/"));
        }
    }
}

#[test]
fn bundle_has_the_components_that_are_selected() {
    let tree = fixtures::path("accepted/tree/openapi.yaml");
    let selection = Selection { all_schemas: true, ..Selection::default() };
    compare(&tree, &selection);
}
