//! Slips whose meaning is plain: read, and told once at their place.

use generator::load::Shape;

use super::{Scratch, X, assert_schema, yaml};

const OPERATION: &str = "/paths/~1a/get";

/// Checks the schema of OpenAPI 3.0 that a slip becomes, and what is told about it.
fn assert_slip(schema: &str, expected: &str, told: &[&str]) {
    assert_schema("3.0.3", schema, expected, told);
}

/// Checks what an operation becomes, and what is told about it.
fn assert_operation(operation: &str, expected: &str, told: &[&str]) {
    let scratch = Scratch::new(&format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get: {operation}\n"
    ));
    assert_eq!(scratch.node(OPERATION), yaml(expected), "{operation}");
    assert_eq!(scratch.told(OPERATION, &Shape::OPERATION), told, "{operation}");
}

#[test]
fn missing_description_of_a_response_is_empty() {
    assert_operation(
        "{responses: {200: {content: {}}}}",
        "{responses: {'200': {content: {}, description: ''}}}",
        &["a response needs the field `description`; it is read as empty"],
    );
}

#[test]
fn missing_responses_are_empty() {
    let told = ["an operation needs the field `responses`; it is read as empty"];
    assert_operation("{summary: s}", "{summary: s, responses: {}}", &told);
    assert_operation("{responses: null}", "{responses: {}}", &told);
}

#[test]
fn response_without_an_object_is_its_description() {
    assert_operation(
        "{responses: {200: OK, 404: null}}",
        "{responses: {'200': {description: OK}, '404': {description: ''}}}",
        &[
            "expected a response, found the text `OK`; it is read as the description",
            "a response needs the field `description`; it is read as empty",
            "expected a response, found nothing; it is read as an empty one",
        ],
    );
}

#[test]
fn status_in_another_spelling_is_read() {
    assert_operation(
        "{responses: {4xx: {description: d}, Default: {description: e}}}",
        "{responses: {4XX: {description: d}, default: {description: e}}}",
        &[
            "expected a status such as `4XX`, found `4xx`; it is read as `4XX`",
            "expected a status such as `4XX`, found `Default`; it is read as `default`",
        ],
    );
}

#[test]
fn unquoted_status_and_version_are_text() {
    let scratch = Scratch::new(
        "openapi: 3.0\ninfo: {title: 5, version: 1.10}\npaths:\n  /a:\n    get:\n      responses:\n        \
         200: {description: d}\n",
    );
    assert_eq!(scratch.node("/openapi"), yaml("'3.0'"));
    assert_eq!(scratch.node("/info"), yaml("{title: '5', version: '1.10'}"));
    assert_eq!(scratch.node("/paths/~1a/get/responses"), yaml("{'200': {description: d}}"));
    assert_eq!(
        scratch.told("/info", &Shape::INFO),
        [
            "expected a string, found a number; it is read as text",
            "expected a string, found a number; it is read as text",
        ]
    );
}

#[test]
fn missing_info_is_empty() {
    let scratch = Scratch::new("openapi: 3.0.3\npaths: {}\n");
    assert_eq!(scratch.node("/info"), yaml("{title: '', version: ''}"));
    assert_eq!(
        scratch.told("", &Shape::ROOT),
        [
            "expected `info` with the title and the version of the API, found none",
            "an info object needs the field `title`; it is read as empty",
            "an info object needs the field `version`; it is read as empty",
        ]
    );
}

#[test]
fn missing_items_are_any_json() {
    assert_slip(
        "{type: array}",
        "{type: array, items: {}}",
        &["an array needs `items`; its elements are read as any JSON"],
    );
}

#[test]
fn list_of_item_schemas_is_a_tuple() {
    assert_slip(
        "{type: array, items: [{type: string}], maxItems: 1}",
        "{type: array, maxItems: 1, items: {type: string}}",
        &["a tuple is read as a list; the position of an element is not checked"],
    );
}

#[test]
fn required_flag_of_a_property_is_of_the_object() {
    let told = "expected the name in the `required` of the object around; it is read as if it were there";
    assert_slip(
        "{properties: {a: {type: string, required: true}, b: {required: false}, c: {}}, required: [c]}",
        "{properties: {a: {type: string}, b: {}, c: {}}, required: [c, a]}",
        &[told, told],
    );
    assert_slip(
        "{type: string, required: true}",
        "{type: string}",
        &["expected a list of names of properties, found a boolean; it has no effect"],
    );
    assert_slip(
        "{properties: {a: {}}, required: a}",
        "{properties: {a: {}}, required: [a]}",
        &["expected a list, found the text `a`; it is read as a list of one"],
    );
}

#[test]
fn word_with_a_plain_type_is_the_type() {
    for (word, schema, meaning) in [
        ("file", "{type: string, format: binary}", "`string` with the format `binary`"),
        ("datetime", "{type: string, format: date-time}", "`string` with the format `date-time`"),
        ("String", "{type: string}", "`string`"),
        ("int", "{type: integer}", "`integer`"),
        ("bool", "{type: boolean}", "`boolean`"),
        ("dict", "{type: object}", "`object`"),
        ("any", "{}", "any JSON"),
    ] {
        let told = format!("expected a type, found `{word}`; it is read as {meaning}");
        assert_slip(&format!("{{type: {word}}}"), schema, &[&told]);
    }
}

#[test]
fn word_without_a_plain_type_is_refused() {
    assert_slip(
        "{type: thing}",
        "{type: thing}",
        &["expected one of `string`, `number`, `integer`, `boolean`, `array`, `object`, found `thing`"],
    );
}

