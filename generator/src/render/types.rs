//! `src/types.rs` or `src/types/`: the types of requests and responses.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{
    Api, Enum, FailureMarker, Module, Object, Presence, Property, Schema, Type, TypeDef, TypeId, TypeKind,
    Usage,
};
use crate::render::argument::{Argument, argument, many_arguments, ty};
use crate::render::check::{Found, check_place, is_checked};
use crate::render::docs::{Comment, brief, code, wire_note};
use crate::render::imports::{chosen, foreign, import};
use crate::render::part::{file_name, only_with, perhaps_unused};
use crate::render::token::{ident, mentioned, mentions};
use crate::render::{Context, Output};

/// `src/types.rs` or, of a client in parts, a file for each part beside `src/types/mod.rs`.
pub(super) fn outputs<'a>(context: &'a Context<'a>) -> Vec<Output<'a>> {
    if context.api.modules.is_empty() {
        return vec![("src/types.rs".to_owned(), Box::new(|| all(context)))];
    }
    let mut outputs: Vec<Output<'a>> = vec![("src/types/mod.rs".to_owned(), Box::new(|| all(context)))];
    for (index, module) in context.api.modules.iter().enumerate() {
        if defs(context.api, Some(index)).next().is_some() {
            let path = format!("src/types/{}.rs", file_name(module));
            outputs.push((path, Box::new(move || part(context, index, module))));
        }
    }
    outputs
}

/// The types of one part of the client or, for none, those that parts share.
fn defs(api: &Api, module: Option<usize>) -> impl Iterator<Item = (&TypeId, &TypeDef)> {
    let is_used = |def: &TypeDef| def.usage.request || def.usage.response;
    api.types.iter().filter(move |(_, def)| is_used(def) && def.module == module)
}

