//! The places that references lead to, and their names.
//!
//! A place is one thing, whichever way it is reached. One that stands inside something else that is reached
//! stays there, and references point into it; every other one is a component. A tree of files and its bundle
//! therefore have the same places, by the same names.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Location};
use crate::load::{Sources, component_name, member};
use crate::select::{Candidate, METHODS, Selected};

/// A section of `components`, in the order in which the specification lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Schemas,
    Responses,
    Parameters,
    Examples,
    RequestBodies,
    Headers,
    Links,
    Callbacks,
    /// Path items of callbacks. OpenAPI 3.0 has no section for them, so an extension takes them.
    PathItems,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Schemas,
        Self::Responses,
        Self::Parameters,
        Self::Examples,
        Self::RequestBodies,
        Self::Headers,
        Self::Links,
        Self::Callbacks,
        Self::PathItems,
    ];

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Responses => "responses",
            Self::Parameters => "parameters",
            Self::Examples => "examples",
            Self::RequestBodies => "requestBodies",
            Self::Headers => "headers",
            Self::Links => "links",
            Self::Callbacks => "callbacks",
            Self::PathItems => "x-path-items",
        }
    }
}

/// The meaning of a node for the references below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
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
    /// Returns the role of a field of an object.
    pub(crate) fn of_field(field: &str) -> Self {
        match field {
            "schema" | "items" | "additionalProperties" | "not" | "x-failure-schema" => {
                Self::Object(Some(Section::Schemas))
            }
            "properties" | "allOf" | "oneOf" | "anyOf" | "$defs" | "definitions" => {
                Self::Each(Section::Schemas)
            }
            "parameters" => Self::Each(Section::Parameters),
            "responses" => Self::Each(Section::Responses),
            "headers" => Self::Each(Section::Headers),
            "examples" => Self::Each(Section::Examples),
            "links" => Self::Each(Section::Links),
            "callbacks" => Self::Each(Section::Callbacks),
            "requestBody" => Self::Object(Some(Section::RequestBodies)),
            "content" | "encoding" => Self::Content,
            "mapping" => Self::Mapping,
            "discriminator" => Self::Object(None),
            _ => Self::Data,
        }
    }

    /// Returns the role of a member or an element of a node with this role.
    pub(crate) fn of_child(self, key: &str) -> Self {
        match self {
            Self::Object(Some(Section::Callbacks)) if !key.starts_with("x-") => {
                Self::Object(Some(Section::PathItems))
            }
            Self::Object(Some(Section::PathItems)) if METHODS.contains(&key) => Self::Object(None),
            // Examples and links have fields with the names of others, and no reference in them.
            Self::Object(Some(Section::Examples | Section::Links)) | Self::Mapping | Self::Data => Self::Data,
            Self::Object(_) => Self::of_field(key),
            Self::Each(Section::Responses) if key.starts_with("x-") => Self::Data,
            Self::Each(section) => Self::Object(Some(section)),
            Self::Content => Self::Object(None),
        }
    }
}

type Place = (Section, Location);

/// The places that the selected operations and components reach by references.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The path items of the selected operations, each with its pointer in a bundle. Several paths may have one.
    path_items: BTreeMap<Location, String>,
    /// The selected operations, each with its pointer in a bundle.
    operations: BTreeMap<Location, String>,
    /// The path items that a bundle has with all their operations, in one place.
    whole: BTreeSet<Location>,
    /// Targets of references.
    targets: BTreeSet<Place>,
    /// The names of components: of those that stand alone, and of those that the root lists.
    names: BTreeMap<Place, String>,
    /// The places of `names` that stand inside something else that is reached.
    inside: BTreeSet<Place>,
    /// Components that build on objects with a discriminator, by these objects.
    children: BTreeMap<Location, Vec<Location>>,
}

