//! Bodies of requests and responses.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// A response with its result.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<T> {
    #[allow(dead_code, reason = "it is decoded all the same")]
    pub(crate) status: Status,
    pub(crate) result: Option<T>,
}

/// The status that a response states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The call succeeded.
    Ok,
    /// The call failed.
    Error,
}

/// Body of a refused call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ApiErrors {
    /// The status.
    pub status: Status,
    /// Errors.
    pub errors: Option<Vec<ApiError>>,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ApiError {
    /// Code of the error.
    pub code: String,
    /// Message of the error.
    pub message: Option<String>,
}

/// The page to return.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Token of the page.
    pub token: Option<String>,
    /// Maximum number of items.
    pub limit: Option<i32>,
}

impl Page {
    pub(crate) fn query(&self) -> impl Iterator<Item = (&'static str, String)> {
        let limit = self.limit.map(|limit| limit.to_string());
        let token = self.token.clone().map(|token| ("pageToken", token));
        token.into_iter().chain(limit.map(|limit| ("limit", limit)))
    }
}

/// Place of a page among the others.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paging {
    /// Token of the next page.
    pub next_page_token: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CreateChatRequest {
    pub(crate) context: Option<ChatContext>,
}

/// An order or a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChatContext {
    /// Type of the subject.
    pub r#type: ContextType,
    /// Identifier of the subject.
    pub id: i64,
}

/// Result of starting a chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedChat {
    /// Identifier of the chat.
    pub chat_id: i64,
}

/// Selection of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetChatHistoryRequest {
    /// Identifier of the first message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id_from: Option<i64>,
}

/// Selection of chats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetChatsRequest {
    /// Orders and returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contexts: Option<Vec<ChatContext>>,
    /// Types of subjects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_types: Option<Vec<ContextType>>,
    /// Types of chats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<ChatType>>,
    /// Statuses of chats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<ChatStatus>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SendMessageRequest {
    pub(crate) message: String,
}

/// A page of chats.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Chats {
    /// The chats.
    pub chats: Vec<Chat>,
    /// The next page.
    pub paging: Option<Paging>,
}

/// A chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    /// Identifier of the chat.
    pub chat_id: i64,
    /// The order.
    pub order_id: Option<i64>,
    /// Subject of the chat.
    pub context: Context,
    /// Type of the chat.
    pub r#type: ChatType,
    /// Status of the chat.
    pub status: ChatStatus,
    /// Time of creation.
    pub created_at: DateTime<FixedOffset>,
    /// Time of the last message.
    pub updated_at: DateTime<FixedOffset>,
}

/// Subject of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// Type of the subject.
    pub r#type: ContextType,
    /// The buyer.
    pub customer: Option<Customer>,
    /// The store.
    pub campaign_id: Option<i64>,
    /// The order.
    pub order_id: Option<i64>,
    /// The return.
    pub return_id: Option<i64>,
}

/// Type of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContextType {
    /// An order.
    Order,
    /// A return.
    Return,
    /// Neither.
    Direct,
}

/// A buyer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// Name of the buyer.
    pub name: Option<String>,
    /// Identifier of the buyer.
    pub public_id: Option<String>,
}

/// Type of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChatType {
    /// A chat with a buyer.
    Chat,
    /// An arbitration.
    Arbitrage,
}

/// Status of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChatStatus {
    /// A new chat.
    New,
    /// The buyer has to respond.
    WaitingForCustomer,
    /// The store has to respond.
    WaitingForPartner,
    /// The arbiter has to respond.
    WaitingForArbiter,
    /// Market has to respond.
    WaitingForMarket,
    /// The chat ended.
    Finished,
}

/// A page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The order.
    pub order_id: Option<i64>,
    /// Subject of the chat.
    pub context: Context,
    /// The messages.
    pub messages: Vec<Message>,
    /// The next page.
    pub paging: Option<Paging>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Identifier of the message.
    pub message_id: i64,
    /// Time of sending.
    pub created_at: DateTime<FixedOffset>,
    /// Sender of the message.
    pub sender: Sender,
    /// Text of the message.
    pub message: Option<String>,
    /// Files of the message.
    pub payload: Option<Vec<Payload>>,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Payload {
    /// Name of the file.
    pub name: String,
    /// Address of the file.
    pub url: String,
    /// Size of the file in bytes.
    pub size: i32,
}

/// Sender of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Sender {
    /// The store.
    Partner,
    /// The buyer.
    Customer,
    /// Market.
    Market,
    /// The support of Market.
    Support,
}
