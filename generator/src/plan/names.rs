//! Names of types, calls and what they are made of. Components come before unnamed schemas and are taken in the order
//! of their names, so that a new type renames an old one only if both want the same name.

use super::Name;
use super::ident::{Reserved, Scope};
use super::suffixes::stripped;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::dialect::Dialect;
use crate::ir::{Api, StatusPattern, TypeDef, TypeId};

/// Methods that the client has anyway, and the names of files beside those of the operations.
const CLIENT: Reserved = Reserved::names(&[
    "builder",
    "caller",
    "clone",
    "core",
    "download_url",
    "fmt",
    "for_call",
    "mock",
    "mod",
    "new",
]);
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
    "dialect",
    "fmt",
    "idempotency_seed",
    "keep_rate_limits",
    "max_parallel",
    "new",
    "operation_timeout",
    "proxy",
    "read_timeout",
    "reqwest",
    "reqwest_client",
    "response_limit",
    "retry",
    "send_trace_parent",
    "server_setting",
    "token_provider",
    "transport",
    "urls",
    "user_agent",
    "with",
    "with_servers",
    "without_credentials",
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
        "patterns",
        "rustls",
        "serde",
        "serde_json",
        "std",
        "tracing",
        "types",
        "wasm",
        "webhooks",
    ],
    word: "part",
};
/// Modules beside those of webhooks.
const WEBHOOKS: Reserved = Reserved { names: &["integration", "mod", "types"], word: "webhook" };
/// Methods that the headers of responses have anyway.
const HEADERS: Reserved = Reserved::names(&["clone", "fmt"]);
/// Methods that every call has, and the fields that it needs for itself.
const CALL: Reserved = Reserved::names(&[
    "body",
    "client",
    "clone",
    "fmt",
    "into_future",
    "into_request",
    "new",
    "options",
    "page_position",
    "page_url",
    "pages",
    "send",
    "send_blocking",
    "stream",
]);
/// Methods that types have beside their setters.
const STRUCT: Reserved =
    Reserved::names(&["check", "clone", "default", "eq", "fmt", "ne", "new", "sample", "serialize"]);
/// The variant for values that the client does not know.
const ENUM: Reserved = Reserved { names: &["Unrecognized"], word: "Value" };
/// The variant for responses that the description does not declare.
const ERROR: Reserved = Reserved { names: &["Other"], word: "Response" };
/// Names of the prelude and of derived traits: a type called so would mislead readers, and hide the other one.
const PRELUDE: [&str; 36] = [
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];
/// Names of the prelude that the code of a call writes, the call that every client has, and the name that the
/// constructor of a call would have too.
const CALLS: Reserved = Reserved {
    names: &[
        "Box",
        "DownloadRequest",
        "Err",
        "Into",
        "IntoFuture",
        "IntoIterator",
        "New",
        "None",
        "Ok",
        "Option",
        "Result",
        "Self",
        "Some",
        "String",
        "Vec",
    ],
    word: "Call",
};
const TYPES: Reserved = Reserved { names: &PRELUDE, word: "Type" };

/// Scopes of identifiers, each with the names that are not to be had in it.
pub(super) enum Names {
    Fields,
    Variants,
    Errors,
    Methods,
    Calls,
    Inputs,
    Setters,
    Constants,
    Webhooks,
    Responses,
    Headers,
}

impl Names {
    /// Opens a scope in which nothing is taken yet.
    pub(super) fn scope(self) -> Scope {
        Scope::new(match self {
            Self::Fields => STRUCT,
            Self::Variants => ENUM,
            Self::Errors => ERROR,
            Self::Methods => CLIENT,
            Self::Calls => CALLS,
            Self::Inputs => CALL,
            Self::Setters => BUILDER,
            Self::Constants | Self::Responses => Reserved::NONE,
            Self::Webhooks => WEBHOOKS,
            Self::Headers => HEADERS,
        })
    }
}

/// Names all types, those that become no items included: what becomes of one does not rename another.
pub(super) fn type_names<'a>(
    api: &'a Api,
    suffixes: &[String],
    diagnostics: &mut Diagnostics,
) -> Vec<(&'a TypeId, Name)> {
    let mut scope = Scope::new(TYPES);
    let mut types: Vec<_> = api.types.iter().collect();
    types.sort_by_key(|(_, def)| (!def.is_component, def.name.clone(), def.home.clone()));
    let stripped = stripped(&types, suffixes, diagnostics);
    let name = |(id, def): (&'a TypeId, &'a TypeDef)| {
        let wanted = stripped.get(id).map_or_else(|| wanted_name(def), String::as_str);
        let name = scope.camel(wanted);
        report_number(&name, || Scope::new(TYPES).camel(wanted), wanted, &id.0, diagnostics);
        (id, name)
    };
    types.into_iter().map(name).collect()
}

