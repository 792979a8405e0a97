//! Bodies of requests, as the media types write them.

use std::fmt;

use generator::plan::{BodyFormat, Call, Input, InputKind};
use serde_json::{Map, Value, json};

use super::operation::{Coding, Content, Operation, Parameter, Place, Style, essence, is_json};
use super::server::Request;
use super::style::{self, is_text_of, split};
use crate::judge::instance::{Instance, Keep, Member};

/// Content that stands for a file, and for a text that the description does not describe.
pub(super) const TEXT: &str = "a & ü";

/// A body that a call can send.
pub(super) struct Choice {
    /// Index of the declared content.
    pub(super) content: usize,
    pub(super) format: Format,
    /// Index among the other bodies of the call; `None` for the preferred one.
    pub(super) other: Option<usize>,
}

/// Format of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    /// Names and values.
    Form,
    /// Parts.
    Multipart,
    Text,
    Bytes,
}

/// Lists the bodies that a call can send, the preferred one first. Parts that the caller makes are not judged.
pub(super) fn choices(operation: &Operation, call: &Call) -> Vec<Choice> {
    let Some(body) = &operation.body else { return Vec::new() };
    let format = |format: &BodyFormat| match format {
        BodyFormat::Json => Some(Format::Json),
        BodyFormat::Form(_) => Some(Format::Form),
        BodyFormat::Text => Some(Format::Text),
        BodyFormat::Bytes => Some(Format::Bytes),
        BodyFormat::Parts => None,
    };
    let preferred = match call.body.value() {
        Some(body) => format(&body.format),
        None => call.body.media_type().map(|_| Format::Multipart),
    };
    let preferred = call.body.media_type().zip(preferred).map(|(name, format)| (name, format, None));
    let others = call.other_bodies.iter().enumerate();
    let others = others.filter_map(|(index, other)| {
        Some((other.body.media_type.as_str(), format(&other.body.format)?, Some(index)))
    });
    let choice = |(media_type, format, other): (&str, Format, Option<usize>)| {
        let is_sent = |content: &Content| essence(&content.media_type) == essence(media_type);
        let is_range = |content: &Content| content.media_type.contains('*');
        let is_alike =
            |content: &Content| is_range(content) || is_json(&content.media_type) && is_json(media_type);
        let find = |is: &dyn Fn(&Content) -> bool| body.contents.iter().position(is);
        let content = find(&is_sent).or_else(|| find(&is_alike))?;
        Some(Choice { content, format, other })
    };
    preferred.into_iter().chain(others).filter_map(choice).collect()
}

impl Choice {
    /// Returns the values to send, of the instances of the schema.
    pub(super) fn values(&self, content: &Content, call: &Call, instances: Vec<Instance>) -> Vec<Instance> {
        let is_scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        let mut instances = instances;
        match self.format {
            Format::Json => instances.retain(|instance| *instance != Instance::Value(Value::Null)),
            Format::Form => instances.retain(|instance| {
                members(instance).is_some_and(|members| {
                    members
                        .iter()
                        .all(|member| style::is_defined(&content.parameter(member), &member.value.json()))
                })
            }),
            Format::Multipart => instances.retain(|instance| {
                members(instance).is_some_and(|members| {
                    // A form that may be left out is sent as soon as it has a part.
                    let is_sent = call.body.is_always_sent() || members.iter().any(is_part);
                    is_sent
                        && members.iter().all(|member| {
                            let is_given =
                                member.keep == Keep::Never || part_of(call, &member.name).is_some();
                            let json = member.value.json();
                            let is_written = |value: &Value| is_scalar(value) || value.is_object();
                            is_given
                                && json
                                    .as_array()
                                    .map_or(is_written(&json), |list| list.iter().all(is_written))
                        })
                })
            }),
            Format::Text => instances.retain(|instance| is_scalar(&instance.json())),
            Format::Bytes => instances.clear(),
        }
        match self.format {
            Format::Text | Format::Bytes if instances.is_empty() => {
                instances.push(Instance::Value(TEXT.into()));
            }
            // Without a schema, any JSON is meant.
            Format::Json if content.schema.is_none() => {
                instances.push(Instance::Value(json!({ "a": [null, TEXT] })));
            }
            _ => {}
        }
        instances
    }

    /// Returns the arguments that make a body: those of its properties or, if a property has none, that of the whole.
    ///
    /// # Errors
    /// The call has no input for the body.
    pub(super) fn arguments(&self, call: &Call, body: &Instance) -> Result<Map<String, Value>, String> {
        let index_of = |is_meant: &dyn Fn(&Input) -> bool| call.inputs.iter().position(is_meant);
        let whole = |kind: InputKind| {
            let index = index_of(&|input| input.kind == kind).ok_or("no input for the whole body")?;
            Ok(Map::from_iter([(index.to_string(), body.json())]))
        };
        if let Some(other) = self.other {
            return whole(InputKind::OtherBody(other));
        }
        let mut arguments = Map::new();
        let mut is_whole = false;
        for member in members(body).unwrap_or_default() {
            let is_field =
                |input: &Input| matches!(input.kind, InputKind::BodyField(_)) && input.wire == member.name;
            match index_of(&is_field).or_else(|| part_of(call, &member.name)) {
                Some(index) => drop(arguments.insert(index.to_string(), member.value.json())),
                None => is_whole = true,
            }
        }
        if self.format != Format::Multipart && (is_whole || arguments.is_empty()) {
            arguments.extend(whole(InputKind::Body)?);
        }
        Ok(arguments)
    }

