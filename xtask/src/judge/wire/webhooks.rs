//! Webhooks: what an application receives becomes what was sent, and what it responds says what it was given.

use generator::diagnostic::Location;
use generator::ir::StatusPattern;
use generator::plan::{ResponseBody, Ty, Webhook, WebhookResponse};
use generator::render::{File, aliases};
use serde_json::{Map, Value, json};

use super::body::TEXT;
use super::cases::Maker;
use super::operation::{Content, Operation, essence, is_json, webhooks};
use super::{Fault, WireOutcome};
use crate::judge::Judged;
use crate::judge::document::Documents;
use crate::judge::instance::Instance;
use crate::judge::round_trip::Choice;
use crate::judge::sampler::structs;
use crate::judge::schema::Direction;
use crate::judge::scratch::{Built, Part};

/// The name of the part of the program.
const PART: &str = "judge_webhooks";
/// Bodies that are not JSON.
const BROKEN: [&str; 3] = ["", "{", "not JSON"];

/// Webhooks of one description, before the program runs.
pub(crate) struct Webhooks {
    /// Identifiers of the webhooks.
    ids: Vec<String>,
    cases: Vec<Case>,
    aliases: File,
    code: String,
    outcome: WireOutcome,
}

/// A line for the program, and what has to become of it.
struct Case {
    /// Place of the operation.
    at: Location,
    /// Number of the webhook.
    webhook: usize,
    /// Number of the arm of the program.
    arm: usize,
    line: String,
    awaited: Awaited,
}

enum Awaited {
    /// The value of a request.
    Payload(Instance),
    /// A request that cannot be read.
    Error,
    /// A response.
    Response { status: u16, media_type: Option<String>, body: Instance },
}

/// Input of an arm of the program: a request, or the body of a response.
type Given = (String, Awaited);

impl Webhooks {
    /// Makes the cases of all webhooks of a crate.
    ///
    /// # Errors
    /// The description cannot be read.
    pub(crate) fn of(judged: Judged<'_>, choice: &Choice) -> Result<Self, String> {
        let Judged { description, krate, package } = judged;
        let documents = Documents::open(description)?;
        let structs = structs(krate);
        let maker = Maker::new(&documents, &structs);
        let (mut types, mut arms, mut cases, mut ids) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut outcome = WireOutcome::default();
        for operation in webhooks(&documents) {
            let is_chosen = choice.place.as_ref().is_none_or(|place| operation.at.to_string() == *place);
            let webhook = krate.webhooks.iter().find(|webhook| webhook.source == operation.at);
            let Some(webhook) = webhook.filter(|_| is_chosen) else { continue };
            let requests = webhook.payload.is_some().then(|| maker.payloads(&documents, &operation));
            let requests = requests.map(|requests| (parse(webhook), requests));
            let responses = webhook.responses.iter().filter_map(|response| {
                let given = maker.responses(&operation, response)?;
                Some((respond(webhook, response, &mut types), given))
            });
            for (arm, given) in requests.into_iter().chain(responses) {
                if given.is_empty() {
                    outcome.without_case.push(operation.at.clone());
                }
                cases.extend(choice.some(given, &operation.at).into_iter().map(|(line, awaited)| Case {
                    at: operation.at.clone(),
                    webhook: ids.len(),
                    arm: arms.len(),
                    line,
                    awaited,
                }));
                arms.push(arm);
            }
            ids.push(webhook.id.clone());
        }
        let aliases = aliases(krate, package, &types).map_err(|error| error.to_string())?;
        Ok(Self { ids, cases, aliases, code: code(&arms), outcome })
    }

    /// Returns the part of the program that reads requests and makes responses.
    pub(crate) fn part(&self) -> Part {
        let (aliases, code) = (self.aliases.clone(), self.code.clone());
        Part { name: PART, aliases, code, features: vec!["webhooks"] }
    }

