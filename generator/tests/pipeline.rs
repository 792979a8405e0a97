//! What each stage makes of the chats: the IR and every rendered file are snapshots, to be reviewed.

mod support;

use std::fs;
use std::path::Path;

use generator::diagnostic::Diagnostics;
use generator::load::Sources;
use generator::render::{File, Package};
use generator::report::Report;
use generator::select::{Selection, select};
use generator::{analyse, generate};

/// The description of the chats as first released, under the name it has in `spec`.
fn chats_description() -> std::path::PathBuf {
    support::workspace().join("spec/released/0.1.0.yaml")
}

fn generated(description: &Path, selection: &Selection) -> Vec<File> {
    generate(description, selection, &support::package()).unwrap().files
}

#[test]
fn the_ir_of_the_chats() {
    let sources = Sources::new(&chats_description());
    let mut diagnostics = Diagnostics::default();
    let selected = select(&sources, &support::chats(), &mut diagnostics);
    let api = analyse(&sources, &selected, &mut diagnostics).unwrap();
    assert!(Report::new(diagnostics, &sources).problems().is_empty());
    insta::assert_debug_snapshot!(api);
}

#[test]
fn every_rendered_file_of_the_chats() {
    for file in generated(&chats_description(), &support::chats()) {
        // The runtime is copied, not rendered: it has tests of its own.
        if !file.path.starts_with("src/runtime/") {
            insta::assert_snapshot!(file.path.replace('/', "__"), file.contents);
        }
    }
}

#[test]
fn every_rendered_shape() {
    for file in generated(&support::fixture("compiled/shapes/openapi.yaml"), &support::all()) {
        if file.path.starts_with("src/") && !file.path.starts_with("src/runtime/") {
            insta::assert_snapshot!(format!("shapes__{}", file.path.replace('/', "__")), file.contents);
        }
    }
}

#[test]
fn a_client_of_several_first_tags_is_in_parts() {
    let files = generated(&support::fixture("compiled/modules/openapi.yaml"), &support::all());
    for path in [
        "Cargo.toml",
        "src/client.rs",
        "src/error.rs",
        "src/lib.rs",
        "src/operations/mod.rs",
        "src/operations/orders/get_order.rs",
        "src/operations/orders/get_orders.rs",
        "src/operations/orders/mod.rs",
        "src/operations/untagged/walk.rs",
        "src/types/mod.rs",
        "src/types/orders.rs",
    ] {
        let file = files.iter().find(|file| file.path == path).unwrap();
        insta::assert_snapshot!(format!("modules__{}", path.replace('/', "__")), file.contents);
    }
}

#[test]
fn every_way_to_authenticate() {
    let files = generated(&support::fixture("compiled/auth/openapi.yaml"), &support::all());
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    insta::assert_snapshot!(client.contents);
}

#[test]
fn an_operation_that_goes_away_says_when_and_what_takes_its_place() {
    let files = generated(&support::fixture("compiled/edges/openapi.yaml"), &support::all());
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    let expected = "/// **Going away**: it is served with less from 2027-01-18; it is shut down on 2027-04-05; use\n    \
                    /// [`core_`](Self::core_).";
    assert!(client.contents.contains(expected), "{}", client.contents);
}

#[test]
fn descriptions_as_documentation() {
    let files = generated(&support::fixture("compiled/docs/openapi.yaml"), &support::all());
    for path in ["src/client.rs", "src/lib.rs", "src/types.rs"] {
        let file = files.iter().find(|file| file.path == path).unwrap();
        insta::assert_snapshot!(format!("docs__{}", path.replace('/', "__")), file.contents);
    }
}

#[test]
fn the_same_description_gives_the_same_bytes_again_and_elsewhere() {
    for (fixture, selection) in [
        (chats_description(), support::chats()),
        (support::fixture("compiled/names/openapi.yaml"), support::all()),
        (support::fixture("compiled/shapes/openapi.yaml"), support::all()),
    ] {
        let first = generated(&fixture, &selection);
        assert_eq!(first, generated(&fixture, &selection));
        let elsewhere = tempfile::tempdir().unwrap();
        let copy = elsewhere.path().join("another-name.yaml");
        fs::copy(&fixture, &copy).unwrap();
        assert_eq!(first, generated(&copy, &selection));
    }
}

#[test]
fn json_gives_the_same_bytes_as_yaml() {
    let yaml = fs::read_to_string(chats_description()).unwrap();
    let tree: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("openapi.json");
    fs::write(&json, serde_json::to_string_pretty(&tree).unwrap()).unwrap();
    assert_eq!(generated(&json, &support::chats()), generated(&chats_description(), &support::chats()));
}

#[test]
fn selection_takes_what_was_asked_for_and_nothing_else() {
    let one = Selection { operations: vec!["getChats".to_owned()], ..Selection::default() };
    let files = generated(&chats_description(), &one);
    let operations: Vec<_> = files
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| path.starts_with("src/operations/"))
        .collect();
    assert_eq!(operations, ["src/operations/get_chats.rs", "src/operations/mod.rs"]);
    let types = &files.iter().find(|file| file.path == "src/types.rs").unwrap().contents;
    assert!(types.contains("pub struct GetChatsRequest"));
    assert!(!types.contains("CreateChat"), "a type that no selected operation reaches was generated");
}

#[test]
fn a_broken_part_that_nothing_selected_reaches_is_no_obstacle() {
    let yaml = fs::read_to_string(chats_description()).unwrap();
    let broken = yaml.replace(
        "      type: object\n      required:\n        - chatId\n",
        "      type: nonsense\n      required: 7\n",
    );
    assert_ne!(yaml, broken);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, broken).unwrap();
    let one = Selection { operations: vec!["sendMessageToChat".to_owned()], ..Selection::default() };
    generate(&path, &one, &support::package()).unwrap();
    assert!(generate(&path, &support::all(), &support::package()).is_err());
}

#[test]
fn the_manifest_has_the_versions_of_the_workspace() {
    let workspace = fs::read_to_string(support::workspace().join("Cargo.toml")).unwrap();
    let package = Package::from_workspace(&workspace).unwrap();
    let files = generate(&chats_description(), &support::chats(), &package).unwrap().files;
    let manifest: toml::Table = files[0].contents.parse().unwrap();
    let workspace: toml::Table = workspace.parse().unwrap();
    assert_eq!(manifest["package"]["name"].as_str(), Some("yandex-market-chats"));
    let versions = workspace["workspace"]["dependencies"].as_table().unwrap();
    for section in ["dependencies", "dev-dependencies"] {
        for (name, dependency) in manifest[section].as_table().unwrap() {
            let version =
                |value: &toml::Value| value.get("version").unwrap_or(value).as_str().map(str::to_owned);
            assert_eq!(version(dependency), version(&versions[name]), "{name}");
        }
    }
}
