//! `cargo xtask codegen` for a second API: its crate does not mention the chats.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const PETS: &str = "openapi: 3.0.3
info:
  title: \"Zoë's <Pet> Store [beta]: see https://pets.example.com\"
  version: LATEST
  description: Pets, and who has them.
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets:
    get: {operationId: getPets, tags: [pets], responses: {'204': {description: none}}}
  /owners:
    get: {operationId: getOwners, tags: [owners], responses: {'204': {description: none}}}
";

/// A folder with a description.
struct Pets {
    folder: TempDir,
}

impl Pets {
    fn new() -> Self {
        let pets = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(pets.path("pets.yaml"), PETS).unwrap();
        pets
    }

    fn with_settings(settings: &str) -> Self {
        let pets = Self::new();
        fs::write(pets.path("pets.client.toml"), settings).unwrap();
        pets
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn codegen(&self, arguments: &[&str]) -> Output {
        let (spec, out) = (self.path("pets.yaml"), self.path("client"));
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg("codegen").arg("--spec").arg(spec).arg("--out").arg(out).args(arguments);
        xtask.current_dir(self.folder.path()).output().unwrap()
    }

    /// Returns the manifest after a run that has to succeed.
    fn manifest(&self, arguments: &[&str]) -> toml_edit::DocumentMut {
        let output = self.codegen(arguments);
        assert!(output.status.success(), "{}", self.said(&output));
        self.read("client/Cargo.toml").parse().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn said(&self, output: &Output) -> String {
        let text = String::from_utf8_lossy(&output.stderr);
        text.replace(&*self.folder.path().to_string_lossy(), "PETS")
    }
}

/// Returns the package of a manifest, without the entries that all clients share.
fn package(manifest: &toml_edit::DocumentMut) -> String {
    let mut package = manifest["package"].as_table().unwrap().clone();
    package.remove("edition");
    package.remove("rust-version");
    package.to_string()
}

#[test]
fn other_description_names_its_own_crate() {
    let pets = Pets::new();
    let manifest = pets.manifest(&[]);
    insta::assert_snapshot!(package(&manifest));
    assert!(!manifest.to_string().contains("workspace"), "{manifest}");
    let front_page = pets.read("client/README.md");
    let (front_page, _) = front_page.split_once("## Errors").unwrap();
    insta::assert_snapshot!("other_description_front_page", front_page);
}

#[test]
fn untitled_description_gives_a_client() {
    let pets = Pets::new();
    let start = PETS.find("  title").unwrap()..PETS.find("  version").unwrap();
    let mut untitled = PETS.to_owned();
    untitled.replace_range(start, "  title: ''\n");
    fs::write(pets.path("pets.yaml"), untitled).unwrap();
    let manifest = pets.manifest(&[]);
    assert_eq!(manifest["package"]["name"].as_str(), Some("api-client"));
    assert!(pets.read("client/README.md").contains("from an untitled description, version `LATEST`."));
}

#[test]
fn other_client_never_mentions_the_chats() {
    let pets = Pets::new();
    pets.manifest(&[]);
    let mut folders = vec![pets.path("client")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap().to_lowercase();
                assert!(!text.contains("yandex") && !text.contains("market"), "{}", path.display());
                // The examples in the docs of the runtime are about chats: any API would do.
                let is_runtime = path.components().any(|part| part.as_os_str() == "runtime");
                assert!(is_runtime || !text.contains("chat"), "{}", path.display());
                files += 1;
            } else {
                folders.push(path);
            }
        }
    }
    assert!(files > 20);
}

#[test]
fn name_and_version_flags_win_over_settings() {
    let pets = Pets::with_settings("name = \"pets\"\nversion = \"0.7.0\"\n");
    let manifest = pets.manifest(&[]);
    assert_eq!(manifest["package"]["name"].as_str(), Some("pets"));
    assert_eq!(manifest["package"]["version"].as_str(), Some("0.7.0"));
    let manifest = pets.manifest(&["--name", "other-pets", "--version", "1.0.0-rc.1"]);
    assert_eq!(manifest["package"]["name"].as_str(), Some("other-pets"));
    assert_eq!(manifest["package"]["version"].as_str(), Some("1.0.0-rc.1"));
    assert!(pets.read("client/README.md").contains("use other_pets::{BuildError, Client};"));
}

