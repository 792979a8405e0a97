//! Responses that are files.

use std::time::Duration;

use loopback::{End, HeldClock, Reply, Server};

use crate::error::{self, ErrorBody};
use crate::runtime::{
    CallOptions, Download, Error, ErrorKind, Request, Response, TimeoutKind, TransportErrorKind,
};
use crate::support::{PROBE, client};

async fn download(server: &Server, options: CallOptions) -> Result<Response<Download>, Error> {
    let client = client(server);
    let mut request = Request::new(&client, &PROBE, options);
    request.accept("application/pdf, application/json");
    request.send_download(error::decode).await
}

fn pdf(body: impl Into<Vec<u8>>) -> Reply {
    Reply::status(200).header("Content-Type", "application/pdf").body(body)
}

#[tokio::test]
async fn file_arrives_unchanged_with_type_and_length() {
    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let server = Server::replying([pdf(content.clone())]).await;
    let reply = download(&server, CallOptions::new()).await.unwrap();
    assert_eq!((reply.media_type(), reply.length()), (Some("application/pdf"), Some(100_000)));
    assert_eq!(reply.into_inner().bytes().await.unwrap(), content);
    assert_eq!(server.request().header("accept"), Some("application/pdf, application/json"));
}

#[tokio::test]
async fn file_of_unknown_length_arrives_in_pieces() {
    let server = Server::replying([pdf(vec![7; 300_000]).chunked()]).await;
    let mut reply = download(&server, CallOptions::new()).await.unwrap();
    assert_eq!(reply.length(), None);
    let (mut pieces, mut length) = (0, 0);
    while let Some(piece) = reply.chunk().await.unwrap() {
        pieces += 1;
        length += piece.len();
    }
    assert_eq!(length, 300_000);
    assert!(pieces > 1, "the pieces were joined first");
}

#[tokio::test]
async fn error_of_download_is_typed() {
    let server = Server::replying([Reply::json(404, r#"{"status":"ERROR"}"#)]).await;
    let error = download(&server, CallOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    assert!(matches!(error.body(), Some(ErrorBody::NotFound(_))), "{error}");
}

#[tokio::test]
async fn truncated_file_is_an_error() {
    for reply in [pdf(vec![7; 1000]).cut(500, End::Close), pdf(vec![7; 1000]).cut(500, End::Reset)] {
        let server = Server::replying([reply]).await;
        let reply = download(&server, CallOptions::new()).await.unwrap().into_inner();
        let error = reply.bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert_eq!(error.transport_kind(), Some(TransportErrorKind::ResponseBody));
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.to_string().ends_with("not retried: the body is read while it arrives"), "{error}");
    }
}

#[tokio::test]
async fn stalled_file_ends_at_read_timeout() {
    let server = Server::replying([pdf(vec![7; 1000]).cut(500, End::Stall)]).await;
    let options = CallOptions::new().read_timeout(Duration::from_millis(200));
    let reply = download(&server, options).await.unwrap().into_inner();
    let error = reply.bytes().await.unwrap_err();
    assert_eq!(error.timeout(), Some((TimeoutKind::Read, Duration::from_millis(200))));
}

#[tokio::test(start_paused = true)]
async fn silent_server_ends_at_attempt_timeout() {
    let _clock = HeldClock::new();
    let limit = Duration::from_millis(200);
    let server = Server::replying([Reply::none(End::Stall)]).await.passing(limit);
    let options = CallOptions::new().attempt_timeout(limit);
    let error = download(&server, options).await.unwrap_err();
    assert_eq!(error.timeout(), Some((TimeoutKind::Attempt, Duration::from_millis(200))));
}
