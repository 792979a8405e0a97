//! In-memory transport for the tests of applications, with the feature `mock`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::runtime::body::{Body, BoxFuture};
use crate::runtime::client::{Client, ClientBuilder};
use crate::runtime::download::Download;
use crate::runtime::download_request::DOWNLOAD_URL;
use crate::runtime::json::decode;
use crate::runtime::operation::{Api, Envelope, Operation};
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

const JSON: &str = "application/json";

/// An in-memory transport: returns the responses that a test gives it, and records the requests.
///
/// Applications enable the feature `mock` in their `[dev-dependencies]`.
///
/// Each operation has a method that begins with `on_` and takes the response to the next call. Several responses are
/// returned in their order, attempt by attempt. A retry gets the same response as the attempt before, unless the test
/// gives more. [`Mock::client`] returns a client; clones of the mock share everything.
///
/// # Unexpected calls
/// A call without a response fails, and is not retried. Its error names the line of the caller and lists the
/// operations that have responses left. The mock returns an error instead of panicking, because calls may run in other
/// tasks. [`assert_done`](Mock::assert_done) panics in the test itself, also if the application ignored the error.
///
/// # Values
/// Types of responses have `Default` and a setter for each field, with this feature only. By default, a required field
/// is zero, empty, or the first value of its enum; an optional field is absent. Where the description has an example,
/// `sample()` returns it.
#[derive(Clone, Default)]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Responses that are left, by operation.
    responses: BTreeMap<&'static str, VecDeque<Expected>>,
    /// Last response of each operation.
    last: BTreeMap<&'static str, Outcome>,
    requests: Vec<RecordedRequest>,
    /// Descriptions of unexpected calls.
    unexpected: Vec<String>,
}

/// A response that is left, and the line of the test that gave it.
struct Expected {
    outcome: Outcome,
    given_at: &'static Location<'static>,
}

#[derive(Clone)]
enum Outcome {
    Response { status: StatusCode, media_type: HeaderValue, headers: HeaderMap, body: Bytes },
    Failure(TransportErrorKind),
}

/// Takes the response to the next call of an operation. `T` is the type that a call returns; `PAGED` tells lists that
/// come in pages.
#[must_use = "the mock has no response until one is given"]
pub struct On<'m, T, const PAGED: bool = false> {
    mock: &'m Mock,
    operation: &'static Operation,
    headers: HeaderMap,
    /// Names of the properties that lead to the token of the next page.
    token: &'static [&'static str],
    success: PhantomData<fn() -> T>,
}

/// A request that a [`Mock`] got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Operation of the call.
    pub operation: &'static Operation,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Address of the request.
    pub uri: Uri,
    /// Headers of the request.
    pub headers: HeaderMap,
    /// Body of the request.
    pub body: Bytes,
}

impl Mock {
    /// Creates a mock without responses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the requests so far in their order, with one item for each attempt.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Returns the number of responses that are left.
    pub fn unused(&self) -> usize {
        self.state().responses.values().map(VecDeque::len).sum()
    }

    /// Asserts that all responses were used and that no call was unexpected.
    ///
    /// # Panics
    /// Panics if responses are left or if a call was unexpected. The message lists them with their lines.
    #[track_caller]
    pub fn assert_done(&self) {
        let problems = self.state().problems();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    /// Sets the response to the next [`download_url`](crate::runtime::Client::download_url).
    pub fn on_download_url(&self) -> On<'_, Download> {
        self.on(&DOWNLOAD_URL)
    }

