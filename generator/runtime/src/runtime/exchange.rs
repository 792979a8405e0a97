//! The core: sends a request, retries it where that is safe, and reads its response within the limits. Nothing here
//! is generic over an operation.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use backon::ExponentialBackoff;
use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::response::Parts;
use http::{HeaderMap, StatusCode, Uri};
use tokio::sync::OwnedSemaphorePermit;

use crate::runtime::auth::{Secret, TokenProvider, bearer};
use crate::runtime::body::{Body, BodyError};
use crate::runtime::client::Core;
use crate::runtime::dialect::{Dialect, trace_id};
use crate::runtime::error::{Cause, Error, TimeoutKind};
use crate::runtime::operation::Call;
use crate::runtime::options::Limits;
use crate::runtime::progress::Progress;
use crate::runtime::retry::{NoRetry, Outcome, asked_wait};
use crate::runtime::source::Payload;
use crate::runtime::time::{Elapsed, Instant, sleep, timeout, timeout_at};
use crate::runtime::trace::{Ending, Trace};
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

/// Function that returns the target of a redirect, if it is followed.
pub(crate) type Redirects = fn(&Uri, &HeaderMap) -> Option<Uri>;

/// Greatest number of redirects that are followed.
pub(crate) const MOST_REDIRECTS: u32 = 5;

/// A request with all its parts, ready to be sent.
pub(crate) struct Prepared {
    pub(crate) call: Call,
    pub(crate) uri: Uri,
    pub(crate) redirects: Option<Redirects>,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    /// Value that shares a limit of concurrent requests.
    pub(crate) lane: Option<String>,
    /// Gives the token, if the client has none of its own.
    pub(crate) provider: Option<Arc<dyn TokenProvider>>,
    /// Last token of the provider.
    pub(crate) token: Option<Secret>,
    pub(crate) limits: Limits,
}

/// Complete response, whatever its status.
pub(crate) struct Reply {
    pub(crate) call: Call,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Head of a response, with its body still to be read.
pub(crate) struct Opened {
    pub(crate) call: Call,
    pub(crate) head: Parts,
    pub(crate) body: Body,
    /// Limit for each piece of the body.
    pub(crate) limit: Duration,
    /// Its place among parallel requests.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// Part of a response to read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// All of it.
    Whole,
    /// The head, and the body of an error response.
    Head,
}

struct Answer {
    head: Parts,
    content: Content,
}

enum Content {
    Read(Bytes),
    Unread(Body, Option<OwnedSemaphorePermit>),
}

impl Answer {
    /// Gives up the place among concurrent requests, unless the body is still to be read.
    fn keeping(mut self, room: Option<OwnedSemaphorePermit>) -> Self {
        if let Content::Unread(_, place) = &mut self.content {
            *place = room;
        }
        self
    }
}

/// A failed attempt.
enum Broken {
    /// There is no token.
    Unauthorized(String),
    TimedOut(TimeoutKind),
    /// Status, if the head of the response arrived.
    Transport(Option<StatusCode>, TransportError),
}

impl Prepared {
    /// Sends the request and reads the whole response.
    pub(crate) async fn exchange(self, core: &Core) -> Result<Reply, Error> {
        let (call, _, answer) = self.attempts(core, Reading::Whole).await?;
        let body = match answer.content {
            Content::Read(body) => body,
            Content::Unread(..) => Bytes::new(),
        };
        Ok(Reply { call, status: answer.head.status, headers: answer.head.headers, body })
    }

    /// Sends the request and leaves the body of a success to be read piece by piece: the limits hold until its head
    /// has come.
    pub(crate) async fn open(self, core: &Core) -> Result<Result<Opened, Reply>, Error> {
        let (call, limit, Answer { head, content }) = self.attempts(core, Reading::Head).await?;
        Ok(match content {
            Content::Unread(body, room) => Ok(Opened { call, head, body, limit, room }),
            Content::Read(body) => Err(Reply { call, status: head.status, headers: head.headers, body }),
        })
    }

