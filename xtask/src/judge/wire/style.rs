//! Values of parameters as the style table of the specification writes them.
//!
//! The table leaves some values undefined: lists of lists, `null`, an element with the delimiter of its style. Such values are
//! not judged.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::operation::{Coding, Parameter, Place, Style};
use crate::judge::instance::{Instance, Keep, are_equal};

/// A decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    Absent,
    Text(String),
    List(Vec<String>),
    Object(Vec<(String, String)>),
    Json(Value),
}

/// Kind of a value, on which its coding depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    List,
    Object,
}

impl Kind {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
            _ => Self::Scalar,
        }
    }
}

/// Returns `true` if the table defines how a parameter has a value.
pub(super) fn is_defined(parameter: &Parameter, value: &Value) -> bool {
    let (style, is_exploded) = match parameter.coding {
        Coding::Style(style, is_exploded) => (style, is_exploded),
        Coding::Json => return parameter.place != Place::Header || value.to_string().is_ascii(),
        // A text is written as the styles write it.
        Coding::Text => (Style::Simple, false),
    };
    let texts = match value {
        Value::Array(elements) => elements.iter().map(scalar).collect::<Option<Vec<_>>>(),
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| [Some(name.clone()), scalar(value)]).collect()
        }
        value => scalar(value).map(|text| vec![text]),
    };
    let Some(texts) = texts else { return false };
    let kind = Kind::of(value);
    let is_joined = kind != Kind::Scalar && !(is_exploded && style == Style::Form);
    let has = |letters: &str| texts.iter().any(|text| text.contains(|c| letters.contains(c)));
    let is_single_empty = texts.len() == 1 && texts[0].is_empty();
    let is_one_of_path = |text: &String| !matches!(text.as_str(), "" | "." | "..");
    let is_plain =
        |text: &String| text.trim() == text && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    match (parameter.place, style) {
        (Place::Path, _) => texts.iter().all(is_one_of_path) && !texts.is_empty(),
        // RFC 9110 has no escapes for header values.
        (Place::Header, _) => {
            !texts.is_empty()
                && texts.iter().all(is_plain)
                && !(kind != Kind::Scalar && has(",=\"") || is_single_empty)
        }
        (_, Style::SpaceDelimited) if is_joined => kind == Kind::List && !has(" ") && !is_single_empty,
        (_, Style::PipeDelimited) if is_joined => kind == Kind::List && !has("|") && !is_single_empty,
        (_, Style::DeepObject) => kind == Kind::Object && !has("[]"),
        // One empty text and no text at all are written alike.
        _ => !(is_joined && is_single_empty),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Decoded {
    /// Returns `true` if the value is the one that was given. The spelling of numbers and times does not count.
    pub(super) fn is(&self, given: &Instance) -> bool {
        match (self, given) {
            (Self::Json(value), given) => given.difference(value).is_none(),
            (Self::Absent, Instance::Array(elements)) => elements.is_empty(),
            (Self::Absent, Instance::Object(members)) => {
                members.iter().all(|member| member.keep == Keep::Never)
            }
            (Self::Text(text), Instance::Value(value)) => is_text_of(text, value),
            // A parameter without elements may be present without a value.
            (Self::List(texts), Instance::Array(elements)) if elements.is_empty() => *texts == [""],
            (Self::List(texts), Instance::Array(elements)) => {
                let pairs = || texts.iter().zip(elements);
                texts.len() == elements.len()
                    && pairs().all(|(text, element)| is_text_of(text, &element.json()))
            }
            (Self::Object(pairs), Instance::Object(members)) => {
                let given = |name: &str| members.iter().find(|member| member.name == name);
                let is_given = |(name, text): &(String, String)| {
                    given(name).is_some_and(|member| is_text_of(text, &member.value.json()))
                };
                let is_there = |name: &str| pairs.iter().any(|(known, _)| known == name);
                pairs.iter().all(is_given)
                    && members.iter().all(|member| member.keep == Keep::Never || is_there(&member.name))
            }
            // A free-form value is kept as JSON.
            (_, Instance::Value(value @ (Value::Array(_) | Value::Object(_)))) => self.is(&opened(value)),
            _ => false,
        }
    }
}

/// Returns a list or an object with its members as instances.
fn opened(value: &Value) -> Instance {
    use crate::judge::instance::Member;
    match value {
        Value::Array(elements) => Instance::Array(elements.iter().cloned().map(Instance::Value).collect()),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| Member {
                name: name.clone(),
                value: Instance::Value(value.clone()),
                keep: Keep::Always,
            };
            Instance::Object(members.iter().map(member).collect())
        }
        value => Instance::Value(value.clone()),
    }
}

