//! Operations as a description declares them.

use generator::diagnostic::Location;
use serde_json::{Map, Value};

use crate::judge::document::Documents;

/// Headers that are no parameters: by the specification, or because they belong to the connection (RFC 9110, 7.6.1).
const NO_PARAMETERS: [&str; 16] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A declared operation.
pub(super) struct Operation {
    /// Place of the operation.
    pub(super) at: Location,
    /// The path with its `{parameters}`.
    pub(super) path: String,
    /// Path of the server of the operation, if that server is relative to the base URL.
    pub(super) server: String,
    /// HTTP method, in upper case.
    pub(super) method: String,
    /// The parameters, those of the path included.
    pub(super) parameters: Vec<Parameter>,
    /// The body of the request, if there is one.
    pub(super) body: Option<Body>,
    /// The responses.
    pub(super) responses: Vec<Response>,
}

/// A declared parameter.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) is_required: bool,
    pub(super) coding: Coding,
    /// Place of the schema; a parameter that only the path names has none, and is a text.
    pub(super) schema: Option<Location>,
}

/// Part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// Way from the value of a parameter to text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// A style, with `true` if the value is exploded.
    Style(Style, bool),
    /// JSON.
    Json,
    /// The text itself.
    Text,
}

/// Style of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A declared body of a request.
pub(super) struct Body {
    pub(super) is_required: bool,
    pub(super) contents: Vec<Content>,
}

/// Content in one media type.
pub(super) struct Content {
    pub(super) media_type: String,
    /// Place of the schema, if there is one.
    pub(super) schema: Option<Location>,
    /// Properties of a form with an encoding of their own.
    pub(super) encodings: Vec<Encoding>,
}

/// Encoding of a property of a form.
pub(super) struct Encoding {
    pub(super) property: String,
    pub(super) media_type: Option<String>,
    /// The style, if one is stated.
    pub(super) coding: Option<Coding>,
}

/// A declared response.
pub(super) struct Response {
    /// The status as the description has it: a code, a range or `default`.
    pub(super) status: String,
    pub(super) contents: Vec<Content>,
}

/// Returns the operations of the root file that a client calls.
pub(super) fn operations(documents: &Documents) -> Vec<Operation> {
    operations_of(documents, "paths", |path| path.starts_with('/'))
}

/// Returns the operations that an application receives: the entries of `webhooks` or, without that field, all operations.
pub(super) fn webhooks(documents: &Documents) -> Vec<Operation> {
    let webhooks = operations_of(documents, "webhooks", |name| !name.starts_with("x-"));
    if webhooks.is_empty() { operations(documents) } else { webhooks }
}

fn operations_of(documents: &Documents, field: &str, is_path: fn(&str) -> bool) -> Vec<Operation> {
    const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let paths = documents.root().child(field);
    let mut operations = Vec::new();
    for path in documents.object(&paths).into_iter().flat_map(Map::keys).filter(|path| is_path(path)) {
        let items = [paths.child(path), documents.follow(&paths.child(path))];
        for method in METHODS {
            let at = items.iter().rev().map(|item| item.child(method));
            if let Some(at) = at.into_iter().find(|at| documents.object(at).is_some()) {
                operations.push(operation(documents, &items, documents.follow(&at), path, method));
            }
        }
    }
    operations
}

fn operation(documents: &Documents, items: &[Location], at: Location, path: &str, method: &str) -> Operation {
    let mut parameters: Vec<Parameter> = Vec::new();
    for list in items.iter().chain([&at]).map(|holder| holder.child("parameters")) {
        for parameter in elements(documents, &list).filter_map(|at| parameter(documents, &at)) {
            parameters.retain(|known| (&known.name, known.place) != (&parameter.name, parameter.place));
            parameters.push(parameter);
        }
    }
    let is_declared =
        |name: &str| parameters.iter().any(|known| known.place == Place::Path && known.name == name);
    let undeclared: Vec<_> = named_in(path).filter(|name| !is_declared(name)).map(undeclared).collect();
    parameters.extend(undeclared);
    let body = documents.follow(&at.child("requestBody"));
    let body = documents.object(&body).map(|object| Body {
        is_required: is_true(object, "required"),
        contents: contents(documents, &body),
    });
    let responses = at.child("responses");
    let names = documents.object(&responses).into_iter().flat_map(Map::keys);
    let response = |status: &String| Response {
        status: status.clone(),
        contents: contents(documents, &documents.follow(&responses.child(status))),
    };
    let responses = names.filter(|name| !name.starts_with("x-")).map(response).collect();
    let server = server(documents, [&at].into_iter().chain(items.iter().rev()));
    Operation {
        path: path.to_owned(),
        server,
        method: method.to_uppercase(),
        parameters,
        body,
        responses,
        at,
    }
}

