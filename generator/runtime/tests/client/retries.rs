//! Retries: which requests, when, and how many. The paused clock moves only while the client waits.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::runtime::{
    Attempt, Body, BoxFuture, CallOptions, Client, ClientBuilder, Error, ErrorKind, Excess, Response,
    RetryConfig, TimeoutKind, Transport, TransportError, TransportErrorKind, Upload,
};
use crate::support::{CHATS, TOKEN};
use crate::types::ChatsInfo;

const MS: Duration = Duration::from_millis(1);

/// The outcome of one attempt.
#[derive(Clone)]
pub(crate) enum Step {
    Answer(u16, Vec<(&'static str, String)>, &'static str),
    Failure(TransportErrorKind),
    Silence,
}

pub(crate) fn status(status: u16) -> Step {
    let body = if status == 200 { CHATS } else { r#"{"status":"ERROR"}"# };
    Step::Answer(status, Vec::new(), body)
}

fn with_headers<const N: usize>(status: u16, headers: [(&'static str, &str); N]) -> Step {
    Step::Answer(status, headers.map(|(name, value)| (name, value.to_owned())).into(), "")
}

/// A transport that plays given outcomes, then responds with 200, and records the times of the requests.
#[derive(Clone, Default)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    sent: Arc<Mutex<Vec<Instant>>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        self.sent.lock().unwrap().push(Instant::now());
        let step = self.steps.lock().unwrap().pop_front().unwrap_or_else(|| status(200));
        Box::pin(async move {
            match step {
                Step::Answer(status, headers, body) => {
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    Ok(response.body(Body::from(body)).unwrap())
                }
                Step::Failure(kind) => Err(TransportError::new(kind, "as told")),
                Step::Silence => std::future::pending().await,
            }
        })
    }
}

impl Script {
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: Arc::new(Mutex::new(steps.into_iter().collect())), sent: Arc::default() }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        #[cfg(feature = "tracing")]
        crate::traces::be_loud_if_asked();
        Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(self.clone())
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// Returns the times of the attempts.
    pub(crate) fn times(&self) -> Vec<Instant> {
        self.sent.lock().unwrap().clone()
    }

    /// Returns the times between attempts.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.times().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

/// Calls a read-only operation.
async fn read(script: &Script) -> Result<Response<ChatsInfo>, Error> {
    script.client().get_chats(7).send().await
}

#[tokio::test(start_paused = true)]
async fn read_is_attempted_three_times_with_backoff() {
    let script = Script::of([status(500), status(503)]);
    let reply = read(&script).await.unwrap();
    assert_eq!(reply.attempts(), 3);
    let waits = script.waits();
    // Jitter makes a backoff up to twice as long.
    assert!(waits[0] >= 250 * MS && waits[0] <= 500 * MS, "{waits:?}");
    assert!(waits[1] >= 500 * MS && waits[1] <= 1000 * MS, "{waits:?}");

    let script = Script::of([status(500), status(502), status(504)]);
    let error = read(&script).await.unwrap_err();
    assert_eq!((error.attempts(), script.count()), (3, 3));
    assert!(
        error.to_string().starts_with("getChats: POST /businesses/7/chats (attempt 3) returned 504"),
        "{error}"
    );
}

/// Returns the first backoff of a new client.
async fn initial_backoff() -> Duration {
    let script = Script::of([status(503)]);
    read(&script).await.unwrap();
    script.waits()[0]
}

#[tokio::test(start_paused = true)]
async fn initial_backoffs_of_many_clients_are_spread_evenly() {
    const CLIENTS: usize = 1_000;
    let mut quarters = [0; 4];
    for _ in 0..CLIENTS {
        let jitter = initial_backoff().await.as_secs_f64() / 0.25 - 1.0;
        assert!((0.0..=1.0).contains(&jitter), "{jitter}");
        let quarter = [0.25, 0.5, 0.75].iter().filter(|start| jitter >= **start).count();
        quarters[quarter] += 1;
    }
    // The expected 250 with a standard deviation of 14.
    assert!(quarters.iter().all(|count| (150..350).contains(count)), "{quarters:?}");
}

/// Printed before the first backoffs of a process that a test starts.
const FIRST_WAITS: &str = "first waits:";

#[tokio::test(start_paused = true)]
#[ignore = "started in a process of its own by another test"]
async fn initial_backoffs_are_printed() {
    let mut waits = Vec::new();
    for _ in 0..8 {
        waits.push(initial_backoff().await);
    }
    println!("{FIRST_WAITS} {waits:?}");
}

/// Returns the first backoffs of eight clients in another process.
fn initial_backoffs_elsewhere() -> String {
    let test = ["--exact", "retries::initial_backoffs_are_printed", "--ignored", "--nocapture"];
    let mut process = std::process::Command::new(std::env::current_exe().unwrap());
    let output = String::from_utf8(process.args(test).output().expect("a process").stdout).expect("UTF-8");
    let waits = output.split_once(FIRST_WAITS).and_then(|(_, rest)| rest.lines().next());
    waits.unwrap_or_else(|| panic!("no waits in {output}")).to_owned()
}

#[test]
fn initial_backoffs_of_two_processes_differ() {
    assert_ne!(initial_backoffs_elsewhere(), initial_backoffs_elsewhere());
}

#[tokio::test(start_paused = true)]
async fn ambiguous_failure_of_unsafe_call_is_not_retried() {
    use TransportErrorKind::{Exchange, ResponseBody, Timeout};
    let steps = [500, 502, 503, 504].map(status);
    for step in
        steps.into_iter().chain([Exchange, ResponseBody, Timeout].map(Step::Failure)).chain([Step::Silence])
    {
        let script = Script::of([step]);
        let error = script.client().send_message_to_chat(7, 42, "Hello").send().await.unwrap_err();
        assert_eq!((error.attempts(), script.count()), (1, 1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn unprocessed_unsafe_call_is_retried() {
    let connect = TransportErrorKind::Connect;
    let timeout = TransportErrorKind::ConnectTimeout { limit: MS };
    for step in [status(420), status(429), Step::Failure(connect), Step::Failure(timeout)] {
        let script = Script::of([step]);
        script.client().send_message_to_chat(7, 42, "Hello").send().await.unwrap();
        assert_eq!(script.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn permanent_failure_is_not_retried() {
    for code in [400, 401, 403, 404, 405, 409, 415, 423, 501] {
        let script = Script::of([status(code)]);
        read(&script).await.unwrap_err();
        assert_eq!(script.count(), 1, "{code}");
    }
    let script = Script::of([Step::Answer(200, Vec::new(), "no JSON")]);
    read(&script).await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn backoff_follows_server_headers() {
    let date = "Tue, 24 Nov 2026 10:00:00 GMT";
    let later = "Mon, 24 Nov 2026 10:00:07 GMT";
    let limit = ("X-RateLimit-Resource-Until", later.to_owned());
    let now = ("Date", date.to_owned());
    for (headers, code, seconds) in [
        (vec![("Retry-After", "3".to_owned())], 503, 3),
        (vec![("Retry-After", later.to_owned()), now.clone()], 429, 7),
        (vec![limit.clone(), now.clone()], 420, 7),
        (vec![("Retry-After", "2".to_owned()), limit.clone(), now.clone()], 420, 2),
    ] {
        let script = Script::of([Step::Answer(code, headers, "")]);
        read(&script).await.unwrap();
        assert_eq!(script.waits(), [Duration::from_secs(seconds)]);
    }
}

#[tokio::test(start_paused = true)]
async fn concurrency_excess_does_not_wait_for_period() {
    let headers = vec![("X-RateLimit-Resource-Until", "Tue, 24 Nov 2099 10:00:00 GMT".to_owned())];
    let body =
        r#"{"status":"ERROR","errors":[{"code":"LIMIT","message":"Hit rate limit of 4 parallel requests"}]}"#;
    let script = Script::of([Step::Answer(420, headers.clone(), body)]);
    read(&script).await.unwrap();
    assert!(script.waits()[0] <= 500 * MS);
    let script = Script::of(vec![Step::Answer(420, headers.clone(), body); 3]);
    assert_eq!(read(&script).await.unwrap_err().excess(), Some(Excess::Parallel));

    let period =
        r#"{"status":"ERROR","errors":[{"code":"LIMIT","message":"Hit rate limit of 1000 per hour"}]}"#;
    let script = Script::of([Step::Answer(420, headers, period)]);
    let begin = Instant::now();
    let error = read(&script).await.unwrap_err();
    assert_eq!((script.count(), begin.elapsed()), (1, Duration::ZERO), "a wait of years is not begun");
    assert_eq!(error.excess(), Some(Excess::Period));
}

#[tokio::test(start_paused = true)]
async fn extreme_retry_after_does_not_panic() {
    for after in ["18446744073709551615", "9223372036854775808", "99999999999999999999999", "-1", "soon"] {
        let script = Script::of([Step::Answer(503, vec![("Retry-After", after.to_owned())], "")]);
        let outcome = read(&script).await;
        // A value that is not a number is ignored.
        assert_eq!(outcome.is_ok(), after.parse::<u64>().is_err(), "{after}");
    }
    let endless = RetryConfig::new().initial_backoff(Duration::MAX).max_backoff(Duration::MAX);
    let script = Script::of([status(503)]);
    let client = script.builder().retry(endless).build().unwrap();
    client.get_chats(7).send().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn backoff_is_at_most_max_backoff() {
    let policy = RetryConfig::new().max_attempts(8).initial_backoff(4 * MS).max_backoff(10 * MS);
    let script = Script::of(vec![status(503); 7]);
    script.builder().retry(policy).build().unwrap().get_chats(7).send().await.unwrap();
    assert!(script.waits().iter().all(|wait| *wait <= 11 * MS), "{:?}", script.waits());
}

#[tokio::test(start_paused = true)]
async fn backoff_beyond_operation_timeout_is_not_begun() {
    let script = Script::of([Step::Answer(503, vec![("Retry-After", "10".to_owned())], "")]);
    let client = script.builder().operation_timeout(Duration::from_secs(5)).build().unwrap();
    let begin = Instant::now();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503), "the cause, rather than a timeout");
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn attempts_share_the_operation_timeout() {
    let script = Script::of(vec![Step::Silence; 9]);
    let patient = RetryConfig::new().max_attempts(9).initial_backoff(MS);
    let client = script.builder().retry(patient).build().unwrap();
    let begin = Instant::now();
    let timeout = client.get_chats(7).send().await.unwrap_err();
    assert_eq!(timeout.kind(), ErrorKind::Timeout, "{timeout}");
    assert!(matches!(timeout.timeout(), Some((TimeoutKind::Operation, _))), "{timeout}");
    assert_eq!((script.count(), begin.elapsed()), (4, Duration::from_secs(120)));
}

#[tokio::test(start_paused = true)]
async fn retry_of_call_overrides_client() {
    let script = Script::of([status(500)]);
    let once = CallOptions::new().retry(RetryConfig::disabled());
    script.client().get_chats(7).options(once).send().await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn stream_is_sent_once_and_other_uploads_are_retried() {
    let script = Script::of([status(429)]);
    let upload = Upload::bytes("a.txt", "a");
    script.client().send_file_to_chat(7, 42, upload).send().await.unwrap();
    assert_eq!(script.count(), 2);

    let script = Script::of([status(429)]);
    let late = crate::support::Late { sleep: Box::pin(tokio::time::sleep(MS)), content: None };
    let upload = Upload::stream("a.txt", late, None);
    script.client().send_file_to_chat(7, 42, upload).send().await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn retry_budget_limits_retries_in_an_outage() {
    let script = Script::of(vec![status(500); 10_000]);
    let client = script.client();
    for _ in 0..1_000 {
        client.get_chats(7).send().await.unwrap_err();
    }
    // 500 tokens at 5 each.
    assert_eq!(script.count(), 1_000 + 100);
    script.steps.lock().unwrap().clear();
    for _ in 0..5 {
        client.get_chats(7).send().await.unwrap();
    }
    script.steps.lock().unwrap().push_back(status(500));
    assert_eq!(client.get_chats(7).send().await.unwrap().attempts(), 2, "successes fill the budget");
}

#[tokio::test(start_paused = true)]
async fn too_long_response_is_not_retried() {
    let script = Script::of([]);
    let client = script.builder().response_limit(CHATS.len() - 1).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    let failure = &error;
    assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
    assert_eq!(failure.transport_kind(), Some(TransportErrorKind::ResponseTooLong));
    assert_eq!(script.count(), 1);
    let enough = CallOptions::new().response_limit(CHATS.len());
    client.get_chats(7).options(enough).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn retry_after_beyond_max_backoff_is_honoured() {
    let script = Script::of([with_headers(429, [("Retry-After", "30")]), status(200)]);
    let client = script.builder().retry(RetryConfig::new().max_attempts(5)).build().unwrap();
    let begin = Instant::now();
    client.get_chats(7).send().await.unwrap();
    assert_eq!((script.count(), begin.elapsed()), (2, Duration::from_secs(30)));
}

#[tokio::test(start_paused = true)]
async fn retry_after_beyond_operation_timeout_ends_the_call() {
    let script = Script::of([with_headers(429, [("Retry-After", "30")])]);
    let client = script.builder().operation_timeout(Duration::from_secs(29)).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(30))));
    assert!(error.is_retryable());
    let reason = "not retried: the server asks to wait 30s, beyond the operation timeout";
    assert!(error.to_string().ends_with(reason), "{error}");
}

#[tokio::test(start_paused = true)]
async fn error_says_why_it_was_not_retried() {
    let hour = Duration::from_secs(3600);
    let slow = RetryConfig::new().initial_backoff(hour).max_backoff(hour);
    for (step, retry, reason) in [
        (status(404), RetryConfig::new(), "the failure is permanent"),
        (status(503), RetryConfig::disabled(), "retries are disabled"),
        (status(503), RetryConfig::new().max_attempts(2), "the limit is 2 attempts"),
        (status(503), slow, "a backoff of 3600s goes beyond the operation timeout"),
    ] {
        let script = Script::of([step.clone(), step]);
        let client = script.builder().retry(retry).build().unwrap();
        let error = client.get_chats(7).send().await.unwrap_err();
        assert!(error.to_string().ends_with(&format!("; not retried: {reason}")), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn error_says_that_body_or_budget_forbids_retry() {
    let script = Script::of([status(429)]);
    let late = crate::support::Late { sleep: Box::pin(tokio::time::sleep(MS)), content: None };
    let upload = Upload::stream("a.txt", late, None);
    let error = script.client().send_file_to_chat(7, 42, upload).send().await.unwrap_err();
    assert!(error.to_string().ends_with("not retried: the body can be read only once"), "{error}");
    assert!(error.is_retryable());

    let script = Script::of(vec![status(500); 10_000]);
    let client = script.client();
    let mut last = String::new();
    for _ in 0..1_000 {
        last = client.get_chats(7).send().await.unwrap_err().to_string();
    }
    assert!(last.ends_with("not retried: the client's retry budget is used up"), "{last}");
}

#[tokio::test(start_paused = true)]
async fn unsafe_call_stated_idempotent_is_retried() {
    let script = Script::of([status(500), status(200), status(500)]);
    let client = script.builder().build().unwrap();
    let call = || client.send_message_to_chat(7, 1, "text");
    call().options(CallOptions::new().idempotent(true)).send().await.unwrap();
    let error = call().send().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    assert!(error.to_string().ends_with("not retried: the operation is not idempotent"), "{error}");
    assert_eq!(script.count(), 3);
}
