//! The operations and components of a description that are wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::Direction;
use crate::load::{Shape, Sources};

/// The methods an operation can have, as their fields in a path item are called.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A selection. An operation is selected if any criterion applies.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Every operation.
    pub all: bool,
    /// Every schema among the components.
    pub all_schemas: bool,
    /// Those with one of these tags.
    pub tags: Vec<String>,
    /// Those with one of these identifiers.
    pub operations: Vec<String>,
    /// Those whose path begins with one of these.
    pub paths: Vec<String>,
    /// The schemas among the components with one of these names.
    pub schemas: Vec<String>,
    /// Operations that are not selected, whatever applies to them.
    pub except: BTreeSet<Exception>,
}

/// An operation that is not selected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exception {
    /// HTTP method in lower case; `None` for all operations of the path.
    pub method: Option<&'static str>,
    /// The path.
    pub path: String,
}

/// An operation, before anything of it but its name and tags was looked at.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// `operationId` or, without one of its own, method and path.
    pub id: String,
    /// HTTP method, in lower case.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// `true` for an entry of `webhooks`, whose name stands in the place of a path, and for a callback, whose expression does.
    pub is_webhook: bool,
    /// The place of its path item.
    pub path_item: Location,
    /// The places of path items that are a `$ref` to this one and have fields of their own, outermost first.
    pub beside: Vec<Location>,
    /// The place of the operation.
    pub location: Location,
}

impl Candidate {
    /// Returns the places with fields that all operations of the path share. A later place replaces fields of earlier ones.
    pub(crate) fn shared(&self) -> impl Iterator<Item = &Location> {
        iter::once(&self.path_item).chain(self.beside.iter().rev())
    }

    /// Returns the places that hold the operation and what it shares with others.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Location> {
        let is_elsewhere = self.location.parent().is_none_or(|at| at != self.path_item);
        self.shared().chain(is_elsewhere.then_some(&self.location))
    }
}

/// A schema among the components that is selected directly, whether or not an operation reaches it.
#[derive(Clone, Debug)]
pub struct SelectedSchema {
    /// Its name.
    pub name: String,
    /// Its place among the components.
    pub location: Location,
}

/// The selected operations and components, and the number of all operations.
#[derive(Clone, Debug, Default)]
pub struct Selected {
    /// The selected operations, sorted by identifier.
    pub operations: Vec<Candidate>,
    /// The components that are selected directly, in the order of the description.
    pub schemas: Vec<SelectedSchema>,
    /// The number of operations in the description.
    pub total: usize,
    /// The direction of their requests.
    pub direction: Direction,
    /// Of callbacks, the selection with the operations that have them. It names the types of both.
    pub owners: Option<Box<Selected>>,
}

/// Finds the operations and components that `selection` is about. Reports a selection of all operations if there are none.
pub fn select(sources: &Sources, selection: &Selection, diagnostics: &mut Diagnostics) -> Selected {
    let selected = select_any(sources, selection, diagnostics);
    let paths = sources.root().child("paths");
    let is_empty = selected.total == 0 && sources.find(&paths).is_some();
    if is_empty && selection.all && !selection.selects_schemas() {
        diagnostics.push(Diagnostic::error(&paths, "expected an operation, found none").at_key());
    }
    selected
}

/// Finds the operations and components that `selection` is about, of which there may be none.
pub fn select_any(sources: &Sources, selection: &Selection, diagnostics: &mut Diagnostics) -> Selected {
    let schemas = schemas(sources, selection, diagnostics);
    let Some(candidates) = candidates(sources, "paths", &selection.except, diagnostics) else {
        return Selected { schemas, ..Selected::default() };
    };
    report_unmatched(sources, selection, &candidates, diagnostics);
    let total = candidates.len();
    let selected = candidates.into_iter().filter(|c| selection.includes(c)).collect();
    let operations = sorted(sources, selected, diagnostics);
    Selected { operations, schemas, total, ..Selected::default() }
}

