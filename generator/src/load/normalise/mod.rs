//! Gives the tree of a file the shape of OpenAPI 3.0, so that all later stages know one shape only.
//!
//! Two kinds of differences go away here: what OpenAPI 3.1 and 3.2 write in another way, and slips whose meaning is
//! plain. Each slip is a note at its place. A note is told when a stage reads the place, so parts of a description
//! that nothing reaches stay silent. Nodes that move keep their origin, so that reports point into the file as it is
//! written.

mod arrays;
mod document;
mod objects;
mod parameters;
mod reference;
mod scalars;
mod schema;
mod slips;
mod streams;
mod types;
mod version;

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_yaml::{Mapping, Value};

use super::overlay::Origins;
use super::shape::{Kind, Object, Shape};
use super::tree;
use crate::diagnostic::{Diagnostic, Location};
use reference::{Resource, Targets};
pub(super) use version::Facts;

/// Diagnostics by the pointer of the node that has to be read for them.
pub(super) type Notes = BTreeMap<String, Vec<Diagnostic>>;

/// The facts about a normalised tree.
#[derive(Default)]
pub(super) struct Normalised {
    /// The places that moved nodes have in the text, by their pointers in the tree.
    pub(super) moved: Origins,
    /// The places of moved nodes in the tree, by the pointers of their places in the text.
    pub(super) now: Origins,
    pub(super) notes: Notes,
    /// Pointers of strings that the text writes as numbers, which have more than one spelling.
    pub(super) numbers: Vec<String>,
}

/// Normalises the root file of a description.
pub(super) fn root(tree: &mut Value, file: &Location, facts: &Facts) -> Normalised {
    let mut walk = Walk::new(file, facts, Targets::of(tree, facts));
    walk.root(tree);
    walk.done
}

/// Normalises a file that the description refers to. The meaning of its parts follows from their fields.
pub(super) fn part(tree: &mut Value, file: &Location, facts: &Facts) -> Normalised {
    let mut walk = Walk::new(file, facts, Targets::of(tree, facts));
    walk.part(tree, document::PARTS_DEPTH);
    walk.done
}

/// A walk over the tree of one file, from its root.
struct Walk<'a> {
    file: &'a Location,
    facts: &'a Facts,
    targets: Targets,
    /// The place of the walk.
    pointer: String,
    /// The schemas with an `$id` around the place, outermost first.
    resources: Vec<Resource>,
    done: Normalised,
}

impl<'a> Walk<'a> {
    fn new(file: &'a Location, facts: &'a Facts, targets: Targets) -> Self {
        Self {
            file,
            facts,
            targets,
            pointer: String::new(),
            resources: Vec::new(),
            done: Normalised::default(),
        }
    }

    /// Normalises a node of a shape, and everything below it.
    fn node(&mut self, node: &mut Value, shape: &Shape) {
        self.coerce(node, shape);
        match (shape, node) {
            (Shape::List(element), Value::Sequence(elements)) => {
                for (index, node) in elements.iter_mut().enumerate() {
                    self.below(index, |walk| walk.node(node, element));
                }
            }
            (Shape::Map(member), Value::Mapping(members)) => self.members(members, member, |_| true),
            (Shape::Patterned(member), Value::Mapping(members)) => {
                self.members(members, member, |key| !key.starts_with("x-"));
            }
            (Shape::Object(object) | Shape::Reference(object), Value::Mapping(members)) => {
                self.object(members, object);
            }
            (Shape::BoolOrSchema, node @ Value::Mapping(_)) => self.node(node, &Shape::SCHEMA),
            _ => {}
        }
    }

    fn members(&mut self, members: &mut Mapping, shape: &Shape, is_member: impl Fn(&str) -> bool) {
        for (key, node) in members {
            let Some(key) = key.as_str().filter(|key| is_member(key)) else { continue };
            self.below(key, |walk| walk.node(node, shape));
        }
    }

