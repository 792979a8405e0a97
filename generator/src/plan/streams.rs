//! Streams of items in responses.

use super::replies::accept;
use super::values::Use;
use super::{EventStream, Planner, StreamContent, Ty};
use crate::ir::{Content, Enum, Object, Operation, Response, Schema, Sequence, Type, TypeKind};

/// Fields of a server-sent event.
const EVENT_FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

impl Planner<'_, '_> {
    /// Plans the stream of a call, whose success declares it as one of its contents.
    pub(super) fn stream(
        &mut self,
        operation: &Operation,
        response: &Response,
        content: &Content,
    ) -> Option<EventStream> {
        let sequence = content.sequence()?;
        for other in response.contents.iter().filter(|other| other.sequence().is_some()) {
            if other.source != content.source {
                let message = format!("`{}` is not asked for: another stream is", other.media_type);
                self.warn(&other.source, message);
            }
        }
        let contents = operation.successes().flat_map(|success| &success.contents);
        let has_others = contents.into_iter().any(|content| content.sequence().is_none());
        // A server that also has JSON would choose it.
        let accept = if has_others { content.media_type.clone() } else { accept(operation) };
        let is_any = |schema: &&Schema| matches!(schema.ty, Type::Any);
        let (item, kind) = match (content.item(), sequence) {
            (None, Sequence::Events) => (Ty::String, StreamContent::Text),
            (item, Sequence::Events) if item.as_ref().is_some_and(is_any) => {
                (Ty::String, StreamContent::Text)
            }
            (None, _) => (Ty::Json, lines_or_texts(sequence)),
            (Some(schema), _) => {
                let kind = self.stream_content(content, schema, sequence);
                (self.typed(schema, Use::Received)?.nullable_ty(), kind)
            }
        };
        Some(EventStream { item, content: kind, terminator: content.terminator.clone(), accept })
    }

    fn stream_content(&self, content: &Content, item: &Schema, sequence: Sequence) -> StreamContent {
        if sequence != Sequence::Events {
            return lines_or_texts(sequence);
        }
        // A list is the whole stream, as OpenAPI 3.2 has it, so its elements are rather events than their data.
        let is_whole = content.schema.as_ref().is_some_and(|schema| matches!(schema.ty, Type::Array(_)));
        match self.event_objects(item).filter(|objects| are_events(objects, is_whole)) {
            Some(objects) => {
                let mut data = objects.iter().filter_map(|object| object.property("data"));
                let is_text = data.all(|property| self.is_text(&property.schema));
                if is_text { StreamContent::TextEvent } else { StreamContent::JsonEvent }
            }
            None if self.is_text(item) => StreamContent::Text,
            None => StreamContent::Json,
        }
    }

    /// Returns the objects that an item can be; `None` if it can be another value.
    fn event_objects(&self, item: &Schema) -> Option<Vec<&Object>> {
        let Type::Named(id) = &item.ty else { return None };
        match &self.api.types.get(id)?.kind {
            TypeKind::Object(object) => Some(vec![object]),
            TypeKind::Union(union) => {
                let variants: Vec<_> =
                    union.variants.iter().map(|variant| self.event_objects(&variant.schema)).collect();
                Some(variants.into_iter().collect::<Option<Vec<_>>>()?.concat())
            }
            _ => None,
        }
    }

    /// Returns `true` for values that JSON has as strings.
    fn is_text(&self, schema: &Schema) -> bool {
        match &schema.ty {
            Type::String | Type::DateTime | Type::Date | Type::Binary => true,
            Type::Named(id) => matches!(
                self.api.types.get(id).map(|def| &def.kind),
                Some(TypeKind::Enum(Enum { base: Type::String, .. }))
            ),
            _ => false,
        }
    }
}

fn lines_or_texts(sequence: Sequence) -> StreamContent {
    if sequence == Sequence::Lines { StreamContent::Lines } else { StreamContent::Sequence }
}

/// Returns `true` for objects that describe whole events instead of their data: they have fields of events only, `data`
/// among them. Unless the list of all events is described, `event` is needed, too.
fn are_events(objects: &[&Object], is_whole: bool) -> bool {
    let has = |name: &str| objects.iter().any(|object| object.property(name).is_some());
    let has_event_only = |object: &&Object| {
        object.properties.iter().all(|property| EVENT_FIELDS.contains(&property.name.as_str()))
    };
    !objects.is_empty() && objects.iter().all(has_event_only) && has("data") && (is_whole || has("event"))
}
