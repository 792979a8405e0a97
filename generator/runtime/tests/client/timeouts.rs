//! Time limits.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use loopback::{End, HeldClock, Reply, Server};

use crate::runtime::{CallOptions, Client, Error, RetryConfig, TimeoutKind};
use crate::support::{CHATS, Fake, TOKEN, builder};

const SECOND: Duration = Duration::from_secs(1);

fn timed_out(error: &Error) -> (TimeoutKind, Duration) {
    assert!(error.is_timeout());
    error.timeout().unwrap_or_else(|| panic!("{error}"))
}

fn slow(head_after: Duration, body_after: Duration) -> crate::runtime::ClientBuilder {
    let fake = Fake { head_after, body_after, ..Fake::default() };
    let builder =
        Client::builder().base_url("http://localhost").oauth_token(TOKEN).retry(RetryConfig::disabled());
    builder.transport(fake)
}

#[tokio::test(start_paused = true)]
async fn by_default_an_attempt_has_30_seconds() {
    let client = slow(40 * SECOND, SECOND).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Attempt, 30 * SECOND));
    assert_eq!(
        error.to_string(),
        "getChats: POST /businesses/7/chats: no complete response within the attempt timeout of 30s; \
         not retried: retries are disabled"
    );
    assert!(!error.is_unsent() && !error.is_connect());
}

#[tokio::test(start_paused = true)]
async fn call_by_default_has_120_seconds() {
    let client = slow(200 * SECOND, SECOND).attempt_timeout(Duration::MAX).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Operation, 120 * SECOND));
    assert!(error.to_string().ends_with("no complete response within the operation timeout of 120s"));
}

#[tokio::test(start_paused = true)]
async fn reading_the_body_counts() {
    let client = slow(SECOND, 2 * SECOND).attempt_timeout(2 * SECOND).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Attempt, 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_call_has_its_own_limits() {
    let client = slow(SECOND, SECOND).attempt_timeout(SECOND / 2).operation_timeout(SECOND).build().unwrap();
    let longer = CallOptions::new().attempt_timeout(3 * SECOND).operation_timeout(3 * SECOND);
    client.get_chats(7).options(longer).send().await.unwrap();
    let total = CallOptions::new().operation_timeout(SECOND / 4);
    let error = client.get_chats(7).options(total).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Operation, SECOND / 4));
}

#[tokio::test(start_paused = true)]
async fn there_can_be_no_limit() {
    let day = Duration::from_secs(24 * 60 * 60);
    let client = slow(day, day).attempt_timeout(Duration::MAX).operation_timeout(Duration::MAX);
    let client = client.read_timeout(Duration::MAX).build().unwrap();
    client.get_chats(7).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_has_15_seconds() {
    let client = slow(SECOND, 20 * SECOND).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Read, 15 * SECOND));
    assert!(error.to_string().ends_with(
        "no progress of a body within the read timeout of 15s; not retried: retries are disabled"
    ));
    let patient = CallOptions::new().read_timeout(21 * SECOND);
    client.get_chats(7).options(patient).send().await.unwrap();
}

#[tokio::test]
async fn a_transport_is_told_of_a_connect_timeout_only_if_one_was_asked_for() {
    let fake = Arc::new(Fake::default());
    let plain =
        Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(Arc::clone(&fake));
    plain.build().unwrap().get_chats(1).send().await.unwrap();
    let limited =
        Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(Arc::clone(&fake));
    let limited = limited.connect_timeout(SECOND).build().unwrap();
    limited.get_chats(1).send().await.unwrap();
    let seen = fake.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let limits: Vec<_> = seen.iter().map(|(_, _, limit)| *limit).collect();
    assert_eq!(limits, [None, Some(SECOND)]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stalls_before_or_in_its_answer_runs_into_the_attempt_timeout() {
    let _clock = HeldClock::new();
    let limit = Duration::from_millis(150);
    for reply in [Reply::none(End::Stall), Reply::json(200, CHATS).cut(20, End::Stall)] {
        let server = Server::replying([reply]).await.passing(limit);
        let client = builder(server.url()).oauth_token(TOKEN).attempt_timeout(limit).build().unwrap();
        let error = client.get_chats(7).send().await.unwrap_err();
        assert_eq!(timed_out(&error), (TimeoutKind::Attempt, limit));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_takes_no_connection_runs_into_the_connect_timeout_and_nothing_was_sent() {
    let server = loopback::Unreachable::new().await;
    let client = builder(server.url()).oauth_token(TOKEN).connect_timeout(SECOND / 20).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Connect, SECOND / 20));
    assert!(error.is_connect() && error.is_unsent());
    assert!(error.to_string().contains("no connection within the connect timeout of 50ms"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}
