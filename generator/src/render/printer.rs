//! A file of code while it is printed.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Direction;
use crate::plan::{Crate, ItemId, Name, PartId, Ty};
use crate::render::docs::Comment;
use crate::render::format::LAID_OUT;
use crate::render::imports::{Imports, Module};
use crate::render::token::{ident, tokens};
use crate::render::{Context, Package};

/// Number of characters up to which the lines of a macro are filled, as the formatter fills others.
const WIDTH: usize = 90;

/// A file of code while it is printed: what it is printed from, and the imports and comments it needs.
pub(super) struct Printer<'a> {
    pub(super) krate: &'a Crate,
    pub(super) package: &'a Package,
    pub(super) imports: Imports,
    comments: RefCell<Vec<String>>,
    home: Home,
}

/// Entry of a macro that is laid out here, in parts between which a line may end.
pub(super) struct Entry(pub(super) Vec<String>);

impl Entry {
    /// Returns the lines of the entry, whose parts are separated by spaces.
    fn lines(&self) -> String {
        let mut lines = String::new();
        let mut width = WIDTH;
        for part in &self.0 {
            let is_new_line = width + part.len() >= WIDTH;
            let start = match (lines.is_empty(), is_new_line) {
                (true, _) => "    ",
                (false, true) => "\n        ",
                (false, false) => " ",
            };
            width = if is_new_line { start.len() } else { width + 1 } + part.len();
            lines.extend([start, part]);
        }
        lines + "\n"
    }
}

/// Place of a file among the modules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    /// Beside the types of no single part.
    Types,
    /// Beside the types of one part, whose module is inside that of the others.
    TypesOfPart,
    /// Anywhere else.
    Elsewhere,
}

/// Code of a file, with marks in the places of its comments.
pub(super) struct Source {
    pub(super) tokens: TokenStream,
    pub(super) comments: Vec<String>,
}

impl<'a> Printer<'a> {
    /// Begins a file.
    pub(super) fn new(context: Context<'a>) -> Self {
        Self::declaring(context, [])
    }

