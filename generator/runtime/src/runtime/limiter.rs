//! Keeps a client within the limits that the API declares, with the feature `limiter`.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use leaky_bucket::RateLimiter;

use crate::runtime::operation::{Operation, RateLimit};

/// One bucket for each operation that was called and has a limit.
#[derive(Default)]
pub(crate) struct Limiter {
    buckets: Mutex<HashMap<&'static str, Arc<RateLimiter>>>,
}

impl Limiter {
    /// Waits until one more request of the operation is within its limit. Those that wait go in turn; one that is
    /// dropped leaves its place to the next.
    pub(crate) async fn enter(&self, operation: &Operation) {
        if let Some(bucket) = operation.rate_limit.and_then(|limit| self.bucket(operation.id, limit)) {
            bucket.acquire_one().await;
        }
    }

    fn bucket(&self, operation: &'static str, limit: RateLimit) -> Option<Arc<RateLimiter>> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(operation) {
            return Some(Arc::clone(bucket));
        }
        let bucket = Arc::new(bucket(limit)?);
        buckets.insert(operation, Arc::clone(&bucket));
        Some(bucket)
    }
}

/// About half of the requests can be made at once, the other half is spread over the period: together they are never
/// more than the limit, whenever the server's period begins. None for a limit of nothing or in no time.
fn bucket(limit: RateLimit) -> Option<RateLimiter> {
    /// The shortest time that a bucket can tell.
    const TICK: Duration = Duration::from_millis(1);

    let requests = u32::try_from(limit.requests).unwrap_or(u32::MAX);
    let spread = (requests / 2).max(1);
    // The first drop of a period may fall right after the last one of the period before.
    let at_once = (requests.checked_sub(spread)?).saturating_sub(1).max(1);
    let interval = (limit.period / spread).max(TICK);
    let ticks = limit.period.as_millis() / interval.as_millis();
    let refill = usize::try_from(u128::from(spread).checked_div(ticks)?).ok()?.max(1);
    let at_once = usize::try_from(at_once).ok()?;
    Some(RateLimiter::builder().initial(at_once).max(at_once).refill(refill).interval(interval).build())
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}
