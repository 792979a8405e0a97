//! The imports of a file, from what its code mentions.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::render::token::ident;

/// What generated code uses of other crates, in the order of its imports.
fn modules() -> [(TokenStream, &'static [&'static str]); 6] {
    [
        (quote!(std::collections), &["BTreeMap"]),
        (quote!(std::ops), &["Bound"]),
        (quote!(std::time), &["Duration"]),
        (quote!(chrono), &["DateTime", "FixedOffset", "NaiveDate"]),
        (quote!(serde), &["Deserialize", "Serialize"]),
        (quote!(serde_json), &["Value"]),
    ]
}

/// The imports from other crates of what is used, as far as it is among the names that the code of the file means:
/// a description may call types of its own like the others.
pub(super) fn foreign(used: &HashSet<String>, meant: &[&str]) -> TokenStream {
    let meant = |name: &Ident| meant.iter().any(|meant| name == meant);
    let of_module = |(module, names): &(TokenStream, &[&str])| {
        let names: Vec<_> = chosen(used, names).into_iter().filter(meant).collect();
        import(module, &names)
    };
    modules().iter().map(of_module).collect()
}

/// Those of the names that are used.
pub(super) fn chosen(used: &HashSet<String>, names: &[&str]) -> Vec<Ident> {
    names.iter().filter(|name| used.contains(**name)).map(|name| ident(name)).collect()
}

/// The import of some names from one module; nothing for no name.
pub(super) fn import(module: &TokenStream, names: &[Ident]) -> TokenStream {
    match names {
        [] => TokenStream::new(),
        [name] => quote!(use #module::#name;),
        names => quote!(use #module::{#(#names),*};),
    }
}
