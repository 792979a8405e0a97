//! Files at URLs that the API returned, on hosts that are not the API's.

use std::time::Duration;

use loopback::{End, Recorded, Reply, Scratch, Server};

use crate::runtime::{
    CallOptions, Client, Download, ErrorKind, Response, RetryConfig, TimeoutKind, TransportErrorKind,
};
use crate::support::{CHATS, Fake, TOKEN, builder, everything};

const SECRET: &str = "s3cret";

/// Returns a client of the API at a server, with secrets that must not be sent to another host.
fn client(api: &Server) -> Client {
    let headers =
        [("X-Default", SECRET), ("Cookie", SECRET), ("Authorization", SECRET), ("traceparent", SECRET)];
    let builder = builder(api.url()).oauth_token(TOKEN);
    let builder =
        headers.into_iter().fold(builder, |builder, (name, value)| builder.default_header(name, value));
    builder.retry(RetryConfig::new().initial_backoff(Duration::from_millis(1))).build().unwrap()
}

/// Returns the names of all headers, sorted.
fn header_names(request: &Recorded) -> Vec<String> {
    let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names
}

fn assert_nothing_secret(request: &Recorded) {
    assert_eq!(header_names(request), ["accept", "host", "user-agent"]);
    assert_eq!((request.method.as_str(), request.header("accept")), ("GET", Some("*/*")));
    assert!(request.body.is_empty());
}

fn file(content: impl Into<Vec<u8>>) -> Reply {
    Reply::status(200).header("Content-Type", "image/png").body(content)
}

fn redirect(target: &str) -> Reply {
    Reply::status(302).header("Location", target)
}

/// Downloads a file from a server with these responses.
async fn downloaded(replies: impl IntoIterator<Item = Reply>, path: &str) -> (Response<Download>, Server) {
    let (api, files) = (Server::replying([]).await, Server::replying(replies).await);
    let download = client(&api).download_url(format!("{}{path}", files.url())).await.unwrap();
    assert_eq!(api.connections(), 0);
    (download, files)
}

#[tokio::test]
async fn file_host_gets_nothing_secret() {
    let api = Server::replying([Reply::json(200, CHATS)]).await;
    let files = Server::replying([file("content")]).await;
    let client = client(&api);
    client.get_chats(7).send().await.unwrap();
    let headers = CallOptions::new().header("X-Call", SECRET);
    let call = client.download_url(format!("{}/a.png?sign=1#part", files.url())).options(headers);
    assert_eq!(call.await.unwrap().into_inner().bytes().await.unwrap(), "content");

    let request = files.request();
    assert_nothing_secret(&request);
    assert_eq!(request.target, "/a.png?sign=1");
    // The API's own request had them all.
    assert!(api.request().headers.iter().filter(|(_, value)| value.contains(SECRET)).count() >= 3);
}

#[tokio::test]
async fn redirect_is_followed_without_secrets() {
    let last = Server::replying([file("content")]).await;
    let target = format!("{}/real/b.png?key=1", last.url());
    let (download, first) = downloaded([redirect("/other"), redirect(&target)], "/a.png").await;
    assert_eq!(download.file_name(), "b.png");
    assert_eq!(download.into_inner().bytes().await.unwrap(), "content");
    for request in first.requests().iter().chain(&last.requests()) {
        assert_nothing_secret(request);
    }
    assert_eq!(first.requests()[1].target, "/other");
}

#[tokio::test]
async fn redirects_end_at_the_limit() {
    let (api, files) = (Server::replying([]).await, Server::replying(vec![redirect("/again"); 9]).await);
    let error = client(&api).download_url(files.url()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 302));
    assert_eq!(files.requests().len(), 6);
}

#[tokio::test]
async fn redirect_to_refused_url_is_an_error() {
    for target in
        ["http://example.com/", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http://[", "file:///etc/passwd"]
    {
        let (api, files) = (Server::replying([]).await, Server::replying([redirect(target)]).await);
        let error = client(&api).download_url(files.url()).await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 302), "{target}");
    }
}

