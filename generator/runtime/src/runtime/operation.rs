//! Constants about the API and each operation.

use std::fmt;
use std::time::Duration;

use http::Method;

use crate::runtime::auth::SecurityScheme;
use crate::runtime::dialect::Dialect;
use crate::runtime::retry::NoRetry;

/// API of a client.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) struct Api {
    /// Default base URL. Empty if the description names no server.
    pub base_url: &'static str,
    /// `User-Agent` of the client, without that of the application.
    pub user_agent: &'static str,
    /// Default dialect of the server.
    pub dialect: &'static dyn Dialect,
}

/// Operation of the API, as the description declares it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId` of the description.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template, such as `/businesses/{businessId}/chats`.
    pub path: &'static str,
    /// Alternatives of credentials, each a set of schemes that are sent together. No alternative: the operation is
    /// public. An empty set: credentials are optional.
    pub(crate) security: &'static [&'static [SecurityScheme]],
    /// Effect of a repeated request, which decides about retries.
    pub safety: Safety,
    /// Header of an idempotency key, by which the server recognises a request that it already has; `None` if it takes none.
    pub idempotency_key: Option<&'static str>,
    /// Declared rate limit.
    pub rate_limit: Option<RateLimit>,
    /// Scopes of an API key, each of which allows the operation. Empty if the description names none.
    pub scopes: &'static [&'static str],
    /// Announced end of the operation.
    pub deprecation: Option<Deprecation>,
    /// Envelope around the result of a call.
    pub(crate) envelope: Option<Envelope>,
}

/// Envelope around the result of a call: an object that reports success or failure beside the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Property with the result; `None` if the whole response is the result, or if there is no result.
    pub result: Option<&'static str>,
    /// Property and text that make a response a failure, whatever its status is.
    pub failure: Option<(&'static str, &'static str)>,
}

/// Effect of a repeated request, in the terms of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Safety {
    /// Read-only.
    ReadOnly,
    /// Idempotent: repeating the request changes nothing more.
    Idempotent,
    /// Not idempotent.
    Unsafe,
}

/// Announced end of an operation. Dates are as in the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// Date from which the operation is limited.
    pub degradation: Option<&'static str>,
    /// Date from which the operation is shut down.
    pub shutdown: Option<&'static str>,
    /// `operationId` of the replacement.
    pub replacement: Option<&'static str>,
}

/// Limit of requests in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Allowed requests in the period.
    pub requests: u64,
    /// Length of the period.
    pub period: Duration,
}

/// Call of an operation, as errors name it: `getChats: POST /businesses/7/chats`.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) dialect: &'static dyn Dialect,
    /// Path with its parameters, below the base URL and without the query, which may hold a key.
    pub(crate) path: String,
    /// Number of times the request was sent.
    pub(crate) attempts: u32,
    /// `true` if the caller states that the call is idempotent, or the request has an idempotency key.
    pub(crate) is_idempotent: bool,
    /// The reason why there was no further attempt.
    pub(crate) no_retry: Option<NoRetry>,
    /// Line of the caller.
    #[cfg(feature = "mock")]
    pub(crate) caller: Option<&'static std::panic::Location<'static>>,
}

impl Call {
    /// Returns the effect of a repeated request.
    pub(crate) fn safety(&self) -> Safety {
        match self.operation.safety {
            Safety::Unsafe if self.is_idempotent => Safety::Idempotent,
            safety => safety,
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { id, method, .. } = self.operation;
        write!(f, "{id}: {method} {}", self.path)?;
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (attempt {attempts})"),
        }
    }
}
