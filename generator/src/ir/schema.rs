//! Types and their uses.

use std::fmt;

use serde_json::{Number, Value};

use crate::diagnostic::Location;
use crate::ir::Docs;

/// The identity of a type: the place of its declaration.
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
    /// Its pointer in a bundle: the same for a tree of files and for the bundle of the tree.
    pub home: String,
    /// `true` if the name is that of a component.
    pub is_component: bool,
    /// Name of the component that the type is, or is inside.
    pub component: Option<String>,
    /// The name in Rust that replaces the derived one (`x-rust-name`).
    pub alias: Option<String>,
    /// The prose in the description.
    pub docs: Docs,
    /// `true` if deprecated.
    pub deprecated: bool,
    /// A value to show.
    pub example: Option<Example>,
    /// The structure of the type.
    pub kind: TypeKind,
}

/// A value that the description shows.
#[derive(Clone, Debug)]
pub struct Example {
    /// The value.
    pub value: Value,
    /// Place of the value.
    pub source: Location,
}

/// The structure of a named type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Properties.
    Object(Object),
    /// Values that are listed.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// A list or a map that contains itself, so it needs a name.
    Alias(Box<Schema>),
    /// An `allOf` with a member that is not an object.
    Intersection(Intersection),
}

impl TypeKind {
    /// Returns the object, if the type is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Returns the schemas inside the type.
    pub fn schemas(&self) -> Vec<&Schema> {
        match self {
            Self::Object(object) => {
                let additional = match &object.additional {
                    Additional::Typed(schema) => Some(&**schema),
                    _ => None,
                };
                let properties = object.properties.iter().map(|property| &property.schema);
                properties.chain(additional).collect()
            }
            Self::Union(union) => union.variants.iter().map(|variant| &variant.schema).collect(),
            Self::Alias(schema) => vec![schema],
            Self::Enum(_) | Self::Intersection(_) => Vec::new(),
        }
    }
}

/// A type with properties; the members of an `allOf` are merged into one.
#[derive(Clone, Debug)]
pub struct Object {
    /// The properties, in the order of the description.
    pub properties: Vec<Property>,
    /// The values of undeclared properties.
    pub additional: Additional,
    /// The minimum number of properties.
    pub min_properties: Option<u64>,
    /// The maximum number of properties.
    pub max_properties: Option<u64>,
    /// The marker of a failure in a response with a success status (`x-failure-when`).
    pub failure: Option<FailureMarker>,
    /// The result of a call, if a response is such an object (`x-result`).
    pub result: Option<ResultMarker>,
    /// The schema that it must not have (`not`), of a member of its `allOf`.
    pub not: Option<Location>,
}

impl Object {
    /// Returns the property with this name on the wire.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// An `allOf` that cannot be merged into one object.
#[derive(Clone, Debug)]
pub struct Intersection {
    /// The member that is not an object.
    pub member: Location,
    /// Place of the schema that the member is.
    pub schema: Location,
    /// Kind of the member, such as `oneOf` or `type: string`.
    pub kind: String,
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

/// The value of a property that makes a response a failure.
#[derive(Clone, Debug)]
pub struct FailureMarker {
    /// The property.
    pub property: String,
    /// Its value.
    pub value: String,
    /// The schema of a failed response (`x-failure-schema`).
    pub schema: Option<Box<Schema>>,
}

/// Statement about the result of a call whose response is an object (`x-result`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultMarker {
    /// The result is the property with this name.
    Property(String),
    /// The whole object is the result (`x-result: false`).
    Whole,
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Name on the wire.
    pub name: String,
    /// The name in Rust that replaces the derived one (`x-rust-name`).
    pub alias: Option<String>,
    /// `true` if the description requires the property.
    pub required: bool,
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
    /// The name that the description gives the value (`x-enum-varnames`).
    pub alias: Option<String>,
    /// The prose in the description.
    pub docs: Docs,
}

/// A type that is one of several.
#[derive(Clone, Debug)]
pub struct Union {
    /// The alternatives, in the order of the description.
    pub variants: Vec<UnionVariant>,
    /// Name of the property that tells which it is.
    pub discriminator: Option<String>,
}

/// An alternative of a union.
#[derive(Clone, Debug)]
pub struct UnionVariant {
    /// The name of the component or, in place, the title.
    pub name: Option<String>,
    /// The type.
    pub schema: Schema,
    /// Values of the discriminator that mean the type.
    pub tags: Vec<String>,
}

/// A type in use: with what is said of it where it is used.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "so it is in the specification")]
pub struct Schema {
    /// The type.
    pub ty: Type,
    /// `true` if the value may be `null`.
    pub nullable: bool,
    /// `format`, as the description has it.
    pub format: Option<String>,
    /// Name of the component behind a `$ref`, of a type without a name of its own.
    pub component: Option<String>,
    /// The constraints on values.
    pub constraints: Constraints,
    /// The value that an absent one stands for.
    pub default: Option<Value>,
    /// A value to show.
    pub example: Option<Value>,
    /// The prose in this place.
    pub docs: Docs,
    /// `true` if deprecated in this place.
    pub deprecated: bool,
    /// Name of the property to use instead (`x-replacement`).
    pub replacement: Option<String>,
    /// `true` if only responses have the value.
    pub read_only: bool,
    /// `true` if only requests have the value.
    pub write_only: bool,
    /// The schema that its values must not have (`not`).
    pub not: Option<Location>,
    /// The place in the description.
    pub source: Location,
    /// Place of the schema that states the constraints: behind a `$ref`, another one than `source`.
    pub constrained: Location,
}

/// The type of a value.
#[derive(Clone, Debug)]
pub enum Type {
    /// Anything that JSON can say.
    Any,
    /// Only `null`.
    Null,
    /// A boolean.
    Boolean,
    /// An integer.
    Integer(Extent),
    /// A number that may have a fraction.
    Number(Extent),
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
    /// A type that the client chooses in place of another one.
    Custom {
        /// Index of the choice.
        choice: usize,
        /// The type that the description has.
        json: Box<Self>,
    },
}

/// Format and range of a number, as the schema with its `type` states them. Schemas around it can only restrict it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extent {
    /// Format.
    pub format: Option<String>,
    /// Least value.
    pub minimum: Option<Bound>,
    /// Greatest value.
    pub maximum: Option<Bound>,
}

