//! Which operations of a description are wanted.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::load::{Shape, Sources};

/// The methods an operation can have, as their fields in a path item are called.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A selection. An operation is selected if any criterion applies.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Every operation.
    pub all: bool,
    /// Those with one of these tags.
    pub tags: Vec<String>,
    /// Those with one of these identifiers.
    pub operations: Vec<String>,
    /// Those whose path begins with one of these.
    pub paths: Vec<String>,
}

/// An operation, before anything of it but its name and tags was looked at.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// `operationId` or, without one, method and path.
    pub id: String,
    /// HTTP method, in lower case.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The place of its path item.
    pub path_item: Location,
    /// The place of the operation.
    pub location: Location,
}

/// The selected operations, and how many there are in all.
#[derive(Clone, Debug, Default)]
pub struct Selected {
    /// The selected ones, sorted by identifier.
    pub operations: Vec<Candidate>,
    /// The number of operations in the description.
    pub total: usize,
}

/// Finds the operations that `selection` is about.
pub fn select(sources: &Sources, selection: &Selection, diagnostics: &mut Diagnostics) -> Selected {
    let Some(candidates) = candidates(sources, diagnostics) else { return Selected::default() };
    report_unmatched(sources, selection, &candidates, diagnostics);
    let total = candidates.len();
    let mut operations: Vec<_> = candidates.into_iter().filter(|c| selection.includes(c)).collect();
    report_duplicates(sources, &operations, diagnostics);
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    operations.dedup_by(|a, b| a.id == b.id);
    Selected { operations, total }
}

impl Selection {
    fn includes(&self, candidate: &Candidate) -> bool {
        self.all
            || self.operations.contains(&candidate.id)
            || self.paths.iter().any(|prefix| candidate.path.starts_with(prefix.as_str()))
            || candidate.tags.iter().any(|tag| self.tags.contains(tag))
    }
}

/// Returns the operations in the order of the description, or `None` if reading the root or its paths fails.
fn candidates(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Vec<Candidate>> {
    let root = sources.root();
    let node = diagnostics.keep(sources.node(&root))?;
    // A mistake elsewhere in the root hides none in the paths.
    let _ = sources.checked(&root, &Shape::ROOT, diagnostics);
    let at = root.child("paths");
    node.get("paths")?;
    let paths = sources.checked(&at, &Shape::PATHS, diagnostics)?;
    sources.read_ahead(sources.referred_files(&at));
    let mut found = Vec::new();
    let paths = paths.as_mapping()?.keys().filter_map(Value::as_str).filter(|path| !path.starts_with("x-"));
    for path in paths {
        let at = at.child(path);
        report_beside_reference(sources, &at, diagnostics);
        let Some(path_item) = diagnostics.keep(sources.follow(&at)) else { continue };
        let Some(members) = sources.checked(&path_item, &Shape::PATH_ITEM, diagnostics) else {
            continue;
        };
        for method in METHODS.into_iter().filter(|method| members.get(*method).is_some()) {
            found.push(candidate(sources, path, method, &path_item));
        }
    }
    Some(found)
}

/// Reports siblings of the `$ref` of a path item, which have no defined meaning.
fn report_beside_reference(sources: &Sources, at: &Location, diagnostics: &mut Diagnostics) {
    let members = sources.find(at).and_then(Value::as_mapping).filter(|members| members.contains_key("$ref"));
    for key in members.into_iter().flat_map(|members| members.keys()).filter_map(Value::as_str) {
        if key != "$ref" && !key.starts_with("x-") {
            let message = format!("`{key}` beside a `$ref` is not read");
            diagnostics.push(Diagnostic::error(&at.child(key), message).at_key());
        }
    }
}

fn candidate(sources: &Sources, path: &str, method: &'static str, path_item: &Location) -> Candidate {
    let location = path_item.child(method);
    let field = |name: &str| sources.find(&location.child(name));
    let tags = field("tags").and_then(Value::as_sequence);
    Candidate {
        id: field("operationId")
            .and_then(Value::as_str)
            .map_or_else(|| format!("{method} {path}"), str::to_owned),
        method,
        path: path.to_owned(),
        tags: tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        path_item: path_item.clone(),
        location,
    }
}

fn report_unmatched(
    sources: &Sources,
    selection: &Selection,
    candidates: &[Candidate],
    diagnostics: &mut Diagnostics,
) {
    let at = sources.root().child("paths");
    let tags: BTreeSet<&str> = candidates.iter().flat_map(|c| &c.tags).map(String::as_str).collect();
    for tag in selection.tags.iter().filter(|tag| !tags.contains(tag.as_str())) {
        let error = Diagnostic::error(&at, format!("expected a tag of an operation, found `{tag}`")).at_key();
        diagnostics.push(error.help(known("tags", tags.iter().copied())));
    }
    let ids: BTreeSet<&str> = candidates.iter().map(|c| c.id.as_str()).collect();
    for id in selection.operations.iter().filter(|id| !ids.contains(id.as_str())) {
        let error = Diagnostic::error(&at, format!("expected an operationId, found `{id}`")).at_key();
        diagnostics.push(error.help(known("operations", ids.iter().copied())));
    }
    for prefix in &selection.paths {
        if !candidates.iter().any(|candidate| candidate.path.starts_with(prefix.as_str())) {
            diagnostics.push(
                Diagnostic::error(&at, format!("expected the beginning of a path, found `{prefix}`"))
                    .at_key(),
            );
        }
    }
    if candidates.is_empty() && selection.all {
        diagnostics.push(Diagnostic::error(&at, "expected an operation, found none").at_key());
    }
}

fn known<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    match (names.len(), more) {
        (0, _) => format!("there are no {what}"),
        (_, 0) => format!("the {what} are {shown}"),
        _ => format!("the {what} are {shown} and {more} more"),
    }
}

/// Reports each operationId that several operations have, at each of them and with the place of another.
fn report_duplicates(sources: &Sources, operations: &[Candidate], diagnostics: &mut Diagnostics) {
    let mut by_id: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    for operation in operations {
        by_id.entry(&operation.id).or_default().push(operation);
    }
    for (id, operations) in by_id.into_iter().filter(|(_, operations)| operations.len() > 1) {
        for (index, operation) in operations.iter().enumerate() {
            let other = operations[usize::from(index == 0)];
            let message = format!("the operationId `{id}` is not unique: {} has it too", name(other));
            let at = named_at(sources, operation, other);
            let error = Diagnostic::error(&at, message);
            diagnostics.push(error.help(other_place(sources, operation, other)));
        }
    }
}

/// Finds the name of an operation that another one has too. If both are one, reached by a `$ref`, that is
/// the path.
fn named_at(sources: &Sources, operation: &Candidate, other: &Candidate) -> Location {
    let id = operation.location.child("operationId");
    if operation.location == other.location {
        sources.root().child("paths").child(&operation.path)
    } else if sources.find(&id).is_some() {
        id
    } else {
        operation.location.clone()
    }
}

fn other_place(sources: &Sources, operation: &Candidate, other: &Candidate) -> String {
    let place = sources.position(&named_at(sources, other, operation));
    if operation.location == other.location {
        format!("both paths lead to one path item, the other at {place}: delete one, or copy the path item")
    } else {
        format!("the other is at {place}: rename one of them")
    }
}

fn name(operation: &Candidate) -> String {
    format!("`{} {}`", operation.method.to_uppercase(), operation.path)
}
