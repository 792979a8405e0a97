//! Cases: calls with arguments from the description, and the responses that they get.

use std::collections::BTreeMap;
use std::rc::Rc;

use generator::diagnostic::Location;
use generator::ir::ParameterPlace;
use generator::plan::{Call, EventStream, Input, InputKind, Reply as PlannedReply, StreamContent};
use serde_json::{Map, Value};

use super::body::{Choice, choices};
use super::operation::{Body, Content, Operation, Parameter, Place, essence, is_json};
use super::server::Reply;
use super::style;
use crate::judge::document::Documents;
use crate::judge::instance::Instance;
use crate::judge::sampler::{Sampler, Structs};
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
    pub(super) body: Option<SentBody>,
    /// `true` if the caller makes the parts of the body, which are not judged.
    pub(super) is_body_left_out: bool,
    /// The body that the method takes anyway, where another one replaces it.
    replaced: Option<SentBody>,
}

/// The body of a request.
#[derive(Clone)]
pub(super) struct SentBody {
    pub(super) choice: Rc<Choice>,
    pub(super) value: Instance,
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
    schemas: JsonSchemas<'d>,
    requests: Sampler<'d>,
    responses: Sampler<'d>,
}

/// A value that a call can be given: a parameter or the body.
struct Setting {
    target: Target,
    /// Place of the schema.
    at: Location,
    is_required: bool,
    values: Vec<Instance>,
}

/// Target of a value.
enum Target {
    /// The parameter with this index.
    Parameter(usize),
    Body(Rc<Choice>),
}

impl<'d> Maker<'d> {
    /// Returns the maker of a description, with the structs of the crate.
    pub(super) fn new(documents: &'d Documents, structs: &'d Structs) -> Self {
        Self {
            schemas: JsonSchemas::of(documents),
            requests: Sampler::new(documents, Direction::Request, structs),
            responses: Sampler::new(documents, Direction::Response, structs),
        }
    }

    /// Returns the valid instances of a schema.
    pub(super) fn instances(&self, at: &Location, direction: Direction) -> Vec<Instance> {
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
        let is_body_left_out = operation.body.is_some()
            && !settings.iter().any(|setting| matches!(setting.target, Target::Body(_)));
        let mut least = Sent { is_body_left_out, ..Sent::default() };
        for setting in settings.iter().filter(|setting| setting.is_required) {
            let first = setting.values.first().ok_or_else(|| setting.at.clone())?;
            least = least.with(setting, first);
        }
        let firsts = settings.iter().filter_map(|setting| Some((setting, setting.values.first()?)));
        let firsts = firsts.filter(|(setting, _)| !setting.is_other());
        let most = firsts.fold(least.clone(), |sent, (setting, value)| sent.with(setting, value));
        let each =
            settings.iter().flat_map(|setting| setting.values.iter().map(move |value| (setting, value)));
        let each: Vec<_> = each.map(|(setting, value)| least.with(setting, value)).collect();
        Ok([least, most].into_iter().chain(each).collect())
    }

    fn settings(&self, operation: &Operation, call: &Call) -> Vec<Setting> {
        let parameters = operation.parameters.iter().enumerate();
        let parameters = parameters.map(|(index, parameter)| Setting {
            target: Target::Parameter(index),
            at: parameter.schema.as_ref().unwrap_or(&operation.at).clone(),
            is_required: parameter.is_required,
            values: self.values(parameter),
        });
        let bodies = operation.body.iter().flat_map(|body| {
            let choices = choices(operation, call).into_iter();
            choices.map(|choice| self.body(operation, body, choice, call))
        });
        parameters.chain(bodies).collect()
    }

    fn values(&self, parameter: &Parameter) -> Vec<Instance> {
        const TEXTS: [&str; 2] = ["text", "a/b?c#d%20e"];
        let mut values = match &parameter.schema {
            Some(at) => self.instances(at, Direction::Request),
            None => TEXTS.iter().map(|text| Instance::Value((*text).into())).collect(),
        };
        values.retain(|value| style::is_defined(parameter, &value.json()));
        values
    }

    fn body(&self, operation: &Operation, body: &Body, choice: Choice, call: &Call) -> Setting {
        let content = &body.contents[choice.content];
        let instances = content.schema.as_ref().map(|at| self.instances(at, Direction::Request));
        Setting {
            at: content.schema.as_ref().unwrap_or(&operation.at).clone(),
            is_required: body.is_required && choice.other.is_none(),
            values: choice.values(content, call, instances.unwrap_or_default()),
            target: Target::Body(Rc::new(choice)),
        }
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
        if let (Some(stream), true) = (&call.stream, is_success(status))
            && essence(media_type) == essence(stream.accept.split(',').next().unwrap_or_default())
        {
            return self.stream(content, stream).into_iter().map(|(body, all)| (reply(body), all)).collect();
        }
        if !is_json(media_type) || matches!(call.reply, PlannedReply::File { .. }) && is_success(status) {
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

    /// Returns the bytes of a stream with all instances of a schema, and these. A list is the whole stream.
    fn stream(&self, content: &Content, stream: &EventStream) -> Option<(Vec<u8>, Awaited)> {
        let framed = |item: &Value| match stream.content {
            StreamContent::Json => Some(format!("data: {item}\n\n")),
            StreamContent::Text => Some(format!("data: {}\n\n", item.as_str()?)),
            StreamContent::Lines => Some(format!("{item}\n")),
            StreamContent::Sequence => Some(format!("\u{1e}{item}\n")),
            StreamContent::TextEvent | StreamContent::JsonEvent => None,
        };
        let instances = self.instances(content.schema.as_ref()?, Direction::Response);
        if instances.iter().any(|instance| instance.json().is_array()) {
            return None;
        }
        let is_plain = |instance: &Instance| !instance.json().to_string().contains("\\n");
        let items: Vec<_> = instances.into_iter().filter(is_plain).collect();
        let mut body = items.iter().map(|item| framed(&item.json())).collect::<Option<String>>()?;
        body.extend(stream.terminator.iter().map(|terminator| format!("data: {terminator}\n\n")));
        Some((body.into_bytes(), Awaited::Value(Instance::Array(items))))
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Returns `true` if a call asks for a content.
fn is_accepted(content: &Content, call: &Call) -> bool {
    let wanted = match (&call.reply, &call.stream) {
        (PlannedReply::Stream(_), Some(stream)) => &stream.accept,
        (reply, _) => reply.media_types().unwrap_or_default(),
    };
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

impl Setting {
    /// Returns `true` for a body that replaces the preferred one.
    fn is_other(&self) -> bool {
        matches!(&self.target, Target::Body(choice) if choice.other.is_some())
    }
}

impl Sent {
    fn with(&self, setting: &Setting, value: &Instance) -> Self {
        let mut sent = self.clone();
        match &setting.target {
            Target::Parameter(index) => drop(sent.parameters.insert(*index, value.clone())),
            Target::Body(choice) => {
                let body = SentBody { choice: Rc::clone(choice), value: value.clone() };
                let before = sent.body.replace(body);
                sent.replaced = before.filter(|_| setting.is_other());
            }
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
        for SentBody { choice, value } in self.replaced.iter().chain(&self.body) {
            arguments.extend(choice.arguments(call, value)?);
        }
        Ok(arguments)
    }
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
