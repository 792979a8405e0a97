//! Reads a chat with up to 5 attempts, and with 2 minutes for the whole call.
//!
//! ```sh
//! MARKET_API_KEY=… MARKET_BUSINESS_ID=… cargo run --example retries -- 42   # chat 42
//! ```

use std::env;
use std::time::Duration;

use yandex_market_chats::{Client, ClientBuilder, RetryConfig};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let business_id = env::var("MARKET_BUSINESS_ID")?.parse()?;
    let chat_id = env::args().nth(1).ok_or("usage: retries CHAT_ID")?.parse()?;
    let client = patient(Client::builder()).api_key(env::var("MARKET_API_KEY")?).build()?;
    // An error says why the call was not retried.
    let chat = client.get_chat(business_id, chat_id).await?;
    println!("{} after {} attempts", chat.status, chat.attempts());
    Ok(())
}

/// Sets up to 5 attempts and a limit of 2 minutes for each call.
pub(crate) fn patient(builder: ClientBuilder) -> ClientBuilder {
    builder.retry(RetryConfig::new().max_attempts(5)).operation_timeout(Duration::from_secs(120))
}
