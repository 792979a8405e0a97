//! Cases: calls with arguments from the description, and the responses that they get.

use std::collections::BTreeMap;

use generator::diagnostic::Location;
use generator::ir::ParameterPlace;
use generator::plan::{BodyFormat, Call, Input, InputKind, Reply as PlannedReply};
use serde_json::{Map, Value};

use super::operation::{Content, Operation, Place, is_json};
use super::server::Reply;
use super::style;
use crate::judge::instance::Instance;
use crate::judge::sampler::Sampler;
use crate::judge::schema::{Direction, JsonSchemas};

/// A call with its arguments, and the response that it gets.
pub(super) struct Case {
    /// Number of the call among those that are judged.
    pub(super) call: usize,
    /// Arguments by the index of their input.
    pub(super) arguments: Map<String, Value>,
    /// Values that the request carries.
    pub(super) sent: Sent,
    pub(super) reply: Reply,
    /// Result of the call, if the response is judged; else the request is.
    pub(super) awaited: Option<Awaited>,
}

/// Values that a request carries.
#[derive(Clone, Default)]
pub(super) struct Sent {
    /// Values of parameters, by the index of the parameter.
    pub(super) parameters: BTreeMap<usize, Instance>,
    pub(super) body: Option<Instance>,
}

/// Result that a call has to have.
pub(super) enum Awaited {
    /// The value of a response.
    Value(Instance),
    /// Success without a value.
    Nothing,
    /// The content of a file or of a text.
    Bytes(String),
    /// An error response with a status and, if the description says so, a body.
    Failure(u16, Option<Instance>),
    /// An error of any kind.
    Error,
}

/// Maker of the cases of one description.
pub(super) struct Maker<'d> {
    pub(super) schemas: JsonSchemas<'d>,
    pub(super) requests: Sampler<'d>,
    pub(super) responses: Sampler<'d>,
}

/// A value that a call can be given: a parameter or the body.
struct Setting {
    /// Index of the parameter; `None` for the body.
    parameter: Option<usize>,
    /// Place of the schema.
    at: Location,
    is_required: bool,
    values: Vec<Instance>,
}

