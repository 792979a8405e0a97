//! Spans and events of calls, with `tracing`.

use std::io;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use loopback::{Reply, Server};

use crate::retries::{Script, Step, status};
use crate::runtime::{CallOptions, Client, RetryConfig, TransportErrorKind};
use crate::secrets::{ENCODED, SECRET};
use crate::support::{CHATS, Fake, TOKEN};

/// The text written so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns all spans, with their fields, and events that calls record while `work` runs.
async fn told(work: impl Future<Output = ()>) -> String {
    listen_everywhere();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // The test's runtime has one thread.
    let _guard = tracing::subscriber::set_default(subscriber);
    work.await;
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

/// Installs a global subscriber. Without it, another thread that reaches an event first would disable the event for all
/// threads.
fn listen_everywhere() {
    let sink = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink);
    // The loud run has a subscriber already.
    let _ = tracing::subscriber::set_global_default(sink.finish());
}

#[tokio::test(start_paused = true)]
async fn call_is_a_span_and_each_attempt_an_event() {
    let done = Step::Answer(200, vec![("traceparent", "00-4bf9-00f0-01".to_owned())], crate::support::CHATS);
    let script = Script::of([status(503), Step::Failure(TransportErrorKind::Exchange), done]);
    let client = script.builder().build().unwrap();
    let told = told(async {
        client.get_chats(7).page_token("a-page").send().await.unwrap();
    })
    .await;
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    let first = "attempt failed http.request.resend_count=0 http.response.status_code=503 error.type=\"503\"";
    assert!(lines[0].contains("WARN") && lines[0].contains(first), "{told}");
    assert!(
        lines[1].contains("http.request.resend_count=1 error.type=\"exchange\" retry.wait_seconds="),
        "{told}"
    );
    assert!(lines[2].contains("DEBUG") && lines[2].contains("attempt succeeded"), "{told}");
    for part in [
        "otel.name=POST /businesses/{businessId}/chats otel.kind=\"client\" operation=\"getChats\"",
        "http.request.method=POST url.scheme=\"http\" url.template=\"/businesses/{businessId}/chats\"",
        "server.address=\"localhost\"",
        "http.request.resend_count=2 http.response.status_code=200 traceparent=\"00-4bf9-00f0-01\"",
    ] {
        assert!(lines[3].contains(part), "{part}\n{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn failed_call_records_error_type_without_secrets() {
    let script = Script::of([status(404), Step::Silence]);
    let client = script.builder().default_header("X-Key", TOKEN).build().unwrap();
    let told = told(async {
        client.get_chats(7).page_token("a-page").send().await.unwrap_err();
        client.send_message_to_chat(7, 42, "A private word").send().await.unwrap_err();
    })
    .await;
    assert!(told.contains("error.type=\"404\"") && told.contains("error.type=\"timeout\""), "{told}");
    for secret in [TOKEN, "a-page", "A private word"] {
        assert!(!told.contains(secret), "{told}");
    }
}

/// Returns the values of a field, line by line.
fn numbers(told: &str, field: &str) -> Vec<f64> {
    let start = format!(" {field}=");
    let values = told.lines().filter_map(|line| line.split_once(&start));
    let digits = |text: &str| {
        text.split(|letter: char| letter != '.' && !letter.is_ascii_digit()).next().map(str::to_owned)
    };
    values.filter_map(|(_, rest)| digits(rest)?.parse().ok()).collect()
}

#[tokio::test(start_paused = true)]
async fn call_and_attempts_have_durations() {
    let script = Script::of([Step::Silence, status(200)]);
    let client = script.builder().build().unwrap();
    let told = told(async {
        client.get_chats(7).send().await.unwrap();
    })
    .await;
    assert_eq!(numbers(&told, "attempts"), [2.0], "{told}");
    let durations = numbers(&told, "duration_seconds");
    let [first, second, call] = durations[..] else { panic!("{told}") };
    assert!((30.0..30.1).contains(&first) && second < 0.1, "{told}");
    // Between the attempts there was a backoff of 250 to 500 ms.
    assert!((30.25..30.7).contains(&call), "{told}");
}

/// Makes a call, and returns the values of `traceparent` in all requests so far.
async fn parents(client: &Client, fake: &Fake, options: CallOptions) -> Vec<String> {
    client.get_chats(7).options(options).send().await.unwrap();
    let seen = fake.seen.lock().unwrap();
    let values = seen.iter().filter_map(|(_, headers, _)| headers.get("traceparent"));
    values.map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn trace_parent_is_valid_new_and_recorded() {
    let fake = Arc::new(Fake::default());
    let builder =
        || Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(Arc::clone(&fake));
    let silent = builder().build().unwrap();
    assert_eq!(
        parents(&silent, &fake, CallOptions::new()).await,
        [""; 0],
        "the header is sent only with `send_trace_parent`"
    );

    let client = builder().send_trace_parent().build().unwrap();
    let mut sent = Vec::new();
    let told = told(async {
        parents(&client, &fake, CallOptions::new()).await;
        sent = parents(&client, &fake, CallOptions::new()).await;
    })
    .await;
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0], sent[1]);
    for parent in &sent {
        let parts: Vec<_> = parent.split('-').collect();
        let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
        assert_eq!((lengths.as_slice(), parts[0], parts[3]), ([2, 32, 16, 2].as_slice(), "00", "01"));
        assert!(parent.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-')), "{parent}");
        assert!(told.contains(&format!("http.request.header.traceparent=\"{parent}\"")), "{told}");
    }
}

#[tokio::test]
async fn trace_parent_of_call_overrides_generated_one() {
    const OWN: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let fake = Arc::new(Fake::default());
    let client =
        Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(Arc::clone(&fake));
    let client = client.send_trace_parent().build().unwrap();
    let own = CallOptions::new().header("traceparent", OWN);
    assert_eq!(parents(&client, &fake, own).await, [OWN]);
}

#[tokio::test]
async fn trace_parent_is_the_same_in_all_attempts() {
    let server = Server::replying([Reply::status(503), Reply::json(200, CHATS)]).await;
    let retry = RetryConfig::new().initial_backoff(Duration::ZERO).max_backoff(Duration::ZERO);
    let client = crate::support::builder(server.url()).oauth_token(TOKEN).retry(retry).send_trace_parent();
    client.build().unwrap().get_chats(7).send().await.unwrap();
    let parents: Vec<_> =
        server.requests().iter().map(|request| request.header("traceparent").map(str::to_owned)).collect();
    assert!(parents.len() == 2 && parents[0].is_some() && parents[0] == parents[1], "{parents:?}");
}

/// Set while the suite runs again, to print all spans and events.
const LOUD: &str = "SUITE_SHOWS_ALL";

/// Prints all spans and events if this is the loud run.
pub(crate) fn be_loud_if_asked() {
    static ONCE: Once = Once::new();

    if std::env::var_os(LOUD).is_some() {
        ONCE.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_ansi(false);
            subscriber.init();
        });
    }
}

#[test]
fn output_and_logs_of_whole_suite_hide_token() {
    if std::env::var_os(LOUD).is_some() {
        return;
    }
    let suite = std::env::current_exe().expect("this test's program");
    let output = std::process::Command::new(suite)
        .arg("--nocapture")
        .env(LOUD, "yes")
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("the suite runs");
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{printed}");
    let spans = printed.lines().filter(|line| line.contains("otel.kind")).count();
    assert!(spans > 200, "the suite was not loud: {spans} lines of spans");
    let has_key = |line: &&str| [TOKEN, SECRET, ENCODED].iter().any(|key| line.contains(key));
    let leaks: Vec<_> = printed.lines().filter(has_key).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}
