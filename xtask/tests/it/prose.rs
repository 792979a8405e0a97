//! The rules of style that a program can check, over all sources and pages of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that no doc comment begins with: a type is a noun phrase, and a function a verb.
const QUESTIONS: [&str; 8] = ["How", "What", "When", "Where", "Whether", "Which", "Who", "Why"];

/// Words that end like a verb in the third person, and are none.
const NO_VERBS: [&str; 5] = ["All", "Its", "Less", "This", "Yes"];

/// Longest name of a test, in characters.
const LONGEST_TEST: usize = 50;

/// Longest sentence of a page, in words.
const LONGEST_SENTENCE: usize = 25;

/// Pages whose sentences are counted.
const PAGES: [&str; 1] = ["README.md"];

/// Page with a section for each version. Sections of released versions are history and stay as they were published.
const CHANGELOG: &str = "generated-client/CHANGELOG.md";

/// Words and phrases that readers have to decode, each with its replacement. Phrases are looked for in string
/// literals, too.
const PHRASES: [(&str, &str); 32] = [
    ("a break", "a breaking change"),
    ("an answer", "a response"),
    ("answered with", "responded with"),
    ("answers with", "responds with"),
    ("the answer", "the response"),
    ("as it should be", "up to date"),
    ("as they should be", "up to date"),
    ("at a time", "concurrent"),
    ("be it", "a condition with `if`"),
    ("cannot be generated yet", "unsupported: X"),
    ("does it twice", "not idempotent"),
    ("for want of", "without"),
    ("in the way", "the conflict"),
    ("in vain", "fails"),
    ("is left out", "is omitted"),
    ("is none", "the fact without a negation"),
    ("is over", "ends"),
    ("it should no longer be used", "deprecated"),
    ("made by hand", "handwritten"),
    ("no longer wants", "deprecated"),
    ("no more and no fewer", "exactly"),
    ("nobody", "the fact without a negation"),
    ("none but", "only"),
    ("nothing but", "only"),
    ("nothing is known", "unknown"),
    ("parallel places", "concurrent requests"),
    ("replies", "responses"),
    ("reply", "response"),
    ("send again", "retry"),
    ("sent again", "retried"),
    ("that is none", "the fact without a negation"),
    ("written by hand", "handwritten"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Lists the Rust sources and markdown pages below a folder, as paths in the workspace.
fn files(folder: &Path, path: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        let is_skipped = name.starts_with('.') || name == "target" || name == "corpus";
        if entry.file_type().unwrap().is_dir() && !is_skipped {
            files(&entry.path(), &path, found);
        } else if has_extension(&name, "rs") || has_extension(&name, "md") {
            found.push(path);
        }
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// A line of prose: its number, its text without code, and whether it is a string literal.
struct Prose {
    line: usize,
    text: String,
    is_literal: bool,
}

/// Returns the text outside of backticks.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// Returns the prose of a Rust source: its comments outside of fences, and its string literals.
fn prose_of_source(source: &str) -> Vec<Prose> {
    let mut is_example = false;
    let numbered = source.lines().map(str::trim_start).enumerate();
    let prose = numbered.map(|(index, line)| {
        let comment = line.starts_with("//").then(|| line.trim_start_matches(['/', '!']));
        is_example = comment.is_some_and(|comment| is_example ^ comment.trim_start().starts_with("```"));
        let literals = || line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
        let text = comment
            .map_or_else(literals, |comment| if is_example { String::new() } else { comment.to_owned() });
        Prose { line: index + 1, text: without_code(&text), is_literal: comment.is_none() }
    });
    prose.filter(|prose| !prose.text.is_empty()).collect()
}

/// Returns the prose of a page: its lines outside of fences.
fn prose_of_page(page: &str) -> Vec<Prose> {
    let mut is_code = false;
    let numbered = page.lines().enumerate().filter(|(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    numbered
        .map(|(index, line)| Prose { line: index + 1, text: without_code(line), is_literal: false })
        .collect()
}

/// Returns `true` if a text has a phrase, as whole words, that begins before the given byte.
fn has_phrase(text: &str, phrase: &str, before: usize) -> bool {
    let is_edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || "_-`".contains(c));
    text.match_indices(phrase).take_while(|(at, _)| *at < before).any(|(at, _)| {
        is_edge(text[..at].chars().next_back()) && is_edge(text[at + phrase.len()..].chars().next())
    })
}

/// Finds phrases, also those that two lines share.
fn phrases(prose: &[Prose]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, here) in prose.iter().enumerate() {
        let next = prose.get(index + 1).filter(|next| next.line == here.line + 1 && !here.is_literal);
        let text =
            format!("{} {}", here.text.trim(), next.map_or("", |next| next.text.trim())).to_lowercase();
        for (phrase, instead) in PHRASES {
            let is_checked = !here.is_literal || phrase.contains(' ');
            if is_checked && has_phrase(&text, phrase, here.text.trim().len()) {
                found.push((here.line, format!("found \"{phrase}\", write \"{instead}\"")));
            }
        }
    }
    found
}

/// Returns a changelog up to its first section of a released version, whose heading ends with a date.
fn unreleased(changelog: &str) -> String {
    let is_release =
        |line: &str| line.starts_with("## [") && line.ends_with(|end: char| end.is_ascii_digit());
    changelog.lines().take_while(|line| !is_release(line)).collect::<Vec<_>>().join("\n")
}

/// Returns the name of the function that a line declares.
fn function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_modifier = |word: &str| ["async", "const", "unsafe"].contains(&word) || word.starts_with("pub");
    let is_declaration = before.split_whitespace().all(|word| is_modifier(word) || word.ends_with(')'));
    is_declaration.then(|| after.split(['(', '<']).next()).flatten()
}

/// Checks the first words of doc comments, and the names of tests.
fn declarations(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut doc: Option<(usize, &str)> = None;
    let mut is_test = false;
    for (index, line) in source.lines().map(str::trim_start).enumerate() {
        if let Some(text) = line.strip_prefix("///") {
            doc = doc.or(Some((index + 1, text.trim())));
        } else if line.starts_with("#[") || line.starts_with("//") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        } else {
            let name = function(line);
            found.extend(doc.and_then(|(line, text)| first_word(line, text, name.is_some())));
            let length = name.filter(|_| is_test).map_or(0, str::len);
            if length > LONGEST_TEST {
                let message =
                    format!("found a test name of {length} characters, write at most {LONGEST_TEST}");
                found.push((index + 1, message));
            }
            (doc, is_test) = (None, false);
        }
    }
    found
}

/// Checks the first words of paragraphs: of a page, of a module's docs, and of an item's docs but their first.
fn paragraphs(path: &str, text: &str) -> Vec<(usize, String)> {
    let is_page = has_extension(path, "md");
    let mut before = is_page.then_some("");
    let mut found = Vec::new();
    for (index, line) in text.lines().map(str::trim_start).enumerate() {
        let doc = ["///", "//!"].iter().find_map(|mark| line.strip_prefix(mark));
        let here = if is_page { Some(line) } else { doc }.map(str::trim);
        let begins = before == Some("") || before.is_none() && line.starts_with("//!");
        let text = here.filter(|_| begins).unwrap_or_default();
        if text
            .split(' ')
            .next()
            .is_some_and(|word| ["How", "What", "Whether", "Which", "Why"].contains(&word))
        {
            found.push((index + 1, format!("found \"{text}\", begin with a noun or a verb")));
        }
        before = here;
    }
    found
}

/// Checks the first word of a doc comment.
fn first_word(line: usize, text: &str, is_function: bool) -> Option<(usize, String)> {
    let word = text.split(' ').next()?;
    let is_verb = word.ends_with('s') && word.starts_with(char::is_uppercase) && !NO_VERBS.contains(&word);
    match is_function {
        true if !is_verb => Some((line, format!("found \"{text}\", write a verb in the third person first"))),
        false if QUESTIONS.contains(&word) => {
            Some((line, format!("found \"{text}\", write a noun phrase or \"`true` if …\"")))
        }
        _ => None,
    }
}

/// Finds sentences of a page that are too long. Items of lists and cells of tables end sentences.
fn sentences(prose: &[Prose]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut sentence = (0, 0);
    for prose in prose {
        let text = prose.text.trim();
        let begins = text.is_empty() || text.starts_with(['-', '|', '#']) || text.starts_with("1.");
        if begins {
            sentence = (prose.line, 0);
        }
        for word in text.split_whitespace() {
            sentence = if sentence.1 == 0 { (prose.line, 1) } else { (sentence.0, sentence.1 + 1) };
            if sentence.1 == LONGEST_SENTENCE + 1 {
                let message =
                    format!("found a sentence of more than {LONGEST_SENTENCE} words, write two sentences");
                found.push((sentence.0, message));
            }
            if word.ends_with(['.', ':', ';', '?', '|']) {
                sentence.1 = 0;
            }
        }
    }
    found
}

/// Lists what a file has against the rules, each as `file:line: found X, write Y`.
fn findings(path: &str, text: &str) -> Vec<String> {
    let mut found = if has_extension(path, "md") {
        let text = if path == CHANGELOG { &unreleased(text) } else { text };
        let prose = prose_of_page(text);
        let long = if PAGES.contains(&path) { sentences(&prose) } else { Vec::new() };
        [phrases(&prose), long, paragraphs(path, text)].concat()
    } else {
        [phrases(&prose_of_source(text)), declarations(text), paragraphs(path, text)].concat()
    };
    found.sort();
    found.into_iter().map(|(line, message)| format!("{path}:{line}: {message}")).collect()
}

#[test]
fn workspace_prose_follows_style() {
    let mut paths = Vec::new();
    files(&root(), "", &mut paths);
    paths.sort();
    let this = "xtask/tests/it/prose.rs";
    let found: Vec<_> = paths
        .iter()
        .filter(|path| *path != this)
        .flat_map(|path| findings(path, &fs::read_to_string(root().join(path)).unwrap()))
        .collect();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn style_mistakes_are_found() {
    let source = "/// Whether it is so.\npub is_so: bool,\n/// The value.\npub(crate) fn value() {}\n\
                  // Sends, and waits for the\n// reply.\n#[test]\nfn a_name_that_is_longer_than_fifty_characters_is_too_long() {}\n";
    let lines: Vec<_> =
        findings("a.rs", source).iter().map(|f| f.split(':').nth(1).unwrap().to_owned()).collect();
    assert_eq!(lines, ["1", "3", "6", "8"]);
    let source = "//! What it is.\n\n/// A value.\n///\n/// Which one, is unknown.\npub struct Value;\n";
    assert_eq!(findings("a.rs", source).len(), 2);
    assert_eq!(findings("a.md", "# Title\n\nWhat it is.\nWhat else.\n").len(), 1);
    let page = format!("Nobody knows.\n\n```\nnobody\n```\n\n{}.\n", "word ".repeat(26).trim());
    assert_eq!(findings("README.md", &page).len(), 2);
}

#[test]
fn changelog_is_checked_up_to_released_sections() {
    let section = |version: &str| format!("## [{version}\n\nIt was sent again.\n\n");
    let page = ["0.3.0] - unreleased", "0.2.0] - 2026-11-24"].map(section).concat();
    assert_eq!(findings(CHANGELOG, &page).len(), 1);
    assert_eq!(findings("README.md", &page).len(), 2);
}

#[test]
fn good_style_is_accepted() {
    let source = "/// `true` if it is so.\npub is_so: bool,\n/// Returns the value of `reply`.\npub fn value() {}\n\
                  #[test]\nfn value_of_reply_is_returned() { let reply = \"answer\"; }\n";
    assert_eq!(findings("a.rs", source), Vec::<String>::new());
}
