//! `src/error.rs`: the bodies of error responses, by status.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Api, ErrorResponse, Operation, Presence, Property, Schema, StatusPattern, Type};
use crate::render::argument::ty;
use crate::render::docs::{Comment, brief, code};
use crate::render::imports::foreign;
use crate::render::part::perhaps_unused;
use crate::render::token::{ident, mentioned, mentions};
use crate::render::types::{expect_deprecated, property_brief};

/// ```text
/// pub type Error = runtime::Error<ErrorBody>;
/// pub type ApiError = runtime::ApiError<ErrorBody>;
/// pub enum ErrorBody { NotFound(types::NotFoundResponse), …, Other }
/// impl ErrorBody { pub fn shared_property(&self) -> Option<&…> }
/// pub(crate) fn decode(status: StatusCode, body: &[u8]) -> ErrorBody
/// ```
pub(super) fn render(api: &Api) -> TokenStream {
    let module_docs =
        Comment::new("What can go wrong, with the error responses of this API by status.").inner();
    let variants: Vec<_> = api.errors.iter().map(|error| variant(api, error)).collect();
    let accessors: Vec<_> =
        api.shared_error_properties().into_iter().map(|property| accessor(api, property)).collect();
    let accessors = (!accessors.is_empty()).then(|| quote!(impl ErrorBody { #(#accessors)* }));
    let decoders: Vec<_> = (0..api.error_sets.len()).map(|set| decoder(api, set)).collect();
    let items = quote!(#(#variants)* #accessors #(#decoders)*);
    let download = api.has_files().then(|| {
        quote! {
            /// A file that the server sends.
            pub type Download = runtime::Download<ErrorBody>;
        }
    });
    let types = mentions(&items, "types").then(|| {
        quote!(
            use crate::types;
        )
    });
    let runtime = mentions(&items, "error_body").then(|| quote!(, error_body));
    let used = mentioned(&items);
    let foreign = foreign(&used, &["BTreeMap", "DateTime", "FixedOffset", "NaiveDate", "Value"]);
    quote! {
        #module_docs
        #foreign
        use crate::runtime::{self, StatusCode #runtime};
        #types

        /// What can go wrong with a call.
        pub type Error = runtime::Error<ErrorBody>;

        /// A response that is no success.
        pub type ApiError = runtime::ApiError<ErrorBody>;

        #download

        /// The body of an error response, by its status.
        #[derive(Clone, Debug, PartialEq, Default)]
        #[non_exhaustive]
        pub enum ErrorBody {
            #(#variants)*
            /// The description declares no such status for the operation, or the body is not what it declares.
            #[default]
            Other,
        }
        #accessors
        #(#decoders)*
    }
}

fn variant(api: &Api, error: &ErrorResponse) -> TokenStream {
    let name = ident(&error.rust_name);
    let status = match error.status {
        StatusPattern::Code(code) => code.to_string(),
        StatusPattern::Range(class) => format!("{class}XX"),
        StatusPattern::Default => "Any other status".to_owned(),
    };
    let about = brief(&error.docs).map_or_else(|| format!("{status}."), |about| format!("{status}: {about}"));
    let docs = Comment::new(about).outer();
    match &error.schema {
        Some(schema) => {
            let ty = ty(api, schema, &quote!(types::));
            quote!(#docs #name(#ty),)
        }
        None => quote!(#docs #name,),
    }
}

fn is_optional(property: &Property) -> bool {
    property.presence != Presence::Required
}

fn accessor(api: &Api, property: &Property) -> TokenStream {
    let name = ident(&property.rust_name);
    let mut docs = Comment::new(property_brief(api, property));
    let has_it = |error: &ErrorResponse| {
        let object = error.schema.as_ref().and_then(|schema| api.object(schema));
        object.is_some_and(|object| object.property(&property.name).is_some())
    };
    let all_have_it = api.errors.iter().all(has_it);
    docs.push(if all_have_it {
        "Bodies of every declared status can have it; [`Other`](Self::Other) never does."
    } else {
        "Not the bodies of every status have it."
    });
    let docs = docs.outer();
    // Bodies of one type share an arm.
    let mut arms: BTreeMap<String, Vec<Ident>> = BTreeMap::new();
    for error in api.errors.iter().filter(|error| has_it(error)) {
        let body = error.schema.as_ref().map(|schema| ty(api, schema, &TokenStream::new()));
        arms.entry(body.unwrap_or_default().to_string()).or_default().push(ident(&error.rust_name));
    }
    let (ty, access) = accessed(api, &property.schema, is_optional(property), &name);
    let arms = arms.values().map(|variants| quote!(#(Self::#variants(body))|* => #access,));
    let expect = expect_deprecated(property.schema.deprecated, "it reads what is deprecated");
    let rest = if all_have_it { quote!(Self::Other) } else { quote!(_) };
    quote! {
        #docs
        #expect
        pub fn #name(&self) -> Option<#ty> {
            match self {
                #(#arms)*
                #rest => None,
            }
        }
    }
}

/// The type that an accessor gives, and how it gets it.
fn accessed(api: &Api, schema: &Schema, is_optional: bool, field: &Ident) -> (TokenStream, TokenStream) {
    let target = match &schema.ty {
        Type::String => Some(quote!(str)),
        Type::Array(items) if !items.nullable => {
            let items = ty(api, items, &quote!(types::));
            Some(quote!([#items]))
        }
        _ => None,
    };
    match (target, is_optional) {
        (Some(target), true) => (quote!(&#target), quote!(body.#field.as_deref())),
        (Some(target), false) => (quote!(&#target), quote!(Some(&body.#field))),
        (None, optional) => {
            let ty = ty(api, schema, &quote!(types::));
            let access = if optional { quote!(body.#field.as_ref()) } else { quote!(Some(&body.#field)) };
            (quote!(&#ty), access)
        }
    }
}

/// The name of the function that decodes the error responses of an operation.
pub(super) fn decoder_name(api: &Api, operation: &Operation) -> Ident {
    set_name(api, operation.error_set)
}

/// Named for its statuses, so that a new operation does not rename it.
fn set_name(api: &Api, set: usize) -> Ident {
    let name = |set: &Vec<usize>| {
        let statuses =
            set.iter().filter_map(|index| api.errors.get(*index)).map(|error| match error.status {
                StatusPattern::Code(code) => code.to_string(),
                StatusPattern::Range(class) => format!("{class}xx"),
                StatusPattern::Default => "default".to_owned(),
            });
        statuses.fold("decode".to_owned(), |name, status| format!("{name}_{status}"))
    };
    if api.error_sets.len() == 1 {
        return format_ident!("decode");
    }
    let names: Vec<_> = api.error_sets.iter().map(name).collect();
    let Some(own) = names.get(set) else { return format_ident!("decode") };
    let before = names[..set].iter().filter(|other| *other == own).count();
    if before == 0 { format_ident!("{own}") } else { format_ident!("{own}_{}", before + 1) }
}

fn decoder(api: &Api, set: usize) -> TokenStream {
    let name = set_name(api, set);
    let mut errors: Vec<_> = api.error_sets[set].iter().filter_map(|index| api.errors.get(*index)).collect();
    // A single status goes before its range, and a range before the rest.
    errors.sort_by_key(|error| error.status);
    let docs = decoder_docs(api, set).outer();
    let perhaps_unused = perhaps_unused(api);
    let docs = quote!(#docs #perhaps_unused);
    let arms = errors.iter().filter(|error| error.status != StatusPattern::Default).map(|error| {
        let pattern = pattern(error.status);
        let decoded = decoded(error);
        quote!(#pattern => #decoded,)
    });
    let rest = errors.iter().find(|error| error.status == StatusPattern::Default).map(|error| decoded(error));
    let unused = errors.iter().all(|error| error.schema.is_none());
    let body = if unused { format_ident!("_body") } else { format_ident!("body") };
    if errors.is_empty() {
        return quote!(#docs pub(crate) fn #name(_status: StatusCode, _body: &[u8]) -> ErrorBody { ErrorBody::Other });
    }
    let rest = rest.unwrap_or_else(|| quote!(None));
    quote! {
        #docs
        pub(crate) fn #name(status: StatusCode, #body: &[u8]) -> ErrorBody {
            let declared = match status.as_u16() {
                #(#arms)*
                _ => #rest,
            };
            declared.unwrap_or_default()
        }
    }
}

fn decoder_docs(api: &Api, set: usize) -> Comment {
    let users: Vec<_> = api
        .operations
        .iter()
        .filter(|operation| operation.error_set == set)
        .map(|operation| code(&operation.id))
        .collect();
    // One more takes no more room than to say so.
    let most = if users.len() == 7 { 7 } else { 6 };
    let shown = users.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    let more = users.len().saturating_sub(most);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Comment::new(format!("Decodes the error responses of {shown}{more}."))
}

fn pattern(status: StatusPattern) -> TokenStream {
    match status {
        StatusPattern::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        StatusPattern::Range(2) => quote!(_ if status.is_success()),
        StatusPattern::Range(3) => quote!(_ if status.is_redirection()),
        StatusPattern::Range(4) => quote!(_ if status.is_client_error()),
        StatusPattern::Range(5) => quote!(_ if status.is_server_error()),
        StatusPattern::Range(_) => quote!(_ if status.is_informational()),
        StatusPattern::Default => quote!(_),
    }
}

fn decoded(error: &ErrorResponse) -> TokenStream {
    let variant = ident(&error.rust_name);
    match &error.schema {
        Some(_) => quote!(error_body(body, ErrorBody::#variant)),
        None => quote!(Some(ErrorBody::#variant)),
    }
}
