//! Successful responses.

use std::ops::{Deref, DerefMut};

use http::{HeaderMap, StatusCode};

use crate::runtime::dialect::{Dialect, trace_id};
use crate::runtime::rate_limit::RateLimitState;

/// Result of a successful call, with status and headers of the response. Derefs to the result.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    dialect: &'static dyn Dialect,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        status: StatusCode,
        headers: HeaderMap,
        (attempts, dialect): (u32, &'static dyn Dialect),
    ) -> Self {
        Self { value, status, headers, attempts, dialect }
    }

    /// Returns the result.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the number of times the request was sent: more than 1 if it was
    /// [retried](crate::runtime::RetryConfig).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the state of the rate limit, if the response reports it.
    pub fn rate_limit(&self) -> Option<RateLimitState> {
        self.dialect.rate_limit(&self.headers)
    }

    /// Returns the identifier of the call in the server's traces, if the response has one.
    pub fn trace_parent(&self) -> Option<&str> {
        trace_id(self.dialect, &self.headers)
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