/// Returns `true` if a text stands for a scalar.
pub(super) fn is_text_of(text: &str, value: &Value) -> bool {
    match value {
        Value::String(given) => are_equal(&Value::from(given.as_str()), &Value::from(text)),
        Value::Number(_) | Value::Bool(_) => {
            serde_json::from_str(text).is_ok_and(|found| are_equal(value, &found))
        }
        _ => false,
    }
}

/// Returns a text without its percent-encoding.
pub(super) fn decoded(raw: &str) -> String {
    percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

/// Returns the pairs of a query, of cookies or of a form, percent-encoded.
pub(super) fn split(text: &str, delimiter: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        // Servers read a plus as a space.
        (name.replace('+', "%20"), value.replace('+', "%20"))
    };
    text.split(delimiter).filter(|part| !part.is_empty()).map(pair).collect()
}

/// Decodes a value that stands alone: in a path, or in a header.
pub(super) fn alone(name: &str, coding: Coding, kind: Kind, raw: &str) -> Option<Decoded> {
    let (style, is_exploded) = match coding {
        Coding::Style(style, is_exploded) => (style, is_exploded),
        Coding::Json => return serde_json::from_str(&decoded(raw)).ok().map(Decoded::Json),
        Coding::Text => return Some(Decoded::Text(decoded(raw))),
    };
    let prefix = format!("{name}=");
    match (style, kind, is_exploded) {
        (Style::Simple, Kind::Scalar, _) => Some(Decoded::Text(decoded(raw))),
        (Style::Simple, Kind::List, _) => Some(Decoded::List(list(raw, ","))),
        (Style::Simple, Kind::Object, true) => pairs(raw, ","),
        (Style::Simple, Kind::Object, false) => flat_pairs(raw, ","),
        (Style::Label, Kind::Scalar, _) => Some(Decoded::Text(decoded(raw.strip_prefix('.')?))),
        (Style::Label, Kind::List, true) => Some(Decoded::List(list(raw.strip_prefix('.')?, "."))),
        (Style::Label, Kind::List, false) => Some(Decoded::List(list(raw.strip_prefix('.')?, ","))),
        (Style::Label, Kind::Object, true) => pairs(raw.strip_prefix('.')?, "."),
        (Style::Label, Kind::Object, false) => flat_pairs(raw.strip_prefix('.')?, ","),
        (Style::Matrix, Kind::Object, true) => pairs(raw.strip_prefix(';')?, ";"),
        (Style::Matrix, Kind::List, true) => {
            let elements = raw.strip_prefix(';')?.split(';').map(|part| part.strip_prefix(&prefix));
            Some(Decoded::List(elements.map(|part| part.map(decoded)).collect::<Option<_>>()?))
        }
        (Style::Matrix, kind, _) => {
            let value = raw.strip_prefix(';')?.strip_prefix(name)?;
            let value = value.strip_prefix('=').or(value.is_empty().then_some(value))?;
            alone(name, Coding::Style(Style::Simple, false), kind, value)
        }
        _ => None,
    }
}

/// Takes the value of a parameter from pairs: those of a query, of cookies or of a form. Names and values are as they were
/// sent.
pub(super) fn taken(
    pairs: &mut Vec<(String, String)>,
    parameter: &Parameter,
    given: Option<&Value>,
) -> Option<Decoded> {
    let kind = given.map_or(Kind::Scalar, Kind::of);
    let name = parameter.name.as_str();
    match (parameter.coding, kind) {
        (Coding::Style(Style::DeepObject, _), Kind::Object) => {
            let found = extracted(pairs, |raw| member_of(name, &decoded(raw)));
            Some(if found.is_empty() { Decoded::Absent } else { Decoded::Object(found) })
        }
        (Coding::Style(_, true), Kind::Object) => {
            let names = given.and_then(Value::as_object);
            let is_meant = |name: &String| names.is_some_and(|names| names.contains_key(name));
            let found = extracted(pairs, |raw| Some(decoded(raw)).filter(is_meant));
            Some(if found.is_empty() { Decoded::Absent } else { Decoded::Object(found) })
        }
        (Coding::Style(_, true), Kind::List) => {
            let found = values(pairs, name);
            let decoded = found.iter().map(|raw| decoded(raw)).collect();
            Some(if found.is_empty() { Decoded::Absent } else { Decoded::List(decoded) })
        }
        (coding, kind) => match values(pairs, name).as_slice() {
            [] => Some(Decoded::Absent),
            [value] => joined(coding, kind, value),
            _ => None,
        },
    }
}

