//! Streams of items. What is read from server-sent events follows the HTML standard; the situations are those of its
//! test suite.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use loopback::{End, HeldClock, Reply, Server};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error;
use crate::runtime::{
    Attempt, Body, BoxFuture, CallOptions, Client, Error, ErrorKind, EventStream, Method, Operation, Request,
    RetryConfig, Safety, StreamContent, StreamEvent, StreamFormat, TimeoutKind, Transport, TransportError,
    TransportErrorKind,
};
use crate::support::{TOKEN, builder, operation};

static LISTEN: Operation = {
    let mut listen = operation(Method::GET, "/listen", &[]);
    listen.safety = Safety::ReadOnly;
    listen
};
static SUBMIT: Operation = operation(Method::POST, "/submit", &[]);

const fn format(content: StreamContent) -> StreamFormat {
    StreamFormat { accept: "text/event-stream", content, terminator: None }
}

static TEXT: StreamFormat = format(StreamContent::Text);
static JSON: StreamFormat = format(StreamContent::Json);
static TEXT_EVENT: StreamFormat = format(StreamContent::TextEvent);
static JSON_EVENT: StreamFormat = format(StreamContent::JsonEvent);
static LINES: StreamFormat = format(StreamContent::Lines);
static SEQUENCE: StreamFormat = format(StreamContent::Sequence);
static TERMINATED: StreamFormat = StreamFormat { terminator: Some("[DONE]"), ..format(StreamContent::Json) };

/// A transport whose response arrives in pieces.
#[derive(Debug)]
struct Pieces(Mutex<Option<Vec<Bytes>>>);

impl Transport for Pieces {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let body = Body::stream(Iter(pieces.into_iter()), None);
        Box::pin(async move { Ok(http::Response::new(body)) })
    }
}

struct Iter(std::vec::IntoIter<Bytes>);

