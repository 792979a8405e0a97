//! Calls: a method of the client, and the type of a call on its way, for each operation.

use serde_json::Value;

use super::{CredentialId, ItemId, Name, PartId, ServerId, Step, Style, Taken, Ty, Typed};
use crate::diagnostic::Location;
use crate::ir::{Docs, ParameterPlace, RateLimit, Safety, StatusPattern};

/// Rust shape of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// Identifier of the operation.
    pub id: String,
    /// Name of the method on the client, and of the module.
    pub method: Name,
    /// Name of the call's type.
    pub name: Name,
    /// The part that the call belongs to.
    pub part: Option<PartId>,
    /// HTTP method, in upper case.
    pub http_method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// Names and values of the query that the path itself has.
    pub query: Vec<(String, String)>,
    /// The server that the operation has instead of that of the base URL.
    pub server: Option<ServerId>,
    /// Prose about the operation.
    pub docs: Docs,
    /// `true` if the operation is deprecated.
    pub deprecated: bool,
    /// Announced end of the operation.
    pub retirement: Option<Retirement>,
    /// Inputs of a call, in the order in which they are given.
    pub inputs: Vec<Input>,
    /// Constants with the limits of inputs.
    pub limits: Vec<Limit>,
    /// The body of the request.
    pub body: Body,
    /// Bodies of other media types, each with the setter that sends it instead.
    pub other_bodies: Vec<OtherBody>,
    /// Result of a call that succeeds.
    pub reply: Reply,
    /// Stream of items that a call returns, instead of the result or as the result.
    pub stream: Option<EventStream>,
    /// Envelope around the result.
    pub envelope: Option<Envelope>,
    /// The statuses of the declared successes.
    pub successes: Vec<StatusPattern>,
    /// The statuses of the declared error responses.
    pub failures: Vec<StatusPattern>,
    /// Index of the decoder of error responses in [`Errors::decoders`](super::Errors::decoders).
    pub decoder: usize,
    /// `true` if redirects to the same origin are followed.
    pub follows_redirects: bool,
    /// Pages of a list.
    pub paging: Option<Paging>,
    /// Alternatives of credentials; none means that the operation is public.
    pub security: Vec<Vec<CredentialId>>,
    /// Scopes of a key that allow the operation.
    pub scopes: Vec<String>,
    /// Effect of a request that the server gets twice.
    pub safety: Safety,
    /// Header of an idempotency key, if the operation takes one.
    pub idempotency_key: Option<String>,
    /// Limit of calls in a period.
    pub rate_limit: Option<RateLimit>,
    /// Place of the operation.
    pub source: Location,
}

impl Call {
    /// Lists the names that the file of the call declares for other modules.
    pub fn declared(&self) -> impl Iterator<Item = &Name> {
        let choice = match &self.reply {
            Reply::Choice(choice) => Some(&choice.name),
            _ => None,
        };
        [&self.name].into_iter().chain(choice)
    }

    /// Returns the inputs that are arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.is_required)
    }

    /// Returns the inputs that have setters.
    pub fn setters(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| !input.is_required)
    }

    /// Returns the inputs that are fields of the call: all but those that are in its body.
    pub fn fields(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| match input.kind {
            InputKind::Parameter { .. } | InputKind::FormPart(_) | InputKind::PartHeader(_) => true,
            InputKind::BodyField(_) | InputKind::Body | InputKind::OtherBody(_) => false,
        })
    }

    /// Returns `true` if a call can be cloned: a file can be sent only once.
    pub fn is_cloneable(&self) -> bool {
        let inputs = self.inputs.iter().map(|input| &input.value);
        !inputs.chain(self.body.value().map(|body| &body.value)).any(|value| value.ty.holds_upload())
    }
}

/// Input of a call: an argument of the method if it is required, else a setter of the call.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name of the argument or setter.
    pub name: Name,
    /// Name on the wire; `body` for the whole body.
    pub wire: String,
    /// Kind of the input.
    pub kind: InputKind,
    /// Value of the input.
    pub value: Typed,
    /// Type as which the value is taken.
    pub ty: Ty,
    /// Form in which the value is taken.
    pub taken: Taken,
    /// `true` if a call needs the input.
    pub is_required: bool,
    /// `true` if the input is deprecated.
    pub deprecated: bool,
    /// The input to use instead of a deprecated one.
    pub replacement: Option<Name>,
    /// Prose about the input.
    pub docs: Docs,
    /// Place of the parameter or schema.
    pub source: Location,
}

