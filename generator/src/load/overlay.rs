//! [Overlays](https://spec.openapis.org/overlay/v1.0.0.html): what a project says in addition to a description, or
//! instead of it, in a file of its own that outlives every new version of the description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use serde_json_path::JsonPath;
use serde_yaml::{Mapping, Value};

use super::shape::{self, Shape};
use super::tree;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// The places in an overlay of the values that it added, by their pointers into the description.
pub type Origins = BTreeMap<String, Location>;

/// Applies the actions of an overlay to a description, one after the other. What is wrong with one of them is
/// reported with its place in the overlay, and the others are applied.
pub(super) fn apply(
    tree: &mut Value,
    overlay: &Value,
    at: &Location,
    diagnostics: &mut Diagnostics,
) -> Origins {
    let mut origins = Origins::new();
    if !shape::check(overlay, &Shape::OVERLAY, at, diagnostics) {
        return origins;
    }
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("1.0.") {
        let message = format!("expected an overlay of version 1.0, found {version}");
        diagnostics.push(Diagnostic::error(&at.child("overlay"), message));
        return origins;
    }
    // Paths are looked for in a copy that follows every change.
    let Ok(copy) = serde_json::to_value(&*tree) else { return origins };
    let mut merge = Merge { tree, copy, merging: Merging { origins: &mut origins, diagnostics } };
    let actions = overlay.get("actions").and_then(Value::as_sequence).into_iter().flatten();
    for (index, action) in actions.enumerate() {
        let at = at.child("actions").child(index);
        if let Err(problem) = merge.action(action, &at) {
            merge.merging.diagnostics.push(problem);
        }
    }
    origins
}

struct Merge<'a> {
    tree: &'a mut Value,
    copy: Json,
    merging: Merging<'a>,
}

/// Findings of a merge beside its result.
struct Merging<'a> {
    origins: &'a mut Origins,
    diagnostics: &'a mut Diagnostics,
}

impl Merge<'_> {
    fn action(&mut self, action: &Value, at: &Location) -> Result<(), Diagnostic> {
        let target = action.get("target").and_then(Value::as_str).unwrap_or_default();
        let at_target = at.child("target");
        let path = JsonPath::parse(target).map_err(|error| {
            Diagnostic::error(&at_target, format!("expected a JSONPath, found `{target}`: {error}"))
        })?;
        let found = path.query_located(&self.copy).into_iter();
        // A place that matches twice is one place.
        let places: BTreeSet<Vec<Token>> =
            found.map(|found| tokens(&found.location().to_json_pointer())).collect();
        if places.is_empty() {
            let message = format!("expected a match of `{target}`, found none; the action has no effect");
            return Err(Diagnostic::warning(&at_target, message)
                .help("the description has changed: adapt the target, or delete the action"));
        }
        if action.get("remove").and_then(Value::as_bool) == Some(true) {
            // From the back, so that the places of a list that are left stay what they are.
            for place in places.iter().rev() {
                let Some((last, parent)) = place.split_last() else {
                    return Err(Diagnostic::error(&at_target, "unsupported: removing the whole description"));
                };
                self.remove(&pointer(parent), last);
            }
        } else if let Some(update) = action.get("update") {
            for place in &places {
                self.update(&pointer(place), update, &at.child("update"), &at_target)?;
            }
        }
        Ok(())
    }

    fn update(
        &mut self,
        place: &str,
        update: &Value,
        from: &Location,
        at_target: &Location,
    ) -> Result<(), Diagnostic> {
        let Some(node) = tree::descend_mut(self.tree, place) else { return Ok(()) };
        match node {
            Value::Sequence(elements) => {
                self.merging.origins.insert(format!("{place}/{}", elements.len()), from.clone());
                elements.push(update.clone());
            }
            Value::Mapping(members) => match update {
                Value::Mapping(update) => self.merging.merge(members, update, place, from)?,
                _ => {
                    let message = "expected an object as the update of an object, found another value";
                    return Err(Diagnostic::error(from, message));
                }
            },
            _ => {
                let message = "expected a target that is an object or a list, found a scalar";
                return Err(Diagnostic::error(at_target, message)
                    .help("target the object around the value, and name the value in the update"));
            }
        }
        self.follow(place);
        Ok(())
    }

    fn remove(&mut self, parent: &str, last: &Token) {
        match (tree::descend_mut(self.tree, parent), last) {
            (Some(Value::Mapping(members)), Token::Name(name)) => drop(members.shift_remove(name.as_str())),
            (Some(Value::Mapping(members)), Token::Index(index)) => {
                members.shift_remove(index.to_string().as_str());
            }
            (Some(Value::Sequence(elements)), Token::Index(index)) if *index < elements.len() => {
                elements.remove(*index);
            }
            _ => {}
        }
        self.follow(parent);
    }

    /// Brings the copy up to date, at one place.
    fn follow(&mut self, place: &str) {
        let node = tree::descend(self.tree, Location { file: "".into(), pointer: place.to_owned() }.tokens());
        let changed = node.and_then(|node| serde_json::to_value(node).ok());
        if let (Some(old), Some(changed)) = (self.copy.pointer_mut(place), changed) {
            *old = changed;
        }
    }
}

