//! Credentials: which one is sent, and where.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loopback::{Recorded, Reply, Server};
use yandex_market_chats::ClientBuilder;
use yandex_market_chats::Secret;
use yandex_market_chats::TokenProvider;
use yandex_market_chats::transport::BoxFuture;

use crate::support::{DONE, KEY, OPERATIONS, Operation, TOKEN, builder};

/// Returns the request of an operation whose client has these credentials.
async fn sent((id, call): Operation, credentials: fn(ClientBuilder) -> ClientBuilder) -> Recorded {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let client = credentials(builder(server.url())).build().expect("a client");
    call(&client).await.expect(id);
    server.request()
}

fn credentials(request: &Recorded) -> (Option<&str>, Option<&str>) {
    (request.header("api-key"), request.header("authorization"))
}

#[tokio::test]
async fn api_key_is_sent_unchanged_and_alone() {
    for operation in OPERATIONS {
        let request = sent(operation, |builder| builder.api_key(KEY)).await;
        assert_eq!(credentials(&request), (Some(KEY), None), "{}", operation.0);
    }
}

#[tokio::test]
async fn oauth_token_is_sent_as_bearer_and_alone() {
    let bearer = format!("Bearer {TOKEN}");
    for operation in OPERATIONS {
        let request = sent(operation, |builder| builder.oauth_token(TOKEN)).await;
        assert_eq!(credentials(&request), (None, Some(bearer.as_str())), "{}", operation.0);
    }
}

#[tokio::test]
async fn api_key_beside_token_is_sent_alone_in_any_order() {
    for operation in OPERATIONS {
        for both in [
            (|builder| builder.api_key(KEY).oauth_token(TOKEN)) as fn(ClientBuilder) -> ClientBuilder,
            |builder| builder.oauth_token(TOKEN).api_key(KEY),
        ] {
            let request = sent(operation, both).await;
            assert_eq!(credentials(&request), (Some(KEY), None), "{}", operation.0);
        }
    }
}

/// A provider of numbered tokens.
struct Numbered(Arc<AtomicUsize>);

impl TokenProvider for Numbered {
    fn token<'a>(
        &'a self,
        _: Option<&'a Secret>,
    ) -> BoxFuture<'a, Result<Secret, Box<dyn std::error::Error + Send + Sync>>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(Secret::from(format!("token-{number}"))) })
    }
}

#[tokio::test]
async fn provider_is_asked_for_each_call_and_after_401() {
    let unauthorized = || Reply::json(401, r#"{"status":"ERROR"}"#);
    for (id, call) in OPERATIONS {
        let server = Server::replying([Reply::json(200, DONE), unauthorized(), Reply::json(200, DONE)]).await;
        let provider = Numbered(Arc::default());
        let client = builder(server.url()).oauth_token_provider(provider).build().unwrap();
        call(&client).await.expect(id);
        call(&client).await.expect(id);
        let requests = server.requests();
        let tokens: Vec<_> = requests.iter().map(credentials).collect();
        let expected = ["Bearer token-1", "Bearer token-2", "Bearer token-3"];
        assert_eq!(tokens, expected.map(|token| (None, Some(token))), "{id}");
    }
}

#[tokio::test]
async fn provider_beside_api_key_is_never_asked() {
    for (id, call) in OPERATIONS {
        let server = Server::replying([Reply::json(401, r#"{"status":"ERROR"}"#)]).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let builder = builder(server.url()).oauth_token_provider(Numbered(Arc::clone(&asked)));
        let error = call(&builder.api_key(KEY).build().unwrap()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 401, "{id}");
        assert_eq!(credentials(&server.request()), (Some(KEY), None), "{id}");
        assert_eq!(asked.load(Ordering::SeqCst), 0, "{id}");
    }
}

#[tokio::test]
async fn missing_credential_is_unsent_and_names_setters() {
    let server = Server::replying([]).await;
    let client = builder(server.url()).build().unwrap();
    for (id, call) in OPERATIONS {
        let error = call(&client).await.unwrap_err();
        let method = if matches!(id, "getChat" | "getChatMessage") { "GET" } else { "POST" };
        assert!(error.to_string().starts_with(&format!("{id}: {method} /v2/businesses/7/chat")), "{error}");
        let advice = "call `api_key`, or `oauth_token` on the client's builder";
        assert!(error.to_string().contains(advice), "{error}");
        assert!(error.is_unsent());
    }
    assert_eq!(server.connections(), 0);
}