/// Returns the name that a type has in Rust unless other types or the settings change it.
pub(super) fn wanted_name(def: &TypeDef) -> &str {
    def.alias.as_ref().unwrap_or(&def.name)
}

/// Returns the identifier that a type would have if no other type were there, and nothing were reserved.
pub(super) fn plain_type_name(name: &str) -> Name {
    Scope::new(Reserved::NONE).camel(name)
}

/// Returns `true` if no type can have an identifier.
pub(super) fn is_reserved_type(name: &Name) -> bool {
    PRELUDE.contains(&name.as_str())
}

/// Names of a part.
pub(super) struct PartNames {
    pub(super) name: Name,
    pub(super) feature: String,
}

/// Names the parts of a client after their tags.
pub(super) fn part_names(
    api: &Api,
    tags: &[Option<&String>],
    of_operations: &[Option<usize>],
    diagnostics: &mut Diagnostics,
) -> Vec<PartNames> {
    let mut scope = Scope::new(MODULES);
    let names = tags.iter().enumerate().map(|(part, tag)| {
        let wanted = tag.map_or("untagged", String::as_str);
        let name = scope.snake(wanted);
        let first = api.operations.iter().zip(of_operations).find(|(_, of)| **of == Some(part));
        if let Some((operation, _)) = first {
            let at = operation.source.child("tags");
            report_number(&name, || Scope::new(MODULES).snake(wanted), wanted, &at, diagnostics);
        }
        PartNames { feature: name.plain().replace('_', "-"), name }
    });
    names.collect()
}

/// Warns of an identifier that is not what it would be alone in its scope.
pub(super) fn report_number(
    name: &Name,
    alone: impl FnOnce() -> Name,
    wanted: &str,
    at: &Location,
    diagnostics: &mut Diagnostics,
) {
    if !name.as_str().ends_with(|last: char| last.is_ascii_digit()) {
        return;
    }
    let plain = alone();
    if *name != plain {
        let message = format!("`{wanted}` is named `{name}` in Rust: the name `{plain}` is taken");
        diagnostics.push(Diagnostic::warning(at, message).at_key());
    }
}

/// Names a status as IANA does or, of others, as the dialect does. If the description also declares the status to which
/// IANA gives the name of the dialect, the number is added.
pub(super) fn status_name(
    status: StatusPattern,
    declared: &[StatusPattern],
    dialect: &dyn Dialect,
) -> String {
    let code = match status {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(2) => return "Failure".to_owned(),
        StatusPattern::Range(3) => return "Redirection".to_owned(),
        StatusPattern::Range(4) => return "ClientError".to_owned(),
        StatusPattern::Range(5) => return "ServerError".to_owned(),
        StatusPattern::Range(_) => return "Informational".to_owned(),
        StatusPattern::Default => return "Default".to_owned(),
    };
    if let Some(name) = standard_name(code) {
        return name;
    }
    let is_standard = |name: &str| {
        declared.iter().any(|status| match status {
            StatusPattern::Code(code) => standard_name(*code).as_deref() == Some(name),
            _ => false,
        })
    };
    match dialect.status_name(code) {
        Some(name) if is_standard(name) => format!("{name}{code}"),
        Some(name) => name.to_owned(),
        None => format!("Status{code}"),
    }
}

/// Returns the name that IANA gives a status, in one word.
fn standard_name(code: u16) -> Option<String> {
    let reason = http::StatusCode::from_u16(code).ok()?.canonical_reason()?;
    Some(Scope::new(Reserved::NONE).camel(reason).plain().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BUILDER, CLIENT, MODULES};

    /// Lists the methods that the runtime gives a type, private ones included: an inherent method is one of its kind.
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
    fn runtime_feature_names_are_reserved() {
        let manifest: toml::Table = include_str!("../../runtime/Cargo.toml").parse().unwrap();
        for feature in manifest["features"].as_table().unwrap().keys() {
            let module = feature.replace('-', "_");
            assert!(MODULES.names.contains(&module.as_str()), "{feature}");
        }
    }
}
