//! Values whose type is a slip: text for a number, a number for text, one value for a list.

use std::mem;

use serde_yaml::{Mapping, Number, Value};

use super::{Kind, Object, Shape, Walk, single, types};
use crate::load::number::{count, number};
use crate::load::shape;

impl Walk<'_> {
    /// Replaces a value of another type whose meaning is plain.
    pub(super) fn coerce(&mut self, node: &mut Value, shape: &Shape) {
        let (value, meaning) = match (shape, &*node) {
            (Shape::Text, Value::Number(number)) => {
                if number.is_f64() {
                    self.done.numbers.push(self.pointer.clone());
                }
                (number.to_string().into(), "text")
            }
            (Shape::Text, Value::Bool(flag)) => (flag.to_string().into(), "text"),
            (Shape::Bool, Value::String(text)) => match flag(text) {
                Some(flag) => (flag.into(), "a boolean"),
                None => return,
            },
            (Shape::Number | Shape::Count, Value::String(_)) if is_counted(node, shape) => return,
            (Shape::Number | Shape::Count, Value::String(text)) => match numeral(text) {
                Some(number) => (number, "a number"),
                None => return,
            },
            (Shape::Word(words), Value::String(text)) => {
                if let Some(word) = misspelt(text, words) {
                    self.note(format!("expected `{word}`, found `{text}`; it is read as the former"));
                    *node = word.into();
                }
                return;
            }
            (Shape::List(Shape::Text), Value::String(text)) => {
                (Value::Sequence(vec![text.as_str().into()]), "a list of one")
            }
            (Shape::List(_), Value::Mapping(members)) if members.is_empty() => {
                (Value::Sequence(Vec::new()), "an empty list")
            }
            (Shape::List(Shape::Reference(_)), Value::Mapping(_)) => {
                self.moved("", "0");
                (Value::Sequence(vec![mem::take(node)]), "a list of one")
            }
            (Shape::Map(_) | Shape::Patterned(_), Value::Sequence(elements)) if elements.is_empty() => {
                (Value::Mapping(Mapping::new()), "an empty mapping")
            }
            (Shape::Object(object) | Shape::Reference(object), _) => match self.object_of(node, object) {
                Some(coerced) => coerced,
                None => return,
            },
            _ => return,
        };
        let expected = shape.article();
        let is_boolean_schema = node.is_bool() && !matches!(shape, Shape::Text);
        if !(is_boolean_schema && self.facts.is_newer()) {
            let found = found(node, &value);
            self.note(format!("expected {expected}, found {found}; it is read as {meaning}"));
        }
        *node = value;
    }

    /// Returns the object that a value of another type stands for, and what it is read as.
    fn object_of(&mut self, node: &Value, object: &Object) -> Option<(Value, &'static str)> {
        let (value, meaning) = match (object.kind, node) {
            (Kind::Schema, Value::Bool(true) | Value::Null) => (Value::Mapping(Mapping::new()), "any value"),
            (Kind::Schema, Value::Bool(false)) => (single("not", Value::Mapping(Mapping::new())), "no value"),
            (Kind::Schema, Value::String(name)) if self.facts.has_component("schemas", name) => {
                let reference = format!("#/components/schemas/{}", super::escaped(name));
                (single("$ref", reference.into()), "a `$ref` to the component")
            }
            (Kind::Schema, Value::String(word)) if types::of_word(word).is_some() => {
                (single("type", word.as_str().into()), "the type")
            }
            (Kind::Response, Value::String(text)) => {
                (single("description", text.as_str().into()), "the description")
            }
            (Kind::Response | Kind::MediaType, Value::Null) => {
                (Value::Mapping(Mapping::new()), "an empty one")
            }
            (Kind::ExternalDocs, Value::String(url)) => (single("url", url.as_str().into()), "the URL"),
            (Kind::Discriminator, Value::String(name)) => {
                (single("propertyName", name.as_str().into()), "the name of the property")
            }
            _ => return None,
        };
        Some((value, meaning))
    }

    /// Removes fields without a value, where the specification has no use for `null`.
    pub(super) fn drop_nulls(&mut self, members: &mut Mapping, object: &Object) {
        let is_empty = |(key, value): (&Value, &Value)| {
            let shape = object.field(key.as_str()?)?;
            (value.is_null() && !matches!(shape, Shape::Any)).then(|| key.as_str().map(str::to_owned))?
        };
        let empty: Vec<String> = members.iter().filter_map(is_empty).collect();
        for field in empty {
            self.note_at(&field, format!("`{field}` has no value, so it is not read"));
            members.shift_remove(field.as_str());
        }
    }
}

fn is_counted(node: &Value, shape: &Shape) -> bool {
    match shape {
        Shape::Count => count(node).is_some(),
        _ => number(node).is_some(),
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

fn numeral(text: &str) -> Option<Value> {
    let whole = text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from));
    let begins = text.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit());
    let real = || text.parse::<f64>().ok().filter(|number| begins && number.is_finite()).map(Number::from);
    whole.ok().or_else(real).map(Value::Number)
}

/// Returns the word that a text is but for the case of its letters.
fn misspelt(text: &str, words: &[&str]) -> Option<String> {
    let same = words.iter().find(|word| text != **word && text.eq_ignore_ascii_case(word));
    same.map(|word| (*word).to_owned())
}

/// Says what was found instead. The mapping of a list of one was taken.
fn found(node: &Value, value: &Value) -> String {
    match (node, value) {
        (Value::String(text), _) => format!("the text `{text}`"),
        (Value::Null, Value::Sequence(_)) => "a mapping".to_owned(),
        (node, _) => shape::article(node).to_owned(),
    }
}
