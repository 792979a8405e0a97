//! Trees of files made at random, with references of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// Numbers that look random, the same ones for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// A file and a JSON pointer into it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    file: String,
    pointer: String,
}

impl Spot {
    fn child(&self, token: impl Display) -> Self {
        let token = token.to_string().replace('~', "~0").replace('/', "~1");
        Self { file: self.file.clone(), pointer: format!("{}/{token}", self.pointer) }
    }
}

const ROOT: &str = "openapi.yaml";
const FILES: [&str; 6] = [
    "schemas.yaml",
    "common/all.json",
    "common/deep/more.yaml",
    "with space/x.yaml",
    "é/100%.json",
    "a+b.yaml",
];
/// Section of a file that has nodes with names.
const FRAGMENTS: [&str; 4] = ["definitions", "components/schemas", "a~1b", "$defs"];
const NAMES: [&str; 8] = ["Thing", "Order", "order-item", "Kind", "Schema", "with space", "a/b~c", "Größe%"];

/// A tree under construction.
pub(crate) struct Tree {
    random: Random,
    files: BTreeMap<String, Value>,
    /// Targets of references, by their role.
    targets: BTreeMap<&'static str, Vec<Spot>>,
    /// Objects that can get more properties, each with its spot.
    objects: Vec<Spot>,
    tags: BTreeSet<&'static str>,
    number: usize,
}

