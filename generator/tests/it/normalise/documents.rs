//! Documents of OpenAPI 3.1 and 3.2: everything but schemas and references.

use generator::load::Shape;

use super::{Scratch, yaml};

/// Writes a description with further fields of the root.
fn document(version: &str, rest: &str) -> Scratch {
    Scratch::new(&format!("openapi: {version}\ninfo: {{title: T, version: '1'}}\n{rest}\n"))
}

/// Checks what an operation becomes, and what is told about it.
fn assert_operation(operation: &str, expected: &str, told: &[&str]) {
    let scratch = document("3.2.0", &format!("paths:\n  /a:\n    get: {operation}"));
    assert_eq!(scratch.node("/paths/~1a/get"), yaml(expected), "{operation}");
    assert_eq!(scratch.told("/paths/~1a/get", &Shape::OPERATION), told, "{operation}");
}

#[test]
fn later_version_gets_the_shape_of_3_0() {
    for version in ["3.1.0", "3.1.1", "3.1", "3.2.0", "3.2"] {
        assert_eq!(document(version, "paths: {}").node("/openapi"), yaml("3.0.3"), "{version}");
    }
    assert_eq!(document("3.0.1", "paths: {}").node("/openapi"), yaml("3.0.1"));
    assert_eq!(document("3.3.0", "paths: {}").node("/openapi"), yaml("3.3.0"));
}

#[test]
fn paths_may_be_left_out() {
    let scratch = document("3.1.0", "components: {}");
    assert_eq!(scratch.node("/paths"), yaml("{}"));
    assert_eq!(scratch.told("", &Shape::ROOT), [""; 0]);
}

#[test]
fn responses_may_be_left_out() {
    assert_operation("{operationId: a}", "{operationId: a, responses: {}}", &[]);
}

#[test]
fn webhooks_are_kept() {
    let scratch = document(
        "3.1.0",
        "webhooks: {a: {post: {requestBody: {content: {text/plain: {schema: {const: 1}}}}}}}",
    );
    assert_eq!(
        scratch.node("/webhooks/a/post"),
        yaml("{requestBody: {content: {text/plain: {schema: {enum: [1]}}}}, responses: {}}")
    );
    assert!(scratch.told("", &Shape::ROOT).is_empty());
}

#[test]
fn path_items_of_components_are_read() {
    let scratch = document(
        "3.1.0",
        "paths: {/a: {$ref: '#/components/pathItems/A'}}\ncomponents: {pathItems: {A: {get: {operationId: a}}}}",
    );
    let at = scratch.sources.root().child("paths").child("/a");
    let target = scratch.sources.follow(&at).unwrap();
    assert_eq!(scratch.sources.node(&target).unwrap(), &yaml("{get: {operationId: a, responses: {}}}"));
}

#[test]
fn summary_of_the_api_begins_its_description() {
    let scratch = Scratch::new(
        "openapi: 3.1.0\ninfo: {title: T, version: '1', summary: S, description: D, \
         license: {name: L, identifier: MIT}}\npaths: {}\n",
    );
    assert_eq!(
        scratch.node("/info"),
        yaml("{title: T, version: '1', description: \"S\\n\\nD\", license: {name: L}}")
    );
}

#[test]
fn unknown_dialect_of_schemas_is_told() {
    let known = "jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base'\npaths: {}";
    assert_eq!(document("3.1.0", known).told("", &Shape::ROOT), [""; 0]);
    let other = document("3.1.0", "jsonSchemaDialect: 'https://a.example/schema'\npaths: {}");
    assert_eq!(
        other.told("", &Shape::ROOT),
        ["schemas are read as in the dialect of OpenAPI 3.1, not in this one"]
    );
}

#[test]
fn bytes_need_no_schema() {
    let binary = "{schema: {type: string, format: binary}}";
    assert_operation(
        "{responses: {200: {description: d, content: {application/octet-stream: {}, image/png: {}}}}}",
        &format!(
            "{{responses: {{'200': {{description: d, content: {{application/octet-stream: {binary}, \
             image/png: {binary}}}}}}}}}"
        ),
        &[],
    );
}

#[test]
fn form_part_without_a_type_is_a_file() {
    let form = |file: &str| {
        format!(
            "{{requestBody: {{content: {{multipart/form-data: {{schema: {{type: object, properties: {{file: {file}, \
             name: {{type: string}}}}}}}}}}}}, responses: {{}}}}"
        )
    };
    assert_operation(&form("{}"), &form("{type: string, format: binary}"), &[]);
    assert_operation(
        &form("{contentMediaType: application/octet-stream}"),
        &form("{type: string, format: binary}"),
        &[],
    );
}

#[test]
fn summary_of_a_response_is_its_description() {
    assert_operation(
        "{responses: {200: {summary: s}, 404: {summary: s, description: d}}}",
        "{responses: {'200': {description: s}, '404': {description: d}}}",
        &[],
    );
}

#[test]
fn item_schema_is_that_of_the_elements_of_a_list() {
    for media_type in ["text/event-stream", "application/jsonl", "application/json-seq"] {
        assert_operation(
            &format!(
                "{{responses: {{200: {{description: d, content: {{{media_type}: {{itemSchema: {{type: object}}}}}}}}}}}}"
            ),
            &format!(
                "{{responses: {{'200': {{description: d, content: {{{media_type}: \
                 {{schema: {{type: array, items: {{type: object}}}}}}}}}}}}}}"
            ),
            &[],
        );
    }
}