/// Decodes a value whose parts are joined by a delimiter.
fn joined(coding: Coding, kind: Kind, raw: &str) -> Option<Decoded> {
    let raw = raw.to_owned();
    let delimiter = match coding {
        Coding::Json => return serde_json::from_str(&decoded(&raw)).ok().map(Decoded::Json),
        Coding::Text => return Some(Decoded::Text(decoded(&raw))),
        Coding::Style(Style::SpaceDelimited, _) => "%20",
        Coding::Style(Style::PipeDelimited, _) => "|",
        Coding::Style(..) => ",",
    };
    let raw = if delimiter == "|" { raw.replace("%7C", "|").replace("%7c", "|") } else { raw };
    match kind {
        Kind::Scalar => Some(Decoded::Text(decoded(&raw))),
        Kind::List => Some(Decoded::List(list(&raw, delimiter))),
        Kind::Object => flat_pairs(&raw, delimiter),
    }
}

fn list(raw: &str, delimiter: &str) -> Vec<String> {
    raw.split(delimiter).map(decoded).collect()
}

fn pairs(raw: &str, delimiter: &str) -> Option<Decoded> {
    let pair = |part: &str| part.split_once('=').map(|(name, value)| (decoded(name), decoded(value)));
    raw.split(delimiter).map(pair).collect::<Option<_>>().map(Decoded::Object)
}

fn flat_pairs(raw: &str, delimiter: &str) -> Option<Decoded> {
    let texts = list(raw, delimiter);
    let (pairs, rest) = texts.as_chunks::<2>();
    let pairs = pairs.iter().map(|[name, value]| (name.clone(), value.clone()));
    rest.is_empty().then(|| Decoded::Object(pairs.collect()))
}

/// Returns the name of the member that `name[member]` is about.
fn member_of(parameter: &str, name: &str) -> Option<String> {
    let rest = name.strip_prefix(parameter)?.strip_prefix('[')?;
    rest.strip_suffix(']').map(str::to_owned)
}

/// Takes the pairs whose names give a name.
fn extracted(
    pairs: &mut Vec<(String, String)>,
    name_of: impl Fn(&str) -> Option<String>,
) -> Vec<(String, String)> {
    let (found, rest) = pairs.drain(..).partition(|(name, _)| name_of(name).is_some());
    *pairs = rest;
    let found: Vec<(String, String)> = found;
    found.iter().filter_map(|(name, value)| Some((name_of(name)?, decoded(value)))).collect()
}

/// Takes the values of a name, as they were sent.
fn values(pairs: &mut Vec<(String, String)>, name: &str) -> Vec<String> {
    let (found, rest) = pairs.drain(..).partition(|(known, _)| decoded(known) == name);
    *pairs = rest;
    let found: Vec<(String, String)> = found;
    found.into_iter().map(|(_, value)| value).collect()
}

/// Returns all ways to read the parameters of a path from what was sent, each with the names and the texts as they were sent.
pub(super) fn paths(template: &str, raw: &str) -> Vec<Vec<(String, String)>> {
    let (literal, rest) =
        template.split_once('{').map_or((template, None), |(literal, rest)| (literal, Some(rest)));
    let Some(raw) = without_prefix(raw, literal) else { return Vec::new() };
    let Some((name, rest)) = rest.and_then(|rest| rest.split_once('}')) else {
        return if raw.is_empty() { vec![Vec::new()] } else { Vec::new() };
    };
    let most = raw.find('/').unwrap_or(raw.len());
    let ends = (0..=most).filter(|end| raw.is_char_boundary(*end));
    ends.flat_map(|end| {
        let value = (name.to_owned(), raw[..end].to_owned());
        let ways = paths(rest, &raw[end..]);
        ways.into_iter().map(move |way| [vec![value.clone()], way].concat())
    })
    .collect()
}

