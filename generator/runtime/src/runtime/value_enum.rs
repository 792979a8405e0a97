//! Open enums of JSON values: numbers with fractions, and values of several types.

use serde_json::Value;

/// Open enum of JSON values.
pub(crate) trait OpenValueEnum: Sized {
    /// Returns the known value that a JSON value is.
    fn known(value: &Value) -> Option<Self>;

    /// Creates an unknown value.
    fn unknown(value: Value) -> Self;

    /// Returns the value that a JSON value is, which is kept if it is unknown.
    fn from_value(value: Value) -> Self {
        Self::known(&value).unwrap_or_else(|| Self::unknown(value))
    }
}

/// Returns `true` if two JSON values are one: `1` and `1.0` are.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// Implements the conversions of an open enum of JSON values, from its `VALUES`, its `value` and its variant
/// `Unrecognized(Value)`.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! open_value_enum {
    ($name:ident) => {
        impl $crate::runtime::OpenValueEnum for $name {
            fn known(value: &::serde_json::Value) -> ::core::option::Option<Self> {
                Self::VALUES.iter().find(|known| $crate::runtime::is_same(&known.value(), value)).cloned()
            }

            fn unknown(value: ::serde_json::Value) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl ::core::convert::From<::serde_json::Value> for $name {
            fn from(value: ::serde_json::Value) -> Self {
                $crate::runtime::OpenValueEnum::from_value(value)
            }
        }

        impl ::core::convert::From<$name> for ::serde_json::Value {
            fn from(value: $name) -> Self {
                value.value()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.value() {
                    ::serde_json::Value::String(text) => f.pad(&text),
                    value => ::core::fmt::Display::fmt(&value, f),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.value(), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                ::core::result::Result::Ok($crate::runtime::OpenValueEnum::from_value(value))
            }
        }

        impl $crate::runtime::Param for $name {
            fn texts(&self, each: &mut dyn ::core::ops::FnMut(&str)) {
                each(&::std::string::ToString::to_string(self));
            }
        }
    };
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use open_value_enum;
