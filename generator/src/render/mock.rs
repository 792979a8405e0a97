//! What the mock of the client has for each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::{Call, PartId, Reply};
use crate::render::docs::Comment;
use crate::render::imports::Module;
use crate::render::module::folder;
use crate::render::printer::{Printer, Source};
use crate::render::token::ident;
use crate::render::{Context, Output};

/// Lists `src/mock.rs` or, of a client in parts, `mock.rs` in the folder of each.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    let krate = context.krate;
    if krate.parts.is_empty() {
        return vec![("src/mock.rs".to_owned(), Box::new(move || render(context, None)))];
    }
    let parts = (0..krate.parts.len()).map(Some);
    let output = |part| -> Output<'_> {
        let path = format!("src/operations{}/mock.rs", folder(krate, part));
        (path, Box::new(move || render(context, part)))
    };
    parts.map(output).collect()
}

/// Prints what a mock can reply:
///
/// ```text
/// impl Mock { pub fn on_get_things(&self) -> On<'_, types::GetThingsResponse> }
/// ```
fn render(context: Context<'_>, part: Option<PartId>) -> Source {
    let file = Printer::new(context);
    let [mock] = file.runtime(["Mock"]);
    let methods = context.krate.calls_of(part).map(|call| method(&file, call));
    let items = quote!(impl #mock { #(#methods)* });
    file.finish(&Comment::new("What a mock can reply to each operation."), items)
}

fn method(file: &Printer<'_>, call: &Call) -> TokenStream {
    let plain = call.method.plain();
    let (name, call_name) = (format_ident!("on_{plain}"), ident(&call.name));
    let ([on], operations) = (file.runtime(["On"]), file.imports.module(Module::Operations));
    let reply = match &call.reply {
        Reply::File { .. } => quote!(crate::Download),
        reply => file.ty(&reply.ty()),
    };
    let docs = format!("What the next [`{plain}`](crate::Client::{plain}) gets.");
    let docs = file.doc(&Comment::new(docs));
    quote! {
        #docs
        pub fn #name(&self) -> #on<'_, #reply> {
            self.on(&#operations::#call_name::OPERATION)
        }
    }
}
