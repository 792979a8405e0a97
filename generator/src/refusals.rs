//! Operations that are left out since something that they need is refused.
//!
//! The stages refuse as ever, each error at its place. An operation needs the places that it reaches by references, so an
//! error there is a reason to leave the operation out. The rest is selected, lowered and planned again until nothing is
//! refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use crate::analyse;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, Severity};
use crate::dialect::Conventions;
use crate::load::Sources;
use crate::places::Places;
use crate::plan::Crate;
use crate::select::{Candidate, Exception, METHODS, Selected, by_path};

/// The result of selecting, lowering and planning.
pub(crate) struct Outcome {
    pub(crate) selected: Selected,
    pub(crate) krate: Option<Crate>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) diagnostics: Diagnostics,
}

/// An operation that was left out, or a path without readable operations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// `operationId` or, without one, method and path.
    pub id: String,
    /// HTTP method in lower case; `None` for all operations of the path.
    pub method: Option<&'static str>,
    /// The path.
    pub path: String,
}

impl LeftOut {
    fn of(candidate: &Candidate) -> Self {
        let Candidate { id, method, path, .. } = candidate;
        Self { id: id.clone(), method: Some(method), path: path.clone() }
    }

    fn exception(&self) -> Exception {
        Exception { method: self.method, path: self.path.clone() }
    }
}

/// Analyses what `choose` selects, without exceptions.
pub(crate) fn analyse_all(
    sources: &Sources,
    choose: impl Fn(&BTreeSet<Exception>, &mut Diagnostics) -> Selected,
    conventions: &Conventions,
) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let selected = choose(&BTreeSet::new(), &mut diagnostics);
    let krate = analyse(sources, &selected, conventions, &mut diagnostics);
    Outcome { selected, krate, left_out: Vec::new(), diagnostics }
}

/// Analyses what `choose` selects, without the operations that need something that is refused. If nothing would be left,
/// the reasons stay errors.
pub(crate) fn analyse_accepted(
    sources: &Sources,
    choose: impl Fn(&BTreeSet<Exception>, &mut Diagnostics) -> Selected,
    conventions: &Conventions,
) -> Outcome {
    let mut reasons = Reasons::default();
    let mut last = analyse_all(sources, &choose, conventions);
    let first = last.diagnostics.clone();
    while reasons.add(sources, &last) {
        sources.forget_reported();
        let except = reasons.exceptions();
        last = analyse_all(sources, |_, diagnostics| choose(&except, diagnostics), conventions);
    }
    if last.selected.operations.is_empty() && last.selected.schemas.is_empty() {
        return Outcome { krate: None, diagnostics: first, ..last };
    }
    let left_out = reasons.left_out();
    last.diagnostics.extend(reasons.warnings());
    Outcome { left_out, ..last }
}

/// The operations that are left out, by the errors that are the reasons.
#[derive(Default)]
struct Reasons(BTreeMap<Diagnostic, BTreeSet<LeftOut>>);

impl Reasons {
    /// Attributes the errors of an analysis to operations. Returns `true` if one more operation is omitted.
    fn add(&mut self, sources: &Sources, outcome: &Outcome) -> bool {
        let before = self.left_out().len();
        let errors = outcome.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let mut unclaimed: BTreeSet<&Diagnostic> = errors.collect();
        if unclaimed.is_empty() {
            return false;
        }
        let errors = unclaimed.clone();
        for candidate in &outcome.selected.operations {
            let needs = Needs::of(sources, &outcome.selected, candidate);
            for error in errors.iter().filter(|error| needs.include(&error.location)) {
                unclaimed.remove(*error);
                self.insert(error, LeftOut::of(candidate));
            }
        }
        for error in unclaimed {
            if let Some(left_out) = unread(sources, &error.location) {
                self.insert(error, left_out);
            }
        }
        self.left_out().len() > before
    }

