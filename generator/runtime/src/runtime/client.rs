//! The client and its builder.

use std::fmt;
#[cfg(feature = "mock")]
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::Semaphore;
use url::{Host, Url};

use crate::runtime::Connection;
use crate::runtime::auth::{Credential, Credentials, Secret, SecurityScheme, TokenProvider};
use crate::runtime::dialect::Dialect;
use crate::runtime::download_request::DownloadRequest;
#[cfg(feature = "limiter")]
use crate::runtime::limiter::Limiter;
use crate::runtime::operation::Api;
use crate::runtime::options::{Limits, names, set_headers};
use crate::runtime::parallel::Parallel;
use crate::runtime::random::Keys;
use crate::runtime::retry::{RetryBudget, RetryConfig};
use crate::runtime::text::quotable;
#[cfg(feature = "tracing")]
use crate::runtime::trace::Parent;
use crate::runtime::transport::Transport;

/// Client of the API. Clones are cheap, and share connections and settings.
///
/// Calls must be awaited inside a tokio runtime with time enabled and, for the default transport, I/O.
#[derive(Clone)]
pub struct Client {
    core: Arc<Core>,
    /// Line of the call that the client was cloned for.
    #[cfg(feature = "mock")]
    caller: Option<&'static Location<'static>>,
}

/// State that all calls share.
#[derive(Debug)]
pub(crate) struct Core {
    /// Base URL, without a slash at its end.
    pub(crate) base_url: String,
    /// Other base URLs of single operations, by the setters of their servers.
    pub(crate) servers: Vec<(&'static str, String)>,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) credentials: Credentials,
    pub(crate) user_agent: &'static str,
    pub(crate) headers: HeaderMap,
    pub(crate) limits: Limits,
    pub(crate) check_constraints: bool,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) idempotency_keys: Keys,
    #[cfg(feature = "tracing")]
    pub(crate) trace_parent: Parent,
    #[cfg(feature = "limiter")]
    pub(crate) limiter: Option<Limiter>,
    pub(crate) parallel: Option<Parallel>,
    pub(crate) transport: Box<dyn Transport>,
}

/// Servers of an API that has more than a base URL.
pub(crate) trait Servers: fmt::Debug + Send + Sync {
    /// Returns the URLs, from the settings of the builder, the base URL that was set and that of the description.
    fn urls(
        &self,
        settings: &[(&'static str, String)],
        base_url: Option<&str>,
        default: &str,
    ) -> Result<Urls, String>;
}

/// URLs of servers.
pub(crate) struct Urls {
    pub(crate) base: String,
    /// Other base URLs, by the setters of their servers.
    pub(crate) others: Vec<(&'static str, String)>,
}

impl Client {
    /// Returns a request for the file at a URL that the API returned, such as that of an attachment. The URL can be on any
    /// host.
    ///
    /// Nothing secret is sent there: no credentials of the client, no default headers, no cookies and no trace context.
    /// A reqwest client with default headers of its own, or a transport that adds some, has to leave such requests alone.
    /// Transports know them by the operation `downloadUrl`.
    ///
    /// The URL has to be an `https` URL without a user name and a password. If the base URL of the client is an `http` URL,
    /// the file may have one too, on the same terms. Up to 5 redirects are followed, each to an allowed URL.
    ///
    /// The response limit of the client applies to the file. The attempt and operation timeouts end with the head of the
    /// response; the read timeout applies to each piece of the file.
    ///
    /// To save the file: `client.download_url(url).await?.into_inner().save_to(folder).await?`.
    #[cfg_attr(feature = "mock", track_caller)]
    pub fn download_url(&self, url: impl Into<String>) -> DownloadRequest {
        DownloadRequest::new(self.for_call(), url.into())
    }

    /// Returns a clone for one call. With the feature `mock`, the clone knows the line of its
    /// caller.
    #[cfg_attr(feature = "mock", track_caller)]
    pub(crate) fn for_call(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            #[cfg(feature = "mock")]
            caller: Some(Location::caller()),
        }
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    #[cfg(feature = "mock")]
    pub(crate) fn caller(&self) -> Option<&'static Location<'static>> {
        self.caller
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { base_url, servers, credentials, limits, transport, .. } = &*self.core;
        let mut fields = f.debug_struct("Client");
        fields.field("base_url", base_url);
        for (setter, url) in servers {
            fields.field(setter, url);
        }
        fields
            .field("credentials", credentials)
            .field("limits", limits)
            .field("transport", transport)
            .finish_non_exhaustive()
    }
}

/// Builder of a [`Client`]. [`build`](ClientBuilder::build) reports wrong settings.
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    api: &'static Api,
    dialect: &'static dyn Dialect,
    base_url: Option<String>,
    pub(crate) servers: Option<&'static dyn Servers>,
    /// URLs of servers and values of variables, by their setters.
    pub(crate) server_settings: Vec<(&'static str, String)>,
    allow_http: bool,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    credentials: Vec<(SecurityScheme, Credential)>,
    #[cfg(feature = "mock")]
    needs_credentials: bool,
    limits: Limits,
    check_constraints: bool,
    idempotency_keys: Keys,
    #[cfg(feature = "tracing")]
    trace_parent: Parent,
    #[cfg(feature = "limiter")]
    limiter: Option<Limiter>,
    parallel: Option<(String, usize)>,
    pub(crate) transport: Option<Box<dyn Transport>>,
    pub(crate) connection: Connection,
}

impl ClientBuilder {
    pub(crate) fn new(api: &'static Api) -> Self {
        Self {
            api,
            dialect: api.dialect,
            base_url: None,
            servers: None,
            server_settings: Vec::new(),
            allow_http: false,
            user_agent: None,
            headers: Vec::new(),
            credentials: Vec::new(),
            #[cfg(feature = "mock")]
            needs_credentials: true,
            limits: Limits::default(),
            check_constraints: true,
            idempotency_keys: Keys::default(),
            #[cfg(feature = "tracing")]
            trace_parent: Parent::Absent,
            #[cfg(feature = "limiter")]
            limiter: None,
            parallel: None,
            transport: None,
            connection: Connection::default(),
        }
    }

    /// Sets the dialect of the server: its reports of rate limits and traces.
    pub(crate) fn dialect(mut self, dialect: &'static dyn Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets the base URL: scheme, host, port, and a path before the paths of the API. Credentials are sent there and
    /// nowhere else. The default is the server of the description.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows plain HTTP. Credentials are then sent unencrypted.
    ///
    /// Without this setting, `http` is allowed only for a server on this machine.
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Sets the name and version of the application, such as `shop/1.4`. They go before those of the client in
    /// `User-Agent`.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Adds a header to every request. The last value wins if a name is given twice.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the limit for making a connection; 10 seconds by default. Other transports than the default one may
    /// ignore it.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect = Some(limit);
        self
    }

    /// Sets the limit for one attempt, from connecting to the last byte of the response; 30 seconds by default. The time
    /// for sending the request's body does not count. [`Duration::MAX`] means no limit.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// Sets the limit between two pieces of a body, of a request or of a response; 15 seconds by default.
    /// [`Duration::MAX`] means no limit.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.limits.read = limit;
        self
    }

    /// Sets the limit for a whole call, retries and backoff included; 120 seconds by default. [`Duration::MAX`] means no
    /// limit.
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.limits.operation = limit;
        self
    }

    /// Sets the number of attempts, where retries are safe, and the backoff between them.
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.limits.retry = config;
        self
    }

