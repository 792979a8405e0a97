//! Types and their uses.

use std::fmt;

use serde_json::{Number, Value};

use crate::diagnostic::Location;
use crate::ir::Docs;

/// What a type is known by: the place where it is declared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub Location);

impl fmt::Debug for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A type that gets a name.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Name in the description; for an unnamed schema, one made from where it stands.
    pub name: String,
    /// Whether the description gave the name.
    pub is_component: bool,
    /// Name in Rust.
    pub rust_name: String,
    /// What it is.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Which way it is sent.
    pub usage: Usage,
    /// What it is made of.
    pub kind: TypeKind,
}

/// Which way a type is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// In the JSON of requests.
    pub request: bool,
    /// In the JSON of responses.
    pub response: bool,
}

/// What a named type is made of.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Properties.
    Object(Object),
    /// Values that are listed.
    Enum(Enum),
    /// One of several types.
    Union(Union),
}

/// A type with properties; the members of an `allOf` are merged into one.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The properties, in the order of the description.
    pub properties: Vec<Property>,
    /// What else it may hold.
    pub additional: Additional,
    /// How few properties it may have.
    pub min_properties: Option<u64>,
    /// How many properties it may have.
    pub max_properties: Option<u64>,
    /// What makes it a failure although its status says success (`x-failure-when`).
    pub failure: Option<FailureMarker>,
}

/// Properties of an object beside the declared ones.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// Nothing is said of them.
    #[default]
    Unspecified,
    /// There can be any.
    Any,
    /// There can be none.
    Forbidden,
    /// They have this type.
    Typed(Box<Schema>),
}

/// The value of a property that makes a reply a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureMarker {
    /// The property.
    pub property: String,
    /// Its value.
    pub value: String,
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Name on the wire.
    pub name: String,
    /// Name of the field.
    pub rust_name: String,
    /// Whether it is always there.
    pub required: bool,
    /// Whether the field needs a `Box`, for the type contains itself.
    pub boxed: bool,
    /// Its type.
    pub schema: Schema,
}

/// A type whose values are listed.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Type of the values on the wire.
    pub base: Type,
    /// The values, in the order of the description.
    pub values: Vec<EnumValue>,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// On the wire.
    pub value: Value,
    /// Name of the variant.
    pub rust_name: String,
    /// What it means.
    pub docs: Docs,
}

/// A type that is one of several.
#[derive(Clone, Debug)]
pub struct Union {
    /// Whether exactly one has to match, or at least one.
    pub kind: UnionKind,
    /// The alternatives, in the order of the description.
    pub variants: Vec<Schema>,
    /// The property that tells which it is.
    pub discriminator: Option<Discriminator>,
}

/// How the alternatives of a union match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnionKind {
    /// `oneOf`: exactly one.
    One,
    /// `anyOf`: at least one.
    Any,
}

/// The property that tells the alternative.
#[derive(Clone, Debug)]
pub struct Discriminator {
    /// Name on the wire.
    pub property: String,
    /// Its values, each with the type it means, as far as they are listed.
    pub mapping: Vec<(String, TypeId)>,
}

/// A type in use: with what is said of it where it is used.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "so it is in the specification")]
pub struct Schema {
    /// The type.
    pub ty: Type,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// `format`, as the description has it.
    pub format: Option<String>,
    /// What its values have to fulfil.
    pub constraints: Constraints,
    /// The value that an absent one stands for.
    pub default: Option<Value>,
    /// A value to show.
    pub example: Option<Value>,
    /// What it means here.
    pub docs: Docs,
    /// Whether it should no longer be used here.
    pub deprecated: bool,
    /// Whether only responses have it.
    pub read_only: bool,
    /// Whether only requests have it.
    pub write_only: bool,
    /// Where it stands.
    pub source: Location,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Type {
    /// Anything that JSON can say.
    Any,
    /// A boolean.
    Boolean,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// A floating-point number of 32 bits.
    Float,
    /// A floating-point number of 64 bits.
    Double,
    /// Text.
    String,
    /// A date and time with an offset.
    DateTime,
    /// A date.
    Date,
    /// The content of a file.
    Binary,
    /// A list.
    Array(Box<Schema>),
    /// Values by names of the author's choice.
    Map(Box<Schema>),
    /// A type with a name.
    Named(TypeId),
}

/// What values have to fulfil.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// Least value.
    pub minimum: Option<Bound>,
    /// Greatest value.
    pub maximum: Option<Bound>,
    /// What the value is a multiple of.
    pub multiple_of: Option<Number>,
    /// Fewest elements.
    pub min_items: Option<u64>,
    /// Most elements.
    pub max_items: Option<u64>,
    /// Whether elements differ.
    pub unique_items: bool,
    /// Fewest members of a map.
    pub min_properties: Option<u64>,
    /// Most members of a map.
    pub max_properties: Option<u64>,
    /// Most bytes of a file (`x-max-bytes`).
    pub max_bytes: Option<u64>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The value.
    pub value: Number,
    /// Whether the value itself is out of the range.
    pub exclusive: bool,
}
