//! Types of the crate.

use serde_json::Value;

use super::{Count, Name, PartId, Taken, Ty, Typed, Union};
use crate::diagnostic::Location;
use crate::ir::Docs;

/// A type of the crate.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Item {
    /// Name in Rust.
    pub name: Name,
    /// Name in the description or, for a schema in place, the name made from where it stands.
    pub schema: String,
    /// `true` if the description gave the name.
    pub is_component: bool,
    /// Prose about the type.
    pub docs: Docs,
    /// `true` if the type is deprecated.
    pub deprecated: bool,
    /// Paths of the traits that the client chooses to derive.
    pub derives: Vec<String>,
    /// `true` if responses contain the type: tests can then make values of it.
    pub is_received: bool,
    /// `true` if requests contain the type.
    pub is_sent: bool,
    /// `true` if tests can have a default of the type.
    pub has_default: bool,
    /// Example of the description, for tests that need a value of the type.
    pub sample: Option<Value>,
    /// The only part that reaches the type.
    pub part: Option<PartId>,
    /// Kind of the type.
    pub kind: ItemKind,
    /// Place of the schema.
    pub source: Location,
}

impl Item {
    /// Returns `true` if values are checked before sending.
    pub fn is_checked(&self) -> bool {
        match &self.kind {
            ItemKind::Struct(structure) => structure.is_checked,
            ItemKind::Newtype(newtype) => newtype.is_checked,
            ItemKind::Union(union) => union.is_checked,
            ItemKind::StringEnum(_) | ItemKind::IntegerEnum(_) | ItemKind::ValueEnum(_) => false,
        }
    }
}

/// Kind of a type.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// A struct.
    Struct(Struct),
    /// An open enum of texts.
    StringEnum(OpenEnum<String>),
    /// An open enum of integers.
    IntegerEnum(OpenEnum<i64>),
    /// An open enum of JSON values: numbers with fractions, or values of several types.
    ValueEnum(OpenEnum<Value>),
    /// An open enum of several types.
    Union(Union),
    /// A list or a map with a name of its own, since it contains itself.
    Newtype(Newtype),
}

/// A struct around a list or a map that contains the struct.
#[derive(Clone, Debug)]
pub struct Newtype {
    /// The list or the map.
    pub value: Typed,
    /// `true` if requests contain the struct.
    pub is_sent: bool,
    /// `true` if values are checked before sending.
    pub is_checked: bool,
}

/// A struct with public fields.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Fields, in the order of the description.
    pub fields: Vec<Field>,
    /// Field with the properties that no other field declares.
    pub additional: Option<Extra>,
    /// Least and greatest number of properties.
    pub properties: Option<Count>,
    /// `true` if requests contain the struct: it then has a constructor and setters.
    pub is_sent: bool,
    /// `true` if serde derives wire names from field names in camel case.
    pub is_camel_case: bool,
    /// `true` if values are checked before sending.
    pub is_checked: bool,
}

impl Struct {
    /// Returns the fields that the constructor takes.
    pub fn arguments(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.given == Given::Argument)
    }

    /// Returns `true` if requests can contain the struct without any field set: it then has a default.
    pub fn has_default(&self) -> bool {
        self.is_sent && self.arguments().next().is_none()
    }

    /// Returns the fields that requests have no setter for.
    pub fn without_setter(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !(self.is_sent && field.given == Given::Setter))
    }

    /// Returns the check of the number of properties; `None` if no value of the struct can break the rule.
    pub fn number_check(&self) -> Option<Count> {
        let present = self.present().count() as u64;
        let possible = self.additional.is_none().then_some(self.sendable().count() as u64);
        let Count { min, max } = self.properties?;
        let min = min.filter(|min| *min > present);
        let max = max.filter(|max| possible.is_none_or(|possible| possible > *max));
        Count::new(min, max)?.in_memory()
    }

    /// Returns the fields that requests can contain.
    pub fn sendable(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.serde.write != Write::Never)
    }

    /// Returns the fields that every request contains.
    pub fn present(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.serde.write == Write::Always)
    }

    /// Returns the field with this name on the wire.
    pub fn field(&self, wire: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.wire == wire)
    }
}

/// Field of a struct with the properties that no other field declares.
#[derive(Clone, Debug)]
pub struct Extra {
    /// Name in Rust.
    pub name: Name,
    /// The properties by name: a map.
    pub value: Typed,
    /// Place of the schema of the values.
    pub source: Location,
}

/// Field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in Rust.
    pub name: Name,
    /// Name on the wire.
    pub wire: String,
    /// Type of the field: that of its value, with what its absence needs around it.
    pub ty: Ty,
    /// Value of the field, if it has one.
    pub value: Typed,
    /// Presence of the field and of its value.
    pub presence: Presence,
    /// Way in which whoever makes a value gives the field.
    pub given: Given,
    /// Form in which the constructor or the setter takes the value.
    pub taken: Taken,
    /// Treatment of the field by serde.
    pub serde: Serde,
    /// `true` if the value is in a `Box`.
    pub is_boxed: bool,
    /// `true` if only responses have the field.
    pub is_read_only: bool,
    /// Prose about the field.
    pub docs: Docs,
    /// `true` if the field is deprecated.
    pub deprecated: bool,
    /// The field to use instead of a deprecated one.
    pub replacement: Option<Name>,
    /// Place of the schema.
    pub source: Location,
}

impl Field {
    /// Returns the form in which a method takes a value that is not `null`.
    pub fn taken_if_present(&self) -> Taken {
        Taken::of(&self.value.ty)
    }
}

/// Presence of a field and of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It always is there, with a value.
    Required,
    /// It always is there, and may be `null`.
    Nullable,
    /// It may be absent, which is the same as `null`.
    Optional,
    /// Absent, `null` and a value are told apart: only what is sent needs that.
    OptionalNullable,
}

/// Way in which whoever makes a value gives a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// As an argument of the constructor.
    Argument,
    /// By a setter.
    Setter,
    /// Not at all: only responses have it.
    Never,
}

/// Treatment of a field by serde.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serde {
    /// Name on the wire, where the rule of the struct gives another one.
    pub rename: Option<String>,
    /// Treatment on reading.
    pub read: Read,
    /// Condition for writing the field.
    pub write: Write,
}

/// Treatment of a field on reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// As its type is read.
    Plain,
    /// `null` is an empty list.
    NullAsEmpty,
    /// An absent value, `null` and any other value are told apart.
    Nullable,
}

/// Condition for writing a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Always.
    Always,
    /// If it has a value.
    IfSome,
    /// Never.
    Never,
}

/// An enum that keeps values it does not know.
#[derive(Clone, Debug)]
pub struct OpenEnum<T> {
    /// Known values, in the order of the description.
    pub variants: Vec<Variant<T>>,
}

/// Known value of an enum.
#[derive(Clone, Debug)]
pub struct Variant<T> {
    /// Name of the variant.
    pub name: Name,
    /// Value on the wire.
    pub value: T,
    /// Prose about the value.
    pub docs: Docs,
}
