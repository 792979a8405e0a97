//! Operations and what they are made of.

use std::fmt;

use crate::diagnostic::Location;
use crate::ir::{Docs, Schema, Server, TypeId};

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId` or, without one, method and path.
    pub id: String,
    /// What it is to be called in Rust instead (`x-rust-name`).
    pub alias: Option<String>,
    /// Name of the method on the client, and of the module.
    pub method_name: String,
    /// Name of the call's type.
    pub type_name: String,
    /// HTTP method, in upper case.
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// What it does.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Its tags.
    pub tags: Vec<String>,
    /// Index of its part of the client in [`Api::modules`](crate::ir::Api::modules).
    pub module: Option<usize>,
    /// The parameters, those of the path item included, in the order of the description.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<RequestBody>,
    /// What the method takes beside path and headers: a pass derives it from parameters and body.
    pub inputs: Vec<Input>,
    /// The responses, in the order of the description.
    pub responses: Vec<Response>,
    /// Index of its set of error responses in [`Api::error_sets`](crate::ir::Api::error_sets).
    pub error_set: usize,
    /// The alternatives of credentials; none means that the operation is public.
    pub security: Vec<SecurityRequirement>,
    /// Servers of its own.
    pub servers: Vec<Server>,
    /// How the list that it returns goes on, if it comes in pages; a pass finds out.
    pub paging: Option<Paging>,
    /// What the description says of that (`x-pagination`).
    pub paging_hint: Option<PagingHint>,
    /// What happens if the server gets it twice.
    pub safety: Safety,
    /// How often it may be called (`x-resource-limit-config`).
    pub rate_limit: Option<RateLimit>,
    /// When it goes away, and what takes its place (`x-deprecation-config`).
    pub deprecation: Option<Deprecation>,
    /// Scopes of a key that allow it (`x-auth-scopes`).
    pub scopes: Vec<String>,
    /// Callbacks, by name: they are known of, and not lowered.
    pub callbacks: Vec<String>,
    /// Where it stands.
    pub source: Location,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "so it is in the specification")]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// What it is to be called in Rust instead (`x-rust-name`).
    pub alias: Option<String>,
    /// Name of the argument or setter.
    pub rust_name: String,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// Whether a call needs it.
    pub required: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it means.
    pub docs: Docs,
    /// Its type.
    pub schema: Schema,
    /// How its value becomes text.
    pub style: ParameterStyle,
    /// Whether each element of a list or an object is sent on its own.
    pub explode: bool,
    /// Whether reserved characters are sent as they are.
    pub allow_reserved: bool,
    /// Whether it may be sent without a value.
    pub allow_empty: bool,
    /// The media type, for a parameter with `content` instead of a style.
    pub media_type: Option<String>,
    /// Where it stands.
    pub source: Location,
}

/// Where a parameter is sent.
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

/// How the value of a parameter becomes text.
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
    /// Whether a call needs it.
    pub required: bool,
    /// What it means.
    pub docs: Docs,
    /// What can be sent, by media type, in the order of the description.
    pub contents: Vec<Content>,
    /// Where it stands.
    pub source: Location,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type or range.
    pub media_type: String,
    /// Its type; none means any bytes.
    pub schema: Option<Schema>,
    /// How parts of a form are sent, by property.
    pub encodings: Vec<Encoding>,
    /// Where it stands.
    pub source: Location,
}

impl Content {
    /// Whether it is JSON.
    pub fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    }

    /// Whether it is a form of several parts.
    pub fn is_multipart(&self) -> bool {
        self.essence() == "multipart/form-data"
    }

    /// The media type without parameters.
    fn essence(&self) -> String {
        self.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl Operation {
    /// The response to a call that succeeds, if one is declared.
    pub fn success(&self) -> Option<&Response> {
        self.responses.iter().find(|response| response.status.is_success())
    }

    /// What a call that succeeds returns as JSON.
    pub fn reply(&self) -> Option<&Schema> {
        self.success()?.json()?.schema.as_ref()
    }
}

impl Operation {
    /// The responses to calls that do not succeed.
    pub fn failures(&self) -> impl Iterator<Item = &Response> {
        self.responses.iter().filter(|response| !response.status.is_success())
    }

    /// Whether a call that succeeds gives a file. The answer to HEAD never has content.
    pub fn answers_with_file(&self) -> bool {
        self.method != "HEAD" && self.success().is_some_and(Response::is_file)
    }
}

impl Response {
    /// Its content as JSON, which is preferred where there is a choice.
    pub fn json(&self) -> Option<&Content> {
        self.contents.iter().find(|content| content.is_json())
    }

    /// Whether it is a file: content, and none of it JSON.
    pub fn is_file(&self) -> bool {
        !self.contents.is_empty() && self.json().is_none()
    }
}

/// How one part of a form is sent.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// The media type of the part.
    pub media_type: Option<String>,
    /// Where it stands.
    pub source: Location,
}

/// What a response is to: one status, some, or the rest.
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
    /// Whether every status it means is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
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

/// What the server may answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The statuses.
    pub status: StatusPattern,
    /// What it means.
    pub docs: Docs,
    /// Declared headers.
    pub headers: Vec<Header>,
    /// What can be received, by media type, in the order of the description.
    pub contents: Vec<Content>,
    /// Links to other operations, by name: they are known of, and not lowered.
    pub links: Vec<String>,
    /// Where it stands.
    pub source: Location,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Whether it is always sent.
    pub required: bool,
    /// What it means.
    pub docs: Docs,
    /// Its type.
    pub schema: Option<Schema>,
}

/// An error response, as all operations that declare it see it.
#[derive(Clone, Debug)]
pub struct ErrorResponse {
    /// Name of its variant.
    pub rust_name: String,
    /// The statuses.
    pub status: StatusPattern,
    /// What it means.
    pub docs: Docs,
    /// Type of its body; none if it has no body that can be read.
    pub schema: Option<Schema>,
}

/// Schemes that are used together, each with the scopes it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRequirement {
    /// Scheme and scopes.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// How a list goes on that comes in pages.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Index of the parameter that says which page is asked for.
    pub token: usize,
    /// Where the reply has the token of the next page.
    pub next: PropertyPath,
    /// Where the reply has the items.
    pub items: PropertyPath,
}

/// A way from an object to a property below it: the object of each step, and the index of its property.
pub type PropertyPath = Vec<(TypeId, usize)>;

/// What a description says of pages: names with dots in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagingHint {
    /// The parameter that says which page is asked for.
    pub token: String,
    /// Where the reply has the token of the next page.
    pub next: String,
    /// Where the reply has the items.
    pub items: String,
}

/// What happens if the server gets a request twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Safety {
    /// Nothing: it changes nothing.
    ReadOnly,
    /// The same as if it got it once.
    Idempotent,
    /// It does it twice, or nobody knows.
    #[default]
    Unsafe,
}

/// How often an operation may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many calls.
    pub requests: u64,
    /// In how many seconds.
    pub seconds: u64,
}

/// How an operation goes away. Dates are as the description has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecation {
    /// From when it is served with less.
    pub degradation: Option<String>,
    /// From when it is not served.
    pub shutdown: Option<String>,
    /// Identifier of the operation to use instead.
    pub replacement: Option<String>,
}

/// One thing that a call takes: an argument if it is required, else a setter.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name of the argument or setter.
    pub rust_name: String,
    /// Whether a call needs it.
    pub required: bool,
    /// What it is.
    pub kind: InputKind,
}

/// What an input of a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// The parameter with this index.
    Parameter(usize),
    /// The property with this index of the body, which is an object.
    Property(usize),
    /// The body as a whole.
    Body,
}
