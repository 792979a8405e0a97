//! Spellings that change nothing: a description that is written in another way has no changes, whichever way round.

use serde_yaml::{Mapping, Value};

use super::read;
use super::rules::BASE;
use generator::diff::diff;

/// Writes a description in another way.
type Respell = fn(Value) -> Value;

#[test]
fn other_spellings_of_a_description_are_no_change() {
    let base = read(BASE);
    let tree: Value = serde_yaml::from_str(BASE).unwrap();
    let respelled: [(&str, Respell); 6] = [
        ("numbers", |tree| map(tree, &fractional)),
        ("form", |tree| tree),
        ("order of members", reordered),
        ("URL", |tree| replaced(tree, "https://example.com", "HTTPS://Example.com:443/")),
        ("extracted references", extracted),
        ("all of them", |tree| map(reordered(extracted(tree)), &fractional)),
    ];
    for (what, respell) in respelled {
        let respelled = respell(tree.clone());
        for text in [serde_yaml::to_string(&respelled).unwrap(), serde_json::to_string(&respelled).unwrap()] {
            let other = read(&text);
            let changes = [diff(&base, &other).changes, diff(&other, &base).changes].concat();
            assert!(changes.is_empty(), "{what}: {changes:#?}\n{text}");
        }
    }
}

/// Changes every node, innermost first.
fn map(node: Value, change: &dyn Fn(Value) -> Value) -> Value {
    change(match node {
        Value::Mapping(members) => {
            members.into_iter().map(|(key, value)| (key, map(value, change))).collect::<Mapping>().into()
        }
        Value::Sequence(elements) => elements.into_iter().map(|element| map(element, change)).collect(),
        scalar => scalar,
    })
}

/// Writes an integer with a fraction: `1` as `1.0`.
fn fractional(node: Value) -> Value {
    match node.as_i64() {
        #[expect(clippy::cast_precision_loss, reason = "the numbers of the fixture are small")]
        Some(number) => Value::from(number as f64),
        None => node,
    }
}

/// Reverses members whose order means nothing: all but properties, whose order is that of arguments.
fn reordered(tree: Value) -> Value {
    map(tree, &|node| match node {
        Value::Mapping(members) if !is_properties(&members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.reverse();
            Mapping::from_iter(members).into()
        }
        other => other,
    })
}

/// Tells properties by their values, each of which is a schema.
fn is_properties(members: &Mapping) -> bool {
    let is_schema = |value: &Value| {
        let has = |key: &str| value.get(key).is_some();
        (has("type") && !has("in") && !has("name")) || has("$ref")
    };
    !members.is_empty() && members.values().all(is_schema)
}

fn replaced(tree: Value, from: &str, to: &str) -> Value {
    map(tree, &|node| if node.as_str() == Some(from) { to.into() } else { node })
}

/// Puts parameters of simple types, bodies and responses into components, with references in their places.
fn extracted(mut tree: Value) -> Value {
    let mut components = tree["components"].as_mapping().unwrap().clone();
    let mut parts =
        [("parameters", Mapping::new()), ("requestBodies", Mapping::new()), ("responses", Mapping::new())];
    let operations = tree["paths"].as_mapping_mut().unwrap().values_mut();
    for operation in operations.flat_map(|item| item.as_mapping_mut().unwrap().values_mut()) {
        let [parameters, bodies, responses] = &mut parts;
        for parameter in
            operation.get_mut("parameters").and_then(Value::as_sequence_mut).into_iter().flatten()
        {
            extract(parameter, parameters);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            extract(body, bodies);
        }
        for response in operation["responses"].as_mapping_mut().unwrap().values_mut() {
            extract(response, responses);
        }
    }
    components.extend(parts.map(|(kind, parts)| (kind.into(), parts.into())));
    tree["components"] = components.into();
    tree
}

fn extract(node: &mut Value, (kind, parts): &mut (&str, Mapping)) {
    let name = format!("part{}", parts.len());
    let reference = Value::from(format!("#/components/{kind}/{name}"));
    let reference = Mapping::from_iter([("$ref".into(), reference)]);
    parts.insert(name.into(), std::mem::replace(node, reference.into()));
}
