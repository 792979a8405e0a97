//! Overlays: their effect on descriptions, and reports of mistakes in them.

use std::fs;
use std::path::Path;

use generator::diagnostic::Diagnostics;
use generator::dialect::{Conventions, Dialect, Market};
use generator::ir::Safety;
use generator::load::Description;
use generator::plan::{Crate, ItemKind};
use generator::report::Report;
use generator::select::select;
use generator::{GenerateError, analyse};

use crate::fixtures::generate;

use crate::fixtures;

const DESCRIPTION: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1', description: Prose of the vendor.}
servers: [{url: https://example.com}]
paths:
  /v1/things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, format: int64}}
    put:
      operationId: getThing
      parameters:
        - {name: old, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, format: int32}}
      responses:
        '200':
          description: Eine Sache.
          content: {application/json: {schema: {$ref: '#/components/schemas/ThingDTO'}}}
components:
  schemas:
    ThingDTO:
      type: object
      properties:
        a/b: {type: string, enum: [x, y]}
";

/// Returns the client and the report of the description with these actions.
fn overlaid(actions: &str) -> (Crate, String) {
    let folder = tempfile::tempdir().unwrap();
    let (root, overlay) = write(folder.path(), actions);
    let mut diagnostics = Diagnostics::default();
    let sources = Description { root: &root, overlay: Some(&overlay), folder: None }.open(&mut diagnostics);
    let selected = select(&sources, &fixtures::all(), &mut diagnostics);
    let krate = analyse(&sources, &selected, &Conventions::from(&Market as &dyn Dialect), &mut diagnostics)
        .expect("a plan");
    (
        krate,
        Report::new(diagnostics, &sources).render(false).replace(&folder.path().display().to_string(), ""),
    )
}

fn write(folder: &Path, actions: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    let (root, overlay) = (folder.join("openapi.yaml"), folder.join("overlay.yaml"));
    fs::write(&root, DESCRIPTION).unwrap();
    fs::write(&overlay, format!("overlay: 1.0.0\ninfo: {{title: Words, version: '1'}}\nactions:\n{actions}"))
        .unwrap();
    (root, overlay)
}

#[test]
fn overlay_sets_prose_names_and_extensions() {
    let (krate, report) = overlaid(
        "
  - target: $.info
    update: {title: Other things, description: Our own.}
  - target: $.paths.*[?@.operationId=='getThing']
    update: {summary: Reads a thing, x-safety: read-only, x-rust-name: read, tags: [things]}
  - target: $.paths.*.*.parameters[?@.name=='limit']
    update: {x-rust-name: at-most}
  - target: $.paths.*.*.parameters[?@.name=='old']
    remove: true
  - target: $.components.schemas.ThingDTO
    update: {description: A thing., x-rust-name: Thing, properties: {a/b: {x-rust-name: letter, enum: [z]}}}
",
    );
    assert_eq!(report, "");
    assert_eq!((krate.title.as_str(), krate.docs.description.as_deref()), ("Other things", Some("Our own.")));
    let call = &krate.calls[0];
    assert_eq!((call.method.as_str(), call.name.as_str()), ("read", "Read"));
    assert_eq!((call.safety, call.docs.summary.as_deref()), (Safety::ReadOnly, Some("Reads a thing")));
    let inputs: Vec<_> = call.inputs.iter().map(|input| (&*input.wire, input.name.as_str())).collect();
    assert_eq!(inputs, [("id", "id"), ("limit", "at_most")]);
    let thing = krate.items.iter().find(|item| item.name.as_str() == "Thing").unwrap();
    let ItemKind::Struct(thing) = &thing.kind else { panic!("an enum") };
    assert_eq!(thing.fields[0].name.as_str(), "letter");
}

#[test]
fn update_of_a_list_adds_an_element() {
    let folder = tempfile::tempdir().unwrap();
    let (root, overlay) =
        write(folder.path(), "  - {target: $.servers, update: {url: https://example.org}}\n");
    let sources =
        Description { root: &root, overlay: Some(&overlay), folder: None }.open(&mut Diagnostics::default());
    let api = fixtures::lower(&sources, &fixtures::all());
    let urls: Vec<_> = api.servers.iter().map(|server| server.url.as_str()).collect();
    assert_eq!(urls, ["https://example.com", "https://example.org"]);
}

