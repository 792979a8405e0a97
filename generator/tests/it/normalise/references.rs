//! References of OpenAPI 3.1, and slips in references.

use generator::diagnostic::Location;
use generator::load::Shape;

use super::{Scratch, X, assert_converted, assert_schema, yaml};

/// Returns the place that the `$ref` at a pointer leads to.
fn target(scratch: &Scratch, pointer: &str) -> String {
    let at = Location { pointer: pointer.to_owned(), ..scratch.sources.root() };
    scratch.sources.follow(&at).map_or_else(|error| error.message, |target| target.to_string())
}

#[test]
fn siblings_of_a_reference_are_an_all_of() {
    assert_converted(
        "{$ref: '#/components/schemas/Pet', required: [a], description: d}",
        "{required: [a], description: d, allOf: [{$ref: '#/components/schemas/Pet'}]}",
    );
    assert_converted(
        "{allOf: [{type: object}], $ref: '#/components/schemas/Pet'}",
        "{allOf: [{type: object}, {$ref: '#/components/schemas/Pet'}]}",
    );
    let annotated = "{$ref: '#/components/schemas/Pet', description: d, default: {}, readOnly: true}";
    assert_converted(annotated, annotated);
}

#[test]
fn sibling_examples_of_a_reference_are_one() {
    assert_converted(
        "{$ref: '#/components/schemas/Pet', examples: [{}]}",
        "{$ref: '#/components/schemas/Pet', example: {}}",
    );
}

#[test]
fn definitions_of_a_schema_are_reached() {
    let scratch = Scratch::with_schema(
        "3.1.0",
        "{properties: {a: {$ref: '#/components/schemas/X/$defs/Y'}}, $defs: {Y: {type: [string, 'null']}}}",
    );
    let found = target(&scratch, &format!("{X}/properties/a"));
    assert_eq!(found, "openapi.yaml#/components/schemas/X/$defs/Y");
    assert_eq!(scratch.node(&format!("{X}/$defs/Y")), yaml("{type: string, nullable: true}"));
}

#[test]
fn anchor_leads_to_its_schema() {
    let scratch = Scratch::with_schema(
        "3.1.0",
        "{properties: {a: {$ref: '#y'}}, $defs: {Y: {$anchor: y, type: string}}}",
    );
    assert_eq!(target(&scratch, &format!("{X}/properties/a")), "openapi.yaml#/components/schemas/X/$defs/Y");
}

#[test]
fn identifier_leads_to_its_schema() {
    let scratch = Scratch::with_schema(
        "3.1.0",
        "{$id: 'https://a.example/x', properties: {a: {$ref: '#/$defs/Y'}, b: {$ref: y}, \
         c: {$ref: 'https://a.example/y'}, d: {$ref: '#'}, e: {$ref: '#/components/schemas/Pet'}}, \
         $defs: {Y: {$id: y, type: string}}}",
    );
    let found = ["a", "b", "c", "d", "e"].map(|name| target(&scratch, &format!("{X}/properties/{name}")));
    let pointers = ["X/$defs/Y", "X/$defs/Y", "X/$defs/Y", "X", "Pet"];
    assert_eq!(found, pointers.map(|pointer| format!("openapi.yaml#/components/schemas/{pointer}")));
}

#[test]
fn dynamic_reference_leads_to_its_anchor() {
    let scratch = Scratch::with_schema(
        "3.1.0",
        "{$dynamicAnchor: node, type: object, properties: {children: {type: array, items: {$dynamicRef: '#node'}}}}",
    );
    let found = target(&scratch, &format!("{X}/properties/children/items"));
    assert_eq!(found, "openapi.yaml#/components/schemas/X");
}

