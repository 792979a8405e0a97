//! The dialect of the Yandex Market Partner API: its extensions, its pages, and YFM, the markdown of its documentation.

use std::borrow::Cow;

use serde_yaml::Value;

use super::{Dialect, RuntimeDialect, RuntimeWebhooks, Unread, Wrapped};
use crate::ir::{Api, Deprecation, Object, Operation, PageTurn, PagingHint, RateLimit, Type, TypeKind};
use crate::load::{count, member};

/// The dialect of the Yandex Market Partner API.
#[derive(Debug)]
pub struct Market;

impl Dialect for Market {
    fn name(&self) -> &'static str {
        "market"
    }

    /// Reads `x-auth-scopes`.
    fn scopes(&self, operation: &Value) -> Result<Vec<String>, Unread> {
        const EXTENSION: Unread = Unread { extension: "x-auth-scopes", expected: "a list of strings" };
        let Some(scopes) = member(operation, EXTENSION.extension) else { return Ok(Vec::new()) };
        let scopes = scopes.as_sequence().ok_or(EXTENSION)?.iter();
        scopes.map(|scope| scope.as_str().map(str::to_owned).ok_or(EXTENSION)).collect()
    }

    /// Returns `true` if a scope for reading is enough.
    fn only_reads(&self, scopes: &[String]) -> bool {
        scopes.iter().any(|scope| scope.ends_with(":read-only"))
    }

    /// Reads `x-resource-limit-config`.
    fn rate_limit(&self, operation: &Value) -> Result<Option<RateLimit>, Unread> {
        const EXTENSION: Unread = Unread {
            extension: "x-resource-limit-config",
            expected: "a tier `none` with `amount`, `period` and `period-duration`",
        };
        let extension = member(operation, EXTENSION.extension);
        extension.map(|extension| limit_of_all(extension).ok_or(EXTENSION)).transpose()
    }

    /// Reads `x-deprecation-config`.
    fn deprecation(&self, operation: &Value) -> Option<Deprecation> {
        let extension = member(operation, "x-deprecation-config")?;
        let text = |key: &str| member(extension, key).and_then(Value::as_str).map(str::to_owned);
        Some(Deprecation {
            degradation: text("degradation-start-date"),
            shutdown: text("shutdown-date"),
            replacement: text("replacement-operation-id"),
        })
    }

    /// Finds envelopes of `status` and `result`, or of `status` alone, which have no result. The status says `OK` or
    /// `ERROR`.
    fn result(&self, api: &Api, response: &Object) -> Option<Wrapped> {
        if !tells_success(api, response) {
            return None;
        }
        let names: Vec<_> = response.properties.iter().map(|property| property.name.as_str()).collect();
        match names.as_slice() {
            ["status", "result"] | ["result", "status"] => Some(Wrapped::Property("result")),
            ["status"] => Some(Wrapped::Nothing),
            _ => None,
        }
    }

    /// Finds a parameter called like `pageToken`, `nextPageToken` inside `paging`, and one array beside it, all of it
    /// inside `result` if there is one.
    fn paging(&self, api: &Api, operation: &Operation) -> Option<PagingHint> {
        let is_token = |name: &str| name.replace(['_', '-'], "").eq_ignore_ascii_case("pageToken");
        let token = operation.parameters.iter().find(|parameter| is_token(&parameter.name))?;
        let reply = api.object(operation.json_reply()?)?;
        let within = |object: &Object, name: &str| api.object(&object.property(name)?.schema);
        let (container, before) = match within(reply, "result") {
            Some(result) => (result, "result."),
            None => (reply, ""),
        };
        let mut lists =
            container.properties.iter().filter(|property| matches!(property.schema.ty, Type::Array(_)));
        let (Some(list), None) = (lists.next(), lists.next()) else { return None };
        Some(PagingHint {
            turn: PageTurn::Token {
                parameter: token.name.clone(),
                next: format!("{before}paging.nextPageToken"),
            },
            items: format!("{before}{}", list.name),
            is_stated: false,
        })
    }

    fn markdown(&self, text: &str) -> String {
        without_directives(text)
    }

    fn runtime(&self) -> Option<RuntimeDialect> {
        let code = include_str!("../../runtime/src/market.rs");
        let webhooks = RuntimeWebhooks {
            name: "Integration",
            code: include_str!("../../runtime/src/market_webhooks.rs"),
        };
        Some(RuntimeDialect { name: "Market", code, webhooks: Some(webhooks) })
    }

    fn status_name(&self, status: u16) -> Option<&'static str> {
        (status == self.refusal_status()).then_some("TooManyRequests")
    }

    fn refusal_status(&self) -> u16 {
        420
    }
}

