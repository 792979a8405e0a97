//! Keeps a client within the limits that the API declares, with the feature `limiter`.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use leaky_bucket::RateLimiter;
use tokio::sync::Mutex as AsyncMutex;

use crate::runtime::operation::{Operation, RateLimit};
use crate::runtime::time::{Instant, sleep_until};

/// One bucket for each operation that was called and has a limit.
#[derive(Default)]
pub(crate) struct Limiter {
    buckets: Mutex<HashMap<&'static str, Arc<Bucket>>>,
}

impl Limiter {
    /// Waits until one more request of the operation is within its limit. Those that wait go in turn; one that is
    /// dropped leaves its place to the next.
    pub(crate) async fn enter(&self, operation: &Operation) {
        let limit = operation.rate_limit;
        let Some(bucket) = limit.and_then(|limit| self.bucket(operation.id, limit)) else { return };
        match &*bucket {
            Bucket::Leaky(bucket) => bucket.acquire_one().await,
            Bucket::Spaced { least, next } => {
                let mut next = next.lock().await;
                sleep_until(*next).await;
                *next = Instant::now() + *least;
            }
        }
    }

    fn bucket(&self, operation: &'static str, limit: RateLimit) -> Option<Arc<Bucket>> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(operation) {
            return Some(Arc::clone(bucket));
        }
        let bucket = Arc::new(Bucket::new(limit)?);
        buckets.insert(operation, Arc::clone(&bucket));
        Some(bucket)
    }
}

/// State that keeps the requests of an operation within its limit, whenever the server's period begins.
enum Bucket {
    /// About half of the requests can be made at once, the other half is spread over the period.
    Leaky(RateLimiter),
    /// Of few requests, each has a time of its own.
    Spaced { least: Duration, next: AsyncMutex<Instant> },
}

impl Bucket {
    /// Creates the state of a limit, or `None` for a limit of 0 requests.
    fn new(limit: RateLimit) -> Option<Self> {
        /// Unit of the buckets.
        const TICK: Duration = Duration::from_millis(1);
        /// Longest wait: more than any clock can measure.
        const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);
        const FEW: u32 = 10;

        let requests = u32::try_from(limit.requests).unwrap_or(u32::MAX);
        let period = limit.period.min(LONGEST);
        if requests == 0 {
            return None;
        }
        if requests < FEW {
            let least = period / requests + Duration::from_nanos(1);
            return Some(Self::Spaced { least, next: AsyncMutex::new(Instant::now()) });
        }
        let spread = requests / 2;
        // Drops come every so many ticks, rounded up so that they are never too many.
        let ticks = (period / spread).as_nanos().div_ceil(TICK.as_nanos()).max(1);
        let interval = TICK.checked_mul(u32::try_from(ticks).ok()?)?;
        let refill = u128::from(spread) * interval.as_nanos() / period.as_nanos().max(1);
        let refill = usize::try_from(refill).unwrap_or(usize::MAX).max(1);
        // The first drop of a period may fall right after the last one of the period before.
        let at_once = usize::try_from(requests - spread).ok()?.saturating_sub(refill).max(1);
        let mut bucket = RateLimiter::builder();
        Some(Self::Leaky(bucket.initial(at_once).max(at_once).refill(refill).interval(interval).build()))
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}
