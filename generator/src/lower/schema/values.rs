//! Enums: types whose values are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use openapiv3::Schema as Description;
use serde_json::Value;
use serde_yaml::Value as Node;

use super::keywords::Keywords;
use crate::diagnostic::Location;
use crate::ir::{Docs, Enum, EnumValue, Extent, Type, TypeKind};
use crate::load::member;
use crate::lower::Lowering;

/// Extensions with a name for each value.
const NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];
/// Extensions with prose for each value.
const PROSE: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];

impl Lowering<'_> {
    pub(super) fn enumeration(&mut self, at: &Location, description: &Description) -> Option<TypeKind> {
        let list = at.child("enum");
        let nodes = self.sources.find(&list)?.as_sequence()?;
        let base = base(Keywords::of(&description.schema_kind).ty, nodes);
        let mut values: Vec<EnumValue> = Vec::new();
        let mut are_of_type = true;
        for (index, node) in nodes.iter().enumerate().filter(|(_, node)| !node.is_null()) {
            match self.value(&list.child(index), &base, node) {
                None => are_of_type = false,
                Some(value) if values.iter().any(|other| other.value == value) => {
                    self.warning(&list.child(index), format!("the value {value} is listed twice"));
                }
                Some(value) => values.push(EnumValue {
                    docs: Docs { description: self.stated(at, &PROSE, index, &value), ..Docs::default() },
                    alias: self.stated(at, &NAMES, index, &value).filter(|name| has_letter(name)),
                    value,
                }),
            }
        }
        are_of_type.then_some(TypeKind::Enum(Enum { base, values }))
    }

    /// Returns a value as the type of the enum has it: `1` in an enum of strings is the text `1`.
    fn value(&mut self, at: &Location, base: &Type, node: &Node) -> Option<Value> {
        let value = whole(serde_json::to_value(node).unwrap_or_default());
        let (expected, read) = match base {
            Type::String if !value.is_string() => ("a string", self.text_of(at, &value)),
            Type::Integer(_) if !is_integer(&value) => ("an integer", parsed(&value).filter(is_integer)),
            Type::Number(_) if !value.is_number() => ("a number", parsed(&value).filter(Value::is_number)),
            Type::Boolean if !value.is_boolean() => ("a boolean", parsed(&value).filter(Value::is_boolean)),
            _ => return Some(value),
        };
        match &read {
            Some(read) => {
                self.warning(at, format!("expected {expected}, found {value}; it is read as {read}"));
            }
            None => self.error(at, format!("expected {expected}, found {value}")),
        }
        read
    }

    /// Returns a scalar as the text that the file has in its place.
    fn text_of(&self, at: &Location, value: &Value) -> Option<Value> {
        let is_scalar = value.is_number() || value.is_boolean();
        is_scalar.then(|| self.sources.written(at).unwrap_or_else(|| value.to_string()).into())
    }

    /// Returns what an extension states of a value: a list has the order of the values, a mapping their texts as keys.
    fn stated(&self, at: &Location, extensions: &[&str], index: usize, value: &Value) -> Option<String> {
        let node = extensions.iter().find_map(|name| self.fields(at).get(name))?;
        let stated = match node {
            Node::Sequence(list) => list.get(index),
            mapping => member(mapping, &name_of(value)),
        };
        stated.and_then(Node::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// Returns the type of the values of an enum: the stated type or, without one, the type that all values have.
fn base(stated: Option<&str>, values: &[Node]) -> Type {
    let all = |is_of_type: fn(&Node) -> bool| values.iter().all(|value| value.is_null() || is_of_type(value));
    match stated {
        Some("string") => Type::String,
        Some("integer") => Type::Integer(Extent::default()),
        Some("number") => Type::Number(Extent::default()),
        Some("boolean") => Type::Boolean,
        _ if all(Node::is_string) => Type::String,
        _ if all(|value| value.is_i64() || value.is_u64()) => Type::Integer(Extent::default()),
        _ if all(Node::is_number) => Type::Number(Extent::default()),
        _ if all(Node::is_bool) => Type::Boolean,
        _ => Type::Any,
    }
}

/// Returns the scalar that a text spells.
fn parsed(value: &Value) -> Option<Value> {
    serde_json::from_str(value.as_str()?).ok().map(whole)
}

fn has_letter(name: &str) -> bool {
    name.contains(char::is_alphabetic)
}

/// Writes a whole number without a fraction: `1.0` and `1` are one value.
fn whole(value: Value) -> Value {
    // Larger numbers are integers anyway.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below the limit is exact")]
    let integer = |number: f64| (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64);
    match value.as_f64().filter(|_| value.is_f64()).and_then(integer) {
        Some(integer) => integer.into(),
        None => value,
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// Returns what prose calls a value.
fn name_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Moves the bullets of a description that explain one value each (`` * `NEW`: the chat is new ``) to their
/// values. Returns the names of those that a list of values explains although they are not values.
///
/// If some values have no bullet, only a plain list is taken apart: the text around the bullets of a deeper one
/// makes no sense without them.
pub(super) fn distribute_docs(values: &mut Enum, docs: &mut Docs) -> Vec<String> {
    let Some(description) = &docs.description else { return Vec::new() };
    let parts = parts(description);
    let names: Vec<String> = values.values.iter().map(|value| name_of(&value.value)).collect();
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let explains = |list: &[Bullet]| list.iter().flat_map(Bullet::names).any(|name| names.contains(name));
    let is_list_of_values = |part: &Part| matches!(part, Part::List(list) if explains(list));
    let explained: BTreeSet<&str> = parts.iter().flat_map(Part::bullets).flat_map(Bullet::names).collect();
    if explained.is_disjoint(&names) || explained != names && parts.iter().any(Part::is_deep) {
        return Vec::new();
    }
    let (lists, rest): (Vec<_>, Vec<_>) = parts.iter().partition(|part| is_list_of_values(part));
    let rest: Vec<_> = rest.into_iter().map(Part::text).collect();
    let rest = rest.join("\n").trim().trim_end_matches(':').to_owned();
    let texts: BTreeMap<&str, &str> = lists
        .into_iter()
        .flat_map(Part::bullets)
        .flat_map(|bullet| bullet.names().map(|name| (name, bullet.text.as_str())))
        .collect();
    let others = texts.keys().filter(|name| !names.contains(*name)).map(|name| (*name).to_owned()).collect();
    for value in &mut values.values {
        if let Some(text) = texts.get(name_of(&value.value).as_str()) {
            value.docs.description = Some((*text).to_owned());
        }
    }
    docs.description =
        (!rest.is_empty()).then(|| format!("{rest}{}", if rest.ends_with('.') { "" } else { "." }));
    others
}

/// A part of a description.
enum Part<'a> {
    Line(&'a str),
    /// Bullets with nothing between them but empty lines.
    List(Vec<Bullet>),
}

/// An explanation of a value, or of several.
struct Bullet {
    names: Vec<String>,
    text: String,
    /// As it is in the description.
    lines: String,
    is_indented: bool,
}

impl Bullet {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

impl Part<'_> {
    fn bullets(&self) -> &[Bullet] {
        match self {
            Self::List(bullets) => bullets,
            Self::Line(_) => &[],
        }
    }

    /// Returns `true` if it belongs to an element of a list.
    fn is_deep(&self) -> bool {
        match self {
            Self::List(bullets) => bullets.iter().any(|bullet| bullet.is_indented),
            Self::Line(line) => line.starts_with([' ', '\t']) && !line.trim().is_empty(),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::List(bullets) => {
                bullets.iter().map(|bullet| bullet.lines.as_str()).collect::<Vec<_>>().join("\n")
            }
            Self::Line(line) => (*line).to_owned(),
        }
    }
}

fn parts(description: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut list: Vec<Bullet> = Vec::new();
    let mut is_open = false;
    for line in description.lines() {
        if let Some((names, text)) = bullet(line) {
            list.push(Bullet {
                names: names.into_iter().map(str::to_owned).collect(),
                text: text.to_owned(),
                lines: line.to_owned(),
                is_indented: line.starts_with([' ', '\t']),
            });
            is_open = true;
        } else if let Some(last) = list.last_mut().filter(|_| is_open && continues(line)) {
            if !line.trim().is_empty() {
                last.text.push(' ');
                last.text.push_str(line.trim());
            }
            last.lines = format!("{}\n{line}", last.lines);
        } else {
            is_open = false;
            if !line.trim().is_empty() && !list.is_empty() {
                parts.push(Part::List(mem::take(&mut list)));
            }
            parts.push(Part::Line(line));
        }
    }
    if !list.is_empty() {
        parts.push(Part::List(list));
    }
    parts
}

/// Returns `true` if a line goes on with the paragraph of a bullet.
fn continues(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim_start().starts_with(['*', '-', '+'])
}

/// Returns the values that a bullet explains, and the explanation.
fn bullet(line: &str) -> Option<(Vec<&str>, &str)> {
    let line = line.trim_start();
    let mut rest = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "))?.trim_start();
    let mut names = Vec::new();
    while let Some((name, after)) = rest.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
        names.push(name);
        rest = after.trim_start();
        match rest.strip_prefix(',').map(str::trim_start).filter(|next| next.starts_with('`')) {
            Some(next) => rest = next,
            None => break,
        }
    }
    let text = rest.trim_start_matches([':', '—', '–', '-']).trim();
    (!names.is_empty() && !text.is_empty()).then_some((names, text))
}

#[cfg(test)]
mod tests {
    use super::distribute_docs;
    use crate::ir::{Docs, Enum, EnumValue, Type};

    /// Distributes a description of the values `A`, `B` and `C`: the rest of it, the explanations of the values,
    /// and the names that are not values.
    fn distributed(description: &str) -> (String, [String; 3], Vec<String>) {
        let value = |name: &str| EnumValue { value: name.into(), alias: None, docs: Docs::default() };
        let mut values = Enum { base: Type::String, values: ["A", "B", "C"].map(value).into() };
        let mut docs = Docs { description: Some(description.to_owned()), ..Docs::default() };
        let others = distribute_docs(&mut values, &mut docs);
        let about = |name: &str| {
            let value = values.values.iter().find(|value| value.value == name);
            value.and_then(|value| value.docs.description.clone()).unwrap_or_default()
        };
        (docs.description.unwrap_or_default(), [about("A"), about("B"), about("C")], others)
    }

    #[test]
    fn bullet_of_a_value_goes_to_the_value() {
        let none: &[&str] = &[];
        for (description, rest, about, others) in [
            (
                "State:\n\n* `A`: one.\n* `B`: two.\n* `C`: three.\n",
                "State.",
                ["one.", "two.", "three."],
                none,
            ),
            ("State:\n* `B`: two.", "State.", ["", "two.", ""], none),
            ("State:\n* `A`: one.\n* `C` — three.\nMore.", "State:\nMore.", ["one.", "", "three."], none),
            ("State:\n- `OLD`: gone.\n- `A`: one.\n", "State.", ["one.", "", ""], &["OLD"]),
            ("State:\n* `A`, `B`: both.\n", "State.", ["both.", "both.", ""], none),
            (
                "State:\n* `A`: one,\n  in two lines.\n* `B`: two.",
                "State.",
                ["one, in two lines.", "two.", ""],
                none,
            ),
            ("* `A`: one.\n\nSee\n* `x`: else.", "See\n* `x`: else.", ["one.", "", ""], none),
        ] {
            let (found_rest, found_about, found_others) = distributed(description);
            assert_eq!((found_rest.as_str(), found_about), (rest, about.map(str::to_owned)));
            assert_eq!(found_others, others, "{description}");
        }
    }

    #[test]
    fn text_that_is_no_list_of_values_stays() {
        for description in [
            "State.",
            "See:\n* `x`: a parameter.",
            "By status:\n* for `NEW`:\n  * `A`: one.\n  * `B`: two.",
            "State:\n* `A`: if\n  * this;\n  * that.\n* `B`: two.",
        ] {
            assert_eq!(distributed(description), (description.to_owned(), Default::default(), Vec::new()));
        }
    }
}