/// The types of no single part, and those of the parts.
fn all(context: &Context<'_>) -> TokenStream {
    let docs = Comment::new("What requests and responses are made of.").inner();
    let (imports, items) = items(context, None);
    let parts = context.api.modules.iter().enumerate();
    let parts = parts.filter(|(index, _)| defs(context.api, Some(*index)).next().is_some());
    let parts = parts.map(|(_, module)| {
        let (only, name) = (only_with(module), ident(&module.rust_name));
        quote!(#only mod #name; #only pub use #name::*;)
    });
    quote!(#docs #imports #(#parts)* #items)
}

/// The types of one part.
fn part(context: &Context<'_>, index: usize, module: &Module) -> TokenStream {
    let text = match &module.tag {
        Some(tag) => format!("What only the operations of {} need.", code(tag)),
        None => "What only the operations without a tag need.".to_owned(),
    };
    let docs = Comment::new(text).inner();
    let (imports, items) = items(context, Some(index));
    let shared = shared_types(context.api, index);
    let shared = import(&quote!(super), &shared.into_iter().map(ident).collect::<Vec<_>>());
    quote!(#docs #imports #shared #items)
}

/// The types of no single part that those of one part are made of.
fn shared_types(api: &Api, index: usize) -> BTreeSet<&str> {
    let schemas = defs(api, Some(index)).flat_map(|(_, def)| def.kind.schemas());
    let types = schemas.filter_map(|schema| api.types.get(schema.named()?));
    types.filter(|def| def.module.is_none()).map(|def| def.rust_name.as_str()).collect()
}

/// Types sorted by name, and the imports that they need.
fn items(context: &Context<'_>, module: Option<usize>) -> (TokenStream, TokenStream) {
    let mut defs: Vec<_> = defs(context.api, module).collect();
    defs.sort_by(|(_, a), (_, b)| a.rust_name.cmp(&b.rust_name));
    // The values of an enum may be called like something that the code of an object imports.
    let (mut items, mut used) = (TokenStream::new(), HashSet::new());
    for (id, def) in &defs {
        match &def.kind {
            TypeKind::Object(object) => {
                let object = render_object(context, id, def, object);
                used.extend(mentioned(&object));
                items.extend(object);
            }
            TypeKind::Enum(values) => items.extend(render_enum(def, values)),
            TypeKind::Union(_) => {}
        }
    }
    let has_enums = defs.iter().any(|(_, def)| matches!(def.kind, TypeKind::Enum(_)));
    (imports(&used, has_enums), items)
}

fn imports(used: &HashSet<String>, has_enums: bool) -> TokenStream {
    let mut runtime = chosen(used, &["Check", "Checker"]);
    if has_enums {
        runtime.extend(["UnknownValue", "open_enum"].map(ident));
    }
    let meant =
        ["BTreeMap", "Bound", "DateTime", "Deserialize", "FixedOffset", "NaiveDate", "Serialize", "Value"];
    let (foreign, runtime) = (foreign(used, &meant), import(&quote!(crate::runtime), &runtime));
    quote!(#foreign #runtime)
}

/// ```text
/// #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
/// #[serde(rename_all = "camelCase")]
/// #[non_exhaustive]
/// pub struct Thing { pub field: Type, … }
///
/// impl Thing {                    // for what a caller sends
///     pub fn new(required…) -> Self
///     pub fn optional(mut self, optional: …) -> Self
/// }
///
/// impl Check for Thing { … }      // where there is something to check
/// ```
fn render_object(context: &Context<'_>, id: &TypeId, def: &TypeDef, object: &Object) -> TokenStream {
    let Context { api, checked, replies, .. } = context;
    let name = ident(&def.rust_name);
    let camel_case = prefers_camel_case(object);
    let fields = object.properties.iter().map(|property| render_field(api, def.usage, property, camel_case));
    let docs = type_docs(def);
    let default = (def.usage.request && !object.properties.iter().any(|p| p.presence.is_argument()))
        .then(|| quote!(Default,));
    let rename_all = camel_case.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let constructor = def.usage.request.then(|| render_constructor(api, &name, object));
    let is_success = replies.contains(id).then(|| render_is_success(api, &name, id));
    let check = (def.usage.request && checked.contains(id)).then(|| render_check(&name, object, checked));
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, Deserialize, Serialize)]
        #rename_all
        #[non_exhaustive]
        pub struct #name { #(#fields)* }
        #constructor
        #is_success
        #check
    }
}

/// The types that are the success of an operation.
pub(super) fn replies(api: &Api) -> BTreeSet<&TypeId> {
    api.operations.iter().filter_map(|operation| operation.reply()?.type_id()).collect()
}

/// The property of a reply that tells a success from a failure with the status of a success, and its value then.
pub(super) fn failure_property<'a>(api: &'a Api, id: &TypeId) -> Option<(&'a Property, &'a FailureMarker)> {
    let object = api.types.get(id)?.kind.as_object()?;
    let marker = object.failure.as_ref()?;
    Some((object.property(&marker.property)?, marker))
}

fn render_is_success(api: &Api, name: &Ident, id: &TypeId) -> Option<TokenStream> {
    let (property, marker) = failure_property(api, id)?;
    let field = ident(&property.rust_name);
    let text = &marker.value;
    let optional = property.presence != Presence::Required;
    let differs = match (&property.schema.ty, optional) {
        (_, false) => quote!(self.#field.as_str() != #text),
        (Type::String, true) => quote!(self.#field.as_deref() != Some(#text)),
        (_, true) => {
            let ty = ty(api, &property.schema, &TokenStream::new());
            quote!(self.#field.as_ref().map(#ty::as_str) != Some(#text))
        }
    };
    let docs =
        Comment::new(format!("Whether {} says something else than {}.", code(&property.name), code(text)))
            .outer();
    let perhaps_unused = perhaps_unused(api);
    Some(quote! {
        impl #name {
            #docs
            #perhaps_unused
            pub(crate) fn is_success(&self) -> bool {
                #differs
            }
        }
    })
}

fn type_docs(def: &TypeDef) -> TokenStream {
    let mut comment = Comment::about(&def.docs, &format!("The schema {}.", code(&def.name)));
    if def.is_component && def.name != def.rust_name {
        comment.push(format!("In the description: {}.", code(&def.name)));
    }
    if def.deprecated {
        // An attribute would warn of every use of the type in this crate too.
        comment.push("**Deprecated**: the API no longer wants it to be used.");
    }
    comment.outer()
}

pub(super) fn deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[deprecated = "the API no longer wants it to be used"]))
}

