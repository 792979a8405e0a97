//! Gives everything its Rust name. Components come before unnamed schemas and are taken in the order of
//! their names, so that a new type never renames an old one unless both want the same name.

use super::ident::{Reserved, Scope};
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::{
    Api, Enum, ErrorResponse, Input, InputKind, Object, Operation, SecurityKind, StatusPattern, Type, TypeId,
    TypeKind,
};

/// Methods that the client has anyway, and the names of files beside those of the operations.
const CLIENT: Reserved = Reserved::names(&["builder", "clone", "core", "fmt", "mock", "mod", "new"]);
/// Setters that the client's builder has anyway.
const BUILDER: Reserved = Reserved::names(&[
    "allow_http",
    "attempt_timeout",
    "base_url",
    "basic_credential",
    "build",
    "check_constraints",
    "clone",
    "connect_timeout",
    "credential",
    "default_header",
    "fmt",
    "idle_timeout",
    "keep_rate_limits",
    "max_parallel",
    "new",
    "reqwest",
    "reqwest_client",
    "response_limit",
    "retry",
    "token_provider",
    "total_timeout",
    "transport",
    "user_agent",
    "with",
]);
/// Features that a client has anyway, and crates, files and modules whose names a part cannot have.
const MODULES: Reserved = Reserved {
    names: &[
        "alloc",
        "blocking",
        "chrono",
        "core",
        "default",
        "full",
        "limiter",
        "mock",
        "mod",
        "native_tls",
        "operations",
        "rustls",
        "serde",
        "serde_json",
        "std",
        "tracing",
        "types",
    ],
    word: "part",
};
/// Methods that every call has, and the fields that it needs for itself.
const CALL: Reserved = Reserved::names(&[
    "body",
    "client",
    "clone",
    "fmt",
    "new",
    "options",
    "pages",
    "send",
    "send_blocking",
    "stream",
]);
/// Names that the code of a call needs for something else.
const CALLS: Reserved = Reserved {
    names: &[
        "BTreeMap",
        "Bound",
        "Box",
        "BoxFuture",
        "CallOptions",
        "Check",
        "Client",
        "DateTime",
        "Deprecation",
        "Download",
        "Duration",
        "Err",
        "Error",
        "ErrorBody",
        "FixedOffset",
        "Form",
        "Into",
        "IntoIterator",
        "Items",
        "Method",
        "NaiveDate",
        "New",
        "None",
        "Ok",
        "Operation",
        "Option",
        "Paged",
        "Pages",
        "RateLimit",
        "Request",
        "Response",
        "Result",
        "Safety",
        "Self",
        "Some",
        "String",
        "Upload",
        "Value",
        "Vec",
    ],
    word: "Call",
};
/// Methods that types have beside their setters.
const OBJECT: Reserved =
    Reserved::names(&["check", "clone", "default", "eq", "fmt", "is_success", "ne", "new", "serialize"]);
/// The variant for values that the client does not know.
const ENUM: Reserved = Reserved { names: &["Unrecognized"], word: "Value" };
/// The variant for responses that the description does not declare.
const ERROR: Reserved = Reserved { names: &["Other"], word: "Response" };
/// Names that the code of the types needs for something else.
const TYPES: Reserved = Reserved {
    names: &[
        "BTreeMap",
        "Bound",
        "Box",
        "Check",
        "Checker",
        "Clone",
        "Copy",
        "DateTime",
        "Debug",
        "Default",
        "Deserialize",
        "Drop",
        "Eq",
        "Err",
        "Extend",
        "FixedOffset",
        "Fn",
        "FnMut",
        "FnOnce",
        "From",
        "FromIterator",
        "Into",
        "IntoIterator",
        "Iterator",
        "NaiveDate",
        "None",
        "Ok",
        "Option",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Result",
        "Self",
        "Send",
        "Serialize",
        "Sized",
        "Some",
        "String",
        "Sync",
        "ToOwned",
        "ToString",
        "TryFrom",
        "TryInto",
        "Unpin",
        "UnknownValue",
        "Upload",
        "Value",
        "Vec",
    ],
    word: "Type",
};

pub(super) fn assign(api: &mut Api, diagnostics: &mut Diagnostics) {
    types(api, diagnostics);
    operations(api, diagnostics);
    security_schemes(api);
    errors(api);
    modules(api, diagnostics);
}

