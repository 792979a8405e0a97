//! Settings of the default transport.

use std::time::Duration;

use url::Url;

use crate::runtime::client::{BuildError, ClientBuilder, is_this_machine};
use crate::runtime::reqwest_transport::{Configure, ReqwestTransport};
use crate::runtime::text::root_cause;
use crate::runtime::transport::Transport;

/// Settings of the default transport.
#[derive(Default)]
pub(crate) struct Connection {
    configure: Option<Box<Configure>>,
    proxy: Option<String>,
}

impl ClientBuilder {
    /// Sets a function that configures the reqwest clients of the default transport, such as their trust store and
    /// addresses. See [`ReqwestTransport::new`].
    pub fn reqwest(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.transport = None;
        self.connection.configure = Some(Box::new(configure));
        self
    }

    /// Sends requests through a proxy, such as `http://proxy.example:3128`. The URL may have a user name and a password.
    ///
    /// Without this setting, the environment variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name the
    /// proxy, except for a server on this machine. Only the default transport takes the setting.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.connection.proxy = Some(url.into());
        self
    }

    /// Sets the reqwest client that sends requests.
    ///
    /// [`transport::reqwest::builder`](crate::runtime::reqwest::builder) returns a builder for such a client, with
    /// TLS and without redirects. Any other client must not follow redirects: see the caution at
    /// [`ReqwestTransport`]'s `From<reqwest::Client>`.
    pub fn reqwest_client(self, client: reqwest::Client) -> Self {
        self.transport(ReqwestTransport::from(client))
    }
}

impl Connection {
    /// Returns the transport of the application, if it has one, or creates the default one.
    ///
    /// TLS is set up now instead of at the first call: its problems show early, and the first call is not slower.
    pub(crate) fn transport(
        self,
        own: Option<Box<dyn Transport>>,
        targets: &[Url],
        connect: Option<Duration>,
    ) -> Result<Box<dyn Transport>, BuildError> {
        // The URL may hold a password, so no error quotes it.
        let problem = |text: &str| BuildError(format!("proxy: {text}"));
        let proxy = self.proxy.map(reqwest::Proxy::all).transpose();
        let proxy = proxy.map_err(|_| problem("expected a URL of a proxy"))?;
        match own {
            Some(_) if proxy.is_some() => return Err(problem("only the default transport takes a proxy")),
            Some(transport) => return Ok(transport),
            None => {}
        }
        let https = targets.iter().any(|url| url.scheme() == "https");
        let transport = configured(self.configure, proxy, !https && targets.iter().all(is_this_machine));
        if transport.is_plain() && https && !cfg!(any(feature = "rustls", feature = "native-tls")) {
            return Err(BuildError(
                "base URL: https needs the feature `rustls` or `native-tls`, or a transport that has TLS"
                    .to_owned(),
            ));
        }
        let client = transport.client(https, connect);
        client
            .map_err(|error| BuildError(format!("the HTTP client cannot be made: {}", root_cause(&error))))?;
        Ok(Box::new(transport))
    }
}

/// Creates the default transport.
fn configured(
    configure: Option<Box<Configure>>,
    proxy: Option<reqwest::Proxy>,
    is_local: bool,
) -> ReqwestTransport {
    if configure.is_none() && proxy.is_none() && !is_local {
        return ReqwestTransport::default();
    }
    ReqwestTransport::new(move |mut builder| {
        // A proxy of the environment is another machine.
        if is_local {
            builder = builder.no_proxy();
        }
        if let Some(configure) = &configure {
            builder = configure(builder);
        }
        match &proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        }
    })
}
