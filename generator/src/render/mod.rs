//! From the IR to the files of a crate: one file here per output.

mod argument;
mod check;
mod client;
mod docs;
mod error;
mod format;
mod imports;
mod library;
mod manifest;
mod method;
mod mock;
mod module;
mod operation;
mod paging;
mod paragraph;
mod part;
mod support;
mod token;
mod types;

pub use manifest::{ManifestError, Package};

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::ir::{Api, Operation, TypeId};

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path in the crate, with `/` between its parts.
    pub path: String,
    /// What it contains.
    pub contents: String,
}

/// Why an API could not be rendered: each is a mistake in the generator or its set-up, not in a description.
#[derive(Debug)]
#[non_exhaustive]
pub enum RenderError {
    /// The tokens for a file are no Rust.
    Syntax {
        /// The file.
        path: String,
        /// What the parser says.
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

/// What every output needs to know.
struct Context<'a> {
    api: &'a Api,
    package: &'a Package,
    /// The types whose values have something to check.
    checked: BTreeSet<TypeId>,
    /// The types that are the success of an operation.
    replies: BTreeSet<&'a TypeId>,
}

impl<'a> Context<'a> {
    /// The operations of one part of the client.
    fn operations(&self, module: Option<usize>) -> impl Iterator<Item = &'a Operation> {
        self.api.operations.iter().filter(move |operation| operation.module == module)
    }
}

/// A file of Rust code, and what makes it. Files know nothing of each other: they are made in parallel.
type Output<'a> = (String, Box<dyn FnOnce() -> TokenStream + Send + 'a>);

/// Renders the crate of a client, sorted by path.
///
/// # Errors
/// The generator, or its set-up, is wrong.
pub fn render(api: &Api, package: &Package) -> Result<Vec<File>, RenderError> {
    let context = &Context { api, package, checked: check::checked_types(api), replies: types::replies(api) };
    let mut files = outputs(context)
        .into_par_iter()
        .map(|(path, render)| format::rust(path, render))
        .collect::<Result<Vec<_>, _>>()?;
    let manifest = manifest::render(api, package).map_err(RenderError::Manifest)?;
    files.push(File { path: "Cargo.toml".to_owned(), contents: manifest });
    files.extend(support::files());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The largest ones first, so that none is begun last.
fn outputs<'a>(context: &'a Context<'a>) -> Vec<Output<'a>> {
    let mut outputs = types::outputs(context);
    outputs.extend(module::outputs(context));
    outputs.extend(mock::outputs(context));
    for operation in &context.api.operations {
        let name = operation.method_name.trim_start_matches("r#");
        let folder = part::folder(context.api, operation.module);
        let path = format!("src/operations{folder}/{name}.rs");
        outputs.push((path, Box::new(|| operation::render(context, operation))));
    }
    outputs.push(("src/client.rs".to_owned(), Box::new(|| client::render(context))));
    outputs.push(("src/error.rs".to_owned(), Box::new(|| error::render(context.api))));
    outputs.push(("src/lib.rs".to_owned(), Box::new(|| library::render(context))));
    outputs
}
