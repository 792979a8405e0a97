//! Marks each type with the directions in which it is sent as JSON or as a parameter. What has no mark
//! needs no type: the fields of a form are arguments of the call.

use crate::ir::{Additional, Api, Schema, Type, TypeId, TypeKind, Usage};

pub(super) fn mark_usage(api: &mut Api) {
    let request = Usage { request: true, response: false };
    let response = Usage { request: false, response: true };
    let mut reached: Vec<(TypeId, Usage)> = Vec::new();
    for operation in &api.operations {
        for parameter in &operation.parameters {
            collect(&parameter.schema, request, &mut reached);
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            let Some(schema) = &content.schema else { continue };
            if content.is_multipart() {
                parts(api, schema).for_each(|part| collect(part, request, &mut reached));
            } else {
                collect(schema, request, &mut reached);
            }
        }
        for content in operation.responses.iter().flat_map(|response| &response.contents) {
            content.schema.iter().for_each(|schema| collect(schema, response, &mut reached));
        }
    }
    while let Some((id, usage)) = reached.pop() {
        let Some(def) = api.types.get_mut(&id) else { continue };
        let before = def.usage;
        def.usage.request |= usage.request;
        def.usage.response |= usage.response;
        if def.usage != before {
            children(&def.kind, |schema| collect(schema, usage, &mut reached));
        }
    }
}

fn parts<'a>(api: &'a Api, form: &Schema) -> impl Iterator<Item = &'a Schema> {
    let object = match &form.ty {
        Type::Named(id) => api.types.get(id),
        _ => None,
    };
    object
        .into_iter()
        .flat_map(|def| match &def.kind {
            TypeKind::Object(object) => object.properties.as_slice(),
            _ => &[],
        })
        .map(|property| &property.schema)
}

fn collect(schema: &Schema, usage: Usage, reached: &mut Vec<(TypeId, Usage)>) {
    match &schema.ty {
        Type::Named(id) => reached.push((id.clone(), usage)),
        Type::Array(inner) | Type::Map(inner) => collect(inner, usage, reached),
        _ => {}
    }
}

fn children(kind: &TypeKind, mut visit: impl FnMut(&Schema)) {
    match kind {
        TypeKind::Object(object) => {
            object.properties.iter().for_each(|property| visit(&property.schema));
            if let Additional::Typed(schema) = &object.additional {
                visit(schema);
            }
            if let Some(schema) = object.failure.as_ref().and_then(|failure| failure.schema.as_deref()) {
                visit(schema);
            }
        }
        TypeKind::Union(union) => union.variants.iter().for_each(visit),
        TypeKind::Enum(_) => {}
    }
}
