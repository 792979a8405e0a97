//! Code that the tests share.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use loopback::{Reply, Server};
use yandex_market_chats::RetryConfig;
use yandex_market_chats::bytes::Bytes;
use yandex_market_chats::transport::BoxFuture;
use yandex_market_chats::types::{ChatContext, ChatContextIdentifiableType};
use yandex_market_chats::{Client, ClientBuilder, Error, Response, Upload};

/// An API key.
pub(crate) const KEY: &str = "ACMA:t0p:5ecret";
/// An OAuth token.
pub(crate) const TOKEN: &str = "y0_t0p-Secret";

/// A success of any operation: it has the properties of all results.
pub(crate) const DONE: &str = r#"{"status":"OK","result":{
    "chatId":1,"type":"CHAT","status":"NEW","context":{"type":"DIRECT"},
    "messageId":1,"sender":"CUSTOMER","chats":[],"messages":[],
    "createdAt":"2026-07-17T10:00:00Z","updatedAt":"2026-07-17T10:00:00Z"
}}"#;

/// Returns a builder without the proxies of the environment and without retries, which have tests of their own.
pub(crate) fn builder(url: impl Into<String>) -> ClientBuilder {
    Client::builder().base_url(url).retry(RetryConfig::disabled()).reqwest(reqwest::ClientBuilder::no_proxy)
}

/// Returns a client of the server, with an API key.
pub(crate) fn client(server: &Server) -> Client {
    builder(server.url()).api_key(KEY).build().expect("a client")
}

/// A call of any operation, in flight. Its type proves that it can be spawned.
pub(crate) type Sending = BoxFuture<'static, Result<(), Error>>;

/// Drops the value of a response, so that calls of different operations fit into one table.
pub(crate) fn sending<T, F>(call: F) -> Sending
where
    F: Future<Output = Result<Response<T>, Error>> + Send + 'static,
{
    Box::pin(async move {
        let outcome = call.await.map(drop);
        if is_loud() {
            println!("{LOUD}: {outcome:?}");
            outcome.as_ref().inspect_err(|error| println!("{LOUD}: {error}")).ok();
        }
        outcome
    })
}

/// Set while the suite runs again, to print all outcomes.
pub(crate) const LOUD: &str = "SUITE_SHOWS_ALL";

pub(crate) fn is_loud() -> bool {
    std::env::var_os(LOUD).is_some()
}

/// One of the operations: its name, and a call with its required arguments.
pub(crate) type Operation = (&'static str, fn(&Client) -> Sending);

/// All operations, for business 7, chat 42, message 3 and order 5.
pub(crate) const OPERATIONS: [Operation; 7] = [
    ("createChat", |client| sending(client.create_chat(7, order(5)).send())),
    ("getChat", |client| sending(client.get_chat(7, 42).send())),
    ("getChatHistory", |client| sending(client.get_chat_history(7, 42).send())),
    ("getChatMessage", |client| sending(client.get_chat_message(7, 42, 3).send())),
    ("getChats", |client| sending(client.get_chats(7).send())),
    ("sendFileToChat", |client| sending(client.send_file_to_chat(7, 42, Upload::bytes("a.txt", "a")).send())),
    ("sendMessageToChat", |client| sending(client.send_message_to_chat(7, 42, "Hello").send())),
];

/// Returns the context of a chat about an order.
pub(crate) fn order(id: i64) -> ChatContext {
    ChatContext::new(ChatContextIdentifiableType::Order, id)
}

/// Returns the result of an operation for a response of the server.
pub(crate) async fn outcome((_, call): Operation, reply: Reply) -> Result<(), Error> {
    let server = Server::replying([reply]).await;
    let outcome = call(&client(&server)).await;
    assert_eq!(server.requests().len(), 1, "a call is one request: {outcome:?}");
    outcome
}

/// A stream of these pieces.
pub(crate) struct Pieces(VecDeque<&'static str>);

impl Pieces {
    pub(crate) fn of<const N: usize>(pieces: [&'static str; N]) -> Self {
        Self(pieces.into())
    }
}

impl futures_core::Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Bytes::from(piece))))
    }
}
