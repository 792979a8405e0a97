//! The five operations that the client was begun for, on the wire and back, as the contract of its first release has
//! them: businesses and chats have the number 56, as in the examples of its page.

#[path = "server/mod.rs"]
mod server;

use std::path::Path;

use serde_json::json;
use server::{Recorded, Reply, Server};
use yandex_market_chats::runtime::{RetryPolicy, reqwest};
use yandex_market_chats::types::{ApiResponseStatusType, ChatMessageSenderType, ChatStatusType, ChatType};
use yandex_market_chats::{Client, Error, ErrorBody, Upload};

const TOKEN: &str = "YOUR_ACCESS_TOKEN";
const PAGE_TOKEN: &str = "eyBuZXh0SWQ6IDIzNDIgfQ==";
const DONE: &str = r#"{"status":"OK"}"#;

/// A server with such replies, and a client of it that sends nothing twice, nor through a proxy of the environment.
async fn client_of(replies: impl IntoIterator<Item = Reply>) -> (Server, Client) {
    let server = Server::replying(replies).await;
    let builder = Client::builder().base_url(server.url()).oauth_token(TOKEN).retry(RetryPolicy::none());
    let client = builder.reqwest(reqwest::ClientBuilder::no_proxy).build().expect("a client");
    (server, client)
}

/// That the request went to this path, with this query and the token, and asks for JSON.
fn assert_sent(request: &Recorded, path: &str, query: &[(&str, &str)]) {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!((request.method.as_str(), request.path()), ("POST", path));
    assert_eq!(request.query(), query, "{path}");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()), "{path}");
    assert_eq!(request.header("accept"), Some("application/json"), "{path}");
}

/// The JSON of the request, which says that it is JSON.
fn json_of(request: &Recorded) -> serde_json::Value {
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    request.json()
}

#[tokio::test]
async fn create_chat_sends_the_order_and_returns_the_chat() {
    let reply = Reply::json(200, r#"{"status":"OK","result":{"chatId":9007199254740993}}"#);
    let (server, client) = client_of([reply]).await;
    let reply = client.create_chat(56, 9_007_199_254_740_995).send().await.unwrap();
    assert_eq!(reply.status, Some(ApiResponseStatusType::Ok));
    assert_eq!(reply.into_inner().result.unwrap().chat_id, 9_007_199_254_740_993);

    let request = server.request();
    assert_sent(&request, "/businesses/56/chats/new", &[]);
    assert_eq!(json_of(&request), json!({"orderId": 9_007_199_254_740_995_i64}));
}

#[tokio::test]
async fn get_chat_history_sends_all_that_is_set_and_returns_messages_with_texts_and_files() {
    let body = json!({"status": "OK", "result": {
        "orderId": 5,
        "messages": [
            {
                "messageId": 1, "createdAt": "2024-08-29T10:00:00.5+03:00", "sender": "CUSTOMER",
                "message": "Где заказ?",
            },
            {
                "messageId": 2, "createdAt": "2024-08-29T10:00:01Z", "sender": "MARKET",
                "payload": [{"name": "фото.png", "url": "https://files.example/1?a=b", "size": 1234}],
            },
        ],
        "paging": {"nextPageToken": PAGE_TOKEN},
    }});
    let (server, client) = client_of([Reply::json(200, body.to_string())]).await;
    let call = client.get_chat_history(56, 56).page_token(PAGE_TOKEN).limit(20).message_id_from(3);
    let page = call.send().await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.order_id, 5);
    assert_eq!(page.paging.unwrap().next_page_token.as_deref(), Some(PAGE_TOKEN));
    let [text, file] = page.messages.try_into().unwrap();
    assert_eq!((text.message_id, text.sender), (1, ChatMessageSenderType::Customer));
    assert_eq!((text.message.as_deref(), text.payload), (Some("Где заказ?"), None));
    assert_eq!(text.created_at.to_rfc3339(), "2024-08-29T10:00:00.500+03:00");
    assert_eq!((file.message_id, file.sender, file.message), (2, ChatMessageSenderType::Market, None));
    let file = file.payload.unwrap().remove(0);
    assert_eq!((file.name.as_str(), file.size), ("фото.png", 1234));
    assert_eq!(file.url, "https://files.example/1?a=b");

    let request = server.request();
    let query = [("chatId", "56"), ("page_token", PAGE_TOKEN), ("limit", "20")];
    assert_sent(&request, "/businesses/56/chats/history", &query);
    assert_eq!(json_of(&request), json!({"messageIdFrom": 3}));
}

/// A page of one chat, and what says where the next one is.
fn page_of_chats(chat: i64, paging: &serde_json::Value) -> Reply {
    let chat = json!({
        "chatId": chat, "orderId": 5, "type": "ARBITRAGE", "status": "WAITING_FOR_PARTNER",
        "createdAt": "2024-08-29T10:00:00+03:00", "updatedAt": "2024-08-30T01:02:03Z",
    });
    let result = json!({"chats": [chat], "paging": paging});
    Reply::json(200, json!({"status": "OK", "result": result}).to_string())
}

