//! The version of a description, and what the root file says about all files.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

/// The facts of the root file that the other files depend on.
#[derive(Debug, Default)]
pub(in crate::load) struct Facts {
    version: Version,
    /// The names of the components, by section.
    components: BTreeMap<String, BTreeSet<String>>,
    /// The URL of the root file (`$self`).
    pub(super) url: Option<String>,
}

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    #[default]
    V30,
    V31,
    V32,
}

/// The version of the shape that all trees get.
pub(super) const TARGET: &str = "3.0.3";

impl Facts {
    /// Returns the facts of a root file.
    pub(in crate::load) fn of(root: &Value) -> Self {
        let mut facts = Self {
            version: root.get("openapi").map(Version::of).unwrap_or_default(),
            url: root.get("$self").and_then(Value::as_str).map(str::to_owned),
            ..Self::default()
        };
        let sections = root.get("components").and_then(Value::as_mapping).into_iter().flatten();
        for (section, members) in
            sections.filter_map(|(section, node)| Some((section.as_str()?, node.as_mapping()?)))
        {
            let names = members.keys().filter_map(Value::as_str).map(str::to_owned);
            facts.components.insert(section.to_owned(), names.collect());
        }
        facts
    }

    /// Returns `true` if the description is of OpenAPI 3.1 or later.
    pub(super) fn is_newer(&self) -> bool {
        self.version >= Version::V31
    }

    /// Returns `true` if a section of the components has this name.
    pub(super) fn has_component(&self, section: &str, name: &str) -> bool {
        self.components.get(section).is_some_and(|names| names.contains(name))
    }
}

impl Version {
    fn of(node: &Value) -> Self {
        let text = match node {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let is = |version: &str| text == version || text.starts_with(&format!("{version}."));
        if is("3.1") {
            Self::V31
        } else if is("3.2") {
            Self::V32
        } else {
            Self::V30
        }
    }
}
