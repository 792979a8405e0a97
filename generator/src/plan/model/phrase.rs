//! Phrases for facts of the model, as documentation and changelogs have them.

use super::{Carrier, Count, Limit, Name, Quantity, Range, Replacement, Rule, Typed};
use crate::ir::{Bound, Docs, RateLimit};
use crate::passes::markdown::is_absolute;

/// Returns the paragraphs of prose as documentation has them; a link that leads nowhere is omitted.
pub fn paragraphs(docs: &Docs) -> Vec<String> {
    let link = docs.link.as_deref().filter(|link| is_absolute(link)).map(|link| format!("See <{link}>."));
    docs.summary.iter().chain(&docs.description).cloned().chain(link).collect()
}

/// Writes text in backticks, whatever it contains.
pub fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

impl Carrier {
    /// Says how the credential travels: `in the header `Api-Key``.
    pub fn phrase(&self) -> String {
        match self {
            Self::Bearer => "as `Authorization: Bearer`".to_owned(),
            Self::Scheme(scheme) => format!("as {}", code(&format!("Authorization: {scheme}"))),
            Self::Basic => "as `Authorization: Basic`".to_owned(),
            Self::Header(name) => format!("in the header {}", code(name)),
            Self::Query(name) => format!("in the query, as {}", code(name)),
            Self::Cookie(name) => format!("in the cookie {}", code(name)),
        }
    }
}

impl Typed {
    /// Says what holds for the value, fact by fact: `1 to 10 items`, ``by default `5` ``.
    pub fn facts(&self) -> Vec<String> {
        let default =
            self.default.as_ref().map(|default| format!("by default {}", code(&default.to_string())));
        self.demands().into_iter().chain(default).collect()
    }

    /// Says what a given value has to keep: its format and its rules.
    pub fn demands(&self) -> Vec<String> {
        let (first, others): (Vec<_>, Vec<_>) =
            self.rules.iter().partition(|rule| matches!(rule, Rule::Length(_)));
        let format = self.format.as_ref().map(|format| format!("in the format {}", code(format)));
        let phrases = |rules: Vec<&Rule>| rules.into_iter().flat_map(Rule::phrases).collect::<Vec<_>>();
        phrases(first).into_iter().chain(format).chain(phrases(others)).collect()
    }
}

impl Rule {
    /// Says what the rule demands.
    pub fn phrases(&self) -> Vec<String> {
        match self {
            Self::Length(count) => vec![count.phrase(["character", "characters"])],
            Self::Pattern(pattern) => vec![format!("matching {}", code(&pattern.text))],
            Self::Range(range) => range.phrases(),
            Self::MultipleOf(factor) => vec![format!("a multiple of {factor}")],
            Self::Items(count) => vec![count.phrase(["item", "items"])],
            Self::Unique => vec!["no two equal items".to_owned()],
            Self::Properties(count) => vec![count.phrase(["entry", "entries"])],
            Self::Bytes(bytes) => vec![format!("at most {bytes} bytes{}", binary_unit(*bytes))],
        }
    }
}

/// Writes a number of bytes in MiB or KiB, if it is a whole number of them: ` (5 MiB)`.
fn binary_unit(bytes: u64) -> String {
    match bytes {
        1_048_576.. if bytes.is_multiple_of(1_048_576) => format!(" ({} MiB)", bytes / 1_048_576),
        1_024.. if bytes.is_multiple_of(1_024) => format!(" ({} KiB)", bytes / 1_024),
        _ => String::new(),
    }
}

impl Limit {
    /// Says what the constant is.
    pub fn phrase(&self) -> String {
        let end = if self.is_max { "Greatest" } else { "Least" };
        let quantity = match self.quantity {
            Quantity::Characters => "number of characters",
            Quantity::Items => "number of items",
            Quantity::Bytes => "number of bytes",
            Quantity::Value(_) => "value",
        };
        format!("{end} {quantity} of {}.", code(self.input.plain()))
    }
}

impl Replacement {
    /// Names the operation: by its method, if the method is always there.
    pub fn name(&self) -> &str {
        self.method.as_ref().map_or(&self.id, Name::plain)
    }
}

/// Says what to use instead of something deprecated.
pub fn instead(replacement: &str) -> String {
    format!("use {}", code(replacement))
}

impl Count {
    fn phrase(self, [one, many]: [&str; 2]) -> String {
        let unit = |count: u64| if count == 1 { one } else { many };
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => format!("exactly {min} {}", unit(min)),
            (Some(min), Some(max)) => format!("{min} to {max} {}", unit(max)),
            (Some(min), None) => format!("at least {min} {}", unit(min)),
            (None, max) => {
                let max = max.unwrap_or(u64::MAX);
                format!("at most {max} {}", unit(max))
            }
        }
    }
}

impl Range {
    fn phrases(&self) -> Vec<String> {
        let phrase = |word: &str, exclusive: &str, bound: &Bound| {
            format!("{} {}", if bound.exclusive { exclusive } else { word }, bound.value)
        };
        let min = self.min.as_ref().map(|min| phrase("at least", "more than", min));
        let max = self.max.as_ref().map(|max| phrase("at most", "less than", max));
        min.into_iter().chain(max).collect()
    }
}

/// Says how often an operation may be called: `1000 requests per hour`.
pub fn rate_limit(limit: RateLimit) -> String {
    let period = period(limit.seconds);
    format!("{} requests per {}", limit.requests, period.strip_prefix("one ").unwrap_or(&period))
}

/// Says how long a period is: `one hour`, `2 days`.
pub fn period(seconds: u64) -> String {
    let (count, unit) = match seconds {
        86_400.. if seconds.is_multiple_of(86_400) => (seconds / 86_400, "day"),
        3_600.. if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
        60.. if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if count == 1 { format!("one {unit}") } else { format!("{count} {unit}s") }
}
