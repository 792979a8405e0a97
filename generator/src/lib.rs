//! Turns an OpenAPI 3.0, 3.1 or 3.2 description into the source of a Rust client.
//!
//! Data flows one way: [`load`], [`select`], [`lower`], [`passes`], [`plan`], [`render`], [`output`]. Nothing here
//! prints or exits; problems come back as a [`Report`]. A plan can also be compared with that of another description
//! ([`diff`]), and what was selected can be written as one file ([`bundle`]).
//!
//! A [`Client`] takes all steps at once. This is the `xtask` of a workspace with a description of its own:
//!
//! ```standalone_crate
//! use generator::Client;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//! #   let folder = tempfile::tempdir()?;
//! #   std::fs::write(folder.path().join("petstore.yaml"), PETSTORE)?;
//! #   std::env::set_current_dir(folder.path())?;
//!     let client = Client::of("petstore.yaml")?;
//!     let generated = client.generate()?;
//!     eprintln!("{}", generated.report.render(false));
//!     generated.write("petstore-client".as_ref())?;
//! #   let manifest = std::fs::read_to_string("petstore-client/Cargo.toml")?;
//! #   assert!(manifest.contains("name = \"pet-store\"\nversion = \"1.0.0\"\n"), "{manifest}");
//! #   assert!(std::fs::exists("petstore-client/src/operations/get_pets.rs")?);
//!     Ok(())
//! }
//! # const PETSTORE: &str = r#"
//! # openapi: 3.0.3
//! # info: {title: Pet Store, version: v1}
//! # servers: [{url: https://pets.example.com}]
//! # paths: {/pets: {get: {operationId: getPets, responses: {'204': {description: none}}}}}
//! # "#;
//! ```
//!
//! [`settings`] lists what can stand in `petstore.client.toml` beside the description.

pub mod bundle;
mod choices;
pub mod client;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod ir;
pub mod load;
pub mod lower;
pub mod output;
pub mod package;
pub mod passes;
mod places;
pub mod plan;
mod refusals;
pub mod render;
pub mod report;
pub mod select;
pub mod settings;
pub mod wording;

use std::fmt;

pub use client::{Analysed, Client, Generated};
pub use refusals::LeftOut;

use diagnostic::Diagnostics;
use dialect::{Conventions, Dialect};
use load::{Description, Sources};
use plan::Crate;
use render::{Package, RenderError};
use report::Report;
use select::{Selected, Selection};
use settings::Settings;

/// The reason why a run generates nothing.
#[derive(Debug)]
pub enum GenerateError {
    /// The description is wrong, or has something that cannot be generated.
    Description(Report),
    /// The generator is wrong.
    Render(RenderError),
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(report) => f.write_str(&report.render(false)),
            Self::Render(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GenerateError {}

/// Generates the crate of a client for the selected operations of a description, whatever stands beside it.
///
/// # Errors
/// Something is wrong with the description: all of it is in the report. Or, a mistake in the generator, the
/// result cannot be rendered.
pub fn generate<'a>(
    description: impl Into<Description<'a>>,
    selection: &Selection,
    dialect: &'static dyn Dialect,
    package: &Package,
) -> Result<Generated, GenerateError> {
    let Description { root, overlay, folder } = description.into();
    let conventions = Conventions::from(dialect);
    let settings = Settings { selection: Some(selection.clone()), conventions, ..Settings::default() };
    let client = Client {
        description: root.to_owned(),
        overlay: overlay.map(ToOwned::to_owned),
        folder: folder.map(ToOwned::to_owned),
        settings,
    };
    client.analyse().map_err(GenerateError::Description)?.generate(package)
}

/// Lowers the selected operations, and plans the crate of a client for them. Returns `None` if there is no such crate;
/// each reason is an error in `diagnostics`.
pub fn analyse(
    sources: &Sources,
    selected: &Selected,
    conventions: &Conventions,
    diagnostics: &mut Diagnostics,
) -> Option<Crate> {
    let mut api = lower::lower(sources, selected, conventions.dialect, diagnostics);
    passes::run(&mut api, conventions, diagnostics);
    match plan::plan(&api, conventions) {
        Ok(planned) => {
            diagnostics.extend(planned.warnings);
            Some(planned.krate)
        }
        Err(found) => {
            diagnostics.extend(found);
            None
        }
    }
}
