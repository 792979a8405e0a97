//! Examples of the description: samples of types, and examples of requests, if they are values of their types.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

use super::{Field, Item, ItemId, ItemKind, Planner, Presence, Struct, Ty};
use crate::diagnostic::Location;
use crate::ir::{Content, Example, Response};

/// Difference between an example and its type.
struct Mismatch {
    at: Location,
    expected: String,
}

impl Planner<'_, '_> {
    /// Gives each type of responses its first example: its own, one of a response of the type, or one inside another.
    pub(super) fn samples(&mut self) {
        let examples = self.valid_examples();
        for (id, value) in &examples {
            self.keep(*id, value);
        }
        for (id, value) in &examples {
            self.keep_inside(&Ty::Named(*id), value);
        }
    }

    /// Lists the examples that are values of their types; reports the others.
    fn valid_examples(&mut self) -> Vec<(ItemId, Value)> {
        let mut examples = self.examples();
        // Responses of several operations can be one component.
        let mut seen = BTreeSet::new();
        examples.retain(|(_, example)| seen.insert(example.source.clone()));
        let found: Vec<_> = examples
            .iter()
            .map(|(id, example)| self.mismatch(&Ty::Named(*id), &example.value, &example.source))
            .collect();
        let mut valid = Vec::new();
        for ((id, example), mismatch) in examples.into_iter().zip(found) {
            match mismatch {
                None => valid.push((id, example.value)),
                Some(Mismatch { at, expected }) => {
                    self.warn(&at, format!("the example is no sample: expected {expected}"));
                }
            }
        }
        valid
    }

    /// Returns the first example of a request, if it is a value of its type; reports another one.
    pub(super) fn example_of_request(&mut self, ty: &Ty, content: &Content) -> Option<Value> {
        let example = content.examples.first()?;
        let Some(Mismatch { at, expected }) = self.mismatch(ty, &example.value, &example.source) else {
            return Some(example.value.clone());
        };
        self.warn(&at, format!("the example is not shown: expected {expected}"));
        None
    }

    /// Lists the examples with their types: first those of types, then those of responses.
    fn examples(&self) -> Vec<(ItemId, Example)> {
        let types = self.facts.types.iter().enumerate().filter_map(|(index, (id, _))| {
            let example = self.api.types.get(*id)?.example.clone()?;
            self.is_received(ItemId(index)).then_some((ItemId(index), example))
        });
        let responses = self.api.operations.iter().flat_map(|operation| &operation.responses);
        let responses = responses.flat_map(|response| self.examples_of(response));
        types.chain(responses).collect()
    }

    fn examples_of(&self, response: &Response) -> Vec<(ItemId, Example)> {
        let Some(content) = Content::json(&response.contents) else { return Vec::new() };
        let id = content.schema.as_ref().and_then(|schema| self.facts.ids.get(schema.type_id()?));
        let examples = content.examples.iter().cloned();
        id.map(|id| examples.map(|example| (*id, example)).collect()).unwrap_or_default()
    }

    fn is_received(&self, id: ItemId) -> bool {
        self.items[id.0].as_ref().is_some_and(|item| item.is_received)
    }

    /// Keeps a value as the sample of a struct that has none.
    fn keep(&mut self, id: ItemId, value: &Value) {
        if let Some(item) = &mut self.items[id.0]
            && let ItemKind::Struct(_) = item.kind
        {
            item.sample.get_or_insert_with(|| value.clone());
        }
    }

    /// Keeps a value, and the values inside, as samples.
    fn keep_inside(&mut self, ty: &Ty, value: &Value) {
        match (ty, value) {
            (Ty::Vec(items), Value::Array(values)) => {
                for value in values {
                    self.keep_inside(items, value);
                }
            }
            (Ty::Map(items), Value::Object(values)) => {
                for value in values.values() {
                    self.keep_inside(items, value);
                }
            }
            (Ty::Option(inner) | Ty::Box(inner), value) => self.keep_inside(inner, value),
            (Ty::Named(id), Value::Object(values)) => {
                self.keep(*id, value);
                for (ty, value) in self.values_of_fields(*id, values) {
                    self.keep_inside(&ty, value);
                }
            }
            _ => {}
        }
    }

