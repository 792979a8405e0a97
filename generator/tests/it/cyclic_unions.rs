//! Unions that contain each other.

use generator::plan::ItemKind;

use crate::fixtures;

#[test]
fn values_of_unions_in_a_cycle_are_those_of_objects() {
    let description = "openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets:
    get:
      operationId: getPet
      responses:
        '200':
          description: A pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}
components:
  schemas:
    Animal:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Pet'}]
      discriminator: {propertyName: kind}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Animal'}]
      discriminator: {propertyName: kind}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, tricks: {type: integer}}}
";
    let (_folder, path) = fixtures::written(description);
    let (krate, _) = fixtures::plan(&*path);
    let unions: Vec<_> = krate
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Union(union) => {
                Some(union.variants.iter().map(|variant| variant.tags.clone()).collect::<Vec<_>>())
            }
            _ => None,
        })
        .collect();
    assert_eq!(unions, [vec![vec!["Cat"], vec!["Dog"]], vec![vec!["Dog"], vec!["Cat"]]]);
}
