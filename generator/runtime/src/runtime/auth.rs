//! Credentials: kept out of sight, and sent only as the description asks.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use zeroize::Zeroizing;

use crate::runtime::body::{BoxError, BoxFuture};
use crate::runtime::param::push_pair;
use crate::runtime::reserved::is_reserved;

/// A key, token or password. Nothing prints it, and its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

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

/// Gives the token for each call, for tokens that do not last: from a cache of its own, or a service.
pub trait TokenProvider: Send + Sync + 'static {
    /// A token. If the server has `refused` one (401), another one: the request is sent once more with it. Calls in
    /// parallel may all come back with the same refused token, so that only the first of them needs a new one:
    /// compare it with the one at hand.
    ///
    /// # Errors
    /// There is none. The call fails without being sent, and its error has what this one says; if the last token was
    /// `refused`, the call ends with that refusal.
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret, BoxError>>;
}

/// The header of a token.
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, &'static str> {
    if token.0.is_empty() { Err(EMPTY) } else { sensitive(&format!("Bearer {}", *token.0)) }
}

const EMPTY: &str = "the credential is empty";

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// One of the description's `securitySchemes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct SecurityScheme {
    /// Its name in the description.
    pub name: &'static str,
    /// The method of the client's builder that takes its credential.
    pub setter: &'static str,
    /// How its credential is sent.
    pub kind: SecurityKind,
}

/// How a credential is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum SecurityKind {
    /// `Authorization: Bearer …`, which OAuth 2 and OpenID Connect use too.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// In the header of this name.
    ApiKeyHeader(&'static str),
    /// In the query parameter of this name.
    ApiKeyQuery(&'static str),
    /// In the cookie of this name.
    ApiKeyCookie(&'static str),
}

/// What the client's builder was given for a scheme.
#[derive(Clone)]
pub(crate) enum Credential {
    Key(Secret),
    Login(String, Secret),
    Provider(Arc<dyn TokenProvider>),
}

/// The client's credentials, ready to be sent.
#[derive(Default)]
pub(crate) struct Credentials {
    ready: Vec<(SecurityScheme, Ready)>,
    /// `true` if requests can do without those that are missing.
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

/// Where credentials go.
pub(crate) struct Carrier<'r> {
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) query: &'r mut String,
    pub(crate) cookies: &'r mut String,
    pub(crate) provider: &'r mut Option<Arc<dyn TokenProvider>>,
}

impl Credentials {
    /// Makes a credential ready. The error says what is wrong with it, not what it is.
    pub(crate) fn insert(&mut self, scheme: SecurityScheme, credential: &Credential) -> Result<(), String> {
        let ready =
            make_ready(scheme.kind, credential).map_err(|problem| format!("{}: {problem}", scheme.setter))?;
        self.ready.retain(|(other, _)| other.name != scheme.name);
        self.ready.push((scheme, ready));
        Ok(())
    }

    /// Lets requests do without credentials that are missing.
    #[cfg(feature = "mock")]
    pub(crate) fn make_optional(&mut self) {
        self.are_optional = true;
    }

    /// Adds the credentials of one alternative, and of no other: the first whose credentials are all here.
    /// That nothing is needed counts only if nothing is here.
    ///
    /// The error says what to call to have enough of them.
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

/// Names the schemes only.
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

/// RFC 6265, section 4.1.1.
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}
