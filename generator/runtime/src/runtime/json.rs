//! JSON in and out, beyond what serde does by itself.

use bytes::Bytes;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

/// *For generated code.* Reads `null` as an empty list, map or other default.
///
/// # Errors
/// What `T` finds wrong.
pub fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// *For generated code.* Reads a property that is there, be it `null`, as `Some`: with `#[serde(default)]`,
/// absent is `None` and `null` is `Some(None)`. Writing needs no help.
///
/// # Errors
/// What `T` finds wrong.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// *For generated code.* The body of an error as the description declares it, or none if it is something
/// else.
pub fn error_body<T: DeserializeOwned, B>(body: &[u8], wrap: fn(T) -> B) -> Option<B> {
    serde_json::from_slice(body).ok().map(wrap)
}

/// What is wrong with a body, and where.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// Path inside the JSON, such as `result.chats[0].chatId`; `.` is the whole.
    pub(crate) path: String,
    pub(crate) error: serde_json::Error,
}

/// Decodes a body. Only one that does not fit is read again, to find out where.
pub(crate) fn decode<T: DeserializeOwned>(body: &Bytes) -> Result<T, Mismatch> {
    // One look at the whole text is cheaper than one at each of its strings.
    let decoded = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    decoded.map_err(|error| locate::<T>(body, error))
}

#[cold]
fn locate<T: DeserializeOwned>(body: &[u8], error: serde_json::Error) -> Mismatch {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(located) => Mismatch { path: located.path().to_string(), error: located.into_inner() },
        // The value itself is fine, what follows it is not.
        Ok(_) => Mismatch { path: ".".to_owned(), error },
    }
}