impl Merging<'_> {
    /// Objects are merged, lists joined, and everything else is replaced.
    fn merge(
        &mut self,
        members: &mut Mapping,
        update: &Mapping,
        place: &str,
        from: &Location,
    ) -> Result<(), Diagnostic> {
        for (key, new) in update {
            let token = key.as_str().unwrap_or_default();
            let from = from.child(token);
            if place.ends_with("/properties") && !members.contains_key(key) && is_prose(new) {
                let message =
                    format!("expected a property `{token}`, found none; the description has no effect");
                let help = "the API description has changed: adapt the name, or delete this entry";
                self.diagnostics.push(Diagnostic::warning(&from, message).at_key().help(help));
                continue;
            }
            let place = format!("{place}/{}", token.replace('~', "~0").replace('/', "~1"));
            match (members.get_mut(key), new) {
                (Some(Value::Mapping(old)), Value::Mapping(new)) => self.merge(old, new, &place, &from)?,
                (Some(Value::Sequence(old)), Value::Sequence(new)) => {
                    for (index, element) in new.iter().enumerate() {
                        self.origins.insert(format!("{place}/{}", old.len()), from.child(index));
                        old.push(element.clone());
                    }
                }
                (Some(Value::Mapping(_)), _) => {
                    return Err(Diagnostic::error(
                        &from,
                        "expected an object as in the description, found another value",
                    ));
                }
                (Some(Value::Sequence(_)), _) => {
                    return Err(Diagnostic::error(
                        &from,
                        "expected a list as in the description, found another value",
                    ));
                }
                (_, new) => {
                    members.insert(key.clone(), new.clone());
                    self.origins.insert(place, from);
                }
            }
        }
        Ok(())
    }
}

/// Returns `true` if an update only describes something, which makes no sense where there is nothing.
fn is_prose(update: &Value) -> bool {
    const PROSE: [&str; 7] =
        ["title", "description", "example", "externalDocs", "x-max-bytes", "x-replacement", "x-rust-name"];
    let members = update.as_mapping().filter(|members| !members.is_empty());
    members
        .is_some_and(|members| members.keys().all(|key| key.as_str().is_some_and(|key| PROSE.contains(&key))))
}

/// A part of a pointer, so that places of a list are in their order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    Index(usize),
    Name(String),
}

fn tokens(pointer: &str) -> Vec<Token> {
    let place = Location { file: "".into(), pointer: pointer.to_owned() };
    let token = |text: &str| {
        // `01` is a name: it must stay what it is.
        let index = text.parse().ok().filter(|index: &usize| index.to_string() == text);
        index.map_or_else(|| Token::Name(text.to_owned()), Token::Index)
    };
    place.tokens().map(|text| token(&text)).collect()
}

fn pointer(tokens: &[Token]) -> String {
    let place = tokens.iter().fold(Location::file(""), |place, token| match token {
        Token::Index(index) => place.child(index),
        Token::Name(name) => place.child(name),
    });
    place.pointer
}
