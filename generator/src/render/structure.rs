//! Structs, with their constructors, setters and checks.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::plan::{Field, Given, Item, Name, Presence, Read, Serde, Struct, Write, code};
use crate::render::argument::{Argument, many_arguments};
use crate::render::check::{check, check_optional};
use crate::render::docs::{Comment, brief, brief_of_type, type_docs, wire_note};
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::token::{
    default_of_mock, deprecated, deprecated_setter, expect_deprecated, ident, raw_string,
};

/// Prints a struct:
///
/// ```text
/// #[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
/// #[serde(rename_all = "camelCase")]
/// #[non_exhaustive]
/// pub struct Thing { pub field: Type, … }
///
/// impl Thing {                    // for requests
///     pub fn new(required…) -> Self
///     pub fn optional(mut self, optional: …) -> Self
/// }
///
/// #[cfg(feature = "mock")]
/// impl Thing {                    // for the tests of applications, in responses
///     pub fn sample() -> Self     // where the description has an example
///     pub fn required(mut self, required: …) -> Self
/// }
///
/// impl Check for Thing { … }      // where there is something to check
/// ```
pub(super) fn render(file: &Printer<'_>, item: &Item, structure: &Struct) -> TokenStream {
    let (name, docs) = (ident(&item.name), file.doc(&type_docs(item)));
    let Struct { is_sent, is_checked, is_camel_case, .. } = *structure;
    let [deserialize, serialize] =
        ["Deserialize", "Serialize"].map(|name| file.imports.name(Module::Serde, name));
    let default = structure.has_default().then(|| quote!(Default,));
    let default_of_mock = (item.is_received && !structure.has_default()).then(default_of_mock);
    let rename_all = is_camel_case.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let fields = structure.fields.iter().map(|field| declaration(file, field));
    let constructor = is_sent.then(|| constructor(file, &name, structure));
    let methods_of_mock = item.is_received.then(|| methods_of_mock(file, &name, item, structure));
    let check = (is_sent && is_checked).then(|| check_impl(file, &name, structure));
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, #deserialize, #serialize)]
        #default_of_mock
        #rename_all
        #[non_exhaustive]
        pub struct #name { #(#fields)* }
        #constructor
        #methods_of_mock
        #check
    }
}

