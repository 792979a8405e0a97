//! Progress of sending a body: the time for it does not count towards the attempt timeout.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::runtime::error::TimeoutKind;
use crate::runtime::options::Limits;
use crate::runtime::time::Instant;

/// Progress of sending the body of one attempt. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    start: Instant,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// The receiver has not asked for the body yet.
    Waiting,
    Sending {
        first: Instant,
        last: Instant,
    },
    /// The whole body was handed over; with the time that this took.
    Sent(Duration),
}

impl Progress {
    /// Begins an attempt.
    pub(crate) fn begin() -> Self {
        Self { start: Instant::now(), state: Arc::new(Mutex::new(State::Waiting)) }
    }

    /// Records that the receiver asks for a piece of the body.
    pub(crate) fn ask(&self) {
        let now = Instant::now();
        let mut state = self.state();
        if matches!(*state, State::Waiting) {
            *state = State::Sending { first: now, last: now };
        }
    }

    /// Records that a piece of the body was handed over.
    pub(crate) fn advance(&self) {
        if let State::Sending { last, .. } = &mut *self.state() {
            *last = Instant::now();
        }
    }

    /// Records that the receiver needs no more of the body.
    pub(crate) fn finish(&self) {
        let mut state = self.state();
        *state = match *state {
            State::Waiting => State::Sent(Duration::ZERO),
            State::Sending { first, .. } => State::Sent(first.elapsed()),
            sent @ State::Sent(_) => sent,
        };
    }

    /// Returns the limit that applies now and its end.
    pub(crate) fn deadline(&self, limits: &Limits) -> (TimeoutKind, Instant) {
        match *self.state() {
            State::Waiting => (TimeoutKind::Attempt, later(self.start, limits.attempt)),
            State::Sending { last, .. } => (TimeoutKind::Read, later(last, limits.read)),
            State::Sent(time) => {
                (TimeoutKind::Attempt, later(self.start, limits.attempt.saturating_add(time)))
            }
        }
    }

    /// Returns the time by which the deadline has to be computed again: it can move both ways while the body is sent.
    pub(crate) fn next_check(&self, limits: &Limits) -> Instant {
        // The resolution of timers.
        const SHORTEST: Duration = Duration::from_millis(1);
        self.deadline(limits).1.min(later(Instant::now(), limits.read.max(SHORTEST)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the end of a limit; for a limit beyond what a clock can tell, the end is years away.
fn later(start: Instant, limit: Duration) -> Instant {
    const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    start.checked_add(limit).unwrap_or_else(|| start + YEARS)
}
