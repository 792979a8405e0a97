//! From the IR to the Rust model: what the crate of a client is.
//!
//! Every decision about Rust is made here, and here alone. What has no Rust shape yet is refused by the function
//! that would construct it, so nothing can be refused and rendered, or neither.

mod bodies;
mod bounds;
mod calls;
mod credentials;
mod defaults;
mod errors;
mod facts;
mod headers;
mod ident;
mod inputs;
mod items;
mod limits;
mod model;
mod names;
mod paging;
mod parts;
mod recursion;
mod replacements;
mod replies;
#[path = "../../runtime/src/runtime/reserved.rs"]
mod reserved;
mod samples;
mod servers;
mod streams;
mod styles;
mod suffixes;
mod support;
mod unions;
mod usage;
mod values;
mod webhooks;

pub use model::*;
use usage::Usage;
use values::Use;

use std::collections::BTreeSet;

use crate::choices::TypeChoices;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::dialect::{Conventions, Dialect};
use crate::ir::{self, Api, Direction, TypeId};
use facts::Facts;
use servers::Served;

/// A plan, and what users of the crate should know of it.
#[derive(Debug)]
pub struct Planned {
    /// The crate.
    pub krate: Crate,
    /// Warnings.
    pub warnings: Diagnostics,
}

/// Plans the crate of a client.
///
/// # Errors
/// Part of the API has no Rust shape. All reasons are among the diagnostics, beside the warnings.
pub fn plan(api: &Api, conventions: &Conventions) -> Result<Planned, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    match planned(api, conventions, &mut diagnostics) {
        Some(krate) if !diagnostics.has_errors() => Ok(Planned { krate, warnings: diagnostics }),
        _ => Err(diagnostics),
    }
}

fn planned<'a>(api: &'a Api, conventions: &'a Conventions, diagnostics: &mut Diagnostics) -> Option<Crate> {
    let dialect = conventions.dialect;
    let facts = Facts::of(api, &conventions.suffixes, diagnostics);
    let choices = &conventions.types;
    let custom = BTreeSet::new();
    let mut planner = Planner { api, dialect, choices, facts, items: Vec::new(), custom, diagnostics };
    let is_client = api.direction == Direction::Outgoing;
    let mut setters = names::Names::Setters.scope();
    let credentials = if is_client { planner.credentials(&mut setters) } else { Vec::new() };
    let served = if is_client { planner.servers(&mut setters) } else { Served::default() };
    planner.items = planner.items();
    planner.defaults();
    planner.defaults_of_unions();
    planner.share_fields();
    planner.samples();
    if is_client {
        planner.tell_omitted();
    }
    let components = planner.components();
    let (calls, errors, webhooks) = match api.direction {
        Direction::Outgoing => (planner.calls(&served.of_operations), planner.errors(), Some(Vec::new())),
        Direction::Incoming => (Some(Vec::new()), Some(Errors::default()), planner.webhooks()),
    };
    let headers = if is_client { planner.headers() } else { Vec::new() };
    let items = planner.items.into_iter().collect::<Option<Vec<_>>>()?;
    let (calls, errors) = (calls?, errors?);
    Some(Crate {
        direction: api.direction,
        title: api.title.clone(),
        version: api.version.clone(),
        docs: api.docs.clone(),
        base_url: served.base_url,
        credentials,
        parts: planner.facts.parts.list,
        support: support::of(&items, &calls, &errors, &headers, &served.servers, &planner.custom, api),
        servers: served.servers,
        custom: planner.custom,
        choices_used: api.choices_used.clone(),
        items,
        components: components?,
        calls,
        errors,
        headers,
        webhooks: webhooks?,
        incoming: None,
        dialect,
        source: api.source.clone(),
    })
}

/// The state of one planning.
struct Planner<'a, 'd> {
    api: &'a Api,
    dialect: &'static dyn Dialect,
    choices: &'a TypeChoices,
    facts: Facts<'a>,
    /// The types by [`ItemId`]; `None` for a type that was refused.
    items: Vec<Option<Item>>,
    /// Paths of the types that the client chooses in place of others.
    custom: BTreeSet<String>,
    diagnostics: &'d mut Diagnostics,
}

impl Planner<'_, '_> {
    /// Refuses what has no Rust shape.
    fn refuse<T>(&mut self, at: &Location, what: &str) -> Option<T> {
        self.error(at, format!("unsupported: {what}"))
    }

    fn error<T>(&mut self, at: &Location, message: impl Into<String>) -> Option<T> {
        self.diagnostics.push(Diagnostic::error(at, message));
        None
    }

    fn warn(&mut self, at: &Location, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(at, message).at_key());
    }

    /// Returns the struct with this identifier, if the type is a struct that was not refused.
    fn structure_by_id(&self, id: ItemId) -> Option<&Struct> {
        match &self.items.get(id.0)?.as_ref()?.kind {
            ItemKind::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// Returns the struct that a type of the description became.
    fn structure(&self, id: &TypeId) -> Option<(ItemId, &Struct)> {
        let id = *self.facts.ids.get(id)?;
        Some((id, self.structure_by_id(id)?))
    }

    /// Plans the components that are selected directly.
    fn components(&mut self) -> Option<Vec<Component>> {
        let api = self.api;
        let component = |ir::Component { name, schema }: &ir::Component| {
            let ty = self.typed(schema, Use::Sent)?.nullable_ty();
            Some(Component { name: name.clone(), ty, source: schema.source.clone() })
        };
        api.components.iter().map(component).collect()
    }
}