impl Stream for Iter {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

fn stream<T>(client: &Client, format: &'static StreamFormat, options: CallOptions) -> EventStream<T> {
    Request::new(client, &LISTEN, options).stream(client, format, error::decode)
}

async fn all<T: DeserializeOwned>(mut stream: EventStream<T>) -> Vec<Result<StreamEvent<T>, Error>> {
    let mut items = Vec::new();
    loop {
        match stream.try_next_event().await {
            Ok(Some(item)) => items.push(Ok(item)),
            Ok(None) => return items,
            Err(error) => items.push(Err(error)),
        }
    }
}

/// Reads a stream that arrives in these pieces: items, and the kinds of errors.
async fn read(
    format: &'static StreamFormat,
    pieces: &[&[u8]],
    limit: usize,
) -> Vec<Result<Event, ErrorKind>> {
    let pieces = pieces.iter().map(|piece| Bytes::copy_from_slice(piece)).collect();
    let transport = Pieces(Mutex::new(Some(pieces)));
    let client = Client::builder().base_url("http://localhost").retry(RetryConfig::disabled());
    let client = client.oauth_token(TOKEN).transport(transport).build().unwrap();
    let stream = stream::<Value>(&client, format, CallOptions::new().response_limit(limit));
    let items = all(stream).await.into_iter();
    items.map(|item| item.map(Event::from).map_err(|error| error.kind())).collect()
}

type Event = (Option<String>, Option<String>, Value);

impl From<StreamEvent<Value>> for Event {
    fn from(StreamEvent { kind, id, item, .. }: StreamEvent<Value>) -> Self {
        (kind, id, item)
    }
}

async fn whole(format: &'static StreamFormat, text: &[u8]) -> Vec<Result<Event, ErrorKind>> {
    read(format, &[text], 1 << 20).await
}

/// Reads the texts in the data of events.
async fn data(text: impl AsRef<[u8]>) -> Vec<String> {
    let events = whole(&TEXT, text.as_ref()).await.into_iter().map(Result::unwrap);
    events.map(|(_, _, item)| item.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn data_lines_are_joined() {
    assert_eq!(data("data: one\ndata:two\n\ndata:  three\n\n").await, ["one\ntwo", " three"]);
    assert_eq!(data("data\n\n").await, [""]);
    assert_eq!(data("data\ndata\n\ndata:test\n\n").await, ["\n", "test"]);
    assert_eq!(data("data:a:b\n\n").await, ["a:b"]);
    assert_eq!(data("data:\tone\n\n").await, ["\tone"]);
}

#[tokio::test]
async fn event_without_an_empty_line_is_dropped() {
    assert_eq!(data("data: one\n\ndata: two").await, ["one"]);
    assert_eq!(data("data: one\n\ndata: two\n").await, ["one"]);
}

#[tokio::test]
async fn event_without_data_is_dropped() {
    assert_eq!(data("event: a\n\nid: 1\n\n\n\ndata: one\n\n").await, ["one"]);
}

#[tokio::test]
async fn comments_and_unknown_fields_are_skipped() {
    assert_eq!(data(": hi\n:\ndata: one\n:hi\ndata: two\n\n").await, ["one\ntwo"]);
    assert_eq!(data("Data: no\n data: no\ndatas: no\ndata : no\nnone\ndata: one\n\n").await, ["one"]);
}

#[tokio::test]
async fn lines_end_by_each_newline() {
    assert_eq!(data("data: a\rdata: b\r\rdata: c\r\n\r\ndata: d\n\n").await, ["a\nb", "c", "d"]);
    assert_eq!(data("data: a\n\r\ndata: b\r\n\n").await, ["a", "b"]);
    assert_eq!(data("data: a\r\n\rdata: b\n\r").await, ["a", "b"]);
}

#[tokio::test]
async fn first_byte_order_mark_is_dropped() {
    assert_eq!(
        data("\u{feff}data: one\n\n\u{feff}data: no\n\ndata: \u{feff}\n\n").await,
        ["one", "\u{feff}"]
    );
    assert_eq!(data("\u{feff}\u{feff}data: no\n\ndata: one\n\n").await, ["one"]);
}

#[tokio::test]
async fn invalid_utf8_is_replaced() {
    assert_eq!(data(b"data: a\xffb\xe2\x82\n\ndata: \xe2\x82\xac\n\n").await, ["a\u{fffd}b\u{fffd}", "€"]);
}

#[tokio::test]
async fn null_in_data_is_kept() {
    assert_eq!(data("data: a\0b\n\n").await, ["a\0b"]);
}

#[tokio::test]
async fn kind_is_that_of_the_event() {
    let events = whole(&TEXT, b"event: a\nevent: b\ndata: 1\n\ndata: 2\n\nevent\ndata: 3\n\n").await;
    let kinds: Vec<_> = events.into_iter().map(|event| event.unwrap().0).collect();
    assert_eq!(kinds, [Some("b".to_owned()), None, None]);
}

#[tokio::test]
async fn id_holds_until_the_next() {
    let text = b"id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\nid: 2\n\ndata: e\n\n";
    let ids: Vec<_> = whole(&TEXT, text).await.into_iter().map(|event| event.unwrap().1).collect();
    let one = || Some("1".to_owned());
    assert_eq!(ids, [one(), one(), one(), None, Some("2".to_owned())]);
}

#[tokio::test]
async fn whole_event_has_its_fields() {
    let events = whole(&TEXT_EVENT, b"event: e\nid: 7\nretry: 10\ndata: 5\n\nretry: x1\ndata: 6\n\n").await;
    let items: Vec<_> = events.into_iter().map(|event| event.unwrap().2).collect();
    assert_eq!(items, [json!({"event": "e", "id": "7", "retry": 10, "data": "5"}), json!({"data": "6"})]);
    let events = whole(&JSON_EVENT, b"event: e\ndata: {\"a\":\ndata: 1}\n\ndata: text\n\n").await;
    let items: Vec<_> = events.into_iter().map(|event| event.unwrap().2).collect();
    assert_eq!(items, [json!({"event": "e", "data": {"a": 1}}), json!({"data": "text"})]);
}

#[tokio::test]
async fn lines_are_json() {
    let items = whole(&LINES, b"\xef\xbb\xbf{\"a\":1}\r\n\n \n[2]\nno\n\"\xe2\x82\xac\"\n4").await;
    let items: Vec<_> = items.into_iter().map(|item| item.map(|item| item.2)).collect();
    assert_eq!(
        items,
        [Ok(json!({"a": 1})), Ok(json!([2])), Err(ErrorKind::Decode), Ok(json!("€")), Ok(json!(4))]
    );
}

#[tokio::test]
async fn sequence_has_json_texts() {
    let text =
        b"\x1e{\"a\":\n [1, \"}\\\"\"]\n}\n\x1e\x1e2\n\x1e{\"cut\":\x1etrue\x1e[3]\x1e\"s\"\n\x1e{\"a\":1}";
    let items = whole(&SEQUENCE, text).await;
    let items: Vec<_> = items.into_iter().map(|item| item.map(|item| item.2)).collect();
    assert_eq!(
        items,
        [
            Ok(json!({"a": [1, "}\""]})),
            Ok(json!(2)),
            Err(ErrorKind::Decode),
            Err(ErrorKind::Decode),
            Ok(json!([3])),
            Ok(json!("s")),
            Ok(json!({"a": 1})),
        ]
    );
    assert_eq!(whole(&SEQUENCE, b"\x1e12").await, [Err(ErrorKind::Decode)]);
    assert_eq!(whole(&SEQUENCE, b"\x1e12\n").await.len(), 1);
}

#[tokio::test]
async fn long_item_is_an_error_and_the_next_one_is_read() {
    let long = format!("data: {}\ndata: b\n\ndata: c\n\n", "a".repeat(100));
    let events = read(&TEXT, &[long.as_bytes()], 64).await;
    assert_eq!(events, [Err(ErrorKind::Transport), Ok((None, None, json!("c")))]);
    // Many short lines are one long event, in pieces of any size.
    let long = format!("{}\n\ndata: c\n\n", "data: a\n".repeat(40));
    let pieces: Vec<_> = long.as_bytes().chunks(5).collect();
    assert_eq!(read(&TEXT, &pieces, 64).await, [Err(ErrorKind::Transport), Ok((None, None, json!("c")))]);
    let long = format!("\"{}\"\n1\n", "a".repeat(100));
    assert_eq!(
        read(&LINES, &[long.as_bytes()], 64).await,
        [Err(ErrorKind::Transport), Ok((None, None, json!(1)))]
    );
    let long = format!("\x1e[\"{}\",\n1]\n\x1e1\n", "a".repeat(100));
    assert_eq!(
        read(&SEQUENCE, &[long.as_bytes()], 64).await,
        [Err(ErrorKind::Transport), Ok((None, None, json!(1)))]
    );
}

#[tokio::test]
async fn pieces_do_not_change_items() {
    let text = "\u{feff}: c\r\nid: 1\r\nevent: é\rdata: a€\n\r\ndata\r\n\r\n\x1e{\"a\": \"\\\"\u{1f600}\"}\n\x1e[1,\n2]\nretry: 3\ndata:b\n\n"
        .as_bytes();
    for format in [&TEXT_EVENT, &JSON, &LINES, &SEQUENCE] {
        let expected = read(format, &[text], 40).await;
        for first in 0..=text.len() {
            for second in [first, first + 1, first + 3, text.len()] {
                let second = second.min(text.len());
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                assert_eq!(read(format, &pieces, 40).await, expected, "{format:?} {first} {second}");
            }
        }
        let bytes: Vec<_> = text.chunks(1).collect();
        assert_eq!(read(format, &bytes, 40).await, expected, "{format:?}");
    }
}

#[tokio::test]
async fn random_text_is_read_alike_in_any_pieces() {
    const TOKENS: [&[u8]; 18] = [
        b"data",
        b"id",
        b"event",
        b"retry",
        b":",
        b": ",
        b" ",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        "\u{feff}".as_bytes(),
        b"\xe2\x82",
        b"\x1e",
        b"{\"a\":1}",
        b"\"",
        b"12",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..600 {
        let text: Vec<u8> =
            (0..random.usize(1..40)).flat_map(|_| TOKENS[random.usize(..TOKENS.len())]).copied().collect();
        for format in [&TEXT_EVENT, &JSON_EVENT, &LINES, &SEQUENCE] {
            let limit = random.usize(4..80);
            let expected = read(format, &[&text], limit).await;
            let mut pieces: Vec<&[u8]> = Vec::new();
            let mut rest = &text[..];
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(random.usize(1..=rest.len().min(6)));
                pieces.push(piece);
                rest = after;
            }
            assert_eq!(read(format, &pieces, limit).await, expected, "round {round}: {format:?} {text:?}");
        }
    }
}

fn events(body: &str) -> Reply {
    Reply::status(200).header("Content-Type", "text/event-stream; charset=utf-8").body(body)
}

fn client(server: &Server, retry: RetryConfig) -> Client {
    builder(server.url()).oauth_token(TOKEN).retry(retry).build().unwrap()
}

/// Retries without a wait of note.
fn quick() -> RetryConfig {
    RetryConfig::new().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(1))
}

#[tokio::test]
async fn stream_arrives_in_chunks_of_any_size() {
    let body = "id: 1\r\ndata: {\"a\":\r\ndata: \"é€\"}\r\n\r\ndata: 2\n\n";
    for size in [1, 2, 3, 5, 1000] {
        let server = Server::replying([events(body).chunks_of(size)]).await;
        let client = client(&server, RetryConfig::disabled());
        let items = all(stream::<Value>(&client, &JSON, CallOptions::new())).await;
        let items: Vec<_> = items.into_iter().map(|item| item.unwrap().item).collect();
        assert_eq!(items, [json!({"a": "é€"}), json!(2)]);
        assert_eq!(server.request().header("accept"), Some("text/event-stream"));
        assert_eq!(server.request().header("last-event-id"), None);
    }
}

#[tokio::test]
async fn wrong_item_is_an_error_and_the_stream_goes_on() {
    let server = Server::replying([events("data: 1\n\ndata: {\"x\"\n\ndata: \"s\"\n\ndata: 3\n\n")]).await;
    let client = client(&server, RetryConfig::disabled());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    let values: Vec<_> = items.iter().map(|item| item.as_ref().ok().map(|event| event.item)).collect();
    assert_eq!(values, [Some(1), None, None, Some(3)]);
    let error = items[2].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.excerpt()), (ErrorKind::Decode, "\"s\""), "{error}");
}