#[test]
fn unusable_name_or_version_flag_is_refused() {
    let pets = Pets::new();
    for flags in [["--name", "pet store"], ["--name", "type"], ["--name", "http"], ["--version", "1.0"]] {
        let output = pets.codegen(&flags);
        assert_eq!(output.status.code(), Some(2), "{}", pets.said(&output));
        assert!(pets.said(&output).contains(flags[1]), "{}", pets.said(&output));
    }
    assert!(!pets.path("client").exists());
}

#[test]
fn settings_beside_the_description_are_applied() {
    let settings = "description = \"Pets.\"\nkeywords = [\"pets\"]\ncategories = []\nlicense = \"MIT\"\n\
        repository = \"https://example.com/pets\"\nbenches = [\"there\", \"absent\"]\n[selection]\ntags = [\"pets\"]\n\
        [dev-dependencies]\ntokio = [\"rt\"]\n";
    let pets = Pets::with_settings(settings);
    fs::create_dir_all(pets.path("client/benches")).unwrap();
    fs::write(pets.path("client/benches/there.rs"), "fn main() {}\n").unwrap();
    let manifest = pets.manifest(&[]);
    insta::assert_snapshot!(package(&manifest));
    assert!(manifest["dev-dependencies"].get("tokio").is_some());
    let benches = manifest["bench"].as_array_of_tables().unwrap();
    assert_eq!(benches.iter().map(|bench| bench["name"].as_str()).collect::<Vec<_>>(), [Some("there")]);
    let methods = |pets: &Pets| {
        [("pets", "get_pets"), ("owners", "get_owners")].map(|(part, name)| {
            let folder = pets.path("client/src/operations");
            let file = format!("{name}.rs");
            folder.join(&file).exists() || folder.join(part).join(&file).exists()
        })
    };
    assert_eq!(methods(&pets), [true, false]);
    pets.manifest(&["--all"]);
    assert_eq!(methods(&pets), [true, true]);
    pets.manifest(&["--tag", "owners"]);
    assert_eq!(methods(&pets), [false, true]);
}

#[test]
fn settings_flag_replaces_settings_beside() {
    let pets = Pets::with_settings("name = \"beside\"\n");
    fs::write(pets.path("mine.toml"), "name = \"mine\"\n").unwrap();
    let mine = pets.path("mine.toml");
    let manifest = pets.manifest(&["--settings", mine.to_str().unwrap()]);
    assert_eq!(manifest["package"]["name"].as_str(), Some("mine"));
}

#[test]
fn wrong_settings_are_located_and_change_nothing() {
    let pets =
        Pets::with_settings("name = \"pet store\"\nversion = \"1.0\"\n\n[selection]\ntag = \"pets\"\n");
    let output = pets.codegen(&[]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(pets.said(&output));
    assert!(!pets.path("client").exists());
    let absent = pets.codegen(&["--settings", "absent.toml"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(pets.said(&absent).contains("absent.toml: cannot be read"), "{}", pets.said(&absent));
}

#[test]
fn verify_without_compiling_tells_a_table() {
    let pets = Pets::new();
    fs::write(pets.path("broken.yaml"), PETS.replace("openapi: 3.0.3", "openapi: 7")).unwrap();
    let verify = |specs: &[&Path]| {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.args(["verify", "--no-compile"]).args(specs).output().unwrap()
    };
    let (good, broken) = (pets.path("pets.yaml"), pets.path("broken.yaml"));
    let output = verify(&[&good, &good]);
    assert!(output.status.success(), "{}", pets.said(&output));
    let output = verify(&[&good, &broken]);
    assert_eq!(output.status.code(), Some(1));
    let table = String::from_utf8(output.stdout.clone()).unwrap();
    let verdicts: Vec<_> = table.lines().map(|line| line.rsplit_once("  ").unwrap().1).collect();
    assert_eq!(verdicts, ["verdict", "ok", "failed"]);
    assert!(pets.said(&output).contains("1 of 2 descriptions failed"), "{}", pets.said(&output));
}
