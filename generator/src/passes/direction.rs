//! Marks each type with the directions in which it is sent as JSON or as a parameter. What has no mark
//! needs no type: the fields of a form are arguments of the call.

use crate::ir::{Api, Operation, Schema, TypeId, Usage};

pub(super) fn mark_usage(api: &mut Api) {
    let request = Usage { request: true, response: false };
    let response = Usage { request: false, response: true };
    let mut reached: Vec<(TypeId, Usage)> = Vec::new();
    for operation in &api.operations {
        let mut reach = |schema: &Schema, usage| reached.extend(schema.named().map(|id| (id.clone(), usage)));
        sent(api, operation).for_each(|schema| reach(schema, request));
        for content in operation.responses.iter().flat_map(|response| &response.contents) {
            content.schema.iter().for_each(|schema| reach(schema, response));
        }
    }
    while let Some((id, usage)) = reached.pop() {
        let Some(def) = api.types.get_mut(&id) else { continue };
        let before = def.usage;
        def.usage.request |= usage.request;
        def.usage.response |= usage.response;
        if def.usage != before {
            let inner = def.kind.schemas().into_iter().filter_map(Schema::named);
            reached.extend(inner.map(|id| (id.clone(), usage)));
        }
    }
}

/// The schemas of what a call sends: its parameters, and its body or, of a form, the parts.
pub(super) fn sent<'a>(api: &'a Api, operation: &'a Operation) -> impl Iterator<Item = &'a Schema> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.schema);
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let bodies = contents.flat_map(|content| match &content.schema {
        Some(form) if content.is_multipart() => parts(api, form),
        schema => schema.iter().collect(),
    });
    parameters.chain(bodies)
}

fn parts<'a>(api: &'a Api, form: &Schema) -> Vec<&'a Schema> {
    let form = form.named().and_then(|id| api.types.get(id));
    form.map(|def| def.kind.schemas()).unwrap_or_default()
}
