//! Calls from code that is not async, with the feature `blocking`.

use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

/// Waits for a call. It blocks the thread, also one of an async runtime.
pub(crate) fn block_on<F>(call: F) -> F::Output
where
    F: Future + Send,
    F::Output: Send,
{
    if Handle::try_current().is_err() {
        return runtime().block_on(call);
    }
    // tokio refuses to wait on a thread of a runtime.
    let outcome = thread::scope(|scope| scope.spawn(|| runtime().block_on(call)).join());
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.expect("the system gives a thread for blocking calls")
    })
}
