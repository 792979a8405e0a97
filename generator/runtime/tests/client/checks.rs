//! Constraints, which are checked before sending.

use std::ops::Bound::{Excluded, Included, Unbounded};

use loopback::{Reply, Server};

use crate::runtime::{CallOptions, Checker, ErrorKind};
use crate::support::{CHATS, PROBE, TOKEN, builder, call, client};
use crate::types::GetChatsRequest;

/// Returns the violation of a rule by a value, as `expected / found`.
async fn reported<T>(value: T, rule: impl FnOnce(&mut Checker, &T)) -> Option<String> {
    let server = Server::replying([Reply::status(204)]).await;
    match call(&client(&server), &PROBE, |request| {
        rule(&mut request.check("p"), &value);
    })
    .await
    {
        Ok(_) => None,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
            assert!(server.requests().is_empty(), "the request was sent");
            let [violation] = error.violations() else { panic!("{error}") };
            assert_eq!(violation.path(), "p");
            Some(format!("{} / {}", violation.expected(), violation.found()))
        }
    }
}

macro_rules! table {
    ($($name:ident: $value:expr, $rule:expr => $expected:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let expected: Option<&str> = $expected;
            assert_eq!(reported($value, $rule).await.as_deref(), expected);
        }
    )+};
}

table! {
    length_counts_characters_not_bytes: "привет", |c, v| c.length(v, 6..=6) => None;
    length_counts_scalar_values_outside_the_bmp_once: "😀", |c, v| c.length(v, ..=1) => None;
    an_empty_text_is_too_short: "", |c, v| c.length(v, 1..=4096) => Some("1 to 4096 characters / 0 characters");
    a_long_text_is_too_long: "ab", |c, v| c.length(v, ..=1) => Some("at most 1 character / 2 characters");
    a_text_of_the_greatest_length_is_fine: "a".repeat(4096), |c, v| c.length(v, 1..=4096) => None;
    an_exact_length_is_told_as_such: "a", |c, v| c.length(v, 2..=2) => Some("exactly 2 characters / 1 character");
    a_number_below_the_minimum: 0, |c, v| c.range(*v, 1..=20) => Some("a number of 1 to 20 / one that is too small");
    a_number_above_the_maximum: 21, |c, v| c.range(*v, 1..=20) => Some("a number of 1 to 20 / one that is too large");
    the_minimum_and_the_maximum_are_fine: 20, |c, v| c.range(*v, 20..=20) => None;
    the_extremes_of_an_integer_are_compared_exactly: i64::MAX - 1, |c, v| c.range(*v, i64::MAX..)
        => Some("a number of at least 9223372036854775807 / one that is too small");
    an_exclusive_minimum_excludes_itself: 0.5, |c, v| c.range(*v, (Excluded(0.5), Unbounded))
        => Some("a number of more than 0.5 / one that is too small");
    an_exclusive_maximum_excludes_itself: 5, |c, v| c.range(*v, ..5) => Some("a number of less than 5 / one that is too large");
    what_is_between_exclusive_limits_is_fine: 0.6, |c, v| c.range(*v, (Excluded(0.5), Included(0.6))) => None;
    no_number_keeps_no_range: f64::NAN, |c, v| c.range(*v, 0.0..) => Some("a number of at least 0 / one that is too large");
    a_multiple_is_one: 30, |c, v| c.multiple_of_integer(*v, 10) => None;
    zero_is_a_multiple: 0, |c, v| c.multiple_of_integer(*v, 10) => None;
    a_number_between_multiples: -5, |c, v| c.multiple_of_integer(*v, 10) => Some("a multiple of 10 / another number");
    a_factor_of_zero_panics_not: 5, |c, v| c.multiple_of_integer(*v, 0) => None;
    floating_point_multiples_are_as_people_see_them: 0.3, |c, v| c.multiple_of(*v, 0.1) => None;
    large_floating_point_multiples_too: 1_000_000.01, |c, v| c.multiple_of(*v, 0.01) => None;
    a_floating_point_number_between_multiples: 0.35, |c, v| c.multiple_of(*v, 0.1) => Some("a multiple of 0.1 / another number");
    no_number_is_no_multiple: f64::NAN, |c, v| c.multiple_of(*v, 0.1) => Some("a multiple of 0.1 / another number");
    too_few_items: vec![0; 0], |c, v| c.items(v.len(), 1..) => Some("at least 1 item / 0 items");
    too_many_items: vec![0; 3], |c, v| c.items(v.len(), ..=2) => Some("at most 2 items / 3 items");
    too_many_properties: 3, |c, v| c.properties(*v, 1..=1) => Some("exactly 1 property / 3 properties");
    different_items_are_unique: [1, 2, 3], |c, v| c.unique(v) => None;
    equal_items_are_counted: [1, 2, 1, 1], |c, v| c.unique(v) => Some("no two equal items / 2 repeated items");
    a_known_size_is_checked: Some(6), |c, v| c.bytes(*v, ..=5) => Some("at most 5 bytes / 6 bytes");
    an_unknown_size_is_not: None, |c, v| c.bytes(*v, ..=5) => None;
}

