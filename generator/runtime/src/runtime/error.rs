//! Failures of calls.

use std::error::Error as StdError;
use std::fmt::{self, Display};
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::runtime::check::Violation;
use crate::runtime::dialect::trace_id;
use crate::runtime::json::Mismatch;
use crate::runtime::operation::{Call, Operation};
use crate::runtime::rate_limit::{Excess, RateLimitState};
use crate::runtime::request::DecodedError;
use crate::runtime::retry::{Outcome, asked_wait};
use crate::runtime::text::{Status, excerpt, offset_of, write_line};
use crate::runtime::transport::{TransportError, TransportErrorKind};

/// Failure of a call.
///
/// [`kind`](Self::kind) tells the kinds apart; each accessor names the kinds that it has a value for. The body of an
/// error response is typed: see `body`.
///
/// Printed, an error is one line. The line names the operation, its path without the query, the cause, and the reason
/// why the request was not retried. It never has a credential. Intermediate causes are in [`source`](StdError::source).
pub struct Error(Box<Inner>);

struct Inner {
    call: Call,
    cause: Cause,
}

/// Kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request breaks a rule of the description, or cannot be built. It was not sent.
    InvalidRequest,
    /// The client has no credentials for the operation, or its token provider failed. The request was not sent.
    Credentials,
    /// A time limit ended.
    Timeout,
    /// The connection failed, or a body could not be read to its end.
    Transport,
    /// The server sent an error response.
    Api,
    /// The response is not as described.
    Decode,
}

impl ErrorKind {
    /// Returns a word for statistics, such as `timeout`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Credentials => "credentials",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Decode => "decode",
        }
    }
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// Limit for making a connection. Nothing was sent.
    Connect,
    /// Limit for one attempt.
    Attempt,
    /// Limit between two pieces of a body.
    Read,
    /// Limit for the whole call.
    Operation,
}

pub(crate) enum Cause {
    Invalid(Vec<Violation>, Vec<String>),
    Credentials(String),
    Timeout { kind: TimeoutKind, limit: Duration, source: Option<TransportError> },
    Transport { status: Option<StatusCode>, error: TransportError },
    Api(ApiFailure),
    Decode(Mismatched),
}

/// An error response. A redirect is one, since following it would take the credentials elsewhere. So is a response with
/// the status of a success whose body reports a failure.
pub(crate) struct ApiFailure {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: DecodedError,
    pub(crate) excerpt: String,
    pub(crate) excess: Option<Excess>,
    pub(crate) retry_after: Option<Duration>,
}

/// A response that is not as described.
pub(crate) struct Mismatched {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) error: BoxedCause,
    pub(crate) excerpt: String,
}

type BoxedCause = Box<dyn StdError + Send + Sync>;

