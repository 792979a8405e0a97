//! Support code of the generated clients.
//!
//! The generator copies the files of [`runtime`] into every client it emits, byte for byte, and the client
//! mounts them at `crate::runtime`. They are kept in a crate of their own so that they are real code:
//! compiled, linted and tested where they live. Tests and their dependencies stay outside the copied folder.
//!
//! The file of a vendor's dialect, such as `market.rs`, is copied only into clients that speak the dialect, which mount
//! it at `crate::dialect`.

mod market;
pub mod runtime;

/// The dialects of vendors.
pub const DIALECTS: [&dyn runtime::Dialect; 1] = [&market::Market];
