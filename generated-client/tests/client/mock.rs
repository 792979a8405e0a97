//! The mock, as the tests of an application use it.

use serde_json::json;
use yandex_market_chats::transport::TransportErrorKind;
use yandex_market_chats::types::{
    ApiError, ApiErrorResponse, ChatContextType, ChatCustomer, ChatFullContext, ChatMessage,
    ChatMessagePayload, ChatMessagesResult, ChatStatusType, CreateChatResult, ForwardScrollingPager,
    GetChatInfo, GetChatsInfo, GetChatsRequest,
};
use yandex_market_chats::{Client, Error, ErrorKind, Mock, RetryConfig, Upload};

use crate::support::order;

/// Brings its tests along.
#[path = "../../examples/mock.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod program;

fn chat(id: i64) -> GetChatInfo {
    let customer = ChatCustomer::default().name("Anna");
    let context = ChatFullContext::default().r#type(ChatContextType::Direct).customer(customer);
    GetChatInfo::default().chat_id(id).status(ChatStatusType::New).context(context)
}

fn page(ids: impl IntoIterator<Item = i64>) -> GetChatsInfo {
    GetChatsInfo::default().chats(ids.into_iter().map(chat))
}

async fn all_ids(client: &Client) -> Result<Vec<i64>, Error> {
    let mut chats = client.get_chats(7).limit(2).stream();
    let mut ids = Vec::new();
    while let Some(chat) = chats.try_next().await? {
        ids.push(chat.chat_id);
    }
    Ok(ids)
}

#[tokio::test]
async fn typed_responses_come_in_order() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([1]));
    mock.on_get_chats().header("traceparent", "00-1").reply(&page([]));
    let client = mock.client();
    let first = client.get_chats(7).send().await.unwrap();
    assert_eq!(first.chats, [chat(1)]);
    assert_eq!(mock.unused(), 1);
    let second = client.get_chats(7).send().await.unwrap();
    assert_eq!(second.trace_parent(), Some("00-1"));
    assert_eq!(*second, page([]));
    mock.assert_done();
}

#[tokio::test]
async fn requests_are_recorded() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([]));
    mock.on_get_chat().reply(&chat(42));
    let client = mock.client();
    client.get_chats(7).page_token("a b").contexts([order(1)]).send().await.unwrap();
    client.get_chat(7, 42).send().await.unwrap();

    let [of_list, of_chat] = mock.requests().try_into().unwrap();
    assert_eq!((of_list.operation.id, of_list.attempt), ("getChats", 1));
    assert_eq!(of_list.path(), "/v2/businesses/7/chats");
    assert_eq!(of_list.query("pageToken"), ["a b"]);
    assert_eq!(of_list.json(), json!({"contexts": [{"type": "ORDER", "id": 1}]}));
    assert_eq!(of_list.decoded::<GetChatsRequest>(), GetChatsRequest::new().contexts([order(1)]));
    assert_eq!((of_chat.path(), of_chat.query("chatId")), ("/v2/businesses/7/chat", vec!["42".to_owned()]));
    assert!(of_chat.body.is_empty());
}

#[tokio::test]
#[should_panic(expected = "not such a body, at `contexts`: ")]
async fn recorded_body_of_another_type_panics() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([]));
    mock.client().get_chats(7).contexts([order(1)]).send().await.unwrap();
    mock.requests()[0].decoded::<std::collections::BTreeMap<String, String>>();
}

#[tokio::test]
async fn recorded_credential_is_hidden_in_debug() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([]));
    let client = mock.client_builder().api_key("test-key").build().unwrap();
    client.get_chats(7).send().await.unwrap();
    let request = mock.requests().remove(0);
    assert_eq!(request.headers["api-key"], "test-key");
    assert!(!format!("{mock:?} {request:?}").contains("test-key"), "{request:?}");
}

#[tokio::test]
async fn client_of_mock_needs_no_credentials() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([]));
    mock.client().get_chats(7).send().await.unwrap();
    assert!(!mock.requests()[0].headers.contains_key("api-key"));
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    assert!(error.to_string().contains("it needs credentials"), "{error}");
}

#[tokio::test]
async fn samples_are_responses_of_the_mock() {
    let mock = Mock::new();
    mock.on_get_chats().pages([GetChatsInfo::sample(), page([])]);
    mock.on_get_chat().reply(&GetChatInfo::sample().status(ChatStatusType::Finished));
    mock.on_get_chat_history().reply(&ChatMessagesResult::sample());
    mock.on_get_chat_message().reply(&ChatMessage::sample());
    mock.on_create_chat().reply(&CreateChatResult::sample());
    mock.on_create_chat().refuse(404, &ApiErrorResponse::sample());
    let client = mock.client();
    assert_eq!(all_ids(&client).await.unwrap(), [42]);
    assert_eq!(client.get_chat(7, 42).await.unwrap().status, ChatStatusType::Finished);
    assert_eq!(client.get_chat_history(7, 42).send().await.unwrap().messages.len(), 1);
    let message = client.get_chat_message(7, 42, 3).await.unwrap();
    assert_eq!(message.payload.as_deref(), Some(&[ChatMessagePayload::sample()][..]));
    assert_eq!(client.create_chat(7, order(5)).await.unwrap().chat_id, 42);
    assert_eq!(client.create_chat(7, order(5)).await.unwrap_err().code(), Some("NOT_FOUND"));
    mock.assert_done();
}

