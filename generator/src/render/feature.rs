//! Cargo features of the generated crate, with a text for each: the manifest and the page of the crate show them.

use crate::plan::{Crate, Part, code};
use crate::render::support::has_patterns;

/// Features of the support code, in the order of the page.
const FEATURES: [(&str, &str); 9] = [
    ("rustls", "TLS without a system library"),
    ("native-tls", "TLS of the operating system, if `rustls` is off"),
    ("blocking", "calls from code that is not async"),
    ("limiter", "keeps a client within declared rate limits"),
    ("mock", "in-memory transport for tests; `Default`, setters and samples of response types"),
    ("patterns", "checks of patterns before sending"),
    ("tracing", "a span for each call, an event for each attempt"),
    ("wasm", "the client on `wasm32-unknown-unknown`, in JavaScript hosts"),
    ("webhooks", "types of the requests that the API sends to an application; the module `webhooks`"),
];

/// Returns the table of a crate's features, except those of its parts.
pub(super) fn table(krate: &Crate) -> String {
    let features = FEATURES.iter().filter(|(name, _)| match *name {
        "webhooks" => krate.incoming.is_some(),
        "patterns" => has_patterns(krate),
        _ => true,
    });
    let rows = features.map(|(name, text)| {
        let default = if *name == "rustls" { "on" } else { "off" };
        format!("\n| `{name}` | {default} | {text} |")
    });
    format!("| Feature | Default | |\n|---|---|---|{}", rows.collect::<String>())
}

/// Returns the text of a feature, if the feature needs one.
pub(super) fn text(name: &str, krate: &Crate) -> Option<String> {
    let of_support = FEATURES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    let of_part = || krate.parts.iter().find(|part| part.feature == name).map(part_text);
    match name {
        "full" if !krate.parts.is_empty() => Some("all operations".to_owned()),
        _ => of_support.or_else(of_part),
    }
}

fn part_text(part: &Part) -> String {
    match &part.tag {
        Some(tag) => format!("operations with the tag {}", code(tag)),
        None => "operations without a tag".to_owned(),
    }
}
