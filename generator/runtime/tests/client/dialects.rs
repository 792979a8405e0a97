//! Rate limits and traces that servers report, by the standards and by a vendor's dialect.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::retries::{Script, Step};
use crate::runtime::{Client, Dialect, ErrorKind, Excess, RateLimitState, Standard};
use crate::support::CHATS;

/// Returns a client of a server that follows only the standards.
fn standard(script: &Script) -> Client {
    script.builder().dialect(&Standard).build().unwrap()
}

fn answer(status: u16, headers: &[(&'static str, &str)]) -> Step {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Step::Answer(status, headers, if status == 200 { CHATS } else { "parallel" })
}

/// Returns the state of the rate limit in these headers.
async fn state(headers: &[(&'static str, &str)]) -> Option<RateLimitState> {
    let script = Script::of([answer(200, headers)]);
    standard(&script).get_chats(7).send().await.unwrap().rate_limit()
}

/// Returns the limit, the remaining requests, and the seconds until the end of the period.
fn numbers(state: RateLimitState) -> (Option<u64>, Option<u64>, Option<u64>) {
    assert_eq!(state.until, None);
    (state.limit, state.remaining, state.reset.map(|reset| reset.as_secs()))
}

#[tokio::test]
async fn standard_headers_are_read() {
    for (headers, expected) in [
        (&[("RateLimit", r#""default";r=50;t=30"#)][..], (None, Some(50), Some(30))),
        (
            &[("RateLimit-Policy", r#""default";q=100;w=10"#), ("RateLimit", r#""default";r=50"#)],
            (Some(100), Some(50), None),
        ),
        // Several limits, in one line or in two: the nearest counts, with its own policy.
        (
            &[
                ("RateLimit-Policy", r#""day";q=1000;w=86400, "burst";q=100;w=60"#),
                ("RateLimit", r#""day";r=900;t=5000, "burst";r=7;t=9"#),
            ],
            (Some(100), Some(7), Some(9)),
        ),
        (
            &[("RateLimit", r#""day";r=3;t=5000"#), ("RateLimit", r#""burst";r=7;t=9"#)],
            (None, Some(3), Some(5000)),
        ),
        // Separators in names and keys are text.
        (&[("RateLimit", r#""a,b;r=1\";t=2";r=5;t=6;pk=:YTtyPTE=:"#)], (None, Some(5), Some(6))),
        (&[("RateLimit", " token ; r=5 ; t=6 ")], (None, Some(5), Some(6))),
        (
            &[("RateLimit-Limit", "100"), ("RateLimit-Remaining", "50"), ("RateLimit-Reset", "30")],
            (Some(100), Some(50), Some(30)),
        ),
        (
            &[("RateLimit-Limit", "10, 10;w=1, 50;w=60"), ("RateLimit-Remaining", "9")],
            (Some(10), Some(9), None),
        ),
    ] {
        assert_eq!(state(headers).await.map(numbers), Some(expected), "{headers:?}");
    }
}

#[tokio::test]
async fn unreadable_headers_are_none() {
    for headers in [
        &[("RateLimit", "")][..],
        &[("RateLimit", "\"open;r=1")],
        &[("RateLimit", r#""default";r=-1"#)],
        &[("RateLimit", r#""default";r=99999999999999999999999"#)],
        &[("RateLimit", "\\;;;===,,,")],
        &[("RateLimit-Remaining", "many"), ("RateLimit-Reset", "-5")],
        &[("X-RateLimit-Resource-Remaining", "5")],
    ] {
        assert_eq!(state(headers).await, None, "{headers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn standard_429_waits_for_the_period() {
    let spent = [("RateLimit", r#""default";r=0;t=7"#)];
    let left = [("RateLimit", r#""default";r=1;t=7"#)];
    let after = [("Retry-After", "3"), spent[0]];
    for (headers, expected) in [(&spent[..], Some(7)), (&after, Some(3)), (&left, None)] {
        let script = Script::of([answer(429, headers)]);
        standard(&script).send_message_to_chat(7, 42, "Hello").send().await.unwrap();
        let wait = script.waits()[0];
        match expected {
            Some(seconds) => assert_eq!(wait, Duration::from_secs(seconds)),
            None => assert!(wait <= Duration::from_millis(500), "{wait:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn standard_429_is_of_the_period() {
    let script = Script::of(vec![answer(429, &[]); 3]);
    let error = standard(&script).get_chats(7).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.excess()), (3, Some(Excess::Period)));
}

#[tokio::test(start_paused = true)]
async fn vendor_status_has_no_meaning_in_standard_dialect() {
    let script =
        Script::of([answer(420, &[("X-RateLimit-Resource-Remaining", "0"), ("traceparent", "00-1")])]);
    let error = standard(&script).get_chats(7).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.excess(), error.trace_parent()), (1, None, None));
    let refusal = &error;
    assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
    assert_eq!(refusal.rate_limit(), None);
}

#[tokio::test(start_paused = true)]
async fn standard_error_has_limit_and_trace() {
    let headers = [
        ("RateLimit-Policy", r#""default";q=100;w=60"#),
        ("RateLimit", r#""default";r=0;t=7"#),
        ("traceresponse", "00-4bf9-00f0-01"),
    ];
    let script = Script::of([answer(404, &headers)]);
    let error = standard(&script).get_chats(7).send().await.unwrap_err();
    assert_eq!(error.trace_parent(), Some("00-4bf9-00f0-01"));
    let line = error.to_string();
    assert!(
        line.contains("; rate limit: 0 of 100 left for 7 s; traceresponse: 00-4bf9-00f0-01; not retried: "),
        "{line}"
    );
}

#[tokio::test]
async fn older_headers_tell_seconds_or_a_time() {
    let headers = |reset: &'static str| {
        [("X-RateLimit-Limit", "5000"), ("X-RateLimit-Remaining", "7"), ("X-RateLimit-Reset", reset)]
    };
    let seconds = state(&headers("60")).await.map(numbers);
    assert_eq!(seconds, Some((Some(5000), Some(7), Some(60))));
    let time = state(&headers("1700000000")).await.unwrap();
    assert_eq!((time.remaining, time.reset), (Some(7), None));
    assert_eq!(time.until.unwrap().to_rfc3339(), "2023-11-14T22:13:20+00:00");
}

#[tokio::test(start_paused = true)]
async fn forbidden_with_a_used_up_limit_is_retried() {
    let used_up = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "30")];
    for (headers, wait) in [(&used_up[..], 30), (&[("Retry-After", "7")], 7)] {
        let script = Script::of([answer(403, headers)]);
        // Even a call that is not idempotent: the server did not process it.
        standard(&script).send_message_to_chat(7, 42, "Hello").send().await.unwrap();
        assert_eq!(script.waits(), [Duration::from_secs(wait)]);
    }
    let script = Script::of([answer(403, &[("X-RateLimit-Remaining", "5")])]);
    let error = standard(&script).send_message_to_chat(7, 42, "Hello").send().await.unwrap_err();
    assert_eq!((error.attempts(), error.excess()), (1, None));
}

/// A second vendor is a second implementation.
#[derive(Debug)]
struct Teapot;

impl Dialect for Teapot {
    fn refuses(&self, status: StatusCode, _headers: &HeaderMap) -> bool {
        status == StatusCode::IM_A_TEAPOT
    }
}

#[tokio::test(start_paused = true)]
async fn dialect_of_another_vendor_is_used() {
    let script = Script::of([answer(418, &[])]);
    let client = script.builder().dialect(&Teapot).build().unwrap();
    client.send_message_to_chat(7, 42, "Hello").send().await.unwrap();
    assert_eq!(script.waits().len(), 1);
}
