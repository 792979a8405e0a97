//! A program that calls all seven operations. `cargo xtask bench-compile` measures its compilation.

use std::hint::black_box;

use handwritten::{Client, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = Client::new(any::<String>().parse()?, any());
    runtime.block_on(calls(&client))?;
    Ok(())
}

/// Returns a value that is unknown to the compiler: the program is only compiled.
fn any<T>() -> T {
    black_box(None).expect("the program is only compiled")
}

async fn calls(client: &Client) -> Result<(), Error> {
    println!("{}", client.create_chat(any(), any()).await?.chat_id);
    println!("{}", client.get_chat(any(), any()).await?.chat_id);
    println!("{}", client.get_chat_history(any(), any(), any(), any()).await?.messages.len());
    println!("{}", client.get_chat_message(any(), any(), any()).await?.message_id);
    println!("{}", client.get_chats(any(), any(), any()).await?.chats.len());
    client.send_file_to_chat(any(), any(), any(), any()).await?;
    client.send_message_to_chat(any(), any(), any::<String>()).await
}
