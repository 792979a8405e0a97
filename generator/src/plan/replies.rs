//! Results of calls that succeed.

use std::collections::BTreeSet;

use super::names::{Names, status_name};
use super::values::Use;
use super::{Case, Choice, EventStream, Name, PLAIN_JSON, Payload, Planner, Reply, Ty};
use crate::diagnostic::Location;
use crate::ir::{Content, Object, Operation, Response, ResultMarker, Schema, StatusPattern};

/// A success as it is read: its status, and its content by media type.
struct Success<'r> {
    response: &'r Response,
    /// Contents of different kinds; of several, the last one is a file.
    payloads: Vec<Payload>,
}

impl Planner<'_, '_> {
    /// Plans what a call returns. An enum of the call takes the name `enum_name`.
    pub(super) fn reply(
        &mut self,
        operation: &Operation,
        enum_name: impl FnOnce() -> Name,
    ) -> Option<(Vec<StatusPattern>, Reply, Option<EventStream>)> {
        for response in &operation.responses {
            self.media_types_left_out(response, !response.status.is_success());
        }
        let successes: Vec<_> = operation.successes().collect();
        let statuses = successes.iter().map(|success| success.status).collect();
        if successes.is_empty() {
            let message = "no success is declared, so a call returns nothing for any 2XX";
            self.warn(&operation.source.child("responses"), message);
            return Some((statuses, Reply::Empty, None));
        }
        if successes.iter().all(|success| success.status.is_redirect()) {
            return Some((statuses, Reply::Redirect, None));
        }
        let stream = match operation.stream() {
            Some((response, content)) => Some(self.stream(operation, response, content)?),
            None => None,
        };
        let has_others = |response: &&Response| response.contents.iter().any(|it| it.sequence().is_none());
        if let Some(stream) = &stream
            && !operation.successes().any(|success| has_others(&success))
        {
            let reply = Reply::Stream(stream.item.clone());
            return Some((statuses, reply, Some(stream.clone())));
        }
        let read: Vec<_> = successes.iter().map(|success| self.success(operation, success)).collect();
        let read = read.into_iter().collect::<Option<Vec<_>>>()?;
        let reply = one(operation, &read).or_else(|| optional(operation, &read));
        let reply = reply.unwrap_or_else(|| self.choice(operation, &read, enum_name()));
        Some((statuses, reply, stream))
    }

    /// Plans the content of a success.
    fn success<'r>(&mut self, operation: &Operation, response: &'r Response) -> Option<Success<'r>> {
        let contents = response.contents.as_slice();
        let mut others = contents.iter().filter(|content| content.sequence().is_none()).peekable();
        let is_file = |content: &Content| content.is_file() && content.sequence().is_none();
        let payloads = match Content::json(contents) {
            Some(content) => {
                let json = Payload::Json(self.json(response, content)?);
                let file = contents.iter().any(is_file).then_some(Payload::File);
                [json].into_iter().chain(file).collect()
            }
            None if contents.is_empty() => vec![Payload::Empty],
            None if others.peek().is_some() && others.all(Content::is_text) => vec![Payload::Text],
            None => vec![Payload::File],
        };
        let is_enveloped = operation.envelope.is_some();
        let payloads = if is_enveloped { payloads.into_iter().take(1).collect() } else { payloads };
        Some(Success { response, payloads })
    }

    /// Plans the type of JSON; JSON without a schema is any value.
    fn json(&mut self, response: &Response, content: &Content) -> Option<Ty> {
        let Some(schema) = &content.schema else { return Some(Ty::Json) };
        let value = self.typed(schema, Use::Received)?;
        let statement = self.api.object(schema).and_then(statement).filter(|_| schema.nullable);
        if let Some(statement) = statement {
            return self.refuse(&schema.source, &format!("`{statement}` of a response that may be `null`"));
        }
        for other in others(response, schema) {
            let message = format!("`{}` is not asked for: it has another schema", other.media_type);
            self.warn(&other.source, message);
        }
        Some(value.nullable_ty())
    }

    fn choice(&self, operation: &Operation, successes: &[Success<'_>], name: Name) -> Reply {
        let mut successes: Vec<_> = successes.iter().collect();
        successes.sort_by_key(|success| success.response.status);
        let declared: Vec<_> = successes.iter().map(|success| success.response.status).collect();
        let mut scope = Names::Variants.scope();
        let mut case = |success: &Success<'_>, payload: &Payload| {
            let Response { status, docs, .. } = success.response;
            let kind = if success.payloads.len() == 1 { "" } else { word(payload) };
            let wanted = match (declared.as_slice(), status) {
                ([_], _) => kind.to_owned(),
                (_, StatusPattern::Range(_)) => format!("Success{kind}"),
                (_, status) => format!("{}{kind}", status_name(*status, &declared, self.dialect)),
            };
            Case {
                name: scope.camel(&wanted),
                status: *status,
                payload: payload.clone(),
                is_one_of_several: success.payloads.len() > 1,
                docs: docs.clone(),
            }
        };
        let cases: Vec<_> = successes
            .iter()
            .flat_map(|success| {
                success.payloads.iter().map(|payload| case(success, payload)).collect::<Vec<_>>()
            })
            .collect();
        let is_plain = !cases.iter().any(|case| matches!(case.payload, Payload::Text | Payload::File));
        let accept = if is_plain { json_accept(operation) } else { Some(accept(operation)) };
        Reply::Choice(Choice { name, cases, accept })
    }

    /// Reports the media types of a response that no call reads.
    fn media_types_left_out(&mut self, response: &Response, is_failure: bool) {
        let contents = &response.contents;
        let at = response.source.child("content");
        if Content::json(contents).is_none() {
            if is_failure && !contents.is_empty() && !contents.iter().all(Content::is_text) {
                self.warn(&at, "this error response is neither JSON nor text, so it has no typed body");
            }
            return;
        }
        let is_stream = |content: &Content| !is_failure && content.sequence().is_some();
        let is_file = |content: &Content| !is_failure && content.is_file() && !is_stream(content);
        let is_left_out = |content: &Content| !content.is_json() && !is_file(content) && !is_stream(content);
        if contents.iter().any(is_left_out) {
            let kept = if contents.iter().any(is_file) { "JSON and files are" } else { "JSON is" };
            self.warn(&at, format!("of these media types, only {kept} asked for"));
        }
    }
}

