//! Changes of a description, one for each rule.

/// The description that is changed.
pub(crate) const BASE: &str = include_str!("../../fixtures/diff/openapi.yaml");

/// An envelope around orders, and the component that follows.
const REPLY: &str = "    \
    Reply:
      type: object
      properties:
        status: {type: string, enum: [OK, ERROR]}
        result: {$ref: '#/components/schemas/Orders'}
    File:
";

/// Each rule, with what is replaced in the base by what.
pub(crate) const RULES: &[(&str, &[(&str, &str)])] = &[
    ("nothing", &[]),
    (
        "stream item",
        &[(
            "Tickets., content: {text/event-stream: {schema: {$ref: '#/components/schemas/Ticket'}",
            "Tickets., content: {text/event-stream: {schema: {$ref: '#/components/schemas/Problem'}",
        )],
    ),
    ("stream terminator", &[("x-stream-terminator: END", "x-stream-terminator: STOP")]),
    ("stream terminator gone", &[(", x-stream-terminator: END", "")]),
    (
        "stream format",
        &[("Tickets., content: {text/event-stream:", "Tickets., content: {application/jsonl:")],
    ),
    (
        "stream to JSON",
        &[("Tickets., content: {text/event-stream:", "Tickets., content: {application/json:")],
    ),
    (
        "second stream",
        &[(
            "A ticket., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}, text",
            "A ticket., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}, application/x-ndjson: {}, text",
        )],
    ),
    (
        "stream beside JSON gone",
        &[(
            ", text/event-stream: {schema: {$ref: '#/components/schemas/Ticket'}}}}\ncomponents:",
            "}}\ncomponents:",
        )],
    ),
    (
        "stream beside JSON",
        &[(
            "content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}\n        default:",
            "content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}, text/event-stream: {}}}\n        default:",
        )],
    ),
    ("title", &[("title: Shop", "title: Shops")]),
    ("server", &[("url: https://example.com", "url: https://example.org")]),
    ("server gone", &[("servers:\n  - url: https://example.com\n", "")]),
    ("operation server", &[("https://{region}.files.example.com", "https://{region}.files.example.org")]),
    (
        "operation server name",
        &[("https://{region}.files.example.com", "https://{region}.uploads.example.com")],
    ),
    ("server variable default", &[("default: eu", "default: us")]),
    ("server variable values", &[("enum: [eu, us]", "enum: [eu, asia]")]),
    ("server variable of any value", &[("enum: [eu, us], ", "")]),
    (
        "operation",
        &[(
            "  /orders:\n",
            "  /more:\n    get: {operationId: getMore, tags: [shop], responses: {'204': {description: Nothing.}}}\n  /orders:\n",
        )],
    ),
    ("operation renamed", &[("operationId: getOrders", "operationId: listOrders")]),
    (
        "path prefix",
        &[
            ("  /orders:", "  /v2/orders:"),
            ("  /orders/{orderId}:", "  /v2/orders/{orderId}:"),
            ("  /files:", "  /v2/files:"),
        ],
    ),
    ("path", &[("  /orders:", "  /all-orders:")]),
    (
        "path parameter renamed",
        &[("/orders/{orderId}", "/orders/{id}"), ("name: orderId, in: path", "name: id, in: path")],
    ),
    ("method", &[("    put:\n      operationId: setOrder", "    patch:\n      operationId: setOrder")]),
    ("operation deprecated", &[("operationId: getOrders", "operationId: getOrders\n      deprecated: true")]),
    ("operation words", &[("summary: Lists orders", "summary: Lists the orders")]),
    ("tag", &[("operationId: sendFile\n      tags: [shop]", "operationId: sendFile\n      tags: [files]")]),
    ("redirect", &[("        '404': {", "        '301': {description: Moved.}\n        '404': {")]),
    ("safety", &[("operationId: setOrder", "operationId: setOrder\n      x-safety: unsafe")]),
    ("idempotency key gone", &[("      x-idempotency-key: Idempotency-Key\n", "")]),
    ("idempotency key header", &[("x-idempotency-key: Idempotency-Key", "x-idempotency-key: X-Request-Id")]),
    ("rate limit", &[("amount: 100", "amount: 50")]),
    ("scopes", &[("x-auth-scopes: [orders]", "x-auth-scopes: [orders, everything]")]),
    (
        "shutdown",
        &[(
            "operationId: getOrders",
            "operationId: getOrders\n      x-deprecation-config: {shutdown-date: '2030-01-01'}",
        )],
    ),
    ("security alternative", &[("  - Key: []\n", "  - Key: []\n  - Token: []\n")]),
    ("security together", &[("  - Key: []\n", "  - Key: []\n    Token: []\n")]),
    ("security needed", &[("operationId: sendFile\n", "operationId: sendFile\n      security: []\n")]),
    ("security scheme header", &[("name: Key, in: header", "name: X-Key, in: header")]),
    ("security scheme kind", &[("{type: apiKey, name: Key, in: header}", "{type: http, scheme: basic}")]),
    (
        "parameter optional",
        &[(
            "      - {name: limit",
            "      - {name: more, in: query, schema: {type: string}}\n      - {name: limit",
        )],
    ),
    (
        "parameter required",
        &[(
            "      - {name: limit",
            "      - {name: more, in: query, required: true, schema: {type: string}}\n      - {name: limit",
        )],
    ),
    ("parameter must be given", &[("{name: limit, in: query,", "{name: limit, in: query, required: true,")]),
    (
        "parameter type",
        &[(
            "{name: limit, in: query, schema: {type: integer, format: int32",
            "{name: limit, in: query, schema: {type: integer, format: int64",
        )],
    ),
    ("parameter name on the wire", &[("name: page_token", "name: pageToken")]),
    ("parameter name", &[("name: page_token", "name: cursor")]),
    ("parameter place", &[("name: page_token, in: query", "name: page_token, in: header")]),
    ("parameter bound", &[("maximum: 50", "maximum: 20")]),
    ("parameter bound gone", &[("maximum: 50, ", "")]),
    (
        "parameter replacement",
        &[(
            "{name: page_token, in: query,",
            "{name: page_token, in: query, deprecated: true, x-replacement: limit,",
        )],
    ),
    ("parameter default", &[("default: 10", "default: 5")]),
    ("parameter deprecated", &[("{name: limit, in: query,", "{name: limit, in: query, deprecated: true,")]),
    ("parameter words", &[("description: How many.", "description: How many there are.")]),
    (
        "argument order",
        &[(
            "{name: orderId, in: path, required: true, schema: {type: integer, format: int64}}\n      - {name: shopId, in: query, required: true, schema: {type: integer, format: int64}}",
            "{name: shopId, in: query, required: true, schema: {type: integer, format: int64}}\n      - {name: orderId, in: path, required: true, schema: {type: integer, format: int64}}",
        )],
    ),
    (
        "body property optional",
        &[("        note: {type: string}", "        note: {type: string}\n        more: {type: string}")],
    ),
    (
        "body property required",
        &[
            ("required: [total]", "required: [total, more]"),
            ("        note: {type: string}", "        note: {type: string}\n        more: {type: string}"),
        ],
    ),
    ("body property must be given", &[("required: [total]", "required: [total, note]")]),
    (
        "body property type",
        &[("        note: {type: string}", "        note: {type: array, items: {type: string}}")],
    ),
    (
        "body property nullable",
        &[("        note: {type: string}", "        note: {type: string, nullable: true}")],
    ),
    (
        "body property deprecated",
        &[("        note: {type: string}", "        note: {type: string, deprecated: true}")],
    ),
    ("replacement gone", &[("deprecated: true, x-replacement: note", "deprecated: true")]),
    ("replacement", &[("x-replacement: note", "x-replacement: total")]),
    (
        "body property read only",
        &[("        note: {type: string}", "        note: {type: string, readOnly: true}")],
    ),
    (
        "body property write only",
        &[
            ("required: [total]", "required: [total, note]"),
            ("        note: {type: string}", "        note: {type: string, writeOnly: true}"),
            (
                "properties:\n        id: {type: integer, format: int64}",
                "properties:\n        new: {$ref: '#/components/schemas/NewOrder'}\n        id: {type: integer, format: int64}",
            ),
        ],
    ),
    (
        "body property bound",
        &[(
            "        total: {type: integer, format: int64",
            "        total: {type: integer, format: int64, minimum: 1",
        )],
    ),
    ("body may be left out", &[("requestBody: {required: true,", "requestBody: {required: false,")]),
    ("file optional", &[("required: [file]", "required: []")]),
    (
        "file limit",
        &[(
            "file: {type: string, format: binary}",
            "file: {type: string, format: binary, x-max-bytes: 1000}",
        )],
    ),
    (
        "form optional",
        &[("        required: true\n        content: {multipart", "        content: {multipart")],
    ),
    (
        "form of files",
        &[(
            "file: {type: string, format: binary}",
            "file: {type: array, items: {type: string, format: binary}}",
        )],
    ),
    (
        "part media type",
        &[(
            "{multipart/form-data: {schema: {$ref: '#/components/schemas/File'}}}",
            "{multipart/form-data: {schema: {$ref: '#/components/schemas/File'}, encoding: {file: {contentType: image/png}}}}",
        )],
    ),
    (
        "part header",
        &[(
            "{multipart/form-data: {schema: {$ref: '#/components/schemas/File'}}}",
            "{multipart/form-data: {schema: {$ref: '#/components/schemas/File'}, encoding: {file: {headers: {X-Turn: {schema: {type: integer}}}}}}}",
        )],
    ),
    ("form kind", &[("multipart/form-data", "multipart/related")]),
    (
        "parameter style",
        &[("{name: words, in: query,", "{name: words, in: query, style: pipeDelimited, explode: false,")],
    ),
    (
        "parameter as JSON",
        &[(
            "{name: words, in: query, schema: {type: array, maxItems: 9, items: {type: string, maxLength: 10}}}",
            "{name: words, in: query, content: {application/json: {schema: {type: array, maxItems: 9, items: {type: string, maxLength: 10}}}}}",
        )],
    ),
    (
        "parameter reserved characters",
        &[("{name: page_token, in: query,", "{name: page_token, in: query, allowReserved: true,")],
    ),
    (
        "body media type",
        &[(
            "requestBody: {required: true, content: {application/json:",
            "requestBody: {required: true, content: {application/vnd.order+json:",
        )],
    ),
    (
        "body as form",
        &[(
            "requestBody: {required: true, content: {application/json:",
            "requestBody: {required: true, content: {application/x-www-form-urlencoded:",
        )],
    ),
    (
        "body as text",
        &[(
            "{application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}",
            "{text/csv: {schema: {type: string}}}",
        )],
    ),
    (
        "body of another media type",
        &[(
            "{application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}",
            "{application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}, application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/NewOrder'}, encoding: {note: {style: form, explode: false, allowReserved: true}}}}",
        )],
    ),
    (
        "body of another media type, a file",
        &[(
            "{application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}",
            "{application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}, text/csv: {schema: {type: string, format: binary}}}",
        )],
    ),
    ("form property", &[("        file: {type", "        name: {type: string}\n        file: {type")]),
    ("reply property", &[("        state: {$ref", "        more: {type: string}\n        state: {$ref")]),
    ("reply property required", &[("required: [id]", "required: [id, state]")]),
    ("reply property type", &[("        id: {type: integer, format: int64}", "        id: {type: string}")]),
    ("reply property name on the wire", &[("        createdAt:", "        created_at:")]),
    ("reply property alias", &[("        createdAt: {type", "        createdAt: {x-rust-name: born, type")]),
    (
        "reply property bound",
        &[(
            "        id: {type: integer, format: int64}",
            "        id: {type: integer, format: int64, minimum: 1}",
        )],
    ),
    (
        "reply type",
        &[("schema: {$ref: '#/components/schemas/Orders'}", "schema: {$ref: '#/components/schemas/Order'}")],
    ),
    (
        "reply without content",
        &[(
            "content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}\n        default",
            "}\n        default",
        )],
    ),
    ("success added", &[("        '202': {", "        '201': {description: Created.}\n        '202': {")]),
    ("success removed", &[("        '204': {description: Nothing to do.}\n", "")]),
    (
        "success type",
        &[(
            "Queued., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}",
            "Queued., content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}",
        )],
    ),
    (
        "success file",
        &[(
            "        '202': {",
            "        '206': {description: A part., content: {image/png: {}}}\n        '202': {",
        )],
    ),
    (
        "success without content",
        &[(
            "Queued., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}",
            "Queued.",
        )],
    ),
    (
        "successes alike",
        &[(
            "Queued., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}",
            "Queued., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}",
        )],
    ),
    (
        "success or nothing",
        &[(
            "'200': {description: A page.,",
            "'204': {description: No page.}\n        '200': {description: A page.,",
        )],
    ),
    (
        "response header",
        &[("headers: {X-Version: {", "headers: {X-More: {schema: {type: string}}, X-Version: {")],
    ),
    ("response header gone", &[("headers: {X-Version: {schema: {type: integer}}}, ", "")]),
    (
        "response header type",
        &[("X-Version: {schema: {type: integer}}", "X-Version: {schema: {type: string}}")],
    ),
    ("response header words", &[("X-Version: {schema", "X-Version: {description: Which one., schema")]),
    (
        "reply media type",
        &[("integer}}}, content: {application/json:", "integer}}}, content: {application/vnd.order+json:")],
    ),
    (
        "reply text",
        &[(
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {application/json:",
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {text/plain:",
        )],
    ),
    (
        "reply file",
        &[(
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}",
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {image/png: {}}",
        )],
    ),
    (
        "reply or file",
        &[(
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {application/json:",
            "The order., headers: {X-Version: {schema: {type: integer}}}, content: {image/png: {}, application/json:",
        )],
    ),
    (
        "reply redirect",
        &[(
            "'200': {description: The order., headers: {X-Version: {schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}",
            "'303': {description: Elsewhere.}",
        )],
    ),
    (
        "error text",
        &[(
            "content: {text/plain: {schema: {type: string}}}",
            "content: {application/json: {schema: {type: string}}}",
        )],
    ),
    ("result", &[("description: An order.", "description: An order.\n      x-result: state")]),
    (
        "result and its envelope",
        &[("    Orders:\n      type: object\n", "    Orders:\n      type: object\n      x-result: paging\n")],
    ),
    (
        "envelope by convention",
        &[
            ("schema: {$ref: '#/components/schemas/Orders'}", "schema: {$ref: '#/components/schemas/Reply'}"),
            ("    File:\n", REPLY),
        ],
    ),
    (
        "envelope left on",
        &[
            ("schema: {$ref: '#/components/schemas/Orders'}", "schema: {$ref: '#/components/schemas/Reply'}"),
            ("    File:\n", REPLY),
            ("    Reply:\n", "    Reply:\n      x-result: false\n"),
        ],
    ),
    (
        "failure",
        &[("description: An order.", "description: An order.\n      x-failure-when: {state: FAILED}")],
    ),
    (
        "paging by number",
        &[(
            "      operationId: getOrders\n",
            "      operationId: getOrders\n      x-pagination: {page: limit, items: orders}\n",
        )],
    ),
    (
        "paging by URL",
        &[(
            "      operationId: getOrders\n",
            "      operationId: getOrders\n      x-pagination: {url: paging.next, items: orders}\n",
        )],
    ),
    (
        "paging by link",
        &[(
            "      operationId: getOrders\n",
            "      operationId: getOrders\n      x-pagination: {link: next, items: orders}\n",
        )],
    ),
    ("paging by another cursor of the body", &[("{token: after, next", "{token: from, next")]),
    (
        "paging by a cursor of the body gone",
        &[("      x-pagination: {token: after, next: next, items: found}\n", "")],
    ),
    ("paging", &[("        next: {type: string}\n", "")]),
    (
        "error status",
        &[(
            "        '404': {description: Not there., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}\n",
            "",
        )],
    ),
    (
        "error body",
        &[(
            "'404': {description: Not there., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}",
            "'404': {description: Not there., content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}",
        )],
    ),
    (
        "error bodies alike",
        &[("        code: {type: string}\n        what: {type: string}\n", "        code: {type: string}\n")],
    ),
    ("error property", &[("        code: {type: string}", "        code: {type: integer, format: int32}")]),
    ("enum value", &[("enum: [NEW, DONE]", "enum: [NEW, PAID, DONE]")]),
    ("integer enum value", &[("enum: [-1, 1]", "enum: [-1, 0, 1]")]),
    ("integer enum value gone", &[("enum: [-1, 1]", "enum: [-1]")]),
    ("integer enum order", &[("enum: [-1, 1]", "enum: [1, -1]")]),
    ("integer enum to integer", &[("    Rank: {type: integer, enum: [-1, 1]}", "    Rank: {type: integer}")]),
    (
        "integer enum to enum",
        &[("    Rank: {type: integer, enum: [-1, 1]}", "    Rank: {type: string, enum: ['-1', '1']}")],
    ),
    ("value enum value", &[("enum: [0.5, 1]", "enum: [0.5, 1, 1.5]")]),
    ("value enum value gone", &[("enum: [0.5, 1]", "enum: [0.5]")]),
    ("value enum to number", &[("{type: number, enum: [0.5, 1]}", "{type: number}")]),
    ("value enum to integer enum", &[("{type: number, enum: [0.5, 1]}", "{type: integer, enum: [0, 1]}")]),
    ("additional properties closed", &[("      additionalProperties: {type: string}\n", "")]),
    (
        "additional properties of another type",
        &[("      additionalProperties: {type: string}", "      additionalProperties: true")],
    ),
    (
        "additional properties bound",
        &[(
            "      additionalProperties: {type: string}",
            "      additionalProperties: {type: string, maxLength: 9}",
        )],
    ),
    (
        "additional properties",
        &[(
            "    NewOrder:\n      type: object\n",
            "    NewOrder:\n      type: object\n      additionalProperties: true\n",
        )],
    ),
    (
        "additional properties named otherwise",
        &[("        main: {type: string}", "        additional: {type: string}")],
    ),
    ("number of properties", &[("minProperties: 1", "minProperties: 2")]),
    ("number of properties gone", &[("      minProperties: 1\n", "")]),
    (
        "map of itself to a map",
        &[(
            "additionalProperties: {$ref: '#/components/schemas/Tree'}",
            "additionalProperties: {type: string}",
        )],
    ),
    (
        "map of itself to a list",
        &[(
            "{type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}",
            "{type: array, items: {$ref: '#/components/schemas/Tree'}}",
        )],
    ),
    ("enum to text", &[("    State: {type: string, enum: [NEW, DONE]}", "    State: {type: string}")]),
    (
        "union member",
        &[
            (
                "{$ref: '#/components/schemas/Till'}]",
                "{$ref: '#/components/schemas/Till'}, {$ref: '#/components/schemas/App'}]",
            ),
            ("till: Till}", "till: Till, app: App}"),
            (
                "    Reference:\n",
                "    App:\n      type: object\n      required: [kind, id]\n      properties: {kind: {type: string}, id: {type: integer, format: int64}}\n    Reference:\n",
            ),
        ],
    ),
    ("union member gone", &[(", {$ref: '#/components/schemas/Till'}]", "]"), (", till: Till}", "}")]),
    (
        "union member type",
        &[(
            "oneOf: [{type: integer, format: int64}, {type: string}]",
            "oneOf: [{type: integer, format: int32}, {type: string}]",
        )],
    ),
    (
        "union member title",
        &[(
            "oneOf: [{type: integer, format: int64}, {type: string}]",
            "oneOf: [{title: Number, type: integer, format: int64}, {type: string}]",
        )],
    ),
    (
        "union member of equal type",
        &[(
            "oneOf: [{type: integer, format: int64}, {type: string}]",
            "oneOf: [{type: integer, format: int64}, {type: string}, {title: Code, type: string, minLength: 9}]",
        )],
    ),
    (
        "union order",
        &[(
            "oneOf: [{type: integer, format: int64}, {type: string}]",
            "oneOf: [{type: string}, {type: integer, format: int64}]",
        )],
    ),
    ("union to text", &[("oneOf: [{type: integer, format: int64}, {type: string}]", "type: string")]),
    (
        "union without discriminator",
        &[("      discriminator: {propertyName: kind, mapping: {site: Site, till: Till}}\n", "")],
    ),
    ("union tag", &[("site: Site,", "site: Site, web: Site,")]),
    ("union tag gone", &[("site: Site,", "web: Site,")]),
    ("union tags swapped", &[("mapping: {site: Site, till: Till}", "mapping: {site: Till, till: Site}")]),
    (
        "union property of all members",
        &[(
            "id: {type: integer, format: int64}, url: {type: string}",
            "id: {type: integer, format: int64}, city: {type: string}, url: {type: string}",
        )],
    ),
    (
        "union property of all members gone",
        &[(
            "      required: [kind, id]\n      properties: {kind: {type: string}, id: {type: integer, format: int64}, city",
            "      required: [kind]\n      properties: {kind: {type: string}, city",
        )],
    ),
    (
        "union property of all members type",
        &[(
            "{kind: {type: string}, id: {type: integer, format: int64},",
            "{kind: {type: string}, id: {type: string},",
        )],
    ),
    ("type renamed", &[("    Orders:", "    OrderList:"), ("schemas/Orders'", "schemas/OrderList'")]),
    ("type alias", &[("    Orders:\n", "    Orders:\n      x-rust-name: OrderPage\n")]),
    ("type words", &[("description: An order.", "description: One order.")]),
    (
        "type sent, too",
        &[(
            "schema: {$ref: '#/components/schemas/NewOrder'}",
            "schema: {$ref: '#/components/schemas/Order'}",
        )],
    ),
    ("element rule", &[("items: {type: string, maxLength: 10}", "items: {type: string, maxLength: 5}")]),
    (
        "pattern",
        &[("items: {type: string, maxLength: 10}", "items: {type: string, maxLength: 10, pattern: '^a'}")],
    ),
    ("elements differ", &[("type: array, maxItems: 9", "type: array, uniqueItems: true, maxItems: 9")]),
    ("operation id", &[("operationId: getOrders", "operationId: get_orders")]),
    (
        "order of alternatives",
        &[(
            "      operationId: sendFile\n",
            "      operationId: sendFile\n      security: [{Key: []}, {}]\n",
        )],
    ),
    (
        "optional body",
        &[
            (
                "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}",
                "requestBody: {required: false, content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}",
            ),
            ("      required: [total]\n", ""),
        ],
    ),
    (
        "operations swapped",
        &[
            ("operationId: getOrders", "operationId: X"),
            ("operationId: sendFile", "operationId: getOrders"),
            ("operationId: X", "operationId: sendFile"),
        ],
    ),
    ("end of a path", &[("  /orders/{orderId}:", "  /orders/{orderId}:set:")]),
    ("example gone", &[("      example: {next: b}\n", "")]),
    ("edition", &[("version: '1'", "version: '2'")]),
];

/// Returns the base description with edits.
pub(crate) fn changed(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the base has no {from}");
        text.replace(from, to)
    })
}
