//! Replies that are files: read piece by piece, so that their size does not matter.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

use crate::runtime::body::{Body, BoxError};
use crate::runtime::error::{Cause, Error, TimeoutKind};
use crate::runtime::operation::Call;
use crate::runtime::retry::NoRetry;
use crate::runtime::transport::{TransportError, TransportErrorKind};

/// A file that the server sends: a stream of its bytes, each piece of which has to arrive within the read timeout.
/// Dropping it ends the transfer.
pub struct Download {
    body: Body,
    call: Call,
    status: http::StatusCode,
    media_type: Option<String>,
    limit: Duration,
    /// Runs while a piece is waited for.
    idle: Option<Pin<Box<Sleep>>>,
    /// Its place among parallel requests, until it is dropped.
    _room: Option<OwnedSemaphorePermit>,
}

impl Download {
    pub(crate) fn new(
        body: Body,
        call: Call,
        head: &http::response::Parts,
        limit: Duration,
        room: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let media_type = head.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self {
            body,
            call,
            status: head.status,
            media_type: media_type.map(str::to_owned),
            limit,
            idle: None,
            _room: room,
        }
    }

    /// The media type that the server states.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// How many bytes there are in all, if the server says so.
    pub fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// The next piece, or none at the end.
    ///
    /// # Errors
    /// The connection broke, or nothing came for too long.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// The whole file in memory.
    ///
    /// # Errors
    /// See [`chunk`](Self::chunk).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// The next piece, in code that is not async, or none at the end.
    ///
    /// # Errors
    /// See [`chunk`](Self::chunk).
    #[cfg(feature = "blocking")]
    pub fn chunk_blocking(&mut self) -> Result<Option<Bytes>, Error> {
        crate::runtime::block_on(self.chunk())
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if let Poll::Ready(chunk) = self.body.poll_data(cx) {
            self.idle = None;
            return Poll::Ready(chunk.map(|chunk| chunk.map_err(|error| self.broken(error))));
        }
        // No limit at all is more than a timer can hold.
        if self.limit == Duration::MAX {
            return Poll::Pending;
        }
        let limit = self.limit;
        let idle = self.idle.get_or_insert_with(|| Box::pin(sleep(limit)));
        idle.as_mut().poll(cx).map(|()| Some(Err(self.stalled())))
    }

    fn broken(&self, error: BoxError) -> Error {
        let error = TransportError::new(TransportErrorKind::ResponseBody, error);
        self.failed(Cause::Transport { status: Some(self.status), error })
    }

    fn stalled(&self) -> Error {
        self.failed(Cause::Timeout { kind: TimeoutKind::Read, limit: self.limit, source: None })
    }

    fn failed(&self, cause: Cause) -> Error {
        let call = Call { no_retry: Some(NoRetry::Download), ..self.call.clone() };
        Error::new(call, cause)
    }
}

/// The pieces, as [`chunk`](Download::chunk) gives them.
impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("media_type", &self.media_type)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
