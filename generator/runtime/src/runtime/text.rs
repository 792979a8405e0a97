//! Text for errors: bounded, valid UTF-8, on one line.

use std::error::Error;
use std::fmt;

use http::StatusCode;

/// Longest excerpt of a server's text in an error, in bytes.
const EXCERPT: usize = 512;

/// Returns a piece of at most [`EXCERPT`] bytes around an offset, cut between characters.
pub(crate) fn excerpt(bytes: &[u8], offset: usize) -> String {
    let start = if bytes.len() <= EXCERPT {
        0
    } else {
        offset.saturating_sub(EXCERPT / 2).min(bytes.len() - EXCERPT)
    };
    let start = (start..bytes.len()).find(|&at| !is_continuation(bytes[at])).unwrap_or(start);
    let mut end = bytes.len().min(start + EXCERPT);
    while end < bytes.len() && end > start && is_continuation(bytes[end]) {
        end -= 1;
    }
    let text = String::from_utf8_lossy(&bytes[start..end]);
    let before = if start > 0 { "…" } else { "" };
    let after = if end < bytes.len() { "…" } else { "" };
    format!("{before}{text}{after}")
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Returns the offset of a 1-based line and column, both as serde_json counts them: columns in bytes.
pub(crate) fn offset_of(bytes: &[u8], line: usize, column: usize) -> usize {
    let newlines = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(newlines).nth(line.saturating_sub(1)).unwrap_or(0);
    (start + column.saturating_sub(1)).min(bytes.len())
}

/// Writes text on one line: runs of white space and control characters become one space.
pub(crate) fn write_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        f.write_str(first)?;
    }
    words.try_for_each(|word| write!(f, " {word}"))
}

/// Returns the innermost cause of an error: it says what happened, and the layers around it say where.
pub(crate) fn root_cause<'e>(error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}

/// Returns a URL that may be shown: one without a place for secrets.
pub(crate) fn quotable(url: &str) -> Option<&str> {
    (!url.is_empty() && !url.contains(['@', '?'])).then_some(url)
}

/// A status as people write it: with its reason if it has a usual one.
pub(crate) struct Status(pub(crate) StatusCode);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())?;
        self.0.canonical_reason().map_or(Ok(()), |reason| write!(f, " {reason}"))
    }
}
