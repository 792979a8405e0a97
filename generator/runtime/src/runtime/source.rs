//! What a request's body is made from: it can be opened once per attempt, if its parts allow that.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use crate::runtime::body::{Body, BodyError, ByteStream, PIECE};

/// One piece of a request's body.
pub(crate) enum Source {
    Bytes(Bytes),
    File {
        path: PathBuf,
        length: u64,
    },
    /// Gone after it was opened: it cannot be read twice.
    Stream {
        stream: Option<ByteStream>,
        length: Option<u64>,
    },
}

/// The sources of a whole body, in order.
#[derive(Default)]
pub(crate) struct Payload(pub(crate) Vec<Source>);

impl Payload {
    /// Whether it can be opened once more.
    pub(crate) fn is_replayable(&self) -> bool {
        self.0.iter().all(|source| !matches!(source, Source::Stream { .. }))
    }

    /// Returns `true` if the body is handed over in one piece, so that sending it takes no time of note.
    pub(crate) fn is_small(&self) -> bool {
        let lengths = self.0.iter().map(|source| match source {
            Source::Bytes(bytes) => Some(bytes.len()),
            Source::File { .. } | Source::Stream { .. } => None,
        });
        lengths.sum::<Option<usize>>().is_some_and(|length| length <= PIECE)
    }

    /// A body that starts at the beginning.
    pub(crate) async fn open(&mut self) -> Result<Body, BodyError> {
        let mut body = Body::empty();
        for source in &mut self.0 {
            source.open(&mut body).await?;
        }
        Ok(body)
    }
}

impl Source {
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { length, .. } => Some(*length),
            Self::Stream { length, .. } => *length,
        }
    }

    async fn open(&mut self, body: &mut Body) -> Result<(), BodyError> {
        match self {
            Self::Bytes(bytes) => body.push_bytes(bytes.clone()),
            Self::File { path, length } => {
                let stream = FileStream::open(path, *length).await?;
                body.push_stream(ByteStream::new(stream, std::convert::identity), Some(*length));
            }
            Self::Stream { stream, length } => {
                let stream = stream.take().ok_or_else(|| BodyError::new("a stream can be sent only once"))?;
                body.push_stream(stream, *length);
            }
        }
        Ok(())
    }
}

/// The length of a file that can be sent.
pub(crate) async fn file_length(path: &Path) -> io::Result<u64> {
    let metadata = File::open(path).await?.metadata().await?;
    if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

struct FileStream {
    path: PathBuf,
    file: File,
    left: u64,
}

impl FileStream {
    /// A file that has another length than when it was chosen is another file: half of it must not be sent as
    /// the whole.
    async fn open(path: &Path, length: u64) -> Result<Self, BodyError> {
        let failed = |error| BodyError::new(named(path, &error));
        let file = File::open(path).await.map_err(failed)?;
        let now = file.metadata().await.map_err(failed)?.len();
        if now == length {
            Ok(Self { path: path.to_owned(), file, left: length })
        } else {
            let changed = format!("it had {length} bytes when the upload was made, and has {now} now");
            Err(failed(io::Error::other(changed)))
        }
    }
}

impl Stream for FileStream {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut chunk = BytesMut::zeroed(size);
        let mut buffer = ReadBuf::new(&mut chunk);
        let outcome = ready!(Pin::new(&mut self.file).poll_read(cx, &mut buffer));
        let read = buffer.filled().len();
        let outcome = match outcome {
            Ok(()) if read == 0 => Err(io::Error::other("it became shorter while it was sent")),
            outcome => outcome,
        };
        if let Err(error) = outcome {
            return Poll::Ready(Some(Err(BodyError::new(named(&self.path, &error)))));
        }
        self.left -= read as u64;
        chunk.truncate(read);
        Poll::Ready(Some(Ok(chunk.freeze())))
    }
}

/// An error with the file's name, which the operating system does not tell.
pub(crate) fn named(path: &Path, error: &io::Error) -> String {
    format!("`{}`: {error}", path.display())
}
