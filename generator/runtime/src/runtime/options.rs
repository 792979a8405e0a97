//! Settings of calls: time limits, retries, headers, checks.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::runtime::error::TimeoutKind;
use crate::runtime::retry::RetryConfig;

/// Default limit for making a connection: room for one lost packet of the handshake and its retransmissions.
pub(crate) const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Default limit for one attempt, without the time for sending the body.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// Default limit for a whole call: room for a large upload over a slow line.
const DEFAULT_OPERATION_TIMEOUT: Duration = Duration::from_secs(120);
/// Default limit between two pieces of a body.
const DEFAULT_READ_TIMEOUT: Duration = Duration::from_secs(15);
/// Default limit for the length of a response's body, in bytes.
const DEFAULT_RESPONSE_LIMIT: usize = 64 * 1024 * 1024;

/// Settings of one call. The client's settings apply to everything that is not set here.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    attempt_timeout: Option<Duration>,
    operation_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    retry: Option<RetryConfig>,
    response_limit: Option<usize>,
    check_constraints: Option<bool>,
    is_idempotent: bool,
    idempotency_key: Option<String>,
    headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Returns settings that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limit for one attempt, from connecting to the last byte of the response. The time for sending the
    /// request's body does not count; [`read_timeout`](Self::read_timeout) ends a stalled upload. [`Duration::MAX`] means
    /// no limit.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = Some(limit);
        self
    }

    /// Sets the limit for the whole call, retries and backoff included. [`Duration::MAX`] means no limit.
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.operation_timeout = Some(limit);
        self
    }

    /// Sets the limit between two pieces of a body, of the request or of the response. [`Duration::MAX`] means no limit.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = Some(limit);
        self
    }

    /// Sets the number of attempts and the backoff between them.
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.retry = Some(config);
        self
    }

    /// States that the call is idempotent: it is retried even if the server may have processed it.
    ///
    /// Without this setting, an operation that the description does not declare idempotent is retried only if the server
    /// cannot have processed the request. `false` changes nothing.
    pub fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.is_idempotent = is_idempotent;
        self
    }

    /// Sets the idempotency key of the call, such as one that is stored and outlives the process.
    ///
    /// Without this setting, each call of an operation that takes a key
    /// ([`Operation::idempotency_key`](crate::runtime::Operation::idempotency_key)) has a random UUID. All attempts of a call
    /// have the same key. For an operation that takes none, the call fails and sends nothing.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets the limit for the length of the response's body, in bytes.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    /// Turns the checks of the description's constraints before sending on or off.
    pub fn check_constraints(mut self, check: bool) -> Self {
        self.check_constraints = Some(check);
        self
    }

    /// Adds a header to this call. It replaces the client's header of the same name. The last value wins if a name is
    /// given twice.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn limits(&self, default: Limits) -> Limits {
        Limits {
            connect: default.connect,
            attempt: self.attempt_timeout.unwrap_or(default.attempt),
            operation: self.operation_timeout.unwrap_or(default.operation),
            read: self.read_timeout.unwrap_or(default.read),
            retry: self.retry.unwrap_or(default.retry),
            response_bytes: self.response_limit.unwrap_or(default.response_bytes),
        }
    }

    pub(crate) fn checks(&self, default: bool) -> bool {
        self.check_constraints.unwrap_or(default)
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.is_idempotent
    }

    pub(crate) fn own_idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    pub(crate) fn extra_headers(&self) -> &[(String, String)] {
        &self.headers
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("attempt_timeout", &self.attempt_timeout)
            .field("operation_timeout", &self.operation_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("retry", &self.retry)
            .field("response_limit", &self.response_limit)
            .field("check_constraints", &self.check_constraints)
            .field("is_idempotent", &self.is_idempotent)
            .field("has_idempotency_key", &self.idempotency_key.is_some())
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
    pub(crate) operation: Duration,
    pub(crate) read: Duration,
    pub(crate) retry: RetryConfig,
    pub(crate) response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: None,
            attempt: DEFAULT_ATTEMPT_TIMEOUT,
            operation: DEFAULT_OPERATION_TIMEOUT,
            read: DEFAULT_READ_TIMEOUT,
            retry: RetryConfig::default(),
            response_bytes: DEFAULT_RESPONSE_LIMIT,
        }
    }
}

impl Limits {
    /// Returns the length of a time limit.
    pub(crate) fn of(&self, kind: TimeoutKind) -> Duration {
        match kind {
            TimeoutKind::Connect => self.connect.unwrap_or(DEFAULT_CONNECT_TIMEOUT),
            TimeoutKind::Attempt => self.attempt,
            TimeoutKind::Read => self.read,
            TimeoutKind::Operation => self.operation,
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

/// Returns the names of headers. A value may be a secret.
pub(crate) fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}