#[tokio::test]
async fn call_without_result_is_mocked_with_unit() {
    let mock = Mock::new();
    mock.on_send_message_to_chat().reply(&());
    mock.client().send_message_to_chat(7, 42, "Hello").send().await.unwrap();
}

#[tokio::test]
async fn pages_are_linked_by_tokens() {
    let mock = Mock::new();
    mock.on_get_chats().pages([page([1, 2]), page([]), page([3])]);
    assert_eq!(all_ids(&mock.client()).await.unwrap(), [1, 2, 3]);
    let tokens: Vec<_> = mock.requests().iter().map(|request| request.query("pageToken").concat()).collect();
    assert_eq!(tokens, ["", "page-2", "page-3"]);
    mock.assert_done();
}

#[tokio::test]
async fn pages_keep_tokens_of_their_own() {
    let with_token = |token: &str| page([]).paging(ForwardScrollingPager::default().next_page_token(token));
    let mock = Mock::new();
    mock.on_get_chats().pages([with_token("a"), with_token(""), with_token("b")]);
    assert_eq!(all_ids(&mock.client()).await.unwrap(), [] as [i64; 0]);
    let tokens: Vec<_> = mock.requests().iter().map(|request| request.query("pageToken").concat()).collect();
    assert_eq!(tokens, ["", "a", "page-3"]);
    mock.assert_done();
}

#[tokio::test]
async fn refusals_have_typed_bodies() {
    let mock = Mock::new();
    let body = ApiErrorResponse::default().errors([ApiError::default().code("NOT_FOUND")]);
    mock.on_send_message_to_chat().refuse(404, &body);
    mock.on_create_chat().refuse(200, &json!({"status": "ERROR"}));
    let client = mock.client();
    let error = client.send_message_to_chat(7, 42, "Hello").send().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("NOT_FOUND")));
    client.create_chat(7, order(5)).send().await.expect_err("a failure under a 200");
}

#[tokio::test]
async fn failures_are_those_of_a_transport() {
    let mock = Mock::new();
    mock.on_send_file_to_chat().fail(TransportErrorKind::Connect);
    let client = mock.client_builder().retry(RetryConfig::disabled()).build().unwrap();
    let error = client.send_file_to_chat(7, 42, Upload::bytes("a.txt", "a")).send().await.unwrap_err();
    assert!(error.is_connect());
}

#[tokio::test]
async fn invalid_call_is_not_sent_to_mock() {
    let mock = Mock::new();
    mock.on_send_message_to_chat().reply(&());
    mock.client().send_message_to_chat(7, 42, "").send().await.expect_err("rules are checked");
    assert_eq!((mock.requests().len(), mock.unused()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn retry_gets_the_same_unless_more_is_given() {
    let mock = Mock::new();
    let client = mock.client();
    let refusal = ApiErrorResponse::default().errors([ApiError::default().code("LIMIT_EXCEEDED")]);
    mock.on_get_chats().refuse(420, &refusal);
    let error = client.get_chats(7).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (420, 3));
    mock.on_get_chats().refuse(420, &refusal);
    mock.on_get_chats().reply(&page([]));
    assert_eq!(client.get_chats(7).send().await.unwrap().attempts(), 2);
    let attempts: Vec<_> = mock.requests().iter().map(|request| request.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 1, 2]);
}

#[tokio::test]
async fn unexpected_call_names_caller_and_expected_calls() {
    let mock = Mock::new();
    mock.on_get_chats().reply(&page([]));
    mock.on_get_chats().reply(&page([]));
    mock.on_create_chat().reply(&CreateChatResult::default());
    let (line, call) = (line!(), mock.client().get_chat(7, 42));
    let error = call.send().await.unwrap_err();
    let expected = format!(
        "unexpected call of getChat at {}:{line}:48: expected createChat (1 left) or getChats (2 left)",
        file!()
    );
    assert!(error.to_string().contains(&expected), "{error}\n{expected}");
    assert_eq!(error.attempts(), 1, "it is not retried");
}

#[tokio::test]
#[should_panic(expected = "unexpected call of getChat at ")]
async fn ignored_unexpected_call_fails_assertion() {
    let mock = Mock::new();
    let _ = mock.client().get_chat(7, 42).send().await;
    mock.assert_done();
}

#[test]
fn unused_response_fails_assertion_with_its_line() {
    let mock = Mock::new();
    let line = line!() + 1;
    mock.on_get_chats().reply(&page([]));
    let panic = std::panic::catch_unwind(|| mock.assert_done()).unwrap_err();
    let message = panic.downcast::<String>().unwrap();
    assert_eq!(*message, format!("unused response to getChats, given at {}:{line}:25", file!()));
}

#[test]
#[should_panic(expected = "not a response of getChats, at `chats[0]`: missing field `chatId`")]
fn json_that_is_not_a_response_panics() {
    Mock::new().on_get_chats().reply_json(&json!({"chats": [{}]}));
}
