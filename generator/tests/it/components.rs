//! Components that are selected directly, whether or not an operation reaches them.

use std::fs;
use std::path::PathBuf;

use generator::GenerateError;
use generator::plan::Ty;
use generator::select::{Selection, select};
use tempfile::TempDir;

use crate::fixtures;

const DESCRIPTION: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets:
    get:
      operationId: getPets
      tags: [pets]
      responses:
        '200':
          description: Pets.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  /owners:
    get: {operationId: getOwners, tags: [owners], responses: {'204': {description: None.}}}
components:
  schemas:
    Alone: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
    Names: {type: array, items: {type: string}}
    Pet: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}}}
";

fn description() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, DESCRIPTION).unwrap();
    (folder, path)
}

fn all_schemas() -> Selection {
    Selection { all_schemas: true, ..Selection::default() }
}

#[test]
fn components_alone_make_a_crate_of_types() {
    let (_folder, path) = description();
    let generated = fixtures::generate(&*path, &all_schemas(), &fixtures::package()).unwrap();
    assert!(generated.selected.operations.is_empty());
    let types = generated.files.iter().find(|file| file.path == "src/types.rs").unwrap();
    for name in ["pub struct Alone", "pub struct Pet"] {
        assert!(types.contents.contains(name), "{}", types.contents);
    }
    assert!(!generated.files.iter().any(|file| file.path.ends_with("get_pets.rs")));
}

#[test]
fn component_selected_by_name_brings_what_it_reaches() {
    let (_folder, path) = description();
    let one = Selection { schemas: vec!["Alone".to_owned()], ..Selection::default() };
    let krate = fixtures::analysed(&path, &one);
    let names: Vec<_> = krate.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["Alone", "Pet"]);
    assert!(krate.items.iter().all(|item| item.is_sent && item.is_received));
}

#[test]
fn component_without_a_name_in_rust_has_a_type() {
    let (_folder, path) = description();
    let krate = fixtures::analysed(&path, &all_schemas());
    let names = krate.components.iter().find(|component| component.name == "Names").unwrap();
    assert_eq!(names.ty, Ty::Vec(Box::new(Ty::String)));
    assert_eq!(names.source.pointer, "/components/schemas/Names");
}

#[test]
fn selected_component_belongs_to_no_part() {
    let (_folder, path) = description();
    let part_of_pet = |selection: &Selection| {
        let krate = fixtures::analysed(&path, selection);
        krate.items.iter().find(|item| item.name.as_str() == "Pet").unwrap().part
    };
    assert!(part_of_pet(&fixtures::all()).is_some());
    assert_eq!(part_of_pet(&Selection { all: true, ..all_schemas() }), None);
}

#[test]
fn unknown_component_is_reported_with_the_known_ones() {
    let (_folder, path) = description();
    let unknown = Selection { schemas: vec!["Cat".to_owned()], ..Selection::default() };
    let Err(GenerateError::Description(report)) = fixtures::generate(&*path, &unknown, &fixtures::package())
    else {
        panic!("the description was accepted")
    };
    let text = report.render(false);
    assert!(text.contains("expected a schema among the components, found `Cat`"), "{text}");
    assert!(text.contains("the schemas are `Alone`, `Names`, `Pet`"), "{text}");
}

#[test]
fn selected_components_keep_their_order() {
    let (_folder, path) = description();
    let sources = generator::load::Sources::new(&path);
    let selected = select(&sources, &all_schemas(), &mut generator::diagnostic::Diagnostics::default());
    let names: Vec<_> = selected.schemas.iter().map(|schema| schema.name.as_str()).collect();
    assert_eq!(names, ["Alone", "Names", "Pet"]);
    assert_eq!(selected.total, 2);
}
