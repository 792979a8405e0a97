//! The default transport on wasm32.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response, StatusCode};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use url::Url;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect,
};

use crate::runtime::body::{Body, BodyError, BoxFuture};
use crate::runtime::client::BuildError;
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

/// Default transport on wasm32, with the `fetch` function of the JavaScript host. It follows no redirect, and sends no
/// cookies.
///
/// The host decides on connections, proxies and TLS, and tells little about a failure: every failed connection counts as
/// one after which the server may have processed the request. Browsers hide redirects, so a redirect is a failure there.
/// A body is sent from memory as a whole.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct FetchTransport;

impl Transport for FetchTransport {
    fn send<'a>(
        &'a self,
        request: Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<Response<Body>, TransportError>> {
        // Values of JavaScript belong to one thread, and wasm32 has only one.
        Box::pin(SendWrapper::new(fetch(request)))
    }
}

/// Settings of the default transport: none.
#[derive(Default)]
pub(crate) struct Connection {}

impl Connection {
    /// Returns the transport of the application, if it has one, or the default one.
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "other targets have settings, which can be wrong"
    )]
    pub(crate) fn transport(
        self,
        own: Option<Box<dyn Transport>>,
        _: &[Url],
        _: Option<Duration>,
    ) -> Result<Box<dyn Transport>, BuildError> {
        Ok(own.unwrap_or_else(|| Box::new(FetchTransport)))
    }
}

async fn fetch(request: Request<Body>) -> Result<Response<Body>, TransportError> {
    let (head, body) = request.into_parts();
    let content = whole(body).await?;
    let transfer = Transfer::new().map_err(failed(TransportErrorKind::Setup))?;
    let options = RequestInit::new();
    options.set_method(head.method.as_str());
    options.set_headers(sent(&head.headers).map_err(failed(TransportErrorKind::Setup))?.as_ref());
    if !content.is_empty() {
        options.set_body(&Uint8Array::from(&content[..]));
    }
    options.set_redirect(RequestRedirect::Manual);
    options.set_credentials(RequestCredentials::Omit);
    options.set_cache(RequestCache::NoStore);
    options.set_signal(Some(&transfer.0.signal()));
    let response = called(&head.uri.to_string(), &options).map_err(failed(TransportErrorKind::Setup))?;
    let response = JsFuture::from(response).await.map_err(failed(TransportErrorKind::Exchange))?;
    received(&response.unchecked_into(), transfer).map_err(failed(TransportErrorKind::Exchange))
}

/// Calls `fetch`, which is a function of windows and of workers.
fn called(url: &str, options: &RequestInit) -> Result<Promise, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    fetch.call2(&global, &url.into(), options)?.dyn_into()
}

/// Reads a request's body to its end.
async fn whole(mut body: Body) -> Result<Bytes, TransportError> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        whole.extend_from_slice(
            &piece.map_err(|error| TransportError::new(TransportErrorKind::RequestBody, error))?,
        );
    }
    Ok(whole.freeze())
}

fn sent(headers: &HeaderMap) -> Result<Headers, JsValue> {
    let sent = Headers::new()?;
    for (name, value) in headers {
        // Text of JavaScript has a letter for each byte of a header.
        let value: String = value.as_bytes().iter().copied().map(char::from).collect();
        sent.append(name.as_str(), &value)?;
    }
    Ok(sent)
}

fn received(response: &web_sys::Response, transfer: Transfer) -> Result<Response<Body>, JsValue> {
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| JsValue::from("the response is a redirect, which the host hides"))?;
    let body = match response.body() {
        Some(stream) => Body::stream(Pieces::new(stream.get_reader().unchecked_into(), transfer), None),
        None => Body::empty(),
    };
    let mut received = Response::new(body);
    *received.status_mut() = status;
    for entry in js_sys::try_iter(&response.headers())?.into_iter().flatten() {
        let entry: js_sys::Array = entry?.unchecked_into();
        received.headers_mut().extend(header(&entry.get(0), &entry.get(1)));
    }
    // The host decodes bodies, and leaves the headers of the encoded ones.
    if received.headers_mut().remove(CONTENT_ENCODING).is_some() {
        received.headers_mut().remove(CONTENT_LENGTH);
    }
    Ok(received)
}

/// Returns a header of a response. Hosts give no other than valid ones.
fn header(name: &JsValue, value: &JsValue) -> Option<(HeaderName, HeaderValue)> {
    let bytes: Option<Vec<u8>> = value.as_string()?.chars().map(|letter| u8::try_from(letter).ok()).collect();
    let name = HeaderName::from_bytes(name.as_string()?.as_bytes()).ok()?;
    Some((name, HeaderValue::from_bytes(&bytes?).ok()?))
}

/// Exchange that ends when this is dropped.
struct Transfer(AbortController);

impl Transfer {
    fn new() -> Result<Self, JsValue> {
        AbortController::new().map(Self)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Pieces of a response's body.
struct Pieces(SendWrapper<Reading>);

struct Reading {
    reader: ReadableStreamDefaultReader,
    next: Option<JsFuture>,
    /// Ends the exchange with the body.
    _transfer: Transfer,
}

impl Pieces {
    fn new(reader: ReadableStreamDefaultReader, transfer: Transfer) -> Self {
        Self(SendWrapper::new(Reading { reader, next: None, _transfer: transfer }))
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Reading { reader, next, .. } = &mut *self.0;
        let read = next.get_or_insert_with(|| JsFuture::from(reader.read()));
        let result = ready!(Pin::new(read).poll(cx));
        *next = None;
        Poll::Ready(
            result
                .and_then(|result| piece(&result))
                .map_err(|error| BodyError::new(text(&error)))
                .transpose(),
        )
    }
}

/// Returns the bytes of a result of reading; `None` at the end.
fn piece(result: &JsValue) -> Result<Option<Bytes>, JsValue> {
    if Reflect::get(result, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    let bytes: Uint8Array = Reflect::get(result, &"value".into())?.dyn_into()?;
    Ok(Some(bytes.to_vec().into()))
}

/// Returns a function that makes an error of an exception.
fn failed(kind: TransportErrorKind) -> impl FnOnce(JsValue) -> TransportError {
    move |error| TransportError::new(kind, text(&error))
}

/// Returns the text of an exception, and of its cause.
fn text(error: &JsValue) -> String {
    let Some(exception) = error.dyn_ref::<js_sys::Error>() else {
        return error.as_string().unwrap_or_else(|| format!("{error:?}"));
    };
    let message = String::from(exception.message());
    match Reflect::get(error, &"cause".into()) {
        Ok(cause) if cause.is_object() => format!("{message}: {}", text(&cause)),
        _ => message,
    }
}
