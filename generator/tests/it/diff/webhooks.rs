//! Changes of webhooks, in both directions.

use std::fs;

use generator::diff::{Change, diff};
use generator::plan::Crate;
use generator::settings::Settings;

use super::line;
use crate::fixtures;

const WEBHOOKS: &str = include_str!("../../fixtures/accepted/webhooks/webhooks.yaml");
const BASE: &str = include_str!("../../fixtures/accepted/webhooks/openapi.yaml");

/// Each rule, with what is replaced by what.
const RULES: &[(&str, &str, &str)] = &[
    ("nothing", "", ""),
    ("webhook renamed", "operationId: sendEvent", "operationId: tellEvent"),
    ("webhook gone", "  /bodies:", "  x-bodies:"),
    ("path", "  /events:", "  /all-events:"),
    (
        "payload",
        "{schema: {$ref: '#/components/schemas/Event'}}",
        "{schema: {$ref: '#/components/schemas/Paid'}}",
    ),
    (
        "payload gone",
        "requestBody: {content: {application/json: {schema: {type: array, items: {type: integer}}}}}",
        "",
    ),
    (
        "signature gone",
        "x-webhook-signature: {header: X-Hub-Signature, algorithm: hmac-sha256, encoding: base64}",
        "",
    ),
    ("signature header", "X-Hub-Signature", "X-Signature"),
    ("response gone", "        '204': {description: Accepted silently.}\n", ""),
    ("response status", "'202': {", "'201': {"),
    (
        "response body",
        "'202': {description: Accepted.}",
        "'202': {description: Accepted., content: {text/plain: {}}}",
    ),
    ("response media type", "text/plain:", "text/html:"),
    ("kind of event gone", "{kind: {type: string}, amount", "{amount"),
    ("event gone", ", {$ref: '#/components/schemas/Paid'}]", "]"),
    ("received property", "amount: {type: number, minimum: 0}", "amount: {type: string}"),
    ("sent property required", "required: [at]", "required: [at, note]"),
    ("words", "summary: Tells an event", "summary: Tells of an event"),
];

fn read(webhooks: Option<&str>) -> Crate {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, BASE).unwrap();
    if let Some(webhooks) = webhooks {
        fs::write(folder.path().join("webhooks.yaml"), webhooks).unwrap();
        fs::write(Settings::path_beside(&path), "webhooks = \"webhooks.yaml\"").unwrap();
    }
    fixtures::plan(&path).0
}

fn lines(old: &Crate, new: &Crate) -> String {
    diff(old, new).changes.iter().map(line).collect()
}

#[test]
fn webhook_changes_match_table_both_ways() {
    let base = read(Some(WEBHOOKS));
    let mut table = String::new();
    for (rule, old, new) in RULES {
        let changed = WEBHOOKS.replacen(old, new, 1);
        assert!(changed != WEBHOOKS || *rule == "nothing", "{rule}");
        let other = read(Some(&changed));
        table.extend([rule, "\n", &lines(&base, &other), rule, ", back\n", &lines(&other, &base), "\n"]);
    }
    let without = read(None);
    table.extend(["webhooks\n", &lines(&without, &base), "webhooks, back\n", &lines(&base, &without)]);
    insta::assert_snapshot!(table);
}

#[test]
fn change_of_webhook_has_a_place() {
    let base = read(Some(WEBHOOKS));
    for (rule, old, new) in RULES {
        for change in diff(&base, &read(Some(&WEBHOOKS.replacen(old, new, 1)))).changes {
            let Change { old, new, item, .. } = &change;
            assert!(item.starts_with("webhooks::"), "{rule}: {change:?}");
            assert!(old.is_some() || new.is_some(), "{rule}: {change:?}");
        }
    }
}
