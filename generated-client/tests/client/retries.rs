//! Faults on a real connection: which requests are retried, and that no message is sent twice or lost as a success.

use std::time::Duration;

use loopback::{End, HeldClock, Refusing, Reply, Server};
use yandex_market_chats::RetryConfig;
use yandex_market_chats::{Client, Error, ErrorKind};

use crate::support::{DONE, KEY, OPERATIONS, Operation, builder};

/// Returns `true` if the server may get a request twice.
fn is_repeatable((name, _): Operation) -> bool {
    !name.starts_with("send")
}

/// The limit for an attempt, in virtual time: it expires only if the server stalls.
const LIMIT: Duration = Duration::from_millis(600);

fn patient(server: &Server) -> Client {
    // A backoff would need time to pass.
    let policy = RetryConfig::new().initial_backoff(Duration::ZERO);
    let builder = builder(server.url()).api_key(KEY).retry(policy);
    builder.attempt_timeout(LIMIT).build().expect("a client")
}

/// Calls an operation of a server that fails once and then succeeds. Returns the result and the number of requests.
/// The test must hold the clock.
async fn after(fault: Reply, (_, call): Operation) -> (Result<(), Error>, usize) {
    let server = Server::replying([fault, Reply::json(200, DONE)]).await.passing(LIMIT);
    let outcome = call(&patient(&server)).await;
    (outcome, server.requests().len())
}