impl Places {
    /// Follows all references from the selected operations and components on. References that lead nowhere are left to
    /// those who need them.
    pub(crate) fn of(sources: &Sources, selected: &Selected) -> Self {
        let mut places = Self::reached(sources, selected);
        places.name_all(sources);
        places
    }

    /// Follows all references, and names nothing.
    pub(crate) fn reached(sources: &Sources, selected: &Selected) -> Self {
        let mut places = Self::default();
        for candidate in &selected.operations {
            let path = Location::file("").child("paths").child(&candidate.path);
            let operation = path.child(candidate.method).pointer;
            for at in candidate.shared() {
                places.path_items.entry(at.clone()).or_insert_with(|| path.pointer.clone());
            }
            places.operations.entry(candidate.location.clone()).or_insert(operation);
        }
        // A path item with fields beside its `$ref` becomes one with the fields of both.
        let merged: BTreeSet<_> = selected
            .operations
            .iter()
            .filter(|candidate| !candidate.beside.is_empty())
            .flat_map(Candidate::shared)
            .collect();
        let is_whole = |at: &&Location| !merged.contains(at) && places.is_whole(sources, at);
        places.whole = places.path_items.keys().filter(is_whole).cloned().collect();
        let mut walk = Walk { sources, found: Vec::new(), pointer: String::new() };
        let mut heirs = None;
        places.path_items.keys().for_each(|at| walk.shared_fields(at));
        places.operations.keys().for_each(|at| walk.start(at, Role::Object(None)));
        let schemas = selected.schemas.iter().filter_map(|schema| sources.follow(&schema.location).ok());
        walk.found.extend(schemas.map(|at| (Section::Schemas, at)));
        while let Some(target) = walk.found.pop() {
            if places.targets.insert(target.clone()) {
                walk.start(&target.1, Role::Object(Some(target.0)));
                if is_base(sources, &target) {
                    let heirs = heirs.get_or_insert_with(|| Heirs::of(sources));
                    let children = heirs.of_base(sources, &target.1);
                    walk.found.extend(children.iter().map(|child| (Section::Schemas, child.clone())));
                    places.children.insert(target.1, children);
                }
            }
        }
        places
    }

