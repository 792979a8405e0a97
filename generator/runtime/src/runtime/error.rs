//! What can go wrong with a call, each with what an on-call engineer needs.

use std::error::Error as StdError;
use std::fmt::{self, Display};
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::runtime::check::Violation;
use crate::runtime::dialect::trace_id;
use crate::runtime::operation::{Call, Operation};
use crate::runtime::rate_limit::{Excess, RateLimitState};
use crate::runtime::text::{Status, write_line};
use crate::runtime::transport::{TransportError, TransportErrorKind};

/// Why a call failed. `B` is the body of an answer that reports an error, by status.
///
/// Printed, each is one line that names the operation, its path without the query, and the root of the
/// matter; what lies between is in [`source`](StdError::source). No credential is ever in it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<B> {
    /// The request is not as the description asks, or cannot be built. It was not sent.
    InvalidRequest(Box<InvalidRequest>),
    /// A time limit ran out.
    Timeout(Box<TimeoutError>),
    /// No complete answer came.
    Transport(Box<TransportFailure>),
    /// The server answered that it did not do what it was asked.
    Api(Box<ApiError<B>>),
    /// The answer is not what the description promises.
    Decode(Box<DecodeError>),
}

impl<B> Error<B> {
    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.call().operation
    }

    /// How often the request was sent: not at all if it is invalid, more than once if it was
    /// [retried](crate::runtime::RetryPolicy).
    pub fn attempts(&self) -> u32 {
        self.call().attempts
    }

    fn call(&self) -> &Call {
        match self {
            Self::InvalidRequest(error) => &error.call,
            Self::Timeout(error) => &error.call,
            Self::Transport(error) => &error.call,
            Self::Api(error) => &error.call,
            Self::Decode(error) => &error.call,
        }
    }

    /// The status of the answer, if its head came.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidRequest(_) | Self::Timeout(_) => None,
            Self::Transport(error) => error.status,
            Self::Api(error) => Some(error.status),
            Self::Decode(error) => Some(error.status),
        }
    }

    /// The body of an error response, if the server answered with one.
    pub fn body(&self) -> Option<&B> {
        match self {
            Self::Api(error) => Some(error.body()),
            _ => None,
        }
    }

    /// Returns the limit that the request exceeded, if the server refused it for that and the dialect tells.
    pub fn excess(&self) -> Option<Excess> {
        match self {
            Self::Api(error) => error.excess(),
            _ => None,
        }
    }

    /// The id by which the server's support finds the call in its traces, if there was an answer with one.
    pub fn trace_parent(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.trace_parent(),
            Self::Decode(error) => error.trace_parent(),
            _ => None,
        }
    }

    /// Whether a time limit ran out, the client's or the transport's.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Transport(error) => error.error.kind() == TransportErrorKind::Timeout,
            _ => false,
        }
    }

    /// Whether no connection could be made, be it that there was no time for it.
    pub fn is_connect(&self) -> bool {
        match self {
            Self::Timeout(error) => error.kind == TimeoutKind::Connect,
            Self::Transport(error) => error.error.kind() == TransportErrorKind::Connect,
            _ => false,
        }
    }

    /// Whether the server surely has not seen any of the request, so that sending it again cannot do it
    /// twice.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::InvalidRequest(_) => true,
            Self::Timeout(error) => error.kind == TimeoutKind::Connect,
            Self::Transport(error) => error.error.is_unsent(),
            Self::Api(_) | Self::Decode(_) => false,
        }
    }
}

impl<B> Display for Error<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(error) => error.fmt(f),
            Self::Timeout(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

impl<B: fmt::Debug> StdError for Error<B> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::InvalidRequest(error) => error.source(),
            Self::Timeout(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::Api(error) => error.source(),
            Self::Decode(error) => error.source(),
        }
    }
}

/// A request that was not sent, because it is not as the description asks or cannot be built.
#[derive(Debug)]
pub struct InvalidRequest {
    pub(crate) call: Call,
    pub(crate) problems: Vec<Problem>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A parameter or property that is not as the description asks.
    Value(Violation),
    /// The client has no credentials that the operation takes: what to call to have them.
    Credentials(String),
    /// The request cannot be built: why.
    Unbuildable(String),
}

impl InvalidRequest {
    /// All that is wrong with it.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The parameters and properties that are not as the description asks.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.problems.iter().filter_map(|problem| match problem {
            Problem::Value(violation) => Some(violation),
            _ => None,
        })
    }
}

impl Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: not sent", self.call)?;
        let mut separator = ": ";
        for problem in &self.problems {
            write!(f, "{separator}{problem}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl StdError for InvalidRequest {}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(violation) => violation.fmt(f),
            Self::Credentials(text) | Self::Unbuildable(text) => f.write_str(text),
        }
    }
}

/// A time limit that ran out.
#[derive(Debug)]
pub struct TimeoutError {
    pub(crate) call: Call,
    pub(crate) kind: TimeoutKind,
    pub(crate) limit: Duration,
    pub(crate) source: Option<TransportError>,
}

/// Which time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// For making a connection: nothing was sent.
    Connect,
    /// For one attempt.
    Attempt,
    /// For the next piece of an answer's body.
    Idle,
    /// For the whole call.
    Total,
}