    fn object(&mut self, members: &mut Mapping, object: &Object) {
        let depth = self.resources.len();
        if self.rewritten(members, object.kind) {
            self.drop_nulls(members, object);
            for (key, node) in members.iter_mut() {
                let Some(key) = key.as_str() else { continue };
                if let Some(shape) = object.field(key) {
                    self.below(key, |walk| walk.node(node, shape));
                }
            }
        }
        self.resources.truncate(depth);
    }

    /// Rewrites the fields of an object. Returns `true` if they are those of the kind, not a reference.
    fn rewritten(&mut self, members: &mut Mapping, kind: Kind) -> bool {
        if self.refers(members, kind) {
            return false;
        }
        match kind {
            Kind::Schema => self.schema(members),
            Kind::Info => self.info(members),
            Kind::ServerVariable => self.server_variable(members),
            Kind::Operation => self.operation_fields(members),
            Kind::Parameter => self.parameter(members),
            Kind::Header => self.header(members),
            Kind::RequestBody => self.request_body(members),
            Kind::PathItem => self.drop_query_string(members),
            Kind::Response => self.response(members),
            Kind::MediaType => self.media_type(members),
            Kind::Discriminator => self.discriminator(members),
            Kind::SecurityScheme | Kind::ExternalDocs | Kind::Other => {}
        }
        true
    }

    /// Runs `walk` at a member or an element of the node at the place.
    fn below(&mut self, token: impl Display, walk: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer = self.child(token);
        walk(self);
        self.pointer.truncate(length);
    }

    /// Returns the pointer of a member or an element of the node at the place.
    fn child(&self, token: impl Display) -> String {
        Location { file: self.file.file.clone(), pointer: self.pointer.clone() }.child(token).pointer
    }

    fn at(&self, pointer: String) -> Location {
        Location { file: self.file.file.clone(), pointer }
    }

    /// Returns the last token of the place.
    fn token(&self) -> String {
        self.at(self.pointer.clone()).last_token().unwrap_or_default()
    }

    /// Notes a warning about the node at the place.
    fn note(&mut self, message: impl Into<String>) {
        let at = self.at(self.pointer.clone());
        self.add(Diagnostic::warning(&at, message).at_key());
    }

    /// Notes a warning about a field of the node at the place.
    fn note_at(&mut self, field: &str, message: impl Into<String>) {
        let at = self.at(self.child(field));
        self.add(Diagnostic::warning(&at, message).at_key());
    }

    /// Notes a warning about a node below the place.
    fn note_path(&mut self, path: &str, message: impl Into<String>) {
        let at = self.at(format!("{}/{path}", self.pointer));
        self.add(Diagnostic::warning(&at, message).at_key());
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        self.done.notes.entry(self.pointer.clone()).or_default().push(diagnostic);
    }

    /// Notes that a field is read although the version of the description does not have it.
    fn note_newer(&mut self, field: &str) {
        if !self.facts.is_newer() {
            self.note_at(field, format!("`{field}` is read as in OpenAPI 3.1; this description is of 3.0"));
        }
    }

    /// Records the move of a node. Both paths are relative to the place, with `/` between their tokens.
    fn moved(&mut self, from: &str, to: &str) {
        let below = |path: &str| {
            let separator = if path.is_empty() { "" } else { "/" };
            format!("{}{separator}{path}", self.pointer)
        };
        let from = self.at(below(from));
        let origin = super::origin(&self.done.moved, &from).unwrap_or(from);
        let to = self.at(below(to));
        self.done.moved.insert(to.pointer.clone(), origin.clone());
        self.done.now.insert(origin.pointer, to);
    }
}

/// Returns a mapping with one member.
fn single(key: &str, value: Value) -> Value {
    Value::Mapping(Mapping::from_iter([(key.into(), value)]))
}

/// Returns the text of a field.
fn text<'m>(members: &'m Mapping, field: &str) -> Option<&'m str> {
    members.get(field).and_then(Value::as_str)
}

/// Returns a token as a part of a pointer.
fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Sets the string at a pointer.
pub(super) fn set_text(tree: &mut Value, pointer: &str, text: &str) {
    if let Some(node) = tree::descend_mut(tree, pointer) {
        *node = text.into();
    }
}
