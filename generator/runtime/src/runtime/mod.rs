//! What every operation shares: building, sending and reading; credentials, checks and errors.
//!
//! Operations are thin data over this module. One non-generic core (`exchange`) sends a request and reads its
//! answer; generics appear only where an answer becomes a type.
//!
//! Application code meets [`Client`], [`ClientBuilder`], [`CallOptions`], [`Response`], [`Error`], [`Upload`]
//! and, to replace the HTTP library, [`Transport`]. What is marked *for generated code* is not meant to be
//! called by hand, and may change with any version.

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod check;
mod client;
mod dialect;
mod download;
mod error;
mod exchange;
mod json;
#[cfg(feature = "limiter")]
mod limiter;
#[cfg(feature = "mock")]
mod mock;
mod multipart;
mod open_enum;
mod operation;
mod options;
mod paging;
mod parallel;
mod param;
mod progress;
mod random;
pub(crate) mod rate_limit;
mod request;
mod reqwest_transport;
mod reserved;
mod response;
mod retry;
mod source;
mod text;
mod trace;
mod transport;
mod upload;

pub use auth::{Secret, SecurityKind, SecurityScheme, TokenProvider};
#[cfg(feature = "blocking")]
pub use blocking::block_on;
pub use body::{Body, BodyError, BoxError, BoxFuture};
pub use check::{Check, Checker, Place, Rule, Violation};
pub use client::{BuildError, Client, ClientBuilder};
pub use dialect::{Dialect, Standard};
pub use download::Download;
pub use error::{Error, ErrorKind, TimeoutKind};
pub use json::{error_body, null_as_empty, nullable};
#[cfg(feature = "mock")]
pub use mock::{Mock, MockRequest, On};
pub use multipart::Form;
pub use open_enum::{
    OpenEnum, OpenIntegerEnum, UnknownInteger, UnknownValue, deserialize_open_enum,
    deserialize_open_integer_enum,
};
pub use operation::{Api, Deprecation, Envelope, Operation, RateLimit, Safety};
pub use options::CallOptions;
pub use paging::{Items, PageResult, Paged, Pages};
pub use param::Param;
pub use rate_limit::{Excess, RateLimitState};
pub use request::{DecodedError, ErrorDecoder, Request};
pub use reqwest_transport::ReqwestTransport;
pub use response::Response;
pub use retry::RetryConfig;
pub use transport::{Attempt, Transport, TransportError, TransportErrorKind};
pub use upload::Upload;

// The operations' and the errors' public types are these crates' own.
pub use bytes::Bytes;
pub use chrono;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// Parts of the HTTP library for [`ClientBuilder::reqwest`] and [`ClientBuilder::reqwest_client`].
///
/// The library's own client is left out: without a TLS provider, which this crate gives to the clients that it sets up,
/// building it panics. [`builder`](reqwest::builder) returns one that is set up. An application that has other uses for
/// reqwest depends on it with one of its TLS features.
pub mod reqwest {
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub use ::reqwest::{Certificate, Identity, tls};
    pub use ::reqwest::{Error, NoProxy, Proxy, dns};

    pub use crate::runtime::reqwest_transport::builder;
}

// A client whose description has no enums does not use it.
#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use open_enum::{open_enum, open_integer_enum};