impl Maker<'_> {
    /// Returns the valid instances of a schema.
    fn instances(&self, at: &Location, direction: Direction) -> Vec<Instance> {
        let sampler = match direction {
            Direction::Request => &self.requests,
            Direction::Response => &self.responses,
        };
        let Some(validator) = self.schemas.validator(at, direction) else { return Vec::new() };
        let good = sampler.instances(at);
        good.good.iter().filter(|instance| validator.is_valid(&instance.json())).cloned().collect()
    }

    /// Returns the values of all requests to an operation: each setting varies while the others stay.
    ///
    /// # Errors
    /// Something that is required has no value; its place is returned.
    pub(super) fn sent(&self, operation: &Operation, call: &Call) -> Result<Vec<Sent>, Location> {
        let settings = self.settings(operation, call);
        let mut least = Sent::default();
        for setting in settings.iter().filter(|setting| setting.is_required) {
            let first = setting.values.first().ok_or_else(|| setting.at.clone())?;
            least = least.with(setting, first);
        }
        let firsts = settings.iter().filter_map(|setting| Some((setting, setting.values.first()?)));
        let most = firsts.fold(least.clone(), |sent, (setting, value)| sent.with(setting, value));
        let each =
            settings.iter().flat_map(|setting| setting.values.iter().map(move |value| (setting, value)));
        let each: Vec<_> = each.map(|(setting, value)| least.with(setting, value)).collect();
        Ok([least, most].into_iter().chain(each).collect())
    }

    fn settings(&self, operation: &Operation, call: &Call) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (index, parameter) in operation.parameters.iter().enumerate() {
            let mut values = self.instances(&parameter.schema, Direction::Request);
            values.retain(|value| style::is_defined(parameter, &value.json()));
            let is_required = parameter.is_required;
            let at = parameter.schema.clone();
            settings.push(Setting { parameter: Some(index), at, is_required, values });
        }
        if let Some(body) = &operation.body {
            let is_sent = |content: &&Content| {
                let name = call.body.media_type().unwrap_or_default();
                essence(&content.media_type) == essence(name)
            };
            let json = || body.contents.iter().filter(|content| is_json(&content.media_type));
            let schema = json().find(is_sent).or_else(|| json().next());
            let schema = schema.and_then(|content| content.schema.as_ref());
            let mut values = schema.map(|at| self.instances(at, Direction::Request)).unwrap_or_default();
            values.retain(|value| *value != Instance::Value(Value::Null));
            let at = schema.unwrap_or(&operation.at).clone();
            settings.push(Setting { parameter: None, at, is_required: body.is_required, values });
        }
        settings
    }

    /// Returns the responses of an operation that a call may get, each with the result that the call has to have.
    pub(super) fn replies(&self, operation: &Operation, call: &Call) -> Vec<(Reply, Awaited)> {
        let mut replies = Vec::new();
        for response in &operation.responses {
            let Some(status) = operation.status(&response.status) else { continue };
            if response.contents.is_empty() || operation.method == "HEAD" {
                let reply = Reply { status, media_type: None, body: Vec::new() };
                let awaited =
                    if is_success(status) { Awaited::Nothing } else { Awaited::Failure(status, None) };
                replies.push((reply, awaited));
                continue;
            }
            for content in
                response.contents.iter().filter(|content| !is_success(status) || is_accepted(content, call))
            {
                replies.extend(self.replies_in(content, status, call));
            }
        }
        if let Some(status) = operation.undeclared_status() {
            let reply = Reply { status, media_type: Some("text/plain".to_owned()), body: b"none".to_vec() };
            replies.push((reply, Awaited::Failure(status, None)));
        }
        replies
    }

    fn replies_in(&self, content: &Content, status: u16, call: &Call) -> Vec<(Reply, Awaited)> {
        let media_type =
            if content.media_type.contains('*') { "application/json" } else { &content.media_type };
        let reply = |body: Vec<u8>| Reply { status, media_type: Some(media_type.to_owned()), body };
        if !is_json(media_type) {
            let text = "some text";
            let awaited = if is_success(status) {
                Awaited::Bytes(text.to_owned())
            } else {
                Awaited::Failure(status, None)
            };
            return vec![(reply(text.as_bytes().to_vec()), awaited)];
        }
        let Some(schema) = &content.schema else { return Vec::new() };
        let served = self.instances(schema, Direction::Response).into_iter().filter_map(|instance| {
            let body = instance.json().to_string().into_bytes();
            let awaited = if is_success(status) {
                success(instance, call)?
            } else {
                Awaited::Failure(status, Some(instance))
            };
            Some((reply(body), awaited))
        });
        let mut replies: Vec<_> = served.collect();
        let is_file = matches!(&call.reply, PlannedReply::Choice(choice) if choice.has_file());
        if is_success(status) && !is_file {
            let page = Reply { status, media_type: Some("text/html".to_owned()), body: b"<html>".to_vec() };
            replies.push((page, Awaited::Error));
        }
        replies
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Returns a media type without its parameters.
fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or(name).trim().to_ascii_lowercase()
}

/// Returns `true` if a call asks for a content.
fn is_accepted(content: &Content, call: &Call) -> bool {
    let wanted = call.reply.media_types().unwrap_or_default();
    content.media_type.contains('*')
        || wanted.split(',').any(|name| essence(name) == essence(&content.media_type))
}

/// Returns the result of a success, without the envelope. A failure in an envelope is not judged.
fn success(instance: Instance, call: &Call) -> Option<Awaited> {
    let Some(envelope) = &call.envelope else { return Some(Awaited::Value(instance)) };
    let is_failure = |(name, text): &(String, String)| {
        instance.member(name).is_some_and(|value| value.json() == text.as_str())
    };
    if envelope.failure.as_ref().is_some_and(is_failure) {
        return None;
    }
    match &envelope.result {
        Some(name) => instance.member(name).cloned().map(Awaited::Value),
        None if matches!(call.reply, PlannedReply::Empty) => Some(Awaited::Nothing),
        None => Some(Awaited::Value(instance)),
    }
}