    /// Runs the part of a program.
    ///
    /// # Errors
    /// The program does not finish.
    pub(crate) fn run(self, program: &Built) -> Result<WireOutcome, String> {
        let lines: Vec<_> = self.cases.iter().map(|case| format!("{} {}", case.arm, case.line)).collect();
        let results = program.run(PART, &lines, &[])?;
        let mut outcome = self.outcome;
        for (case, result) in self.cases.iter().zip(&results) {
            let result = serde_json::from_str(result).unwrap_or(Value::Null);
            let fault = |failure| Fault {
                place: case.at.clone(),
                operation: self.ids[case.webhook].clone(),
                failure,
                given: Value::from(case.line.as_str()),
                raw: result.to_string(),
            };
            let fault = case.awaited.check(&result).err().map(fault);
            if let Awaited::Response { .. } = case.awaited {
                outcome.calls += 1;
                outcome.mismatches.extend(fault);
            } else {
                outcome.responses += 1;
                outcome.misread.extend(fault);
            }
        }
        Ok(outcome)
    }
}

impl Maker<'_> {
    /// Returns the requests of a webhook: those that are valid, those of unknown kinds, and those that are not JSON.
    fn payloads(&self, documents: &Documents, operation: &Operation) -> Vec<Given> {
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        let content = contents.into_iter().find(|content| is_json(&content.media_type));
        let schema = content.and_then(|content| content.schema.as_ref());
        let valid = match schema {
            Some(schema) => self.instances(schema, Direction::Response),
            None => vec![Instance::Value(json!({ "a": [null, 1] }))],
        };
        let unknown = schema.map(|schema| unknown_kinds(documents, schema)).unwrap_or_default();
        let read = valid.into_iter().chain(unknown);
        let read = read.map(|value| (value.json().to_string(), Awaited::Payload(value)));
        let broken = BROKEN.iter().map(|text| ((*text).to_owned(), Awaited::Error));
        read.chain(broken).collect()
    }

    /// Returns the bodies of a response with what they have to become, or `None` if the description says nothing of the body.
    fn responses(&self, operation: &Operation, response: &WebhookResponse) -> Option<Vec<Given>> {
        let name = response.status.to_string();
        let declared = operation.responses.iter().find(|other| other.status.eq_ignore_ascii_case(&name))?;
        let contents = || declared.contents.iter();
        let content = contents().find(|content| is_json(&content.media_type)).or(contents().next());
        let status = status(response.status);
        let awaited = |body: Instance| {
            let media_type = content.map(|content| content.media_type.clone());
            (body.json().to_string(), Awaited::Response { status, media_type, body })
        };
        Some(match content {
            Some(Content { media_type, schema: Some(schema), .. }) if is_json(media_type) => {
                self.instances(schema, Direction::Request).into_iter().map(awaited).collect()
            }
            Some(_) => vec![awaited(Instance::Value(TEXT.into()))],
            None => vec![awaited(Instance::Value(Value::Null))],
        })
    }
}

/// Returns requests of a kind that the description does not have, if a discriminator tells kinds apart.
fn unknown_kinds(documents: &Documents, schema: &Location) -> Vec<Instance> {
    let at = documents.follow(schema);
    let union = documents.object(&at);
    let is_union = |union: &Map<String, Value>| {
        union.contains_key("oneOf") || union.contains_key("anyOf") || !documents.children(&at).is_empty()
    };
    let union = union.filter(|union| is_union(union));
    let tag = union.and_then(|union| union.get("discriminator")?.get("propertyName")?.as_str());
    let Some(tag) = tag else { return Vec::new() };
    let kind = "not in the description";
    let all = [json!({ tag: kind }), json!({ tag: kind, "a": { "b": [null, 0.5] }, "": "ключ" })];
    all.into_iter().map(Instance::Value).collect()
}

/// Returns a status that a response can have.
fn status(pattern: StatusPattern) -> u16 {
    match pattern {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(class) => u16::from(class) * 100 + 50,
        StatusPattern::Default => 550,
    }
}

