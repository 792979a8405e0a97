//! Whatever `serde_json` accepts as an object or a list is read to the same tree, unless a key is repeated.

#![no_main]

use std::fs;

use generator::load::Sources;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Ok(expected) = serde_json::from_str::<Value>(text) else { return };
    if !expected.is_object() && !expected.is_array() {
        return;
    }
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("openapi.json");
    if fs::write(&path, text).is_err() {
        return;
    }
    let sources = Sources::new(&path);
    match sources.node(&sources.root()) {
        Ok(tree) => assert_eq!(comparable(serde_json::to_value(tree).unwrap_or_default()), comparable(expected)),
        Err(problem) => assert!(problem.message.contains("duplicate entry"), "{}", problem.message),
    }
});

/// Returns the tree with short fractions: `serde_json` reads the last digit only on request.
fn comparable(tree: Value) -> Value {
    match tree {
        Value::Array(elements) => elements.into_iter().map(comparable).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, comparable(value))).collect(),
        Value::Number(number) => format!("{:.12e}", number.as_f64().unwrap_or_default() + 0.0).into(),
        other => other,
    }
}