#[test]
fn content_schema_of_event_data_is_that_of_its_json() {
    let stream = |member: &str, data: &str| {
        format!(
            "{{responses: {{'200': {{description: d, content: {{text/event-stream: {{{member}: {{type: object, \
             oneOf: [{{properties: {{data: {data}}}}}]}}}}}}}}}}}}"
        )
    };
    let json = "{type: string, contentMediaType: application/json, contentSchema: {type: object}}";
    let list = |schema: String| {
        schema.replace("schema: {", "schema: {type: array, items: {").replacen("}}}}}", "}}}}}}", 1)
    };
    assert_operation(&stream("itemSchema", json), &list(stream("schema", "{type: object}")), &[]);
    let text = "{type: string, contentMediaType: text/plain}";
    assert_operation(&stream("itemSchema", text), &list(stream("schema", "{type: string}")), &[]);
}

#[test]
fn item_schema_of_another_media_type_is_told() {
    assert_operation(
        "{responses: {200: {description: d, content: {multipart/mixed: {itemSchema: {type: object}}}}}}",
        "{responses: {'200': {description: d, content: {multipart/mixed: \
         {schema: {type: string, format: binary}}}}}}",
        &["`itemSchema` is not read; the body is read as a whole"],
    );
}

#[test]
fn encodings_by_position_are_told() {
    assert_operation(
        "{responses: {200: {description: d, content: {multipart/mixed: {schema: {type: string}, \
         prefixEncoding: [], itemEncoding: {}}}}}}",
        "{responses: {'200': {description: d, content: {multipart/mixed: {schema: {type: string}}}}}}",
        &[
            "`prefixEncoding` is not read; the body is read as a whole",
            "`itemEncoding` is not read; the body is read as a whole",
        ],
    );
}

#[test]
fn whole_query_string_as_a_parameter_is_told() {
    assert_operation(
        "{responses: {}, parameters: [{name: q, in: querystring, content: {}}, {name: a, in: query, schema: {}}]}",
        "{responses: {}, parameters: [{name: a, in: query, schema: {}}]}",
        &["the query string `q` as a whole is not a parameter of the client"],
    );
}

#[test]
fn cookie_style_is_that_of_cookies() {
    assert_operation(
        "{responses: {}, parameters: [{name: a, in: cookie, style: cookie, schema: {}}]}",
        "{responses: {}, parameters: [{name: a, in: cookie, schema: {}}]}",
        &[],
    );
}

#[test]
fn additional_operation_of_a_known_method_is_read() {
    let scratch = document("3.2.0", "paths: {/a: {additionalOperations: {PATCH: {}, COPY: {}}}}");
    assert_eq!(scratch.node("/paths/~1a"), yaml("{patch: {responses: {}}}"));
    assert_eq!(scratch.told("/paths/~1a", &Shape::PATH_ITEM), ["the method `COPY` is not generated"]);
}

#[test]
fn default_mapping_of_a_discriminator_is_told() {
    assert_operation(
        "{responses: {200: {description: d, content: {application/json: {schema: {oneOf: [{type: object}], \
         discriminator: {propertyName: a, defaultMapping: X}}}}}}}",
        "{responses: {'200': {description: d, content: {application/json: {schema: {oneOf: [{type: object}], \
         discriminator: {propertyName: a}}}}}}}",
        &["`defaultMapping` is not read; other values are kept as JSON"],
    );
}

#[test]
fn prose_of_tags_servers_and_schemes_is_accepted() {
    let scratch = document(
        "3.2.0",
        "paths: {}\ntags: [{name: a, summary: A, kind: nav, parent: b}, {name: b}]\n\
         servers: [{url: 'https://a.example', name: main}]\ncomponents: {securitySchemes: {o: {type: oauth2, \
         deprecated: true, oauth2MetadataUrl: 'https://a.example/m', flows: {deviceAuthorization: \
         {deviceAuthorizationUrl: 'https://a.example/d', tokenUrl: 'https://a.example/t', scopes: {}}}}}}",
    );
    assert_eq!(scratch.told("", &Shape::ROOT), [""; 0]);
    assert_eq!(scratch.told("/servers", &Shape::SERVERS), [""; 0]);
    assert_eq!(scratch.told("/components/securitySchemes/o", &Shape::SECURITY_SCHEME), [""; 0]);
}

#[test]
fn normalised_description_stays_as_it_is() {
    let scratch = document(
        "3.1.0",
        "paths: {/a: {get: {responses: {200: {content: {image/png: {}}}}}}}\ncomponents: {schemas: {A: {type: [string, \
         integer, 'null'], exclusiveMinimum: 1}, B: {anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}, \
         C: {prefixItems: [{const: 1}, true]}, D: {$ref: '#/components/schemas/B', maxProperties: 1}}}",
    );
    let once = scratch.node("");
    let twice = Scratch::new(&serde_yaml::to_string(&once).unwrap());
    assert_eq!(twice.node(""), once);
}
