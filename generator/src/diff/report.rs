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
    /// What may need a change of the program.
    Breaking,
    /// What types do not show.
    Behaviour,
    /// What is new.
    Added,
    /// What should no longer be used, and what can be used again.
    Deprecated,
    /// Everything else that is not only words.
    Other,
    /// Words.
    Documentation,
}

/// Changes of several items that are the same.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What they are.
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

    /// Its heading.
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
    /// The items, then what is so of them.
    pub fn sentence(&self) -> String {
        format!("{}: {}.", self.items(), self.text())
    }

    /// The items as code.
    pub fn items(&self) -> String {
        let items: Vec<_> = self.changes.iter().map(|change| format!("`{}`", change.item)).collect();
        items.join(", ")
    }

    /// What is so of them, or of each of them.
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

/// The changes in groups, worst first; what is the same of several items is one entry.
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

/// For a pull request, or release notes.
pub fn markdown(diff: &Diff) -> String {
    let mut text = String::new();
    for (group, entries) in groups(diff) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "### {}\n\n{}", group.title(), list(group, &entries));
    }
    if text.is_empty() { "Nothing changed.\n".to_owned() } else { text.trim_end().to_owned() + "\n" }
}

fn list(group: Group, entries: &[Entry<'_>]) -> String {
    if group == Group::Documentation {
        let count = entries.iter().map(|entry| entry.changes.len()).sum();
        return format!("- {}\n", reworded(count));
    }
    entries.iter().fold(String::new(), |text, entry| text + &format!("- {}\n", entry.sentence()))
}

/// Nobody wants to read which.
fn reworded(items: usize) -> String {
    let items = if items == 1 { "One item is".to_owned() } else { format!("{items} items are") };
    format!("{items} documented in other words.")
}

/// The sections of an entry in a changelog that [Keep a Changelog](https://keepachangelog.com/en/1.1.0/) describes.
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

/// For programs: all changes, each with both its places.
///
/// # Errors
/// None that is known of.
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
