//! The judge of generated clients: it checks by running that types keep what the description allows, and
//! that calls say it on the wire.
//!
//! Nothing here depends on the IR. Samples are made from the description itself, and an independent validator tells which of
//! them are valid. Only the link from the place of a schema to its type in Rust comes from the generator.

mod document;
mod instance;
mod pattern;
mod round_trip;
mod sampler;
mod scalars;
mod schema;
mod scratch;
mod shape;
mod wire;

pub(crate) use round_trip::{Choice, Loss, Outcome, RoundTrips};
pub(crate) use wire::{Calls, Fault, WireOutcome};
