//! Targets of `$ref`s: a file and a pointer into it.

use percent_encoding::percent_decode_str;

use crate::diagnostic::Location;

/// Returns the target of a reference in the file `from`. The target need not exist.
///
/// # Errors
/// The reference is an address on the network, an absolute path, or leaves the folder of the root file.
pub(super) fn resolve(from: &str, reference: &str) -> Result<Location, String> {
    let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let path = decode(path)?;
    let pointer = decode(pointer)?;
    if is_url(&path) {
        return Err(expected("a path", reference));
    }
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(expected("a JSON pointer that begins with `#/`", reference));
    }
    let file = if path.is_empty() { from.to_owned() } else { join(from, &path)? };
    Ok(Location { file: file.into(), pointer })
}

fn decode(text: &str) -> Result<String, String> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| expected("UTF-8 behind percent-encoding", text))?.into_owned())
}

fn expected(what: &str, found: &str) -> String {
    format!("expected {what}, found `{found}`")
}

fn is_url(path: &str) -> bool {
    let Some((scheme, _)) = path.split_once(':') else {
        return path.starts_with("//");
    };
    !scheme.contains('/')
}

fn join(from: &str, path: &str) -> Result<String, String> {
    if path.starts_with('/') || path.contains('\\') {
        return Err(expected("a relative path with `/` between its parts", path));
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| expected("a path inside the folder of the description", path))?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
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
            assert_eq!(resolve(from, reference).map(|at| at.to_string()), Ok(expected.to_owned()));
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
            assert!(resolve("a.yaml", reference).is_err(), "{reference}");
        }
    }
}