    /// Sends the request, and retries it where that is safe, within the operation timeout.
    async fn attempts(mut self, core: &Core, reading: Reading) -> Result<(Call, Duration, Answer), Error> {
        let Limits { read, operation, .. } = self.limits;
        let end = Instant::now().checked_add(operation);
        let trace = Trace::of(self.call.operation, &self.uri, &self.headers);
        let result = match timeout(operation, trace.around(self.repeated(core, reading, end, &trace))).await {
            Ok(result) => result,
            Err(_) => {
                self.call.no_retry = Some(NoRetry::Time);
                Err(Broken::TimedOut(TimeoutKind::Operation))
            }
        };
        trace.end(self.call.attempts, self.ending(&result));
        match result {
            Ok(answer) => Ok((self.call, read, answer)),
            Err(broken) => Err(self.failed(broken)),
        }
    }

    async fn repeated(
        &mut self,
        core: &Core,
        reading: Reading,
        end: Option<Instant>,
        trace: &Trace,
    ) -> Result<Answer, Broken> {
        let mut backoffs = self.limits.retry.backoffs();
        self.authorize().await?;
        let mut has_new_token = false;
        let mut redirects = 0;
        loop {
            self.call.attempts += 1;
            let room = self.turn(core).await;
            let start = Instant::now();
            let result =
                self.timed_attempt(&*core.transport, reading).await.map(|answer| answer.keeping(room));
            if matches!(&result, Ok(answer) if answer.head.status.is_success()) {
                core.retry_budget.refill();
            }
            // The provider is told in any case: the next call should not get the same token.
            if !has_new_token && self.is_token_refused(&result) {
                has_new_token = self.authorize().await.is_ok() && self.payload.is_replayable();
                if has_new_token {
                    trace.attempt(self.call.attempts, start, self.ending(&result), Some(Duration::ZERO));
                    continue;
                }
            }
            if let Some(target) = self.redirected(&result).filter(|_| redirects < MOST_REDIRECTS) {
                trace.attempt(self.call.attempts, start, self.ending(&result), Some(Duration::ZERO));
                redirects += 1;
                self.uri = target;
                continue;
            }
            let free = u32::from(has_new_token) + redirects;
            let wait = self.wait_before_next(&result, free, &mut backoffs, core, end);
            trace.attempt(self.call.attempts, start, self.ending(&result), wait.ok());
            match wait {
                Ok(wait) => sleep(wait).await,
                Err(reason) => {
                    self.call.no_retry = Some(reason);
                    return result;
                }
            }
        }
    }

    /// Asks the provider, if there is one, for a token other than the one at hand.
    async fn authorize(&mut self) -> Result<(), Broken> {
        let Some(provider) = &self.provider else { return Ok(()) };
        let token = provider
            .token(self.token.as_ref())
            .await
            .map_err(|error| Broken::Unauthorized(error.to_string()))?;
        let header = bearer(&token).map_err(|problem| Broken::Unauthorized(problem.to_owned()))?;
        self.headers.insert(AUTHORIZATION, header);
        self.token = Some(token);
        Ok(())
    }

    /// Returns `true` if another token of the provider may help.
    fn is_token_refused(&self, result: &Result<Answer, Broken>) -> bool {
        let is_refused = matches!(result, Ok(answer) if answer.head.status == StatusCode::UNAUTHORIZED);
        is_refused && self.provider.is_some()
    }

    /// Returns the target of a redirect that is followed.
    fn redirected(&self, result: &Result<Answer, Broken>) -> Option<Uri> {
        let Ok(Answer { head, .. }) = result else { return None };
        self.redirects.filter(|_| leads_elsewhere(head.status))?(&self.uri, &head.headers)
    }

