//! The default transport.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::uri::Scheme;

use crate::runtime::body::{Body, BodyError, BoxFuture};
use crate::runtime::client::BuildError;
use crate::runtime::options::DEFAULT_CONNECT_TIMEOUT;
use crate::runtime::text::root_cause;
use crate::runtime::transport::{Attempt, Transport, TransportError, TransportErrorKind};

/// Default transport, with [`reqwest`]. It follows no redirect and retries nothing by itself.
///
/// reqwest fixes the limit for making connections when its client is built. If clients with different limits share
/// the transport, each limit has connections of its own.
pub struct ReqwestTransport {
    clients: Clients,
}

enum Clients {
    Ready(reqwest::Client),
    /// Clients built on demand, with the configuration if there is one.
    Made {
        configure: Option<Box<Configure>>,
        made: Mutex<HashMap<Key, reqwest::Client>>,
    },
}

/// TLS or not, and the limit for making connections.
type Key = (bool, Duration);

/// Use of the operating system's trust store.
#[derive(Clone, Copy)]
enum Tls {
    Unused,
    Needed,
    Replaceable,
}

pub(crate) type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

impl ReqwestTransport {
    /// Creates a transport whose reqwest clients are configured by a function.
    ///
    /// The function gets a builder with TLS (feature `rustls`: the operating system's trust store, *ring*; feature
    /// `native-tls` without it: the operating system's TLS). It may change any setting; `tls_backend_preconfigured`
    /// replaces the roots of trust as a whole. Redirects, retries and the limit for making connections are set
    /// afterwards.
    pub fn new(
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self::made(Some(Box::new(configure)))
    }

    fn made(configure: Option<Box<Configure>>) -> Self {
        Self { clients: Clients::Made { configure, made: Mutex::default() } }
    }

    /// Returns `true` if nothing is configured.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.clients, Clients::Made { configure: None, .. })
    }

    /// Returns the client for a scheme and a limit. It is built at the first use.
    pub(crate) fn client(
        &self,
        https: bool,
        limit: Option<Duration>,
    ) -> Result<reqwest::Client, TransportError> {
        let (configure, made) = match (&self.clients, limit) {
            (Clients::Made { configure, made }, _) => (configure, made),
            (Clients::Ready(client), None) => return Ok(client.clone()),
            (Clients::Ready(_), Some(_)) => return Err(setup(FIXED_LIMIT)),
        };
        let limit = limit.unwrap_or(DEFAULT_CONNECT_TIMEOUT);
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(&(https, limit)) {
            return Ok(client.clone());
        }
        let tls = match configure {
            _ if !https => Tls::Unused,
            None => Tls::Needed,
            Some(_) => Tls::Replaceable,
        };
        let builder = with_tls(reqwest::Client::builder(), tls)?;
        let builder = match configure {
            None => builder,
            Some(configure) => configure(builder),
        };
        let client =
            sent_once(builder).connect_timeout(limit).build().map_err(|error| setup(error.without_url()))?;
        made.insert((https, limit), client.clone());
        Ok(client)
    }
}

/// Returns a builder of a reqwest client for [`ClientBuilder::reqwest_client`](crate::runtime::ClientBuilder::reqwest_client).
///
/// TLS is set up as in the default transport (feature `rustls`: the operating system's trust store, *ring*; feature
/// `native-tls` without it: the operating system's TLS). Redirects and retries are off, and must stay off: a redirect
/// would take the credentials elsewhere.
///
/// # Errors
/// The TLS library cannot be set up.
pub fn builder() -> Result<reqwest::ClientBuilder, BuildError> {
    let builder = with_tls(reqwest::Client::builder(), Tls::Replaceable);
    builder
        .map(sent_once)
        .map_err(|error| BuildError(format!("TLS cannot be set up: {}", root_cause(&error))))
}

/// Turns off redirects and retries.
fn sent_once(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never())
}

const FIXED_LIMIT: &str = "a connect timeout was asked for, but the transport was made from a ready \
    `reqwest::Client`, whose own cannot be changed";

/// Caution: the client must not follow redirects ([`reqwest::redirect::Policy::none`]), or it sends credentials to
/// their targets. Clients of [`builder`](crate::runtime::reqwest::builder) follow none. The client keeps its own
/// limit for making connections: setting one on the builder is an error.
impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        Self { clients: Clients::Ready(client) }
    }
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::made(None)
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest's own output includes default headers.
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let https = request.uri().scheme() == Some(&Scheme::HTTPS);
            let client = self.client(https, attempt.connect_timeout)?;
            let limit = attempt.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT);
            let classify = |error| classify(error, limit);
            // Bytes need no boxed stream.
            let request =
                request.map(|body| body.into_bytes().map_or_else(reqwest::Body::wrap, reqwest::Body::from));
            let request = reqwest::Request::try_from(request).map_err(classify)?;
            let response = client.execute(request).await.map_err(classify)?;
            Ok(http::Response::from(response).map(Body::wrap_unpin))
        })
    }
}

fn setup(error: impl Into<crate::runtime::BoxError>) -> TransportError {
    TransportError::new(TransportErrorKind::Setup, error)
}

fn classify(error: reqwest::Error, limit: Duration) -> TransportError {
    let kind = if error.is_builder() {
        TransportErrorKind::Setup
    } else if error.is_connect() && error.is_timeout() {
        TransportErrorKind::ConnectTimeout { limit }
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if caused_by_body(&error) {
        TransportErrorKind::RequestBody
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Exchange
    };
    // The URL may hold a key in its query.
    TransportError::new(kind, error.without_url())
}

fn caused_by_body(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error.is::<BodyError>() {
            return true;
        }
        source = error.source();
    }
    false
}

#[cfg(not(feature = "rustls"))]
#[allow(clippy::unnecessary_wraps, reason = "the other feature set can fail here")]
fn with_tls(builder: reqwest::ClientBuilder, _tls: Tls) -> Result<reqwest::ClientBuilder, TransportError> {
    Ok(builder)
}

/// Sets up TLS. By itself, reqwest looks for a process-wide crypto provider, and panics without one.
#[cfg(feature = "rustls")]
fn with_tls(builder: reqwest::ClientBuilder, tls: Tls) -> Result<reqwest::ClientBuilder, TransportError> {
    use std::sync::Arc;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(setup)?;
    let trust = || rustls_platform_verifier::Verifier::new(provider);
    let verifier = match tls {
        // Plain HTTP must work where there is no trust store, and without the cost of reading one.
        Tls::Unused => None,
        Tls::Needed => Some(trust().map_err(setup)?),
        // Without a trust store nothing is trusted, unless the application brings TLS of its own.
        Tls::Replaceable => trust().ok(),
    };
    let config = match verifier {
        Some(verifier) => config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        None => config.with_root_certificates(rustls::RootCertStore::empty()),
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}
