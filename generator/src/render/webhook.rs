//! `src/webhooks/`: requests that an application receives, and the responses that it can give.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Signature, SignatureEncoding, SignatureTime, SignedPart, StatusPattern};
use crate::plan::{ResponseBody, Webhook, WebhookResponse, code};
use crate::render::docs::{Comment, brief, brief_cell};
use crate::render::imports::Module;
use crate::render::printer::{Printer, Source};
use crate::render::token::{grouped, ident};
use crate::render::{Context, Output, types};

/// Lists the modules of the webhooks and the module of their types.
pub(super) fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    let mut outputs = types::outputs(context);
    for webhook in &context.krate.webhooks {
        let path = format!("src/webhooks/{}.rs", webhook.name.plain());
        outputs.push((path, Box::new(move || render(context, webhook))));
    }
    outputs.push(("src/webhooks/mod.rs".to_owned(), Box::new(move || all(context))));
    outputs
}

/// Prints the module of all webhooks:
///
/// ```text
/// pub mod send_event;
/// pub mod types;
///
/// pub use crate::runtime::{Deliveries, RecentDeliveries, WebhookError};
/// ```
fn all(context: Context<'_>) -> Source {
    let file = Printer::new(context);
    let krate = context.krate;
    let otherwise = format!("Requests that {} sends to an application.", krate.title);
    let mut docs = Comment::about(&krate.docs, &otherwise);
    docs.push("Compiled with the feature `webhooks`.");
    let row = |webhook: &Webhook| {
        let about = brief_cell(&webhook.docs);
        let request = code(&request(webhook));
        format!("| [`{0}`] | {request} | {about} |", webhook.name.plain())
    };
    let rows: Vec<_> = krate.webhooks.iter().map(row).collect();
    docs.push(format!("| Module | Request | |\n|---|---|---|\n{}", rows.join("\n")));
    let modules = krate.webhooks.iter().map(|webhook| ident(&webhook.name));
    let integration = krate.dialect.runtime().and_then(|dialect| dialect.webhooks).map(|webhooks| {
        let name = quote::format_ident!("{}", webhooks.name);
        quote! {
            mod integration;
            pub use integration::#name;
        }
    });
    let items = quote! {
        #(pub mod #modules;)*
        pub mod types;
        #integration
        pub use crate::runtime::{Deliveries, RecentDeliveries, WebhookError};
    };
    file.finish(&docs, items)
}