    fn insert(&mut self, error: &Diagnostic, left_out: LeftOut) {
        self.0.entry(error.clone()).or_default().insert(left_out);
    }

    fn left_out(&self) -> Vec<LeftOut> {
        let all: BTreeSet<_> = self.0.values().flatten().cloned().collect();
        all.into_iter().collect()
    }

    fn exceptions(&self) -> BTreeSet<Exception> {
        self.0.values().flatten().map(LeftOut::exception).collect()
    }

    /// Returns one warning for each reason, which lists the operations that need what is refused.
    fn warnings(self) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for (reason, left_out) in self.0 {
            let names: Vec<_> = left_out.iter().map(|left_out| format!("`{}`", left_out.id)).collect();
            let message = format!("{}; left out: {}", reason.message, names.join(", "));
            diagnostics.push(Diagnostic { severity: Severity::Warning, message, ..reason });
        }
        diagnostics
    }
}

/// The places that an operation needs.
struct Needs<'c> {
    candidate: &'c Candidate,
    places: Places,
    schemes: BTreeSet<Location>,
}

impl<'c> Needs<'c> {
    fn of(sources: &Sources, selected: &Selected, candidate: &'c Candidate) -> Self {
        let operations = vec![candidate.clone()];
        let alone = Selected { operations, direction: selected.direction, ..Selected::default() };
        let places = Places::reached(sources, &alone);
        Self { candidate, places, schemes: schemes(sources, candidate) }
    }

    fn include(&self, place: &Location) -> bool {
        let own = || self.candidate.places().any(|at| is_below(at, place) && !is_of_another(at, place));
        let key = Location::file(place.file.clone()).child("paths").child(&self.candidate.path);
        is_below(&self.candidate.location, place)
            || own()
            || *place == key
            || self.places.targets().any(|target| is_below(target, place))
            || self.schemes.iter().any(|scheme| is_below(scheme, place))
    }
}

/// Returns the places of the security schemes that an operation names.
fn schemes(sources: &Sources, candidate: &Candidate) -> BTreeSet<Location> {
    let root = sources.root();
    let own = sources.find(&candidate.location.child("security"));
    let alternatives = own.or_else(|| sources.find(&root.child("security"))).and_then(Value::as_sequence);
    let names =
        alternatives.into_iter().flatten().filter_map(Value::as_mapping).flat_map(|names| names.keys());
    let schemes = root.child("components").child("securitySchemes");
    names.filter_map(Value::as_str).map(|name| schemes.child(name)).collect()
}

/// Returns `true` if a place is another one, or stands in it.
fn is_below(outer: &Location, place: &Location) -> bool {
    let below = place.pointer.strip_prefix(&outer.pointer).filter(|_| outer.file == place.file);
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Returns the field of a path item that a place below the path item stands in, if that field is an operation.
fn method_of(path_item: &Location, place: &Location) -> Option<&'static str> {
    let below = place.pointer.get(path_item.pointer.len()..)?;
    METHODS.into_iter().find(|method| below.split('/').nth(1) == Some(method))
}

/// Returns `true` for a place below a path item that stands in one of its operations.
fn is_of_another(path_item: &Location, place: &Location) -> bool {
    method_of(path_item, place).is_some()
}

/// Finds the operation of a place that was not read at all, or the path.
fn unread(sources: &Sources, place: &Location) -> Option<LeftOut> {
    ["paths", "webhooks"].into_iter().find_map(|field| {
        let paths = sources.root().child(field);
        let members = sources.find(&paths).and_then(Value::as_mapping)?;
        members.keys().filter_map(Value::as_str).find_map(|path| {
            let at = paths.child(path);
            let target = sources.follow(&at).ok();
            let path_item = [Some(at), target].into_iter().flatten().find(|at| is_below(at, place))?;
            let method = method_of(&path_item, place);
            let id = method.map_or_else(|| path.to_owned(), |method| by_path(method, path));
            Some(LeftOut { id, method, path: path.to_owned() })
        })
    })
}
