//! Names of types that descriptions repeat or share.

use std::collections::BTreeSet;

use crate::fixtures;

/// Returns the names of the types of a description, which refers to its component `root` and its parameter `list-order`.
fn names(schemas: &str) -> BTreeSet<String> {
    let description = format!(
        "openapi: 3.0.3
info: {{title: Chats, version: '1'}}
servers: [{{url: 'https://chats.example.com'}}]
paths:
  /chats:
    get:
      operationId: getChats
      parameters: [{{$ref: '#/components/parameters/list-order'}}]
      responses:
        '200':
          description: Chats.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/root'}}}}}}
components:
  parameters:
    list-order: {{name: order, in: query, schema: {{type: string, enum: [asc, desc]}}}}
  schemas:
{schemas}"
    );
    let (_folder, path) = fixtures::written(&description);
    let (krate, _) = fixtures::plan(&*path);
    krate.items.iter().map(|item| item.name.to_string()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn repeated_part_of_a_component_is_dropped() {
    let schemas = "
    root: {type: object, properties: {event: {$ref: '#/components/schemas/v1.chat.chat_event'}}}
    v1.chat.chat_event: {type: object, properties: {kind: {type: string, enum: [new]}}}
";
    let expected = set(&["ListOrder", "Root", "V1ChatEvent", "V1ChatEventKind"]);
    assert_eq!(names(schemas), expected);
}

#[test]
fn repeated_part_stays_if_the_shorter_name_is_taken() {
    let schemas = "
    root:
      type: object
      properties:
        event: {$ref: '#/components/schemas/v1.chat.chat_event'}
        other: {$ref: '#/components/schemas/v1.chat_event'}
    v1.chat.chat_event: {type: object, properties: {id: {type: integer}}}
    v1.chat_event: {type: object, properties: {id: {type: integer}}}
";
    assert_eq!(names(schemas), set(&["ListOrder", "Root", "V1ChatChatEvent", "V1ChatEvent"]));
}

#[test]
fn schema_in_place_renames_no_component() {
    let schemas = "
    root:
      type: object
      properties:
        event: {$ref: '#/components/schemas/v1.chat.chat_event'}
        chat: {$ref: '#/components/schemas/V1Chat'}
    v1.chat.chat_event: {type: object, properties: {id: {type: integer}}}
    V1Chat:
      type: object
      properties:
        id: {type: integer}
";
    let more = format!("{schemas}        event: {{type: object, properties: {{id: {{type: integer}}}}}}\n");
    let (before, after) = (names(schemas), names(&more));
    assert_eq!(before, set(&["ListOrder", "Root", "V1Chat", "V1ChatEvent"]));
    assert_eq!(after.difference(&before).collect::<Vec<_>>(), ["V1ChatEvent2"]);
    assert!(before.is_subset(&after), "{after:?}");
}

#[test]
fn shared_parameter_type_has_name_of_the_component() {
    let schemas = "    root: {type: object, properties: {id: {type: integer}}}\n";
    assert_eq!(names(schemas), set(&["ListOrder", "Root"]));
}
