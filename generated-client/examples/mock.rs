//! How an application tests what it does with the API, without a server.
//!
//! `cargo run -p yandex-market-chats --example mock --features mock`

#[cfg(feature = "mock")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), yandex_market_chats::Error> {
    use yandex_market_chats::{Client, Mock};

    let mock = Mock::new();
    mock.on_get_chats().reply_json(&serde_json::json!({
        "status": "OK",
        "result": {"chats": [{
            "chatId": 42, "type": "CHAT", "status": "NEW",
            "context": {"type": "ORDER", "orderId": 1, "customer": {"name": "Anna"}},
            "createdAt": "2026-07-17T10:00:00+03:00", "updatedAt": "2026-07-17T10:00:00+03:00",
        }]},
    }));
    mock.on_send_message_to_chat().reply_json(&serde_json::json!({"status": "OK"}));

    let client = Client::builder().api_key("test").transport(mock.clone()).build().expect("a client");
    assert_eq!(greet_everybody(&client).await?, 1);
    assert_eq!(mock.requests()[1].json()["message"], "Hello Anna, we are on it.");
    println!("The application sent what it should: {}", mock.requests()[1].uri);
    Ok(())
}

/// What the application does.
#[cfg(feature = "mock")]
async fn greet_everybody(client: &yandex_market_chats::Client) -> Result<usize, yandex_market_chats::Error> {
    let mut greeted = 0;
    let mut chats = client.get_chats(7).stream();
    while let Some(chat) = chats.try_next().await? {
        let customer = chat.context.customer.and_then(|customer| customer.name);
        let name = customer.as_deref().unwrap_or("there");
        client.send_message_to_chat(7, chat.chat_id, format!("Hello {name}, we are on it.")).send().await?;
        greeted += 1;
    }
    Ok(greeted)
}

#[cfg(not(feature = "mock"))]
fn main() {
    eprintln!("run it with --features mock");
}
