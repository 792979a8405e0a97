//! Further mistakes in a node that cannot be read, so that they are told in the same round: references that lead
//! nowhere, lists without `items`, and the mistakes of what is referred to.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::Sources;
use super::shape::{self, Object, Shape};
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// Message about a list without `items`.
pub(crate) const ARRAY_WITHOUT_ITEMS: &str = "an array needs `items`";

/// Reports what is wrong below a node in spite of its shape. `seen` are the targets of references that need no
/// second look.
pub(super) fn report(
    sources: &Sources,
    at: &Location,
    shape: &Shape,
    seen: &mut BTreeSet<Location>,
    diagnostics: &mut Diagnostics,
) {
    let mut pending = vec![(at.clone(), shape)];
    while let Some((at, shape)) = pending.pop() {
        let Some(node) = sources.find(&at) else { continue };
        let mut walk = Walk { sources, diagnostics, targets: Vec::new() };
        walk.node(node, shape, &at);
        let targets = walk.targets;
        for (target, shape) in targets {
            if let Some(node) = sources.find(&target).filter(|_| seen.insert(target.clone())) {
                shape::check(node, shape, &target, diagnostics);
                pending.push((target, shape));
            }
        }
    }
}

struct Walk<'a, 's> {
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    /// Targets of the references, with the shapes that they need.
    targets: Vec<(Location, &'s Shape)>,
}

impl<'s> Walk<'_, 's> {
    fn node(&mut self, node: &Value, shape: &'s Shape, at: &Location) {
        match (shape, node) {
            (Shape::List(element), Value::Sequence(elements)) => {
                for (index, node) in elements.iter().enumerate() {
                    self.node(node, element, &at.child(index));
                }
            }
            (Shape::Map(member) | Shape::Patterned(member), Value::Mapping(members)) => {
                for (key, node) in members {
                    self.node(node, member, &at.child(key.as_str().unwrap_or_default()));
                }
            }
            (Shape::Object(object), node) => self.fields(node, object, at),
            (Shape::Reference(object), node) => match node.get("$ref") {
                Some(Value::String(_)) => {
                    let target = self.diagnostics.keep(self.sources.follow(at));
                    self.targets.extend(target.map(|target| (target, shape)));
                }
                Some(_) => {}
                None => self.fields(node, object, at),
            },
            (Shape::BoolOrSchema, Value::Mapping(_)) => self.node(node, &Shape::SCHEMA, at),
            _ => {}
        }
    }

    fn fields(&mut self, node: &Value, object: &'s Object, at: &Location) {
        for (name, shape) in object.fields {
            if let Some(field) = node.get(name) {
                self.node(field, shape, &at.child(name));
            }
        }
        let is_array = node.get("type").and_then(Value::as_str) == Some("array");
        if object.is_schema() && is_array && node.get("items").is_none() {
            self.diagnostics.push(Diagnostic::error(at, ARRAY_WITHOUT_ITEMS));
        }
    }
}
