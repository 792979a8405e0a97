//! The text of a file as a tree whose keys are all strings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::Error as _;
use serde_yaml::{Mapping, Value};

use super::any::Tree;
use super::lines::Lines;
use super::spans::Spans;
use crate::diagnostic::{Diagnostic, Location};

/// Parses YAML. Aliases and merge keys are expanded, within the parser's bound.
pub(super) fn parse(text: &str, location: &Location) -> Result<Value, Diagnostic> {
    let malformed = |error: &serde_yaml::Error| {
        // The parser points at the whole mapping in which a key is repeated.
        let repeated = error.to_string().contains("duplicate entry");
        let repeated = repeated.then(|| Spans::of_yaml(text).repeated_key()).flatten();
        let repeated = repeated.map(|character| Lines::of(text).byte_of(text, character));
        let byte = repeated.or_else(|| Some(error.location()?.index())).unwrap_or_default();
        Diagnostic::error(location, format!("expected YAML, found an error: {error}")).at_byte(byte)
    };
    let Tree(mut tree) = serde_yaml::from_str(text).map_err(|error| malformed(&error))?;
    tree.apply_merge().map_err(|error| malformed(&error))?;
    if is_plain(&tree) { Ok(tree) } else { with_string_keys(tree, location) }
}

/// Returns `true` if all keys are strings and no node has a tag, as in most trees.
fn is_plain(node: &Value) -> bool {
    match node {
        Value::Mapping(members) => members.iter().all(|(key, value)| key.is_string() && is_plain(value)),
        Value::Sequence(elements) => elements.iter().all(is_plain),
        Value::Tagged(_) => false,
        _ => true,
    }
}

/// Returns the node at the tokens of a pointer.
pub(super) fn descend<'t, 'p>(
    tree: &'t Value,
    tokens: impl Iterator<Item = Cow<'p, str>>,
) -> Option<&'t Value> {
    tokens.into_iter().try_fold(tree, |node, token| match node {
        Value::Mapping(_) => member(node, &token),
        Value::Sequence(elements) => elements.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Returns the node at a pointer, to be changed.
pub(super) fn descend_mut<'t>(tree: &'t mut Value, pointer: &str) -> Option<&'t mut Value> {
    let place = Location { file: "".into(), pointer: pointer.to_owned() };
    place.tokens().try_fold(tree, |node, token| match node {
        Value::Mapping(members) => members.get_mut(&*token),
        Value::Sequence(elements) => elements.get_mut(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Returns a member of a mapping. Most mappings are small, where comparing is faster than hashing.
pub(crate) fn member<'t>(node: &'t Value, key: &str) -> Option<&'t Value> {
    const FEW: usize = 12;
    let members = node.as_mapping()?;
    if members.len() > FEW {
        return members.get(key);
    }
    members.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
}

/// Adds the text of every `$ref` in a tree.
pub(super) fn collect_references<'t>(node: &'t Value, references: &mut BTreeSet<&'t str>) {
    match node {
        Value::Mapping(members) => {
            references.extend(member(node, "$ref").and_then(Value::as_str));
            for member in members.values() {
                collect_references(member, references);
            }
        }
        Value::Sequence(elements) => {
            for element in elements {
                collect_references(element, references);
            }
        }
        _ => {}
    }
}

/// Statuses are often written without quotes, which makes them numbers; everything else about the tree is
/// easier when keys are text.
fn with_string_keys(node: Value, location: &Location) -> Result<Value, Diagnostic> {
    Ok(match node {
        Value::Mapping(members) => Value::Mapping(mapping(members, location)?),
        Value::Sequence(elements) => Value::Sequence(
            elements
                .into_iter()
                .enumerate()
                .map(|(index, element)| with_string_keys(element, &location.child(index)))
                .collect::<Result<_, _>>()?,
        ),
        Value::Tagged(tagged) => {
            return Err(Diagnostic::error(location, format!("unsupported: the YAML tag `{}`", tagged.tag)));
        }
        scalar => scalar,
    })
}

fn mapping(members: Mapping, location: &Location) -> Result<Mapping, Diagnostic> {
    let mut renamed = Mapping::with_capacity(members.len());
    for (key, value) in members {
        let key = match key {
            Value::String(key) => key,
            Value::Number(key) => key.to_string(),
            Value::Bool(key) => key.to_string(),
            Value::Null => "null".to_owned(),
            _ => return Err(Diagnostic::error(location, "a key has to be a string")),
        };
        let at = location.child(&key);
        if renamed.insert(Value::String(key.clone()), with_string_keys(value, &at)?).is_some() {
            let error = serde_yaml::Error::custom(format!("duplicate entry with key \"{key}\""));
            return Err(Diagnostic::error(&at, format!("expected YAML, found an error: {error}")).at_key());
        }
    }
    Ok(renamed)
}
