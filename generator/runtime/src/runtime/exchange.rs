//! The core: sends a request and reads its answer whole, within the time limits. Nothing here is generic over
//! an operation.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::response::Parts;
use http::{HeaderMap, StatusCode, Uri};
use tokio::time::timeout;

use crate::runtime::body::{Body, BoxError};
use crate::runtime::error::{Failure, TimeoutError, TimeoutKind, TransportFailure};
use crate::runtime::operation::Call;
use crate::runtime::options::Timeouts;
use crate::runtime::source::Payload;
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

/// A request with all its parts, ready to be sent.
pub(crate) struct Prepared {
    pub(crate) call: Call,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    pub(crate) timeouts: Timeouts,
}

/// A whole answer, whatever its status.
pub(crate) struct Reply {
    pub(crate) call: Call,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The head of an answer, and its body still to be read.
pub(crate) struct Opened {
    pub(crate) call: Call,
    pub(crate) head: Parts,
    pub(crate) body: Body,
    /// How long each piece of the body may take.
    pub(crate) limit: Duration,
}

/// A failed attempt, with the status if the head of the answer came.
struct Broken(Option<StatusCode>, TransportError);

impl Opened {
    /// Reads the body after all, for an answer that turns out to be an error.
    pub(crate) async fn read(self) -> Result<Reply, Failure> {
        let Self { call, head, body, limit } = self;
        let failed = |error| TransportFailure { call: call.clone(), status: Some(head.status), error };
        match timeout(limit, read(body)).await {
            Ok(Ok(body)) => Ok(Reply { call, status: head.status, headers: head.headers, body }),
            Ok(Err(error)) => {
                let error = TransportError::new(TransportErrorKind::ResponseBody, error);
                Err(Failure::Transport(Box::new(failed(error))))
            }
            Err(_) => {
                let kind = TimeoutKind::Attempt;
                Err(Failure::Timeout(Box::new(TimeoutError { call, kind, limit, source: None })))
            }
        }
    }
}

impl Prepared {
    /// Sends the request. This is where attempts would be repeated: the total limit holds for all of them,
    /// and the payload opens anew for each.
    pub(crate) async fn exchange(mut self, transport: &dyn Transport) -> Result<Reply, Failure> {
        let Timeouts { attempt, total, .. } = self.timeouts;
        match timeout(total, timeout(attempt, self.attempt(transport))).await {
            Err(_) => Err(self.timed_out(TimeoutKind::Total)),
            Ok(Err(_)) => Err(self.timed_out(TimeoutKind::Attempt)),
            Ok(Ok(Err(broken))) => Err(self.failed(broken)),
            Ok(Ok(Ok((status, headers, body)))) => Ok(Reply { call: self.call, status, headers, body }),
        }
    }

    /// Sends the request, and leaves the body of the answer to be read piece by piece: the limits hold until
    /// its head has come.
    pub(crate) async fn open(mut self, transport: &dyn Transport) -> Result<Opened, Failure> {
        let Timeouts { attempt, total, .. } = self.timeouts;
        match timeout(attempt.min(total), self.head(transport)).await {
            Err(_) if total < attempt => Err(self.timed_out(TimeoutKind::Total)),
            Err(_) => Err(self.timed_out(TimeoutKind::Attempt)),
            Ok(Err(broken)) => Err(self.failed(broken)),
            Ok(Ok((head, body))) => Ok(Opened { call: self.call, head, body, limit: attempt }),
        }
    }

    async fn attempt(&mut self, transport: &dyn Transport) -> Result<(StatusCode, HeaderMap, Bytes), Broken> {
        let (head, body) = self.head(transport).await?;
        let body = read(body).await.map_err(|error| {
            Broken(Some(head.status), TransportError::new(TransportErrorKind::ResponseBody, error))
        })?;
        Ok((head.status, head.headers, body))
    }

    async fn head(&mut self, transport: &dyn Transport) -> Result<(Parts, Body), Broken> {
        let body = self.payload.open().await;
        let body =
            body.map_err(|error| Broken(None, TransportError::new(TransportErrorKind::Setup, error)))?;
        let mut request = http::Request::new(body);
        *request.method_mut() = self.call.operation.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let attempt = Attempt { connect_timeout: self.timeouts.connect };

        let response = transport.send(request, &attempt).await.map_err(|error| Broken(None, error))?;
        Ok(response.into_parts())
    }

    fn timed_out(self, kind: TimeoutKind) -> Failure {
        let limit = match kind {
            TimeoutKind::Total => self.timeouts.total,
            _ => self.timeouts.attempt,
        };
        Failure::Timeout(Box::new(TimeoutError { call: self.call, kind, limit, source: None }))
    }

    fn failed(self, Broken(status, error): Broken) -> Failure {
        let call = self.call;
        if let TransportErrorKind::ConnectTimeout { limit } = error.kind() {
            let kind = TimeoutKind::Connect;
            return Failure::Timeout(Box::new(TimeoutError { call, kind, limit, source: Some(error) }));
        }
        Failure::Transport(Box::new(TransportFailure { call, status, error }))
    }
}

/// Reads a body to its end. One that comes in one piece, as most do, is not copied; for the others, memory
/// grows with what has come, not with what the peer says will.
async fn read(mut body: Body) -> Result<Bytes, BoxError> {
    let Some(first) = body.next().await.transpose()? else {
        return Ok(Bytes::new());
    };
    let Some(second) = body.next().await.transpose()? else {
        return Ok(first);
    };
    let mut whole = BytesMut::from(first);
    whole.extend_from_slice(&second);
    while let Some(chunk) = body.next().await.transpose()? {
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}
