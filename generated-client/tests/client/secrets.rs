//! Credentials are hidden in `Debug` output, errors, panics and the output of the whole suite.

use std::error::Error as StdError;
use std::fmt::Debug;

use loopback::{End, Reply, Server};
use yandex_market_chats::{CallOptions, ClientBuilder, Upload};

use crate::support::{KEY, LOUD, OPERATIONS, TOKEN, builder, client, is_loud, order};

fn assert_hidden(text: &str) {
    for secret in [KEY, TOKEN] {
        assert!(!text.contains(secret), "a credential shows in: {text}");
    }
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}")
}

#[test]
fn debug_of_client_builder_and_calls_hides_secrets() {
    let builder = builder("http://localhost").api_key(KEY).oauth_token(TOKEN).default_header("X-Key", TOKEN);
    assert_hidden(&shown(&builder));
    let client = builder.build().unwrap();
    assert_hidden(&shown(&client));

    let options = CallOptions::new().header("X-Other-Key", TOKEN).header("Api-Key", KEY);
    let upload = Upload::bytes("a.txt", TOKEN);
    let calls = [
        shown(&client.create_chat(7, order(5)).options(options.clone())),
        shown(&client.get_chat(7, 42).options(options.clone())),
        shown(&client.get_chat_history(7, 42).options(options.clone())),
        shown(&client.get_chat_message(7, 42, 3).options(options.clone())),
        shown(&client.get_chats(7).options(options.clone())),
        shown(&client.send_file_to_chat(7, 42, upload).options(options.clone())),
        shown(&client.send_message_to_chat(7, 42, "Hello").options(options)),
    ];
    for call in calls {
        assert_hidden(&call);
        for name in ["X-Other-Key", "Api-Key"] {
            assert!(call.contains(name), "the names of headers are no secret: {call}");
        }
    }
}

/// Returns the text of an error and of all its sources.
fn everything(error: &(dyn StdError + 'static)) -> String {
    let sources = std::iter::successors(Some(error), |error| (*error).source());
    sources.map(|error| format!("{error}\n{}", shown(&error))).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn errors_hide_credentials() {
    let credentials: [fn(ClientBuilder) -> ClientBuilder; 2] =
        [|builder| builder.api_key(KEY), |builder| builder.oauth_token(TOKEN)];
    let replies = [
        Reply::json(401, r#"{"status":"ERROR","errors":[{"code":"NO"}]}"#),
        Reply::json(418, "{}"),
        Reply::json(200, r#"{"status":"ERROR"}"#),
        Reply::json(200, "[]"),
        Reply::json(200, "{}").cut(1, End::Close),
        Reply::status(302).header("Location", "http://127.0.0.1:1/"),
        Reply::none(End::Close),
    ];
    for operation in OPERATIONS {
        for (reply, credential) in replies.iter().flat_map(|reply| credentials.map(|with| (reply, with))) {
            let server = Server::replying([reply.clone()]).await;
            let client = credential(builder(server.url())).build().unwrap();
            let error = (operation.1)(&client).await.unwrap_err();
            assert_eq!(server.requests().len(), 1, "{error}");
            assert_hidden(&everything(&error));
        }
    }
}

#[test]
fn invalid_credential_is_refused_and_hidden() {
    let builder = || builder("http://localhost");
    for (wrong, problem) in [
        (builder().api_key(format!("{KEY}\n")), "api_key: the credential has a character other than visible"),
        (
            builder().api_key(format!("ключ {KEY}")),
            "api_key: the credential has a character other than visible",
        ),
        (builder().api_key(""), "api_key: the credential is empty"),
        (
            builder().oauth_token(format!("{TOKEN}\n")),
            "oauth_token: the credential has a character other than",
        ),
        (builder().oauth_token(""), "oauth_token: the credential is empty"),
        // A credential that would not be sent is checked, too.
        (builder().api_key(KEY).oauth_token(""), "oauth_token: the credential is empty"),
    ] {
        let error = wrong.build().unwrap_err();
        assert!(error.to_string().starts_with(problem), "{error}");
        assert_hidden(&everything(&error));
    }
}

#[tokio::test]
async fn panic_about_call_hides_key() {
    let server = Server::replying([Reply::json(403, r#"{"status":"ERROR","errors":[{"code":"NO"}]}"#)]).await;
    let client = client(&server);
    let call = tokio::spawn(async move {
        let reply = client.get_chats(7).send().await;
        assert!(reply.is_ok(), "{client:?} got {reply:?}");
    });
    let panic = call.await.unwrap_err().into_panic();
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains("Client") && message.contains("403"), "{message}");
    assert_hidden(message);
}

/// Runs the suite again and reads all that it prints: outcomes, backtraces, panics.
#[test]
fn output_of_whole_suite_hides_credentials() {
    if is_loud() {
        return;
    }
    let suite = std::env::current_exe().expect("this test's program");
    let output = std::process::Command::new(suite)
        .arg("--nocapture")
        .env(LOUD, "yes")
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("the suite runs");
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{printed}");
    let shown: Vec<_> = printed.lines().filter(|line| line.contains(LOUD)).collect();
    let successes = shown.iter().filter(|line| line.contains("Ok(")).count();
    assert!(successes > 100 && printed.contains("panicked at"), "the suite was not loud: {printed}");
    for (id, _) in OPERATIONS {
        // An error's text begins with the operation.
        let errors = shown.iter().filter(|line| line.contains(&format!("{LOUD}: {id}: "))).count();
        assert!(errors > 50, "the suite showed {errors} errors of {id} only: {printed}");
    }
    let leaks: Vec<_> =
        printed.lines().filter(|line| [KEY, TOKEN].iter().any(|secret| line.contains(secret))).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}
