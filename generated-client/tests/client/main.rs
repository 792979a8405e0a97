//! The client of the seven chat operations, as an application uses it: over real HTTP to an independent server on
//! loopback.
//!
//! The support code that all generated clients share is tested in `generator/runtime`.

mod attachments;
#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod checks;
mod credentials;
mod errors;
mod example;
#[cfg(feature = "mock")]
mod mock;
mod pages;
mod requests;
mod responses;
mod retries;
mod retry_policy;
mod secrets;
mod support;
mod threads;
mod types;
mod uploads;
mod waiting;
#[cfg(feature = "webhooks")]
mod webhooks;
