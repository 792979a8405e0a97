//! Declared rate limits, with `keep_rate_limits`.

use std::time::Duration;

use http::Method;

use crate::retries::Script;
use crate::runtime::{Client, Operation, RateLimit, TimeoutKind};
use crate::support::{call, operation};

const MINUTE: Duration = Duration::from_secs(60);

static TEN_A_MINUTE: Operation = minutely("ten", 10);
static ONE_A_MINUTE: Operation = minutely("one", 1);
static NONE: Operation = minutely("none", 0);
static UNLIMITED: Operation = operation(Method::GET, "/unlimited", &[]);

/// Returns an operation with a limit of requests per minute.
const fn minutely(id: &'static str, requests: u64) -> Operation {
    with_limit(id, requests, MINUTE)
}

const fn with_limit(id: &'static str, requests: u64, period: Duration) -> Operation {
    let mut operation = operation(Method::GET, "/limited", &[]);
    operation.id = id;
    operation.rate_limit = Some(RateLimit { requests, period });
    operation
}

fn limited(script: &Script) -> Client {
    script.builder().keep_rate_limits().operation_timeout(Duration::MAX).build().unwrap()
}

async fn calls(client: &Client, operation: &'static Operation, number: usize) {
    let each = || {
        let client = client.clone();
        tokio::spawn(async move { call(&client, operation, |_| ()).await.unwrap() })
    };
    for call in (0..number).map(|_| each()).collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn period_has_no_more_requests_than_the_limit() {
    let script = Script::default();
    let client = limited(&script);
    calls(&client, &TEN_A_MINUTE, 40).await;
    // After a pause, the unused requests are sent at once.
    tokio::time::sleep(5 * MINUTE).await;
    calls(&client, &TEN_A_MINUTE, 40).await;
    let times = script.times();
    assert_eq!(times.len(), 80);
    for (index, begin) in times.iter().enumerate() {
        let in_period = times[index..].iter().take_while(|time| **time - *begin < MINUTE).count();
        assert!(in_period <= 10, "{in_period} requests from number {index} on");
    }
    assert_eq!(times[3], times[0], "the first ones do not wait");
    let rest = times[39] - times[4];
    assert!(rest <= 8 * MINUTE, "the others took {rest:?}");
}

/// Callers without a pause, and callers after a pause that ends just before the period does.
#[tokio::test(start_paused = true)]
async fn no_window_of_any_limit_has_too_many_requests() {
    let second = Duration::from_secs(1);
    for (requests, period, calls) in [
        (1, MINUTE, 6),
        (2, second, 12),
        (9, second, 60),
        (10, second, 60),
        (350, second, 1_500),
        (900, second, 4_000),
        (7_000, 6 * second, 10_000),
    ] {
        let script = Script::default();
        let client = limited(&script);
        let operation = Box::leak(Box::new(with_limit("any", requests, period)));
        calls_of(&client, operation, 1).await;
        tokio::time::sleep(period.mul_f64(1.9)).await;
        calls_of(&client, operation, calls).await;
        let times = script.times();
        let mut end = 0;
        for (index, begin) in times.iter().enumerate() {
            while times.get(end).is_some_and(|time| *time - *begin < period) {
                end += 1;
            }
            assert!((end - index) as u64 <= requests, "{} of {requests} in {period:?}", end - index);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn extreme_limits_do_not_panic() {
    for period in [Duration::ZERO, Duration::MAX, Duration::from_secs(i64::MAX.unsigned_abs())] {
        for requests in [0, 1, 10, u64::MAX] {
            let operation = Box::leak(Box::new(with_limit("extreme", requests, period)));
            calls_of(&limited(&Script::default()), operation, 1).await;
        }
    }
}

/// Calls an operation several times, one call after the other.
async fn calls_of(client: &Client, operation: &'static Operation, number: usize) {
    for _ in 0..number {
        call(client, operation, |_| ()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn limits_are_kept_per_operation() {
    let script = Script::default();
    let client = limited(&script);
    calls(&client, &UNLIMITED, 100).await;
    calls(&client, &NONE, 2).await;
    let times = script.times();
    assert_eq!(times[0], times[101], "a limit of 0 requests is ignored");
    calls(&client, &ONE_A_MINUTE, 3).await;
    assert!(script.times()[104] - script.times()[102] >= 2 * MINUTE);
    calls(&script.builder().build().unwrap(), &ONE_A_MINUTE, 5).await;
    assert_eq!(script.times()[105], script.times()[109], "limits are kept only with `keep_rate_limits`");
}

#[tokio::test(start_paused = true)]
async fn wait_counts_and_frees_its_place_if_dropped() {
    let script = Script::default();
    let client =
        script.builder().keep_rate_limits().operation_timeout(Duration::from_secs(31)).build().unwrap();
    calls(&client, &ONE_A_MINUTE, 1).await;
    let error = call(&client, &ONE_A_MINUTE, |_| ()).await.unwrap_err();
    assert!(matches!(error.timeout(), Some((TimeoutKind::Operation, _))), "{error}");
    calls(&client, &ONE_A_MINUTE, 1).await;
    let times = script.times();
    assert_eq!((times.len(), (times[1] - times[0]).as_secs()), (2, 60));
}
