//! Handwritten client of the chats: derived serde and thin calls of reqwest, as an application would write them.
//!
//! Benchmarks compare the generated client with this one. It does what every such client has to do: all seven operations,
//! typed results and typed errors. It has no retries, checks, pages or limits.

mod types;

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use types::*;

/// Separates the parts of a form.
const BOUNDARY: &str = "handwritten-boundary-5f3a9c71";

/// A client with its credential.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: Url,
    api_key: HeaderValue,
}

/// The reason why a call failed.
#[derive(Debug)]
pub enum Error {
    /// The request could not be sent, or the response could not be read.
    Transport(reqwest::Error),
    /// The body is no JSON of the expected type.
    Json(serde_json::Error),
    /// The server refused the call.
    Api(StatusCode, ApiErrors),
    /// The response has no result.
    Empty,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Json(error) => error.fmt(f),
            Self::Api(status, body) => write!(f, "{status}: {:?}", body.errors),
            Self::Empty => f.write_str("the response has no result"),
        }
    }
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Transport(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl Client {
    /// Creates a client of a server.
    ///
    /// # Panics
    /// The key has characters that a header cannot have, or the client of reqwest cannot be created.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn new(base_url: Url, api_key: &str) -> Self {
        // An application may have installed another provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self::with(builder.build().expect("a client of reqwest"), base_url, api_key)
    }

    /// Creates a client of a server that sends requests with a client of reqwest.
    ///
    /// # Panics
    /// The key has characters that a header cannot have.
    #[must_use]
    pub fn with(http: reqwest::Client, base_url: Url, api_key: &str) -> Self {
        let mut api_key = HeaderValue::from_str(api_key).expect("a key of visible characters");
        api_key.set_sensitive(true);
        Self { http, base_url, api_key }
    }

    /// Starts a chat about an order or a return.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn create_chat(&self, business: i64, context: ChatContext) -> Result<CreatedChat, Error> {
        let request = self.request(Method::POST, business, "chats/new", &[]);
        let request = json(request, &CreateChatRequest { context: Some(context) })?;
        result(request).await
    }

    /// Returns a chat.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_chat(&self, business: i64, chat: i64) -> Result<Chat, Error> {
        result(self.request(Method::GET, business, "chat", &[("chatId", chat.to_string())])).await
    }

    /// Returns a page of the messages of a chat.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_chat_history(
        &self,
        business: i64,
        chat: i64,
        page: &Page,
        body: &GetChatHistoryRequest,
    ) -> Result<History, Error> {
        let mut query = vec![("chatId", chat.to_string())];
        query.extend(page.query());
        let request = self.request(Method::POST, business, "chats/history", &query);
        result(json(request, body)?).await
    }

    /// Returns a message of a chat.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_chat_message(&self, business: i64, chat: i64, message: i64) -> Result<Message, Error> {
        let query = [("chatId", chat.to_string()), ("messageId", message.to_string())];
        result(self.request(Method::GET, business, "chats/message", &query)).await
    }

    /// Returns a page of the chats of a business.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_chats(
        &self,
        business: i64,
        page: &Page,
        body: &GetChatsRequest,
    ) -> Result<Chats, Error> {
        let query: Vec<_> = page.query().collect();
        let request = self.request(Method::POST, business, "chats", &query);
        result(json(request, body)?).await
    }

    /// Sends a file to a chat.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send_file_to_chat(
        &self,
        business: i64,
        chat: i64,
        name: &str,
        content: &[u8],
    ) -> Result<(), Error> {
        let query = [("chatId", chat.to_string())];
        let request = self.request(Method::POST, business, "chats/file/send", &query);
        let name = name.replace('"', "%22");
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = request.header(CONTENT_TYPE, media_type).body(body);
        received::<Envelope<()>>(request).await.map(drop)
    }

    /// Sends a text to a chat.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send_message_to_chat(
        &self,
        business: i64,
        chat: i64,
        message: impl Into<String>,
    ) -> Result<(), Error> {
        let request = self.request(Method::POST, business, "chats/message", &[("chatId", chat.to_string())]);
        let request = json(request, &SendMessageRequest { message: message.into() })?;
        received::<Envelope<()>>(request).await.map(drop)
    }

    fn request(&self, method: Method, business: i64, path: &str, query: &[(&str, String)]) -> RequestBuilder {
        let mut url = self.base_url.clone();
        url.set_path(&format!("/v2/businesses/{business}/{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.http.request(method, url).timeout(std::time::Duration::from_secs(30));
        request.header("api-key", self.api_key.clone()).header("accept", "application/json")
    }
}

fn json(request: RequestBuilder, body: &impl Serialize) -> Result<RequestBuilder, Error> {
    Ok(request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(body)?))
}

/// Sends a request, and takes the result out of its envelope.
async fn result<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    received::<Envelope<T>>(request).await?.result.ok_or(Error::Empty)
}

async fn received<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    let response = request.send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return Ok(serde_json::from_slice(&body)?);
    }
    Err(Error::Api(status, serde_json::from_slice(&body)?))
}
