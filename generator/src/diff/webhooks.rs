//! Webhooks: requests that an application receives, and the responses that it can give.

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::ir::StatusPattern;
use crate::plan::{Crate, ResponseBody, Ty, Webhook, WebhookResponse};

impl Comparison<'_> {
    pub(super) fn webhooks(&mut self) {
        let module = "webhooks";
        match (self.old.incoming.as_deref(), self.new.incoming.as_deref()) {
            (Some(old), Some(new)) => self.changes.extend(compared(old, new)),
            (Some(old), None) => {
                let about = About::old(Subject::Webhook, module, &old.source);
                self.push(about, Kind::Removed, Severity::Major, "removed, with the feature `webhooks`");
            }
            (None, Some(new)) => {
                let about = About::new(Subject::Webhook, module, &new.source);
                self.push(about, Kind::Added, Severity::Minor, "added, with the feature `webhooks`");
            }
            (None, None) => {}
        }
    }

    fn each_webhook(&mut self) {
        let id = |webhook: &Webhook| webhook.id.clone();
        let request = |webhook: &Webhook| match &webhook.path {
            Some(path) => format!("{} {path}", webhook.http_method),
            None => webhook.id.clone(),
        };
        let (pairs, gone, come) = matched(&self.old.webhooks, &self.new.webhooks, &[&id, &request]);
        for webhook in gone {
            let about = About::old(Subject::Webhook, webhook.name.plain(), &webhook.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for webhook in come {
            let about = About::new(Subject::Webhook, webhook.name.plain(), &webhook.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (was, is) in pairs {
            self.webhook(was, is);
        }
    }

    fn webhook(&mut self, was: &Webhook, is: &Webhook) {
        let name = is.name.plain();
        let about = About::both(Subject::Webhook, name, &was.source, &is.source);
        if was.name != is.name {
            self.push(about, Kind::Renamed, Severity::Major, format!("renamed, was `{}`", was.name.plain()));
        }
        let (before, now) = ((&was.http_method, &was.path), (&is.http_method, &is.path));
        if before != now {
            let path = is.path.as_deref().unwrap_or("at any path");
            let text = format!("is `{} {path}` now", is.http_method);
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
        let parse = format!("{name}::parse");
        let about_parse = About { item: &parse, ..about };
        match (&was.payload, &is.payload) {
            (Some(before), Some(now)) => {
                if let Some((before, now)) = self.retyped(before, now) {
                    let text = format!("returns `{now}` now, returned `{before}`");
                    self.push(about_parse, Kind::Retyped, Severity::Major, text);
                }
            }
            (Some(_), None) => {
                let text = "removed: the request has no body";
                self.push(about_parse, Kind::Removed, Severity::Major, text);
            }
            (None, Some(_)) => self.push(about_parse, Kind::Added, Severity::Minor, "added"),
            (None, None) => {}
        }
        match (&was.signature, &is.signature) {
            (None, Some(_)) => {
                let text = "takes the secret of the signature now";
                self.push(about_parse, Kind::Required, Severity::Major, text);
            }
            (Some(_), None) => {
                let text = "no longer takes the secret of a signature";
                self.push(about_parse, Kind::Removed, Severity::Major, text);
            }
            (was, is) if was != is => {
                self.push(about_parse, Kind::Behaviour, Severity::Patch, "verifies another signature");
            }
            _ => {}
        }
        self.docs(about, &was.docs, &is.docs);
        self.responses(was, is);
    }

    fn responses(&mut self, was: &Webhook, is: &Webhook) {
        let item = |response: &WebhookResponse| format!("{}::Response::{}", is.name.plain(), response.name);
        let status = |response: &WebhookResponse| response.status;
        let (pairs, gone, come) = matched::<_, StatusPattern>(&was.responses, &is.responses, &[&status]);
        for response in gone {
            let item = item(response);
            let about = About::old(Subject::Webhook, &item, &response.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for response in come {
            let item = item(response);
            let about = About::new(Subject::Webhook, &item, &response.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
        for (before, now) in pairs {
            let item = item(now);
            let about = About::both(Subject::Webhook, &item, &before.source, &now.source);
            if before.name != now.name {
                let text = format!("renamed, was `{}`", before.name);
                self.push(about, Kind::Renamed, Severity::Major, text);
            }
            self.response_body(about, &before.body, &now.body);
            self.docs(about, &before.docs, &now.docs);
        }
    }

    fn response_body(&mut self, about: About<'_>, was: &ResponseBody, is: &ResponseBody) {
        let ty = |body: &ResponseBody| match body {
            ResponseBody::Empty => None,
            ResponseBody::Json { ty, .. } => Some(ty.clone()),
            ResponseBody::Bytes { .. } => Some(Ty::Vec(Box::new(Ty::Unit))),
        };
        let media_type = |body: &ResponseBody| match body {
            ResponseBody::Empty => String::new(),
            ResponseBody::Json { media_type, .. } | ResponseBody::Bytes { media_type } => media_type.clone(),
        };
        let is_retyped = match (ty(was), ty(is)) {
            (Some(was), Some(is)) => self.retyped(&was, &is).is_some(),
            (was, is) => was.is_some() != is.is_some(),
        };
        if is_retyped {
            self.push(about, Kind::Retyped, Severity::Major, "has another body");
        } else if media_type(was) != media_type(is) {
            let text = format!("is sent as `{}` now", media_type(is));
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
    }
}

/// Compares the webhooks of two crates, which are a module.
fn compared(old: &Crate, new: &Crate) -> impl Iterator<Item = super::Change> {
    let mut comparison = Comparison::of(old, new);
    comparison.each_webhook();
    comparison.types();
    let in_module =
        |change: super::Change| super::Change { item: format!("webhooks::{}", change.item), ..change };
    comparison.changes.into_iter().map(in_module)
}
