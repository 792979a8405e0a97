//! `src/runtime/`: the support code, copied from the runtime crate as it is, below a header. Files of support code that
//! the client does not use are omitted, with their statements in `mod.rs`.

use std::collections::BTreeSet;

use crate::plan::{Crate, Support};
use crate::render::File;
use crate::render::format::HEADER;

macro_rules! runtime_files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../runtime/src/runtime/", $name)))),+]
    };
}

/// A test compares the list with the folder.
const FILES: &[(&str, &str)] = runtime_files!(
    "auth.rs",
    "blocking.rs",
    "body.rs",
    "check.rs",
    "client.rs",
    "connection.rs",
    "custom.rs",
    "dialect.rs",
    "download.rs",
    "download_request.rs",
    "error.rs",
    "exchange.rs",
    "fetch_transport.rs",
    "file.rs",
    "file_name.rs",
    "framing.rs",
    "json.rs",
    "json_path.rs",
    "limiter.rs",
    "mock.rs",
    "mod.rs",
    "multipart.rs",
    "open_enum.rs",
    "open_struct.rs",
    "operation.rs",
    "options.rs",
    "outcome.rs",
    "paging.rs",
    "parallel.rs",
    "param.rs",
    "parts.rs",
    "pattern.rs",
    "position.rs",
    "progress.rs",
    "random.rs",
    "rate_limit.rs",
    "raw_body.rs",
    "redirect.rs",
    "request.rs",
    "reserved.rs",
    "reqwest_transport.rs",
    "response.rs",
    "response_headers.rs",
    "retry.rs",
    "server.rs",
    "signature.rs",
    "source.rs",
    "stream.rs",
    "style.rs",
    "text.rs",
    "time.rs",
    "trace.rs",
    "transport.rs",
    "union.rs",
    "upload.rs",
    "value_enum.rs",
    "webhook.rs",
);

/// Parts of optional support code.
struct Optional {
    /// Modules of `runtime`.
    modules: &'static [&'static str],
    /// Dependencies that only the modules need: `crate`, or `crate/feature` for a feature of one.
    dependencies: &'static [&'static str],
}

fn optional(support: Support) -> Optional {
    match support {
        Support::Unions => Optional { modules: &["union"], dependencies: &[] },
        Support::OpenStructs => Optional { modules: &["open_struct"], dependencies: &[] },
        Support::ValueEnums => Optional { modules: &["value_enum"], dependencies: &[] },
        Support::Webhooks => Optional { modules: &["webhook"], dependencies: &[] },
        Support::Signatures => Optional { modules: &["signature"], dependencies: &["hmac", "sha2"] },
        Support::Headers => Optional { modules: &["response_headers"], dependencies: &[] },
        Support::Positions => Optional { modules: &["position"], dependencies: &[] },
        Support::Outcomes => Optional { modules: &["outcome"], dependencies: &[] },
        Support::Styles => Optional { modules: &["style"], dependencies: &[] },
        Support::Parts => Optional { modules: &["parts"], dependencies: &[] },
        Support::RawBodies => Optional { modules: &["raw_body"], dependencies: &[] },
        Support::Redirects => Optional { modules: &["redirect"], dependencies: &[] },
        Support::CustomTypes => Optional { modules: &["custom"], dependencies: &[] },
        Support::Patterns => Optional { modules: &["pattern"], dependencies: &["regex-lite"] },
        Support::Servers => Optional { modules: &["server"], dependencies: &[] },
        Support::Streams => Optional { modules: &["framing", "stream"], dependencies: &[] },
    }
}

/// Lists the parts of the support code that neither a crate nor its webhooks use.
fn unused(krate: &Crate) -> impl Iterator<Item = Optional> {
    let of_webhooks = of_webhooks(krate);
    let is_unused =
        move |support: &Support| !krate.support.contains(support) && !of_webhooks.contains(support);
    Support::ALL.into_iter().filter(is_unused).map(optional)
}

/// Returns the support code that the webhooks of a crate use.
fn of_webhooks(krate: &Crate) -> BTreeSet<Support> {
    krate.incoming.iter().flat_map(|incoming| &incoming.support).copied().collect()
}

/// Returns the modules of support code that only the webhooks of a crate use.
fn only_of_webhooks(krate: &Crate) -> BTreeSet<&'static str> {
    let only = of_webhooks(krate).into_iter().filter(|support| !krate.support.contains(support));
    // The runtime itself has its modules for webhooks only with the feature.
    only.filter(|support| !matches!(support, Support::Webhooks | Support::Signatures))
        .flat_map(|support| optional(support).modules)
        .copied()
        .collect()
}

/// Returns the dependencies, and the features of dependencies, that a crate does not need.
pub(super) fn unused_dependencies(krate: &Crate) -> BTreeSet<&'static str> {
    unused(krate).flat_map(|optional| optional.dependencies).copied().collect()
}

