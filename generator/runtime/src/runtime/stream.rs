//! Responses that are streams of items: server-sent events, JSON lines, JSON text sequences.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use backon::ExponentialBackoff;
use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer as _};
use serde_json::{Map, Value};

use crate::runtime::body::{BodyError, BoxFuture};
use crate::runtime::client::Client;
use crate::runtime::error::{Cause, Error, Mismatched, TimeoutKind};
use crate::runtime::exchange::{Opened, Prepared, Reply};
use crate::runtime::framing::{Frame, Framed, Framer, Framing};
use crate::runtime::json::{Mismatch, decode};
use crate::runtime::operation::{Call, Safety};
use crate::runtime::options::Limits;
use crate::runtime::request::{ErrorDecoder, Request};
use crate::runtime::response::Response;
use crate::runtime::retry::NoRetry;
use crate::runtime::source::Payload;
use crate::runtime::time::{IdleLimit, Sleep, sleep};
use crate::runtime::transport::{TransportError, TransportErrorKind};

/// Default limit between two pieces of a stream: room for the comments that keep idle connections open.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(60);

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Facts about the stream in a response, from the description.
#[derive(Debug)]
pub(crate) struct StreamFormat {
    /// Media types to ask for.
    pub(crate) accept: &'static str,
    pub(crate) content: StreamContent,
    /// Data of the item after the last one.
    pub(crate) terminator: Option<&'static str>,
}

/// Content of the items in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "each client uses a part of it")]
pub(crate) enum StreamContent {
    /// Text in the data of server-sent events.
    Text,
    /// JSON in the data of server-sent events.
    Json,
    /// Server-sent events with text as their data.
    TextEvent,
    /// Server-sent events with JSON as their data.
    JsonEvent,
    /// JSON on each line.
    Lines,
    /// JSON texts of RFC 7464.
    Sequence,
}

impl StreamContent {
    fn framing(self) -> Framing {
        match self {
            Self::Text | Self::Json | Self::TextEvent | Self::JsonEvent => Framing::Events,
            Self::Lines => Framing::Lines,
            Self::Sequence => Framing::Sequence,
        }
    }
}

/// Items in the response to a call, as they arrive. The request is sent when the stream is first polled.
///
/// An item that is not as described, or longer than the response limit, is an error; the stream goes on after it. It ends
/// after any other error. Dropping the stream closes the connection.
///
/// The attempt and operation timeouts hold until the head of the response arrives. After that, only the
/// [idle timeout](Self::idle_timeout) holds.
///
/// # Reconnecting
/// A stream of server-sent events reconnects after its connection ended, with the header `Last-Event-ID`, if three
/// conditions hold. The operation is read-only and sends no body, the server gave an identifier with an event, and
/// retries are not [disabled](crate::runtime::RetryConfig::disabled). The wait is the reconnection time of the server
/// (`retry`), else the backoff of a retry. The stream ends if as many connections as a call has attempts give no event, or
/// at a response with the status 204. A stream with a declared terminator ends at the terminator.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventStream<T> {
    client: Client,
    format: &'static StreamFormat,
    error_body: ErrorDecoder,
    state: State,
    /// Request of the next connection, unless reconnecting is unsafe.
    again: Option<Prepared>,
    backoffs: ExponentialBackoff,
    /// Connections since the last event, without the first one.
    reconnects: u32,
    limits: Limits,
    framer: Framer,
    /// Bytes that arrived and are not yet read.
    piece: Bytes,
    idle: IdleLimit,
    item: PhantomData<fn() -> T>,
}

enum State {
    Invalid(Error),
    Opening(Opening),
    Open(Box<Opened>),
    Waiting(Pin<Box<Sleep>>),
    Done,
}

type Opening = BoxFuture<'static, Result<Result<Opened, Reply>, Error>>;

/// Item of an [`EventStream`] with the other fields of its event. JSON lines and JSON text sequences have none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamEvent<T> {
    /// Kind of the event (`event`), if it has one.
    pub kind: Option<String>,
    /// Identifier of the last event that had one (`id`).
    pub id: Option<String>,
    /// Item.
    pub item: T,
}

