//! Descriptions as their authors wrote them. They are read again, without the generator's loader and its IR, so that a
//! mistake in either shows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use elsa::FrozenMap;
use generator::diagnostic::Location;
use percent_encoding::percent_decode_str;
use serde::de::{EnumAccess, MapAccess, SeqAccess, VariantAccess as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The greatest number of `$ref`s in a row.
const MOST_LINKS: usize = 32;

/// A description, with the files that it refers to.
pub(crate) struct Documents {
    folder: PathBuf,
    root: Location,
    files: FrozenMap<String, Box<Value>>,
    /// Components that extend another one by `allOf`, directly or not, by the place of the other one.
    children: BTreeMap<Location, Vec<Location>>,
}

impl Documents {
    /// Reads the root file.
    ///
    /// # Errors
    /// The file cannot be read, or is neither YAML nor JSON.
    pub(crate) fn open(root: &Path) -> Result<Self, String> {
        let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        let root = Location::file(name.clone());
        let mut documents = Self { folder, root, files: FrozenMap::new(), children: BTreeMap::new() };
        let value = read(&documents.folder.join(&name))?;
        documents.files.insert(name, Box::new(value));
        documents.children = documents.extensions();
        Ok(documents)
    }

    /// Returns `true` for OpenAPI 3.0, whose schemas are not those of JSON Schema.
    pub(crate) fn is_3_0(&self) -> bool {
        let version = self.get(&self.root.child("openapi"));
        version.is_some_and(|version| version.to_string().trim_matches('"').starts_with("3.0"))
    }

    /// Returns the place of the root file.
    pub(crate) fn root(&self) -> &Location {
        &self.root
    }

    /// Returns the node at a place.
    pub(crate) fn get(&self, at: &Location) -> Option<&Value> {
        self.file(&at.file)?.pointer(&at.pointer)
    }

    /// Returns the members of the object at a place.
    pub(crate) fn object(&self, at: &Location) -> Option<&Map<String, Value>> {
        self.get(at)?.as_object()
    }

    fn file(&self, name: &str) -> Option<&Value> {
        if let Some(file) = self.files.get(name) {
            return Some(file);
        }
        let value = read(&self.folder.join(name)).ok()?;
        Some(self.files.insert(name.to_owned(), Box::new(value)))
    }

    /// Returns the place of a component of the root.
    pub(crate) fn component(&self, name: &str) -> Location {
        self.root.child("components").child("schemas").child(name)
    }

    /// Returns the places of all components of the root.
    pub(crate) fn components(&self) -> Vec<Location> {
        let schemas = self.object(&self.root.child("components").child("schemas"));
        schemas.into_iter().flat_map(Map::keys).map(|name| self.component(name)).collect()
    }

    /// Returns the target of the `$ref` at a place, if there is one.
    pub(crate) fn reference(&self, at: &Location) -> Option<Location> {
        self.resolve(at, self.object(at)?.get("$ref")?.as_str()?)
    }

    /// Returns the place that a text refers to, if the text is no URL.
    pub(crate) fn resolve(&self, from: &Location, reference: &str) -> Option<Location> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.contains("://") {
            return None;
        }
        if file.is_empty() && !self.is_3_0() {
            return self.within_resource(from, &decoded(fragment));
        }
        let file = if file.is_empty() { from.file.to_string() } else { joined(&from.file, &decoded(file)) };
        let at = Location { file: file.into(), pointer: decoded(fragment) };
        self.get(&at).map(|_| at)
    }

    /// Returns the place of a fragment in a schema resource of JSON Schema: an anchor, or a pointer. The resource is the closest
    /// schema around the reference with an `$id`, else the file.
    fn within_resource(&self, from: &Location, fragment: &str) -> Option<Location> {
        let mut root = from.clone();
        while !root.pointer.is_empty() && !self.object(&root).is_some_and(|schema| schema.contains_key("$id"))
        {
            root.pointer.truncate(root.pointer.rfind('/').unwrap_or_default());
        }
        if fragment.is_empty() || fragment.starts_with('/') {
            let at = Location { pointer: root.pointer.clone() + fragment, ..root };
            // Authors mean the file, too.
            let in_file = Location { pointer: fragment.to_owned(), ..from.clone() };
            return [at, in_file].into_iter().find(|at| self.get(at).is_some());
        }
        let pointer = anchored(self.get(&root)?, fragment)?;
        Some(Location { pointer: root.pointer.clone() + &pointer, ..root })
    }

    /// Follows the `$ref`s at a place.
    pub(crate) fn follow(&self, at: &Location) -> Location {
        let mut at = at.clone();
        for _ in 0..MOST_LINKS {
            let Some(target) = self.reference(&at) else { break };
            at = target;
        }
        at
    }

    /// Returns the components that extend the one at a place.
    pub(crate) fn children(&self, at: &Location) -> &[Location] {
        self.children.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds the components that extend others.
    fn extensions(&self) -> BTreeMap<Location, Vec<Location>> {
        let mut children: BTreeMap<Location, Vec<Location>> = BTreeMap::new();
        for component in self.components() {
            let mut found = self.bases(&component);
            let mut known = Vec::new();
            while let Some(base) = found.pop() {
                if !known.contains(&base) {
                    found.extend(self.bases(&base));
                    children.entry(base.clone()).or_default().push(component.clone());
                    known.push(base);
                }
            }
        }
        children
    }

    fn bases(&self, at: &Location) -> Vec<Location> {
        let list = at.child("allOf");
        let members = self.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
        (0..members).filter_map(|index| self.reference(&list.child(index))).collect()
    }
}

/// Returns the pointer to the schema with an anchor.
fn anchored(value: &Value, anchor: &str) -> Option<String> {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            let is_here = ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|keyword| members.get(*keyword).is_some_and(|name| name == anchor));
            let mut below = members.iter().map(|(name, value)| (escaped(name), value));
            let mut found =
                || below.find_map(|(name, value)| Some(format!("/{name}{}", anchored(value, anchor)?)));
            if is_here { Some(String::new()) } else { found() }
        }
        Value::Array(elements) => {
            let mut elements = elements.iter().enumerate();
            elements.find_map(|(index, value)| Some(format!("/{index}{}", anchored(value, anchor)?)))
        }
        _ => None,
    }
}

