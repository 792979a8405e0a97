//! Files to send.

use std::fmt;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_core::Stream;

use crate::runtime::body::{BodyError, BoxError, ByteStream};
use crate::runtime::source::{Source, file_length, named};

/// A file to send: from memory, from the disk or from a stream.
///
/// Its media type is guessed from the file name unless it is set.
pub struct Upload {
    pub(crate) file_name: String,
    pub(crate) media_type: Option<String>,
    pub(crate) source: Source,
}

impl Upload {
    /// A file in memory. Its bytes are not copied.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(file_name.into(), Source::Bytes(bytes.into()))
    }

    /// A file on the disk, under its own name. It is opened once now, to know that it can be, and for its
    /// length; when it is sent it is opened again and read piece by piece.
    ///
    /// # Errors
    /// The file cannot be opened, or it is not a regular file.
    pub async fn path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let length =
            file_length(path).await.map_err(|error| io::Error::new(error.kind(), named(path, &error)))?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self::new(file_name, Source::File { path: path.to_owned(), length }))
    }

    /// The same in code that is not async.
    ///
    /// # Errors
    /// Those of [`path`](Self::path).
    #[cfg(feature = "blocking")]
    pub fn path_blocking(path: impl AsRef<Path>) -> io::Result<Self> {
        crate::runtime::block_on(Self::path(path.as_ref()))
    }

    /// A file that comes piece by piece. If its `length` is not known, the request goes out in chunks, which
    /// not every server takes, and a rule for the size of the file is not checked. It can be sent only once.
    pub fn stream<S, E>(file_name: impl Into<String>, stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let stream = ByteStream::new(Box::pin(stream), |error| {
            BodyError::caused("the upload's stream failed", error).into()
        });
        Self::new(file_name.into(), Source::Stream { stream: Some(stream), length })
    }

    /// The name the server is told.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// The media type the server is told, such as `image/png`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Its length in bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        self.source.length()
    }

    fn new(file_name: String, source: Source) -> Self {
        Self { file_name, media_type: None, source }
    }
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
