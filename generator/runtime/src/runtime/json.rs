//! JSON in and out, beyond what serde does by itself.

use std::fmt;
use std::marker::PhantomData;
use std::str::Utf8Error;

use bytes::Bytes;
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use crate::runtime::json_path::path_at;
use crate::runtime::text::offset_of;

/// Reads `null` as an empty list, map or other default.
///
/// # Errors
/// The value is not a `T`.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a present property as `Some`, even `null`: with `#[serde(default)]`, only an absent property is `None`.
///
/// # Errors
/// The value is not a `T`.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Decodes the body of an error response. Returns `None` if the body is not as described.
pub(crate) fn error_body<T: DeserializeOwned, B>(body: &[u8], wrap: fn(T) -> B) -> Option<B> {
    serde_json::from_slice(body).ok().map(wrap)
}

/// A body that is not as described, and the place of the mismatch.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// Path inside the JSON, such as `result.chats[0].chatId`; `.` is the whole.
    pub(crate) path: String,
    pub(crate) error: serde_json::Error,
}

/// Decodes a body.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Mismatch> {
    decode_with(body, PhantomData::<T>)
}

/// Decodes the result in an envelope. Returns `None` if the envelope reports a failure.
pub(crate) fn decode_result<T: DeserializeOwned>(
    body: &[u8],
    result: &'static str,
    failure: Option<Marker>,
) -> Result<Option<T>, Mismatch> {
    decode_with(body, ResultOf { keys: Keys { result: Some(result), failure }, value: PhantomData::<T> })
}

/// Decodes an envelope without a result. Returns `true` if the envelope reports a failure.
pub(crate) fn decode_failure(body: &Bytes, failure: Option<Marker>) -> Result<bool, Mismatch> {
    decode_with(body, FailureIn(failure))
}

/// Decodes a body.
fn decode_with<'de, S: DeserializeSeed<'de>>(body: &'de [u8], seed: S) -> Result<S::Value, Mismatch> {
    // One check of the whole text is cheaper than one for each of its strings.
    let decoded = match std::str::from_utf8(body) {
        Ok(text) => decode_from(text, seed),
        Err(error) => Err(not_text(body, error)),
    };
    decoded.map_err(|error| located(body, error))
}

fn decode_from<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> serde_json::Result<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

#[cold]
fn not_text(body: &[u8], error: Utf8Error) -> serde_json::Error {
    let before = &body[..error.valid_up_to()];
    let (mut line, mut column) = (0, 0);
    for text in before.split(|byte| *byte == b'\n') {
        (line, column) = (line + 1, text.len() + 1);
    }
    // The error takes its position from the end of the message.
    de::Error::custom(format_args!("invalid UTF-8 at line {line} column {column}"))
}

#[cold]
fn located(body: &[u8], error: serde_json::Error) -> Mismatch {
    // The column is that of the last byte that was read.
    let offset = offset_of(body, error.line(), error.column()) + 1;
    Mismatch { path: path_at(body, offset), error }
}

/// Property and text that make a response a failure.
type Marker = (&'static str, &'static str);

/// The properties of an envelope that are read.
#[derive(Clone, Copy)]
struct Keys {
    result: Option<&'static str>,
    failure: Option<Marker>,
}

impl Keys {
    /// Reads the property that tells a failure. Returns `true` for a failure.
    fn read_failure<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<bool, A::Error> {
        let (_, text) = self.failure.unwrap_or_default();
        map.next_value_seed(IsText(text))
    }
}

/// Comparison of any value with a text.
#[derive(Clone, Copy)]
struct IsText(&'static str);

impl<'de> DeserializeSeed<'de> for IsText {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for IsText {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        Ok(text == self.0)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        IgnoredAny.visit_seq(seq).map(|_| false)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        IgnoredAny.visit_map(map).map(|_| false)
    }
}

/// A property of an envelope.
enum Key {
    Result,
    Failure,
    Other,
}

impl<'de> DeserializeSeed<'de> for Keys {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Keys {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
        Ok(match self.failure {
            _ if self.result == Some(name) => Key::Result,
            Some((property, _)) if property == name => Key::Failure,
            _ => Key::Other,
        })
    }
}

/// The result in an envelope, of type `T`; everything but the result and the failure is skipped.
struct ResultOf<T> {
    keys: Keys,
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ResultOf<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ResultOf<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let (mut result, mut is_failure) = (None, false);
        while let Some(key) = map.next_key_seed(self.keys)? {
            match key {
                Key::Result => result = Some(map.next_value()?),
                Key::Failure => is_failure = self.keys.read_failure(&mut map)?,
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        match result {
            _ if is_failure => Ok(None),
            Some(result) => Ok(Some(result)),
            None => Err(de::Error::missing_field(self.keys.result.unwrap_or_default())),
        }
    }
}

/// Report of a failure in an envelope, with everything else skipped.
struct FailureIn(Option<Marker>);

impl<'de> DeserializeSeed<'de> for FailureIn {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FailureIn {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let keys = Keys { result: None, failure: self.0 };
        let mut is_failure = false;
        while let Some(key) = map.next_key_seed(keys)? {
            match key {
                Key::Failure => is_failure = keys.read_failure(&mut map)?,
                Key::Result | Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(is_failure)
    }
}