    /// Returns the next call of an operation, for a response to it.
    pub(crate) fn on<T>(&self, operation: &'static Operation) -> On<'_, T> {
        On { mock: self, operation, headers: HeaderMap::new(), token: &[], success: PhantomData }
    }

    /// Takes the response to the next call of a list that comes in pages.
    pub(crate) fn paged<T>(
        &self,
        operation: &'static Operation,
        token: &'static [&'static str],
    ) -> On<'_, T, true> {
        On { mock: self, operation, headers: HeaderMap::new(), token, success: PhantomData }
    }

    /// Returns a builder for clients of the mock.
    pub(crate) fn builder(&self, api: &'static Api) -> ClientBuilder {
        let builder = ClientBuilder::new(api).without_credentials().allow_http().transport(self.clone());
        if api.base_url.is_empty() { builder.base_url("https://mock.invalid") } else { builder }
    }

    /// Builds a client with default settings, which are valid.
    pub(crate) fn default_client(builder: ClientBuilder) -> Client {
        builder.build().expect("valid default settings")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn problems(&self) -> Vec<String> {
        let left = self.responses.iter().flat_map(|(id, left)| left.iter().map(move |left| (id, left)));
        let left = left.map(|(id, left)| format!("unused response to {id}, given at {}", left.given_at));
        self.unexpected.iter().cloned().chain(left).collect()
    }

    /// Records a request and returns its outcome.
    fn outcome(&mut self, request: RecordedRequest, attempt: &Attempt) -> Result<Outcome, String> {
        let id = request.operation.id;
        self.requests.push(request);
        let next = self.responses.get_mut(id).and_then(VecDeque::pop_front);
        let outcome = match next {
            Some(expected) => expected.outcome,
            None => match self.last.get(id) {
                Some(last) if attempt.number > 1 => last.clone(),
                _ => return Err(self.unexpected(attempt)),
            },
        };
        self.last.insert(id, outcome.clone());
        Ok(outcome)
    }

    /// Records an unexpected call and returns its description.
    fn unexpected(&mut self, attempt: &Attempt) -> String {
        let left = self.responses.iter().filter(|(_, left)| !left.is_empty());
        let left: Vec<_> = left.map(|(id, left)| format!("{id} ({} left)", left.len())).collect();
        let expected = if left.is_empty() { "no further call".to_owned() } else { left.join(" or ") };
        let found = attempt.operation.id;
        let place = attempt.caller.map(|caller| format!(" at {caller}")).unwrap_or_default();
        let message = format!("unexpected call of {found}{place}: expected {expected}");
        self.unexpected.push(message.clone());
        message
    }
}

impl<T, const PAGED: bool> On<'_, T, PAGED> {
    /// Adds a header to the response.
    ///
    /// # Panics
    /// Panics if the name or the value is invalid.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header");
        self.headers.insert(name, HeaderValue::from_str(value).expect("the value of a header"));
        self
    }

    /// Responds with an error status and a JSON body: a value of a type of the crate, or
    /// `serde_json::json!`.
    ///
    /// # Panics
    /// Panics if the status is not between 100 and 999, or if the body cannot be written as JSON.
    #[track_caller]
    pub fn refuse(self, status: u16, body: &(impl Serialize + ?Sized)) {
        self.respond(StatusCode::from_u16(status).expect("a status code"), JSON, written(body));
    }

    /// Fails the attempt as a transport does.
    #[track_caller]
    pub fn fail(self, kind: TransportErrorKind) {
        self.push(Outcome::Failure(kind));
    }

    /// Responds with a file, for operations that return one.
    ///
    /// # Panics
    /// Panics if the media type is invalid.
    #[track_caller]
    pub fn file(self, media_type: &str, content: impl Into<Bytes>) {
        self.respond(StatusCode::OK, media_type, content.into());
    }

    #[track_caller]
    pub(crate) fn respond(&self, status: StatusCode, media_type: &str, body: Bytes) {
        let media_type = HeaderValue::from_str(media_type).expect("a media type");
        self.push(Outcome::Response { status, media_type, headers: self.headers.clone(), body });
    }

    #[track_caller]
    fn push(&self, outcome: Outcome) {
        let expected = Expected { outcome, given_at: Location::caller() };
        self.mock.state().responses.entry(self.operation.id).or_default().push_back(expected);
    }
}

impl<T: Serialize + DeserializeOwned, const PAGED: bool> On<'_, T, PAGED> {
    /// Responds with a value: `&()` for an operation without a result.
    ///
    /// # Panics
    /// Panics if the value cannot be written as JSON.
    #[track_caller]
    pub fn reply(self, value: &T) {
        self.succeed(serde_json::to_value(value).expect("a value that can be written as JSON"));
    }

    /// Responds with the result as JSON, which may have properties that the types of the crate do not know.
    ///
    /// # Panics
    /// Panics if the JSON is not a response of the operation. The message names the place in the JSON.
    #[track_caller]
    pub fn reply_json(self, value: &Value) {
        self.succeed_checked(value.clone());
    }

    #[track_caller]
    fn succeed_checked(&self, value: Value) {
        if let Err(mismatch) = decode::<T>(&written(&value)) {
            panic!("not a response of {}, at `{}`: {}", self.operation.id, mismatch.path, mismatch.error);
        }
        self.succeed(value);
    }

    /// Responds with a result, in the envelope of the operation.
    #[track_caller]
    fn succeed(&self, result: Value) {
        let body = match self.operation.envelope {
            Some(Envelope { result: Some(name), .. }) => json!({ name: result }),
            Some(_) if result.is_null() => json!({}),
            _ => result,
        };
        self.respond(StatusCode::OK, JSON, written(&body));
    }
}

