//! Random numbers from the system's randomness.

#[cfg(not(target_family = "wasm"))]
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Returns a random number that differs between calls, clients and processes.
///
/// The standard library keys its hashers from the system's randomness, once per thread; no further dependency is
/// needed. The process identifier tells a forked process, which inherits the keys, from its parent.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// Returns a random number that differs between calls, clients and processes. The standard library has no randomness on
/// wasm32.
#[cfg(target_family = "wasm")]
pub(crate) fn random() -> u64 {
    let bits = || js_sys::Math::random().to_bits();
    next(&AtomicU64::new(bits().rotate_left(32) ^ bits()))
}

/// Source of idempotency keys: UUIDs of version 4, from the system's randomness or, for tests, from a seed.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    seed: Option<AtomicU64>,
}

impl Keys {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { seed: Some(AtomicU64::new(seed)) }
    }

    /// Returns a key that differs from all others.
    pub(crate) fn mint(&self) -> String {
        let number = || self.seed.as_ref().map_or_else(random, next);
        uuid(number(), number())
    }
}

/// Returns the next number of a sequence (`SplitMix64`).
fn next(state: &AtomicU64) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut number = state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Returns the text of a UUID of version 4 (RFC 9562, section 5.4) with these random bits.
fn uuid(high: u64, low: u64) -> String {
    let high = high & !0xf000 | 0x4000;
    let low = low >> 2 | 1 << 63;
    let [time, middle, version] = [high >> 32, high >> 16 & 0xffff, high & 0xffff];
    let [variant, node] = [low >> 48, low & 0xffff_ffff_ffff];
    format!("{time:08x}-{middle:04x}-{version:04x}-{variant:04x}-{node:012x}")
}
