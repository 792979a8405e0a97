//! Unions: values of one of several types.
//!
//! JSON is read once, as [`Content`]. The member follows from the content, and is then read from the content:
//!
//! 1. A discriminator decides alone. If its property is absent, the shape of the JSON decides, as without a discriminator.
//! 2. A member fits if JSON has its type, all its required properties, and no other value in place of its constants. One
//!    without any property fits only an empty object.
//! 3. Of several members that fit, the first of this order that can be read is taken: those with a constant that JSON has
//!    too; those that lose the fewest properties of JSON; those that leave the fewest undeclared; those with the most
//!    required properties; those that come first in the description. Among texts and integers, listed values come before
//!    formats, and formats before the rest.
//! 4. Other JSON is kept as it is. So is JSON of which the best member would lose a property that another member declares,
//!    and an integer with more digits than a number holds.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde::ser::{self, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::runtime::Param;

/// Type of one of several members, which keeps JSON of no member.
pub(crate) trait Union: Sized + 'static {
    /// Property of the discriminator.
    const TAG: Option<&'static str> = None;
    /// Members, in the order of the description.
    const MEMBERS: &'static [Member<Self>];

    /// Keeps JSON of no member.
    fn unrecognized(json: Value) -> Self;
}

/// Member of a union.
pub(crate) struct Member<U> {
    /// Values of the discriminator.
    tags: &'static [&'static str],
    /// Shape of the JSON.
    shape: Shape,
    read: fn(&Content<'_>) -> Result<U, ContentError>,
}

impl<U> Member<U> {
    /// Creates a member that the discriminator tells or, without one, the shape of JSON.
    pub(crate) const fn new(
        tags: &'static [&'static str],
        shape: Shape,
        read: fn(&Content<'_>) -> Result<U, ContentError>,
    ) -> Self {
        Self { tags, shape, read }
    }
}

/// Shape of the JSON of a member.
pub(crate) enum Shape {
    /// Never met without a discriminator.
    Hidden,
    Any,
    Bool,
    /// Integers; if some are listed, these come first.
    Integer(&'static [i64]),
    Number,
    /// Texts; if some are listed, these come first.
    Text(&'static [&'static str]),
    /// Texts of a format.
    Formatted,
    Array,
    /// Objects with names of the author's choice.
    Map,
    Object(ObjectShape),
    /// The shapes of another union.
    Union(fn(&Content<'_>) -> Option<Fit>),
}

/// Shape of an object.
pub(crate) struct ObjectShape {
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
    /// Properties with their only values.
    pub(crate) constants: &'static [(&'static str, &'static [&'static str])],
    /// `true` if undeclared properties are kept.
    pub(crate) is_open: bool,
}

/// Distance of JSON from a shape: less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    class: Class,
    /// Number of properties that the shape would lose.
    lost: usize,
    undeclared: usize,
    required: Reverse<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// JSON has a constant of the member.
    Constant,
    /// JSON has the type of the member, and perhaps its format.
    Type,
    /// JSON has a more general type.
    General,
    /// JSON has the type of the member, but is not among its values.
    Unlisted,
    /// The member is any JSON.
    Any,
}

impl Fit {
    const fn of(class: Class) -> Self {
        Self { class, lost: 0, undeclared: 0, required: Reverse(0) }
    }
}

impl Shape {
    /// Returns the distance of JSON from the shape, if JSON has the shape.
    fn fit(&self, content: &Content<'_>) -> Option<Fit> {
        let class = match (self, content) {
            (Self::Any, _) => Class::Any,
            (Self::Union(fit), content) => return fit(content),
            (Self::Object(object), Content::Object(members)) => return object.fit(members),
            (Self::Bool, Content::Bool(_))
            | (Self::Array, Content::Array(_))
            | (Self::Map, Content::Object(_))
            | (Self::Formatted, Content::Text(_))
            | (Self::Number, Content::Float(_)) => Class::Type,
            (Self::Number, content) if content.is_exact_float() => Class::General,
            (Self::Text([]), Content::Text(_)) => Class::General,
            (Self::Text(values), Content::Text(text)) => listed(values.contains(&text.as_ref())),
            (Self::Integer([]), content) => content.as_integer().map(|_| Class::Type)?,
            (Self::Integer(values), content) => listed(values.contains(&content.as_integer()?)),
            _ => return None,
        };
        Some(Fit::of(class))
    }

