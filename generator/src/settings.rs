//! The settings of a client: a small TOML file beside the description, all of it optional.
//!
//! ```toml
//! name = "petstore"                 # of the crate; by default made from `info.title`
//! version = "0.3.0"                 # of the crate; by default made from `info.version`
//! description = "Client for the pet store"
//! keywords = ["pets", "store"]
//! categories = ["api-bindings"]
//! license = "MIT"                   # an SPDX expression; by default none
//! repository = "https://example.com/petstore"
//! documentation = "https://docs.rs/petstore"
//! dialect = "standard"              # whose extensions and conventions the description uses
//! suffixes = ["DTO"]                # of component names, which names in Rust go without
//! skip-unsupported = true            # leaves out operations that need something that is refused
//! webhooks = "petstore.webhooks.yaml" # description of requests to the application; by default none
//! guide = "petstore.guide.md"        # first part of the crate's page: what the API is, and an example
//! benches = ["speed"]               # handwritten, in `benches/` of the crate, each with a `main`
//! keep-unknown = ["Pet"]            # components whose objects keep undeclared properties; `"*"` stands for all
//!
//! [selection]                       # by default every operation
//! tags = ["pets"]
//! operations = ["getInventory"]
//! paths = ["/store"]                # the beginnings of paths; `all = true` in place of these lists
//! schemas = ["Pet"]                 # components, reached or not; `all-schemas = true` in place of the list
//!
//! [formats.string]                  # types in place of those of formats; also of `integer` and `number`
//! uuid = "uuid::Uuid"
//!
//! [components]                      # types in place of components
//! Money = "rusty_money::Money"
//!
//! [derives]                         # of components and of what is inside them; `"*"` stands for all types
//! "*" = ["schemars::JsonSchema"]
//! Tag = ["Eq", "Hash"]
//!
//! [dependencies]                    # crates of these types and derives, as `Cargo.toml` has them
//! rusty_money = { version = "0.4", features = ["serde"] }
//! schemars = "1"
//! uuid = { version = "1", features = ["serde"] }
//!
//! [examples]                        # handwritten, in `examples/` of the crate, that need features
//! sale = ["webhooks"]
//!
//! [dev-dependencies]                # of handwritten tests, each with its features; versions are the generator's
//! tokio = ["macros", "rt"]
//! ```

mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use semver::Version;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table};

use crate::dialect::{Conventions, DIALECTS, Dialect};
use crate::package::{self, MOST_KEYWORDS, crate_name, keyword};
use crate::render::{Package, has_version};
use crate::select::Selection;

/// The settings of a client. What is absent follows from the description.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Name of the crate.
    pub name: Option<String>,
    /// Version of the crate.
    pub version: Option<Version>,
    /// One line about the crate.
    pub description: Option<String>,
    /// Keywords for a registry.
    pub keywords: Option<Vec<String>>,
    /// Categories of a registry.
    pub categories: Option<Vec<String>>,
    /// SPDX expression of the crate's license.
    pub license: Option<String>,
    /// URL of the crate's repository.
    pub repository: Option<String>,
    /// URL of the crate's documentation.
    pub documentation: Option<String>,
    /// Operations of the client, and components that it has anyway.
    pub selection: Option<Selection>,
    /// `true` leaves out operations that need something that is refused.
    pub skip_unsupported: bool,
    /// Conventions of the description and of its servers.
    pub conventions: Conventions,
    /// Description of the webhooks, whose operations are requests to an application.
    pub webhooks: Option<PathBuf>,
    /// Markdown for the first part of the crate's page.
    pub guide: Option<String>,
    /// Handwritten benchmarks.
    pub benches: Vec<String>,
    /// Handwritten examples that need features, each with its features.
    pub examples: BTreeMap<String, Vec<String>>,
    /// Crates that the choices about types need, as a manifest has them.
    pub dependencies: Table,
    /// Path of the file of the settings, to which errors about its choices point.
    pub path: Option<PathBuf>,
    /// Dependencies of handwritten tests, examples and benchmarks, each with its features.
    pub dev_dependencies: BTreeMap<String, Vec<String>>,
}

impl Settings {
    /// Returns the path of the settings of a description: `openapi.client.toml` beside `openapi.yaml`.
    pub fn path_beside(description: &Path) -> PathBuf {
        description.with_extension("client.toml")
    }

