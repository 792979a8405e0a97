//! The snippet of the README: what calling the client feels like.

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, Error, ErrorBody, Upload};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // begin
    let business_id = 1_234_567;
    let client = Client::builder().api_key(std::env::var("MARKET_API_KEY")?).build()?;

    // Required parameters and properties are arguments, everything else is a setter.
    let waiting =
        client.get_chats(business_id).statuses([ChatStatusType::New, ChatStatusType::WaitingForPartner]);

    // The pages come one by one, as they are needed; `send` gives just one.
    let mut chats = waiting.stream();
    while let Some(chat) = chats.try_next().await? {
        client.send_message_to_chat(business_id, chat.chat_id, "On its way").send().await?;

        let label = Upload::path("label.pdf").await?;
        match client.send_file_to_chat(business_id, chat.chat_id, label).send().await {
            Ok(_) => println!("sent to {}", chat.chat_id),
            // A refusal by the server has the body that is declared for its status.
            Err(Error::Api(refusal)) => match refusal.body() {
                ErrorBody::NotFound(_) => println!("chat {} is gone", chat.chat_id),
                body => println!("{refusal}: {:?}", body.errors()),
            },
            Err(error) => return Err(error.into()),
        }
    }
    // end
    Ok(())
}