/// Returns `true` if a crate checks patterns.
pub(super) fn has_patterns(krate: &Crate) -> bool {
    krate.support.contains(&Support::Patterns) || of_webhooks(krate).contains(&Support::Patterns)
}

/// Copies the support code that a crate uses, and that of the dialect if it is a vendor's.
pub(super) fn files(krate: &Crate) -> Vec<File> {
    let unused: BTreeSet<&str> = unused(krate).flat_map(|optional| optional.modules).copied().collect();
    let gated = only_of_webhooks(krate);
    let is_used = |(name, _): &&(&str, &str)| !unused.contains(name.trim_end_matches(".rs"));
    let shared = FILES.iter().filter(is_used).map(|(name, code)| {
        let code = if *name == "mod.rs" { with_modules(code, &unused, &gated) } else { (*code).to_owned() };
        (format!("src/runtime/{name}"), code)
    });
    let dialect = krate.dialect.runtime();
    let webhooks = dialect.and_then(|dialect| dialect.webhooks).filter(|_| krate.incoming.is_some());
    let webhooks =
        webhooks.map(|webhooks| ("src/webhooks/integration.rs".to_owned(), webhooks.code.to_owned()));
    let dialect = dialect.map(|dialect| ("src/dialect.rs".to_owned(), dialect.code.to_owned()));
    let dialect = dialect.into_iter().chain(webhooks);
    let copy = |(path, code)| File { path, contents: format!("// {HEADER}\n\n{code}") };
    shared.chain(dialect).map(copy).collect()
}

/// Removes the statements that declare or use unused modules, with the lines of attributes and docs directly above. Puts
/// those of gated modules behind the feature `webhooks`.
fn with_modules(code: &str, unused: &BTreeSet<&str>, gated: &BTreeSet<&str>) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut above = String::new();
    let mut lines = code.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let module = module_of(line);
        if module.is_some_and(|module| gated.contains(module)) {
            kept.push_str("#[cfg(feature = \"webhooks\")]\n");
        }
        if module.is_some_and(|module| unused.contains(module)) {
            above.clear();
            if !ends_statement(line) {
                // Goes to the last line of the statement, and drops it too.
                lines.find(|line| ends_statement(line));
            }
        } else if line.starts_with("#[") || line.starts_with("///") {
            above.push_str(line);
        } else {
            kept.push_str(&above);
            above.clear();
            kept.push_str(line);
        }
    }
    kept + &above
}

fn ends_statement(line: &str) -> bool {
    line.trim_end().ends_with(';')
}

/// Returns the module that the statement which begins in this line declares or uses.
fn module_of(line: &str) -> Option<&str> {
    let statement = ["pub(crate) ", "pub "].into_iter().find_map(|pub_| line.strip_prefix(pub_));
    let statement = statement.unwrap_or(line);
    let declared = statement.strip_prefix("mod ").and_then(|rest| rest.split_once(';'));
    let used = || statement.strip_prefix("use ").and_then(|rest| rest.split_once("::"));
    declared.or_else(used).map(|(module, _)| module)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{FILES, optional, with_modules};
    use crate::plan::Support;

    #[test]
    fn every_file_of_the_runtime_is_copied() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src/runtime");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let copied: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(copied, there);
    }

    #[test]
    fn optional_modules_are_files_of_the_runtime() {
        for module in Support::ALL.into_iter().flat_map(|support| optional(support).modules) {
            let file = format!("{module}.rs");
            assert!(FILES.iter().any(|(name, _)| *name == file), "{file}");
        }
    }

    #[test]
    fn unused_modules_leave_no_statements() {
        let code = "//! Head.\n\nmod a;\n#[cfg(feature = \"x\")]\nmod b;\npub(crate) mod c;\n\n\
                    /// A type.\npub use a::A;\n/// Two types.\npub(crate) use b::{\n    B,\n    C,\n};\n\
                    pub use c::D;\n\n#[cfg(y)]\npub mod d {\n}\n";
        let kept = "//! Head.\n\nmod a;\n\n/// A type.\npub use a::A;\n\n#[cfg(y)]\npub mod d {\n}\n";
        let none = BTreeSet::new();
        assert_eq!(with_modules(code, &BTreeSet::from(["b", "c"]), &none), kept);
        assert_eq!(with_modules(code, &none, &none), code);
    }

    #[test]
    fn modules_of_webhooks_need_the_feature() {
        let code = "mod a;\n\n/// A type.\npub use a::A;\npub use b::{\n    B,\n};\n";
        let gate = "#[cfg(feature = \"webhooks\")]\n";
        let gated = format!("{gate}mod a;\n\n{gate}/// A type.\npub use a::A;\npub use b::{{\n    B,\n}};\n");
        assert_eq!(with_modules(code, &BTreeSet::new(), &BTreeSet::from(["a"])), gated);
    }
}