/// The same for what sets something deprecated, and so uses it.
pub(super) fn deprecated_setter(is_deprecated: bool) -> Option<TokenStream> {
    let deprecated = deprecated(is_deprecated)?;
    let expect = expect_deprecated(is_deprecated, "it sets what is deprecated");
    Some(quote!(#deprecated #expect))
}

/// For code that uses something deprecated, and why.
pub(super) fn expect_deprecated(is_deprecated: bool, reason: &str) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[expect(deprecated, reason = #reason)]))
}

fn render_field(api: &Api, usage: Usage, property: &Property, camel_case: bool) -> TokenStream {
    let name = ident(&property.rust_name);
    let ty = field_type(api, property);
    let docs = property_docs(api, property).outer();
    let deprecated = deprecated(property.schema.deprecated);
    let serde = serde_attributes(usage, property, camel_case);
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    quote!(#docs #deprecated #serde pub #name: #ty,)
}

fn property_docs(api: &Api, property: &Property) -> Comment {
    let otherwise = about_type(api, &property.schema)
        .unwrap_or_else(|| format!("The property {}.", code(&property.name)));
    let mut comment = Comment::about(&property.schema.docs, &otherwise);
    comment.maybe(wire_note(&property.name, &property.rust_name, &property.schema));
    comment
}

fn serde_attributes(usage: Usage, property: &Property, camel_case: bool) -> Vec<TokenStream> {
    let rust_name = property.rust_name.trim_start_matches("r#");
    let name = &property.name;
    let given = if camel_case { camel_case_of(rust_name) } else { rust_name.to_owned() };
    let mut attributes = Vec::new();
    if given != *name {
        attributes.push(quote!(rename = #name));
    }
    match property.presence {
        Presence::Required if matches!(property.schema.ty, Type::Array(_)) && usage.response => {
            attributes.push(quote!(deserialize_with = "crate::runtime::null_as_empty"));
        }
        Presence::OptionalNullable => {
            attributes.push(quote!(default));
            attributes.push(quote!(deserialize_with = "crate::runtime::nullable"));
            attributes.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        Presence::Optional => attributes.push(quote!(skip_serializing_if = "Option::is_none")),
        Presence::Required | Presence::Nullable => {}
    }
    if property.schema.read_only && usage.request {
        attributes.retain(|attribute| !mentions(attribute, "skip_serializing_if"));
        attributes.push(quote!(skip_serializing));
    }
    attributes
}

fn field_type(api: &Api, property: &Property) -> TokenStream {
    let ty = ty(api, &property.schema, &TokenStream::new());
    let ty = if property.boxed { quote!(Box<#ty>) } else { ty };
    match property.presence {
        Presence::Required => ty,
        Presence::Nullable | Presence::Optional => quote!(Option<#ty>),
        Presence::OptionalNullable => quote!(Option<Option<#ty>>),
    }
}

fn render_constructor(api: &Api, name: &Ident, object: &Object) -> TokenStream {
    let (required, optional): (Vec<_>, Vec<_>) =
        object.properties.iter().partition(|p| p.presence.is_argument());
    let setters =
        optional.iter().filter(|p| !p.schema.read_only).map(|property| render_setter(api, property));
    let docs = Comment::new(match required.len() {
        0 => "A value with no property set.".to_owned(),
        _ => "A value with the required properties.".to_owned(),
    })
    .outer();
    if required.is_empty() {
        return quote!(impl #name { #docs pub fn new() -> Self { Self::default() } #(#setters)* });
    }
    let arguments: Vec<_> =
        required.iter().map(|property| argument(api, property, &TokenStream::new())).collect();
    let parameters = arguments.iter().map(|argument| &argument.parameter);
    let values = arguments
        .iter()
        .zip(&required)
        .map(|(argument, property)| argument.initialises(&ident(&property.rust_name)));
    let nothing = optional.iter().map(|property| ident(&property.rust_name));
    let many = many_arguments(arguments.len());
    let is_deprecated = object.properties.iter().any(|property| property.schema.deprecated);
    let expect = expect_deprecated(is_deprecated, "it begins with every property, used or not");
    quote! {
        impl #name {
            #docs
            #many
            #expect
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#nothing: None,)* }
            }
            #(#setters)*
        }
    }
}

fn render_setter(api: &Api, property: &Property) -> TokenStream {
    let name = ident(&property.rust_name);
    let Argument { parameter, value } = argument(api, property, &TokenStream::new());
    let mut docs = Comment::new(property_brief(api, property));
    if property.schema.nullable {
        docs.push("`None` is sent as `null`.");
    }
    let docs = docs.outer();
    let deprecated = deprecated_setter(property.schema.deprecated);
    quote! {
        #docs
        #deprecated
        pub fn #name(mut self, #parameter) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// What is said of a type, for uses of it of which nothing is said.
pub(super) fn about_type(api: &Api, schema: &Schema) -> Option<String> {
    match &schema.ty {
        Type::Named(id) => brief(&api.types.get(id)?.docs),
        _ => None,
    }
}

/// What a property is, in a few words.
pub(super) fn property_brief(api: &Api, property: &Property) -> String {
    brief(&property.schema.docs)
        .or_else(|| about_type(api, &property.schema))
        .unwrap_or_else(|| format!("The property {}.", code(&property.name)))
}

fn render_check(name: &Ident, object: &Object, checked: &BTreeSet<TypeId>) -> TokenStream {
    let properties: Vec<_> = object
        .properties
        .iter()
        .filter(|property| is_checked(&property.schema, checked) && !property.schema.read_only)
        .collect();
    let is_deprecated = properties.iter().any(|property| property.schema.deprecated);
    let expect = expect_deprecated(is_deprecated, "what is deprecated is checked too");
    let checks = properties.iter().map(|property| {
        let field = ident(&property.rust_name);
        let wire = &property.name;
        let found = match property.presence {
            Presence::Required => Found::Always,
            Presence::Nullable | Presence::Optional => Found::Perhaps(quote!(Some(value))),
            Presence::OptionalNullable => Found::Perhaps(quote!(Some(Some(value)))),
        };
        check_place(&property.schema, &quote!(self.#field), &found, &quote!(check.at(#wire)), checked)
    });
    quote! {
        impl Check for #name {
            #expect
            fn check(&self, check: &mut Checker) { #(#checks)* }
        }
    }
}

/// Whether most fields are called as `serde`'s camel case has them.
fn prefers_camel_case(object: &Object) -> bool {
    let names = || object.properties.iter().map(|p| (p.name.as_str(), p.rust_name.trim_start_matches("r#")));
    let as_is = names().filter(|(wire, rust)| wire == rust).count();
    let camel = names().filter(|(wire, rust)| *wire == camel_case_of(rust)).count();
    camel > as_is
}

/// `serde`'s camel case of a snake case name.
fn camel_case_of(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut capital = false;
    for letter in name.chars() {
        match (letter, capital) {
            ('_', _) => capital = true,
            (letter, true) => {
                camel.push(if camel.is_empty() { letter } else { letter.to_ascii_uppercase() });
                capital = false;
            }
            (letter, false) => camel.push(letter),
        }
    }
    camel
}

/// ```text
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Kind { Known, …, Unrecognized(UnknownValue) }
///
/// impl Kind { pub const VALUES, pub fn as_str(&self) -> &str }
///
/// open_enum!(Kind);              // conversions, Display, serde
/// ```
fn render_enum(def: &TypeDef, values: &Enum) -> TokenStream {
    let name = ident(&def.rust_name);
    let docs = type_docs(def);
    let variants = values.values.iter().map(|value| {
        let variant = ident(&value.rust_name);
        let text = value.value.as_str().unwrap_or_default();
        let about = brief(&value.docs).map_or_else(|| code(text), |about| format!("{}: {about}", code(text)));
        let docs = Comment::new(about).outer();
        quote!(#docs #variant,)
    });
    let names: Vec<_> = values.values.iter().map(|value| ident(&value.rust_name)).collect();
    let texts = values.values.iter().map(|value| value.value.as_str().unwrap_or_default());
    let unknown = Comment::new("A value that was not known when this client was generated.").outer();
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* #unknown Unrecognized(UnknownValue) }
        impl #name {
            /// The values that were known when this client was generated.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #texts,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }
        open_enum!(#name);
    }
}
