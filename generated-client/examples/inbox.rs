//! Reads the inbox of a store and, if told so, answers a buyer.
//!
//! ```sh
//! export MARKET_API_KEY=…       # an API key of the business, with the scope `communication`
//! export MARKET_BUSINESS_ID=…   # the identifier of the business
//!
//! cargo run --example inbox                                      # shows chats, and the newest one's messages
//! cargo run --example inbox -- 42 "It is on its way"             # ... and sends a message to chat 42
//! cargo run --example inbox -- 42 "Here is the label" label.pdf  # ... and a file
//! ```
//!
//! With `MARKET_BASE_URL` it talks to another server than Market's, such as one for tests.

use std::env;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use yandex_market_chats::types::{ChatContextType, ChatFullContext, ChatMessage, GetChatInfo};
use yandex_market_chats::{Client, Error, ErrorBody, Upload};

const USAGE: &str = "\
Shows the chats of a business and the messages of the newest; with arguments, answers in a chat.

Usage: inbox [CHAT_ID MESSAGE [FILE]]

Environment:
  MARKET_API_KEY      an API key of the business, with the scope `communication`
  MARKET_BUSINESS_ID  the identifier of the business
  MARKET_BASE_URL     another server than Market's (optional)";

/// How many pages of chats are shown: an inbox may go back for years.
const PAGES: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).peekable();
    if arguments.next_if(|first| first == "--help" || first == "-h").is_some() {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let settings = match Settings::read(|name| env::var_os(name), arguments) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("error: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(settings, &mut io::stdout()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(advice) = error.downcast_ref().and_then(advice) {
                eprintln!("hint: {advice}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Settings from the environment and the arguments.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) client: Client,
    pub(crate) business_id: i64,
    pub(crate) answer: Option<Answer>,
}

/// Message to send, and its chat.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) chat_id: i64,
    pub(crate) message: String,
    pub(crate) file: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn read(
        variable: impl Fn(&str) -> Option<OsString>,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, String> {
        let optional = |name| match variable(name) {
            Some(value) if !value.is_empty() => text(name, value).map(Some),
            _ => Ok(None),
        };
        let required = |name| optional(name)?.ok_or_else(|| format!("{name} is not set"));

        let mut builder = Client::builder().user_agent("inbox-example").api_key(required("MARKET_API_KEY")?);
        let business_id = number("MARKET_BUSINESS_ID", &required("MARKET_BUSINESS_ID")?)?;
        let answer = Answer::read(&mut arguments.into_iter())?;
        if let Some(url) = optional("MARKET_BASE_URL")? {
            builder = builder.base_url(url);
        }
        let client = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { client, business_id, answer })
    }
}

impl Answer {
    fn read(arguments: &mut impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let Some(chat_id) = arguments.next() else { return Ok(None) };
        let answer = Self {
            chat_id: number("CHAT_ID", &text("CHAT_ID", chat_id)?)?,
            message: text("MESSAGE", arguments.next().ok_or("MESSAGE is missing")?)?,
            file: arguments.next().map(PathBuf::from),
        };
        if arguments.next().is_some() {
            Err("there are too many arguments".to_owned())
        } else {
            Ok(Some(answer))
        }
    }
}

fn text(name: &str, value: OsString) -> Result<String, String> {
    value.into_string().map_err(|_| format!("{name} is not valid Unicode"))
}

fn number(name: &str, text: &str) -> Result<i64, String> {
    text.parse().map_err(|error| format!("{name}: {error}"))
}

/// Shows the inbox, then answers.
pub(crate) async fn run(settings: Settings, out: &mut impl Write) -> Result<(), Box<dyn StdError>> {
    let Settings { client, business_id, answer } = settings;

    let chats = chats(&client, business_id).await?;
    for chat in &chats {
        let GetChatInfo { chat_id, context, status, updated_at, .. } = chat;
        writeln!(out, "chat {chat_id}, {}: {status} since {updated_at}", topic(context))?;
    }
    match chats.iter().max_by_key(|chat| chat.updated_at) {
        Some(newest) => show_history(&client, business_id, newest.chat_id, out).await?,
        None => writeln!(out, "There are no chats.")?,
    }

    if let Some(Answer { chat_id, message, file }) = answer {
        // Opened first: if there is no such file, nothing is sent.
        let file = match file {
            Some(path) => Some(Upload::path(path).await?),
            None => None,
        };
        client.send_message_to_chat(business_id, chat_id, message).send().await?;
        writeln!(out, "The message was sent to chat {chat_id}.")?;
        if let Some(file) = file {
            client.send_file_to_chat(business_id, chat_id, file).send().await?;
            writeln!(out, "The file was sent to chat {chat_id}.")?;
        }
    }
    Ok(())
}

/// What a chat is about, and with whom it is.
fn topic(context: &ChatFullContext) -> String {
    let ChatFullContext { r#type, customer, order_id, return_id, .. } = context;
    let about = match (r#type, order_id, return_id) {
        (ChatContextType::Order, Some(order), _) => format!("order {order}"),
        (ChatContextType::Return, _, Some(id)) => format!("return {id}"),
        (ChatContextType::Direct, ..) => "no order".to_owned(),
        // Another type may come with a new version of the API.
        _ => r#type.to_string(),
    };
    match customer.as_ref().and_then(|customer| customer.name.as_ref()) {
        Some(name) => format!("{about}, {name}"),
        None => about,
    }
}

/// Returns the chats of the first pages.
async fn chats(client: &Client, business_id: i64) -> Result<Vec<GetChatInfo>, Error> {
    let mut chats = Vec::new();
    let mut pages = client.get_chats(business_id).limit(20).pages();
    for _ in 0..PAGES {
        let Some(page) = pages.try_next().await? else { break };
        chats.extend(page.into_inner().chats);
    }
    Ok(chats)
}

/// Shows the first page of a chat's messages.
async fn show_history(
    client: &Client,
    business_id: i64,
    chat_id: i64,
    out: &mut impl Write,
) -> Result<(), Box<dyn StdError>> {
    writeln!(out, "\nIn chat {chat_id}:")?;
    let page = client.get_chat_history(business_id, chat_id).send().await?;
    for ChatMessage { created_at, sender, message, payload, .. } in &page.messages {
        writeln!(out, "{created_at} {sender}: {}", message.as_deref().unwrap_or("(no text)"))?;
        for file in payload.iter().flatten() {
            writeln!(out, "    {} ({} bytes)", file.name, file.size)?;
        }
    }
    Ok(())
}

/// Returns advice on an error response.
pub(crate) fn advice(error: &Error) -> Option<&'static str> {
    match error.body()? {
        ErrorBody::Unauthorized(_) | ErrorBody::Forbidden(_) => {
            Some("is MARKET_API_KEY one of this business, and does it have the scope `communication`?")
        }
        ErrorBody::NotFound(_) => Some("do the business MARKET_BUSINESS_ID and the chat exist?"),
        ErrorBody::TooManyRequests(_) => Some("too many requests: wait a little"),
        _ => None,
    }
}
