//! Features of OpenAPI 3.0 that the client tells, or has in its documentation only: rows of `docs/openapi-3.0.md`.

use generator::{GenerateError, Generated};
use tempfile::TempDir;

use crate::fixtures;

const API: &str = "openapi: 3.0.3
info: {title: Things, version: '1', description: All about things., contact: {name: A}, license: {name: MIT}}
externalDocs: {url: 'https://docs.example.com', description: More.}
servers: [{url: 'https://api.example.com'}]
tags: [{name: things, description: Things on shelves.}, {name: shelves}]
paths:
  /things:
    get:
      operationId: getThings
      tags: [things]
      summary: Lists things
      externalDocs: {url: 'https://docs.example.com/things'}
      parameters: [{name: Authorization, in: header, schema: {type: string}}]
      responses:
        '102': {description: Wait.}
        '200':
          description: Things.
          links: {next: {operationId: getShelves}, previous: {operationId: getShelves}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}, example: {name: a}}
      callbacks:
        changed: {'{$request.query.url}': {post: {responses: {'204': {description: Done.}}}}}
    post:
      operationId: addThing
      tags: [things]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'204': {description: Done.}}
  /shelves:
    get: {operationId: getShelves, tags: [shelves], responses: {'204': {description: Done.}}}
components:
  schemas:
    Thing:
      type: object
      title: A thing
      externalDocs: {url: 'https://docs.example.com/thing'}
      xml: {name: thing}
      not: {required: [b]}
      properties:
        name: {type: string, pattern: '^[a-z]+$', uniqueItems: true}
";

fn generated() -> (TempDir, Generated) {
    let (folder, path) = fixtures::written(API);
    match fixtures::generate(&*path, &fixtures::all(), &fixtures::package()) {
        Ok(generated) => (folder, generated),
        Err(GenerateError::Description(report)) => panic!("{}", report.render(false)),
        Err(GenerateError::Render(error)) => panic!("{error}"),
    }
}

fn report() -> String {
    generated().1.report.render(false)
}

/// Asserts that a file below a folder has a text.
fn assert_written(folder: &str, text: &str) {
    let (_temporary, generated) = generated();
    let mut files = generated.files.iter().filter(|file| file.path.starts_with(folder));
    assert!(files.any(|file| file.contents.contains(text)), "no file below {folder} has: {text}");
}

#[test]
fn links_are_told_once() {
    let report = report();
    assert_eq!(report.matches("links are not generated (2 in the description)").count(), 1, "{report}");
}

#[test]
fn informational_response_is_told() {
    let report = report();
    assert!(report.contains("an informational response is not returned"), "{report}");
}

#[test]
fn header_of_http_is_no_parameter() {
    let report = report();
    assert!(
        report.contains("the header `Authorization` is set by the client, so it is no parameter"),
        "{report}"
    );
}

#[test]
fn negated_schema_is_told() {
    let report = report();
    assert!(report.contains("`not` is not checked before a request is sent"), "{report}");
}

#[test]
fn external_docs_are_links() {
    assert_written("src/", "See <https://docs.example.com/things>.");
    assert_written("src/", "See <https://docs.example.com/thing>.");
}

#[test]
fn tags_are_modules_with_their_prose() {
    assert_written("src/operations/", "Things on shelves.");
}

#[test]
fn description_of_the_api_begins_its_page() {
    assert_written("README.md", "All about things.");
}
