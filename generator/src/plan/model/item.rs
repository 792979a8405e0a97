//! Types of the crate.

use super::{Name, PartId, Ty, Typed};
use crate::diagnostic::Location;
use crate::ir::Docs;

/// A type of the crate.
#[derive(Clone, Debug)]
pub struct Item {
    /// Name in Rust.
    pub name: Name,
    /// Name in the description or, for a schema in place, the name made from where it stands.
    pub schema: String,
    /// Whether the description gave the name.
    pub is_component: bool,
    /// Prose about the type.
    pub docs: Docs,
    /// Whether the type is deprecated.
    pub deprecated: bool,
    /// The only part that reaches the type.
    pub part: Option<PartId>,
    /// What the type is.
    pub kind: ItemKind,
    /// Place of the schema.
    pub source: Location,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// A struct.
    Struct(Struct),
    /// An open enum of texts.
    StringEnum(StringEnum),
}

/// A struct with public fields.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Fields, in the order of the description.
    pub fields: Vec<Field>,
    /// Whether requests contain the struct: it then has a constructor and setters.
    pub is_sent: bool,
    /// Whether serde derives wire names from field names in camel case.
    pub is_camel_case: bool,
    /// Whether values are checked before sending.
    pub is_checked: bool,
    /// How a response reports a failure although its status says success.
    pub failure: Option<Failure>,
}

impl Struct {
    /// Returns the fields that the constructor takes.
    pub fn arguments(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.given == Given::Argument)
    }

    /// Returns the wire name and the text of the field that makes a response a failure.
    pub fn failure_marker(&self) -> Option<(&str, &str)> {
        let failure = self.failure.as_ref()?;
        Some((&self.fields[failure.field].wire, &failure.text))
    }

    /// Returns the field with this name on the wire.
    pub fn field(&self, wire: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.wire == wire)
    }
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
    /// Whether the field is always there and always has a value.
    pub presence: Presence,
    /// How whoever makes a value gives the field.
    pub given: Given,
    /// How serde reads and writes the field.
    pub serde: Serde,
    /// Whether the value is in a `Box`.
    pub is_boxed: bool,
    /// Whether only responses have the field.
    pub is_read_only: bool,
    /// Prose about the field.
    pub docs: Docs,
    /// Whether the field is deprecated.
    pub deprecated: bool,
    /// Place of the schema.
    pub source: Location,
}

/// Whether a field is always there, and always has a value.
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

/// How whoever makes a value gives a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// As an argument of the constructor.
    Argument,
    /// By a setter.
    Setter,
    /// Not at all: only responses have it.
    Never,
}

/// How serde reads and writes a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serde {
    /// Name on the wire, where the rule of the struct gives another one.
    pub rename: Option<String>,
    /// How the field is read.
    pub read: Read,
    /// When the field is written.
    pub write: Write,
}

/// How serde reads a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// As its type is read.
    Plain,
    /// `null` is an empty list.
    NullAsEmpty,
    /// An absent value, `null` and any other value are told apart.
    Nullable,
}

/// When serde writes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Always.
    Always,
    /// If it has a value.
    IfSome,
    /// Never.
    Never,
}

/// Text of a field that makes a response a failure.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Index of the field.
    pub field: usize,
    /// The text.
    pub text: String,
    /// Type of the whole response in that case.
    pub body: Option<Ty>,
}

/// An enum of texts that keeps texts it does not know.
#[derive(Clone, Debug)]
pub struct StringEnum {
    /// Known values, in the order of the description.
    pub variants: Vec<Variant>,
}

/// Known value of an enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name of the variant.
    pub name: Name,
    /// Text on the wire.
    pub text: String,
    /// Prose about the value.
    pub docs: Docs,
}
