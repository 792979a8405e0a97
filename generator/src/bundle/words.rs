//! Leaves the words out of a bundle, so that an overlay can bring those of a project.

use serde_yaml::{Mapping, Value};

use crate::places::Role;
use crate::select::METHODS;

/// The fields of objects that hold prose, or values to show beside it.
const WORDS: [&str; 6] = ["title", "summary", "description", "example", "examples", "externalDocs"];

/// Removes titles, summaries, descriptions, examples and links to documentation. Those that the specification asks
/// for are left empty.
pub(super) fn drop_words(document: &mut Value) {
    let Some(root) = document.as_mapping_mut() else { return };
    root.shift_remove("externalDocs");
    for (key, node) in root {
        match key.as_str() {
            Some("info") => empty(node, &["title"]),
            Some("tags") => each(node, |node| empty(node, &[])),
            Some("servers") => each(node, server),
            Some("paths") => each(node, path_item),
            Some("components") => {
                // Nothing refers to examples any more.
                node.as_mapping_mut().map(|sections| sections.shift_remove("examples"));
                each_field(node, section);
            }
            _ => {}
        }
    }
}

fn server(node: &mut Value) {
    empty(node, &[]);
    each_field(node, |field, node| {
        if field == "variables" {
            each(node, |variable| empty(variable, &[]));
        }
    });
}

fn path_item(node: &mut Value) {
    empty(node, &[]);
    each_field(node, |field, node| {
        let is_operation = METHODS.contains(&field);
        drop_below(node, if is_operation { Role::Object(None) } else { Role::of_field(field) });
    });
}

fn section(name: &str, node: &mut Value) {
    match name {
        "securitySchemes" => each(node, security_scheme),
        "links" => each(node, |node| empty(node, &[])),
        "callbacks" => each(node, |callback| each(callback, path_item)),
        "x-path-items" => each(node, path_item),
        _ => each_field(node, |_, node| drop_words_of(node, name == "responses")),
    }
}

/// Removes the prose of a scheme. The descriptions of OAuth scopes are prose under free names.
fn security_scheme(node: &mut Value) {
    empty(node, &[]);
    let flows = node.get_mut("flows");
    each(flows.unwrap_or(&mut Value::Null), |flow| {
        let scopes = flow.get_mut("scopes");
        each(scopes.unwrap_or(&mut Value::Null), |meaning| *meaning = "".into());
    });
}

/// Removes the words of an object, and of those below it. A response has to have a description.
fn drop_words_of(node: &mut Value, is_response: bool) {
    let is_reference = node.get("$ref").is_some();
    empty(node, if is_response && !is_reference { &["description"] } else { &[] });
    each_field(node, |field, node| match field {
        "responses" => each_field(node, |status, response| {
            if !status.starts_with("x-") {
                drop_words_of(response, true);
            }
        }),
        "links" => each(node, |link| empty(link, &[])),
        "servers" => each(node, server),
        "callbacks" => each(node, |callback| each(callback, path_item)),
        field => drop_below(node, Role::of_field(field)),
    });
}

fn drop_below(node: &mut Value, role: Role) {
    match role {
        Role::Object(_) => drop_words_of(node, false),
        Role::Each(_) | Role::Content => each(node, |node| drop_words_of(node, false)),
        Role::Mapping | Role::Data => {}
    }
}

/// Removes the words of one object, but for those that it needs.
fn empty(node: &mut Value, needed: &[&str]) {
    let Some(members) = node.as_mapping_mut() else { return };
    for word in WORDS {
        match members.get_mut(word) {
            Some(text) if needed.contains(&word) => *text = "".into(),
            Some(_) => drop(members.shift_remove(word)),
            None => {}
        }
    }
}

fn each(node: &mut Value, mut change: impl FnMut(&mut Value)) {
    match node {
        Value::Mapping(members) => members.values_mut().for_each(change),
        Value::Sequence(elements) => elements.iter_mut().for_each(&mut change),
        _ => {}
    }
}

fn each_field(node: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    let members: &mut Mapping = match node {
        Value::Mapping(members) => members,
        _ => return,
    };
    members.iter_mut().for_each(|(key, value)| change(key.as_str().unwrap_or_default(), value));
}
