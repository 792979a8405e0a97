//! Calls on the wire: requests carry what calls are given, and responses become what was served. Webhooks are the other way
//! round.

mod body;
mod cases;
mod operation;
mod program;
mod server;
mod style;
mod webhooks;

use generator::diagnostic::Location;
use generator::plan::{Call, Ty};
use generator::render::{File, aliases};
use serde_json::Value;

use self::cases::{Awaited, Case, Maker, Sent, SentBody};
use self::operation::{Operation, Parameter, Place};
use self::program::{Entry, URL};
use self::server::{Reply, Request, Server};
use self::style::{Kind, split};
pub(crate) use self::webhooks::Webhooks;
use super::Judged;
use super::document::Documents;
use super::instance::Instance;
use super::round_trip::Choice;
use super::sampler::structs;
use super::scratch::{Built, Part};

/// The name of the part of the program.
const PART: &str = "judge_calls";

/// Result of the calls, or of the webhooks, of one description.
#[derive(Debug, Default)]
pub(crate) struct WireOutcome {
    /// Number of judged messages that were sent: requests of calls, responses of webhooks.
    pub(crate) calls: usize,
    /// Messages that do not say what was given.
    pub(crate) mismatches: Vec<Fault>,
    /// Number of judged messages that were received: responses of calls, requests of webhooks.
    pub(crate) responses: usize,
    /// Messages that did not become what was served.
    pub(crate) misread: Vec<Fault>,
    /// Places of operations without a case.
    pub(crate) without_case: Vec<Location>,
}

impl WireOutcome {
    /// Adds the results of another judge.
    pub(crate) fn and(&mut self, other: Self) {
        self.calls += other.calls;
        self.mismatches.extend(other.mismatches);
        self.responses += other.responses;
        self.misread.extend(other.misread);
        self.without_case.extend(other.without_case);
    }
}

/// A call that failed.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Place of the operation.
    pub(crate) place: Location,
    /// Identifier of the operation.
    pub(crate) operation: String,
    /// The failure.
    pub(crate) failure: String,
    /// The arguments.
    pub(crate) given: Value,
    /// The request or the response, as it was on the wire.
    pub(crate) raw: String,
}

/// Calls of one description, before the program runs.
pub(crate) struct Calls {
    operations: Vec<Operation>,
    /// Identifiers of the operations.
    ids: Vec<String>,
    cases: Vec<Case>,
    aliases: File,
    code: String,
    features: Vec<&'static str>,
    outcome: WireOutcome,
}

