//! What a successful call gives.

use std::ops::{Deref, DerefMut};

use http::{HeaderMap, StatusCode};

use crate::runtime::rate_limit::RateLimitState;

/// The decoded body of a response, with its status and headers at hand. It derefs to the body.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap, attempts: u32) -> Self {
        Self { value, status, headers, attempts }
    }

    /// The body alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the request was sent: more than once if it was [retried](crate::runtime::RetryPolicy).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The state of the rate limit after this call, if the server tells it.
    pub fn rate_limit(&self) -> Option<RateLimitState> {
        RateLimitState::from_headers(&self.headers)
    }

    /// The id by which the server's support finds this call in its traces (`traceparent`).
    pub fn trace_parent(&self) -> Option<&str> {
        trace_parent(&self.headers)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

pub(crate) fn trace_parent(headers: &HeaderMap) -> Option<&str> {
    headers.get("traceparent")?.to_str().ok()
}
