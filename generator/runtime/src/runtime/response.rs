//! What a successful call gives.

use std::ops::{Deref, DerefMut};

use http::{HeaderMap, StatusCode};

use crate::runtime::dialect::{Dialect, trace_id};
use crate::runtime::rate_limit::RateLimitState;

/// The decoded body of a response, with its status and headers at hand. It derefs to the body.
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

    /// How often the request was sent: more than once if it was [retried](crate::runtime::RetryConfig).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The state of the rate limit after this call, if the server tells it.
    pub fn rate_limit(&self) -> Option<RateLimitState> {
        self.dialect.rate_limit(&self.headers)
    }

    /// Returns the identifier by which the server's support finds this call in its traces.
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
