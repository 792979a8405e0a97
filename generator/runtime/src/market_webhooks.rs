//! Responses to notifications of the Yandex Market Partner API.

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::runtime::{SystemTime, UNIX_EPOCH, WebhookError, json_response};

/// Name and version of an application, which all responses to notifications contain.
///
/// ```text
/// {"version": "1.0.0", "name": "my-shop", "time": "2026-01-31T12:00:00.000Z"}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    name: String,
    version: String,
}

impl Integration {
    /// Takes the name and the version of the application, each of 1 to 100 characters.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into() }
    }

    /// Returns the response that accepts a notification, a `PING` included: 200, with the present time.
    pub fn accept(&self) -> Response<Vec<u8>> {
        let body = json!({ "version": self.version, "name": self.name, "time": now() });
        json_response(StatusCode::OK, "application/json", &body)
    }

    /// Returns the response to a notification that cannot be read: 400, or 415 for a compressed one.
    pub fn refuse(error: &WebhookError) -> Response<Vec<u8>> {
        json_response(error.status(), "application/json", &problem("WRONG_EVENT_FORMAT", error))
    }

    /// Returns the response after a failure of the application: 500. The notification will be delivered again.
    pub fn fail(reason: &dyn Display) -> Response<Vec<u8>> {
        json_response(StatusCode::INTERNAL_SERVER_ERROR, "application/json", &problem("UNKNOWN", reason))
    }
}

/// Returns the present time in UTC, with milliseconds.
fn now() -> String {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = i64::try_from(elapsed.as_millis()).ok().and_then(DateTime::from_timestamp_millis);
    time.unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn problem(kind: &str, message: &dyn Display) -> Value {
    json!({ "error": { "type": kind, "message": message.to_string() } })
}
