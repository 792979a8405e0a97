//! Operations and what they are made of.

use std::fmt;

use crate::diagnostic::Location;
use crate::ir::{Docs, Example, FailureMarker, Schema, Server, Type};

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId` or, without one, method and path.
    pub id: String,
    /// The name in Rust that replaces the derived one (`x-rust-name`).
    pub alias: Option<String>,
    /// HTTP method, in upper case.
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// Names and values of the query that the path itself has.
    pub query: Vec<(String, String)>,
    /// The prose in the description.
    pub docs: Docs,
    /// `true` if deprecated.
    pub deprecated: bool,
    /// Its tags.
    pub tags: Vec<String>,
    /// The parameters, those of the path item included, in the order of the description.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<RequestBody>,
    /// The responses, in the order of the description.
    pub responses: Vec<Response>,
    /// The alternatives of credentials; none means that the operation is public.
    pub security: Vec<SecurityRequirement>,
    /// Servers of its own.
    pub servers: Vec<Server>,
    /// Envelope around the result of a call.
    pub envelope: Option<Envelope>,
    /// Pages of the list that it returns, if it comes in pages.
    pub paging: Option<PagingHint>,
    /// The effect of sending the request twice.
    pub safety: Safety,
    /// Header of an idempotency key, if the operation takes one.
    pub idempotency_key: Option<String>,
    /// Signature of the requests, of a webhook.
    pub signature: Option<Signature>,
    /// Limit of calls in a period.
    pub rate_limit: Option<RateLimit>,
    /// The date of removal, and the replacement.
    pub deprecation: Option<Deprecation>,
    /// Scopes of a key that allow it.
    pub scopes: Vec<String>,
    /// The place in the description.
    pub source: Location,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "so it is in the specification")]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// The name in Rust that replaces the derived one (`x-rust-name`).
    pub alias: Option<String>,
    /// The part of the request that has the parameter.
    pub place: ParameterPlace,
    /// `true` if a call needs a value.
    pub required: bool,
    /// `true` if deprecated.
    pub deprecated: bool,
    /// Name of the parameter to use instead (`x-replacement`).
    pub replacement: Option<String>,
    /// The prose in the description.
    pub docs: Docs,
    /// Its type.
    pub schema: Schema,
    /// The serialization of the value.
    pub style: ParameterStyle,
    /// `true` if each element of a list or an object is sent separately.
    pub explode: bool,
    /// `true` if reserved characters are not percent-encoded.
    pub allow_reserved: bool,
    /// `true` if the parameter may be sent without a value.
    pub allow_empty: bool,
    /// The media type, for a parameter with `content` instead of a style.
    pub media_type: Option<String>,
    /// The place in the description.
    pub source: Location,
}

/// The part of a request that has a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

impl ParameterPlace {
    /// Returns the word of the specification.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The serialization of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the words of the specification")]
pub enum ParameterStyle {
    Matrix,
    Label,
    Form,
    Simple,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// `true` if a call needs a value.
    pub required: bool,
    /// The prose in the description.
    pub docs: Docs,
    /// The contents by media type, in the order of the description.
    pub contents: Vec<Content>,
    /// The place in the description.
    pub source: Location,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type or range.
    pub media_type: String,
    /// Its type; none means any bytes.
    pub schema: Option<Schema>,
    /// The encodings of parts of a form, by property.
    pub encodings: Vec<Encoding>,
    /// Values to show.
    pub examples: Vec<Example>,
    /// Data of the item after the last one, of a stream (`x-stream-terminator`).
    pub terminator: Option<String>,
    /// The place in the description.
    pub source: Location,
}

/// Format of the items of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// Server-sent events.
    Events,
    /// JSON on each line.
    Lines,
    /// JSON texts of RFC 7464.
    Texts,
}

impl Sequence {
    /// Returns the format of the items that a media type stands for.
    pub fn of(media_type: &str) -> Option<Self> {
        match essence(media_type).as_str() {
            "text/event-stream" => Some(Self::Events),
            "application/jsonl"
            | "application/jsonlines"
            | "application/json-lines"
            | "application/ndjson"
            | "application/x-jsonlines"
            | "application/x-ndjson" => Some(Self::Lines),
            "application/json-seq" => Some(Self::Texts),
            essence if essence.ends_with("+json-seq") => Some(Self::Texts),
            _ => None,
        }
    }
}

impl Operation {
    /// Returns the success that is a stream, with its content: the first one.
    pub fn stream(&self) -> Option<(&Response, &Content)> {
        self.successes().find_map(|response| Some((response, response.stream()?)))
    }

    /// Lists the responses that describe a success: those with a status of 2XX. Without any, redirects describe it or,
    /// without these, the response to all other statuses.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        let describes = self.success_statuses();
        self.responses.iter().filter(move |response| describes(response.status))
    }

    /// Lists the responses that describe failures. The response to all other statuses can describe both.
    pub fn failures(&self) -> impl Iterator<Item = &Response> {
        let describes = self.success_statuses();
        let is_failure = move |status| status == StatusPattern::Default || !describes(status);
        self.responses.iter().filter(move |response| is_failure(response.status))
    }

    fn success_statuses(&self) -> fn(StatusPattern) -> bool {
        let kinds: [fn(StatusPattern) -> bool; 2] = [StatusPattern::is_success, StatusPattern::is_redirect];
        let declares =
            |kind: &fn(StatusPattern) -> bool| self.responses.iter().any(|response| kind(response.status));
        kinds.into_iter().find(declares).unwrap_or(|status| status == StatusPattern::Default)
    }

    /// Returns the schema of the JSON that a call that succeeds returns, if it returns JSON.
    pub fn json_reply(&self) -> Option<&Schema> {
        self.successes().next()?.json()
    }
}

impl Parameter {
    /// Returns `true` if another parameter has the same name and place.
    pub fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.place == other.place
    }
}

impl Content {
    /// Returns the JSON of several contents, which is preferred where there is a choice; of several kinds of JSON, the
    /// plain one is.
    pub fn json(contents: &[Self]) -> Option<&Self> {
        let plain = contents.iter().find(|content| content.essence() == "application/json");
        plain.or_else(|| contents.iter().find(|content| content.is_json()))
    }

    /// Returns `true` for JSON, by whatever name. A range of media types means JSON if it has a schema that is not the
    /// content of a file.
    pub fn is_json(&self) -> bool {
        let essence = self.essence();
        let is_value = self.schema.as_ref().is_some_and(|schema| !matches!(schema.ty, Type::Binary));
        match essence.as_str() {
            "application/json" | "text/json" => true,
            "*/*" | "application/*" => is_value,
            essence => essence.ends_with("+json"),
        }
    }

    /// Returns `true` for text that is read as a whole: text of any kind but streams of events, and XML.
    pub fn is_text(&self) -> bool {
        let essence = self.essence();
        let is_file = self.schema.as_ref().is_some_and(|schema| matches!(schema.ty, Type::Binary));
        let is_xml = essence == "application/xml" || essence.ends_with("+xml");
        let is_text = essence.starts_with("text/") && essence != "text/event-stream";
        !is_file && !self.is_json() && (is_text || is_xml) && !essence.starts_with("image/")
    }

    /// Returns `true` for bytes without a structure: those of a media type other than JSON and text, whose schema
    /// describes no value.
    pub fn is_file(&self) -> bool {
        let is_bytes = self
            .schema
            .as_ref()
            .is_none_or(|schema| matches!(schema.ty, Type::Binary | Type::String | Type::Any));
        !self.is_json() && !self.is_text() && is_bytes
    }

    /// Returns the format of the items, if the content is a stream. A schema of bytes keeps it a file.
    pub fn sequence(&self) -> Option<Sequence> {
        if self.schema.as_ref().is_some_and(|schema| matches!(schema.ty, Type::Binary)) {
            return None;
        }
        Sequence::of(&self.media_type)
    }

    /// Returns the schema of the items of a stream: the elements of a list, which is the whole stream, or the schema.
    pub fn item(&self) -> Option<&Schema> {
        match &self.schema.as_ref()?.ty {
            Type::Array(items) => Some(items),
            _ => self.schema.as_ref(),
        }
    }

    /// Returns the media type to send or ask for: the plain one of JSON, for a range.
    pub fn json_media_type(&self) -> String {
        let essence = self.essence();
        if essence.contains('*') { "application/json".to_owned() } else { essence }
    }

    /// Returns `true` for a form of several parts.
    pub fn is_multipart(&self) -> bool {
        self.essence() == "multipart/form-data"
    }

    /// Returns the media type without its parameters, in lower case.
    pub fn essence(&self) -> String {
        essence(&self.media_type)
    }
}

/// Returns a media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

impl Response {
    /// Returns the schema of its JSON, if it has JSON. Content of other media types is given as bytes or text.
    pub fn json(&self) -> Option<&Schema> {
        Content::json(&self.contents)?.schema.as_ref()
    }

    /// Returns its content that is a stream: the first one.
    pub fn stream(&self) -> Option<&Content> {
        self.contents.iter().find(|content| content.sequence().is_some())
    }

    /// Lists the schemas of its contents.
    pub fn schemas_mut(&mut self) -> impl Iterator<Item = &mut Schema> {
        self.contents.iter_mut().filter_map(|content| content.schema.as_mut())
    }
}

/// The encoding of one part of a form.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// The media type of the part.
    pub media_type: Option<String>,
    /// The serialization of the value, if the description states one.
    pub style: Option<ParameterStyle>,
    /// `true` if each element of a list or an object is sent separately, if the description says so.
    pub explode: Option<bool>,
    /// `true` if reserved characters are not percent-encoded.
    pub allow_reserved: Option<bool>,
    /// Headers of the part.
    pub headers: Vec<Header>,
    /// The place in the description.
    pub source: Location,
}

/// The statuses of a response: one, a class, or all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusPattern {
    /// One status.
    Code(u16),
    /// A hundred of them: `4XX`.
    Range(u8),
    /// Every status not named otherwise.
    Default,
}

impl StatusPattern {
    /// Returns `true` if all statuses of the pattern are successes.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// Returns `true` if all statuses of the pattern name another place. `304 Not Modified` names none.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Code(300..=303 | 305..=399) | Self::Range(3))
    }

    /// Returns `true` if all statuses of the pattern are informational: another response follows.
    pub fn is_informational(self) -> bool {
        matches!(self, Self::Code(100..=199) | Self::Range(1))
    }

    /// Returns `true` if no response with the status has content (RFC 9110, section 6.4.1).
    pub fn has_no_content(self) -> bool {
        matches!(self, Self::Code(204 | 205 | 304))
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A response of the server.
#[derive(Clone, Debug)]
pub struct Response {
    /// The statuses.
    pub status: StatusPattern,
    /// The prose in the description.
    pub docs: Docs,
    /// Declared headers.
    pub headers: Vec<Header>,
    /// Contents by media type, in the order of the description; none for HEAD, whatever is declared.
    pub contents: Vec<Content>,
    /// Links to other operations, by name: they are known of, and not lowered.
    pub links: Vec<String>,
    /// The place in the description.
    pub source: Location,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// `true` if the header is always sent.
    pub required: bool,
    /// The prose in the description.
    pub docs: Docs,
    /// Its type.
    pub schema: Option<Schema>,
    /// The place in the description.
    pub source: Location,
}

/// Schemes that are used together, each with the scopes it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRequirement {
    /// Scheme and scopes.
    pub schemes: Vec<(String, Vec<String>)>,
    /// The place in the description.
    pub source: Location,
}

/// Envelope around the result of a call: an object that reports success or failure beside the result.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The property with the result; `None` if the whole response is the result, or if there is no result.
    pub result: Option<String>,
    /// The value of a property that makes a response a failure.
    pub failure: Option<FailureMarker>,
    /// The type that the envelope is.
    pub source: Location,
}

/// Pages of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagingHint {
    /// The way from one page to the next.
    pub turn: PageTurn,
    /// Property of the response with the items, a name with dots in between; empty if the response is the list.
    pub items: String,
    /// `true` if the description says so (`x-pagination`), instead of a convention.
    pub is_stated: bool,
}

/// The way from one page to the next. Names of properties have dots in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageTurn {
    /// A token of the response is given to a parameter of the query, or to a property of the body.
    Token {
        /// The parameter or the property.
        parameter: String,
        /// Property of the response with the token.
        next: String,
    },
    /// A parameter has the number of the page.
    Page(String),
    /// A parameter has the number of items before the page.
    Offset(String),
    /// A property of the response has the URL of the next page.
    Url(String),
    /// The header `Link` of the response has the URL of the next page (RFC 8288).
    Link,
}

impl PagingHint {
    /// Lists the names of properties of the response.
    pub fn properties_mut(&mut self) -> Vec<&mut String> {
        let next = match &mut self.turn {
            PageTurn::Token { next, .. } | PageTurn::Url(next) => Some(next),
            PageTurn::Page(_) | PageTurn::Offset(_) | PageTurn::Link => None,
        };
        next.into_iter().chain([&mut self.items]).collect()
    }
}

/// Effect of processing a request twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Safety {
    /// Read-only: the request has no effect.
    ReadOnly,
    /// Idempotent: the effect is that of processing the request once.
    Idempotent,
    /// Not idempotent, or unknown.
    #[default]
    Unsafe,
}

/// The declared limit for calls of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of calls.
    pub requests: u64,
    /// In how many seconds.
    pub seconds: u64,
}

/// Announced end of an operation. Dates are as the description has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecation {
    /// From when it is served with less.
    pub degradation: Option<String>,
    /// From when it is not served.
    pub shutdown: Option<String>,
    /// Identifier of the operation to use instead.
    pub replacement: Option<String>,
}

/// Signature of the requests of a webhook: HMAC with SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The header that has the signature.
    pub header: String,
    /// Text before the signature.
    pub prefix: String,
    /// The encoding of the signature.
    pub encoding: SignatureEncoding,
    /// The text that is signed.
    pub signed: Vec<SignedPart>,
    /// The time of the request, if it is signed too.
    pub timestamp: Option<SignatureTime>,
}

/// The encoding of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Hexadecimal digits.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// A part of the text that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedPart {
    /// Text as it is.
    Text(String),
    /// The time of the request, as its header has it.
    Timestamp,
    /// The body of the request.
    Body,
}

/// The time of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureTime {
    /// The header that has the time, in seconds since 1970.
    pub header: String,
    /// The greatest distance from the present, in seconds.
    pub tolerance: u64,
}