/// Returns faults that leave it unknown if the server processed the request.
fn ambiguous() -> Vec<(&'static str, Reply)> {
    vec![
        ("reset before all of the request was read", Reply::none(End::Reset).early()),
        ("reset after the request", Reply::none(End::Reset)),
        ("closed after the request", Reply::none(End::Close)),
        ("silence before all of the request was read", Reply::none(End::Stall).early()),
        ("silence", Reply::none(End::Stall)),
        ("silence in the head", Reply::json(200, DONE).cut_head(20, End::Stall)),
        ("reset in the head", Reply::json(200, DONE).cut_head(20, End::Reset)),
        ("cut in the head", Reply::json(200, DONE).cut_head(20, End::Close)),
        ("no HTTP at all", Reply::status(200).cut_head(3, End::Close)),
        ("reset in the body", Reply::json(200, DONE).cut(5, End::Reset)),
        ("cut in the body", Reply::json(200, DONE).cut(5, End::Close)),
        ("silence in the body", Reply::json(200, DONE).cut(5, End::Stall)),
        ("broken chunk", Reply::json(200, DONE).broken_chunk()),
        ("500", Reply::json(500, r#"{"status":"ERROR"}"#)),
        ("502 of a proxy", Reply::status(502).body("<html>")),
        ("503", Reply::status(503)),
        ("504", Reply::status(504)),
    ]
}

#[tokio::test(start_paused = true)]
async fn ambiguous_fault_never_sends_message_twice() {
    let _clock = HeldClock::new();
    for operation in OPERATIONS {
        for (name, fault) in ambiguous() {
            let (outcome, requests) = after(fault, operation).await;
            let what = format!("{} after {name}: {outcome:?}", operation.0);
            if is_repeatable(operation) {
                assert!(outcome.is_ok() && requests == 2, "{what}, {requests} requests");
            } else {
                assert!(outcome.is_err() && requests == 1, "{what}, {requests} requests");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn unprocessed_request_is_retried_by_every_operation() {
    let _clock = HeldClock::new();
    for operation in OPERATIONS {
        for status in [420, 429] {
            let (outcome, requests) = after(Reply::json(status, r#"{"status":"ERROR"}"#), operation).await;
            assert!(outcome.is_ok() && requests == 2, "{} after {status}: {outcome:?}", operation.0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refusal_is_not_retried() {
    let _clock = HeldClock::new();
    let stranger = Server::replying([]).await;
    for operation in OPERATIONS {
        for status in [302, 307, 308, 400, 401, 403, 404, 405, 415, 423] {
            let fault = Reply::json(status, r#"{"status":"ERROR"}"#).header("Location", &stranger.url());
            let (outcome, requests) = after(fault, operation).await;
            assert!(outcome.is_err() && requests == 1, "{} after {status}: {outcome:?}", operation.0);
        }
        let (outcome, requests) = after(Reply::json(200, r#"{"status":"ERROR"}"#), operation).await;
        assert!(outcome.is_err() && requests == 1, "{} after a failure under a 200", operation.0);
    }
    assert_eq!(stranger.connections(), 0, "no redirect is followed");
}

#[tokio::test]
async fn refused_connection_is_retried_and_unsent() {
    let refusing = Refusing::new();
    for (_, call) in OPERATIONS {
        let policy = RetryConfig::new().initial_backoff(Duration::from_millis(1));
        let client = builder(refusing.url()).api_key(KEY).retry(policy).build().unwrap();
        let error = call(&client).await.unwrap_err();
        assert!(error.is_connect() && error.is_unsent());
        assert_eq!(error.attempts(), 3);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn unreachable_server_is_retried_and_unsent() {
    let server = loopback::Unreachable::new().await;
    for (_, call) in OPERATIONS {
        let policy = RetryConfig::new().initial_backoff(Duration::from_millis(1));
        let builder = builder(server.url()).api_key(KEY).retry(policy);
        let error =
            call(&builder.connect_timeout(Duration::from_millis(40)).build().unwrap()).await.unwrap_err();
        assert!(error.is_timeout() && error.is_connect() && error.is_unsent(), "{error}");
        assert_eq!(error.attempts(), 3);
    }
}

/// Responses that are too long, compressed or malformed.
#[tokio::test]
async fn excessive_responses_are_errors_of_bounded_length() {
    const LIMIT: usize = 100_000;
    let zeros = vec![b' '; LIMIT + 1];
    let mut flood = Reply::json(200, DONE);
    for number in 0..1_000 {
        flood = flood.header(&format!("X-{number}"), "flood");
    }
    let bombs = [
        ("a long response", Reply::json(200, zeros.clone())),
        ("a long response in chunks", Reply::json(200, zeros.clone()).chunked()),
        ("a long response without a length", Reply::json(200, zeros).until_close()),
        // Compression is not requested, and bodies are never decompressed.
        ("gzip", Reply::json(200, b"\x1f\x8b\x08\0\0\0\0\0").header("Content-Encoding", "gzip")),
        ("many headers", flood),
        ("a long header", Reply::json(200, DONE).header("X-Long", &"x".repeat(1_000_000))),
    ];
    for operation in OPERATIONS {
        for (name, bomb) in bombs.clone() {
            let server = Server::replying([bomb]).await;
            let builder = builder(server.url()).api_key(KEY).response_limit(LIMIT);
            let error = (operation.1)(&builder.build().unwrap()).await.unwrap_err();
            let what = format!("{} after {name}: {error}", operation.0);
            assert!(matches!(error.kind(), ErrorKind::Transport | ErrorKind::Decode), "{what}");
            assert_eq!(server.requests().len(), 1, "{what}");
            assert!(what.len() < 1_000, "{what}");
            assert!(server.requests()[0].header("accept-encoding").is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_call_closes_only_its_connection() {
    let _clock = HeldClock::new();
    for operation in OPERATIONS {
        for stall in [Reply::none(End::Stall), Reply::json(200, DONE).cut(5, End::Stall)] {
            let server = Server::replying([stall, Reply::json(200, DONE), Reply::json(200, DONE)]).await;
            let client = patient(&server);
            let call = tokio::spawn((operation.1)(&client));
            server.has_got(1).await;
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
            // The next call never reads the rest of an abandoned response.
            server.has_lost(1).await;
            (operation.1)(&client).await.unwrap();
            (operation.1)(&client).await.unwrap();
            assert_eq!((server.requests().len(), server.connections()), (3, 2), "{}", operation.0);
        }
    }
}

#[tokio::test]
async fn five_hundred_callers_share_a_client() {
    let server = Server::replying([]).await;
    for _ in 0..500 {
        server.reply(Reply::json(200, DONE));
    }
    let client = builder(server.url()).api_key(KEY).build().expect("a client");
    let calls: Vec<_> = (0..500).map(|_| tokio::spawn(client.get_chats(7).send())).collect();
    for call in calls {
        call.await.expect("no panic").expect("a response");
    }
    assert_eq!(server.requests().len(), 500);
}
