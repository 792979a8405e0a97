//! The methods of a call that send it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::ParameterPlace;
use crate::plan::{Body, Call, Envelope, Input, InputKind, JsonBody, Reply, Ty};
use crate::render::check::{check, check_optional, check_reference};
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::token::ident;

/// Prints the methods that send a call:
///
/// ```text
/// pub async fn send(self) -> Result<Response<GetThingsResponse>, Error>
/// pub fn send_blocking(self) -> Result<Response<GetThingsResponse>, Error>
/// ```
///
/// What an operation has of its own is `#[inline]`: code is then made for the operations that a program calls, in the
/// program, and for no other.
pub(super) fn methods(file: &Printer<'_>, call: &Call) -> TokenStream {
    let [request, response, error] = file.runtime(["Request", "Response", "Error"]);
    let output = file.ty(&call.reply.ty());
    let mutable = changes_request(call).then(|| quote!(mut));
    let parameters = parameters(call);
    let checks = checks(file, call);
    let body = body(file, call);
    let send = send(file, call);
    quote! {
        /// Sends the call.
        ///
        /// # Errors
        /// [`Error::kind`](crate::Error::kind) tells failures apart.
        #[inline]
        pub async fn send(self) -> Result<#response<#output>, #error> {
            let #mutable request = #request::new(&self.client, &Self::OPERATION, self.options);
            #parameters
            #checks
            #body
            #send
        }

        /// Sends the call, in code that is not async.
        ///
        /// # Errors
        /// See [`send`](Self::send).
        #[cfg(feature = "blocking")]
        #[inline]
        pub fn send_blocking(self) -> Result<#response<#output>, #error> {
            crate::runtime::block_on(self.send())
        }
    }
}

/// Prints the implementation that sends a call when it is awaited:
///
/// ```text
/// impl IntoFuture for GetThing { … }
/// ```
///
/// Calls with pages have none: awaiting one would silently return one page.
pub(super) fn future(file: &Printer<'_>, call: &Call) -> Option<TokenStream> {
    if call.paging.is_some() {
        return None;
    }
    let [response, error, future] = file.runtime(["Response", "Error", "BoxFuture"]);
    let (name, output) = (ident(&call.name), file.ty(&call.reply.ty()));
    Some(quote! {
        impl IntoFuture for #name {
            type Output = Result<#response<#output>, #error>;
            type IntoFuture = #future<'static, Self::Output>;

            /// Sends the call.
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    })
}

/// Returns `true` if there is something to add to a new request.
fn changes_request(call: &Call) -> bool {
    let has_body = !matches!(call.body, Body::None);
    has_body || !call.query.is_empty() || call.reply.accept().is_some() || call.fields().next().is_some()
}

fn parameters(call: &Call) -> TokenStream {
    let places =
        [ParameterPlace::Path, ParameterPlace::Query, ParameterPlace::Header, ParameterPlace::Cookie];
    let lines = places.into_iter().flat_map(|place| {
        let method = format_ident!("{}", place.word());
        let inputs = call.fields().filter(move |input| input.kind == InputKind::Parameter(place));
        inputs.map(move |input| {
            let (wire, field) = (&input.wire, ident(&input.name));
            quote!(request.#method(#wire, &self.#field);)
        })
    });
    let fixed = call.query.iter().map(|(name, value)| quote!(request.query(#name, &#value);));
    fixed.chain(lines).collect()
}

fn checks(file: &Printer<'_>, call: &Call) -> TokenStream {
    let inputs = call.fields().filter(|input| file.krate.is_checked(&input.value));
    let checks = inputs.map(|input| {
        let field = ident(&input.name);
        let path = match input.kind {
            InputKind::Parameter(_) => input.wire.clone(),
            _ => format!("body.{}", input.wire),
        };
        let (at, place) = (quote!(self.#field), quote!(request.check(#path)));
        if input.is_required {
            check(file, &input.value, &at, &place)
        } else {
            check_optional(file, &input.value, &at, &quote!(Some(value)), &place)
        }
    });
    checks.collect()
}

fn body(file: &Printer<'_>, call: &Call) -> TokenStream {
    match &call.body {
        Body::None => TokenStream::new(),
        Body::Multipart => {
            let [form] = file.runtime(["Form"]);
            let parts = call.fields().filter(|input| input.kind == InputKind::FormPart).map(part);
            quote! {
                let mut form = #form::new();
                #(#parts)*
                request.multipart(form);
            }
        }
        Body::Json(body) if body.is_required => {
            let check = file.krate.is_checked(&body.value).then(|| check_body(file, body));
            let json = json(body, &quote!(&self.body));
            quote!(#check #json)
        }
        Body::Json(body) => {
            let check = file.krate.is_checked(&body.value).then(|| check_body(file, body));
            let json = json(body, &quote!(body));
            quote!(if let Some(body) = &self.body { #check #json })
        }
    }
}

fn part(input: &Input) -> TokenStream {
    let (wire, field) = (&input.wire, ident(&input.name));
    match (&input.value.ty, input.is_required) {
        (Ty::Upload, true) => quote!(form.file(#wire, self.#field);),
        (Ty::Upload, false) => quote!(form.files(#wire, self.#field);),
        _ => quote!(form.text(#wire, &self.#field);),
    }
}

fn json(body: &JsonBody, value: &TokenStream) -> TokenStream {
    match &body.media_type {
        None => quote!(request.json(#value);),
        Some(media_type) => quote!(request.json_as(#media_type, #value);),
    }
}

/// Prints the checks of a body; one that may be absent is there, as `body`.
fn check_body(file: &Printer<'_>, body: &JsonBody) -> TokenStream {
    let place = quote!(request.check("body"));
    match (&body.value.ty, body.is_required) {
        (Ty::Named(_), true) => quote!(request.check_body(&self.body);),
        (Ty::Named(_), false) => quote!(request.check_body(body);),
        (_, true) => check(file, &body.value, &quote!(self.body), &place),
        (_, false) => check_reference(file, &body.value, &format_ident!("body"), &place),
    }
}

/// Prints the expression that sends the request and reads the response.
fn send(file: &Printer<'_>, call: &Call) -> TokenStream {
    let error = file.imports.module(Module::Error);
    let decoder = ident(&file.krate.errors.decoders[call.decoder].name);
    let accept = call.reply.accept().map(|accept| quote!(request.accept(#accept);));
    let send = match &call.reply {
        Reply::Empty if call.envelope.is_some() => quote!(send_unit(#error::#decoder)),
        Reply::Empty => quote!(send_empty(#error::#decoder)),
        Reply::File { .. } => quote!(send_download(#error::#decoder)),
        Reply::Json { .. } => match &call.envelope {
            Some(Envelope { result: Some(_), .. }) => quote!(send_result(#error::#decoder)),
            Some(Envelope { result: None, .. }) => quote!(send_checked(#error::#decoder)),
            None => quote!(send(#error::#decoder)),
        },
    };
    quote!(#accept request.#send.await)
}
