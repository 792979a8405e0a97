//! Webhooks: requests that an API sends to an application.

use super::{Name, Ty};
use crate::diagnostic::Location;
use crate::ir::{Docs, Signature, StatusPattern};

/// A request that an application receives, and the responses that it can give.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Identifier of the operation.
    pub id: String,
    /// Name of the module.
    pub name: Name,
    /// HTTP method, in upper case.
    pub http_method: String,
    /// Path at which the description expects the application, or the URL of a callback, with expressions; an entry of
    /// `webhooks` has none.
    pub path: Option<String>,
    /// Prose about the request.
    pub docs: Docs,
    /// Type of the JSON body; `None` for a request without a body.
    pub payload: Option<Ty>,
    /// Property that every payload has, which tells the kind of the request.
    pub tag: Option<String>,
    /// Signature of the requests.
    pub signature: Option<Signature>,
    /// Responses, in the order of the description.
    pub responses: Vec<WebhookResponse>,
    /// Place of the operation.
    pub source: Location,
}

/// Response to a webhook.
#[derive(Clone, Debug)]
pub struct WebhookResponse {
    /// Name of the variant.
    pub name: Name,
    /// The statuses. Of several, the application chooses one.
    pub status: StatusPattern,
    /// The body.
    pub body: ResponseBody,
    /// Prose about the response.
    pub docs: Docs,
    /// Place of the response.
    pub source: Location,
}

/// Body of an response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseBody {
    /// No body.
    Empty,
    /// JSON of a type.
    Json {
        /// Type of the value.
        ty: Ty,
        /// Media type.
        media_type: String,
    },
    /// Bytes as they are.
    Bytes {
        /// Media type.
        media_type: String,
    },
}
