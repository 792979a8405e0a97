//! Choices of a client about its types, beyond what the description says.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Location};

/// Choices about types, in the order of the settings.
#[derive(Clone, Debug, Default)]
pub struct TypeChoices {
    /// The choices.
    pub list: Vec<TypeChoice>,
}

/// A choice about types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChoice {
    /// Types that the choice is about.
    pub target: Target,
    /// Difference from what the description says.
    pub change: Change,
    /// Position in the settings, in bytes.
    pub position: usize,
}

/// Types that a choice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All types.
    All,
    /// A component, and the types in it that are no components.
    Component(String),
    /// Values of a JSON type with a format.
    Format(Scalar, String),
}

/// JSON types that have formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `string`.
    String,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
}

/// Difference of a type from what the description says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Objects keep the properties which they do not declare.
    KeepUnknown,
    /// Another type, by its path in Rust, stands in place of the types.
    Replace(String),
    /// Traits are derived, by their paths in Rust.
    Derive(Vec<String>),
}

impl Scalar {
    /// JSON types that have formats.
    pub const ALL: [Self; 3] = [Self::String, Self::Integer, Self::Number];

    /// Returns the name of the type in a description.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
        }
    }
}

impl TypeChoices {
    /// Returns the traits that are derived for a type: a component, or a type inside one.
    pub fn derives(&self, component: Option<&str>) -> Vec<String> {
        let mut derives: Vec<String> = Vec::new();
        for choice in self.list.iter().filter(|choice| choice.target.is_about(component)) {
            if let Change::Derive(traits) = &choice.change {
                let is_new = |path: &&String| !derives.contains(path);
                let added: Vec<_> = traits.iter().filter(is_new).cloned().collect();
                derives.extend(added);
            }
        }
        derives
    }

    /// Returns the path of the type that a choice puts in place of others.
    pub fn replacement(&self, index: usize) -> Option<&str> {
        match &self.list.get(index)?.change {
            Change::Replace(path) => Some(path),
            Change::KeepUnknown | Change::Derive(_) => None,
        }
    }

    /// Returns the last part of the path of the type that a choice puts in place of others.
    pub fn name(&self, index: usize) -> Option<&str> {
        self.replacement(index)?.split('<').next()?.rsplit("::").next()
    }

    /// Returns the choices without an effect. `used` has the indices of the others.
    pub fn without_effect(&self, used: &BTreeSet<usize>) -> Vec<&TypeChoice> {
        let choices = self.list.iter().enumerate().filter(|(index, _)| !used.contains(index));
        choices.map(|(_, choice)| choice).collect()
    }
}

impl TypeChoice {
    /// Returns the error of a choice without an effect.
    pub fn error(&self, settings: &Location) -> Diagnostic {
        let message = match (&self.target, &self.change) {
            (Target::Format(scalar, format), _) => {
                format!("expected a format of a {} in the description, found `{format}`", scalar.name())
            }
            (Target::Component(name), Change::KeepUnknown) => {
                format!("expected a component of the client that is an object, found `{name}`")
            }
            (Target::Component(name), Change::Derive(_)) => {
                format!("expected a component of the client with a type of its own, found `{name}`")
            }
            (Target::Component(name), Change::Replace(_)) => {
                format!("expected a component of the client, found `{name}`")
            }
            (Target::All, _) => "expected a client with types, found one without".to_owned(),
        };
        Diagnostic::error(settings, message).at_byte(self.position)
    }
}

impl Target {
    /// Returns `true` for a choice about all types, or about this component.
    pub fn is_about(&self, component: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Component(name) => component == Some(name),
            Self::Format(..) => false,
        }
    }
}
