//! `examples/webhooks.rs` at work: Market's notifications over real HTTP.

use std::collections::BTreeSet;
use std::io;

use loopback::{Reply, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use yandex_market_chats::http::{HeaderMap, StatusCode};
use yandex_market_chats::transport::reqwest as tls;
use yandex_market_chats::webhooks::send_notification::{Response, parse};
use yandex_market_chats::webhooks::types::{
    NotificationType, SendNotificationErrorResponse, SendNotificationRequest, SendNotificationResponse,
};

use crate::support::client;

#[path = "../../examples/webhooks.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod example;

/// The example at work, and Market as it calls it and is called by it.
struct Running {
    market: Server,
    url: String,
    http: reqwest::Client,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Starts the example with Market's responses to its calls.
    async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let market = Server::replying(replies).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notification", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let serving =
            tokio::spawn(example::serve(listener, client(&market), async { stopped.await.unwrap_or(()) }));
        let http = tls::builder().unwrap().no_proxy().build().unwrap();
        Self { market, url, http, stop, serving }
    }

    async fn deliver(&self, event: &Value) -> (StatusCode, Value) {
        self.post(event.to_string()).await
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
        let response = self.http.post(&self.url).body(body).send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Stops the example, and returns the calls that it has made.
    async fn stop(self) -> Vec<String> {
        drop((self.http, self.stop));
        self.serving.await.unwrap().unwrap();
        let requests = self.market.requests();
        requests.into_iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }
}

fn message_sent(message: impl Into<Value>) -> Value {
    json!({
        "notificationType": "CHAT_MESSAGE_SENT", "businessId": 7, "chatId": 42, "messageId": message.into(),
        "sentAt": "2026-07-17T10:00:00Z",
    })
}

fn message_by(sender: &str) -> Reply {
    let message =
        json!({"messageId": 1, "createdAt": "2026-07-17T10:00:00Z", "sender": sender, "message": "Hi"});
    Reply::json(200, json!({"status": "OK", "result": message}).to_string())
}

fn sent() -> Reply {
    Reply::json(200, r#"{"status":"OK"}"#)
}

const READ: &str = "GET /v2/businesses/7/chats/message?chatId=42&messageId=";
const SEND: &str = "POST /v2/businesses/7/chats/message?chatId=42";

#[tokio::test]
async fn message_of_buyer_is_read_and_answered() {
    let running = Running::start([message_by("CUSTOMER"), sent()]).await;
    let (status, response) = running.deliver(&message_sent("5")).await;
    assert_eq!((status, &response["name"]), (StatusCode::OK, &json!("greeter")));
    assert_eq!(running.stop().await, [format!("{READ}5"), SEND.to_owned()]);
}

#[tokio::test]
async fn own_message_is_not_answered() {
    let running = Running::start([message_by("PARTNER")]).await;
    running.deliver(&message_sent("5")).await;
    assert_eq!(running.stop().await, [format!("{READ}5")]);
}

#[tokio::test]
async fn other_kinds_are_accepted_without_a_call() {
    let running = Running::start([]).await;
    let of_chat = |kind: &str, time: &str| json!({"notificationType": kind, "businessId": 7, "chatId": 42, time: "2026-07-17T10:00:00Z"});
    for event in [
        json!({"notificationType": "PING", "time": "2026-07-17T10:00:00Z"}),
        of_chat("CHAT_CREATED", "createdAt"),
        of_chat("CHAT_ARBITRAGE_STARTED", "startedAt"),
        of_chat("CHAT_ARBITRAGE_FINISHED", "finishedAt"),
        json!({"notificationType": "ORDER_CREATED", "orderId": 5, "items": [{"offerId": "a"}]}),
        json!({"notificationType": "NEW_KIND"}),
    ] {
        let (status, response) = running.deliver(&event).await;
        assert_eq!(status, StatusCode::OK, "{event}");
        let properties: BTreeSet<_> = response.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(properties, BTreeSet::from(["name", "time", "version"]), "{event}");
    }
    assert!(running.stop().await.is_empty());
}

#[tokio::test]
async fn repeated_event_is_handled_once() {
    let running = Running::start([message_by("PARTNER")]).await;
    for _ in 0..3 {
        assert_eq!(running.deliver(&message_sent("5")).await.0, StatusCode::OK);
    }
    assert_eq!(running.stop().await, [format!("{READ}5")]);
}

#[tokio::test]
async fn event_that_failed_is_handled_when_repeated() {
    let running = Running::start([Reply::json(404, r#"{"status":"ERROR"}"#)]).await;
    running.deliver(&message_sent("5")).await;
    running.market.has_got(1).await;
    running.market.reply(message_by("PARTNER"));
    // The worker gives the claim back soon after it has the response.
    while running.market.requests().len() < 2 {
        running.deliver(&message_sent("5")).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(running.stop().await, [format!("{READ}5"), format!("{READ}5")]);
}

#[tokio::test]
async fn message_without_number_makes_no_call() {
    let running = Running::start([]).await;
    assert_eq!(running.deliver(&message_sent("five")).await.0, StatusCode::OK);
    assert!(running.stop().await.is_empty());
}

#[tokio::test]
async fn malformed_event_is_refused_as_described() {
    let running = Running::start([]).await;
    let wrong = message_sent(5).to_string();
    for body in ["", "{", "[]", "{\"notificationType\": \"PING\"", wrong.as_str()] {
        let (status, response) = running.post(body.to_owned()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(response["error"]["type"], "WRONG_EVENT_FORMAT", "{body}");
    }
    assert!(running.stop().await.is_empty());
}

#[tokio::test]
async fn large_body_is_refused() {
    let running = Running::start([]).await;
    let (status, _) = running.post(vec![b' '; 10 * 1024 * 1024]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(running.stop().await.is_empty());
}

#[tokio::test]
async fn thousand_concurrent_events_are_each_handled_once() {
    const EVENTS: usize = 1_000;
    let running = Running::start((0..EVENTS).map(|_| message_by("PARTNER"))).await;
    let mut deliveries = JoinSet::new();
    for delivery in 0..2 * EVENTS {
        let event = message_sent((delivery / 2 + 1).to_string()).to_string();
        let (http, url) = (running.http.clone(), running.url.clone());
        // What does not fit into the queue is delivered again, as Market does.
        deliveries.spawn(async move {
            while http.post(&url).body(event.clone()).send().await.unwrap().status() != StatusCode::OK {}
        });
    }
    deliveries.join_all().await;
    let calls = running.stop().await;
    assert_eq!(calls.len(), EVENTS);
    assert_eq!(calls.into_iter().collect::<BTreeSet<_>>().len(), EVENTS);
}

#[test]
fn unknown_kind_survives_a_round_trip() {
    let event =
        json!({"notificationType": "ORDER_CREATED", "orderId": 5, "items": [{"count": 1.50}], "x": null});
    let read = parse(&HeaderMap::new(), event.to_string().as_bytes()).unwrap();
    assert!(matches!(read, SendNotificationRequest::Unrecognized(_)));
    assert_eq!(serde_json::to_value(&read).unwrap(), event);
    let known = message_sent("5");
    let read = parse(&HeaderMap::new(), known.to_string().as_bytes()).unwrap();
    let SendNotificationRequest::ChatMessageSentNotification(event) = &read else { panic!("{read:?}") };
    assert_eq!(event.notification_type, NotificationType::ChatMessageSent);
    assert_eq!(serde_json::to_value(&read).unwrap(), known);
}

#[test]
fn error_of_webhook_names_the_place() {
    let error = parse(&HeaderMap::new(), message_sent(5).to_string().as_bytes()).unwrap_err();
    assert!(error.to_string().contains("expected a string"), "{error}");
}

#[test]
fn responses_know_status_and_bytes() {
    let time = "2026-07-17T10:00:00Z".parse().unwrap();
    let accepted = Response::Ok(SendNotificationResponse::new("1.0", "shop", time)).into_http();
    assert_eq!(
        (accepted.status(), &accepted.headers()["content-type"]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    let body: Value = serde_json::from_slice(accepted.body()).unwrap();
    assert_eq!(body, json!({"version": "1.0", "name": "shop", "time": "2026-07-17T10:00:00Z"}));
    let refused = Response::BadRequest(SendNotificationErrorResponse::new());
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.into_http().body(), b"{}");
}
