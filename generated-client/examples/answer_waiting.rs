//! Answers all chats that wait for the store, with up to 5 attempts and 2 minutes for each call.
//!
//! ```sh
//! MARKET_API_KEY=… MARKET_BUSINESS_ID=… cargo run --example answer_waiting -- "We are looking into it."
//! ```

use std::env;
use std::time::Duration;

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, ClientBuilder, Error, ErrorBody, RetryConfig};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let business_id = env::var("MARKET_BUSINESS_ID")?.parse()?;
    let text = env::args().nth(1).ok_or("expected a text to send")?;
    let client = patient(Client::builder().api_key(env::var("MARKET_API_KEY")?)).build()?;
    let answered = answer_waiting(&client, business_id, &text).await?;
    println!("answered {answered} chats");
    Ok(())
}

/// Sets 5 attempts and a limit of 2 minutes for each call.
pub(crate) fn patient(builder: ClientBuilder) -> ClientBuilder {
    builder.retry(RetryConfig::new().max_attempts(5)).operation_timeout(Duration::from_secs(120))
}

/// Answers all waiting chats, and returns their number.
pub(crate) async fn answer_waiting(client: &Client, business_id: i64, text: &str) -> Result<usize, Error> {
    // The list is read before the first answer, which changes the status of a chat.
    let waiting = client.get_chats(business_id).statuses([ChatStatusType::WaitingForPartner]);
    let mut stream = waiting.stream();
    let mut chats = Vec::new();
    while let Some(chat) = stream.try_next().await? {
        chats.push(chat.chat_id);
    }
    let mut answered = 0;
    for chat_id in chats {
        match client.send_message_to_chat(business_id, chat_id, text).await {
            Ok(_) => answered += 1,
            Err(error) if matches!(error.body(), Some(ErrorBody::NotFound(_))) => {
                eprintln!("chat {chat_id} does not exist");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(answered)
}