/// Returns what is behind a literal text of a path, which may be percent-encoded.
fn without_prefix<'r>(raw: &'r str, literal: &str) -> Option<&'r str> {
    if let Some(rest) = raw.strip_prefix(literal) {
        return Some(rest);
    }
    let ends = (0..=raw.len()).filter(|end| raw.is_char_boundary(*end));
    ends.map(|end| raw.split_at(end)).find(|(start, _)| decoded(start) == *literal).map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Decoded, Kind, alone, is_defined, paths, taken};
    use crate::judge::wire::operation::{Coding, Parameter, Place, Style};

    fn list() -> Decoded {
        Decoded::List(["blue", "black", "brown"].map(str::to_owned).to_vec())
    }

    fn object() -> Decoded {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Decoded::Object(vec![pair("R", "100"), pair("G", "200"), pair("B", "150")])
    }

    fn parameter(place: Place, style: Style, is_exploded: bool) -> Parameter {
        let coding = Coding::Style(style, is_exploded);
        Parameter { name: "color".to_owned(), place, is_required: false, coding, schema: None }
    }

    #[test]
    fn table_of_styles_alone_is_read() {
        let read = |style, explode, kind, raw| alone("color", Coding::Style(style, explode), kind, raw);
        for (style, explode, kind, raw) in [
            (Style::Matrix, false, Kind::List, ";color=blue,black,brown"),
            (Style::Matrix, true, Kind::List, ";color=blue;color=black;color=brown"),
            (Style::Label, false, Kind::List, ".blue,black,brown"),
            (Style::Label, true, Kind::List, ".blue.black.brown"),
            (Style::Simple, false, Kind::List, "blue,black,brown"),
        ] {
            assert_eq!(read(style, explode, kind, raw), Some(list()), "{raw}");
        }
        for (style, explode, raw) in [
            (Style::Matrix, false, ";color=R,100,G,200,B,150"),
            (Style::Matrix, true, ";R=100;G=200;B=150"),
            (Style::Label, false, ".R,100,G,200,B,150"),
            (Style::Label, true, ".R=100.G=200.B=150"),
            (Style::Simple, false, "R,100,G,200,B,150"),
            (Style::Simple, true, "R=100,G=200,B=150"),
        ] {
            assert_eq!(read(style, explode, Kind::Object, raw), Some(object()), "{raw}");
        }
        let empty = Some(Decoded::Text(String::new()));
        assert_eq!(read(Style::Matrix, false, Kind::Scalar, ";color"), empty);
        assert_eq!(read(Style::Label, false, Kind::Scalar, "."), empty);
        assert_eq!(read(Style::Label, false, Kind::Scalar, "blue"), None);
    }

    #[test]
    fn table_of_styles_in_pairs_is_read() {
        let read = |style, explode, given: Value, query: &str| {
            let pair =
                |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
            let mut pairs: Vec<_> = query.split('&').filter_map(pair).collect();
            let decoded = taken(&mut pairs, &parameter(Place::Query, style, explode), Some(&given));
            (decoded, pairs.len())
        };
        let elements = || json!(["blue", "black", "brown"]);
        for (style, explode, query) in [
            (Style::Form, true, "color=blue&color=black&color=brown"),
            (Style::Form, false, "color=blue,black,brown"),
            (Style::SpaceDelimited, false, "color=blue%20black%20brown"),
            (Style::PipeDelimited, false, "color=blue%7Cblack|brown"),
        ] {
            assert_eq!(read(style, explode, elements(), query), (Some(list()), 0), "{query}");
        }
        let members = || json!({ "R": 100, "G": 200, "B": 150 });
        for (style, explode, query) in [
            (Style::Form, true, "R=100&G=200&B=150"),
            (Style::Form, false, "color=R,100,G,200,B,150"),
            (Style::DeepObject, true, "color%5BR%5D=100&color[G]=200&color[B]=150"),
        ] {
            assert_eq!(read(style, explode, members(), query), (Some(object()), 0), "{query}");
        }
        assert_eq!(read(Style::Form, true, json!("a"), "b=a"), (Some(Decoded::Absent), 1));
    }

    #[test]
    fn value_without_a_defined_coding_is_not_judged() {
        let is_defined = |place, style, value| is_defined(&parameter(place, style, false), &value);
        assert!(!is_defined(Place::Path, Style::Simple, json!("")));
        assert!(!is_defined(Place::Query, Style::SpaceDelimited, json!(["a b"])));
        assert!(!is_defined(Place::Query, Style::Form, json!([["a"]])));
        assert!(!is_defined(Place::Header, Style::Simple, json!("é")));
        assert!(is_defined(Place::Query, Style::Form, json!(["a,b", "&"])));
    }

    #[test]
    fn path_is_read_in_every_way() {
        let ways = paths("/a/{b}-{c}/d", "/a/1-2-3/d");
        let pair = |b: &str, c: &str| vec![("b".to_owned(), b.to_owned()), ("c".to_owned(), c.to_owned())];
        assert_eq!(ways, [pair("1", "2-3"), pair("1-2", "3")]);
        assert!(paths("/a/{b}", "/a/1/2").is_empty());
    }
}