/// Kind of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A parameter.
    Parameter {
        /// The part of the request that has it.
        place: ParameterPlace,
        /// Serialization, of a value other than a text or an exploded list of texts.
        style: Option<Style>,
    },
    /// The field with this index of the struct that is the body.
    BodyField(usize),
    /// A part of a form.
    FormPart(FormPart),
    /// A header of the part with this name.
    PartHeader(String),
    /// The whole body.
    Body,
    /// The body with this index in [`Call::other_bodies`].
    OtherBody(usize),
}

impl InputKind {
    /// Returns the part of the request that has a parameter.
    pub fn place(&self) -> Option<ParameterPlace> {
        match self {
            Self::Parameter { place, .. } => Some(*place),
            _ => None,
        }
    }
}

/// Part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPart {
    /// Kind of the value.
    pub kind: PartKind,
    /// Media type that the description states.
    pub media_type: Option<String>,
}

/// Kind of the value of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A text, or a part per text of a list.
    Text,
    /// A value: a text, a part per element of a list, or JSON.
    Value,
    /// A file.
    File,
    /// A part per file.
    Files,
}

/// Constant with a limit of an input.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Name of the constant.
    pub name: Name,
    /// The input.
    pub input: Name,
    /// `true` for the greatest value, `false` for the least one.
    pub is_max: bool,
    /// Quantity that is limited.
    pub quantity: Quantity,
    /// The limit.
    pub value: i128,
}

/// Quantity that a limit is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Number of characters of a text.
    Characters,
    /// Number of elements of a list.
    Items,
    /// Number of bytes of a file.
    Bytes,
    /// Value of an integer of this type.
    Value(Ty),
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// No body.
    None,
    /// One value.
    Value(ValueBody),
    /// Parts, which are inputs.
    Multipart(Multipart),
}

impl Body {
    /// Returns the media type, if there is a body.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Value(body) => Some(&body.media_type),
            Self::Multipart(form) => Some(&form.media_type),
        }
    }

    /// Returns `true` if a call always sends the body.
    pub fn is_always_sent(&self) -> bool {
        match self {
            Self::None => false,
            Self::Value(body) => body.is_required,
            Self::Multipart(form) => !form.is_optional,
        }
    }

    /// Returns a body that is one value.
    pub fn value(&self) -> Option<&ValueBody> {
        match self {
            Self::Value(body) => Some(body),
            Self::None | Self::Multipart(_) => None,
        }
    }
}

/// Media type of plain JSON, which calls send and ask for unless they say otherwise.
pub const PLAIN_JSON: &str = "application/json";

/// Media type of a form of parts.
pub const FORM_DATA: &str = "multipart/form-data";

/// Body that is one value.
#[derive(Clone, Debug)]
pub struct ValueBody {
    /// Its value.
    pub value: Typed,
    /// The struct whose fields are inputs of the call.
    pub structure: Option<ItemId>,
    /// `true` if a call always sends it.
    pub is_required: bool,
    /// Media type to send.
    pub media_type: String,
    /// Format of the value.
    pub format: BodyFormat,
    /// Example of the description, which the documentation of the call shows.
    pub example: Option<Value>,
}

/// Format of a body that is one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// JSON.
    Json,
    /// Names and values. Properties with a serialization of their own are listed.
    Form(Vec<(String, Style)>),
    /// A text.
    Text,
    /// The content of a file.
    Bytes,
    /// Parts that the caller makes.
    Parts,
}

/// Body of another media type, with the setter that sends it.
#[derive(Clone, Debug)]
pub struct OtherBody {
    /// Name of the setter, and of the field of the call.
    pub name: Name,
    /// The body.
    pub body: ValueBody,
}

/// Form of parts, which are inputs of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multipart {
    /// Media type to send.
    pub media_type: String,
    /// `true` if there is no body unless a part is given.
    pub is_optional: bool,
    /// Parts that a form needs, by name on the wire, unless they are arguments.
    pub needed: Vec<String>,
}

