//! Support code of the generated clients.
//!
//! The generator copies the files of [`runtime`] into every client it emits, byte for byte, and the client
//! mounts them at `crate::runtime`. They are kept in a crate of their own so that they are real code:
//! compiled, linted and tested where they live. Tests and their dependencies stay outside the copied folder.
//!
//! The file of a vendor's dialect, such as `market.rs`, is copied only into clients that speak the dialect, which mount
//! it at `crate::dialect`.

#[allow(dead_code, reason = "clients that speak the dialect use it")]
mod market;
#[cfg(feature = "webhooks")]
pub mod market_webhooks;
#[allow(dead_code, unused_imports, reason = "the code of clients uses it")]
pub mod runtime;
