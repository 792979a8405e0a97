//! `examples/inbox.rs` at work.

use std::ffi::OsString;
use std::path::PathBuf;

use yandex_market_chats::{Client, Error};

use crate::server::{Reply, Server};
use crate::support::{DONE, OPERATIONS, TOKEN, client, file, outcome};

#[path = "../../examples/inbox.rs"]
#[allow(dead_code, reason = "nobody calls its `main` here")]
mod inbox;

use inbox::{Answer, Settings};

const NO_CHATS: &str = r#"{"status":"OK","result":{"chats":[]}}"#;

fn page_of_chats(chats: &[(i64, &str)], next: &str) -> Reply {
    let chats: Vec<_> = chats
        .iter()
        .map(|(id, updated)| {
            format!(
                r#"{{"chatId":{id},"orderId":5,"type":"CHAT","status":"NEW",
                "createdAt":"2024-08-01T00:00:00Z","updatedAt":"{updated}"}}"#
            )
        })
        .collect();
    let chats = chats.join(",");
    Reply::json(200, format!(r#"{{"result":{{"chats":[{chats}],"paging":{{"nextPageToken":"{next}"}}}}}}"#))
}

fn history() -> Reply {
    let messages = r#"[
        {"messageId":1,"createdAt":"2024-08-29T10:00:00+03:00","sender":"CUSTOMER","message":"Где заказ?"},
        {"messageId":2,"createdAt":"2024-08-29T10:05:00+03:00","sender":"PARTNER",
         "payload":[{"name":"label.pdf","url":"http://127.0.0.1:1/","size":1234}]}
    ]"#;
    Reply::json(200, format!(r#"{{"result":{{"orderId":5,"messages":{messages}}}}}"#))
}

/// What it prints; or how it fails.
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
async fn it_shows_the_chats_of_all_pages_and_the_messages_of_the_newest() {
    let server = Server::replying([
        // 12:00 in Moscow is before 10:00 in Greenwich.
        page_of_chats(&[(1, "2024-08-29T12:00:00+03:00"), (2, "2024-08-29T10:00:00Z")], "b"),
        page_of_chats(&[(3, "2024-08-28T00:00:00Z")], ""),
        history(),
    ])
    .await;
    let shown = run(client(&server), None).await.unwrap();
    assert_eq!(
        shown,
        "chat 1, order 5: NEW since 2024-08-29 12:00:00 +03:00\n\
         chat 2, order 5: NEW since 2024-08-29 10:00:00 +00:00\n\
         chat 3, order 5: NEW since 2024-08-28 00:00:00 +00:00\n\
         \n\
         In chat 2:\n\
         2024-08-29 10:00:00 +03:00 CUSTOMER: Где заказ?\n\
         2024-08-29 10:05:00 +03:00 PARTNER: (no text)\n    label.pdf (1234 bytes)\n"
    );
    assert_eq!(
        targets(&server),
        [
            "/businesses/7/chats?limit=20",
            "/businesses/7/chats?page_token=b&limit=20",
            "/businesses/7/chats/history?chatId=2"
        ]
    );
}

#[tokio::test]
async fn it_does_not_walk_through_years_of_chats() {
    let endless = ["a", "b", "c"].map(|next| page_of_chats(&[], next));
    let server = Server::replying(endless).await;
    assert_eq!(run(client(&server), None).await.unwrap(), "There are no chats.\n");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn it_sends_a_message_and_a_file_to_the_chat_it_is_told() {
    let label = file("example-label.pdf", b"%PDF");
    let server =
        Server::replying([Reply::json(200, NO_CHATS), Reply::json(200, DONE), Reply::json(200, DONE)]).await;
    let shown = run(client(&server), answer(Some(label))).await.unwrap();
    assert_eq!(
        shown,
        "There are no chats.\nThe message was sent to chat 42.\nThe file was sent to chat 42.\n"
    );
    assert_eq!(
        targets(&server)[1..],
        ["/businesses/7/chats/message?chatId=42", "/businesses/7/chats/file/send?chatId=42"]
    );
    assert_eq!(server.requests()[1].json(), serde_json::json!({"message": "It is on its way"}));
    let part = server.requests()[2].parts().await.remove(0);
    assert!(part.disposition.ends_with(r#"filename="example-label.pdf""#), "{}", part.disposition);
    assert_eq!(part.content, "%PDF");
}

#[tokio::test]
async fn it_sends_nothing_if_the_file_is_not_there() {
    let server = Server::replying([Reply::json(200, NO_CHATS)]).await;
    let error = run(client(&server), answer(Some("no such file.pdf".into()))).await.unwrap_err();
    assert!(error.to_string().starts_with("`no such file.pdf`: "), "{error}");
    assert_eq!(targets(&server), ["/businesses/7/chats?limit=20"]);
}

#[tokio::test]
async fn it_ends_with_the_error_of_the_client_and_says_what_can_be_done() {
    let server = Server::replying([Reply::json(401, r#"{"status":"ERROR"}"#)]).await;
    let error = run(client(&server), answer(None)).await.unwrap_err();
    let error = error.downcast_ref::<Error>().expect("the client's error");
    assert!(inbox::advice(error).unwrap().contains("MARKET_TOKEN"), "{error}");
    assert_eq!(server.requests().len(), 1, "nothing is sent after that");
}

#[tokio::test]
async fn its_advice_depends_on_the_kind_of_refusal() {
    for (status, word) in [
        (401, Some("MARKET_TOKEN")),
        (403, Some("MARKET_TOKEN")),
        (404, Some("MARKET_BUSINESS_ID")),
        (420, Some("wait")),
        (400, None),
        (503, None),
    ] {
        let error = outcome(OPERATIONS[0], Reply::json(status, "{}")).await.unwrap_err();
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
fn it_reads_its_settings_from_the_environment_and_the_arguments() {
    let environment = [
        ("MARKET_TOKEN", TOKEN),
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
fn it_says_which_setting_is_wrong_and_does_not_show_the_token() {
    let token = ("MARKET_TOKEN", TOKEN);
    let business = ("MARKET_BUSINESS_ID", "7");
    let (with_a_break, no_number) = (format!("{TOKEN}\n"), ("MARKET_BUSINESS_ID", "seven"));
    let table: [(Environment, &[&str], &str); 9] = [
        (&[business], &[], "MARKET_TOKEN is not set"),
        (&[("MARKET_TOKEN", ""), business], &[], "MARKET_TOKEN is not set"),
        (&[("MARKET_TOKEN", &with_a_break), business], &[], "oauth_token: the credential has a character"),
        (&[token], &[], "MARKET_BUSINESS_ID is not set"),
        (&[token, no_number], &[], "MARKET_BUSINESS_ID: invalid digit"),
        (&[token, business, ("MARKET_BASE_URL", "market")], &[], "base URL `market`: "),
        (&[token, business], &["chat"], "CHAT_ID: invalid digit"),
        (&[token, business], &["42"], "MESSAGE is missing"),
        (&[token, business], &["42", "Hello", "label.pdf", "more"], "there are too many arguments"),
    ];
    for (environment, arguments, expected) in table {
        let problem = settings(environment, arguments).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains(TOKEN), "{problem}");
    }
}

#[cfg(unix)]
#[test]
fn a_token_that_is_no_text_is_refused_without_being_shown() {
    use std::os::unix::ffi::OsStringExt as _;

    let broken = [TOKEN.as_bytes(), b"\xff"].concat();
    let problem = Settings::read(|_| Some(OsString::from_vec(broken.clone())), []).unwrap_err();
    assert_eq!(problem, "MARKET_TOKEN is not valid Unicode");
}
