//! Clock and timers.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(target_family = "wasm")]
pub(crate) use host::{Elapsed, Instant, Sleep, SystemTime, UNIX_EPOCH, sleep, timeout, timeout_at};
#[cfg(not(target_family = "wasm"))]
pub(crate) use {
    std::time::{SystemTime, UNIX_EPOCH},
    tokio::time::{Instant, Sleep, error::Elapsed, sleep, sleep_until, timeout, timeout_at},
};

/// Limit for each wait between two pieces of a body. [`Duration::MAX`] means no limit.
pub(crate) struct IdleLimit {
    limit: Duration,
    /// Timer while a piece is awaited.
    timer: Option<Pin<Box<Sleep>>>,
}

impl IdleLimit {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, timer: None }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Ends a wait: the next one has the whole limit.
    pub(crate) fn restart(&mut self) {
        self.timer = None;
    }

    /// Waits for the end of the limit.
    pub(crate) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // No limit at all is more than a timer can hold.
        if self.limit == Duration::MAX {
            return Poll::Pending;
        }
        let limit = self.limit;
        self.timer.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx)
    }
}

/// Clock and timers of the JavaScript host. On wasm32, neither the standard library nor tokio has any.
#[cfg(target_family = "wasm")]
mod host {
    use std::future::{Future, poll_fn};
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, ready};
    use std::time::Duration;

    use gloo_timers::future::TimeoutFuture;
    use send_wrapper::SendWrapper;
    pub(crate) use web_time::{Instant, SystemTime, UNIX_EPOCH};

    /// Longest time that one timer of the host can wait, in milliseconds.
    const LONGEST: u32 = i32::MAX.cast_unsigned();

    /// A limit has ended.
    #[derive(Debug)]
    pub(crate) struct Elapsed;

    /// Wait for an instant; without one, it never ends.
    pub(crate) struct Sleep {
        end: Option<Instant>,
        timer: SendWrapper<TimeoutFuture>,
    }

    pub(crate) fn sleep(time: Duration) -> Sleep {
        Sleep::until(Instant::now().checked_add(time))
    }

    impl Sleep {
        fn until(end: Option<Instant>) -> Self {
            let milliseconds = end.map_or(LONGEST, rounded);
            Self { end, timer: SendWrapper::new(TimeoutFuture::new(milliseconds)) }
        }
    }

    /// Returns the time until an instant in milliseconds, rounded up.
    fn rounded(end: Instant) -> u32 {
        let left = end.saturating_duration_since(Instant::now());
        u32::try_from(left.as_micros().div_ceil(1000)).map_or(LONGEST, |left| left.min(LONGEST))
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            loop {
                ready!(Pin::new(&mut *self.timer).poll(cx));
                match self.end {
                    Some(end) if end <= Instant::now() => return Poll::Ready(()),
                    end => *self = Self::until(end),
                }
            }
        }
    }

    pub(crate) async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
        until(sleep(limit), future).await
    }

    pub(crate) async fn timeout_at<F: Future>(end: Instant, future: F) -> Result<F::Output, Elapsed> {
        until(Sleep::until(Some(end)), future).await
    }

    async fn until<F: Future>(mut end: Sleep, future: F) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => Pin::new(&mut end).poll(cx).map(|()| Err(Elapsed)),
        })
        .await
    }
}
