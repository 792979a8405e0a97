//! The request of each operation, as the server receives it.

use std::collections::BTreeSet;

use loopback::{Recorded, Reply, Server};
use serde_json::{Value, json};
use yandex_market_chats::RateLimit;
use yandex_market_chats::Safety;
use yandex_market_chats::http::Method;
use yandex_market_chats::types::{
    ChatContext, ChatContextIdentifiableType, ChatContextType, ChatStatusType, ChatType, CreateChatRequest,
    GetChatHistoryRequest, GetChatsRequest, SendMessageToChatRequest,
};
use yandex_market_chats::{CallOptions, Client, Upload, operations};

use crate::support::{DONE, KEY, OPERATIONS, Sending, builder, client, order, sending};

/// Above 2^53: a floating-point number would round it.
const BIG: i64 = 9_007_199_254_740_993;
/// Characters that have a meaning in a URL.
const PAGE_TOKEN: &str = "a/b+c=& d?#%25é";
const PAGE_TOKEN_ENCODED: &str = "a%2Fb%2Bc%3D%26%20d%3F%23%2525%C3%A9";

async fn sent(call: impl FnOnce(&Client) -> Sending) -> Recorded {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    call(&client(&server)).await.expect("the server said OK");
    server.request()
}

/// Name of the case, call, expected method and target, and expected JSON; `null` means no body. All of it is compared,
/// so properties that are not set must be absent.
struct Row(&'static str, fn(&Client) -> Sending, String, Value);

fn rows_of_chats() -> Vec<Row> {
    let everything = "pageToken=".to_owned() + PAGE_TOKEN_ENCODED + "&limit=20";
    vec![
        Row(
            "getChats, nothing set",
            |client| sending(client.get_chats(7).send()),
            "POST /v2/businesses/7/chats".to_owned(),
            json!({}),
        ),
        Row(
            "getChats, everything set that is not deprecated",
            |client| {
                let call = client.get_chats(BIG).page_token(PAGE_TOKEN).limit(20);
                let a_return = ChatContext::new(ChatContextIdentifiableType::Return, BIG);
                let call = call.contexts([order(1), a_return]);
                let call = call.context_types(ChatContextType::VALUES.to_vec());
                let call = call.types([ChatType::Chat, ChatType::Arbitrage]);
                sending(call.statuses(ChatStatusType::VALUES.to_vec()).send())
            },
            format!("POST /v2/businesses/{BIG}/chats?{everything}"),
            json!({
                "contexts": [{"type": "ORDER", "id": 1}, {"type": "RETURN", "id": BIG}],
                "contextTypes": ["ORDER", "RETURN", "DIRECT"],
                "types": ["CHAT", "ARBITRAGE"],
                "statuses": [
                    "NEW", "WAITING_FOR_CUSTOMER", "WAITING_FOR_PARTNER", "WAITING_FOR_ARBITER",
                    "WAITING_FOR_MARKET", "FINISHED"
                ],
            }),
        ),
        Row(
            "getChats, filters with values that are newer than the client",
            |client| {
                let call = client.get_chats(7).statuses(["PAUSED".into()]);
                sending(call.context_types(["REVIEW".into()]).send())
            },
            "POST /v2/businesses/7/chats".to_owned(),
            json!({"statuses": ["PAUSED"], "contextTypes": ["REVIEW"]}),
        ),
    ]
}

fn rows_of_one_chat() -> Vec<Row> {
    let everything = "pageToken=".to_owned() + PAGE_TOKEN_ENCODED + "&limit=100";
    vec![
        Row(
            "createChat about an order",
            |client| sending(client.create_chat(7, order(BIG)).send()),
            "POST /v2/businesses/7/chats/new".to_owned(),
            json!({"context": {"type": "ORDER", "id": BIG}}),
        ),
        Row(
            "createChat about a return",
            |client| {
                let a_return = ChatContext::new(ChatContextIdentifiableType::Return, 8);
                sending(client.create_chat(7, a_return).send())
            },
            "POST /v2/businesses/7/chats/new".to_owned(),
            json!({"context": {"type": "RETURN", "id": 8}}),
        ),
        Row(
            "createChat about something that is newer than the client",
            |client| sending(client.create_chat(7, ChatContext::new("REVIEW".into(), 8)).send()),
            "POST /v2/businesses/7/chats/new".to_owned(),
            json!({"context": {"type": "REVIEW", "id": 8}}),
        ),
        Row(
            "getChat",
            |client| sending(client.get_chat(BIG, i64::MAX).send()),
            format!("GET /v2/businesses/{BIG}/chat?chatId={}", i64::MAX),
            Value::Null,
        ),
        Row(
            "getChatHistory, nothing set",
            |client| sending(client.get_chat_history(7, 42).send()),
            "POST /v2/businesses/7/chats/history?chatId=42".to_owned(),
            json!({}),
        ),
        Row(
            "getChatHistory, everything set",
            |client| {
                let call = client.get_chat_history(7, BIG).page_token(PAGE_TOKEN).limit(100);
                sending(call.message_id_from(i64::MAX).send())
            },
            format!("POST /v2/businesses/7/chats/history?chatId={BIG}&{everything}"),
            json!({"messageIdFrom": i64::MAX}),
        ),
        Row(
            "getChatMessage",
            |client| sending(client.get_chat_message(7, BIG, i64::MAX).send()),
            format!("GET /v2/businesses/7/chats/message?chatId={BIG}&messageId={}", i64::MAX),
            Value::Null,
        ),
        Row(
            "sendMessageToChat",
            |client| sending(client.send_message_to_chat(7, i64::MAX, "«Да»\n\"\\\u{0}😀").send()),
            format!("POST /v2/businesses/7/chats/message?chatId={}", i64::MAX),
            json!({"message": "«Да»\n\"\\\u{0}😀"}),
        ),
        Row(
            "negative identifiers, which only the server can refuse if nothing is checked",
            |client| {
                let unchecked = CallOptions::new().check_constraints(false);
                let call = client.get_chat_history(-7, i64::MIN).limit(-1).message_id_from(-3);
                sending(call.options(unchecked).send())
            },
            format!("POST /v2/businesses/-7/chats/history?chatId={}&limit=-1", i64::MIN),
            json!({"messageIdFrom": -3}),
        ),
    ]
}

#[tokio::test]
async fn request_has_exact_method_path_query_and_json() {
    for Row(name, call, target, body) in rows_of_chats().into_iter().chain(rows_of_one_chat()) {
        let request = sent(call).await;
        assert_eq!(format!("{} {}", request.method, request.target), target, "{name}");
        let sent = if request.body.is_empty() { Value::Null } else { request.json() };
        assert_eq!(sent, body, "{name}");
    }
}

#[tokio::test]
#[allow(deprecated, reason = "deprecated properties can still be sent")]
async fn deprecated_order_id_is_still_sent() {
    let request = sent(|client| sending(client.create_chat(7, order(2)).order_id(BIG).send())).await;
    assert_eq!(request.target, "/v2/businesses/7/chats/new");
    assert_eq!(request.json(), json!({"orderId": BIG, "context": {"type": "ORDER", "id": 2}}));

    let request = sent(|client| sending(client.get_chats(7).order_ids([1, BIG]).send())).await;
    assert_eq!(request.json(), json!({"orderIds": [1, BIG]}));
}

#[tokio::test]
async fn request_has_exactly_these_headers() {
    let every = ["accept", "api-key", "host", "user-agent"];
    for (id, call) in OPERATIONS {
        let request = sent(call).await;
        let is_get = matches!(id, "getChat" | "getChatMessage");
        let of_body: &[&str] = if is_get { &[] } else { &["content-length", "content-type"] };
        let names: BTreeSet<_> = every.iter().chain(of_body).map(ToString::to_string).collect();
        let sent: BTreeSet<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        assert_eq!(sent, names, "{id}");
        assert_eq!(request.headers.len(), names.len(), "{id} repeats a header: {:?}", request.headers);

        let header = |name| request.header(name).expect(id);
        assert_eq!(header("api-key"), KEY, "{id}");
        assert_eq!(header("accept"), "application/json");
        assert_eq!(header("user-agent"), concat!("yandex-market-chats/", env!("CARGO_PKG_VERSION")));
        if is_get {
            assert_eq!((request.method.as_str(), request.body.as_slice()), ("GET", &b""[..]), "{id}");
            continue;
        }
        assert_eq!(header("content-length"), request.body.len().to_string());
        match id {
            "sendFileToChat" => assert!(header("content-type").starts_with("multipart/form-data; boundary=")),
            _ => assert_eq!(header("content-type"), "application/json", "{id}"),
        }
    }
}

#[tokio::test]
async fn page_token_arrives_unchanged() {
    for token in ["a/b+c=&", PAGE_TOKEN, "eyBuZXh0SWQ6IDIzNDIgfQ==", "chatId=1&limit=2", ""] {
        let request =
            sent(|client| sending(client.get_chat_history(7, 42).page_token(token).limit(5).send())).await;
        let expected = [("chatId", "42"), ("pageToken", token), ("limit", "5")];
        assert_eq!(request.query(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

#[tokio::test]
async fn body_replaces_earlier_setters_and_later_ones_add() {
    let body = GetChatsRequest::new().types([ChatType::Chat]);
    let request = sent(|client| {
        let call = client.get_chats(7).contexts([order(1)]).body(body);
        sending(call.statuses(["NEW".into()]).send())
    });
    assert_eq!(request.await.json(), json!({"types": ["CHAT"], "statuses": ["NEW"]}));

    let body = GetChatHistoryRequest::new().message_id_from(3);
    let request = sent(|client| sending(client.get_chat_history(7, 42).body(body).send()));
    assert_eq!(request.await.json(), json!({"messageIdFrom": 3}));

    let body = CreateChatRequest::new(order(2));
    let request = sent(|client| sending(client.create_chat(7, order(1)).body(body).send()));
    assert_eq!(request.await.json(), json!({"context": {"type": "ORDER", "id": 2}}));

    let body = SendMessageToChatRequest::new("two");
    let request = sent(|client| sending(client.send_message_to_chat(7, 42, "one").body(body).send()));
    assert_eq!(request.await.json(), json!({"message": "two"}));
}

#[tokio::test]
async fn last_value_of_setter_counts() {
    let request = sent(|client| {
        let call = client.get_chats(7).limit(1).limit(2).page_token("a").page_token("b");
        let call = call.types([ChatType::Chat]).types([ChatType::Arbitrage]);
        sending(call.contexts([order(1)]).contexts([order(2)]).send())
    })
    .await;
    assert_eq!(request.target, "/v2/businesses/7/chats?pageToken=b&limit=2");
    assert_eq!(request.json(), json!({"contexts": [{"type": "ORDER", "id": 2}], "types": ["ARBITRAGE"]}));
}

#[tokio::test]
async fn header_of_call_is_sent() {
    let request = sent(|client| {
        let options = CallOptions::new().header("X-Market-Integration", "shop/1.4");
        sending(client.send_file_to_chat(7, 42, Upload::bytes("a", "a")).options(options).send())
    })
    .await;
    assert_eq!(request.header("x-market-integration"), Some("shop/1.4"));

    let request = sent(|client| {
        let options = CallOptions::new().header("X-Market-Integration", "shop/1.4");
        sending(client.get_chat(7, 42).options(options).send())
    })
    .await;
    assert_eq!(request.header("x-market-integration"), Some("shop/1.4"));
}

#[tokio::test]
async fn user_agent_of_application_goes_first() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let client = builder(server.url()).api_key(KEY).user_agent("shop/1.4").build().unwrap();
    client.get_chats(7).send().await.unwrap();
    let expected = concat!("shop/1.4 yandex-market-chats/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.request().header("user-agent"), Some(expected));
}

#[test]
fn base_url_defaults_to_vendor_server() {
    // A configured transport needs neither TLS nor a trust store to be built.
    let client = Client::builder().reqwest(reqwest::ClientBuilder::no_proxy).build().unwrap();
    let shown = format!("{client:?}");
    assert!(shown.contains(r#"base_url: "https://api.partner.market.yandex.ru""#), "{shown}");
}

#[tokio::test]
async fn ready_reqwest_client_is_used() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let reqwest = yandex_market_chats::transport::reqwest::builder().unwrap().no_proxy().build().unwrap();
    let builder = Client::builder().base_url(server.url()).api_key(KEY).reqwest_client(reqwest);
    builder.build().unwrap().get_chats(7).send().await.unwrap();
    assert_eq!(server.request().header("api-key"), Some(KEY));
}

#[test]
fn operation_constant_has_contract() {
    use operations as o;
    const READING: &[&str] = &["all-methods", "all-methods:read-only", "communication"];
    const WRITING: &[&str] = &["all-methods", "communication"];
    let declared = [
        (o::CreateChat::OPERATION, "createChat", "POST /chats/new", 1_000, Safety::Idempotent),
        (o::GetChat::OPERATION, "getChat", "GET /chat", 1_000, Safety::ReadOnly),
        (o::GetChatHistory::OPERATION, "getChatHistory", "POST /chats/history", 10_000, Safety::ReadOnly),
        (o::GetChatMessage::OPERATION, "getChatMessage", "GET /chats/message", 1_000, Safety::ReadOnly),
        (o::GetChats::OPERATION, "getChats", "POST /chats", 5_000, Safety::ReadOnly),
        (o::SendFileToChat::OPERATION, "sendFileToChat", "POST /chats/file/send", 1_000, Safety::Unsafe),
        (o::SendMessageToChat::OPERATION, "sendMessageToChat", "POST /chats/message", 1_000, Safety::Unsafe),
    ];
    for (operation, id, request, requests, safety) in declared {
        let (method, path) = request.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let path = format!("/v2/businesses/{{businessId}}{path}");
        assert_eq!((operation.id, operation.path, &operation.method), (id, path.as_str(), &method));
        let limit =
            operation.rate_limit.map(|RateLimit { requests, period, .. }| (requests, period.as_secs()));
        assert_eq!(limit, Some((requests, 3600)), "{id}");
        assert_eq!(operation.safety, safety, "{id}");
        assert_eq!(operation.scopes, if safety == Safety::ReadOnly { READING } else { WRITING }, "{id}");
        assert!(operation.deprecation.is_none(), "{id}");
    }
}
