//! Documentation: markdown by other people, made safe for rustdoc, and notes of our own.

use proc_macro2::TokenStream;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use quote::quote;

use crate::ir::{Constraints, Docs, RateLimit, Schema};

/// A doc comment under construction: paragraphs of markdown.
#[derive(Default)]
pub(super) struct Comment {
    paragraphs: Vec<String>,
}

impl Comment {
    /// A comment that begins with what the description says or, where it says nothing, with `otherwise`.
    pub(super) fn about(docs: &Docs, otherwise: &str) -> Self {
        let mut comment = Self::default();
        for text in docs.summary.iter().chain(&docs.description) {
            comment.push(markdown(text));
        }
        if let Some(link) = docs.link.as_deref().filter(|link| is_absolute(link)) {
            comment.push(format!("See <{link}>."));
        }
        if comment.paragraphs.is_empty() {
            comment.push(otherwise.to_owned());
        }
        comment
    }

    /// A comment of our own.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { paragraphs: vec![text.into()] }
    }

    /// Adds a paragraph.
    pub(super) fn push(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.paragraphs.push(text);
        }
    }

    /// Adds a paragraph, if there is one.
    pub(super) fn maybe(&mut self, text: Option<String>) {
        if let Some(text) = text {
            self.push(text);
        }
    }

    /// As an outer doc comment.
    pub(super) fn outer(&self) -> TokenStream {
        let lines = self.lines();
        quote!(#(#[doc = #lines])*)
    }

    /// As an inner doc comment.
    pub(super) fn inner(&self) -> TokenStream {
        let lines = self.lines();
        quote!(#(#![doc = #lines])*)
    }

    fn lines(&self) -> Vec<String> {
        let paragraphs: Vec<_> =
            self.paragraphs.iter().flat_map(|text| text.split("\n\n")).map(wrap).collect();
        let text = paragraphs.join("\n\n");
        let line = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
        text.lines().map(|text| line(text.trim_end())).collect()
    }
}

/// Breaks a paragraph of plain text into lines of moderate length. Anything else (lists, tables, code) is as its
/// author broke it.
fn wrap(paragraph: &str) -> String {
    const WIDTH: usize = 96;
    let is_block = |line: &str| {
        let structural =
            ["|", "* ", "- ", "+ ", "#", "```", ">", " "].iter().any(|start| line.starts_with(start));
        structural || line.starts_with(|first: char| first.is_ascii_digit()) || line.ends_with('\\')
    };
    if paragraph.lines().any(is_block) {
        return paragraph.to_owned();
    }
    let mut lines = String::new();
    let mut length = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        // A word that means something at the beginning of a line must not come to stand there.
        if length > 0 && length + 1 + width > WIDTH && !is_block(&format!("{word} ")) {
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

/// Markdown that rustdoc shows as its author meant it and never complains about.
pub(super) fn markdown(text: &str) -> String {
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text.trim(), extensions);
    let mut cleaned = Vec::new();
    let mut dropped_links = 0_usize;
    let mut in_link = 0_usize;
    let mut in_code = false;
    for event in events {
        match event {
            Event::Start(Tag::Link { ref dest_url, .. } | Tag::Image { ref dest_url, .. })
                if !is_absolute(dest_url) =>
            {
                dropped_links += 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image) if dropped_links > 0 => dropped_links -= 1,
            Event::Start(Tag::Link { .. }) => {
                in_link += 1;
                cleaned.push(event);
            }
            Event::End(TagEnd::Link) => {
                in_link = in_link.saturating_sub(1);
                cleaned.push(event);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                // Without a word about its language it would be taken for Rust, and compiled.
                cleaned.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into()))));
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                cleaned.push(event);
            }
            Event::Text(text) if !in_code && in_link == 0 => {
                let begins_line = matches!(cleaned.last(), Some(Event::SoftBreak));
                link_addresses(if begins_line { text.trim_start() } else { &text }, &mut cleaned);
            }
            Event::InlineHtml(html) if html.starts_with("<br") => cleaned.push(Event::SoftBreak),
            Event::InlineHtml(html) if !is_layout(&html) => cleaned.push(Event::Text(html)),
            Event::Html(html) => {
                cleaned.push(Event::Text(without_tags(&html).into()));
                cleaned.push(Event::SoftBreak);
            }
            Event::Start(Tag::HtmlBlock) => cleaned.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => cleaned.push(Event::End(TagEnd::Paragraph)),
            Event::InlineHtml(_) => {}
            event => cleaned.push(event),
        }
    }
    let mut written = String::new();
    let options = pulldown_cmark_to_cmark::Options {
        code_block_token_count: 3,
        increment_ordered_list_bullets: true,
        ..Default::default()
    };
    // Writing to a string cannot fail.
    let _ = pulldown_cmark_to_cmark::cmark_with_options(cleaned.iter(), &mut written, extensions, options);
    written.trim().to_owned()
}

/// Whether a tag only says how something looks: what it encloses is kept without it. Anything else in angle
/// brackets is text, such as the `<T>` of a generic type.
fn is_layout(tag: &str) -> bool {
    const TAGS: [&str; 36] = [
        "a", "b", "br", "code", "dd", "details", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4",
        "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary",
        "sup", "table", "tbody", "td", "th", "tr", "ul",
    ];
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    tag.starts_with("<!--") || TAGS.contains(&name.to_ascii_lowercase().as_str())
}

/// The text of a block of HTML.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        text.push_str(before);
        if !is_layout(&format!("<{tag}")) {
            text.extend(["<", tag, ">"]);
        }
        rest = after;
    }
    text.push_str(rest);
    text.replace("&nbsp;", " ").trim().to_owned()
}

