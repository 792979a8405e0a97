//! Changes as people and programs read them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Change, Diff, Kind, Severity, Subject};
use crate::diagnostic::Location;
use crate::load::{Position, Sources};

/// Changes that are read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Breaking changes: the program may have to change.
    Breaking,
    /// Changes that types do not show.
    Behaviour,
    /// Additive changes.
    Added,
    /// Items that became deprecated, and items that are no longer deprecated.
    Deprecated,
    /// All other changes, except those of prose.
    Other,
    /// Changes of prose.
    Documentation,
}

/// Changes of several items that are the same.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The changes, which have the same text.
    pub changes: Vec<&'a Change>,
}

impl Group {
    fn of(change: &Change) -> Self {
        match (change.severity, change.kind) {
            (Severity::Major, _) => Self::Breaking,
            (Severity::Docs, _) => Self::Documentation,
            (_, kind) if kind.is_behaviour() => Self::Behaviour,
            (_, Kind::Added) => Self::Added,
            (_, Kind::Deprecated | Kind::Restored) => Self::Deprecated,
            _ => Self::Other,
        }
    }

    /// Returns the heading of the group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking changes",
            Self::Behaviour => "Behaviour",
            Self::Added => "Added",
            Self::Deprecated => "Deprecated",
            Self::Other => "Other changes",
            Self::Documentation => "Documentation",
        }
    }
}

impl Entry<'_> {
    /// Returns the items and their change as a sentence.
    pub fn sentence(&self) -> String {
        format!("{}: {}.", self.items(), self.text())
    }

    /// Returns the items as code.
    pub fn items(&self) -> String {
        let items: Vec<_> = self.changes.iter().map(|change| format!("`{}`", change.item)).collect();
        items.join(", ")
    }

    /// Returns the change, with `each` if it holds for several items.
    pub fn text(&self) -> String {
        const NOT_OF_EACH: [&str; 5] = ["added", "each", "removed", "renamed", "the"];
        let text = self.changes.first().map_or("", |change| change.text.as_str());
        let first = text.split([' ', ',', ':', ';']).next().unwrap_or_default();
        // An argument is a subject of its own.
        let has_subject = first.starts_with('`') || NOT_OF_EACH.contains(&first);
        let is_of_each = self.changes.len() > 1 && !has_subject;
        if is_of_each { format!("each {text}") } else { text.to_owned() }
    }
}

/// Returns the changes in groups, breaking changes first. Equal changes of several items are one entry.
pub fn groups(diff: &Diff) -> BTreeMap<Group, Vec<Entry<'_>>> {
    let mut groups = BTreeMap::<Group, Vec<Entry<'_>>>::new();
    for change in &diff.changes {
        let entries = groups.entry(Group::of(change)).or_default();
        let same = |entry: &&mut Entry<'_>| {
            let Change { subject, kind, text, .. } = entry.changes[0];
            (subject, kind, text) == (&change.subject, &change.kind, &change.text)
        };
        match entries.iter_mut().find(same) {
            Some(entry) => entry.changes.push(change),
            None => entries.push(Entry { changes: vec![change] }),
        }
    }
    groups
}

/// Returns the changes as markdown, for a pull request or release notes.
pub fn markdown(diff: &Diff) -> String {
    let mut text = String::new();
    for (group, entries) in groups(diff) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "### {}\n\n{}", group.title(), list(group, &entries));
    }
    if text.is_empty() { "No changes.\n".to_owned() } else { text.trim_end().to_owned() + "\n" }
}

fn list(group: Group, entries: &[Entry<'_>]) -> String {
    if group == Group::Documentation {
        let count = entries.iter().map(|entry| entry.changes.len()).sum();
        return format!("- {}\n", reworded(count));
    }
    entries.iter().fold(String::new(), |text, entry| text + &format!("- {}\n", entry.sentence()))
}

/// Returns the number of items with changed prose; reports do not list them.
fn reworded(items: usize) -> String {
    let items = if items == 1 { "one item".to_owned() } else { format!("{items} items") };
    format!("New documentation of {items}.")
}

/// Returns the sections of a version in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
pub fn changelog(diff: &Diff) -> String {
    const SECTIONS: [&str; 4] = ["Removed", "Changed", "Added", "Deprecated"];
    let mut sections = BTreeMap::<usize, Vec<String>>::new();
    for (group, entries) in groups(diff) {
        for entry in entries {
            let section = match (group, entry.changes[0].kind) {
                (Group::Documentation, _) => continue,
                (_, Kind::Removed) => 0,
                (_, Kind::Added) if group != Group::Breaking => 2,
                (Group::Deprecated, Kind::Deprecated) => 3,
                _ => 1,
            };
            let breaking = if group == Group::Breaking { "**Breaking:** " } else { "" };
            sections.entry(section).or_default().push(format!("- {breaking}{}", entry.sentence()));
        }
    }
    let words = diff.changes.iter().filter(|change| change.severity == Severity::Docs).count();
    if words > 0 {
        sections.entry(1).or_default().push(format!("- {}", reworded(words)));
    }
    let sections =
        sections.into_iter().map(|(index, list)| format!("### {}\n\n{}\n", SECTIONS[index], list.join("\n")));
    sections.collect::<Vec<_>>().join("\n")
}

/// Returns all changes as JSON for programs, each with both its places.
///
/// # Errors
/// Returns the error of the serializer; no known change causes one.
pub fn json(diff: &Diff, old: &Sources, new: &Sources) -> serde_json::Result<String> {
    let place = |sources: &Sources, at: &Option<Location>| at.as_ref().map(|at| Place::of(sources, at));
    let changes =
        diff.changes.iter().map(|Change { subject, kind, severity, item, text, old: was, new: is }| Record {
            subject,
            kind,
            severity,
            item,
            text,
            old: place(old, was),
            new: place(new, is),
        });
    let changes = changes.collect();
    serde_json::to_string_pretty(&Report { severity: diff.severity(), changes })
}

#[derive(Serialize)]
struct Report<'a> {
    severity: Option<Severity>,
    changes: Vec<Record<'a>>,
}

#[derive(Serialize)]
struct Record<'a> {
    subject: &'a Subject,
    kind: &'a Kind,
    severity: &'a Severity,
    item: &'a str,
    text: &'a str,
    old: Option<Place>,
    new: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    pointer: String,
}

impl Place {
    fn of(sources: &Sources, at: &Location) -> Self {
        let Position { path, line, column } = sources.position(at);
        Self { file: path, line, column, pointer: at.pointer.clone() }
    }
}
