//! Webhooks: requests that an application receives, and the responses that it can give.

use super::ident::Scope;
use super::names::{Names, report_number, status_name};
use super::values::Use;
use super::{ItemKind, Planner, ResponseBody, Ty, Webhook, WebhookResponse};
use crate::ir::{Content, Operation, ParameterPlace, RequestBody, Response, StatusPattern};

impl Planner<'_, '_> {
    /// Plans the webhooks, in the order of their identifiers.
    pub(super) fn webhooks(&mut self) -> Option<Vec<Webhook>> {
        let api = self.api;
        let mut modules = Names::Webhooks.scope();
        let webhooks: Vec<_> =
            api.operations.iter().map(|operation| self.webhook(operation, &mut modules)).collect();
        webhooks.into_iter().collect()
    }

    fn webhook(&mut self, operation: &Operation, modules: &mut Scope) -> Option<Webhook> {
        let wanted = operation.alias.as_ref().unwrap_or(&operation.id);
        let name = modules.snake(wanted);
        let alone = || Names::Webhooks.scope().snake(wanted);
        report_number(&name, alone, wanted, &operation.source, self.diagnostics);
        for parameter in &operation.parameters {
            if parameter.place != ParameterPlace::Header {
                self.warn(&parameter.source, "only headers and the body of a webhook are read");
            }
        }
        let payload = operation.body.as_ref().map(|body| self.payload(body));
        let responses = self.webhook_responses(operation);
        let payload = match payload {
            Some(payload) => Some(payload?),
            None => None,
        };
        Some(Webhook {
            tag: payload.as_ref().and_then(|payload| self.required_tag(payload)),
            id: operation.id.clone(),
            name,
            http_method: operation.method.clone(),
            path: Some(operation.path.clone())
                .filter(|path| path.starts_with('/') || path.contains(['{', ':'])),
            docs: operation.docs.clone(),
            payload,
            signature: operation.signature.clone(),
            responses: responses?,
            source: operation.source.clone(),
        })
    }

    /// Plans the type of a body.
    fn payload(&mut self, body: &RequestBody) -> Option<Ty> {
        let Some(json) = Content::json(&body.contents) else {
            return self.refuse(&body.source, "a webhook with a body that is not JSON");
        };
        if !body.contents.iter().all(Content::is_json) {
            self.warn(&body.source, "of these media types, only JSON is read");
        }
        match &json.schema {
            Some(schema) => Some(self.typed(schema, Use::Received)?.nullable_ty()),
            None => Some(Ty::Json),
        }
    }

    /// Returns the property that tells the variants of a payload apart, if all of them require it.
    fn required_tag(&self, payload: &Ty) -> Option<String> {
        match &self.items.get(payload.item()?.0)?.as_ref()?.kind {
            ItemKind::Union(union) => union.required_tag().cloned(),
            _ => None,
        }
    }

    fn webhook_responses(&mut self, operation: &Operation) -> Option<Vec<WebhookResponse>> {
        let declared: Vec<_> = operation.responses.iter().map(|response| response.status).collect();
        let mut names = Names::Responses.scope();
        let responses: Vec<_> = operation
            .responses
            .iter()
            .map(|response| self.webhook_response(response, &declared, &mut names))
            .collect();
        responses.into_iter().collect()
    }

    fn webhook_response(
        &mut self,
        response: &Response,
        declared: &[StatusPattern],
        names: &mut Scope,
    ) -> Option<WebhookResponse> {
        let name = match response.status {
            StatusPattern::Code(100..=199) | StatusPattern::Range(1) => {
                return self.refuse(&response.source, "an informational response");
            }
            StatusPattern::Range(2) => "Success".to_owned(),
            status => status_name(status, declared, self.dialect),
        };
        Some(WebhookResponse {
            name: names.camel(&name),
            status: response.status,
            body: self.response_body(response)?,
            docs: response.docs.clone(),
            source: response.source.clone(),
        })
    }

    /// Plans the body of a response: JSON, if there is a choice.
    fn response_body(&mut self, response: &Response) -> Option<ResponseBody> {
        let json = Content::json(&response.contents);
        let Some(content) = json.or(response.contents.first()) else { return Some(ResponseBody::Empty) };
        if response.contents.len() > 1 {
            let message = format!("of these media types, only `{}` is sent", content.media_type);
            self.warn(&response.source.child("content"), message);
        }
        match &content.schema {
            Some(schema) if json.is_some() => {
                let ty = self.typed(schema, Use::Sent)?.nullable_ty();
                Some(ResponseBody::Json { ty, media_type: content.json_media_type() })
            }
            _ => Some(ResponseBody::Bytes { media_type: content.media_type.clone() }),
        }
    }
}