impl Calls {
    /// Makes the cases of all calls of a crate.
    ///
    /// # Errors
    /// The description cannot be read.
    pub(crate) fn of(judged: Judged<'_>, choice: &Choice) -> Result<Self, String> {
        let Judged { description, krate, package } = judged;
        let documents = Documents::open(description)?;
        let structs = structs(krate);
        let maker = Maker::new(&documents, &structs);
        let mut types: Vec<Ty> = Vec::new();
        let (mut operations, mut entries) = (Vec::new(), Vec::new());
        for mut operation in operation::operations(&documents) {
            let is_chosen = choice.place.as_ref().is_none_or(|place| operation.at.to_string() == *place);
            let is_meant = |call: &&Call| {
                call.http_method == operation.method && call.path == without_query(&operation.path)
            };
            // Paths may differ in their fragments only, so the place decides between calls with one path.
            let calls = krate.calls.iter().filter(is_meant).filter(|_| is_chosen);
            let Some(call) = calls.min_by_key(|call| call.source != operation.at) else { continue };
            // The client makes the idempotency key.
            let is_key =
                |name: &str| call.idempotency_key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(name));
            // A parameter of the path that the path lacks has no place. Cookies in a header join those of parameters.
            let has_place = |parameter: &Parameter| match parameter.place {
                Place::Path => call.path.contains(&format!("{{{}}}", parameter.name)),
                Place::Header => !parameter.name.eq_ignore_ascii_case("cookie"),
                Place::Query | Place::Cookie => true,
            };
            operation.parameters.retain(|parameter| !is_key(&parameter.name) && has_place(parameter));
            entries.push(Entry { call, first_alias: types.len() });
            types.extend(call.inputs.iter().map(|input| input.ty.clone()));
            operations.push(operation);
        }
        let aliases = aliases(krate, package, &types).map_err(|error| error.to_string())?;
        let mut calls = Self {
            operations,
            ids: entries.iter().map(|entry| entry.call.id.clone()).collect(),
            cases: Vec::new(),
            aliases,
            code: program::code(krate, &entries),
            features: krate.parts.first().map(|_| "full").into_iter().chain(["blocking"]).collect(),
            outcome: WireOutcome::default(),
        };
        for (number, entry) in entries.iter().enumerate() {
            calls.make_cases(number, entry.call, &maker, choice);
        }
        Ok(calls)
    }

    fn make_cases(&mut self, number: usize, call: &Call, maker: &Maker<'_>, choice: &Choice) {
        let operation = &self.operations[number];
        let all = match maker.sent(operation, call) {
            Ok(all) => choice.some(all, &operation.at),
            Err(place) => return self.outcome.without_case.push(place),
        };
        let replies = choice.some(maker.replies(operation, call), &operation.at);
        let plain = Reply { status: 204, media_type: None, body: Vec::new() };
        let least = all.first().cloned().unwrap_or_default();
        let requests = all.into_iter().map(|sent| (sent, plain.clone(), None));
        let responses = replies.into_iter().map(|(reply, awaited)| (least.clone(), reply, Some(awaited)));
        for (sent, reply, awaited) in requests.chain(responses).collect::<Vec<_>>() {
            match sent.arguments(operation, call) {
                Ok(arguments) => self.cases.push(Case { call: number, arguments, sent, reply, awaited }),
                Err(failure) => {
                    let fault = self.fault(number, failure, &sent, String::new());
                    self.outcome.mismatches.push(fault);
                    return;
                }
            }
        }
    }

    fn fault(&self, number: usize, failure: String, sent: &Sent, raw: String) -> Fault {
        let operation = &self.operations[number];
        let parameters = sent.parameters.iter();
        let parameters =
            parameters.map(|(index, value)| (operation.parameters[*index].name.clone(), value.json()));
        let body = sent.body.as_ref().map(|body| ("body".to_owned(), body.value.json()));
        Fault {
            place: operation.at.clone(),
            operation: self.ids[number].clone(),
            failure,
            given: Value::Object(parameters.chain(body).collect()),
            raw,
        }
    }

    /// Returns the part of the program that makes the calls.
    pub(crate) fn part(&self) -> Part {
        let (aliases, code, features) = (self.aliases.clone(), self.code.clone(), self.features.clone());
        Part { name: PART, aliases, code, features }
    }

    /// Runs the part of a program.
    ///
    /// # Errors
    /// The program does not finish, or the server does not start.
    pub(crate) fn run(mut self, program: &Built) -> Result<WireOutcome, String> {
        let line = |case: &Case| format!("{} {}", case.call, Value::Object(case.arguments.clone()));
        let lines: Vec<String> = self.cases.iter().map(line).collect();
        let replies = self.cases.iter().map(|case| case.reply.clone()).collect();
        let server = Server::start(replies).map_err(|error| error.to_string())?;
        let results = program.run(PART, &lines, &[(URL, &server.url())])?;
        let requests = server.requests();
        let mut outcome = std::mem::take(&mut self.outcome);
        for (number, (case, result)) in self.cases.iter().zip(&results).enumerate() {
            let result = serde_json::from_str(result).unwrap_or(Value::Null);
            let requests = requests.get(&number).map(Vec::as_slice).unwrap_or_default();
            self.judge(case, &result, requests, &mut outcome);
        }
        Ok(outcome)
    }

    fn judge(&self, case: &Case, result: &Value, requests: &[Request], outcome: &mut WireOutcome) {
        let operation = &self.operations[case.call];
        match &case.awaited {
            None => {
                outcome.calls += 1;
                let (failure, raw) = match requests {
                    [request] => (checked(operation, &case.sent, request).err(), request.text()),
                    [] => (Some(format!("no request was sent: {result}")), String::new()),
                    [_, second, ..] => (Some("a second request was sent".to_owned()), second.text()),
                };
                outcome
                    .mismatches
                    .extend(failure.map(|failure| self.fault(case.call, failure, &case.sent, raw)));
            }
            Some(awaited) => {
                outcome.responses += 1;
                let raw = || {
                    let Reply { status, media_type, body } = &case.reply;
                    let media_type = media_type.as_deref().unwrap_or("no content type");
                    format!("{status} {media_type}\n{}", String::from_utf8_lossy(body))
                };
                let failure = awaited.check(result).err();
                outcome
                    .misread
                    .extend(failure.map(|failure| self.fault(case.call, failure, &case.sent, raw())));
            }
        }
    }
}

fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

impl Awaited {
    /// Compares with the result of a call.
    fn check(&self, result: &Value) -> Result<(), String> {
        let (ok, body) = (result.get("ok"), result.get("body").unwrap_or(&Value::Null));
        let status = result.get("status").and_then(Value::as_u64);
        let is_right = match (self, ok) {
            (Self::Value(instance), Some(value)) => match instance.difference(value) {
                Some(pointer) => return Err(format!("another value at {pointer:?}: {value}")),
                None => true,
            },
            (Self::Nothing, Some(value)) => value.is_null(),
            (Self::Bytes(text), Some(value)) => value == text,
            (Self::Failure(awaited, instance), None) => {
                let is_read = instance.as_ref().is_none_or(|instance| instance.difference(body).is_none());
                status == Some((*awaited).into()) && is_read
            }
            (Self::Error, None) => true,
            _ => false,
        };
        if is_right { Ok(()) } else { Err(format!("the result is {result}")) }
    }
}

