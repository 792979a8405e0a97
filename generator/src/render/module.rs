//! `src/operations/mod.rs` and, of a client in parts, `src/operations/*/mod.rs`: what the operations of a part
//! have in common.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Module, Operation};
use crate::render::docs::{Comment, brief, code};
use crate::render::imports::{chosen, foreign, import};
use crate::render::method::methods;
use crate::render::part::{folder, only_with};
use crate::render::token::{ident, mentioned};
use crate::render::{Context, Output};

pub(super) fn outputs<'a>(context: &'a Context<'a>) -> Vec<Output<'a>> {
    let mut outputs: Vec<Output<'a>> = Vec::new();
    for (index, module) in context.api.modules.iter().enumerate() {
        let path = format!("src/operations{}/mod.rs", folder(context.api, Some(index)));
        outputs.push((path, Box::new(move || part(context, index, module))));
    }
    outputs.push(("src/operations/mod.rs".to_owned(), Box::new(|| all(context))));
    outputs
}

/// ```text
/// mod get_things;                 // of a client in one piece
/// pub use get_things::GetThings;
///
/// #[cfg(feature = "things")]      // of a client in parts
/// pub mod things;
/// #[cfg(feature = "things")]
/// pub use things::*;
/// ```
fn all(context: &Context<'_>) -> TokenStream {
    let docs = Comment::new("The operations: what is known of each, and a type for calls of it.").inner();
    let parts = context.api.modules.iter().map(|module| {
        let (only, name) = (only_with(module), ident(&module.rust_name));
        quote!(#only pub mod #name; #only pub use #name::*;)
    });
    let calls = calls(context, None);
    quote!(#docs #calls #(#parts)*)
}

/// The modules of operations, and the calls in them.
fn calls(context: &Context<'_>, module: Option<usize>) -> TokenStream {
    let operations = context.operations(module);
    let mut operations: Vec<_> =
        operations.map(|operation| (ident(&operation.method_name), ident(&operation.type_name))).collect();
    operations.sort();
    let modules = operations.iter().map(|(module, _)| module);
    let exports = operations.iter().map(|(module, call)| quote!(pub use #module::#call;));
    quote!(#(mod #modules;)* #(#exports)*)
}

/// ```text
/// mod get_things;
/// pub use get_things::GetThings;
/// impl Client { pub fn get_things(&self, required…) -> GetThings }
/// ```
fn part(context: &Context<'_>, index: usize, module: &Module) -> TokenStream {
    let docs = part_docs(context, index, module).inner();
    let calls = calls(context, Some(index));
    let methods = methods(context, Some(index), &TokenStream::new());
    let methods = quote!(impl Client { #methods });
    let used = mentioned(&methods);
    let foreign = foreign(&used, &["BTreeMap", "DateTime", "FixedOffset", "NaiveDate", "Value"]);
    let runtime = import(&quote!(crate::runtime), &chosen(&used, &["Client", "Upload"]));
    let types = import(&quote!(crate), &chosen(&used, &["types"]));
    quote! {
        #docs
        #foreign
        #runtime
        #types
        #[cfg(feature = "mock")]
        mod mock;
        #calls
        #methods
    }
}

fn part_docs(context: &Context<'_>, index: usize, module: &Module) -> Comment {
    let otherwise = match &module.tag {
        Some(tag) => format!("The operations of {}.", code(tag)),
        None => "The operations without a tag.".to_owned(),
    };
    let docs = module.tag.as_ref().and_then(|tag| context.api.tags.get(tag)).cloned().unwrap_or_default();
    let mut comment = Comment::about(&docs, &otherwise);
    comment.push(format!("Compiled with the feature {}.", code(&module.feature)));
    comment.push(table(context.operations(Some(index))));
    comment
}

/// A table of methods of the client.
pub(super) fn table<'a>(operations: impl Iterator<Item = &'a Operation>) -> String {
    let rows = operations.map(|operation| {
        let method = operation.method_name.as_str();
        let about = brief(&operation.docs).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        format!(
            "| [`{method}`](Client::{}) | {} | {about} |",
            method.trim_start_matches("r#"),
            code(&format!("{} {}", operation.method, operation.path)),
        )
    });
    let rows: Vec<_> = rows.collect();
    format!("| Method | Request | |\n|---|---|---|\n{}", rows.join("\n"))
}
