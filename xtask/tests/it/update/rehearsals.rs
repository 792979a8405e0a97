//! Small changes of the contract, as the vendor makes them, and what `update` reports of each.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_yaml::{Mapping, Value};
use tempfile::TempDir;

use super::{said, workspace, xtask};

/// The contract of the chats as a vendor's description, with a release of it to compare with.
struct Contract {
    folder: TempDir,
    vendor: Value,
}

impl Contract {
    fn released() -> Self {
        let spec = workspace().join("spec");
        let text = fs::read_to_string(spec.join("openapi.yaml")).unwrap();
        let contract =
            Self { folder: tempfile::tempdir().unwrap(), vendor: serde_yaml::from_str(&text).unwrap() };
        fs::copy(spec.join("overlay.yaml"), contract.path("overlay.yaml")).unwrap();
        fs::write(contract.path("Cargo.toml"), "[workspace]\n").unwrap();
        fs::write(contract.path("openapi.client.toml"), "version = \"1.0.0\"\n").unwrap();
        let vendor = contract.vendor.clone();
        let updated = contract.update(&vendor, &[]);
        assert!(updated.status.success(), "{}", said(&updated));
        let released = contract.run("release", &[]);
        assert!(released.status.success(), "{}", said(&released));
        contract
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let paths =
            ["openapi.yaml", "client", "Cargo.toml"].map(|name| self.path(name).display().to_string());
        let [spec, out, manifest] = &paths;
        let place = ["--spec", spec, "--out", out, "--manifest", manifest];
        xtask(&[&[command], arguments, &place].concat())
    }

    fn update(&self, vendor: &Value, arguments: &[&str]) -> Output {
        fs::create_dir_all(self.path("vendor")).unwrap();
        let root = self.path("vendor/api.yaml");
        fs::write(&root, serde_yaml::to_string(vendor).unwrap()).unwrap();
        let root = root.display().to_string();
        self.run("update", &[&[root.as_str(), "--all", "--allow-dirty"], arguments].concat())
    }

    /// Returns the report of an update: changes for users, problems with their files, and the version.
    fn rehearsed(&self, name: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut vendor = self.vendor.clone();
        change(&mut vendor);
        let text = |value| serde_yaml::to_string(value).unwrap();
        assert!(text(&vendor) != text(&self.vendor), "{name} changes nothing");
        let text = said(&self.update(&vendor, &["--dry-run"]));
        let text = text.replace(&format!("{}/", self.folder.path().display()), "");
        let is_told = |line: &&str| {
            let line = line.trim_start();
            let is_snippet = line.starts_with(['|', '=']) || line.split(' ').next().is_some_and(is_number);
            let is_step =
                ["Bundling", "Selected", "Generating", "Finished"].iter().any(|step| line.starts_with(step));
            !line.is_empty() && !is_snippet && !is_step
        };
        let lines: Vec<_> = text.lines().filter(is_told).map(without_position).collect();
        format!("=== {name}\n{}\n", lines.join("\n"))
    }

