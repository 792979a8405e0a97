//! Unions: enums of one of several types.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::plan::{Item, ObjectShape, Shape, Ty, Union, UnionVariant, code};
use crate::render::check::check_reference_here;
use crate::render::docs::{Comment, brief, brief_of_type, type_docs};
use crate::render::error::{Access, access};
use crate::render::imports::Module;
use crate::render::printer::{Entry, Printer};
use crate::render::structure::field_brief;
use crate::render::token::{derives, expect_deprecated, grouped, ident};

/// Prints a union:
///
/// ```text
/// #[derive(Clone, Debug, PartialEq)]
/// #[non_exhaustive]
/// pub enum Pet { Cat(Cat), …, Unrecognized(Value) }
///
/// impl Pet { pub fn name(&self) -> Option<&str> }    // for fields that all variants share
///
/// impl From<Cat> for Pet { … }
/// impl Serialize for Pet { … }
///
/// open_union!(Pet by "kind" { Cat: "cat"; … });         // reading
///
/// impl Default for Pet { … }                         // for the tests of applications, in responses
/// impl Param for Pet { … }                           // where parameters can have such values
/// impl Check for Pet { … }                           // where there is something to check
/// ```
pub(super) fn render(file: &Printer<'_>, item: &Item, union: &Union) -> TokenStream {
    let (name, docs) = (ident(&item.name), file.doc(&union_docs(item, union)));
    let (value, derives) = (file.imports.name(Module::Json, "Value"), derives(item, &[]));
    let variants = union.variants.iter().map(|variant| declaration(file, variant));
    let conversions = union.variants.iter().filter(|variant| variant.is_only);
    let conversions = conversions.map(|variant| conversion(file, &name, variant));
    let accessors = accessors(file, &name, union);
    let (serialize, reading) = (serialize(file, &name, union), reading(file, &name, union));
    let default = item.is_received.then(|| default_of_mock(file, &name, union));
    let param = union.is_parameter.then(|| param(file, &name, union));
    let check = (union.is_sent && union.is_checked).then(|| check(file, &name, union));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, #(#derives),*)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// Any other JSON, kept as received.
            Unrecognized(#value)
        }
        #accessors
        #(#conversions)*
        #serialize
        #reading
        #default
        #param
        #check
    }
}

fn union_docs(item: &Item, union: &Union) -> Comment {
    let mut docs = type_docs(item);
    if let Some(tag) = &union.tag {
        docs.push(format!("The property {} tells the variant.", code(tag)));
    }
    docs
}

fn declaration(file: &Printer<'_>, variant: &UnionVariant) -> TokenStream {
    let (name, ty) = (ident(&variant.name), file.ty(&variant.ty()));
    let tags: Vec<_> = variant.tags.iter().map(|tag| code(tag)).collect();
    let about = brief(&variant.docs).or_else(|| brief_of_type(file.krate, &variant.value.ty));
    let docs = match (tags.is_empty(), about) {
        (true, Some(about)) => about,
        (true, None) => format!("{}.", code(&variant.value.ty.display_in(file.krate))),
        (false, Some(about)) => format!("{}: {about}", tags.join(", ")),
        (false, None) => tags.join(", "),
    };
    let docs = file.doc(&Comment::new(docs));
    quote!(#docs #name(#ty),)
}

fn conversion(file: &Printer<'_>, name: &Ident, variant: &UnionVariant) -> TokenStream {
    let (of, ty) = (ident(&variant.name), file.ty(&variant.value.ty));
    let value = if variant.is_boxed { quote!(Box::new(value)) } else { quote!(value) };
    quote! {
        impl From<#ty> for #name {
            fn from(value: #ty) -> Self {
                Self::#of(#value)
            }
        }
    }
}

