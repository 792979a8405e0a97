//! State of a rate limit in a response.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use http::HeaderMap;

/// State of an operation's rate limit, from the headers of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitState {
    /// Allowed requests in the period.
    pub limit: Option<u64>,
    /// Remaining requests in the period.
    pub remaining: Option<u64>,
    /// End of the period, if the response has the date.
    pub until: Option<DateTime<FixedOffset>>,
    /// Time until the end of the period, if the response has it.
    pub reset: Option<Duration>,
}

impl RateLimitState {
    /// Reads the headers of draft-ietf-httpapi-ratelimit-headers, of its versions up to 06, or the older ones that begin
    /// with `X-`.
    pub(crate) fn from_standard(headers: &HeaderMap) -> Option<Self> {
        from_items(headers).or_else(|| from_numbers(headers)).or_else(|| from_older_numbers(headers))
    }

    /// Returns the state if any part of it is known.
    pub(crate) fn if_any(self) -> Option<Self> {
        let Self { limit, remaining, until, reset } = self;
        (limit.is_some() || remaining.is_some() || until.is_some() || reset.is_some()).then_some(self)
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
        if let Some(reset) = self.reset {
            write!(f, " for {} s", reset.as_secs())?;
        }
        self.until.map_or(Ok(()), |until| write!(f, " until {}", until.to_rfc3339()))
    }
}

/// Limit that a refused request exceeded. The server did not process the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Excess {
    /// Concurrent requests. Retry soon, with fewer of them: see
    /// [`max_parallel`](crate::runtime::ClientBuilder::max_parallel).
    Parallel,
    /// Requests in a period. Retry when the period ends: see [`RateLimitState::until`] and [`RateLimitState::reset`].
    Period,
}

/// Parses an RFC 822 or RFC 3339 date. The weekday is ignored, since servers get it wrong.
pub(crate) fn parse_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let date = text.split_once(',').map_or(text, |(_weekday, date)| date).trim();
    DateTime::parse_from_rfc2822(date).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()
}

/// Reads `RateLimit: "hour";r=50;t=30` with `RateLimit-Policy: "hour";q=100;w=3600`.
fn from_items(headers: &HeaderMap) -> Option<RateLimitState> {
    // Of several limits, the one with the fewest requests left is the next to be exceeded.
    let limits = items(headers, "ratelimit").filter_map(|item| Some((item.number("r")?, item)));
    let (remaining, item) = limits.min_by_key(|(remaining, _)| *remaining)?;
    let mut policies = items(headers, "ratelimit-policy").filter(|policy| policy.name == item.name);
    Some(RateLimitState {
        limit: policies.find_map(|policy| policy.number("q")),
        remaining: Some(remaining),
        until: None,
        reset: item.number("t").map(Duration::from_secs),
    })
}

/// Reads `RateLimit-Limit: 100`, `RateLimit-Remaining: 50` and `RateLimit-Reset: 30`.
fn from_numbers(headers: &HeaderMap) -> Option<RateLimitState> {
    // The limit can be followed by policies.
    let number = |name| items(headers, name).next()?.name.parse().ok();
    RateLimitState {
        limit: number("ratelimit-limit"),
        remaining: number("ratelimit-remaining"),
        until: None,
        reset: number("ratelimit-reset").map(Duration::from_secs),
    }
    .if_any()
}

/// Reads `X-RateLimit-Limit: 5000`, `X-RateLimit-Remaining: 50` and `X-RateLimit-Reset: 1700000000`. Some servers send
/// seconds, others a point in time: no period lasts for decades.
fn from_older_numbers(headers: &HeaderMap) -> Option<RateLimitState> {
    const LONGEST_PERIOD: i64 = 1_000_000_000;
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse().ok();
    let reset = number("x-ratelimit-reset").and_then(|reset| i64::try_from(reset).ok());
    let until = reset.filter(|reset| *reset > LONGEST_PERIOD);
    let seconds = reset.filter(|reset| *reset <= LONGEST_PERIOD).and_then(|reset| u64::try_from(reset).ok());
    RateLimitState {
        limit: number("x-ratelimit-limit"),
        remaining: number("x-ratelimit-remaining"),
        until: until.and_then(|until| DateTime::from_timestamp(until, 0)).map(|until| until.fixed_offset()),
        reset: seconds.map(Duration::from_secs),
    }
    .if_any()
}

/// Item of a list with its parameters (RFC 9651, section 3.1).
struct Item<'h> {
    name: &'h str,
    parameters: Vec<(&'h str, &'h str)>,
}

impl Item<'_> {
    fn number(&self, parameter: &str) -> Option<u64> {
        self.parameters.iter().find(|(name, _)| *name == parameter)?.1.parse().ok()
    }
}

fn items<'h>(headers: &'h HeaderMap, name: &'static str) -> impl Iterator<Item = Item<'h>> {
    let lists = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| split(list, ',')).map(|item| {
        let mut parts = split(item, ';');
        let name = parts.next().unwrap_or_default();
        Item { name, parameters: parts.filter_map(|parameter| parameter.split_once('=')).collect() }
    })
}

/// Splits a text at separators outside of quoted strings.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_separator = move |c: char| {
        let separates = c == separator && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        separates
    };
    text.split(is_separator).map(str::trim)
}
