//! Structs that keep the properties which they do not declare.
//!
//! `#[serde(flatten)]` would buffer these properties, which loses numbers that its buffer cannot hold and makes serde's
//! code for their type twice.

use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// Returns the value of a property that is absent.
///
/// # Errors
/// The property is required.
pub(crate) fn absent<'de, T: Deserialize<'de>, E: Error>(property: &'static str) -> Result<T, E> {
    T::deserialize(Absent(property, PhantomData))
}

struct Absent<E>(&'static str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Absent<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Implements serde for a struct with a field for the properties that it does not declare.
///
/// Each declared property is read as `plain`, as a `list` that may be `null`, or as `nullable`, which tells `null` from
/// an absent value. It is written `always`, only `if_some`, or `never`.
///
/// ```text
/// open_struct!(Thing {
///     "id" => id: plain, always;
///     "note" => note: nullable, if_some;
///     ..additional
/// });
/// ```
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! open_struct {
    ($name:ident { $($property:literal => $field:ident: $read:ident, $write:ident;)* ..$rest:ident }) => {
        #[allow(deprecated, reason = "what is deprecated is read too")]
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                struct Properties;

                impl<'de> ::serde::de::Visitor<'de> for Properties {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($name)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::core::result::Result<$name, A::Error> {
                        $(let mut $field = ::core::option::Option::None;)*
                        let mut rest = ::std::collections::BTreeMap::new();
                        while let ::core::option::Option::Some(name) =
                            map.next_key::<::std::string::String>()?
                        {
                            match name.as_str() {
                                $($property => {
                                    $field = ::core::option::Option::Some(
                                        $crate::runtime::open_struct!(@read $read map)
                                    );
                                })*
                                _ => {
                                    rest.insert(name, map.next_value()?);
                                }
                            }
                        }
                        ::core::result::Result::Ok($name {
                            $($field: match $field {
                                ::core::option::Option::Some(value) => value,
                                ::core::option::Option::None => {
                                    $crate::runtime::open_struct!(@absent $read $property)
                                }
                            },)*
                            $rest: rest,
                        })
                    }
                }

                deserializer.deserialize_map(Properties)
            }
        }

        #[allow(deprecated, reason = "what is deprecated is written too")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let mut map = ::serde::Serializer::serialize_map(serializer, ::core::option::Option::None)?;
                $($crate::runtime::open_struct!(@write $write map $property self.$field);)*
                let declared: &[&str] = &[$($property),*];
                for (name, value) in &self.$rest {
                    if !declared.contains(&name.as_str()) {
                        ::serde::ser::SerializeMap::serialize_entry(&mut map, name, value)?;
                    }
                }
                ::serde::ser::SerializeMap::end(map)
            }
        }
    };
    (@read plain $map:ident) => { $map.next_value()? };
    (@read list $map:ident) => { $map.next_value::<::core::option::Option<_>>()?.unwrap_or_default() };
    (@read nullable $map:ident) => { ::core::option::Option::Some($map.next_value()?) };
    (@absent nullable $property:literal) => { ::core::option::Option::None };
    (@absent $read:ident $property:literal) => { $crate::runtime::absent($property)? };
    (@write always $map:ident $property:literal $value:expr) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $property, &$value)?
    };
    (@write if_some $map:ident $property:literal $value:expr) => {
        if let ::core::option::Option::Some(value) = &$value {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $property, value)?;
        }
    };
    (@write never $map:ident $property:literal $value:expr) => {};
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use open_struct;