/// Returns the expression that reads a request.
fn parse(webhook: &Webhook) -> String {
    let parse = if webhook.signature.is_some() { "parse_unverified" } else { "parse" };
    format!("read(crate::webhooks::{}::{parse}(&headers(), text.as_bytes()))", webhook.name)
}

/// Returns the expression that makes a response.
fn respond(webhook: &Webhook, response: &WebhookResponse, types: &mut Vec<Ty>) -> String {
    let variant = format!("crate::webhooks::{}::Response::{}", webhook.name, response.name);
    let status = match response.status {
        StatusPattern::Code(_) => None,
        pattern => Some(format!("http::StatusCode::from_u16({}).expect(\"a status\")", status(pattern))),
    };
    let body = match &response.body {
        ResponseBody::Empty => None,
        ResponseBody::Json { ty, .. } => {
            types.push(ty.clone());
            Some(format!("body::<aliases::T{}>(text)?", types.len() - 1))
        }
        ResponseBody::Bytes { .. } => Some("body::<String>(text)?.into_bytes()".to_owned()),
    };
    let parts: Vec<_> = status.into_iter().chain(body).collect();
    let parts = if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
    format!("written({variant}{parts}.into_http())")
}

fn code(arms: &[String]) -> String {
    let arms = arms.iter().enumerate().map(|(number, arm)| format!("        {number} => {arm},\n"));
    PROGRAM.replace("        ARMS\n", &arms.collect::<String>())
}

const PROGRAM: &str = r#"use std::io::{BufRead, Write};

use http::{HeaderMap, HeaderValue, Response};
use serde_json::{Value, json};

pub(crate) fn run() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let (number, text) = line.split_once(' ').expect("a number and a text");
        let result = judged(number.parse().expect("a number"), text);
        writeln!(out, "{}", result.unwrap_or_else(|error| json!({ "untaken": error }))).expect("a pipe");
    }
}

