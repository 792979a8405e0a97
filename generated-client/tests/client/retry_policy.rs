//! `examples/retries.rs` at work, without a network: the paused clock waits for nothing.

use std::future::pending;
use std::time::Duration;

use tokio::time::Instant;
use yandex_market_chats::transport::{Attempt, Body, BoxFuture, Transport, TransportError};
use yandex_market_chats::{Client, Error, TimeoutKind, http};

use crate::support::KEY;

#[path = "../../examples/retries.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod program;

/// A server that is always unavailable or, without a status, silent.
#[derive(Debug)]
struct Failing(Option<http::StatusCode>);

impl Transport for Failing {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async {
            let Some(status) = self.0 else { return pending().await };
            Ok(http::Response::builder().status(status).body(Body::empty()).expect("a response"))
        })
    }
}

async fn failure(transport: Failing) -> Error {
    let client = program::patient(Client::builder()).api_key(KEY).transport(transport).build().unwrap();
    client.get_chat(7, 42).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn unavailable_server_gets_five_attempts() {
    let error = failure(Failing(Some(http::StatusCode::SERVICE_UNAVAILABLE))).await;
    assert_eq!(error.attempts(), 5);
}

#[tokio::test(start_paused = true)]
async fn call_to_silent_server_ends_in_two_minutes() {
    let start = Instant::now();
    let error = failure(Failing(None)).await;
    assert_eq!(error.timeout(), Some((TimeoutKind::Operation, Duration::from_secs(120))));
    assert_eq!(start.elapsed(), Duration::from_secs(120));
    assert_eq!(error.attempts(), 4, "30 s each, and backoff");
}
