//! Unions: enums of one of several types.

use super::{Field, ItemId, Name, Ty, Typed};
use crate::diagnostic::Location;
use crate::ir::Docs;

/// An enum of one of several types, which keeps JSON of any other type.
#[derive(Clone, Debug)]
pub struct Union {
    /// Variants, in the order of the description.
    pub variants: Vec<UnionVariant>,
    /// Wire name of the property that tells the variant.
    pub tag: Option<String>,
    /// Fields that the values of all variants have.
    pub shared: Vec<Field>,
    /// `true` if a parameter can be such a value.
    pub is_parameter: bool,
    /// `true` if requests contain the union.
    pub is_sent: bool,
    /// `true` if values are checked before sending.
    pub is_checked: bool,
    /// Variant of the default for tests; `None` for a type that ends with no variant.
    pub default: Option<usize>,
}

impl Union {
    /// Returns the property that tells the variant, if every variant has it always: shapes then tell nothing.
    pub fn required_tag(&self) -> Option<&String> {
        self.tag.as_ref().filter(|_| self.variants.iter().all(|variant| variant.shape.is_none()))
    }
}

/// Variant of a union.
#[derive(Clone, Debug)]
pub struct UnionVariant {
    /// Name of the variant.
    pub name: Name,
    /// Value of the variant.
    pub value: Typed,
    /// `true` if the value is in a `Box`.
    pub is_boxed: bool,
    /// Values of the tag that mean the variant.
    pub tags: Vec<String>,
    /// `true` if the value has no property for the tag, so that the union writes the tag.
    pub writes_tag: bool,
    /// Shape of the JSON; `None` if only the tag tells the variant.
    pub shape: Option<Shape>,
    /// `true` if no other variant has values of this type.
    pub is_only: bool,
    /// Prose about the variant.
    pub docs: Docs,
    /// Place of the schema.
    pub source: Location,
}

impl UnionVariant {
    /// Returns the type that the variant holds.
    pub fn ty(&self) -> Ty {
        let ty = self.value.ty.clone();
        if self.is_boxed { Ty::Box(Box::new(ty)) } else { ty }
    }
}

/// Shape of JSON by which a variant is told from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any JSON.
    Any,
    /// A boolean.
    Bool,
    /// An integer, perhaps a listed one.
    Integer(Vec<i64>),
    /// A number.
    Number,
    /// A text, perhaps a listed one.
    Text(Vec<String>),
    /// A text of a format.
    Formatted,
    /// A list.
    Array,
    /// A map.
    Map,
    /// An object with properties.
    Object(ObjectShape),
    /// Any shape of another union.
    Union(ItemId),
}

/// Shape of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectShape {
    /// Wire names of required properties.
    pub required: Vec<String>,
    /// Wire names of all other properties.
    pub optional: Vec<String>,
    /// Properties that other variants have too, with their only values here.
    pub constants: Vec<(String, Vec<String>)>,
    /// `true` if undeclared properties are kept.
    pub is_open: bool,
}

impl ObjectShape {
    /// Returns the wire names of all properties.
    pub fn properties(&self) -> impl Iterator<Item = &String> {
        self.required.iter().chain(&self.optional)
    }
}
