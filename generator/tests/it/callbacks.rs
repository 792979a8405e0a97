//! Callbacks: requests to an application that operations declare.

use std::fs;

use generator::diff::diff;
use generator::settings::Settings;

use crate::diff::line;
use crate::fixtures;

const BASE: &str = include_str!("../fixtures/accepted/callbacks/openapi.yaml");

/// Returns the crate of a description and the messages of its warnings.
fn read(text: &str, settings: Option<&str>) -> (generator::plan::Crate, Vec<String>) {
    let (folder, path) = fixtures::written(text);
    if let Some(settings) = settings {
        let webhooks = fixtures::path("accepted/webhooks/webhooks.yaml");
        fs::copy(webhooks, folder.path().join("webhooks.yaml")).unwrap();
        fs::write(Settings::path_beside(&path), settings).unwrap();
    }
    let analysed = generator::Client::of(&path).unwrap().analyse();
    let analysed = analysed.unwrap_or_else(|report| panic!("{}", report.render(false)));
    let problems = analysed.report.problems().iter();
    (analysed.krate, problems.map(|problem| problem.diagnostic.message.clone()).collect())
}

#[test]
fn callbacks_beside_webhooks_are_told() {
    let (krate, told) = read(BASE, Some("webhooks = \"webhooks.yaml\""));
    let webhooks = krate.incoming.unwrap().webhooks;
    assert!(webhooks.iter().all(|webhook| webhook.id != "tellProgress"));
    assert!(told.iter().any(|told| told.starts_with("callbacks are not generated: ")), "{told:?}");
}

#[test]
fn callback_without_a_shape_is_told() {
    let text =
        BASE.replace("{application/json: {schema: {$ref: '#/components/schemas/Done'}}}", "{text/plain: {}}");
    let (krate, told) = read(&text, None);
    assert!(krate.incoming.is_none());
    assert_eq!(told, ["callbacks are not generated: unsupported: a webhook with a body that is not JSON"]);
}

#[test]
fn callback_changes_match_table_both_ways() {
    let rules = [
        ("callback gone", "        onDone:\n", "        x-onDone:\n"),
        ("url", "{$request.body#/url}/done", "{$request.body#/url}"),
        ("payload", "schemas/Done'}}}", "schemas/Job'}}}"),
        ("received property", "required: [job, result]", "required: [job]"),
        ("response gone", "                4XX: {description: Not taken.}\n", ""),
        ("renamed", "operationId: tellProgress", "operationId: sayProgress"),
    ];
    let (base, _) = read(BASE, None);
    let mut table = String::new();
    for (rule, old, new) in rules {
        let changed = BASE.replacen(old, new, 1);
        assert_ne!(changed, BASE, "{rule}");
        let (other, _) = read(&changed, None);
        let lines = |old, new| diff(old, new).changes.iter().map(line).collect::<String>();
        table.extend([rule, "\n", &lines(&base, &other), rule, ", back\n", &lines(&other, &base), "\n"]);
    }
    insta::assert_snapshot!(table);
}
