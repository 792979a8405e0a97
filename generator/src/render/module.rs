//! `src/operations/mod.rs` and, of a client in parts, `src/operations/*/mod.rs`: what the operations of a part
//! have in common.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Call, Crate, Part, PartId, code};
use crate::render::docs::{Comment, brief_cell};
use crate::render::method::methods;
use crate::render::printer::{Printer, Source};
use crate::render::token::{ident, only_with};
use crate::render::{Context, Output};

/// Lists the modules of operations.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    let parts = context.krate.parts.iter().enumerate();
    let mut outputs: Vec<Output<'_>> = Vec::new();
    for (id, part) in parts {
        let path = format!("src/operations{}/mod.rs", folder(context.krate, Some(id)));
        outputs.push((path, Box::new(move || operations_of_part(context, id, part))));
    }
    outputs.push(("src/operations/mod.rs".to_owned(), Box::new(move || all(context))));
    outputs
}

/// Returns the folder of a part below that of all operations, with the `/` before it.
pub(super) fn folder(krate: &Crate, part: Option<PartId>) -> String {
    part.map_or_else(String::new, |id| format!("/{}", krate.parts[id].name.plain()))
}

/// Prints the module of all operations:
///
/// ```text
/// mod get_things;                 // of a client in one piece
/// pub use get_things::GetThings;
///
/// #[cfg(feature = "things")]      // of a client in parts
/// pub mod things;
/// #[cfg(feature = "things")]
/// pub use things::*;
///
/// pub use crate::runtime::DownloadRequest;
/// ```
fn all(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let docs = Comment::new("Calls of the operations, and facts about them.");
    let parts = context.krate.parts.iter().map(|part| {
        let (only, name) = (only_with(part), ident(&part.name));
        quote!(#only pub mod #name; #only pub use #name::*;)
    });
    let calls = calls(context.krate, None);
    file.finish(&docs, quote!(#calls #(#parts)* pub use crate::runtime::DownloadRequest;))
}

/// Prints the modules of operations, and the calls in them.
fn calls(krate: &Crate, part: Option<PartId>) -> TokenStream {
    let mut calls: Vec<_> = krate.calls_of(part).collect();
    calls.sort_by_key(|call| &call.method);
    let modules: Vec<_> = calls.iter().map(|call| ident(&call.method)).collect();
    let exports = calls.iter().zip(&modules).map(|(call, module)| {
        let names: Vec<_> = call.declared().map(ident).collect();
        match names.as_slice() {
            [name] => quote!(pub use #module::#name;),
            names => quote!(pub use #module::{#(#names),*};),
        }
    });
    quote!(#(mod #modules;)* #(#exports)*)
}

/// Prints the module of the operations of a part:
///
/// ```text
/// mod get_things;
/// pub use get_things::GetThings;
/// impl Client { pub fn get_things(&self, required…) -> GetThings }
/// ```
fn operations_of_part(context: Context<'_>, id: PartId, part: &Part) -> Source {
    let all = context.krate.calls_of(Some(id));
    let declared = all.flat_map(|call| [&call.method].into_iter().chain(call.declared()));
    let file = Printer::declaring(context, declared);
    let calls = calls(context.krate, Some(id));
    let [client] = file.runtime(["Client"]);
    let methods = methods(&file, Some(id));
    let items = quote! {
        #[cfg(feature = "mock")]
        mod mock;
        #calls
        impl #client { #methods }
    };
    let docs = part_docs(&file, id, part);
    file.finish(&docs, items)
}

fn part_docs(file: &Printer<'_>, id: PartId, part: &Part) -> Comment {
    let otherwise = match &part.tag {
        Some(tag) => format!("The operations of {}.", code(tag)),
        None => "The operations without a tag.".to_owned(),
    };
    let mut comment = Comment::about(&part.docs, &otherwise);
    comment.push(format!("Compiled with the feature {}.", code(&part.feature)));
    let client = file.client_link();
    let method = |call: &Call| format!("[`{}`]({client}::{})", call.method, call.method.plain());
    comment.push(table(file.krate.calls_of(Some(id)), method));
    comment
}

/// Returns a table of calls, in which the methods of the client are shown as `method` has them.
pub(super) fn table<'a>(calls: impl Iterator<Item = &'a Call>, method: impl Fn(&Call) -> String) -> String {
    let rows = calls.map(|call| {
        let about = brief_cell(&call.docs);
        let request = code(&format!("{} {}", call.http_method, call.path));
        format!("| {} | {request} | {about} |", method(call))
    });
    let rows: Vec<_> = rows.collect();
    format!("| Method of `Client` | Request | |\n|---|---|---|\n{}", rows.join("\n"))
}
