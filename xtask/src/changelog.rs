//! The client's `CHANGELOG.md`, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
//!
//! The section of an unreleased version has a marker. `cargo xtask update` rewrites the text below the marker, and keeps
//! handwritten notes above the marker.

const HEAD: &str = "# Changelog\n\nAll notable changes of this crate, for its users. The format is that of\n\
    [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow cargo's rules for\n\
    [semantic versioning](https://doc.rust-lang.org/cargo/reference/semver.html), where each breaking change bumps `0.y`.\n";
const MARKER: &str = "<!-- Written by `cargo xtask update`; notes of your own go above. -->";
const UNRELEASED: &str = "unreleased";

/// Returns the changelog with the changes of an unreleased version. They replace the changes of an earlier update.
/// Without changes and handwritten notes, the section is removed.
pub(crate) fn with_changes(changelog: Option<&str>, version: &str, changes: &str) -> String {
    let changelog = changelog.filter(|text| !text.trim().is_empty()).unwrap_or(HEAD);
    let (head, sections) = split(changelog);
    let (open, released): (Vec<_>, Vec<_>) = sections.into_iter().partition(|section| is_unreleased(section));
    let own: Vec<_> = open.into_iter().map(own_notes).filter(|notes| !notes.is_empty()).collect();
    let heading = format!("## [{version}] - {UNRELEASED}");
    let mut parts = vec![head.trim_end()];
    if !(changes.is_empty() && own.is_empty()) {
        parts.push(&heading);
    }
    parts.extend(own);
    if !changes.is_empty() {
        parts.extend([MARKER, changes.trim_end()]);
    }
    parts.extend(released.into_iter().map(str::trim_end));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// Returns the changelog with the release date of a version, or `None` without an unreleased section of this version.
pub(crate) fn released(changelog: &str, version: &str, date: &str) -> Option<String> {
    let heading = format!("## [{version}] - {UNRELEASED}");
    let dated = changelog.replacen(&heading, &format!("## [{version}] - {date}"), 1);
    // A released section is not rewritten, so it needs no marker.
    let dated = dated.replacen(&format!("{MARKER}\n\n"), "", 1);
    changelog.contains(&heading).then_some(dated)
}

/// Returns the version that an earlier update proposed; the next update may lower this version.
pub(crate) fn proposed(changelog: &str) -> Option<&str> {
    let (_, sections) = split(changelog);
    let section = sections.into_iter().find(|section| section.contains(MARKER) && is_unreleased(section))?;
    first_line(section).strip_prefix("## [")?.split(']').next()
}

/// Splits a changelog into the text before the first section, and the sections. Headings inside of fences are code.
fn split(changelog: &str) -> (&str, Vec<&str>) {
    let mut starts = Vec::new();
    let (mut at, mut is_fenced) = (0, false);
    for line in changelog.split_inclusive('\n') {
        is_fenced ^= line.trim_start().starts_with("```");
        if !is_fenced && line.starts_with("## [") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([changelog.len()]);
    let sections = starts.iter().zip(ends).map(|(start, end)| &changelog[*start..end]).collect();
    (&changelog[..starts.first().copied().unwrap_or(changelog.len())], sections)
}

fn is_unreleased(section: &str) -> bool {
    let heading = first_line(section).to_ascii_lowercase();
    heading.ends_with(UNRELEASED) || heading.trim_end() == "## [unreleased]"
}

fn first_line(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

/// Returns the handwritten notes of an unreleased section.
fn own_notes(section: &str) -> &str {
    let body = section.split_once('\n').map_or("", |(_, body)| body);
    body.split_once(MARKER).map_or(body, |(own, _)| own).trim()
}

#[cfg(test)]
mod tests {
    use super::{proposed, released, with_changes};

    const ADDED: &str = "### Added\n\n- `X`: added.\n";

    #[test]
    fn first_changelog_begins_with_a_heading() {
        insta::assert_snapshot!(with_changes(None, "0.1.1", ADDED));
    }

    #[test]
    fn unreleased_section_is_rewritten_history_kept() {
        let first = with_changes(None, "0.1.0", "### Added\n\n- Everything.\n");
        let first = released(&first, "0.1.0", "2026-01-02").unwrap();
        let second = with_changes(Some(&first), "0.1.1", ADDED);
        assert_eq!((proposed(&first), proposed(&second)), (None, Some("0.1.1")));
        let noted = second.replace("unreleased\n", "unreleased\n\nA note of mine.\n\nAnd another.\n");
        let third = with_changes(Some(&noted), "0.2.0", "### Removed\n\n- `X`: removed.\n");
        insta::assert_snapshot!(third);
        assert_eq!(with_changes(Some(&third), "0.2.0", "### Removed\n\n- `X`: removed.\n"), third);
        assert!(released(&third, "0.1.1", "2026-01-03").is_none());
        // Without changes, only handwritten notes are kept.
        let nothing = with_changes(Some(&third), "0.2.0", "");
        assert!(
            nothing.contains("And another.") && !nothing.contains("removed") && proposed(&nothing).is_none()
        );
        assert_eq!(with_changes(Some(&second), "0.1.0", ""), first);
    }

    #[test]
    fn handwritten_notes_survive_release() {
        let notes = "## [Unreleased]\n\nOne.\n\n```text\n## [9.9.9] - not a heading\n```\n\n## [0.1.1] - unreleased\n\nTwo.\n\n\
            ## [0.1.0] - 2026-01-02\n\nThree.\n";
        insta::assert_snapshot!(with_changes(Some(notes), "0.1.1", ADDED));
    }
}