/// Returns a path relative to a file, without `.` and `..` where possible.
fn joined(from: &str, file: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Reads a file as JSON, else as YAML.
fn read(path: &Path) -> Result<Value, String> {
    let failed = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let text = text.trim_start_matches('\u{feff}');
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    serde_yaml::from_str(text).map(|Node(value)| value).map_err(|error| failed(&error))
}

/// YAML as JSON: keys are texts, and integers beyond 64 bits are floating-point numbers.
struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Self)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no other number of that size")]
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no other number of that size")]
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Node(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (mut map, mut merged) = (Map::new(), Vec::new());
        while let Some((Node(key), Node(value))) = members.next_entry()? {
            match (key, value) {
                (Value::String(key), Value::Object(value)) if key == "<<" => merged.push(value),
                (Value::String(key), value) => drop(map.insert(key, value)),
                (key, value) => drop(map.insert(key.to_string(), value)),
            }
        }
        for (key, value) in merged.into_iter().flatten() {
            map.entry(key).or_insert(value);
        }
        Ok(map.into())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        value.newtype_variant().map(|Node(value)| value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Documents, Node, joined};

    #[test]
    fn yaml_is_read_as_json() {
        let text = "a: &a {b: -9223372036854776000, 1: ~}\nc: {<<: *a, b: !t x}";
        let Node(value) = serde_yaml::from_str(text).unwrap();
        let float = -9_223_372_036_854_776_000_f64;
        assert_eq!(value, json!({ "a": { "b": float, "1": null }, "c": { "b": "x", "1": null } }));
    }

    #[test]
    fn fragments_are_those_of_the_schema_around() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let schemas = "A: {$id: 'https://example.com/a', x: {$ref: '#b'}, y: {$ref: '#/$defs/c'}, \
                       $defs: {B: {$anchor: b}, c: {}}}, C: {$ref: '#/components/schemas/A'}";
        std::fs::write(&path, format!("openapi: 3.1.0\ncomponents: {{schemas: {{{schemas}}}}}")).unwrap();
        let documents = Documents::open(&path).unwrap();
        let at = |name: &str| documents.component("A").child(name);
        assert_eq!(documents.reference(&at("x")), Some(at("$defs").child("B")));
        assert_eq!(documents.reference(&at("y")), Some(at("$defs").child("c")));
        assert_eq!(documents.reference(&documents.component("C")), Some(documents.component("A")));
    }

    #[test]
    fn paths_are_relative_to_the_file_that_refers() {
        assert_eq!(joined("openapi.yaml", "./schemas/a.yaml"), "schemas/a.yaml");
        assert_eq!(joined("schemas/a.yaml", "../paths/b.yaml"), "paths/b.yaml");
        assert_eq!(joined("a.yaml", "../b.yaml"), "../b.yaml");
    }
}