/// Reports links: once, since a description has none or many.
impl Planner<'_, '_> {
    pub(super) fn tell_omitted(&mut self) {
        let links = |operation: &Operation| -> Vec<Location> {
            let of = |response: &Response| {
                let at = response.source.child("links");
                response.links.iter().map(|link| at.child(link)).collect::<Vec<_>>()
            };
            operation.responses.iter().flat_map(of).collect()
        };
        let places: BTreeSet<_> = self.api.operations.iter().flat_map(links).collect();
        let Some(first) = places.first() else { return };
        let more = match places.len() {
            1 => String::new(),
            many => format!(" ({many} in the description)"),
        };
        self.warn(first, format!("links are not generated{more}"));
    }
}

/// Returns the content that all successes have alike.
fn one(operation: &Operation, successes: &[Success<'_>]) -> Option<Reply> {
    let [payload] = successes.first()?.payloads.as_slice() else { return None };
    if successes.iter().any(|success| success.payloads != [payload.clone()]) {
        return None;
    }
    Some(match payload {
        Payload::Empty => Reply::Empty,
        Payload::Json(ty) => Reply::Json { ty: ty.clone(), accept: json_accept(operation) },
        Payload::Text => Reply::Text { accept: accept(operation) },
        Payload::File => Reply::File { accept: accept(operation) },
    })
}

/// Returns JSON that some statuses have, and others have not.
fn optional(operation: &Operation, successes: &[Success<'_>]) -> Option<Reply> {
    let (mut json, mut empty) = (None, Vec::new());
    for Success { response, payloads } in successes {
        match (payloads.as_slice(), response.status) {
            ([Payload::Empty], StatusPattern::Code(code)) => empty.push(code),
            ([Payload::Json(ty)], _) if json.as_ref().is_none_or(|known| known == ty) => {
                json = Some(ty.clone());
            }
            _ => return None,
        }
    }
    empty.retain(|code| !StatusPattern::Code(*code).has_no_content());
    let ty = match json? {
        Ty::Option(ty) => *ty,
        ty => ty,
    };
    Some(Reply::Optional { ty, accept: json_accept(operation), empty })
}

fn word(payload: &Payload) -> &'static str {
    match payload {
        Payload::Empty => "Empty",
        Payload::Json(_) => "Json",
        Payload::Text => "Text",
        Payload::File => "File",
    }
}

/// Returns the extension that makes an object an envelope.
fn statement(object: &Object) -> Option<&'static str> {
    let is_result = matches!(object.result, Some(ResultMarker::Property(_)));
    let failure = object.failure.as_ref().map(|_| "x-failure-when");
    failure.or_else(|| is_result.then_some("x-result"))
}

/// Lists JSON of other schemas than that of the result.
fn others<'r>(response: &'r Response, schema: &Schema) -> Vec<&'r Content> {
    let is_other = |content: &&Content| {
        content.is_json() && !content.schema.as_ref().is_some_and(|other| other.ty.is_same(&schema.ty))
    };
    response.contents.iter().filter(is_other).collect()
}

/// Lists the contents of all responses that a call may read: a server chooses before it knows whether a call succeeds.
fn readable(operation: &Operation) -> impl Iterator<Item = &Content> {
    operation.responses.iter().flat_map(|response| {
        let json = Content::json(&response.contents);
        let is_success = response.status.is_success();
        let schema = json.and_then(|content| content.schema.as_ref()).filter(|_| is_success);
        let others: Vec<_> = schema.map(|schema| others(response, schema)).unwrap_or_default();
        let has_others = response.contents.iter().any(|content| content.sequence().is_none());
        let stream = if has_others { None } else { response.stream().map(|stream| &stream.source) };
        let is_read = move |content: &&Content| {
            let is_other_stream = content.sequence().is_some() && stream != Some(&content.source);
            let is_file = is_success && content.is_file() && content.sequence().is_none();
            let is_of_kind = json.is_none() || content.is_json() || is_file;
            is_of_kind && !is_other_stream && others.iter().all(|other| other.source != content.source)
        };
        response.contents.iter().filter(is_read)
    })
}

/// Returns the media types of JSON to ask for, where they are others than that of plain JSON.
fn json_accept(operation: &Operation) -> Option<String> {
    let names: BTreeSet<_> =
        readable(operation).filter(|content| content.is_json()).map(Content::json_media_type).collect();
    let is_plain = names.iter().all(|name| name == PLAIN_JSON);
    (!is_plain).then(|| Vec::from_iter(names).join(", "))
}

/// Writes media types as a request asks for them, each once.
pub(super) fn accept(operation: &Operation) -> String {
    let mut listed: Vec<&str> = Vec::new();
    for content in readable(operation) {
        if !listed.contains(&content.media_type.as_str()) {
            listed.push(&content.media_type);
        }
    }
    listed.join(", ")
}