/// The constraints on values.
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
    /// The divisor of the value.
    pub multiple_of: Option<Number>,
    /// Fewest elements.
    pub min_items: Option<u64>,
    /// Most elements.
    pub max_items: Option<u64>,
    /// `true` if all elements have to differ.
    pub unique_items: bool,
    /// Fewest members of a map.
    pub min_properties: Option<u64>,
    /// Most members of a map.
    pub max_properties: Option<u64>,
    /// Most bytes of a file (`x-max-bytes`).
    pub max_bytes: Option<u64>,
}

impl Constraints {
    /// Returns the constraints that hold if both hold. Of two patterns or two divisors, only that of `other` is kept:
    /// one set of constraints has at most one of each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let least = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
        let most = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).max();
        let order = |bound: &Bound| bound.value.as_f64().unwrap_or_default();
        let tighter = |a: Option<Bound>, b: Option<Bound>, sign: f64| match (a, b) {
            (Some(a), Some(b)) => {
                let keeps_a = (sign * order(&a), a.exclusive) > (sign * order(&b), b.exclusive);
                Some(if keeps_a { a } else { b })
            }
            (a, b) => a.or(b),
        };
        Self {
            min_length: most(self.min_length, other.min_length),
            max_length: least(self.max_length, other.max_length),
            pattern: other.pattern.or(self.pattern),
            minimum: tighter(self.minimum, other.minimum, 1.0),
            maximum: tighter(self.maximum, other.maximum, -1.0),
            multiple_of: other.multiple_of.or(self.multiple_of),
            min_items: most(self.min_items, other.min_items),
            max_items: least(self.max_items, other.max_items),
            unique_items: self.unique_items || other.unique_items,
            min_properties: most(self.min_properties, other.min_properties),
            max_properties: least(self.max_properties, other.max_properties),
            max_bytes: least(self.max_bytes, other.max_bytes),
        }
    }
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The value.
    pub value: Number,
    /// `true` if the bound itself is out of the range.
    pub exclusive: bool,
}

impl Bound {
    /// Returns the least integer that the bound allows as a minimum.
    pub fn least_integer(&self) -> i128 {
        let start = self.rounded(f64::ceil);
        if self.excludes(start) { start.saturating_add(1) } else { start }
    }

    /// Returns the greatest integer that the bound allows as a maximum.
    pub fn greatest_integer(&self) -> i128 {
        let end = self.rounded(f64::floor);
        if self.excludes(end) { end.saturating_sub(1) } else { end }
    }

    fn rounded(&self, round: fn(f64) -> f64) -> i128 {
        // Beyond the integers that a float holds exactly there are no fractions.
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as a bound should")]
        let rounded = |value: f64| round(value) as i128;
        whole(&self.value).unwrap_or_else(|| rounded(self.value.as_f64().unwrap_or_default()))
    }

    fn excludes(&self, rounded: i128) -> bool {
        let is_bound = || match whole(&self.value) {
            Some(value) => value == rounded,
            None => self.value.as_f64().is_some_and(|value| value.fract() == 0.0),
        };
        self.exclusive && is_bound()
    }
}

/// Returns a number as an integer, if it is written as one.
pub fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

impl Schema {
    /// Returns the identity of a named type.
    pub fn type_id(&self) -> Option<&TypeId> {
        match &self.ty {
            Type::Named(id) => Some(id),
            _ => None,
        }
    }

    /// Returns the identity of a named type, or of the type of elements.
    pub fn named(&self) -> Option<&TypeId> {
        match &self.ty {
            Type::Named(id) => Some(id),
            Type::Array(inner) | Type::Map(inner) => inner.named(),
            _ => None,
        }
    }

    /// Adds what another schema of the same type says; its words win, and both constraints hold.
    pub(crate) fn refine(&mut self, other: Self) {
        self.nullable |= other.nullable;
        self.deprecated |= other.deprecated;
        self.replacement = other.replacement.or(self.replacement.take());
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.not = other.not.or(self.not.take());
        if other.constraints != Constraints::default() {
            self.constrained = other.constrained;
        }
        self.constraints = std::mem::take(&mut self.constraints).and(other.constraints);
        self.format = other.format.or(self.format.take());
        self.default = other.default.or(self.default.take());
        self.example = other.example.or(self.example.take());
        self.source = other.source;
        if other.docs != Docs::default() {
            self.docs = other.docs;
        }
    }
}

impl Type {
    /// Returns `true` for text of any format.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::DateTime | Self::Date | Self::Binary)
    }

    /// Returns `true` if two types are equal, and numbers have one extent.
    pub(crate) fn is_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) | (Self::Map(a), Self::Map(b)) => {
                a.nullable == b.nullable && a.ty.is_equal(&b.ty)
            }
            (Self::Integer(a), Self::Integer(b)) | (Self::Number(a), Self::Number(b)) => a == b,
            (a, b) => a.is_same(b),
        }
    }

    /// Returns `true` if two types are equal, regardless of prose.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) | (Self::Map(a), Self::Map(b)) => {
                a.nullable == b.nullable && a.ty.is_same(&b.ty)
            }
            (Self::Named(a), Self::Named(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}
