//! What is refused before anything is sent, because the description rules it out.

use yandex_market_chats::types::{GetChatsRequest, SendMessageToChatRequest};
use yandex_market_chats::{CallOptions, Client, Error, Upload};

use crate::server::{Reply, Server};
use crate::support::{DONE, Pieces, Sending, TOKEN, builder, client, file, sending};

const MESSAGE_LIMIT: usize = 4_096;
const FILE_LIMIT: usize = 5 * 1024 * 1024;

/// A call that breaks one rule, and what is told of it.
type Refused = (fn(&Client, CallOptions) -> Sending, &'static str);

const REFUSED: [Refused; 8] = [
    (
        |client, options| sending(client.send_message_to_chat(7, 42, "").options(options).send()),
        "body.message: expected 1 to 4096 characters, found 0 characters",
    ),
    (
        |client, options| {
            sending(client.send_message_to_chat(7, 42, "я".repeat(MESSAGE_LIMIT + 1)).options(options).send())
        },
        "body.message: expected 1 to 4096 characters, found 4097 characters",
    ),
    (
        |client, options| {
            let body = SendMessageToChatRequest::new("");
            sending(client.send_message_to_chat(7, 42, "fine").body(body).options(options).send())
        },
        "body.message: expected 1 to 4096 characters, found 0 characters",
    ),
    (
        |client, options| sending(client.get_chats(7).order_ids([]).options(options).send()),
        "body.orderIds: expected at least 1 item, found 0 items",
    ),
    (
        |client, options| sending(client.get_chats(7).types([]).options(options).send()),
        "body.types: expected at least 1 item, found 0 items",
    ),
    (
        |client, options| {
            sending(client.get_chats(7).body(GetChatsRequest::new().statuses([])).options(options).send())
        },
        "body.statuses: expected at least 1 item, found 0 items",
    ),
    (
        |client, options| {
            let upload = Upload::bytes("a.bin", vec![0; FILE_LIMIT + 1]);
            sending(client.send_file_to_chat(7, 42, upload).options(options).send())
        },
        "body.file: expected at most 5242880 bytes, found 5242881 bytes",
    ),
    (
        |client, options| {
            let upload = Upload::stream("a.txt", Pieces::of(["a"]), Some(u64::MAX));
            sending(client.send_file_to_chat(7, 42, upload).options(options).send())
        },
        "body.file: expected at most 5242880 bytes, found 18446744073709551615 bytes",
    ),
];

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_place_rule_and_measure_and_never_sent() {
    let server = Server::replying([]).await;
    let client = client(&server);
    for (call, problem) in REFUSED {
        let error = call(&client, CallOptions::new()).await.unwrap_err();
        let line = error.to_string();
        assert!(line.ends_with(&format!(": not sent: {problem}")), "{line}");
        assert!(matches!(&error, Error::InvalidRequest(invalid) if invalid.violations().count() == 1));
        assert!(error.is_unsent() && error.status().is_none());
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let server = Server::replying([]).await;
    let error = client(&server).get_chats(7).order_ids([]).types([]).statuses([]).send().await.unwrap_err();
    let Error::InvalidRequest(invalid) = error else { panic!("{error}") };
    let places: Vec<_> = invalid.violations().map(|violation| violation.path.as_str()).collect();
    assert_eq!(places, ["body.orderIds", "body.types", "body.statuses"]);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_file_on_the_disk_that_is_too_large_is_not_read() {
    let path = file("too-large.bin", b"");
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(FILE_LIMIT as u64 + 1).unwrap();
    let upload = Upload::path(path).await.unwrap();
    let server = Server::replying([]).await;
    let error = client(&server).send_file_to_chat(7, 42, upload).send().await.unwrap_err();
    assert!(error.to_string().ends_with("expected at most 5242880 bytes, found 5242881 bytes"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_is_just_within_the_rules_is_sent() {
    let server = Server::replying(vec![Reply::json(200, DONE); 5]).await;
    let client = client(&server);
    let longest = "я".repeat(MESSAGE_LIMIT);
    client.send_message_to_chat(7, 42, &longest).send().await.unwrap();
    client.send_message_to_chat(7, 42, "😀".repeat(MESSAGE_LIMIT)).send().await.unwrap();
    client.send_message_to_chat(7, 42, " ").send().await.unwrap();
    client.get_chats(7).order_ids([0]).send().await.unwrap();
    client.send_file_to_chat(7, 42, Upload::bytes("a", vec![7; FILE_LIMIT])).send().await.unwrap();

    let requests = server.requests();
    assert_eq!(requests[0].json()["message"], longest);
    assert_eq!(requests[4].parts().await[0].content.len(), FILE_LIMIT);
}

#[tokio::test]
async fn the_checks_can_be_turned_off_for_a_call() {
    // The last one declares a length that it does not have.
    let (_, honest) = REFUSED.split_last().unwrap();
    let server = Server::replying(vec![Reply::json(200, DONE); honest.len()]).await;
    let client = client(&server);
    for (call, problem) in honest {
        call(&client, CallOptions::new().check_constraints(false)).await.expect(problem);
    }
    let requests = server.requests();
    assert_eq!(requests.len(), honest.len());
    assert_eq!(requests[0].json(), serde_json::json!({"message": ""}));
    assert_eq!(requests[3].json(), serde_json::json!({"orderIds": []}));
    assert_eq!(requests[6].parts().await[0].content.len(), FILE_LIMIT + 1);
}

#[tokio::test]
async fn the_checks_can_be_turned_off_for_a_client_and_on_again_for_a_call() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let lenient = builder(server.url()).oauth_token(TOKEN).check_constraints(false).build().unwrap();
    lenient.send_message_to_chat(7, 42, "").send().await.unwrap();
    let strict = CallOptions::new().check_constraints(true);
    lenient.send_message_to_chat(7, 42, "").options(strict).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}
