//! Limits concurrent requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limit of concurrent requests for each value of a path parameter.
#[derive(Debug)]
pub(crate) struct Parallel {
    parameter: String,
    limit: usize,
    /// One for each value that has requests.
    lanes: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Parallel {
    pub(crate) fn new(parameter: String, limit: usize) -> Self {
        Self { parameter, limit, lanes: Mutex::default() }
    }

    /// Returns the value that counts, of the parameters in a path.
    pub(crate) fn value<'p>(&self, path: &'p [(&'static str, String)]) -> Option<&'p str> {
        path.iter().find(|(name, _)| *name == self.parameter).map(|(_, value)| value.as_str())
    }

    /// Waits until there is room for one more request of a value. The room is taken until the permit is dropped.
    pub(crate) async fn enter(&self, value: &str) -> Option<OwnedSemaphorePermit> {
        // They are never closed.
        self.lane(value).acquire_owned().await.ok()
    }

    fn lane(&self, value: &str) -> Arc<Semaphore> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(value) {
            return Arc::clone(lane);
        }
        // Whoever has a permit, or waits for one, has a share in its lane.
        lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
        Arc::clone(lanes.entry(value.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.limit))))
    }
}
