//! Types as they stand in signatures, and how values are taken as arguments.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::ir::{Api, Property, Schema, Type};
use crate::render::token::ident;

/// A type as it stands in a signature or a field; `module` goes before the names of types.
pub(super) fn ty(api: &Api, schema: &Schema, module: &TokenStream) -> TokenStream {
    match &schema.ty {
        Type::Any => quote!(Value),
        Type::Boolean => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Uint64 => quote!(u64),
        Type::Float => quote!(f32),
        Type::Double => quote!(f64),
        Type::String => quote!(String),
        Type::DateTime => quote!(DateTime<FixedOffset>),
        Type::Date => quote!(NaiveDate),
        Type::Binary => quote!(Upload),
        Type::Array(items) => {
            let items = element_type(api, items, module);
            quote!(Vec<#items>)
        }
        Type::Map(values) => {
            let values = element_type(api, values, module);
            quote!(BTreeMap<String, #values>)
        }
        Type::Named(id) => {
            let name = api.types.get(id).map(|def| ident(&def.rust_name));
            quote!(#module #name)
        }
    }
}

fn element_type(api: &Api, schema: &Schema, module: &TokenStream) -> TokenStream {
    let element = ty(api, schema, module);
    if schema.nullable && !matches!(schema.ty, Type::Any) { quote!(Option<#element>) } else { element }
}

pub(super) fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the API requires them all")]))
}

/// How a value is taken: the declaration of the argument, and the expression that makes the value of it.
pub(super) struct Argument {
    pub(super) parameter: TokenStream,
    pub(super) value: TokenStream,
}

impl Argument {
    /// The field of a struct literal that takes the value.
    pub(super) fn initialises(&self, field: &Ident) -> TokenStream {
        let value = &self.value;
        let is_same = *field == value.to_string();
        if is_same { quote!(#field) } else { quote!(#field: #value) }
    }
}

/// The value of a property as an argument: an `Option` if it may be `null`.
pub(super) fn argument(api: &Api, property: &Property, module: &TokenStream) -> Argument {
    let name = ident(&property.rust_name);
    match (property.schema.nullable, property.boxed) {
        (false, false) => plain_argument(api, &property.rust_name, &property.schema, module),
        (false, true) => {
            let Argument { parameter, value } =
                plain_argument(api, &property.rust_name, &property.schema, module);
            Argument { parameter, value: quote!(Box::new(#value)) }
        }
        (true, boxed) => {
            let ty = ty(api, &property.schema, module);
            let value = if boxed { quote!(#name.map(Box::new)) } else { quote!(#name) };
            Argument { parameter: quote!(#name: Option<#ty>), value }
        }
    }
}

/// An argument of a method, in the form that is easiest for its callers.
pub(super) fn plain_argument(api: &Api, name: &str, schema: &Schema, module: &TokenStream) -> Argument {
    let name = ident(name);
    match &schema.ty {
        Type::String => Argument { parameter: quote!(#name: impl Into<String>), value: quote!(#name.into()) },
        Type::Array(items) if !items.nullable => match &items.ty {
            Type::String => Argument {
                parameter: quote!(#name: impl IntoIterator<Item = impl Into<String>>),
                value: quote!(#name.into_iter().map(Into::into).collect()),
            },
            _ => {
                let items = ty(api, items, module);
                Argument {
                    parameter: quote!(#name: impl IntoIterator<Item = #items>),
                    value: quote!(#name.into_iter().collect()),
                }
            }
        },
        _ => {
            let ty = ty(api, schema, module);
            Argument { parameter: quote!(#name: #ty), value: name.to_token_stream() }
        }
    }
}
