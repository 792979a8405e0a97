//! What a response says of the rate limit.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use http::{HeaderMap, StatusCode};

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

/// Of what there was too much when a server answers 420. In both cases the request was refused, not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Excess {
    /// Requests at the same time: fewer of them will do, soon. See
    /// [`max_parallel`](crate::runtime::ClientBuilder::max_parallel).
    Parallel,
    /// Requests in the period of the limit: the next ones can be made when it ends ([`RateLimitState::until`]).
    Period,
}

impl Excess {
    /// What a 420 is about: only its message tells.
    pub(crate) fn of(status: StatusCode, body: &[u8]) -> Option<Self> {
        if status.as_u16() != 420 {
            return None;
        }
        let is_parallel = String::from_utf8_lossy(body).to_lowercase().contains("parallel");
        Some(if is_parallel { Self::Parallel } else { Self::Period })
    }
}

/// An RFC 822 date, or an RFC 3339 one. The weekday is passed over: servers get it wrong, and it says
/// nothing.
pub(crate) fn parse_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let date = text.split_once(',').map_or(text, |(_weekday, date)| date).trim();
    DateTime::parse_from_rfc2822(date).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()
}
