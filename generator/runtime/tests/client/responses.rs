//! Responses: successes, errors, and bodies that are neither.

use std::error::Error as _;

use loopback::{End, Refusing, Reply, Server};

use crate::error::ErrorBody;
use crate::runtime::{ErrorKind, TransportErrorKind};
use crate::support::{CHATS, PROBE, TOKEN, builder, call, client};
use crate::types::{ChatType, ChatsInfo};

const REFUSAL: &str = r#"{"status":"ERROR","errors":[{"code":"NO","message":"not\nso"}]}"#;

async fn answer(reply: Reply) -> Result<ChatsInfo, crate::runtime::Error> {
    let server = Server::replying([reply]).await;
    client(&server).get_chats(7).send().await.map(crate::runtime::Response::into_inner)
}

async fn error(reply: Reply) -> crate::runtime::Error {
    answer(reply).await.expect_err("an error")
}

#[tokio::test]
async fn response_is_read_with_any_framing_and_content_type() {
    let replies = [
        Reply::json(200, CHATS),
        Reply::json(201, CHATS),
        Reply::json(200, CHATS).chunked(),
        Reply::json(200, CHATS).until_close(),
        Reply::status(200).body(CHATS),
        Reply::status(200).header("Content-Type", "text/plain").body(CHATS),
        Reply::json(200, format!("\r\n {CHATS}\n")),
    ];
    for reply in replies {
        assert_eq!(answer(reply).await.unwrap().chats.len(), 1);
    }
}