    /// Sets the limit for the length of a response's body, in bytes; 64 MiB by default. A file of
    /// [`Client::download_url`] has this limit, too; a file that an operation returns has none.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.limits.response_bytes = bytes;
        self
    }

    /// Sets the limit of concurrent requests for each value of a path parameter, such as `businessId`; none by
    /// default. Further requests wait, within their operation timeout.
    ///
    /// The limit is at least 1. A download counts until it is dropped. A parameter that no operation has limits
    /// nothing.
    pub fn max_parallel(mut self, parameter: impl Into<String>, requests: usize) -> Self {
        self.parallel = Some((parameter.into(), requests.clamp(1, Semaphore::MAX_PERMITS)));
        self
    }

    /// Keeps this client and its clones within the declared limit of each operation
    /// ([`Operation::rate_limit`](crate::runtime::Operation::rate_limit)): a request waits, within its operation
    /// timeout, instead of exceeding the limit.
    ///
    /// About half of the requests of a period can be sent at once; the other half is spread over the period. Requests
    /// of other programs with the same credentials are not counted.
    #[cfg(feature = "limiter")]
    pub fn keep_rate_limits(mut self) -> Self {
        self.limiter = Some(Limiter::default());
        self
    }

    /// Turns the checks of the description's constraints before sending on or off; they are on by default. Turn them
    /// off if the server accepts more than the description.
    pub fn check_constraints(mut self, check: bool) -> Self {
        self.check_constraints = check;
        self
    }

    /// Makes idempotency keys predictable, for tests: clients with the same seed send the same keys in the same order.
    ///
    /// Without this setting, keys are random. A seed in production repeats the keys of the last run, and a server takes
    /// new requests for old ones.
    pub fn idempotency_seed(mut self, seed: u64) -> Self {
        self.idempotency_keys = Keys::seeded(seed);
        self
    }

    /// Sends a `traceparent` header ([W3C Trace Context](https://www.w3.org/TR/trace-context/)) with every request.
    ///
    /// The identifiers are random, and the same in all attempts of a call. The span of the call records the value. To
    /// continue a trace of the application, set the header on the call instead:
    /// `CallOptions::new().header("traceparent", …)`. That value then takes the place of the random one.
    #[cfg(feature = "tracing")]
    pub fn send_trace_parent(mut self) -> Self {
        self.trace_parent = Parent::Random;
        self
    }

    /// Sets the transport.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    pub(crate) fn credential(self, scheme: &SecurityScheme, secret: impl Into<Secret>) -> Self {
        self.with(scheme, Credential::Key(secret.into()))
    }

    pub(crate) fn token_provider(self, scheme: &SecurityScheme, provider: impl TokenProvider) -> Self {
        self.with(scheme, Credential::Provider(Arc::new(provider)))
    }

    pub(crate) fn basic_credential(
        self,
        scheme: &SecurityScheme,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        self.with(scheme, Credential::Login(username.into(), password.into()))
    }

    /// Allows calls without the credentials that operations need.
    #[cfg(feature = "mock")]
    pub(crate) fn without_credentials(mut self) -> Self {
        self.needs_credentials = false;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// A setting is invalid; the error names it and the reason.
    pub fn build(self) -> Result<Client, BuildError> {
        let urls = self.urls().map_err(BuildError)?;
        let base_url = checked_url("base URL", &urls.base, self.allow_http).map_err(BuildError)?;
        let base = without_slash(&base_url);
        let mut targets = vec![base_url];
        let mut servers = Vec::new();
        for (setter, url) in urls.others {
            let url = checked_url(setter, &url, self.allow_http).map_err(BuildError)?;
            servers.push((setter, without_slash(&url)));
            targets.push(url);
        }
        let mut credentials = Credentials::default();
        for (scheme, credential) in &self.credentials {
            credentials.insert(*scheme, credential).map_err(BuildError)?;
        }
        #[cfg(feature = "mock")]
        if !self.needs_credentials {
            credentials.make_optional();
        }
        let mut headers = HeaderMap::new();
        let user_agent = match &self.user_agent {
            Some(application) => format!("{application} {}", self.api.user_agent),
            None => self.api.user_agent.to_owned(),
        };
        set_headers(&mut headers, &[("user-agent".to_owned(), user_agent)]).map_err(BuildError)?;
        set_headers(&mut headers, &self.headers).map_err(BuildError)?;
        let core = Core {
            dialect: self.dialect,
            credentials,
            user_agent: self.api.user_agent,
            headers,
            limits: self.limits,
            check_constraints: self.check_constraints,
            retry_budget: RetryBudget::default(),
            idempotency_keys: self.idempotency_keys,
            #[cfg(feature = "tracing")]
            trace_parent: self.trace_parent,
            #[cfg(feature = "limiter")]
            limiter: self.limiter,
            parallel: self.parallel.map(|(parameter, limit)| Parallel::new(parameter, limit)),
            transport: self.connection.transport(self.transport, &targets, self.limits.connect)?,
            base_url: base,
            servers,
        };
        Ok(Client {
            core: Arc::new(core),
            #[cfg(feature = "mock")]
            caller: None,
        })
    }

    fn urls(&self) -> Result<Urls, String> {
        let (base_url, default) = (self.base_url.as_deref(), self.api.base_url);
        match self.servers {
            Some(servers) => servers.urls(&self.server_settings, base_url, default),
            None => Ok(Urls { base: base_url.unwrap_or(default).to_owned(), others: Vec::new() }),
        }
    }

    fn with(mut self, scheme: &SecurityScheme, credential: Credential) -> Self {
        self.credentials.push((*scheme, credential));
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<_> = self.credentials.iter().map(|(scheme, _)| scheme.name).collect();
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url.as_deref().and_then(quotable))
            .field("user_agent", &self.user_agent)
            .field("headers", &names(&self.headers))
            .field("credentials", &schemes)
            .field("limits", &self.limits)
            .field("check_constraints", &self.check_constraints)
            .finish_non_exhaustive()
    }
}

/// Error of a client's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(pub(crate) String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}

fn without_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

fn checked_url(name: &str, text: &str, allow_http: bool) -> Result<Url, String> {
    let problem = match Url::parse(text) {
        Err(_) if text.is_empty() => "the description names no server, so `base_url` must be set".to_owned(),
        Err(error) => error.to_string(),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            "its scheme is neither http nor https".to_owned()
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            "it cannot carry a user name or a password".to_owned()
        }
        Ok(url) if url.query().is_some() => "it cannot have a query".to_owned(),
        Ok(url) if url.fragment().is_some() => "it cannot have a fragment".to_owned(),
        Ok(url) if url.scheme() == "http" && !allow_http && !is_this_machine(&url) => {
            "without TLS everybody on the way could read the credentials: use https, or `allow_http`"
                .to_owned()
        }
        Ok(url) => return Ok(url),
    };
    match quotable(text) {
        Some(text) => Err(format!("{name} `{}`: {problem}", text.escape_debug())),
        None => Err(format!("{name}: {problem}")),
    }
}

pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
