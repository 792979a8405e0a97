//! The in-memory transport of tests.

use crate::runtime::{Mock, RetryConfig, TransportErrorKind};
use crate::types::Chat;

#[tokio::test]
async fn client_of_mock_sends_without_credentials() {
    let mock = Mock::new();
    mock.on_get_chat().reply(&Chat::default().chat_id(42));
    let chat = mock.client().get_chat(7, 42).send().await.unwrap();
    assert_eq!(chat.chat_id, 42);
    assert!(!mock.requests()[0].headers.contains_key("authorization"));
    mock.assert_done();
}

#[tokio::test]
async fn unexpected_call_after_the_last_names_its_line() {
    let mock = Mock::new();
    let client = mock.client_builder().retry(RetryConfig::disabled()).build().unwrap();
    mock.on_get_chat().fail(TransportErrorKind::Connect);
    assert!(client.get_chat(7, 42).send().await.unwrap_err().is_connect());
    let (line, call) = (line!(), client.get_chat(7, 42));
    let error = call.send().await.unwrap_err().to_string();
    let expected = format!("unexpected call of getChat at {}:{line}:41: expected no further call", file!());
    assert!(error.contains(&expected), "{error}");
}
