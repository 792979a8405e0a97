//! The runtime at work in a client, mounted as in every generated one. Everything talks real HTTP over loopback.
//!
//! The client is generated from `sample/openapi.yaml`; a test of the generator checks that it is up to date.

#[path = "../../src/market.rs"]
mod dialect;
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a program does not use all of a library")]
#[allow(clippy::option_option, reason = "clippy does not mind it in a library")]
#[path = "../../src/runtime/mod.rs"]
mod runtime;

#[path = "sample/src/client.rs"]
#[allow(unreachable_pub, reason = "this is no library")]
#[rustfmt::skip]
mod client;
#[path = "sample/src/error.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
#[rustfmt::skip]
mod error;
#[cfg(feature = "mock")]
#[path = "sample/src/mock.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
#[rustfmt::skip]
mod mock;
#[path = "sample/src/operations/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a program does not use all of a library")]
#[rustfmt::skip]
mod operations;
#[path = "sample/src/types.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
#[allow(clippy::option_option, clippy::struct_field_names, reason = "clippy does not mind them in a library")]
#[rustfmt::skip]
mod types;

mod attachments;
mod auth;
mod checks;
mod dialects;
mod downloads;
mod headers;
mod json_paths;
#[cfg(feature = "limiter")]
mod limits;
#[cfg(feature = "mock")]
mod mocks;
mod parallel;
mod requests;
mod responses;
mod retries;
mod secrets;
mod streams;
mod support;
mod timeouts;
mod tokens;
#[cfg(feature = "tracing")]
mod traces;
mod transports;
mod uploads;
mod values;
