//! When a request is sent again, and how long that waits.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::runtime::dialect::Dialect;
use crate::runtime::operation::Safety;
use crate::runtime::random::random;
use crate::runtime::rate_limit::{Excess, parse_date};

/// How often a request is sent before a call fails, and how long is waited in between.
///
/// What may be sent again depends on the operation ([`Safety`]) and on what became of the attempt:
///
/// | Outcome | sent again |
/// |---|---|
/// | no connection; 429 and what else refuses a request unprocessed in the [dialect](crate::runtime::Dialect) | always |
/// | a failed connection, an attempt that took too long, an answer that breaks off, 500, 502, 503, 504 | unless the operation is [`Unsafe`](Safety::Unsafe) |
/// | 401, if a [provider](crate::runtime::TokenProvider) gives another token | once, whatever the policy |
/// | everything else | never |
///
/// A body that can be read only once is sent once. A wait grows exponentially and has jitter; if the server says
/// how long to wait (`Retry-After`, or when the period of an exceeded rate limit ends), that is waited, unless it is
/// longer than the limit: then the call fails at once. All attempts of all calls of a client share a budget, so that an
/// outage is not made worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included; 3 by default.
    pub max_attempts: u32,
    /// About how long the first wait is; 250 ms by default. Each further one is twice as long.
    pub first_wait: Duration,
    /// The longest wait, be it the server's wish; 20 s by default.
    pub max_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 3, first_wait: Duration::from_millis(250), max_wait: Duration::from_secs(20) }
    }
}

impl RetryPolicy {
    /// The policy of a client unless set otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing is sent again.
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// How often a request is sent at most, the first time included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// About how long the first wait is.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Returns the waits, one after the other.
    ///
    /// Without a seed, backon without its feature `std` gives the same jitter in every process: all clients of an
    /// outage would come back together.
    pub(crate) fn waits(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.max_wait)
            .with_jitter()
            .with_jitter_seed(random())
            .without_max_times()
            .build()
    }
}

/// What became of an attempt that may not be the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing of it came to be: it can be sent again whatever it asks for.
    Unprocessed,
    /// Nobody knows what came to be of it.
    Unknown,
    /// It is done, or another attempt would end the same.
    Final,
}

impl Outcome {
    pub(crate) fn of_status(dialect: &dyn Dialect, status: StatusCode) -> Self {
        match status.as_u16() {
            _ if dialect.refuses(status) => Self::Unprocessed,
            500 | 502 | 503 | 504 => Self::Unknown,
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

/// How long the server asks to wait, if it does.
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
    if dialect.excess(status, body) != Some(Excess::Period) {
        return None;
    }
    let state = dialect.rate_limit(headers)?;
    let reset = state.reset.filter(|_| state.remaining == Some(0));
    reset.or_else(|| Some(until(state.until?.timestamp(), headers)))
}

/// How long it is to a point in time, in seconds since 1970, by the server's clock if it tells its time.
fn until(time: i64, headers: &HeaderMap) -> Duration {
    let here = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs().cast_signed());
    let there = headers.get(DATE).and_then(|date| Some(parse_date(date.to_str().ok()?)?.timestamp()));
    Duration::from_secs(u64::try_from(time - there.unwrap_or_else(here)).unwrap_or(0))
}

/// What the attempts of all calls of a client share: a further attempt takes from it, a success gives back. With
/// everything failing, few calls are tried again; with little failing, all are.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU32,
}

impl RetryBudget {
    const FULL: u32 = 500;
    const PRICE: u32 = 5;

    /// Takes what a further attempt costs, or says that it is not there.
    pub(crate) fn take(&self) -> bool {
        let rest = |left: u32| left.checked_sub(Self::PRICE);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
    }

    /// Gives back for a success.
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