impl Error {
    pub(crate) fn new(call: Call, cause: Cause) -> Self {
        Self(Box::new(Inner { call, cause }))
    }

    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            Cause::Invalid(..) => ErrorKind::InvalidRequest,
            Cause::Credentials(_) => ErrorKind::Credentials,
            Cause::Timeout { .. } => ErrorKind::Timeout,
            Cause::Transport { .. } => ErrorKind::Transport,
            Cause::Api(_) => ErrorKind::Api,
            Cause::Decode(_) => ErrorKind::Decode,
        }
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.0.call.operation
    }

    /// Returns the path that was called, with its parameters filled in, below the base URL and without the query.
    pub fn path(&self) -> &str {
        &self.0.call.path
    }

    /// Returns the number of times the request was sent: 0 if it is invalid, more than 1 if it was
    /// [retried](crate::runtime::RetryConfig).
    pub fn attempts(&self) -> u32 {
        self.0.call.attempts
    }

    /// Returns the status of the response, if its head arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.cause {
            Cause::Invalid(..) | Cause::Credentials(_) | Cause::Timeout { .. } => None,
            Cause::Transport { status, .. } => *status,
            Cause::Api(failure) => Some(failure.status),
            Cause::Decode(mismatch) => Some(mismatch.status),
        }
    }

    /// Returns the headers of the response: [`Api`](ErrorKind::Api), [`Decode`](ErrorKind::Decode).
    pub fn headers(&self) -> Option<&HeaderMap> {
        match &self.0.cause {
            Cause::Api(failure) => Some(&failure.headers),
            Cause::Decode(mismatch) => Some(&mismatch.headers),
            _ => None,
        }
    }

    /// Returns part of the response's body as text: its beginning for [`Api`](ErrorKind::Api), the text around the
    /// mismatch for [`Decode`](ErrorKind::Decode), and no text for other kinds.
    pub fn excerpt(&self) -> &str {
        match &self.0.cause {
            Cause::Api(failure) => &failure.excerpt,
            Cause::Decode(mismatch) => &mismatch.excerpt,
            _ => "",
        }
    }

    /// Returns the body of an error response, if it has the type `T` that generated code decoded.
    pub(crate) fn body_as<T: 'static>(&self) -> Option<&T> {
        match &self.0.cause {
            Cause::Api(failure) => failure.body.downcast_ref(),
            _ => None,
        }
    }

    /// Returns the parameters and properties that break a rule: [`InvalidRequest`](ErrorKind::InvalidRequest).
    pub fn violations(&self) -> &[Violation] {
        match &self.0.cause {
            Cause::Invalid(violations, _) => violations,
            _ => &[],
        }
    }

    /// Returns the time limit that ended, and its length: [`Timeout`](ErrorKind::Timeout).
    pub fn timeout(&self) -> Option<(TimeoutKind, Duration)> {
        match &self.0.cause {
            Cause::Timeout { kind, limit, .. } => Some((*kind, *limit)),
            _ => None,
        }
    }

    /// Returns the point at which the transport failed: [`Transport`](ErrorKind::Transport).
    pub fn transport_kind(&self) -> Option<TransportErrorKind> {
        match &self.0.cause {
            Cause::Transport { error, .. } => Some(error.kind()),
            _ => None,
        }
    }

    /// Returns the place in the JSON that is not as described, such as `result.chats[0].chatId`; `.` is the whole body:
    /// [`Decode`](ErrorKind::Decode).
    pub fn json_path(&self) -> Option<&str> {
        self.mismatch().map(|mismatch| mismatch.path.as_str())
    }

    /// Returns line and column of the mismatch in the body, both counted from 1: [`Decode`](ErrorKind::Decode).
    pub fn json_position(&self) -> Option<(usize, usize)> {
        self.mismatch().map(|mismatch| (mismatch.line, mismatch.column))
    }

    /// Returns the state of the rate limit, if the response reports it.
    pub fn rate_limit(&self) -> Option<RateLimitState> {
        self.0.call.dialect.rate_limit(self.headers()?)
    }

    /// Returns the kind of rate limit that the request exceeded, if the server refused it for that.
    pub fn excess(&self) -> Option<Excess> {
        self.api().and_then(|failure| failure.excess)
    }

    /// Returns the time that the server asks to wait before a retry.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(|failure| failure.retry_after)
    }

    /// Returns the identifier of the call in the server's traces, if the response has one.
    pub fn trace_parent(&self) -> Option<&str> {
        trace_id(self.0.call.dialect, self.headers()?)
    }

    /// Returns `true` if a time limit ended: one of the client, or one of the transport.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.transport_kind() == Some(TransportErrorKind::Timeout)
    }

    /// Returns `true` if connecting failed or timed out.
    pub fn is_connect(&self) -> bool {
        match &self.0.cause {
            Cause::Timeout { kind, .. } => *kind == TimeoutKind::Connect,
            Cause::Transport { error, .. } => error.kind() == TransportErrorKind::Connect,
            _ => false,
        }
    }

    /// Returns `true` if the server cannot have seen the request.
    pub fn is_unsent(&self) -> bool {
        match &self.0.cause {
            Cause::Invalid(..) | Cause::Credentials(_) => true,
            Cause::Timeout { kind, .. } => *kind == TimeoutKind::Connect,
            Cause::Transport { error, .. } => error.is_unsent(),
            Cause::Api(_) | Cause::Decode(_) => false,
        }
    }

    /// Returns `true` if the cause may be temporary and repeating the call is safe: the server did not process the
    /// request, or the operation is idempotent.
    pub fn is_retryable(&self) -> bool {
        self.outcome().allows(self.0.call.safety())
    }

    fn outcome(&self) -> Outcome {
        match &self.0.cause {
            Cause::Timeout { kind: TimeoutKind::Connect, .. } => Outcome::Unprocessed,
            Cause::Timeout { .. } => Outcome::Unknown,
            Cause::Transport { error, .. } => Outcome::of_transport(error.kind()),
            Cause::Api(failure) => Outcome::of_status(self.0.call.dialect, failure.status, &failure.headers),
            Cause::Invalid(..) | Cause::Credentials(_) | Cause::Decode(_) => Outcome::Final,
        }
    }

    fn api(&self) -> Option<&ApiFailure> {
        match &self.0.cause {
            Cause::Api(failure) => Some(failure),
            _ => None,
        }
    }

    fn mismatch(&self) -> Option<&Mismatched> {
        match &self.0.cause {
            Cause::Decode(mismatch) => Some(mismatch),
            _ => None,
        }
    }
}