/// Returns `true` if the property `status` of a response tells a success from a failure.
fn tells_success(api: &Api, response: &Object) -> bool {
    let is_marked = response.failure.as_ref().is_some_and(|failure| failure.property == "status");
    let status = response.property("status").and_then(|status| api.types.get(status.schema.type_id()?));
    is_marked
        || status.is_some_and(|status| match &status.kind {
            TypeKind::Enum(values) => ["OK", "ERROR"]
                .iter()
                .all(|text| values.values.iter().any(|value| value.value.as_str() == Some(text))),
            _ => false,
        })
}

/// Reads the tier `none`, which every caller has.
fn limit_of_all(extension: &Value) -> Option<RateLimit> {
    let tier = extension.get("none")?;
    let unit = match tier.get("period")?.as_str()? {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 60 * 60,
        "days" => 24 * 60 * 60,
        _ => return None,
    };
    let periods = tier.get("period-duration").map_or(Some(1), count)?;
    Some(RateLimit { requests: count(tier.get("amount")?)?, seconds: periods.checked_mul(unit)? })
}

/// Resolves or removes the directives of YFM (`{% … %}`, `{{ … }}`, `{#…}`), outside of code.
fn without_directives(text: &str) -> String {
    let mut lines = Vec::new();
    let mut fence = false;
    for line in text.lines() {
        fence ^= line.trim_start().starts_with("```");
        if fence {
            lines.push(line.to_owned());
        } else {
            lines.extend(without_directives_in(&with_titles(line)));
        }
    }
    lines.join("\n")
}

/// Does so in one line; returns `None` if the line has only directives without content.
fn without_directives_in(line: &str) -> Option<String> {
    let mut kept = String::new();
    let mut rest = line;
    while let Some((before, directive, after)) = split_directive(rest) {
        kept.push_str(&without_marks(before));
        if let Some(title) = title(directive) {
            kept.extend(["**", title, "**"]);
        } else if let Some(variable) = directive.strip_prefix("{{") {
            kept.extend(["`", variable.trim_end_matches('}').trim(), "`"]);
        }
        rest = after;
    }
    let had_directive = rest.len() != line.len();
    kept.push_str(&without_marks(rest));
    (!had_directive || !kept.trim().is_empty()).then_some(kept)
}

/// Removes directives for a few words: of `:no-translate[words]` the words stay.
fn without_marks(text: &str) -> Cow<'_, str> {
    const MARK: &str = ":no-translate[";
    if !text.contains(MARK) {
        return text.into();
    }
    let mut parts = text.split(MARK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((words, after)) => kept.extend([words, after]),
            None => kept.extend([MARK, part]),
        }
    }
    kept.into()
}

/// Finds the first directive of a line; returns it with what is around it. The anchor of a heading is one.
fn split_directive(line: &str) -> Option<(&str, &str, &str)> {
    let kinds = [("{%", "%}"), ("{ %", "% }"), ("{{", "}}"), (" {#", "}")];
    let found = kinds.into_iter().filter_map(|(open, close)| Some((line.find(open)?, close)));
    let (start, close) = found.min()?;
    let end = start + line[start..].find(close)? + close.len();
    Some((&line[..start], &line[start..end], &line[end..]))
}

/// Returns the title that a directive shows: `{% note tip "Title" %}`, `{% cut "Title" %}`.
fn title(directive: &str) -> Option<&str> {
    let words = directive.strip_prefix("{%").or_else(|| directive.strip_prefix("{ %"))?.trim_start();
    if !(words.starts_with("note") || words.starts_with("cut")) {
        return None;
    }
    let (_, title) = words.split_once('"')?;
    let (title, _) = title.rsplit_once('"')?;
    (!title.trim().is_empty()).then_some(title)
}

/// Puts names of pages in the place of `[{#T}](page.md)`: the title of the page is not at hand.
fn with_titles(line: &str) -> Cow<'_, str> {
    const LINK: &str = "[{#T}](";
    if !line.contains(LINK) {
        return line.into();
    }
    let mut parts = line.split(LINK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((page, after)) => kept.extend([&page_name(page), after]),
            None => kept.extend([LINK, part]),
        }
    }
    kept.into()
}

/// Returns the name of a page: that of its file or, for an index, of its folder.
fn page_name(path: &str) -> String {
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let mut parts = path.rsplit('/').map(|part| part.strip_suffix(".md").unwrap_or(part));
    parts.find(|part| !matches!(*part, "" | "." | ".." | "index")).unwrap_or(path).to_owned()
}
