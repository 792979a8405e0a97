//! The directions in which types are sent.

use std::collections::BTreeMap;

use super::bodies::{Choice, Class, choices};
use super::inputs::parameters;
use crate::ir::{Api, Direction, Operation, Response, Schema, TypeId};

/// Direction in which a type is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Requests contain the type.
    pub(super) request: bool,
    /// Responses contain the type.
    pub(super) response: bool,
}

/// Finds the directions in which each type is sent as JSON or as a parameter. A component that is selected directly is sent
/// in both. A type in neither has no item: the properties of a form are inputs of the call.
///
/// An application receives the requests of webhooks, and sends the responses.
pub(super) fn usages(api: &Api) -> BTreeMap<&TypeId, Usage> {
    let sent_by_client = Usage { request: true, response: false };
    let received = Usage { request: false, response: true };
    let (request, response) = match api.direction {
        Direction::Outgoing => (sent_by_client, received),
        Direction::Incoming => (received, sent_by_client),
    };
    let mut reached: Vec<(&TypeId, Usage)> = Vec::new();
    for operation in &api.operations {
        reached.extend(sent(api, operation).filter_map(|schema| Some((schema.named()?, request))));
        let items = operation.stream().and_then(|(_, content)| content.item());
        let schemas = operation.responses.iter().filter_map(Response::json).chain(items);
        reached.extend(schemas.filter_map(|schema| Some((schema.named()?, response))));
    }
    let both = Usage { request: true, response: true };
    let components = api.components.iter().filter_map(|component| component.schema.named());
    reached.extend(components.map(|id| (id, both)));
    let mut usages: BTreeMap<&TypeId, Usage> = BTreeMap::new();
    while let Some((id, usage)) = reached.pop() {
        let Some(def) = api.types.get(id) else { continue };
        let known = usages.entry(id).or_default();
        let before = *known;
        known.request |= usage.request;
        known.response |= usage.response;
        if *known != before {
            reached
                .extend(def.kind.schemas().into_iter().filter_map(|schema| Some((schema.named()?, usage))));
        }
    }
    usages
}

/// Returns the schemas of what a call sends: its parameters, and its bodies or, of a form, the parts.
pub(super) fn sent<'a>(api: &'a Api, operation: &'a Operation) -> impl Iterator<Item = &'a Schema> {
    let parameters = parameters(operation).map(|parameter| &parameter.schema);
    let bodies = operation.body.iter().flat_map(|body| {
        let choices = choices(api, body).into_iter().enumerate();
        choices.flat_map(|(index, choice)| given(api, &choice, index == 0))
    });
    parameters.chain(bodies)
}

/// Returns the schemas of what a call is given for a body: of parts, those of the preferred body have types.
fn given<'a>(api: &'a Api, choice: &Choice<'a>, is_preferred: bool) -> Vec<&'a Schema> {
    let Some(schema) = &choice.content.schema else { return Vec::new() };
    match choice.class {
        Class::Json | Class::Form | Class::Text => vec![schema],
        Class::Multipart if is_preferred => {
            let form = api.object(schema);
            form.map(|form| form.properties.iter().map(|property| &property.schema).collect())
                .unwrap_or_default()
        }
        Class::Multipart | Class::Bytes => Vec::new(),
    }
}
