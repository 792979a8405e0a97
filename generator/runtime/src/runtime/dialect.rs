//! Dialects: reports of rate limits and traces.

use std::fmt;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::runtime::rate_limit::{Excess, RateLimitState};

/// Reports of rate limits and traces, as far as a server differs from the standards.
///
/// Every method has a default that follows the standards. The dialect of a vendor overrides the differences.
pub(crate) trait Dialect: fmt::Debug + Send + Sync {
    /// Returns `true` if a response with this status refuses a request unprocessed, so that any operation may be
    /// retried. By default: 429 (RFC 6585), and 403 with `Retry-After` or with a rate limit that is used up.
    fn refuses(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let is_used_up = || self.rate_limit(headers).is_some_and(|state| state.remaining == Some(0));
        match status {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::FORBIDDEN => headers.contains_key(RETRY_AFTER) || is_used_up(),
            _ => false,
        }
    }

    /// Returns the limit that a refused request exceeded. By default: the limit of the period.
    fn excess(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Excess> {
        let _ = body;
        self.refuses(status, headers).then_some(Excess::Period)
    }

    /// Returns the state of the rate limit. By default: from the fields `RateLimit` and `RateLimit-Policy`, or
    /// `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of older versions
    /// (draft-ietf-httpapi-ratelimit-headers), or `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
    fn rate_limit(&self, headers: &HeaderMap) -> Option<RateLimitState> {
        RateLimitState::from_standard(headers)
    }

    /// Returns the name of the response header with the identifier of the call in the server's traces. By default:
    /// `traceresponse` (W3C Trace Context, level 2).
    fn trace_header(&self) -> &'static str {
        "traceresponse"
    }
}

/// Standards without additions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standard;

impl Dialect for Standard {}

/// Returns the identifier of a call in the server's traces, if the response has one.
pub(crate) fn trace_id<'h>(dialect: &dyn Dialect, headers: &'h HeaderMap) -> Option<&'h str> {
    headers.get(dialect.trace_header())?.to_str().ok()
}
