//! `--skip-unsupported` and `--root`: operations that are left out, and files of folders beside that of the description.

use std::fs;
use std::path::Path;

use generator::render::File;
use generator::select::Selection;
use generator::settings::Settings;
use generator::{Client, GenerateError, Generated};
use tempfile::TempDir;

use crate::fixtures;

/// Operations that are fine (`getFine`, `getFiles`) between those that are not, for reasons in each stage.
const MIXED: &str = "openapi: 3.0.3
info: {title: Mixed, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /fine:
    get:
      operationId: getFine
      responses:
        '200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Fine'}}}}
    post:
      operationId: postShared
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Holder'}}}}
      responses: {'204': {description: Done.}}
  /shared:
    get:
      operationId: getShared
      responses:
        '200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Holder'}}}}
  /dangling/{id}:
    parameters: [{$ref: '#/components/parameters/Missing'}]
    get: {operationId: getDangling, responses: {'204': {description: Done.}}}
  /files:
    get: {operationId: getFiles, responses: {'204': {description: Done.}}}
    put: {$ref: 'missing.yaml'}
    delete: {operationId: deleteFiles, parameters: 7, responses: {'204': {description: Done.}}}
  /nothing: {$ref: 'missing.yaml'}
components:
  schemas:
    Fine: {type: object, properties: {name: {type: string}}}
    Holder: {type: object, properties: {wrong: {$ref: '#/components/schemas/Wrong'}, fine: {$ref: '#/components/schemas/Fine'}}}
    Wrong: {type: string, minLength: 5, maxLength: 1}
";

fn generated(path: &Path, selection: Option<Selection>, skip_unsupported: bool) -> Result<Generated, String> {
    let settings = Settings { selection, skip_unsupported, ..Settings::default() };
    Client::with(path, settings).generate().map_err(|error| match error {
        GenerateError::Description(report) => report.render(false),
        GenerateError::Render(error) => error.to_string(),
    })
}

fn texts(files: &[File]) -> Vec<(&str, &str)> {
    files.iter().map(|file| (file.path.as_str(), file.contents.as_str())).collect()
}

#[test]
fn refused_operations_are_left_out_with_reasons() {
    let (folder, path) = fixtures::written(MIXED);
    assert!(generated(&path, None, false).is_err());
    let skipped = generated(&path, None, true).unwrap();
    let report = skipped.report.render(false).replace(&format!("{}/", folder.path().display()), "");
    insta::assert_snapshot!(report);
    let left_out: Vec<_> = skipped.left_out.iter().map(|left_out| left_out.id.as_str()).collect();
    assert_eq!(left_out, ["/nothing", "deleteFiles", "getDangling", "getShared", "postShared", "put /files"]);
}

#[test]
fn rest_is_generated_as_if_selected_alone() {
    let (_folder, path) = fixtures::written(MIXED);
    let skipped = generated(&path, None, true).unwrap();
    let fine: Vec<_> = MIXED.lines().collect();
    let is_wrong = |line: &str| ["/nothing", "put:", "delete:"].iter().any(|start| line.contains(start));
    let readable: Vec<_> = fine.into_iter().filter(|line| !is_wrong(line)).collect();
    let (_folder, path) = fixtures::written(&readable.join("\n"));
    let operations = vec!["getFine".to_owned(), "getFiles".to_owned()];
    let alone = generated(&path, Some(Selection { operations, ..Selection::default() }), false).unwrap();
    assert_eq!(texts(&skipped.files), texts(&alone.files));
}

#[test]
fn description_without_a_sound_operation_is_refused() {
    let text = MIXED.replace("{type: object, properties: {name: {type: string}}}", "{type: strin}");
    let (_folder, path) = fixtures::written(&text.replace("operationId: getFiles, ", "parameters: 7, "));
    let report = generated(&path, None, true).map(|_| ()).unwrap_err();
    assert!(report.contains("error: ") && !report.contains("left out"), "{report}");
}

#[test]
fn mistake_outside_of_operations_is_refused() {
    let (_folder, path) = fixtures::written(&MIXED.replace("openapi: 3.0.3", "openapi: '9'"));
    let report = generated(&path, None, true).map(|_| ()).unwrap_err();
    assert!(report.contains("error: unsupported: OpenAPI 9"), "{report}");
}

#[test]
fn sound_description_is_the_same_with_skipping() {
    let path = fixtures::path("accepted/security/openapi.yaml");
    let (plain, skipping) = (generated(&path, None, false).unwrap(), generated(&path, None, true).unwrap());
    assert_eq!(texts(&plain.files), texts(&skipping.files));
    assert_eq!(plain.report.render(false), skipping.report.render(false));
}

/// Writes a description whose schemas are in a folder beside its own.
fn siblings() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["admin", "common"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let root = "openapi: 3.0.3
info: {title: Admin, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /users/{id}:
    get:
      operationId: getUser
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: Fine.
          content: {application/json: {schema: {$ref: '../common/api.yaml#/components/schemas/User'}}}
components: {schemas: {Role: {type: string, enum: [admin, guest]}}}
";
    let common = "components: {schemas: {User: {type: object, properties: {role: \
                  {$ref: '../admin/api.yaml#/components/schemas/Role'}}}}}\n";
    fs::write(folder.path().join("admin/api.yaml"), root).unwrap();
    fs::write(folder.path().join("common/api.yaml"), common).unwrap();
    folder
}

fn widened(folder: &Path, readable: Option<&Path>) -> Result<Generated, String> {
    let client = Client::with(folder.join("admin/api.yaml"), Settings::default());
    let client = Client { folder: readable.map(Path::to_owned), ..client };
    client.generate().map_err(|error| error.to_string())
}

#[test]
fn file_of_a_sibling_folder_needs_the_root() {
    let folder = siblings();
    let report = widened(folder.path(), None).unwrap_err();
    assert!(report.contains("found `../common/api.yaml`"), "{report}");
    assert!(report.contains("help: `--root DIR` takes a folder around both files"), "{report}");
    let generated = widened(folder.path(), Some(folder.path())).unwrap();
    let types = generated.files.iter().find(|file| file.path == "src/types.rs").unwrap();
    assert_eq!(types.contents.matches("pub struct User").count(), 1, "{}", types.contents);
    assert_eq!(types.contents.matches("pub enum Role").count(), 1, "{}", types.contents);
}

#[test]
fn root_elsewhere_is_refused() {
    let folder = siblings();
    let elsewhere = folder.path().join("common");
    let report = widened(folder.path(), Some(&elsewhere)).unwrap_err();
    assert!(report.contains("expected a description in the folder"), "{report}");
}

#[test]
#[cfg(unix)]
fn link_out_of_the_root_is_refused() {
    let (secret, folder) = (tempfile::tempdir().unwrap(), siblings());
    let common = folder.path().join("common/api.yaml");
    fs::rename(&common, secret.path().join("api.yaml")).unwrap();
    std::os::unix::fs::symlink(secret.path().join("api.yaml"), &common).unwrap();
    let report = widened(folder.path(), Some(folder.path())).unwrap_err();
    assert!(report.contains("found a link that leaves the folder"), "{report}");
    assert!(report.contains("help: `--root DIR`"), "{report}");
}
