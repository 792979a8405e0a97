//! Operations.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_yaml::Value;

use super::Lowering;
use super::schema::anything;
use crate::diagnostic::{Diagnostic, Location};
use crate::dialect::Unread;
use crate::ir::{
    Docs, Operation, PageTurn, PagingHint, Parameter, ParameterPlace, ParameterStyle, RateLimit, Safety,
    Schema, SecurityRequirement, Type,
};
use crate::load::Shape;
use crate::select::Candidate;

/// The fields of an operation that are not lowered each by itself. The whole of one is never read at once: a
/// mistake in a parameter would take the place of all else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "so the fields are called")]
struct Description {
    #[serde(default)]
    tags: Vec<String>,
    summary: Option<String>,
    description: Option<String>,
    external_docs: Option<openapiv3::ExternalDocumentation>,
    #[serde(default)]
    deprecated: bool,
}

impl Lowering<'_> {
    /// Lowers one operation. `inherited` is the security of the whole API.
    pub(super) fn operation(
        &mut self,
        candidate: &Candidate,
        inherited: &[SecurityRequirement],
    ) -> Option<Operation> {
        let at = &candidate.location;
        // A mistake in one part is reported, and hides none in the others.
        let description: Description = self.read(at, &Shape::OPERATION).unwrap_or_default();
        let (mut parameters, are_all_read) = self.parameters(candidate);
        let (path, query) = if candidate.is_webhook {
            (candidate.path.clone(), Vec::new())
        } else {
            let (path, query) = self.path(candidate);
            (self.match_path(path, at, &mut parameters, are_all_read), query)
        };
        let body = at.child("requestBody");
        let body = self.sources.find(&body).and_then(|_| self.request_body(&body, &candidate.id));
        let responses = at.child("responses");
        let has_responses = self.sources.find(&responses).is_some();
        let responses = self.responses(&responses, candidate);
        let node = self.sources.find(at)?;
        let scopes = self.scopes(at, node);
        let safety = self.safety(at, candidate.method, &scopes);
        let security = self.security(at).unwrap_or_else(|| inherited.to_vec());
        let owners = [at].into_iter().chain(candidate.beside.iter()).chain([&candidate.path_item]);
        let servers = owners.map(|owner| self.servers(owner)).find(|servers| !servers.is_empty());
        // Without them nothing more can be said of it.
        has_responses.then(|| Operation {
            id: candidate.id.clone(),
            alias: self.name_in_rust(at),
            method: candidate.method.to_uppercase(),
            path,
            query,
            docs: Docs {
                summary: description.summary,
                description: description.description,
                link: description.external_docs.map(|docs| docs.url),
            },
            deprecated: description.deprecated,
            tags: description.tags,
            parameters,
            body,
            responses,
            security,
            servers: servers.unwrap_or_default(),
            envelope: None,
            paging: self.paging_hint(at),
            safety,
            idempotency_key: self.idempotency_key(at),
            signature: self.signature(at),
            rate_limit: self.rate_limit(at, node),
            deprecation: self.dialect.deprecation(node),
            scopes,
            source: at.clone(),
        })
    }

    /// Splits the key of a path into the path and its query. A fragment tells operations apart and is never sent.
    fn path<'c>(&mut self, candidate: &'c Candidate) -> (&'c str, Vec<(String, String)>) {
        let at = self.sources.root().child("paths").child(&candidate.path);
        let (rest, fragment) = candidate.path.split_once('#').unwrap_or((&candidate.path, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !fragment.is_empty() {
            self.warning(&at, "the fragment of a path is not sent");
        }
        if query.contains(['{', '}']) {
            let message = "expected a path without parameters in its query, found some";
            self.diagnostics.push(
                Diagnostic::error(&at, message)
                    .at_key()
                    .help("declare the parameters with `in: query`, and leave them out of the path"),
            );
            return (path, Vec::new());
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        (path, pairs.collect())
    }

    /// Makes path parameters exactly those in the template, and returns the template with their names. A parameter that is
    /// not declared is a text, and one that the template lacks is omitted.
    fn match_path(
        &mut self,
        template: &str,
        at: &Location,
        parameters: &mut Vec<Parameter>,
        are_all_read: bool,
    ) -> String {
        let mut path = template.to_owned();
        if let Some(expected) = path_problem(&path) {
            let message = format!("expected a path {expected}, found `{path}`");
            self.diagnostics.push(Diagnostic::error(at, message).at_key());
            return path;
        }
        for (index, name) in template_names(template).into_iter().enumerate() {
            match declared_name(name, parameters) {
                Some(declared) if declared == name => {}
                Some(declared) => {
                    self.warning(at, format!("expected `{{{declared}}}` in the path, found `{{{name}}}`"));
                    path = path.replace(&format!("{{{name}}}"), &format!("{{{declared}}}"));
                }
                // One that was not read may be the one that is missing.
                None if !are_all_read => {}
                None => {
                    let message =
                        format!("the path has `{{{name}}}`, which no parameter declares: it is a text");
                    self.warning(at, message);
                    parameters.insert(index.min(parameters.len()), text_parameter(name, at));
                }
            }
        }
        let in_template = template_names(&path);
        parameters.retain(|Parameter { name, place, source, .. }| {
            let is_left_out = *place == ParameterPlace::Path && !in_template.contains(&name.as_str());
            if is_left_out {
                let message = format!("the path `{path}` has no `{{{name}}}`, so this parameter is omitted");
                self.warning(source, message);
            }
            !is_left_out
        });
        path
    }

    /// Returns the fields of `x-pagination`.
    fn paging_hint(&mut self, at: &Location) -> Option<PagingHint> {
        let at = at.child("x-pagination");
        self.sources.find(&at)?;
        let fields = self.fields(&at);
        let turns: Vec<_> = [
            fields
                .text("token")
                .zip(fields.text("next"))
                .map(|(parameter, next)| PageTurn::Token { parameter, next }),
            fields.text("page").map(PageTurn::Page),
            fields.text("offset").map(PageTurn::Offset),
            fields.text("url").map(PageTurn::Url),
            fields.text("link").filter(|relation| relation == "next").map(|_| PageTurn::Link),
        ]
        .into_iter()
        .flatten()
        .collect();
        let items = fields.text("items").unwrap_or_default();
        let needs_items = matches!(turns.as_slice(), [PageTurn::Token { .. } | PageTurn::Url(_)]);
        match <[PageTurn; 1]>::try_from(turns) {
            Ok([turn]) if !needs_items || !items.is_empty() => {
                Some(PagingHint { turn, items, is_stated: true })
            }
            _ => {
                let message = "expected `items` and one of `token` with `next`, `page`, `offset`, `url` and \
                               `link: next`, found another choice";
                self.error(&at, message);
                None
            }
        }
    }

    /// Returns the effect of sending a request twice: from `x-safety`, else from the scopes (one that only reads is
    /// enough), else from the method.
    fn safety(&mut self, at: &Location, method: &str, scopes: &[String]) -> Safety {
        let stated = self.fields(at).get("x-safety");
        match stated.map(|stated| stated.as_str().unwrap_or_default()) {
            Some("read-only") => return Safety::ReadOnly,
            Some("idempotent") => return Safety::Idempotent,
            Some("unsafe") => return Safety::Unsafe,
            Some(_) => self.error(
                &at.child("x-safety"),
                "expected `read-only`, `idempotent` or `unsafe`, found another value",
            ),
            None => {}
        }
        match method {
            "get" | "head" | "options" | "trace" => Safety::ReadOnly,
            _ if self.dialect.only_reads(scopes) => Safety::ReadOnly,
            "put" | "delete" => Safety::Idempotent,
            _ => Safety::Unsafe,
        }
    }

    /// Reads `x-idempotency-key`: the header of a key by which the server recognises a request that it already has.
    fn idempotency_key(&mut self, at: &Location) -> Option<String> {
        let stated = self.fields(at).get("x-idempotency-key")?;
        let name = stated.as_str().map(str::to_owned);
        let at = at.child("x-idempotency-key");
        let name = name.filter(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok());
        if name.is_none() {
            self.error(&at, "expected the name of a header, found another value");
        }
        name
    }

    /// Scopes of a key, as the dialect reads them.
    fn scopes(&mut self, at: &Location, operation: &Value) -> Vec<String> {
        self.dialect.scopes(operation).unwrap_or_else(|Unread { extension, expected }| {
            self.error(&at.child(extension), format!("expected {expected}, found another value"));
            Vec::new()
        })
    }

    /// Reads the limit of calls as the dialect has it.
    fn rate_limit(&mut self, at: &Location, operation: &Value) -> Option<RateLimit> {
        self.dialect.rate_limit(operation).unwrap_or_else(|Unread { extension, expected }| {
            self.warning(&at.child(extension), format!("expected {expected}, so no limit is documented"));
            None
        })
    }
}

/// Returns the expectation that a path does not meet. A path that does not begin with `/` would become a part of the host's name.
fn path_problem(path: &str) -> Option<&'static str> {
    let mut is_open = false;
    for letter in path.chars() {
        match (letter, is_open) {
            ('{', true) | ('}', false) => return Some("with matching braces"),
            ('{', false) => is_open = true,
            ('}', true) => is_open = false,
            _ => {}
        }
    }
    match path.starts_with('/') {
        true if is_open => Some("with matching braces"),
        true => None,
        false => Some("that begins with `/`"),
    }
}

/// Lists the names in a template, each once, in order.
fn template_names(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (name, _) in path.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Finds the name of the path parameter that a name in a template means: the same name or, without one, the same but for
/// operators of RFC 6570, or for letter case.
fn declared_name(name: &str, parameters: &[Parameter]) -> Option<String> {
    let declared = parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
    let names: Vec<_> = declared.map(|parameter| parameter.name.as_str()).collect();
    let bare = name.trim_start_matches(['.', ';', '/', '+']).trim_end_matches(['*', '+']);
    let found = [
        names.iter().find(|known| **known == name),
        names.iter().find(|known| **known == bare),
        names.iter().find(|known| known.eq_ignore_ascii_case(bare)),
    ];
    found.into_iter().flatten().next().map(|known| (*known).to_owned())
}

/// Returns the parameter of a name in a template that is not declared.
fn text_parameter(name: &str, at: &Location) -> Parameter {
    Parameter {
        name: name.to_owned(),
        alias: None,
        place: ParameterPlace::Path,
        required: true,
        deprecated: false,
        replacement: None,
        docs: Docs::default(),
        schema: Schema { ty: Type::String, ..anything(at) },
        style: ParameterStyle::Simple,
        explode: false,
        allow_reserved: false,
        allow_empty: false,
        media_type: None,
        source: at.clone(),
    }
}
