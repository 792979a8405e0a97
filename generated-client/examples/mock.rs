//! A program and its unit tests, with a mock in place of the server.
//!
//! An application enables the feature `mock` in its `[dev-dependencies]`. The tests of this file run with
//! `cargo test --example mock --features mock`.

use std::env;

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let business_id = env::var("MARKET_BUSINESS_ID")?.parse()?;
    let client = Client::builder().api_key(env::var("MARKET_API_KEY")?).build()?;
    println!("greeted {} buyers", greet_waiting(&client, business_id).await?);
    Ok(())
}

/// Greets every buyer who waits for the store, and returns the number of chats.
pub(crate) async fn greet_waiting(client: &Client, business_id: i64) -> Result<usize, Error> {
    // The list is read before the first greeting, which changes the status of a chat.
    let mut waiting = client.get_chats(business_id).statuses([ChatStatusType::WaitingForPartner]).stream();
    let mut chats = Vec::new();
    while let Some(chat) = waiting.try_next().await? {
        chats.push(chat);
    }
    for chat in &chats {
        let customer = chat.context.customer.as_ref().and_then(|customer| customer.name.as_deref());
        let text = format!("Hello {}, we are on it.", customer.unwrap_or("there"));
        client.send_message_to_chat(business_id, chat.chat_id, text).await?;
    }
    Ok(chats.len())
}

#[cfg(all(test, feature = "mock"))]
mod tests {
    use yandex_market_chats::types::{
        ApiErrorResponse, ChatCustomer, ChatFullContext, GetChatInfo, GetChatsInfo, SendMessageToChatRequest,
    };
    use yandex_market_chats::{ErrorBody, Mock};

    use super::greet_waiting;

    fn page(names: impl IntoIterator<Item = &'static str>) -> GetChatsInfo {
        let context = |name| ChatFullContext::sample().customer(ChatCustomer::default().name(name));
        let chats = names.into_iter().map(|name| GetChatInfo::sample().context(context(name)));
        GetChatsInfo::default().chats(chats)
    }

    #[tokio::test]
    async fn buyers_of_all_pages_are_greeted() {
        let mock = Mock::new();
        mock.on_get_chats().pages([page(["Anna"]), page(["Boris"])]);
        mock.on_send_message_to_chat().reply(&());
        mock.on_send_message_to_chat().reply(&());

        assert_eq!(greet_waiting(&mock.client(), 7).await.unwrap(), 2);

        mock.assert_done();
        let requests = mock.requests();
        let sent = requests.iter().filter(|request| request.operation.id == "sendMessageToChat");
        let texts: Vec<_> =
            sent.map(|request| request.decoded::<SendMessageToChatRequest>().message).collect();
        assert_eq!(texts, ["Hello Anna, we are on it.", "Hello Boris, we are on it."]);
    }

    #[tokio::test]
    async fn error_response_ends_the_greetings() {
        let mock = Mock::new();
        mock.on_get_chats().reply(&page(["Anna", "Boris"]));
        mock.on_send_message_to_chat().refuse(404, &ApiErrorResponse::sample());

        let error = greet_waiting(&mock.client(), 7).await.unwrap_err();

        assert!(matches!(error.body(), Some(ErrorBody::NotFound(_))), "{error}");
        mock.assert_done();
    }
}
