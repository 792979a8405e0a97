//! Error responses, for each operation and each status.

use loopback::{End, Refusing, Reply};
use serde_json::json;
use yandex_market_chats::transport::TransportErrorKind;
use yandex_market_chats::types::{ApiError, ApiResponseStatusType};
use yandex_market_chats::{Error, ErrorBody, ErrorKind};

use crate::support::{KEY, OPERATIONS, builder, outcome};

/// A body that the description declares for each of its error statuses.
const REFUSAL: &str = r#"{"status":"ERROR","errors":[
    {"code":"BAD_REQUEST","message":"неверный запрос"},
    {"code":"LIMIT"}
]}"#;

const DECLARED: [u16; 6] = [400, 401, 403, 404, 420, 500];

/// Returns the status whose type the body has.
fn typed_as(error: &Error) -> Option<u16> {
    match error.body()? {
        ErrorBody::BadRequest(_) => Some(400),
        ErrorBody::Unauthorized(_) => Some(401),
        ErrorBody::Forbidden(_) => Some(403),
        ErrorBody::NotFound(_) => Some(404),
        ErrorBody::TooManyRequests(_) => Some(420),
        ErrorBody::InternalServerError(_) => Some(500),
        _ => None,
    }
}

/// Returns the error of the first operation. Another test checks that all operations have the same errors.
async fn refusal(reply: Reply) -> Error {
    let error = outcome(OPERATIONS[0], reply).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    error
}

/// Returns the codes and messages of the error body.
fn problems(error: &Error) -> Vec<(&str, Option<&str>)> {
    error.body().map(|body| codes(body.errors())).unwrap_or_default()
}

fn codes(errors: &[ApiError]) -> Vec<(&str, Option<&str>)> {
    errors.iter().map(|error| (error.code.as_str(), error.message.as_deref())).collect()
}

#[tokio::test]
async fn declared_error_is_typed_by_its_status() {
    for operation in OPERATIONS {
        for status in DECLARED {
            let error = outcome(operation, Reply::json(status, REFUSAL)).await.unwrap_err();
            assert_eq!((error.operation().id, error.status().unwrap().as_u16()), (operation.0, status));
            let refusal = error;
            assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
            assert_eq!(typed_as(&refusal), Some(status), "{}", operation.0);
            assert_eq!(refusal.body().unwrap().status(), Some(&ApiResponseStatusType::Error));
            assert_eq!(problems(&refusal), [("BAD_REQUEST", Some("неверный запрос")), ("LIMIT", None)]);
            assert_eq!(refusal.code(), Some("BAD_REQUEST"));
            assert_eq!(refusal.messages().collect::<Vec<_>>(), ["неверный запрос"]);
        }
    }
}

#[tokio::test]
async fn undeclared_status_is_other_and_keeps_its_text() {
    for operation in OPERATIONS {
        for status in [402, 405, 415, 418, 423, 429, 501, 502, 503] {
            let error = outcome(operation, Reply::json(status, REFUSAL)).await.unwrap_err();
            let refusal = error;
            assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
            assert_eq!(refusal.body(), Some(&ErrorBody::Other), "{} {status}", operation.0);
            assert_eq!((refusal.code(), refusal.messages().count()), (None, 0));
            assert_eq!((refusal.status().unwrap().as_u16(), refusal.excerpt()), (status, REFUSAL));
        }
    }
}