#[test]
fn own_url_leads_into_the_description() {
    let scratch = Scratch::new(
        "openapi: 3.2.0\n$self: https://a.example/api/openapi\ninfo: {title: T, version: '1'}\ncomponents:\n  \
         schemas:\n    X: {properties: {a: {$ref: 'https://a.example/api/openapi#/components/schemas/Y'}, \
         b: {$ref: 'openapi#/components/schemas/Y'}}}\n    Y: {type: string}\n",
    );
    for name in ["a", "b"] {
        let found = target(&scratch, &format!("{X}/properties/{name}"));
        assert_eq!(found, "openapi.yaml#/components/schemas/Y");
    }
}

#[test]
fn reference_to_a_moved_schema_follows_it() {
    let scratch = Scratch::with_schema(
        "3.1.0",
        "{oneOf: [{type: 'null'}, {title: A, type: object}], properties: \
         {a: {$ref: '#/components/schemas/X/oneOf/1'}}}",
    );
    let found = target(&scratch, &format!("{X}/properties/a"));
    assert_eq!(found, "openapi.yaml#/components/schemas/X/allOf/0");
}

#[test]
fn bare_name_of_a_component_is_a_reference() {
    let told = ["expected `#/components/schemas/Pet`, found `Pet`; it is read as the former"];
    assert_schema("3.0.3", "{$ref: Pet}", "{$ref: '#/components/schemas/Pet'}", &told);
    for slip in ["'#/definitions/Pet'", "'#components/schemas/Pet'", "'/components/schemas/Pet'"] {
        let told = format!(
            "expected `#/components/schemas/Pet`, found `{}`; it is read as the former",
            slip.trim_matches('\'')
        );
        assert_schema("3.0.3", &format!("{{$ref: {slip}}}"), "{$ref: '#/components/schemas/Pet'}", &[&told]);
    }
}

#[test]
fn reference_to_the_network_is_refused_with_help() {
    let scratch = Scratch::with_schema("3.1.0", "{$ref: 'https://a.example/pet.yaml'}");
    let at = Location { pointer: X.to_owned(), ..scratch.sources.root() };
    let error = scratch.sources.follow(&at).unwrap_err();
    assert_eq!(error.message, "expected a path, found `https://a.example/pet.yaml`");
    assert_eq!(
        error.help.as_deref(),
        Some("save the file beside the description, and refer to it by its path")
    );
}

#[test]
fn referenced_file_is_of_the_version_of_the_root() {
    let scratch = Scratch::with_schema("3.1.0", "{$ref: 'pet.yaml'}");
    scratch.add("pet.yaml", "type: [object, 'null']\nproperties:\n  a: {const: b}\n");
    let pet = Location::file("pet.yaml");
    let expected = "{type: object, nullable: true, properties: {a: {enum: [b]}}}";
    assert_eq!(scratch.sources.node(&pet).unwrap(), &yaml(expected));
}

#[test]
fn parts_of_a_file_are_known_by_their_fields() {
    let scratch = Scratch::with_schema("3.1.0", "{type: string}");
    scratch.add(
        "parts.yaml",
        "schemas:\n  A: {type: [string, 'null']}\nother:\n  deep:\n    B: {type: ['null', integer]}\n\
         path:\n  get:\n    operationId: a\n    parameters:\n      - {name: a, in: query, schema: {const: 1}}\n\
         example:\n  value: {const: 1}\n",
    );
    let node = |pointer: &str| {
        let at = Location { pointer: pointer.to_owned(), ..Location::file("parts.yaml") };
        scratch.sources.node(&at).unwrap().clone()
    };
    assert_eq!(node("/schemas/A"), yaml("{type: string, nullable: true}"));
    assert_eq!(node("/other/deep/B"), yaml("{type: integer, nullable: true}"));
    assert_eq!(node("/path/get/parameters/0/schema"), yaml("{enum: [1]}"));
    assert_eq!(node("/path/get/responses"), yaml("{}"));
    assert_eq!(node("/example/value"), yaml("{const: 1}"));
    let checked = scratch.told("/components/schemas", &Shape::Any);
    assert_eq!(checked, [""; 0]);
}
