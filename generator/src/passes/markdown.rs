//! Markdown by other people, made safe for rustdoc: it is read, changed, and written again.
//!
//! Markup of a vendor that is no markdown is resolved by the dialect first.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::dialect::Dialect;

/// Returns markdown that rustdoc shows as its author meant it, without warnings.
pub(crate) fn markdown(text: &str, dialect: &dyn Dialect) -> String {
    let text = text.trim();
    if is_plain(text) {
        return text.to_owned();
    }
    let text = normalized(text);
    let text = dialect.markdown(&text);
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut cleaner = Cleaner::default();
    for event in Parser::new_ext(text.trim(), extensions) {
        cleaner.take(event);
    }
    let mut written = String::new();
    let options = pulldown_cmark_to_cmark::Options {
        code_block_token_count: 3,
        increment_ordered_list_bullets: true,
        ..Default::default()
    };
    match pulldown_cmark_to_cmark::cmark_with_options(
        cleaner.events.iter(),
        &mut written,
        extensions,
        options,
    ) {
        Ok(_) => written.trim().to_owned(),
        // There are texts that the writer has no markdown for: better without form than not at all.
        Err(_) => escaped(text.trim()),
    }
}

/// Returns `true` if a text is plain paragraphs, with code between backticks at most. Such a text, the usual case,
/// needs no change.
fn is_plain(text: &str) -> bool {
    !text.contains("\n\n\n") && text.split('\n').all(|line| line.is_empty() || is_plain_line(line))
}

fn is_plain_line(line: &str) -> bool {
    // Most letters are Cyrillic, and asking what kind of letter any other is takes long.
    let is_word =
        |c: char| c.is_ascii_alphabetic() || matches!(c, 'А'..='я' | 'ё' | ' ' | ',' | '—' | '«' | '»');
    let is_text = |c: char| is_word(c) || matches!(c, '0'..='9' | '.' | ';' | '?' | '%' | '-' | '(' | ')');
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    // Parts outside and inside of code take turns, and the first and the last one are outside.
    let mut parts = line.split('`').enumerate();
    let is_plain = parts.all(|(index, part)| match index % 2 {
        0 => part.chars().all(is_text),
        _ => !part.is_empty() && part.chars().all(is_code),
    });
    let is_closed = line.matches('`').count().is_multiple_of(2);
    let ends = [line.chars().next(), line.chars().last()];
    is_plain && is_closed && line.starts_with(is_word) && !ends.contains(&Some(' ')) && !line.contains("  ")
}

/// Changes events one by one.
#[derive(Default)]
struct Cleaner<'a> {
    events: Vec<Event<'a>>,
    /// The links and images around: what their ends are to do.
    around: Vec<Around>,
    in_code: bool,
}

enum Around {
    Kept,
    Dropped,
}

impl<'a> Cleaner<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) if is_absolute(&dest_url) => {
                self.around.push(Around::Kept);
                // Where only a part of the text is shown, the definition of a reference would be absent.
                let link_type = match link_type {
                    LinkType::Autolink | LinkType::Email => link_type,
                    _ => LinkType::Inline,
                };
                self.events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            // An image is no help in a terminal, and a relative link leads nowhere: their text is kept.
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                self.around.push(Around::Dropped);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(Around::Kept) = self.around.pop() {
                    self.events.push(event);
                }
            }
            // Without a word about its language it would be taken for Rust, and compiled.
            Event::Start(Tag::CodeBlock(_)) => {
                self.in_code = true;
                self.events.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into()))));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                // The fence has to stand on a line of its own.
                if let Some(Event::Text(last)) =
                    self.events.last_mut().filter(|e| !matches!(e, Event::Text(t) if t.ends_with('\n')))
                {
                    *last = format!("{last}\n").into();
                }
                self.events.push(event);
            }
            Event::Text(text) if self.in_code => self.push_text(&text),
            Event::Text(text) => self.text(&text),
            Event::InlineHtml(html) if html.starts_with("<br") => self.events.push(Event::SoftBreak),
            Event::InlineHtml(html) if !is_layout(&html) => self.push_text(&html),
            Event::InlineHtml(_) => {}
            Event::Html(html) => {
                self.link_addresses(&without_tags(&html));
                self.events.push(Event::SoftBreak);
            }
            Event::Start(Tag::HtmlBlock) => self.events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => self.events.push(Event::End(TagEnd::Paragraph)),
            event => self.events.push(event),
        }
    }

    fn text(&mut self, text: &str) {
        let begins_line = matches!(self.events.last(), Some(Event::SoftBreak));
        let text = if begins_line { text.trim_start() } else { text };
        match self.around.last() {
            None => self.link_addresses(text),
            // A dropped link inside one that is kept cannot have links of its own.
            Some(Around::Dropped) if !self.around.iter().any(|around| matches!(around, Around::Kept)) => {
                self.link_addresses(text);
            }
            Some(_) => self.push_text(text),
        }
    }

    /// Turns bare addresses into links, as rustdoc asks for.
    fn link_addresses(&mut self, text: &str) {
        let mut rest = text;
        while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
            let is_end = |c: char| c.is_whitespace() || "<>\"`".contains(c);
            let end = rest[start..].find(is_end).map_or(rest.len(), |length| start + length);
            let address =
                rest[start..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '*', '_']);
            self.push_text(&rest[..start]);
            self.events.push(Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                dest_url: address.to_owned().into(),
                title: CowStr::Borrowed(""),
                id: CowStr::Borrowed(""),
            }));
            self.push_text(address);
            self.events.push(Event::End(TagEnd::Link));
            rest = &rest[start + address.len()..];
        }
        self.push_text(rest);
    }

    /// Adds a text unless it is empty: empty texts confuse the writer.
    fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.events.push(Event::Text(text.to_owned().into()));
        }
    }
}

