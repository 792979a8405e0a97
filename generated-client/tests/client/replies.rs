//! What becomes of successful replies, and of those that only look like it.

use serde_json::{Value, json};
use yandex_market_chats::types::{
    ApiResponseStatusType, ChatMessageSenderType, ChatStatusType, ChatType, CreateChatResponse,
    EmptyApiResponse, GetChatHistoryResponse, GetChatsResponse,
};
use yandex_market_chats::{Error, ErrorBody, Response, Upload};

use crate::server::{End, Reply, Server};
use crate::support::{DONE, OPERATIONS, client, outcome};

const CHATS: &str = r#"{
    "status": "OK",
    "result": {
        "chats": [
            {
                "chatId": 9007199254740993,
                "orderId": 9223372036854775807,
                "type": "CHAT",
                "status": "WAITING_FOR_PARTNER",
                "createdAt": "2024-08-29T23:59:59.123456+03:00",
                "updatedAt": "2024-08-30T01:02:03Z"
            },
            {
                "chatId": -1,
                "orderId": 0,
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
        "messages": [
            {
                "messageId": 9007199254740995,
                "createdAt": "2024-08-29T10:00:00.5+03:00",
                "sender": "CUSTOMER",
                "message": "Где заказ?\n😀",
                "payload": [{"name": "фото.png", "url": "https://files.example/1?a=b", "size": 2147483647}]
            },
            {"messageId": 2, "createdAt": "2024-08-29T10:00:01+03:00", "sender": "PARTNER", "message": ""},
            {"messageId": 3, "createdAt": "2024-08-29T10:00:02+03:00", "sender": "MARKET", "payload": []},
            {"messageId": 4, "createdAt": "2024-08-29T10:00:03+03:00", "sender": "SUPPORT"}
        ],
        "paging": {}
    }
}"#;

async fn chats(reply: Reply) -> Result<Response<GetChatsResponse>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chats(7).send().await
}

async fn history(reply: Reply) -> Result<Response<GetChatHistoryResponse>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chat_history(7, 42).send().await
}

async fn created(reply: Reply) -> Result<Response<CreateChatResponse>, Error> {
    let server = Server::replying([reply]).await;
    client(&server).create_chat(7, 5).send().await
}

/// The reply with something else in one place.
fn with(reply: &str, pointer: &str, value: Value) -> Reply {
    let mut reply: Value = serde_json::from_str(reply).expect("JSON");
    *reply.pointer_mut(pointer).expect(pointer) = value;
    Reply::json(200, reply.to_string())
}

/// The reply without one property of one of its objects.
fn without(reply: &str, object: &str, property: &str) -> Reply {
    let mut reply: Value = serde_json::from_str(reply).expect("JSON");
    let removed = reply.pointer_mut(object).and_then(|object| object.as_object_mut()?.remove(property));
    assert!(removed.is_some(), "there is no {property} at {object}");
    Reply::json(200, reply.to_string())
}