    /// Returns the targets of the references.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Location> {
        self.targets.iter().map(|(_, at)| at)
    }

    /// Returns the components that build on an object with a discriminator, in the order of the description.
    pub(crate) fn children(&self, base: &Location) -> &[Location] {
        self.children.get(base).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the name of a place that is a component.
    pub(crate) fn component(&self, section: Section, at: &Location) -> Option<&str> {
        self.names.get(&(section, at.clone())).map(String::as_str)
    }

    /// Returns the components with their names, and `true` for each component inside another node.
    pub(crate) fn components(&self) -> impl Iterator<Item = (&Place, &str, bool)> {
        self.names.iter().map(|(place, name)| (place, name.as_str(), self.inside.contains(place)))
    }

    /// Returns the pointer of an operation in a bundle.
    pub(crate) fn operation(&self, at: &Location) -> Option<&str> {
        self.operations.get(at).map(String::as_str)
    }

    /// Returns the pointer of a path item in a bundle.
    pub(crate) fn path_item(&self, at: &Location) -> Option<&str> {
        self.path_items.get(at).map(String::as_str)
    }

    /// Returns the pointer in a bundle to a reached place. The pointer identifies the place independently of files.
    pub(crate) fn home(&self, section: Section, at: &Location) -> Option<String> {
        let place = (section, at.clone());
        if let Some(name) = self.names.get(&place).filter(|_| !self.inside.contains(&place)) {
            return Some(Location::file("").child("components").child(section.key()).child(name).pointer);
        }
        self.home_inside(section, at)
    }

    /// Returns the name of a place inside a component or an operation, if nothing else names the place.
    pub(crate) fn fallback_name(&self, section: Section, at: &Location) -> String {
        let Some((container, _)) = self.around(section, at) else { return plain_name(at) };
        let tokens: Vec<String> = at.tokens().map(Into::into).collect();
        let depth = container.1.tokens().count();
        let (rest, suffix) = described_tail(&tokens, depth);
        let owner = self.component(container.0, &container.1).filter(|_| rest == depth);
        let owner = owner.map(str::to_owned).or_else(|| tokens[..rest].last().cloned()).unwrap_or_default();
        format!("{}{suffix}", owner.to_upper_camel_case())
    }

    fn is_inside(&self, section: Section, at: &Location) -> bool {
        section == Section::PathItems && self.whole.contains(at) || self.around(section, at).is_some()
    }

    fn home_inside(&self, section: Section, at: &Location) -> Option<String> {
        if section == Section::PathItems && self.whole.contains(at) {
            return self.path_items.get(at).cloned();
        }
        let (container, home) = self.around(section, at)?;
        let home = home.or_else(|| self.home(container.0, &container.1))?;
        Some(format!("{home}{}", &at.pointer[container.1.pointer.len()..]))
    }

    /// Returns the nearest node around a place that is reached with it, and its pointer unless it is a target.
    fn around(&self, section: Section, at: &Location) -> Option<(Place, Option<String>)> {
        let mut ancestor = at.parent();
        while let Some(container) = ancestor {
            let below = &at.pointer[container.pointer.len()..];
            let leads_here = |role| role_below(role, below) == Role::Object(Some(section));
            if let Some(home) = self.operations.get(&container) {
                // An operation is no target, so its section does not matter.
                return leads_here(Role::Object(None))
                    .then(|| ((Section::PathItems, container), Some(home.clone())));
            }
            if let Some(home) = self.path_items.get(&container)
                && !is_operation(below)
                && leads_here(Role::Object(Some(Section::PathItems)))
            {
                return Some(((Section::PathItems, container), Some(home.clone())));
            }
            for kind in Section::ALL {
                let place = (kind, container.clone());
                if self.targets.contains(&place) && leads_here(Role::Object(Some(kind))) {
                    return Some((place, None));
                }
            }
            ancestor = container.parent();
        }
        None
    }

    fn is_whole(&self, sources: &Sources, at: &Location) -> bool {
        let Some(home) = self.path_items.get(at) else { return false };
        METHODS.iter().all(|method| {
            let operation = at.child(method);
            let here = format!("{home}/{method}");
            sources.find(&operation).is_none() || self.operations.get(&operation) == Some(&here)
        })
    }

    fn name_all(&mut self, sources: &Sources) {
        let targets: Vec<Place> = self.targets.iter().cloned().collect();
        self.name_declared(sources, &targets);
        let (inside, alone): (Vec<Place>, Vec<Place>) =
            targets.into_iter().partition(|(section, at)| self.is_inside(*section, at));
        self.inside.extend(inside);
        let alone: Vec<_> = alone.into_iter().filter(|place| !self.names.contains_key(place)).collect();
        let plain = |place: &Place| (place.0, plain_name(&place.1));
        let mut taken: BTreeSet<_> =
            self.names.iter().map(|((section, _), name)| (*section, name.clone())).collect();
        let wanted: BTreeSet<_> = alone.iter().map(plain).collect();
        for place in alone {
            let (section, plain) = plain(&place);
            let mut name = plain.clone();
            let mut number = 1;
            while taken.contains(&(section, name.clone()))
                || (number > 1 && wanted.contains(&(section, name.clone())))
            {
                number += 1;
                name = format!("{plain}{number}");
            }
            taken.insert((section, name.clone()));
            self.names.insert(place, name);
        }
    }

    /// Names the components of the root by their keys. A component that is a `$ref` gives its name to the target of the
    /// `$ref`.
    fn name_declared(&mut self, sources: &Sources, targets: &[Place]) {
        let files: BTreeSet<_> = targets.iter().map(|(_, at)| &at.file).collect();
        let mut listed = Vec::new();
        for section in Section::ALL {
            let at = sources.root().child("components").child(section.key());
            let members = sources.find(&at).and_then(Value::as_mapping).into_iter().flatten();
            for (name, node) in members.filter_map(|(name, node)| Some((name.as_str()?, node))) {
                let at = at.child(name);
                if member(node, "$ref").is_none() {
                    self.name_target((section, at), name);
                    continue;
                }
                // A file that only the list refers to is not read for it.
                let first = sources.target(&at).filter(|target| files.contains(&target.file));
                let target = first.and_then(|first| sources.follow(&first).ok());
                listed.extend(target.map(|target| ((section, target), name)));
            }
        }
        for (place, name) in listed {
            self.name_target(place, name);
        }
    }

    fn name_target(&mut self, place: Place, name: &str) {
        if self.targets.contains(&place) {
            self.names.entry(place).or_insert_with(|| name.to_owned());
        }
    }
}

