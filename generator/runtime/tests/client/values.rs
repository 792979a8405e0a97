//! Open enums, JSON helpers, dates: values without a network.

use std::collections::HashMap;

use loopback::{Reply, Server};

use crate::runtime::{RateLimitState, Response};
use crate::support::{CHATS, client};
use crate::types::{ChatContext, ChatType, ChatsInfo, GetChatsRequest};

#[test]
fn known_values_survive_text_and_json() {
    for value in ChatType::VALUES {
        assert_eq!(&ChatType::from(value.as_str()), value);
        assert_eq!(&ChatType::from(value.as_str().to_owned()), value);
        assert_eq!(&value.as_str().parse::<ChatType>().unwrap(), value);
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(json, format!("{:?}", value.as_str()));
        assert_eq!(&serde_json::from_str::<ChatType>(&json).unwrap(), value);
        assert_eq!(value.to_string(), value.as_str());
    }
    assert_eq!(ChatType::VALUES, [ChatType::Chat, ChatType::Arbitrage]);
}

#[test]
fn unknown_value_keeps_its_text() {
    for text in ["DIRECT", "chat", "", " CHAT", "чат", "with \"quotes\" and \n breaks"] {
        let json = serde_json::to_string(text).unwrap();
        let value: ChatType = serde_json::from_str(&json).unwrap();
        assert!(matches!(&value, ChatType::Unrecognized(unknown) if unknown.as_str() == text), "{value:?}");
        assert_eq!(value, ChatType::from(text));
        assert_eq!(value, ChatType::from(text.to_owned()));
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(value.to_string(), text);
    }
    assert_eq!(format!("{:?}", ChatType::from("DIRECT")), r#"Unrecognized("DIRECT")"#);
}

#[test]
fn enum_reads_only_borrowed_escaped_or_owned_text() {
    assert_eq!(serde_json::from_str::<ChatType>(r#""\u0043HAT""#).unwrap(), ChatType::Chat);
    assert_eq!(serde_json::from_reader::<_, ChatType>(&br#""CHAT""#[..]).unwrap(), ChatType::Chat);
    assert_eq!(serde_json::from_value::<ChatType>("CHAT".into()).unwrap(), ChatType::Chat);
    for json in ["1", "null", "[]", "true"] {
        let error = serde_json::from_str::<ChatType>(json).unwrap_err();
        assert!(error.to_string().contains("expected a string"), "{error}");
    }
}

#[test]
fn enum_can_be_a_map_key() {
    let map: HashMap<ChatType, i32> = serde_json::from_str(r#"{"CHAT":1,"NEW":2}"#).unwrap();
    assert_eq!(map[&ChatType::Chat], 1);
    assert_eq!(map[&ChatType::from("NEW")], 2);
}

#[test]
fn enum_pads_like_text() {
    assert_eq!(format!("[{:>6}]", ChatType::Chat), "[  CHAT]");
}

#[test]
fn null_list_is_empty_and_absent_list_an_error() {
    let info: ChatsInfo = serde_json::from_str(r#"{"chats":null}"#).unwrap();
    assert!(info.chats.is_empty());
    assert!(serde_json::from_str::<ChatsInfo>("{}").is_err());
}

#[test]
fn absent_null_and_present_are_distinct() {
    let context = ChatContext::new(7);
    for (body, json) in [
        (GetChatsRequest::new(), "{}"),
        (GetChatsRequest::new().context(None), r#"{"context":null}"#),
        (GetChatsRequest::new().context(Some(context)), r#"{"context":{"id":7}}"#),
    ] {
        assert_eq!(serde_json::to_string(&body).unwrap(), json);
        assert_eq!(serde_json::from_str::<GetChatsRequest>(json).unwrap(), body);
    }
}

async fn with_headers(headers: &[(&str, &str)]) -> Response<ChatsInfo> {
    let reply =
        headers.iter().fold(Reply::json(200, CHATS), |reply, (name, value)| reply.header(name, value));
    let server = Server::replying([reply]).await;
    client(&server).get_chats(1).send().await.unwrap()
}

async fn until(date: &str) -> Option<String> {
    let response = with_headers(&[("X-RateLimit-Resource-Until", date)]).await;
    response.rate_limit().and_then(|state: RateLimitState| state.until).map(|date| date.to_rfc3339())
}

#[tokio::test]
async fn end_of_rate_limit_is_read_leniently() {
    for (date, read) in [
        // The vendor's own sample: that day was a Tuesday.
        ("Thu, 10 Jul 2018 10:00:00 GMT", Some("2018-07-10T10:00:00+00:00")),
        ("Tue, 10 Jul 2018 10:00:00 GMT", Some("2018-07-10T10:00:00+00:00")),
        ("10 Jul 2018 10:00:00 GMT", Some("2018-07-10T10:00:00+00:00")),
        ("Thu, 1 Jul 2018 10:00 +0300", Some("2018-07-01T10:00:00+03:00")),
        ("Thu,10 Jul 18 10:00:00 UT", Some("2018-07-10T10:00:00+00:00")),
        ("2018-07-10T10:00:00+03:00", Some("2018-07-10T10:00:00+03:00")),
        ("Thu, 32 Jul 2018 10:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ] {
        assert_eq!(until(date).await.as_deref(), read, "{date}");
    }
}

#[tokio::test]
async fn response_has_body_status_headers_and_rate_limit() {
    let mut response = with_headers(&[
        ("X-RateLimit-Resource-Limit", "1000"),
        ("X-RateLimit-Resource-Remaining", " 998 "),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ])
    .await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let rate_limit = response.rate_limit().unwrap();
    assert_eq!((rate_limit.limit, rate_limit.remaining, rate_limit.until), (Some(1000), Some(998), None));
    assert_eq!(response.trace_parent(), Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    // An id above 2^53 is exact, and the body can be changed and taken.
    assert_eq!(response.chats[0].chat_id, 9_007_199_254_740_993);
    response.chats.clear();
    assert!(response.into_inner().chats.is_empty());
}

#[tokio::test]
async fn absent_or_odd_rate_limit_headers_have_no_state() {
    assert_eq!(with_headers(&[]).await.rate_limit(), None);
    assert_eq!(with_headers(&[("X-RateLimit-Resource-Limit", "many")]).await.rate_limit(), None);
}
