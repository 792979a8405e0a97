//! From the Rust model to the files of a crate: one file here per output.

mod aliases;
mod argument;
mod body;
mod check;
mod choice;
mod client;
mod docs;
mod error;
mod example;
mod feature;
mod format;
mod headers;
mod imports;
mod library;
mod manifest;
mod method;
mod mock;
mod module;
mod operation;
mod paging;
mod paragraph;
mod printer;
mod readme;
mod send;
mod server;
mod structure;
mod support;
mod token;
mod types;
mod union;
mod webhook;

pub use aliases::aliases;
pub use manifest::{ManifestError, Package};
pub(crate) use manifest::{has_version, is_dependency};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::plan::Crate;
use printer::Source;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path in the crate, with `/` between its parts.
    pub path: String,
    /// Contents of the file.
    pub contents: String,
}

/// Mistake in the generator or its set-up, not in a description.
#[derive(Debug)]
#[non_exhaustive]
pub enum RenderError {
    /// The tokens for a file are no Rust.
    Syntax {
        /// The file.
        path: String,
        /// Error of the parser.
        error: syn::Error,
    },
    /// The manifest of the workspace is not as expected.
    Manifest(ManifestError),
}

impl std::fmt::Display for RenderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax { path, error } => {
                write!(f, "internal error: the code for {path} is no Rust: {error}")
            }
            Self::Manifest(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for RenderError {}

/// Data from which every file is printed.
#[derive(Clone, Copy)]
struct Context<'a> {
    krate: &'a Crate,
    package: &'a Package,
}

/// A file of Rust code, and what makes it. Files know nothing of each other: they are made in parallel.
type Output<'a> = (String, Box<dyn FnOnce() -> Source + Send + 'a>);

/// Renders the crate of a client, sorted by path.
///
/// # Errors
/// The generator, or its set-up, is wrong.
pub fn render(krate: &Crate, package: &Package) -> Result<Vec<File>, RenderError> {
    let mut files = outputs(Context { krate, package })
        .into_par_iter()
        .map(|(path, print)| format::rust(path, print()))
        .collect::<Result<Vec<_>, _>>()?;
    let manifest = manifest::render(krate, package).map_err(RenderError::Manifest)?;
    files.push(File { path: "Cargo.toml".to_owned(), contents: manifest });
    let readme = readme::render(Context { krate, package });
    files.push(File { path: "README.md".to_owned(), contents: readme });
    files.extend(support::files(krate));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Lists the files of Rust code, the largest ones first, so that none is begun last.
fn outputs(context: Context<'_>) -> Vec<Output<'_>> {
    let krate = context.krate;
    let mut outputs = types::outputs(context);
    outputs.extend(module::outputs(context));
    outputs.extend(mock::outputs(context));
    for call in &krate.calls {
        let path = format!("src/operations{}/{}.rs", module::folder(krate, call.part), call.method.plain());
        outputs.push((path, Box::new(move || operation::render(context, call))));
    }
    if let Some(incoming) = &krate.incoming {
        outputs.extend(webhook::outputs(Context { krate: incoming, ..context }));
    }
    outputs.push(("src/client.rs".to_owned(), Box::new(move || client::render(context))));
    outputs.push(("src/error.rs".to_owned(), Box::new(move || error::render(context))));
    if !krate.headers.is_empty() {
        outputs.push(("src/headers.rs".to_owned(), Box::new(move || headers::render(context))));
    }
    outputs.push(("src/lib.rs".to_owned(), Box::new(move || library::render(context))));
    outputs
}