/// Returns `true` for an object whose discriminator tells the types that build on it.
fn is_base(sources: &Sources, (section, at): &Place) -> bool {
    let has = |keyword| sources.find(&at.child(keyword)).is_some();
    *section == Section::Schemas && has("discriminator") && !has("oneOf") && !has("anyOf")
}

/// The components of the root that have a schema among the members of their `allOf`, by this schema.
struct Heirs(BTreeMap<Location, Vec<Location>>);

impl Heirs {
    fn of(sources: &Sources) -> Self {
        let at = sources.root().child("components").child(Section::Schemas.key());
        let members = sources.find(&at).and_then(Value::as_mapping).into_iter().flatten();
        let components = members.filter_map(|(name, _)| sources.follow(&at.child(name.as_str()?)).ok());
        let mut heirs: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for component in components {
            let list = component.child("allOf");
            let count = sources.find(&list).and_then(Value::as_sequence).map_or(0, Vec::len);
            let members = (0..count).map(|index| list.child(index));
            for base in members.filter_map(|member| sources.follow(&member).ok()) {
                let heirs: &mut Vec<Location> = heirs.entry(base).or_default();
                if !heirs.contains(&component) {
                    heirs.push(component.clone());
                }
            }
        }
        Self(heirs)
    }

    /// Lists the components that build on a base, at any distance. Those that build on one with a discriminator of its own
    /// belong to that one.
    fn of_base(&self, sources: &Sources, base: &Location) -> Vec<Location> {
        let mut found: Vec<Location> = Vec::new();
        let mut bases = vec![base.clone()];
        while let Some(base) = bases.pop() {
            for heir in self.0.get(&base).into_iter().flatten().filter(|heir| *heir != &base) {
                if !found.contains(heir) {
                    found.push(heir.clone());
                    bases
                        .extend((!is_base(sources, &(Section::Schemas, heir.clone()))).then(|| heir.clone()));
                }
            }
        }
        found
    }
}

/// Returns `true` if a pointer below a path item begins with an operation.
fn is_operation(below: &str) -> bool {
    below.split('/').nth(1).is_some_and(|field| METHODS.contains(&field))
}

fn role_below(role: Role, pointer: &str) -> Role {
    let below = Location { file: "".into(), pointer: pointer.to_owned() };
    below.tokens().fold(role, |role, token| role.of_child(&token))
}

/// Returns the name that a reference gives to its target: that of the component or the file or, inside a schema, one
/// made of the names of the schema and the properties on the way.
fn plain_name(target: &Location) -> String {
    let tokens: Vec<String> = target.tokens().map(Into::into).collect();
    let floor = match tokens.first().map(String::as_str) {
        Some("components") => 3,
        Some("$defs" | "definitions" | "schemas") => 2,
        _ => usize::from(tokens.len() == 1),
    };
    let (rest, suffix) = described_tail(&tokens, floor);
    if suffix.is_empty() {
        return component_name(target);
    }
    let owner = tokens[..rest].last().cloned();
    let owner = owner.unwrap_or_else(|| component_name(&Location::file(target.file.clone())));
    format!("{}{suffix}", owner.to_upper_camel_case())
}

