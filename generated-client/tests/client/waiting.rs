//! `examples/answer_waiting.rs` at work.

use loopback::{Reply, Server};
use yandex_market_chats::{ErrorBody, http};

use crate::support::client;

#[path = "../../examples/answer_waiting.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod answer_waiting;

fn chats(ids: [i64; 3]) -> Reply {
    let chats = ids.map(|id| {
        format!(
            r#"{{"chatId":{id},"type":"CHAT","status":"WAITING_FOR_PARTNER","context":{{"type":"DIRECT"}},
            "createdAt":"2026-07-17T10:00:00Z","updatedAt":"2026-07-17T10:00:00Z"}}"#
        )
    });
    Reply::json(200, format!(r#"{{"status":"OK","result":{{"chats":[{}]}}}}"#, chats.join(",")))
}

#[tokio::test]
async fn failure_of_one_chat_spares_the_others() {
    let sent = || Reply::json(200, r#"{"status":"OK"}"#);
    let gone = Reply::json(404, r#"{"status":"ERROR"}"#);
    let server = Server::replying([chats([1, 2, 3]), sent(), gone, sent()]).await;
    let [first, second, third] =
        answer_waiting::answer_waiting(&client(&server), 7, "Soon").await.unwrap().try_into().unwrap();
    assert!(matches!((&first, &third), ((1, Ok(())), (3, Ok(())))), "{first:?}, {third:?}");
    assert!(matches!(second.1.unwrap_err().body(), Some(ErrorBody::NotFound(_))));
    let requests = server.requests();
    assert_eq!(requests[0].json(), serde_json::json!({"statuses": ["WAITING_FOR_PARTNER"]}));
    let targets: Vec<_> = requests[1..].iter().map(|request| request.target.as_str()).collect();
    let expected = [1, 2, 3].map(|id| format!("/v2/businesses/7/chats/message?chatId={id}"));
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn key_that_only_reads_ends_the_answers() {
    let server = Server::replying([chats([1, 2, 3]), Reply::json(403, r#"{"status":"ERROR"}"#)]).await;
    let error = answer_waiting::answer_waiting(&client(&server), 7, "Soon").await.unwrap_err();
    assert_eq!(error.status(), Some(http::StatusCode::FORBIDDEN));
    assert_eq!(server.requests().len(), 2, "nothing is sent after that");
}
