//! Credentials are hidden in `Debug` output and errors.

use std::time::Duration;

use loopback::{End, HeldClock, Refusing, Reply, Server};

use crate::client::security::OAUTH;
use crate::runtime::{
    CallOptions, Client, ClientBuilder, Method, Operation, Request, RetryConfig, Secret, SecurityKind,
    SecurityScheme, Upload,
};
use crate::support::{builder, everything, operation};

const KEY: SecurityScheme =
    SecurityScheme { name: "Key", setter: "key", kind: SecurityKind::ApiKeyQuery("key") };
const HEADER: SecurityScheme =
    SecurityScheme { name: "Header", setter: "header_key", kind: SecurityKind::ApiKeyHeader("Api-Key") };
const SESSION: SecurityScheme =
    SecurityScheme { name: "Session", setter: "session", kind: SecurityKind::ApiKeyCookie("sid") };
const BASIC: SecurityScheme = SecurityScheme { name: "Basic", setter: "basic", kind: SecurityKind::Basic };

static WITH_TOKEN: Operation = operation(Method::GET, "/probe", &[&[KEY, HEADER, SESSION, OAUTH]]);
static WITH_PASSWORD: Operation = operation(Method::GET, "/probe", &[&[KEY, HEADER, SESSION, BASIC]]);

/// A secret of one word, so that no encoding hides it, and its form in basic authentication.
pub(crate) const SECRET: &str = "xyzzyPlughS3cret";
pub(crate) const ENCODED: &str = "eHl6enlQbHVnaFMzY3JldA";

/// The limit for an attempt, in virtual time: it expires only if the server stalls.
const LIMIT: Duration = Duration::from_millis(150);

fn with_secrets(builder: ClientBuilder) -> ClientBuilder {
    builder
        .credential(&KEY, SECRET)
        .credential(&HEADER, SECRET)
        .credential(&SESSION, SECRET)
        .credential(&OAUTH, SECRET)
        // 3 bytes of user name and colon keep the password's base64 in one piece.
        .basic_credential(&BASIC, "me", SECRET)
        .default_header("X-Own-Key", SECRET)
        .attempt_timeout(LIMIT)
}

fn assert_hidden(text: &str) {
    assert!(!text.contains(SECRET) && !text.contains(ENCODED), "a secret shows in: {text}");
}

#[test]
fn debug_of_secret_holders_hides_it() {
    let builder = with_secrets(builder("http://localhost"));
    assert_hidden(&format!("{builder:?} {builder:#?}"));
    let client = builder.build().unwrap();
    let options = CallOptions::new().header("X-Other-Key", SECRET);
    assert_hidden(&format!("{client:?} {client:#?} {options:?} {options:#?}"));
    assert_hidden(&format!("{:?}", client.get_chats(1).options(options)));
    assert_eq!(format!("{:?}", Secret::from(SECRET)), "Secret(..)");
    assert_hidden(&format!("{:?}", client.send_file_to_chat(1, 2, Upload::bytes("a.txt", SECRET))));
}