/// Counts the tokens of a pointer without those inside a schema at its end, and names the latter.
fn described_tail(tokens: &[String], floor: usize) -> (usize, String) {
    let mut rest = tokens.len();
    let mut parts = Vec::new();
    while rest > floor {
        let last = tokens[rest - 1].as_str();
        let before = tokens[..rest - 1].last().map(String::as_str).filter(|_| rest >= floor + 2);
        let (taken, part) = match (before, last) {
            (Some("properties"), name) => (2, name.to_upper_camel_case()),
            (Some("allOf"), _) => (2, String::new()),
            (Some("oneOf" | "anyOf"), index) => {
                (2, format!("Option{}", index.parse().map_or(0, |index: usize| index + 1)))
            }
            (_, "items") => (1, "Item".to_owned()),
            (_, "additionalProperties") => (1, "Value".to_owned()),
            _ => break,
        };
        rest -= taken;
        parts.push(part);
    }
    parts.reverse();
    (rest, parts.concat())
}

/// Returns the component that a value of a discriminator names or refers to.
///
/// # Errors
/// The component does not exist.
pub(crate) fn mapped(sources: &Sources, at: &Location, text: &str) -> Result<Location, Diagnostic> {
    let component = sources.root().child("components").child("schemas").child(text);
    let is_name = sources.find(&component).is_some() || !text.contains(['/', '#', '.']);
    let target = if is_name && sources.find(&component).is_some() {
        component
    } else if is_name {
        return Err(Diagnostic::error(at, format!("expected a schema among the components, found `{text}`")));
    } else {
        sources.resolve(at, text)?
    };
    sources.follow(&target)
}

/// A search for references below a node.
struct Walk<'a> {
    sources: &'a Sources,
    found: Vec<Place>,
    /// Place of the search in its file.
    pointer: String,
}

impl Walk<'_> {
    /// Searches the fields of a path item that all its operations share.
    fn shared_fields(&mut self, at: &Location) {
        let members = self.sources.find(at).and_then(Value::as_mapping).into_iter().flatten();
        for field in members.filter_map(|(key, _)| key.as_str()).filter(|key| !METHODS.contains(key)) {
            self.start(&at.child(field), Role::of_field(field));
        }
    }

    fn start(&mut self, at: &Location, role: Role) {
        if let Some(node) = self.sources.find(at) {
            self.pointer.clone_from(&at.pointer);
            self.visit(node, &at.file, role);
        }
    }

    fn visit(&mut self, node: &Value, file: &std::sync::Arc<str>, role: Role) {
        if role == Role::Data {
            return;
        }
        let length = self.pointer.len();
        match node {
            Value::Mapping(members) => {
                if let (Role::Object(Some(section)), Some(Value::String(_))) = (role, member(node, "$ref")) {
                    let at = Location { file: file.clone(), pointer: self.pointer.clone() };
                    self.found.extend(self.sources.follow(&at).ok().map(|target| (section, target)));
                }
                for (key, value) in members.iter().filter_map(|(key, value)| Some((key.as_str()?, value))) {
                    if let (Role::Mapping, Some(text)) = (role, value.as_str()) {
                        let at = Location { file: file.clone(), pointer: self.pointer.clone() };
                        let target = mapped(self.sources, &at, text).ok();
                        self.found.extend(target.map(|target| (Section::Schemas, target)));
                    }
                    self.enter(key);
                    self.visit(value, file, role.of_child(key));
                    self.pointer.truncate(length);
                }
            }
            Value::Sequence(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.enter(&index.to_string());
                    self.visit(element, file, role.of_child(""));
                    self.pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, token: &str) {
        self.pointer.push('/');
        if token.contains(['~', '/']) {
            self.pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.pointer.push_str(token);
        }
    }
}