    fn values_of_fields<'v>(&self, id: ItemId, values: &'v Map<String, Value>) -> Vec<(Ty, &'v Value)> {
        let Some(Item { kind: ItemKind::Struct(structure), .. }) = &self.items[id.0] else {
            return Vec::new();
        };
        let fields = structure.fields.iter();
        fields.filter_map(|field| Some((field.ty.clone(), values.get(&field.wire)?))).collect()
    }

    /// Compares a value with a type; returns the first difference.
    fn mismatch(&self, ty: &Ty, value: &Value, at: &Location) -> Option<Mismatch> {
        let expected = |is_valid: bool, expected: &str| {
            (!is_valid).then(|| Mismatch { at: at.clone(), expected: expected.to_owned() })
        };
        let text = |is_valid: fn(&str) -> bool| value.as_str().is_some_and(is_valid);
        match ty {
            Ty::Unit | Ty::Json | Ty::Upload | Ty::FormData | Ty::Download | Ty::EventStream(_) => None,
            Ty::Bool => expected(value.is_boolean(), "a boolean"),
            Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::U8 | Ty::U16 | Ty::U32 | Ty::U64 => {
                let (least, greatest) = ty.integer_limits().unwrap_or_default();
                let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
                let is_valid = number.is_some_and(|number| (least..=greatest).contains(&number));
                expected(is_valid, &format!("an integer from {least} to {greatest}"))
            }
            Ty::Custom(_) => expected(false, "types that the generator knows"),
            Ty::F64 => expected(value.is_number(), "a number"),
            Ty::String => expected(value.is_string(), "a string"),
            Ty::DateTime => expected(
                text(|text| DateTime::parse_from_rfc3339(text).is_ok()),
                "a date and time with an offset",
            ),
            Ty::Date => expected(text(|text| text.parse::<NaiveDate>().is_ok()), "a date"),
            Ty::Option(_) if value.is_null() => None,
            Ty::Option(inner) | Ty::Box(inner) => self.mismatch(inner, value, at),
            Ty::Vec(items) => match value {
                Value::Array(values) => {
                    let mut values = values.iter().enumerate();
                    values.find_map(|(index, value)| self.mismatch(items, value, &at.child(index)))
                }
                _ => expected(false, "an array"),
            },
            Ty::Map(items) => match value {
                Value::Object(values) => {
                    values.iter().find_map(|(key, value)| self.mismatch(items, value, &at.child(key)))
                }
                _ => expected(false, "an object"),
            },
            Ty::Named(id) => match &self.items[id.0] {
                Some(item) => self.mismatch_with_item(item, value, at),
                None => expected(false, "a supported type"),
            },
        }
    }

    fn mismatch_with_item(&self, item: &Item, value: &Value, at: &Location) -> Option<Mismatch> {
        let is_valid = match (&item.kind, value) {
            (ItemKind::Struct(structure), Value::Object(_)) => {
                return self.mismatch_with_fields(structure, value, at);
            }
            (ItemKind::Struct(_), _) => false,
            (ItemKind::Newtype(newtype), value) => return self.mismatch(&newtype.value.ty, value, at),
            (ItemKind::ValueEnum(values), value) => {
                values.variants.iter().any(|variant| variant.value == *value)
            }
            (ItemKind::StringEnum(values), value) => {
                values.variants.iter().any(|variant| value.as_str() == Some(&variant.value))
            }
            (ItemKind::IntegerEnum(values), value) => {
                values.variants.iter().any(|variant| value.as_i64() == Some(variant.value))
            }
            (ItemKind::Union(union), value) => {
                let mut types = union.variants.iter().map(|variant| &variant.value.ty);
                types.any(|ty| self.mismatch(ty, value, at).is_none())
            }
        };
        let expected = format!("a value of `{}`", item.schema);
        (!is_valid).then(|| Mismatch { at: at.clone(), expected })
    }

    fn mismatch_with_fields(&self, structure: &Struct, value: &Value, at: &Location) -> Option<Mismatch> {
        let of_fields = structure.fields.iter().find_map(|field: &Field| match value.get(&field.wire) {
            Some(value) => self.mismatch(&field.ty, value, &at.child(&field.wire)),
            None if field.presence == Presence::Required => {
                Some(Mismatch { at: at.clone(), expected: format!("the property `{}`", field.wire) })
            }
            None => None,
        });
        of_fields.or_else(|| {
            let extra = structure.additional.as_ref()?;
            let Ty::Map(ty) = &extra.value.ty else { return None };
            let mut rest = value.as_object()?.iter().filter(|(name, _)| structure.field(name).is_none());
            rest.find_map(|(name, value)| self.mismatch(ty, value, &at.child(name)))
        })
    }
}
