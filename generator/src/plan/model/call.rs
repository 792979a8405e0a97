//! Calls: a method of the client, and the type of a call on its way, for each operation.

use serde_json::Value;

use super::{CredentialId, ItemId, Name, PartId, Step, Taken, Ty, Typed};
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
    /// Result of a call that succeeds.
    pub reply: Reply,
    /// Envelope around the result.
    pub envelope: Option<Envelope>,
    /// The status of a success.
    pub success: StatusPattern,
    /// The statuses of the declared error responses.
    pub failures: Vec<StatusPattern>,
    /// Index of the decoder of error responses in [`Errors::decoders`](super::Errors::decoders).
    pub decoder: usize,
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
    /// Returns the inputs that are arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.is_required)
    }

    /// Returns the inputs that have setters.
    pub fn setters(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| !input.is_required)
    }

    /// Returns the inputs that are fields of the call: all but those that are in its JSON body.
    pub fn fields(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| matches!(input.kind, InputKind::Parameter(_) | InputKind::FormPart))
    }

    /// Returns `true` if a call can be cloned: a file can be sent only once.
    pub fn is_cloneable(&self) -> bool {
        !self.fields().any(|input| input.value.ty.holds_upload())
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A parameter.
    Parameter(ParameterPlace),
    /// The field with this index of the struct that is the JSON body.
    BodyField(usize),
    /// A part of a form.
    FormPart,
    /// The whole JSON body.
    Body,
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
    /// JSON.
    Json(JsonBody),
    /// `multipart/form-data`, whose parts are inputs.
    Multipart,
}

impl Body {
    /// Returns the media type, if there is a body.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Json(body) => Some(body.media_type.as_deref().unwrap_or(PLAIN_JSON)),
            Self::Multipart => Some("multipart/form-data"),
        }
    }

    /// Returns `true` if a call always sends the body.
    pub fn is_always_sent(&self) -> bool {
        match self {
            Self::None => false,
            Self::Json(body) => body.is_required,
            Self::Multipart => true,
        }
    }
}

/// Media type of plain JSON, which calls send and ask for unless they say otherwise.
pub const PLAIN_JSON: &str = "application/json";

/// A JSON body.
#[derive(Clone, Debug)]
pub struct JsonBody {
    /// Its value.
    pub value: Typed,
    /// The struct whose fields are inputs of the call.
    pub structure: Option<ItemId>,
    /// `true` if a call always sends it.
    pub is_required: bool,
    /// Media type to send, where it is another one than that of plain JSON.
    pub media_type: Option<String>,
    /// Example of the description, which the documentation of the call shows.
    pub example: Option<Value>,
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
    /// A file.
    File {
        /// Media types to ask for.
        accept: String,
    },
}

impl Reply {
    /// Returns the media types to ask for, unless they are those of every call.
    pub fn accept(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Json { accept, .. } => accept.as_deref(),
            Self::File { accept } => Some(accept),
        }
    }

    /// Returns the media types that a call asks for, if it returns content.
    pub fn media_types(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Json { .. } | Self::File { .. } => Some(self.accept().unwrap_or(PLAIN_JSON)),
        }
    }

    /// Returns the type that a call returns.
    pub fn ty(&self) -> Ty {
        match self {
            Self::Empty => Ty::Unit,
            Self::Json { ty, .. } => ty.clone(),
            Self::File { .. } => Ty::Download,
        }
    }
}

/// Pages of a list.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Name of the call's field for the token of the page.
    pub token: Name,
    /// Type of a page.
    pub page: Ty,
    /// Type of an item.
    pub item: Ty,
    /// Way from a page to the token of the next one.
    pub next: Vec<Step>,
    /// Way from a page to its items.
    pub items: Vec<Step>,
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
