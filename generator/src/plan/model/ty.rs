//! Rust types, and values with the rules they have to keep.

use serde_json::Value;

use super::{Check, Crate, Name, Rule};

/// Index of a type in [`Crate::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub usize);

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `()`.
    Unit,
    /// `serde_json::Value`.
    Json,
    /// `bool`.
    Bool,
    /// `i8`.
    I8,
    /// `i16`.
    I16,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `f64`.
    F64,
    /// `String`.
    String,
    /// `DateTime<FixedOffset>`.
    DateTime,
    /// `NaiveDate`.
    Date,
    /// A file to send.
    Upload,
    /// Parts of a form that the description does not declare.
    FormData,
    /// A file that is received.
    Download,
    /// `EventStream`.
    EventStream(Box<Self>),
    /// `Vec`.
    Vec(Box<Self>),
    /// `BTreeMap` with text as keys.
    Map(Box<Self>),
    /// `Option`.
    Option(Box<Self>),
    /// `Box`.
    Box(Box<Self>),
    /// A type of the crate.
    Named(ItemId),
    /// A type of another crate, by its path.
    Custom(String),
}

impl Ty {
    /// Returns `Option<Self>`.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::Option(Box::new(self))
    }

    /// Returns the type of the crate that this type is, or that its elements are.
    pub fn item(&self) -> Option<ItemId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Vec(inner)
            | Self::Map(inner)
            | Self::Option(inner)
            | Self::Box(inner)
            | Self::EventStream(inner) => inner.item(),
            _ => None,
        }
    }

    /// Returns the least and the greatest value of an integer type.
    pub fn integer_limits(&self) -> Option<(i128, i128)> {
        match self {
            Self::I8 => Some((i8::MIN.into(), i8::MAX.into())),
            Self::I16 => Some((i16::MIN.into(), i16::MAX.into())),
            Self::I32 => Some((i32::MIN.into(), i32::MAX.into())),
            Self::I64 => Some((i64::MIN.into(), i64::MAX.into())),
            Self::U8 => Some((u8::MIN.into(), u8::MAX.into())),
            Self::U16 => Some((u16::MIN.into(), u16::MAX.into())),
            Self::U32 => Some((u32::MIN.into(), u32::MAX.into())),
            Self::U64 => Some((u64::MIN.into(), u64::MAX.into())),
            _ => None,
        }
    }

    /// Returns `true` if values hold a file, which cannot be cloned.
    pub fn holds_upload(&self) -> bool {
        match self {
            Self::Upload | Self::FormData => true,
            Self::Vec(inner) | Self::Map(inner) | Self::Option(inner) | Self::Box(inner) => {
                inner.holds_upload()
            }
            _ => false,
        }
    }

    /// Writes the type as code has it; `name` gives the names of the crate's types.
    pub fn display(&self, name: &dyn Fn(ItemId) -> String) -> String {
        let of = |inner: &Self| inner.display(name);
        match self {
            Self::Unit => "()".to_owned(),
            Self::Json => "Value".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::I8 => "i8".to_owned(),
            Self::I16 => "i16".to_owned(),
            Self::I32 => "i32".to_owned(),
            Self::I64 => "i64".to_owned(),
            Self::U8 => "u8".to_owned(),
            Self::U16 => "u16".to_owned(),
            Self::U32 => "u32".to_owned(),
            Self::U64 => "u64".to_owned(),
            Self::F64 => "f64".to_owned(),
            Self::String => "String".to_owned(),
            Self::DateTime => "DateTime<FixedOffset>".to_owned(),
            Self::Date => "NaiveDate".to_owned(),
            Self::Upload => "Upload".to_owned(),
            Self::FormData => "FormData".to_owned(),
            Self::Download => "Download".to_owned(),
            Self::EventStream(item) => format!("EventStream<{}>", of(item)),
            Self::Vec(inner) => format!("Vec<{}>", of(inner)),
            Self::Map(inner) => format!("BTreeMap<String, {}>", of(inner)),
            Self::Option(inner) => format!("Option<{}>", of(inner)),
            Self::Box(inner) => format!("Box<{}>", of(inner)),
            Self::Named(id) => name(*id),
            Self::Custom(path) => path.clone(),
        }
    }

    /// Writes the type with the names of a crate.
    pub fn display_in(&self, krate: &Crate) -> String {
        self.display(&|id| krate.item(id).name.to_string())
    }
}

