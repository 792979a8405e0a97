//! `src/types.rs` or `src/types/`: the types of requests and responses.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Item, ItemKind, Part, PartId, StringEnum, code};
use crate::render::docs::{Comment, brief, type_docs};
use crate::render::printer::{Printer, Source};
use crate::render::token::{ident, only_with};
use crate::render::{Context, Output, structure};

/// Lists `src/types.rs` or, of a client in parts, a file for each part beside `src/types/mod.rs`.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    if context.krate.parts.is_empty() {
        return vec![("src/types.rs".to_owned(), Box::new(move || all(context)))];
    }
    let mut outputs: Vec<Output<'_>> = vec![("src/types/mod.rs".to_owned(), Box::new(move || all(context)))];
    for (id, part) in parts_with_types(context) {
        let path = format!("src/types/{}.rs", part.name.plain());
        outputs.push((path, Box::new(move || types_of_part(context, id, part))));
    }
    outputs
}

fn parts_with_types(context: Context<'_>) -> impl Iterator<Item = (PartId, &Part)> {
    let parts = context.krate.parts.iter().enumerate();
    parts.filter(move |(id, _)| context.krate.items_of(Some(*id)).next().is_some())
}

/// Prints the types of no single part, and the modules of the others.
fn all(context: Context<'_>) -> Source {
    let file = Printer::of_types(context, None);
    let docs = Comment::new("What requests and responses are made of.");
    let parts = parts_with_types(context).map(|(_, part)| {
        let (only, name) = (only_with(part), ident(&part.name));
        quote!(#only mod #name; #only pub use #name::*;)
    });
    let parts: TokenStream = parts.collect();
    let items = items(&file, None);
    file.finish(&docs, quote!(#parts #items))
}

/// Prints the types of one part.
fn types_of_part(context: Context<'_>, id: PartId, part: &Part) -> Source {
    let file = Printer::of_types(context, Some(id));
    let docs = Comment::new(match &part.tag {
        Some(tag) => format!("What only the operations of {} need.", code(tag)),
        None => "What only the operations without a tag need.".to_owned(),
    });
    let items = items(&file, Some(id));
    file.finish(&docs, items)
}

fn items(file: &Printer<'_>, part: Option<PartId>) -> TokenStream {
    let print = |item: &Item| match &item.kind {
        ItemKind::Struct(structure) => structure::render(file, item, structure),
        ItemKind::StringEnum(values) => string_enum(file, item, values),
    };
    file.krate.items_of(part).map(print).collect()
}

/// Prints an enum:
///
/// ```text
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Kind { Known, …, Unrecognized(UnknownValue) }
///
/// impl Kind { pub const VALUES, pub fn as_str(&self) -> &str }
///
/// open_enum!(Kind);              // conversions, Display, serde
/// ```
fn string_enum(file: &Printer<'_>, item: &Item, StringEnum { variants }: &StringEnum) -> TokenStream {
    let (name, docs) = (ident(&item.name), file.doc(&type_docs(item)));
    let [unknown, open_enum] = file.runtime(["UnknownValue", "open_enum"]);
    let names: Vec<_> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let texts = variants.iter().map(|variant| &variant.text);
    let variants = variants.iter().zip(&names).map(|(variant, name)| {
        let text = code(&variant.text);
        let about = match brief(&variant.docs) {
            Some(about) => format!("{text}: {about}"),
            None => text,
        };
        let docs = file.doc(&Comment::new(about));
        quote!(#docs #name,)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that was not known when this client was generated.
            Unrecognized(#unknown)
        }
        impl #name {
            /// The values that were known when this client was generated.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #texts,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }
        #open_enum!(#name);
    }
}
