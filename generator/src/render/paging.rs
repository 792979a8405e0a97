//! What a call has that asks for one page of a list.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::plan::{Paging, Step};
use crate::render::printer::Printer;
use crate::render::token::{expect_deprecated, ident};

/// Prints the methods that go through the pages:
///
/// ```text
/// pub fn pages(self) -> Pages<Self>
/// pub fn stream(self) -> Items<Self>
/// ```
pub(super) fn methods(file: &Printer<'_>) -> TokenStream {
    let [pages, items] = file.runtime(["Pages", "Items"]);
    quote! {
        /// Returns a stream of pages, from the page that is set.
        pub fn pages(self) -> #pages<Self> {
            #pages::new(self)
        }

        /// Returns a stream of the items of all pages, from the page that is set.
        pub fn stream(self) -> #items<Self> {
            #items::new(self)
        }
    }
}

/// Prints `impl Paged for GetThings { … }`.
pub(super) fn implementation(file: &Printer<'_>, call: &Ident, paging: &Paging) -> TokenStream {
    let Paging { token, next, items, .. } = paging;
    let [paged, future, response] = file.runtime(["Paged", "BoxFuture", "Response"]);
    let [error] = file.runtime(["Error"]);
    let (page, item, token) = (file.ty(&paging.page), file.ty(&paging.item), ident(token));
    let (expect_next, expect_items) = (expect(next), expect(items));
    let (next, items) = (next_token(next), into_items(items));
    quote! {
        impl #paged for #call {
            type Page = #page;
            type Item = #item;

            #[inline]
            fn fetch(self) -> #future<'static, Result<#response<Self::Page>, #error>> {
                Box::pin(self.send())
            }
            fn token(&self) -> Option<&str> {
                self.#token.as_deref()
            }
            fn set_token(&mut self, token: String) {
                self.#token = Some(token);
            }
            #expect_next
            fn next_token(page: &Self::Page) -> Option<&str> {
                #next
            }
            #expect_items
            fn into_items(page: Self::Page) -> Option<Vec<Self::Item>> {
                #items
            }
        }
    }
}

fn expect(way: &[Step]) -> Option<TokenStream> {
    let is_deprecated = way.iter().any(|step| step.is_deprecated);
    expect_deprecated(is_deprecated, "the list has no other way to go on")
}

fn next_token(way: &[Step]) -> TokenStream {
    let token = expression(way, &quote!(.as_ref()?));
    if ends_optional(way) { quote!(#token.as_deref()) } else { quote!(Some(&#token)) }
}

fn into_items(way: &[Step]) -> TokenStream {
    let items = expression(way, &quote!(?));
    if ends_optional(way) { items } else { quote!(Some(#items)) }
}

fn ends_optional(way: &[Step]) -> bool {
    way.last().is_some_and(|step| step.is_optional)
}

/// Prints the expression of a field below `page`; `unwrap` goes after each optional field on the way.
fn expression(way: &[Step], unwrap: &TokenStream) -> TokenStream {
    let steps = way.iter().enumerate().map(|(index, step)| {
        let field = ident(&step.field);
        let unwrap = (step.is_optional && index + 1 < way.len()).then_some(unwrap);
        quote!(.#field #unwrap)
    });
    quote!(page #(#steps)*)
}
