//! Responses that are files, read piece by piece.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::sync::OwnedSemaphorePermit;

use crate::runtime::body::{Body, BodyError, BoxError};
use crate::runtime::error::{Cause, Error, TimeoutKind};
use crate::runtime::file_name::{proposed, safe};
use crate::runtime::operation::Call;
use crate::runtime::retry::NoRetry;
use crate::runtime::time::IdleLimit;
use crate::runtime::transport::{TransportError, TransportErrorKind};

/// File in a response: a stream of its bytes. Each piece has to arrive within the read timeout. Dropping the file
/// ends the transfer.
pub struct Download {
    body: Body,
    call: Call,
    status: http::StatusCode,
    media_type: Option<String>,
    file_name: Option<String>,
    /// Greatest number of bytes, and how many of them are left.
    bytes: Option<(usize, usize)>,
    idle: IdleLimit,
    /// Permit among concurrent requests.
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
            file_name: proposed(&head.headers),
            bytes: None,
            idle: IdleLimit::new(limit),
            _room: room,
        }
    }

    /// Sets the greatest number of bytes.
    pub(crate) fn limit_bytes(&mut self, limit: usize) {
        self.bytes = Some((limit, limit));
    }

    /// Returns `true` if neither the server nor the caller gave the file a name.
    pub(crate) fn is_nameless(&self) -> bool {
        self.file_name.is_none()
    }

    pub(crate) fn rename(&mut self, file_name: &str) {
        self.file_name = Some(file_name.to_owned());
    }

    /// Returns the name of the file, made safe: without folders and control characters, not hidden, no device of
    /// Windows, and of at most 201 bytes. A file without a name is `download`.
    pub fn file_name(&self) -> String {
        safe(self.file_name.as_deref().unwrap_or_default())
    }

    /// Returns the declared media type.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Returns the length in bytes, if the response declares it.
    pub fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// Returns the next piece; `None` at the end.
    ///
    /// # Errors
    /// The connection failed, or the read timeout ended.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// Reads the whole file into memory.
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

    /// Returns the next piece, in code that is not async; `None` at the end.
    ///
    /// # Errors
    /// See [`chunk`](Self::chunk).
    #[cfg(feature = "blocking")]
    pub fn chunk_blocking(&mut self) -> Result<Option<Bytes>, Error> {
        crate::runtime::block_on(self.chunk())
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if let Poll::Ready(chunk) = self.body.poll_data(cx) {
            self.idle.restart();
            return Poll::Ready(chunk.map(|chunk| self.counted(chunk)));
        }
        self.idle.poll_end(cx).map(|()| Some(Err(self.stalled())))
    }

    /// Counts the bytes of a piece.
    fn counted(&mut self, chunk: Result<Bytes, BoxError>) -> Result<Bytes, Error> {
        let chunk = chunk.map_err(|error| self.broken(TransportErrorKind::ResponseBody, error))?;
        if let Some((limit, left)) = &mut self.bytes {
            let (limit, rest) = (*limit, left.checked_sub(chunk.len()));
            *left = rest.unwrap_or_default();
            if rest.is_none() {
                let problem = format!("it is longer than the limit of {limit} bytes");
                return Err(self.broken(TransportErrorKind::ResponseTooLong, BodyError::new(problem)));
            }
        }
        Ok(chunk)
    }

    fn broken(&self, kind: TransportErrorKind, error: impl Into<BoxError>) -> Error {
        let error = TransportError::new(kind, error);
        self.failed(Cause::Transport { status: Some(self.status), error })
    }

    fn stalled(&self) -> Error {
        self.failed(Cause::Timeout { kind: TimeoutKind::Read, limit: self.idle.limit(), source: None })
    }

    fn failed(&self, cause: Cause) -> Error {
        let call = Call { no_retry: Some(NoRetry::Download), ..self.call.clone() };
        Error::new(call, cause)
    }
}

/// Yields the pieces of [`chunk`](Download::chunk).
impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