    /// Compares the body of a request with the value that the call was given.
    ///
    /// # Errors
    /// The body is another one.
    pub(super) fn check(&self, content: &Content, given: &Instance, request: &Request) -> Result<(), String> {
        let media_type = request.header("content-type").join(",");
        let is_right = match self.format {
            Format::Json => is_json(&media_type),
            _ if content.media_type.contains('*') => true,
            _ => essence(&media_type) == essence(&content.media_type),
        };
        if !is_right {
            return Err(format!("the body is of type {media_type:?}"));
        }
        let text = String::from_utf8_lossy(&request.body);
        match self.format {
            Format::Json => {
                let found = serde_json::from_str(&text).map_err(|error| format!("the body: {error}"))?;
                given.difference(&found).map_or(Ok(()), |at| Err(format!("the body differs at {at:?}")))
            }
            Format::Form => check_form(content, given, &text),
            Format::Multipart => check_parts(content, given, &parts(&media_type, &request.body)?),
            Format::Text | Format::Bytes if is_text_of(&text, &given.json()) => Ok(()),
            Format::Text | Format::Bytes => Err(format!("the body is another one: {text:?}")),
        }
    }
}

/// Returns `true` if a member is written as a part, or as several.
fn is_part(member: &Member) -> bool {
    member.keep != Keep::Never && member.value.json().as_array().is_none_or(|list| !list.is_empty())
}

/// Returns the index of the input that gives a part.
fn part_of(call: &Call, name: &str) -> Option<usize> {
    call.inputs.iter().position(|input| matches!(input.kind, InputKind::FormPart(_)) && input.wire == *name)
}

fn members(instance: &Instance) -> Option<&[Member]> {
    match instance {
        Instance::Object(members) => Some(members),
        Instance::Array(_) | Instance::Value(_) => None,
    }
}

impl Content {
    /// Returns a property of a form as a parameter. Without an `encoding`, lists are exploded, and objects are JSON.
    fn parameter(&self, member: &Member) -> Parameter {
        let encoding = self.encodings.iter().find(|encoding| encoding.property == member.name);
        let is_object = member.value.json().is_object();
        let coding = match encoding {
            Some(encoding) if encoding.media_type.as_deref().is_some_and(is_json) => Coding::Json,
            Some(encoding) if encoding.coding.is_some() => encoding.coding.unwrap_or(Coding::Text),
            _ if is_object => Coding::Json,
            _ => Coding::Style(Style::Form, true),
        };
        let name = member.name.clone();
        Parameter { name, place: Place::Query, is_required: false, coding, schema: None }
    }
}

fn check_form(content: &Content, given: &Instance, text: &str) -> Result<(), String> {
    let mut pairs = split(text, "&");
    for member in members(given).unwrap_or_default() {
        let json = member.value.json();
        let found = style::taken(&mut pairs, &content.parameter(member), Some(&json));
        let is_absent = member.keep == Keep::Never && found == Some(style::Decoded::Absent);
        if !is_absent && !found.as_ref().is_some_and(|found| found.is(&member.value)) {
            return Err(format!("the property `{}` of the form is {found:?}", member.name));
        }
    }
    if pairs.is_empty() { Ok(()) } else { Err(format!("not given in the form: {pairs:?}")) }
}

/// A part of a form.
#[derive(PartialEq, Eq)]
struct Part {
    name: String,
    media_type: Option<String>,
    content: Vec<u8>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let media_type = self.media_type.as_deref().unwrap_or("no type");
        write!(f, "{:?} ({media_type})", String::from_utf8_lossy(&self.content))
    }
}

/// Reads a form of parts (RFC 7578).
fn parts(media_type: &str, body: &[u8]) -> Result<Vec<Part>, String> {
    let boundary = media_type.split("boundary=").nth(1).ok_or("the form has no boundary")?;
    let delimiter = format!("\r\n--{}", boundary.split(';').next().unwrap_or(boundary).trim_matches('"'));
    let body = [b"\r\n", body].concat();
    let mut pieces = Vec::new();
    let mut rest = body.as_slice();
    while let Some(at) = find(rest, delimiter.as_bytes()) {
        pieces.push(&rest[..at]);
        rest = &rest[at + delimiter.len()..];
    }
    if rest != b"--\r\n" && rest != b"--" {
        return Err("the form has no end".to_owned());
    }
    pieces.into_iter().skip(1).map(part).collect()
}

