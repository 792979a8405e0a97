//! Successful responses, and responses with a failure under a success status.

use loopback::{End, Reply, Server};
use serde_json::{Value, json};
use yandex_market_chats::http::StatusCode;
use yandex_market_chats::types::{
    ChatContextType, ChatMessage, ChatMessageSenderType, ChatMessagesResult, ChatStatusType, ChatType,
    CreateChatResult, GetChatInfo, GetChatsInfo,
};
use yandex_market_chats::{Error, ErrorBody, ErrorKind, Response, Upload};

use crate::support::{DONE, OPERATIONS, client, order, outcome};

const CHATS: &str = r#"{
    "status": "OK",
    "result": {
        "chats": [
            {
                "chatId": 9007199254740993,
                "orderId": 9223372036854775807,
                "context": {
                    "type": "ORDER",
                    "campaignId": 9007199254740995,
                    "orderId": 9223372036854775807,
                    "customer": {"name": "Анна П.", "publicId": "x1y2z3"}
                },
                "type": "CHAT",
                "status": "WAITING_FOR_PARTNER",
                "createdAt": "2026-07-17T23:59:59.123456+03:00",
                "updatedAt": "2026-07-18T01:02:03Z"
            },
            {
                "chatId": -1,
                "orderId": 0,
                "context": {"type": "RETURN", "campaignId": 4, "orderId": 0, "returnId": 9007199254740997},
                "type": "ARBITRAGE",
                "status": "FINISHED",
                "createdAt": "2024-01-01T00:00:00-09:30",
                "updatedAt": "2024-01-01T00:00:00+00:00"
            }
        ],
        "paging": {"nextPageToken": "a/b+c=&"}
    }
}"#;

const HISTORY: &str = r#"{
    "status": "OK",
    "result": {
        "orderId": 9007199254740993,
        "context": {"type": "ORDER", "orderId": 9007199254740993, "customer": {"name": "Анна П."}},
        "messages": [
            {
                "messageId": 9007199254740995,
                "createdAt": "2026-07-17T10:00:00.5+03:00",
                "sender": "CUSTOMER",
                "message": "Где заказ?\n😀",
                "payload": [{"name": "фото.png", "url": "https://files.example/1?a=b", "size": 2147483647}]
            },
            {"messageId": 2, "createdAt": "2026-07-17T10:00:01+03:00", "sender": "PARTNER", "message": ""},
            {"messageId": 3, "createdAt": "2026-07-17T10:00:02+03:00", "sender": "MARKET", "payload": []},
            {"messageId": 4, "createdAt": "2026-07-17T10:00:03+03:00", "sender": "SUPPORT"}
        ],
        "paging": {}
    }
}"#;

/// A chat that the buyer started.
const DIRECT: &str = r#"{
    "status": "OK",
    "result": {
        "chatId": 42,
        "context": {"type": "DIRECT", "customer": {"name": "Анна П.", "publicId": "x1y2z3"}},
        "type": "CHAT",
        "status": "NEW",
        "createdAt": "2026-07-17T10:00:00+03:00",
        "updatedAt": "2026-07-17T10:00:00+03:00"
    }
}"#;

const MESSAGE: &str = r#"{
    "status": "OK",
    "result": {
        "messageId": 9007199254740995,
        "createdAt": "2026-07-17T10:00:00.5+03:00",
        "sender": "CUSTOMER",
        "message": "Где заказ?",
        "payload": [{"name": "фото.png", "url": "https://files.example/1?a=b", "size": 5}]
    }
}"#;

const CREATED: &str = r#"{"status":"OK","result":{"chatId":9007199254740993}}"#;

async fn chats(reply: Reply) -> Result<Response<GetChatsInfo>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chats(7).send().await
}

async fn chat(reply: Reply) -> Result<Response<GetChatInfo>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chat(7, 42).send().await
}

async fn history(reply: Reply) -> Result<Response<ChatMessagesResult>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chat_history(7, 42).send().await
}

async fn message(reply: Reply) -> Result<Response<ChatMessage>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chat_message(7, 42, 3).send().await
}

async fn created(reply: Reply) -> Result<Response<CreateChatResult>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).create_chat(7, order(5)).send().await
}

/// Returns a body with another value in one place.
fn with(reply: &str, pointer: &str, value: Value) -> Reply {
    let mut reply: Value = serde_json::from_str(reply).expect("JSON");
    *reply.pointer_mut(pointer).expect(pointer) = value;
    Reply::json(200, reply.to_string())
}

