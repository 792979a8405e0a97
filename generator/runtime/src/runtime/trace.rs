//! A span for each call and an event for each attempt, with the feature `tracing`; without it, nothing. Names of fields
//! are those of OpenTelemetry's conventions for HTTP clients, where there is one. The crate docs list all fields.
//!
//! No query, no body and no header but `traceparent` is ever in them. Of the URL, they have the template of the path and
//! the server's name.

use std::time::Duration;

use http::{HeaderMap, StatusCode, Uri};

use crate::runtime::operation::Operation;
use crate::runtime::time::Instant;

/// Header with the identifiers of a trace.
#[cfg(feature = "tracing")]
const PARENT: http::HeaderName = http::HeaderName::from_static("traceparent");

/// Value of the header `traceparent`.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parent {
    Absent,
    Random,
}

#[cfg(feature = "tracing")]
impl Parent {
    pub(crate) fn add(self, headers: &mut HeaderMap) {
        if let Self::Random = self {
            headers.insert(PARENT, parent());
        }
    }
}

/// Returns a new value of `traceparent`: version, identifiers of trace and span, and the flag of a recorded trace.
#[cfg(feature = "tracing")]
fn parent() -> http::HeaderValue {
    use crate::runtime::random::random;

    // An identifier must not be zero.
    let [high, low, span] = [random().max(1), random(), random().max(1)];
    let text = format!("00-{high:016x}{low:016x}-{span:016x}-01");
    http::HeaderValue::try_from(text).unwrap_or_else(|_| http::HeaderValue::from_static(""))
}

/// The span of a call.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    start: Instant,
}

/// End of an attempt or of a call.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "without the feature nobody is told"))]
pub(crate) struct Ending<'a> {
    pub(crate) status: Option<StatusCode>,
    /// Its identifier in the server's traces.
    pub(crate) trace_id: Option<&'a str>,
    /// Kind of a failure without a status.
    pub(crate) failure: Option<&'static str>,
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub(crate) fn of(_: &Operation, _: &Uri, _: &HeaderMap) -> Self {
        Self {}
    }

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn around<F: Future>(&self, future: F) -> F {
        future
    }

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn attempt(&self, _: u32, _: Instant, _: Ending<'_>, _: Option<Duration>) {}

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn end(&self, _: u32, _: Ending<'_>) {}
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn of(operation: &Operation, uri: &Uri, headers: &HeaderMap) -> Self {
        use tracing::field::Empty;

        let Operation { id, method, path, .. } = operation;
        // A value that the application set is its own.
        let parent = headers.get(PARENT).filter(|value| !value.is_sensitive());
        let span = tracing::info_span!(
            "call",
            otel.name = %format_args!("{method} {path}"),
            otel.kind = "client",
            operation = id,
            http.request.method = %method,
            url.scheme = uri.scheme_str(),
            url.template = path,
            server.address = uri.host(),
            server.port = uri.port_u16(),
            http.request.header.traceparent = parent.and_then(|value| value.to_str().ok()),
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
            traceparent = Empty,
            attempts = Empty,
            duration_seconds = Empty,
        );
        Self { span, start: Instant::now() }
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(future, self.span.clone())
    }

    /// Records that an attempt has ended. Another one follows after the wait, if there is one.
    pub(crate) fn attempt(&self, number: u32, start: Instant, ending: Ending<'_>, wait: Option<Duration>) {
        let duration = start.elapsed().as_secs_f64();
        let status = ending.status.map(|status| status.as_u16());
        let kind = ending.kind();
        let wait = wait.map(|wait| wait.as_secs_f64());
        let resent = number.saturating_sub(1);
        if kind.is_some() {
            tracing::warn!(
                parent: &self.span,
                http.request.resend_count = resent,
                http.response.status_code = status,
                error.type = kind.as_deref(),
                retry.wait_seconds = wait,
                duration_seconds = duration,
                "attempt failed"
            );
        } else {
            tracing::debug!(
                parent: &self.span,
                http.request.resend_count = resent,
                http.response.status_code = status,
                duration_seconds = duration,
                "attempt succeeded"
            );
        }
    }

    pub(crate) fn end(&self, attempts: u32, ending: Ending<'_>) {
        self.span.record("http.request.resend_count", attempts.saturating_sub(1));
        if let Some(status) = ending.status {
            self.span.record("http.response.status_code", status.as_u16());
        }
        if let Some(kind) = ending.kind() {
            self.span.record("error.type", kind.as_str());
        }
        if let Some(id) = ending.trace_id {
            self.span.record("traceparent", id);
        }
        self.span.record("attempts", attempts);
        self.span.record("duration_seconds", self.start.elapsed().as_secs_f64());
    }
}

#[cfg(feature = "tracing")]
impl Ending<'_> {
    /// Returns the kind of a failure: a word, or the status.
    fn kind(&self) -> Option<String> {
        let status = self.status.filter(|status| !status.is_success());
        self.failure.map(str::to_owned).or_else(|| Some(status?.as_u16().to_string()))
    }
}
