//! A client from end to end: its description, overlay and settings in, its files out.

use std::collections::BTreeSet;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::GenerateError;
use crate::bundle::{Bundle, Words, bundle};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::{Description, Origins, Sources};
use crate::output;
use crate::plan::Crate;
use crate::refusals::{LeftOut, Outcome, analyse_accepted, analyse_all};
use crate::render::{File, Package, render};
use crate::report::Report;
use crate::select::{
    Exception, Selected, Selection, callbacks, has_webhooks, select, select_any, select_callbacks,
    select_webhooks,
};
use crate::settings::{Settings, SettingsError};

/// A client to generate: a description and what belongs to it.
#[derive(Clone, Debug)]
pub struct Client {
    /// Root file of the description, YAML or JSON.
    pub description: PathBuf,
    /// An [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.0.0.html) that is applied to the root file.
    pub overlay: Option<PathBuf>,
    /// Folder around the description whose files may be read; by default that of the description.
    pub folder: Option<PathBuf>,
    /// Name, version, selection and other settings.
    pub settings: Settings,
}

impl Client {
    /// Returns the client of a description, with the overlay and the settings that stand beside it: `overlay.yaml` and,
    /// for `openapi.yaml`, `openapi.client.toml`.
    ///
    /// # Errors
    /// The settings cannot be read, or are wrong.
    pub fn of(description: impl Into<PathBuf>) -> Result<Self, SettingsError> {
        let description = description.into();
        let settings = Settings::beside(&description)?.unwrap_or_default();
        Ok(Self::with(description, settings))
    }

    /// Returns the client of a description with the overlay beside it and other settings.
    pub fn with(description: impl Into<PathBuf>, settings: Settings) -> Self {
        let description = description.into();
        Self { overlay: overlay_beside(&description), folder: None, description, settings }
    }

    /// Opens the description. Its errors are reported by the next stage.
    pub fn open(&self) -> Opened<'_> {
        let mut diagnostics = Diagnostics::default();
        let description = Description {
            root: &self.description,
            overlay: self.overlay.as_deref(),
            folder: self.folder.as_deref(),
        };
        let sources = description.open(&mut diagnostics);
        Opened { client: self, sources, diagnostics, webhooks: self.webhooks() }
    }

    fn webhooks(&self) -> Option<Webhooks> {
        let description = self.settings.webhooks.as_deref()?;
        Some(Webhooks::open(description, overlay_beside(description).as_deref()))
    }

    /// Reads the description up to what would be rendered.
    ///
    /// # Errors
    /// The description is wrong: all errors are in the report.
    pub fn analyse(&self) -> Result<Analysed, Report> {
        self.open().analyse()
    }

    /// Generates the files of the client.
    ///
    /// # Errors
    /// The description is wrong or, a mistake in the generator, the client cannot be rendered.
    pub fn generate(&self) -> Result<Generated, GenerateError> {
        self.open().generate()
    }

    /// Bundles the selected operations into the text of one file.
    ///
    /// # Errors
    /// The description is wrong: all errors are in the report.
    pub fn bundle(&self, words: Words) -> Result<Bundled, Report> {
        self.open().bundle(words)
    }

    /// Reports the choices of the settings that have no effect on the client and its webhooks.
    fn unused_choices(&self, krate: Option<&Crate>, sources: &Sources) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        if let (Some(krate), Some(path)) = (krate, &self.settings.path) {
            let of_webhooks = krate.incoming.iter().flat_map(|incoming| &incoming.choices_used);
            let used = krate.choices_used.iter().chain(of_webhooks).copied().collect();
            for choice in self.settings.conventions.types.without_effect(&used) {
                diagnostics.push(choice.error(&sources.place_of(path)));
            }
        }
        diagnostics
    }

    fn selection(&self) -> Selection {
        let everything = Selection { all: true, ..Selection::default() };
        self.settings.selection.clone().unwrap_or(everything)
    }
}

/// Returns the overlay of a description, if there is one: for `NAME.yaml`, `NAME.overlay.yaml` or else `overlay.yaml`
/// beside it.
pub fn overlay_beside(description: &Path) -> Option<PathBuf> {
    let own = description.with_extension("overlay.yaml");
    [own, description.with_file_name("overlay.yaml")].into_iter().find(|overlay| overlay.exists())
}

/// A client whose description is open.
pub struct Opened<'c> {
    client: &'c Client,
    sources: Sources,
    diagnostics: Diagnostics,
    webhooks: Option<Webhooks>,
}

