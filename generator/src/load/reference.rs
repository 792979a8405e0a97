//! Targets of `$ref`s: a file and a pointer into it.

use percent_encoding::percent_decode_str;

use super::Unreadable;
use crate::diagnostic::Location;

/// Advice about a file outside of the folder that may be read.
pub(super) const WIDEN: &str =
    "`--root DIR` takes a folder around both files, and the files in this folder may be read";

/// Returns the target of a reference in the file `from`. The target need not exist. `below` are the folders that lead from
/// the folder that may be read to the one of the root file.
///
/// # Errors
/// The reference is an address on the network, an absolute path, or leaves the folder that may be read.
pub(super) fn resolve(below: &[String], from: &str, reference: &str) -> Result<Location, Unreadable> {
    let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let path = decode(path)?;
    let pointer = decode(pointer)?;
    if is_url(&path) {
        let help = Some("save the file beside the description, and refer to it by its path");
        return Err(Unreadable { help, ..expected("a path", reference) });
    }
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(expected("a JSON pointer that begins with `#/`", reference));
    }
    let file = if path.is_empty() { from.to_owned() } else { join(below, from, &path)? };
    Ok(Location { file: file.into(), pointer })
}

fn decode(text: &str) -> Result<String, Unreadable> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| expected("UTF-8 behind percent-encoding", text))?.into_owned())
}

fn expected(what: &str, found: &str) -> Unreadable {
    Unreadable::new(format!("expected {what}, found `{found}`"))
}

fn is_url(path: &str) -> bool {
    let Some((scheme, _)) = path.split_once(':') else {
        return path.starts_with("//");
    };
    !scheme.contains('/')
}

fn join(below: &[String], from: &str, path: &str) -> Result<String, Unreadable> {
    if path.starts_with('/') || path.contains('\\') {
        return Err(expected("a relative path with `/` between its parts", path));
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = below.iter().map(String::as_str).collect();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                let outside = "a path inside the folder of the description";
                let left = || Unreadable { help: Some(WIDEN), ..expected(outside, path) };
                parts.pop().ok_or_else(left)?;
            }
            part => parts.push(part),
        }
    }
    Ok(relative(below, &parts))
}

/// Returns a path from the folder of the root file: `..` for each folder that the path leaves.
fn relative(below: &[String], parts: &[&str]) -> String {
    let common = below.iter().zip(parts).take_while(|(folder, part)| folder == part).count();
    let up = below[common..].iter().map(|_| "..");
    up.chain(parts[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn references_name_places_relative_to_their_file() {
        for (from, reference, expected) in [
            ("a.yaml", "#/components/schemas/X", "a.yaml#/components/schemas/X"),
            ("a.yaml", "b.yaml", "b.yaml#"),
            ("a.yaml", "./b.yaml#/x", "b.yaml#/x"),
            ("paths/a.yaml", "../schemas/b.yaml", "schemas/b.yaml#"),
            ("paths/a.yaml", "b%20c.yaml#/a~1b", "paths/b c.yaml#/a~1b"),
            ("a.yaml", "#/paths/~1a~1%7Bid%7D", "a.yaml#/paths/~1a~1{id}"),
            ("a.yaml", "#", "a.yaml#"),
        ] {
            assert_eq!(resolve(&[], from, reference).map(|at| at.to_string()), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn names_are_relative_to_the_root_file() {
        let below = ["apis".to_owned(), "admin".to_owned()];
        for (from, reference, expected) in [
            ("a.yaml", "../common/b.yaml#/x", Some("../common/b.yaml#/x")),
            ("a.yaml", "../../b.yaml", Some("../../b.yaml#")),
            ("../common/b.yaml", "c.yaml", Some("../common/c.yaml#")),
            ("../common/b.yaml", "#/x", Some("../common/b.yaml#/x")),
            ("../common/b.yaml", "../admin/a.yaml", Some("a.yaml#")),
            ("../../b.yaml", "apis/admin/parts/c.yaml", Some("parts/c.yaml#")),
            ("a.yaml", "../../../b.yaml", None),
            ("../../b.yaml", "../c.yaml", None),
        ] {
            let found = resolve(&below, from, reference).ok().map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{from}: {reference}");
        }
    }

    #[test]
    fn references_stay_in_the_folder_and_off_the_network() {
        for reference in [
            "https://example.com/a.yaml",
            "//example.com/a.yaml",
            "file:///etc/passwd",
            "/etc/passwd",
            "../a.yaml",
            "b/../../a.yaml",
            "..\\a.yaml",
            "%2e%2e/a.yaml",
            "%ff.yaml",
            "#components/schemas/X",
        ] {
            assert!(resolve(&[], "a.yaml", reference).is_err(), "{reference}");
        }
    }
}
