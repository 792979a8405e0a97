//! Derives what a call takes: its parameters, the properties of its body, or the body as a whole.

use crate::ir::{Api, Content, Input, InputKind, Operation, RequestBody};

pub(super) fn derive(api: &mut Api) {
    let inputs: Vec<_> = api.operations.iter().map(|operation| inputs(api, operation)).collect();
    for (operation, inputs) in api.operations.iter_mut().zip(inputs) {
        operation.inputs = inputs;
    }
}

fn inputs(api: &Api, operation: &Operation) -> Vec<Input> {
    let parameters = operation
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| input(parameter.required, InputKind::Parameter(index)));
    let body = operation.body.iter().flat_map(|body| body_inputs(api, body));
    parameters.chain(body).collect()
}

fn body_inputs(api: &Api, body: &RequestBody) -> Vec<Input> {
    let Some(object) = api.body_object(body) else {
        return vec![input(body.required, InputKind::Body)];
    };
    // What only responses have is nothing to give.
    let properties = object.properties.iter().enumerate().filter(|(_, property)| !property.schema.read_only);
    let mut properties: Vec<_> = properties
        .map(|(index, property)| input(property.presence.is_argument(), InputKind::Property(index)))
        .collect();
    let is_form = body.contents.first().is_some_and(Content::is_multipart);
    if is_form {
        return properties;
    }
    // A body that may be left out, but not without its required properties, is given whole or not at all.
    if !body.required && properties.iter().any(|input| input.required) {
        properties.clear();
    }
    properties.push(input(false, InputKind::Body));
    properties
}

fn input(required: bool, kind: InputKind) -> Input {
    Input { rust_name: String::new(), required, kind }
}
