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
mod markdown;
mod operation;
mod support;
mod token;
mod types;

pub use manifest::{ManifestError, Package};

use std::collections::BTreeSet;

use crate::ir::{Api, TypeId};

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
}

/// Renders the crate of a client, sorted by path.
///
/// # Errors
/// The generator, or its set-up, is wrong.
pub fn render(api: &Api, package: &Package) -> Result<Vec<File>, RenderError> {
    let context = &Context { api, package, checked: check::checked_types(api) };
    let mut files = vec![
        File {
            path: "Cargo.toml".to_owned(),
            contents: manifest::render(package).map_err(RenderError::Manifest)?,
        },
        format::rust("src/lib.rs", library::render(context))?,
        format::rust("src/client.rs", client::render(context))?,
        format::rust("src/error.rs", error::render(api))?,
        format::rust("src/types.rs", types::render(context))?,
        format::rust("src/operations/mod.rs", operation::render_module(api))?,
    ];
    for operation in &api.operations {
        let module = operation.method_name.trim_start_matches("r#");
        let path = format!("src/operations/{module}.rs");
        files.push(format::rust(&path, operation::render(context, operation))?);
    }
    files.extend(support::files());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
