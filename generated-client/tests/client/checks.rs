//! Requests that break a rule of the description: they are refused before anything is sent.

use loopback::{Reply, Scratch, Server};
use yandex_market_chats::Violation;
use yandex_market_chats::types::{
    ChatContextType, ChatStatusType, GetChatsRequest, SendMessageToChatRequest,
};
use yandex_market_chats::{CallOptions, Client, Error, ErrorKind, Upload, operations};

use crate::support::{DONE, KEY, Pieces, Sending, builder, client, order, sending};

const MESSAGE_LIMIT: usize = operations::SendMessageToChat::MAX_MESSAGE_CHARS;
const FILE_LIMIT: usize = 5 * 1024 * 1024;

/// A call that breaks one rule, the reported violation, and the request that the server gets without checks.
type Refused = (fn(&Client, CallOptions) -> Sending, &'static str, &'static str);

/// Messages, lists and files that are too long or too short.
const WRONG_SIZES: [Refused; 9] = [
    (
        |client, options| sending(client.send_message_to_chat(7, 42, "").options(options).send()),
        "body.message: expected 1 to 4096 characters, found 0 characters",
        r#"POST /v2/businesses/7/chats/message?chatId=42 {"message":""}"#,
    ),
    (
        |client, options| {
            sending(client.send_message_to_chat(7, 42, "я".repeat(MESSAGE_LIMIT + 1)).options(options).send())
        },
        "body.message: expected 1 to 4096 characters, found 4097 characters",
        r#"POST /v2/businesses/7/chats/message?chatId=42 {"message":"яяя"#,
    ),
    (
        |client, options| {
            let body = SendMessageToChatRequest::new("");
            sending(client.send_message_to_chat(7, 42, "fine").body(body).options(options).send())
        },
        "body.message: expected 1 to 4096 characters, found 0 characters",
        r#"POST /v2/businesses/7/chats/message?chatId=42 {"message":""}"#,
    ),
    (
        |client, options| sending(client.get_chats(7).contexts([]).options(options).send()),
        "body.contexts: expected at least 1 item, found 0 items",
        r#"POST /v2/businesses/7/chats {"contexts":[]}"#,
    ),
    (
        |client, options| sending(client.get_chats(7).context_types([]).options(options).send()),
        "body.contextTypes: expected at least 1 item, found 0 items",
        r#"POST /v2/businesses/7/chats {"contextTypes":[]}"#,
    ),
    (
        |client, options| sending(client.get_chats(7).types([]).options(options).send()),
        "body.types: expected at least 1 item, found 0 items",
        r#"POST /v2/businesses/7/chats {"types":[]}"#,
    ),
    (
        |client, options| {
            let body = GetChatsRequest::new().statuses([]);
            sending(client.get_chats(7).body(body).options(options).send())
        },
        "body.statuses: expected at least 1 item, found 0 items",
        r#"POST /v2/businesses/7/chats {"statuses":[]}"#,
    ),
    (
        #[allow(deprecated, reason = "what is deprecated is checked too")]
        |client, options| sending(client.get_chats(7).order_ids([]).options(options).send()),
        "body.orderIds: expected at least 1 item, found 0 items",
        r#"POST /v2/businesses/7/chats {"orderIds":[]}"#,
    ),
    (
        |client, options| {
            let upload = Upload::bytes("a.bin", vec![0; FILE_LIMIT + 1]);
            sending(client.send_file_to_chat(7, 42, upload).options(options).send())
        },
        "body.file: expected at most 5242880 bytes, found 5242881 bytes",
        "POST /v2/businesses/7/chats/file/send?chatId=42 --",
    ),
];