impl Multipart {
    /// Returns `true` for `multipart/form-data` that a call always sends.
    pub fn is_plain(&self) -> bool {
        self.media_type == FORM_DATA && !self.is_optional
    }
}

/// Envelope around the result of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Wire name of the property with the result; `None` if the whole response is the result, or if there is no result.
    pub result: Option<String>,
    /// Wire name and text of the property that makes the response a failure.
    pub failure: Option<(String, String)>,
}

/// Result of a call that succeeds.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Nothing.
    Empty,
    /// JSON.
    Json {
        /// Its type.
        ty: Ty,
        /// Media types to ask for, where they are others than that of plain JSON.
        accept: Option<String>,
    },
    /// JSON, or nothing.
    Optional {
        /// Type of the JSON.
        ty: Ty,
        /// Media types to ask for, where they are others than that of plain JSON.
        accept: Option<String>,
        /// Statuses whose content is skipped, beside those that never have any.
        empty: Vec<u16>,
    },
    /// Text.
    Text {
        /// Media types to ask for.
        accept: String,
    },
    /// A file.
    File {
        /// Media types to ask for.
        accept: String,
    },
    /// A redirect, which is not followed.
    Redirect,
    /// The stream of the call, whose items have this type.
    Stream(Ty),
    /// Content that depends on the status or on the media type.
    Choice(Choice),
}

/// Content of a success that depends on the status or on the media type: an enum in the file of the call.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Name of the enum.
    pub name: Name,
    /// Variants: a single status goes before its range.
    pub cases: Vec<Case>,
    /// Media types to ask for, where they are others than that of plain JSON.
    pub accept: Option<String>,
}

impl Choice {
    /// Returns `true` if the media type alone decides: the enum has variants for one status, which stand for all.
    pub fn is_by_media_type(&self) -> bool {
        self.cases.windows(2).all(|pair| pair[0].status == pair[1].status)
    }

    /// Lists the variants that are files.
    pub fn files(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(|case| case.payload == Payload::File)
    }

    /// Lists the variants that are read as a whole.
    pub fn values(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(|case| case.payload != Payload::File)
    }

    /// Returns `true` if a variant is a file.
    pub fn has_file(&self) -> bool {
        self.files().next().is_some()
    }

    /// Returns `true` if the enum needs a variant for undeclared statuses.
    pub fn has_rest(&self) -> bool {
        let is_code = |case: &Case| matches!(case.status, StatusPattern::Code(_));
        !self.is_by_media_type() && self.values().all(is_code)
    }
}

/// Variant of a [`Choice`].
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of the variant.
    pub name: Name,
    /// The statuses.
    pub status: StatusPattern,
    /// Content of the variant.
    pub payload: Payload,
    /// `true` if the status has variants for other media types.
    pub is_one_of_several: bool,
    /// Prose about the response.
    pub docs: Docs,
}

/// Content of one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// JSON of a type.
    Json(Ty),
    /// Text.
    Text,
    /// A file.
    File,
}

impl Payload {
    /// Returns the type of the content, if there is any.
    pub fn ty(&self) -> Option<Ty> {
        match self {
            Self::Empty => None,
            Self::Json(ty) => Some(ty.clone()),
            Self::Text => Some(Ty::String),
            Self::File => Some(Ty::Download),
        }
    }
}

impl Reply {
    /// Returns the media types to ask for, unless they are those of every call.
    pub fn accept(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::Redirect | Self::Stream(_) => None,
            Self::Json { accept, .. } | Self::Optional { accept, .. } => accept.as_deref(),
            Self::Text { accept } | Self::File { accept } => Some(accept),
            Self::Choice(choice) => choice.accept.as_deref(),
        }
    }

    /// Returns the media types that a call asks for, if it returns content.
    pub fn media_types(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::Redirect | Self::Stream(_) => None,
            _ => Some(self.accept().unwrap_or(PLAIN_JSON)),
        }
    }

    /// Returns the type that a call returns, unless the type is an enum of the call or a redirect.
    pub fn ty(&self) -> Option<Ty> {
        match self {
            Self::Empty => Some(Ty::Unit),
            Self::Json { ty, .. } => Some(ty.clone()),
            Self::Optional { ty, .. } => Some(ty.clone().optional()),
            Self::Text { .. } => Some(Ty::String),
            Self::File { .. } => Some(Ty::Download),
            Self::Stream(item) => Some(Ty::EventStream(Box::new(item.clone()))),
            Self::Redirect | Self::Choice(_) => None,
        }
    }

    /// Lists the types of the content that a call can return.
    pub fn types(&self) -> Vec<Ty> {
        match self {
            Self::Choice(choice) => choice.cases.iter().filter_map(|case| case.payload.ty()).collect(),
            reply => reply.ty().into_iter().collect(),
        }
    }
}