/// Removes what has no place in code.
fn normalized(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\u{a0}', " ").replace(is_bidi_control, "")
}

/// Characters that change the direction of text: the compiler refuses them, for they hide what code does.
fn is_bidi_control(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str) -> String {
    let special = |c: char| "\\`*_{}[]<>#|~".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Returns `true` if a tag is only layout: its contents are kept without the tag. Anything else in angle
/// brackets is text, such as the `<T>` of a generic type.
fn is_layout(tag: &str) -> bool {
    const TAGS: [&str; 37] = [
        "a", "b", "br", "code", "dd", "details", "div", "dl", "dt", "em", "font", "h", "h1", "h2", "h3",
        "h4", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "th", "tr", "ul",
    ];
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    tag.starts_with("<!--") || TAGS.contains(&name.to_ascii_lowercase().as_str())
}

/// Returns the text of a block of HTML.
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

/// Returns `true` for the address of a page on the web.
pub(crate) fn is_absolute(address: &str) -> bool {
    let has =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    has("https://") || has("http://")
}

#[cfg(test)]
mod tests {
    use super::markdown;
    use crate::dialect::{Market, Standard};

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
            ("[![a](https://x/y.png)](rel.md) tail", "a tail"),
            ("left\u{202e}right", "leftright"),
            ("<p>See https://example.com/x</p>", "See <https://example.com/x>"),
            ("[https://a.b](rel.md)", "<https://a.b>"),
        ] {
            assert_eq!(markdown(given, &Standard), expected.trim_end(), "{given:?}");
        }
    }

    #[test]
    fn a_text_without_a_form_is_kept_all_the_same() {
        for text in ["**https://y.z** tail", "*http://y.z*", "a **b**https://c.d", "[![x](https://a/b)](c) d"]
        {
            let cleaned = markdown(text, &Standard);
            let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            assert!(words(&cleaned) >= 2, "{text:?} became {cleaned:?}");
        }
    }

    #[test]
    fn vendor_directives_are_resolved_or_removed() {
        for (given, expected) in [
            ("{% include notitle [access](../_auto/a.md) %}\n\nText.\n\n{% include x %}", "Text."),
            ("{% note tip \"Do this\" %}\n\nText.\n\n{% endnote %}", "**Do this**\n\nText."),
            ("{% cut \"More\" %}\n\nText.\n\n{% endcut %}", "**More**\n\nText."),
            ("{% if a == \"b\" %}one{% endif %} two", "one two"),
            ("see {{ a-variable }}", "see `a-variable`"),
            ("[{#T}](../../push/index.md)", "push"),
            ("[{#T}](reference/chats/getChat.md#x)", "getChat"),
            ("# Title {#anchor}\n\ntext", "# Title\n\ntext"),
            ("in :no-translate[«A B»] and :no-translate[C]", "in «A B» and C"),
            ("{ % note warning \"Old\" % }\n\nText.\n\n{ % endnote % }", "**Old**\n\nText."),
            ("{% unclosed", "{% unclosed"),
        ] {
            assert_eq!(markdown(given, &Market), expected, "{given:?}");
        }
    }
}
