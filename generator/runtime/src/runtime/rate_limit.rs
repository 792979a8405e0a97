//! What a response says of the rate limit.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use http::HeaderMap;

/// The state of the operation's rate limit, from the `X-RateLimit-Resource-*` headers of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitState {
    /// Requests allowed in the period (`X-RateLimit-Resource-Limit`).
    pub limit: Option<u64>,
    /// Requests left in the period (`X-RateLimit-Resource-Remaining`).
    pub remaining: Option<u64>,
    /// The end of the period (`X-RateLimit-Resource-Until`).
    pub until: Option<DateTime<FixedOffset>>,
}

impl RateLimitState {
    /// Reads what is readable of it; none if nothing is.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
        let number = |name| text(name)?.parse().ok();
        let state = Self {
            limit: number("x-ratelimit-resource-limit"),
            remaining: number("x-ratelimit-resource-remaining"),
            until: text("x-ratelimit-resource-until").and_then(parse_date),
        };
        (state.limit.is_some() || state.remaining.is_some() || state.until.is_some()).then_some(state)
    }
}

impl fmt::Display for RateLimitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rate limit:")?;
        match (self.remaining, self.limit) {
            (Some(remaining), Some(limit)) => write!(f, " {remaining} of {limit} left")?,
            (Some(remaining), None) => write!(f, " {remaining} left")?,
            (None, Some(limit)) => write!(f, " {limit} in all")?,
            (None, None) => {}
        }
        self.until.map_or(Ok(()), |until| write!(f, " until {}", until.to_rfc3339()))
    }
}

/// An RFC 822 date, or an RFC 3339 one. The weekday is passed over: servers get it wrong, and it says
/// nothing.
pub(crate) fn parse_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let date = text.split_once(',').map_or(text, |(_weekday, date)| date).trim();
    DateTime::parse_from_rfc2822(date).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()
}
