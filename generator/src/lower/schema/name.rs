//! Names of types. That of a schema in place is known only when what is around it has one, so until then it is a
//! path: a place, and what comes after the name of that place.

use std::collections::BTreeMap;
use std::fmt::Display;

use heck::ToUpperCamelCase;

use crate::diagnostic::Location;
use crate::places::{Places, Section};

/// Returns the name of a schema.
#[derive(Clone, Debug)]
pub(in crate::lower) struct Name {
    around: Option<Location>,
    rest: String,
}

impl Name {
    /// Creates a name that does not depend on others.
    pub(in crate::lower) fn given(text: impl Into<String>) -> Self {
        Self { around: None, rest: text.into() }
    }

    /// Creates the name of the schema at a place.
    pub(super) fn of(at: &Location) -> Self {
        Self { around: Some(at.clone()), rest: String::new() }
    }

    /// Returns the name of an item inside the schema with this name.
    pub(super) fn with(&self, suffix: impl Display) -> Self {
        Self { around: self.around.clone(), rest: format!("{}{suffix}", self.rest) }
    }
}

/// The names of the schemas that are reached.
pub(super) struct Names {
    places: Places,
    /// The first name of each schema in place.
    in_place: BTreeMap<Location, Name>,
}

impl Names {
    pub(super) fn new(places: Places) -> Self {
        Self { places, in_place: BTreeMap::new() }
    }

    /// Returns `true` if the description names the schema at a place.
    pub(super) fn is_component(&self, at: &Location) -> bool {
        self.places.component(Section::Schemas, at).is_some()
    }

    /// Returns the name of the component at a place.
    pub(super) fn component(&self, at: &Location) -> Option<String> {
        self.places.component(Section::Schemas, at).map(str::to_owned)
    }

    /// Returns the name of a parameter among the components.
    pub(super) fn parameter(&self, at: &Location) -> Option<String> {
        self.places.component(Section::Parameters, at).map(str::to_owned)
    }

    /// Returns the name of the component that a place is, or is inside.
    pub(super) fn around(&self, at: &Location) -> Option<String> {
        self.component(at).or_else(|| self.around(&at.parent()?))
    }

    /// Returns the components that build on an object with a discriminator.
    pub(super) fn children(&self, at: &Location) -> &[Location] {
        self.places.children(at)
    }

    /// Gives a schema in place its name, unless it has one.
    pub(super) fn put(&mut self, at: &Location, name: &Name) {
        self.in_place.entry(at.clone()).or_insert_with(|| name.clone());
    }

    /// Returns the name of the target of a `$ref`, for the items inside the target.
    pub(super) fn referenced(&self, at: &Location) -> Name {
        self.places.component(Section::Schemas, at).map_or_else(|| Name::of(at), Name::given)
    }

    /// Returns the name of a schema.
    pub(super) fn text(&self, at: &Location) -> String {
        if let Some(name) = self.places.component(Section::Schemas, at) {
            return name.to_owned();
        }
        match self.in_place.get(at) {
            Some(Name { around: None, rest }) => rest.clone(),
            Some(Name { around: Some(around), rest }) => {
                format!("{}{rest}", self.text(around).to_upper_camel_case())
            }
            None => self.places.fallback_name(Section::Schemas, at),
        }
    }

    /// Returns the identity of a schema whatever files the description has: its pointer in a bundle.
    pub(super) fn home(&self, at: &Location) -> String {
        self.places.home(Section::Schemas, at).unwrap_or_else(|| at.to_string())
    }
}
