//! The types of the description.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::runtime::{Check, Checker, UnknownValue, open_enum};

/// Body of `getChats`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GetChatsRequest {
    /// `orderIds`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_ids: Option<Vec<i64>>,
    /// `types`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<ChatType>>,
    /// `context`, optional and nullable.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::runtime::nullable")]
    pub context: Option<Option<ChatContext>>,
    /// `labels`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
}

impl GetChatsRequest {
    /// A body without optional properties.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `orderIds`.
    pub fn order_ids(mut self, order_ids: impl IntoIterator<Item = i64>) -> Self {
        self.order_ids = Some(order_ids.into_iter().collect());
        self
    }

    /// Sets `types`.
    pub fn types(mut self, types: impl IntoIterator<Item = ChatType>) -> Self {
        self.types = Some(types.into_iter().collect());
        self
    }

    /// Sets `context`; none is `null`.
    pub fn context(mut self, context: impl Into<Option<ChatContext>>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// Sets `labels`.
    pub fn labels(mut self, labels: BTreeMap<String, String>) -> Self {
        self.labels = Some(labels);
        self
    }
}

impl Check for GetChatsRequest {
    fn check(&self, check: &mut Checker) {
        if let Some(value) = &self.order_ids {
            let mut check = check.at("orderIds");
            check.items(value.len(), 1..=3);
            check.unique(value);
            for (index, value) in value.iter().enumerate() {
                check.item(index).range(*value, 1..);
            }
        }
        if let Some(value) = &self.types {
            check.at("types").items(value.len(), 1..);
        }
        if let Some(Some(value)) = &self.context {
            Check::check(value, &mut check.at("context"));
        }
        if let Some(value) = &self.labels {
            let mut check = check.at("labels");
            check.properties(value.len(), ..=2);
            for (key, value) in value {
                check.at(key).length(value, ..=5);
            }
        }
    }
}

/// What a chat is about.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChatContext {
    /// `id`
    pub id: i64,
}

impl ChatContext {
    /// With what is required.
    pub fn new(id: i64) -> Self {
        Self { id }
    }
}

impl Check for ChatContext {
    fn check(&self, check: &mut Checker) {
        check.at("id").range(self.id, 1..);
    }
}

/// Body of `sendMessageToChat`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SendMessageToChatRequest {
    /// `message`
    pub message: String,
}

impl SendMessageToChatRequest {
    /// With what is required.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl Check for SendMessageToChatRequest {
    fn check(&self, check: &mut Checker) {
        check.at("message").length(&self.message, 1..=4096);
    }
}

/// Answer of `getChats`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GetChatsResponse {
    /// `status`
    #[serde(default)]
    pub status: Option<ApiResponseStatusType>,
    /// `result`
    #[serde(default)]
    pub result: Option<ChatsInfo>,
}

/// Page of chats.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChatsInfo {
    /// `chats`: required, but servers are known to send `null` for an empty list.
    #[serde(deserialize_with = "crate::runtime::null_as_empty")]
    pub chats: Vec<Chat>,
}

/// A chat.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Chat {
    /// `chatId`
    pub chat_id: i64,
    /// `type`
    pub r#type: ChatType,
    /// `createdAt`
    #[serde(default)]
    pub created_at: Option<DateTime<FixedOffset>>,
}

/// Type of a chat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChatType {
    /// `CHAT`
    Chat,
    /// `ARBITRAGE`
    Arbitrage,
    /// A value that was not known when this client was generated.
    Unrecognized(UnknownValue),
}

impl ChatType {
    /// The values that were known when this client was generated.
    pub const VALUES: &'static [Self] = &[Self::Chat, Self::Arbitrage];

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Chat => "CHAT",
            Self::Arbitrage => "ARBITRAGE",
            Self::Unrecognized(value) => value.as_str(),
        }
    }
}

open_enum!(ChatType);

/// Status of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiResponseStatusType {
    /// `OK`
    Ok,
    /// `ERROR`
    Error,
    /// A value that was not known when this client was generated.
    Unrecognized(UnknownValue),
}

impl ApiResponseStatusType {
    /// The values that were known when this client was generated.
    pub const VALUES: &'static [Self] = &[Self::Ok, Self::Error];

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ok => "OK",
            Self::Error => "ERROR",
            Self::Unrecognized(value) => value.as_str(),
        }
    }
}

open_enum!(ApiResponseStatusType);

/// An answer without a result.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmptyApiResponse {
    /// `status`
    #[serde(default)]
    pub status: Option<ApiResponseStatusType>,
}

/// 400
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiClientDataErrorResponse {
    /// `errors`
    #[serde(default)]
    pub errors: Option<Vec<ApiErrorDetail>>,
}

/// 404
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiNotFoundErrorResponse {
    /// `errors`
    #[serde(default)]
    pub errors: Option<Vec<ApiErrorDetail>>,
}

/// 420
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiLimitErrorResponse {
    /// `errors`
    #[serde(default)]
    pub errors: Option<Vec<ApiErrorDetail>>,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApiErrorDetail {
    /// `code`
    pub code: String,
    /// `message`
    #[serde(default)]
    pub message: Option<String>,
}