    /// Returns `true` if the shape declares a property.
    fn declares(&self, name: &str) -> bool {
        matches!(self, Self::Object(object) if object.declares(name))
    }
}

fn listed(is_listed: bool) -> Class {
    if is_listed { Class::Constant } else { Class::Unlisted }
}

impl ObjectShape {
    fn declares(&self, name: &str) -> bool {
        self.required.contains(&name) || self.optional.contains(&name)
    }

    fn fit(&self, members: &[(Cow<'_, str>, Content<'_>)]) -> Option<Fit> {
        let find = |name: &str| members.iter().rev().find(|(key, _)| key == name);
        if !self.required.iter().all(|name| find(name).is_some()) {
            return None;
        }
        let mut class = Class::Type;
        for (name, values) in self.constants {
            match find(name).map(|(_, value)| value.to_text()) {
                Some(Some(text)) if values.contains(&text.as_ref()) => class = Class::Constant,
                Some(_) => return None,
                None => {}
            }
        }
        let undeclared = members.iter().filter(|(name, _)| !self.declares(name)).count();
        let lost = if self.is_open { 0 } else { undeclared };
        // An object that declares nothing would lose all.
        if lost > 0 && self.required.is_empty() && self.optional.is_empty() {
            return None;
        }
        Some(Fit { class, lost, undeclared, required: Reverse(self.required.len()) })
    }
}

/// Reads a union. JSON of no member is kept.
///
/// # Errors
/// JSON has the tag of a member, and is not of the member's type.
pub(crate) fn deserialize_union<'de, D: Deserializer<'de>, U: Union>(deserializer: D) -> Result<U, D::Error> {
    let content = Content::deserialize(deserializer)?;
    read_union(&content).map_err(de::Error::custom)
}

fn read_union<U: Union>(content: &Content<'_>) -> Result<U, ContentError> {
    if let Some(tag) = U::TAG.and_then(|tag| content.get(tag)) {
        let tag = tag.to_text();
        let is_it = |member: &&Member<U>| tag.as_ref().is_some_and(|tag| member.tags.contains(&tag.as_ref()));
        return match U::MEMBERS.iter().find(is_it) {
            Some(member) => (member.read)(content),
            None => Ok(U::unrecognized(content.to_value())),
        };
    }
    let read = candidates(U::MEMBERS, content).find_map(|member| (member.read)(content).ok());
    Ok(read.unwrap_or_else(|| U::unrecognized(content.to_value())))
}

/// Returns the distance of JSON from the best shape of a union.
pub(crate) fn fit_union<U: Union>(content: &Content<'_>) -> Option<Fit> {
    let Some(tag) = U::TAG else {
        return U::MEMBERS.iter().filter_map(|member| member.shape.fit(content)).min();
    };
    let tag = content.get(tag)?.to_text()?;
    let is_known = U::MEMBERS.iter().any(|member| member.tags.contains(&tag.as_ref()));
    is_known.then_some(Fit::of(Class::Constant))
}

/// Returns the members whose shape JSON has, the best first, without those that lose a property of another member.
fn candidates<'m, U>(members: &'m [Member<U>], content: &Content<'_>) -> impl Iterator<Item = &'m Member<U>> {
    let fit = |(index, member): (usize, &Member<U>)| Some((member.shape.fit(content)?, index));
    let mut fits: Vec<_> = members.iter().enumerate().filter_map(fit).collect();
    fits.sort_unstable();
    let loses = move |shape: &Shape| match (shape, content) {
        (Shape::Object(object), Content::Object(properties)) => properties.iter().any(|(name, _)| {
            !object.declares(name) && members.iter().any(|other| other.shape.declares(name))
        }),
        _ => false,
    };
    let candidates = fits.into_iter().map(|(fit, index)| (fit, &members[index]));
    candidates.filter(move |(fit, member)| fit.lost == 0 || !loses(&member.shape)).map(|(_, member)| member)
}

/// Writes a member that has no property for the discriminator, with the discriminator.
///
/// # Errors
/// The member cannot be written as an object.
pub(crate) fn serialize_tagged<S: Serializer, T: Serialize>(
    serializer: S,
    (property, tag): (&str, &str),
    member: &T,
) -> Result<S::Ok, S::Error> {
    match serde_json::to_value(member).map_err(ser::Error::custom)? {
        Value::Object(mut members) => {
            members.entry(property).or_insert_with(|| tag.into());
            members.serialize(serializer)
        }
        other => other.serialize(serializer),
    }
}

