//! Receives notifications about chats, and greets each buyer who writes.
//!
//! ```sh
//! MARKET_API_KEY=… cargo run --example webhooks --features webhooks -- 127.0.0.1:8080
//! ```
//!
//! Market needs a response within 10 seconds, so the response goes first, and events are handled later, one after the other.

use std::env;
use std::error::Error;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use yandex_market_chats::Client;
use yandex_market_chats::types::ChatMessageSenderType;
use yandex_market_chats::webhooks::types::{ChatMessageSentNotification, SendNotificationRequest as Event};
use yandex_market_chats::webhooks::{Deliveries, Integration, RecentDeliveries, send_notification};

/// Size of an event, in bytes. Those of Market have some hundred bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// Number of events that wait. Market delivers again what does not fit.
const QUEUE: usize = 1_000;

/// Number of events that are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().api_key(env::var("MARKET_API_KEY")?).build()?;
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    let ctrl_c = async { tokio::signal::ctrl_c().await.unwrap_or(()) };
    serve(listener, client, ctrl_c).await?;
    Ok(())
}

/// Serves until `shutdown` is ready. Events that were accepted are handled before it returns.
pub(crate) async fn serve<S>(listener: TcpListener, client: Client, shutdown: S) -> io::Result<()>
where
    S: Future<Output = ()> + Send + 'static,
{
    let (queue, mut events) = mpsc::channel::<Accepted>(QUEUE);
    let deliveries = Arc::new(RecentDeliveries::new(REMEMBERED));
    let receiver = Receiver {
        integration: Integration::new("greeter", env!("CARGO_PKG_VERSION")),
        deliveries: Arc::clone(&deliveries),
        queue,
    };
    let worker = tokio::spawn(async move {
        while let Some(Accepted { key, event }) = events.recv().await {
            if let Err(error) = handle(&client, event).await {
                eprintln!("an event was not handled: {error}");
                // If Market delivers the event again, it is handled again.
                deliveries.release(&key).await.unwrap_or_else(|error| eprintln!("{error}"));
            }
        }
    });
    let router = Router::new()
        .route("/notification", post(receive))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(receiver);
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await?;
    worker.await.map_err(io::Error::other)
}

/// State of the server.
#[derive(Clone)]
struct Receiver {
    integration: Integration,
    deliveries: Arc<RecentDeliveries>,
    queue: mpsc::Sender<Accepted>,
}

/// An event that was accepted, and the key of its delivery.
struct Accepted {
    key: String,
    event: Event,
}

/// Responds to an event, and puts it into the queue, unless it was there before.
async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let event = match send_notification::parse(&headers, &body) {
        Ok(event) => event,
        Err(error) => return Integration::refuse(&error).map(Into::into),
    };
    match receiver.accept(event).await {
        Ok(()) => receiver.integration.accept().map(Into::into),
        Err(error) => Integration::fail(&error).map(Into::into),
    }
}

impl Receiver {
    async fn accept(&self, event: Event) -> Result<(), Box<dyn Error + Send + Sync>> {
        // Repeats are equal in all of their JSON.
        let key = serde_json::to_string(&event)?;
        if self.deliveries.claim(&key).await?
            && let Err(error) = self.queue.try_send(Accepted { key: key.clone(), event })
        {
            self.deliveries.release(&key).await?;
            return Err(error.to_string().into());
        }
        Ok(())
    }
}

/// Handles an event. Nothing in it is trusted but its identifiers: the call returns what is so.
async fn handle(client: &Client, event: Event) -> Result<(), Box<dyn Error + Send + Sync>> {
    match event {
        Event::ChatMessageSentNotification(event) => greet(client, &event).await,
        Event::ChatCreatedNotification(event) => {
            println!("chat {} has begun", event.chat_id);
            Ok(())
        }
        // `PING`, disputes, and what is not about chats.
        _ => Ok(()),
    }
}

async fn greet(
    client: &Client,
    event: &ChatMessageSentNotification,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (business, chat) = (event.business_id, event.chat_id);
    let message = client.get_chat_message(business, chat, event.message_id.parse()?).await?;
    if message.sender == ChatMessageSenderType::Customer {
        client.send_message_to_chat(business, chat, "Hello! We will answer soon.").await?;
    }
    Ok(())
}
