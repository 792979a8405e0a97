//! HTTP server on loopback for tests.
//!
//! The [`Server`] sends the responses it is given, well-formed or broken, and records the requests it receives. It
//! reads and writes the wire itself, so that it can break every rule and the client under test does not check
//! itself.
//!
//! No helper relies on real time: a test that needs a time limit to expire holds the clock ([`HeldClock`]) and lets
//! virtual time pass when the server stalls ([`Server::passing`]).

mod clock;
mod ports;
mod reply;
mod request;
mod scratch;
mod server;

pub use clock::HeldClock;
pub use ports::Refusing;
#[cfg(target_os = "linux")]
pub use ports::Unreachable;
pub use reply::{End, Reply};
pub use request::{Part, Recorded};
pub use scratch::Scratch;
pub use server::Server;