    /// Reads the settings beside a description, if there are any.
    ///
    /// # Errors
    /// The file cannot be read, or a setting is wrong.
    pub fn beside(description: &Path) -> Result<Option<Self>, SettingsError> {
        let path = Self::path_beside(description);
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::read(&path).map(Some),
        }
    }

    /// Takes the conventions of the settings beside a description, if there are any, and their webhooks: the client of a
    /// released contract keeps the names that it was released with. Choices may name components that the description lacks.
    ///
    /// # Errors
    /// The settings beside the description cannot be read, or a setting is wrong.
    pub fn with_conventions_beside(self, description: &Path) -> Result<Self, SettingsError> {
        Ok(match Self::beside(description)? {
            Some(Self { conventions, webhooks, .. }) => Self { conventions, webhooks, path: None, ..self },
            None => Self { webhooks: None, path: None, ..self },
        })
    }

    /// Returns the text of settings with the conventions and a description of webhooks alone, which a released contract
    /// keeps beside it.
    pub fn conventions_text(&self, webhooks: Option<&str>) -> String {
        let mut table = Table::new();
        let Conventions { dialect, suffixes, types } = &self.conventions;
        table.insert("dialect".to_owned(), dialect.name().into());
        table.insert("suffixes".to_owned(), suffixes.clone().into());
        table.extend(webhooks.map(|webhooks| ("webhooks".to_owned(), webhooks.into())));
        table.extend(types::table_of(types));
        if !self.dependencies.is_empty() {
            table.insert("dependencies".to_owned(), self.dependencies.clone().into());
        }
        table.to_string()
    }

    /// Reads a file of settings.
    ///
    /// # Errors
    /// The file cannot be read, or a setting is wrong.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let refused = |text: &str, problems: Vec<Problem>| SettingsError {
            path: path.display().to_string(),
            text: text.to_owned(),
            problems,
        };
        let text = fs::read_to_string(path).map_err(|error| {
            refused("", vec![Problem { span: 0..0, message: format!("cannot be read: {error}") }])
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let settings = Self::parse(&text, folder).map_err(|problems| refused(&text, problems))?;
        Ok(Self { path: Some(path.to_owned()), ..settings })
    }

    /// Returns the package of a client: what the settings say and, where they say nothing, what the title and the
    /// version of the description give.
    pub fn package(&self, title: &str, version: &str) -> Package {
        let derived = package::derived(title, version);
        Package {
            name: self.name.clone().unwrap_or(derived.name),
            version: self.version.as_ref().map_or(derived.version, ToString::to_string),
            description: self.description.clone().unwrap_or(derived.description),
            keywords: self.keywords.clone().unwrap_or(derived.keywords),
            categories: self.categories.clone().unwrap_or(derived.categories),
            license: self.license.clone(),
            repository: self.repository.clone(),
            documentation: self.documentation.clone(),
            guide: self.guide.clone(),
            benches: self.benches.clone(),
            examples: self.examples.clone(),
            dependencies: self.dependencies.clone(),
            dev_dependencies: self.dev_dependencies.clone().into_iter().collect(),
        }
    }

    /// Keeps what handwritten files of a folder need, and nothing else: benchmarks and examples that are there, and
    /// dev-dependencies if there are tests, examples or benchmarks.
    pub fn keep_handwritten_of(&mut self, folder: &Path) {
        let is_there = |kind: &str, name: &str| folder.join(kind).join(format!("{name}.rs")).exists();
        self.benches.retain(|name| is_there("benches", name));
        self.examples.retain(|name, _| is_there("examples", name));
        if !["benches", "examples", "tests"].iter().any(|kind| folder.join(kind).exists()) {
            self.dev_dependencies.clear();
        }
    }

    /// Reads settings. The paths in them are relative to a folder.
    fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| Problem::of(error, 0..text.len())).collect());
        }
        let mut table = Reader::new(table);
        let dependencies = table.inner("dependencies", types::dependencies).unwrap_or_default();
        let settings = Self {
            name: table.value("name", |name: String| crate_name(&name)),
            version: table.value("version", |text: String| semver(&text)),
            description: table.value("description", |text: String| one_line(&text)),
            keywords: table.list("keywords", MOST_KEYWORDS, keyword),
            categories: table.list("categories", MOST_KEYWORDS, one_line),
            license: table.value("license", |text: String| one_line(&text)),
            repository: table.value("repository", |text: String| url(&text)),
            documentation: table.value("documentation", |text: String| url(&text)),
            selection: table.inner("selection", selection),
            skip_unsupported: table.value("skip-unsupported", |skip: bool| Ok(skip)).unwrap_or_default(),
            conventions: Conventions {
                dialect: table.value("dialect", |text: String| dialect(&text)).unwrap_or_default(),
                suffixes: table.list("suffixes", usize::MAX, one_line).unwrap_or_default(),
                types: types::choices(&mut table, &dependencies),
            },
            dependencies,
            path: None,
            webhooks: table.value("webhooks", |path: String| existing(&folder.join(path))),
            guide: table.value("guide", |path: String| file(&folder.join(path))),
            benches: table.list("benches", usize::MAX, bench).unwrap_or_default(),
            examples: table.inner("examples", examples).unwrap_or_default(),
            dev_dependencies: table.inner("dev-dependencies", dev_dependencies).unwrap_or_default(),
        };
        let problems = table.finish();
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }
}

