//! Retries: settings, decisions and the budget.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::runtime::dialect::Dialect;
use crate::runtime::operation::Safety;
use crate::runtime::random::random;
use crate::runtime::rate_limit::{Excess, parse_date};
use crate::runtime::time::{SystemTime, UNIX_EPOCH};
use crate::runtime::transport::TransportErrorKind;

/// Settings for retries.
///
/// The operation ([`Safety`]) and the outcome of a failed attempt decide about a retry:
///
/// | Outcome | Retried |
/// |---|---|
/// | no connection; 429, and other responses by which the server refuses a request unprocessed | always |
/// | broken connection, attempt timeout, incomplete response, 500, 502, 503, 504 | unless the operation is [`Unsafe`](Safety::Unsafe); then only with an idempotency key, or if the call is [stated idempotent](crate::runtime::CallOptions::idempotent) |
/// | 401, if a [provider](crate::runtime::TokenProvider) supplies another token | once, whatever the settings |
/// | everything else | never |
///
/// A body that can be read only once is not retried. A backoff grows exponentially and has jitter. If the server asks for
/// a time (`Retry-After`, or the end of an exceeded rate limit's period), the client waits for that time. A retry that
/// would begin after the end of the operation timeout is not made: the call fails at once.
///
/// With the default timeouts, 4 attempts that time out use up the operation timeout, whatever the number of attempts.
///
/// All calls of a client share a budget of 100 retries, so that retries do not make an outage worse. Every 5 successful
/// attempts give one retry back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// Highest number of attempts, the first one included; 3 by default.
    pub max_attempts: u32,
    /// Backoff before the second attempt, without jitter; 250 ms by default. Each further backoff is twice as long.
    pub initial_backoff: Duration,
    /// Longest backoff, unless the server asks for more; 20 s by default.
    pub max_backoff: Duration,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(20),
        }
    }
}

impl RetryConfig {
    /// Returns the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns settings without retries.
    pub fn disabled() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets the highest number of attempts, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the backoff before the second attempt.
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the longest backoff.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Returns the backoffs, one after the other.
    ///
    /// Without a seed, backon without its feature `std` gives the same jitter in every process. All clients of an
    /// outage would then retry at the same time.
    pub(crate) fn backoffs(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.initial_backoff)
            .with_max_delay(self.max_backoff)
            .with_jitter()
            .with_jitter_seed(random())
            .without_max_times()
            .build()
    }
}

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server did not process the request.
    Unprocessed,
    /// The server may have processed the request.
    Unknown,
    /// A success, or a failure that another attempt would repeat.
    Final,
}

impl Outcome {
    pub(crate) fn of_status(dialect: &dyn Dialect, status: StatusCode, headers: &HeaderMap) -> Self {
        match status.as_u16() {
            _ if dialect.refuses(status, headers) => Self::Unprocessed,
            500 | 502 | 503 | 504 => Self::Unknown,
            _ => Self::Final,
        }
    }

    pub(crate) fn of_transport(kind: TransportErrorKind) -> Self {
        use TransportErrorKind::{Connect, ConnectTimeout, Exchange, ResponseBody, Timeout};
        match kind {
            Connect | ConnectTimeout { .. } => Self::Unprocessed,
            Exchange | ResponseBody | Timeout => Self::Unknown,
            _ => Self::Final,
        }
    }

    pub(crate) fn allows(self, safety: Safety) -> bool {
        match self {
            Self::Unprocessed => true,
            Self::Unknown => safety != Safety::Unsafe,
            Self::Final => false,
        }
    }
}

/// Reason why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRetry {
    /// Another attempt would fail in the same way.
    Permanent,
    /// The server may have processed the request, and the operation is not idempotent.
    NotIdempotent,
    /// This is the highest number of attempts.
    Attempts(u32),
    /// The body can be read only once.
    Body,
    /// The next attempt would begin after the end of the operation timeout.
    Deadline { wait: Duration, is_asked: bool },
    /// The budget that all calls of the client share is used up.
    Budget,
    /// The caller already has the beginning of the body.
    Download,
    /// The operation timeout ended.
    Time,
}

impl fmt::Display for NoRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permanent => f.write_str("the failure is permanent"),
            Self::NotIdempotent => f.write_str("the operation is not idempotent"),
            Self::Attempts(1) => f.write_str("retries are disabled"),
            Self::Attempts(limit) => write!(f, "the limit is {limit} attempts"),
            Self::Body => f.write_str("the body can be read only once"),
            Self::Deadline { wait, is_asked: true } => {
                write!(f, "the server asks to wait {wait:?}, beyond the operation timeout")
            }
            Self::Deadline { wait, is_asked: false } => {
                write!(f, "a backoff of {wait:?} goes beyond the operation timeout")
            }
            Self::Time => f.write_str("no time is left for the call"),
            Self::Download => f.write_str("the body is read while it arrives"),
            Self::Budget => f.write_str("the client's retry budget is used up"),
        }
    }
}

/// Returns the time that the server asks to wait before a retry.
pub(crate) fn asked_wait(
    dialect: &dyn Dialect,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Duration> {
    if let Some(after) = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim) {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        return Some(until(parse_date(after)?.timestamp(), headers));
    }
    // The period of the limit tells nothing about when the other requests are done.
    if dialect.excess(status, headers, body) != Some(Excess::Period) {
        return None;
    }
    let state = dialect.rate_limit(headers)?;
    let reset = state.reset.filter(|_| state.remaining == Some(0));
    reset.or_else(|| Some(until(state.until?.timestamp(), headers)))
}

/// Returns the time until a point in time, in seconds since 1970, by the server's clock if the response has a `Date`.
fn until(time: i64, headers: &HeaderMap) -> Duration {
    let here = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs().cast_signed());
    let there = headers.get(DATE).and_then(|date| Some(parse_date(date.to_str().ok()?)?.timestamp()));
    Duration::from_secs(u64::try_from(time - there.unwrap_or_else(here)).unwrap_or(0))
}

/// Budget of retries that all calls of a client share: a retry takes from it, a success gives back. If everything fails,
/// few calls are retried; if little fails, all are.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU32,
}

impl RetryBudget {
    const FULL: u32 = 500;
    const PRICE: u32 = 5;

    /// Takes the price of a retry. Returns `false` if the budget is used up.
    pub(crate) fn take(&self) -> bool {
        let rest = |left: u32| left.checked_sub(Self::PRICE);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
    }

    /// Gives back a part for a success.
    pub(crate) fn refill(&self) {
        let more = |left: u32| (left < Self::FULL).then(|| left + 1);
        // A full one stays as it is.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { left: AtomicU32::new(Self::FULL) }
    }
}
