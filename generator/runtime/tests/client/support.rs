//! Code that the tests share.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use loopback::Server;

use http::HeaderMap;

use crate::error;
use crate::runtime::{
    Attempt, Body, BoxFuture, Client, ClientBuilder, Error, Method, Operation, Request, Response,
    RetryConfig, Safety, SecurityScheme, Transport, TransportError,
};

pub(crate) const TOKEN: &str = "t0p-secret-token";

/// A response of `getChats`.
pub(crate) const CHATS: &str =
    r#"{"status":"OK","result":{"chats":[{"chatId":9007199254740993,"type":"CHAT"}]}}"#;

/// Returns a builder without the proxies of the environment and without retries, which have tests of their own.
pub(crate) fn builder(url: impl Into<String>) -> ClientBuilder {
    #[cfg(feature = "tracing")]
    crate::traces::be_loud_if_asked();
    Client::builder().base_url(url).retry(RetryConfig::disabled()).reqwest(reqwest::ClientBuilder::no_proxy)
}

/// Returns a client of the server, with a token.
pub(crate) fn client(server: &Server) -> Client {
    builder(server.url()).oauth_token(TOKEN).build().expect("a client")
}

/// Returns an operation with these alternatives of credentials.
pub(crate) const fn operation(
    method: Method,
    path: &'static str,
    security: &'static [&'static [SecurityScheme]],
) -> Operation {
    Operation {
        id: "probe",
        method,
        path,
        security,
        safety: Safety::Unsafe,
        idempotency_key: None,
        rate_limit: None,
        scopes: &[],
        deprecation: None,
        envelope: None,
    }
}

/// A public operation without parameters.
pub(crate) static PROBE: Operation = operation(Method::GET, "/probe", &[]);

/// Calls an operation with the parameters and the body that `fill` adds.
pub(crate) async fn call(
    client: &Client,
    operation: &'static Operation,
    fill: impl FnOnce(&mut Request<'_>),
) -> Result<Response<()>, Error> {
    let mut request = Request::new(client, operation, crate::runtime::CallOptions::new());
    fill(&mut request);
    request.send_empty(error::decode).await
}

/// Returns the `Display` and `Debug` text of an error and of its sources.
pub(crate) fn everything(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        // Writing to a string cannot fail.
        let _ = write!(text, "{error}\n{error:?}\n{error:#?}\n");
        next = error.source();
    }
    text
}

/// A transport without a network: it records requests, waits, and responds.
#[derive(Default)]
pub(crate) struct Fake {
    pub(crate) head_after: Duration,
    pub(crate) body_after: Duration,
    pub(crate) seen: Mutex<Vec<(http::Uri, HeaderMap, Option<Duration>)>>,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fake")
    }
}

impl Transport for Fake {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        let seen = (request.uri().clone(), request.headers().clone(), attempt.connect_timeout);
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        Box::pin(async move {
            tokio::time::sleep(self.head_after).await;
            let body =
                Late { sleep: Box::pin(tokio::time::sleep(self.body_after)), content: Some(CHATS.into()) };
            Ok(http::Response::new(Body::stream(body, None)))
        })
    }
}

/// A stream that yields its only chunk after some time.
pub(crate) struct Late {
    pub(crate) sleep: std::pin::Pin<Box<tokio::time::Sleep>>,
    pub(crate) content: Option<bytes::Bytes>,
}

impl futures_core::Stream for Late {
    type Item = std::io::Result<bytes::Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::ready!(self.sleep.as_mut().poll(cx));
        std::task::Poll::Ready(self.content.take().map(Ok))
    }
}