fn semver(text: &str) -> Result<Version, String> {
    let version = Version::parse(text);
    version.map_err(|error| format!("expected a version such as `0.1.0`, found {text:?}: {error}"))
}

fn one_line(text: &str) -> Result<String, String> {
    let is_line = !text.trim().is_empty() && !text.contains(char::is_control);
    if is_line { Ok(text.to_owned()) } else { Err(format!("expected one line of text, found {text:?}")) }
}

fn url(text: &str) -> Result<String, String> {
    let is_url = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if is_url { one_line(text) } else { Err(format!("expected an HTTP URL, found {text:?}")) }
}

fn file(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn existing(path: &Path) -> Result<PathBuf, String> {
    let found = fs::metadata(path).map(|_| path.to_owned());
    found.map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn dialect(name: &str) -> Result<&'static dyn Dialect, String> {
    DIALECTS.into_iter().find(|dialect| dialect.name() == name).ok_or_else(|| {
        let known = DIALECTS.map(|dialect| format!("`{}`", dialect.name())).join(" or ");
        format!("expected {known}, found {name:?}")
    })
}

fn bench(name: &str) -> Result<String, String> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let is_name = !name.is_empty() && name.chars().all(is_letter);
    let message = || format!("expected the name of a file in `benches` without `.rs`, found {name:?}");
    if is_name { Ok(name.to_owned()) } else { Err(message()) }
}

fn selection(table: &mut Reader<'_>) -> Selection {
    let all = table.value("all", |all: bool| Ok(all)).unwrap_or_default();
    let mut list = |key: &str| table.list(key, usize::MAX, one_line).unwrap_or_default();
    let (tags, operations, paths) = (list("tags"), list("operations"), list("paths"));
    let schemas = list("schemas");
    let all_schemas = table.value("all-schemas", |all: bool| Ok(all)).unwrap_or_default();
    let is_listed = !(tags.is_empty() && operations.is_empty() && paths.is_empty());
    let has_schemas = all_schemas || !schemas.is_empty();
    if all && is_listed || !(all || is_listed || has_schemas) {
        let found = if all { "both" } else { "neither" };
        table.problem(format!("expected `all = true` or a list of what to select, found {found}"));
    }
    if all_schemas && !schemas.is_empty() {
        table.problem("expected `all-schemas = true` or a list of `schemas`, found both".to_owned());
    }
    Selection { all, all_schemas, tags, operations, paths, schemas, except: BTreeSet::new() }
}

fn examples(table: &mut Reader<'_>) -> BTreeMap<String, Vec<String>> {
    let names = table.keys().into_iter().map(|(name, _)| name);
    names.filter_map(|name| Some((name.clone(), table.list(&name, usize::MAX, one_line)?))).collect()
}

fn dev_dependencies(table: &mut Reader<'_>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (name, span) in table.keys() {
        let features = table.list(&name, usize::MAX, one_line);
        if has_version(&name) {
            found.extend(features.map(|features| (name, features)));
        } else {
            let message =
                format!("unsupported: a dependency on `{name}`, of which the generator has no version");
            table.problems.push(Problem { span, message });
        }
    }
    found
}

/// A table of which each key is read at most once. Problems are collected: wrong values, and keys that were not read.
struct Reader<'i> {
    table: DeTable<'i>,
    span: Range<usize>,
    known: Vec<String>,
    problems: Vec<Problem>,
}

impl<'i> Reader<'i> {
    fn new(table: Spanned<DeTable<'i>>) -> Self {
        let span = table.span();
        Self { table: table.into_inner(), span, known: Vec::new(), problems: Vec::new() }
    }

