//! What a call has that asks for one page of a list.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Operation, Paging, Presence, Property, PropertyPath, Type, TypeId};
use crate::render::argument::ty;
use crate::render::token::ident;
use crate::render::types::expect_deprecated;

/// ```text
/// pub fn pages(self) -> Pages<Self>
/// pub fn stream(self) -> Items<Self>
/// ```
pub(super) fn methods(operation: &Operation) -> Option<TokenStream> {
    operation.paging.as_ref().map(|_| {
        quote! {
            /// The pages of the list, one after the other, from the one that is set.
            pub fn pages(self) -> Pages<Self> {
                Pages::new(self)
            }

            /// What the pages list, one after the other, from the page that is set.
            pub fn stream(self) -> Items<Self> {
                Items::new(self)
            }
        }
    })
}

/// ```text
/// impl Paged for GetThings { … }
/// ```
pub(super) fn implementation(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let paging = operation.paging.as_ref()?;
    let Paging { token, next, items } = paging;
    let call = ident(&operation.type_name);
    let token = ident(&operation.parameters.get(*token)?.rust_name);
    let page = ty(api, operation.reply()?, &quote!(types::));
    let Type::Array(item) = &property(api, items.last()?)?.schema.ty else { return None };
    let item = ty(api, item, &quote!(types::));
    let next = way(api, next, &quote!(.as_ref()?), |property| match property.presence {
        Presence::Required => (quote!(Some), quote!()),
        _ => (quote!(), quote!(.as_deref())),
    })?;
    let items = way(api, items, &quote!(?), |property| match property.presence {
        Presence::Required => (quote!(Some), quote!()),
        _ => (quote!(), quote!()),
    })?;
    let expect = |path: &PropertyPath| {
        let is_deprecated =
            path.iter().filter_map(|step| property(api, step)).any(|property| property.schema.deprecated);
        expect_deprecated(is_deprecated, "the list has no other way to go on")
    };
    let (expect_next, expect_items) = (expect(&paging.next), expect(&paging.items));
    Some(quote! {
        impl Paged for #call {
            type Page = #page;
            type Item = #item;
            type ErrorBody = ErrorBody;

            fn fetch(self) -> BoxFuture<'static, Result<Response<Self::Page>, Error>> {
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
    })
}

/// The expression of a property below `page`; `unwrap` goes after each optional one on the way to it, and `last` says
/// what goes around the whole and after it.
fn way(
    api: &Api,
    path: &PropertyPath,
    unwrap: &TokenStream,
    last: impl Fn(&Property) -> (TokenStream, TokenStream),
) -> Option<TokenStream> {
    let mut expression = quote!(page);
    for (index, step) in path.iter().enumerate() {
        let property = property(api, step)?;
        let field = ident(&property.rust_name);
        expression.extend(quote!(.#field));
        if index + 1 == path.len() {
            let (around, after) = last(property);
            let is_text = matches!(property.schema.ty, Type::String) && !around.is_empty();
            let borrow = is_text.then(|| quote!(&));
            return Some(if around.is_empty() {
                quote!(#expression #after)
            } else {
                quote!(#around(#borrow #expression))
            });
        }
        if property.presence != Presence::Required {
            expression.extend(unwrap.clone());
        }
    }
    None
}

fn property<'a>(api: &'a Api, (id, index): &(TypeId, usize)) -> Option<&'a Property> {
    api.types.get(id)?.kind.as_object()?.properties.get(*index)
}
