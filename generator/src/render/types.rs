//! `src/types.rs` or `src/types/`: the types of requests and responses.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::ir::Direction;
use crate::plan::{Item, ItemKind, OpenEnum, Part, PartId, code};
use crate::render::docs::{Comment, brief, type_docs};
use crate::render::imports::Module;
use crate::render::printer::{Printer, Source};
use crate::render::token::{default_of_mock, derives, grouped, ident, json_tokens, only_with, tokens};
use crate::render::{Context, Output, structure, union};

/// Lists `src/types.rs` or, of a client in parts, a file for each part beside `src/types/mod.rs`.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    if context.krate.parts.is_empty() {
        let path = match context.krate.direction {
            Direction::Outgoing => "src/types.rs",
            Direction::Incoming => "src/webhooks/types.rs",
        };
        return vec![(path.to_owned(), Box::new(move || all(context)))];
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
    let docs = Comment::new("Types of requests and responses.");
    let parts = parts_with_types(context).map(|(_, part)| {
        let (only, name) = (only_with(part), ident(&part.name));
        quote!(#only mod #name; #only pub use #name::*;)
    });
    let parts: TokenStream = parts.collect();
    let (items, custom) = (items(&file, None), custom_types(&file));
    file.finish(&docs, quote!(#parts #items #custom))
}

/// Prints what types of other crates need, those of webhooks included.
fn custom_types(file: &Printer<'_>) -> Option<TokenStream> {
    let krate = file.krate;
    let of_webhooks = krate.incoming.iter().flat_map(|incoming| &incoming.custom);
    let paths: BTreeSet<_> = krate.custom.iter().chain(of_webhooks).collect();
    let types: Vec<_> =
        paths.into_iter().filter(|path| !is_parameter(path)).map(|path| tokens(path)).collect();
    if types.is_empty() || krate.direction == Direction::Incoming {
        return None;
    }
    let [custom_types] = file.runtime(["custom_types"]);
    Some(quote!(#custom_types!(#(#types),*);))
}

/// Returns `true` for a type that the runtime can send as a parameter: those of Rust itself, and some of chrono.
fn is_parameter(path: &str) -> bool {
    let is_date = ["chrono::NaiveDate", "chrono::NaiveTime"].contains(&path);
    !path.contains("::") || path.starts_with("chrono::DateTime<") || is_date
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
        ItemKind::IntegerEnum(values) => integer_enum(file, item, values),
        ItemKind::Union(union) => union::render(file, item, union),
        ItemKind::ValueEnum(values) => value_enum(file, item, values),
        ItemKind::Newtype(newtype) => structure::newtype(file, item, newtype),
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
fn string_enum(file: &Printer<'_>, item: &Item, values: &OpenEnum<String>) -> TokenStream {
    let [open_enum, unknown] = file.runtime(["open_enum", "UnknownValue"]);
    let (names, declaration) = self::open_enum(file, item, values, &unknown, &quote!(Clone));
    let (name, texts) = (ident(&item.name), values.variants.iter().map(|variant| &variant.value));
    quote! {
        #declaration
        impl #name {
            /// Values that this version of the client knows.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// Returns the value on the wire.
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

/// Prints an enum of integers:
///
/// ```text
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Level { Value1, …, Unrecognized(UnknownInteger) }
///
/// impl Level { pub const VALUES, pub fn value(self) -> i64 }
///
/// open_integer_enum!(Level);     // conversions, Display, serde
/// ```
fn integer_enum(file: &Printer<'_>, item: &Item, values: &OpenEnum<i64>) -> TokenStream {
    let [open_enum, unknown] = file.runtime(["open_integer_enum", "UnknownInteger"]);
    let (names, declaration) = self::open_enum(file, item, values, &unknown, &quote!(Clone, Copy));
    let (name, integers) =
        (ident(&item.name), values.variants.iter().map(|variant| grouped(i128::from(variant.value))));
    quote! {
        #declaration
        impl #name {
            /// Values that this version of the client knows.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// Returns the value on the wire.
            pub fn value(self) -> i64 {
                match self {
                    #(Self::#names => #integers,)*
                    Self::Unrecognized(value) => value.value(),
                }
            }
        }
        #open_enum!(#name);
    }
}

/// Prints an enum of JSON values:
///
/// ```text
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Ratio { Value0Point5, …, Unrecognized(Value) }
///
/// impl Ratio { pub const VALUES, pub fn value(&self) -> Value }
///
/// open_value_enum!(Ratio);       // conversions, Display, serde
/// ```
fn value_enum(file: &Printer<'_>, item: &Item, values: &OpenEnum<Value>) -> TokenStream {
    let any = file.imports.name(Module::Json, "Value");
    let (names, declaration) = self::open_enum(file, item, values, &any, &quote!(Clone));
    let [open_enum] = file.runtime(["open_value_enum"]);
    let json = file.imports.name(Module::Json, "json");
    let name = ident(&item.name);
    let jsons = values.variants.iter().map(|variant| json_tokens(&variant.value));
    quote! {
        #declaration
        impl #name {
            /// Values that this version of the client knows.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// Returns the value on the wire.
            pub fn value(&self) -> #any {
                match self {
                    #(Self::#names => #json!(#jsons),)*
                    Self::Unrecognized(value) => value.clone(),
                }
            }
        }
        #open_enum!(#name);
    }
}

/// Prints the declaration of an enum; returns the names of its variants, too.
fn open_enum<T: ToString>(
    file: &Printer<'_>,
    item: &Item,
    values: &OpenEnum<T>,
    unknown: &TokenStream,
    clone: &TokenStream,
) -> (Vec<Ident>, TokenStream) {
    let (name, docs) = (ident(&item.name), file.doc(&type_docs(item)));
    let names: Vec<_> = values.variants.iter().map(|variant| ident(&variant.name)).collect();
    let default = item.is_received.then(default_of_mock);
    let derives = derives(item, &["Eq", "Hash"]);
    let variants = values.variants.iter().zip(&names).enumerate().map(|(index, (variant, name))| {
        let value = code(&variant.value.to_string());
        let about = match brief(&variant.docs) {
            Some(about) => format!("{value}: {about}"),
            None => value,
        };
        let docs = file.doc(&Comment::new(about));
        let default =
            (item.is_received && index == 0).then(|| quote!(#[cfg_attr(feature = "mock", default)]));
        quote!(#docs #default #name,)
    });
    let declaration = quote! {
        #docs
        #[derive(#clone, Debug, PartialEq, Eq, Hash, #(#derives),*)]
        #default
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version of the client does not know.
            Unrecognized(#unknown)
        }
    };
    (names, declaration)
}
