//! Headers from parameters, media types and cookies: none replaces another.

use loopback::{Recorded, Reply, Server};
use serde_json::json;

use crate::runtime::{Method, Operation, Request, SecurityKind, SecurityScheme};
use crate::support::{PROBE, builder, call, client, operation};

static PUT: Operation = operation(Method::PUT, "/probe", &[]);

/// Headers that header parameters must leave alone.
const RESERVED: [&str; 16] = [
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Expect",
    "HTTP2-Settings",
    "Host",
    "Keep-Alive",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Fields of requests in the IANA registry that an application may set, with one that is not registered.
const FREE: [&str; 28] = [
    "A-IM",
    "Accept-Language",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Range",
    "Date",
    "Depth",
    "Destination",
    "From",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Origin",
    "Pragma",
    "Prefer",
    "Range",
    "Referer",
    "User-Agent",
    "Via",
    "Warning",
    "X-A",
    "traceparent",
];

/// Returns a name as declared, in lower case and in upper case.
fn spellings(name: &'static str) -> [&'static str; 3] {
    [name, name.to_ascii_lowercase().leak(), name.to_ascii_uppercase().leak()]
}

/// Returns the request, with a body, of a client with a cookie of its own.
async fn sent(fill: impl FnOnce(&mut Request<'_>)) -> Recorded {
    let server = Server::replying([Reply::status(204)]).await;
    let client = builder(server.url()).default_header("Cookie", "own=1").build().unwrap();
    call(&client, &PUT, |request| {
        request.json(&json!(["body"]));
        fill(request);
    })
    .await
    .unwrap();
    server.request()
}

/// Returns all headers except `Host`, which differs between servers.
fn headers(request: &Recorded) -> Vec<&(String, String)> {
    request.headers.iter().filter(|(name, _)| name != "host").collect()
}

#[tokio::test]
async fn reserved_header_is_refused_unsent() {
    for name in RESERVED.into_iter().flat_map(spellings) {
        let server = Server::replying([]).await;
        let error = call(&client(&server), &PUT, |request| {
            request.json(&json!(["body"]));
            request.header(name, &"3");
        })
        .await
        .unwrap_err();
        let problem =
            format!("the header parameter `{name}` cannot be set: the client sets this header itself");
        assert!(error.is_unsent() && error.to_string().ends_with(&problem), "{error}");
        assert_eq!(server.connections(), 0);
    }
}

#[tokio::test]
async fn absent_reserved_header_changes_nothing() {
    let with = sent(|request| RESERVED.iter().for_each(|name| request.header(name, &None::<i32>))).await;
    let without = sent(|_| {}).await;
    assert_eq!(headers(&with), headers(&without));
}

#[tokio::test]
async fn other_header_arrives_and_leaves_the_rest_alone() {
    for name in FREE.into_iter().flat_map(spellings) {
        let request = sent(|request| request.header(name, &"a, b")).await;
        assert_eq!(request.header(name), Some("a, b"));
        assert_eq!(request.json(), json!(["body"]), "{name}");
        assert_eq!(request.header("content-type"), Some("application/json"), "{name}");
        assert_eq!(request.header("accept"), Some("application/json"), "{name}");
        assert_eq!(request.header("cookie"), Some("own=1"), "{name}");
    }
}

#[tokio::test]
async fn names_that_differ_in_case_are_all_sent() {
    let request = sent(|request| {
        request.header("x-a", &1);
        request.header("X-A", &2);
    })
    .await;
    let values: Vec<_> =
        request.headers.iter().filter(|(name, _)| name == "x-a").map(|(_, value)| value).collect();
    assert_eq!(values, ["1", "2"]);
}

#[tokio::test]
async fn parameter_replaces_default_header() {
    let server = Server::replying([Reply::status(204)]).await;
    let client = builder(server.url()).default_header("X-A", "default").build().unwrap();
    call(&client, &PROBE, |request| request.header("x-a", &"argument")).await.unwrap();
    assert_eq!(server.request().header("x-a"), Some("argument"));
}

const SESSION: SecurityScheme =
    SecurityScheme { name: "Session", setter: "session", kind: SecurityKind::ApiKeyCookie("sid") };
const COOKIE: SecurityScheme =
    SecurityScheme { name: "Cookie", setter: "cookie", kind: SecurityKind::ApiKeyHeader("cookie") };
static WITH_COOKIES: Operation = operation(Method::GET, "/probe", &[&[SESSION, COOKIE]]);

#[tokio::test]
async fn cookies_of_all_origins_share_one_header() {
    let server = Server::replying([Reply::status(204)]).await;
    let client = builder(server.url())
        .default_header("Cookie", "own=1")
        .credential(&SESSION, "s")
        .credential(&COOKIE, "key=k")
        .build()
        .unwrap();
    call(&client, &WITH_COOKIES, |request| {
        request.cookie("two", &2);
        request.header("Cookie", &"three=3; four=4");
        request.header("cookie", &"");
        request.header("COOKIE", &None::<i32>);
    })
    .await
    .unwrap();
    assert_eq!(server.request().header("cookie"), Some("own=1; two=2; three=3; four=4; sid=s; key=k"));
}

#[test]
fn key_in_a_header_of_http_is_refused() {
    let scheme = SecurityScheme {
        name: "Length",
        setter: "length",
        kind: SecurityKind::ApiKeyHeader("Content-Length"),
    };
    let error = builder("http://localhost").credential(&scheme, "3").build().unwrap_err();
    assert_eq!(error.to_string(), "length: the description names a header that belongs to HTTP");
}

#[tokio::test]
async fn media_types_are_sent_as_declared() {
    for media_type in
        ["application/merge-patch+json", "application/vnd.shop.v2+json", "Application/JSON; charset=utf-8"]
    {
        let request = sent(|request| {
            request.json_as(media_type, &json!({"a": null}));
            request.accept(media_type);
        })
        .await;
        assert_eq!(request.header("content-type"), Some(media_type));
        assert_eq!(request.header("accept"), Some(media_type));
        assert_eq!(request.json(), json!({"a": null}));
    }
}

#[tokio::test]
async fn accept_of_the_application_goes_first() {
    let server = Server::replying([Reply::status(204)]).await;
    let client = builder(server.url()).default_header("Accept", "application/cbor").build().unwrap();
    call(&client, &PROBE, |request| request.accept("text/csv")).await.unwrap();
    assert_eq!(server.request().header("accept"), Some("application/cbor"));
}

#[tokio::test]
async fn media_type_that_no_header_carries_is_unsent() {
    let server = Server::replying([]).await;
    let error = call(&client(&server), &PUT, |request| request.json_as("a/b\nX-C: d", &1)).await.unwrap_err();
    assert!(error.to_string().ends_with("`a/b\\nX-C: d` is not a media type"), "{error}");
    assert_eq!(server.connections(), 0);
}