fn types(api: &mut Api, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(TYPES);
    let mut order: Vec<TypeId> = api.types.keys().cloned().collect();
    order.sort_by_key(|id| api.types.get(id).map(|def| (!def.is_component, def.name.clone(), id.clone())));
    for id in order {
        let Some(def) = api.types.get_mut(&id) else { continue };
        let name = def.alias.as_ref().unwrap_or(&def.name);
        def.rust_name = scope.camel(name);
        report_number(&def.rust_name, || Scope::new(TYPES).camel(name), name, &id.0, diagnostics);
        match &mut def.kind {
            TypeKind::Object(object) => fields(object, diagnostics),
            TypeKind::Enum(values) => variants(values, &id.0, diagnostics),
            TypeKind::Union(_) => {}
        }
    }
}

fn fields(object: &mut Object, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(OBJECT);
    for property in &mut object.properties {
        let name = property.alias.as_ref().unwrap_or(&property.name);
        property.rust_name = scope.snake(name);
        let alone = || Scope::new(OBJECT).snake(name);
        report_number(&property.rust_name, alone, name, &property.schema.source, diagnostics);
    }
}

fn variants(values: &mut Enum, at: &Location, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(ENUM);
    for (index, value) in values.values.iter_mut().enumerate() {
        let name = value.value.as_str().map_or_else(|| value.value.to_string(), str::to_owned);
        value.rust_name = scope.camel(&name);
        let at = at.child("enum").child(index);
        report_number(&value.rust_name, || Scope::new(ENUM).camel(&name), &name, &at, diagnostics);
    }
}

/// Reports an identifier that is not what it would be alone in its scope.
fn report_number(
    ident: &str,
    alone: impl FnOnce() -> String,
    name: &str,
    at: &Location,
    diagnostics: &mut Diagnostics,
) {
    if !ident.ends_with(|last: char| last.is_ascii_digit()) {
        return;
    }
    let plain = alone();
    if ident != plain {
        let message =
            format!("`{name}` is called `{ident}` in Rust, for another one is called `{plain}` already");
        diagnostics.push(Diagnostic::warning(at, message).at_key());
    }
}

fn operations(api: &mut Api, diagnostics: &mut Diagnostics) {
    let (mut methods, mut types) = (Scope::new(CLIENT), Scope::new(CALLS));
    let mut operations = std::mem::take(&mut api.operations);
    for operation in &mut operations {
        let name = operation.alias.as_ref().unwrap_or(&operation.id);
        operation.method_name = methods.snake(name);
        operation.type_name = types.camel(name);
        let alone = || Scope::new(CLIENT).snake(name);
        report_number(&operation.method_name, alone, name, &operation.source, diagnostics);
        inputs(api, operation, diagnostics);
    }
    api.operations = operations;
}

fn inputs(api: &Api, operation: &mut Operation, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(CALL);
    let mut named = Vec::new();
    for input in &operation.inputs {
        let Some((name, at)) = input_name(api, operation, input.kind) else {
            named.push(Input { rust_name: "body".to_owned(), ..input.clone() });
            continue;
        };
        let rust_name = scope.snake(&name);
        report_number(&rust_name, || Scope::new(CALL).snake(&name), &name, &at, diagnostics);
        if let InputKind::Parameter(index) = input.kind {
            operation.parameters[index].rust_name.clone_from(&rust_name);
        }
        named.push(Input { rust_name, ..input.clone() });
    }
    operation.inputs = named;
}

/// Name and place of an input; the whole body has none.
fn input_name(api: &Api, operation: &Operation, kind: InputKind) -> Option<(String, Location)> {
    match kind {
        InputKind::Parameter(index) => {
            let parameter = operation.parameters.get(index)?;
            let name = parameter.alias.as_ref().unwrap_or(&parameter.name);
            Some((name.clone(), parameter.source.clone()))
        }
        InputKind::Property(index) => {
            let property = api.body_object(operation.body.as_ref()?)?.properties.get(index)?;
            let name = property.alias.as_ref().unwrap_or(&property.name);
            Some((name.clone(), property.schema.source.clone()))
        }
        InputKind::Body => None,
    }
}

fn security_schemes(api: &mut Api) {
    let (mut setters, mut constants) = (Scope::new(BUILDER), Scope::new(Reserved::NONE));
    for scheme in api.security_schemes.values_mut() {
        let is_token = scheme.name.to_lowercase().ends_with("token");
        scheme.setter = match scheme.kind {
            SecurityKind::Bearer if !is_token => setters.snake(&format!("{}-token", scheme.name)),
            _ => setters.snake(&scheme.name),
        };
        scheme.provider = (scheme.kind == SecurityKind::Bearer)
            .then(|| setters.snake(&format!("{}-provider", scheme.setter.trim_start_matches("r#"))));
        scheme.constant = constants.shouty(&scheme.name);
    }
}