#[tokio::test]
async fn get_chats_sends_all_that_is_set_and_returns_chats() {
    let (server, client) = client_of([page_of_chats(42, &json!({}))]).await;
    let call = client.get_chats(56).page_token(PAGE_TOKEN).limit(20);
    let call = call.order_ids([5, 6]).types([ChatType::Chat, ChatType::Arbitrage]);
    let call = call.statuses(ChatStatusType::VALUES.iter().cloned());
    let page = call.send().await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.paging.unwrap().next_page_token, None);
    let [chat] = page.chats.try_into().unwrap();
    assert_eq!((chat.chat_id, chat.order_id), (42, 5));
    assert_eq!((chat.r#type, chat.status), (ChatType::Arbitrage, ChatStatusType::WaitingForPartner));
    assert_eq!(chat.created_at.to_rfc3339(), "2024-08-29T10:00:00+03:00");
    assert_eq!(chat.updated_at.to_rfc3339(), "2024-08-30T01:02:03+00:00");

    let request = server.request();
    assert_sent(&request, "/businesses/56/chats", &[("page_token", PAGE_TOKEN), ("limit", "20")]);
    let statuses = [
        "NEW",
        "WAITING_FOR_CUSTOMER",
        "WAITING_FOR_PARTNER",
        "WAITING_FOR_ARBITER",
        "WAITING_FOR_MARKET",
        "FINISHED",
    ];
    let filters = json!({"orderIds": [5, 6], "types": ["CHAT", "ARBITRAGE"], "statuses": statuses});
    assert_eq!(json_of(&request), filters);
}

#[tokio::test]
async fn get_chats_goes_on_to_the_last_page_with_limit_and_filters() {
    let pages = [page_of_chats(1, &json!({"nextPageToken": PAGE_TOKEN})), page_of_chats(2, &json!({}))];
    let (server, client) = client_of(pages).await;
    let mut chats = client.get_chats(56).limit(1).types([ChatType::Arbitrage]).stream();
    let mut ids = Vec::new();
    while let Some(chat) = chats.try_next().await.unwrap() {
        ids.push(chat.chat_id);
    }
    assert_eq!(ids, [1, 2]);

    let [first, second] = server.requests().try_into().unwrap();
    assert_sent(&first, "/businesses/56/chats", &[("limit", "1")]);
    assert_sent(&second, "/businesses/56/chats", &[("page_token", PAGE_TOKEN), ("limit", "1")]);
    for request in [first, second] {
        assert_eq!(json_of(&request), json!({"types": ["ARBITRAGE"]}));
    }
}

#[tokio::test]
async fn send_file_to_chat_sends_a_file_as_the_only_part_of_a_form() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("Накладная 5.pdf");
    std::fs::write(&path, b"%PDF\r\n\xff").unwrap();
    let (server, client) = client_of([Reply::json(200, DONE)]).await;
    let file = Upload::path(&path).await.unwrap();
    let reply = client.send_file_to_chat(56, 56, file).send().await.unwrap();
    assert_eq!(reply.status, Some(ApiResponseStatusType::Ok));

    let request = server.request();
    assert_sent(&request, "/businesses/56/chats/file/send", &[("chatId", "56")]);
    assert!(request.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    let [part] = request.parts().await.try_into().unwrap();
    assert_eq!(part.disposition, r#"form-data; name="file"; filename="Накладная 5.pdf""#);
    assert_eq!(part.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(part.content, b"%PDF\r\n\xff".as_slice());
}

#[tokio::test]
async fn send_message_to_chat_sends_the_text() {
    let (server, client) = client_of([Reply::json(200, DONE)]).await;
    let reply = client.send_message_to_chat(56, 56, "«Да»\n\"\\😀").send().await.unwrap();
    assert_eq!(reply.status, Some(ApiResponseStatusType::Ok));

    let request = server.request();
    assert_sent(&request, "/businesses/56/chats/message", &[("chatId", "56")]);
    assert_eq!(json_of(&request), json!({"message": "«Да»\n\"\\😀"}));
}

#[tokio::test]
async fn a_limit_that_was_hit_is_an_error_of_its_own_type() {
    let body = r#"{"status":"ERROR","errors":[{"code":"LIMIT_EXCEEDED","message":"Hit rate limit"}]}"#;
    let refusal = Reply::json(420, body).header("X-RateLimit-Resource-Remaining", "0");
    let (_server, client) = client_of([refusal]).await;
    let error = client.send_message_to_chat(56, 56, "Hello").send().await.unwrap_err();
    assert_eq!(error.operation().id, "sendMessageToChat");
    let Error::Api(refusal) = error else { panic!("{error}") };
    assert_eq!(refusal.status().as_u16(), 420);
    assert_eq!(refusal.rate_limit().unwrap().remaining, Some(0));
    let ErrorBody::Status420(body) = refusal.into_body() else { panic!("it has another type") };
    assert_eq!(body.status, Some(ApiResponseStatusType::Error));
    let [problem] = body.errors.unwrap().try_into().unwrap();
    assert_eq!(
        (problem.code.as_str(), problem.message.as_deref()),
        ("LIMIT_EXCEEDED", Some("Hit rate limit"))
    );
}
