//! Changes that a new description brings to users of the client: plan against plan, both made by this generator.
//!
//! Operations are paired by their identifiers, then by method and path; properties and parameters by their names on the
//! wire; types by their names in Rust, then by those in the description, then by equal shape. How much a change matters
//! depends on who gives the value: what a caller has to give breaks programs, what a server may send does not, because
//! enums and structs are open.
//!
//! [Cargo's rules](https://doc.rust-lang.org/cargo/reference/semver.html) decide what is breaking. Words, and what only
//! the behaviour of a program shows, have severities of their own.

mod api;
mod constraints;
mod errors;
mod headers;
mod inputs;
mod operations;
pub mod report;
mod servers;
mod types;
mod unions;
pub mod version;
mod webhooks;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diagnostic::Location;
use crate::ir::Docs;
use crate::plan::{Crate, ItemId, Name, Ty, instead, paragraphs};
use types::Counterparts;

/// All changes, worst first.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The changes.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of item that changed.
    pub subject: Subject,
    /// The kind of change.
    pub kind: Kind,
    /// The severity for programs that use the client.
    pub severity: Severity,
    /// The Rust item, such as `types::GetChatsRequest::order_ids`.
    pub item: String,
    /// The new state, as a sentence without its subject.
    pub text: String,
    /// The place in the old description.
    pub old: Option<Location>,
    /// The place in the new description.
    pub new: Option<Location>,
}

/// The severity of a change for programs that use the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Only words changed.
    Docs,
    /// Every program compiles and has the same to say.
    Patch,
    /// Every program compiles, and can do more.
    Minor,
    /// A program may not compile any more, or not do what it did.
    Major,
}

/// The kind of item that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they are the words of the specification")]
pub enum Subject {
    Api,
    Part,
    Server,
    SecurityScheme,
    Operation,
    Security,
    Parameter,
    Body,
    Reply,
    Paging,
    RateLimit,
    ErrorResponse,
    ResponseHeader,
    Type,
    Property,
    EnumValue,
    UnionMember,
    Webhook,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Removed.
    Removed,
    /// Another name in Rust.
    Renamed,
    /// Another type.
    Retyped,
    /// Required now.
    Required,
    /// Optional now.
    Optional,
    /// Another order of arguments.
    Reordered,
    /// Another address, or another name on the wire.
    Moved,
    /// More constraints.
    Tightened,
    /// Fewer constraints.
    Loosened,
    /// Another behaviour.
    Behaviour,
    /// Added.
    Added,
    /// Deprecated.
    Deprecated,
    /// No longer deprecated.
    Restored,
    /// Other prose only.
    Reworded,
}

impl Kind {
    /// Returns `true` if types do not show the change.
    pub fn is_behaviour(self) -> bool {
        matches!(self, Self::Moved | Self::Tightened | Self::Loosened | Self::Behaviour)
    }
}

/// Compares the clients of two descriptions.
pub fn diff(old: &Crate, new: &Crate) -> Diff {
    let mut comparison = Comparison::of(old, new);
    comparison.api();
    comparison.operations();
    comparison.errors();
    comparison.headers();
    comparison.types();
    comparison.webhooks();
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Diff { changes }
}

/// Returns the key for sorting: breaking changes first, then by kind and item.
fn rank(change: &Change) -> (std::cmp::Reverse<Severity>, Kind, Subject, &str, &str) {
    (std::cmp::Reverse(change.severity), change.kind, change.subject, &change.item, &change.text)
}

impl Diff {
    /// Returns the greatest severity, if anything changed.
    pub fn severity(&self) -> Option<Severity> {
        self.changes.iter().map(|change| change.severity).max()
    }
}

/// A comparison on its way.
struct Comparison<'a> {
    old: &'a Crate,
    new: &'a Crate,
    counterparts: Counterparts,
    /// Old and new types whose removal or addition the change of a response tells.
    told: (BTreeSet<ItemId>, BTreeSet<ItemId>),
    changes: Vec<Change>,
}

/// The subject of a change: the Rust item and both its places.
#[derive(Clone, Copy)]
struct About<'p> {
    subject: Subject,
    item: &'p str,
    old: Option<&'p Location>,
    new: Option<&'p Location>,
}

impl<'p> About<'p> {
    fn both(subject: Subject, item: &'p str, old: &'p Location, new: &'p Location) -> Self {
        Self { subject, item, old: Some(old), new: Some(new) }
    }

