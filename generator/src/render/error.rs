//! `src/error.rs`: the bodies of error responses, by status.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ir::StatusPattern;
use crate::plan::{
    Accessor, Decoder, Details, ErrorText, ErrorVariant, Errors, Field, Having, Presence, Ty, code,
};
use crate::render::Context;
use crate::render::docs::{Comment, brief};
use crate::render::printer::{Printer, Source};
use crate::render::structure::field_brief;
use crate::render::token::{expect_deprecated, ident, perhaps_unused};

/// Prints the errors:
///
/// ```text
/// pub enum ErrorBody { NotFound(types::NotFoundResponse), …, Other }
/// impl Error { pub fn body(&self) -> Option<&ErrorBody>, … }
/// impl ErrorBody { pub fn details(&self) -> Option<&…>, pub fn shared_property(&self) -> Option<&…> }
/// pub(crate) fn decode(status: StatusCode, body: &[u8]) -> DecodedError
/// ```
pub(super) fn render(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let Errors { variants, accessors, details, decoders, .. } = &context.krate.errors;
    let [error] = file.runtime(["Error"]);
    let variants = variants.iter().map(|variant| declaration(&file, variant));
    let texts = texts(&file);
    let details = details.as_ref().map(|details| whole(&file, details));
    let methods: Vec<_> =
        details.into_iter().chain(accessors.iter().map(|accessor| method(&file, accessor))).collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl ErrorBody { #(#methods)* }));
    let decoders = decoders.iter().map(|decoder| function(&file, decoder));
    let items = quote! {
        /// Body of an error response, by its status.
        #[derive(Clone, Debug, PartialEq, Default)]
        #[non_exhaustive]
        pub enum ErrorBody {
            #(#variants)*
            /// A status that the operation does not declare, or a body that is not as declared.
            #[default]
            Other,
        }
        impl #error {
            /// Returns the body of an error response: [`ErrorKind::Api`](crate::ErrorKind::Api).
            pub fn body(&self) -> Option<&ErrorBody> {
                self.body_as()
            }
            #texts
        }
        #methods
        #(#decoders)*
    };
    file.finish(&Comment::new("Error responses of this API."), items)
}

