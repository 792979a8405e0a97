//! The methods of a call that send it.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::ir::ParameterPlace;
use crate::plan::{Body, Call, Envelope, EventStream, Input, InputKind, Paging, Reply, Ty, code};
use crate::render::body::{body, style};
use crate::render::check::{check, check_optional};
use crate::render::docs::Comment;
use crate::render::imports::Module;
use crate::render::printer::Printer;
use crate::render::server;
use crate::render::token::{ident, optional};

/// Prints the methods that send a call:
///
/// ```text
/// pub async fn send(self) -> Result<Response<GetThingsResponse>, Error>
/// pub fn send_blocking(self) -> Result<Response<GetThingsResponse>, Error>
/// ```
///
/// Functions of one operation are `#[inline]`: a program compiles only those of the operations that it calls. A call with
/// a stream has two methods that send it, which share a third one.
pub(super) fn methods(file: &Printer<'_>, call: &Call) -> TokenStream {
    let [response, error] = file.runtime(["Response", "Error"]);
    let output = output(file, call);
    let prepare = match call.stream {
        None => prepare(file, call, &quote!(&self.client)),
        Some(_) => {
            let mutable = call.reply.accept().map(|_| quote!(mut));
            quote! {
                let client = self.client.clone();
                let #mutable request = self.into_request(&client);
            }
        }
    };
    let send = send(file, call);
    let stream = call.stream.as_ref().map(|stream| self::stream(file, call, stream));
    quote! {
        /// Sends the call.
        ///
        /// # Errors
        /// [`Error::kind`](crate::Error::kind) tells failures apart.
        #[inline]
        pub async fn send(self) -> Result<#response<#output>, #error> {
            #prepare
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

        #stream
    }
}

/// Prints the statements that make a request of the fields of a call.
fn prepare(file: &Printer<'_>, call: &Call, client: &TokenStream) -> TokenStream {
    let [request] = file.runtime(["Request"]);
    let mutable = changes_request(call).then(|| quote!(mut));
    let server = call.server.map(|server| server::choice(file, server));
    let parameters = parameters(file, call);
    let checks = checks(file, call);
    let body = body(file, call);
    quote! {
        let #mutable request = #request::new(#client, &Self::OPERATION, self.options);
        #server
        #parameters
        #checks
        #body
    }
}