/// Prints the methods that give what the values of all variants have.
fn accessors(file: &Printer<'_>, name: &Ident, union: &Union) -> Option<TokenStream> {
    let variants: Vec<_> = union.variants.iter().map(|variant| ident(&variant.name)).collect();
    let methods: Vec<_> = union
        .shared
        .iter()
        .map(|field| {
            let method = ident(&field.name);
            let mut docs = Comment::new(format!("Returns {} of any known variant.", code(&field.wire)));
            docs.push(field_brief(file, field));
            let docs = file.doc(&docs);
            let Access { ty, value, absent } = access(file, field, &quote!(value));
            let expect = expect_deprecated(field.deprecated, "it reads what is deprecated");
            quote! {
                #docs
                #expect
                pub fn #method(&self) -> #ty {
                    match self {
                        #(Self::#variants(value) => #value,)*
                        Self::Unrecognized(_) => #absent,
                    }
                }
            }
        })
        .collect();
    (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }))
}

fn serialize(file: &Printer<'_>, name: &Ident, union: &Union) -> TokenStream {
    let [serialize, serializer] =
        ["Serialize", "Serializer"].map(|name| file.imports.name(Module::Serde, name));
    let is_json = |variant: &&UnionVariant| variant.value.ty == Ty::Json;
    let (json, typed): (Vec<_>, Vec<_>) = union.variants.iter().partition(is_json);
    let json = json.into_iter().map(|variant| ident(&variant.name));
    let arms = typed.into_iter().map(|variant| {
        let name = ident(&variant.name);
        match (&union.tag, variant.tags.first()) {
            (Some(tag), Some(value)) if variant.writes_tag => {
                let [tagged] = file.runtime(["serialize_tagged"]);
                quote!(Self::#name(value) => #tagged(serializer, (#tag, #value), value),)
            }
            _ => quote!(Self::#name(value) => value.serialize(serializer),),
        }
    });
    quote! {
        impl #serialize for #name {
            fn serialize<S: #serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms)*
                    #(Self::#json(value) |)* Self::Unrecognized(value) => value.serialize(serializer),
                }
            }
        }
    }
}

/// Prints what reading needs: the values of the discriminator and the shapes of the variants.
fn reading(file: &Printer<'_>, name: &Ident, union: &Union) -> TokenStream {
    let tag = union.tag.as_ref().map(|tag| format!(" by {tag:?}")).unwrap_or_default();
    let entries: Vec<_> = union.variants.iter().map(|variant| entry(file, variant)).collect();
    file.macro_of_lines("open_union", &format!("{name}{tag}"), &entries)
}

fn entry(file: &Printer<'_>, variant: &UnionVariant) -> Entry {
    let tags = separated(variant.tags.iter().map(|tag| format!("{tag:?}")), " |");
    let shape = variant.shape.as_ref().map(|shape| self::shape(file, shape)).unwrap_or_default();
    let arrow = (!tags.is_empty() && !shape.is_empty()).then(|| "=>".to_owned());
    let mut parts = vec![format!("{}:", variant.name)];
    parts.extend(tags.into_iter().chain(arrow).chain(shape));
    if let Some(last) = parts.last_mut() {
        last.push(';');
    }
    Entry(parts)
}

/// Puts a separator behind each part but the last.
fn separated(parts: impl Iterator<Item = String>, separator: &str) -> Vec<String> {
    let mut parts: Vec<_> = parts.map(|part| part + separator).collect();
    if let Some(last) = parts.last_mut() {
        last.truncate(last.len() - separator.len());
    }
    parts
}

/// Puts a list into parentheses behind a word.
fn called(word: &str, mut list: Vec<String>) -> Vec<String> {
    match list.as_mut_slice() {
        [] => return vec![word.to_owned()],
        [only] => *only = format!("{word}({only})"),
        [first, .., end] => {
            *first = format!("{word}({first}");
            end.push(')');
        }
    }
    list
}

