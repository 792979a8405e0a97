//! The seam between a client and the library that talks HTTP.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::runtime::body::{Body, BoxError, BoxFuture};
use crate::runtime::operation::Operation;
use crate::runtime::text::root_cause;

/// Sends one HTTP request and gives the head of its response; the response's body is read by the client.
///
/// Wrap a transport to observe or change what goes over the wire, or replace it in tests. A transport must
/// not follow redirects: the request carries credentials that are meant for one origin. Its URI may hold a
/// key in the query, so it does not belong in a log.
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

/// What a transport is told beside the request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation that is called.
    pub operation: &'static Operation,
    /// Which attempt it is, from 1.
    pub number: u32,
    /// Limit for making a connection, if the client has one; else it is the transport's own
    /// affair. The client itself enforces the limits for the attempt and for the whole call.
    pub connect_timeout: Option<Duration>,
    /// Line of the caller, for mocks.
    #[cfg(feature = "mock")]
    pub(crate) caller: Option<&'static std::panic::Location<'static>>,
}

/// Why a transport gave no complete response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

/// At which point a transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be made ready; nothing was sent.
    Setup,
    /// No connection could be made; nothing was sent.
    Connect,
    /// No connection could be made within the limit; nothing was sent.
    ConnectTimeout {
        /// The limit.
        limit: Duration,
    },
    /// The request's body could not be read to its end.
    RequestBody,
    /// The connection failed before the head of the response came: the server may have seen the request.
    Exchange,
    /// The response broke off in its body.
    ResponseBody,
    /// The response is longer than the client takes.
    ResponseTooLong,
    /// A time limit of the transport's own ran out, at a point that it does not tell.
    Timeout,
}

impl TransportErrorKind {
    /// A word for it, for statistics.
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
    /// An error of the given kind with its cause.
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self { kind, source: source.into() }
    }

    /// At which point the transport failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server surely has not seen any of the request.
    pub fn is_unsent(&self) -> bool {
        use TransportErrorKind::{Connect, ConnectTimeout, Setup};
        matches!(self.kind, Setup | Connect | ConnectTimeout { .. })
    }
}

/// What failed and the root of it; what lies between is in [`Error::source`].
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