/// Prints the method that returns a stream, with what it shares with `send`:
///
/// ```text
/// pub(crate) const STREAM: StreamFormat = …;
/// pub fn stream(self) -> EventStream<types::Event>
/// fn into_request(self, client: &Client) -> Request<'_>
/// ```
fn stream(file: &Printer<'_>, call: &Call, stream: &EventStream) -> TokenStream {
    let [format, content, client, request] =
        file.runtime(["StreamFormat", "StreamContent", "Client", "Request"]);
    let EventStream { accept, terminator, .. } = stream;
    let ty = file.ty(&Ty::EventStream(Box::new(stream.item.clone())));
    let kind = format_ident!("{}", stream.content.name());
    let terminator = optional(terminator.as_ref().map(ToTokens::to_token_stream));
    let decoder = decoder(file, call);
    let prepared = if changes_request(call) {
        let prepare = prepare(file, call, &quote!(client));
        let redirects = call.follows_redirects.then(redirects);
        quote!(#prepare #redirects request)
    } else {
        quote!(#request::new(client, &Self::OPERATION, self.options))
    };
    let docs = file.doc(&stream_docs(call, stream));
    quote! {
        pub(crate) const STREAM: #format =
            #format { accept: #accept, content: #content::#kind, terminator: #terminator };

        #docs
        #[inline]
        pub fn stream(self) -> #ty {
            let client = self.client.clone();
            self.into_request(&client).stream(&client, &Self::STREAM, #decoder)
        }

        #[inline]
        fn into_request(self, client: &#client) -> #request<'_> {
            #prepared
        }
    }
}

fn stream_docs(call: &Call, stream: &EventStream) -> Comment {
    let mut docs =
        Comment::new("Returns the stream of the items in the response. It sends the call when it is polled.");
    if !matches!(call.reply, Reply::Stream(_)) {
        docs.push(format!(
            "The call asks for {}. An API that also needs a parameter or a property for that gets it by its setter.",
            code(&stream.accept)
        ));
    }
    docs
}

fn decoder(file: &Printer<'_>, call: &Call) -> TokenStream {
    let error = file.imports.module(Module::Error);
    let decoder = ident(&file.krate.errors.decoders[call.decoder].name);
    quote!(#error::#decoder)
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
    let (name, output) = (ident(&call.name), output(file, call));
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

/// Prints the type that a call returns, in the file of the call.
fn output(file: &Printer<'_>, call: &Call) -> TokenStream {
    match &call.reply {
        Reply::Choice(choice) => ident(&choice.name).into_token_stream(),
        reply => result(file, reply),
    }
}

/// Prints the type that a call returns, unless it is an enum of the call.
pub(super) fn result(file: &Printer<'_>, reply: &Reply) -> TokenStream {
    match reply.ty() {
        Some(ty) => file.ty(&ty),
        None => {
            let [redirect] = file.runtime(["Redirect"]);
            redirect
        }
    }
}

/// Returns `true` if there is something to add to a new request.
fn changes_request(call: &Call) -> bool {
    let has_body = !matches!(call.body, Body::None);
    let has_url = call.paging.as_ref().is_some_and(Paging::has_url);
    let has_parameters = !call.query.is_empty() || call.fields().next().is_some();
    let has_server = call.server.is_some();
    let has_accept = call.stream.is_none() && call.reply.accept().is_some();
    has_body || has_url || has_server || call.follows_redirects || has_parameters || has_accept
}

fn redirects() -> TokenStream {
    quote!(request.follow_redirects();)
}

fn parameters(file: &Printer<'_>, call: &Call) -> TokenStream {
    let places =
        [ParameterPlace::Path, ParameterPlace::Query, ParameterPlace::Header, ParameterPlace::Cookie];
    let lines = places.into_iter().flat_map(|place| {
        let inputs = call.fields().filter(move |input| input.kind.place() == Some(place));
        inputs.map(move |input| parameter(file, place, input))
    });
    let fixed = call.query.iter().map(|(name, value)| quote!(request.query(#name, &#value);));
    fixed.chain(lines).collect()
}

fn parameter(file: &Printer<'_>, place: ParameterPlace, input: &Input) -> TokenStream {
    let (method, wire, field) = (place.word(), &input.wire, ident(&input.name));
    match input.kind {
        InputKind::Parameter { style: Some(style), .. } => {
            let (method, style) = (format_ident!("{method}_as"), self::style(file, style));
            quote!(request.#method(#wire, #style, &self.#field);)
        }
        _ => {
            let method = format_ident!("{method}");
            quote!(request.#method(#wire, &self.#field);)
        }
    }
}

fn checks(file: &Printer<'_>, call: &Call) -> TokenStream {
    let inputs = call.fields().filter(|input| file.krate.is_checked(&input.value));
    let checks = inputs.map(|input| {
        let field = ident(&input.name);
        let path = match &input.kind {
            InputKind::Parameter { .. } => input.wire.clone(),
            InputKind::PartHeader(part) => format!("body.{part}.{}", input.wire),
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

/// Prints the expression that sends the request and reads the response.
fn send(file: &Printer<'_>, call: &Call) -> TokenStream {
    let decoder = decoder(file, call);
    let accept = call.reply.accept().map(|accept| quote!(request.accept(#accept);));
    let send = match &call.reply {
        Reply::Empty if call.envelope.is_some() => quote!(send_unit(#decoder)),
        Reply::Empty => quote!(send_empty(#decoder)),
        Reply::Text { .. } => quote!(send_text(#decoder)),
        Reply::File { .. } => quote!(send_download(#decoder)),
        Reply::Stream(_) => quote!(send_stream(&client, &Self::STREAM, #decoder)),
        Reply::Redirect => quote!(send_redirect(#decoder)),
        Reply::Optional { empty, .. } => {
            let empty = empty.iter().copied().map(Literal::u16_unsuffixed);
            quote!(send_optional(&[#(#empty),*], #decoder))
        }
        Reply::Choice(choice) if choice.has_file() => quote!(send_choice_or_file(#decoder)),
        Reply::Choice(_) => quote!(send_choice(#decoder)),
        Reply::Json { .. } => match &call.envelope {
            Some(Envelope { result: Some(_), .. }) => quote!(send_result(#decoder)),
            Some(Envelope { result: None, .. }) => quote!(send_checked(#decoder)),
            None => quote!(send(#decoder)),
        },
    };
    let has_url = call.paging.as_ref().is_some_and(Paging::has_url);
    let follow = has_url.then(|| quote!(request.follow(&self.page_position);));
    let redirects = (call.follows_redirects && call.stream.is_none()).then(redirects);
    quote!(#accept #redirects #follow request.#send.await)
}