    fn keys(&self) -> Vec<(String, Range<usize>)> {
        self.table.keys().map(|key| (key.get_ref().to_string(), key.span())).collect()
    }

    /// Reports a problem of the whole table.
    fn problem(&mut self, message: String) {
        self.problems.push(Problem { span: self.span.clone(), message });
    }

    /// Reads a value that passes a check.
    fn value<T: DeserializeOwned, U>(
        &mut self,
        key: &str,
        check: impl FnOnce(T) -> Result<U, String>,
    ) -> Option<U> {
        self.known.push(key.to_owned());
        let value = self.table.remove(key)?;
        let span = value.span();
        let read = T::deserialize(ValueDeserializer::from(value))
            .map_err(|error| Problem::of(&error, span.clone()))
            .and_then(|value| check(value).map_err(|message| Problem { span, message }));
        read.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// Reads a list of at most `most` texts that pass a check.
    fn list(
        &mut self,
        key: &str,
        most: usize,
        check: impl Fn(&str) -> Result<String, String>,
    ) -> Option<Vec<String>> {
        let texts = self.value(key, |texts: Vec<Spanned<String>>| match texts.len() {
            length if length > most => Err(format!("expected at most {most} values, found {length}")),
            _ => Ok(texts),
        })?;
        let mut read = Vec::new();
        for text in texts {
            match check(text.get_ref()) {
                Ok(text) => read.push(text),
                Err(message) => self.problems.push(Problem { span: text.span(), message }),
            }
        }
        Some(read)
    }

    /// Reads a table inside this one.
    fn inner<T>(&mut self, key: &str, read: impl FnOnce(&mut Reader<'i>) -> T) -> Option<T> {
        self.known.push(key.to_owned());
        let value = self.table.remove(key)?;
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            self.problems.push(Problem { span, message: format!("expected a table `{key}`") });
            return None;
        };
        let mut inner = Reader { table, span, known: Vec::new(), problems: Vec::new() };
        let read = read(&mut inner);
        self.problems.extend(inner.finish());
        Some(read)
    }

    /// Returns all problems, in the order of the file.
    fn finish(mut self) -> Vec<Problem> {
        let known: Vec<_> = self.known.iter().map(|key| format!("`{key}`")).collect();
        for (key, span) in self.keys() {
            let message = format!("unsupported setting `{key}`: expected one of {}", known.join(", "));
            self.problems.push(Problem { span, message });
        }
        self.problems.sort_by_key(|problem| problem.span.start);
        self.problems
    }
}

/// Settings that cannot be used: all that is wrong with them, each with its place.
#[derive(Clone, Debug)]
pub struct SettingsError {
    path: String,
    text: String,
    problems: Vec<Problem>,
}

#[derive(Clone, Debug)]
struct Problem {
    span: Range<usize>,
    message: String,
}

impl Problem {
    fn of(error: &toml::de::Error, otherwise: Range<usize>) -> Self {
        Self { span: error.span().unwrap_or(otherwise), message: error.message().to_owned() }
    }
}

impl SettingsError {
    /// Returns the problems as text, each with its line and column, in colour or without.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let groups = self.problems.iter().map(|problem| renderer.render(&[self.group(problem)]));
        groups.collect::<Vec<_>>().join("\n\n")
    }