#[test]
fn later_action_sees_earlier_changes() {
    let (krate, report) = overlaid(
        "
  - target: $.paths
    update: {/v1/more: {get: {operationId: more, responses: {'204': {description: Nothing.}}}}}
  - target: $.paths['/v1/more'].get
    update: {operationId: evenMore}
  - target: $.paths['/v1/things/{id}']
    remove: true
",
    );
    assert_eq!(report, "");
    let ids: Vec<_> = krate.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, ["evenMore"]);
}

#[test]
fn list_elements_change_once_in_any_order() {
    for (target, left) in [
        ("[1,0]", vec!["c"]),
        ("[-1,0]", vec!["b"]),
        ("[::-1]", vec![]),
        ("[0,0]", vec!["b", "c"]),
        ("[?@.name=='b']", vec!["a", "c"]),
    ] {
        let parameter = |name| format!("{{name: {name}, in: query, schema: {{type: string}}}}");
        let list = ["a", "b", "c"].map(parameter).join(", ");
        let (krate, report) = overlaid(&format!(
            "
  - target: $.paths
    update: {{/v1/list: {{get: {{operationId: list, parameters: [{list}], responses: {{'204': {{description: Nothing.}}}}}}}}}}
  - target: $.paths['/v1/list'].get.parameters{target}
    remove: true
  - target: $.paths['/v1/list'].get['parameters','parameters']
    update: {{name: d, in: query, schema: {{type: string}}}}
"
        ));
        assert_eq!(report, "", "{target}");
        let list = krate.calls.iter().find(|call| call.id == "list").unwrap();
        let names: Vec<_> = list.inputs.iter().map(|input| input.wire.as_str()).collect();
        assert_eq!(names, [left, vec!["d"]].concat(), "{target}");
    }
}

#[test]
fn useless_action_warns_others_apply() {
    let (krate, report) = overlaid(
        "
  - target: $.paths.*[?@.operationId=='getThings']
    update: {summary: Nobody reads this}
  - target: $.paths[
    update: {summary: Nor this}
  - target: $.info.title
    update: {summary: Nor that}
  - target: $.info
    update: title
  - target: $
    remove: true
  - target: $.paths.*.put
    update: {parameters: {name: z}}
  - target: $.paths.*.put
    update: {responses: []}
  - target: $.info
    update: {title: 5}
  - target: $.info
    update: {title: Fine}
  - target: $.components.schemas.ThingDTO
    update: {x-rust-name: 7}
",
    );
    assert_eq!(krate.title, "Fine");
    insta::assert_snapshot!(report);
}

#[test]
fn mistake_from_overlay_points_to_overlay() {
    let folder = tempfile::tempdir().unwrap();
    let (root, overlay) = write(
        folder.path(),
        "
  - target: $.components.schemas.ThingDTO
    update:
      properties:
        more:
          type: strng
",
    );
    let description = Description { root: &root, overlay: Some(&overlay), folder: None };
    let Err(GenerateError::Description(report)) =
        generate(description, &fixtures::all(), &fixtures::package())
    else {
        panic!("it was accepted");
    };
    insta::assert_snapshot!(report.render(false).replace(&folder.path().display().to_string(), ""));
}

#[test]
fn invalid_overlay_is_an_error() {
    let reports = [
        ("overlay: 1.0.0", "overlay: 2.0.0"),
        ("actions:", "action:"),
        ("title: Words", "titel: Words"),
        ("  - target: $.info", "  - info"),
        ("    remove: true", "    remove: 7"),
        ("    remove: true", ""),
        ("overlay: 1.0.0", "overlay: [1"),
    ];
    let mut told = String::new();
    for (from, to) in reports {
        let folder = tempfile::tempdir().unwrap();
        let (root, overlay) = write(folder.path(), "  - target: $.info\n    remove: true\n");
        let text = fs::read_to_string(&overlay).unwrap();
        assert!(text.contains(from));
        fs::write(&overlay, text.replacen(from, to, 1)).unwrap();
        let description = Description { root: &root, overlay: Some(&overlay), folder: None };
        let Err(GenerateError::Description(report)) =
            generate(description, &fixtures::all(), &fixtures::package())
        else {
            panic!("{to} was accepted");
        };
        let report = report.render(false).replace(&folder.path().display().to_string(), "");
        told.extend(["=== ", to, "\n", &report, "\n"]);
    }
    insta::assert_snapshot!(told);
}
