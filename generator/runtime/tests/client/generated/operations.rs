//! The operations (in a client: a file each).

use std::time::Duration;

use crate::client::O_AUTH;
use crate::error::{self, Error};
use crate::runtime::{
    CallOptions, Client, Form, Method, Operation, RateLimit, Request, Response, Safety, Upload,
};
use crate::types::{
    ApiResponseStatusType, ChatType, EmptyApiResponse, GetChatsRequest, GetChatsResponse,
    SendMessageToChatRequest,
};

/// Lists the chats.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct GetChats {
    client: Client,
    options: CallOptions,
    business_id: i64,
    page_token: Option<String>,
    limit: Option<i32>,
    body: GetChatsRequest,
}

impl GetChats {
    /// What the description says of the operation.
    pub const OPERATION: Operation = Operation {
        id: "getChats",
        method: Method::POST,
        path: "/businesses/{businessId}/chats",
        security: &[&[O_AUTH]],
        safety: Safety::ReadOnly,
        rate_limit: Some(RateLimit { requests: 10_000, period: Duration::from_secs(3_600) }),
        scopes: &[],
        deprecation: None,
    };

    pub(crate) fn new(client: Client, business_id: i64) -> Self {
        let body = GetChatsRequest::new();
        Self { client, options: CallOptions::default(), business_id, page_token: None, limit: None, body }
    }

    /// Query parameter `page_token`.
    pub fn page_token(mut self, page_token: impl Into<String>) -> Self {
        self.page_token = Some(page_token.into());
        self
    }

    /// Query parameter `limit`.
    pub fn limit(mut self, limit: i32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Property `types` of the body.
    pub fn types(mut self, types: impl IntoIterator<Item = ChatType>) -> Self {
        self.body = self.body.types(types);
        self
    }

    /// The whole body.
    pub fn body(mut self, body: GetChatsRequest) -> Self {
        self.body = body;
        self
    }

    /// Settings of this call alone.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<GetChatsResponse>, Error> {
        let mut request = Request::new(&self.client, &Self::OPERATION, self.options);
        request.path("businessId", &self.business_id);
        request.check("businessId").range(self.business_id, 1..);
        request.query("page_token", &self.page_token);
        request.query("limit", &self.limit);
        if let Some(value) = &self.limit {
            request.check("limit").range(*value, 1..=20);
        }
        request.check_body(&self.body);
        request.json(&self.body);
        // The envelope has a `status` that can report a failure under a 200.
        request
            .send_checked(
                error::decode,
                |reply: &GetChatsResponse| reply.status != Some(ApiResponseStatusType::Error),
                ("status", "ERROR"),
            )
            .await
    }
}

/// Gives one chat. (The simplest form: no body, no envelope.)
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct GetChat {
    client: Client,
    options: CallOptions,
    business_id: i64,
    chat_id: i64,
}

impl GetChat {
    /// What the description says of the operation.
    pub const OPERATION: Operation = Operation {
        id: "getChat",
        method: Method::GET,
        path: "/v2/businesses/{businessId}/chats/{chatId}",
        security: &[&[O_AUTH]],
        safety: Safety::Unsafe,
        rate_limit: None,
        scopes: &[],
        deprecation: None,
    };

    pub(crate) fn new(client: Client, business_id: i64, chat_id: i64) -> Self {
        Self { client, options: CallOptions::default(), business_id, chat_id }
    }

    /// Settings of this call alone.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<crate::types::Chat>, Error> {
        let mut request = Request::new(&self.client, &Self::OPERATION, self.options);
        request.path("businessId", &self.business_id);
        request.path("chatId", &self.chat_id);
        request.send(error::decode).await
    }
}

/// Sends a message.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct SendMessageToChat {
    client: Client,
    options: CallOptions,
    business_id: i64,
    chat_id: i64,
    body: SendMessageToChatRequest,
}

impl SendMessageToChat {
    /// What the description says of the operation.
    pub const OPERATION: Operation = Operation {
        id: "sendMessageToChat",
        method: Method::POST,
        path: "/businesses/{businessId}/chats/message",
        security: &[&[O_AUTH]],
        safety: Safety::Unsafe,
        rate_limit: None,
        scopes: &[],
        deprecation: None,
    };

    pub(crate) fn new(client: Client, business_id: i64, chat_id: i64, message: String) -> Self {
        let body = SendMessageToChatRequest::new(message);
        Self { client, options: CallOptions::default(), business_id, chat_id, body }
    }

    /// Settings of this call alone.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<EmptyApiResponse>, Error> {
        let mut request = Request::new(&self.client, &Self::OPERATION, self.options);
        request.path("businessId", &self.business_id);
        request.query("chatId", &self.chat_id);
        request.check_body(&self.body);
        request.json(&self.body);
        request.send(error::decode).await
    }
}

/// Sends a file. (An upload cannot be cloned, so neither can the call.)
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct SendFileToChat {
    client: Client,
    options: CallOptions,
    business_id: i64,
    chat_id: i64,
    file: Upload,
}

impl SendFileToChat {
    /// What the description says of the operation.
    pub const OPERATION: Operation = Operation {
        id: "sendFileToChat",
        method: Method::POST,
        path: "/businesses/{businessId}/chats/file/send",
        security: &[&[O_AUTH]],
        safety: Safety::Unsafe,
        rate_limit: None,
        scopes: &[],
        deprecation: None,
    };

    pub(crate) fn new(client: Client, business_id: i64, chat_id: i64, file: Upload) -> Self {
        Self { client, options: CallOptions::default(), business_id, chat_id, file }
    }

    /// Settings of this call alone.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the call.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<EmptyApiResponse>, Error> {
        let mut request = Request::new(&self.client, &Self::OPERATION, self.options);
        request.path("businessId", &self.business_id);
        request.query("chatId", &self.chat_id);
        // Only if the description states a size, through `maxLength` of a binary string or an override.
        request.check("body.file").bytes(self.file.length(), ..=50_000_000);
        let mut form = Form::new();
        form.file("file", self.file);
        request.multipart(form);
        request.send(error::decode).await
    }
}