impl Tree {
    pub(crate) fn new(seed: u64) -> Self {
        let root = json!({
            "openapi": "3.0.3",
            "info": {"title": "Tree", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {},
        });
        let mut tree = Self {
            random: Random(seed),
            files: BTreeMap::from([(ROOT.to_owned(), root)]),
            targets: BTreeMap::new(),
            objects: Vec::new(),
            tags: BTreeSet::new(),
            number: 0,
        };
        (0..6).for_each(|_| tree.add_schema());
        tree.add_components();
        (0..4).for_each(|_| tree.add_path());
        tree.refer_to_schemas();
        tree.list_some();
        tree
    }

    /// Writes all files and returns the path of the root.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        for (name, value) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let is_json = path.extension().is_some_and(|extension| extension == "json");
            let text = if is_json { value.to_string() } else { serde_yaml::to_string(value).unwrap() };
            fs::write(path, text).unwrap();
        }
        folder.join(ROOT)
    }

    /// Returns `true` if an operation has a tag.
    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.tags.contains(tag)
    }

    fn next(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    /// Returns a free spot for a named node: a component of the root, a whole file or a part of one.
    fn spot(&mut self, section: &str) -> Spot {
        loop {
            let name = (*self.random.pick(&NAMES)).to_owned();
            let spot = match self.random.below(3) {
                0 => Spot { file: ROOT.to_owned(), pointer: format!("/components/{section}") }.child(name),
                1 => {
                    let folder = self.random.pick(&["", "whole/", "with space/"]);
                    let name = name.replace(['/', '~'], "-");
                    let extension = self.random.pick(&["yaml", "json"]);
                    Spot { file: format!("{folder}{name}.{extension}"), pointer: String::new() }
                }
                _ => {
                    let file = (*self.random.pick(&FILES)).to_owned();
                    let pointer = format!("/{}", self.random.pick(&FRAGMENTS));
                    Spot { file, pointer }.child(name)
                }
            };
            let is_whole = spot.pointer.is_empty();
            let is_free =
                if is_whole { !self.files.contains_key(&spot.file) } else { self.get(&spot).is_none() };
            if is_free {
                return spot;
            }
        }
    }

    fn get(&self, spot: &Spot) -> Option<&Value> {
        self.files.get(&spot.file)?.pointer(&spot.pointer)
    }

    fn put(&mut self, spot: &Spot, value: Value) {
        let mut node = self.files.entry(spot.file.clone()).or_insert_with(|| json!({}));
        for token in spot.pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            node = match node {
                Value::Array(elements) => &mut elements[token.parse::<usize>().unwrap()],
                node => node.as_object_mut().unwrap().entry(token).or_insert_with(|| json!({})),
            };
        }
        *node = value;
    }

    fn target(&mut self, section: &'static str, spot: Spot) {
        self.targets.entry(section).or_default().push(spot);
    }

    /// Returns a reference from a file to a spot of this section, in a random spelling.
    fn reference(&mut self, section: &'static str, from: &str) -> Value {
        let spots = self.targets[section].clone();
        let spot = self.random.pick(&spots).clone();
        self.reference_to(&spot, from)
    }

    fn reference_to(&mut self, spot: &Spot, from: &str) -> Value {
        let encodes_all = self.random.one_in(2);
        let file = if spot.file == from && !self.random.one_in(4) {
            String::new()
        } else {
            let up = "../".repeat(from.matches('/').count());
            let dot = if up.is_empty() && self.random.one_in(3) { "./" } else { "" };
            format!("{dot}{up}{}", encoded(&spot.file, encodes_all))
        };
        let fragment = match spot.pointer.as_str() {
            "" if !file.is_empty() && self.random.one_in(2) => String::new(),
            pointer => format!("#{}", encoded(pointer, encodes_all)),
        };
        json!({"$ref": format!("{file}{fragment}")})
    }

    fn add_schema(&mut self) {
        let spot = self.spot("schemas");
        let bases: Vec<Spot> = self.objects.clone();
        let schema = match self.random.below(8) {
            6 if !bases.is_empty() => {
                let base = self.random.pick(&bases).clone();
                let base = self.reference_to(&base, &spot.file);
                let own = self.object(&spot.child("allOf").child(1), 1);
                json!({"allOf": [base, own]})
            }
            7 if !bases.is_empty() => {
                let base = self.random.pick(&bases).clone();
                json!({"description": "Another word for it.", "allOf": [self.reference_to(&base, &spot.file)]})
            }
            0 => json!({"type": "string", "enum": ["a", "b"]}),
            1 => json!({"type": "string", "minLength": 1}),
            2 => {
                let items = self.object(&spot.child("items"), 0);
                json!({"type": "array", "items": items})
            }
            _ => self.object(&spot, 2),
        };
        self.put(&spot, schema);
        self.target("schemas", spot.clone());
        if self.random.one_in(3) {
            self.add_chain("schemas", &spot);
        }
    }

    /// Adds a `$ref` to a spot; the `$ref` itself is a target, too.
    fn add_chain(&mut self, section: &'static str, to: &Spot) {
        let link = self.spot(section);
        let reference = self.reference_to(to, &link.file);
        self.put(&link, reference);
        self.target(section, link);
    }

    /// Returns an object whose inner schemas are targets, too.
    fn object(&mut self, at: &Spot, depth: usize) -> Value {
        let mut properties = Map::new();
        for _ in 0..=self.random.below(3) {
            let number = self.next();
            let name = if self.random.one_in(6) { format!("a/b {number}") } else { format!("p{number}") };
            let at = at.child("properties").child(&name);
            let schema = match self.random.below(if depth == 0 { 3 } else { 7 }) {
                0 => json!({"type": "integer", "format": "int64"}),
                1 => json!({"type": "string", "enum": ["x", "y"], "description": "One of two."}),
                2 => json!({"type": "string", "description": "Some text."}),
                3 => {
                    let items = self.object(&at.child("items"), depth - 1);
                    json!({"type": "array", "items": items})
                }
                4 => {
                    let values = self.object(&at.child("additionalProperties"), depth - 1);
                    json!({"type": "object", "additionalProperties": values})
                }
                _ => self.object(&at, depth - 1),
            };
            self.target("schemas", at);
            properties.insert(name, schema);
        }
        self.objects.push(at.clone());
        self.target("schemas", at.clone());
        json!({"type": "object", "properties": properties})
    }

    fn body(&mut self, at: &Spot) -> Value {
        let at = at.child("content").child("application/json").child("schema");
        let schema =
            if self.random.one_in(2) { self.object(&at, 1) } else { self.reference("schemas", &at.file) };
        json!({"application/json": {"schema": schema, "examples": {"one": self.reference("examples", &at.file)}}})
    }

    fn add_components(&mut self) {
        for section in ["examples", "links", "headers", "parameters", "responses", "requestBodies"] {
            for _ in 0..2 {
                let spot = self.spot(section);
                let value = self.component(section, &spot);
                self.put(&spot, value);
                self.target(section, spot.clone());
                if self.random.one_in(2) {
                    self.add_chain(section, &spot);
                }
            }
        }
        for _ in 0..2 {
            let spot = self.spot("callbacks");
            let item = spot.child("{$request.query.url}");
            let callback =
                json!({"{$request.query.url}": {"post": self.operation(&item.child("post"), false)}});
            self.put(&spot, callback);
            self.target("items", item);
            self.target("callbacks", spot);
        }
    }

    fn component(&mut self, section: &'static str, spot: &Spot) -> Value {
        match section {
            "examples" => json!({"value": {"$ref": "this is data", "no": true}}),
            "links" => json!({"operationId": "none", "parameters": {"id": "$response.body#/id"}}),
            "headers" => json!({"schema": self.reference("schemas", &spot.file)}),
            "parameters" => self.parameter(spot),
            "responses" => self.response(spot),
            _ => json!({"required": true, "content": self.body(spot)}),
        }
    }

    fn parameter(&mut self, at: &Spot) -> Value {
        let schema = at.child("schema");
        let inner = if self.random.one_in(2) {
            self.target("scalars", schema);
            json!({"type": "string", "enum": ["on", "off"]})
        } else if self.targets.contains_key("scalars") && self.random.one_in(2) {
            self.reference("scalars", &at.file)
        } else {
            json!({"type": "array", "items": {"type": "string", "enum": ["no", "yes"]}})
        };
        json!({"name": format!("q{}", self.next()), "in": "query", "schema": inner})
    }

    fn response(&mut self, at: &Spot) -> Value {
        let content = self.body(at);
        json!({
            "description": "What comes back.",
            "headers": {"X-Count": self.reference("headers", &at.file)},
            "links": {"next": self.reference("links", &at.file)},
            "content": content,
        })
    }

    fn operation(&mut self, at: &Spot, has_callbacks: bool) -> Value {
        let inline = at.child("parameters").child(0);
        let mut parameters = vec![self.parameter(&inline)];
        let shared = self.targets["parameters"].clone();
        let shared = self.random.pick(&shared).clone();
        let name = self.resolved(&shared).and_then(|target| target.get("name").cloned());
        if name != parameters[0].get("name").cloned() {
            parameters.push(self.reference_to(&shared, &at.file));
        }
        self.target("parameters", inline);
        let ok = at.child("responses").child("200");
        let ok_value = self.response(&ok);
        self.target("responses", ok);
        let mut operation = json!({
            "parameters": parameters,
            "responses": {"200": ok_value, "404": self.reference("responses", &at.file)},
        });
        if self.random.one_in(2) {
            operation["requestBody"] = self.reference("requestBodies", &at.file);
        }
        if has_callbacks {
            let tag = *self.random.pick(&["one", "two"]);
            self.tags.insert(tag);
            operation["tags"] = json!([tag]);
            operation["callbacks"] = json!({"done": self.reference("callbacks", &at.file)});
            if self.random.one_in(2) {
                let item = self.reference("items", &at.file);
                operation["callbacks"]["failed"] = json!({"{$request.query.url}": item});
            }
        }
        operation
    }

    /// Returns the node of a spot, after all references.
    fn resolved(&self, spot: &Spot) -> Option<&Value> {
        let mut value = self.get(spot)?;
        let mut from = spot.file.clone();
        while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            let decode =
                |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
            if !file.is_empty() {
                from = decode(file.trim_start_matches("./").trim_start_matches("../"));
            }
            value = self.files.get(&from)?.pointer(&decode(pointer))?;
        }
        Some(value)
    }

    fn add_path(&mut self) {
        let path =
            format!("/{}{}", self.random.pick(&["things", "a b", "x~y"]).replace(' ', "-"), self.next());
        let listed = Spot { file: ROOT.to_owned(), pointer: "/paths".to_owned() }.child(&path);
        let at = match self.random.below(3) {
            0 => listed.clone(),
            1 => Spot { file: format!("paths/{}.yaml", self.next()), pointer: String::new() },
            _ => Spot { file: "paths/all {x}.json".to_owned(), pointer: String::new() }.child(&path),
        };
        let mut item = json!({"get": self.operation(&at.child("get"), true)});
        if self.random.one_in(2) {
            let id = format!("post{}", self.next());
            item["post"] = self.operation(&at.child("post"), true);
            item["post"]["operationId"] = json!(id);
        }
        let has_post = item.get("post").is_some();
        if self.random.one_in(2) {
            item["parameters"] = json!([self.parameter(&at.child("parameters").child(0))]);
        }
        self.put(&at, item);
        self.target("items", at.clone());
        if at != listed {
            let reference = self.reference_to(&at, ROOT);
            self.put(&listed, reference);
        }
        // The same path item may be that of another path too, as long as its operations have no names.
        if !has_post && self.random.one_in(3) {
            let again =
                Spot { file: ROOT.to_owned(), pointer: "/paths".to_owned() }.child(format!("{path}/again"));
            let reference = self.reference_to(&at, ROOT);
            self.put(&again, reference);
        }
    }

    /// Adds properties that refer to any schema, so that there are cycles.
    fn refer_to_schemas(&mut self) {
        for spot in self.objects.clone() {
            for _ in 0..self.random.below(3) {
                let at = spot.child("properties").child(format!("r{}", self.next()));
                let mut reference = self.reference("schemas", &at.file);
                if self.random.one_in(4) {
                    reference["description"] = json!("Words beside a reference.");
                }
                self.put(&at, reference);
            }
        }
    }

    /// Lists some things among the components of the root, under other names or their own.
    fn list_some(&mut self) {
        for section in ["schemas", "parameters", "responses"] {
            for _ in 0..self.random.below(3) {
                let name = format!("Listed{}", self.random.below(3));
                let at =
                    Spot { file: ROOT.to_owned(), pointer: format!("/components/{section}") }.child(name);
                let reference = self.reference(section, ROOT);
                self.put(&at, reference);
            }
        }
    }
}

/// Returns a part of a reference, percent-encoded where needed, or everywhere but letters.
fn encoded(text: &str, all: bool) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/.~-_".contains(letter);
    let is_unfit = |letter: char| "% #{}".contains(letter);
    let mut encoded = String::new();
    for letter in text.chars() {
        if is_plain(letter) || !all && !is_unfit(letter) {
            encoded.push(letter);
        } else {
            let mut bytes = [0; 4];
            letter.encode_utf8(&mut bytes).bytes().for_each(|byte| write!(encoded, "%{byte:02X}").unwrap());
        }
    }
    encoded
}
