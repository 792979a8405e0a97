//! The seam between a client and the library that speaks HTTP.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::runtime::body::{Body, BoxError, BoxFuture};
use crate::runtime::operation::Operation;
use crate::runtime::text::root_cause;

/// Transport of HTTP requests: sends one request and returns the head of its response. The client reads the body.
///
/// Wrap a transport to observe or change requests, or replace it in tests. A transport must not follow redirects,
/// since the request has credentials for one origin. Do not log the URI: its query may hold a key.
pub trait Transport: Send + Sync + fmt::Debug + 'static {
    /// Sends the request. Dropping the future cancels it.
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        (**self).send(request, attempt)
    }
}

/// Facts about an attempt beside the request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Operation of the call.
    pub operation: &'static Operation,
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Limit for making a connection, if the client sets one. The client itself enforces the limits for the attempt
    /// and for the whole call.
    pub connect_timeout: Option<Duration>,
    /// Line of the caller, for mocks.
    #[cfg(feature = "mock")]
    pub(crate) caller: Option<&'static std::panic::Location<'static>>,
}

/// Failure of a transport.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

/// Point at which a transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be prepared. Nothing was sent.
    Setup,
    /// Connecting failed. Nothing was sent.
    Connect,
    /// Connecting timed out. Nothing was sent.
    ConnectTimeout {
        /// Length of the limit.
        limit: Duration,
    },
    /// The request's body could not be read to its end.
    RequestBody,
    /// The connection failed before the head of the response arrived. The server may have processed the request.
    Exchange,
    /// The body of the response ended early.
    ResponseBody,
    /// The response exceeds the size limit.
    ResponseTooLong,
    /// A time limit of the transport itself ended.
    Timeout,
}

impl TransportErrorKind {
    /// Returns a word for statistics, such as `connect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Connect => "connect",
            Self::ConnectTimeout { .. } => "connect_timeout",
            Self::RequestBody => "request_body",
            Self::Exchange => "exchange",
            Self::ResponseBody => "response_body",
            Self::ResponseTooLong => "response_too_long",
            Self::Timeout => "timeout",
        }
    }
}

impl TransportError {
    /// Creates an error with its cause.
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self { kind, source: source.into() }
    }

    /// Returns the point at which the transport failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns `true` if the server cannot have seen the request.
    pub fn is_unsent(&self) -> bool {
        use TransportErrorKind::{Connect, ConnectTimeout, Setup};
        matches!(self.kind, Setup | Connect | ConnectTimeout { .. })
    }
}

/// Shows the kind of failure and its root cause. Intermediate causes are in [`Error::source`].
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            TransportErrorKind::Setup => "the request could not be made",
            TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout { .. } => {
                "no connection could be made"
            }
            TransportErrorKind::RequestBody => "the request's body could not be read",
            TransportErrorKind::Exchange => "the connection failed before a response arrived",
            TransportErrorKind::ResponseBody => "the response ended early",
            TransportErrorKind::ResponseTooLong => "the response is too long",
            TransportErrorKind::Timeout => "the transport's own time limit ran out",
        };
        write!(f, "{what}: {}", root_cause(&*self.source))
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