#[test]
fn text_of_a_flag_or_number_is_read() {
    assert_slip(
        "{type: string, nullable: 'true', maxLength: '10'}",
        "{type: string, nullable: true, maxLength: 10}",
        &[
            "expected `true` or `false`, found the text `true`; it is read as a boolean",
            "expected an integer that is not negative, found the text `10`; it is read as a number",
        ],
    );
}

#[test]
fn number_in_place_of_text_is_its_digits() {
    assert_operation(
        "{summary: 2024, tags: [1.50], responses: {}}",
        "{summary: '2024', tags: ['1.50'], responses: {}}",
        &[
            "expected a string, found a number; it is read as text",
            "expected a string, found a number; it is read as text",
        ],
    );
}

#[test]
fn field_without_a_value_is_left_out() {
    assert_slip(
        "{type: string, description: null, default: null}",
        "{type: string, default: null}",
        &["`description` has no value, so it is not read"],
    );
}

#[test]
fn empty_list_in_place_of_a_mapping_is_empty() {
    assert_slip(
        "{type: object, properties: [], required: {}}",
        "{type: object, properties: {}, required: []}",
        &[
            "expected a mapping, found a list; it is read as an empty mapping",
            "expected a list, found a mapping; it is read as an empty list",
        ],
    );
}

#[test]
fn one_schema_in_place_of_a_list_is_a_list() {
    let scratch = Scratch::with_schema("3.0.3", "{allOf: {type: string}}");
    assert_eq!(scratch.node(X), yaml("{allOf: [{type: string}]}"));
    assert_eq!(
        scratch.told(X, &Shape::SCHEMA),
        ["expected a list, found a mapping; it is read as a list of one"]
    );
}

#[test]
fn text_in_place_of_a_schema_is_a_type_or_a_name() {
    assert_slip(
        "{properties: {a: string, b: Pet}}",
        "{properties: {a: {type: string}, b: {$ref: '#/components/schemas/Pet'}}}",
        &[
            "expected a schema, found the text `string`; it is read as the type",
            "expected a schema, found the text `Pet`; it is read as a `$ref` to the component",
        ],
    );
}

#[test]
fn text_in_place_of_external_docs_is_the_url() {
    assert_slip(
        "{externalDocs: 'https://a.example'}",
        "{externalDocs: {url: 'https://a.example'}}",
        &["expected external documentation, found the text `https://a.example`; it is read as the URL"],
    );
}

#[test]
fn text_in_place_of_a_discriminator_is_its_property() {
    assert_slip(
        "{oneOf: [{type: object}], discriminator: kind}",
        "{oneOf: [{type: object}], discriminator: {propertyName: kind}}",
        &["expected a discriminator, found the text `kind`; it is read as the name of the property"],
    );
}

#[test]
fn empty_enum_is_any_value() {
    assert_slip(
        "{type: string, enum: []}",
        "{type: string}",
        &["expected values, found an empty list; any value of the type is read"],
    );
}

#[test]
fn schema_beside_content_is_a_body_of_json() {
    let told = "expected `content` with media types; the schema is read as `application/json`";
    assert_operation(
        "{responses: {200: {description: d, schema: {type: string}}}, requestBody: {schema: {type: object}}}",
        "{responses: {'200': {description: d, content: {application/json: {schema: {type: string}}}}}, \
         requestBody: {content: {application/json: {schema: {type: object}}}}}",
        &[told, told],
    );
}

#[test]
fn type_beside_the_schema_of_a_parameter_is_read() {
    assert_operation(
        "{responses: {}, parameters: [{name: a, in: query, type: integer, maximum: 5}]}",
        "{responses: {}, parameters: [{name: a, in: query, schema: {type: integer, maximum: 5}}]}",
        &["expected the type in `schema`, found it beside `schema`; it is read as if it were inside"],
    );
}

#[test]
fn path_parameter_is_required_anyway() {
    assert_operation(
        "{responses: {}, parameters: [{name: a, in: path, schema: {}}]}",
        "{responses: {}, parameters: [{name: a, in: path, schema: {}, required: true}]}",
        &["a path parameter needs `required: true`; it is read as required"],
    );
}

#[test]
fn word_in_other_letters_is_read() {
    assert_operation(
        "{responses: {}, parameters: [{name: a, in: Query, schema: {}}]}",
        "{responses: {}, parameters: [{name: a, in: query, schema: {}}]}",
        &["expected `query`, found `Query`; it is read as the former"],
    );
}

#[test]
fn server_variable_without_a_default_has_the_first() {
    let scratch = Scratch::new(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nservers:\n  - url: 'https://{r}.a.example'\n    \
         variables: {r: {enum: [eu, us]}, port: {default: 8443}}\n",
    );
    let variables = scratch.node("/servers/0/variables");
    assert_eq!(variables, yaml("{r: {enum: [eu, us], default: eu}, port: {default: '8443'}}"));
    assert_eq!(
        scratch.told("/servers", &Shape::SERVERS),
        [
            "a server variable needs the field `default`; it is the first value of `enum`",
            "expected a string, found a number; it is read as text",
        ]
    );
}

#[test]
fn contents_of_extensions_and_examples_stay() {
    let data = "{type: 5, x-a: {type: file, nullable: 'true'}, example: {type: [a, 'null'], const: 1}}";
    let scratch = Scratch::with_schema("3.1.0", &data.replace("type: 5, ", ""));
    assert_eq!(scratch.node(X), yaml(&data.replace("type: 5, ", "")));
    assert_eq!(scratch.told(X, &Shape::SCHEMA), [""; 0]);
}

#[test]
fn slip_in_a_part_without_a_reader_is_not_told() {
    let scratch = Scratch::with_schema("3.0.3", "{type: array}");
    assert_eq!(scratch.told("", &Shape::ROOT), [""; 0]);
    assert_eq!(scratch.told("/components/schemas/Pet", &Shape::SCHEMA), [""; 0]);
}
