//! Results of calls that succeed.

use std::collections::BTreeSet;

use super::values::Use;
use super::{PLAIN_JSON, Planner, Reply};
use crate::ir::{Content, Object, Operation, Response, ResultMarker, Schema, StatusPattern};

impl Planner<'_, '_> {
    /// Plans what a call returns, with the status of a success.
    pub(super) fn reply(&mut self, operation: &Operation) -> Option<(StatusPattern, Reply)> {
        let are_plain: Vec<_> = operation.responses.iter().map(|response| self.response(response)).collect();
        let successes: Vec<_> = operation.successes().collect();
        let at = operation.source.child("responses");
        let success = match successes.as_slice() {
            [success] => *success,
            [] => return self.refuse(&at, "an operation without a declared success"),
            _ => return self.refuse(&at, "an operation with several kinds of success"),
        };
        are_plain.into_iter().collect::<Option<Vec<_>>>()?;
        Some((success.status, self.success(operation, success)?))
    }

    fn success(&mut self, operation: &Operation, success: &Response) -> Option<Reply> {
        let contents = success.contents.as_slice();
        if contents.is_empty() {
            return Some(Reply::Empty);
        }
        let Some(content) = Content::json(contents) else {
            return Some(Reply::File { accept: accept(&media_types(operation, |_| true)) });
        };
        let Some(schema) = &content.schema else {
            return self.refuse(&content.source, "a response without a schema");
        };
        let value = self.typed(schema, Use::Received)?;
        let statement = self.api.object(schema).and_then(statement).filter(|_| schema.nullable);
        if let Some(statement) = statement {
            return self.refuse(&schema.source, &format!("`{statement}` of a response that may be `null`"));
        }
        let names = self.json_media_types(operation, success, schema);
        let is_plain = names.iter().all(|name| name == PLAIN_JSON);
        let accept = (!is_plain).then(|| Vec::from_iter(names).join(", "));
        Some(Reply::Json { ty: value.nullable_ty(), accept })
    }

    /// Returns the media types of JSON to ask for: of a success, those with the schema of the result.
    fn json_media_types(
        &mut self,
        operation: &Operation,
        success: &Response,
        schema: &Schema,
    ) -> BTreeSet<String> {
        let is_other = |content: &&Content| {
            content.is_json() && !content.schema.as_ref().is_some_and(|other| other.ty.is_same(&schema.ty))
        };
        let others: Vec<_> = success.contents.iter().filter(is_other).collect();
        for other in &others {
            let message = format!("`{}` is not asked for: it has another schema", other.media_type);
            self.warn(&other.source, message);
        }
        let is_wanted = |content: &Content| {
            content.is_json() && others.iter().all(|other| other.source != content.source)
        };
        media_types(operation, is_wanted).into_iter().map(Content::json_media_type).collect()
    }

    /// Examines a response, whatever its status is.
    fn response(&mut self, response: &Response) -> Option<()> {
        for link in &response.links {
            self.warn(&response.source.child("links").child(link), "links are not generated");
        }
        let at = response.source.child("content");
        let json = Content::json(&response.contents);
        if json.is_some() && !response.contents.iter().all(Content::is_json) {
            self.warn(&at, "of these media types, only JSON is asked for");
        }
        if json.is_none() && !response.contents.is_empty() && !response.status.is_success() {
            self.warn(&at, "this error response is not JSON, so its body is given as text only");
        }
        match response.status {
            StatusPattern::Code(100..=199) | StatusPattern::Range(1) => {
                self.refuse(&response.source, "an informational response")
            }
            status => match json {
                Some(Content { schema: None, source, .. }) if !status.is_success() => {
                    self.refuse(source, "a response without a schema")
                }
                _ => Some(()),
            },
        }
    }
}

/// Returns the extension that makes an object an envelope.
fn statement(object: &Object) -> Option<&'static str> {
    let is_result = matches!(object.result, Some(ResultMarker::Property(_)));
    let failure = object.failure.as_ref().map(|_| "x-failure-when");
    failure.or_else(|| is_result.then_some("x-result"))
}

/// Lists media types of all responses, each once: a server chooses before it knows whether a call succeeds.
fn media_types(operation: &Operation, is_wanted: impl Fn(&Content) -> bool) -> Vec<&Content> {
    let mut listed: Vec<&Content> = Vec::new();
    let contents = operation.responses.iter().flat_map(|response| &response.contents);
    for content in contents.filter(|content| is_wanted(content)) {
        if listed.iter().all(|other| other.media_type != content.media_type) {
            listed.push(content);
        }
    }
    listed
}

/// Writes media types as a request asks for them.
fn accept(contents: &[&Content]) -> String {
    contents.iter().map(|content| content.media_type.as_str()).collect::<Vec<_>>().join(", ")
}