    /// Begins a file that declares some names itself.
    pub(super) fn declaring<'n>(context: Context<'a>, names: impl IntoIterator<Item = &'n Name>) -> Self {
        let declared = names.into_iter().map(Name::to_string).collect();
        let Context { krate, package } = context;
        let (imports, comments) = (Imports::new(declared), RefCell::default());
        Self { krate, package, imports, comments, home: Home::Elsewhere }
    }

    /// Begins a file of types. An import would hide a type of that name in the file of a part, so the file declares all
    /// types.
    pub(super) fn of_types(context: Context<'a>, part: Option<PartId>) -> Self {
        let home = if part.is_some() { Home::TypesOfPart } else { Home::Types };
        Self { home, ..Self::declaring(context, context.krate.items.iter().map(|item| &item.name)) }
    }

    /// Completes the file: its docs and imports go before its items.
    pub(super) fn finish(self, docs: &Comment, items: TokenStream) -> Source {
        let mark = self.mark(docs);
        let imports = self.imports.declarations();
        let mut tokens = quote!(#![doc = #mark] #imports);
        tokens.extend(items);
        Source { tokens, comments: self.comments.into_inner() }
    }

    /// Completes the root of a crate, whose docs are a file of markdown.
    pub(super) fn finish_including(self, docs: &str, items: TokenStream) -> Source {
        let imports = self.imports.declarations();
        let mut tokens = quote! {
            #![doc = include_str!(#docs)]
            #![cfg_attr(docsrs, feature(doc_cfg))]
            #imports
        };
        tokens.extend(items);
        Source { tokens, comments: self.comments.into_inner() }
    }

    /// Prints a doc comment.
    pub(super) fn doc(&self, comment: &Comment) -> TokenStream {
        let mark = self.mark(comment);
        quote!(#[doc = #mark])
    }

    /// Prints the call of a macro with a line for each entry:
    ///
    /// ```text
    /// open_union!(Answer {
    ///     Done: object("state" = "done");
    /// });
    /// ```
    pub(super) fn macro_of_lines(&self, name: &str, head: &str, entries: &[Entry]) -> TokenStream {
        let [path] = self.runtime([name]);
        let entries: String = entries.iter().map(Entry::lines).collect();
        let text = format!("{}!({head} {{\n{entries}}});", path.to_string().replace(' ', ""));
        let (mark, name) = (self.keep(text), format_ident!("{LAID_OUT}"));
        quote!(#name!(#mark);)
    }

    /// Keeps a comment and returns the mark to put in its place.
    ///
    /// Comments are half of the code. As tokens they would be escaped, lexed, parsed and printed line by line, to come
    /// out as they were.
    fn mark(&self, comment: &Comment) -> String {
        self.keep(comment.text())
    }

    fn keep(&self, text: String) -> String {
        let mut texts = self.comments.borrow_mut();
        texts.push(text);
        (texts.len() - 1).to_string()
    }

    /// Prints names of the runtime.
    pub(super) fn runtime<const N: usize>(&self, names: [&str; N]) -> [TokenStream; N] {
        names.map(|name| self.imports.name(Module::Runtime, name))
    }

    /// Prints the dialect that the client speaks.
    pub(super) fn dialect(&self) -> TokenStream {
        match self.krate.dialect.runtime() {
            Some(dialect) => self.imports.name(Module::Dialect, dialect.name),
            None => self.imports.name(Module::Runtime, "Standard"),
        }
    }

    /// Returns the path by which documentation in the file links to the client.
    pub(super) fn client_link(&self) -> &'static str {
        if self.imports.declares("Client") { "crate::Client" } else { "Client" }
    }

    /// Prints a type.
    pub(super) fn ty(&self, ty: &Ty) -> TokenStream {
        let imports = &self.imports;
        match ty {
            Ty::Unit => quote!(()),
            Ty::Json => imports.name(Module::Json, "Value"),
            Ty::Bool => quote!(bool),
            Ty::I8 => quote!(i8),
            Ty::I16 => quote!(i16),
            Ty::I32 => quote!(i32),
            Ty::I64 => quote!(i64),
            Ty::U8 => quote!(u8),
            Ty::U16 => quote!(u16),
            Ty::U32 => quote!(u32),
            Ty::U64 => quote!(u64),
            Ty::F64 => quote!(f64),
            Ty::String => quote!(String),
            Ty::DateTime => {
                let [date_time, offset] =
                    ["DateTime", "FixedOffset"].map(|name| imports.name(Module::Chrono, name));
                quote!(#date_time<#offset>)
            }
            Ty::Date => imports.name(Module::Chrono, "NaiveDate"),
            Ty::Upload => imports.name(Module::Runtime, "Upload"),
            Ty::FormData => imports.name(Module::Runtime, "FormData"),
            Ty::Download => imports.name(Module::Runtime, "Download"),
            Ty::EventStream(item) => self.generic(&imports.name(Module::Runtime, "EventStream"), item),
            Ty::Vec(inner) => self.generic(&quote!(Vec), inner),
            Ty::Option(inner) => self.generic(&quote!(Option), inner),
            Ty::Box(inner) => self.generic(&quote!(Box), inner),
            Ty::Map(values) => {
                let (map, values) = (imports.name(Module::Collections, "BTreeMap"), self.ty(values));
                quote!(#map<String, #values>)
            }
            Ty::Named(id) => self.item(*id),
            Ty::Custom(path) => tokens(path),
        }
    }

    fn generic(&self, outer: &TokenStream, inner: &Ty) -> TokenStream {
        let inner = self.ty(inner);
        quote!(#outer<#inner>)
    }

    /// Prints the name of a type of the crate.
    fn item(&self, id: ItemId) -> TokenStream {
        let item = self.krate.item(id);
        let name = ident(&item.name);
        if self.home == Home::Elsewhere {
            let types = self.imports.module(match self.krate.direction {
                Direction::Outgoing => Module::Types,
                Direction::Incoming => Module::WebhookTypes,
            });
            return quote!(#types::#name);
        }
        if self.home == Home::TypesOfPart && item.part.is_none() {
            self.imports.record(Module::Super, Some(item.name.as_str()));
        }
        quote!(#name)
    }
}
