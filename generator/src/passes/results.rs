//! Takes envelopes off responses: a call returns the result inside.
//!
//! The description states the result (`x-result`), or the dialect has a convention for it.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::dialect::{Dialect, Wrapped};
use crate::ir::{
    Api, Content, Enum, Envelope, Example, FailureMarker, Object, Operation, ResultMarker, Schema, Type,
    TypeDef, TypeId, TypeKind,
};

pub(super) fn unwrap(api: &mut Api, dialect: &dyn Dialect, diagnostics: &mut Diagnostics) {
    api.types.iter().for_each(|(id, def)| check(api, id, def, diagnostics));
    let found: Vec<_> =
        api.operations.iter().map(|operation| of_operation(api, operation, dialect)).collect();
    for (operation, found) in api.operations.iter_mut().zip(found) {
        if let Some((envelope, inside)) = found {
            take_off(operation, &envelope, &inside);
            operation.envelope = Some(envelope);
        }
    }
}

/// Result of a call.
enum Inside {
    Whole,
    Property(Box<Schema>),
    Nothing,
}

/// Reports statements about properties that an object does not have.
fn check(api: &Api, id: &TypeId, def: &TypeDef, diagnostics: &mut Diagnostics) {
    let Some(object) = def.kind.as_object() else { return };
    let mut error = |extension: &str, message: String| {
        diagnostics.push(Diagnostic::error(&id.0.child(extension), message));
    };
    if let Some(FailureMarker { property, .. }) = &object.failure
        && !is_text(api, object, property)
    {
        error("x-failure-when", format!("expected a text property of this type, found `{property}`"));
    }
    if let Some(ResultMarker::Property(property)) = &object.result
        && object.property(property).is_none()
    {
        error("x-result", format!("expected a property of this type, found `{property}`"));
    }
}

fn of_operation(api: &Api, operation: &Operation, dialect: &dyn Dialect) -> Option<(Envelope, Inside)> {
    // Which of several successes a response is, is told by its status; `null` is no envelope.
    let mut successes = operation.successes().filter(|response| response.status.is_success());
    let (Some(success), None) = (successes.next(), successes.next()) else { return None };
    let schema = success.json().filter(|schema| !schema.nullable)?;
    let (source, object) = (&schema.type_id()?.0, api.object(schema)?);
    let property = |name: &str| object.property(name).map(|property| Box::new(property.schema.clone()));
    let (result, inside) = match &object.result {
        Some(ResultMarker::Whole) => (None, Inside::Whole),
        Some(ResultMarker::Property(name)) => (Some(name.clone()), Inside::Property(property(name)?)),
        None => match dialect.result(api, object).filter(|wrapped| suits_pages(operation, *wrapped)) {
            Some(Wrapped::Property(name)) => (Some(name.to_owned()), Inside::Property(property(name)?)),
            Some(Wrapped::Nothing) => (None, Inside::Nothing),
            None => (None, Inside::Whole),
        },
    };
    if object.failure.is_none() && matches!(inside, Inside::Whole) {
        return None;
    }
    Some((Envelope { result, failure: object.failure.clone(), source: source.clone() }, inside))
}

/// Returns `true` if a property of an object is text, or one of several texts.
fn is_text(api: &Api, object: &Object, property: &str) -> bool {
    object.property(property).is_some_and(|property| match &property.schema.ty {
        Type::String => true,
        Type::Named(id) => {
            let kind = api.types.get(id).map(|def| &def.kind);
            matches!(kind, Some(TypeKind::Enum(Enum { base: Type::String, .. })))
        }
        _ => false,
    })
}

/// Returns `true` if pages that the description states are inside the result.
fn suits_pages(operation: &Operation, wrapped: Wrapped) -> bool {
    let Some(paging) = &operation.paging else { return true };
    match wrapped {
        Wrapped::Property(name) => {
            paging.clone().properties_mut().into_iter().all(|way| below(way, name).is_some())
        }
        Wrapped::Nothing => false,
    }
}

/// Returns the rest of a way that begins with a property.
fn below<'w>(way: &'w str, property: &str) -> Option<&'w str> {
    way.strip_prefix(property)?.strip_prefix('.')
}

fn take_off(operation: &mut Operation, envelope: &Envelope, inside: &Inside) {
    if let (Some(paging), Some(result)) = (&mut operation.paging, &envelope.result) {
        for way in paging.properties_mut() {
            if let Some(rest) = below(way, result) {
                *way = rest.to_owned();
            }
        }
    }
    let successes = operation.responses.iter_mut().filter(|response| response.status.is_success());
    for response in successes {
        match inside {
            Inside::Whole => {}
            Inside::Nothing => response.contents.clear(),
            Inside::Property(schema) => {
                for content in response.contents.iter_mut().filter(|content| is_enveloped(content, envelope))
                {
                    content.schema = Some((**schema).clone());
                    let examples = std::mem::take(&mut content.examples).into_iter();
                    content.examples =
                        examples.filter_map(|example| inside_example(&example, envelope)).collect();
                }
            }
        }
    }
}

/// Takes the envelope off an example.
fn inside_example(example: &Example, envelope: &Envelope) -> Option<Example> {
    let result = envelope.result.as_ref()?;
    let value = example.value.get(result)?.clone();
    Some(Example { value, source: example.source.child(result) })
}

fn is_enveloped(content: &Content, envelope: &Envelope) -> bool {
    let id = content.schema.as_ref().and_then(Schema::type_id);
    content.is_json() && id.is_some_and(|id| id.0 == envelope.source)
}