/// Finds the webhooks of a description, which are requests to an application: the entries of `webhooks` or, without that
/// field, all operations.
pub fn select_webhooks(
    sources: &Sources,
    except: &BTreeSet<Exception>,
    diagnostics: &mut Diagnostics,
) -> Selected {
    let direction = Direction::Incoming;
    if !has_webhooks(sources) {
        let everything = Selection { all: true, except: except.clone(), ..Selection::default() };
        return Selected { direction, ..select(sources, &everything, diagnostics) };
    }
    let candidates = candidates(sources, "webhooks", except, diagnostics).unwrap_or_default();
    let total = candidates.len();
    let operations = sorted(sources, candidates, diagnostics);
    Selected { operations, total, direction, ..Selected::default() }
}

/// Finds the callbacks of selected operations, which are requests to an application. A callback of several operations
/// counts once.
pub fn select_callbacks(sources: &Sources, selected: &Selected, diagnostics: &mut Diagnostics) -> Selected {
    let mut found: Vec<Candidate> = Vec::new();
    for (operation, at) in callbacks(sources, selected) {
        let name = at.last_token().unwrap_or_default();
        let Some(callback) = diagnostics.keep(sources.follow(&at)) else { continue };
        let expressions = sources.find(&callback).map(|callback| names(callback).collect::<Vec<_>>());
        for expression in expressions.unwrap_or_default() {
            let operations =
                operations_at(sources, expression, &callback.child(expression), |_| false, diagnostics);
            for candidate in operations {
                if found.iter().all(|known| known.location != candidate.location) {
                    found.push(incoming(candidate, format!("{} {name}", operation.id)));
                }
            }
        }
    }
    let total = found.len();
    let operations = sorted(sources, found, diagnostics);
    let owners = Some(Box::new(selected.clone()));
    Selected { operations, total, direction: Direction::Incoming, owners, ..Selected::default() }
}

/// Lists the callbacks of selected operations, each with the operation that has it.
pub fn callbacks<'s>(
    sources: &'s Sources,
    selected: &'s Selected,
) -> impl Iterator<Item = (&'s Candidate, Location)> {
    selected.operations.iter().flat_map(|operation| {
        let at = operation.location.child("callbacks");
        let callbacks = sources.find(&at).map(|callbacks| names(callbacks).collect::<Vec<_>>());
        let places = callbacks.unwrap_or_default().into_iter().map(|name| at.child(name)).collect::<Vec<_>>();
        places.into_iter().map(move |at| (operation, at))
    })
}

/// Returns `true` if a description has the field `webhooks`.
pub fn has_webhooks(sources: &Sources) -> bool {
    let webhooks = sources.find(&sources.root().child("webhooks"));
    webhooks.and_then(Value::as_mapping).is_some_and(|webhooks| !webhooks.is_empty())
}

/// Sorts operations by identifiers, which are made unique.
fn sorted(
    sources: &Sources,
    mut operations: Vec<Candidate>,
    diagnostics: &mut Diagnostics,
) -> Vec<Candidate> {
    resolve_duplicates(sources, &mut operations, diagnostics);
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    operations
}

impl Selection {
    /// Returns `true` if components are selected directly.
    fn selects_schemas(&self) -> bool {
        self.all_schemas || !self.schemas.is_empty()
    }

    fn includes(&self, candidate: &Candidate) -> bool {
        self.all
            || self.operations.contains(&candidate.id)
            || self.paths.iter().any(|prefix| candidate.path.starts_with(prefix.as_str()))
            || candidate.tags.iter().any(|tag| self.tags.contains(tag))
    }
}

