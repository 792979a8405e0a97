//! An application function and its unit test, with a mock in place of the server.
//!
//! `cargo run -p yandex-market-chats --example mock --features mock`; an application has the test in `#[test]` functions.

use yandex_market_chats::types::ChatStatusType;
use yandex_market_chats::{Client, Error};

/// Greets every buyer who waits, and returns the number of chats.
async fn greet_waiting(client: &Client, business_id: i64) -> Result<usize, Error> {
    let mut greeted = 0;
    let mut chats = client.get_chats(business_id).statuses([ChatStatusType::New]).stream();
    while let Some(chat) = chats.try_next().await? {
        let customer = chat.context.customer.and_then(|customer| customer.name);
        let name = customer.as_deref().unwrap_or("there");
        let text = format!("Hello {name}, we are on it.");
        client.send_message_to_chat(business_id, chat.chat_id, text).send().await?;
        greeted += 1;
    }
    Ok(greeted)
}

#[cfg(feature = "mock")]
mod tests {
    use yandex_market_chats::types::{
        ChatCustomer, ChatFullContext, GetChatInfo, GetChatsInfo, SendMessageToChatRequest,
    };
    use yandex_market_chats::{Error, Mock};

    fn page(chats: impl IntoIterator<Item = (i64, &'static str)>) -> GetChatsInfo {
        let chats = chats.into_iter().map(|(id, name)| {
            let context = ChatFullContext::sample().customer(ChatCustomer::default().name(name));
            GetChatInfo::sample().chat_id(id).context(context)
        });
        GetChatsInfo::default().chats(chats)
    }

    pub(super) async fn all_pages_are_greeted() -> Result<(), Error> {
        let mock = Mock::new();
        mock.on_get_chats().pages([page([(1, "Anna"), (2, "Boris")]), page([(3, "Clara")])]);
        for _ in 0..3 {
            mock.on_send_message_to_chat().reply(&());
        }

        assert_eq!(super::greet_waiting(&mock.client(), 7).await?, 3);

        mock.assert_done();
        let requests = mock.requests();
        let sent = requests.iter().filter(|request| request.operation.id == "sendMessageToChat");
        let sent: Vec<_> =
            sent.map(|request| request.decoded::<SendMessageToChatRequest>().message).collect();
        assert_eq!(sent[0], "Hello Anna, we are on it.");
        assert_eq!(sent.len(), 3);
        Ok(())
    }
}

#[cfg(feature = "mock")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tests::all_pages_are_greeted().await?;
    println!("The application greets all buyers who wait.");
    Ok(())
}

#[cfg(not(feature = "mock"))]
fn main() {
    let _ = greet_waiting;
    eprintln!("run it with --features mock");
}