#[tokio::test]
async fn a_page_of_chats_is_read_to_the_last_digit_and_dates_keep_their_offset() {
    let reply = chats(Reply::json(200, CHATS)).await.unwrap();
    assert_eq!(reply.status.as_ref(), Some(&ApiResponseStatusType::Ok));
    let page = reply.into_inner().result.unwrap();
    assert_eq!(page.paging.unwrap().next_page_token.as_deref(), Some("a/b+c=&"));

    let [first, second] = page.chats.as_slice() else { panic!("{:?}", page.chats) };
    assert_eq!((first.chat_id, first.order_id), (9_007_199_254_740_993, i64::MAX));
    assert_eq!((&first.r#type, &first.status), (&ChatType::Chat, &ChatStatusType::WaitingForPartner));
    assert_eq!(first.created_at.to_rfc3339(), "2024-08-29T23:59:59.123456+03:00");
    assert_eq!(first.updated_at.to_rfc3339(), "2024-08-30T01:02:03+00:00");

    assert_eq!((second.chat_id, second.order_id), (-1, 0));
    assert_eq!((&second.r#type, &second.status), (&ChatType::Arbitrage, &ChatStatusType::Finished));
    assert_eq!(second.created_at.offset().local_minus_utc(), -(9 * 60 + 30) * 60);
    assert!(second.created_at > second.updated_at, "dates are compared as instants");
}

#[tokio::test]
async fn a_history_is_read_with_texts_files_and_messages_that_have_neither() {
    let page = history(Reply::json(200, HISTORY)).await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.order_id, 9_007_199_254_740_993);
    assert_eq!(page.paging.unwrap().next_page_token, None);

    let senders: Vec<_> = page.messages.iter().map(|message| message.sender.clone()).collect();
    let [customer, partner, market, support] = page.messages.try_into().unwrap();
    assert_eq!(senders[0], ChatMessageSenderType::Customer);
    assert_eq!(
        &senders[1..],
        [ChatMessageSenderType::Partner, ChatMessageSenderType::Market, ChatMessageSenderType::Support]
    );

    assert_eq!(customer.message_id, 9_007_199_254_740_995);
    assert_eq!(customer.created_at.to_rfc3339(), "2024-08-29T10:00:00.500+03:00");
    assert_eq!(customer.message.as_deref(), Some("Где заказ?\n😀"));
    let file = customer.payload.unwrap().remove(0);
    assert_eq!((file.name.as_str(), file.url.as_str()), ("фото.png", "https://files.example/1?a=b"));
    assert_eq!(file.size, i32::MAX);

    assert_eq!((partner.message.as_deref(), partner.payload), (Some(""), None));
    assert_eq!((market.message, market.payload.map(|files| files.len())), (None, Some(0)));
    assert_eq!((support.message, support.payload), (None, None));
}

#[tokio::test]
async fn a_created_chat_is_read_with_status_headers_and_the_rate_limit_at_hand() {
    let reply = Reply::json(200, r#"{"status":"OK","result":{"chatId":9007199254740993}}"#)
        .header("X-RateLimit-Resource-Remaining", "999")
        .header("traceparent", "00-1");
    let reply = created(reply).await.unwrap();
    assert_eq!(reply.result.as_ref().unwrap().chat_id, 9_007_199_254_740_993);
    assert_eq!(Response::status(&reply), 200);
    assert_eq!(reply.headers()["content-type"], "application/json");
    assert_eq!(reply.rate_limit().unwrap().remaining, Some(999));
    assert_eq!(reply.trace_parent(), Some("00-1"));
}

#[tokio::test]
async fn both_sends_succeed_with_a_reply_that_only_says_so() {
    let server = Server::replying([Reply::json(200, DONE), Reply::json(200, DONE)]).await;
    let client = client(&server);
    let message = client.send_message_to_chat(7, 42, "Hello").send().await.unwrap().into_inner();
    let file = client.send_file_to_chat(7, 42, Upload::bytes("a", "a")).send().await.unwrap().into_inner();
    for EmptyApiResponse { status, .. } in [message, file] {
        assert_eq!(status, Some(ApiResponseStatusType::Ok));
    }
}

#[tokio::test]
async fn every_operation_reads_a_reply_without_a_content_type_or_with_a_wrong_one() {
    for operation in OPERATIONS {
        for reply in [Reply::status(200), Reply::status(200).header("Content-Type", "text/html")] {
            outcome(operation, reply.body(DONE)).await.expect(operation.0);
        }
    }
}

#[tokio::test]
async fn every_operation_takes_a_success_of_another_status_and_an_unknown_or_missing_state_of_success() {
    for operation in OPERATIONS {
        for reply in [
            Reply::json(201, DONE),
            Reply::json(202, "{}"),
            Reply::json(200, r#"{"status":null}"#),
            Reply::json(200, r#"{"status":"QUEUED","new":{"property":[1]}}"#),
        ] {
            outcome(operation, reply).await.expect(operation.0);
        }
    }
}

#[tokio::test]
async fn every_operation_takes_a_200_that_reports_a_failure_for_a_refusal() {
    for (body, code) in [
        (r#"{"status":"ERROR"}"#, None),
        (r#"{"status":"ERROR","errors":[{"code":"NO"}],"result":null}"#, Some("NO")),
        // What fits no declared reply at all is a refusal all the same.
        (r#"{"status":"ERROR","errors":[{"code":"NO"}],"result":{"chats":7}}"#, Some("NO")),
    ] {
        for operation in OPERATIONS {
            let error = outcome(operation, Reply::json(200, body)).await.unwrap_err();
            let Error::Api(refusal) = &error else { panic!("{error}") };
            assert_eq!(refusal.status().as_u16(), 200);
            assert!(matches!(refusal.body(), ErrorBody::Failure(_)), "{:?}", refusal.body());
            let codes = refusal.body().errors().unwrap_or_default().iter().map(|error| error.code.as_str());
            assert_eq!(codes.collect::<Vec<_>>(), code.into_iter().collect::<Vec<_>>());
            assert_eq!(refusal.excerpt(), body);
            assert!(
                error.to_string().contains("answered 200 OK, but its body reports a failure: "),
                "{error}"
            );
            assert!(!error.is_unsent());
        }
    }
}

#[tokio::test]
async fn a_200_that_reports_a_failure_is_no_success_although_it_has_a_result() {
    let failed = |reply| with(reply, "/status", json!("ERROR"));
    assert!(matches!(chats(failed(CHATS)).await, Err(Error::Api(_))));
    assert!(matches!(history(failed(HISTORY)).await, Err(Error::Api(_))));
    assert!(matches!(created(failed(r#"{"status":"OK","result":{"chatId":1}}"#)).await, Err(Error::Api(_))));
}

#[tokio::test]
async fn values_that_are_newer_than_the_client_keep_their_text() {
    let page = chats(with(CHATS, "/result/chats/0/type", json!("DIRECT"))).await.unwrap().into_inner();
    let chat = page.result.unwrap().chats.remove(0);
    assert_eq!((chat.r#type.as_str(), chat.r#type.to_string()), ("DIRECT", "DIRECT".to_owned()));

    let page = chats(with(CHATS, "/result/chats/1/status", json!("НОВЫЙ"))).await.unwrap().into_inner();
    match &page.result.unwrap().chats[1].status {
        ChatStatusType::Unrecognized(value) => assert_eq!(value.as_str(), "НОВЫЙ"),
        status => panic!("{status}"),
    }

    let page = history(with(HISTORY, "/result/messages/0/sender", json!("partner"))).await.unwrap();
    let sender = &page.result.as_ref().unwrap().messages[0].sender;
    assert_ne!(sender, &ChatMessageSenderType::Partner, "values are compared as they are written");
    assert_eq!(sender.as_str(), "partner");
}

#[tokio::test]
async fn a_list_that_is_null_is_empty() {
    let page = chats(with(CHATS, "/result/chats", Value::Null)).await.unwrap().into_inner().result.unwrap();
    assert!(page.chats.is_empty() && page.paging.is_some());
    let page = history(with(HISTORY, "/result/messages", Value::Null)).await.unwrap().into_inner();
    assert!(page.result.unwrap().messages.is_empty());
    let page = history(with(HISTORY, "/result/messages/0/payload", Value::Null)).await.unwrap();
    assert_eq!(page.result.as_ref().unwrap().messages[0].payload, None);
}

#[tokio::test]
async fn what_the_client_does_not_know_is_passed_over() {
    let context = json!({"chatId": 1, "orderId": 2, "type": "CHAT", "status": "NEW", "context": {"id": 1},
        "createdAt": "2024-08-29T10:00:00Z", "updatedAt": "2024-08-29T10:00:00Z", "unread": null});
    let page = chats(with(CHATS, "/result/chats/0", context)).await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.chats[0].chat_id, 1);
    let paging = json!({"nextPageToken": "next", "prevPageToken": 7});
    let page = history(with(HISTORY, "/result/paging", paging)).await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.paging.unwrap().next_page_token.as_deref(), Some("next"));
}

#[tokio::test]
async fn a_result_may_be_absent_or_null() {
    for body in [DONE, r#"{"status":"OK","result":null}"#, "{}"] {
        assert_eq!(chats(Reply::json(200, body)).await.unwrap().result, None);
        assert_eq!(history(Reply::json(200, body)).await.unwrap().result, None);
        assert_eq!(created(Reply::json(200, body)).await.unwrap().result, None);
    }
}

#[tokio::test]
async fn the_token_of_a_next_page_may_be_there_empty_null_or_absent() {
    for (paging, expected) in [
        (json!({"nextPageToken": "b"}), Some(Some("b"))),
        (json!({"nextPageToken": ""}), Some(Some(""))),
        (json!({"nextPageToken": null}), Some(None)),
        (json!({}), Some(None)),
        (Value::Null, None),
    ] {
        let page = chats(with(CHATS, "/result/paging", paging)).await.unwrap().into_inner().result.unwrap();
        let token = page.paging.as_ref().map(|paging| paging.next_page_token.as_deref());
        assert_eq!(token, expected);
    }
    let page = chats(without(CHATS, "/result", "paging")).await.unwrap().into_inner().result.unwrap();
    assert_eq!(page.paging, None);
}

#[tokio::test]
async fn a_value_of_another_type_is_named_by_its_place_in_the_reply() {
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
        (chats(with(CHATS, "/status", json!(true))).await.err(), "status"),
        (chats(with(CHATS, "/result", json!([]))).await.err(), "result"),
        (history(with(HISTORY, "/result/orderId", text.clone())).await.err(), "result.orderId"),
        (
            history(with(HISTORY, "/result/messages/0/payload/0/size", json!(2_147_483_648_u32))).await.err(),
            "result.messages[0].payload[0].size",
        ),
        (created(with(r#"{"result":{"chatId":1}}"#, "/result/chatId", text)).await.err(), "result.chatId"),
    ];
    for (error, path) in replies {
        let error = error.expect(path);
        assert!(
            error
                .to_string()
                .contains(&format!(" answered 200 OK, but its body is not as described, at `{path}`: ")),
            "{error}"
        );
        let Error::Decode(decode) = &error else { panic!("{error}") };
        assert_eq!((decode.path(), decode.status().as_u16()), (path, 200));
    }
}

#[tokio::test]
async fn a_required_property_that_is_missing_is_named_with_its_place() {
    for (error, path, property) in [
        (chats(without(CHATS, "/result/chats/1", "orderId")).await.err(), "result.chats[1]", "orderId"),
        (chats(without(CHATS, "/result", "chats")).await.err(), "result", "chats"),
        (
            history(without(HISTORY, "/result/messages/2", "sender")).await.err(),
            "result.messages[2]",
            "sender",
        ),
        (created(Reply::json(200, r#"{"result":{}}"#)).await.err(), "result", "chatId"),
    ] {
        let error = error.expect(property);
        let Error::Decode(decode) = &error else { panic!("{error}") };
        assert_eq!(decode.path(), path);
        assert!(error.to_string().contains(&format!("missing field `{property}`")), "{error}");
    }
}

#[tokio::test]
async fn every_operation_tells_what_is_no_json_and_that_the_server_may_have_done_its_work() {
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
            let Error::Decode(decode) = &error else { panic!("{error}") };
            assert_eq!((decode.status().as_u16(), decode.excerpt()), (200, body));
            assert_eq!(decode.content_type(), Some("application/json"));
            assert_eq!(error.operation().id, operation.0);
            assert!(!error.is_unsent(), "{error}");
        }
    }
}

#[tokio::test]
async fn every_operation_tells_a_reply_that_broke_off() {
    for operation in OPERATIONS {
        for reply in
            [Reply::json(200, DONE).cut(5, End::Close), Reply::json(200, DONE).chunked().cut(8, End::Reset)]
        {
            let error = outcome(operation, reply).await.unwrap_err();
            assert!(matches!(error, Error::Transport(_)), "{error}");
            assert_eq!((error.status().unwrap().as_u16(), error.is_unsent()), (200, false));
        }
    }
}
