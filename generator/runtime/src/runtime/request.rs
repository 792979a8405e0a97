//! Requests, built from an operation's parameters and body.

use std::any::Any;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::runtime::auth::{Carrier, join};
use crate::runtime::body::BoxFuture;
use crate::runtime::check::{Check, Checker, Place, Violation};
use crate::runtime::client::{Client, Core};
use crate::runtime::download::Download;
use crate::runtime::error::{ApiFailure, Cause, Error, Mismatched};
use crate::runtime::exchange::{Opened, Prepared, Redirects, Reply};
use crate::runtime::json::{Mismatch, decode, decode_failure, decode_result};
use crate::runtime::multipart::Form;
use crate::runtime::operation::{Call, Envelope, Operation};
use crate::runtime::options::{CallOptions, set_headers};
use crate::runtime::param::{Param, comma_separated, push_encoded, push_pair, push_path};
use crate::runtime::reserved::is_reserved;
use crate::runtime::response::Response;
use crate::runtime::source::Payload;

/// Function that decodes the body of an error response. A body that is not as described is a value, too.
pub(crate) type ErrorDecoder = fn(StatusCode, &[u8]) -> DecodedError;

/// Decoded body of an error response, of a type that only generated code knows.
pub(crate) type DecodedError = Box<dyn Any + Send + Sync>;

/// Reason why a request cannot be sent, other than a [`Violation`].
pub(crate) enum Problem {
    /// There are no credentials for the operation.
    Credentials(String),
    Unbuildable(String),
}

/// The media type of JSON.
const JSON: &str = "application/json";

/// Request under construction. All its problems are reported together when it is sent.
pub(crate) struct Request<'c> {
    pub(crate) core: &'c Core,
    /// Base URL that the operation is sent to.
    pub(crate) base_url: &'c str,
    #[cfg(feature = "mock")]
    caller: Option<&'static std::panic::Location<'static>>,
    operation: &'static Operation,
    pub(crate) options: CallOptions,
    /// Name and encoded value.
    path: Vec<(&'static str, String)>,
    pub(crate) query: String,
    /// Origin and path of the URL to request instead of those of the operation.
    pub(crate) followed: Option<String>,
    /// Finds the target of a redirect that is followed.
    pub(crate) redirects: Option<Redirects>,
    cookies: String,
    headers: HeaderMap,
    /// Headers from parameters. Names that differ in case only are one header, with the values of all.
    parameters: HeaderMap,
    payload: Payload,
    violations: Vec<Violation>,
    problems: Vec<Problem>,
    checker: Checker,
}

impl<'c> Request<'c> {
    /// Creates a request of an operation.
    pub(crate) fn new(client: &'c Client, operation: &'static Operation, options: CallOptions) -> Self {
        let core = client.core();
        Self {
            core,
            base_url: &core.base_url,
            #[cfg(feature = "mock")]
            caller: client.caller(),
            operation,
            options,
            path: Vec::new(),
            query: String::new(),
            followed: None,
            redirects: None,
            cookies: String::new(),
            headers: with_room(&core.headers),
            parameters: HeaderMap::new(),
            payload: Payload::default(),
            violations: Vec::new(),
            problems: Vec::new(),
            checker: Checker::default(),
        }
    }

    /// Fills in a parameter of the path (style `simple`). It stays one segment whatever is in it, which an
    /// empty text and what stands for the same or the parent folder cannot do.
    pub(crate) fn path(&mut self, name: &'static str, value: &dyn Param) {
        let mut encoded = String::new();
        value.texts(&mut |text| {
            if !encoded.is_empty() {
                encoded.push(',');
            }
            push_encoded(&mut encoded, text);
        });
        self.push_path(name, encoded);
    }

