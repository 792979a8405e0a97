//! Transports: the default one, and those of applications.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use loopback::{Reply, Server};

use crate::runtime::{
    Attempt, Body, BoxFuture, CallOptions, Client, ErrorKind, ReqwestTransport, RetryConfig, Transport,
    TransportError, TransportErrorKind,
};
use crate::support::{CHATS, Fake, TOKEN, builder};

#[tokio::test]
async fn own_transport_of_application_is_used() {
    let fake = Arc::new(Fake::default());
    let client = Client::builder().oauth_token(TOKEN).transport(Arc::clone(&fake)).build().unwrap();
    assert_eq!(client.get_chats(5).send().await.unwrap().chats.len(), 1);
    let seen = fake.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let (uri, headers, _) = &seen[0];
    assert_eq!(uri, "https://api.partner.market.yandex.ru/businesses/5/chats");
    assert!(headers["authorization"].is_sensitive());
}

#[tokio::test]
async fn headers_that_may_hold_a_key_are_sensitive() {
    let fake = Arc::new(Fake::default());
    let client =
        Client::builder().oauth_token(TOKEN).transport(Arc::clone(&fake)).default_header("X-Client", "v");
    let options = CallOptions::new().header("X-Call", "v");
    client.build().unwrap().get_chats(5).options(options).send().await.unwrap();
    let seen = fake.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let headers = &seen[0].1;
    let plain: Vec<_> =
        headers.iter().filter(|(_, value)| !value.is_sensitive()).map(|(name, _)| name).collect();
    assert_eq!(headers.len(), 6);
    assert_eq!(plain, ["accept", "user-agent", "content-type"]);
}

/// A transport that adds a header to the requests of another one.
#[derive(Debug)]
struct Signing(ReqwestTransport);

impl Transport for Signing {
    fn send<'a>(
        &'a self,
        mut request: http::Request<Body>,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        let length = request.body().length().unwrap_or(0);
        request.headers_mut().insert("x-signature", length.into());
        self.0.send(request, attempt)
    }
}

#[tokio::test]
async fn default_transport_can_be_wrapped() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let signing = Signing(ReqwestTransport::new(reqwest::ClientBuilder::no_proxy));
    let client = builder(server.url()).oauth_token(TOKEN).transport(signing).build().unwrap();
    client.get_chats(5).send().await.unwrap();
    assert_eq!(server.request().header("x-signature"), Some("2"));
}

#[derive(Debug)]
struct Broken;

impl Transport for Broken {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async { Err(TransportError::new(TransportErrorKind::Timeout, "the wire is gone")) })
    }
}

#[tokio::test]
async fn error_of_own_transport_keeps_its_kind() {
    let client = Client::builder()
        .oauth_token(TOKEN)
        .retry(RetryConfig::disabled())
        .transport(Broken)
        .build()
        .unwrap();
    let error = client.get_chats(5).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_unsent());
    assert_eq!(
        error.to_string(),
        "getChats: POST /businesses/5/chats: the transport's own time limit ran out: the wire is gone; \
         not retried: retries are disabled"
    );
}

#[tokio::test]
async fn body_of_request_converts_to_bytes() {
    assert_eq!(Body::from("abc").into_bytes().unwrap(), "abc");
    assert_eq!(Body::empty().into_bytes().unwrap(), "");
    let late = crate::support::Late { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), content: None };
    let streamed = Body::stream(late, Some(0)).into_bytes().unwrap_err();
    assert_eq!(format!("{streamed:?}"), "Body { length: Some(0), .. }");
}

fn ready() -> reqwest::Client {
    crate::runtime::reqwest::builder().unwrap().no_proxy().build().unwrap()
}

#[tokio::test]
async fn ready_reqwest_client_is_used() {
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let client = builder(server.url()).oauth_token(TOKEN).reqwest_client(ready()).build().unwrap();
    client.get_chats(5).send().await.unwrap();
    assert_eq!(server.request().path(), "/businesses/5/chats");
}