/// An open description of webhooks.
pub struct Webhooks {
    sources: Sources,
    diagnostics: Diagnostics,
}

impl Webhooks {
    /// Opens a description. Its errors are reported by the next stage.
    pub fn open(description: &Path, overlay: Option<&Path>) -> Self {
        let mut diagnostics = Diagnostics::default();
        let description = Description { root: description, overlay, folder: None };
        Self { sources: description.open(&mut diagnostics), diagnostics }
    }

    /// Shows the places of a description that is a bundle in the files that it was made of.
    #[must_use]
    pub fn bundled_from(mut self, sources: Sources, origins: Origins) -> Self {
        self.sources = self.sources.bundled_from(sources, origins);
        self
    }

    /// Reads the description up to what would be rendered; without a plan, an error is in the report.
    fn analyse(self, settings: &Settings) -> (Outcome, Report, Sources) {
        let choose = |except: &_, diagnostics: &mut _| select_webhooks(&self.sources, except, diagnostics);
        let mut outcome = analysed(&self.sources, choose, settings);
        let mut diagnostics = self.diagnostics;
        diagnostics.extend(mem::take(&mut outcome.diagnostics));
        (outcome, Report::new(diagnostics, &self.sources), self.sources)
    }
}

/// Returns the result of selecting, lowering and planning by the settings.
fn analysed(
    sources: &Sources,
    choose: impl Fn(&BTreeSet<Exception>, &mut Diagnostics) -> Selected,
    settings: &Settings,
) -> Outcome {
    if settings.skip_unsupported {
        analyse_accepted(sources, choose, &settings.conventions)
    } else {
        analyse_all(sources, choose, &settings.conventions)
    }
}

impl Opened<'_> {
    /// Returns the package of the client.
    pub fn package(&self) -> Package {
        let info = self.sources.root().child("info");
        let text =
            |key: &str| self.sources.find(&info.child(key)).and_then(Value::as_str).unwrap_or_default();
        self.client.settings.package(text("title"), text("version"))
    }

    /// Reads the description up to what would be rendered.
    ///
    /// # Errors
    /// The description is wrong: all errors are in the report.
    pub fn analyse(mut self) -> Result<Analysed, Report> {
        let settings = &self.client.settings;
        let selection = self.client.selection();
        // A client of webhooks needs no other operation.
        let select = if self.webhooks.is_some() { select_any } else { select };
        let choose = |except: &BTreeSet<Exception>, diagnostics: &mut _| {
            let selection = Selection { except: except.clone(), ..selection.clone() };
            select(&self.sources, &selection, diagnostics)
        };
        let Outcome { selected, mut krate, mut left_out, diagnostics } =
            analysed(&self.sources, choose, settings);
        self.diagnostics.extend(diagnostics);
        let callbacks = self.callbacks(&selected);
        if let Some(krate) = &mut krate {
            krate.incoming = callbacks.map(Box::new);
        }
        if self.webhooks.is_none() && has_webhooks(&self.sources) {
            let message = "webhooks are requests to an application, so the client does not have them";
            let warning = Diagnostic::warning(&self.sources.root().child("webhooks"), message).at_key();
            self.diagnostics
                .push(warning.help("the setting `webhooks` names the description of a module for them"));
        }
        let mut report = Report::new(self.diagnostics, &self.sources);
        let mut webhooks = None;
        if let Some(opened) = self.webhooks {
            let (incoming, problems, sources) = opened.analyse(settings);
            report.extend(problems);
            webhooks = Some(sources);
            left_out.extend(incoming.left_out);
            if let Some(krate) = &mut krate {
                krate.incoming = incoming.krate.map(Box::new);
            }
        }
        if report.counts().0 == 0 {
            let unused = self.client.unused_choices(krate.as_ref(), &self.sources);
            report.extend(Report::new(unused, &self.sources));
        }
        match krate.filter(|_| report.counts().0 == 0) {
            Some(krate) => {
                Ok(Analysed { sources: self.sources, webhooks, selected, left_out, krate, report })
            }
            None => Err(report),
        }
    }

    /// Reads the callbacks of the selected operations. What is wrong with them costs no more than their module.
    fn callbacks(&mut self, selected: &Selected) -> Option<Crate> {
        let (_, first) = callbacks(&self.sources, selected).next()?;
        if self.webhooks.is_some() {
            let message = "callbacks are not generated: another description is that of the module `webhooks`";
            self.diagnostics.push(Diagnostic::warning(&first, message).at_key());
            return None;
        }
        let mut found = Diagnostics::default();
        let selected = select_callbacks(&self.sources, selected, &mut found);
        if selected.operations.is_empty() {
            return None;
        }
        let krate = crate::analyse(&self.sources, &selected, &self.client.settings.conventions, &mut found);
        if !found.has_errors() {
            self.diagnostics.extend(found);
            return krate;
        }
        for error in found.into_inner().into_iter().filter(|found| found.severity == Severity::Error) {
            let message = format!("callbacks are not generated: {}", error.message);
            self.diagnostics.push(Diagnostic { severity: Severity::Warning, message, ..error });
        }
        None
    }

    /// Generates the files of the client.
    ///
    /// # Errors
    /// The description is wrong or, a mistake in the generator, the client cannot be rendered.
    pub fn generate(self) -> Result<Generated, GenerateError> {
        let package = self.package();
        let analysed = self.analyse().map_err(GenerateError::Description)?;
        analysed.generate(&package)
    }

    /// Shows the places of a description that is a bundle in the files that it was made of.
    #[must_use]
    pub fn bundled_from(mut self, sources: Sources, origins: Origins) -> Self {
        self.sources = self.sources.bundled_from(sources, origins);
        self
    }

    /// Returns `true` if the description has webhooks.
    pub fn has_webhooks(&self) -> bool {
        has_webhooks(&self.sources)
    }

    /// Takes other webhooks than those of the settings.
    #[must_use]
    pub fn with_webhooks(mut self, webhooks: Webhooks) -> Self {
        self.webhooks = Some(webhooks);
        self
    }

    /// Bundles the selected operations into the text of one file.
    ///
    /// # Errors
    /// The description is wrong: all errors are in the report.
    pub fn bundle(mut self, words: Words) -> Result<Bundled, Report> {
        let selected = select(&self.sources, &self.client.selection(), &mut self.diagnostics);
        let bundle = bundle(&self.sources, &selected, words, &mut self.diagnostics);
        let report = Report::new(self.diagnostics, &self.sources);
        match bundle.filter(|_| report.counts().0 == 0) {
            Some(bundle) => Ok(Bundled { bundle, sources: self.sources, selected, report }),
            None => Err(report),
        }
    }
}

