//! Downloads of files at URLs that the API returns, such as attachments. Nothing secret is sent with them.

use std::fmt;

use http::header::{ACCEPT, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Uri};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::runtime::body::BoxFuture;
use crate::runtime::client::{Client, Core, is_this_machine};
use crate::runtime::dialect::Standard;
use crate::runtime::download::Download;
use crate::runtime::error::{Cause, Error};
use crate::runtime::exchange::{MOST_REDIRECTS, Opened, Prepared, Reply, leads_elsewhere};
use crate::runtime::operation::{Call, Operation, Safety};
use crate::runtime::options::{CallOptions, Limits};
use crate::runtime::request::DecodedError;
use crate::runtime::response::Response;
use crate::runtime::source::Payload;
use crate::runtime::time::Instant;

/// Metadata of every download, for errors, traces and transports.
pub(crate) static DOWNLOAD_URL: Operation = Operation {
    id: "downloadUrl",
    method: Method::GET,
    path: "",
    security: &[],
    safety: Safety::ReadOnly,
    rate_limit: None,
    scopes: &[],
    deprecation: None,
    idempotency_key: None,
    envelope: None,
};

/// A request for the file at a URL that the API returned.
///
/// Created by [`Client::download_url`]; sent by `.await` or [`send`](Self::send).
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct DownloadRequest {
    client: Client,
    url: String,
    file_name: Option<String>,
    options: CallOptions,
}

impl DownloadRequest {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self { client, url, file_name: None, options: CallOptions::new() }
    }

    /// Sets the name of the file. Otherwise the response proposes it or, if it does not, the path of the URL.
    /// [`Download::save_to`] makes any name safe.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Sets time limits, retries and the response limit of this download. Headers in the options are not sent.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the request, and follows redirects. The body of the response is read from the [`Download`], which
    /// [`Response::into_inner`] returns.
    ///
    /// # Errors
    /// See [`Error`]. The kind is `InvalidRequest` if the URL is not allowed: see [`Client::download_url`].
    pub async fn send(self) -> Result<Response<Download>, Error> {
        let core = self.client.core();
        let limits = self.options.limits(core.limits);
        let mut url = allowed(&self.url, core).map_err(|problem| {
            Error::new(call(&self.client, String::new()), Cause::Invalid(Vec::new(), vec![problem]))
        })?;
        let start = Instant::now();
        for _ in 0..MOST_REDIRECTS {
            match open(&url, &self.client, left(limits, start)).await? {
                Ok(opened) => return Ok(self.response(opened, &url, limits)),
                Err(reply) => match redirect(&reply, &url, core) {
                    Some(target) => url = target,
                    None => return Err(reply.refused(undecoded)),
                },
            }
        }
        match open(&url, &self.client, left(limits, start)).await? {
            Ok(opened) => Ok(self.response(opened, &url, limits)),
            Err(reply) => Err(reply.refused(undecoded)),
        }
    }

    /// Sends the request and waits for the head of the response, in code that is not async.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Download>, Error> {
        crate::runtime::block_on(self.send())
    }

    fn response(self, opened: Opened, url: &Url, limits: Limits) -> Response<Download> {
        let Opened { call, head, body, limit, room } = opened;
        let about = (call.attempts, call.dialect);
        let mut download = Download::new(body, call, &head, limit, room);
        download.limit_bytes(limits.response_bytes);
        match self.file_name {
            Some(name) => download.rename(&name),
            None if download.is_nameless() => download.rename(&last_segment(url)),
            None => {}
        }
        Response::new(download, head.status, head.headers, about)
    }
}

impl IntoFuture for DownloadRequest {
    type Output = Result<Response<Download>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    /// Sends the request, as [`send`](Self::send) does.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for DownloadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A query may hold a key.
        let url = Url::parse(&self.url).map_or_else(|_| String::new(), |url| shown(&url));
        f.debug_struct("DownloadRequest")
            .field("url", &url)
            .field("file_name", &self.file_name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Sends one request, without credentials, cookies and default headers.
async fn open(url: &Url, client: &Client, limits: Limits) -> Result<Result<Opened, Reply>, Error> {
    let (core, call) = (client.core(), call(client, shown(url)));
    let uri = match Uri::try_from(url.as_str()) {
        Ok(uri) => uri,
        Err(error) => return Err(Error::new(call, Cause::Invalid(Vec::new(), vec![error.to_string()]))),
    };
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    if let Ok(user_agent) = HeaderValue::from_str(core.user_agent) {
        headers.insert(USER_AGENT, user_agent);
    }
    let payload = Payload::default();
    let prepared = Prepared {
        call,
        uri,
        redirects: None,
        headers,
        payload,
        lane: None,
        provider: None,
        token: None,
        limits,
    };
    prepared.open(core).await
}

#[cfg_attr(not(feature = "mock"), expect(unused_variables, reason = "mocks name the caller"))]
fn call(client: &Client, path: String) -> Call {
    Call {
        operation: &DOWNLOAD_URL,
        // The host is not a server of the API.
        dialect: &Standard,
        path,
        attempts: 0,
        is_idempotent: false,
        no_retry: None,
        #[cfg(feature = "mock")]
        caller: client.caller(),
    }
}

/// Returns the limits with what is left of the operation timeout, which holds for all redirects together.
fn left(limits: Limits, start: Instant) -> Limits {
    Limits { operation: limits.operation.saturating_sub(start.elapsed()), ..limits }
}

/// Reads a URL, or says why no request is sent there. The problem does not quote the URL, which may hold a key.
fn allowed(url: &str, core: &Core) -> Result<Url, String> {
    let mut url = Url::parse(url).map_err(|error| format!("the URL is invalid: {error}"))?;
    let problem = match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => "a user name or a password",
        "https" => {
            url.set_fragment(None);
            return Ok(url);
        }
        "http" if takes_http(&url, core) => {
            url.set_fragment(None);
            return Ok(url);
        }
        "http" => "the scheme `http`",
        _ => "another scheme",
    };
    Err(format!("expected an https URL without credentials, found one with {problem}"))
}

/// Returns `true` if the client calls the API itself without TLS, on the same terms.
fn takes_http(url: &Url, core: &Core) -> bool {
    let base = Url::parse(&core.base_url);
    base.is_ok_and(|base| base.scheme() == "http" && (is_this_machine(url) || !is_this_machine(&base)))
}

/// Returns the target of a redirect, if a request may be sent there.
fn redirect(reply: &Reply, url: &Url, core: &Core) -> Option<Url> {
    let location = reply.headers.get(LOCATION).filter(|_| leads_elsewhere(reply.status))?;
    let target = url.join(location.to_str().ok()?).ok()?;
    allowed(target.as_str(), core).ok()
}

/// Returns the URL without its query.
fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn last_segment(url: &Url) -> String {
    let segment = url.path().rsplit('/').next().unwrap_or_default();
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// Returns the body of an error response of a host that is not described.
fn undecoded(_: http::StatusCode, _: &[u8]) -> DecodedError {
    Box::new(())
}
