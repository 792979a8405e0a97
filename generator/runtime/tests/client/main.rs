//! The runtime at work in a client, mounted as in the generated ones: the files under `generated/` have the
//! forms that the generator emits, and everything talks real HTTP over loopback.

#[path = "../../src/market.rs"]
mod market;
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a program does not use all of a library")]
#[allow(clippy::option_option, reason = "clippy does not mind it in a library")]
#[path = "../../src/runtime/mod.rs"]
mod runtime;

#[path = "generated/client.rs"]
#[allow(unreachable_pub, reason = "this is no library")]
mod client;
#[path = "generated/error.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
mod error;
#[path = "generated/operations.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
mod operations;
#[path = "generated/types.rs"]
#[allow(dead_code, unreachable_pub, reason = "a program does not use all of a library")]
#[allow(clippy::option_option, clippy::struct_field_names, reason = "clippy does not mind them in a library")]
mod types;

mod answers;
mod auth;
mod checks;
mod dialects;
mod downloads;
mod headers;
#[cfg(feature = "limiter")]
mod limits;
mod parallel;
mod requests;
mod retries;
mod secrets;
mod support;
mod timeouts;
mod tokens;
#[cfg(feature = "tracing")]
mod traces;
mod transports;
mod uploads;
mod values;
