//! Calls from code that is not async.

use std::thread;

use loopback::{Reply, Scratch, Server};
use tokio::runtime::Runtime;
use yandex_market_chats::{Error, Response, Upload};

use crate::support::{DONE, client, order};

/// Starts a server, and returns it with the runtime that it runs in.
fn server(replies: impl IntoIterator<Item = Reply>) -> (Runtime, Server) {
    let runtime = Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::replying(replies));
    (runtime, server)
}

fn done<T>(outcome: Result<Response<T>, Error>) {
    outcome.expect("a response");
}

#[test]
fn every_operation_sends_blocking() {
    let (_runtime, server) = server(vec![Reply::json(200, DONE); 7]);
    let client = client(&server);
    let scratch = Scratch::new();
    let label = Upload::path_blocking(scratch.file("label.pdf", b"%PDF")).expect("a file");
    done(client.create_chat(7, order(5)).send_blocking());
    done(client.get_chats(7).send_blocking());
    done(client.get_chat(7, 42).send_blocking());
    done(client.get_chat_history(7, 42).send_blocking());
    done(client.get_chat_message(7, 42, 3).send_blocking());
    done(client.send_message_to_chat(7, 42, "Hello").send_blocking());
    done(client.send_file_to_chat(7, 42, label).send_blocking());
    assert_eq!(server.requests().len(), 7);
}

#[test]
fn connections_are_kept_between_calls() {
    const MANY: usize = 1_000;
    let (_runtime, server) = server(vec![Reply::json(200, DONE); MANY]);
    let client = client(&server);
    // The runtime's thread frees a connection, which may take until after the next call has begun.
    let is_reused = (0..MANY).any(|_| {
        done(client.get_chats(7).send_blocking());
        server.connections() < server.requests().len()
    });
    assert!(is_reused, "each of {MANY} calls made a connection");
}

#[test]
fn blocking_error_has_status() {
    let (_runtime, server) =
        server([Reply::json(404, r#"{"status":"ERROR","errors":[{"code":"NOT_FOUND"}]}"#)]);
    let error = client(&server).get_chats(7).send_blocking().unwrap_err();
    assert!(error.status().is_some_and(|status| status == 404), "{error}");
    assert!(Upload::path_blocking("no/such/file").is_err());
}

#[test]
fn paged_list_streams_in_blocking_code() {
    let page = |id: u64, paging: &str| {
        let chat = format!(
            r#"{{"chatId":{id},"context":{{"type":"ORDER","orderId":1}},"type":"CHAT","status":"NEW","createdAt":"2024-08-29T10:00:00+03:00","updatedAt":"2024-08-29T10:00:00+03:00"}}"#
        );
        Reply::json(200, format!(r#"{{"status":"OK","result":{{"chats":[{chat}],"paging":{paging}}}}}"#))
    };
    let (_runtime, server) = server([page(1, r#"{"nextPageToken":"a"}"#), page(2, "{}")]);
    let mut chats = client(&server).get_chats(7).stream();
    let mut ids = Vec::new();
    while let Some(chat) = chats.try_next_blocking().expect("a page") {
        ids.push(chat.chat_id);
    }
    assert_eq!(ids, [1, 2]);
}

#[test]
fn threads_share_a_client() {
    let (_runtime, server) = server(vec![Reply::json(200, DONE); 32]);
    let client = client(&server);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| client.get_chats(7).send_blocking().expect("a response"));
        }
    });
    assert_eq!(server.requests().len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_call_in_async_code_does_not_panic() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    client(&server).get_chats(7).send_blocking().expect("a response");
}