/// Numbers that are out of range, in the path, the query and the body.
const WRONG_NUMBERS: [Refused; 20] = [
    (
        |client, options| sending(client.create_chat(0, order(1)).options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/0/chats/new {\"context\":{\"type\":\"ORDER\",\"id\":1}}",
    ),
    (
        |client, options| sending(client.create_chat(7, order(0)).options(options).send()),
        "body.context.id: expected a number of at least 1, found one that is too small",
        r#"POST /v2/businesses/7/chats/new {"context":{"type":"ORDER","id":0}}"#,
    ),
    (
        |client, options| sending(client.get_chat(-7, 42).options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        "GET /v2/businesses/-7/chat?chatId=42 ",
    ),
    (
        |client, options| sending(client.get_chat(7, 0).options(options).send()),
        "chatId: expected a number of at least 1, found one that is too small",
        "GET /v2/businesses/7/chat?chatId=0 ",
    ),
    (
        |client, options| sending(client.get_chat_history(7, 0).options(options).send()),
        "chatId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/7/chats/history?chatId=0 {}",
    ),
    (
        |client, options| sending(client.get_chat_history(7, 42).limit(0).options(options).send()),
        "limit: expected a number of 1 to 100, found one that is too small",
        "POST /v2/businesses/7/chats/history?chatId=42&limit=0 {}",
    ),
    (
        |client, options| sending(client.get_chat_history(7, 42).limit(101).options(options).send()),
        "limit: expected a number of 1 to 100, found one that is too large",
        "POST /v2/businesses/7/chats/history?chatId=42&limit=101 {}",
    ),
    (
        |client, options| sending(client.get_chat_history(7, 42).message_id_from(0).options(options).send()),
        "body.messageIdFrom: expected a number of at least 1, found one that is too small",
        r#"POST /v2/businesses/7/chats/history?chatId=42 {"messageIdFrom":0}"#,
    ),
    (
        |client, options| sending(client.get_chat_message(7, i64::MIN, 3).options(options).send()),
        "chatId: expected a number of at least 1, found one that is too small",
        "GET /v2/businesses/7/chats/message?chatId=-9223372036854775808&messageId=3 ",
    ),
    (
        |client, options| sending(client.get_chat_message(7, 42, 0).options(options).send()),
        "messageId: expected a number of at least 1, found one that is too small",
        "GET /v2/businesses/7/chats/message?chatId=42&messageId=0 ",
    ),
    (
        |client, options| sending(client.get_chats(0).options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/0/chats {}",
    ),
    (
        |client, options| sending(client.get_chats(7).limit(0).options(options).send()),
        "limit: expected a number of 1 to 20, found one that is too small",
        "POST /v2/businesses/7/chats?limit=0 {}",
    ),
    (
        |client, options| sending(client.get_chats(7).limit(21).options(options).send()),
        "limit: expected a number of 1 to 20, found one that is too large",
        "POST /v2/businesses/7/chats?limit=21 {}",
    ),
    (
        |client, options| {
            let contexts = [order(1), order(-1)];
            sending(client.get_chats(7).contexts(contexts).options(options).send())
        },
        "body.contexts[1].id: expected a number of at least 1, found one that is too small",
        r#"POST /v2/businesses/7/chats {"contexts":[{"type":"ORDER","id":1},{"type":"ORDER","id":-1}]}"#,
    ),
    (
        |client, options| {
            sending(client.send_file_to_chat(7, 0, Upload::bytes("a", "a")).options(options).send())
        },
        "chatId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/7/chats/file/send?chatId=0 --",
    ),
    (
        |client, options| sending(client.send_message_to_chat(7, 0, "Hello").options(options).send()),
        "chatId: expected a number of at least 1, found one that is too small",
        r#"POST /v2/businesses/7/chats/message?chatId=0 {"message":"Hello"}"#,
    ),
    (
        |client, options| sending(client.get_chat_history(0, 42).options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/0/chats/history?chatId=42 {}",
    ),
    (
        |client, options| sending(client.get_chat_message(0, 42, 3).options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        "GET /v2/businesses/0/chats/message?chatId=42&messageId=3 ",
    ),
    (
        |client, options| {
            sending(client.send_file_to_chat(0, 42, Upload::bytes("a", "a")).options(options).send())
        },
        "businessId: expected a number of at least 1, found one that is too small",
        "POST /v2/businesses/0/chats/file/send?chatId=42 --",
    ),
    (
        |client, options| sending(client.send_message_to_chat(0, 42, "Hello").options(options).send()),
        "businessId: expected a number of at least 1, found one that is too small",
        r#"POST /v2/businesses/0/chats/message?chatId=42 {"message":"Hello"}"#,
    ),
];

/// Filters with equal items.
const REPEATED: [Refused; 3] = [
    (
        |client, options| {
            let contexts = [order(1), order(2), order(1), order(1)];
            sending(client.get_chats(7).contexts(contexts).options(options).send())
        },
        "body.contexts: expected no two equal items, found 2 repeated items",
        r#"POST /v2/businesses/7/chats {"contexts":[{"type":"ORDER","id":1},{"type":"ORDER","id":2},"#,
    ),
    (
        |client, options| {
            let types = ["DIRECT".into(), ChatContextType::Direct];
            sending(client.get_chats(7).context_types(types).options(options).send())
        },
        "body.contextTypes: expected no two equal items, found 1 repeated item",
        r#"POST /v2/businesses/7/chats {"contextTypes":["DIRECT","DIRECT"]}"#,
    ),
    (
        |client, options| {
            let statuses = [ChatStatusType::from("PAUSED"), "PAUSED".into()];
            sending(client.get_chats(7).statuses(statuses).options(options).send())
        },
        "body.statuses: expected no two equal items, found 1 repeated item",
        r#"POST /v2/businesses/7/chats {"statuses":["PAUSED","PAUSED"]}"#,
    ),
];

/// Returns all calls that break a rule.
fn refused() -> impl Iterator<Item = Refused> {
    WRONG_SIZES.into_iter().chain(WRONG_NUMBERS).chain(REPEATED)
}

/// Asserts that a call failed with this violation, unsent.
fn assert_refused(outcome: Result<(), Error>, problem: &str) {
    let error = outcome.expect_err(problem);
    let line = error.to_string();
    assert!(line.ends_with(&format!(": not sent: {problem}")), "{line}");
    assert!(error.violations().len() == 1);
    assert!(error.is_unsent() && error.status().is_none());
}

#[tokio::test]
async fn broken_rule_is_reported_with_place_and_unsent() {
    let server = Server::replying([]).await;
    let client = client(&server);
    for (call, problem, _) in refused() {
        assert_refused(call(&client, CallOptions::new()).await, problem);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn stream_that_declares_too_much_is_refused() {
    let server = Server::replying([]).await;
    let upload = Upload::stream("a.txt", Pieces::of(["a"]), Some(u64::MAX));
    let outcome = sending(client(&server).send_file_to_chat(7, 42, upload).send()).await;
    assert_refused(outcome, "body.file: expected at most 5242880 bytes, found 18446744073709551615 bytes");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn all_violations_are_reported_together() {
    let server = Server::replying([]).await;
    let client = client(&server);
    let call = client.get_chats(0).limit(21).contexts([order(0)]).types([]);
    let error = call.statuses([]).send().await.unwrap_err();
    let invalid = error;
    assert_eq!(invalid.kind(), ErrorKind::InvalidRequest, "{invalid}");
    let places: Vec<_> = invalid.violations().iter().map(Violation::path).collect();
    assert_eq!(places, ["businessId", "limit", "body.contexts[0].id", "body.types", "body.statuses"]);

    let error = client.get_chat_message(0, 0, 0).send().await.unwrap_err();
    let invalid = error;
    assert_eq!(invalid.kind(), ErrorKind::InvalidRequest, "{invalid}");
    let places: Vec<_> = invalid.violations().iter().map(Violation::path).collect();
    assert_eq!(places, ["businessId", "chatId", "messageId"]);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn too_large_file_on_disk_is_not_read() {
    let scratch = Scratch::new();
    let path = scratch.file("too-large.bin", b"");
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(FILE_LIMIT as u64 + 1).unwrap();
    let upload = Upload::path(path).await.unwrap();
    let server = Server::replying([]).await;
    let error = client(&server).send_file_to_chat(7, 42, upload).send().await.unwrap_err();
    assert!(error.to_string().ends_with("expected at most 5242880 bytes, found 5242881 bytes"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn values_at_the_limits_are_sent() {
    let calls: [fn(&Client) -> Sending; 11] = [
        |client| sending(client.send_message_to_chat(1, 1, "я".repeat(MESSAGE_LIMIT)).send()),
        |client| sending(client.send_message_to_chat(7, 42, "😀".repeat(MESSAGE_LIMIT)).send()),
        |client| sending(client.send_message_to_chat(7, 42, " ").send()),
        |client| sending(client.send_file_to_chat(1, 1, Upload::bytes("a", vec![7; FILE_LIMIT])).send()),
        |client| sending(client.create_chat(1, order(1)).send()),
        |client| sending(client.get_chat(1, 1).send()),
        |client| sending(client.get_chat_message(1, 1, 1).send()),
        |client| sending(client.get_chat_history(1, 1).limit(1).message_id_from(1).send()),
        |client| sending(client.get_chat_history(i64::MAX, i64::MAX).limit(100).send()),
        |client| sending(client.get_chats(1).limit(1).contexts([order(1), order(2)]).send()),
        |client| {
            sending(
                client
                    .get_chats(7)
                    .limit(20)
                    .types(yandex_market_chats::types::ChatType::VALUES.to_vec())
                    .send(),
            )
        },
    ];
    let server = Server::replying(vec![Reply::json(200, DONE); calls.len()]).await;
    let client = client(&server);
    for call in calls {
        call(&client).await.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests[0].json()["message"], "я".repeat(MESSAGE_LIMIT));
    assert_eq!(requests[3].parts().await[0].content.len(), FILE_LIMIT);
}

#[tokio::test]
async fn property_without_rule_is_not_checked() {
    let server = Server::replying([Reply::json(200, DONE), Reply::json(200, DONE)]).await;
    let client = client(&server);
    #[allow(deprecated, reason = "the deprecated identifiers have no least value")]
    let (create, list) = (client.create_chat(7, order(1)).order_id(0), client.get_chats(7).order_ids([0]));
    create.send().await.unwrap();
    list.send().await.unwrap();
    assert_eq!(
        server.requests()[0].json(),
        serde_json::json!({"orderId": 0, "context": {"type": "ORDER", "id": 1}})
    );
}

#[tokio::test]
async fn checks_disabled_for_call_send_broken_request() {
    for (call, problem, expected) in refused() {
        let server = Server::replying([Reply::json(200, DONE)]).await;
        call(&client(&server), CallOptions::new().check_constraints(false)).await.expect(problem);
        let request = server.request();
        let sent =
            format!("{} {} {}", request.method, request.target, String::from_utf8_lossy(&request.body));
        assert!(sent.starts_with(expected), "{problem}: {sent:.200}");
        if problem.starts_with("body.file: ") {
            assert_eq!(request.parts().await[0].content.len(), FILE_LIMIT + 1);
        }
    }
}

#[tokio::test]
async fn checks_of_call_override_those_of_client() {
    let server = Server::replying([Reply::json(200, DONE), Reply::json(200, DONE)]).await;
    let lenient = builder(server.url()).api_key(KEY).check_constraints(false).build().unwrap();
    lenient.send_message_to_chat(7, 42, "").send().await.unwrap();
    lenient.get_chat(7, 0).send().await.unwrap();
    let strict = || CallOptions::new().check_constraints(true);
    lenient.send_message_to_chat(7, 42, "").options(strict()).send().await.unwrap_err();
    lenient.get_chat(7, 0).options(strict()).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 2);
}
