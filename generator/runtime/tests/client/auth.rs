//! Credentials: which are sent, where, and the errors if they are missing.

use loopback::{Recorded, Reply, Server};

use crate::client::security::OAUTH;
use crate::runtime::{Client, ClientBuilder, ErrorKind, Method, Operation, SecurityKind, SecurityScheme};
use crate::support::{builder, call, operation};

const API_KEY: SecurityScheme =
    SecurityScheme { name: "ApiKey", setter: "api_key", kind: SecurityKind::ApiKeyHeader("Api-Key") };
const QUERY_KEY: SecurityScheme =
    SecurityScheme { name: "Query", setter: "query_key", kind: SecurityKind::ApiKeyQuery("the key") };
const SESSION: SecurityScheme =
    SecurityScheme { name: "Session", setter: "session", kind: SecurityKind::ApiKeyCookie("sid") };
const CSRF: SecurityScheme =
    SecurityScheme { name: "Csrf", setter: "csrf", kind: SecurityKind::ApiKeyCookie("csrf") };
const BASIC: SecurityScheme = SecurityScheme { name: "Basic", setter: "basic", kind: SecurityKind::Basic };

const fn secured(security: &'static [&'static [SecurityScheme]]) -> Operation {
    operation(Method::GET, "/probe", security)
}

static EITHER: Operation = secured(&[&[API_KEY], &[OAUTH]]);
static BOTH: Operation = secured(&[&[API_KEY, SESSION]]);
static OPTIONAL: Operation = secured(&[&[], &[OAUTH]]);
static PUBLIC: Operation = secured(&[]);
static ALL_PLACES: Operation = secured(&[&[QUERY_KEY, SESSION, CSRF, BASIC]]);

/// Returns the request that reaches the server.
async fn sent(
    operation: &'static Operation,
    credentials: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Recorded {
    let server = Server::replying([Reply::status(204)]).await;
    let client = credentials(builder(server.url())).build().unwrap();
    call(&client, operation, |request| request.cookie("own", &1)).await.unwrap();
    server.request()
}

/// Returns the error of a request that is not sent.
async fn refused(
    operation: &'static Operation,
    credentials: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> String {
    let server = Server::replying([]).await;
    let client = credentials(builder(server.url())).build().unwrap();
    let error = call(&client, operation, |_| {}).await.unwrap_err();
    assert_eq!(server.connections(), 0, "the request was sent");
    assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    error.to_string()
}

#[tokio::test]
async fn both_credentials_send_the_first_alternative() {
    let request = sent(&EITHER, |builder| builder.oauth_token("token").credential(&API_KEY, "key")).await;
    assert_eq!(request.header("api-key"), Some("key"));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn one_credential_sends_its_alternative() {
    let request = sent(&EITHER, |builder| builder.oauth_token("token")).await;
    assert_eq!(request.header("api-key"), None);
    assert_eq!(request.header("authorization"), Some("Bearer token"));
}

#[tokio::test]
async fn missing_credential_is_unsent_and_names_setters() {
    assert_eq!(
        refused(&EITHER, |builder| builder).await,
        "probe: GET /probe: not sent: it needs credentials: call `api_key`, or `oauth_token` on the client's builder"
    );
}

#[tokio::test]
async fn half_of_a_combination_is_unsent() {
    let advice = refused(&BOTH, |builder| builder.credential(&API_KEY, "key").oauth_token("token")).await;
    assert!(advice.ends_with("call `api_key` and `session` on the client's builder"), "{advice}");
}

#[tokio::test]
async fn combination_is_sent_together() {
    let request = sent(&BOTH, |builder| builder.credential(&API_KEY, "key").credential(&SESSION, "s1")).await;
    assert_eq!(request.header("api-key"), Some("key"));
    assert_eq!(request.header("cookie"), Some("own=1; sid=s1"));
}

#[tokio::test]
async fn optional_credential_is_sent_if_set() {
    assert_eq!(sent(&OPTIONAL, |builder| builder).await.header("authorization"), None);
    let request = sent(&OPTIONAL, |builder| builder.oauth_token("token")).await;
    assert_eq!(request.header("authorization"), Some("Bearer token"));
}

#[tokio::test]
async fn public_operation_gets_no_credential() {
    let request = sent(&PUBLIC, |builder| builder.oauth_token("token").credential(&API_KEY, "key")).await;
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("api-key"), None);
}

#[tokio::test]
async fn keys_are_encoded_for_query_and_cookie_header() {
    let request = sent(&ALL_PLACES, |builder| {
        builder
            .credential(&QUERY_KEY, "a/b+c=&")
            .credential(&SESSION, "s=1")
            .credential(&CSRF, "c")
            .basic_credential(&BASIC, "Aladdin", "open sesame")
    })
    .await;
    assert_eq!(request.query(), [("the key".to_owned(), "a/b+c=&".to_owned())]);
    assert_eq!(request.header("cookie"), Some("own=1; sid=s=1; csrf=c"));
    // The example of RFC 7617.
    assert_eq!(request.header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
}

#[tokio::test]
async fn basic_authentication_encodes_all_lengths() {
    static ONLY_BASIC: Operation = secured(&[&[BASIC]]);
    for (password, header) in [
        ("", "Basic dTo="),
        ("1", "Basic dTox"),
        ("12", "Basic dToxMg=="),
        ("123", "Basic dToxMjM="),
        ("1234", "Basic dToxMjM0"),
        ("й?>ÿ", "Basic dTrQuT8+w78="),
    ] {
        let request = sent(&ONLY_BASIC, |builder| builder.basic_credential(&BASIC, "u", password)).await;
        assert_eq!(request.header("authorization"), Some(header));
    }
}

#[tokio::test]
async fn last_credential_of_scheme_counts() {
    let request = sent(&EITHER, |builder| builder.oauth_token("old").oauth_token("new")).await;
    assert_eq!(request.header("authorization"), Some("Bearer new"));
}

#[test]
fn invalid_credential_is_refused_and_hidden() {
    let build = |credentials: &dyn Fn(ClientBuilder) -> ClientBuilder| {
        credentials(Client::builder().base_url("http://localhost")).build().unwrap_err().to_string()
    };
    assert_eq!(
        build(&|builder| builder.oauth_token("hidden\n")),
        "oauth_token: the credential has a character other than visible ASCII (a line break at its end?)"
    );
    assert_eq!(build(&|builder| builder.oauth_token("")), "oauth_token: the credential is empty");
    assert_eq!(
        build(&|builder| builder.credential(&API_KEY, "скрыто")),
        "api_key: the credential has a character other than visible ASCII (a line break at its end?)"
    );
    assert_eq!(
        build(&|builder| builder.credential(&SESSION, "hid;den")),
        "session: the credential has a character that no cookie can carry"
    );
    assert_eq!(
        build(&|builder| builder.basic_credential(&BASIC, "hid:den", "p")),
        "basic: a user name for basic authentication cannot have a colon"
    );
}