fn broken_request() -> GetChatsRequest {
    let labels = [("first", "sixsix"), ("second", ""), ("third", "")];
    GetChatsRequest::new()
        .order_ids([5, 0, 5, 7])
        .types([])
        .context(Some(crate::types::ChatContext::new(-3)))
        .labels(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into())
}

#[tokio::test]
async fn all_violations_are_reported_together_and_unsent() {
    let server = Server::replying([]).await;
    let error = client(&server).get_chats(-77).limit(21).body(broken_request()).send().await.unwrap_err();
    let invalid = &error;
    assert_eq!(invalid.kind(), ErrorKind::InvalidRequest, "{invalid}");
    let violations: Vec<_> = invalid.violations().iter().map(ToString::to_string).collect();
    assert_eq!(
        violations,
        [
            "businessId: expected a number of at least 1, found one that is too small",
            "limit: expected a number of 1 to 20, found one that is too large",
            "body.orderIds: expected 1 to 3 items, found 4 items",
            "body.orderIds: expected no two equal items, found 1 repeated item",
            "body.orderIds[1]: expected a number of at least 1, found one that is too small",
            "body.types: expected at least 1 item, found 0 items",
            "body.context.id: expected a number of at least 1, found one that is too small",
            "body.labels: expected at most 2 properties, found 3 properties",
            "body.labels.first: expected at most 5 characters, found 6 characters",
        ]
    );
    let line = error.to_string();
    assert!(
        line.starts_with("getChats: POST /businesses/-77/chats: not sent: businessId: expected "),
        "{line}"
    );
    assert!(
        line.ends_with("; body.labels.first: expected at most 5 characters, found 6 characters"),
        "{line}"
    );
    assert!(error.is_unsent() && !error.is_timeout() && !error.is_connect());
    assert_eq!((error.status(), error.operation().id), (None, "getChats"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn error_hides_the_value_that_broke_the_rule() {
    let server = Server::replying([]).await;
    let client = client(&server);
    let long = "very personal ".repeat(300);
    let error = client.send_message_to_chat(1, 2, long).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "sendMessageToChat: POST /businesses/1/chats/message: not sent: \
         body.message: expected 1 to 4096 characters, found 4200 characters"
    );
    assert!(!format!("{error:?}").contains("personal"));
}

#[tokio::test]
async fn checks_of_call_override_those_of_client() {
    let server = Server::replying([Reply::json(200, CHATS), Reply::json(200, CHATS)]).await;
    let on = CallOptions::new().check_constraints(true);
    let off = CallOptions::new().check_constraints(false);

    let lenient = builder(server.url()).oauth_token(TOKEN).check_constraints(false).build().unwrap();
    lenient.get_chats(1).limit(21).body(broken_request()).send().await.unwrap();
    assert!(lenient.get_chats(1).limit(21).options(on).send().await.is_err());
    client(&server).get_chats(1).limit(21).options(off).send().await.unwrap();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.requests()[0].json()["orderIds"], serde_json::json!([5, 0, 5, 7]));
}