impl ApiFailure {
    pub(crate) fn new(
        call: &Call,
        (status, headers): (StatusCode, HeaderMap),
        bytes: &[u8],
        body: DecodedError,
    ) -> Self {
        Self {
            body,
            excerpt: excerpt(bytes, 0),
            excess: call.dialect.excess(status, &headers, bytes),
            retry_after: asked_wait(call.dialect, status, &headers, bytes),
            status,
            headers,
        }
    }
}

impl Mismatched {
    pub(crate) fn new(
        (status, headers): (StatusCode, HeaderMap),
        bytes: &[u8],
        Mismatch { path, error }: Mismatch,
    ) -> Self {
        let (line, column) = (error.line(), error.column());
        let excerpt = excerpt(bytes, offset_of(bytes, line, column));
        Self { status, headers, path, line, column, error: Box::new(error), excerpt }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Error");
        text.field("operation", &self.operation().id).field("kind", &self.kind());
        if let Some(status) = self.status() {
            text.field("status", &status.as_u16());
        }
        text.field("attempts", &self.attempts()).finish_non_exhaustive()
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { call, cause } = &*self.0;
        write!(f, "{call}")?;
        match cause {
            Cause::Invalid(violations, problems) => write_problems(f, violations, problems),
            Cause::Credentials(advice) => write!(f, ": not sent: {advice}"),
            Cause::Timeout { kind, limit, .. } => write_timeout(f, *kind, *limit),
            Cause::Transport { status: Some(status), error } => {
                write!(f, " returned {}, but {error}", Status(*status))
            }
            Cause::Transport { status: None, error } => write!(f, ": {error}"),
            Cause::Api(failure) => failure.fmt(f),
            Cause::Decode(mismatch) => mismatch.fmt(f),
        }?;
        if let Some(state) = self.rate_limit() {
            write!(f, "; {state}")?;
        }
        if let Some(id) = self.trace_parent() {
            write!(f, "; {}: {id}", call.dialect.trace_header())?;
        }
        call.no_retry.map_or(Ok(()), |reason| write!(f, "; not retried: {reason}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Timeout { source, .. } => source.as_ref().map(|source| source as _),
            Cause::Transport { error, .. } => error.source(),
            Cause::Decode(mismatch) => Some(&*mismatch.error),
            Cause::Invalid(..) | Cause::Credentials(_) | Cause::Api(_) => None,
        }
    }
}

fn write_problems(f: &mut fmt::Formatter<'_>, violations: &[Violation], problems: &[String]) -> fmt::Result {
    f.write_str(": not sent")?;
    let mut separator = ": ";
    for violation in violations {
        write!(f, "{separator}{violation}")?;
        separator = "; ";
    }
    for problem in problems {
        write!(f, "{separator}{problem}")?;
        separator = "; ";
    }
    Ok(())
}

fn write_timeout(f: &mut fmt::Formatter<'_>, kind: TimeoutKind, limit: Duration) -> fmt::Result {
    let missing = match kind {
        TimeoutKind::Connect => "no connection within the connect timeout",
        TimeoutKind::Attempt => "no complete response within the attempt timeout",
        TimeoutKind::Read => "no progress of a body within the read timeout",
        TimeoutKind::Operation => "no complete response within the operation timeout",
    };
    write!(f, ": {missing} of {limit:?}")
}

impl Display for ApiFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " returned {}", Status(self.status))?;
        if self.status.is_redirection() && self.status != StatusCode::NOT_MODIFIED {
            f.write_str(" (the redirect was not followed)")?;
        } else if self.status.is_success() {
            f.write_str(", but its body reports a failure")?;
        }
        if self.excerpt.is_empty() {
            return Ok(());
        }
        f.write_str(": ")?;
        write_line(f, &self.excerpt)
    }
}

impl Display for Mismatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, path, error, headers, excerpt, .. } = self;
        write!(f, " returned {}, but its body is not as described, at `{path}`: ", Status(*status))?;
        write_line(f, &error.to_string())?;
        let media_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        write!(f, "; content type: {}; body: ", media_type.unwrap_or("none"))?;
        write_line(f, excerpt)
    }
}
