//! The client's `CHANGELOG.md`, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
//!
//! A version that is not released yet has a section whose part below a marker belongs to `cargo xtask update`, which writes
//! it anew every time; what people write stands above the marker.

const HEAD: &str = "# Changelog\n\nAll notable changes of this crate, for the people who use it. The format is that of\n\
    [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow cargo's rules for\n\
    [semantic versioning](https://doc.rust-lang.org/cargo/reference/semver.html), by which `0.y` changes with every break.\n";
const MARKER: &str = "<!-- Written by `cargo xtask update`; notes of your own go above. -->";
const UNRELEASED: &str = "unreleased";

/// The changelog with these changes for a version that is not released yet, in place of those of another such version.
pub(crate) fn with_changes(changelog: Option<&str>, version: &str, changes: &str) -> String {
    let changelog = changelog.filter(|text| !text.trim().is_empty()).unwrap_or(HEAD);
    let (head, sections) = split(changelog);
    let is_unreleased = |section: &str| first_line(section).ends_with(UNRELEASED);
    let own =
        sections.first().filter(|section| is_unreleased(section)).map_or("", |section| own_notes(section));
    let released =
        sections.iter().skip_while(|section| is_unreleased(section)).map(|section| section.trim_end());
    let section = format!("## [{version}] - {UNRELEASED}");
    let parts = [head.trim_end(), &section, own, MARKER, changes.trim_end()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).chain(released).collect();
    parts.join("\n\n") + "\n"
}

/// The changelog with the date of a version's release, or none if there is no such version to release.
pub(crate) fn released(changelog: &str, version: &str, date: &str) -> Option<String> {
    let heading = format!("## [{version}] - {UNRELEASED}");
    let dated = changelog.replacen(&heading, &format!("## [{version}] - {date}"), 1);
    // From now on all of it is history.
    let dated = dated.replacen(&format!("{MARKER}\n\n"), "", 1);
    changelog.contains(&heading).then_some(dated)
}

/// What stands before the first section, and the sections.
fn split(changelog: &str) -> (&str, Vec<&str>) {
    let starts: Vec<_> = changelog.match_indices("\n## ").map(|(at, _)| at + 1).collect();
    let ends = starts.iter().skip(1).copied().chain([changelog.len()]);
    let sections = starts.iter().zip(ends).map(|(start, end)| &changelog[*start..end]).collect();
    (&changelog[..starts.first().copied().unwrap_or(changelog.len())], sections)
}

fn first_line(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

/// What people wrote in a section that is not released.
fn own_notes(section: &str) -> &str {
    let body = section.split_once('\n').map_or("", |(_, body)| body);
    body.split_once(MARKER).map_or(body, |(own, _)| own).trim()
}

#[cfg(test)]
mod tests {
    use super::{released, with_changes};

    #[test]
    fn a_changelog_begins_with_what_it_is() {
        insta::assert_snapshot!(with_changes(None, "0.1.1", "### Added\n\n- `X`: added.\n"));
    }

    #[test]
    fn what_is_not_released_is_written_anew_and_notes_and_history_stay() {
        let first = with_changes(None, "0.1.0", "### Added\n\n- Everything.\n");
        let first = released(&first, "0.1.0", "2026-01-02").unwrap();
        let second = with_changes(Some(&first), "0.1.1", "### Added\n\n- `X`: added.\n");
        let noted = second.replace("unreleased\n", "unreleased\n\nA note of mine.\n\nAnd another.\n");
        let third = with_changes(Some(&noted), "0.2.0", "### Removed\n\n- `X`: removed.\n");
        insta::assert_snapshot!(third);
        assert_eq!(with_changes(Some(&third), "0.2.0", "### Removed\n\n- `X`: removed.\n"), third);
        assert!(released(&third, "0.1.1", "2026-01-03").is_none());
    }
}
