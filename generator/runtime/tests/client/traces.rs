//! What a call tells `tracing`.

use std::io;
use std::sync::{Arc, Mutex, Once};

use crate::retries::{Script, Step, status};
use crate::runtime::TransportErrorKind;
use crate::secrets::{ENCODED, SECRET};
use crate::support::TOKEN;

/// What was written so far.
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

/// Everything that calls tell while `work` runs, spans with their fields included.
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

/// With a single subscriber, of one thread, another thread that comes first to an event decides for all that nobody is
/// interested in it.
fn listen_everywhere() {
    let sink = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink);
    // In the loud run there is one already.
    let _ = tracing::subscriber::set_global_default(sink.finish());
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_and_each_attempt_an_event() {
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
async fn a_failed_call_says_how_and_nothing_secret() {
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

/// Set while the suite runs once more, to show all that it can.
const LOUD: &str = "SUITE_SHOWS_ALL";

/// Prints everything that calls tell, if this is the loud run.
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
fn nothing_that_the_whole_suite_prints_or_logs_has_the_token() {
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
