//! One file from a tree of files: the selected operations, and what they reach, as components.
//!
//! The order of members and everything else of a node stay as they are; only references change, and prose can be
//! left out. A client generated from the bundle is the one generated from the tree.

mod words;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_yaml::{Mapping, Value};

use crate::diagnostic::{Diagnostics, Location};
use crate::load::{Origins, Sources};
use crate::places::{self, Places, Role, Section};
use crate::select::{Candidate, METHODS, Selected};

/// Treatment of the prose of a description: titles, summaries, descriptions, examples, links to documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// The prose is kept.
    Keep,
    /// The prose is omitted or, where the specification requires it, empty.
    Drop,
}

/// One file made of a tree of files.
#[derive(Debug)]
pub struct Bundle {
    document: Value,
    origins: Origins,
}

impl Bundle {
    /// Replaces `info.version`.
    pub fn set_version(&mut self, version: &str) {
        if let Some(info) = self.document.get_mut("info").and_then(Value::as_mapping_mut) {
            info.insert("version".into(), version.into());
        }
    }

    /// Returns the bundle as YAML.
    pub fn text(&self) -> Option<String> {
        yaml::text(&self.document)
    }

    /// Returns the places that its nodes come from.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }
}

/// Bundles the selected operations and components. What cannot be followed goes into `diagnostics`.
pub fn bundle(
    sources: &Sources,
    selected: &Selected,
    words: Words,
    diagnostics: &mut Diagnostics,
) -> Option<Bundle> {
    let places = Places::of(sources, selected);
    let origins = Origins::from([(String::new(), sources.root())]);
    let mut bundler = Bundler { sources, diagnostics, places: &places, origins };
    let mut document = bundler.document(selected)?;
    if words == Words::Drop {
        words::drop_words(&mut document);
    }
    Some(Bundle { document, origins: bundler.origins })
}

struct Bundler<'a> {
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    places: &'a Places,
    /// Origins of the copied nodes.
    origins: Origins,
}

/// The place of what is copied, for references to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    /// References lead here.
    Here,
    /// References lead elsewhere, so everything in it that can be is a reference to there.
    Elsewhere,
}

