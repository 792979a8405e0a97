//! `src/runtime/`: the support code, copied from the runtime crate as it is, below a header.

use crate::dialect::Dialect;
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
    "limiter.rs",
    "mock.rs",
    "mod.rs",
    "multipart.rs",
    "open_enum.rs",
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
    "upload.rs",
);

/// Copies the support code, and that of the dialect if it is a vendor's.
pub(super) fn files(dialect: &dyn Dialect) -> impl Iterator<Item = File> {
    let shared = FILES.iter().map(|(name, code)| (format!("src/runtime/{name}"), *code));
    let dialect = dialect.runtime().map(|dialect| ("src/dialect.rs".to_owned(), dialect.code));
    let copy = |(path, code)| File { path, contents: format!("// {HEADER}\n\n{code}") };
    shared.chain(dialect).map(copy)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_of_the_runtime_is_copied() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src/runtime");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let copied: BTreeSet<String> = super::FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(copied, there);
    }
}
