//! Lines, columns and characters of a text, found without going over the text from its beginning.

use std::ops::Range;

/// Greatest number of bytes to count for one position.
const STEP: usize = 1024;

/// The lines of one text, and how many characters stand before each [`STEP`].
pub(super) struct Lines {
    /// First byte of each line.
    starts: Vec<usize>,
    /// The number of characters that begin before each step.
    characters: Vec<usize>,
    length: usize,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = [0].into_iter().chain(ends.map(|(at, _)| at + 1)).collect();
        let mut characters = vec![0];
        for step in text.as_bytes().chunks(STEP) {
            let before = characters.last().copied().unwrap_or_default();
            characters.push(before + count(step));
        }
        Self { starts, characters, length: text.len() }
    }

    /// Returns the line and the column of a byte, both from 1, the column in characters.
    pub(super) fn position(&self, text: &str, byte: usize) -> (usize, usize) {
        let line = self.line(byte);
        let before = self.characters_before(text, byte) - self.characters_before(text, self.starts[line]);
        (line + 1, before + 1)
    }

    /// Returns the lines that a range touches: the number of the first, and the bytes of all. What is behind the
    /// last line break belongs to the line before it.
    pub(super) fn around(&self, range: &Range<usize>) -> (usize, Range<usize>) {
        let last = self.starts.iter().rposition(|start| *start < self.length).unwrap_or_default();
        let first = self.line(range.start).min(last);
        let next = self.starts.get(self.line(range.end).min(last) + 1);
        (first + 1, self.starts[first]..next.copied().unwrap_or(self.length))
    }

    /// Returns the byte at which a character begins; for one behind the last, the length of the text.
    pub(super) fn byte_of(&self, text: &str, character: usize) -> usize {
        let step = self.characters.partition_point(|before| *before <= character).saturating_sub(1);
        let start = step * STEP;
        let Some(rest) = text.as_bytes().get(start..) else { return text.len() };
        let ahead = character - self.characters[step];
        let mut begins = rest.iter().enumerate().filter(|(_, byte)| is_start(**byte));
        begins.nth(ahead).map_or(text.len(), |(at, _)| start + at)
    }

    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte) - 1
    }

    fn characters_before(&self, text: &str, byte: usize) -> usize {
        let step = byte / STEP;
        self.characters[step] + count(&text.as_bytes()[step * STEP..byte])
    }
}

/// Returns the number of characters that begin in these bytes.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| is_start(**byte)).count()
}

fn is_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_of_any_text_agree_with_counting() {
        let long = "a – Ω 😀 b".repeat(500);
        let texts =
            ["", "a", "\n", "a\nb", "a\r\nb\n", "é\n\né", long.as_str(), &format!("{long}\n{long}\n")];
        for text in texts {
            let lines = Lines::of(text);
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for (character, byte) in ends.enumerate() {
                let before = &text[..byte];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                assert_eq!(lines.position(text, byte), (line, column), "byte {byte}");
                assert_eq!(lines.byte_of(text, character), byte, "character {character}");
                let (first, around) = lines.around(&(byte..byte));
                assert_eq!(first, line.min(text.lines().count().max(1)));
                assert_eq!(text[around].trim_end(), text.lines().nth(first - 1).unwrap_or_default());
            }
            assert_eq!(lines.byte_of(text, text.len() + 5), text.len());
        }
    }
}
