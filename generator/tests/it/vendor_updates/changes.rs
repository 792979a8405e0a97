//! Changes that a vendor may publish, of the tree of files in `fixtures/accepted/tree`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fixtures;

/// One change: in a file of the tree, a text is replaced by another one. Without a text to replace, the other one is
/// the whole file.
pub(crate) struct Change {
    pub(crate) name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn change(name: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Change {
    Change { name, file, from, to }
}

/// Changes that make another client.
pub(crate) const ACCEPTED: &[Change] = &[
    change(
        "a property, with a format of the vendor's",
        "schemas/envelope.yaml",
        "properties:\n",
        "properties:\n  since:\n    type: string\n    format: date-dd-MM-yyyy\n    nullable: true\n",
    ),
    change("a value of an enum", "schemas/deep/Kind.yaml", "  - B\n", "  - B\n  - UNRECOGNIZED\n  - ''\n"),
    change(
        "an operation, with a body of a type in a new file, a header, a list and a time",
        "paths/things_{thingId}.yaml",
        "put:\n",
        "patch:\n  tags: [news]\n  operationId: patchThing\n  deprecated: true\n  parameters:\n    \
         - {name: X-Trace, in: header, schema: {type: string, format: uuid}}\n    \
         - {name: kinds, in: query, schema: {type: array, items: {$ref: ../schemas/deep/Kind.yaml}}}\n    \
         - {name: at, in: query, schema: {type: string, format: time}, deprecated: true}\n  \
         requestBody:\n    content:\n      application/json:\n        \
         schema: {$ref: ../schemas/%D0%9D%D0%BE%D0%B2%D0%BE%D0%B5.yaml}\n  \
         responses:\n    '200': {description: A sheet., content: {application/vnd.ms-excel: {schema: {type: string, format: binary}}}}\n    \
         '409': {description: Taken., content: {application/json: {schema: {$ref: ../schemas/envelope.yaml}}}}\n    \
         5XX: {description: Down.}\nput:\n",
    ),
    change(
        "a file with a name of other letters",
        "schemas/Новое.yaml",
        "",
        "type: object\nx-new: [1]\nrequired: [a]\nproperties:\n  a: {type: number, exclusiveMinimum: true, minimum: 0}\n  \
         and: {$ref: Thing.yaml}\n",
    ),
    change("a path that moved", "openapi.yaml", "  /things/{thingId}:\n", "  /v2/things/{thingId}:\n"),
    change(
        "another way to authenticate",
        "openapi.yaml",
        "security:\n  - Key: []\n",
        "security:\n  - Key: []\n  - Token: [all]\n",
    ),
    change(
        "what that way is",
        "openapi.yaml",
        "  securitySchemes:\n",
        "  securitySchemes:\n    Token: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.b/c', scopes: {all: All}}}}\n",
    ),
    change(
        "a union",
        "schemas/envelope.yaml",
        "    type: string\n",
        "    oneOf: [{type: string}, {type: integer}]\n",
    ),
    change("a parameter of another name", "parameters/ThingId.yaml", "name: thingId", "name: id"),
    change(
        "a form of another kind",
        "parameters/all.yaml",
        "    application/json:",
        "    application/x-www-form-urlencoded:",
    ),
    change(
        "a style of a parameter",
        "parameters/all.yaml",
        "  in: query\n",
        "  in: query\n  style: pipeDelimited\n",
    ),
];

/// Changes that no client can be made of, each by itself.
pub(crate) const REFUSED: &[Change] = &[
    change("a file that is not there", "schemas/Thing.yaml", "$ref: ids.yaml", "$ref: id.yaml"),
    change("a file that is no YAML", "schemas/ids.yaml", "    minLength: 3\n", "\tminLength: 3\n"),
    change(
        "a reference out of the tree",
        "schemas/Thing.yaml",
        "$ref: deep/Thing.yaml\n  root",
        "$ref: ../../Thing.yaml\n  root",
    ),
    change("another version of OpenAPI", "openapi.yaml", "openapi: 3.0.3", "openapi: 4.0.0"),
    change("a status of another kind", "with space/responses.yaml", "Fine:\n", "Other:\n"),
];

/// Copies the tree with some changes, and returns its root.
pub(crate) fn changed(folder: &Path, changes: &[Change]) -> PathBuf {
    copy(&fixtures::path("accepted/tree"), folder);
    for Change { name, file, from, to } in changes {
        let path = folder.join(file);
        if from.is_empty() {
            fs::write(path, to).unwrap();
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name}: {file} has no {from:?}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
    folder.join("openapi.yaml")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}