impl Operation {
    /// Returns a status that a response is for: a code itself, and one that nothing else declares for a range or a default.
    /// Redirects and informational responses are left to the HTTP library.
    fn status(&self, name: &str) -> Option<u16> {
        let is_declared =
            |name: &str| self.responses.iter().any(|response| response.status.eq_ignore_ascii_case(name));
        let is_free = |status: &u16| !is_declared(&status.to_string());
        let of_class = |class: u16| (class * 100 + 50..class * 100 + 99).find(is_free);
        match name.as_bytes() {
            b"default" if self.is_default_success() => Some(200),
            b"default" => {
                [4, 5].into_iter().filter(|class| !is_declared(&format!("{class}XX"))).find_map(of_class)
            }
            [class @ (b'2' | b'4' | b'5'), b'X' | b'x', b'X' | b'x'] => of_class(u16::from(class - b'0')),
            _ => name.parse().ok().filter(|code| (200..300).contains(code) || (400..600).contains(code)),
        }
    }

    /// Returns a status that no response is for.
    fn undeclared_status(&self) -> Option<u16> {
        let is_declared =
            |name: &str| self.responses.iter().any(|response| response.status.eq_ignore_ascii_case(name));
        let is_free = |status: &u16| !is_declared(&status.to_string());
        (410..420).find(is_free).filter(|_| !is_declared("4XX") && !is_declared("default"))
    }

    /// Returns `true` if the default stands for success: nothing else does.
    fn is_default_success(&self) -> bool {
        !self.responses.iter().any(|response| response.status.starts_with('2'))
    }
}

impl Sent {
    fn with(&self, setting: &Setting, value: &Instance) -> Self {
        let mut sent = self.clone();
        match setting.parameter {
            Some(index) => drop(sent.parameters.insert(index, value.clone())),
            None => sent.body = Some(value.clone()),
        }
        sent
    }

    /// Returns the arguments of a call for the values.
    ///
    /// # Errors
    /// The call has no input for a value; the value is named.
    pub(super) fn arguments(&self, operation: &Operation, call: &Call) -> Result<Map<String, Value>, String> {
        let mut arguments = Map::new();
        for (index, value) in &self.parameters {
            let parameter = &operation.parameters[*index];
            let is_input = |input: &Input| match input.kind {
                InputKind::Parameter { place, .. } => {
                    is_place(place, parameter.place) && input.wire == parameter.name
                }
                _ => false,
            };
            let input = call.inputs.iter().position(is_input);
            let input = input.ok_or_else(|| format!("no input for the parameter `{}`", parameter.name))?;
            arguments.insert(input.to_string(), value.json());
        }
        if let Some(body) = &self.body {
            arguments.extend(body_arguments(call, &body.json())?);
        }
        Ok(arguments)
    }
}

/// Returns the inputs that make a body: those of its properties or, if a property has none, that of the whole.
fn body_arguments(call: &Call, body: &Value) -> Result<Map<String, Value>, String> {
    if call.body.value().is_none_or(|body| body.format != BodyFormat::Json) {
        return Err("no input for the body".to_owned());
    }
    let index_of = |is_meant: &dyn Fn(&Input) -> bool| call.inputs.iter().position(is_meant);
    let mut arguments = Map::new();
    let mut is_whole = true;
    for (name, value) in body.as_object().into_iter().flatten() {
        let is_field = |input: &Input| matches!(input.kind, InputKind::BodyField(_)) && input.wire == *name;
        match index_of(&is_field) {
            Some(index) => drop(arguments.insert(index.to_string(), value.clone())),
            None => is_whole = false,
        }
    }
    if !is_whole || !body.is_object() || arguments.is_empty() {
        let whole = index_of(&|input| input.kind == InputKind::Body).ok_or("no input for the whole body")?;
        arguments.insert(whole.to_string(), body.clone());
    }
    Ok(arguments)
}

fn is_place(planned: ParameterPlace, declared: Place) -> bool {
    matches!(
        (planned, declared),
        (ParameterPlace::Path, Place::Path)
            | (ParameterPlace::Query, Place::Query)
            | (ParameterPlace::Header, Place::Header)
            | (ParameterPlace::Cookie, Place::Cookie)
    )
}
