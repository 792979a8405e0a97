//! A span for each call and an event for each attempt, with the feature `tracing`; without it, nothing. The names
//! are those of OpenTelemetry's conventions for HTTP clients. No header, no query and no body is ever in them: only the
//! template of the path is, and the server's name.

use std::time::Duration;

use http::{StatusCode, Uri};

use crate::runtime::operation::Operation;

/// The span of a call.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

/// How an attempt, or a call, ended.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "without the feature nobody is told"))]
pub(crate) struct Ending<'a> {
    pub(crate) status: Option<StatusCode>,
    /// Its identifier in the server's traces.
    pub(crate) trace_id: Option<&'a str>,
    /// What kind of failure it is, if it is one and there is no status.
    pub(crate) failure: Option<&'static str>,
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub(crate) fn of(_: &Operation, _: &Uri) -> Self {
        Self {}
    }

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn around<F: Future>(&self, future: F) -> F {
        future
    }

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn attempt(&self, _: u32, _: Ending<'_>, _: Option<Duration>) {}

    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    pub(crate) fn end(&self, _: u32, _: Ending<'_>) {}
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn of(operation: &Operation, uri: &Uri) -> Self {
        use tracing::field::Empty;

        let Operation { id, method, path, .. } = operation;
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
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
            traceparent = Empty,
        );
        Self { span }
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(future, self.span.clone())
    }

    /// An attempt has ended, and another one follows after a wait, if there is one.
    pub(crate) fn attempt(&self, number: u32, ending: Ending<'_>, wait: Option<Duration>) {
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
                "attempt failed"
            );
        } else {
            tracing::debug!(
                parent: &self.span,
                http.request.resend_count = resent,
                http.response.status_code = status,
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
    }
}

#[cfg(feature = "tracing")]
impl Ending<'_> {
    /// What kind of failure it is, if it is one: a word, or the status.
    fn kind(&self) -> Option<String> {
        let status = self.status.filter(|status| !status.is_success());
        self.failure.map(str::to_owned).or_else(|| Some(status?.as_u16().to_string()))
    }
}
