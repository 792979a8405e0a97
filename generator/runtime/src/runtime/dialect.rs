//! Dialects: how servers report rate limits and traces.

use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::runtime::rate_limit::{Excess, RateLimitState};

/// Ways in which a server reports rate limits and traces, where standards leave them to the vendor or the vendor leaves
/// the standards.
///
/// Every method has a default that speaks the standards; a vendor's dialect overrides what differs.
pub(crate) trait Dialect: fmt::Debug + Send + Sync {
    /// Returns `true` if a response of this status refuses a request unprocessed, so that it can be sent again whatever
    /// it asks for. By default: 429 (RFC 6585).
    fn refuses(&self, status: StatusCode) -> bool {
        status == StatusCode::TOO_MANY_REQUESTS
    }

    /// Returns the limit that a refused request exceeded. By default: that of the period, for 429.
    fn excess(&self, status: StatusCode, body: &[u8]) -> Option<Excess> {
        let _ = body;
        (status == StatusCode::TOO_MANY_REQUESTS).then_some(Excess::Period)
    }

    /// Returns the state of the rate limit. By default: from the fields `RateLimit` and `RateLimit-Policy`, or
    /// `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of older versions
    /// (draft-ietf-httpapi-ratelimit-headers).
    fn rate_limit(&self, headers: &HeaderMap) -> Option<RateLimitState> {
        RateLimitState::from_standard(headers)
    }

    /// Returns the name of the response header with the identifier of the call in the server's traces. By default:
    /// `traceresponse` (W3C Trace Context, level 2).
    fn trace_header(&self) -> &'static str {
        "traceresponse"
    }
}

/// The standards, and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standard;

impl Dialect for Standard {}

/// The identifier of a call in the server's traces, if there is one.
pub(crate) fn trace_id<'h>(dialect: &dyn Dialect, headers: &'h HeaderMap) -> Option<&'h str> {
    headers.get(dialect.trace_header())?.to_str().ok()
}