    /// Returns the time to wait before the next attempt, or the reason why the call ends. `free` is the number of attempts
    /// that were no retries: with a new token, or to the target of a redirect.
    fn wait_before_next(
        &self,
        result: &Result<Answer, Broken>,
        free: u32,
        backoffs: &mut ExponentialBackoff,
        core: &Core,
        end: Option<Instant>,
    ) -> Result<Duration, NoRetry> {
        let config = &self.limits.retry;
        match outcome(self.call.dialect, result) {
            Outcome::Final => return Err(NoRetry::Permanent),
            outcome if !outcome.allows(self.call.safety()) => return Err(NoRetry::NotIdempotent),
            _ if self.call.attempts - free >= config.max_attempts => {
                return Err(NoRetry::Attempts(config.max_attempts));
            }
            _ if !self.payload.is_replayable() => return Err(NoRetry::Body),
            _ => {}
        }
        let asked = match result {
            Ok(Answer { head, content: Content::Read(body) }) => {
                asked_wait(self.call.dialect, head.status, &head.headers, body)
            }
            _ => None,
        };
        let backoff = || backoffs.next().unwrap_or(config.max_backoff).min(config.max_backoff);
        let wait = asked.unwrap_or_else(backoff);
        // A server can ask for more than a clock can tell.
        let is_in_time =
            end.is_none_or(|end| Instant::now().checked_add(wait).is_some_and(|then| then < end));
        if !is_in_time {
            return Err(NoRetry::Deadline { wait, is_asked: asked.is_some() });
        }
        if core.retry_budget.take() { Ok(wait) } else { Err(NoRetry::Budget) }
    }

    /// Waits for the turn of an attempt: within the rate limit, then among concurrent requests. Returns its place among
    /// these.
    async fn turn(&self, core: &Core) -> Option<OwnedSemaphorePermit> {
        #[cfg(feature = "limiter")]
        if let Some(limiter) = &core.limiter {
            limiter.enter(self.call.operation).await;
        }
        match (&core.parallel, &self.lane) {
            (Some(parallel), Some(lane)) => parallel.enter(lane).await,
            _ => None,
        }
    }

    /// Makes an attempt within the attempt timeout or, while a large body is sent, the read timeout.
    async fn timed_attempt(&mut self, transport: &dyn Transport, reading: Reading) -> Result<Answer, Broken> {
        if self.payload.is_small() {
            let attempt = timeout(self.limits.attempt, self.attempt(transport, reading, None)).await;
            return attempt.unwrap_or(Err(Broken::TimedOut(TimeoutKind::Attempt)));
        }
        let (limits, progress) = (self.limits, Progress::begin());
        let mut attempt = pin!(self.attempt(transport, reading, Some(progress.clone())));
        loop {
            if let Ok(result) = timeout_at(progress.next_check(&limits), attempt.as_mut()).await {
                return result;
            }
            let (kind, end) = progress.deadline(&limits);
            if end <= Instant::now() {
                return Err(Broken::TimedOut(kind));
            }
        }
    }

    async fn attempt(
        &mut self,
        transport: &dyn Transport,
        reading: Reading,
        progress: Option<Progress>,
    ) -> Result<Answer, Broken> {
        let (head, body) = self.head(transport, progress.clone()).await?;
        if let Some(progress) = progress {
            progress.finish();
        }
        if reading == Reading::Head && head.status.is_success() {
            return Ok(Answer { head, content: Content::Unread(body, None) });
        }
        match read(body, &self.limits).await {
            Ok(Ok(body)) => Ok(Answer { head, content: Content::Read(body) }),
            Ok(Err(error)) => Err(Broken::Transport(Some(head.status), error)),
            Err(_) => Err(Broken::TimedOut(TimeoutKind::Read)),
        }
    }