/// Compares a request with the values that the call was given.
fn checked(operation: &Operation, sent: &Sent, request: &Request) -> Result<(), String> {
    let is = |what: String, holds: bool| if holds { Ok(()) } else { Err(what) };
    is(format!("the method is {}", request.method), request.method == operation.method)?;
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    check_path(operation, sent, path)?;
    let mut pairs = split(query, "&");
    let (_, own) = operation.path.split_once('?').unwrap_or_default();
    for pair in split(own, "&") {
        pairs.retain(|known| *known != pair);
    }
    check_pairs(operation, sent, Place::Query, &mut pairs)?;
    let cookies = request.header("cookie").join("; ");
    check_pairs(operation, sent, Place::Cookie, &mut split(&cookies, "; "))?;
    check_headers(operation, sent, request)?;
    check_body(operation, sent, request)
}

fn declared(operation: &Operation, place: Place) -> impl Iterator<Item = (usize, &Parameter)> {
    operation.parameters.iter().enumerate().filter(move |(_, parameter)| parameter.place == place)
}

fn check_path(operation: &Operation, sent: &Sent, path: &str) -> Result<(), String> {
    let is_right = |way: &Vec<(String, String)>| {
        declared(operation, Place::Path).all(|(index, parameter)| {
            let Some(given) = sent.parameters.get(&index) else { return false };
            let kind = Kind::of(&given.json());
            let mut raw = way.iter().filter(|(name, _)| *name == parameter.name).map(|(_, raw)| raw);
            let is_value = |raw: &String| {
                style::alone(&parameter.name, parameter.coding, kind, raw)
                    .is_some_and(|found| found.is(given))
            };
            raw.next().is_some_and(is_value)
        })
    };
    let rest = path.strip_prefix(operation.server.as_str());
    let ways = rest.map(|rest| style::paths(without_query(&operation.path), rest)).unwrap_or_default();
    if ways.iter().any(is_right) { Ok(()) } else { Err(format!("the path is {path}")) }
}

fn check_pairs(
    operation: &Operation,
    sent: &Sent,
    place: Place,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), String> {
    for (index, parameter) in declared(operation, place) {
        let given = sent.parameters.get(&index);
        let json = given.map(Instance::json);
        let found = style::taken(pairs, parameter, json.as_ref());
        let is_right = match (&found, given) {
            (Some(found), Some(given)) => found.is(given),
            (found, None) => *found == Some(style::Decoded::Absent),
            (None, Some(_)) => false,
        };
        if !is_right {
            return Err(format!("the {place:?} parameter `{}` is {found:?}", parameter.name));
        }
    }
    // Credentials are no parameters.
    let rest: Vec<_> = pairs.iter().filter(|(_, value)| !value.ends_with("-secret")).collect();
    if rest.is_empty() { Ok(()) } else { Err(format!("undeclared in the {place:?}: {rest:?}")) }
}

fn check_headers(operation: &Operation, sent: &Sent, request: &Request) -> Result<(), String> {
    for (index, parameter) in declared(operation, Place::Header) {
        let given = sent.parameters.get(&index);
        let raw = request.header(&parameter.name).join(",");
        let is_right = match given {
            // Without the parameter, the client has a name of its own.
            None => raw.is_empty() || parameter.name.eq_ignore_ascii_case("user-agent"),
            Some(given) => {
                let kind = Kind::of(&given.json());
                let read = style::alone(&parameter.name, parameter.coding, kind, &raw);
                // A percent sign may stand for itself.
                let escaped = raw.replace('%', "%25");
                let escaped = style::alone(&parameter.name, parameter.coding, kind, &escaped);
                [read, escaped].into_iter().flatten().any(|found| found.is(given))
            }
        };
        if !is_right {
            return Err(format!("the header `{}` is {raw:?}", parameter.name));
        }
    }
    Ok(())
}

