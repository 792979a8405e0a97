//! What each operation puts on the wire.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yandex_market_chats::runtime::{Method, RateLimit};
use yandex_market_chats::types::{ChatStatusType, ChatType, CreateChatRequest, GetChatsRequest};
use yandex_market_chats::types::{GetChatHistoryRequest, SendMessageToChatRequest};
use yandex_market_chats::{CallOptions, Client, Upload, operations};

use crate::server::{Recorded, Reply, Server};
use crate::support::{DONE, OPERATIONS, Sending, TOKEN, builder, client, sending};

/// Above 2^53: a floating-point number would round it.
const BIG: i64 = 9_007_199_254_740_993;
/// Everything in it means something in a URL.
const PAGE_TOKEN: &str = "a/b+c=& d?#%25é";
const PAGE_TOKEN_ENCODED: &str = "a%2Fb%2Bc%3D%26%20d%3F%23%2525%C3%A9";

async fn sent(call: impl FnOnce(&Client) -> Sending) -> Recorded {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    call(&client(&server)).await.expect("the server said OK");
    server.request()
}

/// What is called, the target it must have, and the JSON it must carry. All of it is compared: what is not
/// set must not be there.
struct Row(&'static str, fn(&Client) -> Sending, String, Value);

fn json_rows() -> Vec<Row> {
    let everything = "page_token=".to_owned() + PAGE_TOKEN_ENCODED + "&limit=20";
    vec![
        Row(
            "createChat",
            |client| sending(client.create_chat(7, BIG).send()),
            "/businesses/7/chats/new".to_owned(),
            json!({"orderId": BIG}),
        ),
        Row(
            "getChats, nothing set",
            |client| sending(client.get_chats(7).send()),
            "/businesses/7/chats".to_owned(),
            json!({}),
        ),
        Row(
            "getChats, everything set",
            |client| {
                let call = client.get_chats(BIG).page_token(PAGE_TOKEN).limit(20).order_ids([1, BIG]);
                let call = call.types([ChatType::Chat, ChatType::Arbitrage]);
                sending(call.statuses(ChatStatusType::VALUES.iter().cloned()).send())
            },
            format!("/businesses/{BIG}/chats?{everything}"),
            json!({
                "orderIds": [1, BIG],
                "types": ["CHAT", "ARBITRAGE"],
                "statuses": [
                    "NEW", "WAITING_FOR_CUSTOMER", "WAITING_FOR_PARTNER", "WAITING_FOR_ARBITER",
                    "WAITING_FOR_MARKET", "FINISHED"
                ],
            }),
        ),
        Row(
            "getChats, one filter and a status that is newer than the client",
            |client| sending(client.get_chats(7).statuses(["PAUSED".into()]).send()),
            "/businesses/7/chats".to_owned(),
            json!({"statuses": ["PAUSED"]}),
        ),
        Row(
            "getChatHistory, nothing set",
            |client| sending(client.get_chat_history(7, 42).send()),
            "/businesses/7/chats/history?chatId=42".to_owned(),
            json!({}),
        ),
        Row(
            "getChatHistory, everything set",
            |client| {
                let call = client.get_chat_history(7, BIG).page_token(PAGE_TOKEN).limit(20);
                sending(call.message_id_from(i64::MAX).send())
            },
            format!("/businesses/7/chats/history?chatId={BIG}&{everything}"),
            json!({"messageIdFrom": i64::MAX}),
        ),
        Row(
            "sendMessageToChat",
            |client| sending(client.send_message_to_chat(7, i64::MAX, "«Да»\n\"\\\u{0}😀").send()),
            format!("/businesses/7/chats/message?chatId={}", i64::MAX),
            json!({"message": "«Да»\n\"\\\u{0}😀"}),
        ),
        Row(
            "negative identifiers",
            |client| sending(client.get_chat_history(-7, i64::MIN).limit(-1).message_id_from(-3).send()),
            format!("/businesses/-7/chats/history?chatId={}&limit=-1", i64::MIN),
            json!({"messageIdFrom": -3}),
        ),
    ]
}

#[tokio::test]
async fn each_json_operation_sends_one_request_with_exactly_its_path_query_and_body() {
    for Row(name, call, target, body) in json_rows() {
        let request = sent(call).await;
        assert_eq!((request.method.as_str(), request.target), ("POST", target), "{name}");
        let sent: Value = serde_json::from_slice(&request.body).expect(name);
        assert_eq!(sent, body, "{name}");
    }
}

#[tokio::test]
async fn each_operation_sends_these_headers_and_no_others() {
    let names = ["accept", "authorization", "content-length", "content-type", "host", "user-agent"];
    for (id, call) in OPERATIONS {
        let request = sent(call).await;
        let sent: BTreeSet<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        assert_eq!(sent, names.map(str::to_owned).into(), "{id}");
        assert_eq!(request.headers.len(), names.len(), "{id} repeats a header: {:?}", request.headers);

        let header = |name| request.header(name).expect(id);
        assert_eq!(header("authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(header("accept"), "application/json");
        assert_eq!(header("user-agent"), concat!("yandex-market-chats/", env!("CARGO_PKG_VERSION")));
        assert_eq!(header("content-length"), request.body.len().to_string());
        match id {
            "sendFileToChat" => assert!(header("content-type").starts_with("multipart/form-data; boundary=")),
            _ => assert_eq!(header("content-type"), "application/json", "{id}"),
        }
    }
}

#[tokio::test]
async fn a_page_token_is_read_as_it_was_whatever_is_in_it() {
    for token in ["a/b+c=&", PAGE_TOKEN, "eyBuZXh0SWQ6IDIzNDIgfQ==", "chatId=1&limit=2", ""] {
        let request =
            sent(|client| sending(client.get_chat_history(7, 42).page_token(token).limit(5).send())).await;
        let expected = [("chatId", "42"), ("page_token", token), ("limit", "5")];
        assert_eq!(request.query(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

#[tokio::test]
async fn a_whole_body_takes_the_place_of_what_was_set_before_and_setters_add_to_it() {
    let body = GetChatsRequest::new().types([ChatType::Chat]);
    let request =
        sent(|client| sending(client.get_chats(7).order_ids([1]).body(body).statuses(["NEW".into()]).send()));
    assert_eq!(request.await.json(), json!({"types": ["CHAT"], "statuses": ["NEW"]}));

    let body = GetChatHistoryRequest::new().message_id_from(3);
    let request = sent(|client| sending(client.get_chat_history(7, 42).body(body).send()));
    assert_eq!(request.await.json(), json!({"messageIdFrom": 3}));

    let request = sent(|client| sending(client.create_chat(7, 1).body(CreateChatRequest::new(2)).send()));
    assert_eq!(request.await.json(), json!({"orderId": 2}));

    let body = SendMessageToChatRequest::new("two");
    let request = sent(|client| sending(client.send_message_to_chat(7, 42, "one").body(body).send()));
    assert_eq!(request.await.json(), json!({"message": "two"}));
}

#[tokio::test]
async fn the_last_value_of_a_setter_counts() {
    let request = sent(|client| {
        let call = client.get_chats(7).limit(1).limit(2).page_token("a").page_token("b");
        sending(call.order_ids([1]).order_ids([2]).send())
    })
    .await;
    assert_eq!(request.target, "/businesses/7/chats?page_token=b&limit=2");
    assert_eq!(request.json(), json!({"orderIds": [2]}));
}

#[tokio::test]
async fn a_call_can_have_headers_of_its_own() {
    let request = sent(|client| {
        let options = CallOptions::new().header("X-Market-Integration", "shop/1.4");
        sending(client.send_file_to_chat(7, 42, Upload::bytes("a", "a")).options(options).send())
    })
    .await;
    assert_eq!(request.header("x-market-integration"), Some("shop/1.4"));
}

#[tokio::test]
async fn the_application_s_name_goes_before_the_client_s() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let client = builder(server.url()).oauth_token(TOKEN).user_agent("shop/1.4").build().unwrap();
    client.get_chats(7).send().await.unwrap();
    let expected = concat!("shop/1.4 yandex-market-chats/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.request().header("user-agent"), Some(expected));
}

#[tokio::test]
async fn without_a_token_no_operation_sends_anything_and_the_error_says_what_to_call() {
    let server = Server::replying([]).await;
    let client = builder(server.url()).build().unwrap();
    for (id, call) in OPERATIONS {
        let error = call(&client).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{id}: POST /businesses/7/chats")), "{error}");
        assert!(error.to_string().contains("call `oauth_token` on the client's builder"), "{error}");
        assert!(error.is_unsent());
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn unless_told_otherwise_the_client_calls_the_vendor_s_server() {
    // With a transport that is set up by hand, it needs neither TLS nor a trust store to be made.
    let client = Client::builder().reqwest(reqwest::ClientBuilder::no_proxy).build().unwrap();
    let shown = format!("{client:?}");
    assert!(shown.contains(r#"base_url: "https://api.partner.market.yandex.ru""#), "{shown}");
}

#[test]
fn each_operation_says_what_its_contract_is() {
    let declared = [
        (operations::CreateChat::OPERATION, "createChat", "/businesses/{businessId}/chats/new", 1_000),
        (
            operations::GetChatHistory::OPERATION,
            "getChatHistory",
            "/businesses/{businessId}/chats/history",
            10_000,
        ),
        (operations::GetChats::OPERATION, "getChats", "/businesses/{businessId}/chats", 10_000),
        (
            operations::SendFileToChat::OPERATION,
            "sendFileToChat",
            "/businesses/{businessId}/chats/file/send",
            1_000,
        ),
        (
            operations::SendMessageToChat::OPERATION,
            "sendMessageToChat",
            "/businesses/{businessId}/chats/message",
            1_000,
        ),
    ];
    for (operation, id, path, requests) in declared {
        assert_eq!((operation.id, operation.path, &operation.method), (id, path, &Method::POST));
        let limit =
            operation.rate_limit.map(|RateLimit { requests, period, .. }| (requests, period.as_secs()));
        assert_eq!(limit, Some((requests, 3600)), "{id}");
        let schemes: Vec<Vec<_>> =
            operation.security.iter().map(|all| all.iter().map(|scheme| scheme.name).collect()).collect();
        assert_eq!(schemes, [["OAuth"]], "{id}");
    }
}
