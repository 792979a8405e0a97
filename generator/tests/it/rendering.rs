//! Rendered files, as snapshots to be reviewed.

use std::fs;
use std::path::Path;

use generator::Client;
use generator::dialect::Standard;
use generator::render::File;
use generator::select::Selection;

use crate::fixtures::generate;

use crate::fixtures;

/// Returns the path of the first released description of the chats, under its name in `spec`.
fn chats_description() -> std::path::PathBuf {
    fixtures::workspace().join("spec/released/0.1.0.yaml")
}

fn generated(description: &Path, selection: &Selection) -> Vec<File> {
    generate(description, selection, &fixtures::package()).unwrap().files
}

/// Compares a file with the one in the folder `rendered` of a fixture.
fn assert_rendered(fixture: &str, file: &File) {
    fixtures::assert_expected(&fixtures::path(fixture).join("rendered"), &file.path, &file.contents);
}

#[test]
fn chats_files_match_snapshots() {
    for file in generated(&chats_description(), &fixtures::chats()) {
        // The runtime is copied, not rendered: it has tests of its own.
        if !file.path.starts_with("src/runtime/") {
            assert_rendered("released/0.1.0", &file);
        }
    }
}

#[test]
fn shapes_files_match_snapshots() {
    for file in generated(&fixtures::path("accepted/shapes/openapi.yaml"), &fixtures::all()) {
        if file.path.starts_with("src/") && !file.path.starts_with("src/runtime/") {
            assert_rendered("accepted/shapes", &file);
        }
    }
}

#[test]
fn client_of_the_standards_has_no_vendor_code() {
    let description = fixtures::path("accepted/modules/openapi.yaml");
    let package = fixtures::package();
    let files = generator::generate(&*description, &fixtures::all(), &Standard, &package).unwrap().files;
    assert!(files.iter().all(|file| file.path != "src/dialect.rs"));
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    assert!(client.contents.contains("dialect: &Standard,"), "{}", client.contents);
    // Extensions of a vendor say nothing in another dialect.
    let calls = files.iter().filter(|file| file.path.starts_with("src/operations/"));
    assert!(calls.into_iter().all(|file| !file.contents.contains("RateLimit {")));
}

#[test]
fn integer_enums_match_snapshot() {
    let files = generated(&fixtures::path("accepted/integer_enums/openapi.yaml"), &fixtures::all());
    let file = files.iter().find(|file| file.path == "src/types.rs").unwrap();
    assert_rendered("accepted/integer_enums", file);
}

#[test]
fn unions_match_snapshots() {
    for fixture in ["accepted/discriminators", "accepted/unions"] {
        let files = generated(&fixtures::path(fixture).join("openapi.yaml"), &fixtures::all());
        let file = files.iter().find(|file| file.path == "src/types.rs").unwrap();
        assert_rendered(fixture, file);
    }
}

#[test]
fn webhooks_match_snapshots() {
    let files = generated(&fixtures::path("accepted/webhooks/openapi.yaml"), &fixtures::all());
    for file in files.iter().filter(|file| file.path.starts_with("src/webhooks/")) {
        assert_rendered("accepted/webhooks", file);
    }
}

#[test]
fn webhooks_of_a_description_become_a_module() {
    let folder = fixtures::path("accepted/webhooks_of_api");
    let files = generated(&folder.join("openapi.yaml"), &fixtures::all());
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    for path in ["src/webhooks/pet_lost.rs", "src/webhooks/new_pet.rs", "src/operations/get_pet.rs"] {
        assert!(paths.contains(&path), "{path}: {paths:?}");
    }
    assert!(!paths.contains(&"src/operations/new_pet.rs"));
}

#[test]
fn client_without_webhooks_has_no_code_for_them() {
    let files = generated(&fixtures::path("accepted/modules/openapi.yaml"), &fixtures::all());
    for name in ["webhook", "signature", "hmac", "sha2"] {
        let has_it = |file: &&File| file.path.contains(name) || file.contents.contains(name);
        assert_eq!(files.iter().find(has_it), None);
    }
}