fn shape(file: &Printer<'_>, shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Any => called("any", Vec::new()),
        Shape::Bool => called("bool", Vec::new()),
        Shape::Integer(values) => {
            let values = values.iter().map(|value| grouped(i128::from(*value)).to_string().replace(' ', ""));
            called("integer", separated(values, ","))
        }
        Shape::Number => called("number", Vec::new()),
        Shape::Text(values) => {
            called("text", separated(values.iter().map(|value| format!("{value:?}")), ","))
        }
        Shape::Formatted => called("formatted", Vec::new()),
        Shape::Array => called("array", Vec::new()),
        Shape::Map => called("map", Vec::new()),
        Shape::Object(object) => {
            let word = if object.is_open { "open_object" } else { "object" };
            called(word, properties(object))
        }
        Shape::Union(id) => called("union", vec![file.ty(&Ty::Named(*id)).to_string().replace(' ', "")]),
    }
}

/// Lists the required properties and, behind a semicolon, the others.
fn properties(object: &ObjectShape) -> Vec<String> {
    let property = |name: &String| {
        let values = object.constants.iter().find(|(other, _)| other == name);
        let values = values.map(|(_, values)| {
            let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
            format!(" = {}", values.join(" | "))
        });
        format!("{name:?}{}", values.unwrap_or_default())
    };
    let mut required = separated(object.required.iter().map(property), ",");
    let optional = separated(object.optional.iter().map(property), ",");
    match required.last_mut() {
        _ if optional.is_empty() => {}
        Some(last) => last.push(';'),
        None => required.push(";".to_owned()),
    }
    required.extend(optional);
    if required.is_empty() { vec![String::new()] } else { required }
}

/// Prints the default for the tests of applications.
fn default_of_mock(file: &Printer<'_>, name: &Ident, union: &Union) -> TokenStream {
    let default = match union.default.map(|index| &union.variants[index]) {
        Some(variant) => {
            let (variant, value) = (ident(&variant.name), default_value(file, &variant.value.ty));
            quote!(Self::#variant(#value))
        }
        None => {
            let value = file.imports.name(Module::Json, "Value");
            quote!(Self::Unrecognized(#value::Null))
        }
    };
    quote! {
        #[cfg(feature = "mock")]
        impl Default for #name {
            fn default() -> Self {
                #default
            }
        }
    }
}

fn default_value(file: &Printer<'_>, ty: &Ty) -> TokenStream {
    match ty {
        Ty::String => quote!(String::new()),
        Ty::Vec(_) => quote!(Vec::new()),
        Ty::Named(_) => {
            let ty = file.ty(ty);
            quote!(#ty::default())
        }
        _ => quote!(Default::default()),
    }
}

fn param(file: &Printer<'_>, name: &Ident, union: &Union) -> TokenStream {
    let [param, unrecognized] = file.runtime(["Param", "unrecognized_texts"]);
    let variants = union.variants.iter().map(|variant| ident(&variant.name));
    quote! {
        impl #param for #name {
            fn texts(&self, each: &mut dyn FnMut(&str)) {
                match self {
                    #(Self::#variants(value) => value.texts(each),)*
                    Self::Unrecognized(value) => #unrecognized(value, each),
                }
            }
        }
    }
}

fn check(file: &Printer<'_>, name: &Ident, union: &Union) -> TokenStream {
    let [check, walk] = file.runtime(["Check", "Checker"]);
    let (ruled, others): (Vec<_>, Vec<_>) =
        union.variants.iter().partition(|variant| file.krate.is_checked(&variant.value));
    let checks = |variant: &UnionVariant| check_reference_here(file, &variant.value, &format_ident!("value"));
    let checks = match ruled.as_slice() {
        [only] => {
            let (name, checks) = (ident(&only.name), checks(only));
            quote!(if let Self::#name(value) = self { #checks })
        }
        several => {
            let arms = several.iter().map(|variant| {
                let (name, checks) = (ident(&variant.name), checks(variant));
                quote!(Self::#name(value) => { #checks })
            });
            let others = others.iter().map(|variant| ident(&variant.name));
            quote!(match self { #(#arms)* #(Self::#others(_) |)* Self::Unrecognized(_) => {} })
        }
    };
    quote! {
        impl #check for #name {
            fn check(&self, check: &mut #walk) { #checks }
        }
    }
}
