//! Methods of a call that asks for one page of a list.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::plan::{Call, Cursor, Paging, Step, Turn, code};
use crate::render::docs::Comment;
use crate::render::printer::Printer;
use crate::render::token::{expect_deprecated, ident};

/// Prints the methods that go through the pages:
///
/// ```text
/// pub fn pages(self) -> Pages<Self>
/// pub fn stream(self) -> Items<Self>
/// ```
pub(super) fn methods(file: &Printer<'_>, paging: &Paging) -> TokenStream {
    let [pages, items] = file.runtime(["Pages", "Items"]);
    let url = paging.has_url().then(|| {
        let docs = file.doc(&Comment::new(format!(
            "Sets the URL of the page to request, as [`{pages}::token`] returns it. Parameters of the query are not \
             sent then: the URL has them."
        )));
        quote! {
            #docs
            pub fn page_url(mut self, url: impl Into<String>) -> Self {
                self.page_position.turn_to(url.into());
                self
            }
        }
    });
    quote! {
        #url
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

/// Documents the way from one page to the next, unless the pages have tokens.
pub(super) fn docs(call: &Call) -> Option<String> {
    let paging = call.paging.as_ref()?;
    let input = paging.input().and_then(|name| call.inputs.iter().find(|input| input.name == *name));
    let wire = input.map(|input| code(&input.wire)).unwrap_or_default();
    Some(match &paging.turn {
        Turn::Token { .. } => return None,
        Turn::Page { .. } => format!(
            "{wire} is the number of a page. The list ends with a page without items, or with one that equals the \
             page before."
        ),
        Turn::Offset { .. } => format!(
            "{wire} is the number of items to skip. The list ends with a page without items, or with one that equals \
             the page before."
        ),
        Turn::Url { next } => {
            let way: Vec<_> = next.iter().map(|step| step.wire.as_str()).collect();
            format!("{} of a page is the URL of the next one. {SAME_ORIGIN}", code(&way.join(".")))
        }
        Turn::Link => format!("The header `Link` of a page has the URL of the next one. {SAME_ORIGIN}"),
    })
}

const SAME_ORIGIN: &str = "The URL has to be one of the same server, since credentials are sent to it.";

/// Prints `impl Paged for GetThings { … }`.
pub(super) fn implementation(file: &Printer<'_>, call: &Ident, paging: &Paging) -> TokenStream {
    let [paged, future, response] = file.runtime(["Paged", "BoxFuture", "Response"]);
    let [error] = file.runtime(["Error"]);
    let (page, item) = (file.ty(&paging.page), file.ty(&paging.item));
    let expect_items = expect(&paging.items);
    let items = into_items(&paging.items);
    let turn = turn(file, paging);
    quote! {
        impl #paged for #call {
            type Page = #page;
            type Item = #item;

            #[inline]
            fn fetch(self) -> #future<'static, Result<#response<Self::Page>, #error>> {
                Box::pin(self.send())
            }
            #turn
            #expect_items
            fn into_items(page: Self::Page) -> Option<Vec<Self::Item>> {
                #items
            }
        }
    }
}

/// Prints the methods that turn to the next page.
fn turn(file: &Printer<'_>, paging: &Paging) -> TokenStream {
    let expect_next = expect(paging.next());
    if let Turn::Token { cursor, next } = &paging.turn {
        let (cursor, next) = (self::cursor(cursor), next_token(next));
        return quote! {
            #cursor
            #expect_next
            fn next_token(page: &Self::Page) -> Option<&str> {
                #next
            }
        };
    }
    let [response] = file.runtime(["Response"]);
    let set = paging.input().map(ident).map(|input| quote!(self.#input = token.parse().ok();));
    let next = next_position(paging);
    quote! {
        fn token(&self) -> Option<&str> {
            self.page_position.token()
        }
        fn set_token(&mut self, token: String) {
            #set
            self.page_position.turn_to(token);
        }
        #expect_next
        fn next(&mut self, page: &#response<Self::Page>) -> Option<String> {
            #next
        }
    }
}

/// Prints the methods that read and set the token of the requested page.
fn cursor(cursor: &Cursor) -> TokenStream {
    let (expect, read, set) = match cursor {
        Cursor::Input(input) => {
            let input = ident(input);
            (None, quote!(self.#input.as_deref()), quote!(self.#input = Some(token);))
        }
        Cursor::Body { way, is_nullable } => {
            let is_deprecated = way.iter().any(|step| step.is_deprecated);
            let expect = expect_deprecated(is_deprecated, "the list has no other way to go on");
            let read = expression(&quote!(self), way, &quote!(.as_ref()?));
            let place = expression(&quote!(self), way, &quote!(.get_or_insert_default()));
            let (null, token) = if *is_nullable {
                (Some(quote!(.as_ref()?)), quote!(Some(token)))
            } else {
                (None, quote!(token))
            };
            (expect, quote!(#read #null.as_deref()), quote!(#place = Some(#token);))
        }
    };
    quote! {
        #expect
        fn token(&self) -> Option<&str> {
            #read
        }
        #expect
        fn set_token(&mut self, token: String) {
            #set
        }
    }
}

fn next_position(paging: &Paging) -> TokenStream {
    let count = count(&paging.items);
    match &paging.turn {
        Turn::Page { input, first } => {
            let (input, first) = (ident(input), Literal::i64_unsuffixed(*first));
            quote!(self.page_position.next_page(self.#input, #first, #count, &**page))
        }
        Turn::Offset { input, first } => {
            let (input, first) = (ident(input), Literal::i64_unsuffixed(*first));
            quote!(self.page_position.next_offset(self.#input, #first, #count, &**page))
        }
        Turn::Link => quote!(self.page_position.next_link(page.headers())),
        Turn::Url { next } | Turn::Token { next, .. } => {
            let url = expression(&quote!(page), next, &quote!(.as_ref()?));
            if ends_optional(next) { quote!(#url.clone()) } else { quote!(Some(#url.clone())) }
        }
    }
}

fn expect(way: &[Step]) -> Option<TokenStream> {
    let is_deprecated = way.iter().any(|step| step.is_deprecated);
    expect_deprecated(is_deprecated, "the list has no other way to go on")
}

fn next_token(way: &[Step]) -> TokenStream {
    let token = expression(&quote!(page), way, &quote!(.as_ref()?));
    if ends_optional(way) { quote!(#token.as_deref()) } else { quote!(Some(&#token)) }
}

fn into_items(way: &[Step]) -> TokenStream {
    let items = expression(&quote!(page), way, &quote!(?));
    if ends_optional(way) { items } else { quote!(Some(#items)) }
}

fn ends_optional(way: &[Step]) -> bool {
    way.last().is_some_and(|step| step.is_optional)
}

/// Prints the number of items of a page.
fn count(way: &[Step]) -> TokenStream {
    let items = expression(&quote!(page), way, &quote!(.as_ref()?));
    if ends_optional(way) { quote!(#items.as_ref().map_or(0, Vec::len)) } else { quote!(#items.len()) }
}

/// Prints the expression of a field below a value; `unwrap` goes after each optional field on the way.
fn expression(from: &TokenStream, way: &[Step], unwrap: &TokenStream) -> TokenStream {
    let steps = way.iter().enumerate().map(|(index, step)| {
        let field = ident(&step.field);
        let unwrap = (step.is_optional && index + 1 < way.len()).then_some(unwrap);
        quote!(.#field #unwrap)
    });
    quote!(#from #(#steps)*)
}