    async fn head(
        &mut self,
        transport: &dyn Transport,
        progress: Option<Progress>,
    ) -> Result<(Parts, Body), Broken> {
        let mut body = self.payload.open().await.map_err(|error| {
            Broken::Transport(None, TransportError::new(TransportErrorKind::Setup, error))
        })?;
        if let Some(progress) = progress {
            body.report_to(progress);
        }
        let mut request = http::Request::new(body);
        *request.method_mut() = self.call.operation.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let attempt = Attempt {
            operation: self.call.operation,
            number: self.call.attempts,
            connect_timeout: self.limits.connect,
            #[cfg(feature = "mock")]
            caller: self.call.caller,
        };

        let response = transport.send(request, &attempt).await;
        response.map(http::Response::into_parts).map_err(|error| Broken::Transport(None, error))
    }

    fn ending<'r>(&self, result: &'r Result<Answer, Broken>) -> Ending<'r> {
        let (status, failure) = match result {
            Ok(Answer { head, .. }) => (Some(head.status), None),
            Err(Broken::Unauthorized(_)) => (None, Some("token")),
            Err(Broken::TimedOut(_)) => (None, Some("timeout")),
            Err(Broken::Transport(status, error)) => (*status, Some(error.kind().name())),
        };
        let head = result.as_ref().ok().map(|answer| &answer.head);
        Ending { status, trace_id: head.and_then(|head| trace_id(self.call.dialect, &head.headers)), failure }
    }

    fn failed(self, broken: Broken) -> Error {
        let cause = match broken {
            Broken::Unauthorized(problem) => Cause::Credentials(format!("there is no token: {problem}")),
            Broken::TimedOut(kind) => Cause::Timeout { kind, limit: self.limits.of(kind), source: None },
            Broken::Transport(status, error) => match error.kind() {
                TransportErrorKind::ConnectTimeout { limit } => {
                    Cause::Timeout { kind: TimeoutKind::Connect, limit, source: Some(error) }
                }
                _ => Cause::Transport { status, error },
            },
        };
        Error::new(self.call, cause)
    }
}

/// Returns `true` for a redirect with a target; other statuses of this class have none.
pub(crate) fn leads_elsewhere(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn outcome(dialect: &dyn Dialect, result: &Result<Answer, Broken>) -> Outcome {
    match result {
        Ok(Answer { head, .. }) => Outcome::of_status(dialect, head.status, &head.headers),
        Err(Broken::Unauthorized(_)) => Outcome::Final,
        Err(Broken::TimedOut(_)) => Outcome::Unknown,
        Err(Broken::Transport(_, error)) => Outcome::of_transport(error.kind()),
    }
}

/// Reads a body to its end. One that comes in one piece, as most do, is not copied; for the others, memory
/// grows with what has come, not with what the peer says will, and never beyond the limit.
async fn read(mut body: Body, limits: &Limits) -> Result<Result<Bytes, TransportError>, Elapsed> {
    let mut pieces = Pieces::None;
    let mut left = limits.response_bytes;
    while let Some(piece) = timeout(limits.read, body.next()).await? {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) => return Ok(Err(TransportError::new(TransportErrorKind::ResponseBody, error))),
        };
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return Ok(Err(too_long(limits.response_bytes))),
        }
        pieces.push(piece);
    }
    Ok(Ok(pieces.whole()))
}

#[cold]
fn too_long(limit: usize) -> TransportError {
    let error = BodyError::new(format!("it is longer than the limit of {limit} bytes"));
    TransportError::new(TransportErrorKind::ResponseTooLong, error)
}

/// Pieces that were read.
enum Pieces {
    None,
    One(Bytes),
    Many(BytesMut),
}

impl Pieces {
    fn push(&mut self, piece: Bytes) {
        *self = match std::mem::replace(self, Self::None) {
            Self::None => Self::One(piece),
            Self::One(first) => {
                let mut whole = BytesMut::from(first);
                whole.extend_from_slice(&piece);
                Self::Many(whole)
            }
            Self::Many(mut whole) => {
                whole.extend_from_slice(&piece);
                Self::Many(whole)
            }
        };
    }

    fn whole(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(piece) => piece,
            Self::Many(whole) => whole.freeze(),
        }
    }
}
