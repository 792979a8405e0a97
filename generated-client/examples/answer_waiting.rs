//! Answers all chats that wait for the store.
//!
//! ```sh
//! MARKET_API_KEY=… MARKET_BUSINESS_ID=… cargo run --example answer_waiting -- "We are looking into it."
//! ```

use std::env;

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, Error, ErrorBody};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let business_id = env::var("MARKET_BUSINESS_ID")?.parse()?;
    let text = env::args().nth(1).ok_or("usage: answer_waiting TEXT")?;
    let client = Client::builder().api_key(env::var("MARKET_API_KEY")?).build()?;
    for (chat_id, outcome) in answer_waiting(&client, business_id, &text).await? {
        match outcome {
            Ok(()) => println!("answered chat {chat_id}"),
            Err(error) => eprintln!("chat {chat_id}: {error}"),
        }
    }
    Ok(())
}

/// Answers all waiting chats, and returns the outcome of each. An error that each chat would meet ends the program.
pub(crate) async fn answer_waiting(
    client: &Client,
    business_id: i64,
    text: &str,
) -> Result<Vec<(i64, Result<(), Error>)>, Error> {
    // The list is read before the first answer, which changes the status of a chat.
    let mut waiting = client.get_chats(business_id).statuses([ChatStatusType::WaitingForPartner]).stream();
    let mut chats = Vec::new();
    while let Some(chat) = waiting.try_next().await? {
        chats.push(chat.chat_id);
    }
    let mut outcomes = Vec::new();
    for chat_id in chats {
        match client.send_message_to_chat(business_id, chat_id, text).await {
            Ok(_) => outcomes.push((chat_id, Ok(()))),
            // The key does not allow to send.
            Err(error) if matches!(error.body(), Some(ErrorBody::Forbidden(_))) => return Err(error),
            Err(error) => outcomes.push((chat_id, Err(error))),
        }
    }
    Ok(outcomes)
}