/// Returns the components that are selected directly. Reports each name that no component has.
fn schemas(sources: &Sources, selection: &Selection, diagnostics: &mut Diagnostics) -> Vec<SelectedSchema> {
    let at = sources.root().child("components").child("schemas");
    let members = sources.find(&at).and_then(Value::as_mapping).into_iter().flatten();
    let names: Vec<&str> =
        members.filter_map(|(name, _)| name.as_str()).filter(|name| !name.starts_with("x-")).collect();
    for name in selection.schemas.iter().filter(|name| !names.contains(&name.as_str())) {
        let message = format!("expected a schema among the components, found `{name}`");
        let error = Diagnostic::error(&sources.root(), message);
        diagnostics.push(error.help(known("schemas", names.iter().copied())));
    }
    let is_selected =
        |name: &&str| selection.all_schemas || selection.schemas.iter().any(|wanted| wanted == name);
    let schema = |name: &str| SelectedSchema { name: name.to_owned(), location: at.child(name) };
    names.into_iter().filter(is_selected).map(schema).collect()
}

/// Returns the operations of `paths` or `webhooks` in the order of the description, or `None` if reading that field fails.
fn candidates(
    sources: &Sources,
    field: &'static str,
    except: &BTreeSet<Exception>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Candidate>> {
    let root = sources.root();
    let node = diagnostics.keep(sources.node(&root))?;
    // A mistake elsewhere in the root hides none in the paths.
    let _ = sources.checked(&root, &Shape::ROOT, diagnostics);
    let at = root.child(field);
    node.get(field)?;
    let paths = sources.checked(&at, &Shape::PATHS, diagnostics)?;
    sources.read_ahead(sources.referred_files(&at));
    let mut found = Vec::new();
    let is_except =
        |method, path: &str| except.iter().any(|other| other.method == method && other.path == path);
    for path in names(paths).filter(|path| !is_except(None, path)) {
        let is_left_out = |method| is_except(Some(method), path);
        let operations = operations_at(sources, path, &at.child(path), is_left_out, diagnostics);
        if field == "webhooks" {
            // The name of a webhook is a better one than that of its method and name.
            found.extend(operations.into_iter().map(|operation| incoming(operation, path.to_owned())));
        } else {
            found.extend(operations);
        }
    }
    Some(found)
}

/// Lists the names in a mapping, without extensions.
fn names(members: &Value) -> impl Iterator<Item = &str> {
    let keys = members.as_mapping().into_iter().flat_map(|members| members.keys());
    keys.filter_map(Value::as_str).filter(|name| !name.starts_with("x-"))
}

/// Returns an operation as a request to an application; without an `operationId`, `name` is its identifier.
fn incoming(operation: Candidate, name: String) -> Candidate {
    let is_unnamed = operation.id == by_path(operation.method, &operation.path);
    let id = if is_unnamed { name } else { operation.id };
    Candidate { id, is_webhook: true, ..operation }
}

/// Returns the operations of the path item at a place.
fn operations_at(
    sources: &Sources,
    path: &str,
    at: &Location,
    is_left_out: impl Fn(&'static str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Some((links, path_item)) = diagnostics.keep(sources.links(at)) else { return found };
    let Some(members) = sources.checked(&path_item, &Shape::PATH_ITEM, diagnostics) else { return found };
    let beside = beside_references(sources, links, diagnostics);
    for method in METHODS.into_iter().filter(|method| !is_left_out(method)) {
        let mut places: Vec<_> = beside.iter().map(|at| at.child(method)).collect();
        places.retain(|place| sources.find(place).is_some());
        places.extend(members.get(method).map(|_| path_item.child(method)));
        report_twice(sources, &places, diagnostics);
        let Some(place) = places.first() else { continue };
        let candidate = candidate(sources, path, method, place, diagnostics);
        found.extend(candidate.map(|candidate| Candidate {
            path_item: path_item.clone(),
            beside: beside.clone(),
            ..candidate
        }));
    }
    found
}

/// Returns the places of path items that are a `$ref` and have fields beside it.
fn beside_references(
    sources: &Sources,
    links: Vec<Location>,
    diagnostics: &mut Diagnostics,
) -> Vec<Location> {
    let has_fields = |at: &Location| {
        let members = sources.find(at).and_then(Value::as_mapping);
        let mut keys = members.into_iter().flat_map(|members| members.keys()).filter_map(Value::as_str);
        keys.any(|key| key != "$ref" && !key.starts_with("x-"))
    };
    let mut beside: Vec<_> = links.into_iter().filter(has_fields).collect();
    beside.retain(|at| sources.checked(at, &Shape::PATH_ITEM, diagnostics).is_some());
    beside
}

/// Reports an operation that both a path item and the path item that refers to it have.
fn report_twice(sources: &Sources, places: &[Location], diagnostics: &mut Diagnostics) {
    let [place, other, ..] = places else { return };
    let method = place.last_token().unwrap_or_default();
    let message = format!("expected one operation `{method}`, found another one behind the `$ref`");
    let help = format!("the other one is at {}: delete one of them", sources.position(other));
    diagnostics.push(Diagnostic::error(place, message).at_key().help(help));
}

/// Returns the operation at a place, which may be a `$ref` to another place.
fn candidate(
    sources: &Sources,
    path: &str,
    method: &'static str,
    at: &Location,
    diagnostics: &mut Diagnostics,
) -> Option<Candidate> {
    let (links, location) = diagnostics.keep(sources.links(at))?;
    for link in links {
        report_beside_operation(sources, &link, diagnostics);
    }
    let field = |name: &str| sources.find(&location.child(name));
    let tags = field("tags").and_then(Value::as_sequence);
    Some(Candidate {
        id: field("operationId").and_then(Value::as_str).map_or_else(|| by_path(method, path), str::to_owned),
        method,
        path: path.to_owned(),
        is_webhook: false,
        tags: tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        path_item: location.clone(),
        beside: Vec::new(),
        location,
    })
}

/// Reports the fields beside the `$ref` of an operation, which have no defined meaning.
fn report_beside_operation(sources: &Sources, at: &Location, diagnostics: &mut Diagnostics) {
    let members = sources.find(at).and_then(Value::as_mapping);
    for key in members.into_iter().flat_map(|members| members.keys()).filter_map(Value::as_str) {
        if key != "$ref" && !key.starts_with("x-") {
            let message = format!("`{key}` beside the `$ref` of an operation is not read");
            diagnostics.push(Diagnostic::warning(&at.child(key), message).at_key());
        }
    }
}

/// Names an operation by its method and path, which are unique.
pub(crate) fn by_path(method: &str, path: &str) -> String {
    format!("{method} {path}")
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

/// Names operations with one operationId by their methods and paths, and warns of each.
fn resolve_duplicates(sources: &Sources, operations: &mut [Candidate], diagnostics: &mut Diagnostics) {
    loop {
        let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, operation) in operations.iter().enumerate() {
            by_id.entry(&operation.id).or_default().push(index);
        }
        let mut rename: Vec<_> = by_id.into_values().filter(|indices| indices.len() > 1).flatten().collect();
        let is_final = |operation: &Candidate| operation.id == by_path(operation.method, &operation.path);
        rename.retain(|index| !is_final(&operations[*index]));
        if rename.is_empty() {
            return;
        }
        for index in &rename {
            let operation = &operations[*index];
            let key = |candidate: &Candidate| by_path(candidate.method, &candidate.path);
            let is_other = |other: &&Candidate| other.id == operation.id && key(other) != key(operation);
            let other = operations.iter().find(is_other);
            if let Some(other) = other {
                diagnostics.push(duplicate(sources, operation, other));
            }
        }
        for index in rename {
            operations[index].id = by_path(operations[index].method, &operations[index].path);
        }
    }
}

fn duplicate(sources: &Sources, operation: &Candidate, other: &Candidate) -> Diagnostic {
    let message = format!(
        "the operationId `{}` is not unique: {} has it too, so it is read as `{}`",
        operation.id,
        name(other),
        by_path(operation.method, &operation.path)
    );
    let warning = Diagnostic::warning(&named_at(sources, operation, other), message);
    warning.help(other_place(sources, operation, other))
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
        format!("both paths lead to one operation, the other at {place}")
    } else {
        format!("the other is at {place}; `x-rust-name` names a method")
    }
}

fn name(operation: &Candidate) -> String {
    format!("`{} {}`", operation.method.to_uppercase(), operation.path)
}
