//! The public types, used as in an application.

use std::collections::HashSet;
use std::fmt::{Debug, Display};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use yandex_market_chats::types::{
    ApiError, ApiErrorResponse, ApiResponseStatusType, ChatContext, ChatContextIdentifiableType,
    ChatContextType, ChatFullContext, ChatMessage, ChatMessageSenderType, ChatMessagesResult, ChatStatusType,
    ChatType, CreateChatRequest, CreateChatResult, ForwardScrollingPager, GetChatHistoryRequest, GetChatInfo,
    GetChatsInfo, GetChatsRequest, SendMessageToChatRequest,
};

/// Asserts that each value converts to its text, and back.
fn assert_open<E>(values: &[E], texts: &[&str])
where
    E: Clone + Debug + Display + PartialEq + Serialize + DeserializeOwned + From<String> + std::str::FromStr,
    E: for<'t> From<&'t str>,
{
    assert_eq!(values.iter().map(ToString::to_string).collect::<Vec<_>>(), texts);
    for (value, &text) in values.iter().zip(texts) {
        assert_eq!(&E::from(text), value);
        assert_eq!(&E::from(text.to_owned()), value);
        assert_eq!(text.parse().ok().as_ref(), Some(value));
        assert_eq!(serde_json::to_value(value).unwrap(), json!(text));
        assert_eq!(&serde_json::from_value::<E>(json!(text)).unwrap(), value);
    }
    for text in ["NEWER_THAN_THE_CLIENT", "", " ", &texts[0].to_lowercase()] {
        let unknown = E::from(text);
        assert!(!values.contains(&unknown), "{text}");
        assert_eq!(unknown.to_string(), text);
        let through = serde_json::to_string(&unknown).unwrap();
        assert_eq!(serde_json::from_str::<E>(&through).unwrap(), unknown);
    }
    assert!(serde_json::from_value::<E>(json!(1)).is_err());
}

#[test]
fn enums_keep_known_and_unknown_text() {
    assert_open(ChatType::VALUES, &["CHAT", "ARBITRAGE"]);
    assert_open(ChatContextType::VALUES, &["ORDER", "RETURN", "DIRECT"]);
    assert_open(ChatContextIdentifiableType::VALUES, &["ORDER", "RETURN"]);
    assert_open(ChatMessageSenderType::VALUES, &["PARTNER", "CUSTOMER", "MARKET", "SUPPORT"]);
    assert_open(ApiResponseStatusType::VALUES, &["OK", "ERROR"]);
    let states = [
        "NEW",
        "WAITING_FOR_CUSTOMER",
        "WAITING_FOR_PARTNER",
        "WAITING_FOR_ARBITER",
        "WAITING_FOR_MARKET",
        "FINISHED",
    ];
    assert_open(ChatStatusType::VALUES, &states);
}

#[test]
fn known_text_is_the_known_value() {
    assert_eq!(ChatType::from("CHAT"), ChatType::Chat);
    assert_eq!(ChatStatusType::WaitingForPartner.as_str(), "WAITING_FOR_PARTNER");
}

#[test]
fn unknown_enum_value_matches_default_arm() {
    fn is_ours(status: &ChatStatusType) -> bool {
        match status {
            ChatStatusType::New | ChatStatusType::WaitingForPartner => true,
            ChatStatusType::Unrecognized(value) => value.as_str().ends_with("_PARTNER"),
            _ => false,
        }
    }
    assert!(is_ours(&ChatStatusType::New));
    assert!(is_ours(&ChatStatusType::from("ESCALATED_TO_PARTNER")));
    assert!(!is_ours(&ChatStatusType::Finished));
}

#[test]
fn enums_are_map_keys_and_pad_like_text() {
    let seen: HashSet<_> = ["CHAT", "REVIEW", "CHAT", "REVIEW"].map(ChatType::from).into();
    assert_eq!(seen.len(), 2);
    assert_eq!(format!("[{:>6}|{:<8}]", ChatType::Chat, ChatType::from("REVIEW")), "[  CHAT|REVIEW  ]");
}

fn written(request: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(request).expect("JSON")
}