#[test]
fn debug_output_shows_what_is_set() {
    let client = with_secrets(builder("http://localhost")).build().unwrap();
    let shown = format!("{client:?}");
    assert!(shown.contains(r#"credentials: ["Key", "Header", "Session", "OAuth", "Basic"]"#), "{shown}");
    assert!(shown.contains(r#"base_url: "http://localhost""#), "{shown}");
}

async fn failures(client: &Client) -> Vec<String> {
    let mut texts = Vec::new();
    for operation in [&WITH_TOKEN, &WITH_PASSWORD] {
        let mut request = Request::new(client, operation, CallOptions::new());
        request.query("q", &"shown");
        let result = request.send::<Vec<i32>>(crate::error::decode).await;
        let error = result.expect_err("every one of these fails");
        texts.push(everything(&error));
    }
    texts
}

#[tokio::test(start_paused = true)]
async fn errors_hide_secrets() {
    let _clock = HeldClock::new();
    let replies = [
        Reply::json(401, "{}"),
        Reply::status(302).header("Location", "http://127.0.0.1:1/"),
        Reply::json(200, "{}"),
        Reply::none(End::Reset),
        Reply::none(End::Stall),
        Reply::json(200, "[1]").cut(1, End::Close),
        Reply::status(200).broken_chunk(),
    ];
    for reply in replies {
        let server = Server::replying([reply.clone(), reply]).await.passing(LIMIT);
        let client = with_secrets(builder(server.url())).build().unwrap();
        let texts = failures(&client).await;
        // The secret was sent, so an error could have shown it.
        let request = &server.requests()[0];
        assert!(request.target.contains(SECRET), "{request:?}");
        assert!(server.requests()[1].header("authorization").unwrap().contains(ENCODED));
        for text in &texts {
            assert_hidden(text);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_unreachable_server_hide_secrets() {
    let _clock = HeldClock::new();
    let refusing = Refusing::new();
    let client = with_secrets(builder(refusing.url())).build().unwrap();
    for text in failures(&client).await {
        assert_hidden(&text);
    }
}

#[tokio::test]
async fn proxy_gets_its_login_and_hides_it() {
    let server = Server::replying([Reply::json(200, crate::support::CHATS)]).await;
    let proxy = server.url().replace("http://", &format!("http://me:{SECRET}@"));
    let builder = Client::builder().base_url("http://chats.example").allow_http().oauth_token("token");
    let builder = builder.retry(RetryConfig::disabled()).proxy(proxy);
    assert_hidden(&format!("{builder:?} {builder:#?}"));
    let client = builder.build().unwrap();
    assert_hidden(&format!("{client:?} {client:#?}"));
    client.get_chats(7).send().await.unwrap();
    let request = server.request();
    assert_eq!(request.target, "http://chats.example/businesses/7/chats");
    assert!(request.header("proxy-authorization").unwrap().contains(ENCODED), "{request:?}");
}

#[tokio::test]
async fn error_of_unreachable_proxy_shows_no_secret() {
    let refusing = Refusing::new();
    let proxy = refusing.url().replace("http://", &format!("http://me:{SECRET}@"));
    // Even for a server on this machine, the proxy that was asked for is used.
    let server = Server::replying([]).await;
    let client = Client::builder().base_url(server.url()).oauth_token("token").retry(RetryConfig::disabled());
    let error = client.proxy(proxy).build().unwrap().get_chats(7).send().await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert_hidden(&everything(&error));
    assert_eq!(server.connections(), 0);
}

#[test]
fn errors_of_invalid_settings_hide_secrets() {
    let refused = |builder: ClientBuilder| builder.build().expect_err("every one of these is refused");
    let bad = format!("{SECRET}\n");
    for error in [
        refused(builder("http://localhost").oauth_token(bad.as_str())),
        refused(builder("http://localhost").credential(&SESSION, bad.as_str())),
        refused(builder("http://localhost").credential(&HEADER, bad.as_str())),
        refused(builder("http://localhost").basic_credential(&BASIC, bad.as_str().replace('\n', ":"), "p")),
        refused(builder("http://localhost").credential(&BASIC, SECRET)),
        refused(builder("http://localhost").default_header("X-Key", bad.as_str())),
        refused(builder(format!("http://me:{SECRET}@localhost"))),
        refused(builder("http://localhost").proxy(format!("http://me:{SECRET}@"))),
        refused(builder("http://localhost").proxy(format!("//{SECRET}:x@:y"))),
        refused(
            Client::builder()
                .base_url("http://localhost")
                .transport(crate::support::Fake::default())
                .proxy(format!("http://me:{SECRET}@localhost")),
        ),
        refused(builder(format!("http://localhost?key={SECRET}"))),
    ] {
        assert_hidden(&everything(&error));
    }
}