fn judged(number: usize, text: &str) -> Result<Value, String> {
    Ok(match number {
        ARMS
        _ => return Err(format!("no arm {number}")),
    })
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

fn read<T: serde::Serialize>(result: Result<T, crate::webhooks::WebhookError>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn body<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn written(response: Response<Vec<u8>>) -> Value {
    let media_type = response.headers().get(http::header::CONTENT_TYPE);
    json!({
        "status": response.status().as_u16(),
        "type": media_type.map(|name| String::from_utf8_lossy(name.as_bytes())),
        "body": String::from_utf8_lossy(response.body()),
    })
}
"#;

impl Awaited {
    /// Compares with the result of an arm.
    fn check(&self, result: &Value) -> Result<(), String> {
        match self {
            Self::Payload(given) => {
                let read = result.get("ok").ok_or_else(|| format!("the request is not read: {result}"))?;
                given.difference(read).map_or(Ok(()), |at| Err(format!("another value at {at:?}: {read}")))
            }
            Self::Error if result.get("error").is_some() => Ok(()),
            Self::Error => Err(format!("what is not JSON is read: {result}")),
            Self::Response { status, media_type, body } => {
                check_response(*status, media_type.as_deref(), body, result)
            }
        }
    }
}

fn check_response(
    status: u16,
    media_type: Option<&str>,
    given: &Instance,
    result: &Value,
) -> Result<(), String> {
    if result.get("status") != Some(&json!(status)) {
        return Err(format!("the response is not of status {status}: {result}"));
    }
    let found = result.get("type").and_then(Value::as_str);
    let body = result.get("body").and_then(Value::as_str).unwrap_or_default();
    let Some(media_type) = media_type else {
        let is_empty = found.is_none() && body.is_empty();
        return if is_empty { Ok(()) } else { Err(format!("the response has a body: {result}")) };
    };
    let is_typed = |found| essence(found) == essence(media_type) || media_type.contains('*');
    if !found.is_some_and(is_typed) {
        return Err(format!("the response is not of type {media_type:?}: {result}"));
    }
    let body = if is_json(media_type) { serde_json::from_str(body).unwrap_or_default() } else { body.into() };
    given.difference(&body).map_or(Ok(()), |at| Err(format!("the response differs at {at:?}: {result}")))
}

#[cfg(test)]
mod tests {
    use generator::Client;
    use generator::client;
    use generator::render::File;
    use generator::settings::Settings;

    use super::{Judged, Webhooks, WireOutcome};
    use crate::judge::round_trip::Choice;
    use crate::judge::scratch::Program;

    const EVENTS: &str = "openapi: 3.0.3
info: {title: Judged Events, version: '1'}
paths:
  /events:
    post:
      operationId: sendEvent
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}
      responses:
        '200':
          description: Accepted.
          content: {application/json: {schema: {type: object, properties: {at: {type: string, format: date}}}}}
        4XX: {description: Refused.}
components:
  schemas:
    Event:
      oneOf: [{$ref: '#/components/schemas/Ordered'}, {$ref: '#/components/schemas/Paid'}]
      discriminator: {propertyName: kind, mapping: {ordered: Ordered, paid: Paid}}
    Ordered: {type: object, required: [kind, order], properties: {kind: {type: string}, order: {type: integer}}}
    Paid: {type: object, required: [kind], properties: {kind: {type: string}, amount: {type: number}}}
";

    /// Judges the webhooks of the description of events after a change of a file.
    fn judged(name: &str, path: &str, from: &str, to: &str) -> WireOutcome {
        let folder = tempfile::tempdir().unwrap();
        let description = folder.path().join("events.yaml");
        std::fs::write(&description, EVENTS).unwrap();
        let client = Client::with(&description, Settings::default());
        let opened = client.open().with_webhooks(client::Webhooks::open(&description, None));
        let package = opened.package();
        let analysed = opened.analyse().unwrap_or_else(|report| panic!("{}", report.render(false)));
        let krate = analysed.krate.incoming.as_deref().unwrap();
        let choice = Choice { seed: 1, samples: 100, place: None };
        let judged = Judged { description: &description, krate, package: &package };
        let webhooks = Webhooks::of(judged, &choice).unwrap();
        let mut files = analysed.generate(&package).unwrap().files;
        let is_changed = |file: &&mut File| file.path == path;
        let file = files.iter_mut().find(is_changed).unwrap();
        assert!(file.contents.contains(from), "{}", file.contents);
        file.contents = file.contents.replace(from, to);
        let (name, parts) = (format!("test-webhooks-{name}"), vec![webhooks.part()]);
        let program = Program { name, package: "judged-events", files: &files, parts };
        webhooks.run(&program.build().unwrap()).unwrap()
    }

    #[test]
    #[ignore = "exhaustive"]
    fn judge_finds_planted_faults_of_webhooks() {
        let webhook = "src/webhooks/send_event.rs";
        let right = judged("right", webhook, "sendEvent", "sendEvent");
        assert!(right.mismatches.is_empty() && right.misread.is_empty(), "{right:#?}");
        assert!(right.calls > 3 && right.responses > 8 && right.without_case.is_empty(), "{right:#?}");

        let status = judged("status", webhook, "=> StatusCode::OK", "=> StatusCode::CREATED").mismatches;
        assert!(!status.is_empty() && status.iter().all(|fault| fault.failure.contains("status 200")));
        let media_type = judged("type", webhook, "\"application/json\"", "\"text/json\"").mismatches;
        assert!(media_type.iter().any(|fault| fault.failure.contains("not of type")), "{media_type:?}");
        let (from, to) = ("(headers, body, Some(\"kind\"))", "(headers, br#\"{\"kind\":\"x\"}\"#, None)");
        let misread = judged("misread", webhook, from, to).misread;
        assert!(misread.iter().any(|fault| fault.failure.contains("what is not JSON")), "{misread:?}");
        assert!(misread.iter().any(|fault| fault.failure.contains("another value")), "{misread:?}");
    }
}
