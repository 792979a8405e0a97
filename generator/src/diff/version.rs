//! The next version.

use semver::{BuildMetadata, Prerelease, Version};

use super::Severity;

/// Returns the version after `current`, by [cargo's rules](https://doc.rust-lang.org/cargo/reference/resolver.html#semver-compatibility):
/// a breaking change bumps the leftmost number that is not zero. Before 1.0.0, breaking changes give `0.y+1.0`, all others
/// `0.y.z+1`. After 0.0.z follows 0.1.0, since two versions 0.0.z are never compatible.
pub fn next(current: &Version, severity: Severity) -> Version {
    let Version { major, minor, patch, .. } = *current;
    let (major, minor, patch) = match (severity, major, minor) {
        (Severity::Major, 0, _) | (_, 0, 0) => (0, minor + 1, 0),
        (Severity::Major, ..) => (major + 1, 0, 0),
        (Severity::Minor, 1.., _) => (major, minor + 1, 0),
        _ => (major, minor, patch + 1),
    };
    Version { major, minor, patch, pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY }
}

#[cfg(test)]
mod tests {
    use super::{Severity, Version, next};

    #[test]
    fn versions_follow_cargos_rules() {
        for (current, severity, expected) in [
            ("0.1.4", Severity::Major, "0.2.0"),
            ("0.1.4", Severity::Minor, "0.1.5"),
            ("0.1.4", Severity::Patch, "0.1.5"),
            ("0.1.4", Severity::Docs, "0.1.5"),
            ("0.0.7", Severity::Minor, "0.1.0"),
            ("0.0.7", Severity::Major, "0.1.0"),
            ("1.2.3", Severity::Major, "2.0.0"),
            ("1.2.3", Severity::Minor, "1.3.0"),
            ("1.2.3", Severity::Patch, "1.2.4"),
            ("1.2.3-rc.1+x", Severity::Docs, "1.2.4"),
        ] {
            let next = next(&Version::parse(current).unwrap(), severity);
            assert_eq!(next.to_string(), expected, "{current} and {severity:?}");
        }
    }
}
