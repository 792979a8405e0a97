//! Documentation: what the description says, and notes of our own.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Constraints, Docs, RateLimit, Schema, Type};
use crate::passes::markdown::is_absolute;
use crate::render::format::comment_mark;
use crate::render::paragraph::{blocks, wrap};

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
            comment.push(text.as_str());
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
        let mark = comment_mark(self.text());
        quote!(#[doc = #mark])
    }

    /// As an inner doc comment.
    pub(super) fn inner(&self) -> TokenStream {
        let mark = comment_mark(self.text());
        quote!(#![doc = #mark])
    }

    fn text(&self) -> String {
        let paragraphs: Vec<_> = self.paragraphs.iter().flat_map(|text| blocks(text)).map(wrap).collect();
        paragraphs.join("\n\n")
    }
}

/// The first sentence or line of what a description says.
pub(super) fn brief(docs: &Docs) -> Option<String> {
    let text = docs.summary.as_deref().or(docs.description.as_deref())?;
    let paragraph = blocks(text).into_iter().next()?;
    // A heading or a piece of code says little by itself.
    (!paragraph.starts_with(['#', '`', '|'])).then(|| paragraph.to_owned())
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
    // A format without a type of its own says how the text is to be read.
    let format = schema.format.as_ref().filter(|_| matches!(schema.ty, Type::String));
    notes.extend(format.map(|format| format!("in the format {}", code(format))));
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
