//! Schemas of OpenAPI 3.1.

use generator::load::Shape;

use super::{Scratch, X, assert_converted, assert_schema, assert_told};

#[test]
fn type_with_null_is_nullable() {
    assert_converted("{type: [string, 'null']}", "{type: string, nullable: true}");
    assert_converted("{type: ['null', array], items: {}}", "{type: array, items: {}, nullable: true}");
    assert_converted("{type: [string]}", "{type: string}");
    assert_converted("{type: ['null']}", "{enum: [null], nullable: true}");
}

#[test]
fn several_types_are_a_union() {
    assert_converted(
        "{type: [string, integer, 'null'], minLength: 2, maximum: 9, description: d}",
        "{description: d, nullable: true, anyOf: [{type: string, minLength: 2}, {type: integer, maximum: 9}]}",
    );
    assert_converted("{type: [integer, number]}", "{type: number}");
    assert_converted(
        "{type: [string, array], format: uuid}",
        "{anyOf: [{type: string, format: uuid}, {type: array, items: {}}]}",
    );
    assert_converted("{type: [string, integer], enum: [a, 1]}", "{enum: [a, 1]}");
    assert_converted("{type: [string, number, boolean, array, object, 'null']}", "{nullable: true}");
}

#[test]
fn null_type_is_an_enum_of_null() {
    assert_converted("{type: 'null'}", "{enum: [null], nullable: true}");
}

#[test]
fn null_in_a_union_is_nullable() {
    let reference = "{$ref: '#/components/schemas/Pet'}";
    for null in ["{type: 'null'}", "{type: ['null']}", "{const: null}", "{enum: [null]}"] {
        assert_converted(
            &format!("{{oneOf: [{null}, {reference}]}}"),
            &format!("{{allOf: [{reference}], nullable: true}}"),
        );
    }
    assert_converted(
        "{anyOf: [{type: string}, {type: 'null'}, {type: integer}]}",
        "{anyOf: [{type: string}, {type: integer}], nullable: true}",
    );
}

#[test]
fn const_is_an_enum_of_one() {
    assert_converted("{type: string, const: a}", "{type: string, enum: [a]}");
    assert_converted("{const: 1}", "{enum: [1]}");
}

#[test]
fn examples_of_a_schema_are_one_example() {
    assert_converted("{type: string, examples: [a, b]}", "{type: string, example: a}");
    assert_converted("{type: string, examples: [a], example: b}", "{type: string, example: b}");
    assert_converted("{type: string, examples: []}", "{type: string}");
}

#[test]
fn exclusive_bound_is_a_bound_with_a_flag() {
    assert_converted("{exclusiveMinimum: 1}", "{minimum: 1, exclusiveMinimum: true}");
    assert_converted("{minimum: 0, exclusiveMinimum: 1}", "{minimum: 1, exclusiveMinimum: true}");
    assert_converted("{minimum: 2, exclusiveMinimum: 1}", "{minimum: 2}");
    assert_converted("{maximum: 5, exclusiveMaximum: 5}", "{maximum: 5, exclusiveMaximum: true}");
    assert_converted("{maximum: 5, exclusiveMaximum: 6.5}", "{maximum: 5}");
}

#[test]
fn prefix_items_are_a_list_of_a_union() {
    let told = ["a tuple is read as a list; the position of an element is not checked"];
    assert_told(
        "{prefixItems: [{type: string}, {type: integer}], items: false}",
        "{type: array, items: {anyOf: [{type: string}, {type: integer}]}, maxItems: 2}",
        &told,
    );
    assert_told(
        "{type: array, prefixItems: [{type: number}, {type: number}], minItems: 2, maxItems: 2}",
        "{type: array, items: {type: number}, minItems: 2, maxItems: 2}",
        &told,
    );
    assert_told(
        "{prefixItems: [{type: string}], items: {type: integer}}",
        "{type: array, items: {anyOf: [{type: string}, {type: integer}]}}",
        &told,
    );
    assert_told("{prefixItems: [{type: string}]}", "{type: array, items: {}}", &told);
}

#[test]
fn boolean_items_are_anything_or_nothing() {
    assert_converted("{type: array, items: true}", "{type: array, items: {}}");
    assert_converted("{type: array, items: false}", "{type: array, items: {}, maxItems: 0}");
    assert_converted("{type: array}", "{type: array, items: {}}");
}

#[test]
fn boolean_schema_is_anything_or_nothing() {
    assert_converted(
        "{type: object, properties: {a: true, b: false}, additionalProperties: false}",
        "{type: object, properties: {a: {}}, additionalProperties: false}",
    );
    assert_converted("{allOf: [true, {type: string}]}", "{allOf: [{}, {type: string}]}");
    assert_converted("{anyOf: [false, {type: string}]}", "{allOf: [{type: string}]}");
    assert_converted("{items: {not: true}}", "{items: {not: {}}}");
}