fn part(piece: &[u8]) -> Result<Part, String> {
    let end = find(piece, b"\r\n\r\n").ok_or("a part has no headers")?;
    let head = String::from_utf8_lossy(&piece[..end]);
    let header = |wanted: &str| {
        let mut headers = head.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned())
    };
    let disposition = header("content-disposition").ok_or("a part has no disposition")?;
    let name = disposition.split("; name=\"").nth(1).and_then(|rest| rest.split('"').next());
    // The HTML standard escapes quotes and line breaks in names.
    let name =
        name.ok_or("a part has no name")?.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    Ok(Part { name, media_type: header("content-type"), content: piece[end + 4..].to_vec() })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn check_parts(content: &Content, given: &Instance, parts: &[Part]) -> Result<(), String> {
    let given = members(given).unwrap_or_default();
    if let Some(part) = parts.iter().find(|part| !given.iter().any(|member| member.name == part.name)) {
        return Err(format!("not given in the form: the part `{}`", part.name));
    }
    for member in given.iter().filter(|member| member.keep != Keep::Never) {
        let found: Vec<_> = parts.iter().filter(|part| part.name == member.name).collect();
        let media_type = content.encodings.iter().find(|encoding| encoding.property == member.name);
        let media_type = media_type.and_then(|encoding| encoding.media_type.as_deref());
        let media_type = media_type.filter(|name| !name.contains(['*', ',']));
        let values = values(&member.value, media_type);
        let pairs = || found.iter().zip(&values);
        if found.len() != values.len() || !pairs().all(|(part, value)| part.has(value, media_type)) {
            return Err(format!("the part `{}` is: {found:?}", member.name));
        }
    }
    Ok(())
}

/// Returns the values that have a part each: the elements of a list, unless the whole is JSON.
fn values(value: &Instance, media_type: Option<&str>) -> Vec<Instance> {
    match value {
        value if media_type.is_some_and(is_json) => vec![value.clone()],
        Instance::Array(elements) => elements.clone(),
        Instance::Value(Value::Array(elements)) => elements.iter().cloned().map(Instance::Value).collect(),
        value => vec![value.clone()],
    }
}

impl Part {
    /// Returns `true` if the part has a value, in the media type that is stated.
    fn has(&self, value: &Instance, media_type: Option<&str>) -> bool {
        let found = self.media_type.as_deref();
        let is_typed = media_type.is_none_or(|stated| found.map(essence) == Some(essence(stated)));
        let text = String::from_utf8_lossy(&self.content);
        let json = value.json();
        let is_json = json.is_object() || media_type.is_some_and(is_json);
        let is_equal = || serde_json::from_str(&text).is_ok_and(|found| value.difference(&found).is_none());
        is_typed && if is_json { is_equal() } else { is_text_of(&text, &json) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Part, check_form, parts};
    use crate::judge::instance::{Instance, Keep, Member};
    use crate::judge::wire::operation::{Coding, Content, Encoding, Style};

    fn content() -> Content {
        let coding = Some(Coding::Style(Style::Form, false));
        let encodings = vec![Encoding { property: "joined".to_owned(), media_type: None, coding }];
        Content { media_type: "application/x-www-form-urlencoded".to_owned(), schema: None, encodings }
    }

    fn member(name: &str, value: Instance) -> Member {
        Member { name: name.to_owned(), value, keep: Keep::Always }
    }

    #[test]
    fn form_is_read_by_the_encoding_of_each_property() {
        let list = || Instance::Array(vec![Instance::Value(json!("a,b")), Instance::Value(json!(1))]);
        let given = Instance::Object(vec![
            member("joined", list()),
            member("list", list()),
            member("object", Instance::Object(vec![member("x", Instance::Value(json!(true)))])),
        ]);
        let right = "joined=a%2Cb,1&list=a,b&list=1&object=%7B%22x%22%3Atrue%7D";
        assert_eq!(check_form(&content(), &given, right), Ok(()));
        for wrong in [right.replace("%2C", ","), right.replace("list=1", "list=2"), format!("{right}&more=1")]
        {
            assert!(check_form(&content(), &given, &wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_read_with_their_types() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain\r\n\r\none\r\n\r\n--b--\r\n";
        let part = |name: &str| Part {
            name: name.to_owned(),
            media_type: Some("text/plain".to_owned()),
            content: b"one\r\n".to_vec(),
        };
        assert_eq!(parts("multipart/form-data; boundary=b", body), Ok(vec![part("a")]));
        assert!(parts("multipart/form-data; boundary=b", &body[..60]).is_err());
        let text = Instance::Value(json!("one\r\n"));
        assert!(part("a").has(&text, Some("text/plain; charset=utf-8")));
        assert!(!part("a").has(&text, Some("image/png")));
    }
}
