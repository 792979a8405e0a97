//! Bodies of requests and responses: bytes and streams, one after the other.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use crate::runtime::progress::Progress;

/// Largest piece of bytes that is handed over at once while progress is reported.
pub(crate) const PIECE: usize = 64 * 1024;

/// Boxed error.
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// Boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Body of a request or a response.
///
/// Its length is known if the lengths of all pieces are known. A piece that is shorter or longer than declared is an
/// error, so a receiver never takes a part for the whole.
#[derive(Default)]
pub struct Body {
    segments: VecDeque<Segment>,
    /// Progress of sending, where the body is not handed over at once.
    progress: Option<Progress>,
}

enum Segment {
    Bytes(Bytes),
    Stream { stream: ByteStream, left: Option<u64> },
}

impl Body {
    /// Creates an empty body.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Creates a body from a stream. The receiver is told the `length` if it is known.
    pub fn stream<S, E>(stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::of_stream(ByteStream::new(Box::pin(stream), std::convert::identity), length)
    }

    /// Wraps a body of another library. Trailers are dropped.
    pub fn wrap<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::wrap_unpin(Box::pin(body))
    }

    /// Wraps a body that needs no pinning, without boxing it twice.
    pub(crate) fn wrap_unpin<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let length = body.size_hint().exact();
        Self::of_stream(ByteStream::new(DataFrames(body), std::convert::identity), length)
    }

    /// Returns the length in bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        self.segments.iter().try_fold(0_u64, |sum, segment| {
            let length = match segment {
                Segment::Bytes(bytes) => Some(bytes.len() as u64),
                Segment::Stream { left, .. } => *left,
            };
            sum.checked_add(length?)
        })
    }

    /// Returns the whole body, if it is in memory in one piece.
    ///
    /// # Errors
    /// Returns the body itself, if it is streamed or in several pieces.
    pub fn into_bytes(mut self) -> Result<Bytes, Self> {
        match self.segments.pop_front() {
            None => Ok(Bytes::new()),
            Some(Segment::Bytes(bytes)) if self.segments.is_empty() && self.progress.is_none() => Ok(bytes),
            Some(segment) => {
                self.segments.push_front(segment);
                Err(self)
            }
        }
    }

    fn of_stream(stream: ByteStream, length: Option<u64>) -> Self {
        let mut body = Self::empty();
        body.push_stream(stream, length);
        body
    }

    /// Reports the progress of sending.
    pub(crate) fn report_to(&mut self, progress: Progress) {
        self.progress = Some(progress);
    }

    pub(crate) fn push_bytes(&mut self, bytes: Bytes) {
        self.segments.push_back(Segment::Bytes(bytes));
    }

    /// Adds bytes that are given piece by piece.
    pub(crate) fn push_pieces(&mut self, mut bytes: Bytes) {
        while bytes.len() > PIECE {
            self.push_bytes(bytes.split_to(PIECE));
        }
        self.push_bytes(bytes);
    }

    pub(crate) fn push_stream(&mut self, stream: ByteStream, length: Option<u64>) {
        self.segments.push_back(Segment::Stream { stream, left: length });
    }

    /// Returns the next chunk, which is never empty.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        std::future::poll_fn(|cx| self.poll_data(cx)).await
    }

    pub(crate) fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            match self.segments.front_mut() {
                None => return Poll::Ready(None),
                // A receiver takes in a large piece at once, however slowly it sends it.
                Some(Segment::Bytes(bytes)) if self.progress.is_some() && bytes.len() > PIECE => {
                    return Poll::Ready(Some(Ok(bytes.split_to(PIECE))));
                }
                Some(Segment::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.segments.pop_front();
                    if !bytes.is_empty() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
                Some(Segment::Stream { stream, left }) => match ready!(stream.poll_next(cx)) {
                    Some(Ok(bytes)) if bytes.is_empty() => {}
                    Some(Ok(bytes)) => return Poll::Ready(Some(count_off(left, bytes))),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None if left.is_some_and(|left| left > 0) => {
                        *left = None;
                        return Poll::Ready(Some(Err(Box::new(BodyError::new(
                            "it ended before its declared length",
                        )))));
                    }
                    None => drop(self.segments.pop_front()),
                },
            }
        }
    }
}

/// Subtracts a chunk from the rest of the declared length.
fn count_off(left: &mut Option<u64>, chunk: Bytes) -> Result<Bytes, BoxError> {
    if let Some(left) = left {
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| BodyError::new("it is longer than its declared length"))?;
    }
    Ok(chunk)
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        let mut body = Self::empty();
        body.push_bytes(bytes.into());
        body
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it carries is the users' business, not the log's.
        f.debug_struct("Body").field("length", &self.length()).finish_non_exhaustive()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let body = self.get_mut();
        if let Some(progress) = &body.progress {
            progress.ask();
        }
        let polled = body.poll_data(cx).map_ok(Frame::data);
        match &body.progress {
            Some(progress) if body.is_end_stream() => progress.finish(),
            Some(progress) if polled.is_ready() => progress.advance(),
            _ => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.segments.iter().all(|segment| matches!(segment, Segment::Bytes(bytes) if bytes.is_empty()))
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Mismatch of a body and its declaration.
#[derive(Debug)]
pub(crate) struct BodyError {
    message: String,
    source: Option<BoxError>,
}

impl BodyError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    pub(crate) fn caused(message: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Boxed stream of bytes. It is `Sync`, as HTTP libraries require; the lock is never contended, since polling is
/// exclusive.
pub(crate) struct ByteStream(Mutex<BoxStream>);

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

impl ByteStream {
    pub(crate) fn new<S, E>(stream: S, tag: fn(BoxError) -> BoxError) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send + 'static,
        E: Into<BoxError>,
    {
        Self(Mutex::new(Box::pin(BoxedErrors { stream, tag })))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_next(cx)
    }
}

/// Stream with boxed errors, tagged with their origin.
struct BoxedErrors<S> {
    stream: S,
    tag: fn(BoxError) -> BoxError,
}

impl<S, E> Stream for BoxedErrors<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let tag = self.tag;
        Pin::new(&mut self.stream).poll_next(cx).map_err(|error| tag(error.into()))
    }
}

/// Data frames of a body.
struct DataFrames<B>(B);

impl<B: http_body::Body<Data = Bytes> + Unpin> Stream for DataFrames<B> {
    type Item = Result<Bytes, B::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