#[tokio::test]
async fn refused_url_is_not_requested() {
    let api = Server::replying([]).await;
    let http = client(&api);
    let https = builder("https://example.com").oauth_token(TOKEN).transport(Fake::default()).build().unwrap();
    let cases = [
        (&http, "http://example.com/s3cret", "found one with the scheme `http`"),
        (&https, "http://127.0.0.1/s3cret", "found one with the scheme `http`"),
        (&https, "http://example.com/s3cret", "found one with the scheme `http`"),
        (&https, "https://user:s3cret@example.com/", "found one with a user name or a password"),
        (&https, "file:///s3cret", "found one with another scheme"),
        (&https, "s3cret", "the URL is invalid: relative URL without a base"),
    ];
    for (client, url, problem) in cases {
        let error = client.download_url(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{url}");
        let text = everything(&error);
        assert!(text.contains(problem) && !text.contains(SECRET), "{text}");
    }
    assert!(https.download_url("https://files.example.com/a").await.is_ok());
}

#[tokio::test]
async fn error_hides_the_query() {
    let (api, files) = (Server::replying([]).await, Server::replying([Reply::status(404)]).await);
    let call = client(&api).download_url(format!("{}/a.png?sign={SECRET}", files.url()));
    let shown = format!("{call:?}");
    let error = call.await.unwrap_err();
    let line = error.to_string();
    assert!(line.starts_with(&format!("downloadUrl: GET {}/a.png returned 404", files.url())), "{line}");
    assert!(!(everything(&error) + &shown).contains(SECRET), "{shown}");
}

#[tokio::test]
async fn temporary_failure_is_retried() {
    let (download, files) = downloaded([Reply::status(503), file("content")], "/a.png").await;
    assert_eq!((download.attempts(), files.requests().len()), (2, 2));
}

#[tokio::test]
async fn response_limit_ends_the_download() {
    let (api, files) = (Server::replying([]).await, Server::replying([file("content").chunked()]).await);
    let call = client(&api).download_url(files.url()).options(CallOptions::new().response_limit(6));
    let error = call.await.unwrap().into_inner().bytes().await.unwrap_err();
    assert_eq!(error.transport_kind(), Some(TransportErrorKind::ResponseTooLong));
    assert!(error.to_string().contains("it is longer than the limit of 6 bytes"), "{error}");
}

#[tokio::test]
async fn stalled_file_runs_into_the_read_timeout() {
    let (api, files) =
        (Server::replying([]).await, Server::replying([file("content").cut(3, End::Stall)]).await);
    let options = CallOptions::new().read_timeout(Duration::from_millis(200));
    let download = client(&api).download_url(files.url()).options(options).await.unwrap();
    let error = download.into_inner().bytes().await.unwrap_err();
    assert_eq!(error.timeout(), Some((TimeoutKind::Read, Duration::from_millis(200))));
}

#[tokio::test]
async fn name_comes_from_caller_header_or_url() {
    let named = || file("x").header("Content-Disposition", "attachment; filename=\"../from header.png\"");
    let (download, _) = downloaded([named()], "/from-url.png").await;
    assert_eq!(download.file_name(), "from header.png");
    let (download, _) =
        downloaded([file("x")], "/folder/%D1%84%D0%BE%D1%82%D0%BE%2F..%2Fb.png?c=d.txt").await;
    assert_eq!(download.file_name(), "b.png");
    let (download, _) = downloaded([file("x")], "/").await;
    assert_eq!(download.file_name(), "download");

    let (api, files) = (Server::replying([]).await, Server::replying([named()]).await);
    let download = client(&api).download_url(files.url()).file_name("own/CON.png").await.unwrap();
    assert_eq!(download.file_name(), "_CON.png");
}

#[tokio::test]
async fn saved_file_overwrites_nothing() {
    let scratch = Scratch::new();
    let folder = scratch.path("saved");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("a.png"), "old").unwrap();
    for (content, name) in [("one", "a (1).png"), ("two", "a (2).png")] {
        let (download, _) = downloaded([file(content)], "/a.png").await;
        let path = download.into_inner().save_to(&folder).await.unwrap();
        assert_eq!(path, folder.join(name));
        assert_eq!(std::fs::read_to_string(path).unwrap(), content);
    }
    assert_eq!(std::fs::read_to_string(folder.join("a.png")).unwrap(), "old");
}

#[tokio::test]
async fn broken_transfer_leaves_no_file() {
    let scratch = Scratch::new();
    let folder = scratch.path("saved");
    std::fs::create_dir(&folder).unwrap();
    let (download, _) = downloaded([file(vec![7; 1000]).cut(500, End::Close)], "/a.png").await;
    let error = download.into_inner().save_to(&folder).await.unwrap_err();
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<crate::runtime::Error>()).unwrap();
    assert_eq!(inner.transport_kind(), Some(TransportErrorKind::ResponseBody));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn missing_folder_is_reported_with_its_path() {
    let scratch = Scratch::new();
    let (download, _) = downloaded([file("x")], "/a.png").await;
    let error = download.into_inner().save_to(scratch.path("missing")).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(error.to_string().contains("missing"), "{error}");
}
