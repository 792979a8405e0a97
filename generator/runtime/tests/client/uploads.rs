//! Files and forms, parsed by an independent library.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use loopback::{End, Part, Recorded, Reply, Scratch, Server};

use crate::error;
use crate::runtime::{
    CallOptions, Client, Error, ErrorKind, Form, Method, Operation, Request, RetryConfig, TransportErrorKind,
    Upload,
};
use crate::support::{client, operation};

/// A stream of these pieces.
struct Pieces(VecDeque<io::Result<Bytes>>);

impl Pieces {
    fn of<const N: usize>(pieces: [&'static str; N]) -> Self {
        Self(pieces.map(|piece| Ok(Bytes::from(piece))).into())
    }

    fn then_failing(mut self) -> Self {
        self.0.push_back(Err(io::Error::other("the disk is gone")));
        self
    }
}

impl futures_core::Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

async fn sent(upload: Upload) -> (Recorded, Part) {
    let server = Server::replying([Reply::json(200, "{}")]).await;
    client(&server).send_file_to_chat(1, 2, upload).send().await.unwrap();
    let request = server.request();
    let mut parts = request.parts().await;
    assert_eq!(parts.len(), 1);
    (request, parts.remove(0))
}

async fn failed(upload: Upload) -> (Error, Server) {
    let server = Server::replying([Reply::json(200, "{}")]).await;
    let error = client(&server).send_file_to_chat(1, 2, upload).send().await.unwrap_err();
    (error, server)
}

#[tokio::test]
async fn bytes_arrive_with_name_type_and_exact_length() {
    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let (request, part) = sent(Upload::bytes("label.pdf", content.clone())).await;
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/businesses/1/chats/file/send?chatId=2")
    );
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(request.header("transfer-encoding"), None);
    assert!(request.header("content-type").unwrap().starts_with("multipart/form-data; boundary=form-"));
    assert_eq!(part.disposition, r#"form-data; name="file"; filename="label.pdf""#);
    assert_eq!(part.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(part.content, content);
}

#[tokio::test]
async fn media_type_is_guessed_from_name_unless_set() {
    for (name, media_type) in [
        ("photo.JPG", "image/jpeg"),
        ("photo.png", "image/png"),
        ("archive.tar.gz", "application/gzip"),
        ("unknown.xyzzy", "application/octet-stream"),
        ("none", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        assert_eq!(
            sent(Upload::bytes(name, "x")).await.1.content_type.as_deref(),
            Some(media_type),
            "{name}"
        );
    }
    let upload = Upload::bytes("photo.png", "x").media_type("image/x-own; v=1").file_name("other.gif");
    let part = sent(upload).await.1;
    assert_eq!(part.content_type.as_deref(), Some("image/x-own; v=1"));
    assert!(part.disposition.ends_with(r#"filename="other.gif""#));
}

#[tokio::test]
async fn file_names_are_sent_as_browsers_send_them() {
    for (name, sent_as) in [
        ("накладная №5.pdf", "накладная №5.pdf"),
        ("a\"b\".txt", "a%22b%22.txt"),
        ("a\r\nX-Evil: 1.txt", "a%0D%0AX-Evil: 1.txt"),
        ("a\\b 100%.txt", "a\\b 100%.txt"),
        ("😀.txt", "😀.txt"),
    ] {
        let part = sent(Upload::bytes(name, "x")).await.1;
        assert_eq!(part.disposition, format!("form-data; name=\"file\"; filename=\"{sent_as}\""));
        assert_eq!(part.name.as_deref(), Some("file"));
    }
}

#[tokio::test]
async fn line_break_in_media_type_is_unsent() {
    let (error, server) = failed(Upload::bytes("a", "x").media_type("text/plain\r\nX-Evil: 1")).await;
    assert!(
        error.to_string().ends_with("file: expected a media type that a header can carry, found another one")
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn file_on_disk_is_sent_under_its_own_name() {
    let scratch = Scratch::new();
    let upload = Upload::path(scratch.file("фото.png", b"content")).await.unwrap();
    assert_eq!(upload.length(), Some(7));
    let (request, part) = sent(upload).await;
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(part.disposition, r#"form-data; name="file"; filename="фото.png""#);
    assert_eq!(part.content_type.as_deref(), Some("image/png"));
    assert_eq!(part.content, "content");
}

#[tokio::test]
async fn empty_file_is_sent() {
    let scratch = Scratch::new();
    let upload = Upload::path(scratch.file("empty.txt", b"")).await.unwrap();
    assert_eq!(sent(upload).await.1.content, "");
    assert_eq!(sent(Upload::bytes("empty.txt", "")).await.1.content, "");
    assert_eq!(sent(Upload::stream("empty.txt", Pieces::of([]), None)).await.1.content, "");
    assert_eq!(sent(Upload::stream("empty.txt", Pieces::of(["", ""]), Some(0))).await.1.content, "");
}

#[tokio::test]
async fn large_file_is_streamed() {
    const LENGTH: u64 = 20 * 1024 * 1024;
    let scratch = Scratch::new();
    let path = scratch.path("large.bin");
    std::fs::File::create(&path).unwrap().set_len(LENGTH).unwrap();
    let upload = Upload::path(&path).await.unwrap();
    let (request, part) = sent(upload).await;
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(part.content.len() as u64, LENGTH);
}

#[tokio::test]
async fn unreadable_path_is_reported_with_its_name() {
    let missing = Upload::path("no such file.txt").await.unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    assert!(missing.to_string().starts_with("`no such file.txt`: "), "{missing}");
    let folder = Upload::path(std::env::temp_dir()).await.unwrap_err();
    assert!(folder.to_string().ends_with("it is not a regular file"), "{folder}");
}

async fn changed(scratch: &Scratch, change: impl FnOnce(&Path)) -> Error {
    let path = scratch.file("changing.txt", b"content");
    let upload = Upload::path(&path).await.unwrap();
    change(&path);
    let (error, server) = failed(upload).await;
    assert_eq!(server.connections(), 0, "the request was sent");
    assert!(error.is_unsent());
    error
}

#[tokio::test]
async fn changed_or_deleted_file_is_unsent() {
    let scratch = Scratch::new();
    let error = changed(&scratch, |path| std::fs::write(path, "cont").unwrap()).await.to_string();
    assert!(error.contains("the request could not be made: `"), "{error}");
    assert!(
        error.contains("changing.txt`: it had 7 bytes when the upload was made, and has 4 now; "),
        "{error}"
    );
    let error = changed(&scratch, |path| {
        std::fs::write(path, "content, and more").unwrap();
    })
    .await
    .to_string();
    assert!(error.contains("it had 7 bytes when the upload was made, and has 17 now; "), "{error}");
    let error = changed(&scratch, |path| std::fs::remove_file(path).unwrap()).await;
    assert!(error.transport_kind() == Some(TransportErrorKind::Setup), "{error}");
}

#[tokio::test]
async fn file_truncated_while_sending_is_an_error() {
    // More than fits into the sockets' buffers, and a server that does not read: the sending must wait, and
    // the file can be cut.
    const LENGTH: u64 = 64 * 1024 * 1024;
    let scratch = Scratch::new();
    let path = scratch.path("cut.bin");
    std::fs::File::create(&path).unwrap().set_len(LENGTH).unwrap();
    let upload = Upload::path(&path).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = crate::support::builder(url).oauth_token("t").build().unwrap();
    let unlimited = CallOptions::new().check_constraints(false);
    let sending = tokio::spawn(client.send_file_to_chat(1, 2, upload).options(unlimited).send());

    let (mut stream, _) = listener.accept().await.unwrap();
    stream.readable().await.unwrap();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1).unwrap();
    let reading = tokio::spawn(async move { tokio::io::copy(&mut stream, &mut tokio::io::sink()).await });

    let error = sending.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the request's body could not be read: `"), "{error}");
    assert!(error.to_string().contains("cut.bin`: it became shorter while it was sent; "), "{error}");
    let received = reading.await.unwrap().unwrap_or(0);
    assert!(received < LENGTH, "the server got {received} bytes");
}

#[tokio::test]
async fn stream_declares_its_length_or_is_chunked() {
    let (request, part) = sent(Upload::stream("a.txt", Pieces::of(["one ", "", "two"]), Some(7))).await;
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(part.content, "one two");

    let (request, part) = sent(Upload::stream("a.txt", Pieces::of(["one ", "two"]), None)).await;
    assert_eq!(request.header("content-length"), None);
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    assert_eq!(part.content, "one two");
}

#[tokio::test]
async fn failing_or_mislabelled_stream_is_an_error() {
    for (stream, length, said) in [
        (Pieces::of(["one"]), Some(7), "it ended before its declared length"),
        (Pieces::of(["one", "two", "three"]), Some(7), "it is longer than its declared length"),
        (Pieces::of(["one"]).then_failing(), Some(7), "the disk is gone"),
        (Pieces::of(["one"]).then_failing(), None, "the disk is gone"),
    ] {
        let (error, server) = failed(Upload::stream("a.txt", stream, length)).await;
        let failure = &error;
        assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
        assert_eq!(failure.transport_kind(), Some(TransportErrorKind::RequestBody), "{error}");
        assert!(
            error.to_string().contains(&format!("the request's body could not be read: {said}; ")),
            "{error}"
        );
        assert!(server.requests().is_empty(), "the server accepted an incomplete upload");
    }
}

#[tokio::test]
async fn too_large_upload_is_unsent() {
    let (error, server) = failed(Upload::stream("a.txt", Pieces::of([]), Some(50_000_001))).await;
    let line = error.to_string();
    assert!(line.ends_with("body.file: expected at most 50000000 bytes, found 50000001 bytes"), "{line}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn upload_refused_early_is_an_error() {
    let server = Server::replying([Reply::none(End::Reset).early()]).await;
    let upload = Upload::bytes("a.bin", vec![0; 8 * 1024 * 1024]);
    let error = client(&server).send_file_to_chat(1, 2, upload).send().await.unwrap_err();
    assert!(error.transport_kind() == Some(TransportErrorKind::Exchange), "{error}");
    assert!(!error.is_unsent());
}

static FORM: Operation = operation(Method::POST, "/form", &[]);

#[tokio::test]
async fn form_has_texts_objects_and_files_in_order() {
    let server = Server::replying([Reply::status(204)]).await;
    let client = client(&server);
    let mut form = Form::new();
    form.text("title", &"два\r\nслова");
    form.text("tags", &vec!["a", "b"]);
    form.text("none", &None::<i32>);
    form.json("meta \"x\"", &serde_json::json!({"a": [1]}));
    form.files("files", [Upload::bytes("1.txt", "one"), Upload::bytes("2.txt", "two")]);
    form.files("optional", None);
    let mut request = Request::new(&client, &FORM, CallOptions::new());
    request.multipart(form);
    request.send_empty(error::decode).await.unwrap();

    let parts = server.request().parts().await;
    let shown: Vec<_> = parts
        .iter()
        .map(|part| {
            let content = std::str::from_utf8(&part.content).unwrap();
            (part.disposition.strip_prefix("form-data; ").unwrap(), part.content_type.as_deref(), content)
        })
        .collect();
    assert_eq!(
        shown,
        [
            (r#"name="title""#, None, "два\r\nслова"),
            (r#"name="tags""#, None, "a"),
            (r#"name="tags""#, None, "b"),
            (r#"name="meta %22x%22""#, Some("application/json"), r#"{"a":[1]}"#),
            (r#"name="files"; filename="1.txt""#, Some("text/plain"), "one"),
            (r#"name="files"; filename="2.txt""#, Some("text/plain"), "two"),
        ]
    );
}

#[tokio::test]
async fn form_without_parts_is_sent() {
    let server = Server::replying([Reply::status(204)]).await;
    let client = client(&server);
    let mut request = Request::new(&client, &FORM, CallOptions::new());
    request.multipart(Form::new());
    request.send_empty(error::decode).await.unwrap();
    let body = String::from_utf8(server.request().body).unwrap();
    assert!(body.starts_with("--form-") && body.ends_with("--\r\n"), "{body}");
}

#[tokio::test]
async fn boundaries_are_unique_and_lookalikes_are_content() {
    let (first, _) = sent(Upload::bytes("a", "x")).await;
    let boundary =
        |request: &Recorded| multer::parse_boundary(request.header("content-type").unwrap()).unwrap();
    let mut trap = Vec::new();
    write!(trap, "\r\n--{0}--\r\n--form-\r\n--form-{1}\r\n", boundary(&first), "0".repeat(32)).unwrap();
    let (second, part) = sent(Upload::bytes("a", trap.clone())).await;
    assert_ne!(boundary(&first), boundary(&second));
    assert_eq!(part.content, trap);
}

/// Returns a client that retries without long backoffs.
fn retrying(server: &Server) -> Client {
    let retry = RetryConfig::new().initial_backoff(Duration::from_millis(1));
    crate::support::builder(server.url()).oauth_token("t").retry(retry).build().unwrap()
}

/// Returns statuses after which a call can be retried: after one the request is unprocessed, after one this is unknown.
fn temporary() -> [(u16, CallOptions); 2] {
    [(429, CallOptions::new()), (503, CallOptions::new().idempotent(true))]
}

#[tokio::test]
async fn retryable_stream_is_made_for_each_attempt() {
    for ((status, options), length) in temporary().into_iter().zip([Some(7), None]) {
        let server = Server::replying([Reply::json(status, "{}"), Reply::json(200, "{}")]).await;
        let made = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&made);
        let stream = move || {
            count.fetch_add(1, Ordering::Relaxed);
            Pieces::of(["one ", "two"])
        };
        let upload = Upload::retryable_stream("a.txt", stream, length);
        assert_eq!(upload.length(), length);
        let call = retrying(&server).send_file_to_chat(1, 2, upload).options(options);
        assert_eq!(call.await.unwrap().attempts(), 2);
        assert_eq!(made.load(Ordering::Relaxed), 2);
        for request in server.requests() {
            assert_eq!(request.parts().await[0].content, "one two", "{status}");
        }
    }
}

#[tokio::test]
async fn plain_stream_is_not_retried() {
    for (status, options) in temporary() {
        let server = Server::replying([Reply::json(status, "{}"), Reply::json(200, "{}")]).await;
        let upload = Upload::stream("a.txt", Pieces::of(["one ", "two"]), Some(7));
        let error = retrying(&server).send_file_to_chat(1, 2, upload).options(options).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (status, 1));
        assert!(error.to_string().contains("; not retried: "), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

/// The calls of a progress function.
type Reports = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

/// Adds a progress function to an upload.
fn observed(upload: Upload) -> (Upload, Reports) {
    let reports = Reports::default();
    let kept = Arc::clone(&reports);
    (upload.on_progress(move |sent, total| kept.lock().unwrap().push((sent, total))), reports)
}

#[tokio::test]
async fn progress_counts_up_to_the_length() {
    const LENGTH: usize = 300_000;
    let scratch = Scratch::new();
    let file = scratch.file("a.bin", vec![7; LENGTH]);
    let stream = Pieces((0..3).map(|_| Ok(Bytes::from(vec![7; LENGTH / 3]))).collect());
    for (upload, total) in [
        (Upload::bytes("a.bin", vec![7; LENGTH]), Some(LENGTH as u64)),
        (Upload::path(file).await.unwrap(), Some(LENGTH as u64)),
        (Upload::stream("a.bin", stream, None), None),
    ] {
        let (upload, reports) = observed(upload);
        assert_eq!(sent(upload).await.1.content.len(), LENGTH);
        let reports = reports.lock().unwrap();
        assert!(reports.iter().all(|(_, of)| *of == total), "{reports:?}");
        let counts: Vec<_> = reports.iter().map(|(sent, _)| *sent).collect();
        assert!(counts.len() > 3 && counts.is_sorted_by(|a, b| a < b), "{counts:?}");
        assert_eq!((counts.first(), counts.last()), (Some(&0), Some(&(LENGTH as u64))));
    }
}

#[tokio::test]
async fn progress_starts_again_with_each_attempt() {
    let server = Server::replying([Reply::json(429, "{}"), Reply::json(200, "{}")]).await;
    let (upload, reports) = observed(Upload::bytes("a.txt", "content"));
    retrying(&server).send_file_to_chat(1, 2, upload).await.unwrap();
    let total = Some(7);
    assert_eq!(*reports.lock().unwrap(), [(0, total), (7, total), (0, total), (7, total)]);
}
