//! Limits of concurrent requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::runtime::{
    Attempt, Body, BoxFuture, Client, ClientBuilder, TimeoutKind, Transport, TransportError,
};
use crate::support::{CHATS, TOKEN};

/// A transport that responds after a second, and counts the concurrent requests.
#[derive(Clone, Default)]
struct Slow {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl fmt::Debug for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slow")
    }
}

impl Transport for Slow {
    fn send<'a>(
        &'a self,
        _: http::Request<Body>,
        _: &'a Attempt,
    ) -> BoxFuture<'a, Result<http::Response<Body>, TransportError>> {
        Box::pin(async {
            let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
            self.most.fetch_max(now, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.now.fetch_sub(1, Ordering::Relaxed);
            Ok(http::Response::new(Body::from(CHATS)))
        })
    }
}

fn builder(slow: &Slow) -> ClientBuilder {
    Client::builder().base_url("http://localhost").oauth_token(TOKEN).transport(slow.clone())
}

/// Makes twelve calls for each of the businesses.
async fn call(client: &Client, businesses: &[i64]) {
    let calls = businesses.iter().flat_map(|business| (0..12).map(|_| client.get_chats(*business).send()));
    for call in calls.map(tokio::spawn).collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_are_limited_per_business() {
    let slow = Slow::default();
    call(&builder(&slow).build().unwrap(), &[1]).await;
    assert_eq!(slow.most.load(Ordering::Relaxed), 12, "by default nothing waits");

    let slow = Slow::default();
    let client = builder(&slow).max_parallel("businessId", 4).build().unwrap();
    call(&client, &[1]).await;
    assert_eq!(slow.most.load(Ordering::Relaxed), 4);
    call(&client, &[1, 2, 3]).await;
    assert_eq!(slow.most.load(Ordering::Relaxed), 12);
}

#[tokio::test(start_paused = true)]
async fn waiting_counts_and_frees_its_place_if_dropped() {
    let slow = Slow::default();
    let client = builder(&slow)
        .max_parallel("businessId", 0)
        .operation_timeout(Duration::from_millis(2_500))
        .build()
        .unwrap();
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(client.get_chats(1).send())).collect();
    let mut late = 0;
    for call in calls {
        if let Err(error) = call.await.unwrap() {
            assert!(matches!(error.timeout(), Some((TimeoutKind::Operation, _))), "{error}");
            late += 1;
        }
    }
    assert_eq!((late, slow.most.load(Ordering::Relaxed)), (1, 1));
    slow.now.store(0, Ordering::Relaxed);
    client.get_chats(1).send().await.unwrap();
}
