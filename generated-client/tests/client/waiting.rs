//! `examples/answer_waiting.rs` at work.

use loopback::{Reply, Server};
use yandex_market_chats::transport::{Attempt, Body, BoxFuture, Transport, TransportError};
use yandex_market_chats::{Client, http};

use crate::support::{KEY, builder};

#[path = "../../examples/answer_waiting.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod answer_waiting;

use answer_waiting::patient;

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
async fn waiting_chats_are_answered_except_missing_ones() {
    let sent = || Reply::json(200, r#"{"status":"OK"}"#);
    let gone = Reply::json(404, r#"{"status":"ERROR"}"#);
    let server = Server::replying([chats([1, 2, 3]), sent(), gone, sent()]).await;
    let client = builder(server.url()).api_key(KEY).build().unwrap();
    assert_eq!(answer_waiting::answer_waiting(&client, 7, "Soon").await.unwrap(), 2);
    let requests = server.requests();
    assert_eq!(requests[0].json(), serde_json::json!({"statuses": ["WAITING_FOR_PARTNER"]}));
    let targets: Vec<_> = requests[1..].iter().map(|request| request.target.as_str()).collect();
    let expected = [1, 2, 3].map(|id| format!("/v2/businesses/7/chats/message?chatId={id}"));
    assert_eq!(targets, expected);
}

/// A server that is always unavailable, without a network: the paused clock waits for none.
#[derive(Debug)]
struct Unavailable;

impl Transport for Unavailable {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        let response = http::Response::builder().status(503).body(Body::empty());
        Box::pin(async { Ok(response.expect("a response")) })
    }
}

#[tokio::test(start_paused = true)]
async fn patient_client_makes_five_attempts() {
    let builder = Client::builder().api_key(KEY).transport(Unavailable);
    let error =
        answer_waiting::answer_waiting(&patient(builder).build().unwrap(), 7, "Soon").await.unwrap_err();
    assert_eq!(error.attempts(), 5);
}
