//! Paths in JSON: the place of a mismatch, found again by its offset.
//!
//! A second deserializer that tracks the path would be compiled for each type. This scanner is compiled once.

/// Step from a value to one inside it.
#[derive(Clone, Copy)]
enum Step<'j> {
    /// To a property, by its name as it is written; `None` before the name.
    Property(Option<&'j [u8]>),
    /// To an element.
    Element(usize),
}

/// Returns the path of the value that is read at an offset or ends there, such as `result.chats[0].chatId`; `.` is the
/// whole. The JSON may be wrong behind the offset.
pub(crate) fn path_at(json: &[u8], offset: usize) -> String {
    // A list or an object in the place of a scalar is not read before the mismatch is told.
    let is_container_next = matches!(json.get(offset), Some(b'{' | b'['));
    let json = &json[..(offset + usize::from(is_container_next)).min(json.len())];
    let mut path = Vec::new();
    // The number of steps to the value of the last token.
    let mut depth = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let length = token_length(&json[at..]);
        match byte {
            b'{' | b'[' => {
                depth = path.len();
                path.push(if byte == b'{' { Step::Property(None) } else { Step::Element(0) });
            }
            b'}' | b']' => {
                path.pop();
                depth = path.len();
            }
            b',' => {
                depth = path.len().saturating_sub(1);
                match path.last_mut() {
                    Some(Step::Property(name)) => *name = None,
                    Some(Step::Element(index)) => *index += 1,
                    None => {}
                }
            }
            b'"' if matches!(path.last(), Some(Step::Property(None))) => {
                depth = path.len() - 1;
                path[depth] = Step::Property(Some(&json[at..at + length]));
            }
            b':' | b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => depth = path.len(),
        }
        at += length;
    }
    written(&path[..depth])
}

/// Returns the number of bytes of a token: of a string or another scalar, all of it.
fn token_length(json: &[u8]) -> usize {
    const DELIMITERS: &[u8] = b"{}[],:\" \t\n\r";
    match json.first() {
        Some(b'"') => string_length(json),
        Some(byte) if DELIMITERS.contains(byte) => 1,
        _ => json.iter().position(|byte| DELIMITERS.contains(byte)).unwrap_or(json.len()),
    }
}

/// Returns the number of bytes of a string, with its quotes.
fn string_length(json: &[u8]) -> usize {
    let mut is_escaped = false;
    let close = json.iter().skip(1).position(|byte| {
        let is_close = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_close
    });
    close.map_or(json.len(), |close| close + 2)
}

fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Property(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&name.map(unescaped).unwrap_or_default());
            }
            Step::Element(index) => text.extend(["[", &index.to_string(), "]"]),
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

fn unescaped(name: &[u8]) -> String {
    serde_json::from_slice(name).unwrap_or_else(|_| String::from_utf8_lossy(name).into_owned())
}
