//! The client of the seven chat operations, as an application uses it: everything talks real HTTP to a server
//! on loopback that knows nothing of the client.
//!
//! What every generated client shares is tested where it lives, in `generator/runtime`.

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
mod replies;
mod requests;
mod retries;
mod secrets;
mod support;
mod threads;
mod types;
mod uploads;
mod waiting;
