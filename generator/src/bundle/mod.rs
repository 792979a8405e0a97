//! One file from a tree of files: the selected operations, and what they reach, as components.
//!
//! The order of members and everything else of a node stay as they are; only references change, and prose can be
//! left out. A client generated from the bundle is the one generated from the tree.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::{Mapping, Value};

use crate::diagnostic::{Diagnostics, Location};
use crate::load::{Sources, component_name};
use crate::select::Candidate;

/// A section of `components`, in the order in which the specification lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Schemas,
    Responses,
    Parameters,
    Examples,
    RequestBodies,
    Headers,
    Links,
}

impl Section {
    fn key(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Responses => "responses",
            Self::Parameters => "parameters",
            Self::Examples => "examples",
            Self::RequestBodies => "requestBodies",
            Self::Headers => "headers",
            Self::Links => "links",
        }
    }
}

/// What a node is, as far as the references below it are concerned.
#[derive(Clone, Copy)]
enum Role {
    /// An object whose fields the specification names; a `$ref` in its place leads to this section.
    Object(Option<Section>),
    /// A mapping with keys of the author's choice, or a list, of objects of this section.
    Each(Section),
    /// Media types by name.
    Content,
    /// The values of a discriminator, each with a reference as text.
    Mapping,
    /// Data in which nothing is a reference.
    Data,
}

impl Role {
    /// The role of a field of an object.
    fn of_field(field: &str) -> Self {
        match field {
            "schema" | "items" | "additionalProperties" | "not" | "x-failure-schema" => {
                Self::Object(Some(Section::Schemas))
            }
            "properties" | "allOf" | "oneOf" | "anyOf" => Self::Each(Section::Schemas),
            "parameters" => Self::Each(Section::Parameters),
            "responses" => Self::Each(Section::Responses),
            "headers" => Self::Each(Section::Headers),
            "examples" => Self::Each(Section::Examples),
            "links" => Self::Each(Section::Links),
            "requestBody" => Self::Object(Some(Section::RequestBodies)),
            "content" | "encoding" => Self::Content,
            "mapping" => Self::Mapping,
            "discriminator" => Self::Object(None),
            _ => Self::Data,
        }
    }

    /// The role of a member or an element of a node of this role.
    fn of_child(self, key: &str) -> Self {
        match self {
            Self::Object(_) => Self::of_field(key),
            Self::Each(section) => Self::Object(Some(section)),
            Self::Content => Self::Object(None),
            Self::Mapping | Self::Data => Self::Data,
        }
    }
}

/// What becomes of the prose of a description: titles, summaries, descriptions, examples, links to documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// It is a part of the bundle.
    Keep,
    /// It is left out or, where the specification asks for it, empty.
    Drop,
}

/// Bundles the selected operations into the text of one file. What cannot be followed goes into `diagnostics`.
pub fn bundle(
    sources: &Sources,
    selected: &[Candidate],
    words: Words,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let mut bundler = Bundler { sources, diagnostics, targets: BTreeSet::new(), names: BTreeMap::new() };
    // The first time finds what is referred to, so that names can be given in an order that is everybody's.
    bundler.document(selected)?;
    bundler.reach_all();
    bundler.name_all();
    let mut document = bundler.document(selected)?;
    if words == Words::Drop {
        words::drop_words(&mut document);
    }
    serde_yaml::to_string(&document).ok()
}

struct Bundler<'a> {
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    /// What is referred to.
    targets: BTreeSet<(Section, Location)>,
    /// What it is called.
    names: BTreeMap<(Section, Location), String>,
}