fn declaration(file: &Printer<'_>, field: &Field) -> TokenStream {
    let (name, ty) = (ident(&field.name), file.ty(&field.ty));
    let about = brief_of_type(file.krate, &field.value.ty).unwrap_or_else(|| property(field));
    let mut docs = Comment::about(&field.docs, &about);
    docs.maybe(wire_note(&field.wire, &field.name, &field.value));
    let docs = file.doc(&docs);
    let deprecated = deprecated(field.deprecated, field.replacement.as_ref().map(Name::plain));
    let serde = serde_attribute(&field.serde);
    quote!(#docs #deprecated #serde pub #name: #ty,)
}

fn serde_attribute(serde: &Serde) -> Option<TokenStream> {
    let rename = serde.rename.as_ref().map(|name| quote!(rename = #name));
    let read = match serde.read {
        Read::Plain => None,
        Read::NullAsEmpty => Some(quote!(deserialize_with = "crate::runtime::null_as_empty")),
        Read::Nullable => Some(quote!(default, deserialize_with = "crate::runtime::nullable")),
    };
    let write = match serde.write {
        Write::Always => None,
        Write::IfSome => Some(quote!(skip_serializing_if = "Option::is_none")),
        Write::Never => Some(quote!(skip_serializing)),
    };
    let settings: Vec<_> = rename.into_iter().chain(read).chain(write).collect();
    (!settings.is_empty()).then(|| quote!(#[serde(#(#settings),*)]))
}

fn constructor(file: &Printer<'_>, name: &Ident, structure: &Struct) -> TokenStream {
    let setters = structure.fields.iter().filter(|field| field.given == Given::Setter);
    let setters = setters.map(|field| setter(file, field));
    let arguments: Vec<_> = structure.arguments().map(|field| Argument::of_field(file, field)).collect();
    if structure.has_default() {
        return quote! {
            impl #name {
                /// Creates a value without fields.
                pub fn new() -> Self { Self::default() }
                #(#setters)*
            }
        };
    }
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let values = arguments.iter().map(Argument::initialiser);
    let others = structure.fields.iter().filter(|field| field.given != Given::Argument);
    let others = others.map(|field| ident(&field.name));
    let many = many_arguments(arguments.len());
    let is_deprecated = structure.fields.iter().any(|field| field.deprecated);
    let expect = expect_deprecated(is_deprecated, "it begins with every property, used or not");
    quote! {
        impl #name {
            /// Creates a value from its required fields.
            #many
            #expect
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#others: None,)* }
            }
            #(#setters)*
        }
    }
}

fn setter(file: &Printer<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let argument = Argument::of_field(file, field);
    let (parameter, value) = (&argument.parameter, argument.value());
    let mut docs = Comment::new(format!("Sets the property {}.", code(&field.wire)));
    docs.maybe(brief(&field.docs));
    if field.value.nullable {
        docs.push("`None` is sent as `null`.");
    }
    let docs = file.doc(&docs);
    let deprecated = deprecated_setter(field.deprecated, field.replacement.as_ref().map(Name::plain));
    quote! {
        #docs
        #deprecated
        pub fn #name(mut self, #parameter) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// Prints the methods that only tests need: the sample, and setters of fields that no request has a setter for.
fn methods_of_mock(file: &Printer<'_>, name: &Ident, item: &Item, structure: &Struct) -> Option<TokenStream> {
    let setters = structure.without_setter().map(|field| setter_of_mock(file, field));
    let methods: Vec<_> = item.sample.as_ref().map(sample).into_iter().chain(setters).collect();
    (!methods.is_empty()).then(|| {
        quote! {
            #[cfg(feature = "mock")]
            impl #name { #(#methods)* }
        }
    })
}

/// Prints the method that returns the example of the description.
fn sample(value: &Value) -> TokenStream {
    let short = value.to_string();
    let text = raw_string(&if short.len() <= 60 { short } else { format!("{value:#}") });
    quote! {
        /// Returns the example of the description.
        pub fn sample() -> Self {
            crate::runtime::sample(#text)
        }
    }
}

fn setter_of_mock(file: &Printer<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let argument = Argument::of_present_field(file, field);
    let (parameter, value) = (&argument.parameter, argument.value());
    let value = match field.presence {
        Presence::Required => value,
        Presence::Nullable | Presence::Optional => quote!(Some(#value)),
        Presence::OptionalNullable => quote!(Some(Some(#value))),
    };
    let mut docs = Comment::new(format!("Sets the property {}.", code(&field.wire)));
    docs.maybe(brief(&field.docs));
    let docs = file.doc(&docs);
    let deprecated = deprecated_setter(field.deprecated, field.replacement.as_ref().map(Name::plain));
    quote! {
        #docs
        #deprecated
        pub fn #name(mut self, #parameter) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// Says in a few words what a field is.
pub(super) fn field_brief(file: &Printer<'_>, field: &Field) -> String {
    let about_type = || brief_of_type(file.krate, &field.value.ty);
    brief(&field.docs).or_else(about_type).unwrap_or_else(|| property(field))
}

fn property(field: &Field) -> String {
    format!("The property {}.", code(&field.wire))
}

fn check_impl(file: &Printer<'_>, name: &Ident, structure: &Struct) -> TokenStream {
    let is_checked = |field: &&Field| !field.is_read_only && file.krate.is_checked(&field.value);
    let fields: Vec<_> = structure.fields.iter().filter(is_checked).collect();
    let is_deprecated = fields.iter().any(|field| field.deprecated);
    let expect = expect_deprecated(is_deprecated, "what is deprecated is checked too");
    let checks = fields.into_iter().map(|field| {
        let (name, wire) = (ident(&field.name), &field.wire);
        let (at, place) = (quote!(self.#name), quote!(check.at(#wire)));
        let optional = |pattern| check_optional(file, &field.value, &at, &pattern, &place);
        match field.presence {
            Presence::Required => check(file, &field.value, &at, &place),
            Presence::Nullable | Presence::Optional => optional(quote!(Some(value))),
            Presence::OptionalNullable => optional(quote!(Some(Some(value)))),
        }
    });
    let checks: TokenStream = checks.collect();
    let [check, checker] = file.runtime(["Check", "Checker"]);
    quote! {
        impl #check for #name {
            #expect
            fn check(&self, check: &mut #checker) { #checks }
        }
    }
}
