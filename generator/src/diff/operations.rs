//! Operations: methods of the client, their calls, and what is known of them.

use std::collections::BTreeSet;

use super::{About, Comparison, Kind, Severity, Subject, matched};
use crate::ir::{ParameterPlace, RateLimit, Safety, StatusPattern};
use crate::plan::{
    Call, Case, Choice, Crate, CredentialId, Cursor, Envelope, Limit, Paging, Reply, Retirement,
    StreamContent, Turn, Ty, code, period,
};

/// Credentials that are used together, by their setters on the builder.
type Alternative<'a> = BTreeSet<&'a str>;

impl Comparison<'_> {
    pub(super) fn operations(&mut self) {
        let name = |call: &Call| call.method.to_string();
        let id = |call: &Call| call.id.clone();
        let request = |call: &Call| format!("{} {}", call.http_method, call.path);
        let (pairs, gone, come) = matched(&self.old.calls, &self.new.calls, &[&id, &request, &name]);
        for call in gone {
            let item = method(call);
            let about = About::old(Subject::Operation, &item, &call.source);
            self.push(about, Kind::Removed, Severity::Major, format!("removed (`{}`)", request(call)));
        }
        for call in come {
            let item = method(call);
            let about = About::new(Subject::Operation, &item, &call.source);
            self.push(about, Kind::Added, Severity::Minor, format!("added (`{}`)", request(call)));
        }
        for (old, new) in pairs {
            self.operation(old, new);
        }
    }

    fn operation(&mut self, old: &Call, new: &Call) {
        let item = method(new);
        let about = About::both(Subject::Operation, &item, &old.source, &new.source);
        let (was, is) = (call_path(self.old, old), call_path(self.new, new));
        if old.method != new.method {
            let text = format!("renamed, was `{}`", method(old));
            self.push(about, Kind::Renamed, Severity::Major, text);
        } else if was != is {
            self.push(about, Kind::Renamed, Severity::Major, format!("its call is `{is}` now, was `{was}`"));
        }
        if old.id != new.id && old.method == new.method {
            let text = format!("is `{}` in traces and errors now, was `{}`", new.id, old.id);
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        self.address(about, old, new);
        self.facts(about, old, new);
        self.security(About { subject: Subject::Security, ..about }, old, new);
        self.inputs(old, new);
        self.limits(old, new);
        self.reply(About { subject: Subject::Reply, ..about }, old, new);
        self.error_responses(About { subject: Subject::ErrorResponse, ..about }, old, new);
        self.paging(About { subject: Subject::Paging, ..about }, old, new);
        self.deprecation(about, old.deprecated, new.deprecated);
        self.docs(about, &old.docs, &new.docs);
    }

    fn address(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let is_same = |one: &Call, other: &Call| {
            one.http_method == other.http_method && template(one) == template(other)
        };
        let taken = self.old.calls.iter().find(|other| other.id != old.id && is_same(other, new));
        if let Some(taken) = taken.filter(|_| !is_same(old, new)) {
            let text = format!("does now what `{}` did", method(taken));
            self.push(about, Kind::Retyped, Severity::Major, text);
        }
        if old.http_method != new.http_method {
            let text = format!("is sent as {} now, was {}", new.http_method, old.http_method);
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
        if template(old) != template(new) {
            self.push(about, Kind::Moved, Severity::Patch, moved(&old.path, &new.path));
        }
        self.server_of(about, old, new);
    }

    /// Compares what the constant of an operation says, beside its address and its security.
    fn facts(&mut self, about: About<'_>, old: &Call, new: &Call) {
        if old.safety != new.safety {
            let text = match new.safety {
                Safety::ReadOnly => "is read-only, so it is retried after a failure",
                Safety::Idempotent => "is idempotent, so it is retried after a failure",
                Safety::Unsafe => {
                    "is not idempotent, so it is retried only if the server did not process the request"
                }
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if old.follows_redirects != new.follows_redirects {
            let text = if new.follows_redirects {
                "follows redirects to the same server"
            } else {
                "no longer follows redirects"
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        self.idempotency_key(about, old, new);
        if old.rate_limit != new.rate_limit {
            let about = About { subject: Subject::RateLimit, ..about };
            let (kind, text) = rate_limit(old.rate_limit, new.rate_limit);
            self.push(about, kind, Severity::Patch, text);
        }
        self.retirement(about, old.retirement.as_ref(), new.retirement.as_ref());
        if sorted(&old.scopes) != sorted(&new.scopes) {
            let about = About { subject: Subject::Security, ..about };
            let text = match codes(&new.scopes).as_str() {
                "" => "no longer names scopes".to_owned(),
                list => format!("needs one of the scopes {list}"),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        match (old.is_cloneable(), new.is_cloneable()) {
            (true, false) => {
                let text = "no longer has a call that can be cloned, since the call may have a file";
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            (false, true) => {
                self.push(about, Kind::Added, Severity::Minor, "has a call that can be cloned");
            }
            _ => {}
        }
    }

    /// Compares which limits have constants. The rules of inputs tell changes of the limits themselves.
    fn limits(&mut self, old: &Call, new: &Call) {
        let path = call_path(self.new, new);
        let name = |limit: &Limit| limit.name.clone();
        let (_, gone, come) = matched(&old.limits, &new.limits, &[&name]);
        for limit in gone {
            let item = format!("{path}::{}", limit.name);
            let about = About::both(Subject::Operation, &item, &old.source, &new.source);
            self.push(about, Kind::Removed, Severity::Major, "removed");
        }
        for limit in come {
            let item = format!("{path}::{}", limit.name);
            let about = About::both(Subject::Operation, &item, &old.source, &new.source);
            self.push(about, Kind::Added, Severity::Minor, "added");
        }
    }

    fn idempotency_key(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let (kind, severity, text) = match (&old.idempotency_key, &new.idempotency_key) {
            (None, Some(header)) => {
                let text =
                    format!("takes an idempotency key in `{header}`, so it is retried after a failure");
                (Kind::Added, Severity::Minor, text)
            }
            (Some(header), None) => {
                let text = format!(
                    "no longer takes an idempotency key (`{header}`), and a call that sets one fails"
                );
                (Kind::Removed, Severity::Major, text)
            }
            (Some(was), Some(is)) if !was.eq_ignore_ascii_case(is) => {
                let text = format!("has its idempotency key in `{is}` now, was `{was}`");
                (Kind::Moved, Severity::Patch, text)
            }
            _ => return,
        };
        self.push(about, kind, severity, text);
    }

    fn retirement(&mut self, about: About<'_>, old: Option<&Retirement>, new: Option<&Retirement>) {
        let facts = |retirement: Option<&Retirement>| {
            let Retirement { degradation, shutdown, replacement } = retirement?.clone();
            Some((degradation, shutdown, replacement.map(|replacement| replacement.id)))
        };
        if facts(old) == facts(new) {
            return;
        }
        let shutdown = |retirement: Option<&Retirement>| retirement?.shutdown.clone();
        let text = match (new, shutdown(new)) {
            (None, _) => "is no longer scheduled for removal".to_owned(),
            (_, Some(date)) if shutdown(old).as_ref() != Some(&date) => format!("is shut down on {date}"),
            _ => "has another scheduled removal".to_owned(),
        };
        self.push(about, Kind::Behaviour, Severity::Patch, text);
    }

    fn security(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let (before, now) = (alternatives(self.old, &old.security), alternatives(self.new, &new.security));
        let is_public = |alternatives: &[Alternative<'_>]| {
            alternatives.is_empty() || alternatives.iter().any(BTreeSet::is_empty)
        };
        // Whoever has the credentials of an alternative has those of every smaller one.
        let suffices = |given: &Alternative<'_>, asked: &[Alternative<'_>]| {
            is_public(asked) || asked.iter().any(|alternative| alternative.is_subset(given))
        };
        if is_public(&before) && !is_public(&now) {
            self.push(about, Kind::Required, Severity::Major, format!("needs {}", listed(&now)));
            return;
        }
        for alternative in before.iter().filter(|alternative| !suffices(alternative, &now)) {
            let wider: Vec<_> = now.iter().filter(|other| other.is_superset(alternative)).cloned().collect();
            let text = match listed(&wider).as_str() {
                "" => format!("no longer takes {}", credentials(alternative)),
                wider => format!("no longer takes {} alone, but {wider}", credentials(alternative)),
            };
            self.push(about, Kind::Removed, Severity::Major, text);
        }
        if !is_public(&before) && is_public(&now) {
            self.push(about, Kind::Loosened, Severity::Minor, "needs no credentials");
            return;
        }
        for alternative in now.iter().filter(|alternative| !suffices(alternative, &before)) {
            let text = format!("takes {}, too", credentials(alternative));
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        // Which credentials a client sends that has more than it needs.
        let is_kept = before.iter().all(|alternative| suffices(alternative, &now))
            && now.iter().all(|alternative| suffices(alternative, &before));
        if is_kept && before != now {
            let text = match listed(&now).as_str() {
                "" => "is sent without credentials".to_owned(),
                list => format!("is sent with the first of {list} that the client has"),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    fn reply(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let retyped = self.reply_retyped(&old.reply, &new.reply);
        match (retyped, result(old) == result(new)) {
            (Some((was, is)), true) => {
                let text = format!("returns `{is}` now, returned `{was}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            (Some((was, is)), false) => {
                let (of_is, of_was) = (origin(new), origin(old));
                let text = format!("returns `{is}` now, {of_is}; returned `{was}`, {of_was}");
                self.push(about, Kind::Retyped, Severity::Major, text);
                // The change of the response says which types come and go with the envelope.
                self.told.0.extend(old.reply.types().iter().filter_map(Ty::item));
                self.told.1.extend(new.reply.types().iter().filter_map(Ty::item));
            }
            (None, false) => {
                let text = format!("returns {} now; it was {}", origin(new), origin(old));
                self.push(about, Kind::Moved, Severity::Patch, text);
            }
            (None, true) => {}
        }
        if let (Some(was), Some(is)) = (accepted(&old.reply), accepted(&new.reply))
            && was != is
        {
            self.push(about, Kind::Behaviour, Severity::Patch, format!("asks for {}", codes(is)));
        }
        self.stream(about, old, new);
        self.failure(about, old.envelope.as_ref(), new.envelope.as_ref());
        self.successes(about, old, new);
    }

    /// Compares the streams of two calls.
    fn stream(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let (was, is) = match (&old.stream, &new.stream) {
            (Some(was), Some(is)) => (was, is),
            (Some(_), None) => {
                let text = "no longer has the method `stream` for a stream";
                return self.push(about, Kind::Removed, Severity::Major, text);
            }
            (None, Some(_)) => {
                return self.push(
                    about,
                    Kind::Added,
                    Severity::Minor,
                    "has the method `stream` for a stream",
                );
            }
            (None, None) => return,
        };
        // A stream that is the result is compared as such.
        let is_result = [old, new].iter().all(|call| matches!(call.reply, Reply::Stream(_)));
        if let Some((was, is)) = self.retyped(&was.item, &is.item).filter(|_| !is_result) {
            let text = format!("streams `{is}` now, streamed `{was}`");
            self.push(about, Kind::Retyped, Severity::Major, text);
        }
        if was.content != is.content {
            let text =
                format!("reads {} now, read {}", stream_content(is.content), stream_content(was.content));
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if was.terminator != is.terminator {
            let text = match &is.terminator {
                Some(terminator) => format!("ends the stream at {}", code(terminator)),
                None => "no longer ends the stream at a terminator".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if was.accept != is.accept {
            let accepted: Vec<_> = is.accept.split(", ").collect();
            let text = format!("asks for {} to stream", codes(accepted));
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    /// Returns the results of two calls as they are written, if they are of different types.
    fn reply_retyped(&self, old: &Reply, new: &Reply) -> Option<(String, String)> {
        match (old, new) {
            // Variants are compared one by one.
            (Reply::Choice(was), Reply::Choice(is)) if was.name == is.name => None,
            (Reply::Redirect, Reply::Redirect) => None,
            (old, new) => match (old.ty(), new.ty()) {
                (Some(was), Some(is)) => self.retyped(&was, &is),
                (was, is) => {
                    let was = was.map_or_else(|| own_type(old), |was| self.was(&was));
                    let is = is.map_or_else(|| own_type(new), |is| self.is(&is));
                    Some((was, is))
                }
            },
        }
    }

    /// Compares the declared successes.
    fn successes(&mut self, about: About<'_>, old: &Call, new: &Call) {
        if let (Reply::Choice(was), Reply::Choice(is)) = (&old.reply, &new.reply) {
            self.cases(about, was, is);
        } else if old.successes != new.successes {
            let text = "declares another status of success; the client accepts every 2XX";
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    /// Compares the variants of two results that depend on the response.
    fn cases(&mut self, about: About<'_>, old: &Choice, new: &Choice) {
        let path = format!("operations::{}", new.name);
        if !old.has_file() && new.has_file() {
            let text = "can no longer be cloned or compared, since it may have a file";
            self.push(About { item: &path, ..about }, Kind::Retyped, Severity::Major, text);
        } else if old.has_file() && !new.has_file() {
            let text = "can be cloned and compared";
            self.push(About { item: &path, ..about }, Kind::Added, Severity::Minor, text);
        }
        let (pairs, gone, come) = matched(&old.cases, &new.cases, &[&|case: &Case| case.name.clone()]);
        for case in gone {
            let item = format!("{path}::{}", case.name);
            let about = About { item: &item, ..about };
            self.push(about, Kind::Removed, Severity::Major, format!("removed (status {})", case.status));
        }
        for case in come {
            let item = format!("{path}::{}", case.name);
            let about = About { item: &item, ..about };
            self.push(about, Kind::Added, Severity::Minor, format!("added (status {})", case.status));
        }
        for (was, is) in pairs {
            let item = format!("{path}::{}", is.name);
            let about = About { item: &item, ..about };
            let retyped = match (was.payload.ty(), is.payload.ty()) {
                (Some(was), Some(is)) => self.retyped(&was, &is),
                (None, None) => None,
                (was, is) => {
                    let nothing = || "nothing".to_owned();
                    let was = was.map_or_else(nothing, |was| self.was(&was));
                    Some((was, is.map_or_else(nothing, |is| self.is(&is))))
                }
            };
            if let Some((was, is)) = retyped {
                let text = format!("has `{is}` now, had `{was}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            self.docs(about, &was.docs, &is.docs);
        }
    }

    fn failure(&mut self, about: About<'_>, old: Option<&Envelope>, new: Option<&Envelope>) {
        let failure = |envelope: Option<&Envelope>| envelope.and_then(|envelope| envelope.failure.clone());
        let (was, is) = (failure(old), failure(new));
        if was != is {
            let text = match is {
                Some((property, value)) => format!("reports a failure by `{property}`: `{value}`"),
                None => "no longer reports a failure under a status of success".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    fn error_responses(&mut self, about: About<'_>, old: &Call, new: &Call) {
        let variant = |krate: &Crate, call: &Call, status: StatusPattern| {
            let variant = krate.error_variant(call, status);
            variant.map_or_else(|| "Other".to_owned(), |variant| variant.name.to_string())
        };
        let (pairs, gone, come) = matched(&old.failures, &new.failures, &[&|status: &StatusPattern| *status]);
        for status in gone {
            let variant = variant(self.new, new, *status);
            let text = format!("no longer declares the status {status}: its body is `ErrorBody::{variant}`");
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        for status in come {
            let variant = variant(self.new, new, *status);
            let text = format!("declares the status {status}: its body is `ErrorBody::{variant}`");
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (status, _) in pairs {
            let (was, is) = (variant(self.old, old, *status), variant(self.new, new, *status));
            if was != is {
                let text =
                    format!("has `ErrorBody::{is}` for the status {status} now, had `ErrorBody::{was}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
        }
    }

    fn paging(&mut self, about: About<'_>, before: &Call, now: &Call) {
        match (&before.paging, &now.paging) {
            (None, Some(new)) => {
                let text = format!("is paged now: `pages()` and `stream()` of `{}`", self.is(&new.item));
                self.push(about, Kind::Added, Severity::Minor, text);
            }
            (Some(_), None) => {
                let text = "is no longer paged: `pages()` and `stream()` are removed";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (Some(old), Some(new)) => {
                if let Some((was, is)) = self.retyped(&old.item, &new.item) {
                    let text = format!("streams `{is}` now, streamed `{was}`");
                    self.push(about, Kind::Retyped, Severity::Major, text);
                } else if !is_same_turn(old, new) || !is_same_way((before, old), (now, new)) {
                    let [items, next] = ways(result(now), new);
                    let items = if items.is_empty() { "the response" } else { &format!("`{items}`") };
                    let text = format!("pages through {items} by {} now", turn(new, &next));
                    self.push(about, Kind::Behaviour, Severity::Patch, text);
                }
                self.page_url(about, old, new);
                self.mocked_pages(about, old, new);
            }
            (None, None) => {}
        }
    }

    /// Compares the responses of mocks, which make up tokens but no other way to the next page.
    fn mocked_pages(&mut self, about: About<'_>, old: &Paging, new: &Paging) {
        match (old.has_position(), new.has_position()) {
            (false, true) => {
                let text = "has no tokens of pages now: `On::pages` of its mock is removed";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (true, false) => {
                self.push(
                    about,
                    Kind::Added,
                    Severity::Minor,
                    "has tokens of pages now, and `On::pages` in mocks",
                );
            }
            _ => {}
        }
    }

    /// Compares the setter of the URL of a page.
    fn page_url(&mut self, about: About<'_>, old: &Paging, new: &Paging) {
        match (old.has_url(), new.has_url()) {
            (true, false) => {
                self.push(about, Kind::Removed, Severity::Major, "no longer has the setter `page_url`");
            }
            (false, true) => self.push(about, Kind::Added, Severity::Minor, "has the setter `page_url`"),
            _ => {}
        }
    }
}

/// Returns the type of a result that is no type of the description.
fn own_type(reply: &Reply) -> String {
    match reply {
        Reply::Choice(choice) => choice.name.to_string(),
        _ => "Redirect".to_owned(),
    }
}

/// Names the content of the items in a stream.
fn stream_content(content: StreamContent) -> &'static str {
    match content {
        StreamContent::Text => "text in the data of events",
        StreamContent::Json => "JSON in the data of events",
        StreamContent::TextEvent => "events with text",
        StreamContent::JsonEvent => "events with JSON",
        StreamContent::Lines => "JSON lines",
        StreamContent::Sequence => "a JSON text sequence",
    }
}

/// Returns the property of the response that is the result of a call.
fn result(call: &Call) -> Option<&str> {
    call.envelope.as_ref()?.result.as_deref()
}

/// Says which part of the response a call returns.
fn origin(call: &Call) -> String {
    match result(call) {
        Some(property) => format!("the property `{property}` of the response"),
        None => "the whole response".to_owned(),
    }
}

/// Returns `true` if two lists turn to the next page alike, by the same input.
fn is_same_turn(old: &Paging, new: &Paging) -> bool {
    std::mem::discriminant(&old.turn) == std::mem::discriminant(&new.turn)
        && old.input() == new.input()
        && in_body(old) == in_body(new)
}

/// Lists the names of the way to a cursor in the body.
fn in_body(paging: &Paging) -> Vec<&str> {
    match &paging.turn {
        Turn::Token { cursor: Cursor::Body { way, .. }, .. } => {
            way.iter().map(|step| step.wire.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// Writes how a list turns to the next page.
fn turn(paging: &Paging, next: &str) -> String {
    match &paging.turn {
        Turn::Token { cursor: Cursor::Input(_), .. } => format!("`{next}`"),
        Turn::Token { cursor: Cursor::Body { .. }, .. } => {
            format!("`{next}`, which goes to `{}` of the body", in_body(paging)[1..].join("."))
        }
        Turn::Page { input, .. } => format!("the number `{input}` of a page"),
        Turn::Offset { input, .. } => format!("the offset `{input}`"),
        Turn::Url { .. } => format!("the URL `{next}`"),
        Turn::Link => "the header `Link`".to_owned(),
    }
}

/// Returns `true` if two calls find items and tokens in the same places of the response or, since a result in another
/// place is a change of the response, in the same places of the result.
fn is_same_way((before, old): (&Call, &Paging), (now, new): (&Call, &Paging)) -> bool {
    ways(result(before), old) == ways(result(now), new) || ways(None, old) == ways(None, new)
}

/// Writes the ways to the items and to what says where the next page is, from the root of the response if the result is given: `result.chats`.
fn ways(result: Option<&str>, paging: &Paging) -> [String; 2] {
    [&paging.items, paging.next()].map(|steps| {
        let steps = steps.iter().map(|step| step.field.plain());
        result.into_iter().chain(steps).collect::<Vec<_>>().join(".")
    })
}

pub(super) fn method(call: &Call) -> String {
    format!("Client::{}", call.method.plain())
}

/// Returns the path of the call's type.
pub(super) fn call_path(krate: &Crate, call: &Call) -> String {
    let part = call.part.map_or_else(String::new, |part| format!("{}::", krate.parts[part].name.plain()));
    format!("operations::{part}{}", call.name)
}

/// Writes a path with numbers for its parameters, in the order in which a call takes them: their names do not matter.
fn template(call: &Call) -> String {
    let in_path = call.inputs.iter().filter(|input| input.kind.place() == Some(ParameterPlace::Path));
    let names: Vec<_> = in_path.map(|input| input.wire.as_str()).collect();
    let position = |name: &str| names.iter().position(|known| *known == name);
    let mut template = String::new();
    let mut rest = call.path.as_str();
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        template.extend([before, "{", &position(name).map_or_else(String::new, |at| at.to_string()), "}"]);
        rest = after;
    }
    template + rest
}

/// Returns the difference of two paths. A new prefix alone is stated, so that equal changes of paths are one entry.
fn moved(old: &str, new: &str) -> String {
    if let Some(prefix) = new.strip_suffix(old) {
        return format!("the path begins with `{prefix}` now");
    }
    if let Some(prefix) = old.strip_suffix(new) {
        return format!("the path no longer begins with `{prefix}`");
    }
    format!("the path is `{new}` now, was `{old}`")
}

fn rate_limit(old: Option<RateLimit>, new: Option<RateLimit>) -> (Kind, String) {
    let show = |limit: RateLimit| {
        let unit = if limit.requests == 1 { "request" } else { "requests" };
        format!("{} {unit} in {}", limit.requests, period(limit.seconds))
    };
    let rate = |limit: RateLimit| {
        u128::from(limit.requests).saturating_mul(1 << 32) / u128::from(limit.seconds.max(1))
    };
    match (old, new) {
        (Some(old), Some(new)) => {
            let kind = if rate(new) < rate(old) { Kind::Tightened } else { Kind::Loosened };
            (kind, format!("is limited to {} now, was {}", show(new), show(old)))
        }
        (None, Some(new)) => (Kind::Tightened, format!("is limited to {}", show(new))),
        (_, None) => (Kind::Loosened, "no longer declares a limit".to_owned()),
    }
}

/// Returns the alternatives of credentials.
fn alternatives<'a>(krate: &'a Crate, security: &[Vec<CredentialId>]) -> Vec<Alternative<'a>> {
    let setter = |id: &CredentialId| krate.credentials[*id].setter.plain();
    security.iter().map(|alternative| alternative.iter().map(setter).collect()).collect()
}

fn credentials(alternative: &Alternative<'_>) -> String {
    alternative.iter().map(|setter| format!("`{setter}`")).collect::<Vec<_>>().join(" with ")
}

fn listed(alternatives: &[Alternative<'_>]) -> String {
    let some = alternatives.iter().filter(|alternative| !alternative.is_empty());
    some.map(credentials).collect::<Vec<_>>().join(" or ")
}

/// Returns the media types that a call asks for; their order does not matter.
fn accepted(reply: &Reply) -> Option<BTreeSet<&str>> {
    Some(reply.media_types()?.split(", ").collect())
}

fn sorted(texts: &[String]) -> BTreeSet<&String> {
    texts.iter().collect()
}

fn codes(texts: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    texts.into_iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}