    fn group<'a>(&'a self, problem: &'a Problem) -> Group<'a> {
        if self.text.is_empty() {
            return Group::with_title(
                Level::ERROR.primary_title(format!("{}: {}", self.path, problem.message)),
            );
        }
        let annotation = AnnotationKind::Primary.span(problem.span.clone());
        let snippet = Snippet::source(self.text.as_str()).path(self.path.as_str()).annotation(annotation);
        Group::with_title(Level::ERROR.primary_title(problem.message.as_str())).element(snippet)
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Settings;

    fn wrong(text: &str) -> Vec<String> {
        let problems = Settings::parse(text, Path::new("")).unwrap_err();
        problems.into_iter().map(|problem| format!("{}: {}", &text[problem.span], problem.message)).collect()
    }

    #[test]
    fn documented_settings_are_accepted() {
        let docs = include_str!("settings.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let example: Vec<_> = docs.map(str::trim).skip_while(|line| *line != "```toml").skip(1).collect();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("petstore.guide.md"), "Pets.").unwrap();
        std::fs::write(folder.path().join("petstore.webhooks.yaml"), "").unwrap();
        let settings = Settings::parse(&example.join("\n").replace("```", ""), folder.path()).unwrap();
        assert_eq!(settings.guide.as_deref(), Some("Pets."));
        assert_eq!(settings.name.as_deref(), Some("petstore"));
        let selection = settings.selection.unwrap();
        assert_eq!((selection.paths, selection.schemas), (vec!["/store".to_owned()], vec!["Pet".to_owned()]));
        assert_eq!(settings.dev_dependencies["tokio"], ["macros", "rt"]);
        assert_eq!(settings.conventions.types.list.len(), 5);
        let kept: Vec<_> = settings.dependencies.keys().map(String::as_str).collect();
        assert_eq!(kept, ["rusty_money", "schemars", "uuid"]);
    }

    #[test]
    fn choices_are_kept_beside_a_released_contract() {
        let text = "dialect = \"standard\"\nkeep-unknown = [\"*\", \"A\"]\nsuffixes = []\n\n\
                    [components]\nB = \"b::B\"\n\n[dependencies]\nb = \"1\"\n\n\
                    [derives]\nA = [\"Eq\", \"b::C\"]\n\n[formats.number]\ndecimal = \"b::D\"\n";
        let settings = Settings::parse(text, Path::new("")).unwrap();
        assert_eq!(settings.conventions_text(None), text);
    }

    #[test]
    fn choices_without_their_crates_are_wrong() {
        insta::assert_snapshot!(
            wrong(
                "keep-unknown = \"Pet\"\n[formats.text]\na = \"String\"\n[formats.string]\nbinary = \"String\"\n\
                 uuid = \"uuid::Uuid\"\nuri = \"Url\"\nip = \"std::net::IpAddr\"\n[components]\nA = \"a b\"\n\
                 B = 1\n[derives]\nA = [\"Default\", \"Eq\", \"schemars::JsonSchema\"]\n[dependencies]\n\
                 serde = \"1\"\nurl = { features = [\"serde\"] }\na = { features = [] }\nb = { optional = true }\n"
            )
            .join("\n")
        );
    }

    #[test]
    fn conventions_beside_a_description_win() {
        let folder = tempfile::tempdir().unwrap();
        let description = folder.path().join("0.1.0.yaml");
        let current = Settings::parse("name = \"a\"\nsuffixes = [\"DTO\"]", folder.path()).unwrap();
        let alone = current.clone().with_conventions_beside(&description).unwrap();
        assert_eq!(alone.conventions.suffixes, ["DTO"]);
        let released =
            Settings::parse("dialect = \"market\"\nsuffixes = [\"Model\"]", folder.path()).unwrap();
        std::fs::write(Settings::path_beside(&description), released.conventions_text(None)).unwrap();
        let beside = current.with_conventions_beside(&description).unwrap();
        assert_eq!(beside.name.as_deref(), Some("a"));
        assert_eq!(beside.conventions.suffixes, ["Model"]);
        assert_eq!(beside.conventions.dialect.name(), "market");
    }

    #[test]
    fn empty_settings_leave_all_to_the_description() {
        let package = Settings::parse("# nothing\n", Path::new("")).unwrap().package("Pet Store", "v2");
        assert_eq!((package.name.as_str(), package.version.as_str()), ("pet-store", "2.0.0"));
        assert_eq!(package.description, "Client for Pet Store");
        assert_eq!((package.license, package.repository, package.documentation), (None, None, None));
    }

    #[test]
    fn wrong_settings_are_told_together_with_places() {
        insta::assert_snapshot!(
            wrong(
                "name = \"type\"\nversion = \"1\"\ndescription = \"\"\nkeywords = [\"ok\", \"not ok\"]\n\
                 categories = 7\nlicence = \"MIT\"\nrepository = \"here\"\ndialect = \"mars\"\nbenches = [\"../x\"]\n\
                 [selection]\nall = true\ntags = [\"a\"]\ntag = \"b\"\n[dev-dependencies]\nleft-pad = []\ntokio = 1\n"
            )
            .join("\n")
        );
        assert_eq!(wrong("keywords = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]").len(), 1);
        assert_eq!(wrong("[selection]").len(), 1);
        assert_eq!(wrong("[selection]\nall-schemas = true\nschemas = [\"a\"]").len(), 1);
        assert_eq!(wrong("selection = 1").len(), 1);
        assert_eq!(wrong("name = ").len(), 1);
        assert_eq!(wrong("name = \"a\"\nname = \"b\"").len(), 1);
    }
}