fn check_body(operation: &Operation, sent: &Sent, request: &Request) -> Result<(), String> {
    match &sent.body {
        None if request.body.is_empty() || sent.is_body_left_out => Ok(()),
        None => Err("the request has a body".to_owned()),
        Some(SentBody { choice, value }) => {
            let contents = operation.body.as_ref().map(|body| body.contents.as_slice()).unwrap_or_default();
            choice.check(&contents[choice.content], value, request)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use generator::Client;
    use generator::render::File;
    use generator::select::Selection;
    use generator::settings::Settings;

    use super::{Calls, Choice, Judged, WireOutcome};
    use crate::judge::scratch::Program;

    const PETS: &str = "openapi: 3.0.3
info: {title: Judged Calls, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets/{name}/{kind}:
    parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: kind, in: path, required: true, schema: {type: string, enum: [cat, dog]}}
    put:
      operationId: putPet
      parameters:
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        '200': {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404':
          description: None.
          content: {application/json: {schema: {type: object, properties: {reason: {type: string}}}}}
        default: {description: A failure.}
  /pets:
    delete: {operationId: deletePets, responses: {'204': {description: Done.}}}
components:
  schemas:
    Pet: {type: object, required: [age], properties: {age: {type: integer, maximum: 99}, note: {type: string}}}
";

    const FRAGMENTS: &str = "openapi: 3.0.3
info: {title: Judged Paths, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets: {get: {operationId: getPets, responses: {'204': {description: Done.}}}}
  /pets#named:
    get:
      operationId: getNamedPets
      parameters: [{name: name, in: query, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
";

    /// Writes a description, and returns the client of all its operations.
    fn client(folder: &Path, description: &str) -> Client {
        let path = folder.join("pets.yaml");
        std::fs::write(&path, description).unwrap();
        let selection = Selection { all: true, ..Selection::default() };
        Client::with(&path, Settings { selection: Some(selection), ..Settings::default() })
    }

    fn choice() -> Choice {
        Choice { seed: 1, samples: 100, place: None }
    }

    /// Judges the calls of the description of pets after a change of its client.
    fn judged(name: &str, path: &str, from: &str, to: &str) -> WireOutcome {
        let folder = tempfile::tempdir().unwrap();
        let client = client(folder.path(), PETS);
        let opened = client.open();
        let package = opened.package();
        let analysed = opened.analyse().unwrap_or_else(|report| panic!("{}", report.render(false)));
        let judged = Judged { description: &client.description, krate: &analysed.krate, package: &package };
        let calls = Calls::of(judged, &choice()).unwrap();
        let mut files = analysed.generate(&package).unwrap().files;
        let is_changed = |file: &&mut File| file.path == path;
        let file = files.iter_mut().find(is_changed).unwrap();
        assert!(file.contents.contains(from), "{}", file.contents);
        file.contents = file.contents.replace(from, to);
        let (name, parts) = (format!("test-wire-{name}"), vec![calls.part()]);
        let program = Program { name, package: "judged-calls", files: &files, parts };
        calls.run(&program.build().unwrap()).unwrap()
    }

    fn failures(name: &str, path: &str, from: &str, to: &str) -> Vec<String> {
        let outcome = judged(name, path, from, to);
        let faults = outcome.mismatches.iter().chain(&outcome.misread);
        faults.map(|fault| fault.failure.clone()).collect()
    }

    #[test]
    fn paths_with_fragments_have_calls_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let client = client(folder.path(), FRAGMENTS);
        let opened = client.open();
        let package = opened.package();
        let analysed = opened.analyse().unwrap_or_else(|report| panic!("{}", report.render(false)));
        let judged = Judged { description: &client.description, krate: &analysed.krate, package: &package };
        let calls = Calls::of(judged, &choice()).unwrap();
        assert_eq!(calls.ids, ["getPets", "getNamedPets"]);
        assert!(calls.outcome.mismatches.is_empty(), "{:?}", calls.outcome.mismatches);
    }

    #[test]
    #[ignore = "exhaustive"]
    fn judge_finds_planted_faults_on_the_wire() {
        let put = "src/operations/put_pet.rs";
        let right = judged("right", put, "putPet", "putPet");
        assert!(right.mismatches.is_empty() && right.misread.is_empty(), "{right:#?}");
        assert!(right.calls > 20 && right.responses > 10 && right.without_case.is_empty(), "{right:#?}");

        let renamed = failures("renamed", put, "query(\"tags\"", "query(\"tag\"");
        assert!(renamed.iter().any(|failure| failure.contains("the Query parameter `tags`")), "{renamed:?}");
        let forgotten = failures("forgotten", put, "request.header(\"X-Trace\", &self.x_trace);", "");
        assert!(forgotten.iter().any(|failure| failure.contains("the header `X-Trace`")), "{forgotten:?}");
        let (from, to) = ("push_encoded(&mut encoded, text)", "encoded.push_str(text)");
        let unescaped = failures("unescaped", "src/runtime/request.rs", from, to);
        assert!(unescaped.iter().any(|failure| failure.contains("the path is")), "{unescaped:?}");
        let misread = failures("misread", "src/error.rs", "404 =>", "405 =>");
        assert!(misread.iter().all(|failure| failure.contains("404")) && !misread.is_empty(), "{misread:?}");
    }
}
