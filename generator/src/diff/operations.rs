//! Operations: methods of the client, their calls, and what is known of them.

use std::collections::BTreeSet;

use super::rust::{input_schema, plain, reply, ty};
use super::{About, Comparison, Kind, Renames, Severity, Subject, matched};
use crate::ir::{
    Api, Operation, ParameterPlace, RateLimit, Response, Safety, Schema, SecurityRequirement, StatusPattern,
    Type,
};

impl Comparison<'_> {
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let name = |operation: &Operation| operation.method_name.clone();
        let id = |operation: &Operation| operation.id.clone();
        let request = |operation: &Operation| format!("{} {}", operation.method, operation.path);
        let (pairs, gone, come) = matched(&old.operations, &new.operations, &[&id, &request, &name]);
        for operation in gone {
            let item = method(operation);
            let about = About::old(Subject::Operation, &item, &operation.source);
            self.push(about, Kind::Removed, Severity::Major, format!("removed (`{}`)", request(operation)));
        }
        for operation in come {
            let item = method(operation);
            let about = About::new(Subject::Operation, &item, &operation.source);
            self.push(about, Kind::Added, Severity::Minor, format!("added (`{}`)", request(operation)));
        }
        for (old, new) in pairs {
            self.operation(old, new);
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let item = method(new);
        let about = About::both(Subject::Operation, &item, &old.source, &new.source);
        if old.method_name != new.method_name {
            let text = format!("renamed, was `{}`", method(old));
            self.push(about, Kind::Renamed, Severity::Major, text);
        } else if call_path(self.old, old) != call_path(self.new, new) {
            let (was, is) = (call_path(self.old, old), call_path(self.new, new));
            self.push(about, Kind::Renamed, Severity::Major, format!("its call is `{is}` now, was `{was}`"));
        }
        if old.id != new.id && old.method_name == new.method_name {
            let text = format!("is `{}` in traces and errors now, was `{}`", new.id, old.id);
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        self.address(about, old, new);
        self.facts(about, old, new);
        self.security(About { subject: Subject::Security, ..about }, old, new);
        self.inputs(old, new);
        self.reply(About { subject: Subject::Reply, ..about }, old, new);
        self.error_responses(About { subject: Subject::ErrorResponse, ..about }, old, new);
        self.paging(About { subject: Subject::Paging, ..about }, old, new);
        self.deprecation(about, old.deprecated, new.deprecated);
        self.docs(about, &old.docs, &new.docs);
    }

    fn address(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        let is_same = |one: &Operation, other: &Operation| {
            one.method == other.method && template(one) == template(other)
        };
        let taken = self.old.operations.iter().find(|other| other.id != old.id && is_same(other, new));
        if let Some(taken) = taken.filter(|_| !is_same(old, new)) {
            let text = format!("does now what `{}` did", method(taken));
            self.push(about, Kind::Retyped, Severity::Major, text);
        }
        if old.method != new.method {
            let text = format!("is sent as {} now, was {}", new.method, old.method);
            self.push(about, Kind::Moved, Severity::Patch, text);
        }
        if template(old) != template(new) {
            self.push(about, Kind::Moved, Severity::Patch, moved(&old.path, &new.path));
        }
    }

    /// What its constant says of it, beside its address and its security.
    fn facts(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        if old.safety != new.safety {
            let text = match new.safety {
                Safety::ReadOnly => "changes nothing, so it is sent again after a failure",
                Safety::Idempotent => "can be repeated, so it is sent again after a failure",
                Safety::Unsafe => "cannot be repeated, so it is sent again only if nothing was done",
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        if old.rate_limit != new.rate_limit {
            let about = About { subject: Subject::RateLimit, ..about };
            let (kind, text) = rate_limit(old.rate_limit, new.rate_limit);
            self.push(about, kind, Severity::Patch, text);
        }
        if old.deprecation != new.deprecation {
            let shutdown = |operation: &Operation| operation.deprecation.as_ref()?.shutdown.clone();
            let text = match (&new.deprecation, shutdown(new)) {
                (None, _) => "no longer goes away".to_owned(),
                (_, Some(date)) if shutdown(old).as_ref() != Some(&date) => format!("is shut down on {date}"),
                _ => "goes away in another way".to_owned(),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        let scopes = |operation: &Operation| operation.scopes.iter().cloned().collect::<BTreeSet<_>>();
        if scopes(old) != scopes(new) {
            let about = About { subject: Subject::Security, ..about };
            let list = new.scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
            let text = match list.as_str() {
                "" => "names no scopes any more".to_owned(),
                list => format!("needs one of the scopes {list}"),
            };
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        match (has_files(self.old, old), has_files(self.new, new)) {
            (false, true) => {
                let text = "makes a call that cannot be cloned any more, for it may have a file";
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            (true, false) => {
                self.push(about, Kind::Added, Severity::Minor, "makes a call that can be cloned");
            }
            _ => {}
        }
    }

    fn security(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        let (before, now) = (alternatives(self.old, &old.security), alternatives(self.new, &new.security));
        let is_public = |alternatives: &[BTreeSet<String>]| {
            alternatives.is_empty() || alternatives.iter().any(BTreeSet::is_empty)
        };
        // Whoever has the credentials of an alternative has those of every smaller one.
        let suffices = |given: &BTreeSet<String>, asked: &[BTreeSet<String>]| {
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

    fn reply(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        let (was, is) = (reply(self.old, old, &self.renames), reply(self.new, new, &Renames::default()));
        if was != is {
            self.push(about, Kind::Retyped, Severity::Major, format!("returns `{is}` now, returned `{was}`"));
        }
        let accepted = |operation: &Operation| {
            let contents = operation.responses.iter().flat_map(|response| &response.contents);
            contents.map(|content| content.media_type.clone()).collect::<BTreeSet<_>>()
        };
        if was == "Download" && is == "Download" && accepted(old) != accepted(new) {
            let list: Vec<_> = accepted(new).iter().map(|media_type| format!("`{media_type}`")).collect();
            self.push(about, Kind::Behaviour, Severity::Patch, format!("asks for {}", list.join(", ")));
        }
        let status = |operation: &Operation| operation.success().map(|response| response.status);
        if status(old) != status(new) {
            let text = "is declared to succeed with another status; every success is one";
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
    }

    fn error_responses(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        let (before, now): (Vec<_>, Vec<_>) = (old.failures().collect(), new.failures().collect());
        let (pairs, gone, come) = matched(&before, &now, &[&|response: &&Response| response.status]);
        for response in gone {
            let variant = variant(self.new, new, response.status);
            let text = format!(
                "no longer declares the status {}: its body is `ErrorBody::{variant}`",
                response.status
            );
            self.push(about, Kind::Behaviour, Severity::Patch, text);
        }
        for response in come {
            let variant = variant(self.new, new, response.status);
            let text = format!("declares the status {}: its body is `ErrorBody::{variant}`", response.status);
            self.push(about, Kind::Added, Severity::Minor, text);
        }
        for (was, is) in pairs {
            let (was, now) = (variant(self.old, old, was.status), variant(self.new, new, is.status));
            if was != now {
                let text = format!(
                    "has `ErrorBody::{now}` for the status {} now, had `ErrorBody::{was}`",
                    is.status
                );
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
        }
    }

    fn paging(&mut self, about: About<'_>, old: &Operation, new: &Operation) {
        let (was, is) = (items(self.old, old, &self.renames), items(self.new, new, &Renames::default()));
        match (was, is) {
            (None, Some(is)) => {
                let text = format!("comes in pages: `pages()` and `stream()` of `{is}`");
                self.push(about, Kind::Added, Severity::Minor, text);
            }
            (Some(_), None) => {
                let text = "no longer comes in pages: `pages()` and `stream()` are removed";
                self.push(about, Kind::Removed, Severity::Major, text);
            }
            (Some(was), Some(is)) if was != is => {
                let text = format!("streams `{is}` now, streamed `{was}`");
                self.push(about, Kind::Retyped, Severity::Major, text);
            }
            _ => {}
        }
    }
}

pub(super) fn method(operation: &Operation) -> String {
    format!("Client::{}", plain(&operation.method_name))
}

/// The path of the call's type.
pub(super) fn call_path(api: &Api, operation: &Operation) -> String {
    let module = operation.module.and_then(|index| api.modules.get(index));
    let module = module.map_or_else(String::new, |module| format!("{}::", plain(&module.rust_name)));
    format!("operations::{module}{}", operation.type_name)
}

/// A path with numbers for its parameters, in the order in which a call takes them: what they are called says nothing.
fn template(operation: &Operation) -> String {
    let in_path = operation.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
    let names: Vec<_> = in_path.map(|parameter| parameter.name.as_str()).collect();
    let position = |name: &str| names.iter().position(|known| *known == name);
    let mut template = String::new();
    let mut rest = operation.path.as_str();
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        template.extend([before, "{", &position(name).map_or_else(String::new, |at| at.to_string()), "}"]);
        rest = after;
    }
    template + rest
}

/// What differs between two paths: of a longer prefix, that alone, so that many such changes are one.
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
        (_, None) => (Kind::Loosened, "declares no limit any more".to_owned()),
    }
}

fn period(seconds: u64) -> String {
    let (count, unit) = match seconds {
        86_400.. if seconds.is_multiple_of(86_400) => (seconds / 86_400, "day"),
        3_600.. if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
        60.. if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if count == 1 { format!("one {unit}") } else { format!("{count} {unit}s") }
}

/// The alternatives of credentials, by their setters on the builder.
fn alternatives(api: &Api, security: &[SecurityRequirement]) -> Vec<BTreeSet<String>> {
    let setter = |name: &String| {
        let scheme = api.security_schemes.get(name);
        scheme.map_or_else(|| name.clone(), |scheme| plain(&scheme.setter).to_owned())
    };
    let setters = |requirement: &SecurityRequirement| {
        requirement.schemes.iter().map(|(name, _)| setter(name)).collect::<BTreeSet<_>>()
    };
    security.iter().map(setters).collect()
}

fn credentials(alternative: &BTreeSet<String>) -> String {
    alternative.iter().map(|setter| format!("`{setter}`")).collect::<Vec<_>>().join(" with ")
}

fn listed(alternatives: &[BTreeSet<String>]) -> String {
    let some = alternatives.iter().filter(|alternative| !alternative.is_empty());
    some.map(credentials).collect::<Vec<_>>().join(" or ")
}

/// Whether a call may hold a file, which cannot be cloned: what is in a JSON body never is one.
fn has_files(api: &Api, operation: &Operation) -> bool {
    operation.inputs.iter().filter_map(|input| input_schema(api, operation, input)).any(holds_file)
}

fn holds_file(schema: &Schema) -> bool {
    match &schema.ty {
        Type::Binary => true,
        Type::Array(inner) | Type::Map(inner) => holds_file(inner),
        _ => false,
    }
}

/// The variant for a status of an operation: its own, that of its range, or that of the rest.
fn variant(api: &Api, operation: &Operation, status: StatusPattern) -> String {
    let range = match status {
        StatusPattern::Code(code) => u8::try_from(code / 100).ok().map(StatusPattern::Range),
        _ => None,
    };
    let set = api.error_sets.get(operation.error_set).map(Vec::as_slice).unwrap_or_default();
    let of =
        |status| set.iter().filter_map(|index| api.errors.get(*index)).find(|error| error.status == status);
    let found = of(status).or_else(|| of(range?)).or_else(|| of(StatusPattern::Default));
    found.map_or_else(|| "Other".to_owned(), |error| error.rust_name.clone())
}

/// What a list that comes in pages is made of.
fn items(api: &Api, operation: &Operation, renames: &Renames) -> Option<String> {
    let (id, index) = operation.paging.as_ref()?.items.last()?;
    let property = api.types.get(id)?.kind.as_object()?.properties.get(*index)?;
    match &property.schema.ty {
        Type::Array(items) => Some(ty(api, items, renames)),
        _ => None,
    }
}