#[test]
fn context_types_differ_only_by_direct() {
    // These are two types, because a chat without an order or a return cannot be created.
    let creatable: Vec<_> = ChatContextIdentifiableType::VALUES.iter().map(ToString::to_string).collect();
    let about: Vec<_> = ChatContextType::VALUES.iter().map(ToString::to_string).collect();
    assert_eq!([creatable, vec!["DIRECT".to_owned()]].concat(), about);
}

#[test]
fn request_serializes_only_properties_that_are_set() {
    let context = ChatContext::new(ChatContextIdentifiableType::Return, 5);
    assert_eq!(written(&context), json!({"type": "RETURN", "id": 5}));
    let about = CreateChatRequest::new(context.clone());
    assert_eq!(written(&about), json!({"context": {"type": "RETURN", "id": 5}}));
    assert_eq!(written(&SendMessageToChatRequest::new("Hello")), json!({"message": "Hello"}));
    assert_eq!(written(&GetChatHistoryRequest::new()), json!({}));
    assert_eq!(written(&GetChatHistoryRequest::new().message_id_from(3)), json!({"messageIdFrom": 3}));
    assert_eq!(written(&GetChatsRequest::new()), json!({}));
    let filters = GetChatsRequest::new().contexts([context]);
    let filters = filters.types([ChatType::Chat]).statuses([]);
    let expected = json!({
        "contexts": [{"type": "RETURN", "id": 5}], "types": ["CHAT"], "statuses": []
    });
    assert_eq!(written(&filters), expected);
    assert_eq!(GetChatsRequest::new(), GetChatsRequest::default());
}

#[test]
#[allow(deprecated, reason = "deprecated properties can still be set and read")]
fn deprecated_properties_can_be_set_and_read() {
    let context = ChatContext::new(ChatContextIdentifiableType::Order, 5);
    let request = CreateChatRequest::new(context).order_id(5);
    assert_eq!(request.order_id, Some(5));
    assert_eq!(written(&request), json!({"orderId": 5, "context": {"type": "ORDER", "id": 5}}));
    let request = GetChatsRequest::new().order_ids(1..=2);
    assert_eq!(request.order_ids, Some(vec![1, 2]));
    assert_eq!(written(&request), json!({"orderIds": [1, 2]}));
}

fn assert_written_as_read<T: Serialize + DeserializeOwned>(json: &serde_json::Value) {
    let read: T = serde_json::from_value(json.clone()).expect("it is as described");
    assert_eq!(&written(&read), json, "{}", std::any::type_name::<T>());
}

#[test]
fn response_serializes_as_received() {
    let chat = json!({
        "chatId": 9_007_199_254_740_993_i64, "orderId": 1, "type": "REVIEW", "status": "NEW",
        "context": {
            "type": "RETURN", "campaignId": 4, "orderId": 1, "returnId": 8,
            "customer": {"name": "Анна", "publicId": "x1"}
        },
        "createdAt": "2024-08-29T10:00:00.250+03:00", "updatedAt": "2024-08-29T10:00:00-09:30"
    });
    let message = json!({"messageId": 1, "createdAt": "2024-08-29T10:00:00+03:00", "sender": "BOT"});
    assert_written_as_read::<GetChatInfo>(&chat);
    assert_written_as_read::<ChatFullContext>(&json!({"type": "DIRECT"}));
    assert_written_as_read::<ChatFullContext>(&json!({"type": "DIRECT", "customer": {}}));
    assert_written_as_read::<GetChatsInfo>(&json!({"chats": [chat]}));
    assert_written_as_read::<ChatMessage>(&message);
    let history = json!({"orderId": 1, "context": {"type": "ORDER", "orderId": 1}, "messages": [message]});
    assert_written_as_read::<ChatMessagesResult>(&history);
    let history = json!({"context": {"type": "DIRECT"}, "messages": []});
    assert_written_as_read::<ChatMessagesResult>(&history);
    assert_written_as_read::<ForwardScrollingPager>(&json!({}));
    assert_written_as_read::<ForwardScrollingPager>(&json!({"nextPageToken": ""}));
    assert_written_as_read::<ApiError>(&json!({"code": "A"}));

    assert_written_as_read::<CreateChatResult>(&json!({"chatId": 1}));
    for refusal in [json!({"status": "ERROR"}), json!({"status": "ERROR", "errors": [{"code": "A"}]})] {
        assert_written_as_read::<ApiErrorResponse>(&refusal);
    }
}
