//! Reads the inbox of a store and, if told so, answers a buyer.
//!
//! ```sh
//! cargo run --example inbox                                      # shows chats, and the newest one's messages
//! cargo run --example inbox -- 42 "It is on its way"             # ... and sends a message to chat 42
//! cargo run --example inbox -- 42 "Here is the label" label.pdf  # ... and a file
//! ```

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use yandex_market_chats::types::{ChatContextType, ChatFullContext};
use yandex_market_chats::{Client, Error, ErrorBody, Upload};

const USAGE: &str = "\
Shows the chats of a business and the messages of the newest; with arguments, answers in a chat.

Usage: inbox [CHAT_ID MESSAGE [FILE]]

Environment:
  MARKET_API_KEY      an API key of the business, with the scope `communication`
  MARKET_BUSINESS_ID  the identifier of the business
  MARKET_BASE_URL     another server than Market's (optional)";

/// Number of pages of chats that are shown: an inbox may go back for years.
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
    let Err(error) = run(settings, &mut io::stdout()).await else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    if let Some(advice) = error.downcast_ref().and_then(advice) {
        eprintln!("hint: {advice}");
    }
    ExitCode::FAILURE
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
        if let Some(url) = optional("MARKET_BASE_URL")? {
            builder = builder.base_url(url);
        }
        let client = builder.build().map_err(|error| error.to_string())?;
        let mut arguments = arguments.into_iter();
        let answer = match arguments.next() {
            None => None,
            Some(chat_id) => Some(Answer {
                chat_id: number("CHAT_ID", &text("CHAT_ID", chat_id)?)?,
                message: text("MESSAGE", arguments.next().ok_or("MESSAGE is missing")?)?,
                file: arguments.next().map(PathBuf::from),
            }),
        };
        if arguments.next().is_some() {
            return Err("there are too many arguments".to_owned());
        }
        Ok(Self { client, business_id, answer })
    }
}

fn text(name: &str, value: OsString) -> Result<String, String> {
    value.into_string().map_err(|_| format!("{name} is not valid Unicode"))
}

fn number(name: &str, text: &str) -> Result<i64, String> {
    text.parse().map_err(|error| format!("{name}: {error}"))
}

/// Shows the inbox, then answers.
pub(crate) async fn run(settings: Settings, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    let Settings { client, business_id, answer } = settings;
    let mut newest = None;
    let mut pages = client.get_chats(business_id).limit(20).pages();
    for _ in 0..PAGES {
        let Some(page) = pages.try_next().await? else { break };
        for chat in &page.chats {
            let (id, topic) = (chat.chat_id, topic(&chat.context));
            writeln!(out, "chat {id}, {topic}: {} since {}", chat.status, chat.updated_at)?;
            newest = newest.max(Some((chat.updated_at, id)));
        }
    }
    if let Some((_, chat_id)) = newest {
        writeln!(out, "\nIn chat {chat_id}:")?;
        let page = client.get_chat_history(business_id, chat_id).send().await?;
        for message in &page.messages {
            let text = message.message.as_deref().unwrap_or("(no text)");
            writeln!(out, "{} {}: {text}", message.created_at, message.sender)?;
            for file in message.payload.iter().flatten() {
                writeln!(out, "    {} ({} bytes)", file.name, file.size)?;
            }
        }
    } else {
        writeln!(out, "There are no chats.")?;
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

/// Returns the topic of a chat, and the name of its customer.
fn topic(context: &ChatFullContext) -> String {
    let about = match (&context.r#type, context.order_id, context.return_id) {
        (ChatContextType::Order, Some(order), _) => format!("order {order}"),
        (ChatContextType::Return, _, Some(id)) => format!("return {id}"),
        (ChatContextType::Direct, ..) => "no order".to_owned(),
        // Another type may come with a new version of the API.
        (other, ..) => other.to_string(),
    };
    let name = context.customer.as_ref().and_then(|customer| customer.name.as_ref());
    name.map_or_else(|| about.clone(), |name| format!("{about}, {name}"))
}

/// Returns advice on an error response.
pub(crate) fn advice(error: &Error) -> Option<&'static str> {
    match error.body()? {
        ErrorBody::Unauthorized(_) => Some("check MARKET_API_KEY"),
        ErrorBody::Forbidden(_) => Some("check that MARKET_API_KEY has the scope `communication`"),
        ErrorBody::NotFound(_) => Some("do the business MARKET_BUSINESS_ID and the chat exist?"),
        ErrorBody::TooManyRequests(_) => Some("too many requests: wait a little"),
        _ => None,
    }
}
