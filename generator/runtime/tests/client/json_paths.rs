//! Places of mismatches in the JSON of a response.

use loopback::{Reply, Server};

use crate::runtime::ErrorKind;
use crate::support::client;

/// Returns the path, line and column that an error has for a body of `getChats`.
async fn place(body: &str) -> (String, (usize, usize)) {
    let server = Server::replying([Reply::json(200, body)]).await;
    let error = client(&server).get_chats(7).send().await.expect_err(body);
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    (error.json_path().unwrap().to_owned(), error.json_position().unwrap())
}

#[tokio::test]
async fn mismatch_has_the_path_of_its_value() {
    let chat = r#"{"chatId": 1, "type": "CHAT"}"#;
    for (chats, path) in [
        (r#"[{"chatId": "x", "type": "CHAT"}]"#.to_owned(), "result.chats[0].chatId"),
        (r#"[{"type": "CHAT", "chatId": {"a": [1]}}]"#.to_owned(), "result.chats[0].chatId"),
        (r#"[{"type": "CHAT", "chatId": [1, 2]}]"#.to_owned(), "result.chats[0].chatId"),
        (r#"[{"type": "CHAT", "chatId": null}]"#.to_owned(), "result.chats[0].chatId"),
        (r#"[{"type": "CHAT", "chatId": 1.5}]"#.to_owned(), "result.chats[0].chatId"),
        (r#"[{"type": "CHAT", "chatId": 99999999999999999999}]"#.to_owned(), "result.chats[0].chatId"),
        (format!(r#"[{chat}, {chat}, {{"type": "CHAT"}}]"#), "result.chats[2]"),
        (format!("[{chat}, 7]"), "result.chats[1]"),
        (format!(r#"[{chat}, "]}},{{["]"#), "result.chats[1]"),
        (r#"[{"type": "CHAT", "chatId": 1, "chatId": 2}]"#.to_owned(), "result.chats[0]"),
        (r#"{"chatId": 1}"#.to_owned(), "result.chats"),
        ("true".to_owned(), "result.chats"),
    ] {
        // Skipped properties have everything that could mislead.
        let before = r#""\"}]": ["\\", {"a\\\"": [[], {}, "{["]}], "null": null"#;
        let body = format!(r#"{{{before}, "result": {{{before}, "chats": {chats}, {before}}}}}"#);
        assert_eq!(place(&body).await.0, path, "{chats}");
        let lines = body.replace(": ", ":\r\n\t ");
        assert_eq!(place(&lines).await.0, path, "{chats}");
    }
}

#[tokio::test]
async fn missing_result_is_a_mismatch_of_the_whole() {
    assert_eq!(place(r#"{"other": {"result": {}}}"#).await.0, ".");
}

#[tokio::test]
async fn invalid_utf_8_has_its_position() {
    let body = b"{\n \"a\xff\": 1}".to_vec();
    let server = Server::replying([Reply::status(200).body(body)]).await;
    let error = client(&server).get_chats(7).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert_eq!(error.json_position(), Some((2, 4)));
    assert!(error.to_string().contains("invalid UTF-8 at line 2 column 4"), "{error}");
}
