//! Webhooks: requests that an application receives.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::runtime::body::{BoxError, BoxFuture};
use crate::runtime::json::{Mismatch, decode, decode_result};

/// Error of a request that cannot be read.
#[derive(Debug)]
pub struct WebhookError(Cause);

/// Cause of an error.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The body is not as described.
    Body(Mismatch),
    /// The body is compressed.
    Encoded,
    /// The signature is missing, wrong or too old.
    #[allow(dead_code, reason = "not every API signs its requests")]
    Signature(&'static str),
}

impl WebhookError {
    /// Returns the status to respond with: 401 if the signature is at fault, 415 for a compressed body, else 400.
    pub fn status(&self) -> StatusCode {
        match self.0 {
            Cause::Body(_) => StatusCode::BAD_REQUEST,
            Cause::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Cause::Signature(_) => StatusCode::UNAUTHORIZED,
        }
    }

    /// Returns the place of a mismatch in the JSON, such as `items[0].id`; `.` is the whole.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0 {
            Cause::Body(mismatch) => Some(&mismatch.path),
            Cause::Encoded | Cause::Signature(_) => None,
        }
    }
}

impl From<Cause> for WebhookError {
    fn from(cause: Cause) -> Self {
        Self(cause)
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Body(Mismatch { path, error }) => {
                write!(f, "the body of the webhook is not as described: {error} (at `{path}`)")
            }
            Cause::Encoded => f.write_str("the body of the webhook is compressed"),
            Cause::Signature(problem) => write!(f, "the signature of the webhook {problem}"),
        }
    }
}

impl std::error::Error for WebhookError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Cause::Body(mismatch) => Some(&mismatch.error),
            Cause::Encoded | Cause::Signature(_) => None,
        }
    }
}

/// Reads the body of a request. The property `tag`, which tells the kind of the request, has to be there. A wrong
/// `Content-Type` makes no difference.
pub(crate) fn read_webhook<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
    tag: Option<&'static str>,
) -> Result<T, WebhookError> {
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Cause::Encoded.into());
    }
    if let Some(tag) = tag {
        decode_result::<IgnoredAny>(body, tag, None).map_err(Cause::Body)?;
    }
    Ok(decode(body).map_err(Cause::Body)?)
}

/// Makes a response without a body.
pub(crate) fn empty_response(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

/// Makes a response with a body.
pub(crate) fn bytes_response(
    status: StatusCode,
    media_type: &'static str,
    body: Vec<u8>,
) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Makes a response of JSON. A value that JSON cannot express is an error of the application: 500 without a body.
pub(crate) fn json_response<T: Serialize>(
    status: StatusCode,
    media_type: &'static str,
    body: &T,
) -> Response<Vec<u8>> {
    match serde_json::to_vec(body) {
        Ok(json) => bytes_response(status, media_type, json),
        Err(_) => empty_response(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Store of what was handled. A server that gets no response in time delivers a request again, so requests arrive at least
/// once, and in any order.
///
/// [`RecentDeliveries`] is a store in memory. An application of several processes needs a store that they share, such as a
/// table with a unique key.
pub trait Deliveries: Send + Sync {
    /// Claims a delivery by a key that is the same in every repeat. Returns `true` the first time.
    ///
    /// # Errors
    /// The store cannot be reached.
    fn claim<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool, BoxError>>;

    /// Gives a claim back after handling has failed, so that a repeat is handled.
    ///
    /// # Errors
    /// The store cannot be reached.
    fn release<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), BoxError>>;
}

/// Store of the most recent deliveries, in memory.
///
/// A restart forgets them, and so does a number of later deliveries beyond the capacity. Whatever is done twice has to be
/// harmless, therefore.
#[derive(Debug)]
pub struct RecentDeliveries {
    capacity: NonZeroUsize,
    claimed: Mutex<Claimed>,
}

#[derive(Debug, Default)]
struct Claimed {
    keys: HashSet<String>,
    /// Keys, the oldest first. A key that was released is here no more.
    order: VecDeque<String>,
}

impl RecentDeliveries {
    /// Makes a store of at most so many deliveries. Each takes about twice the size of its key.
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self { capacity, claimed: Mutex::default() }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Claimed) -> T) -> T {
        // Each change is complete, so a panic elsewhere leaves the store intact.
        change(&mut self.claimed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Deliveries for RecentDeliveries {
    fn claim<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool, BoxError>> {
        let is_first = self.with(|claimed| claimed.insert(key, self.capacity));
        Box::pin(std::future::ready(Ok(is_first)))
    }

    fn release<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), BoxError>> {
        self.with(|claimed| claimed.remove(key));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Claimed {
    fn insert(&mut self, key: &str, capacity: NonZeroUsize) -> bool {
        if !self.keys.insert(key.to_owned()) {
            return false;
        }
        self.order.push_back(key.to_owned());
        if self.order.len() > capacity.get()
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }

    fn remove(&mut self, key: &str) {
        if self.keys.remove(key) {
            self.order.retain(|other| other != key);
        }
    }
}