/// Gives the texts of JSON of no member to a parameter.
pub(crate) fn unrecognized_texts(json: &Value, each: &mut dyn FnMut(&str)) {
    match json {
        Value::Null => {}
        Value::String(text) => each(text),
        Value::Array(elements) => elements.iter().for_each(|element| unrecognized_texts(element, each)),
        json => json.to_string().texts(each),
    }
}

/// Implements reading of a union. Each variant has the values of the discriminator that mean it, a shape of JSON, or both.
///
/// ```text
/// open_union!(Pet by "kind" {
///     Cat: "cat" | "kitten";
///     Dog: "dog" => object("kind", "name"; "owner");
/// });
///
/// open_union!(Answer {
///     Done: object("state" = "done" | "over"; "at");
///     Other: open_object("state");
///     Code: integer(1, 2);
///     Nested: union(Question);
///     Text: text;
/// });
/// ```
///
/// An object has its required properties, then the others; some have listed values. An open one keeps undeclared properties.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! open_union {
    ($name:ident $(by $tag:literal)? {
        $($variant:ident: $($value:literal)|* $(=>)? $($shape:ident $(($($of:tt)*))?)?;)*
    }) => {
        impl $crate::runtime::Union for $name {
            $(const TAG: ::core::option::Option<&'static str> = ::core::option::Option::Some($tag);)?

            const MEMBERS: &'static [$crate::runtime::Member<Self>] = &[$($crate::runtime::Member::new(
                &[$($value),*],
                $crate::runtime::shape!($($shape $(($($of)*))?)?),
                |json| json.read().map(Self::$variant),
            )),*];

            fn unrecognized(json: ::serde_json::Value) -> Self {
                Self::Unrecognized(json)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::deserialize_union(deserializer)
            }
        }
    };
}

/// Makes a shape of what [`open_union`] says of a variant.
#[allow(unused_macros, reason = "used by the generated types, not by the runtime itself")]
macro_rules! shape {
    () => { $crate::runtime::Shape::Hidden };
    (any) => { $crate::runtime::Shape::Any };
    (bool) => { $crate::runtime::Shape::Bool };
    (integer) => { $crate::runtime::Shape::Integer(&[]) };
    (integer($($value:literal),*)) => { $crate::runtime::Shape::Integer(&[$($value),*]) };
    (number) => { $crate::runtime::Shape::Number };
    (text) => { $crate::runtime::Shape::Text(&[]) };
    (text($($value:literal),*)) => { $crate::runtime::Shape::Text(&[$($value),*]) };
    (formatted) => { $crate::runtime::Shape::Formatted };
    (array) => { $crate::runtime::Shape::Array };
    (map) => { $crate::runtime::Shape::Map };
    (union($name:ty)) => { $crate::runtime::Shape::Union($crate::runtime::fit_union::<$name>) };
    (object($($of:tt)*)) => { $crate::runtime::shape!(@object false, $($of)*) };
    (open_object($($of:tt)*)) => { $crate::runtime::shape!(@object true, $($of)*) };
    (@object $is_open:literal,
        $($required:literal $(= $($value:literal)|+)?),* $(; $($optional:literal $(= $($other:literal)|+)?),*)?
    ) => {
        $crate::runtime::Shape::Object($crate::runtime::ObjectShape {
            required: &[$($required),*],
            optional: &[$($($optional),*)?],
            constants: &[
                $($(($required, &[$($value),+]),)?)*
                $($($(($optional, &[$($other),+]),)?)*)?
            ],
            is_open: $is_open,
        })
    };
}

#[allow(unused_imports, reason = "used by the generated types, not by the runtime itself")]
pub(crate) use {open_union, shape};

