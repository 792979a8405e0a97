//! Credentials: never shown, and sent only as the description declares.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use zeroize::Zeroizing;

use crate::runtime::body::{BoxError, BoxFuture};
use crate::runtime::param::push_pair;
use crate::runtime::reserved::is_reserved;

/// API key, token or password. It is never printed, and its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the bytes, as a key.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(Zeroizing::new(secret.to_owned()))
    }
}

/// Provider of short-lived tokens.
pub trait TokenProvider: Send + Sync + 'static {
    /// Returns a token. If the server responded to the `refused` token with 401, returns another one; the request is
    /// then retried once with it. Concurrent calls may all have the same refused token, so compare it with the
    /// current one before requesting a new one.
    ///
    /// # Errors
    /// There is no token. The call then fails without being sent. After a refused token, the call fails with the
    /// refusal.
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>>;
}

/// Returns the header with a token.
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, &'static str> {
    if token.0.is_empty() { Err(EMPTY) } else { sensitive(&format!("Bearer {}", *token.0)) }
}

const EMPTY: &str = "the credential is empty";

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Security scheme of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct SecurityScheme {
    /// Name in the description.
    pub name: &'static str,
    /// Method of the client's builder that takes the credential.
    pub setter: &'static str,
    /// Place of the credential in a request.
    pub kind: SecurityKind,
}

/// Place of a credential in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum SecurityKind {
    /// `Authorization: Bearer …`, which OAuth 2 and OpenID Connect use too.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// `Authorization` with another scheme, before the credential as it is given.
    Scheme(&'static str),
    /// Header with this name.
    ApiKeyHeader(&'static str),
    /// Query parameter with this name.
    ApiKeyQuery(&'static str),
    /// Cookie with this name.
    ApiKeyCookie(&'static str),
}

/// Credential as given to the client's builder.
#[derive(Clone)]
pub(crate) enum Credential {
    Key(Secret),
    Login(String, Secret),
    Provider(Arc<dyn TokenProvider>),
}

/// Credentials of a client, ready to be sent.
#[derive(Default)]
pub(crate) struct Credentials {
    ready: Vec<(SecurityScheme, Ready)>,
    /// `true` if requests may be sent without missing credentials.
    #[cfg(feature = "mock")]
    are_optional: bool,
}

enum Ready {
    Provider(Arc<dyn TokenProvider>),
    Header(HeaderName, HeaderValue),
    /// Encoded, name included.
    Query(String),
    /// Name included.
    Cookie(String),
}

/// Parts of a request that take credentials.
pub(crate) struct Carrier<'r> {
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) query: &'r mut String,
    pub(crate) cookies: &'r mut String,
    pub(crate) provider: &'r mut Option<Arc<dyn TokenProvider>>,
}

impl Credentials {
    /// Prepares a credential. The error names the problem without the credential.
    pub(crate) fn insert(&mut self, scheme: SecurityScheme, credential: &Credential) -> Result<(), String> {
        let ready =
            make_ready(scheme.kind, credential).map_err(|problem| format!("{}: {problem}", scheme.setter))?;
        self.ready.retain(|(other, _)| other.name != scheme.name);
        self.ready.push((scheme, ready));
        Ok(())
    }

    /// Allows requests without missing credentials.
    #[cfg(feature = "mock")]
    pub(crate) fn make_optional(&mut self) {
        self.are_optional = true;
    }

    /// Adds the credentials of one alternative: the first one whose credentials the client has. An alternative
    /// without credentials is used only if there is no other.
    ///
    /// The error names the methods that set missing credentials.
    pub(crate) fn apply(&self, security: &[&[SecurityScheme]], carrier: Carrier<'_>) -> Result<(), String> {
        let known =
            |alternative: &&&[SecurityScheme]| alternative.iter().all(|scheme| self.find(scheme).is_some());
        match security.iter().filter(|alternative| !alternative.is_empty()).find(known) {
            Some(alternative) => {
                alternative.iter().filter_map(|scheme| self.find(scheme)).fold(carrier, Ready::add_to);
                Ok(())
            }
            None if security.is_empty() || security.iter().any(|alternative| alternative.is_empty()) => {
                Ok(())
            }
            #[cfg(feature = "mock")]
            None if self.are_optional => Ok(()),
            None => Err(advice(security)),
        }
    }

    fn find(&self, scheme: &SecurityScheme) -> Option<&Ready> {
        self.ready.iter().find(|(known, _)| known.name == scheme.name).map(|(_, ready)| ready)
    }
}

/// Shows the names of the schemes only.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ready.iter().map(|(scheme, _)| scheme.name)).finish()
    }
}