#[tokio::test]
async fn built_reqwest_client_follows_no_redirect() {
    let other = Server::replying([Reply::json(200, CHATS)]).await;
    let server = Server::replying([Reply::status(307).header("Location", &other.url())]).await;
    let client = builder(server.url()).oauth_token(TOKEN).reqwest_client(ready()).build().unwrap();
    assert!(matches!(client.get_chats(5).send().await, Err(error) if error.kind() == ErrorKind::Api));
    assert_eq!(other.connections(), 0);
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn built_reqwest_client_speaks_tls() {
    // A port that speaks no TLS: what matters is that the client gets as far as the handshake.
    let server = Server::replying([]).await;
    let url = server.url().replace("http:", "https:");
    let client = builder(url).oauth_token(TOKEN).reqwest_client(ready()).build().unwrap();
    let error = client.get_chats(5).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_unsent(), "{error}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn connect_timeout_of_ready_client_cannot_be_changed() {
    let server = Server::replying([]).await;
    let client = builder(server.url()).oauth_token(TOKEN).reqwest_client(ready());
    let client = client.connect_timeout(Duration::from_secs(1)).build().unwrap();
    let error = client.get_chats(5).send().await.unwrap_err();
    assert_eq!(error.transport_kind(), Some(TransportErrorKind::Setup));
    assert!(
        error.to_string().contains("made from a ready `reqwest::Client`, whose own cannot be changed"),
        "{error}"
    );
    assert!(error.is_unsent());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn connections_are_shared_per_connect_timeout() {
    let server = Server::replying([0; 4].map(|_| Reply::json(200, CHATS))).await;
    let transport = Arc::new(ReqwestTransport::new(reqwest::ClientBuilder::no_proxy));
    let plain = builder(server.url()).oauth_token(TOKEN).transport(Arc::clone(&transport)).build().unwrap();
    let patient = builder(server.url()).oauth_token(TOKEN).transport(transport);
    let patient = patient.connect_timeout(Duration::from_secs(3)).build().unwrap();
    for client in [&plain, &patient, &plain, &patient] {
        client.get_chats(5).send().await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (4, 2));
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn https_works_without_process_wide_crypto_provider() {
    // A port that speaks no TLS: what matters is that the client gets as far as the handshake.
    let server = Server::replying([]).await;
    let url = server.url().replace("http:", "https:");
    // The application's own TLS replaces the platform's trust store, which a test machine may not have.
    let configure = |builder: reqwest::ClientBuilder| {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.unwrap().with_root_certificates(rustls::RootCertStore::empty());
        builder.no_proxy().tls_backend_preconfigured(config.with_no_client_auth())
    };
    let client = builder(url).reqwest(configure).oauth_token(TOKEN).build().unwrap();
    let error = client.get_chats(5).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_unsent(), "{error}");
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    assert!(server.requests().is_empty());
}

#[cfg(not(feature = "rustls"))]
#[test]
fn https_without_tls_is_refused_and_names_features() {
    let error = Client::builder().oauth_token(TOKEN).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "base URL: https needs the feature `rustls` or `native-tls`, or a transport that has TLS"
    );
}

/// Set in the process that a test starts with a proxy in its environment.
const WITH_PROXY: &str = "SUITE_HAS_A_PROXY";

#[tokio::test]
#[ignore = "started in a process of its own by another test"]
async fn call_of_process_with_proxy_succeeds() {
    assert!(std::env::var_os(WITH_PROXY).is_some());
    let server = Server::replying([Reply::json(200, CHATS)]).await;
    let client = Client::builder().base_url(server.url()).oauth_token(TOKEN).build().unwrap();
    client.get_chats(7).send().await.unwrap();
    assert_eq!(server.request().path(), "/businesses/7/chats");
}

#[test]
fn proxy_of_environment_is_not_for_loopback() {
    let refusing = loopback::Refusing::new();
    let mut process = std::process::Command::new(std::env::current_exe().unwrap());
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        process.env(variable, refusing.url());
    }
    for variable in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        process.env_remove(variable);
    }
    let test = ["--exact", "transports::call_of_process_with_proxy_succeeds", "--ignored", "--nocapture"];
    let output = process.args(test).env(WITH_PROXY, "yes").output().expect("a process");
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}
