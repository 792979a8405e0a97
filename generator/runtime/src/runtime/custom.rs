//! Types of other crates in place of those of the description.

use serde::Serialize;
use serde_json::Value;

use crate::runtime::Param;

/// Gives the texts that a value has in JSON to a parameter.
pub(crate) fn json_texts<T: Serialize>(value: &T, each: &mut dyn FnMut(&str)) {
    if let Ok(json) = serde_json::to_value(value) {
        texts(&json, each);
    }
}

fn texts(json: &Value, each: &mut dyn FnMut(&str)) {
    match json {
        Value::Null => {}
        Value::String(text) => each(text),
        Value::Array(elements) => elements.iter().for_each(|element| texts(element, each)),
        json => json.to_string().texts(each),
    }
}

/// Implements parameters of types of other crates.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! custom_types {
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::runtime::Param for $ty {
            fn texts(&self, each: &mut dyn FnMut(&str)) {
                $crate::runtime::json_texts(self, each);
            }
        }
    )+};
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use custom_types;