impl Request<'_> {
    /// Returns the stream of the response.
    pub(crate) fn stream<T>(
        mut self,
        client: &Client,
        format: &'static StreamFormat,
        error_body: ErrorDecoder,
    ) -> EventStream<T> {
        self.accept(format.accept);
        let limits = self.options.limits(self.core.limits);
        let (state, again) = match self.prepare() {
            Ok(prepared) => {
                let again = repeated(&prepared).filter(|_| format.content.framing() == Framing::Events);
                (State::Opening(opening(client, prepared)), again)
            }
            Err(error) => (State::Invalid(error), None),
        };
        EventStream {
            client: client.clone(),
            format,
            error_body,
            state,
            again,
            backoffs: limits.retry.backoffs(),
            reconnects: 0,
            limits,
            framer: Framer::new(format.content.framing(), limits.response_bytes),
            piece: Bytes::new(),
            idle: IdleLimit::new(DEFAULT_IDLE_TIMEOUT),
            item: PhantomData,
        }
    }

    /// Sends the request, and leaves the items of the response to be read.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_stream<T>(
        self,
        client: &Client,
        format: &'static StreamFormat,
        error_body: ErrorDecoder,
    ) -> Result<Response<EventStream<T>>, Error> {
        let mut stream = self.stream(client, format, error_body);
        let (status, headers, about) = poll_fn(|cx| stream.poll_head(cx)).await?;
        Ok(Response::new(stream, status, headers, about))
    }
}