#[tokio::test]
async fn terminator_ends_the_stream() {
    let server =
        Server::replying([events("data: 1\n\ndata: [DONE]\n\ndata: 2\n\n"), events("data: 1\n\n")]).await;
    let client = client(&server, RetryConfig::disabled());
    let items = all(stream::<u8>(&client, &TERMINATED, CallOptions::new())).await;
    assert_eq!(items.len(), 1);
    let items = all(stream::<u8>(&client, &TERMINATED, CallOptions::new())).await;
    let error = items[1].as_ref().unwrap_err();
    assert_eq!(error.transport_kind(), Some(TransportErrorKind::ResponseBody));
    assert!(error.to_string().contains("it ended before `[DONE]`"), "{error}");
}

#[tokio::test]
async fn stream_reconnects_after_the_last_event() {
    let replies = [
        events("retry: 2\nid: a\ndata: 1\n\nid: é\ndata: 2\n\ndata: lost").cut(45, End::Reset),
        events("data: 3\n\n"),
        events("id: b\ndata: 4\n\n"),
        Reply::status(204),
    ];
    let server = Server::replying(replies).await;
    let client = client(&server, quick());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    let items: Vec<_> = items.into_iter().map(|item| item.unwrap().item).collect();
    assert_eq!(items, [1, 2, 3, 4]);
    let ids: Vec<_> =
        server.requests().iter().map(|it| it.header("last-event-id").map(str::to_owned)).collect();
    assert_eq!(ids, [None, Some("é".to_owned()), Some("é".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn stream_ends_after_connections_without_events() {
    let server = Server::replying([events("id: a\ndata: 1\n\n"), events(""), events(": hi\n\n")]).await;
    let client = client(&server, quick());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    assert_eq!((items.len(), server.requests().len()), (1, 3));
}

#[tokio::test]
async fn broken_stream_without_ids_is_an_error() {
    let broken = || events("data: 1\n\ndata: 2\n\n").cut(9, End::Close);
    let server = Server::replying([broken(), broken()]).await;
    let client = client(&server, quick());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    let error = items[1].as_ref().unwrap_err();
    assert_eq!(error.transport_kind(), Some(TransportErrorKind::ResponseBody));
    assert!(error.to_string().ends_with("not retried: the body is read while it arrives"), "{error}");
    assert_eq!((items.len(), server.requests().len()), (2, 1));
}

#[tokio::test]
async fn unsafe_operation_does_not_reconnect() {
    let server = Server::replying([events("id: a\ndata: 1\n\n")]).await;
    let client = client(&server, quick());
    let request = Request::new(&client, &SUBMIT, CallOptions::new());
    let items = all(request.stream::<u8>(&client, &JSON, error::decode)).await;
    assert_eq!((items.len(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn disabled_retries_disable_reconnecting() {
    let server = Server::replying([events("id: a\ndata: 1\n\n")]).await;
    let client = client(&server, RetryConfig::disabled());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    assert_eq!((items.len(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn error_response_is_an_error_of_the_stream() {
    let server = Server::replying([Reply::json(404, r#"{"status":"ERROR"}"#), Reply::json(200, "{}")]).await;
    let client = client(&server, RetryConfig::disabled());
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    assert_eq!(items[0].as_ref().unwrap_err().status().map(|status| status.as_u16()), Some(404));
    let items = all(stream::<u8>(&client, &JSON, CallOptions::new())).await;
    let error = items[0].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn send_waits_for_the_head() {
    let server =
        Server::replying([events("data: 1\n\n").header("X-Room", "a"), Reply::json(401, "{}")]).await;
    let client = client(&server, RetryConfig::disabled());
    let send = || async {
        let request = Request::new(&client, &LISTEN, CallOptions::new());
        request.send_stream::<u8>(&client, &JSON, error::decode).await
    };
    let response = send().await.unwrap();
    assert_eq!(response.headers()["x-room"], "a");
    assert_eq!(response.into_inner().try_next().await.unwrap(), Some(1));
    assert_eq!(send().await.unwrap_err().kind(), ErrorKind::Api);
}

#[tokio::test]
async fn invalid_request_is_an_error_of_the_stream() {
    let client = Client::builder().base_url("http://localhost").oauth_token(TOKEN).build().unwrap();
    let options = CallOptions::new().header("not a name", "x");
    let mut stream = stream::<u8>(&client, &JSON, options);
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(stream.try_next().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn idle_stream_times_out() {
    let _clock = HeldClock::new();
    let limit = Duration::from_secs(60);
    let stalled = events("data: 1\n\ndata: 2\n\n").cut(9, End::Stall);
    let server = Server::replying([stalled]).await;
    let client = client(&server, RetryConfig::disabled());
    let mut stream = stream::<u8>(&client, &JSON, CallOptions::new().attempt_timeout(limit / 10));
    assert_eq!(stream.try_next().await.unwrap(), Some(1));
    let wait = stream.try_next();
    tokio::pin!(wait);
    let first = std::future::poll_fn(|cx| Poll::Ready(wait.as_mut().poll(cx).is_pending())).await;
    assert!(first, "the limit ends at once");
    tokio::time::advance(limit).await;
    let error = wait.await.unwrap_err();
    assert_eq!(error.timeout(), Some((TimeoutKind::Read, limit)), "{error}");
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection() {
    let server = Server::replying([events("data: 1\n\ndata: 2\n\n").cut(9, End::Stall)]).await;
    let client = client(&server, quick());
    let mut stream = stream::<u8>(&client, &JSON, CallOptions::new());
    assert_eq!(stream.try_next().await.unwrap(), Some(1));
    drop(stream);
    server.has_lost(1).await;
}

#[cfg(feature = "blocking")]
#[test]
fn stream_is_read_without_async() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::replying([events("data: 1\n\n")]));
    let client = client(&server, RetryConfig::disabled());
    let mut stream = stream::<u8>(&client, &JSON, CallOptions::new());
    assert_eq!(stream.try_next_blocking().unwrap(), Some(1));
    assert_eq!(stream.try_next_blocking().unwrap(), None);
}