    /// Reports of an addition in the first, a middle and the last place of a list or mapping.
    fn added(&self, what: &str, at: &[&str], entry: &(&str, Value)) -> String {
        let count = length(find(&mut self.vendor.clone(), at));
        let places = [("first", 0), ("in the middle", count / 2), ("last", count)];
        let reports = places.map(|(place, index)| {
            self.rehearsed(&format!("{what} added {place}"), |vendor| insert(find(vendor, at), index, entry))
        });
        reports.concat()
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes line and column, which change with the contract.
fn without_position(line: &str) -> String {
    match line.split_once("--> ") {
        Some((_, place)) => format!("  --> {}", place.split(':').next().unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn find<'v>(node: &'v mut Value, at: &[&str]) -> &'v mut Value {
    at.iter().fold(node, |node, token| match node {
        Value::Sequence(elements) => &mut elements[token.parse::<usize>().unwrap()],
        node => node.get_mut(*token).unwrap_or_else(|| panic!("there is no {token}")),
    })
}

fn length(node: &Value) -> usize {
    node.as_sequence().map_or_else(|| node.as_mapping().unwrap().len(), Vec::len)
}

/// Inserts an element, or a member with its name.
fn insert(node: &mut Value, index: usize, (name, value): &(&str, Value)) {
    match node {
        Value::Sequence(elements) => elements.insert(index, value.clone()),
        Value::Mapping(members) => {
            let mut all: Vec<_> = std::mem::take(members).into_iter().collect();
            all.insert(index, ((*name).into(), value.clone()));
            *members = all.into_iter().collect();
        }
        other => panic!("{other:?} has no elements"),
    }
}

fn remove(vendor: &mut Value, at: &[&str], token: &str) {
    match find(vendor, at) {
        Value::Sequence(elements) => elements.retain(|element| element.as_str() != Some(token)),
        node => drop(node.as_mapping_mut().unwrap().shift_remove(token)),
    }
}

/// Gives a value or a member another name, in its place.
fn rename(vendor: &mut Value, at: &[&str], from: &str, to: &str) {
    match find(vendor, at) {
        Value::Sequence(elements) => {
            elements
                .iter_mut()
                .filter(|element| element.as_str() == Some(from))
                .for_each(|it| *it = to.into());
        }
        node => {
            let members = std::mem::take(node.as_mapping_mut().unwrap());
            let renamed = members.into_iter().map(|(key, value)| {
                if key.as_str() == Some(from) { (to.into(), value) } else { (key, value) }
            });
            *node = Value::Mapping(renamed.collect::<Mapping>());
        }
    }
}

/// Moves the first of a list or mapping to its end.
fn rotate(vendor: &mut Value, at: &[&str]) {
    match find(vendor, at) {
        Value::Sequence(elements) => elements.rotate_left(1),
        node => {
            let mut members: Vec<_> = std::mem::take(node.as_mapping_mut().unwrap()).into_iter().collect();
            members.rotate_left(1);
            *node = Value::Mapping(members.into_iter().collect());
        }
    }
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

const STATUSES: [&str; 4] = ["components", "schemas", "ChatStatusType", "enum"];
const CHAT: [&str; 4] = ["components", "schemas", "GetChatInfoDTO", "properties"];
const GET_CHATS: [&str; 3] = ["paths", "/v2/businesses/{businessId}/chats", "post"];

fn below(at: &[&'static str], field: &'static str) -> Vec<&'static str> {
    [at, &[field]].concat()
}

#[test]
fn value_is_changed_and_its_siblings_keep_their_prose() {
    let contract = Contract::released();
    let mut text = contract.added("value", &STATUSES, &("", "ON_HOLD".into()));
    text += &contract.rehearsed("value renamed", |vendor| rename(vendor, &STATUSES, "FINISHED", "CLOSED"));
    text += &contract.rehearsed("value moved", |vendor| rotate(vendor, &STATUSES));
    text += &contract.rehearsed("value removed", |vendor| remove(vendor, &STATUSES, "FINISHED"));
    insta::assert_snapshot!(text);
}

#[test]
fn property_is_changed_and_missing_prose_is_told() {
    let contract = Contract::released();
    let unread = ("unread", yaml("{type: integer, format: int32}"));
    let mut text = contract.added("property", &CHAT, &unread);
    let priority = ("priority", yaml("{type: string, enum: [LOW, HIGH]}"));
    text += &contract.rehearsed("property with values", |vendor| insert(find(vendor, &CHAT), 0, &priority));
    text += &contract.rehearsed("property renamed", |vendor| {
        rename(vendor, &CHAT, "updatedAt", "changedAt");
        rename(vendor, &["components", "schemas", "GetChatInfoDTO", "required"], "updatedAt", "changedAt");
    });
    text += &contract.rehearsed("property moved", |vendor| rotate(vendor, &CHAT));
    text += &contract.rehearsed("property removed", |vendor| remove(vendor, &CHAT, "orderId"));
    insta::assert_snapshot!(text);
}

#[test]
fn operation_is_changed_and_missing_prose_is_told() {
    let contract = Contract::released();
    let paths = ["paths"];
    let close = "{post: {operationId: closeChat, tags: [chats], \
        parameters: [{$ref: '#/components/parameters/BusinessId'}], responses: {'204': {description: ''}}}}";
    let mut text =
        contract.added("operation", &paths, &("/v2/businesses/{businessId}/chats/close", yaml(close)));
    text += &contract.rehearsed("operation renamed", |vendor| {
        *find(vendor, &below(&GET_CHATS, "operationId")) = "listChats".into();
    });
    let moved = "/v3/businesses/{businessId}/chats";
    text += &contract.rehearsed("operation moved", |vendor| rename(vendor, &paths, GET_CHATS[1], moved));
    text += &contract.rehearsed("operations in another order", |vendor| rotate(vendor, &paths));
    text += &contract
        .rehearsed("operation removed", |vendor| remove(vendor, &paths, "/v2/businesses/{businessId}/chat"));
    insta::assert_snapshot!(text);
}

#[test]
fn parameter_is_changed_and_missing_prose_is_told() {
    let contract = Contract::released();
    let at = below(&GET_CHATS, "parameters");
    let sort = ("", yaml("{name: sort, in: query, schema: {type: string}}"));
    let mut text = contract.added("parameter", &at, &sort);
    text += &contract.rehearsed("parameter renamed", |vendor| {
        *find(vendor, &["components", "parameters", "PageLimit20", "name"]) = "size".into();
    });
    text += &contract.rehearsed("parameter moved", |vendor| rotate(vendor, &at));
    text += &contract.rehearsed("parameter removed", |vendor| {
        find(vendor, &at).as_sequence_mut().unwrap().truncate(2);
    });
    insta::assert_snapshot!(text);
}

#[test]
fn status_is_changed_and_missing_prose_is_told() {
    let contract = Contract::released();
    let at = below(&GET_CHATS, "responses");
    let conflict = "{description: '', content: {application/json: {schema: {$ref: '#/components/schemas/ApiErrorResponse'}}}}";
    let mut text = contract.added("status", &at, &("409", yaml(conflict)));
    text += &contract.rehearsed("status renamed", |vendor| rename(vendor, &at, "500", "503"));
    text += &contract.rehearsed("status moved", |vendor| rotate(vendor, &at));
    text += &contract.rehearsed("status removed", |vendor| remove(vendor, &at, "420"));
    insta::assert_snapshot!(text);
}

#[test]
fn problem_is_shown_in_the_files_of_the_vendor() {
    let contract = Contract::released();
    let files = [
        (
            "api.yaml",
            "openapi: 3.0.3\ninfo: {title: Split, version: '1'}\npaths:\n  /things:\n    $ref: paths/things.yaml\n",
        ),
        (
            "paths/things.yaml",
            "get:\n  operationId: listThings\n  responses:\n    '200':\n      description: Things.\n      \
                content:\n        application/json:\n          schema:\n            $ref: ../schemas/Thing.yaml\n",
        ),
        ("schemas/Thing.yaml", "type: object\nproperties:\n  name:\n    type: strng\n"),
    ];
    for (name, text) in files {
        let path = contract.path("split").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = contract.path("split/api.yaml").display().to_string();
    let update = || {
        let output = contract.run("update", &[&root, "--all", "--allow-dirty", "--dry-run"]);
        // The changes for users are all of the contract.
        let text = String::from_utf8(output.stderr).unwrap();
        text.replace(&format!("{}/", contract.folder.path().display()), "")
    };
    fs::remove_file(contract.path("overlay.yaml")).unwrap();
    let refused = update();
    let thing = contract.path("split/schemas/Thing.yaml");
    fs::write(&thing, fs::read_to_string(&thing).unwrap().replace("strng", "string")).unwrap();
    let accepted = update();
    for text in [&refused, &accepted] {
        assert!(!text.contains(&std::env::temp_dir().display().to_string()), "{text}");
    }
    insta::assert_snapshot!(format!("{refused}\n===\n{accepted}"));
}
