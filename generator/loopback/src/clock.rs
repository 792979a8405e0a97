//! Virtual time beside real connections.

use std::sync::mpsc::{Sender, channel};

/// Holds tokio's paused clock, so that virtual time passes only on [`tokio::time::advance`].
///
/// A paused clock alone jumps to the next timer whenever the runtime is idle, even if data is on its way between
/// sockets: time limits would expire at random. tokio leaves the clock alone while a blocking task runs; this is such
/// a task.
#[derive(Debug)]
#[must_use = "the clock is held for as long as this value lives"]
pub struct HeldClock {
    _release: Sender<()>,
}

impl HeldClock {
    /// Holds the clock of a test that was started with `start_paused = true`.
    ///
    /// # Panics
    /// Panics outside of a tokio runtime.
    #[allow(clippy::new_without_default, reason = "it acts on the runtime")]
    pub fn new() -> Self {
        let (release, released) = channel::<()>();
        // The task ends when the sender is dropped.
        drop(tokio::task::spawn_blocking(move || released.recv()));
        Self { _release: release }
    }
}
