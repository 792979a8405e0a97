//! `src/headers.rs`: the headers that responses declare.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{ResponseHeader, Ty, code, paragraphs};
use crate::render::Context;
use crate::render::docs::Comment;
use crate::render::printer::{Printer, Source};
use crate::render::token::ident;

/// Prints the headers:
///
/// ```text
/// pub struct ResponseHeaders<'r>(&'r HeaderMap);
/// impl<'r> ResponseHeaders<'r> { pub fn x_request_id(self) -> Option<&'r str>, … }
/// impl<T> Response<T> { pub fn typed_headers(&self) -> ResponseHeaders<'_> }
/// impl Error { pub fn typed_headers(&self) -> Option<ResponseHeaders<'_>> }
/// ```
pub(super) fn render(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let [response, error, map] = file.runtime(["Response", "Error", "HeaderMap"]);
    let methods = context.krate.headers.iter().map(|header| method(&file, header));
    let borrows = context.krate.headers.iter().any(|header| header.ty == Ty::String);
    let (generics, lifetime) = if borrows { (Some(quote!(<'r>)), quote!('r)) } else { (None, quote!('_)) };
    let items = quote! {
        /// Headers of a response that the description declares.
        ///
        /// Each method returns `None` for a header that is absent, or that is not as declared.
        #[derive(Clone, Copy, Debug)]
        pub struct ResponseHeaders<'r>(&'r #map);

        impl #generics ResponseHeaders<#lifetime> {
            #(#methods)*
        }

        impl<T> #response<T> {
            /// Returns the headers that the description declares.
            pub fn typed_headers(&self) -> ResponseHeaders<'_> {
                ResponseHeaders(self.headers())
            }
        }

        impl #error {
            /// Returns the headers that the description declares, if there was a response.
            pub fn typed_headers(&self) -> Option<ResponseHeaders<'_>> {
                self.headers().map(ResponseHeaders)
            }
        }
    };
    file.finish(&Comment::new("Headers of responses."), items)
}

fn method(file: &Printer<'_>, header: &ResponseHeader) -> TokenStream {
    let (name, wire) = (ident(&header.name), &header.wire);
    let mut docs = Comment::new(format!("Returns the header {}.", code(wire)));
    for text in paragraphs(&header.docs) {
        docs.push(text);
    }
    let docs = file.doc(&docs);
    let (ty, value) = match &header.ty {
        Ty::String => {
            let [read] = file.runtime(["header_text"]);
            (quote!(&'r str), quote!(#read(self.0, #wire)))
        }
        Ty::DateTime => {
            let [read] = file.runtime(["header_date"]);
            (file.ty(&Ty::DateTime), quote!(#read(self.0, #wire)))
        }
        Ty::Vec(element) => {
            let [read] = file.runtime(["header_values"]);
            (file.ty(&Ty::Vec(element.clone())), quote!(#read(self.0, #wire)))
        }
        ty => {
            let [read] = file.runtime(["header_value"]);
            (file.ty(ty), quote!(#read(self.0, #wire)))
        }
    };
    quote! {
        #docs
        pub fn #name(self) -> Option<#ty> {
            #value
        }
    }
}
