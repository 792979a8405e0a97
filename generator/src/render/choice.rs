//! The enum of a call whose result depends on the status or on the media type of the response.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::ir::StatusPattern;
use crate::plan::{Call, Case, Choice, Payload, Reply, Ty};
use crate::render::docs::{Comment, brief};
use crate::render::printer::Printer;
use crate::render::token::ident;

/// Prints the enum, and how it is read:
///
/// ```text
/// pub enum GetThingOutcome { Ok(types::Thing), NoContent, …, Unrecognized(UnknownResponse) }
/// impl FromResponse for GetThingOutcome { … }
/// ```
pub(super) fn render(file: &Printer<'_>, call: &Call) -> Option<TokenStream> {
    let Reply::Choice(choice) = &call.reply else { return None };
    let name = ident(&choice.name);
    let docs = file.doc(&Comment::new(format!("Result of [`{}`], by {}.", call.name, distinction(choice))));
    let derives = if choice.has_file() { quote!(Debug) } else { quote!(Clone, Debug, PartialEq) };
    let variants = choice.cases.iter().map(|case| variant(file, choice, case));
    let rest = choice.has_rest().then(|| {
        let [unknown] = file.runtime(["UnknownResponse"]);
        quote! {
            /// A success with a status that the description does not declare.
            Unrecognized(#unknown),
        }
    });
    let reading = implementation(file, choice, &name);
    Some(quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #rest
        }
        #reading
    })
}

fn distinction(choice: &Choice) -> &'static str {
    if choice.is_by_media_type() { "media type" } else { "status" }
}

fn variant(file: &Printer<'_>, choice: &Choice, case: &Case) -> TokenStream {
    let name = ident(&case.name);
    let about = brief(&case.docs).filter(|_| !choice.is_by_media_type());
    let status = match case.payload {
        Payload::Json(_) if choice.is_by_media_type() => "JSON".to_owned(),
        _ if choice.is_by_media_type() => "Content of any other media type".to_owned(),
        _ => case.status.to_string(),
    };
    let docs = about.map_or_else(|| format!("{status}."), |about| format!("{status}: {about}"));
    let docs = file.doc(&Comment::new(docs));
    let content = case.payload.ty().map(|ty| file.ty(&ty)).map(|ty| quote!((#ty)));
    quote!(#docs #name #content,)
}

fn implementation(file: &Printer<'_>, choice: &Choice, name: &Ident) -> TokenStream {
    let [from_response, received, mismatch] = file.runtime(["FromResponse", "Received", "Mismatch"]);
    let read = if choice.is_by_media_type() { read_any(choice) } else { read_by_status(choice) };
    let from_file = choice.has_file().then(|| {
        let download = file.ty(&Ty::Download);
        let files = files(choice);
        quote! {
            fn from_file(response: &#received<'_>) -> Option<fn(#download) -> Self> {
                #files
            }
        }
    });
    quote! {
        impl #from_response for #name {
            fn from_response(response: &#received<'_>) -> Result<Self, #mismatch> {
                #read
            }
            #from_file
        }
    }
}

/// Prints the reading of JSON where the media type alone decides.
fn read_any(choice: &Choice) -> TokenStream {
    choice.values().next().map(read).unwrap_or_default()
}

fn read_by_status(choice: &Choice) -> TokenStream {
    let arms = choice.values().map(|case| {
        let (status, read) = (pattern(case.status), read(case));
        quote!(#status => #read,)
    });
    let rest = choice.has_rest().then(|| quote!(_ => Ok(Self::Unrecognized(response.unknown())),));
    quote! {
        match response.status() {
            #(#arms)*
            #rest
        }
    }
}

fn read(case: &Case) -> TokenStream {
    let name = ident(&case.name);
    match case.payload {
        Payload::Json(_) => quote!(response.json().map(Self::#name)),
        Payload::Text => quote!(response.text().map(Self::#name)),
        Payload::Empty | Payload::File => quote!(Ok(Self::#name)),
    }
}

/// Prints the choice of the variants that are files.
fn files(choice: &Choice) -> TokenStream {
    let files = choice.files();
    if choice.is_by_media_type() {
        let names = files.map(|case| ident(&case.name));
        return quote!(if response.is_json() { None } else { #(Some(Self::#names))* });
    }
    let arms = files.map(|case| {
        let (status, name) = (pattern(case.status), ident(&case.name));
        let guard = case.is_one_of_several.then(|| quote!(if !response.is_json()));
        quote!(#status #guard => Some(Self::#name),)
    });
    let is_rest = |case: &Case| !matches!(case.status, StatusPattern::Code(_)) && !case.is_one_of_several;
    let rest = (!choice.files().any(is_rest)).then(|| quote!(_ => None,));
    quote! {
        match response.status() {
            #(#arms)*
            #rest
        }
    }
}

fn pattern(status: StatusPattern) -> TokenStream {
    match status {
        StatusPattern::Code(code) => Literal::u16_unsuffixed(code).into_token_stream(),
        StatusPattern::Range(_) | StatusPattern::Default => quote!(_),
    }
}
