//! `cargo xtask update`, `diff` and `release`: from a new description to a version, a changelog and a frozen contract.

mod rehearsals;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(workspace()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

const TREE: &str = "generator/tests/fixtures/accepted/tree/openapi.yaml";
const SHOP: &str = "generator/tests/fixtures/diff/openapi.yaml";

/// A place for a contract, a client and settings that have its version.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(place.path("Cargo.toml"), "[workspace]\n").unwrap();
        fs::write(place.path("openapi.client.toml"), "# A comment.\nversion = \"0.1.0\" # and another\n")
            .unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let (spec, out, manifest) = (self.path("openapi.yaml"), self.path("client"), self.path("Cargo.toml"));
        let mut all = vec![command];
        all.extend(arguments);
        all.extend(["--spec", spec.to_str().unwrap()]);
        all.extend(["--out", out.to_str().unwrap()]);
        all.extend(["--manifest", manifest.to_str().unwrap()]);
        xtask(&all)
    }

    /// Runs an update that has to succeed.
    fn update(&self, upstream: &str, arguments: &[&str]) -> String {
        let output = self.run("update", &[&[upstream, "--all", "--allow-dirty"], arguments].concat());
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    }

    fn release(&self) -> Output {
        self.run("release", &[])
    }

    /// Writes the description of the shop with an edit.
    fn shop(&self, from: &str, to: &str) -> String {
        let shop = fs::read_to_string(workspace().join(SHOP)).unwrap();
        assert!(shop.contains(from));
        let path = self.path("upstream.yaml");
        fs::write(&path, shop.replace(from, to)).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

#[test]
fn update_writes_matching_bundle_and_client() {
    let place = Place::new();
    place.update(TREE, &["--keep-words"]);
    let (spec, out) = (place.path("openapi.yaml"), place.path("client"));
    let check = |spec: &str, out: &Path| {
        xtask(&["codegen", "--check", "--all", "--spec", spec, "--out", out.to_str().unwrap()])
    };
    let checked = check(spec.to_str().unwrap(), &out);
    assert!(checked.status.success(), "{}", said(&checked));
    // The client of the tree is that of the bundle.
    let settings = place.path("openapi.client.toml");
    let tree = ["--spec", TREE, "--settings", settings.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let checked = xtask(&[&["codegen", "--check", "--all"], &tree[..]].concat());
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn update_drops_prose_and_asks_for_ours() {
    let place = Place::new();
    let text = place.update(SHOP, &["--edition", "2026-07-17"]);
    let spec = place.read("openapi.yaml");
    assert!(!spec.contains("How many.") && spec.contains("version: '2026-07-17'"), "{spec}");
    assert!(text.contains("this parameter has no description"), "{text}");
    assert!(text.contains("expected these descriptions in the overlay"), "{text}");
    let overlay = "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n  - target: $.paths.*[?@.operationId=='getOrders']\n    \
        update: {summary: Our own words}\n";
    fs::write(place.path("overlay.yaml"), overlay).unwrap();
    place.update(SHOP, &[]);
    assert!(place.read("client/src/client.rs").contains("/// Our own words"));
    assert!(!place.read("openapi.yaml").contains("Our own words"), "the overlay has them");
}

#[test]
fn version_and_changelog_follow_from_changes() {
    let place = Place::new();
    place.update(SHOP, &["--keep-words"]);
    let operations = "`addTicket`, `getOrders`, `postJob`, `search`, `sendFile`, `setOrder`, `watchTickets`";
    let text = place.read("client/CHANGELOG.md");
    assert!(text.contains(&format!("The first version: {operations}.")), "{text}");
    let released = place.release();
    assert!(released.status.success(), "{}", said(&released));
    let first = place.read("client/CHANGELOG.md");

    // Without changes, the version stays the same.
    let text = place.update(SHOP, &["--keep-words"]);
    assert!(text.contains("with 0.1.0: no changes for users"), "{text}");
    assert_eq!(place.read("client/CHANGELOG.md"), first);

    let additive = place.shop("enum: [NEW, DONE]", "enum: [NEW, PAID, DONE]");
    let text = place.update(&additive, &["--keep-words"]);
    assert!(text.contains("0.1.1 follows 0.1.0: additive changes"), "{text}");
    assert_eq!(place.read("openapi.client.toml"), "# A comment.\nversion = \"0.1.1\" # and another\n");
    assert!(place.read("client/Cargo.toml").contains("version = \"0.1.1\""));
    assert!(place.read("client/CHANGELOG.md").contains("## [0.1.1] - unreleased"));

    // A second update before the release takes its place.
    let breaking = place.shop("required: [total]", "required: [total, note]");
    let text = place.update(&breaking, &["--keep-words"]);
    assert!(text.contains("0.2.0 follows 0.1.0: breaking changes"), "{text}");
    insta::assert_snapshot!(without_dates(&place.read("client/CHANGELOG.md")));
    // An update that reverts all changes replaces it, too.
    place.update(SHOP, &["--keep-words"]);
    assert_eq!(place.read("client/CHANGELOG.md"), first);
    assert!(place.read("openapi.client.toml").contains("version = \"0.1.0\""));
    place.update(&breaking, &["--keep-words"]);
    let again = place.update(&breaking, &["--keep-words"]);
    assert!(again.contains("0 files changed"), "{again}");

    let released = place.release();
    assert!(released.status.success(), "{}", said(&released));
    assert!(!place.read("client/CHANGELOG.md").contains("unreleased"));
    let text = place.update(&breaking, &["--keep-words"]);
    assert!(text.contains("with 0.2.0: no changes for users"), "{text}");
    let released = place.release();
    assert_eq!(released.status.code(), Some(1));
    assert!(said(&released).contains("0.2.0 is released already"), "{}", said(&released));
}

/// Returns a changelog with placeholders for dates.
fn without_dates(changelog: &str) -> String {
    let line = |line: &str| match line.split_once("] - 2") {
        Some((heading, _)) => format!("{heading}] - DATE\n"),
        None => format!("{line}\n"),
    };
    changelog.lines().map(line).collect()
}

#[test]
fn manually_raised_version_is_kept() {
    let place = Place::new();
    place.update(SHOP, &[]);
    assert!(place.release().status.success());
    let settings = place.read("openapi.client.toml").replace("0.1.0", "0.5.0");
    fs::write(place.path("openapi.client.toml"), settings).unwrap();
    place.update(&place.shop("enum: [NEW, DONE]", "enum: [NEW, PAID, DONE]"), &[]);
    assert!(place.read("openapi.client.toml").contains("version = \"0.5.0\""));
    assert!(place.read("client/CHANGELOG.md").contains("## [0.5.0] - unreleased"));
}

#[test]
fn renamed_tag_compares_old_and_new_selection() {
    let place = Place::new();
    place.update(SHOP, &[]);
    assert!(place.release().status.success());
    let renamed = place.shop("tags: [shop]", "tags: [store]");
    let updated = place.run("update", &[&renamed, "--tag", "store", "--allow-dirty"]);
    assert!(updated.status.success(), "{}", said(&updated));
}

#[test]
fn failed_write_or_reread_changes_nothing() {
    let place = Place::new();
    let nowhere = place.path("nowhere/openapi.yaml");
    let out = place.path("client");
    let (manifest, settings) = (place.path("Cargo.toml"), place.path("openapi.client.toml"));
    let output = xtask(&[
        "update",
        SHOP,
        "--all",
        "--allow-dirty",
        "--spec",
        nowhere.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
        "--settings",
        settings.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("nowhere/openapi.yaml"), "{}", said(&output));
    assert!(!out.join("src").exists() && !out.join("CHANGELOG.md").exists());

    place.update(SHOP, &[]);
    let overlay = "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n  - target: $.paths.*.get\n    \
        update: {parameters: {name: z}}\n";
    fs::write(place.path("overlay.yaml"), overlay).unwrap();
    let released = place.release();
    assert_eq!(released.status.code(), Some(1));
    assert!(said(&released).contains("expected a list as in the description"), "{}", said(&released));
    assert!(!place.path("released/0.1.0.yaml").exists());
}

#[test]
fn release_includes_the_overlay() {
    let place = Place::new();
    let overlay = "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n  - target: $.info\n    update: {title: Our shop}\n";
    fs::write(place.path("overlay.yaml"), overlay).unwrap();
    place.update(SHOP, &[]);
    fs::write(place.path("client/CHANGELOG.md"), "# Changelog\n\n## [0.1.0] - unreleased\n\nThe first.\n")
        .unwrap();
    let released = place.release();
    assert!(released.status.success(), "{}", said(&released));
    assert!(place.read("released/0.1.0.yaml").contains("title: Our shop"));
}

#[test]
fn dry_run_or_dirty_folder_changes_nothing() {
    let place = Place::new();
    let before = place.read("openapi.client.toml");
    place.update(SHOP, &["--dry-run"]);
    let refused = place.run("update", &[SHOP, "--all"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("--allow-dirty"), "{}", said(&refused));
    let git = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(place.folder.path()).output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
    };
    git(&["init", "--quiet"]);
    let refused = place.run("update", &[SHOP, "--all"]);
    assert!(said(&refused).contains("uncommitted changes in 2 files"), "{}", said(&refused));
    assert!(!place.path("openapi.yaml").exists() && !place.path("client").exists());
    assert_eq!(place.read("openapi.client.toml"), before);
    git(&["add", "."]);
    git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "a"]);
    let accepted = place.run("update", &[SHOP, "--all"]);
    assert!(accepted.status.success(), "{}", said(&accepted));
}

#[test]
fn refused_description_changes_nothing() {
    let place = Place::new();
    fs::write(place.path("openapi.yaml"), "before").unwrap();
    for broken in ["ref_dangling", "one_of", "yaml_syntax"] {
        let broken = format!("generator/tests/fixtures/refused/{broken}/openapi.yaml");
        let output = place.run("update", &[&broken, "--allow-dirty"]);
        assert_eq!(output.status.code(), Some(1), "{broken}");
        assert_eq!(place.read("openapi.yaml"), "before");
        assert!(!place.path("client").exists());
    }
}

#[test]
fn diff_exit_code_tells_the_bump() {
    let place = Place::new();
    let diff = |from: &str, to: &str, format: &str| {
        xtask(&["diff", SHOP, &place.shop(from, to), "--all", "--format", format])
    };
    for (from, to, code) in [
        ("title", "title", 0),
        ("description: An order.", "description: One order.", 10),
        ("url: https://example.com", "url: https://example.org", 11),
        ("enum: [NEW, DONE]", "enum: [NEW, PAID, DONE]", 12),
        ("enum: [NEW, DONE]", "enum: [NEW]", 13),
    ] {
        for format in ["text", "markdown", "json"] {
            let output = diff(from, to, format);
            assert_eq!(output.status.code(), Some(code), "{}", said(&output));
            assert!(!output.stdout.is_empty());
        }
    }
    let output = diff("enum: [NEW, DONE]", "enum: [NEW, PAID]", "text");
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
    let refused = xtask(&["diff", SHOP, "no/such.yaml", "--all"]);
    assert_eq!(refused.status.code(), Some(1));
}

/// Webhooks of the shop, in a tree of files.
const WEBHOOKS: &str = "\
openapi: 3.0.3
info: {title: Events, version: LATEST}
paths:
  /events: {$ref: 'paths/events.yaml'}
";
const EVENTS: &str = "\
post:
  operationId: sendEvent
  requestBody: {content: {application/json: {schema: {$ref: '../Event.yaml'}}}}
  responses: {'200': {description: Words of the vendor.}}
";
const EVENT: &str = "{type: object, required: [id], properties: {id: {type: integer}}}";

#[test]
fn update_of_webhooks_is_adopted_and_released() {
    let place = Place::new();
    let settings = "version = \"0.1.0\"\nwebhooks = \"webhooks.yaml\"\n";
    fs::write(place.path("openapi.client.toml"), settings).unwrap();
    fs::write(place.path("webhooks.yaml"), WEBHOOKS.replace("{$ref: 'paths/events.yaml'}", "{}")).unwrap();
    let words = "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n  \
                 - {target: \"$.paths['/events'].post\", update: {description: An event.}}\n";
    fs::write(place.path("webhooks.overlay.yaml"), words).unwrap();
    fs::copy(workspace().join(SHOP), place.path("openapi.yaml")).unwrap();
    let upstream = place.path("upstream");
    fs::create_dir_all(upstream.join("paths")).unwrap();
    fs::write(upstream.join("openapi.yaml"), WEBHOOKS).unwrap();
    fs::write(upstream.join("paths/events.yaml"), EVENTS).unwrap();
    fs::write(upstream.join("Event.yaml"), EVENT).unwrap();
    let root = upstream.join("openapi.yaml");
    let arguments = ["--webhooks", "--edition", "2026-04-20"];
    let told = place.update(root.to_str().unwrap(), &arguments);
    // The overlay has words for the operation, and for nothing else.
    assert!(
        told.contains("this schema has no description") && !told.contains("this operation has"),
        "{told}"
    );
    let adopted = place.read("webhooks.yaml");
    assert!(adopted.contains("2026-04-20") && !adopted.contains("Words of the vendor"), "{adopted}");
    assert!(place.read("client/src/webhooks/send_event.rs").contains("//! An event."));

    let released = place.release();
    assert!(released.status.success(), "{}", said(&released));
    assert!(place.read("released/webhooks/0.1.0.yaml").contains("An event."));
    assert!(place.read("released/0.1.0.client.toml").contains("webhooks = \"webhooks/0.1.0.yaml\""));
    fs::write(upstream.join("Event.yaml"), EVENT.replace("integer", "string")).unwrap();
    let told = place.update(root.to_str().unwrap(), &arguments);
    assert!(told.contains("webhooks::types::Event::id: is `String` now, was `i64`"), "{told}");
    assert!(place.read("openapi.client.toml").contains("version = \"0.2.0\""));
}

#[test]
fn update_of_webhooks_without_a_setting_is_an_error() {
    let place = Place::new();
    fs::write(place.path("upstream.yaml"), WEBHOOKS.replace("{$ref: 'paths/events.yaml'}", "{}")).unwrap();
    let upstream = place.path("upstream.yaml");
    let output = place.run("update", &[upstream.to_str().unwrap(), "--webhooks", "--allow-dirty"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("expected `webhooks` in "), "{}", said(&output));
}
