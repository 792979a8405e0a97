//! Support code of the generated clients.
//!
//! The generator copies the files of [`runtime`] into every client it emits, byte for byte, and the client
//! mounts them at `crate::runtime`. They are kept in a crate of their own so that they are real code:
//! compiled, linted and tested where they live. Tests and their dependencies stay outside the copied folder.

pub mod runtime;
