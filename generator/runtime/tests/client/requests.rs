//! Requests, as the server receives them.

use chrono::{DateTime, NaiveDate, NaiveTime};
use loopback::{Reply, Server};

use crate::runtime::{CallOptions, Method, Operation, Param};
use crate::support::{CHATS, PROBE, TOKEN, builder, call, client, operation};
use crate::types::{ChatType, GetChatsRequest};

static SEGMENT: Operation = operation(Method::GET, "/a/{value}/b", &[]);

#[tokio::test]
async fn call_sends_the_described_request() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let call = client(&server).get_chats(123).page_token("a/b+c=&").limit(20).types([ChatType::Chat]);
    call.send().await.unwrap();

    let request = server.request();
    assert_eq!((request.method.as_str(), request.path()), ("POST", "/businesses/123/chats"));
    assert_eq!(
        request.query(),
        [("page_token", "a/b+c=&"), ("limit", "20")].map(|(k, v)| (k.into(), v.into()))
    );
    assert_eq!(request.header("authorization"), Some("Bearer t0p-secret-token"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some(r#"{"types":["CHAT"]}"#.len().to_string().as_str()));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("user-agent"), Some("runtime/0.0.0"));
    assert_eq!(request.json(), serde_json::json!({"types": ["CHAT"]}));
}

#[tokio::test]
async fn unset_properties_are_not_sent() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    client(&server).get_chats(1).body(GetChatsRequest::new()).send().await.unwrap();
    let request = server.request();
    assert_eq!(request.target, "/businesses/1/chats");
    assert_eq!(request.body, b"{}");
}

#[tokio::test]
async fn get_has_no_body_and_no_content_type() {
    let server = Server::replying([Reply::json(200, r#"{"chatId":5,"type":"NEW"}"#)]).await;
    let chat = client(&server).get_chat(1, 5).send().await.unwrap();
    assert_eq!(chat.r#type, ChatType::from("NEW"));
    let request = server.request();
    assert_eq!((request.method.as_str(), request.path()), ("GET", "/v2/businesses/1/chats/5"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.header("content-length"), None);
    assert_eq!(request.header("transfer-encoding"), None);
}

#[tokio::test]
async fn path_value_stays_one_segment_and_unchanged() {
    for value in [
        "plain",
        "a/b?c#d ..",
        "100%",
        "%2e%2e",
        "...",
        ".hidden",
        "ключ",
        "a+b",
        "~-._",
        "a\\b",
        "a;b=c,d",
        "😀",
    ] {
        let server = Server::replying([Reply::status(204)]).await;
        call(&client(&server), &SEGMENT, |request| {
            request.path("value", &value);
        })
        .await
        .unwrap();
        let request = server.request();
        let segments: Vec<_> = request.path().split('/').collect();
        assert_eq!((segments.len(), segments[1], segments[3]), (4, "a", "b"), "{}", request.target);
        let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
        assert_eq!(decoded, value);
        assert_eq!(request.query(), []);
    }
}

#[tokio::test]
async fn path_templates_are_encoded_once() {
    for (template, path) in [
        ("/a b", "/a%20b"),
        ("/a%b", "/a%25b"),
        ("/100%", "/100%25"),
        ("/a%20b%e2%82%AC", "/a%20b%e2%82%AC"),
        ("/%%41%4", "/%25%41%254"),
        ("/ключ/€", "/%D0%BA%D0%BB%D1%8E%D1%87/%E2%82%AC"),
        ("/what?a=b", "/what%3Fa=b"),
        ("/c#d", "/c%23d"),
        ("/^`|\\\"<>[]", "/%5E%60%7C%5C%22%3C%3E%5B%5D"),
        ("/brace}/{open", "/brace%7D/%7Bopen"),
        ("/\u{7f}\t", "/%7F%09"),
        ("/kept-._~!$&'()*+,;=:@/", "/kept-._~!$&'()*+,;=:@/"),
        ("/x {value} y", "/x%20a%2520b%20y"),
    ] {
        let operation = Box::leak(Box::new(operation(Method::GET, template, &[])));
        let server = Server::replying([Reply::status(204)]).await;
        let reply = call(&client(&server), operation, |request| request.path("value", &"a%20b")).await;
        reply.unwrap_or_else(|error| panic!("{template}: {error}"));
        assert_eq!(server.request().target, path, "{template}");
    }
}

#[tokio::test]
async fn list_in_path_is_separated_by_commas() {
    let server = Server::replying([Reply::status(204)]).await;
    call(&client(&server), &SEGMENT, |request| request.path("value", &vec!["1", "2,3"])).await.unwrap();
    assert_eq!(server.request().path(), "/a/1,2%2C3/b");
}

#[tokio::test]
async fn invalid_path_segment_is_unsent() {
    for (value, found) in [("", "an empty one"), (".", "a relative one"), ("..", "a relative one")] {
        let server = Server::replying([]).await;
        let error = call(&client(&server), &SEGMENT, |request| {
            request.path("value", &value);
        })
        .await
        .unwrap_err();
        let message = error.to_string();
        assert!(
            message.ends_with(&format!("not sent: value: expected a path segment, found {found}")),
            "{message}"
        );
        assert_eq!(server.connections(), 0);
    }
}

#[tokio::test]
async fn missing_path_parameter_is_unsent() {
    let server = Server::replying([]).await;
    let error = call(&client(&server), &SEGMENT, |_| {}).await.unwrap_err();
    assert!(error.to_string().contains("the path parameter `value` is missing"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn query_value_arrives_unchanged_without_plus() {
    for value in ["a/b+c=&", "a b", "100%", "#?", "ключ", "'\"<>`", "a[]=1", "\t\n", "", "😀"] {
        let server = Server::replying([Reply::status(204)]).await;
        call(&client(&server), &PROBE, |request| {
            request.query("the key&", &value);
        })
        .await
        .unwrap();
        let request = server.request();
        assert_eq!(request.query(), [("the key&".to_owned(), value.to_owned())]);
        assert!(!request.target.contains('+'), "{}", request.target);
    }
}

async fn sent_query(value: &dyn Param) -> String {
    let server = Server::replying([Reply::status(204)]).await;
    call(&client(&server), &PROBE, |request| {
        request.query("q", value);
    })
    .await
    .unwrap();
    server.request().target
}

#[tokio::test]
async fn each_type_of_value_has_its_text() {
    let moment = DateTime::parse_from_rfc3339("2026-02-03T04:05:06.789+03:00").unwrap();
    let cases: [(&dyn Param, &str); 14] = [
        (&i64::MIN, "?q=-9223372036854775808"),
        (&9_007_199_254_740_993_i64, "?q=9007199254740993"),
        (&7_i32, "?q=7"),
        (&1.5_f64, "?q=1.5"),
        (&0.1_f32, "?q=0.1"),
        (&true, "?q=true"),
        (&"text", "?q=text"),
        (&String::from("text"), "?q=text"),
        (&ChatType::from("NEW"), "?q=NEW"),
        (&moment, "?q=2026-02-03T04%3A05%3A06.789%2B03%3A00"),
        (&NaiveDate::from_ymd_opt(2026, 2, 3).unwrap(), "?q=2026-02-03"),
        (&NaiveTime::from_hms_opt(4, 5, 6).unwrap(), "?q=04%3A05%3A06"),
        (&None::<i32>, ""),
        (&Some("x"), "?q=x"),
    ];
    for (value, expected) in cases {
        assert_eq!(sent_query(value).await, format!("/probe{expected}"));
    }
}

#[tokio::test]
async fn list_in_query_repeats_its_name() {
    assert_eq!(sent_query(&vec![1, 2, 3]).await, "/probe?q=1&q=2&q=3");
    assert_eq!(sent_query(&Some(vec!["a", "b,c"])).await, "/probe?q=a&q=b%2Cc");
    assert_eq!(sent_query(&Vec::<i32>::new()).await, "/probe");
    assert_eq!(sent_query(&None::<Vec<i32>>).await, "/probe");
}

#[tokio::test]
async fn absent_header_and_cookie_parameters_are_not_sent() {
    let server = Server::replying([Reply::status(204)]).await;
    call(&client(&server), &PROBE, |request| {
        request.header("X-One", &vec![1, 2]);
        request.header("X-None", &None::<i32>);
        request.cookie("one", &"a b;c");
        request.cookie("none", &None::<i32>);
        request.cookie("two", &2);
    })
    .await
    .unwrap();
    let request = server.request();
    assert_eq!(request.header("x-one"), Some("1,2"));
    assert_eq!(request.header("x-none"), None);
    assert_eq!(request.header("cookie"), Some("one=a%20b%3Bc; two=2"));
}

#[tokio::test]
async fn line_break_in_header_value_is_unsent() {
    let server = Server::replying([]).await;
    let fill = |request: &mut crate::runtime::Request<'_>| request.header("X-One", &"a\r\nX-Two: b");
    let error = call(&client(&server), &PROBE, fill).await.unwrap_err();
    assert!(
        error.to_string().ends_with("X-One: expected what a header can carry, found another character"),
        "{error}"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn too_long_url_is_an_error_without_quoting_it() {
    let server = Server::replying([]).await;
    let long = "x".repeat(70_000);
    let error = call(&client(&server), &PROBE, |request| {
        request.query("q", &long);
    })
    .await
    .unwrap_err();
    assert!(error.to_string().contains("bytes long, cannot be"), "{error}");
    assert!(error.to_string().len() < 200, "{error}");
}

#[tokio::test]
async fn path_of_base_url_precedes_operation_path() {
    for suffix in ["/gate/market", "/gate/market/"] {
        let server = Server::replying([Reply::json(200, CHATS)]).await;
        let client = builder(server.url() + suffix).oauth_token(TOKEN).build().unwrap();
        client.get_chats(1).send().await.unwrap();
        assert_eq!(server.request().target, "/gate/market/businesses/1/chats");
    }
}

#[test]
fn invalid_base_url_is_refused_with_reason() {
    for (url, reason) in [
        ("", "base URL: the description names no server, so `base_url` must be set"),
        ("example.com", "base URL `example.com`: relative URL without a base"),
        ("localhost:8080", "base URL `localhost:8080`: its scheme is neither http nor https"),
        ("ftp://example.com", "base URL `ftp://example.com`: its scheme is neither http nor https"),
        ("http://", "base URL `http://`: empty host"),
        ("http://me:hidden@example.com", "base URL: it cannot carry a user name or a password"),
        ("http://example.com?key=hidden", "base URL: it cannot have a query"),
        ("http://example.com#part", "base URL `http://example.com#part`: it cannot have a fragment"),
    ] {
        assert_eq!(builder(url).build().unwrap_err().to_string(), reason);
    }
}

#[test]
fn http_to_another_machine_needs_allow_http() {
    for url in ["http://localhost:1", "http://127.9.8.7", "http://[::1]:80/x", "http://api.localhost"] {
        builder(url).build().unwrap();
    }
    for url in ["http://example.com", "http://10.0.0.1", "http://[fe80::1]", "http://localhost.example.com"] {
        let error = builder(url).build().unwrap_err().to_string();
        assert!(error.contains("use https, or `allow_http`"), "{error}");
        builder(url).allow_http().build().unwrap();
    }
}

#[tokio::test]
async fn header_of_call_replaces_client_and_default() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let client = builder(server.url())
        .oauth_token(TOKEN)
        .user_agent("shop/1.4")
        .default_header("accept", "application/vnd.market+json")
        .default_header("X-Origin", "client")
        .default_header("X-Kept", "client")
        .build()
        .unwrap();
    let options = CallOptions::new().header("x-origin", "first").header("X-Origin", "call");
    client.get_chats(1).options(options).send().await.unwrap();
    let request = server.request();
    assert_eq!(request.header("user-agent"), Some("shop/1.4 runtime/0.0.0"));
    assert_eq!(request.header("accept"), Some("application/vnd.market+json"));
    assert_eq!(request.header("x-origin"), Some("call"));
    assert_eq!(request.header("x-kept"), Some("client"));
}

#[tokio::test]
async fn invalid_header_is_refused_without_its_value() {
    let error = builder("http://localhost").default_header("X-A", "hidden\n").build().unwrap_err();
    assert_eq!(error.to_string(), "header `x-a`: its value has a character that no header can carry");
    let error = builder("http://localhost").default_header("X A", "v").build().unwrap_err();
    assert_eq!(error.to_string(), "header `X A`: not a header name");
    let error = builder("http://localhost").user_agent("shop\n").build().unwrap_err();
    assert_eq!(error.to_string(), "header `user-agent`: its value has a character that no header can carry");

    let server = Server::replying([]).await;
    let options = CallOptions::new().header("X-A", "hidden\n");
    let error = client(&server).get_chats(1).options(options).send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("not sent: header `x-a`: its value has a character that no header can carry")
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn value_without_json_is_unsent() {
    let server = Server::replying([]).await;
    let map = std::collections::HashMap::from([((1, 2), 3)]);
    let error = call(&client(&server), &PROBE, |request| request.json(&map)).await.unwrap_err();
    assert!(error.to_string().contains("body: expected a value that JSON can express, found "), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn calls_share_connections() {
    let server = Server::replying([Reply::json(200, CHATS), Reply::json(200, CHATS).chunked()]).await;
    let client = client(&server);
    client.get_chats(1).send().await.unwrap();
    client.clone().get_chats(2).send().await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn post_without_body_has_content_length_zero() {
    static POST: Operation = operation(Method::POST, "/probe", &[]);
    let server = Server::replying([Reply::status(204)]).await;
    call(&client(&server), &POST, |_| {}).await.unwrap();
    let request = server.request();
    assert_eq!(request.header("content-length"), Some("0"));
    assert_eq!(request.header("transfer-encoding"), None);
}

#[test]
fn calls_are_send_and_clients_are_sync() {
    fn sendable<T: Send>(_: T) {}
    fn shareable<T: Send + Sync + Clone + 'static>(_: &T) {}
    let client = builder("http://localhost").build().unwrap();
    shareable(&client);
    sendable(client.get_chats(1).send());
    sendable(client.send_file_to_chat(1, 2, crate::runtime::Upload::bytes("a", "b")).send());
}