/// Stream of items in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStream {
    /// Type of an item.
    pub item: Ty,
    /// Content of an item.
    pub content: StreamContent,
    /// Data of the item after the last one.
    pub terminator: Option<String>,
    /// Media types to ask for.
    pub accept: String,
}

/// Content of the items in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamContent {
    /// Text in the data of server-sent events.
    Text,
    /// JSON in the data of server-sent events.
    Json,
    /// Server-sent events with text as their data.
    TextEvent,
    /// Server-sent events with JSON as their data.
    JsonEvent,
    /// JSON on each line.
    Lines,
    /// JSON texts of RFC 7464.
    Sequence,
}

impl StreamContent {
    /// Returns the name of the variant.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Json => "Json",
            Self::TextEvent => "TextEvent",
            Self::JsonEvent => "JsonEvent",
            Self::Lines => "Lines",
            Self::Sequence => "Sequence",
        }
    }

    /// Returns `true` for server-sent events.
    pub fn is_events(self) -> bool {
        !matches!(self, Self::Lines | Self::Sequence)
    }
}

/// Pages of a list.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The way from one page to the next.
    pub turn: Turn,
    /// Type of a page.
    pub page: Ty,
    /// Type of an item.
    pub item: Ty,
    /// Way from a page to its items; none if the page is the list.
    pub items: Vec<Step>,
}

impl Paging {
    /// Returns `true` if a call keeps the position of its page apart from its inputs.
    pub fn has_position(&self) -> bool {
        !matches!(self.turn, Turn::Token { .. })
    }

    /// Returns `true` if a call can request a page by URL.
    pub fn has_url(&self) -> bool {
        matches!(self.turn, Turn::Url { .. } | Turn::Link)
    }

    /// Returns the name of the call's field that says which page is requested.
    pub fn input(&self) -> Option<&Name> {
        match &self.turn {
            Turn::Token { cursor: Cursor::Input(input), .. }
            | Turn::Page { input, .. }
            | Turn::Offset { input, .. } => Some(input),
            Turn::Token { cursor: Cursor::Body { .. }, .. } | Turn::Url { .. } | Turn::Link => None,
        }
    }

    /// Returns the way from a page to what says where the next one is.
    pub fn next(&self) -> &[Step] {
        match &self.turn {
            Turn::Token { next, .. } | Turn::Url { next } => next,
            Turn::Page { .. } | Turn::Offset { .. } | Turn::Link => &[],
        }
    }
}

/// The way from one page to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A token in the page is given to a text of the request.
    Token {
        /// The text.
        cursor: Cursor,
        /// Way from a page to the token of the next one.
        next: Vec<Step>,
    },
    /// An integer input has the number of the page.
    Page {
        /// The input.
        input: Name,
        /// Number of the first page.
        first: i64,
    },
    /// An integer input has the number of items before the page.
    Offset {
        /// The input.
        input: Name,
        /// The number before the first page.
        first: i64,
    },
    /// The page has the URL of the next one.
    Url {
        /// Way from a page to the URL.
        next: Vec<Step>,
    },
    /// The header `Link` has the URL of the next page.
    Link,
}

/// Text of a request that says which page is requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// An input.
    Input(Name),
    /// A field of the body.
    Body {
        /// Way from a call to the field.
        way: Vec<Step>,
        /// `true` if the field can be `null`, beside being absent.
        is_nullable: bool,
    },
}

/// Announced end of an operation. Dates are as the description has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// From when it is served with less.
    pub degradation: Option<String>,
    /// From when it is not served.
    pub shutdown: Option<String>,
    /// The operation to use instead.
    pub replacement: Option<Replacement>,
}

/// The operation to use instead of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its identifier.
    pub id: String,
    /// Its method, if the method is always compiled together with that of the other one.
    pub method: Option<Name>,
}
