//! Random numbers from the system's randomness.

use std::hash::{BuildHasher, RandomState};

/// Returns a random number that differs between calls, clients and processes.
///
/// The standard library keys its hashers from the system's randomness, once per thread; no further dependency is
/// needed. The process identifier tells a forked process, which inherits the keys, from its parent.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}
