//! The contract that is committed against the vendor's own description of the same date, where that is at
//! hand: names, types, formats, required properties, enum values and constraints. Words are not compared,
//! for ours are our own.

use std::collections::BTreeMap;
use std::path::Path;

use generator::diagnostic::Diagnostics;
use generator::dialect::{Conventions, Dialect, Market};
use generator::ir::{Api, Schema, Type, TypeId, TypeKind};
use generator::load::{Description, Sources};
use generator::report::Report;
use generator::select::select;

use crate::fixtures;

#[test]
fn released_contract_equals_vendor_tree() {
    let upstream = fixtures::workspace().join("../shared/upstream/2024-08-29/openapi/openapi.yaml");
    if !upstream.exists() {
        eprintln!("skipped: the vendor's description is not at hand ({})", upstream.display());
        return;
    }
    let ours = std::fs::read_to_string(fixtures::workspace().join("spec/released/0.1.0.yaml")).unwrap();
    // Our own extension makes us know a type that no response of the vendor's is declared to have.
    let extension = "      x-failure-schema:\n        $ref: '#/components/schemas/ApiErrorResponse'\n";
    assert!(ours.contains(extension));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    std::fs::write(&path, ours.replace(extension, "")).unwrap();
    let ours = facts(&path);
    let theirs = facts(&upstream);
    for (fact, value) in &theirs {
        assert_eq!(ours.get(fact), Some(value), "{fact}");
    }
    let more: Vec<_> = ours.keys().filter(|fact| !theirs.contains_key(*fact)).collect();
    assert!(more.is_empty(), "nobody but us knows of {more:?}");
}

#[test]
fn current_contract_equals_vendor_tree() {
    let upstream = fixtures::workspace().join("../shared/upstream/2026-07-17/openapi/openapi.yaml");
    if !upstream.exists() {
        eprintln!("skipped: the vendor's description is not at hand ({})", upstream.display());
        return;
    }
    // What we say of it ourselves is in the overlay.
    assert_eq!(facts(&fixtures::workspace().join("spec/openapi.yaml")), facts(&upstream));
}

#[test]
fn contract_has_no_vendor_prose() {
    let files = |folder: &str| {
        let entries = std::fs::read_dir(fixtures::workspace().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    };
    let specs: Vec<_> = files("spec").chain(files("spec/released")).collect();
    assert!(specs.len() > 3, "{specs:?}");
    for path in specs {
        let text = std::fs::read_to_string(&path).unwrap();
        let russian = text.lines().find(|line| line.contains(|c| ('а'..='я').contains(&c)));
        assert_eq!(russian, None, "{}", path.display());
    }
}

#[test]
fn contract_is_fully_described_by_overlay() {
    let (root, overlay) =
        (fixtures::workspace().join("spec/openapi.yaml"), fixtures::workspace().join("spec/overlay.yaml"));
    let mut diagnostics = Diagnostics::default();
    let sources = Description { root: &root, overlay: Some(&overlay), folder: None }.open(&mut diagnostics);
    let selected = select(&sources, &fixtures::chats(), &mut diagnostics);
    let krate = generator::analyse(
        &sources,
        &selected,
        &Conventions::from(&Market as &dyn Dialect),
        &mut diagnostics,
    )
    .unwrap();
    generator::wording::report_missing(&krate, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    assert!(report.problems().is_empty(), "{}", report.render(false));
}

#[test]
fn fact_comparison_sees_each_difference() {
    let chats = fixtures::workspace().join("spec/released/0.1.0.yaml");
    let text = std::fs::read_to_string(&chats).unwrap();
    let original = facts(&chats);
    for (from, to) in [
        ("maxLength: 4096", "maxLength: 4097"),
        ("- FINISHED", "- DONE"),
        ("format: int32", "format: int64"),
        ("name: page_token", "name: pageToken"),
        ("      required:\n        - message\n", ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.yaml");
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        assert_ne!(facts(&path), original, "{from}");
    }
}

/// Returns every fact of the chats, by its path.
fn facts(description: &Path) -> BTreeMap<String, String> {
    let api = fixtures::lower(&Sources::new(description), &fixtures::chats());
    let mut facts = BTreeMap::new();
    for operation in &api.operations {
        let id = &operation.id;
        facts.insert(format!("{id}: request"), format!("{} {}", operation.method, operation.path));
        facts.insert(format!("{id}: security"), format!("{:?}", operation.security));
        for parameter in &operation.parameters {
            let key = format!("{id}: {:?} {}", parameter.place, parameter.name);
            facts
                .insert(key, format!("required {}, {}", parameter.required, schema(&api, &parameter.schema)));
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            facts
                .insert(format!("{id}: body as {}", content.media_type), body(&api, content.schema.as_ref()));
        }
        for response in &operation.responses {
            for content in &response.contents {
                let key = format!("{id}: {:?} as {}", response.status, content.media_type);
                facts.insert(key, body(&api, content.schema.as_ref()));
            }
        }
    }
    for def in api.types.values() {
        match &def.kind {
            TypeKind::Object(object) => {
                for property in &object.properties {
                    let key = format!("{}.{}", def.name, property.name);
                    facts.insert(
                        key,
                        format!("required {}, {}", property.required, schema(&api, &property.schema)),
                    );
                }
            }
            TypeKind::Enum(values) => {
                let values: Vec<_> = values.values.iter().map(|value| value.value.to_string()).collect();
                facts.insert(def.name.clone(), values.join(", "));
            }
            TypeKind::Alias(_) | TypeKind::Union(_) | TypeKind::Intersection(_) => {
                panic!("the chats have none of these")
            }
        }
    }
    facts
}

fn body(api: &Api, body: Option<&Schema>) -> String {
    body.map_or_else(|| "nothing".to_owned(), |body| schema(api, body))
}

fn schema(api: &Api, schema: &Schema) -> String {
    let mut constraints = schema.constraints.clone();
    // The vendor says this one in words only.
    constraints.max_bytes = None;
    format!("{}, nullable {}, {constraints:?}", ty(api, &schema.ty), schema.nullable)
}

fn ty(api: &Api, ty: &Type) -> String {
    let name = |id: &TypeId| api.types[id].name.clone();
    match ty {
        Type::Named(id) => name(id),
        Type::Array(items) => format!("list of {}", schema(api, items)),
        Type::Map(values) => format!("map of {}", schema(api, values)),
        other => format!("{other:?}"),
    }
}
