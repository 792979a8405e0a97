//! Open enums: they keep unknown values, since servers send new ones without notice.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Unexpected, Visitor};

/// Text of a value that this version does not know.
///
/// Only enums create it, and never with the text of a known value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Open enum of texts.
pub(crate) trait OpenEnum: Sized {
    /// Returns the known value of a text.
    fn known(text: &str) -> Option<Self>;

    /// Creates an unknown value.
    fn unknown(value: UnknownValue) -> Self;

    /// Returns the value of a text.
    fn from_text(text: &str) -> Self {
        Self::known(text).unwrap_or_else(|| Self::unknown(UnknownValue(text.into())))
    }

    /// Returns the value of a text, which is kept if it is unknown.
    fn from_string(text: String) -> Self {
        Self::known(&text).unwrap_or_else(|| Self::unknown(UnknownValue(text.into_boxed_str())))
    }
}

/// Reads a text, without copying that of a known value.
///
/// # Errors
/// The value is not a text.
pub(crate) fn deserialize_open_enum<'de, D: Deserializer<'de>, E: OpenEnum>(
    deserializer: D,
) -> Result<E, D::Error> {
    deserializer.deserialize_str(Text(PhantomData))
}

struct Text<E>(PhantomData<E>);

impl<E: OpenEnum> Visitor<'_> for Text<E> {
    type Value = E;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<X>(self, text: &str) -> Result<E, X> {
        Ok(E::from_text(text))
    }

    fn visit_string<X>(self, text: String) -> Result<E, X> {
        Ok(E::from_string(text))
    }
}

/// Implements the conversions of an open enum, from its `VALUES`, its `as_str` and its variant
/// `Unrecognized(UnknownValue)`.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! open_enum {
    ($name:ident) => {
        impl $crate::runtime::OpenEnum for $name {
            fn known(text: &str) -> ::core::option::Option<Self> {
                Self::VALUES.iter().find(|value| value.as_str() == text).cloned()
            }

            fn unknown(value: $crate::runtime::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::runtime::OpenEnum::from_text(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                $crate::runtime::OpenEnum::from_string(text)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok($crate::runtime::OpenEnum::from_text(text))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::deserialize_open_enum(deserializer)
            }
        }

        impl $crate::runtime::Param for $name {
            fn texts(&self, each: &mut dyn ::core::ops::FnMut(&str)) {
                each(self.as_str());
            }
        }
    };
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use open_enum;

/// Integer that this version does not know.
///
/// Only enums create it, and never with a known integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownInteger(i64);

impl UnknownInteger {
    /// Returns the integer.
    pub fn value(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for UnknownInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Open enum of integers.
pub(crate) trait OpenIntegerEnum: Sized {
    /// Returns the known value of an integer.
    fn known(integer: i64) -> Option<Self>;

    /// Creates an unknown value.
    fn unknown(value: UnknownInteger) -> Self;

    /// Returns the value of an integer, which is kept if it is unknown.
    fn from_integer(integer: i64) -> Self {
        Self::known(integer).unwrap_or_else(|| Self::unknown(UnknownInteger(integer)))
    }
}

/// Reads an integer, which JSON may write with a fraction of zero.
///
/// # Errors
/// The value is not an integer of 64 bits.
pub(crate) fn deserialize_open_integer_enum<'de, D: Deserializer<'de>, E: OpenIntegerEnum>(
    deserializer: D,
) -> Result<E, D::Error> {
    deserializer.deserialize_i64(Integer).map(E::from_integer)
}

struct Integer;

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer of 64 bits")
    }

    fn visit_i64<X>(self, integer: i64) -> Result<i64, X> {
        Ok(integer)
    }

    fn visit_u64<X: serde::de::Error>(self, integer: u64) -> Result<i64, X> {
        integer.try_into().map_err(|_| X::invalid_value(Unexpected::Unsigned(integer), &self))
    }

    fn visit_f64<X: serde::de::Error>(self, number: f64) -> Result<i64, X> {
        // Beyond, a float does not say which integer is meant.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() != 0.0 || number.abs() > EXACT {
            return Err(X::invalid_value(Unexpected::Float(number), &self));
        }
        #[allow(clippy::cast_possible_truncation, reason = "a whole number below the limit is exact")]
        Ok(number as i64)
    }
}

/// Implements the conversions of an open enum of integers, from its `VALUES`, its `value` and its variant
/// `Unrecognized(UnknownInteger)`.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! open_integer_enum {
    ($name:ident) => {
        impl $crate::runtime::OpenIntegerEnum for $name {
            fn known(integer: i64) -> ::core::option::Option<Self> {
                Self::VALUES.iter().find(|value| value.value() == integer).copied()
            }

            fn unknown(value: $crate::runtime::UnknownInteger) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(integer: i64) -> Self {
                $crate::runtime::OpenIntegerEnum::from_integer(integer)
            }
        }

        impl ::core::convert::From<$name> for i64 {
            fn from(value: $name) -> Self {
                value.value()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.value(), f)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.value())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::deserialize_open_integer_enum(deserializer)
            }
        }

        impl $crate::runtime::Param for $name {
            fn texts(&self, each: &mut dyn ::core::ops::FnMut(&str)) {
                $crate::runtime::Param::texts(&self.value(), each);
            }
        }
    };
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use open_integer_enum;