/// Returns the path of the first server that one of several objects declares, if it is relative.
fn server<'a>(documents: &Documents, mut holders: impl Iterator<Item = &'a Location>) -> String {
    let url = |holder: &Location| documents.get(&holder.child("servers").child("0").child("url"))?.as_str();
    let url = holders.find_map(url).filter(|url| url.starts_with('/') && !url.starts_with("//"));
    url.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// Lists the names of parameters in a path.
fn named_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn undeclared(name: &str) -> Parameter {
    let coding = Coding::Style(Style::Simple, false);
    Parameter { name: name.to_owned(), place: Place::Path, is_required: true, coding, schema: None }
}

fn parameter(documents: &Documents, at: &Location) -> Option<Parameter> {
    let at = documents.follow(at);
    let object = documents.object(&at)?;
    let name = object.get("name")?.as_str()?.to_owned();
    let place = match object.get("in")?.as_str()? {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" if NO_PARAMETERS.contains(&name.to_lowercase().as_str()) => return None,
        "header" => Place::Header,
        "cookie" => Place::Cookie,
        _ => return None,
    };
    let is_required = place == Place::Path || is_true(object, "required");
    let content = contents(documents, &at).into_iter().next();
    let (coding, schema) = match content {
        Some(Content { media_type, schema, .. }) => {
            (if is_json(&media_type) { Coding::Json } else { Coding::Text }, schema?)
        }
        None => (coding(object, place)?, at.child("schema")),
    };
    Some(Parameter { name, place, is_required, coding, schema: Some(schema) })
}

/// Returns the style of a parameter, by the table of the specification.
fn coding(parameter: &Map<String, Value>, place: Place) -> Option<Coding> {
    let style = match parameter.get("style").and_then(Value::as_str) {
        Some("simple") => Style::Simple,
        Some("label") => Style::Label,
        Some("matrix") => Style::Matrix,
        Some("form") => Style::Form,
        Some("spaceDelimited") => Style::SpaceDelimited,
        Some("pipeDelimited") => Style::PipeDelimited,
        Some("deepObject") => Style::DeepObject,
        Some(_) => return None,
        None if matches!(place, Place::Path | Place::Header) => Style::Simple,
        None => Style::Form,
    };
    let explode = parameter.get("explode").and_then(Value::as_bool);
    Some(Coding::Style(style, explode.unwrap_or(style == Style::Form)))
}

fn contents(documents: &Documents, at: &Location) -> Vec<Content> {
    let list = at.child("content");
    let names = documents.object(&list).into_iter().flat_map(Map::keys);
    let content = |name: &String| {
        let schema = list.child(name).child("schema");
        let schema = documents.get(&schema).map(|_| schema);
        let encodings = documents.object(&list.child(name).child("encoding"));
        let encodings = encodings.into_iter().flatten().filter_map(encoding).collect();
        Content { media_type: name.clone(), schema, encodings }
    };
    names.filter(|name| !name.starts_with("x-")).map(content).collect()
}

fn encoding((property, encoding): (&String, &Value)) -> Option<Encoding> {
    let encoding = encoding.as_object()?;
    let is_styled = encoding.contains_key("style") || encoding.contains_key("explode");
    Some(Encoding {
        property: property.clone(),
        media_type: encoding.get("contentType").and_then(Value::as_str).map(str::to_owned),
        coding: if is_styled { coding(encoding, Place::Query) } else { None },
    })
}

fn elements(documents: &Documents, list: &Location) -> impl Iterator<Item = Location> {
    let length = documents.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..length).map(|index| list.child(index))
}

fn is_true(object: &Map<String, Value>, keyword: &str) -> bool {
    object.get(keyword) == Some(&Value::Bool(true))
}

/// Returns a media type without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or(media_type).trim().to_ascii_lowercase()
}

/// Returns `true` for a media type of the JSON family.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}