impl Ready {
    fn add_to<'r>(carrier: Carrier<'r>, ready: &Self) -> Carrier<'r> {
        match ready {
            Self::Provider(provider) => *carrier.provider = Some(Arc::clone(provider)),
            Self::Header(name, value) => {
                carrier.headers.insert(name, value.clone());
            }
            Self::Query(pair) => join(carrier.query, "&", pair),
            Self::Cookie(pair) => join(carrier.cookies, "; ", pair),
        }
        carrier
    }
}

/// Appends an item to a list.
pub(crate) fn join(list: &mut String, separator: &str, item: &str) {
    if !list.is_empty() {
        list.push_str(separator);
    }
    list.push_str(item);
}

fn advice(security: &[&[SecurityScheme]]) -> String {
    let alternatives = security.iter().map(|alternative| {
        let setters = alternative.iter().map(|scheme| format!("`{}`", scheme.setter));
        setters.collect::<Vec<_>>().join(" and ")
    });
    let calls = alternatives.collect::<Vec<_>>().join(", or ");
    format!("it needs credentials: call {calls} on the client's builder")
}

fn make_ready(kind: SecurityKind, credential: &Credential) -> Result<Ready, &'static str> {
    let secret = match (kind, credential) {
        (SecurityKind::Basic, Credential::Login(username, password)) => {
            if username.contains(':') {
                return Err("a user name for basic authentication cannot have a colon");
            }
            let login = Zeroizing::new(format!("{username}:{}", *password.0));
            return authorization("Basic", &BASE64_STANDARD.encode(&*login));
        }
        (SecurityKind::Bearer, Credential::Provider(provider)) => {
            return Ok(Ready::Provider(Arc::clone(provider)));
        }
        (_, Credential::Provider(_)) => return Err("only a token can come from a provider"),
        (SecurityKind::Basic, Credential::Key(_)) => {
            return Err("basic authentication takes a user name and a password");
        }
        (_, Credential::Login(..)) => return Err("only basic authentication takes a user name"),
        (_, Credential::Key(secret)) => secret.0.as_str(),
    };
    if secret.is_empty() {
        return Err(EMPTY);
    }
    match kind {
        SecurityKind::Bearer | SecurityKind::Basic => authorization("Bearer", secret),
        SecurityKind::Scheme(scheme) => authorization(scheme, secret),
        SecurityKind::ApiKeyHeader(name) => {
            let name =
                HeaderName::try_from(name).map_err(|_| "the description names a header that cannot be")?;
            make_ready_header(name, secret)
        }
        SecurityKind::ApiKeyQuery(name) => {
            let mut pair = String::new();
            push_pair(&mut pair, name, secret);
            Ok(Ready::Query(pair))
        }
        SecurityKind::ApiKeyCookie(name) if secret.bytes().all(is_cookie_octet) => {
            Ok(Ready::Cookie(format!("{name}={secret}")))
        }
        SecurityKind::ApiKeyCookie(_) => Err("the credential has a character that no cookie can carry"),
    }
}

/// Cookies join the other cookies; the headers that hold a message together are no place for a key.
fn make_ready_header(name: HeaderName, secret: &str) -> Result<Ready, &'static str> {
    let value = sensitive(secret)?;
    match name {
        COOKIE => Ok(Ready::Cookie(secret.to_owned())),
        AUTHORIZATION => Ok(Ready::Header(name, value)),
        name if is_reserved(name.as_str()) => Err("the description names a header that belongs to HTTP"),
        name => Ok(Ready::Header(name, value)),
    }
}

fn authorization(scheme: &str, value: &str) -> Result<Ready, &'static str> {
    Ok(Ready::Header(AUTHORIZATION, sensitive(&format!("{scheme} {value}"))?))
}

fn sensitive(value: &str) -> Result<HeaderValue, &'static str> {
    const PROBLEM: &str =
        "the credential has a character other than visible ASCII (a line break at its end?)";
    // A header can carry more, but in a key or a token it is a slip of the clipboard.
    if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(PROBLEM);
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| PROBLEM)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Returns `true` for a value that a cookie can carry (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
