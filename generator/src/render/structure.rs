//! Structs, with their constructors, setters and checks.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::plan::{
    Count, Extra, Field, Given, Item, Name, Newtype, Presence, Read, Serde, Struct, Ty, Write, code,
};
use crate::render::argument::{Argument, many_arguments};
use crate::render::check::{check, check_here, check_optional, counts};
use crate::render::docs::{Comment, brief, brief_of_type, type_docs, wire_note};
use crate::render::imports::Module;
use crate::render::printer::{Entry, Printer};
use crate::render::token::{
    default_of_mock, deprecated, deprecated_setter, derives, expect_deprecated, ident, raw_string,
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
    let default = structure.has_default().then(|| quote!(Default,));
    let needs_default = item.is_received && item.has_default && !structure.has_default();
    let default_of_mock = needs_default.then(default_of_mock);
    let is_open = structure.additional.is_some();
    let derives = (!is_open).then(|| {
        let [deserialize, serialize] =
            ["Deserialize", "Serialize"].map(|name| file.imports.name(Module::Serde, name));
        quote!(#deserialize, #serialize,)
    });
    let chosen = self::derives(item, &[]);
    let rename_all = (is_camel_case && !is_open).then(|| quote!(#[serde(rename_all = "camelCase")]));
    let fields = structure.fields.iter().map(|field| declaration(file, field, is_open));
    let additional = structure.additional.as_ref().map(|extra| extra_declaration(file, extra));
    let serde = structure.additional.as_ref().map(|extra| open_serde(file, &name, structure, extra));
    let constructor = is_sent.then(|| constructor(file, &name, structure));
    let methods_of_mock = item.is_received.then(|| methods_of_mock(file, &name, item, structure));
    let check = (is_sent && is_checked).then(|| check_impl(file, &name, structure));
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, #derives #(#chosen),*)]
        #default_of_mock
        #rename_all
        #[non_exhaustive]
        pub struct #name { #(#fields)* #additional }
        #serde
        #constructor
        #methods_of_mock
        #check
    }
}

/// Prints a struct around a list or a map that contains the struct:
///
/// ```text
/// #[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
/// #[serde(transparent)]
/// pub struct Tree(pub BTreeMap<String, Tree>);
///
/// impl Check for Tree { … }       // where there is something to check
/// ```
pub(super) fn newtype(file: &Printer<'_>, item: &Item, newtype: &Newtype) -> TokenStream {
    let (name, docs) = (ident(&item.name), file.doc(&type_docs(item)));
    let (ty, chosen) = (file.ty(&newtype.value.ty), derives(item, &[]));
    let [deserialize, serialize] =
        ["Deserialize", "Serialize"].map(|name| file.imports.name(Module::Serde, name));
    let check = (newtype.is_sent && newtype.is_checked).then(|| {
        let checks = check_here(file, &newtype.value, &quote!(self.0));
        let [check, checker] = file.runtime(["Check", "Checker"]);
        quote! {
            impl #check for #name {
                fn check(&self, check: &mut #checker) { #checks }
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, Default, PartialEq, #deserialize, #serialize, #(#chosen),*)]
        #[serde(transparent)]
        pub struct #name(pub #ty);
        #check
    }
}

/// Prints a field; the serde of an open struct needs no attributes.
fn declaration(file: &Printer<'_>, field: &Field, is_open: bool) -> TokenStream {
    let (name, ty) = (ident(&field.name), file.ty(&field.ty));
    let about = brief_of_type(file.krate, &field.value.ty).unwrap_or_else(|| property(field));
    let mut docs = Comment::about(&field.docs, &about);
    docs.maybe(wire_note(&field.wire, &field.name, &field.value));
    let docs = file.doc(&docs);
    let deprecated = deprecated(field.deprecated, field.replacement.as_ref().map(Name::plain));
    let serde = (!is_open).then(|| serde_attribute(&field.serde));
    quote!(#docs #deprecated #serde pub #name: #ty,)
}

fn extra_declaration(file: &Printer<'_>, extra: &Extra) -> TokenStream {
    let (name, ty) = (ident(&extra.name), file.ty(&extra.value.ty));
    let docs = file.doc(&Comment::new("Properties that the description does not declare."));
    quote!(#docs pub #name: #ty,)
}

/// Prints the serde of a struct that keeps undeclared properties:
///
/// ```text
/// open_struct!(Thing {
///     "id" => id: plain, always;
///     ..additional
/// });
/// ```
fn open_serde(file: &Printer<'_>, name: &Ident, structure: &Struct, extra: &Extra) -> TokenStream {
    let fields = structure.fields.iter().map(|field| {
        let read = match field.serde.read {
            Read::Plain => "plain",
            Read::NullAsEmpty => "list",
            Read::Nullable => "nullable",
        };
        let write = match field.serde.write {
            Write::Always => "always",
            Write::IfSome => "if_some",
            Write::Never => "never",
        };
        Entry(vec![format!("{:?} =>", field.wire), format!("{}: {read}, {write};", field.name)])
    });
    let rest = Entry(vec![format!("..{}", extra.name)]);
    let entries: Vec<_> = fields.chain([rest]).collect();
    file.macro_of_lines("open_struct", &name.to_string(), &entries)
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
    let rest = structure.additional.as_ref().map(|extra| extra_setter(file, extra));
    let setters = setters.chain(rest);
    let given: Vec<_> = structure.arguments().map(|field| (field, Argument::of_field(file, field))).collect();
    if structure.has_default() {
        return quote! {
            impl #name {
                /// Creates a value without fields.
                pub fn new() -> Self { Self::default() }
                #(#setters)*
            }
        };
    }
    let parameters = given.iter().map(|(_, argument)| &argument.parameter);
    let values = given.iter().map(|(field, argument)| initialiser(field, argument));
    let others = structure.fields.iter().filter(|field| field.given != Given::Argument);
    let others = others.map(|field| ident(&field.name));
    let additional = structure.additional.as_ref().map(|extra| {
        let name = ident(&extra.name);
        let map = file.imports.name(Module::Collections, "BTreeMap");
        quote!(#name: #map::new(),)
    });
    let many = many_arguments(given.iter().map(|(field, _)| field.value.nullable_ty() == Ty::Bool));
    let is_deprecated = structure.fields.iter().any(|field| field.deprecated);
    let expect = expect_deprecated(is_deprecated, "it begins with every property, used or not");
    quote! {
        impl #name {
            /// Creates a value from its required fields.
            #many
            #expect
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#others: None,)* #additional }
            }
            #(#setters)*
        }
    }
}

/// Prints the field of a struct literal that takes an argument. A required field that responses do not have is an `Option`.
fn initialiser(field: &Field, argument: &Argument) -> TokenStream {
    match field.presence {
        Presence::Required | Presence::Nullable => argument.initialiser(),
        Presence::Optional | Presence::OptionalNullable => {
            let (name, value) = (ident(&field.name), argument.value());
            quote!(#name: Some(#value))
        }
    }
}

fn extra_setter(file: &Printer<'_>, extra: &Extra) -> TokenStream {
    let name = ident(&extra.name);
    let element = match &extra.value.ty {
        Ty::Map(element) => &**element,
        ty => ty,
    };
    let (ty, value) = match element {
        Ty::String => (quote!(impl Into<String>), quote!(value.into())),
        ty => (file.ty(ty), quote!(value)),
    };
    quote! {
        /// Adds a property that the description does not declare.
        pub fn #name(mut self, name: impl Into<String>, value: #ty) -> Self {
            self.#name.insert(name.into(), #value);
            self
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
    let rest = structure.additional.as_ref().filter(|_| !structure.is_sent);
    let rest = rest.map(|extra| extra_setter(file, extra));
    let methods: Vec<_> = item.sample.as_ref().map(sample).into_iter().chain(setters).chain(rest).collect();
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
    let number = structure.number_check();
    let counted = structure.sendable().filter(|field| number.is_some() && field.serde.write == Write::IfSome);
    let is_deprecated = fields.iter().copied().chain(counted).any(|field| field.deprecated);
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
    let number = number.map(|count| number_check(structure, count));
    let rest = structure.additional.as_ref().filter(|extra| file.krate.is_checked(&extra.value));
    let rest = rest.map(|extra| {
        let name = ident(&extra.name);
        check_here(file, &extra.value, &quote!(self.#name))
    });
    let [check, checker] = file.runtime(["Check", "Checker"]);
    quote! {
        impl #check for #name {
            #expect
            fn check(&self, check: &mut #checker) { #number #checks #rest }
        }
    }
}

/// Prints the check of the number of properties that are sent.
fn number_check(structure: &Struct, count: Count) -> TokenStream {
    let present = structure.present().count();
    let present = (present > 0).then(|| {
        let present = proc_macro2::Literal::usize_unsuffixed(present);
        quote!(#present)
    });
    let optional: Vec<_> = structure
        .sendable()
        .filter(|field| field.serde.write == Write::IfSome)
        .map(|field| ident(&field.name))
        .collect();
    let optional = (!optional.is_empty())
        .then(|| quote!([#(self.#optional.is_some()),*].into_iter().filter(|is_set| *is_set).count()));
    let rest = structure.additional.as_ref().map(|extra| {
        let name = ident(&extra.name);
        quote!(self.#name.len())
    });
    let terms: Vec<_> = present.into_iter().chain(optional).chain(rest).collect();
    let limits = counts(count);
    quote!(check.properties(#(#terms)+*, #limits);)
}
