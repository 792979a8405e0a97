//! Settings and selection of the clients of a command, and reports about their descriptions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use generator::report::Report;
use generator::select::Selection;
use generator::settings::{Settings, SettingsError};
use generator::{Analysed, Client, LeftOut};

use crate::shell::{self, Shown};

/// Settings of a client.
#[derive(clap::Args)]
pub(crate) struct SettingsOptions {
    /// Settings of the client; by default `NAME.client.toml` beside `NAME.yaml`, if that file exists.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// Settings and selection of the clients that a command reads.
#[derive(clap::Args)]
pub(crate) struct ClientOptions {
    #[command(flatten)]
    pub(crate) settings: SettingsOptions,
    /// Select the operations with this tag instead of the selection in the settings; repeatable.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Leave out operations that need something that is refused, and list them.
    #[arg(long)]
    skip_unsupported: bool,
    /// Folder around the descriptions whose files may be read; by default the folder of each description.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Select the operation with this operationId; repeatable.
    #[arg(long = "operation", value_name = "ID")]
    operations: Vec<String>,
    /// Select the operations whose path begins with this prefix; repeatable.
    #[arg(long = "path", value_name = "PREFIX")]
    paths: Vec<String>,
    /// Select all operations instead of the selection in the settings.
    #[arg(long, conflicts_with_all = ["tags", "operations", "paths"])]
    all: bool,
    /// Select all schemas among the components, whether or not an operation reaches them. Without another selection, the
    /// crate has types only.
    #[arg(long)]
    schemas: bool,
    /// Select the component with this name; repeatable.
    #[arg(long = "schema", value_name = "NAME", conflicts_with = "schemas")]
    schema_names: Vec<String>,
}

impl SettingsOptions {
    /// Returns the settings of clients that are compared: those of the first description that has any.
    pub(crate) fn first_of<'s>(&self, specs: impl IntoIterator<Item = &'s Path>) -> Result<Settings, String> {
        let found = match &self.settings {
            Some(path) => Settings::read(path).map(Some),
            None => first(specs),
        };
        Ok(found.map_err(|error| refused(&error))?.unwrap_or_default())
    }

    /// Returns the path of the settings of a description.
    pub(crate) fn path(&self, spec: &Path) -> PathBuf {
        self.settings.clone().unwrap_or_else(|| Settings::path_beside(spec))
    }
}

impl ClientOptions {
    /// Returns the client of a description, with the overlay beside it.
    pub(crate) fn client(&self, spec: &Path) -> Result<Client, String> {
        let folder = self.root.clone();
        Ok(Client { folder, ..Client::with(spec, self.settings_of([spec])?) })
    }

    /// Returns the settings of clients that are compared, with the selection of the flags.
    pub(crate) fn settings_of<'s>(
        &self,
        specs: impl IntoIterator<Item = &'s Path>,
    ) -> Result<Settings, String> {
        let settings = self.settings.first_of(specs)?;
        let skip_unsupported = self.skip_unsupported || settings.skip_unsupported;
        Ok(Settings { selection: self.selection().or(settings.selection), skip_unsupported, ..settings })
    }

    /// Returns the folder whose files may be read.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Returns the flags as they are given on a command line, each with a space behind it.
    pub(crate) fn flags(&self) -> String {
        let settings = self.settings.settings.iter().map(|path| format!("--settings {} ", path.display()));
        let all = self.all.then(|| "--all ".to_owned());
        let schemas = self.schemas.then(|| "--schemas ".to_owned());
        let skip = self.skip_unsupported.then(|| "--skip-unsupported ".to_owned());
        let root = self.root.iter().map(|root| format!("--root {} ", root.display()));
        let list = |flag: &'static str, values: &[String]| -> Vec<String> {
            values.iter().map(|value| format!("{flag} '{value}' ")).collect()
        };
        let tags = list("--tag", &self.tags);
        let operations = list("--operation", &self.operations);
        let (paths, names) = (list("--path", &self.paths), list("--schema", &self.schema_names));
        settings
            .chain(root)
            .chain(skip)
            .chain(all)
            .chain(schemas)
            .chain([tags, operations, paths, names].concat())
            .collect()
    }

    /// Returns the selection of the flags, if there are any.
    pub(crate) fn selection(&self) -> Option<Selection> {
        let selection = Selection {
            all: self.all,
            all_schemas: self.schemas,
            schemas: self.schema_names.clone(),
            tags: self.tags.clone(),
            operations: self.operations.clone(),
            paths: self.paths.clone(),
            except: BTreeSet::new(),
        };
        let lists = [&self.tags, &self.operations, &self.paths, &self.schema_names];
        let is_asked = self.all || self.schemas || lists.iter().any(|list| !list.is_empty());
        is_asked.then_some(selection)
    }
}

/// Returns the client of a description that is compared with another one. The conventions beside the description hold for
/// the client: a released contract keeps the names that it was released with.
pub(crate) fn compared(spec: &Path, settings: &Settings, root: Option<&Path>) -> Result<Client, String> {
    let settings = settings.clone().with_conventions_beside(spec).map_err(|error| refused(&error))?;
    Ok(Client { folder: root.map(Path::to_owned), ..Client::with(spec, settings) })
}

/// Tells the operations that were left out.
pub(crate) fn tell_left_out(left_out: &[LeftOut]) {
    for LeftOut { id, method, path } in left_out {
        let method = method.map_or_else(|| "all operations of".to_owned(), str::to_uppercase);
        shell::status("Left out", format_args!("`{id}`: {method} {path}"));
    }
}

fn first<'s>(specs: impl IntoIterator<Item = &'s Path>) -> Result<Option<Settings>, SettingsError> {
    specs.into_iter().find_map(|spec| Settings::beside(spec).transpose()).transpose()
}

fn refused(error: &SettingsError) -> String {
    shell::raw(&error.render(shell::has_colour()));
    "the settings are invalid; no file was written".to_owned()
}

/// Reads a description up to rendering. Shows its errors, and the warnings about its overlay.
pub(crate) fn analysed(client: &Client) -> Result<Analysed, String> {
    let analysed = client.analyse().map_err(|report| told(&report, &client.description, Shown::First))?;
    // A warning about an overlay says that something was not applied.
    let overlay = client.overlay.as_deref().map(|overlay| overlay.display().to_string());
    tell_left_out(&analysed.left_out);
    let problems = analysed.report.problems().iter();
    for problem in problems.filter(|problem| Some(&problem.path) == overlay.as_ref()) {
        shell::warning(format_args!("{}:{}: {}", problem.path, problem.line, problem.diagnostic.message));
    }
    Ok(analysed)
}

/// Shows a report with errors, and returns a summary.
pub(crate) fn told(report: &Report, spec: &Path, shown: Shown) -> String {
    shell::report(report, shown);
    let (errors, warnings) = report.counts();
    let errors = shell::count(errors, "error");
    match warnings {
        0 => format!("{} has {errors}; no file was written", spec.display()),
        _ => format!(
            "{} has {errors} and {}; no file was written",
            spec.display(),
            shell::count(warnings, "warning")
        ),
    }
}
