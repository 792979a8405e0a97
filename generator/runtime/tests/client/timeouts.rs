//! Time limits.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use loopback::{End, HeldClock, Reply, Server};
use tokio::time::Instant;

use crate::runtime::{
    Attempt, Body, BoxFuture, CallOptions, Client, ClientBuilder, Error, RetryConfig, TimeoutKind, Transport,
    TransportError, Upload,
};
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
async fn attempt_by_default_has_30_seconds() {
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
    assert!(error.to_string().ends_with(
        "no complete response within the operation timeout of 120s; not retried: no time is left for the call"
    ));
}

#[tokio::test(start_paused = true)]
async fn reading_the_body_counts_towards_attempt_timeout() {
    let client = slow(SECOND, 2 * SECOND).attempt_timeout(2 * SECOND).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Attempt, 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn timeouts_of_call_override_client() {
    let client = slow(SECOND, SECOND).attempt_timeout(SECOND / 2).operation_timeout(SECOND).build().unwrap();
    let longer = CallOptions::new().attempt_timeout(3 * SECOND).operation_timeout(3 * SECOND);
    client.get_chats(7).options(longer).send().await.unwrap();
    let total = CallOptions::new().operation_timeout(SECOND / 4);
    let error = client.get_chats(7).options(total).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Operation, SECOND / 4));
}

#[tokio::test(start_paused = true)]
async fn longest_durations_disable_timeouts() {
    let day = Duration::from_secs(24 * 60 * 60);
    let client = slow(day, day).attempt_timeout(Duration::MAX).operation_timeout(Duration::MAX);
    let client = client.read_timeout(Duration::MAX).build().unwrap();
    client.get_chats(7).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn stalled_body_by_default_has_15_seconds() {
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
async fn transport_gets_connect_timeout_only_if_set() {
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
async fn stalled_response_ends_at_attempt_timeout() {
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
async fn unreachable_server_ends_at_connect_timeout_unsent() {
    let server = loopback::Unreachable::new().await;
    let client = builder(server.url()).oauth_token(TOKEN).connect_timeout(SECOND / 20).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Connect, SECOND / 20));
    assert!(error.is_connect() && error.is_unsent());
    assert!(error.to_string().contains("no connection within the connect timeout of 50ms"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

/// The largest file that Market takes.
const FILE: usize = 5 * 1024 * 1024;

/// A stream of [`FILE`] bytes. Some virtual time passes before each piece.
struct SlowFile {
    left: usize,
    step: Duration,
    pass: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl SlowFile {
    const PIECE: usize = 128 * 1024;

    fn new(step: Duration) -> Self {
        Self { left: FILE, step, pass: None }
    }
}

impl futures_core::Stream for SlowFile {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let step = self.step;
        ready!(self.pass.get_or_insert_with(|| Box::pin(tokio::time::advance(step))).as_mut().poll(cx));
        self.pass = None;
        let piece = self.left.min(Self::PIECE);
        self.left -= piece;
        Poll::Ready((piece > 0).then(|| Ok(Bytes::from(vec![7; piece]))))
    }
}

#[tokio::test(start_paused = true)]
async fn slow_upload_of_5_mb_works_by_default() {
    let _clock = HeldClock::new();
    let server = Server::replying([Reply::json(200, r#"{"status":"OK"}"#)]).await;
    let client = builder(server.url()).oauth_token(TOKEN).build().unwrap();
    let upload = Upload::stream("a.bin", SlowFile::new(2 * SECOND), Some(FILE as u64));
    let start = Instant::now();
    client.send_file_to_chat(7, 42, upload).send().await.unwrap();
    assert!(start.elapsed() >= 80 * SECOND, "longer than an attempt: {:?}", start.elapsed());
    assert!(server.request().body.len() > FILE);
}

#[tokio::test(start_paused = true)]
async fn stalled_upload_is_ended_by_read_timeout() {
    let _clock = HeldClock::new();
    let server = Server::replying([Reply::none(End::Stall).early()]).await;
    let client = builder(server.url()).oauth_token(TOKEN);
    let client = client.attempt_timeout(Duration::MAX).operation_timeout(Duration::MAX).build().unwrap();
    // More than the buffers of sockets hold.
    let upload = Upload::bytes("a.bin", vec![7; 8 * FILE]);
    let call = client.send_file_to_chat(7, 42, upload).send();
    let time = async {
        server.has_got(1).await;
        loop {
            tokio::time::advance(SECOND).await;
        }
    };
    let error = tokio::select! {
        result = call => result.unwrap_err(),
        () = time => unreachable!("time passes for ever"),
    };
    assert_eq!(timed_out(&error), (TimeoutKind::Read, 15 * SECOND));
    assert!(!error.is_unsent());
}

/// A transport that takes a piece of the body after each pause, and responds after another time.
#[derive(Debug)]
struct SlowLine {
    pause: Duration,
    response_after: Duration,
}

impl Transport for SlowLine {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let mut body = Box::pin(request.into_body());
            while std::future::poll_fn(|cx| http_body::Body::poll_frame(body.as_mut(), cx)).await.is_some() {
                tokio::time::sleep(self.pause).await;
            }
            tokio::time::sleep(self.response_after).await;
            Ok(http::Response::new(Body::from(r#"{"status":"OK"}"#)))
        })
    }
}

fn slow_line(pause: Duration, response_after: Duration) -> ClientBuilder {
    let builder = Client::builder().base_url("http://localhost").oauth_token(TOKEN);
    builder.retry(RetryConfig::disabled()).transport(SlowLine { pause, response_after })
}

async fn uploaded(client: ClientBuilder) -> Result<(), Error> {
    let upload = Upload::bytes("a.bin", vec![7; FILE]);
    client.build().unwrap().send_file_to_chat(7, 42, upload).send().await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn bytes_over_slow_line_work_by_default() {
    let start = Instant::now();
    uploaded(slow_line(SECOND, SECOND)).await.unwrap();
    assert!(start.elapsed() > 80 * SECOND, "longer than an attempt: {:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn pause_in_upload_has_read_timeout() {
    let start = Instant::now();
    let error = uploaded(slow_line(16 * SECOND, SECOND)).await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Read, 15 * SECOND));
    assert!((15 * SECOND..16 * SECOND).contains(&start.elapsed()), "{:?}", start.elapsed());
    let error = uploaded(slow_line(2 * SECOND, SECOND)).await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Operation, 120 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn silence_after_upload_has_attempt_timeout() {
    let start = Instant::now();
    let error = uploaded(slow_line(SECOND / 2, 60 * SECOND)).await.unwrap_err();
    assert_eq!(timed_out(&error), (TimeoutKind::Attempt, 30 * SECOND));
    let elapsed = start.elapsed();
    assert!((70 * SECOND..72 * SECOND).contains(&elapsed), "40 s of sending and 30 s: {elapsed:?}");
}
