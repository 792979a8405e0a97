//! Clients, calls and errors on several threads and tasks.

use std::error::Error as StdError;

use loopback::{Reply, Server};
use yandex_market_chats::{Client, ClientBuilder, Error, ErrorBody, Response, Upload};

use crate::support::{DONE, OPERATIONS, client};

#[test]
fn clients_calls_and_errors_are_send_and_sync() {
    fn shared<T: Send + Sync + 'static>() {}
    fn cloned<T: Clone>() {}
    fn error<T: StdError>() {}
    fn sent<T: Send + 'static>() {}

    shared::<Client>();
    shared::<Error>();
    shared::<ErrorBody>();
    shared::<Response<()>>();
    cloned::<Client>();
    cloned::<ErrorBody>();
    error::<Error>();
    sent::<ClientBuilder>();
    sent::<Upload>();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_of_one_client_run_concurrently() {
    let refused = r#"{"status":"ERROR","errors":[{"code":"NO"}]}"#;
    let server = Server::replying(vec![Reply::json(404, refused); OPERATIONS.len()]).await;
    let client = client(&server);
    let tasks = OPERATIONS.map(|(id, call)| {
        let client = client.clone();
        (id, tokio::spawn(async move { call(&client).await }))
    });
    drop(client);
    for (id, task) in tasks {
        let error = task.await.unwrap().unwrap_err();
        assert_eq!(error.operation().id, id);
        assert!(matches!(error.body(), Some(ErrorBody::NotFound(_))), "{error}");
    }
    assert_eq!(server.requests().len(), OPERATIONS.len());
}

#[tokio::test]
async fn call_outlives_its_client() {
    let server = Server::replying([Reply::json(200, DONE)]).await;
    let call = client(&server).get_chats(7).limit(1);
    call.send().await.unwrap();
    assert_eq!(server.request().target, "/v2/businesses/7/chats?limit=1");
}