impl Bundler<'_> {
    fn document(&mut self, selected: &[Candidate]) -> Option<Value> {
        let root = self.sources.root();
        let original = self.diagnostics.keep(self.sources.node(&root))?.as_mapping()?;
        let paths = self.paths(selected);
        let tags: BTreeSet<&str> =
            selected.iter().flat_map(|candidate| &candidate.tags).map(String::as_str).collect();
        let mut document = Mapping::new();
        for (key, value) in original {
            let value = match key.as_str() {
                Some("paths") => Value::Mapping(paths.clone()),
                Some("components") => continue,
                Some("tags") => used_tags(value, &tags),
                _ => value.clone(),
            };
            document.insert(key.clone(), value);
        }
        document.insert("components".into(), Value::Mapping(self.components(original, selected)));
        Some(Value::Mapping(document))
    }

    /// The path items with the selected operations, in the order of the description.
    fn paths(&mut self, selected: &[Candidate]) -> Mapping {
        let mut paths = Mapping::new();
        let at = self.sources.root().child("paths");
        let original = self.sources.find(&at).and_then(Value::as_mapping).into_iter().flatten();
        for path in original.filter_map(|(path, _)| path.as_str()) {
            let candidates: Vec<_> = selected.iter().filter(|candidate| candidate.path == path).collect();
            let Some(first) = candidates.first() else { continue };
            let Some(members) = self.sources.find(&first.path_item).and_then(Value::as_mapping) else {
                continue;
            };
            let mut item = Mapping::new();
            for (key, value) in members {
                let field = key.as_str().unwrap_or_default();
                let at = first.path_item.child(field);
                let is_operation = candidates.iter().any(|candidate| candidate.method == field);
                let role = if is_operation { Role::Object(None) } else { Role::of_field(field) };
                let is_other_operation = crate::select::METHODS.contains(&field) && !is_operation;
                if !is_other_operation {
                    item.insert(key.clone(), self.copy(value, &at, role));
                }
            }
            paths.insert(path.into(), Value::Mapping(item));
        }
        paths
    }

    /// Follows what is referred to until there is nothing new.
    fn reach_all(&mut self) {
        let mut done = BTreeSet::new();
        while let Some(target) = self.targets.difference(&done).next().cloned() {
            self.component(&target);
            done.insert(target);
        }
    }

    /// Names come from the places; where two want the same, the later place gets a number.
    fn name_all(&mut self) {
        let mut taken = BTreeSet::new();
        for target in &self.targets {
            let plain = component_name(&target.1);
            let mut name = plain.clone();
            let mut number = 1;
            while !taken.insert((target.0, name.clone())) {
                number += 1;
                name = format!("{plain}{number}");
            }
            self.names.insert(target.clone(), name);
        }
    }

    fn components(&mut self, original: &Mapping, selected: &[Candidate]) -> Mapping {
        let mut components = Mapping::new();
        let schemes = original.get("components").and_then(|components| components.get("securitySchemes"));
        if let Some(schemes) = schemes.filter(|_| !selected.is_empty()) {
            components.insert("securitySchemes".into(), schemes.clone());
        }
        let mut sections: BTreeMap<Section, BTreeMap<String, Value>> = BTreeMap::new();
        for (target, name) in self.names.clone() {
            let value = self.component(&target);
            sections.entry(target.0).or_default().insert(name, value);
        }
        for (section, members) in sections {
            let members = members.into_iter().map(|(name, value)| (Value::from(name), value));
            components.insert(section.key().into(), Value::Mapping(members.collect()));
        }
        components
    }

    fn component(&mut self, (section, at): &(Section, Location)) -> Value {
        let sources = self.sources;
        match self.diagnostics.keep(sources.node(at)) {
            Some(node) => self.copy(node, at, Role::Object(Some(*section))),
            None => Value::Null,
        }
    }

    fn copy(&mut self, node: &Value, at: &Location, role: Role) -> Value {
        match (node, role) {
            (_, Role::Data) => node.clone(),
            (Value::Mapping(members), Role::Mapping) => {
                let resolved = members.iter().map(|(value, target)| {
                    let at = at.child(value.as_str().unwrap_or_default());
                    (value.clone(), self.mapped(target, &at))
                });
                Value::Mapping(resolved.collect())
            }
            (Value::Mapping(members), role) => {
                let copied = members.iter().map(|(key, value)| {
                    let field = key.as_str().unwrap_or_default();
                    let at = at.child(field);
                    let value = match (role, field) {
                        (Role::Object(Some(section)), "$ref") => self.reference(section, value, &at),
                        _ => self.copy(value, &at, role.of_child(field)),
                    };
                    (key.clone(), value)
                });
                Value::Mapping(copied.collect())
            }
            (Value::Sequence(elements), role) => {
                let elements = elements.iter().enumerate();
                elements
                    .map(|(index, element)| self.copy(element, &at.child(index), role.of_child("")))
                    .collect()
            }
            (scalar, _) => scalar.clone(),
        }
    }

    /// A reference to the component that the target of another one becomes.
    fn reference(&mut self, section: Section, reference: &Value, at: &Location) -> Value {
        let Some(text) = reference.as_str() else { return reference.clone() };
        match self.diagnostics.keep(self.sources.resolve(at, text)) {
            Some(target) => self.refer(section, target),
            None => reference.clone(),
        }
    }

    fn refer(&mut self, section: Section, target: Location) -> Value {
        let target = (section, target);
        let name = self.names.get(&target).cloned().unwrap_or_default();
        self.targets.insert(target);
        Value::from(format!("#/components/{}/{}", section.key(), name.replace('~', "~0").replace('/', "~1")))
    }

    /// What a value of a discriminator means: a bare name is a component, anything else a reference.
    fn mapped(&mut self, target: &Value, at: &Location) -> Value {
        let Some(text) = target.as_str() else { return target.clone() };
        let reference = crate::load::mapped_reference(self.sources, text);
        match self.diagnostics.keep(self.sources.resolve(at, &reference)) {
            Some(target) => self.refer(Section::Schemas, target),
            None => target.clone(),
        }
    }
}

fn used_tags(tags: &Value, used: &BTreeSet<&str>) -> Value {
    let is_used =
        |tag: &&Value| tag.get("name").and_then(Value::as_str).is_some_and(|name| used.contains(name));
    Value::Sequence(tags.as_sequence().into_iter().flatten().filter(is_used).cloned().collect())
}