/// A status has the plain name; where operations disagree about its body, the body of most of them does, and
/// the others are told from it by their types.
fn errors(api: &mut Api) {
    let mut scope = Scope::new(ERROR);
    let bodies: Vec<_> = api.errors.iter().map(|error| body_name(api, error)).collect();
    let uses: Vec<_> = (0..api.errors.len()).map(|index| uses(api, index)).collect();
    let is_plain: Vec<_> = (0..api.errors.len())
        .map(|index| {
            let rivals =
                (0..api.errors.len()).filter(|other| api.errors[*other].status == api.errors[index].status);
            // The first of those with the most uses.
            rivals.max_by_key(|other| (uses[*other], std::cmp::Reverse(*other))) == Some(index)
        })
        .collect();
    for ((error, body), is_plain) in api.errors.iter_mut().zip(bodies).zip(is_plain) {
        let status = status_name(error.status);
        error.rust_name = match body {
            Some(body) if !is_plain => scope.camel(&format!("{status}{body}")),
            _ => scope.camel(&status),
        };
    }
}

fn modules(api: &mut Api, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(MODULES);
    for (index, module) in api.modules.iter_mut().enumerate() {
        let name = module.tag.as_deref().unwrap_or("untagged");
        module.rust_name = scope.snake(name);
        module.feature = module.rust_name.trim_start_matches("r#").replace('_', "-");
        if let Some(operation) = api.operations.iter().find(|operation| operation.module == Some(index)) {
            let alone = || Scope::new(MODULES).snake(name);
            report_number(&module.rust_name, alone, name, &operation.source.child("tags"), diagnostics);
        }
    }
}

/// How many operations declare an error response.
fn uses(api: &Api, error: usize) -> usize {
    let declares = |operation: &&Operation| api.error_sets[operation.error_set].contains(&error);
    api.operations.iter().filter(declares).count()
}

fn body_name(api: &Api, error: &ErrorResponse) -> Option<String> {
    match &error.schema.as_ref()?.ty {
        Type::Named(id) => Some(api.types.get(id)?.rust_name.clone()),
        _ => None,
    }
}

/// The name of a status, as IANA has it.
fn status_name(status: StatusPattern) -> String {
    let code = match status {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(2) => return "Failure".to_owned(),
        StatusPattern::Range(3) => return "Redirection".to_owned(),
        StatusPattern::Range(4) => return "ClientError".to_owned(),
        StatusPattern::Range(5) => return "ServerError".to_owned(),
        StatusPattern::Range(_) => return "Informational".to_owned(),
        StatusPattern::Default => return "Default".to_owned(),
    };
    let name = http::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    name.map_or_else(|| format!("Status{code}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BUILDER, CLIENT, MODULES};

    /// The methods that the runtime gives a type, private ones included: an inherent method is one of its kind.
    fn methods(of: &str) -> BTreeSet<String> {
        let runtime: syn::File = syn::parse_str(include_str!("../../runtime/src/runtime/client.rs")).unwrap();
        let impls = runtime.items.iter().filter_map(|item| match item {
            syn::Item::Impl(item) => Some(item),
            _ => None,
        });
        let is_of = |ty: &syn::Type| matches!(ty, syn::Type::Path(path) if path.path.is_ident(of));
        let items = impls.filter(|item| is_of(&item.self_ty)).flat_map(|item| &item.items);
        let names = items.filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
            _ => None,
        });
        names.collect()
    }

    #[test]
    fn runtime_method_names_are_reserved() {
        for (of, reserved) in [("Client", CLIENT), ("ClientBuilder", BUILDER)] {
            let methods = methods(of);
            assert!(!methods.is_empty());
            let missing: Vec<_> =
                methods.iter().filter(|name| !reserved.names.contains(&name.as_str())).collect();
            assert!(missing.is_empty(), "{of}: {missing:?}");
        }
    }

    #[test]
    fn no_part_takes_the_name_of_a_feature_of_the_runtime() {
        let manifest: toml::Table = include_str!("../../runtime/Cargo.toml").parse().unwrap();
        for feature in manifest["features"].as_table().unwrap().keys() {
            let module = feature.replace('-', "_");
            assert!(MODULES.names.contains(&module.as_str()), "{feature}");
        }
    }
}
