//! Sources of a request's body. They are opened once per attempt, where possible.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::runtime::body::{Body, BodyError, BoxError, BoxFuture, ByteStream, PIECE};

/// One piece of a request's body.
pub(crate) enum Source {
    Bytes(Bytes),
    /// Opened for each attempt.
    File {
        open: Box<OpenFile>,
        length: u64,
    },
    /// Gone after it was opened: it cannot be read twice.
    Stream {
        stream: Option<ByteStream>,
        length: Option<u64>,
    },
    /// Makes a new stream for each attempt.
    Factory {
        make: Box<dyn Fn() -> ByteStream + Send + Sync>,
        length: Option<u64>,
    },
}

/// Function that opens a file.
pub(crate) type OpenFile = dyn Fn() -> BoxFuture<'static, Result<ByteStream, BodyError>> + Send + Sync;

/// The sources of a whole body, in order.
#[derive(Default)]
pub(crate) struct Payload(Vec<Section>);

struct Section {
    source: Source,
    observer: Option<Observer>,
}

/// Function that gets the number of bytes sent so far, and the number of all bytes if it is known.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(u64, Option<u64>) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observe: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }
}

impl Payload {
    /// Returns a body in memory.
    pub(crate) fn of_bytes(bytes: impl Into<Bytes>) -> Self {
        let mut payload = Self::default();
        payload.push(Source::Bytes(bytes.into()), None);
        payload
    }

    /// Adds a source, and the observer of sending it.
    pub(crate) fn push(&mut self, source: Source, observer: Option<Observer>) {
        self.0.push(Section { source, observer });
    }

    /// Returns `true` if there are no sources.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if it can be opened once more.
    pub(crate) fn is_replayable(&self) -> bool {
        self.0.iter().all(|section| !matches!(section.source, Source::Stream { .. }))
    }

    /// Returns `true` if the body is handed over in one piece, so that sending it takes no time of note.
    pub(crate) fn is_small(&self) -> bool {
        let lengths = self.0.iter().map(|section| match &section.source {
            Source::Bytes(bytes) => Some(bytes.len()),
            Source::File { .. } | Source::Stream { .. } | Source::Factory { .. } => None,
        });
        lengths.sum::<Option<usize>>().is_some_and(|length| length <= PIECE)
    }

    /// Opens a body that starts at the beginning.
    pub(crate) async fn open(&mut self) -> Result<Body, BodyError> {
        let mut body = Body::empty();
        for Section { source, observer } in &mut self.0 {
            match observer {
                None => source.open(&mut body).await?,
                Some(observer) => source.open_observed(&mut body, observer.clone()).await?,
            }
        }
        Ok(body)
    }
}

impl Source {
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { length, .. } => Some(*length),
            Self::Stream { length, .. } | Self::Factory { length, .. } => *length,
        }
    }

    async fn open(&mut self, body: &mut Body) -> Result<(), BodyError> {
        match self {
            Self::Bytes(bytes) => body.push_bytes(bytes.clone()),
            Self::File { open, length } => body.push_stream(open().await?, Some(*length)),
            Self::Stream { stream, length } => {
                let stream = stream.take().ok_or_else(|| BodyError::new("a stream can be sent only once"))?;
                body.push_stream(stream, *length);
            }
            Self::Factory { make, length } => body.push_stream(make(), *length),
        }
        Ok(())
    }

    /// Opens the source so that the observer gets to know each piece that is sent.
    async fn open_observed(&mut self, body: &mut Body, observer: Observer) -> Result<(), BodyError> {
        let (mut content, length) = (Body::empty(), self.length());
        match self {
            // In one piece, all of it would seem to be sent at once.
            Self::Bytes(bytes) => content.push_pieces(bytes.clone()),
            source => source.open(&mut content).await?,
        }
        let stream = ObservedStream { content, sent: 0, length, observer };
        stream.report();
        body.push_stream(ByteStream::new(stream, std::convert::identity), length);
        Ok(())
    }
}

/// A source on its way, whose bytes are counted.
struct ObservedStream {
    content: Body,
    sent: u64,
    length: Option<u64>,
    observer: Observer,
}

impl ObservedStream {
    fn report(&self) {
        (self.observer.0)(self.sent, self.length);
    }
}

impl Stream for ObservedStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.content.poll_data(cx));
        if let Some(Ok(bytes)) = &piece {
            self.sent += bytes.len() as u64;
            self.report();
        }
        Poll::Ready(piece)
    }
}
