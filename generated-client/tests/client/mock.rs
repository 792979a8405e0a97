//! The mock, as the tests of an application use it.

use serde_json::json;
use yandex_market_chats::RetryConfig;
use yandex_market_chats::transport::TransportErrorKind;
use yandex_market_chats::types::ChatContextType;
use yandex_market_chats::{Client, ErrorKind, Mock, Upload};

use crate::support::order;

fn client(mock: &Mock) -> Client {
    let builder = Client::builder().api_key("test-key").retry(RetryConfig::disabled());
    builder.transport(mock.clone()).build().expect("a client")
}

#[tokio::test]
async fn replies_are_given_in_order_and_requests_are_noted() {
    let mock = Mock::new();
    mock.on_get_chats().reply_json(&json!({"chats": []}));
    mock.on_get_chats().header("traceparent", "00-1").reply_json(&json!({"chats": []}));
    let client = client(&mock);
    let first = client.get_chats(7).page_token("a b").limit(3).contexts([order(1)]).send().await.unwrap();
    assert!(first.chats.is_empty());
    assert_eq!(mock.unused(), 1);
    // What a reply was, can be said again.
    mock.on_get_chats().reply(&first);
    let second = client.get_chats(7).send().await.unwrap();
    assert_eq!(second.trace_parent(), Some("00-1"));
    assert_eq!(*client.get_chats(7).send().await.unwrap(), *first);

    let request = &mock.requests()[0];
    assert_eq!(request.operation.id, "getChats");
    assert_eq!(request.uri.path(), "/v2/businesses/7/chats");
    assert_eq!(request.query("pageToken"), ["a b"]);
    assert_eq!(request.json(), json!({"contexts": [{"type": "ORDER", "id": 1}]}));
}

#[tokio::test]
async fn what_is_read_by_its_identifier_can_be_mocked_too() {
    let mock = Mock::new();
    mock.on_get_chat().reply_json(&json!({
        "chatId": 42, "type": "CHAT", "status": "NEW", "context": {"type": "DIRECT", "customer": {"name": "Анна"}},
        "createdAt": "2026-07-17T10:00:00+03:00", "updatedAt": "2026-07-17T10:00:00+03:00",
    }));
    mock.on_get_chat_message().reply_json(&json!({
        "messageId": 3, "createdAt": "2026-07-17T10:00:00+03:00", "sender": "CUSTOMER", "message": "Where is it?",
    }));
    let client = client(&mock);
    let chat = client.get_chat(7, 42).send().await.unwrap().into_inner();
    assert_eq!(chat.context.r#type, ChatContextType::Direct);
    let message = client.get_chat_message(7, 42, 3).send().await.unwrap().into_inner();
    assert_eq!((message.message_id, message.message.as_deref()), (3, Some("Where is it?")));

    let [of_chat, of_message] = mock.requests().try_into().unwrap();
    assert_eq!(
        (of_chat.uri.path(), of_chat.query("chatId")),
        ("/v2/businesses/7/chat", vec!["42".to_owned()])
    );
    assert_eq!(of_message.uri.path(), "/v2/businesses/7/chats/message");
    assert_eq!(of_message.query("messageId"), ["3"]);
    assert!(of_chat.body.is_empty() && of_message.body.is_empty());
}

#[tokio::test]
async fn a_noted_request_has_the_key_but_does_not_show_it() {
    let mock = Mock::new();
    mock.on_get_chats().reply_json(&json!({"chats": []}));
    client(&mock).get_chats(7).send().await.unwrap();
    let request = mock.requests().remove(0);
    assert_eq!(request.headers["api-key"], "test-key");
    assert!(!format!("{mock:?} {request:?}").contains("test-key"), "{request:?}");
}

#[tokio::test]
async fn refusals_and_failures_are_those_of_the_real_thing() {
    let mock = Mock::new();
    mock.on_send_message_to_chat()
        .refuse(404, &json!({"status": "ERROR", "errors": [{"code": "NOT_FOUND"}]}));
    mock.on_send_file_to_chat().fail(TransportErrorKind::Connect);
    mock.on_create_chat().refuse(200, &json!({"status": "ERROR"}));
    let client = client(&mock);
    let error = client.send_message_to_chat(7, 42, "Hello").send().await.unwrap_err();
    let refusal = &error;
    assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
    assert_eq!(refusal.code(), Some("NOT_FOUND"));
    let error = client.send_file_to_chat(7, 42, Upload::bytes("a.txt", "a")).send().await.unwrap_err();
    assert!(error.is_connect());
    client.create_chat(7, order(5)).send().await.expect_err("a failure under a 200");
    let error = client.get_chats(7).send().await.unwrap_err();
    assert!(error.to_string().contains("the mock was not told what to reply to getChats; "), "{error}");
    client.send_message_to_chat(7, 42, "").send().await.expect_err("rules are checked");
    assert_eq!(mock.requests().len(), 4);
}

#[tokio::test]
async fn a_retry_gets_the_same_unless_more_is_said() {
    let policy = RetryConfig::new().initial_backoff(std::time::Duration::from_millis(1));
    let mock = Mock::new();
    let client = Client::builder().oauth_token("test").retry(policy).transport(mock.clone()).build().unwrap();
    mock.on_get_chats().refuse(420, &json!({"status": "ERROR"}));
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (420, 3));
    mock.on_get_chats().refuse(420, &json!({"status": "ERROR"}));
    mock.on_get_chats().reply_json(&json!({"chats": []}));
    assert_eq!(client.get_chats(7).send().await.unwrap().attempts(), 2);
}

#[test]
#[should_panic(expected = "getChats returns something else, at `chats[0]`: missing field `chatId`")]
fn a_reply_that_the_operation_cannot_give_is_a_mistake_of_the_test() {
    Mock::new().on_get_chats().reply_json(&json!({"chats": [{}]}));
}
