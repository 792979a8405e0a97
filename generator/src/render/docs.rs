//! Documentation: prose of the description, and notes of our own.

use crate::ir::Docs;
use crate::plan::{Crate, Item, Name, Ty, Typed, code, paragraphs};
use crate::render::paragraph::{blocks, wrap};

/// A doc comment under construction: paragraphs of markdown.
#[derive(Default)]
pub(super) struct Comment {
    paragraphs: Vec<String>,
}

impl Comment {
    /// Begins a comment with the prose of the description or, without prose, with `otherwise`.
    pub(super) fn about(docs: &Docs, otherwise: &str) -> Self {
        let mut comment = Self::default();
        for text in paragraphs(docs) {
            comment.push(text);
        }
        if comment.paragraphs.is_empty() {
            comment.push(otherwise.to_owned());
        }
        comment
    }

    /// Begins a comment of our own.
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

    /// Returns the text, in lines of moderate length.
    pub(super) fn text(&self) -> String {
        let paragraphs: Vec<_> = self.paragraphs.iter().flat_map(|text| blocks(text)).map(wrap).collect();
        paragraphs.join("\n\n")
    }
}

/// Returns the first sentence or line of the description's prose.
pub(super) fn brief(docs: &Docs) -> Option<String> {
    let text = docs.summary.as_deref().or(docs.description.as_deref())?;
    let paragraph = blocks(text).into_iter().next()?;
    // A heading or a piece of code says little by itself.
    (!paragraph.starts_with(['#', '`', '|'])).then(|| paragraph.to_owned())
}

/// Returns the first sentence or line of the description's prose as a cell of a table.
pub(super) fn brief_cell(docs: &Docs) -> String {
    brief(docs).unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

/// Returns the first sentence or line about a type, for values without prose of their own.
pub(super) fn brief_of_type(krate: &Crate, ty: &Ty) -> Option<String> {
    match ty {
        Ty::Named(id) => brief(&krate.item(*id).docs),
        _ => None,
    }
}

/// Returns the rules for the values of a field or parameter, and its name on the wire if that differs from the Rust name by
/// more than case.
pub(super) fn wire_note(wire: &str, name: &Name, typed: &Typed) -> Option<String> {
    let mut facts = typed.facts();
    if is_respelled(wire, name.plain()) {
        return sentence(&facts);
    }
    facts.insert(0, format!("On the wire: {}", code(wire)));
    sentence(&facts)
}

/// Joins facts to a sentence, if there are any.
pub(super) fn sentence(facts: &[String]) -> Option<String> {
    let facts = facts.join(", ");
    let mut letters = facts.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// Returns `true` if a name in Rust is the name on the wire but for its case.
fn is_respelled(wire: &str, name: &str) -> bool {
    letters(wire).eq(letters(name))
}

/// Returns `true` if a name in Rust is the beginning of the name in the description, but for its case.
fn is_shortened(schema: &str, name: &str) -> bool {
    let mut schema = letters(schema);
    letters(name).all(|letter| schema.next() == Some(letter))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Documents a type.
pub(super) fn type_docs(item: &Item) -> Comment {
    let mut comment = Comment::about(&item.docs, &format!("The schema {}.", code(&item.schema)));
    if item.is_component && !is_shortened(&item.schema, item.name.as_str()) {
        comment.push(format!("In the description: {}.", code(&item.schema)));
    }
    if item.deprecated {
        // An attribute would warn of every use of the type in this crate too.
        comment.push("**Deprecated.**");
    }
    comment
}
