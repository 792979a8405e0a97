//! Turns an OpenAPI 3.0 description into the source of a Rust client.
//!
//! Data flows one way: [`load`], [`select`], [`lower`], [`passes`], [`plan`], [`render`], [`output`]. Nothing here
//! prints or exits; problems come back as a [`Report`]. A plan can also be compared with that of another description
//! ([`diff`]), and what was selected can be written as one file ([`bundle`]).

pub mod bundle;
pub mod diagnostic;
pub mod diff;
pub mod ir;
pub mod load;
pub mod lower;
pub mod output;
pub mod passes;
pub mod plan;
pub mod render;
pub mod report;
pub mod select;
pub mod wording;

use diagnostic::Diagnostics;
use load::{Description, Sources};
use plan::Crate;
use render::{File, Package, RenderError};
use report::Report;
use select::{Selected, Selection};

/// What a run makes.
#[derive(Debug)]
pub struct Generated {
    /// The files of the crate, sorted by path.
    pub files: Vec<File>,
    /// What was selected, and of how much.
    pub selected: Selected,
    /// How many files were read.
    pub files_read: usize,
    /// How many types the selected operations reach.
    pub types: usize,
    /// Warnings.
    pub report: Report,
}

/// Why a run makes nothing.
#[derive(Debug)]
pub enum GenerateError {
    /// The description is wrong, or has something that cannot be generated.
    Description(Report),
    /// The generator is wrong.
    Render(RenderError),
}

/// Generates the crate of a client for the selected operations of a description.
///
/// # Errors
/// Something is wrong with the description: all of it is in the report. Or, a mistake in the generator, the
/// result cannot be rendered.
pub fn generate<'a>(
    description: impl Into<Description<'a>>,
    selection: &Selection,
    package: &Package,
) -> Result<Generated, GenerateError> {
    let mut diagnostics = Diagnostics::default();
    let sources = description.into().open(&mut diagnostics);
    let selected = select::select(&sources, selection, &mut diagnostics);
    let krate = analyse(&sources, &selected, &mut diagnostics);
    let report = Report::new(diagnostics, &sources);
    let Some(krate) = krate.filter(|_| report.counts().0 == 0) else {
        return Err(GenerateError::Description(report));
    };
    let files = render::render(&krate, package).map_err(GenerateError::Render)?;
    Ok(Generated { files, files_read: sources.files_read(), types: krate.items.len(), selected, report })
}

/// Lowers the selected operations, and plans the crate of a client for them. Returns `None` if there is no such crate;
/// each reason is an error in `diagnostics`.
pub fn analyse(sources: &Sources, selected: &Selected, diagnostics: &mut Diagnostics) -> Option<Crate> {
    let mut api = lower::lower(sources, selected, diagnostics)?;
    passes::run(&mut api);
    plan::plan(&api, diagnostics)
}