/// JSON whose type is unknown yet. Text is borrowed where the source allows it, and members keep their order.
#[derive(Debug)]
pub(crate) enum Content<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    Array(Vec<Self>),
    Object(Vec<(Cow<'de, str>, Self)>),
}

impl Content<'_> {
    /// Returns the last member of an object with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Reads a value of a member.
    ///
    /// # Errors
    /// The content is not a `T`.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ContentError> {
        T::deserialize(self)
    }

    /// Returns a text, or the text of an integer or a boolean.
    fn to_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Bool(value) => Some(value.to_string().into()),
            Self::Unsigned(value) => Some(value.to_string().into()),
            Self::Signed(value) => Some(value.to_string().into()),
            _ => None,
        }
    }

    fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Unsigned(value) => Some(i64::try_from(*value).unwrap_or(i64::MAX)),
            Self::Signed(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns `true` for an integer that a floating-point number has too, with all its digits.
    fn is_exact_float(&self) -> bool {
        let value = match self {
            Self::Unsigned(value) => *value,
            Self::Signed(value) => value.unsigned_abs(),
            _ => return false,
        };
        u64::BITS.saturating_sub(value.leading_zeros() + value.trailing_zeros()) <= f64::MANTISSA_DIGITS
    }

    /// Copies the content into a value of its own.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Unsigned(value) => (*value).into(),
            Self::Signed(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => Value::String(value.as_ref().to_owned()),
            Self::Array(elements) => elements.iter().map(Self::to_value).collect(),
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| (key.as_ref().to_owned(), value.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Content<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Content<'de>, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content<'de>, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content<'de>, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content<'de>, E> {
        Ok(Content::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content<'de>, E> {
        Ok(Content::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content<'de>, E> {
        Ok(u64::try_from(value).map_or(Content::Signed(value), Content::Unsigned))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content<'de>, E> {
        Ok(Content::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Content<'de>, E> {
        Ok(Content::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content<'de>, E> {
        Ok(Content::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Content<'de>, E> {
        Ok(Content::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content<'de>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Content::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            members.push((key, map.next_value()?));
        }
        Ok(Content::Object(members))
    }
}

/// Reads the name of a member, borrowed if possible: `Cow` itself always copies.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Content that is not of the expected type, with the path to the mismatch.
#[derive(Debug)]
pub(crate) struct ContentError {
    /// Steps to the mismatch, innermost first.
    path: Vec<String>,
    message: String,
}

impl ContentError {
    #[cold]
    fn below(mut self, step: String) -> Self {
        self.path.push(step);
        self
    }
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.path.is_empty() {
            f.write_str(" at `")?;
            let steps = self.path.iter().rev().enumerate();
            for (index, step) in steps {
                let dot = if index == 0 || step.starts_with('[') { "" } else { "." };
                write!(f, "{dot}{step}")?;
            }
            f.write_str("`")?;
        }
        Ok(())
    }
}

impl std::error::Error for ContentError {}

impl de::Error for ContentError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { path: Vec::new(), message: message.to_string() }
    }
}

impl<'de> IntoDeserializer<'de, ContentError> for &Content<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &Content<'de> {
    type Error = ContentError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ContentError> {
        match self {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(*value),
            Content::Unsigned(value) => visitor.visit_u64(*value),
            Content::Signed(value) => visitor.visit_i64(*value),
            Content::Float(value) => visitor.visit_f64(*value),
            Content::Text(Cow::Borrowed(value)) => visitor.visit_borrowed_str(value),
            Content::Text(Cow::Owned(value)) => visitor.visit_str(value),
            Content::Array(elements) => visitor.visit_seq(Elements { rest: elements.iter(), index: 0 }),
            Content::Object(members) => visitor.visit_map(Members { rest: members.iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ContentError> {
        match self {
            Content::Null => visitor.visit_none(),
            content => visitor.visit_some(content),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ContentError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ContentError> {
        match self {
            Content::Text(name) => visitor.visit_enum(StrDeserializer::new(name)),
            Content::Object(members) => {
                let members = Members { rest: members.iter(), value: None };
                visitor.visit_enum(MapAccessDeserializer::new(members))
            }
            content => content.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ContentError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

struct Elements<'a, 'de> {
    rest: std::slice::Iter<'a, Content<'de>>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = ContentError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ContentError> {
        let Some(element) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(element).map(Some).map_err(|error| error.below(format!("[{index}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Members<'a, 'de> {
    rest: std::slice::Iter<'a, (Cow<'de, str>, Content<'de>)>,
    value: Option<&'a (Cow<'de, str>, Content<'de>)>,
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = ContentError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ContentError> {
        self.value = self.rest.next();
        self.value.map(|(key, _)| seed.deserialize(StrDeserializer::new(key))).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ContentError> {
        let (key, value) = self.value.take().ok_or_else(|| de::Error::custom("a value without a name"))?;
        seed.deserialize(value).map_err(|error| error.below(key.as_ref().to_owned()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
