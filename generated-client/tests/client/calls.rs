//! Calls as values: which can be awaited, and which limits they state.

use std::marker::PhantomData;

use loopback::{Reply, Server};
use yandex_market_chats::operations::{GetChatHistory, GetChats, SendFileToChat, SendMessageToChat};

use super::support::{DONE, client, order};

#[tokio::test]
async fn awaited_call_sends_one_request() {
    let done = r#"{"status":"OK","result":{"chatId":42}}"#;
    let server = Server::replying([Reply::json(200, done), Reply::json(200, DONE)]).await;
    let client = client(&server);
    client.create_chat(7, order(5)).await.unwrap();
    client.send_message_to_chat(7, 42, "Hello").await.unwrap();
    let targets: Vec<_> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/v2/businesses/7/chats/new", "/v2/businesses/7/chats/message?chatId=42"]);
}

/// Tells types that can be awaited from others: the inherent constant, which they alone have, goes first.
struct Probe<T>(PhantomData<T>);

impl<T: IntoFuture> Probe<T> {
    const CAN_BE_AWAITED: bool = true;
}

trait Otherwise {
    const CAN_BE_AWAITED: bool = false;
}

impl<T> Otherwise for Probe<T> {}

#[test]
fn paged_call_cannot_be_awaited() {
    let paged = [Probe::<GetChats>::CAN_BE_AWAITED, Probe::<GetChatHistory>::CAN_BE_AWAITED];
    assert_eq!(paged, [false, false]);
    assert_eq!([Probe::<SendMessageToChat>::CAN_BE_AWAITED], [true]);
}

#[test]
fn limits_of_inputs_are_constants() {
    assert_eq!(SendFileToChat::MAX_FILE_BYTES, 5 * 1024 * 1024);
    assert_eq!((SendMessageToChat::MIN_MESSAGE_CHARS, SendMessageToChat::MAX_MESSAGE_CHARS), (1, 4_096));
    assert_eq!((GetChats::MIN_LIMIT, GetChats::MAX_LIMIT), (1, 20));
    assert_eq!((GetChatHistory::MIN_LIMIT, GetChatHistory::MAX_LIMIT), (1, 100));
}