type Head = (StatusCode, HeaderMap, (u32, &'static dyn crate::runtime::Dialect));

fn opening(client: &Client, prepared: Prepared) -> Opening {
    let client = client.clone();
    Box::pin(async move { prepared.open(client.core()).await })
}

/// Returns a request like another one, if sending it again is safe.
fn repeated(prepared: &Prepared) -> Option<Prepared> {
    let is_safe = prepared.call.safety() == Safety::ReadOnly && prepared.payload.is_empty();
    is_safe.then(|| Prepared {
        call: prepared.call.clone(),
        uri: prepared.uri.clone(),
        headers: prepared.headers.clone(),
        payload: Payload::default(),
        lane: prepared.lane.clone(),
        provider: prepared.provider.clone(),
        token: None,
        limits: prepared.limits,
        redirects: prepared.redirects,
    })
}

impl<T> EventStream<T> {
    /// Sets the limit between two pieces of the stream, of which a comment is one; 60 seconds by default.
    /// [`Duration::MAX`] means no limit.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle = IdleLimit::new(limit);
        self
    }

    /// Returns the identifier of the last event that had one, for a later call to continue from.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.framer.last_id()).filter(|id| !id.is_empty())
    }

    /// Waits for the head of the first response.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Head, Error>> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Opening(mut opening) => {
                let Poll::Ready(result) = opening.as_mut().poll(cx) else {
                    self.state = State::Opening(opening);
                    return Poll::Pending;
                };
                let opened = self.accepted(result)?;
                let about = (opened.call.attempts, opened.call.dialect);
                let head = (opened.head.status, opened.head.headers.clone(), about);
                self.begin(opened);
                Poll::Ready(Ok(head))
            }
            State::Invalid(error) => Poll::Ready(Err(error)),
            State::Open(_) | State::Waiting(_) | State::Done => Poll::Pending,
        }
    }

    /// Refuses a response that is not a stream.
    fn accepted(&self, result: Result<Result<Opened, Reply>, Error>) -> Result<Opened, Error> {
        let opened = match result? {
            Ok(opened) => opened,
            Err(reply) => return Err(reply.refused(self.error_body)),
        };
        let media_type = opened.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = media_type.map(|media_type| media_type.split(';').next().unwrap_or_default().trim());
        let is_events = essence.is_none_or(|essence| essence.eq_ignore_ascii_case("text/event-stream"));
        if opened.head.status == StatusCode::NO_CONTENT
            || is_events
            || self.format.content.framing() != Framing::Events
        {
            return Ok(opened);
        }
        let error = serde_json::Error::custom("expected server-sent events, found another media type");
        Err(mismatched(&opened, Mismatch { path: ".".to_owned(), error }, &[]))
    }

    fn begin(&mut self, opened: Opened) {
        let has_content = opened.head.status != StatusCode::NO_CONTENT;
        self.state = if has_content { State::Open(Box::new(opened)) } else { State::Done };
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame, Error>>> {
        loop {
            match &mut self.state {
                State::Done => return Poll::Ready(None),
                State::Invalid(_) => {
                    if let State::Invalid(error) = std::mem::replace(&mut self.state, State::Done) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                State::Opening(opening) => {
                    let result = ready!(opening.as_mut().poll(cx));
                    self.state = State::Done;
                    match self.accepted(result) {
                        Ok(opened) => self.begin(opened),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
                State::Waiting(wait) => {
                    ready!(wait.as_mut().poll(cx));
                    self.reopen();
                }
                State::Open(_) => {
                    if let Some(framed) = self.framer.next(&mut self.piece) {
                        return Poll::Ready(self.framed(framed));
                    }
                    let failure = match ready!(self.poll_piece(cx)) {
                        Some(Ok(piece)) => {
                            self.piece = piece;
                            continue;
                        }
                        Some(Err(cause)) => Some(cause),
                        None => match self.framer.end() {
                            Some(framed) => return Poll::Ready(self.framed(framed)),
                            None => None,
                        },
                    };
                    if let Some(error) = self.interrupted(failure) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    /// Waits for bytes within the idle timeout.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Cause>>> {
        let State::Open(opened) = &mut self.state else { return Poll::Ready(None) };
        if let Poll::Ready(piece) = opened.body.poll_data(cx) {
            self.idle.restart();
            let status = Some(opened.head.status);
            return Poll::Ready(match piece {
                Some(Ok(piece)) => Some(Ok(piece)),
                Some(Err(error)) => {
                    let error = TransportError::new(TransportErrorKind::ResponseBody, error);
                    Some(Err(Cause::Transport { status, error }))
                }
                None => None,
            });
        }
        ready!(self.idle.poll_end(cx));
        self.idle.restart();
        let limit = self.idle.limit();
        Poll::Ready(Some(Err(Cause::Timeout { kind: TimeoutKind::Read, limit, source: None })))
    }

    /// Returns an item, or `None` at the terminator.
    fn framed(&mut self, framed: Framed) -> Option<Result<Frame, Error>> {
        self.reconnects = 0;
        self.backoffs = self.limits.retry.backoffs();
        let State::Open(opened) = &self.state else { return None };
        match framed {
            Framed::Item(frame) => {
                let terminator = self.format.terminator.map(str::as_bytes);
                if terminator.is_some_and(|terminator| terminator == frame.data.trim_ascii()) {
                    self.state = State::Done;
                    return None;
                }
                Some(Ok(frame))
            }
            Framed::TooLong => {
                let problem =
                    format!("an item is longer than the limit of {} bytes", self.limits.response_bytes);
                let error = TransportError::new(TransportErrorKind::ResponseTooLong, BodyError::new(problem));
                let cause = Cause::Transport { status: Some(opened.head.status), error };
                Some(Err(failed(&opened.call, NoRetry::Download, cause)))
            }
            Framed::Cut => {
                let error =
                    serde_json::Error::custom("expected a complete JSON text, found one that is cut off");
                Some(Err(mismatched(opened, Mismatch { path: ".".to_owned(), error }, &[])))
            }
        }
    }

    /// Reconnects after the end of a connection. Returns the error of a stream that ends.
    fn interrupted(&mut self, failure: Option<Cause>) -> Option<Error> {
        let State::Open(opened) = std::mem::replace(&mut self.state, State::Done) else { return None };
        let reason = match self.wait_before_reconnect() {
            Ok(wait) => {
                self.state = State::Waiting(Box::pin(sleep(wait)));
                return None;
            }
            Err(reason) => reason,
        };
        let unfinished = || {
            self.format.terminator.map(|terminator| {
                let error = BodyError::new(format!("it ended before `{terminator}`"));
                let error = TransportError::new(TransportErrorKind::ResponseBody, error);
                Cause::Transport { status: Some(opened.head.status), error }
            })
        };
        failure.or_else(unfinished).map(|cause| failed(&opened.call, reason, cause))
    }

    fn wait_before_reconnect(&mut self) -> Result<Duration, NoRetry> {
        let config = self.limits.retry;
        let id = self.framer.last_id();
        let Some(again) = self.again.as_mut().filter(|_| !id.is_empty()) else {
            return Err(NoRetry::Download);
        };
        let Ok(id) = HeaderValue::from_str(id).or_else(|_| HeaderValue::from_bytes(id.as_bytes())) else {
            return Err(NoRetry::Download);
        };
        if self.reconnects + 1 >= config.max_attempts {
            return Err(NoRetry::Attempts(config.max_attempts));
        }
        if !self.client.core().retry_budget.take() {
            return Err(NoRetry::Budget);
        }
        self.reconnects += 1;
        again.headers.insert(LAST_EVENT_ID, id);
        let backoff = || self.backoffs.next().unwrap_or(config.max_backoff).min(config.max_backoff);
        Ok(self.framer.retry().map_or_else(backoff, Duration::from_millis))
    }

    fn reopen(&mut self) {
        self.framer.restart();
        self.piece = Bytes::new();
        self.state = match self.again.as_ref().and_then(repeated) {
            Some(prepared) => State::Opening(opening(&self.client, prepared)),
            None => State::Done,
        };
    }
}

impl<T: DeserializeOwned> EventStream<T> {
    /// Returns the next item; `None` at the end.
    ///
    /// # Errors
    /// The item is not as described, or the stream failed. Only then does the stream end.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        Ok(self.try_next_event().await?.map(|event| event.item))
    }

    /// Returns the next item with the other fields of its event; `None` at the end.
    ///
    /// # Errors
    /// See [`try_next`](Self::try_next).
    pub async fn try_next_event(&mut self) -> Result<Option<StreamEvent<T>>, Error> {
        poll_fn(|cx| self.poll_event(cx)).await.transpose()
    }

    /// Returns the next item, in code that is not async; `None` at the end.
    ///
    /// # Errors
    /// See [`try_next`](Self::try_next).
    #[cfg(feature = "blocking")]
    pub fn try_next_blocking(&mut self) -> Result<Option<T>, Error>
    where
        T: Send,
    {
        crate::runtime::block_on(self.try_next())
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<StreamEvent<T>, Error>>> {
        Poll::Ready(match ready!(self.poll_frame(cx)) {
            Some(Ok(frame)) => self.decoded(frame),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        })
    }

    fn decoded(&self, frame: Frame) -> Option<Result<StreamEvent<T>, Error>> {
        let State::Open(opened) = &self.state else { return None };
        let item = match self.format.content {
            StreamContent::Text => decode_text(&frame.data),
            StreamContent::Json | StreamContent::Lines | StreamContent::Sequence => decode(&frame.data),
            StreamContent::TextEvent => decode(&object(&frame, text_value(&frame.data))),
            StreamContent::JsonEvent => decode(&object(&frame, json_value(&frame.data))),
        };
        let named = |text: String| Some(text).filter(|text| !text.is_empty());
        Some(match item {
            Ok(item) => Ok(StreamEvent { kind: named(frame.kind), id: named(frame.id), item }),
            Err(mismatch) => Err(mismatched(opened, mismatch, &frame.data)),
        })
    }
}

/// Reads a text as a type that JSON has as a string.
fn decode_text<T: DeserializeOwned>(data: &[u8]) -> Result<T, Mismatch> {
    let text = String::from_utf8_lossy(data);
    let deserializer: StrDeserializer<'_, serde_json::Error> = text.as_ref().into_deserializer();
    T::deserialize(deserializer).map_err(|error| Mismatch { path: ".".to_owned(), error })
}

fn text_value(data: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(data).into_owned())
}

/// Returns JSON, or data of another kind as text.
fn json_value(data: &[u8]) -> Value {
    serde_json::from_slice(data).unwrap_or_else(|_| text_value(data))
}

/// Writes an event as the object that OpenAPI 3.2 describes.
fn object(frame: &Frame, data: Value) -> Vec<u8> {
    let mut members = Map::new();
    let texts = [("event", &frame.kind, !frame.kind.is_empty()), ("id", &frame.id, frame.has_id)];
    for (name, text, _) in texts.into_iter().filter(|(.., is_there)| *is_there) {
        members.insert(name.to_owned(), Value::String(text.clone()));
    }
    members.insert("data".to_owned(), data);
    members.extend(frame.retry.map(|retry| ("retry".to_owned(), retry.into())));
    Value::Object(members).to_string().into_bytes()
}

fn failed(call: &Call, reason: NoRetry, cause: Cause) -> Error {
    Error::new(Call { no_retry: Some(reason), ..call.clone() }, cause)
}

#[cold]
fn mismatched(opened: &Opened, mismatch: Mismatch, data: &[u8]) -> Error {
    let head = (opened.head.status, opened.head.headers.clone());
    Error::new(opened.call.clone(), Cause::Decode(Mismatched::new(head, data, mismatch)))
}

/// Yields the items of [`try_next`](EventStream::try_next).
impl<T: DeserializeOwned> Stream for EventStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(self.poll_event(cx));
        Poll::Ready(event.map(|event| event.map(|event| event.item)))
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("last_event_id", &self.last_event_id())
            .field("idle_timeout", &self.idle.limit())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "mock")]
mod mock {
    use std::fmt;

    use bytes::Bytes;
    use http::StatusCode;
    use serde::Serialize;
    use serde_json::Value;

    use super::{EventStream, StreamContent, StreamFormat};
    use crate::runtime::mock::{Mock, On};
    use crate::runtime::operation::Operation;
    use crate::runtime::transport::TransportErrorKind;

    /// Takes the stream that the next call of an operation returns. `T` is the type of an item.
    #[must_use = "the mock has no response until one is given"]
    pub struct OnStream<'m, T> {
        on: On<'m, EventStream<T>>,
        format: &'static StreamFormat,
    }

    impl Mock {
        /// Returns the next call of an operation, for a stream.
        pub(crate) fn on_stream<T>(
            &self,
            operation: &'static Operation,
            format: &'static StreamFormat,
        ) -> OnStream<'_, T> {
            OnStream { on: self.on(operation), format }
        }
    }

    impl<T: Serialize> OnStream<'_, T> {
        /// Responds with items, and with the terminator if the description declares one.
        ///
        /// # Panics
        /// Panics if an item cannot be written in the format of the stream.
        #[track_caller]
        pub fn items(self, items: impl IntoIterator<Item = T>) {
            let values = items
                .into_iter()
                .map(|item| serde_json::to_value(item).expect("an item that can be written"));
            let mut body: String = values.map(|value| written(self.format.content, &value)).collect();
            if let Some(terminator) = self.format.terminator {
                body.push_str(&framed(self.format.content, terminator));
            }
            self.content(body);
        }
    }

    impl<T> OnStream<'_, T> {
        /// Adds a header to the response.
        ///
        /// # Panics
        /// Panics if the name or the value is invalid.
        #[track_caller]
        pub fn header(self, name: &str, value: &str) -> Self {
            Self { on: self.on.header(name, value), ..self }
        }

        /// Responds with the bytes of a stream.
        #[track_caller]
        pub fn content(self, content: impl Into<Bytes>) {
            let media_type = self.format.accept.split(',').next().unwrap_or_default();
            self.on.respond(StatusCode::OK, media_type, content.into());
        }

        /// Responds with an error status and a JSON body: a value of a type of the crate, or `serde_json::json!`.
        ///
        /// # Panics
        /// Panics if the status is not between 100 and 999, or if the body cannot be written as JSON.
        #[track_caller]
        pub fn refuse(self, status: u16, body: &(impl Serialize + ?Sized)) {
            self.on.refuse(status, body);
        }

        /// Fails the attempt as a transport does.
        #[track_caller]
        pub fn fail(self, kind: TransportErrorKind) {
            self.on.fail(kind);
        }
    }

    impl<T> fmt::Debug for OnStream<'_, T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("OnStream").field("format", &self.format).finish_non_exhaustive()
        }
    }

    /// Writes an item.
    fn written(content: StreamContent, value: &Value) -> String {
        match content {
            StreamContent::Text => framed(content, &text(value)),
            StreamContent::TextEvent | StreamContent::JsonEvent => event(value),
            StreamContent::Json | StreamContent::Lines | StreamContent::Sequence => {
                framed(content, &value.to_string())
            }
        }
    }

    fn text(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// Writes an event of its fields; text stands as it is.
    fn event(value: &Value) -> String {
        let members = value.as_object().expect("an event that is an object");
        let mut event = String::new();
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            push_lines(&mut event, name, &text(value));
        }
        event + "\n"
    }

    fn framed(content: StreamContent, data: &str) -> String {
        match content {
            StreamContent::Lines => format!("{data}\n"),
            StreamContent::Sequence => format!("\u{1e}{data}\n"),
            _ => {
                let mut event = String::new();
                push_lines(&mut event, "data", data);
                event + "\n"
            }
        }
    }

    /// Adds a field, with a line for each line of the value.
    fn push_lines(event: &mut String, name: &str, value: &str) {
        for line in value.split('\n') {
            event.extend([name, ": ", line, "\n"]);
        }
    }
}

#[cfg(feature = "mock")]
pub use mock::OnStream;
