//! Saves the attachments of a chat to a folder.
//!
//! ```sh
//! export MARKET_API_KEY=…       # an API key of the business, with the scope `communication`
//! export MARKET_BUSINESS_ID=…   # the identifier of the business
//!
//! cargo run --example attachments -- 42 downloads   # the attachments of chat 42, to the folder `downloads`
//! ```

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use yandex_market_chats::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let business_id = env::var("MARKET_BUSINESS_ID")?.parse()?;
    let client = Client::builder().api_key(env::var("MARKET_API_KEY")?).build()?;
    let mut arguments = env::args().skip(1);
    let chat_id = arguments.next().ok_or("usage: attachments CHAT_ID FOLDER")?.parse()?;
    let folder = PathBuf::from(arguments.next().ok_or("usage: attachments CHAT_ID FOLDER")?);

    for path in save_attachments(&client, business_id, chat_id, &folder).await? {
        println!("{}", path.display());
    }
    Ok(())
}

/// Saves all attachments of a chat, and returns the paths of the files.
pub(crate) async fn save_attachments(
    client: &Client,
    business_id: i64,
    chat_id: i64,
    folder: &Path,
) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut saved = Vec::new();
    let mut messages = client.get_chat_history(business_id, chat_id).stream();
    while let Some(message) = messages.try_next().await? {
        for attachment in message.payload.into_iter().flatten() {
            // The URL is on another host, which gets no credentials.
            let download = client.download_url(attachment.url).file_name(attachment.name).await?;
            saved.push(download.into_inner().save_to(folder).await?);
        }
    }
    Ok(saved)
}