    /// Fills in an encoded parameter of the path.
    pub(crate) fn push_path(&mut self, name: &'static str, encoded: String) {
        let found = match encoded.as_str() {
            "" => Some("an empty one"),
            "." | ".." => Some("a relative one"),
            _ => None,
        };
        if let Some(found) = found {
            self.violation(Violation::form(name, "a path segment", found));
        }
        self.path.push((name, encoded));
    }

    /// Adds a parameter to the query: once per text of the value (style `form`, exploded).
    pub(crate) fn query(&mut self, name: &str, value: &dyn Param) {
        value.texts(&mut |text| push_pair(&mut self.query, name, text));
    }

    /// Adds encoded pairs to the query.
    pub(crate) fn push_query(&mut self, pairs: &str) {
        join(&mut self.query, "&", pairs);
    }

    /// Adds a header (style `simple`).
    pub(crate) fn header(&mut self, name: &'static str, value: &dyn Param) {
        if let Some(text) = comma_separated(value) {
            self.push_header(name, &text);
        }
    }

    /// Adds a header with a text. A `Cookie` header joins the other cookies; other headers that belong to HTTP or to the
    /// client cannot be set.
    pub(crate) fn push_header(&mut self, name: &'static str, text: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(text)) {
            (Err(_), _) => self.problem(Problem::Unbuildable(format!("`{name}` is not a header name"))),
            (Ok(_), _) if is_reserved(name) => self.problem(Problem::Unbuildable(format!(
                "the header parameter `{name}` cannot be set: the client sets this header itself"
            ))),
            (Ok(COOKIE), Ok(_)) if text.is_empty() => {}
            (Ok(COOKIE), Ok(_)) => self.push_cookie(text),
            (Ok(name), Ok(value)) => drop(self.parameters.append(name, value)),
            (_, Err(_)) => {
                self.violation(Violation::form(name, "what a header can carry", "another character"));
            }
        }
    }

    /// Adds a cookie (style `form`).
    pub(crate) fn cookie(&mut self, name: &str, value: &dyn Param) {
        if let Some(text) = comma_separated(value) {
            let mut pair = String::new();
            push_pair(&mut pair, name, &text);
            self.push_cookie(&pair);
        }
    }

    /// Adds encoded cookies.
    pub(crate) fn push_cookie(&mut self, pairs: &str) {
        join(&mut self.cookies, "; ", pairs);
    }

    /// Sets the media types to ask for, where they are not `application/json` alone. A default header of the
    /// application wins.
    pub(crate) fn accept(&mut self, media_types: &'static str) {
        if !self.core.headers.contains_key(ACCEPT) {
            self.media_type(ACCEPT, media_types);
        }
    }

    /// Goes to the place of a parameter or of the body, for checks.
    pub(crate) fn check(&mut self, name: &str) -> Place<'_> {
        self.checker.at(name)
    }

    /// Checks the body.
    pub(crate) fn check_body(&mut self, body: &dyn Check) {
        body.check(&mut self.check("body"));
    }

    /// Sets a JSON body of the media type `application/json`.
    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, body: &T) {
        if let Some(json) = self.serialized(body) {
            self.payload = json;
            self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        }
    }

    /// Sets a JSON body of another media type, such as `application/merge-patch+json`.
    pub(crate) fn json_as<T: Serialize + ?Sized>(&mut self, media_type: &'static str, body: &T) {
        if let Some(json) = self.serialized(body) {
            self.set_payload(json, media_type);
        }
    }

    /// Sets a body of parts.
    pub(crate) fn multipart(&mut self, form: Form) {
        let (payload, media_type, problems) = form.finish();
        self.violations(problems);
        self.set_payload(payload, &media_type);
    }

    /// Sends the request and decodes the JSON of the response.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send<T: DeserializeOwned>(
        self,
        error_body: ErrorDecoder,
    ) -> Result<Response<T>, Error> {
        self.exchange().await?.succeeded(error_body)?.decoded()
    }

    /// Sends the request and decodes the result in the envelope of the response.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_result<T: DeserializeOwned>(
        self,
        error_body: ErrorDecoder,
    ) -> Result<Response<T>, Error> {
        let reply = self.exchange().await?.succeeded(error_body)?;
        let Envelope { result, failure } = reply.call.operation.envelope.unwrap_or_default();
        match decode_result(&reply.body, result.unwrap_or_default(), failure) {
            Ok(Some(result)) => Ok(reply.with(result)),
            Ok(None) => Err(reply.refused(error_body)),
            // A failure may have a result of another type, or none.
            Err(mismatch) => Err(reply.checked(error_body)?.mismatched(mismatch)),
        }
    }

    /// Sends the request and decodes the JSON of the response, which can report a failure with the status of a success.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_checked<T: DeserializeOwned>(
        self,
        error_body: ErrorDecoder,
    ) -> Result<Response<T>, Error> {
        self.exchange().await?.succeeded(error_body)?.checked(error_body)?.decoded()
    }

    /// Sends the request and decodes the envelope of the response, in which there is no result.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_unit(self, error_body: ErrorDecoder) -> Result<Response<()>, Error> {
        let reply = self.exchange().await?.succeeded(error_body)?;
        let envelope = reply.call.operation.envelope.unwrap_or_default();
        match decode_failure(&reply.body, envelope.failure) {
            Ok(false) => Ok(reply.with(())),
            Ok(true) => Err(reply.refused(error_body)),
            Err(mismatch) => Err(reply.mismatched(mismatch)),
        }
    }

    /// Sends the request. The response has no content; other content is skipped.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_empty(self, error_body: ErrorDecoder) -> Result<Response<()>, Error> {
        Ok(self.exchange().await?.succeeded(error_body)?.with(()))
    }

    /// Sends the request. The body of the response is a file, which is read piece by piece.
    ///
    /// # Errors
    /// See [`Error`].
    pub(crate) async fn send_download(self, error_body: ErrorDecoder) -> Result<Response<Download>, Error> {
        let Opened { call, head, body, limit, room } = match self.open().await? {
            Ok(opened) => opened,
            Err(reply) => return Err(reply.refused(error_body)),
        };
        let about = (call.attempts, call.dialect);
        let download = Download::new(body, call, &head, limit, room);
        Ok(Response::new(download, head.status, head.headers, about))
    }

    pub(crate) fn open(self) -> BoxFuture<'c, Result<Result<Opened, Reply>, Error>> {
        let core = self.core;
        Box::pin(async move { self.prepare()?.open(core).await })
    }

    /// Sends the request. The future is boxed: those of the operations stay small, and their code short.
    pub(crate) fn exchange(self) -> BoxFuture<'c, Result<Reply, Error>> {
        let core = self.core;
        Box::pin(async move { self.prepare()?.exchange(core).await })
    }

    pub(crate) fn prepare(mut self) -> Result<Prepared, Error> {
        if self.options.checks(self.core.check_constraints) {
            let violations = std::mem::take(&mut self.checker).into_violations();
            self.violations(violations);
        }
        let path = self.filled_path();
        // The argument of a call goes before a default of the client.
        self.headers.extend(std::mem::take(&mut self.parameters));
        let mut provider = None;
        let carrier = Carrier {
            headers: &mut self.headers,
            query: &mut self.query,
            cookies: &mut self.cookies,
            provider: &mut provider,
        };
        if let Err(advice) = self.core.credentials.apply(self.operation.security, carrier) {
            self.problem(Problem::Credentials(advice));
        }
        self.add_cookies();
        self.add_empty_length();
        let has_key = self.add_idempotency_key();
        #[cfg(feature = "tracing")]
        self.core.trace_parent.add(&mut self.headers);
        if let Err(problem) = set_headers(&mut self.headers, self.options.extra_headers()) {
            self.problem(Problem::Unbuildable(problem));
        }
        // What the call says of it goes before what the client has.
        if self.options.extra_headers().iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            provider = None;
        }
        let uri = self.uri(&path);
        let lane = self.core.parallel.as_ref().and_then(|parallel| parallel.value(&self.path));
        let call = Call {
            operation: self.operation,
            dialect: self.core.dialect,
            path,
            attempts: 0,
            is_idempotent: self.options.is_idempotent() || has_key,
            no_retry: None,
            #[cfg(feature = "mock")]
            caller: self.caller,
        };
        match uri {
            Some(uri) if self.problems.is_empty() && self.violations.is_empty() => Ok(Prepared {
                call,
                uri,
                redirects: self.redirects,
                headers: self.headers,
                payload: self.payload,
                lane: lane.map(str::to_owned),
                provider,
                token: None,
                limits: self.options.limits(self.core.limits),
            }),
            _ => Err(Error::new(call, unsendable(self.violations, self.problems))),
        }
    }

    /// Returns the path with its parameters, as far as they are known.
    pub(crate) fn filled_path(&mut self) -> String {
        let mut path = String::with_capacity(self.operation.path.len() + 32);
        let mut rest = self.operation.path;
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            push_path(&mut path, before);
            if let Some((_, value)) = self.path.iter().find(|(known, _)| *known == name) {
                path.push_str(value);
            } else {
                self.problem(Problem::Unbuildable(format!("the path parameter `{name}` is missing")));
            }
            rest = after;
        }
        push_path(&mut path, rest);
        path
    }

    /// Adds the cookies to those that the client always sends.
    fn add_cookies(&mut self) {
        if self.cookies.is_empty() {
            return;
        }
        let mut cookies = self.headers.get(COOKIE).map_or_else(Vec::new, |own| own.as_bytes().to_vec());
        if !cookies.is_empty() {
            cookies.extend_from_slice(b"; ");
        }
        cookies.extend_from_slice(self.cookies.as_bytes());
        match HeaderValue::from_bytes(&cookies) {
            Ok(mut cookies) => {
                cookies.set_sensitive(true);
                self.headers.insert(COOKIE, cookies);
            }
            Err(_) => self.problem(Problem::Unbuildable("the name of a cookie cannot be sent".to_owned())),
        }
    }

    /// States the absence of a body where a body is usual (RFC 9110, section 8.6): some servers require that.
    fn add_empty_length(&mut self) {
        let usual = [Method::POST, Method::PUT, Method::PATCH].contains(&self.operation.method);
        if usual && self.payload.is_empty() {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }

    /// Adds the idempotency key: the caller's or a new one. Returns `true` if the operation takes a key.
    fn add_idempotency_key(&mut self) -> bool {
        let own = self.options.own_idempotency_key();
        let Some(header) = self.operation.idempotency_key else {
            if own.is_some() {
                self.problem(Problem::Unbuildable("the operation takes no idempotency key".to_owned()));
            }
            return false;
        };
        let key = own.map_or_else(|| self.core.idempotency_keys.mint(), str::to_owned);
        let is_empty = key.trim().is_empty();
        if is_empty {
            self.problem(Problem::Unbuildable("the idempotency key is empty".to_owned()));
        } else if let Err(problem) = set_headers(&mut self.headers, &[(header.to_owned(), key)]) {
            self.problem(Problem::Unbuildable(problem));
        }
        true
    }

    /// Returns the whole URI, or `None` if it is too long.
    fn uri(&mut self, path: &str) -> Option<Uri> {
        let mut uri = self.followed.take().unwrap_or_else(|| format!("{}{path}", self.base_url));
        join_query(&mut uri, &self.query);
        let length = uri.len();
        // The problem does not quote it: a key may be in the query.
        match Uri::try_from(uri) {
            Ok(uri) => Some(uri),
            Err(error) => {
                let problem = format!("its URL, {length} bytes long, cannot be: {error}");
                self.problem(Problem::Unbuildable(problem));
                None
            }
        }
    }

    /// Serializes a body. A value that JSON cannot express is a violation.
    fn serialized<T: Serialize + ?Sized>(&mut self, body: &T) -> Option<Payload> {
        match serde_json::to_vec(body) {
            Ok(json) => Some(Payload::of_bytes(json)),
            Err(error) => {
                self.violation(Violation::unserializable("body", &error));
                None
            }
        }
    }

    /// Sets the body.
    pub(crate) fn set_payload(&mut self, payload: Payload, media_type: &str) {
        self.payload = payload;
        self.media_type(CONTENT_TYPE, media_type);
    }

    fn media_type(&mut self, header: HeaderName, media_type: &str) {
        match HeaderValue::from_str(media_type) {
            Ok(media_type) => drop(self.headers.insert(header, media_type)),
            Err(_) => {
                let problem = format!("`{}` is not a media type", media_type.escape_debug());
                self.problem(Problem::Unbuildable(problem));
            }
        }
    }

    pub(crate) fn violations(&mut self, violations: Vec<Violation>) {
        self.violations.extend(violations);
    }

    pub(crate) fn violation(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

/// Returns a copy with room for the headers of most requests. It asks for JSON unless the client's headers ask for
/// something.
fn with_room(headers: &HeaderMap) -> HeaderMap {
    const ROOM: usize = 5;
    let mut copy = HeaderMap::with_capacity(headers.len() + ROOM);
    if !headers.contains_key(ACCEPT) {
        copy.insert(ACCEPT, HeaderValue::from_static(JSON));
    }
    for (name, value) in headers {
        copy.append(name, value.clone());
    }
    copy
}

fn join_query(uri: &mut String, query: &str) {
    if !query.is_empty() {
        uri.push('?');
        uri.push_str(query);
    }
}

/// Returns the cause of a request that cannot be sent. Only missing credentials that are the sole problem have a kind of
/// their own.
fn unsendable(violations: Vec<Violation>, mut problems: Vec<Problem>) -> Cause {
    if let (true, [Problem::Credentials(advice)]) = (violations.is_empty(), problems.as_mut_slice()) {
        return Cause::Credentials(std::mem::take(advice));
    }
    let texts = problems.into_iter().map(|problem| match problem {
        Problem::Credentials(text) | Problem::Unbuildable(text) => text,
    });
    Cause::Invalid(violations, texts.collect())
}

impl Reply {
    pub(crate) fn succeeded(self, error_body: ErrorDecoder) -> Result<Self, Error> {
        if self.status.is_success() { Ok(self) } else { Err(self.refused(error_body)) }
    }

    /// Refuses a response whose body reports a failure.
    fn checked(self, error_body: ErrorDecoder) -> Result<Self, Error> {
        let envelope = self.call.operation.envelope.unwrap_or_default();
        let is_failure = decode_failure(&self.body, envelope.failure).unwrap_or_default();
        if is_failure { Err(self.refused(error_body)) } else { Ok(self) }
    }

    fn decoded<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        match decode(&self.body) {
            Ok(value) => Ok(self.with(value)),
            Err(mismatch) => Err(self.mismatched(mismatch)),
        }
    }

    pub(crate) fn with<T>(self, value: T) -> Response<T> {
        Response::new(value, self.status, self.headers, (self.call.attempts, self.call.dialect))
    }

    #[cold]
    pub(crate) fn refused(self, error_body: ErrorDecoder) -> Error {
        let body = error_body(self.status, &self.body);
        let failure = ApiFailure::new(&self.call, (self.status, self.headers), &self.body, body);
        Error::new(self.call, Cause::Api(failure))
    }

    #[cold]
    pub(crate) fn mismatched(self, mismatch: Mismatch) -> Error {
        let mismatch = Mismatched::new((self.status, self.headers), &self.body, mismatch);
        Error::new(self.call, Cause::Decode(mismatch))
    }
}
