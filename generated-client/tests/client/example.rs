//! `examples/inbox.rs` at work.

use std::ffi::OsString;
use std::path::PathBuf;

use loopback::{Reply, Scratch, Server};
use yandex_market_chats::{Client, Error};

use crate::support::{DONE, KEY, OPERATIONS, client, outcome};

#[path = "../../examples/inbox.rs"]
#[allow(dead_code, reason = "tests do not call its `main`")]
mod inbox;

use inbox::{Answer, Settings};

const NO_CHATS: &str = r#"{"status":"OK","result":{"chats":[]}}"#;

/// A context as JSON.
const ORDER: &str = r#"{"type":"ORDER","campaignId":4,"orderId":5,"customer":{"name":"Анна"}}"#;

fn page_of_chats(chats: &[(i64, &str, &str)], next: &str) -> Reply {
    let chats: Vec<_> = chats
        .iter()
        .map(|(id, context, updated)| {
            format!(
                r#"{{"chatId":{id},"context":{context},"type":"CHAT","status":"NEW",
                "createdAt":"2024-08-01T00:00:00Z","updatedAt":"{updated}"}}"#
            )
        })
        .collect();
    let chats = chats.join(",");
    Reply::json(
        200,
        format!(r#"{{"status":"OK","result":{{"chats":[{chats}],"paging":{{"nextPageToken":"{next}"}}}}}}"#),
    )
}