#[test]
fn streams_match_snapshots() {
    let files = generated(&fixtures::path("accepted/streams/openapi.yaml"), &fixtures::all());
    for path in ["src/operations/complete.rs", "src/operations/listen.rs", "src/mock.rs"] {
        assert_rendered("accepted/streams", files.iter().find(|file| file.path == path).unwrap());
    }
}

#[test]
fn idempotency_key_matches_snapshot() {
    let files = generated(&fixtures::path("accepted/idempotency_key/openapi.yaml"), &fixtures::all());
    let file = files.iter().find(|file| file.path == "src/operations/refund.rs").unwrap();
    assert_rendered("accepted/idempotency_key", file);
}

#[test]
fn client_with_several_tags_has_modules() {
    let files = generated(&fixtures::path("accepted/modules/openapi.yaml"), &fixtures::all());
    for path in [
        "Cargo.toml",
        "README.md",
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
        assert_rendered("accepted/modules", file);
    }
}

#[test]
fn security_schemes_match_snapshot() {
    let files = generated(&fixtures::path("accepted/auth/openapi.yaml"), &fixtures::all());
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    assert_rendered("accepted/auth", client);
}

#[test]
fn deprecated_operation_names_date_and_successor() {
    let files = generated(&fixtures::path("accepted/edges/openapi.yaml"), &fixtures::all());
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    let expected =
        "/// **Deprecated**: limited from 2027-01-18; shut down on 2027-04-05; use [`core_`](Self::core_).";
    assert!(client.contents.contains(expected), "{}", client.contents);
}

#[test]
fn example_of_request_is_shown_by_setters() {
    let files = generated(&fixtures::path("accepted/samples/openapi.yaml"), &fixtures::all());
    let client = files.iter().find(|file| file.path == "src/client.rs").unwrap();
    // A date takes more than a literal.
    let expected = r#"client.find_pets().kinds([types::Kind::Dog, types::Kind::Cat]).names(["Rex"])"#;
    let rest = ".kind(types::Kind::Dog).is_tame(true).age(3).await?;";
    assert!(client.contents.contains(&format!("{expected}{rest}")), "{}", client.contents);
    assert!(client.contents.contains("client.set_pet(pet_id).await?"), "{}", client.contents);
}

#[test]
fn descriptions_match_rustdoc_snapshots() {
    let files = generated(&fixtures::path("accepted/docs/openapi.yaml"), &fixtures::all());
    for path in ["README.md", "src/client.rs", "src/types.rs"] {
        let file = files.iter().find(|file| file.path == path).unwrap();
        assert_rendered("accepted/docs", file);
    }
}

#[test]
fn same_description_gives_same_bytes() {
    for (fixture, selection) in [
        (chats_description(), fixtures::chats()),
        (fixtures::path("accepted/names/openapi.yaml"), fixtures::all()),
        (fixtures::path("accepted/shapes/openapi.yaml"), fixtures::all()),
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
fn json_gives_same_bytes_as_yaml() {
    let yaml = fs::read_to_string(chats_description()).unwrap();
    let tree: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("openapi.json");
    fs::write(&json, serde_json::to_string_pretty(&tree).unwrap()).unwrap();
    assert_eq!(generated(&json, &fixtures::chats()), generated(&chats_description(), &fixtures::chats()));
}

#[test]
fn selected_operation_brings_only_its_types() {
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
fn unselected_broken_schema_is_ignored() {
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
    generate(&path, &one, &fixtures::package()).unwrap();
    assert!(generate(&path, &fixtures::all(), &fixtures::package()).is_err());
}

#[test]
fn manifest_takes_workspace_versions() {
    let workspace = fs::read_to_string(fixtures::workspace().join("Cargo.toml")).unwrap();
    let client = Client::of(fixtures::workspace().join("spec/openapi.yaml")).unwrap();
    let files = client.generate().unwrap().files;
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