    fn old(subject: Subject, item: &'p str, old: &'p Location) -> Self {
        Self { subject, item, old: Some(old), new: None }
    }

    fn new(subject: Subject, item: &'p str, new: &'p Location) -> Self {
        Self { subject, item, old: None, new: Some(new) }
    }
}

impl<'a> Comparison<'a> {
    /// Begins a comparison.
    fn of(old: &'a Crate, new: &'a Crate) -> Self {
        let counterparts = types::counterparts(old, new);
        Self { old, new, counterparts, told: Default::default(), changes: Vec::new() }
    }
}

impl Comparison<'_> {
    /// Writes a type of the old crate with the names that types have now.
    fn was(&self, ty: &Ty) -> String {
        ty.display(&|id| {
            let now = self.counterparts.get(&id).map(|now| self.new.item(*now));
            now.unwrap_or_else(|| self.old.item(id)).name.to_string()
        })
    }

    /// Writes a type of the new crate.
    fn is(&self, ty: &Ty) -> String {
        ty.display_in(self.new)
    }

    /// Writes an old type and a new one, if they differ in more than names. A type of the crate may be called like one
    /// of another crate, so names do not tell.
    fn retyped(&self, was: &Ty, is: &Ty) -> Option<(String, String)> {
        let now = |id: ItemId| self.counterparts.get(&id).map_or("gone".to_owned(), |now| now.0.to_string());
        let is_same = was.display(&now) == is.display(&|id| id.0.to_string());
        (!is_same).then(|| (self.was(was), self.is(is)))
    }

    fn push(&mut self, about: About<'_>, kind: Kind, severity: Severity, text: impl Into<String>) {
        self.changes.push(Change {
            subject: about.subject,
            kind,
            severity,
            item: about.item.to_owned(),
            text: text.into(),
            old: about.old.cloned(),
            new: about.new.cloned(),
        });
    }

    fn docs(&mut self, about: About<'_>, old: &Docs, new: &Docs) {
        if paragraphs(old) != paragraphs(new) {
            self.reworded(about);
        }
    }

    fn reworded(&mut self, about: About<'_>) {
        self.push(about, Kind::Reworded, Severity::Docs, "has a new description");
    }

    fn deprecation(&mut self, about: About<'_>, old: bool, new: bool) {
        match (old, new) {
            (false, true) => self.push(about, Kind::Deprecated, Severity::Minor, "is deprecated"),
            (true, false) => self.push(about, Kind::Restored, Severity::Patch, "is no longer deprecated"),
            _ => {}
        }
    }

    /// Compares what to use instead of a field or an input that stays deprecated: only documentation says so.
    fn replacement(&mut self, about: About<'_>, old: &(bool, Option<Name>), new: &(bool, Option<Name>)) {
        if !old.0 || !new.0 || old.1 == new.1 {
            return;
        }
        let text = match &new.1 {
            Some(name) => format!("is deprecated: {}", instead(name.plain())),
            None => "no longer names its replacement".to_owned(),
        };
        self.push(about, Kind::Reworded, Severity::Docs, text);
    }
}

/// Pairs things of two lists, first by one key and then by another; then what is left of both.
fn matched<'a, T, K: PartialEq>(
    old: &'a [T],
    new: &'a [T],
    keys: &[&dyn Fn(&'a T) -> K],
) -> (Vec<(&'a T, &'a T)>, Vec<&'a T>, Vec<&'a T>) {
    let (mut pairs, mut gone, mut come) =
        (Vec::new(), old.iter().collect::<Vec<_>>(), new.iter().collect::<Vec<_>>());
    for key in keys {
        gone.retain(|one| match come.iter().position(|other| key(other) == key(one)) {
            Some(index) => {
                pairs.push((*one, come.remove(index)));
                false
            }
            None => true,
        });
    }
    (pairs, gone, come)
}

/// Returns `true` if those things that both lists have come in another order: the compiler cannot always tell.
fn is_reordered<T>(old: &[T], new: &[T], pairs: &[(&T, &T)], is_meant: impl Fn(&T) -> bool) -> bool {
    let position = |list: &[T], one: &T| list.iter().position(|other| std::ptr::eq(one, other));
    let both = pairs.iter().filter(|(was, is)| is_meant(was) && is_meant(is));
    let mut positions: Vec<_> = both.map(|(was, is)| (position(old, was), position(new, is))).collect();
    positions.sort_unstable();
    !positions.is_sorted_by_key(|(_, now)| *now)
}