/// Prints the module of a webhook:
///
/// ```text
/// pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<types::Event, WebhookError>    // with the secret, if signed
///
/// pub enum Response { Ok(types::Accepted), … }
///
/// impl Response { pub fn status(&self) -> StatusCode, pub fn into_http(self) -> http::Response<Vec<u8>> }
/// ```
fn render(context: Context<'_>, webhook: &Webhook) -> Source {
    let file = Printer::new(context);
    let mut docs = Comment::about(&webhook.docs, &format!("Requests of {}.", code(&webhook.id)));
    docs.push(format!("A request is {}.", code(&request(webhook))));
    let parse = parse(&file, webhook);
    let response = (!webhook.responses.is_empty()).then(|| responses(&file, webhook));
    file.finish(&docs, quote!(#parse #response))
}

/// Returns the method and, if it is known, the path of a request.
fn request(webhook: &Webhook) -> String {
    let path = webhook.path.iter().map(|path| format!(" {path}"));
    webhook.http_method.clone() + &path.collect::<String>()
}

fn parse(file: &Printer<'_>, webhook: &Webhook) -> Option<TokenStream> {
    let ty = file.ty(webhook.payload.as_ref()?);
    let [error, read] = file.runtime(["WebhookError", "read_webhook"]);
    let tag = match &webhook.tag {
        Some(tag) => quote!(Some(#tag)),
        None => quote!(None),
    };
    let headers = file.imports.name(Module::Http, "HeaderMap");
    let Some(signature) = &webhook.signature else {
        return Some(quote! {
            /// Reads a request.
            ///
            /// Anyone can send such a request: look up what it is about with a call before you act on it.
            ///
            /// # Errors
            /// The body is not JSON of the described type.
            pub fn parse(headers: &#headers, body: &[u8]) -> Result<#ty, #error> {
                #read(headers, body, #tag)
            }
        });
    };
    let [secret, verify] = file.runtime(["Secret", "verify_webhook"]);
    let constant = self::signature(file, signature);
    let docs = format!("Reads a request whose signature is in the header `{}`.", signature.header);
    let mut docs = Comment::new(docs);
    docs.push("# Errors\nThe signature is missing, wrong or too old, or the body is not JSON of the described type.");
    let docs = file.doc(&docs);
    Some(quote! {
        #constant

        #docs
        pub fn parse(secret: &#secret, headers: &#headers, body: &[u8]) -> Result<#ty, #error> {
            #verify(&SIGNATURE, secret, headers, body)?;
            parse_unverified(headers, body)
        }

        /// Reads a request without looking at its signature. Anyone can send such a request.
        ///
        /// # Errors
        /// The body is not JSON of the described type.
        pub fn parse_unverified(headers: &#headers, body: &[u8]) -> Result<#ty, #error> {
            #read(headers, body, #tag)
        }
    })
}

fn signature(file: &Printer<'_>, signature: &Signature) -> TokenStream {
    let [of, encoding, signed] = file.runtime(["Signature", "Encoding", "Signed"]);
    let Signature { header, prefix, .. } = signature;
    let encoding = match signature.encoding {
        SignatureEncoding::Hex => quote!(#encoding::Hex),
        SignatureEncoding::Base64 => quote!(#encoding::Base64),
    };
    let parts = signature.signed.iter().map(|part| match part {
        SignedPart::Text(text) => quote!(#signed::Text(#text)),
        SignedPart::Timestamp => quote!(#signed::Timestamp),
        SignedPart::Body => quote!(#signed::Body),
    });
    let timestamp = match &signature.timestamp {
        None => quote!(None),
        Some(SignatureTime { header, tolerance }) => {
            let (duration, tolerance) =
                (file.imports.name(Module::Time, "Duration"), grouped(i128::from(*tolerance)));
            quote!(Some((#header, #duration::from_secs(#tolerance))))
        }
    };
    quote! {
        const SIGNATURE: #of = #of {
            header: #header,
            prefix: #prefix,
            encoding: #encoding,
            signed: &[#(#parts),*],
            timestamp: #timestamp,
        };
    }
}

fn responses(file: &Printer<'_>, webhook: &Webhook) -> TokenStream {
    let status = file.imports.name(Module::Http, "StatusCode");
    let variants = webhook.responses.iter().map(|response| declaration(file, response));
    let statuses = webhook.responses.iter().filter_map(|response| status_arm(file, response));
    let statuses = statuses.chain(open_arm(webhook));
    let responses = webhook.responses.iter().map(|response| response_arm(file, response));
    quote! {
        /// Response to a request.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Response {
            #(#variants)*
        }

        impl Response {
            /// Returns the status.
            pub fn status(&self) -> #status {
                match self { #(#statuses)* }
            }

            /// Returns what to send: status, `Content-Type` and bytes of the body.
            pub fn into_http(self) -> http::Response<Vec<u8>> {
                let status = self.status();
                match self { #(#responses)* }
            }
        }
    }
}

/// Prints a variant. Where several statuses are possible, the application gives one.
fn declaration(file: &Printer<'_>, response: &WebhookResponse) -> TokenStream {
    let name = ident(&response.name);
    let status = code(&response.status.to_string());
    let docs = match brief(&response.docs) {
        Some(about) => format!("{status}: {about}"),
        None => status,
    };
    let docs = file.doc(&Comment::new(docs));
    let status = is_open(response).then(|| file.imports.name(Module::Http, "StatusCode"));
    let body = match &response.body {
        ResponseBody::Empty => None,
        ResponseBody::Json { ty, .. } => Some(file.ty(ty)),
        ResponseBody::Bytes { .. } => Some(quote!(Vec<u8>)),
    };
    let parts: Vec<_> = status.into_iter().chain(body).collect();
    if parts.is_empty() { quote!(#docs #name,) } else { quote!(#docs #name(#(#parts),*),) }
}

/// Prints the arm of a response whose status the description says.
fn status_arm(file: &Printer<'_>, response: &WebhookResponse) -> Option<TokenStream> {
    let StatusPattern::Code(number) = response.status else { return None };
    let name = ident(&response.name);
    let body = (response.body != ResponseBody::Empty).then(|| quote!((_)));
    let status = status(file, number);
    Some(quote!(Self::#name #body => #status,))
}

/// Prints the arm of the responses whose status the application gives.
fn open_arm(webhook: &Webhook) -> Option<TokenStream> {
    let open = webhook.responses.iter().filter(|response| is_open(response));
    let patterns: Vec<_> = open
        .map(|response| {
            let name = ident(&response.name);
            let body = (response.body != ResponseBody::Empty).then(|| quote!(, _));
            quote!(Self::#name(status #body))
        })
        .collect();
    (!patterns.is_empty()).then(|| quote!(#(#patterns)|* => *status,))
}

/// Prints a status by its name, if it has one.
fn status(file: &Printer<'_>, number: u16) -> TokenStream {
    let code = file.imports.name(Module::Http, "StatusCode");
    match http::StatusCode::from_u16(number).ok().and_then(constant) {
        Some(constant) => {
            let constant = quote::format_ident!("{constant}");
            quote!(#code::#constant)
        }
        None => quote!(#code::from_u16(#number).unwrap_or(#code::INTERNAL_SERVER_ERROR)),
    }
}

/// Returns the name of the constant of a status: its reason in capitals.
fn constant(status: http::StatusCode) -> Option<String> {
    let reason = status.canonical_reason()?;
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == ' ' || letter == '-';
    reason.chars().all(is_letter).then(|| reason.replace([' ', '-'], "_").to_uppercase())
}

fn response_arm(file: &Printer<'_>, response: &WebhookResponse) -> TokenStream {
    let name = ident(&response.name);
    let status = is_open(response).then(|| quote!(_));
    let (body, response) = match &response.body {
        ResponseBody::Empty => {
            let [empty] = file.runtime(["empty_response"]);
            (None, quote!(#empty(status)))
        }
        ResponseBody::Json { media_type, .. } => {
            let [json] = file.runtime(["json_response"]);
            (Some(quote!(body)), quote!(#json(status, #media_type, &body)))
        }
        ResponseBody::Bytes { media_type } => {
            let [bytes] = file.runtime(["bytes_response"]);
            (Some(quote!(body)), quote!(#bytes(status, #media_type, body)))
        }
    };
    let parts: Vec<_> = status.into_iter().chain(body).collect();
    let parts = (!parts.is_empty()).then(|| quote!((#(#parts),*)));
    quote!(Self::#name #parts => #response,)
}

fn is_open(response: &WebhookResponse) -> bool {
    !matches!(response.status, StatusPattern::Code(_))
}