impl Bundler<'_> {
    fn document(&mut self, selected: &Selected) -> Option<Value> {
        let root = self.sources.root();
        let original = self.diagnostics.keep(self.sources.node(&root))?.as_mapping()?;
        let tags: BTreeSet<&str> =
            selected.operations.iter().flat_map(|candidate| &candidate.tags).map(String::as_str).collect();
        let mut document = Mapping::new();
        for (key, value) in original {
            let value = match key.as_str() {
                Some("paths") => Value::Mapping(self.paths(&selected.operations)),
                // Webhooks are not generated, and their references would lead nowhere.
                Some("components" | "webhooks") => continue,
                Some("tags") => used_tags(value, &tags),
                _ => value.clone(),
            };
            document.insert(key.clone(), value);
        }
        document.insert("components".into(), Value::Mapping(self.components(selected)));
        Some(Value::Mapping(document))
    }

    /// Returns the path items with the selected operations, in the order of the description.
    fn paths(&mut self, selected: &[Candidate]) -> Mapping {
        let mut paths = Mapping::new();
        let at = self.sources.root().child("paths");
        let original = self.sources.find(&at).and_then(Value::as_mapping).into_iter().flatten();
        for path in original.filter_map(|(path, _)| path.as_str()) {
            let candidates: Vec<_> = selected.iter().filter(|candidate| candidate.path == path).collect();
            let Some(first) = candidates.first() else { continue };
            let home = Location::file("").child("paths").child(path).pointer;
            let methods: Vec<_> = candidates.iter().map(|candidate| candidate.method).collect();
            self.origins.insert(home.clone(), first.path_item.clone());
            let mut item = self.path_item(&first.path_item, Some(&home), Some(&methods));
            for at in first.beside.iter().rev() {
                let beside = self.path_item(at, Some(&home), Some(&methods));
                self.add_beside(&mut item, beside, at, &home);
            }
            paths.insert(path.into(), Value::Mapping(item));
        }
        paths
    }

    /// Adds the fields beside the `$ref` of a path item to those of the target.
    fn add_beside(&mut self, item: &mut Mapping, beside: Mapping, at: &Location, home: &str) {
        for (key, value) in beside.into_iter().filter(|(key, _)| key != "$ref") {
            let field = key.as_str().unwrap_or_default();
            match (item.get_mut(field), value) {
                (Some(Value::Sequence(there)), Value::Sequence(more)) if field == "parameters" => {
                    for (index, parameter) in more.into_iter().enumerate() {
                        let place = format!("{home}/parameters/{}", there.len());
                        self.origins.insert(place, at.child(field).child(index));
                        there.push(parameter);
                    }
                }
                (_, value) => {
                    self.origins.insert(format!("{home}/{field}"), at.child(field));
                    item.insert(key, value);
                }
            }
        }
    }

    /// Returns a path item with all or some of its operations; `home` is its key in `paths`, if it has one.
    fn path_item(&mut self, at: &Location, home: Option<&str>, methods: Option<&[&str]>) -> Mapping {
        let members = self.sources.find(at).and_then(Value::as_mapping);
        let copied_unless = |is_elsewhere| if is_elsewhere { Copied::Elsewhere } else { Copied::Here };
        let mut item = Mapping::new();
        for (key, value) in members.into_iter().flatten() {
            let field = key.as_str().unwrap_or_default();
            let below = at.child(field);
            if !METHODS.contains(&field) {
                let place = self.places.path_item(at);
                let copied = copied_unless(place.is_some() && place != home);
                item.insert(key.clone(), self.copy(value, &below, Role::of_field(field), copied));
                continue;
            }
            if methods.is_some_and(|methods| !methods.contains(&field)) {
                continue;
            }
            // An operation can be a `$ref` to another place.
            let Some(target) = self.diagnostics.keep(self.sources.follow(&below)) else { continue };
            let value = self.sources.find(&target).unwrap_or(value);
            let place = self.places.operation(&target);
            let here = home.map(|home| format!("{home}/{field}"));
            let copied = copied_unless(place.is_some() && place != here.as_deref());
            if let Some(here) = here.filter(|_| target != below) {
                self.origins.insert(here, target.clone());
            }
            item.insert(key.clone(), self.copy(value, &target, Role::Object(None), copied));
        }
        item
    }

    fn components(&mut self, selected: &Selected) -> Mapping {
        let mut components = Mapping::new();
        let is_empty = selected.operations.is_empty() && selected.schemas.is_empty();
        if let Some(schemes) = self.security_schemes().filter(|_| !is_empty) {
            components.insert("securitySchemes".into(), schemes);
        }
        let mut sections: BTreeMap<Section, BTreeMap<&str, Value>> = BTreeMap::new();
        let places = self.places;
        for ((section, at), name, is_inside) in places.components() {
            let value = if is_inside {
                self.refer(*section, at)
            } else {
                let home = places.home(*section, at).unwrap_or_default();
                self.origins.insert(home, at.clone());
                self.component(*section, at)
            };
            sections.entry(*section).or_default().insert(name, value);
        }
        for (section, members) in sections {
            let members = members.into_iter().map(|(name, value)| (Value::from(name), value));
            components.insert(section.key().into(), Value::Mapping(members.collect()));
        }
        components
    }

    /// Returns the security schemes of the root, each in its place.
    fn security_schemes(&mut self) -> Option<Value> {
        let at = self.sources.root().child("components").child("securitySchemes");
        let schemes = self.sources.find(&at)?.as_mapping()?;
        let mut copied = Mapping::new();
        for (name, node) in schemes {
            let at = at.child(name.as_str().unwrap_or_default());
            let target = self.diagnostics.keep(self.sources.follow(&at));
            let node = match target.filter(|target| *target != at) {
                Some(target) => {
                    let node = self.sources.find(&target).unwrap_or(node);
                    self.origins.insert(at.pointer, target);
                    node
                }
                None => node,
            };
            copied.insert(name.clone(), node.clone());
        }
        Some(Value::Mapping(copied))
    }

    fn component(&mut self, section: Section, at: &Location) -> Value {
        let sources = self.sources;
        match (self.diagnostics.keep(sources.node(at)), section) {
            (Some(_), Section::PathItems) => Value::Mapping(self.path_item(at, None, None)),
            (Some(node), _) => self.copy(node, at, Role::Object(Some(section)), Copied::Here),
            (None, _) => Value::Null,
        }
    }

    fn copy(&mut self, node: &Value, at: &Location, role: Role, copied: Copied) -> Value {
        match (node, role) {
            (_, Role::Data) => node.clone(),
            (Value::Mapping(members), Role::Mapping) => {
                let resolved = members.iter().map(|(value, target)| {
                    let at = at.child(value.as_str().unwrap_or_default());
                    (value.clone(), self.mapped(target, &at))
                });
                Value::Mapping(resolved.collect())
            }
            (Value::Mapping(members), Role::Object(section)) => self.object(members, at, section, copied),
            (Value::Mapping(members), role) => {
                let members = members.iter().map(|(key, value)| {
                    let field = key.as_str().unwrap_or_default();
                    (key.clone(), self.copy(value, &at.child(field), role.of_child(field), copied))
                });
                Value::Mapping(members.collect())
            }
            (Value::Sequence(elements), role) => {
                let elements = elements.iter().enumerate();
                elements
                    .map(|(index, element)| self.copy(element, &at.child(index), role.of_child(""), copied))
                    .collect()
            }
            (scalar, _) => scalar.clone(),
        }
    }

    fn object(
        &mut self,
        members: &Mapping,
        at: &Location,
        section: Option<Section>,
        copied: Copied,
    ) -> Value {
        let is_reference = members.get("$ref").is_some_and(Value::is_string);
        match section {
            Some(section) if copied == Copied::Elsewhere && !is_reference => {
                return Value::Mapping(Mapping::from_iter([("$ref".into(), self.pointer(section, at))]));
            }
            Some(Section::PathItems) if !is_reference => {
                return Value::Mapping(self.path_item(at, None, None));
            }
            _ => {}
        }
        let role = Role::Object(section);
        let copied = members.iter().map(|(key, value)| {
            let field = key.as_str().unwrap_or_default();
            let below = at.child(field);
            let value = match (section, field) {
                (Some(section), "$ref") => self.reference(section, value, at),
                (Some(Section::Links), "operationRef") => self.operation_reference(value, &below),
                _ => self.copy(value, &below, role.of_child(field), copied),
            };
            (key.clone(), value)
        });
        Value::Mapping(copied.collect())
    }

    /// Returns the reference in the bundle for the reference at a place.
    fn reference(&mut self, section: Section, reference: &Value, at: &Location) -> Value {
        match self.diagnostics.keep(self.sources.follow(at)) {
            Some(target) => self.pointer(section, &target),
            None => reference.clone(),
        }
    }

    /// Returns a reference object to a reached target.
    fn refer(&self, section: Section, target: &Location) -> Value {
        Value::Mapping(Mapping::from_iter([("$ref".into(), self.pointer(section, target))]))
    }

    /// Returns the text of a reference to a reached target.
    fn pointer(&self, section: Section, target: &Location) -> Value {
        Value::from(format!("#{}", encoded(&self.places.home(section, target).unwrap_or_default())))
    }

    /// Returns the `operationRef` of a link. A link to an unselected operation keeps its target.
    fn operation_reference(&self, reference: &Value, at: &Location) -> Value {
        let target = reference.as_str().and_then(|text| self.sources.resolve(at, text).ok());
        let place = target.and_then(|target| self.places.operation(&target));
        place.map_or_else(|| reference.clone(), |pointer| Value::from(format!("#{}", encoded(pointer))))
    }

    /// Returns the meaning of a value of a discriminator.
    fn mapped(&mut self, target: &Value, at: &Location) -> Value {
        let Some(text) = target.as_str() else { return target.clone() };
        match self.diagnostics.keep(places::mapped(self.sources, at, text)) {
            Some(target) => self.pointer(Section::Schemas, &target),
            None => target.clone(),
        }
    }
}

/// Returns a pointer as the fragment of a reference. Characters that a URL cannot have are percent-encoded; letters of
/// all scripts stay readable.
fn encoded(pointer: &str) -> String {
    const UNFIT: &str = " \"%<>\\^`{|}#[]";
    let mut fragment = String::with_capacity(pointer.len());
    for letter in pointer.chars() {
        if letter.is_ascii_control() || UNFIT.contains(letter) {
            // Writing to a string cannot fail.
            let _ = write!(fragment, "%{:02X}", u32::from(letter));
        } else {
            fragment.push(letter);
        }
    }
    fragment
}

fn used_tags(tags: &Value, used: &BTreeSet<&str>) -> Value {
    let is_used =
        |tag: &&Value| tag.get("name").and_then(Value::as_str).is_some_and(|name| used.contains(name));
    Value::Sequence(tags.as_sequence().into_iter().flatten().filter(is_used).cloned().collect())
}