#[tokio::test]
async fn absent_null_or_empty_errors_are_read() {
    for (errors, expected) in [
        (r#"{"status":"ERROR","errors":null}"#, vec![]),
        (r#"{"status":"ERROR"}"#, vec![]),
        ("{}", vec![]),
        (r#"{"status":null,"errors":null,"traceId":"x"}"#, vec![]),
        (r#"{"errors":[]}"#, vec![]),
        (r#"{"errors":[{"code":"A","message":null,"details":[1]}]}"#, vec![("A", None)]),
    ] {
        for status in DECLARED {
            let refusal = refusal(Reply::json(status, errors)).await;
            assert_eq!(typed_as(&refusal), Some(status), "{errors}");
            assert_eq!(problems(&refusal), expected, "{errors}");
        }
    }
}

#[tokio::test]
async fn unknown_value_in_error_body_keeps_it_typed() {
    for status in DECLARED {
        let body = r#"{"status":"PARTIAL","errors":[{"code":"NEW_CODE"}]}"#;
        let refusal = refusal(Reply::json(status, body)).await;
        assert_eq!(typed_as(&refusal), Some(status));
        assert_eq!(refusal.body().unwrap().status().map(ApiResponseStatusType::as_str), Some("PARTIAL"));
        assert_eq!(problems(&refusal), [("NEW_CODE", None)]);
    }
}

#[tokio::test]
async fn undeclared_body_is_other_and_keeps_its_text() {
    let html = "<html><h1>502 nginx</h1></html>";
    for body in [
        html,
        "",
        "null",
        "[]",
        "\"ERROR\"",
        r#"{"status":"ERR"#,
        r#"{"status":"ERROR","errors":7}"#,
        r#"{"status":7}"#,
    ] {
        for status in DECLARED {
            let refusal = refusal(Reply::status(status).header("Content-Type", "text/html").body(body)).await;
            assert_eq!((refusal.body(), refusal.excerpt()), (Some(&ErrorBody::Other), body), "{status}");
            assert_eq!(refusal.status().unwrap(), status);
        }
    }
}

#[tokio::test]
async fn error_is_typed_with_any_content_type() {
    let without = Reply::status(404).body(REFUSAL);
    let wrong = Reply::status(404).header("Content-Type", "text/plain").body(REFUSAL);
    for reply in [without, wrong] {
        assert_eq!(typed_as(&refusal(reply).await), Some(404));
    }
}

#[tokio::test]
async fn error_line_shows_call_response_and_rate_limit() {
    let reply = Reply::json(420, r#"{"status":"ERROR","errors":[{"code":"LIMIT","message":"hit"}]}"#)
        .header("X-RateLimit-Resource-Limit", "1000")
        .header("X-RateLimit-Resource-Remaining", "0")
        .header("X-RateLimit-Resource-Until", "Thu, 10 Jul 2018 10:00:00 GMT")
        .header("traceparent", "00-4bf9-00f0-01");
    let refusal = refusal(reply).await;
    let line = refusal.to_string();
    let (before, after) = line.split_once(": {").expect(&line);
    assert_eq!(before, "createChat: POST /v2/businesses/7/chats/new returned 420");
    assert_eq!(
        after,
        "\"status\":\"ERROR\",\"errors\":[{\"code\":\"LIMIT\",\"message\":\"hit\"}]}; \
         rate limit: 0 of 1000 left until 2018-07-10T10:00:00+00:00; traceparent: 00-4bf9-00f0-01; \
         not retried: retries are disabled"
    );
    let state = refusal.rate_limit().unwrap();
    assert_eq!((state.limit, state.remaining), (Some(1000), Some(0)));
    assert_eq!(state.until.unwrap().to_rfc3339(), "2018-07-10T10:00:00+00:00");
    assert_eq!(refusal.trace_parent(), Some("00-4bf9-00f0-01"));
}

#[tokio::test]
async fn error_can_be_boxed_and_downcast() {
    async fn application(reply: Reply) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(outcome(OPERATIONS[0], reply).await?)
    }
    let error = application(Reply::json(403, REFUSAL)).await.unwrap_err();
    let error = error.downcast_ref::<Error>().expect("the client's error");
    assert!(matches!(error.body(), Some(ErrorBody::Forbidden(_))));
}

#[tokio::test]
async fn error_body_serializes_as_received() {
    let error = refusal(Reply::json(404, REFUSAL)).await;
    let Some(ErrorBody::NotFound(body)) = error.body() else { panic!("{error}") };
    let written = serde_json::to_value(body).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(REFUSAL).unwrap());
    assert_eq!(written["errors"][1], json!({"code": "LIMIT"}));
}

#[tokio::test]
async fn broken_exchange_says_if_request_is_unsent() {
    let refusing = Refusing::new();
    let nowhere = builder(refusing.url()).api_key(KEY).build().unwrap();
    for operation in OPERATIONS {
        let error = operation.1(&nowhere).await.unwrap_err();
        assert!(error.is_connect() && error.is_unsent(), "{error}");

        let error = outcome(operation, Reply::none(End::Reset)).await.unwrap_err();
        let failure = &error;
        assert_eq!(failure.kind(), ErrorKind::Transport, "{failure}");
        assert_eq!(
            (failure.transport_kind(), error.is_unsent()),
            (Some(TransportErrorKind::Exchange), false)
        );
    }
}

#[tokio::test]
async fn redirect_is_not_followed_by_any_operation() {
    for operation in OPERATIONS {
        let error =
            outcome(operation, Reply::status(308).header("Location", "/elsewhere")).await.unwrap_err();
        let refusal = &error;
        assert_eq!(refusal.kind(), ErrorKind::Api, "{refusal}");
        assert_eq!((refusal.status().unwrap().as_u16(), refusal.body()), (308, Some(&ErrorBody::Other)));
    }
}
