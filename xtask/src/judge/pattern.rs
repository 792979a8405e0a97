//! Texts that match a regular expression.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Lengths of repetitions beyond the least one, for texts of different lengths.
const LENGTHS: [u32; 6] = [0, 1, 3, 9, 30, 100];

/// Returns texts that match an expression, or nearly so: look-around is not respected. There are none if the expression
/// cannot be read.
pub(crate) fn texts(pattern: &str) -> Vec<String> {
    let Ok(hir) = Parser::new().parse(pattern) else { return Vec::new() };
    let mut texts = Vec::new();
    for more in LENGTHS {
        let mut text = String::new();
        write(&hir, more, &mut text);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn write(hir: &Hir, more: u32, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(member(class)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let count = repetition.min.saturating_add(more).min(most);
            (0..count).for_each(|_| write(&repetition.sub, more, text));
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, more, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.iter().cycle().nth(more as usize) {
                write(part, more, text);
            }
        }
    }
}

/// Returns a member of a class that is easy to read, if there is one.
fn member(class: &Class) -> Option<char> {
    const PLAIN: [char; 6] = ['a', 'A', '1', '0', '-', ' '];
    let Class::Unicode(class) = class else { return None };
    let ranges = || class.ranges().iter();
    let has = |letter: &char| ranges().any(|range| (range.start()..=range.end()).contains(letter));
    PLAIN.into_iter().find(has).or_else(|| ranges().next().map(regex_syntax::hir::ClassUnicodeRange::start))
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn texts_match_the_pattern_in_several_lengths() {
        assert_eq!(texts("^[A-Z]{2}$"), ["AA"]);
        assert_eq!(texts(r"^\d{2,4}(x|y)?$")[..3], ["11", "111x", "1111x"]);
        assert_eq!(texts("^(0|[1-9]b)$"), ["0", "1b"]);
        assert!(texts("(").is_empty());
    }
}