impl<T: Serialize + DeserializeOwned> On<'_, T, true> {
    /// Responds page by page.
    ///
    /// Each page but the last gets a token of the next page, unless it has one. The last page ends the list: its
    /// token is removed.
    ///
    /// # Panics
    /// Panics if a page cannot be written as JSON.
    #[track_caller]
    pub fn pages(self, pages: impl IntoIterator<Item = T>) {
        let mut pages = pages.into_iter().enumerate().peekable();
        while let Some((index, page)) = pages.next() {
            let mut page = serde_json::to_value(page).expect("a value that can be written as JSON");
            let next = pages.peek().map(|_| format!("page-{}", index + 2));
            set_token(&mut page, self.token, next);
            self.succeed_checked(page);
        }
    }
}

/// Sets the token of the next page where a page has none; removes it from the last page.
fn set_token(page: &mut Value, way: &[&str], next: Option<String>) {
    match (way, next) {
        ([name, rest @ ..], next)
            if next.is_some() || page.get(name).is_some_and(|below| !below.is_null()) =>
        {
            set_token(&mut page[*name], rest, next);
        }
        ([], Some(next)) if page.as_str().is_none_or(str::is_empty) => *page = Value::String(next),
        // An empty token ends a list, too, and is valid where a token is required.
        ([], None) => *page = Value::String(String::new()),
        _ => {}
    }
}

/// Returns the example of a description, which was compared with its type when the client was generated.
///
/// # Panics
/// Panics if the example is not a value of the type.
#[track_caller]
pub(crate) fn sample<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("an example that is a value of its type")
}

#[track_caller]
pub(crate) fn written(value: &(impl Serialize + ?Sized)) -> Bytes {
    serde_json::to_vec(value).expect("a value that can be written as JSON").into()
}

impl RecordedRequest {
    /// Returns the path of the address.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the values of a query parameter.
    pub fn query(&self, name: &str) -> Vec<String> {
        let query = self.uri.query().unwrap_or_default().as_bytes();
        let pairs = url::form_urlencoded::parse(query).filter(|(known, _)| known == name);
        pairs.map(|(_, value)| value.into_owned()).collect()
    }

    /// Returns the body as JSON, or `null` if the body is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the JSON body as a value, such as one of the type of the request.
    ///
    /// # Panics
    /// Panics if the body is not JSON of such a value.
    #[track_caller]
    pub fn decoded<T: DeserializeOwned>(&self) -> T {
        match decode(&self.body) {
            Ok(value) => value,
            Err(mismatch) => panic!("not such a body, at `{}`: {}", mismatch.path, mismatch.error),
        }
    }
}

impl Transport for Mock {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let request = recorded(request, attempt).await?;
            let outcome = self.state().outcome(request, attempt);
            match outcome {
                Ok(Outcome::Response { status, media_type, headers, body }) => {
                    let mut response = http::Response::new(Body::from(body));
                    *response.status_mut() = status;
                    *response.headers_mut() = headers;
                    response.headers_mut().insert(CONTENT_TYPE, media_type);
                    Ok(response)
                }
                Ok(Outcome::Failure(kind)) => Err(TransportError::new(kind, "the mock was set up to fail")),
                Err(unexpected) => Err(TransportError::new(TransportErrorKind::Setup, unexpected)),
            }
        })
    }
}

/// Reads a request to its end.
async fn recorded(
    request: http::Request<Body>,
    attempt: &Attempt,
) -> Result<RecordedRequest, TransportError> {
    let (head, mut body) = request.into_parts();
    let mut content = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| TransportError::new(TransportErrorKind::RequestBody, error))?;
        content.extend_from_slice(&piece);
    }
    Ok(RecordedRequest {
        operation: attempt.operation,
        attempt: attempt.number,
        uri: head.uri,
        headers: head.headers,
        body: content.freeze(),
    })
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").field("requests", &self.state().requests.len()).finish_non_exhaustive()
    }
}
