//! The calls of the handwritten client, as a server receives them, and its results.

use handwritten::{
    ChatContext, ChatStatus, ChatType, Client, ContextType, Error, GetChatHistoryRequest, GetChatsRequest,
    Page, Sender,
};
use loopback::{Recorded, Reply, Server};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

const CONTEXT: &str = r#"{"type":"ORDER","orderId":5}"#;
const MESSAGE: &str =
    r#"{"messageId":3,"createdAt":"2026-07-17T10:00:00+03:00","sender":"CUSTOMER","message":"Hello"}"#;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn client(server: &Server) -> Client {
    Client::new(server.url().parse().unwrap(), "key")
}

fn envelope(result: &str) -> Reply {
    Reply::json(200, format!(r#"{{"status":"OK","result":{result}}}"#))
}

fn chat() -> String {
    let times = r#""createdAt":"2026-07-17T10:00:00+03:00","updatedAt":"2026-07-17T10:00:00+03:00""#;
    format!(r#"{{"chatId":4,"context":{CONTEXT},"type":"CHAT","status":"NEW",{times}}}"#)
}

/// Asserts method, target and credential of a request.
fn assert_request(request: &Recorded, method: &str, target: &str) {
    assert_eq!((request.method.as_str(), request.target.as_str()), (method, target));
    assert_eq!(request.header("api-key"), Some("key"));
}

#[test]
fn lists_are_posted_with_page_and_filter() {
    runtime().block_on(async {
        let chats = format!(r#"{{"chats":[{}],"paging":{{"nextPageToken":"t"}}}}"#, chat());
        let server = Server::replying([envelope(&chats)]).await;
        let page = Page { token: Some("a b".to_owned()), limit: Some(20) };
        let filter = GetChatsRequest { statuses: Some(vec![ChatStatus::New]), ..GetChatsRequest::default() };
        let chats = client(&server).get_chats(7, &page, &filter).await.unwrap();
        assert_request(&server.request(), "POST", "/v2/businesses/7/chats?pageToken=a+b&limit=20");
        assert_eq!(server.request().json(), json!({"statuses": ["NEW"]}));
        assert_eq!((chats.chats[0].chat_id, chats.chats[0].r#type), (4, ChatType::Chat));
        assert_eq!(chats.paging.unwrap().next_page_token.as_deref(), Some("t"));
    });
}

#[test]
fn history_is_posted_with_its_chat() {
    runtime().block_on(async {
        let history = format!(r#"{{"context":{CONTEXT},"messages":[{MESSAGE}]}}"#);
        let server = Server::replying([envelope(&history)]).await;
        let body = GetChatHistoryRequest { message_id_from: Some(3) };
        let history = client(&server).get_chat_history(7, 4, &Page::default(), &body).await.unwrap();
        assert_request(&server.request(), "POST", "/v2/businesses/7/chats/history?chatId=4");
        assert_eq!(server.request().json(), json!({"messageIdFrom": 3}));
        assert_eq!((history.context.order_id, history.messages[0].sender), (Some(5), Sender::Customer));
    });
}

#[test]
fn single_chats_and_messages_are_read() {
    runtime().block_on(async {
        let server = Server::replying([envelope(&chat())]).await;
        assert_eq!(client(&server).get_chat(7, 4).await.unwrap().status, ChatStatus::New);
        assert_request(&server.request(), "GET", "/v2/businesses/7/chat?chatId=4");
        let server = Server::replying([envelope(MESSAGE)]).await;
        let message = client(&server).get_chat_message(7, 4, 3).await.unwrap();
        assert_eq!(message.message.as_deref(), Some("Hello"));
        assert_request(&server.request(), "GET", "/v2/businesses/7/chats/message?chatId=4&messageId=3");
    });
}

#[test]
fn new_chats_messages_and_files_are_sent() {
    runtime().block_on(async {
        let server = Server::replying([envelope(r#"{"chatId":4}"#)]).await;
        let context = ChatContext { r#type: ContextType::Order, id: 5 };
        assert_eq!(client(&server).create_chat(7, context).await.unwrap().chat_id, 4);
        assert_request(&server.request(), "POST", "/v2/businesses/7/chats/new");
        assert_eq!(server.request().json(), json!({"context": {"type": "ORDER", "id": 5}}));
        let server = Server::replying([Reply::json(200, r#"{"status":"OK"}"#)]).await;
        client(&server).send_message_to_chat(7, 4, "Hello").await.unwrap();
        assert_request(&server.request(), "POST", "/v2/businesses/7/chats/message?chatId=4");
        assert_eq!(server.request().json(), json!({"message": "Hello"}));
        let server = Server::replying([Reply::json(200, r#"{"status":"OK"}"#)]).await;
        client(&server).send_file_to_chat(7, 4, "a.txt", b"text").await.unwrap();
        let parts = server.request().parts().await;
        assert!(
            parts[0].disposition.ends_with("name=\"file\"; filename=\"a.txt\""),
            "{}",
            parts[0].disposition
        );
        assert_eq!(parts[0].content, b"text"[..]);
    });
}

#[test]
fn refused_call_is_typed_error() {
    runtime().block_on(async {
        let refused = r#"{"status":"ERROR","errors":[{"code":"FORBIDDEN"}]}"#;
        let server = Server::replying([Reply::json(403, refused)]).await;
        let error = client(&server).get_chat(7, 4).await.unwrap_err();
        let Error::Api(status, body) = error else { panic!("{error}") };
        assert_eq!((status.as_u16(), body.errors.unwrap()[0].code.as_str()), (403, "FORBIDDEN"));
    });
}

#[test]
fn response_without_result_is_error() {
    runtime().block_on(async {
        let server = Server::replying([Reply::json(200, r#"{"status":"OK"}"#)]).await;
        assert!(matches!(client(&server).get_chat(7, 4).await, Err(Error::Empty)));
    });
}