/// Turns bare addresses into links, as rustdoc asks for.
fn link_addresses(text: &str, events: &mut Vec<Event<'_>>) {
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let end = rest[start..]
            .find(|c: char| c.is_whitespace() || "<>\"`".contains(c))
            .map_or(rest.len(), |len| start + len);
        let address = rest[start..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        events.push(Event::Text(rest[..start].to_owned().into()));
        events.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.to_owned().into(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        events.push(Event::Text(address.to_owned().into()));
        events.push(Event::End(TagEnd::Link));
        rest = &rest[start + address.len()..];
    }
    events.push(Event::Text(rest.to_owned().into()));
}

fn is_absolute(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// The first sentence or line of what a description says.
pub(super) fn brief(docs: &Docs) -> Option<String> {
    let text = docs.summary.as_deref().or(docs.description.as_deref())?;
    let cleaned = markdown(text);
    let paragraph = cleaned.split("\n\n").next()?.trim();
    (!paragraph.is_empty()).then(|| paragraph.to_owned())
}

/// What a property or parameter is called on the wire, and what holds for its values.
pub(super) fn wire_note(name: &str, rust_name: &str, schema: &Schema) -> Option<String> {
    let mut notes = Vec::new();
    if name != rust_name.trim_start_matches("r#") {
        notes.push(code(name));
    }
    let is_renamed = !notes.is_empty();
    notes.extend(constraint_notes(schema));
    let notes = notes.join(", ");
    let mut letters = notes.chars();
    match letters.next() {
        None => None,
        Some(_) if is_renamed => Some(format!("On the wire: {notes}.")),
        Some(first) => Some(format!("{}{}.", first.to_uppercase(), letters.as_str())),
    }
}

fn constraint_notes(schema: &Schema) -> Vec<String> {
    let Constraints {
        min_length,
        max_length,
        pattern,
        minimum,
        maximum,
        multiple_of,
        min_items,
        max_items,
        unique_items,
        min_properties,
        max_properties,
        max_bytes,
    } = &schema.constraints;
    let mut notes = Vec::new();
    notes.extend(count(*min_length, *max_length, ["character", "characters"]));
    notes.extend(pattern.as_ref().map(|pattern| format!("matching {}", code(pattern))));
    let bound = |word: &str, exclusive: &str, bound: &crate::ir::Bound| {
        format!("{} {}", if bound.exclusive { exclusive } else { word }, bound.value)
    };
    notes.extend(minimum.as_ref().map(|minimum| bound("at least", "more than", minimum)));
    notes.extend(maximum.as_ref().map(|maximum| bound("at most", "less than", maximum)));
    notes.extend(multiple_of.as_ref().map(|factor| format!("a multiple of {factor}")));
    notes.extend(count(*min_items, *max_items, ["item", "items"]));
    notes.extend(unique_items.then(|| "no two equal items".to_owned()));
    notes.extend(count(*min_properties, *max_properties, ["entry", "entries"]));
    notes.extend(max_bytes.map(|bytes| format!("at most {bytes} bytes")));
    notes.extend(schema.default.as_ref().map(|default| format!("by default {}", code(&default.to_string()))));
    notes
}

fn count(min: Option<u64>, max: Option<u64>, [one, many]: [&str; 2]) -> Option<String> {
    let unit = |count: u64| if count == 1 { one } else { many };
    match (min, max) {
        (None | Some(0), None) => None,
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min} {}", unit(min))),
        (None | Some(0), Some(max)) => Some(format!("at most {max} {}", unit(max))),
        (Some(min), None) => Some(format!("at least {min} {}", unit(min))),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {}", unit(max))),
    }
}

/// Text in backticks, whatever it contains.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A limit in words: `1000 requests per hour`.
pub(super) fn rate_limit(limit: RateLimit) -> String {
    let period = match limit.seconds {
        1 => "second".to_owned(),
        60 => "minute".to_owned(),
        3_600 => "hour".to_owned(),
        86_400 => "day".to_owned(),
        seconds if seconds % 86_400 == 0 => format!("{} days", seconds / 86_400),
        seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    };
    format!("{} requests per {period}", limit.requests)
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn markdown_of_other_people_becomes_clean_rustdoc() {
        for (given, expected) in [
            ("Plain text.", "Plain text."),
            ("See https://example.com/a?b=c.", "See <https://example.com/a?b=c>."),
            ("[here](https://example.com)", "[here](https://example.com)"),
            ("[the method](../a/b.md#c)", "the method"),
            ("a <br> b <b>bold</b>", "a \nb bold"),
            ("a <Thing> of <T>", "a \\<Thing> of \\<T>"),
            ("<details>Some <b>text</b>, and Vec<T>\n</details>", "Some text, and Vec\\<T>"),
            ("one\n\n* two\n* three", "one\n\n* two\n* three"),
            ("1. one\n2. two", "1. one\n2. two"),
            ("an [Option] of Vec<T>", "an \\[Option\\] of Vec\\<T>"),
            ("a\n\n    indented", "a\n\n```text\nindented\n```"),
            ("```\nfn x() {}\n```", "```text\nfn x() {}\n```"),
            ("```rust\nfn x() {}\n```", "```text\nfn x() {}\n```"),
            ("|a|b|\n|-|-|\n|c|d|", "|a|b|\n|-|-|\n|c|d|"),
            ("`Vec<T>`", "`Vec<T>`"),
        ] {
            assert_eq!(markdown(given), expected.trim_end(), "{given:?}");
        }
    }
}
