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
    "dialect.rs",
    "download.rs",
    "download_request.rs",
    "error.rs",
    "exchange.rs",
    "file_name.rs",
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
    "paging.rs",
    "parallel.rs",
    "param.rs",
    "progress.rs",
    "random.rs",
    "rate_limit.rs",
    "request.rs",
    "reserved.rs",
    "reqwest_transport.rs",
    "response.rs",
    "retry.rs",
    "source.rs",
    "text.rs",
    "trace.rs",
    "transport.rs",
    "union.rs",
    "upload.rs",
    "value_enum.rs",
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
    }
}

/// Lists the parts of the support code that a crate does not use.
fn unused(krate: &Crate) -> impl Iterator<Item = Optional> {
    Support::ALL.into_iter().filter(|support| !krate.support.contains(support)).map(optional)
}

/// Returns the dependencies, and the features of dependencies, that a crate does not need.
pub(super) fn unused_dependencies(krate: &Crate) -> BTreeSet<&'static str> {
    unused(krate).flat_map(|optional| optional.dependencies).copied().collect()
}

/// Copies the support code that a crate uses, and that of the dialect if it is a vendor's.
pub(super) fn files(krate: &Crate) -> Vec<File> {
    let unused: BTreeSet<&str> = unused(krate).flat_map(|optional| optional.modules).copied().collect();
    let is_used = |(name, _): &&(&str, &str)| !unused.contains(name.trim_end_matches(".rs"));
    let shared = FILES.iter().filter(is_used).map(|(name, code)| {
        let code = if *name == "mod.rs" { without_modules(code, &unused) } else { (*code).to_owned() };
        (format!("src/runtime/{name}"), code)
    });
    let dialect = krate.dialect.runtime();
    let dialect = dialect.map(|dialect| ("src/dialect.rs".to_owned(), dialect.code.to_owned()));
    let copy = |(path, code)| File { path, contents: format!("// {HEADER}\n\n{code}") };
    shared.chain(dialect).map(copy).collect()
}

/// Removes the statements that declare or use some modules, with the lines of attributes and docs directly above.
fn without_modules(code: &str, modules: &BTreeSet<&str>) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut above = String::new();
    let mut lines = code.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if module_of(line).is_some_and(|module| modules.contains(module)) {
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

    use super::{FILES, optional, without_modules};
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
        assert_eq!(without_modules(code, &BTreeSet::from(["b", "c"])), kept);
        assert_eq!(without_modules(code, &BTreeSet::new()), code);
    }
}
