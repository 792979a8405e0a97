//! Successes beyond one type of JSON, nothing or a file: text, redirects, and responses that differ by status or by media
//! type.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, Error as _};

use crate::runtime::download::Download;
use crate::runtime::error::Error;
use crate::runtime::exchange::{Opened, Reply};
pub(crate) use crate::runtime::json::Mismatch;
use crate::runtime::json::decode;
use crate::runtime::request::{ErrorDecoder, Request};
use crate::runtime::response::Response;

/// Result of a call that depends on the status or on the media type of the response.
pub(crate) trait FromResponse: Sized {
    /// Reads a response that is not a file.
    ///
    /// # Errors
    /// The content is not as described.
    fn from_response(response: &Received<'_>) -> Result<Self, Mismatch>;

    /// Returns the variant of a response that is a file.
    fn from_file(response: &Received<'_>) -> Option<fn(Download) -> Self> {
        let _ = response;
        None
    }
}

/// Response with the status of a success; its body is empty until it is read.
pub(crate) struct Received<'r> {
    status: StatusCode,
    headers: &'r HeaderMap,
    body: &'r Bytes,
}

impl Received<'_> {
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns `true` unless the media type says that the content is not JSON.
    pub(crate) fn is_json(&self) -> bool {
        media_type(self.headers).is_none_or(|media_type| {
            let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(essence.as_str(), "" | "application/json" | "text/json") || essence.ends_with("+json")
        })
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Mismatch> {
        decode(self.body)
    }

    pub(crate) fn text(&self) -> Result<String, Mismatch> {
        text(self.headers, self.body)
    }

    pub(crate) fn unknown(&self) -> UnknownResponse {
        UnknownResponse { status: self.status, body: self.body.clone() }
    }
}

/// Success with a status that the description does not declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownResponse {
    status: StatusCode,
    body: Bytes,
}

impl UnknownResponse {
    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the content.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// Redirect that is not followed, since the other place may be of another owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    location: Option<String>,
}

impl Redirect {
    /// Returns the header `Location`: an absolute URL, or one relative to the URL of the request.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }
}

impl Request<'_> {
    /// Sends the request. The response is JSON or, by an empty body or one of the statuses, nothing.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_optional<T: DeserializeOwned>(
        self,
        empty: &[u16],
        error_body: ErrorDecoder,
    ) -> Result<Response<Option<T>>, Error> {
        let reply = self.exchange().await?.succeeded(error_body)?;
        if reply.body.is_empty() || empty.contains(&reply.status.as_u16()) {
            return Ok(reply.with(None));
        }
        let value = decode(&reply.body);
        reply.read(value)
    }

    /// Sends the request and returns the text of the response.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_text(self, error_body: ErrorDecoder) -> Result<Response<String>, Error> {
        let reply = self.exchange().await?.succeeded(error_body)?;
        let text = text(&reply.headers, &reply.body);
        reply.read(text)
    }

    /// Sends the request. The response is a redirect.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_redirect(self, error_body: ErrorDecoder) -> Result<Response<Redirect>, Error> {
        let reply = self.exchange().await?;
        let is_redirect = reply.status.is_redirection() && reply.status != StatusCode::NOT_MODIFIED;
        if !is_redirect && !reply.status.is_success() {
            return Err(reply.refused(error_body));
        }
        let location = reply.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let location = location.map(str::to_owned);
        Ok(reply.with(Redirect { location }))
    }

    /// Sends the request. The type of the response depends on its status.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_choice<T: FromResponse>(
        self,
        error_body: ErrorDecoder,
    ) -> Result<Response<T>, Error> {
        self.exchange().await?.succeeded(error_body)?.chosen()
    }

    /// Sends the request. The type of the response depends on its status or media type; a file is read piece by piece.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_choice_or_file<T: FromResponse>(
        self,
        error_body: ErrorDecoder,
    ) -> Result<Response<T>, Error> {
        let limits = self.options.limits(self.core.limits);
        let Opened { call, head, body, limit, room } = match self.open().await? {
            Ok(opened) => opened,
            Err(reply) => return Err(reply.refused(error_body)),
        };
        let wrap =
            T::from_file(&Received { status: head.status, headers: &head.headers, body: &Bytes::new() });
        let mut download = Download::new(body, call.clone(), &head, limit, room);
        if let Some(wrap) = wrap {
            let about = (call.attempts, call.dialect);
            return Ok(Response::new(wrap(download), head.status, head.headers, about));
        }
        download.limit_bytes(limits.response_bytes);
        let body = download.bytes().await?;
        Reply { call, status: head.status, headers: head.headers, body }.chosen()
    }
}

impl Reply {
    fn chosen<T: FromResponse>(self) -> Result<Response<T>, Error> {
        let value =
            T::from_response(&Received { status: self.status, headers: &self.headers, body: &self.body });
        self.read(value)
    }

    fn read<T>(self, value: Result<T, Mismatch>) -> Result<Response<T>, Error> {
        match value {
            Ok(value) => Ok(self.with(value)),
            Err(mismatch) => Err(self.mismatched(mismatch)),
        }
    }
}

/// Reads the body of an error response that is text. Returns `None` if the body is not UTF-8.
pub(crate) fn error_text<B>(body: &[u8], wrap: fn(String) -> B) -> Option<B> {
    std::str::from_utf8(body).ok().map(|text| wrap(text.to_owned()))
}

/// Reads text in UTF-8 or, if the media type says so, in Latin-1.
fn text(headers: &HeaderMap, body: &Bytes) -> Result<String, Mismatch> {
    let is_latin = media_type(headers).is_some_and(|media_type| {
        let media_type = media_type.to_ascii_lowercase().replace('"', "");
        media_type.contains("charset=iso-8859-1")
    });
    if is_latin {
        return Ok(body.iter().map(|byte| char::from(*byte)).collect());
    }
    std::str::from_utf8(body).map(str::to_owned).map_err(|error| Mismatch {
        path: ".".to_owned(),
        error: serde_json::Error::custom(format_args!("expected text in UTF-8: {error}")),
    })
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

#[cfg(feature = "mock")]
mod mock {
    use bytes::Bytes;
    use http::StatusCode;
    use serde::Serialize;

    use super::Redirect;
    use crate::runtime::mock::{On, written};

    impl<T, const PAGED: bool> On<'_, T, PAGED> {
        /// Responds with a status and JSON.
        ///
        /// # Panics
        /// Panics if the status is not between 100 and 999, or if the value cannot be written as JSON.
        #[track_caller]
        pub fn json(self, status: u16, value: &(impl Serialize + ?Sized)) {
            self.respond(code(status), "application/json", written(value));
        }

        /// Responds with a status and content of a media type; without content, both are empty.
        ///
        /// # Panics
        /// Panics if the status is not between 100 and 999, or if the media type is invalid.
        #[track_caller]
        pub fn content(self, status: u16, media_type: &str, content: impl Into<Bytes>) {
            self.respond(code(status), media_type, content.into());
        }
    }

    impl On<'_, Redirect> {
        /// Responds with a redirect.
        ///
        /// # Panics
        /// Panics if the status is not between 100 and 999, or if the location is no value of a header.
        #[track_caller]
        pub fn redirect(self, status: u16, location: &str) {
            self.header("location", location).respond(code(status), "text/plain", Bytes::new());
        }
    }

    #[track_caller]
    fn code(status: u16) -> StatusCode {
        StatusCode::from_u16(status).expect("a status code")
    }
}