#[test]
fn pattern_properties_are_further_properties() {
    let told = ["names of properties are not checked by their patterns"];
    assert_told(
        "{type: object, patternProperties: {'^a/': {type: string}}}",
        "{type: object, additionalProperties: {type: string}}",
        &told,
    );
    assert_told(
        "{patternProperties: {a: {type: string}, b: {type: integer}}, additionalProperties: false}",
        "{additionalProperties: {anyOf: [{type: string}, {type: integer}]}}",
        &told,
    );
    assert_told(
        "{patternProperties: {a: {type: string}}, additionalProperties: true}",
        "{additionalProperties: {}}",
        &told,
    );
}

#[test]
fn unevaluated_properties_are_additional_ones() {
    assert_converted("{unevaluatedProperties: false}", "{additionalProperties: false}");
    assert_converted(
        "{unevaluatedProperties: {type: string}, additionalProperties: false}",
        "{additionalProperties: false}",
    );
}

#[test]
fn property_names_are_told() {
    assert_told(
        "{type: object, propertyNames: {pattern: a}}",
        "{type: object}",
        &["`propertyNames` is documented by the API, but not checked"],
    );
}

#[test]
fn dependencies_of_properties_are_told() {
    let told = |keyword: &str| format!("`{keyword}` is documented by the API, but not checked");
    for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
        let schema = format!("{{type: object, {keyword}: {{a: [b]}}}}");
        assert_told(&schema, "{type: object}", &[&told(keyword)]);
    }
}

#[test]
fn conditions_are_told() {
    assert_told(
        "{if: {required: [a]}, then: {required: [b]}, else: {}}",
        "{}",
        &[
            "`if` is documented by the API, but not checked",
            "`then` is documented by the API, but not checked",
            "`else` is documented by the API, but not checked",
        ],
    );
}

#[test]
fn contains_is_told() {
    assert_told(
        "{type: array, items: {}, contains: {const: 1}, minContains: 1}",
        "{type: array, items: {}}",
        &[
            "`contains` is documented by the API, but not checked",
            "`minContains` is documented by the API, but not checked",
        ],
    );
}

#[test]
fn unevaluated_items_are_told() {
    assert_told(
        "{type: array, items: {}, unevaluatedItems: false}",
        "{type: array, items: {}}",
        &["`unevaluatedItems` is documented by the API, but not checked"],
    );
}

#[test]
fn content_encoding_is_a_format() {
    assert_converted("{type: string, contentEncoding: base64}", "{type: string, format: byte}");
    assert_converted("{contentEncoding: binary}", "{type: string, format: binary}");
    assert_converted(
        "{type: string, contentMediaType: image/png, contentEncoding: base64}",
        "{type: string, format: byte}",
    );
    assert_converted(
        "{type: string, contentMediaType: application/octet-stream}",
        "{type: string, format: binary}",
    );
    assert_converted(
        "{type: string, contentMediaType: application/json, contentSchema: {type: object}}",
        "{type: string}",
    );
    assert_told(
        "{type: string, contentEncoding: quoted-printable}",
        "{type: string}",
        &["text in the encoding `quoted-printable` is not decoded"],
    );
}

#[test]
fn keywords_about_the_schema_are_dropped() {
    assert_converted("{$schema: 'https://x', $comment: c, $id: 'https://y', type: string}", "{type: string}");
}

#[test]
fn nullable_of_a_later_version_is_told() {
    let told = ["`nullable` is of OpenAPI 3.0; OpenAPI 3.1 writes `type: [T, \"null\"]`"];
    assert_told("{type: string, nullable: true}", "{type: string, nullable: true}", &told);
}

#[test]
fn moved_schema_is_reported_where_it_is_written() {
    let schema = "{oneOf: [{type: 'null'}, {type: string, maxLength: -1}]}";
    let scratch = Scratch::with_schema("3.1.0", schema);
    let at = scratch.sources.root().child("components").child("schemas").child("X");
    let length = at.child("allOf").child(0).child("maxLength");
    let column = "    X: ".len() + schema.find("maxLength").unwrap() + 1;
    let position = scratch.sources.position(&length);
    assert_eq!((position.line, position.column), (7, column));
    assert_eq!(scratch.told(X, &Shape::SCHEMA), ["expected an integer that is not negative, found a number"]);
}

#[test]
fn later_keyword_in_a_description_of_3_0_is_told() {
    assert_schema(
        "3.0.3",
        "{type: [string, 'null'], const: a}",
        "{type: string, nullable: true, enum: [a]}",
        &[
            "`type` is read as in OpenAPI 3.1; this description is of 3.0",
            "`const` is read as in OpenAPI 3.1; this description is of 3.0",
        ],
    );
}
