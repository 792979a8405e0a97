//! Short-lived tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use loopback::{Reply, Server};

use crate::runtime::{
    Attempt, Body, BoxError, BoxFuture, CallOptions, Client, ErrorKind, Secret, TimeoutKind, TokenProvider,
    Transport, TransportError, Upload,
};
use crate::support::{CHATS, builder};

/// A provider of `token-1` until that is refused, then of `token-2`, and so on.
#[derive(Clone, Default)]
struct Numbered {
    refusals: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Numbered {
    fn current(&self) -> Secret {
        format!("token-{}", self.refusals.load(Ordering::Relaxed) + 1).into()
    }
}

impl TokenProvider for Numbered {
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            tokio::task::yield_now().await;
            if refused == Some(&self.current()) {
                self.refusals.fetch_add(1, Ordering::Relaxed);
            }
            Ok(self.current())
        })
    }
}

fn client(server: &Server, provider: impl TokenProvider) -> Client {
    builder(server.url()).oauth_token_provider(provider).build().unwrap()
}

fn tokens(server: &Server) -> Vec<String> {
    let token = |header: Option<&str>| header.unwrap_or("none").to_owned();
    server.requests().iter().map(|request| token(request.header("authorization"))).collect()
}

#[tokio::test]
async fn each_call_asks_the_provider() {
    let server = Server::replying([Reply::json(200, CHATS), Reply::json(200, CHATS)]).await;
    let provider = Numbered::default();
    let client = client(&server, provider.clone());
    client.get_chats(7).send().await.unwrap();
    client.get_chats(7).send().await.unwrap();
    assert_eq!(tokens(&server), ["Bearer token-1", "Bearer token-1"]);
    assert_eq!(provider.asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn refused_token_is_replaced_once_for_unsafe_call() {
    let refusal = || Reply::json(401, r#"{"status":"ERROR"}"#);
    let server = Server::replying([refusal(), Reply::json(200, r#"{"status":"OK"}"#)]).await;
    let reply =
        client(&server, Numbered::default()).send_message_to_chat(7, 42, "Hello").send().await.unwrap();
    assert_eq!(tokens(&server), ["Bearer token-1", "Bearer token-2"]);
    assert_eq!(reply.attempts(), 2);

    let server = Server::replying([refusal(), refusal()]).await;
    let error = client(&server, Numbered::default()).get_chats(7).send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(tokens(&server).len(), 2, "a second 401 is not retried");
}

/// A server in memory that refuses the first token, after some time.
#[derive(Debug)]
struct Strict;

impl Transport for Strict {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let is_first = request.headers()["authorization"] == "Bearer token-1";
            let response = http::Response::builder().status(if is_first { 401 } else { 200 });
            Ok(response.body(Body::from(CHATS)).unwrap())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_refusals_of_one_token_replace_it_once() {
    let provider = Numbered::default();
    let client = Client::builder().oauth_token_provider(provider.clone()).transport(Strict).build().unwrap();
    let calls: Vec<_> = (0..9).map(|_| tokio::spawn(client.get_chats(7).send())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().attempts(), 2);
    }
    assert_eq!(provider.refusals.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn stream_is_not_retried_for_a_token() {
    let server = Server::replying([Reply::json(401, "{}")]).await;
    let provider = Numbered::default();
    let late = crate::support::Late { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), content: None };
    let upload = Upload::stream("a.txt", late, None);
    let error = client(&server, provider.clone()).send_file_to_chat(7, 42, upload).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), server.requests().len()), (401, 1));
    assert_eq!(provider.refusals.load(Ordering::Relaxed), 1, "the next call has another token");
}

#[tokio::test]
async fn header_of_call_overrides_provider() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let options = CallOptions::new().header("Authorization", "Bearer my own");
    client(&server, Numbered::default()).get_chats(7).options(options).send().await.unwrap();
    assert_eq!(tokens(&server), ["Bearer my own"]);
}

struct Failing;

impl TokenProvider for Failing {
    fn token<'a>(&'a self, _: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>> {
        Box::pin(async { Err("the vault is sealed".into()) })
    }
}

struct Silent;

impl TokenProvider for Silent {
    fn token<'a>(&'a self, _: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>> {
        Box::pin(std::future::pending())
    }
}

struct Torn;

impl TokenProvider for Torn {
    fn token<'a>(&'a self, _: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>> {
        Box::pin(async { Ok("hidden\n".into()) })
    }
}

#[tokio::test]
async fn missing_token_is_unsent_with_reason() {
    let server = Server::replying([]).await;
    let error = client(&server, Failing).get_chats(7).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getChats: POST /businesses/7/chats: not sent: there is no token: the vault is sealed"
    );
    let error = client(&server, Torn).get_chats(7).send().await.unwrap_err();
    assert!(!crate::support::everything(&error).contains("hidden"));
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn silent_provider_ends_at_operation_timeout() {
    let client = builder("http://localhost").oauth_token_provider(Silent).build().unwrap();
    let timeout = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timeout.kind(), ErrorKind::Timeout, "{timeout}");
    assert!(matches!(timeout.timeout(), Some((TimeoutKind::Operation, _))), "{timeout}");
}