/// Prints the methods that give the texts which error bodies have in common.
fn texts(file: &Printer<'_>) -> TokenStream {
    let Errors { messages, code, accessors, .. } = &file.krate.errors;
    let messages = messages.as_ref().map(|text| {
        let values = text_values(text, accessors);
        quote! {
            /// Returns the messages of an error response, for people.
            pub fn messages(&self) -> impl Iterator<Item = &str> {
                #values
            }
        }
    });
    let code = code.as_ref().map(|text| {
        let value = first_text(text, accessors);
        quote! {
            /// Returns the code of an error response, for programs. If there are several codes, the first one is
            /// returned.
            pub fn code(&self) -> Option<&str> {
                #value
            }
        }
    });
    quote!(#messages #code)
}

/// Prints an iterator over the values of a text.
fn text_values(text: &ErrorText, accessors: &[Accessor]) -> TokenStream {
    let accessor = ident(&accessors[text.accessor].field.name);
    let Some(field) = &text.of_items else {
        return quote!(self.body().and_then(ErrorBody::#accessor).into_iter());
    };
    let (name, items) = (ident(&field.name), items(&accessor));
    match field.presence {
        Presence::Required => quote!(#items.iter().map(|item| item.#name.as_str())),
        _ => quote!(#items.iter().filter_map(|item| item.#name.as_deref())),
    }
}

/// Prints the first value of a text, as an `Option`.
fn first_text(text: &ErrorText, accessors: &[Accessor]) -> TokenStream {
    let accessor = ident(&accessors[text.accessor].field.name);
    let Some(field) = &text.of_items else {
        return quote!(self.body().and_then(ErrorBody::#accessor));
    };
    let (name, items) = (ident(&field.name), items(&accessor));
    match field.presence {
        Presence::Required => quote!(#items.first().map(|item| item.#name.as_str())),
        _ => quote!(#items.iter().find_map(|item| item.#name.as_deref())),
    }
}

fn items(accessor: &Ident) -> TokenStream {
    quote!(self.body().map(ErrorBody::#accessor).unwrap_or_default())
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

/// Prints the method that gives the whole body whatever the status is.
fn whole(file: &Printer<'_>, Details { name, ty, variants: indices }: &Details) -> TokenStream {
    let variants = &file.krate.errors.variants;
    let (name, ty) = (ident(name), file.ty(ty));
    let rest = if indices.len() == variants.len() { quote!(Self::Other) } else { quote!(_) };
    let variants = indices.iter().map(|index| ident(&variants[*index].name));
    quote! {
        /// Returns the body, which has the same type for every status.
        pub fn #name(&self) -> Option<&#ty> {
            match self {
                #(Self::#variants(body))|* => Some(body),
                #rest => None,
            }
        }
    }
}

/// Prints the method that gives a field whatever the status is.
fn method(file: &Printer<'_>, Accessor { field, having, is_everywhere }: &Accessor) -> TokenStream {
    let name = ident(&field.name);
    let mut docs = Comment::new(format!("Returns {} of the body.", code(&field.wire)));
    docs.push(field_brief(file, field));
    if !is_everywhere {
        docs.push("Some statuses have a body without it.");
    }
    let docs = file.doc(&docs);
    let Access { ty, absent, .. } = access(file, field, &quote!(body));
    let arms = having.iter().map(|Having { variants, presence }| {
        let Access { value, .. } =
            access(file, &Field { presence: *presence, ..field.clone() }, &quote!(body));
        let variants = variants.iter().map(|index| ident(&file.krate.errors.variants[*index].name));
        quote!(#(Self::#variants(body))|* => #value,)
    });
    let rest = if *is_everywhere { quote!(Self::Other) } else { quote!(_) };
    let expect = expect_deprecated(field.deprecated, "it reads what is deprecated");
    quote! {
        #docs
        #expect
        pub fn #name(&self) -> #ty {
            match self {
                #(#arms)*
                #rest => #absent,
            }
        }
    }
}

/// Code of an accessor.
pub(super) struct Access {
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
    /// Value where the field is absent.
    pub(super) absent: TokenStream,
}

/// Prints what an accessor of a field of `owner` gives: a slice of a list, which may be empty, or an optional reference.
pub(super) fn access(file: &Printer<'_>, field: &Field, owner: &TokenStream) -> Access {
    let name = ident(&field.name);
    let is_required = field.presence == Presence::Required;
    match &field.value.ty {
        Ty::Vec(items) if !matches!(**items, Ty::Option(_)) => {
            let items = file.ty(items);
            let value = if is_required {
                quote!(&#owner.#name)
            } else {
                quote!(#owner.#name.as_deref().unwrap_or_default())
            };
            Access { ty: quote!(&[#items]), value, absent: quote!(&[]) }
        }
        ty => {
            let ty = if *ty == Ty::String { quote!(str) } else { file.ty(ty) };
            let value = match (is_required, &field.value.ty) {
                (true, _) => quote!(Some(&#owner.#name)),
                (false, Ty::String) => quote!(#owner.#name.as_deref()),
                (false, _) => quote!(#owner.#name.as_ref()),
            };
            Access { ty: quote!(Option<&#ty>), value, absent: quote!(None) }
        }
    }
}

/// Prints a decoder of error responses.
fn function(file: &Printer<'_>, decoder: &Decoder) -> TokenStream {
    let (name, docs) = (ident(&decoder.name), file.doc(&decoder_docs(decoder)));
    let perhaps_unused = perhaps_unused(file.krate);
    let [status, decoded_error] = file.runtime(["StatusCode", "DecodedError"]);
    let variants: Vec<_> = decoder.variants.iter().map(|index| &file.krate.errors.variants[*index]).collect();
    let is_read = variants.iter().any(|variant| variant.body.is_some());
    let body = if is_read { format_ident!("body") } else { format_ident!("_body") };
    let (read, block) = match variants.as_slice() {
        [] => (format_ident!("_status"), quote!(Box::new(ErrorBody::Other))),
        // A response to every status needs no choice.
        [only] if only.status == StatusPattern::Default && only.body.is_none() => {
            let only = ident(&only.name);
            (format_ident!("_status"), quote!(Box::new(ErrorBody::#only)))
        }
        [only] if only.status == StatusPattern::Default => {
            let only = decoded(file, only);
            (format_ident!("_status"), quote!(Box::new(#only.unwrap_or_default())))
        }
        variants => (format_ident!("status"), choice(file, variants)),
    };
    quote! {
        #docs
        #perhaps_unused
        #[inline]
        pub(crate) fn #name(#read: #status, #body: &[u8]) -> #decoded_error { #block }
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
        Box::new(declared.unwrap_or_default())
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

fn decoded(file: &Printer<'_>, ErrorVariant { name, body, is_text, .. }: &ErrorVariant) -> TokenStream {
    let name = ident(name);
    if body.is_none() {
        return quote!(Some(ErrorBody::#name));
    }
    let [error_body] = file.runtime([if *is_text { "error_text" } else { "error_body" }]);
    quote!(#error_body(body, ErrorBody::#name))
}
