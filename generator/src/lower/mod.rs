//! From the description to the IR: one file per concern.
//!
//! Every function here gets the place of what it lowers, so that whatever is wrong is reported with it, and
//! so that what the typed view drops (fields beside a `$ref`) can be looked up in the tree.

mod body;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::dialect::Dialect;
use crate::ir::{Api, Component, Docs, Server, ServerVariable};
use crate::load::{Shape, Sources, count, member};
use crate::places::Places;
use crate::select::{Candidate, Selected, SelectedSchema};
use schema::Types;

/// Lowers the selected operations and components, and what they reach.
pub fn lower(
    sources: &Sources,
    selected: &Selected,
    dialect: &'static dyn Dialect,
    diagnostics: &mut Diagnostics,
) -> Api {
    let named = selected.owners.as_deref().unwrap_or(selected);
    let places: BTreeSet<_> = named.operations.iter().flat_map(Candidate::places).collect();
    sources.read_ahead_from(places.into_iter());
    let places = Places::of(sources, named);
    Lowering { sources, dialect, diagnostics, types: Types::new(places) }.api(selected)
}

/// The state of one lowering.
struct Lowering<'a> {
    sources: &'a Sources,
    dialect: &'static dyn Dialect,
    diagnostics: &'a mut Diagnostics,
    types: Types,
}

/// The fields of the root that are lowered whatever is selected.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root {
    info: openapiv3::Info,
    external_docs: Option<openapiv3::ExternalDocumentation>,
}

impl<'a> Lowering<'a> {
    fn api(mut self, selected: &Selected) -> Api {
        let source = self.sources.root();
        self.check_version(&source);
        // A mistake in the root is reported, and hides none elsewhere.
        let root: Root = self.read(&source, &Shape::ROOT).unwrap_or_default();
        let servers = self.servers(&source);
        let security = self.security(&source).unwrap_or_default();
        let mut operations: Vec<_> =
            selected.operations.iter().filter_map(|candidate| self.operation(candidate, &security)).collect();
        let components = selected.schemas.iter().filter_map(|schema| self.component(schema)).collect();
        self.pending_types();
        let security_schemes = self.security_schemes(&mut operations);
        Api {
            direction: selected.direction,
            title: root.info.title,
            version: root.info.version,
            docs: Docs {
                summary: None,
                description: root.info.description,
                link: root.external_docs.map(|docs| docs.url),
            },
            servers,
            security_schemes,
            operations,
            components,
            tags: self.tags(&source),
            types: self.types.into_defs(),
            choices_used: BTreeSet::new(),
            source,
        }
    }

    /// Lowers a component that is selected directly.
    fn component(&mut self, selected: &SelectedSchema) -> Option<Component> {
        let schema = self.component_schema(&selected.location)?;
        Some(Component { name: selected.name.clone(), schema })
    }

    /// Returns the prose of tags. It is optional, so values that are not strings are skipped.
    fn tags(&self, root: &Location) -> BTreeMap<String, Docs> {
        let tags = self.fields(root).list("tags").iter().map(|tag| Fields(Some(tag)));
        tags.filter_map(|tag| {
            let docs = Docs { description: tag.text("description"), ..Docs::default() };
            Some((tag.text("name")?, docs))
        })
        .collect()
    }

    /// Reports a version that is not OpenAPI 3.0. Later versions that can be read were normalised to it.
    fn check_version(&mut self, root: &Location) {
        let Some(version) = self.fields(root).text("openapi") else { return };
        if version != "3.0" && !version.starts_with("3.0.") {
            let message = format!("unsupported: OpenAPI {version}, expected OpenAPI 3.0, 3.1 or 3.2");
            self.error(&root.child("openapi"), message);
        }
    }

    /// Returns the servers declared at the root, a path item or an operation.
    fn servers(&mut self, owner: &Location) -> Vec<Server> {
        let at = owner.child("servers");
        if self.sources.find(&at).is_none() {
            return Vec::new();
        }
        let servers: Vec<openapiv3::Server> = self.read(&at, &Shape::SERVERS).unwrap_or_default();
        servers.into_iter().enumerate().map(|(index, server)| lower_server(server, at.child(index))).collect()
    }

    fn read<T: DeserializeOwned>(&mut self, at: &Location, shape: &Shape) -> Option<T> {
        self.sources.read(at, shape, self.diagnostics)
    }

    /// Returns the place of a node after following its `$ref`; reports an error otherwise.
    fn follow(&mut self, at: &Location) -> Option<Location> {
        self.diagnostics.keep(self.sources.follow(at))
    }

    fn error(&mut self, at: &Location, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(at, message));
    }

    fn warning(&mut self, at: &Location, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(at, message).at_key());
    }

    /// Returns the name in Rust that replaces the derived one (`x-rust-name`).
    fn name_in_rust(&mut self, at: &Location) -> Option<String> {
        let name = self.fields(at).get("x-rust-name")?;
        let text = name.as_str().filter(|text| text.contains(|letter: char| letter.is_alphabetic()));
        if text.is_none() {
            self.error(&at.child("x-rust-name"), "expected a name with a letter, found another value");
        }
        text.map(str::to_owned)
    }

    /// Returns the keys of a mapping in the order of the description, or no keys without a mapping.
    fn keys(&self, at: &Location) -> Vec<String> {
        let members = self.sources.find(at).and_then(Value::as_mapping).into_iter().flatten();
        members.filter_map(|(key, _)| key.as_str()).map(str::to_owned).collect()
    }

    /// Returns the fields of the node at a place, for data that the typed view lacks: siblings of a `$ref`,
    /// extensions, exact numbers.
    fn fields(&self, at: &Location) -> Fields<'a> {
        Fields(self.sources.find(at))
    }
}

/// The fields of a node; none if it is not there.
#[derive(Clone, Copy)]
struct Fields<'a>(Option<&'a Value>);

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        member(self.0?, name)
    }

    fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn text(self, name: &str) -> Option<String> {
        self.get(name)?.as_str().map(str::to_owned)
    }

    fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    fn count(self, name: &str) -> Option<u64> {
        count(self.get(name)?)
    }

    fn list(self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default()
    }
}

fn lower_server(server: openapiv3::Server, source: Location) -> Server {
    let variables = server.variables.unwrap_or_default().into_iter().map(|(name, variable)| {
        let docs = Docs { description: variable.description, ..Docs::default() };
        (name, ServerVariable { default: variable.default, values: variable.enumeration, docs })
    });
    Server {
        url: server.url,
        docs: Docs { description: server.description, ..Docs::default() },
        variables: variables.collect(),
        source,
    }
}