fn history() -> Reply {
    let messages = r#"[
        {"messageId":1,"createdAt":"2024-08-29T10:00:00+03:00","sender":"CUSTOMER","message":"Где заказ?"},
        {"messageId":2,"createdAt":"2024-08-29T10:05:00+03:00","sender":"PARTNER",
         "payload":[{"name":"label.pdf","url":"http://127.0.0.1:1/","size":1234}]}
    ]"#;
    Reply::json(200, format!(r#"{{"status":"OK","result":{{"context":{ORDER},"messages":{messages}}}}}"#))
}

/// Runs the example, and returns its output.
async fn run(
    client: Client,
    answer: impl Into<Option<Answer>>,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut out = Vec::new();
    inbox::run(Settings { client, business_id: 7, answer: answer.into() }, &mut out).await?;
    Ok(String::from_utf8(out)?)
}

fn answer(file: Option<PathBuf>) -> Answer {
    Answer { chat_id: 42, message: "It is on its way".to_owned(), file }
}

fn targets(server: &Server) -> Vec<String> {
    server.requests().into_iter().map(|request| request.target).collect()
}

#[tokio::test]
async fn all_pages_and_newest_messages_are_shown() {
    let server = Server::replying([
        // 12:00 in Moscow is before 10:00 in Greenwich.
        page_of_chats(&[(1, ORDER, "2024-08-29T12:00:00+03:00"), (2, ORDER, "2024-08-29T10:00:00Z")], "b"),
        page_of_chats(&[(3, r#"{"type":"DIRECT"}"#, "2024-08-28T00:00:00Z")], ""),
        history(),
    ])
    .await;
    let shown = run(client(&server), None).await.unwrap();
    assert_eq!(
        shown,
        "chat 1, order 5, Анна: NEW since 2024-08-29 12:00:00 +03:00\n\
         chat 2, order 5, Анна: NEW since 2024-08-29 10:00:00 +00:00\n\
         chat 3, no order: NEW since 2024-08-28 00:00:00 +00:00\n\
         \n\
         In chat 2:\n\
         2024-08-29 10:00:00 +03:00 CUSTOMER: Где заказ?\n\
         2024-08-29 10:05:00 +03:00 PARTNER: (no text)\n    label.pdf (1234 bytes)\n"
    );
    assert_eq!(
        targets(&server),
        [
            "/v2/businesses/7/chats?limit=20",
            "/v2/businesses/7/chats?pageToken=b&limit=20",
            "/v2/businesses/7/chats/history?chatId=2"
        ]
    );
}

#[tokio::test]
async fn topic_of_each_chat_is_shown_even_if_unknown() {
    let chats = [
        (1, r#"{"type":"RETURN","orderId":5,"returnId":8}"#),
        (2, r#"{"type":"DIRECT","customer":{"name":"Анна"}}"#),
        (3, r#"{"type":"REVIEW","customer":{"publicId":"x1"}}"#),
        // Only the type is required.
        (4, r#"{"type":"ORDER","customer":{}}"#),
    ];
    let server = Server::replying([
        page_of_chats(&chats.map(|(id, context)| (id, context, "2026-07-17T10:00:00Z")), ""),
        history(),
    ])
    .await;
    let shown = run(client(&server), None).await.unwrap();
    let chats: Vec<_> = shown
        .lines()
        .take(4)
        .map(|line| line.strip_suffix(": NEW since 2026-07-17 10:00:00 +00:00"))
        .collect();
    let expected = ["chat 1, return 8", "chat 2, no order, Анна", "chat 3, REVIEW", "chat 4, ORDER"];
    assert_eq!(chats, expected.map(Some));
}

#[tokio::test]
async fn number_of_pages_is_limited() {
    let endless = ["a", "b", "c"].map(|next| page_of_chats(&[], next));
    let server = Server::replying(endless).await;
    assert_eq!(run(client(&server), None).await.unwrap(), "There are no chats.\n");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn message_and_file_are_sent_to_the_given_chat() {
    let scratch = Scratch::new();
    let label = scratch.file("example-label.pdf", b"%PDF");
    let server =
        Server::replying([Reply::json(200, NO_CHATS), Reply::json(200, DONE), Reply::json(200, DONE)]).await;
    let shown = run(client(&server), answer(Some(label))).await.unwrap();
    assert_eq!(
        shown,
        "There are no chats.\nThe message was sent to chat 42.\nThe file was sent to chat 42.\n"
    );
    assert_eq!(
        targets(&server)[1..],
        ["/v2/businesses/7/chats/message?chatId=42", "/v2/businesses/7/chats/file/send?chatId=42"]
    );
    assert_eq!(server.requests()[1].json(), serde_json::json!({"message": "It is on its way"}));
    let part = server.requests()[2].parts().await.remove(0);
    assert!(part.disposition.ends_with(r#"filename="example-label.pdf""#), "{}", part.disposition);
    assert_eq!(part.content, "%PDF");
}

#[tokio::test]
async fn missing_file_sends_nothing() {
    let server = Server::replying([Reply::json(200, NO_CHATS)]).await;
    let error = run(client(&server), answer(Some("no such file.pdf".into()))).await.unwrap_err();
    assert!(error.to_string().starts_with("`no such file.pdf`: "), "{error}");
    assert_eq!(targets(&server), ["/v2/businesses/7/chats?limit=20"]);
}

#[tokio::test]
async fn error_of_client_ends_program_with_advice() {
    let server = Server::replying([Reply::json(401, r#"{"status":"ERROR"}"#)]).await;
    let error = run(client(&server), answer(None)).await.unwrap_err();
    let error = error.downcast_ref::<Error>().expect("the client's error");
    assert!(inbox::advice(error).unwrap().contains("MARKET_API_KEY"), "{error}");
    assert_eq!(server.requests().len(), 1, "nothing is sent after that");
}

#[tokio::test]
async fn advice_depends_on_status() {
    for (status, word) in [
        (401, Some("MARKET_API_KEY")),
        (403, Some("MARKET_API_KEY")),
        (404, Some("MARKET_BUSINESS_ID")),
        (420, Some("wait")),
        (400, None),
        (503, None),
    ] {
        let error = outcome(OPERATIONS[0], Reply::json(status, r#"{"status":"ERROR"}"#)).await.unwrap_err();
        match (inbox::advice(&error), word) {
            (Some(advice), Some(word)) => assert!(advice.contains(word), "{status}: {advice}"),
            (advice, word) => assert_eq!(advice, word, "{status}"),
        }
    }
}

/// Names and values of variables.
type Environment<'e> = &'e [(&'e str, &'e str)];

fn settings(environment: Environment, arguments: &[&str]) -> Result<Settings, String> {
    let variable = |name: &str| {
        let value = environment.iter().find(|(known, _)| *known == name)?.1;
        Some(OsString::from(value))
    };
    Settings::read(variable, arguments.iter().map(OsString::from))
}

#[test]
fn settings_come_from_environment_and_arguments() {
    let environment = [
        ("MARKET_API_KEY", KEY),
        ("MARKET_BUSINESS_ID", "9007199254740993"),
        ("MARKET_BASE_URL", "http://127.0.0.1:1"),
    ];
    let Settings { client, business_id, answer } = settings(&environment, &[]).unwrap();
    assert!(format!("{client:?}").contains("http://127.0.0.1:1"));
    assert_eq!(business_id, 9_007_199_254_740_993);
    assert!(answer.is_none());

    let answer = settings(&environment, &["42", "Hello", "label.pdf"]).unwrap().answer.unwrap();
    assert_eq!((answer.chat_id, answer.message.as_str()), (42, "Hello"));
    assert_eq!(answer.file, Some(PathBuf::from("label.pdf")));
}

#[test]
fn wrong_setting_is_named_and_key_is_hidden() {
    let key = ("MARKET_API_KEY", KEY);
    let business = ("MARKET_BUSINESS_ID", "7");
    // A client without TLS refuses the default base URL.
    let local = ("MARKET_BASE_URL", "http://127.0.0.1:1");
    let (with_a_break, no_number) = (format!("{KEY}\n"), ("MARKET_BUSINESS_ID", "seven"));
    let table: [(Environment, &[&str], &str); 9] = [
        (&[business], &[], "MARKET_API_KEY is not set"),
        (&[("MARKET_API_KEY", ""), business], &[], "MARKET_API_KEY is not set"),
        (&[("MARKET_API_KEY", &with_a_break), business], &[], "api_key: the credential has a character"),
        (&[key], &[], "MARKET_BUSINESS_ID is not set"),
        (&[key, no_number], &[], "MARKET_BUSINESS_ID: invalid digit"),
        (&[key, business, ("MARKET_BASE_URL", "market")], &[], "base URL `market`: "),
        (&[key, business, local], &["chat"], "CHAT_ID: invalid digit"),
        (&[key, business, local], &["42"], "MESSAGE is missing"),
        (&[key, business, local], &["42", "Hello", "label.pdf", "more"], "there are too many arguments"),
    ];
    for (environment, arguments, expected) in table {
        let problem = settings(environment, arguments).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains(KEY), "{problem}");
    }
}

#[cfg(unix)]
#[test]
fn key_of_invalid_unicode_is_refused_and_hidden() {
    use std::os::unix::ffi::OsStringExt as _;

    let broken = [KEY.as_bytes(), b"\xff"].concat();
    let problem = Settings::read(|_| Some(OsString::from_vec(broken.clone())), []).unwrap_err();
    assert_eq!(problem, "MARKET_API_KEY is not valid Unicode");
}
