//! Replies without a server, for the tests of applications, with the feature `mock`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::runtime::body::{Body, BoxFuture};
use crate::runtime::download::Download;
use crate::runtime::download_request::DOWNLOAD_URL;
use crate::runtime::json::decode;
use crate::runtime::operation::{Envelope, Operation};
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

/// A transport without a network: it gives the replies that it was told, and notes what it was asked.
///
/// Each operation has a method that begins with `on_` and says what the next call of it gets; what is said several
/// times is given in that order, attempt by attempt; a retry of which nothing more is said gets the same again. A call of
/// which nothing is said fails. Clones share everything: give one to the client's
/// builder and keep the other.
#[derive(Clone, Default)]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    replies: BTreeMap<&'static str, VecDeque<Reply>>,
    /// What each operation got last.
    last: BTreeMap<&'static str, Reply>,
    requests: Vec<MockRequest>,
}

#[derive(Clone)]
enum Reply {
    Answer { status: StatusCode, media_type: HeaderValue, headers: HeaderMap, body: Bytes },
    Failure(TransportErrorKind),
}

/// What the next call of an operation gets. `T` is what a successful one returns.
#[must_use = "it says nothing until it is told what to reply"]
pub struct On<'m, T> {
    mock: &'m Mock,
    operation: &'static Operation,
    headers: HeaderMap,
    success: PhantomData<fn() -> T>,
}

/// A request that a [`Mock`] got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MockRequest {
    /// The operation.
    pub operation: &'static Operation,
    /// Where it went.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Mock {
    /// A mock of which nothing is said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The requests so far, in their order.
    pub fn requests(&self) -> Vec<MockRequest> {
        self.state().requests.clone()
    }

    /// How many replies are left that no call has got.
    pub fn unused(&self) -> usize {
        self.state().replies.values().map(VecDeque::len).sum()
    }

    /// What the next [`download_url`](crate::runtime::Client::download_url) gets.
    pub fn on_download_url(&self) -> On<'_, Download> {
        self.on(&DOWNLOAD_URL)
    }

    /// What the next call of an operation gets.
    pub(crate) fn on<T>(&self, operation: &'static Operation) -> On<'_, T> {
        On { mock: self, operation, headers: HeaderMap::new(), success: PhantomData }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> On<'_, T> {
    /// Adds a header to the reply.
    ///
    /// # Panics
    /// No header can be called so, or have such a value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header");
        self.headers.insert(name, HeaderValue::from_str(value).expect("the value of a header"));
        self
    }

    /// A refusal, with a status and a body of JSON.
    ///
    /// # Panics
    /// There is no such status.
    pub fn refuse(self, status: u16, body: &Value) {
        self.answer(StatusCode::from_u16(status).expect("a status"), "application/json", body.to_string());
    }

    /// A failure of the transport.
    pub fn fail(self, kind: TransportErrorKind) {
        self.push(Reply::Failure(kind));
    }

    /// A file, for an operation that returns one.
    ///
    /// # Panics
    /// There is no such media type.
    pub fn file(self, media_type: &str, content: impl Into<Bytes>) {
        self.answer(StatusCode::OK, media_type, content);
    }

    fn answer(mut self, status: StatusCode, media_type: &str, body: impl Into<Bytes>) {
        let headers = std::mem::take(&mut self.headers);
        let media_type = HeaderValue::from_str(media_type).expect("a media type");
        self.push(Reply::Answer { status, media_type, headers, body: body.into() });
    }

    fn push(self, reply: Reply) {
        self.mock.state().replies.entry(self.operation.id).or_default().push_back(reply);
    }
}

impl<T: Serialize + DeserializeOwned> On<'_, T> {
    /// A success.
    ///
    /// # Panics
    /// The value has something that JSON cannot say.
    pub fn reply(self, value: &T) {
        let value = serde_json::to_value(value).expect("a value that JSON can say");
        self.success(value);
    }

    /// A success, as JSON: for types that only the server makes.
    ///
    /// # Panics
    /// It is not what the operation returns; the message says where.
    pub fn reply_json(self, value: &Value) {
        if let Err(mismatch) = decode::<T>(&Bytes::from(value.to_string())) {
            panic!(
                "{} returns something else, at `{}`: {}",
                self.operation.id, mismatch.path, mismatch.error
            );
        }
        self.success(value.clone());
    }

    /// Replies with a result, in the envelope of the operation.
    fn success(self, result: Value) {
        let body = match self.operation.envelope {
            Some(Envelope { result: Some(name), .. }) => json!({ name: result }),
            _ => result,
        };
        self.answer(StatusCode::OK, "application/json", body.to_string());
    }
}

impl MockRequest {
    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The values of a parameter in the query.
    pub fn query(&self, name: &str) -> Vec<String> {
        let query = self.uri.query().unwrap_or_default().as_bytes();
        let pairs = url::form_urlencoded::parse(query).filter(|(known, _)| known == name);
        pairs.map(|(_, value)| value.into_owned()).collect()
    }
}

impl Transport for Mock {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, mut body) = request.into_parts();
            let mut content = BytesMut::new();
            while let Some(piece) = body.next().await {
                let piece =
                    piece.map_err(|error| TransportError::new(TransportErrorKind::RequestBody, error))?;
                content.extend_from_slice(&piece);
            }
            let operation = attempt.operation;
            let request =
                MockRequest { operation, uri: head.uri, headers: head.headers, body: content.freeze() };
            let mut state = self.state();
            state.requests.push(request);
            let mut reply = state.replies.get_mut(operation.id).and_then(VecDeque::pop_front);
            // A call that is sent again gets the same, unless more was said.
            if reply.is_none() && attempt.number > 1 {
                reply = state.last.get(operation.id).cloned();
            }
            state.last.extend(reply.clone().map(|reply| (operation.id, reply)));
            match reply {
                Some(Reply::Answer { status, media_type, headers, body }) => {
                    let mut response = http::Response::new(Body::from(body));
                    *response.status_mut() = status;
                    *response.headers_mut() = headers;
                    response.headers_mut().insert(CONTENT_TYPE, media_type);
                    Ok(response)
                }
                Some(Reply::Failure(kind)) => Err(TransportError::new(kind, "the mock was told so")),
                None => {
                    let message = format!("the mock was not told what to reply to {}", operation.id);
                    Err(TransportError::new(TransportErrorKind::Setup, message))
                }
            }
        })
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").field("requests", &self.state().requests.len()).finish_non_exhaustive()
    }
}
