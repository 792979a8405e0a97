//! `src/error.rs`: the bodies of error responses, by status.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ir::StatusPattern;
use crate::plan::{Accessor, Decoder, ErrorVariant, Errors, Field, Presence, Ty, code};
use crate::render::Context;
use crate::render::docs::{Comment, brief};
use crate::render::imports::Module;
use crate::render::printer::{Printer, Source};
use crate::render::structure::field_brief;
use crate::render::token::{expect_deprecated, ident, perhaps_unused};

/// Prints the errors:
///
/// ```text
/// pub type Error = runtime::Error<ErrorBody>;
/// pub type ApiError = runtime::ApiError<ErrorBody>;
/// pub enum ErrorBody { NotFound(types::NotFoundResponse), …, Other }
/// impl ErrorBody { pub fn shared_property(&self) -> Option<&…> }
/// pub(crate) fn decode(status: StatusCode, body: &[u8]) -> ErrorBody
/// ```
pub(super) fn render(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let Errors { variants, accessors, decoders } = &context.krate.errors;
    let runtime = file.imports.module(Module::Runtime);
    let download = context.krate.has_downloads().then(|| {
        quote! {
            /// A file that the server sends.
            pub type Download = #runtime::Download<ErrorBody>;
        }
    });
    let variants = variants.iter().map(|variant| declaration(&file, variant));
    let methods = accessors.iter().map(|accessor| method(&file, accessor));
    let methods = (!accessors.is_empty()).then(|| quote!(impl ErrorBody { #(#methods)* }));
    let decoders = decoders.iter().map(|decoder| function(&file, decoder));
    let items = quote! {
        /// What can go wrong with a call.
        pub type Error = #runtime::Error<ErrorBody>;

        /// A response that is no success.
        pub type ApiError = #runtime::ApiError<ErrorBody>;

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
        #methods
        #(#decoders)*
    };
    file.finish(&Comment::new("What can go wrong, with the error responses of this API by status."), items)
}

fn declaration(file: &Printer<'_>, variant: &ErrorVariant) -> TokenStream {
    let name = ident(&variant.name);
    let status = match variant.status {
        StatusPattern::Default => "Any other status".to_owned(),
        status => status.to_string(),
    };
    let about =
        brief(&variant.docs).map_or_else(|| format!("{status}."), |about| format!("{status}: {about}"));
    let docs = file.doc(&Comment::new(about));
    let body = variant.body.as_ref().map(|body| file.ty(body)).map(|body| quote!((#body)));
    quote!(#docs #name #body,)
}

/// Prints the method that gives a field whatever the status is.
fn method(file: &Printer<'_>, Accessor { field, variants, is_everywhere }: &Accessor) -> TokenStream {
    let name = ident(&field.name);
    let mut docs = Comment::new(field_brief(file, field));
    docs.push(if *is_everywhere {
        "Bodies of every declared status can have it; [`Other`](Self::Other) never does."
    } else {
        "Not the bodies of every status have it."
    });
    let docs = file.doc(&docs);
    let (ty, access) = access(file, field);
    let arms = variants.iter().map(|variants| {
        let variants = variants.iter().map(|index| ident(&file.krate.errors.variants[*index].name));
        quote!(#(Self::#variants(body))|* => #access,)
    });
    let rest = if *is_everywhere { quote!(Self::Other) } else { quote!(_) };
    let expect = expect_deprecated(field.deprecated, "it reads what is deprecated");
    quote! {
        #docs
        #expect
        pub fn #name(&self) -> Option<&#ty> {
            match self {
                #(#arms)*
                #rest => None,
            }
        }
    }
}

/// Prints the type behind the reference that an accessor gives, and the expression of that reference.
fn access(file: &Printer<'_>, field: &Field) -> (TokenStream, TokenStream) {
    let name = ident(&field.name);
    let slice = match &field.value.ty {
        Ty::String => Some(quote!(str)),
        Ty::Vec(items) if !matches!(**items, Ty::Option(_)) => {
            let items = file.ty(items);
            Some(quote!([#items]))
        }
        _ => None,
    };
    let access = match (&slice, field.presence) {
        (_, Presence::Required) => quote!(Some(&body.#name)),
        (Some(_), _) => quote!(body.#name.as_deref()),
        (None, _) => quote!(body.#name.as_ref()),
    };
    (slice.unwrap_or_else(|| file.ty(&field.value.ty)), access)
}

/// Prints a decoder of error responses.
fn function(file: &Printer<'_>, decoder: &Decoder) -> TokenStream {
    let (name, docs) = (ident(&decoder.name), file.doc(&decoder_docs(decoder)));
    let perhaps_unused = perhaps_unused(file.krate);
    let [status] = file.runtime(["StatusCode"]);
    let variants: Vec<_> = decoder.variants.iter().map(|index| &file.krate.errors.variants[*index]).collect();
    let is_read = variants.iter().any(|variant| variant.body.is_some());
    let body = if is_read { format_ident!("body") } else { format_ident!("_body") };
    let (read, block) = match variants.as_slice() {
        [] => (format_ident!("_status"), quote!(ErrorBody::Other)),
        // A response to every status needs no choice.
        [only] if only.status == StatusPattern::Default => {
            let only = decoded(file, only);
            (format_ident!("_status"), quote!(#only.unwrap_or_default()))
        }
        variants => (format_ident!("status"), choice(file, variants)),
    };
    quote! {
        #docs
        #perhaps_unused
        pub(crate) fn #name(#read: #status, #body: &[u8]) -> ErrorBody { #block }
    }
}

/// Prints the choice among several responses by status.
fn choice(file: &Printer<'_>, variants: &[&ErrorVariant]) -> TokenStream {
    let arms = variants.iter().map(|variant| {
        let (statuses, body) = (pattern(variant.status), decoded(file, variant));
        quote!(#statuses => #body,)
    });
    let has_rest = variants.iter().any(|variant| variant.status == StatusPattern::Default);
    let rest = (!has_rest).then(|| quote!(_ => None,));
    quote! {
        let declared = match status.as_u16() {
            #(#arms)*
            #rest
        };
        declared.unwrap_or_default()
    }
}

fn decoder_docs(decoder: &Decoder) -> Comment {
    let users: Vec<_> = decoder.users.iter().map(|id| code(id)).collect();
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

fn decoded(file: &Printer<'_>, ErrorVariant { name, body, .. }: &ErrorVariant) -> TokenStream {
    let name = ident(name);
    if body.is_none() {
        return quote!(Some(ErrorBody::#name));
    }
    let [error_body] = file.runtime(["error_body"]);
    quote!(#error_body(body, ErrorBody::#name))
}