/// Returns the value that a body has in one place.
fn inside(reply: &str, pointer: &str) -> Value {
    let reply: Value = serde_json::from_str(reply).expect("JSON");
    reply.pointer(pointer).expect(pointer).clone()
}

/// Returns a body without one property of one of its objects.
fn without(reply: &str, object: &str, property: &str) -> Reply {
    Reply::json(200, without_property(reply, object, property))
}

fn without_property(reply: &str, object: &str, property: &str) -> String {
    let mut reply: Value = serde_json::from_str(reply).expect("JSON");
    let removed = reply.pointer_mut(object).and_then(|object| object.as_object_mut()?.remove(property));
    assert!(removed.is_some(), "expected the property {property} at {object}");
    reply.to_string()
}

#[tokio::test]
#[allow(deprecated, reason = "deprecated properties are still read")]
async fn chats_keep_all_digits_and_date_offsets() {
    let reply = chats(Reply::json(200, CHATS)).await.unwrap();
    let page = reply.into_inner();
    assert_eq!(page.paging.unwrap().next_page_token.as_deref(), Some("a/b+c=&"));

    let [first, second] = page.chats.as_slice() else { panic!("{:?}", page.chats) };
    assert_eq!((first.chat_id, first.order_id), (9_007_199_254_740_993, Some(i64::MAX)));
    assert_eq!((&first.r#type, &first.status), (&ChatType::Chat, &ChatStatusType::WaitingForPartner));
    assert_eq!(first.created_at.to_rfc3339(), "2026-07-17T23:59:59.123456+03:00");
    assert_eq!(first.updated_at.to_rfc3339(), "2026-07-18T01:02:03+00:00");

    assert_eq!((second.chat_id, second.order_id), (-1, Some(0)));
    assert_eq!((&second.r#type, &second.status), (&ChatType::Arbitrage, &ChatStatusType::Finished));
    assert_eq!(second.created_at.offset().local_minus_utc(), -(9 * 60 + 30) * 60);
    assert!(second.created_at > second.updated_at, "dates are compared as instants");
}

#[tokio::test]
async fn chat_has_context_and_customer() {
    let page = chats(Reply::json(200, CHATS)).await.unwrap().into_inner();
    let [about_order, about_return] = page.chats.try_into().unwrap();

    let context = about_order.context;
    assert_eq!(context.r#type, ChatContextType::Order);
    let ids = (context.campaign_id, context.order_id, context.return_id);
    assert_eq!(ids, (Some(9_007_199_254_740_995), Some(i64::MAX), None));
    let customer = context.customer.unwrap();
    assert_eq!((customer.name.as_deref(), customer.public_id.as_deref()), (Some("Анна П."), Some("x1y2z3")));

    let context = about_return.context;
    assert_eq!((context.r#type, context.customer), (ChatContextType::Return, None));
    let ids = (context.campaign_id, context.order_id, context.return_id);
    assert_eq!(ids, (Some(4), Some(0), Some(9_007_199_254_740_997)));
}

#[tokio::test]
#[allow(deprecated, reason = "deprecated properties are optional")]
async fn chat_started_by_buyer_has_no_order_or_return() {
    let one = chat(Reply::json(200, DIRECT)).await.unwrap().into_inner();
    let mut page =
        chats(with(CHATS, "/result/chats/0", inside(DIRECT, "/result"))).await.unwrap().into_inner();
    let listed = page.chats.remove(0);
    assert_eq!(listed, one, "a chat of a list is the same as one by its identifier");
    assert_eq!((one.chat_id, one.order_id), (42, None));
    assert_eq!((&one.r#type, &one.status), (&ChatType::Chat, &ChatStatusType::New));

    let history = history(with(
        &without_property(HISTORY, "/result", "orderId"),
        "/result/context",
        inside(DIRECT, "/result/context"),
    ));
    let history = history.await.unwrap().into_inner();
    assert_eq!(history.order_id, None);
    for context in [one.context, history.context] {
        assert_eq!(context.r#type, ChatContextType::Direct);
        assert_eq!((context.campaign_id, context.order_id, context.return_id), (None, None, None));
        assert_eq!(context.customer.unwrap().name.as_deref(), Some("Анна П."));
    }
}

#[tokio::test]
async fn context_and_customer_fields_may_be_null_or_absent() {
    let absent = json!({"type": "ORDER"});
    let null =
        json!({"type": "ORDER", "customer": null, "campaignId": null, "orderId": null, "returnId": null});
    for context in [absent, null] {
        let reply = chat(with(DIRECT, "/result/context", context)).await.unwrap();
        let context = &reply.context;
        assert_eq!((context.customer.as_ref(), context.campaign_id), (None, None));
        assert_eq!((context.order_id, context.return_id), (None, None));
    }
    for customer in [json!({}), json!({"name": null, "publicId": null})] {
        let reply = chat(with(DIRECT, "/result/context/customer", customer)).await.unwrap();
        let customer = reply.context.customer.clone().unwrap();
        assert_eq!((customer.name, customer.public_id), (None, None));
    }
}

#[tokio::test]
#[allow(deprecated, reason = "deprecated properties are still read")]
async fn history_reads_text_file_and_empty_messages() {
    let page = history(Reply::json(200, HISTORY)).await.unwrap().into_inner();
    assert_eq!(page.order_id, Some(9_007_199_254_740_993));
    assert_eq!(page.context.r#type, ChatContextType::Order);
    assert_eq!(page.context.order_id, page.order_id);
    assert_eq!(page.context.customer.unwrap().name.as_deref(), Some("Анна П."));
    assert_eq!(page.paging.unwrap().next_page_token, None);

    let senders: Vec<_> = page.messages.iter().map(|message| message.sender.clone()).collect();
    let [customer, partner, market, support] = page.messages.try_into().unwrap();
    assert_eq!(senders[0], ChatMessageSenderType::Customer);
    assert_eq!(
        &senders[1..],
        [ChatMessageSenderType::Partner, ChatMessageSenderType::Market, ChatMessageSenderType::Support]
    );

    assert_eq!(customer.message_id, 9_007_199_254_740_995);
    assert_eq!(customer.created_at.to_rfc3339(), "2026-07-17T10:00:00.500+03:00");
    assert_eq!(customer.message.as_deref(), Some("Где заказ?\n😀"));
    let file = customer.payload.unwrap().remove(0);
    assert_eq!((file.name.as_str(), file.url.as_str()), ("фото.png", "https://files.example/1?a=b"));
    assert_eq!(file.size, i32::MAX);

    assert_eq!((partner.message.as_deref(), partner.payload), (Some(""), None));
    assert_eq!((market.message, market.payload.map(|files| files.len())), (None, Some(0)));
    assert_eq!((support.message, support.payload), (None, None));
}

#[tokio::test]
async fn message_by_identifier_equals_one_of_history() {
    let one = message(Reply::json(200, MESSAGE)).await.unwrap().into_inner();
    let page = history(with(HISTORY, "/result/messages/3", inside(MESSAGE, "/result"))).await.unwrap();
    assert_eq!(one, page.messages[3]);
    assert_eq!((one.message_id, one.sender), (9_007_199_254_740_995, ChatMessageSenderType::Customer));
    assert_eq!(one.created_at.to_rfc3339(), "2026-07-17T10:00:00.500+03:00");
    assert_eq!(one.message.as_deref(), Some("Где заказ?"));
    let file = one.payload.unwrap().remove(0);
    assert_eq!(
        (file.name.as_str(), file.url.as_str(), file.size),
        ("фото.png", "https://files.example/1?a=b", 5)
    );

    for property in ["message", "payload"] {
        let reply = message(without(MESSAGE, "/result", property)).await.unwrap();
        let one = reply;
        assert_eq!(
            (one.message.is_some(), one.payload.is_some()),
            (property != "message", property != "payload")
        );
    }
}

#[tokio::test]
async fn created_chat_has_status_headers_and_rate_limit() {
    let reply = Reply::json(200, CREATED)
        .header("X-RateLimit-Resource-Remaining", "999")
        .header("traceparent", "00-1");
    let reply = created(reply).await.unwrap();
    assert_eq!(reply.chat_id, 9_007_199_254_740_993);
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "application/json");
    assert_eq!(reply.rate_limit().unwrap().remaining, Some(999));
    assert_eq!(reply.trace_parent(), Some("00-1"));
}

#[tokio::test]
async fn sends_succeed_without_result() {
    let done = || Reply::json(200, r#"{"status":"OK"}"#);
    let server = Server::replying([done(), done()]).await;
    let client = client(&server);
    let message: Response<()> = client.send_message_to_chat(7, 42, "Hello").send().await.unwrap();
    let file: Response<()> = client.send_file_to_chat(7, 42, Upload::bytes("a", "a")).send().await.unwrap();
    assert_eq!((message.status(), file.status()), (StatusCode::OK, StatusCode::OK));
}

#[tokio::test]
async fn wrong_or_missing_content_type_is_read() {
    for operation in OPERATIONS {
        for reply in [Reply::status(200), Reply::status(200).header("Content-Type", "text/html")] {
            outcome(operation, reply.body(DONE)).await.expect(operation.0);
        }
    }
}

#[tokio::test]
async fn other_success_status_and_state_succeed() {
    for operation in OPERATIONS {
        for reply in [
            Reply::json(201, DONE),
            Reply::json(202, DONE.replace("\"OK\"", "\"\"")),
            Reply::json(200, DONE.replace("\"OK\"", r#""QUEUED","new":{"property":[1]}"#)),
        ] {
            outcome(operation, reply).await.expect(operation.0);
        }
    }
}

#[tokio::test]
async fn failure_under_200_is_an_api_error() {
    for (body, code) in [
        (r#"{"status":"ERROR"}"#, None),
        (r#"{"status":"ERROR","errors":[{"code":"NO"}],"result":null}"#, Some("NO")),
        // A body that no schema of the description accepts is a failure, too.
        (r#"{"status":"ERROR","errors":[{"code":"NO"}],"result":{"chats":7}}"#, Some("NO")),
    ] {
        for operation in OPERATIONS {
            let error = outcome(operation, Reply::json(200, body)).await.unwrap_err();
            let refusal = &error;
            assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
            assert_eq!(refusal.status().unwrap().as_u16(), 200);
            assert!(matches!(refusal.body(), Some(ErrorBody::Failure(_))), "{:?}", refusal.body());
            assert_eq!(refusal.code(), code);
            assert_eq!(refusal.excerpt(), body);
            assert!(
                error.to_string().contains("returned 200 OK, but its body reports a failure: "),
                "{error}"
            );
            assert!(!error.is_unsent());
        }
    }
}

#[tokio::test]
async fn failure_under_200_with_result_is_an_api_error() {
    let failed = |reply| with(reply, "/status", json!("ERROR"));
    assert!(matches!(chats(failed(CHATS)).await, Err(error) if error.kind() == ErrorKind::Api));
    assert!(matches!(history(failed(HISTORY)).await, Err(error) if error.kind() == ErrorKind::Api));
    assert!(matches!(chat(failed(DIRECT)).await, Err(error) if error.kind() == ErrorKind::Api));
    assert!(matches!(message(failed(MESSAGE)).await, Err(error) if error.kind() == ErrorKind::Api));
    assert!(matches!(created(failed(CREATED)).await, Err(error) if error.kind() == ErrorKind::Api));
}

#[tokio::test]
async fn unknown_enum_values_keep_their_text() {
    let mut page = chats(with(CHATS, "/result/chats/0/type", json!("REVIEW"))).await.unwrap().into_inner();
    let kind = page.chats.remove(0).r#type;
    assert_eq!((kind.as_str(), kind.to_string()), ("REVIEW", "REVIEW".to_owned()));

    let page = chats(with(CHATS, "/result/chats/1/status", json!("НОВЫЙ"))).await.unwrap().into_inner();
    match &page.chats[1].status {
        ChatStatusType::Unrecognized(value) => assert_eq!(value.as_str(), "НОВЫЙ"),
        status => panic!("{status}"),
    }

    let page = history(with(HISTORY, "/result/messages/0/sender", json!("partner"))).await.unwrap();
    let sender = &page.messages[0].sender;
    assert_ne!(sender, &ChatMessageSenderType::Partner, "the comparison is case-sensitive");
    assert_eq!(sender.as_str(), "partner");

    // `DIRECT` itself came without notice.
    let context = |reply| with(reply, "/result/context/type", json!("REVIEW"));
    let one = chat(context(DIRECT)).await.unwrap().into_inner();
    assert!(
        matches!(&one.context.r#type, ChatContextType::Unrecognized(value) if value.as_str() == "REVIEW")
    );
    let page = history(context(HISTORY)).await.unwrap().into_inner();
    assert_eq!(page.context.r#type, one.context.r#type);
    let page = chats(with(CHATS, "/result/chats/1/context/type", json!("REVIEW"))).await.unwrap();
    assert_eq!(page.chats[1].context.r#type, one.context.r#type);

    let one = message(with(MESSAGE, "/result/sender", json!("BOT"))).await.unwrap().into_inner();
    assert_eq!(one.sender.as_str(), "BOT");
}

#[tokio::test]
async fn null_list_is_empty() {
    let page = chats(with(CHATS, "/result/chats", Value::Null)).await.unwrap().into_inner();
    assert!(page.chats.is_empty() && page.paging.is_some());
    let page = history(with(HISTORY, "/result/messages", Value::Null)).await.unwrap().into_inner();
    assert!(page.messages.is_empty());
    let page = history(with(HISTORY, "/result/messages/0/payload", Value::Null)).await.unwrap();
    assert_eq!(page.messages[0].payload, None);
    let one = message(with(MESSAGE, "/result/payload", Value::Null)).await.unwrap();
    assert_eq!(one.payload, None);
}

#[tokio::test]
async fn unknown_properties_are_skipped() {
    let newer = json!({"chatId": 1, "type": "CHAT", "status": "NEW", "labels": {"id": 1},
        "context": {"type": "ORDER", "orderId": 2, "reviewId": 3, "customer": {"name": "A", "level": ["gold"]}},
        "createdAt": "2026-07-17T10:00:00Z", "updatedAt": "2026-07-17T10:00:00Z", "unread": null});
    let page = chats(with(CHATS, "/result/chats/0", newer.clone())).await.unwrap().into_inner();
    assert_eq!((page.chats[0].chat_id, page.chats[0].context.order_id), (1, Some(2)));
    let one = chat(with(DIRECT, "/result", newer)).await.unwrap().into_inner();
    assert_eq!(one, page.chats[0]);
    let paging = json!({"nextPageToken": "next", "prevPageToken": 7});
    let page = history(with(HISTORY, "/result/paging", paging)).await.unwrap().into_inner();
    assert_eq!(page.paging.unwrap().next_page_token.as_deref(), Some("next"));
}

#[tokio::test]
async fn success_without_result_is_a_decode_error() {
    let operations = || OPERATIONS.into_iter().filter(|(id, _)| !id.starts_with("send"));
    assert_eq!(operations().count(), 5);
    for operation in operations() {
        for (body, path, problem) in [
            (r#"{"status":"OK"}"#, ".", "missing field `result`"),
            ("{}", ".", "missing field `result`"),
            (r#"{"status":"OK","result":null}"#, "result", "invalid type: null"),
        ] {
            let error = outcome(operation, Reply::json(200, body)).await.unwrap_err();
            assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some(path)), "{error}");
            assert!(error.to_string().contains(problem), "{error}");
        }
    }
}

#[tokio::test]
async fn next_page_token_may_be_empty_null_or_absent() {
    for (paging, expected) in [
        (json!({"nextPageToken": "b"}), Some(Some("b"))),
        (json!({"nextPageToken": ""}), Some(Some(""))),
        (json!({"nextPageToken": null}), Some(None)),
        (json!({}), Some(None)),
        (Value::Null, None),
    ] {
        let page = chats(with(CHATS, "/result/paging", paging)).await.unwrap().into_inner();
        let token = page.paging.as_ref().map(|paging| paging.next_page_token.as_deref());
        assert_eq!(token, expected);
    }
    let page = chats(without(CHATS, "/result", "paging")).await.unwrap().into_inner();
    assert_eq!(page.paging, None);
}

#[tokio::test]
async fn value_of_another_type_is_reported_with_its_place() {
    let text = json!("42");
    let replies = [
        (chats(with(CHATS, "/result/chats/0/chatId", text.clone())).await.err(), "result.chats[0].chatId"),
        (
            chats(with(CHATS, "/result/chats/1/createdAt", json!("2024-08-29"))).await.err(),
            "result.chats[1].createdAt",
        ),
        (chats(with(CHATS, "/result/chats/1/status", json!(3))).await.err(), "result.chats[1].status"),
        (chats(with(CHATS, "/result/chats/0/chatId", json!(1.5))).await.err(), "result.chats[0].chatId"),
        (
            chats(with(CHATS, "/result/paging/nextPageToken", json!(3))).await.err(),
            "result.paging.nextPageToken",
        ),
        (chats(with(CHATS, "/result", json!([]))).await.err(), "result"),
        (history(with(HISTORY, "/result/orderId", text.clone())).await.err(), "result.orderId"),
        (
            history(with(HISTORY, "/result/context/orderId", text.clone())).await.err(),
            "result.context.orderId",
        ),
        (
            chats(with(CHATS, "/result/chats/0/context/customer/name", json!(7))).await.err(),
            "result.chats[0].context.customer.name",
        ),
        (chat(with(DIRECT, "/result/context/type", json!(1))).await.err(), "result.context.type"),
        (chat(with(DIRECT, "/result/chatId", text.clone())).await.err(), "result.chatId"),
        (message(with(MESSAGE, "/result/messageId", text.clone())).await.err(), "result.messageId"),
        (message(with(MESSAGE, "/result/payload/0/url", json!(1))).await.err(), "result.payload[0].url"),
        (
            history(with(HISTORY, "/result/messages/0/payload/0/size", json!(2_147_483_648_u32))).await.err(),
            "result.messages[0].payload[0].size",
        ),
        (created(with(CREATED, "/result/chatId", text)).await.err(), "result.chatId"),
    ];
    for (error, path) in replies {
        let error = error.expect(path);
        assert!(
            error
                .to_string()
                .contains(&format!(" returned 200 OK, but its body is not as described, at `{path}`: ")),
            "{error}"
        );
        let decode = &error;
        assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
        assert_eq!((decode.json_path(), decode.status().unwrap().as_u16()), (Some(path), 200));
    }
}

#[tokio::test]
async fn missing_property_is_reported_with_its_place() {
    for (error, path, property) in [
        (chats(without(CHATS, "/result/chats/1", "context")).await.err(), "result.chats[1]", "context"),
        (
            chats(without(CHATS, "/result/chats/1/context", "type")).await.err(),
            "result.chats[1].context",
            "type",
        ),
        (chats(without(CHATS, "/result", "chats")).await.err(), "result", "chats"),
        (
            history(without(HISTORY, "/result/messages/2", "sender")).await.err(),
            "result.messages[2]",
            "sender",
        ),
        (history(without(HISTORY, "/result", "context")).await.err(), "result", "context"),
        (chat(without(DIRECT, "/result", "context")).await.err(), "result", "context"),
        (chat(without(DIRECT, "/result/context", "type")).await.err(), "result.context", "type"),
        (message(without(MESSAGE, "/result", "sender")).await.err(), "result", "sender"),
        (created(without(CREATED, "/result", "chatId")).await.err(), "result", "chatId"),
    ] {
        let error = error.expect(property);
        let decode = &error;
        assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
        assert_eq!(decode.json_path(), Some(path));
        assert!(error.to_string().contains(&format!("missing field `{property}`")), "{error}");
    }
}

#[tokio::test]
async fn missing_state_leaves_success_to_http_status() {
    for operation in OPERATIONS {
        for status in ["", r#""status":null,"#, r#""status":true,"#] {
            let body = DONE.replace(r#""status":"OK","#, status);
            outcome(operation, Reply::json(200, body.clone())).await.expect(&body);
            let error = outcome(operation, Reply::json(500, body.clone())).await.expect_err(&body);
            assert!(error.kind() == ErrorKind::Api, "{error}");
        }
    }
}

#[tokio::test]
async fn invalid_json_is_a_decode_error_and_not_unsent() {
    for operation in OPERATIONS {
        for body in [
            "",
            " \n",
            "<html>maintenance</html>",
            r#"{"status":"O"#,
            r#"{"status":"OK"}}"#,
            "[]",
            "null",
            "7",
        ] {
            let error = outcome(operation, Reply::json(200, body)).await.expect_err(body);
            let decode = &error;
            assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
            assert_eq!((decode.status().unwrap().as_u16(), decode.excerpt()), (200, body));
            assert_eq!(decode.headers().unwrap()["content-type"], "application/json");
            assert_eq!(error.operation().id, operation.0);
            assert!(!error.is_unsent(), "{error}");
        }
    }
}

#[tokio::test]
async fn truncated_response_is_a_transport_error() {
    for operation in OPERATIONS {
        for reply in
            [Reply::json(200, DONE).cut(5, End::Close), Reply::json(200, DONE).chunked().cut(8, End::Reset)]
        {
            let error = outcome(operation, reply).await.unwrap_err();
            assert!(error.kind() == ErrorKind::Transport, "{error}");
            assert_eq!((error.status().unwrap().as_u16(), error.is_unsent()), (200, false));
        }
    }
}