#[tokio::test]
async fn response_of_many_pieces_is_joined() {
    let chats = format!("[{}]", vec![r#"{"chatId":1,"type":"CHAT"}"#; 20_000].join(","));
    let body = format!(r#"{{"result":{{"chats":{chats}}}}}"#);
    assert_eq!(answer(Reply::json(200, body)).await.unwrap().chats.len(), 20_000);
}

#[tokio::test]
async fn unknown_properties_and_values_are_accepted() {
    let body = r#"{"new":[1],"status":"FINE","result":{"new":{},"chats":[{"chatId":1,"type":"DIRECT","new":null}]}}"#;
    let chats = answer(Reply::json(200, body)).await.unwrap().chats;
    assert_eq!(chats[0].r#type, ChatType::from("DIRECT"));
}

#[tokio::test]
async fn body_of_operation_without_result_is_skipped() {
    for reply in [Reply::status(204), Reply::status(200), Reply::status(200).body("<html>")] {
        let server = Server::replying([reply]).await;
        call(&client(&server), &PROBE, |_| {}).await.unwrap();
    }
}

#[tokio::test]
async fn error_is_typed_by_its_status_alone() {
    for (status, typed) in [(400, 400), (404, 404), (420, 420), (401, 0), (500, 0), (503, 0), (418, 0)] {
        let api = error(Reply::json(status, REFUSAL)).await;
        assert_eq!(api.kind(), ErrorKind::Api, "{api}");
        let which = match api.body() {
            Some(ErrorBody::BadRequest(body)) => (400, body.errors.as_ref().map(Vec::len)),
            Some(ErrorBody::NotFound(body)) => (404, body.errors.as_ref().map(Vec::len)),
            Some(ErrorBody::TooManyRequests(body)) => (420, body.errors.as_ref().map(Vec::len)),
            _ => (0, Some(1)),
        };
        assert_eq!(which, (typed, Some(1)), "{status}");
        assert_eq!(api.status().unwrap(), status);
        assert_eq!(api.excerpt(), REFUSAL);
    }
}

#[tokio::test]
async fn error_with_undeclared_body_keeps_its_status() {
    for body in ["", "<html>down</html>", "{", r#"{"errors":7}"#, "[]x"] {
        let api = error(Reply::status(404).body(body)).await;
        assert_eq!(api.kind(), ErrorKind::Api, "{api}");
        assert_eq!(
            (api.status().unwrap().as_u16(), api.body(), api.excerpt()),
            (404, Some(&ErrorBody::Other), body)
        );
    }
}

#[tokio::test]
async fn error_line_shows_call_status_body_and_limits() {
    let reply = Reply::json(420, REFUSAL)
        .header("X-RateLimit-Resource-Limit", "1000")
        .header("X-RateLimit-Resource-Remaining", "0")
        .header("X-RateLimit-Resource-Until", "Thu, 10 Jul 2018 10:00:00 GMT")
        .header("traceparent", "00-4bf9-00f0-01");
    let error = error(reply).await;
    assert_eq!(
        error.to_string(),
        "getChats: POST /businesses/7/chats returned 420: \
         {\"status\":\"ERROR\",\"errors\":[{\"code\":\"NO\",\"message\":\"not\\nso\"}]}; \
         rate limit: 0 of 1000 left until 2018-07-10T10:00:00+00:00; traceparent: 00-4bf9-00f0-01; \
         not retried: retries are disabled"
    );
    assert_eq!((error.status().unwrap().as_u16(), error.operation().id), (420, "getChats"));
    assert!(!error.is_unsent() && !error.is_timeout() && !error.is_connect());
    let api = error;
    assert_eq!(api.kind(), ErrorKind::Api, "{api}");
    assert_eq!((api.operation().path, api.path()), ("/businesses/{businessId}/chats", "/businesses/7/chats"));
    assert_eq!((api.operation().method.as_str(), api.trace_parent()), ("POST", Some("00-4bf9-00f0-01")));
    assert_eq!(api.rate_limit().unwrap().remaining, Some(0));
    assert!(matches!(api.body(), Some(ErrorBody::TooManyRequests(_))));
}

#[tokio::test]
async fn excerpt_is_cut_between_characters_and_one_line() {
    // Characters of 3 bytes, at each distance from where the cut would fall.
    for start in ["<p>\r\n\t", "<p>\r\n\t-", "<p>\r\n\t--"] {
        let text = format!("{start}{}\u{7}</p>", "€".repeat(5_000));
        let api = error(Reply::status(500).body(text.clone())).await;
        assert_eq!(api.kind(), ErrorKind::Api, "{api}");
        assert!((500..=512 + '…'.len_utf8()).contains(&api.excerpt().len()), "{}", api.excerpt().len());
        assert!(text.starts_with(api.excerpt().strip_suffix('…').unwrap()), "{}", api.excerpt());
        let line = api.to_string();
        assert!(line.contains(": <p> ") && line.contains("€€€"), "{line}");
        assert!(!line.contains(['\n', '\r', '\t', '\u{7}']), "{line}");
    }

    let api = error(Reply::status(500).body([b'a', 0xff, 0xfe, b'b'])).await;
    assert_eq!(api.kind(), ErrorKind::Api, "{api}");
    assert_eq!(api.excerpt(), "a\u{fffd}\u{fffd}b");
}

#[tokio::test]
async fn success_that_reports_failure_is_an_api_error() {
    let error = error(Reply::json(200, REFUSAL)).await;
    assert!(
        error.to_string().contains(" returned 200 OK, but its body reports a failure: {\"status\":\"ERROR\"")
    );
    let api = error;
    assert_eq!(api.kind(), ErrorKind::Api, "{api}");
    assert_eq!(
        (api.status().unwrap().as_u16(), api.body(), api.excerpt()),
        (200, Some(&ErrorBody::Other), REFUSAL)
    );
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let other = Server::replying([Reply::json(200, CHATS)]).await;
    for status in [301, 302, 303, 307, 308] {
        let error = error(Reply::status(status).header("Location", &other.url())).await;
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.to_string().contains("(the redirect was not followed)"), "{error}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn redirect_policy_of_application_is_overridden() {
    let other = Server::replying([Reply::json(200, CHATS)]).await;
    let server = Server::replying([Reply::status(307).header("Location", &other.url())]).await;
    let follow =
        |builder: reqwest::ClientBuilder| builder.no_proxy().redirect(reqwest::redirect::Policy::limited(5));
    let client = builder(server.url()).reqwest(follow).oauth_token(TOKEN).build().unwrap();
    assert!(matches!(client.get_chats(1).send().await, Err(error) if error.kind() == ErrorKind::Api));
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn value_of_another_type_is_located_in_the_json() {
    let body = r#"{"result":{"chats":[{"chatId":1,"type":"CHAT"},{"chatId":"two","type":"CHAT"}]}}"#;
    let error = error(Reply::json(200, body).header("traceparent", "00-1")).await;
    assert_eq!(
        error.to_string(),
        "getChats: POST /businesses/7/chats returned 200 OK, but its body is not as described, \
         at `result.chats[1].chatId`: invalid type: string \"two\", expected i64 at line 1 column 62; \
         content type: application/json; body: {\"result\":{\"chats\":[{\"chatId\":1,\"type\":\"CHAT\"},\
         {\"chatId\":\"two\",\"type\":\"CHAT\"}]}}; traceparent: 00-1; \
         not retried: the failure is permanent"
    );
    assert!(error.source().unwrap().is::<serde_json::Error>());
    assert_eq!(error.status().unwrap(), 200);
    let decode = error;
    assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
    assert_eq!((decode.json_path(), decode.json_position()), (Some("result.chats[1].chatId"), Some((1, 62))));
    assert_eq!(
        (decode.headers().unwrap()["content-type"].as_bytes(), decode.excerpt()),
        (b"application/json".as_slice(), body)
    );
}

#[tokio::test]
async fn excerpt_of_long_response_surrounds_the_error() {
    let good = vec![r#"{"chatId":1,"type":"CHAT"}"#; 2_000].join(",\n");
    let body = format!(r#"{{"result":{{"chats":[{good},{{"chatId":"bad","type":"жжж"}},{good}]}}}}"#);
    let decode = error(Reply::json(200, body)).await;
    assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
    assert_eq!(
        (decode.json_path(), decode.json_position().unwrap().0),
        (Some("result.chats[2000].chatId"), 2_000)
    );
    assert!(decode.excerpt().contains(r#""chatId":"bad""#), "{}", decode.excerpt());
    assert!(decode.excerpt().starts_with('…') && decode.excerpt().ends_with('…'));
    assert!(decode.excerpt().len() <= 512 + 2 * '…'.len_utf8());
}

#[tokio::test]
async fn invalid_json_is_reported_with_excerpt() {
    for (body, path, said) in [
        ("", ".", "EOF while parsing a value"),
        ("<html>Bad gateway</html>", ".", "expected value"),
        (r#"{"result":{"chats":["#, "result.chats", "EOF while parsing a list"),
        (r#"{"result":{"chats":[]}}{}"#, ".", "trailing characters"),
        ("\"OK\"", ".", "invalid type: string"),
    ] {
        let error = error(Reply::status(200).body(body)).await;
        let decode = &error;
        assert_eq!(decode.kind(), ErrorKind::Decode, "{decode}");
        assert_eq!(
            (decode.json_path(), decode.headers().unwrap().get("content-type"), decode.excerpt()),
            (Some(path), None, body)
        );
        assert!(
            error.to_string().contains(said) && error.to_string().contains("content type: none"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn refused_connection_is_unsent() {
    let refusing = Refusing::new();
    let client = builder(refusing.url()).oauth_token(TOKEN).build().unwrap();
    let error = client.get_chats(7).send().await.unwrap_err();
    let failure = &error;
    assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
    assert_eq!((failure.transport_kind(), failure.status()), (Some(TransportErrorKind::Connect), None));
    assert!(error.is_connect() && error.is_unsent() && !error.is_timeout());
    let line = error.to_string();
    assert!(line.starts_with("getChats: POST /businesses/7/chats: no connection could be made: "), "{line}");
    assert!(line.contains("refused"), "{line}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn connection_lost_before_response_is_not_unsent() {
    for end in [End::Reset, End::Close] {
        let error = error(Reply::none(end)).await;
        let failure = &error;
        assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
        assert_eq!(
            (failure.transport_kind(), failure.status()),
            (Some(TransportErrorKind::Exchange), None),
            "{error}"
        );
        assert!(!error.is_unsent() && !error.is_connect() && !error.is_timeout());
    }
}

#[tokio::test]
async fn truncated_response_is_an_error_with_its_status() {
    let replies = [
        Reply::json(200, CHATS).cut(20, End::Close),
        Reply::json(200, CHATS).cut(20, End::Reset),
        Reply::json(200, CHATS).cut(0, End::Close),
        Reply::json(200, CHATS).chunked().cut(21, End::Close),
        Reply::json(200, CHATS).broken_chunk(),
        Reply::json(500, CHATS).cut(20, End::Close),
    ];
    for reply in replies {
        let name = format!("{reply:?}");
        let error = error(reply).await;
        let failure = &error;
        assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
        assert_eq!(failure.transport_kind(), Some(TransportErrorKind::ResponseBody), "{name}");
        assert_eq!(failure.status(), error.status());
        assert!(error.status().is_some());
        let line = error.to_string();
        assert!(line.contains(" returned ") && line.contains(", but the response ended early: "), "{line}");
        assert!(!error.is_unsent());
    }
}

#[tokio::test]
async fn connection_closed_while_idle_is_replaced() {
    let server =
        Server::replying([Reply::json(200, CHATS).header("Connection", "close").until_close()]).await;
    let client = client(&server);
    client.get_chats(1).send().await.unwrap();
    server.reply(Reply::json(200, CHATS));
    client.get_chats(2).send().await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (2, 2));
}

#[test]
fn size_of_error_is_two_words() {
    assert!(size_of::<crate::runtime::Error>() <= 2 * size_of::<usize>());
}

#[tokio::test]
async fn deep_json_and_header_floods_are_errors() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = |property: &str| {
            let depth = 100_000;
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            format!(r#"{{"result":{{"chats":[]}},"{property}":{open}1{close}}}"#)
        };
        let replies = ["unknown", "status", "result"].map(|property| Reply::json(200, deep(property)));
        let server = Server::replying(replies).await;
        client(&server).get_chats(7).send().await.expect("unknown properties are skipped");
        client(&server).get_chats(7).send().await.expect("the status tells no failure");
        let error = client(&server).get_chats(7).send().await.unwrap_err();
        assert!(error.kind() == ErrorKind::Decode, "{error}");
    }
    let mut flood = Reply::json(200, CHATS);
    for number in 0..10_000 {
        flood = flood.header(&format!("X-{number}"), "flood");
    }
    let server = Server::replying([flood]).await;
    let error = client(&server).get_chats(7).send().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Transport, "{error}");
}
