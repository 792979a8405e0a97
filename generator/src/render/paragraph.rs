//! The paragraphs of a markdown text, and how they are broken into lines.

/// Splits a text into paragraphs; a fenced piece of code is one, whatever is in it.
pub(super) fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let (mut start, mut at, mut fence) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        let ends = line.trim().is_empty() && !fence;
        fence ^= line.trim_start().starts_with("```");
        if ends {
            blocks.push(text[start..at].trim_end());
            start = at + line.len();
        }
        at += line.len();
    }
    blocks.push(text[start..].trim_end());
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}

/// Breaks a paragraph of plain text into lines of moderate length. Anything else (lists, tables, code) is as its
/// author broke it.
pub(super) fn wrap(paragraph: &str) -> String {
    const WIDTH: usize = 96;
    if paragraph.lines().any(is_structural) {
        return paragraph.to_owned();
    }
    let mut lines = String::new();
    let mut length = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        // A word that means something at the beginning of a line must not come to stand there.
        let breaks = length > 0 && length + 1 + width > WIDTH && !is_structural(&format!("{word} "));
        if breaks {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += width;
    }
    lines
}

/// Returns `true` if a line is more than a line of text.
fn is_structural(line: &str) -> bool {
    let starts = ["|", "* ", "- ", "+ ", "#", "```", ">", " ", "="];
    let is_numbered = line.starts_with(|first: char| first.is_ascii_digit());
    is_numbered
        || line.ends_with('\\')
        || starts.iter().any(|start| line.starts_with(start))
        || line.starts_with("--")
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn code_is_one_block_whatever_is_in_it() {
        let text = "one\n\n```text\na\n\nb\n```\n\ntwo";
        assert_eq!(blocks(text), ["one", "```text\na\n\nb\n```", "two"]);
    }
}
