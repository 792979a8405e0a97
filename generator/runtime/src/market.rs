//! The dialect of the Yandex Market Partner API.

use http::{HeaderMap, StatusCode};

use crate::runtime::rate_limit::parse_date;
use crate::runtime::{Dialect, Excess, RateLimitState};

/// Refuses with 420 beside 429, reports its rate limits in `X-RateLimit-Resource-*`, and its traces in `traceparent`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Market;

/// For too many requests in a period, or at the same time.
const LIMIT_EXCEEDED: u16 = 420;

impl Dialect for Market {
    fn refuses(&self, status: StatusCode, _headers: &HeaderMap) -> bool {
        status.as_u16() == LIMIT_EXCEEDED || status == StatusCode::TOO_MANY_REQUESTS
    }

    /// Returns the limit by the message: only that tells the two kinds of 420 apart.
    fn excess(&self, status: StatusCode, _headers: &HeaderMap, body: &[u8]) -> Option<Excess> {
        if status.as_u16() != LIMIT_EXCEEDED {
            return None;
        }
        let is_parallel = String::from_utf8_lossy(body).to_lowercase().contains("parallel");
        Some(if is_parallel { Excess::Parallel } else { Excess::Period })
    }

    fn rate_limit(&self, headers: &HeaderMap) -> Option<RateLimitState> {
        let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
        let number = |name| text(name)?.parse().ok();
        RateLimitState {
            limit: number("x-ratelimit-resource-limit"),
            remaining: number("x-ratelimit-resource-remaining"),
            until: text("x-ratelimit-resource-until").and_then(parse_date),
            reset: None,
        }
        .if_any()
    }

    fn trace_header(&self) -> &'static str {
        "traceparent"
    }
}
