//! How things are written in Rust, as the renderer writes them.

use std::collections::BTreeMap;

use crate::ir::{Api, Content, Input, InputKind, Object, Operation, Presence, Property, Schema, Type};

/// The new names of types, by the old ones.
pub(super) type Renames = BTreeMap<String, String>;

/// A type as it stands in a field or a signature, with the names of `renames`.
pub(super) fn ty(api: &Api, schema: &Schema, renames: &Renames) -> String {
    let element = |schema: &Schema| {
        let ty = ty(api, schema, renames);
        if schema.nullable && !matches!(schema.ty, Type::Any) { format!("Option<{ty}>") } else { ty }
    };
    match &schema.ty {
        Type::Any => "Value".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Uint64 => "u64".to_owned(),
        Type::Float => "f32".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::String => "String".to_owned(),
        Type::DateTime => "DateTime<FixedOffset>".to_owned(),
        Type::Date => "NaiveDate".to_owned(),
        Type::Binary => "Upload".to_owned(),
        Type::Array(items) => format!("Vec<{}>", element(items)),
        Type::Map(values) => format!("BTreeMap<String, {}>", element(values)),
        Type::Named(id) => {
            let name = api.types.get(id).map_or("?", |def| def.rust_name.as_str());
            renames.get(name).map_or(name, String::as_str).to_owned()
        }
    }
}

/// The type of a field.
pub(super) fn field(api: &Api, property: &Property, renames: &Renames) -> String {
    let ty = ty(api, &property.schema, renames);
    let ty = if property.boxed { format!("Box<{ty}>") } else { ty };
    match property.presence {
        Presence::Required => ty,
        Presence::Nullable | Presence::Optional => format!("Option<{ty}>"),
        Presence::OptionalNullable => format!("Option<Option<{ty}>>"),
    }
}

/// What a property is taken as by a constructor or a setter.
pub(super) fn argument(api: &Api, property: &Property, renames: &Renames) -> String {
    let ty = ty(api, &property.schema, renames);
    if property.schema.nullable { format!("Option<{ty}>") } else { ty }
}

/// The object that the properties of a call belong to.
pub(super) fn body_object<'a>(api: &'a Api, operation: &'a Operation) -> Option<&'a Object> {
    api.body_object(operation.body.as_ref()?)
}

/// Whether the body of a call is a form, whose properties are its own.
pub(super) fn has_form(operation: &Operation) -> bool {
    operation.body.as_ref().and_then(|body| body.contents.first()).is_some_and(Content::is_multipart)
}

/// The schema of an input.
pub(super) fn input_schema<'a>(api: &'a Api, operation: &'a Operation, input: &Input) -> Option<&'a Schema> {
    match input.kind {
        InputKind::Parameter(index) => operation.parameters.get(index).map(|parameter| &parameter.schema),
        InputKind::Property(index) => {
            body_object(api, operation)?.properties.get(index).map(|property| &property.schema)
        }
        InputKind::Body => operation.body.as_ref()?.contents.first()?.schema.as_ref(),
    }
}

/// What an input is taken as.
pub(super) fn input(api: &Api, operation: &Operation, input: &Input, renames: &Renames) -> String {
    let property = match input.kind {
        InputKind::Property(index) if !has_form(operation) => {
            body_object(api, operation).and_then(|object| object.properties.get(index))
        }
        _ => None,
    };
    match property {
        Some(property) => argument(api, property, renames),
        None => {
            input_schema(api, operation, input).map_or_else(String::new, |schema| ty(api, schema, renames))
        }
    }
}

/// What a call returns.
pub(super) fn reply(api: &Api, operation: &Operation, renames: &Renames) -> String {
    if operation.method == "HEAD" {
        return "()".to_owned();
    }
    if operation.answers_with_file() {
        return "Download".to_owned();
    }
    match operation.reply() {
        None => "()".to_owned(),
        Some(schema) if schema.nullable => format!("Option<{}>", ty(api, schema, renames)),
        Some(schema) => ty(api, schema, renames),
    }
}

/// An identifier as one reads it.
pub(super) fn plain(name: &str) -> &str {
    name.trim_start_matches("r#")
}