/// A description without errors, as it would be rendered.
pub struct Analysed {
    /// Files of the description.
    pub sources: Sources,
    /// Files of the description of webhooks.
    pub webhooks: Option<Sources>,
    /// Selected operations.
    pub selected: Selected,
    /// Operations that were left out, since something that they need is refused.
    pub left_out: Vec<LeftOut>,
    /// The API, complete for rendering.
    pub krate: Crate,
    /// Warnings.
    pub report: Report,
}

impl Analysed {
    /// Renders the files of a client.
    ///
    /// # Errors
    /// The generator is wrong.
    pub fn generate(self, package: &Package) -> Result<Generated, GenerateError> {
        let files = render(&self.krate, package).map_err(GenerateError::Render)?;
        Ok(Generated {
            files,
            package: package.clone(),
            files_read: self.sources.files_read() + self.webhooks.as_ref().map_or(0, Sources::files_read),
            types: self.krate.items.len(),
            selected: self.selected,
            left_out: self.left_out,
            report: self.report,
        })
    }
}

/// The files of a client.
#[derive(Debug)]
pub struct Generated {
    /// Files of the crate, sorted by path.
    pub files: Vec<File>,
    /// Package of the crate.
    pub package: Package,
    /// Selected operations, and the number of all.
    pub selected: Selected,
    /// Operations that were left out, since something that they need is refused.
    pub left_out: Vec<LeftOut>,
    /// Number of files that were read.
    pub files_read: usize,
    /// Number of types that the selected operations reach.
    pub types: usize,
    /// Warnings.
    pub report: Report,
}

impl Generated {
    /// Makes a folder the generated crate: all of it, or nothing.
    ///
    /// # Errors
    /// A handwritten file has the path of a generated one, or writing fails.
    pub fn write(&self, folder: &Path) -> io::Result<output::Plan> {
        let plan = output::plan(&self.files, folder)?;
        output::write(&plan, folder)?;
        Ok(plan)
    }
}

/// The selected operations of a description in one file.
pub struct Bundled {
    /// The description.
    pub bundle: Bundle,
    /// Files that the bundle was made of.
    pub sources: Sources,
    /// Selected operations, and the number of all.
    pub selected: Selected,
    /// Warnings.
    pub report: Report,
}
