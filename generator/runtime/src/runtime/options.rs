//! What a client or a single call can set: time limits, headers, checks.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::runtime::retry::RetryPolicy;

/// Limit for making a connection, unless set otherwise. It leaves room for one lost handshake packet and its
/// retransmissions.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Limit for one attempt, from connecting to the last byte of the answer, unless set otherwise. Sending the
/// body is part of it: a large upload over a slow line needs more.
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// Limit for a whole call, everything included, unless set otherwise.
pub const DEFAULT_TOTAL_TIMEOUT: Duration = Duration::from_secs(60);

/// Limit for the time between two pieces of an answer's body, unless set otherwise.
pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long the body of an answer may be, in bytes, unless set otherwise. A file that is given piece by piece has no
/// such limit.
pub const DEFAULT_RESPONSE_LIMIT: usize = 64 * 1024 * 1024;

/// Settings of one call; what is not set here is as the client's builder set it.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    response_limit: Option<usize>,
    check_constraints: Option<bool>,
    headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Settings that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limit for making a connection. The default transport keeps a pool of connections per distinct limit.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = Some(limit);
        self
    }

    /// Limit for one attempt, from connecting to the last byte of the answer.
    /// [`Duration::MAX`] is no limit.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = Some(limit);
        self
    }

    /// Limit for the whole call, everything included. [`Duration::MAX`] is no limit.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total_timeout = Some(limit);
        self
    }

    /// Limit for the time between two pieces of the answer's body. [`Duration::MAX`] is no limit.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = Some(limit);
        self
    }

    /// How often the request is sent, and how long is waited in between.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// How long the body of the answer may be, in bytes.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    /// Whether the description's constraints are checked before the request is sent.
    pub fn check_constraints(mut self, check: bool) -> Self {
        self.check_constraints = Some(check);
        self
    }

    /// A header of this call. It takes the place of one of the same name that the client would send; the last
    /// one wins if it is given more than once.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn limits(&self, default: Limits) -> Limits {
        Limits {
            connect: self.connect_timeout.or(default.connect),
            attempt: self.attempt_timeout.unwrap_or(default.attempt),
            total: self.total_timeout.unwrap_or(default.total),
            idle: self.idle_timeout.unwrap_or(default.idle),
            retry: self.retry.unwrap_or(default.retry),
            response_bytes: self.response_limit.unwrap_or(default.response_bytes),
        }
    }

    pub(crate) fn checks(&self, default: bool) -> bool {
        self.check_constraints.unwrap_or(default)
    }

    pub(crate) fn extra_headers(&self) -> &[(String, String)] {
        &self.headers
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("response_limit", &self.response_limit)
            .field("check_constraints", &self.check_constraints)
            .field("headers", &names(&self.headers))
            .finish()
    }
}

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// None: the transport's own.
    pub(crate) connect: Option<Duration>,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
    pub(crate) idle: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: None,
            attempt: DEFAULT_ATTEMPT_TIMEOUT,
            total: DEFAULT_TOTAL_TIMEOUT,
            idle: DEFAULT_IDLE_TIMEOUT,
            retry: RetryPolicy::default(),
            response_bytes: DEFAULT_RESPONSE_LIMIT,
        }
    }
}

/// Sets the headers, or says which one is wrong, and how; never what its value is.
pub(crate) fn set_headers(map: &mut HeaderMap, headers: &[(String, String)]) -> Result<(), String> {
    for (name, value) in headers {
        let name = HeaderName::try_from(name)
            .map_err(|_| format!("header `{}`: not a header name", name.escape_debug()))?;
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| format!("header `{name}`: its value has a character that no header can carry"))?;
        // Any of them may hold a key; these two do not.
        value.set_sensitive(name != ACCEPT && name != USER_AGENT);
        map.insert(name, value);
    }
    Ok(())
}

/// The names alone: a header's value may be a secret.
pub(crate) fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}
