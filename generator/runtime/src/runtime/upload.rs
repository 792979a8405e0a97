//! Files to send.

use std::fmt;

use bytes::Bytes;
use futures_core::Stream;

use crate::runtime::body::{BodyError, BoxError, ByteStream};
use crate::runtime::source::{Observer, Source};

/// File to send: from memory, from the disk or from a stream.
///
/// The media type is guessed from the file name unless it is set.
pub struct Upload {
    pub(crate) file_name: String,
    pub(crate) media_type: Option<String>,
    pub(crate) source: Source,
    pub(crate) observer: Option<Observer>,
}

impl Upload {
    /// Creates an upload from bytes in memory. They are not copied.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(file_name.into(), Source::Bytes(bytes.into()))
    }

    /// Creates an upload from a stream, which can be sent only once: a call with it is never retried. See
    /// [`retryable_stream`](Self::retryable_stream) for one that can be retried.
    ///
    /// If the `length` is unknown, the request is sent in chunks, which not every server accepts, and a rule for the size
    /// of the file is not checked.
    pub fn stream<S, E>(file_name: impl Into<String>, stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::new(file_name.into(), Source::Stream { stream: Some(boxed(stream)), length })
    }

    /// Creates an upload from a function that returns the stream. The function is called once per attempt, so that a call
    /// with the upload can be retried. Each stream has to have the same bytes.
    ///
    /// For an unknown `length`, the same holds as for [`stream`](Self::stream).
    pub fn retryable_stream<F, S, E>(
        file_name: impl Into<String>,
        make_stream: F,
        length: Option<u64>,
    ) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let make = Box::new(move || boxed(make_stream()));
        Self::new(file_name.into(), Source::Factory { make, length })
    }

    /// Sets the file name.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets the media type, such as `image/png`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sets the function that is called with the progress of sending: the number of bytes sent so far, and the number of
    /// all bytes if it is known.
    ///
    /// The function is called with 0 at the beginning of each attempt, then after each piece of the file. Bytes count as
    /// sent when the connection takes them. The function should return quickly, since sending waits for it.
    pub fn on_progress(mut self, observe: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observe));
        self
    }

    /// Returns the length in bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        self.source.length()
    }

    pub(crate) fn new(file_name: String, source: Source) -> Self {
        Self { file_name, media_type: None, source, observer: None }
    }
}

fn boxed<S, E>(stream: S) -> ByteStream
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<BoxError>,
{
    ByteStream::new(Box::pin(stream), |error| BodyError::caused("the upload's stream failed", error).into())
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
