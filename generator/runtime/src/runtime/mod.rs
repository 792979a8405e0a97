//! Support code that every operation shares: building, sending and reading; credentials, checks and errors.
//!
//! Operations are thin data over this module. One non-generic core (`exchange`) sends a request and reads its response;
//! generics appear only where a response becomes a type. The root of the crate exports what applications use; the rest is
//! for generated code.

#[cfg(all(target_family = "wasm", not(feature = "wasm")))]
compile_error!("on wasm32, this crate needs its feature `wasm`");
#[cfg(all(target_family = "wasm", any(feature = "blocking", feature = "limiter")))]
compile_error!("the features `blocking` and `limiter` do not exist on wasm32");

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod check;
mod client;
#[cfg(not(target_family = "wasm"))]
mod connection;
mod custom;
mod dialect;
mod download;
mod download_request;
mod error;
mod exchange;
#[cfg(target_family = "wasm")]
mod fetch_transport;
#[cfg(not(target_family = "wasm"))]
mod file;
mod file_name;
mod framing;
mod json;
mod json_path;
#[cfg(feature = "limiter")]
mod limiter;
#[cfg(feature = "mock")]
mod mock;
mod multipart;
mod open_enum;
mod open_struct;
mod operation;
mod options;
mod outcome;
mod paging;
mod parallel;
mod param;
mod parts;
mod pattern;
mod position;
mod progress;
mod random;
pub(crate) mod rate_limit;
mod raw_body;
mod redirect;
mod request;
#[cfg(not(target_family = "wasm"))]
mod reqwest_transport;
mod reserved;
mod response;
mod response_headers;
mod retry;
mod server;
#[cfg(feature = "webhooks")]
mod signature;
mod source;
mod stream;
mod style;
mod text;
mod time;
mod trace;
mod transport;
mod union;
mod upload;
mod value_enum;
#[cfg(feature = "webhooks")]
mod webhook;

pub use auth::{Secret, TokenProvider};
pub use body::{Body, BoxFuture};
pub use check::{Rule, Violation};
pub use client::{BuildError, Client, ClientBuilder};
pub use download::Download;
pub use download_request::DownloadRequest;
pub use error::{Error, ErrorKind, TimeoutKind};
#[cfg(target_family = "wasm")]
pub use fetch_transport::FetchTransport;
#[cfg(feature = "mock")]
pub use mock::{Mock, On, RecordedRequest};
pub use open_enum::{UnknownInteger, UnknownValue};
pub use operation::{Deprecation, Operation, RateLimit, Safety};
pub use options::CallOptions;
pub use outcome::{Redirect, UnknownResponse};
pub use paging::{Items, Paged, Pages};
pub use parts::FormData;
pub use rate_limit::{Excess, RateLimitState};
#[cfg(not(target_family = "wasm"))]
pub use reqwest_transport::ReqwestTransport;
pub use response::Response;
pub use retry::RetryConfig;
#[cfg(feature = "mock")]
pub use stream::OnStream;
pub use stream::{EventStream, StreamEvent};
pub use transport::{Attempt, Transport, TransportError, TransportErrorKind};
pub use upload::Upload;
#[cfg(feature = "webhooks")]
pub use webhook::{Deliveries, RecentDeliveries, WebhookError};

pub(crate) use auth::{SecurityKind, SecurityScheme};
#[cfg(feature = "blocking")]
pub(crate) use blocking::block_on;
pub(crate) use body::BoxError;
pub(crate) use check::{Check, Checker};
#[cfg(not(target_family = "wasm"))]
pub(crate) use connection::Connection;
pub(crate) use custom::{custom_types, json_texts};
pub(crate) use dialect::{Dialect, Standard};
#[cfg(target_family = "wasm")]
pub(crate) use fetch_transport::Connection;
pub(crate) use http::{HeaderMap, Method, StatusCode};
pub(crate) use json::{error_body, null_as_empty, nullable};
#[cfg(feature = "mock")]
pub(crate) use mock::sample;
pub(crate) use multipart::Form;
pub(crate) use open_enum::{
    OpenEnum, OpenIntegerEnum, deserialize_open_enum, deserialize_open_integer_enum, open_enum,
    open_integer_enum,
};
pub(crate) use open_struct::{absent, open_struct};
pub(crate) use operation::{Api, Envelope};
pub(crate) use outcome::{FromResponse, Mismatch, Received, error_text};
pub(crate) use param::Param;
pub(crate) use position::Position;
pub(crate) use request::{DecodedError, Request};
pub(crate) use response_headers::{header_date, header_text, header_value, header_values};
pub(crate) use server::{Server, ServerList, ServerVariable};
#[cfg(feature = "webhooks")]
pub(crate) use signature::{Encoding, Signature, Signed, verify_webhook};
pub(crate) use stream::{StreamContent, StreamFormat};
pub(crate) use style::Style;
pub(crate) use time::{SystemTime, UNIX_EPOCH};
pub(crate) use union::{
    Content, Member, ObjectShape, Shape, Union, deserialize_union, fit_union, open_union, serialize_tagged,
    shape, unrecognized_texts,
};
pub(crate) use value_enum::{OpenValueEnum, is_same, open_value_enum};
#[cfg(feature = "webhooks")]
pub(crate) use webhook::{bytes_response, empty_response, json_response, read_webhook};

/// Parts of the HTTP library for [`ClientBuilder::reqwest`] and [`ClientBuilder::reqwest_client`].
///
/// The library's own client is omitted: without a TLS provider, which this crate gives to the clients that it sets up,
/// building it panics. [`builder`](reqwest::builder) returns one that is set up. An application that has other uses for
/// reqwest depends on it with one of its TLS features.
#[cfg(not(target_family = "wasm"))]
pub mod reqwest {
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub use ::reqwest::{Certificate, Identity, tls};
    pub use ::reqwest::{Error, NoProxy, Proxy, dns};

    pub use crate::runtime::reqwest_transport::builder;
}
