//! Makes what the description says fit for rustdoc, text by text.

use std::collections::{HashMap, HashSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::markdown::markdown;
use crate::dialect::Dialect;
use crate::ir::{Additional, Api, Content, Docs, Operation, Schema, Server, Type, TypeDef, TypeKind};

pub(super) fn clean(api: &mut Api, dialect: &dyn Dialect) {
    let mut texts: Vec<&mut Docs> = vec![&mut api.docs];
    texts.extend(api.security_schemes.values_mut().map(|scheme| &mut scheme.docs));
    texts.extend(api.tags.values_mut());
    of_servers(&mut api.servers, &mut texts);
    api.operations.iter_mut().for_each(|operation| of_operation(operation, &mut texts));
    api.types.values_mut().for_each(|def| of_type(def, &mut texts));
    let mut texts: Vec<&mut String> =
        texts.into_iter().flat_map(|docs| docs.summary.iter_mut().chain(&mut docs.description)).collect();
    // Many say the same, such as those of error responses.
    let different: HashSet<String> = texts.iter().map(|text| (**text).clone()).collect();
    let cleaned: HashMap<String, String> = different
        .into_par_iter()
        .map(|text| {
            let clean = markdown(&text, dialect);
            (text, clean)
        })
        .collect();
    for text in &mut texts {
        if let Some(clean) = cleaned.get(*text) {
            (*text).clone_from(clean);
        }
    }
}

fn of_operation<'a>(operation: &'a mut Operation, texts: &mut Vec<&'a mut Docs>) {
    texts.push(&mut operation.docs);
    of_servers(&mut operation.servers, texts);
    for parameter in &mut operation.parameters {
        texts.push(&mut parameter.docs);
        of_schema(&mut parameter.schema, texts);
    }
    if let Some(body) = &mut operation.body {
        texts.push(&mut body.docs);
        of_contents(&mut body.contents, texts);
    }
    for response in &mut operation.responses {
        texts.push(&mut response.docs);
        of_contents(&mut response.contents, texts);
    }
}

fn of_servers<'a>(servers: &'a mut [Server], texts: &mut Vec<&'a mut Docs>) {
    for server in servers {
        texts.push(&mut server.docs);
        texts.extend(server.variables.values_mut().map(|variable| &mut variable.docs));
    }
}

fn of_contents<'a>(contents: &'a mut [Content], texts: &mut Vec<&'a mut Docs>) {
    let schemas = contents.iter_mut().filter_map(|content| content.schema.as_mut());
    schemas.for_each(|schema| of_schema(schema, texts));
}

fn of_type<'a>(def: &'a mut TypeDef, texts: &mut Vec<&'a mut Docs>) {
    texts.push(&mut def.docs);
    match &mut def.kind {
        TypeKind::Object(object) => {
            object.properties.iter_mut().for_each(|property| of_schema(&mut property.schema, texts));
            if let Additional::Typed(schema) = &mut object.additional {
                of_schema(schema, texts);
            }
        }
        TypeKind::Enum(values) => texts.extend(values.values.iter_mut().map(|value| &mut value.docs)),
        TypeKind::Alias(schema) => of_schema(schema, texts),
        TypeKind::Intersection(_) => {}
        TypeKind::Union(union) => {
            union.variants.iter_mut().for_each(|variant| of_schema(&mut variant.schema, texts));
        }
    }
}

fn of_schema<'a>(schema: &'a mut Schema, texts: &mut Vec<&'a mut Docs>) {
    texts.push(&mut schema.docs);
    if let Type::Array(inner) | Type::Map(inner) = &mut schema.ty {
        of_schema(inner, texts);
    }
}