/// Form in which a method takes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The value itself.
    Value,
    /// Anything that becomes a `String`.
    Text,
    /// Anything that gives the elements of a `Vec`, which have this type.
    Elements(Ty),
    /// Anything that gives elements that become the `String`s of a `Vec`.
    Texts,
}

impl Taken {
    /// Returns the form that is easiest for callers.
    pub(in crate::plan) fn of(ty: &Ty) -> Self {
        match ty {
            Ty::String => Self::Text,
            Ty::Vec(element) => match &**element {
                Ty::String => Self::Texts,
                // A `vec![None]` says more than an iterator of options.
                Ty::Option(_) => Self::Value,
                element => Self::Elements(element.clone()),
            },
            _ => Self::Value,
        }
    }
}

/// A value in use: its type, and what holds for it there.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// The type, without what says that a value may be absent or `null`.
    pub ty: Ty,
    /// `true` if it may be `null`.
    pub nullable: bool,
    /// Rules of the value itself.
    pub rules: Vec<Rule>,
    /// Elements of a list, or values of a map.
    pub element: Option<Box<Self>>,
    /// The `format` of text that has no type of its own.
    pub format: Option<String>,
    /// The value that an absent one stands for.
    pub default: Option<Value>,
}

impl Typed {
    /// Returns a value of a type without rules.
    pub fn plain(ty: Ty) -> Self {
        Self { ty, nullable: false, rules: Vec::new(), element: None, format: None, default: None }
    }

    /// Returns any JSON.
    pub(in crate::plan) fn json() -> Self {
        Self::plain(Ty::Json)
    }

    /// Returns a map of values.
    pub(in crate::plan) fn map_of(values: Self) -> Self {
        Self { ty: Ty::Map(Box::new(values.element_ty())), element: Some(Box::new(values)), ..Self::json() }
    }

    /// Returns the type as that of an element, which may be `null`; any JSON can be `null` anyway.
    pub(in crate::plan) fn element_ty(&self) -> Ty {
        if self.ty == Ty::Json { Ty::Json } else { self.nullable_ty() }
    }

    /// Returns the checks of the rules that are checked before sending; the others are only documented.
    pub fn checks(&self) -> impl Iterator<Item = Check<'_>> {
        self.rules.iter().filter_map(|rule| rule.check(&self.ty))
    }

    /// Returns `true` if the text, or a text in a list or a map, has to match a pattern that is checked.
    pub(in crate::plan) fn has_pattern(&self) -> bool {
        self.checks().any(|check| matches!(check, Check::Pattern(_)))
            || self.element.as_ref().is_some_and(|element| element.has_pattern())
    }

    /// Keeps only the rules that another value of the same type has, too.
    pub(crate) fn keep_common_rules(&mut self, other: &Self) {
        self.rules.retain(|rule| other.rules.contains(rule));
        if let (Some(element), Some(other)) = (&mut self.element, &other.element) {
            element.keep_common_rules(other);
        }
    }

    /// Returns `true` if the value has rules, in itself or below, that are checked before sending; `of_item` says so of the
    /// crate's types.
    pub fn is_checked(&self, of_item: &dyn Fn(ItemId) -> bool) -> bool {
        let is_below = match (&self.ty, &self.element) {
            (Ty::Named(id), _) => of_item(*id),
            (_, Some(element)) => element.is_checked(of_item),
            _ => false,
        };
        is_below || self.checks().next().is_some()
    }

    /// Returns the type with `Option` around it if the value may be `null`.
    pub fn nullable_ty(&self) -> Ty {
        if self.nullable { self.ty.clone().optional() } else { self.ty.clone() }
    }
}

/// Field of a struct on the way to a value below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Name of the field.
    pub field: Name,
    /// Name of the field on the wire.
    pub wire: String,
    /// `true` if the field is an `Option`.
    pub is_optional: bool,
    /// `true` if the field is deprecated.
    pub is_deprecated: bool,
}