impl TimeoutError {
    /// Which limit ran out.
    pub fn kind(&self) -> TimeoutKind {
        self.kind
    }

    /// How long it was.
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

impl Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = match self.kind {
            TimeoutKind::Connect => "no connection within the connect timeout",
            TimeoutKind::Attempt => "no complete answer within the attempt timeout",
            TimeoutKind::Idle => "nothing more of the answer came within the idle timeout",
            TimeoutKind::Total => "no complete answer within the total timeout",
        };
        write!(f, "{}: {missing} of {:?}", self.call, self.limit)
    }
}

impl StdError for TimeoutError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// A call to which no complete answer came.
#[derive(Debug)]
pub struct TransportFailure {
    pub(crate) call: Call,
    pub(crate) status: Option<StatusCode>,
    pub(crate) error: TransportError,
}

impl TransportFailure {
    /// The status, if the answer broke off after its head.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// At which point the transport failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.error.kind()
    }

    /// Whether the server surely has not seen any of the request.
    pub fn is_unsent(&self) -> bool {
        self.error.is_unsent()
    }
}

impl Display for TransportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, status, error } = self;
        match status {
            Some(status) => write!(f, "{call} answered {}, but {error}", Status(*status)),
            None => write!(f, "{call}: {error}"),
        }
    }
}

impl StdError for TransportFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

/// An answer that says that the server did not do what it was asked.
///
/// A redirect is one: it is never followed, because it would take the credentials elsewhere. So is an answer
/// with a status of success whose body reports a failure.
#[derive(Debug)]
pub struct ApiError<B> {
    pub(crate) call: Call,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: B,
    pub(crate) excerpt: String,
    pub(crate) excess: Option<Excess>,
}

impl<B> ApiError<B> {
    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.call.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.call.operation.method
    }

    /// The path that was called, with its parameters filled in, below the base URL.
    pub fn path(&self) -> &str {
        &self.call.path
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, typed by status.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body, typed by status.
    pub fn into_body(self) -> B {
        self.body
    }

    /// The beginning of the body as text, whatever it is.
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }

    /// The state of the rate limit after this call, if the server tells it.
    pub fn rate_limit(&self) -> Option<RateLimitState> {
        self.call.dialect.rate_limit(&self.headers)
    }

    /// Returns the limit that the request exceeded, if the server refused it for that and the dialect tells.
    pub fn excess(&self) -> Option<Excess> {
        self.excess
    }

    /// Returns the identifier by which the server's support finds this call in its traces.
    pub fn trace_parent(&self) -> Option<&str> {
        trace_id(self.call.dialect, &self.headers)
    }
}

impl<B> Display for ApiError<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.call, Status(self.status))?;
        if self.status.is_redirection() {
            f.write_str(" (redirects are not followed)")?;
        } else if self.status.is_success() {
            f.write_str(", but its body reports a failure")?;
        }
        if !self.excerpt.is_empty() {
            f.write_str(": ")?;
            write_line(f, &self.excerpt)?;
        }
        if let Some(rate_limit) = self.rate_limit() {
            write!(f, "; {rate_limit}")?;
        }
        write_trace_id(f, &self.call, &self.headers)
    }
}

impl<B: fmt::Debug> StdError for ApiError<B> {}

/// An answer that is not what the description promises.
#[derive(Debug)]
pub struct DecodeError {
    pub(crate) call: Call,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
    pub(crate) error: serde_json::Error,
    pub(crate) excerpt: String,
}

impl DecodeError {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type of the answer, if it says one.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }

    /// The place inside the JSON, such as `result.chats[0].chatId`; `.` is the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line of the place, from 1.
    pub fn line(&self) -> usize {
        self.error.line()
    }

    /// The column of the place, from 1.
    pub fn column(&self) -> usize {
        self.error.column()
    }

    /// The body around that place.
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }

    /// Returns the identifier by which the server's support finds this call in its traces.
    pub fn trace_parent(&self) -> Option<&str> {
        trace_id(self.call.dialect, &self.headers)
    }
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, status, path, error, .. } = self;
        let status = Status(*status);
        write!(f, "{call} answered {status}, but its body is not as described, at `{path}`: ")?;
        write_line(f, &error.to_string())?;
        write!(f, "; content type: {}; body: ", self.content_type().unwrap_or("none"))?;
        write_line(f, &self.excerpt)?;
        write_trace_id(f, &self.call, &self.headers)
    }
}

impl StdError for DecodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}

fn write_trace_id(f: &mut fmt::Formatter<'_>, call: &Call, headers: &HeaderMap) -> fmt::Result {
    let name = call.dialect.trace_header();
    trace_id(call.dialect, headers).map_or(Ok(()), |id| write!(f, "; {name}: {id}"))
}

/// The failures that do not depend on an operation's types.
#[derive(Debug)]
pub(crate) enum Failure {
    InvalidRequest(Box<InvalidRequest>),
    Timeout(Box<TimeoutError>),
    Transport(Box<TransportFailure>),
}

impl<B> From<Failure> for Error<B> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::InvalidRequest(error) => Self::InvalidRequest(error),
            Failure::Timeout(error) => Self::Timeout(error),
            Failure::Transport(error) => Self::Transport(error),
        }
    }
}
