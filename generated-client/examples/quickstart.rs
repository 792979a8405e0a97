//! The snippet of the README.

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, ErrorBody, Upload};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // begin
    let business_id = 1_234_567;
    let client = Client::builder().api_key(std::env::var("MARKET_API_KEY")?).build()?;

    // Required parameters and properties are arguments, everything else is a setter.
    let waiting =
        client.get_chats(business_id).statuses([ChatStatusType::New, ChatStatusType::WaitingForPartner]);

    // `stream` requests page after page; `send` requests one.
    let mut chats = waiting.stream();
    while let Some(chat) = chats.try_next().await? {
        client.send_message_to_chat(business_id, chat.chat_id, "On its way").send().await?;

        let label = Upload::path("label.pdf").await?;
        match client.send_file_to_chat(business_id, chat.chat_id, label).send().await {
            Ok(_) => println!("sent to {}", chat.chat_id),
            Err(error) => match error.body() {
                Some(ErrorBody::NotFound(_)) => println!("chat {} is gone", chat.chat_id),
                _ => return Err(error.into()),
            },
        }
    }
    // end
    Ok(())
}
