//! What the generator knows of the API and of each operation, as constants.

use std::fmt;
use std::time::Duration;

use http::Method;

use crate::runtime::auth::SecurityScheme;
use crate::runtime::dialect::Dialect;
use crate::runtime::retry::NoRetry;

/// The API a client is generated for.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) struct Api {
    /// Where requests go unless the builder says otherwise. Empty if the description names no server.
    pub base_url: &'static str,
    /// `User-Agent` of the client, without the application's own part.
    pub user_agent: &'static str,
    /// Dialect of the server unless the builder sets another one.
    pub dialect: &'static dyn Dialect,
}

/// One operation of the API, as its description declares it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/businesses/{businessId}/chats`.
    pub path: &'static str,
    /// Alternatives, each a set of schemes whose credentials are sent together. None at all: the operation is
    /// public. An empty set among them: it may be called without credentials.
    pub(crate) security: &'static [&'static [SecurityScheme]],
    /// Whether it may be sent again.
    pub safety: Safety,
    /// Header of an idempotency key, by which the server recognises a request that it already has; `None` if it takes none.
    pub idempotency_key: Option<&'static str>,
    /// The limit declared for the operation.
    pub rate_limit: Option<RateLimit>,
    /// Scopes of a key, each of which allows the operation. Empty: the description names none.
    pub scopes: &'static [&'static str],
    /// How the operation goes away, if it does.
    pub deprecation: Option<Deprecation>,
    /// Envelope around the result of a call.
    pub(crate) envelope: Option<Envelope>,
}

/// *For generated code.* Envelope around the result of a call: an object that reports success or failure beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// The property with the result; `None` if the whole response is the result, or if there is no result.
    pub result: Option<&'static str>,
    /// Property and text that make a response a failure, whatever its status is.
    pub failure: Option<(&'static str, &'static str)>,
}

/// What happens if the server gets a request twice: the terms are those of
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Safety {
    /// Nothing: it changes nothing.
    ReadOnly,
    /// The same as if it got it once.
    Idempotent,
    /// It does it twice, or nobody knows.
    Unsafe,
}

/// Announced end of an operation. Dates are as the description has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// From when it is served with less.
    pub degradation: Option<&'static str>,
    /// From when it is not served.
    pub shutdown: Option<&'static str>,
    /// The `operationId` of what to use instead.
    pub replacement: Option<&'static str>,
}

/// So many requests in such a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the period.
    pub requests: u64,
    /// The period.
    pub period: Duration,
}

/// One call of an operation, as errors name it: `getChats: POST /businesses/7/chats`.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) dialect: &'static dyn Dialect,
    /// With its parameters filled in, below the base URL and without the query, which may hold a key.
    pub(crate) path: String,
    /// Number of times it was sent.
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
    /// Returns the effect of a request that the server gets twice.
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
