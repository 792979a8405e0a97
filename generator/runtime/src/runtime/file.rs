//! Files on the disk: uploads from paths, and downloads to folders.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncRead, AsyncWriteExt as _, ReadBuf};

use crate::runtime::body::{BodyError, BoxFuture, ByteStream, PIECE};
use crate::runtime::download::Download;
use crate::runtime::file_name::numbered;
use crate::runtime::source::Source;
use crate::runtime::upload::Upload;

impl Upload {
    /// Creates an upload from a file on the disk, with its name. The file is opened now for its length, and again for
    /// each attempt, which reads it piece by piece.
    ///
    /// # Errors
    /// The file cannot be opened, or it is not a regular file.
    pub async fn path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let length =
            file_length(path).await.map_err(|error| io::Error::new(error.kind(), named(path, &error)))?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = path.to_owned();
        let open = Box::new(move || -> BoxFuture<'static, _> { Box::pin(opened(path.clone(), length)) });
        Ok(Self::new(file_name, Source::File { open, length }))
    }

    /// Creates an upload from a file on the disk, in code that is not async.
    ///
    /// # Errors
    /// See [`path`](Self::path).
    #[cfg(feature = "blocking")]
    pub fn path_blocking(path: impl AsRef<Path>) -> io::Result<Self> {
        crate::runtime::block_on(Self::path(path.as_ref()))
    }
}

impl Download {
    /// Saves the file to an existing folder, under its [name](Self::file_name), and returns its path.
    ///
    /// No file is overwritten: if the name is taken, a number is added to it. If the transfer fails, the file is removed.
    ///
    /// # Errors
    /// The file cannot be written, or the transfer fails. An [`io::Error`] of a failed transfer has the
    /// [`Error`](crate::runtime::Error) of the client as its [inner error](io::Error::get_ref).
    pub async fn save_to(mut self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let (partial, mut file) = create(folder.as_ref(), &self.file_name()).await?;
        while let Some(chunk) = self.chunk().await.map_err(io::Error::other)? {
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        Ok(partial.keep())
    }

    /// Saves the file to an existing folder, in code that is not async.
    ///
    /// # Errors
    /// See [`save_to`](Self::save_to).
    #[cfg(feature = "blocking")]
    pub fn save_to_blocking(self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        crate::runtime::block_on(self.save_to(folder.as_ref()))
    }
}

/// Returns the length of a file that can be sent.
async fn file_length(path: &Path) -> io::Result<u64> {
    let metadata = File::open(path).await?.metadata().await?;
    if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

/// Opens a file as a stream.
async fn opened(path: PathBuf, length: u64) -> Result<ByteStream, BodyError> {
    let stream = FileStream::open(path, length).await?;
    Ok(ByteStream::new(stream, std::convert::identity))
}

struct FileStream {
    path: PathBuf,
    file: File,
    left: u64,
}

impl FileStream {
    /// Opens a file. One with another length than before is another file: a part of it must not be sent as the whole.
    async fn open(path: PathBuf, length: u64) -> Result<Self, BodyError> {
        let failed = |error| BodyError::new(named(&path, &error));
        let file = File::open(&path).await.map_err(failed)?;
        let now = file.metadata().await.map_err(failed)?.len();
        if now == length {
            Ok(Self { path, file, left: length })
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

/// A file that is removed unless it is kept.
struct Partial(Option<PathBuf>);

impl Partial {
    /// Keeps the file, and returns its path.
    fn keep(mut self) -> PathBuf {
        self.0.take().unwrap_or_default()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // The failure that led here matters more than one of the removal.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Creates a file that did not exist, with a number in its name if the name is taken.
async fn create(folder: &Path, name: &str) -> io::Result<(Partial, File)> {
    const MOST: u32 = 10_000;
    let mut path = folder.join(name);
    for number in 1..=MOST {
        match OpenOptions::new().write(true).create_new(true).open(&path).await {
            Ok(file) => return Ok((Partial(Some(path)), file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                path = folder.join(numbered(name, number));
            }
            Err(error) => return Err(io::Error::new(error.kind(), named(&path, &error))),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("`{}`: no free name", folder.join(name).display()),
    ))
}

/// Returns the text of an error with the file's name, which the operating system does not name.
fn named(path: &Path, error: &io::Error) -> String {
    format!("`{}`: {error}", path.display())
}
