//! `Cargo.toml`. Dependencies and features are those of the runtime crate, their versions those of the
//! workspace: there is no second list of either.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use toml::{Table, Value};

use crate::plan::Crate;
use crate::render::feature;
use crate::render::format::HEADER;
use crate::render::support::{has_patterns, unused_dependencies};

const WORKSPACE: &str = include_str!("../../../Cargo.toml");
const RUNTIME: &str = include_str!("../../runtime/Cargo.toml");

/// Name of a crate, and data of its manifest beyond dependencies.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line about it.
    pub description: String,
    /// Keywords for a registry.
    pub keywords: Vec<String>,
    /// Categories of a registry.
    pub categories: Vec<String>,
    /// SPDX expression of its license.
    pub license: Option<String>,
    /// URL of its repository.
    pub repository: Option<String>,
    /// URL of its documentation.
    pub documentation: Option<String>,
    /// Markdown for the first part of its page: what the API is, and an example.
    pub guide: Option<String>,
    /// Its benchmarks, each with a `main` of its own.
    pub benches: Vec<String>,
    /// Its examples that need features, each with its features.
    pub examples: BTreeMap<String, Vec<String>>,
    /// Dependencies of the types that its settings name, as they stand there.
    pub dependencies: Table,
    /// Dependencies of its tests, examples and benchmarks, each with features. The versions are those of the
    /// workspace.
    pub dev_dependencies: Vec<(String, Vec<String>)>,
}

impl Package {
    /// Returns the name of the crate in code.
    pub fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// Returns `true` if the workspace has a version, or a place, for a dependency.
pub(crate) fn has_version(dependency: &str) -> bool {
    let versions = parse(WORKSPACE, &["workspace", "dependencies"]);
    versions.is_ok_and(|versions| versions.contains_key(dependency))
}

/// Returns `true` if every client depends on a crate of that name, and so cannot have it.
pub(crate) fn is_dependency(name: &str) -> bool {
    let ident = |name: &str| name.replace('-', "_").to_ascii_lowercase();
    let runtime = RUNTIME.parse::<Table>();
    runtime.is_ok_and(|runtime| {
        dependencies(&runtime).any(|(_, own)| own.keys().any(|key| ident(key) == ident(name)))
    })
}

/// Table of dependencies of all targets.
const ALL: &str = "dependencies";

/// Returns the tables of dependencies in a manifest, each with its name: of all targets, then of single ones.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (String, &Table)> {
    let all = manifest.get(ALL).map(|all| (ALL.to_owned(), all));
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let of_targets = targets.filter_map(|(cfg, target)| {
        Some((format!("target.'{cfg}'.dependencies"), target.get("dependencies")?))
    });
    all.into_iter().chain(of_targets).filter_map(|(name, table)| Some((name, table.as_table()?)))
}

fn parse(manifest: &str, path: &[&str]) -> Result<Table, ManifestError> {
    let manifest: Table = manifest.parse().map_err(|error| ManifestError(format!("{error}")))?;
    table(&manifest, path).cloned()
}

/// A manifest is not as the generator expects.
#[derive(Debug)]
pub struct ManifestError(String);

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cargo.toml: {}", self.0)
    }
}

impl std::error::Error for ManifestError {}

pub(super) fn render(krate: &Crate, package: &Package) -> Result<String, ManifestError> {
    let parse = |text: &str| text.parse::<Table>().map_err(|error| ManifestError(error.to_string()));
    let (workspace, runtime) = (parse(WORKSPACE)?, parse(RUNTIME)?);
    let versions = table(&workspace, &["workspace", "dependencies"])?;
    let shared = table(&workspace, &["workspace", "package"])?;
    let mut manifest = format!("# {HEADER}\n\n[package]\n");
    line(&mut manifest, "name", &Value::from(package.name.as_str()));
    line(&mut manifest, "version", &Value::from(package.version.as_str()));
    line(&mut manifest, "description", &Value::from(package.description.as_str()));
    let of_workspace = |key: &str| shared.get(key).and_then(Value::as_str);
    let given = [
        ("edition", of_workspace("edition")),
        ("license", package.license.as_deref()),
        ("rust-version", of_workspace("rust-version")),
        ("readme", Some("README.md")),
        ("repository", package.repository.as_deref()),
        ("documentation", package.documentation.as_deref()),
    ];
    for (key, value) in given {
        if let Some(value) = value {
            line(&mut manifest, key, &Value::from(value));
        }
    }
    line(&mut manifest, "keywords", &Value::from(package.keywords.clone()));
    line(&mut manifest, "categories", &Value::from(package.categories.clone()));
    manifest.push_str("\n[package.metadata.docs.rs]\nall-features = true\n");
    manifest.push_str("\n[features]\n");
    for (name, needed) in &features(krate, table(&runtime, &["features"])?) {
        if let Some(text) = feature::text(name, krate) {
            // Writing to a string cannot fail.
            let _ = writeln!(manifest, "# {text}");
        }
        line(&mut manifest, name, needed);
    }
    let unused = unused_dependencies(krate);
    for (name, own) in dependencies(&runtime) {
        let used = own.iter().filter(|(name, _)| !unused.contains(name.as_str()));
        let resolved: Result<Table, _> = used
            .map(|(name, dependency)| {
                Ok((name.clone(), resolve(name, &needed(name, dependency, &unused), versions)?))
            })
            .collect();
        let is_here = |chosen: &str| own.contains_key(chosen) || name == ALL && !is_dependency(chosen);
        let chosen = package.dependencies.iter().filter(|(name, _)| is_here(name));
        section(&mut manifest, &name, &with_chosen(resolved?, chosen));
    }
    if !package.dev_dependencies.is_empty() {
        let dependencies: Result<Table, _> = package
            .dev_dependencies
            .iter()
            .map(|(name, features)| {
                let dependency = Table::from_iter([("features".to_owned(), Value::from(features.clone()))]);
                Ok((name.clone(), resolve(name, &Value::Table(dependency), versions)?))
            })
            .collect();
        section(&mut manifest, "dev-dependencies", &dependencies?);
    }
    for (name, features) in &package.examples {
        let (name, features) = (Value::from(name.as_str()), Value::from(features.clone()));
        let _ = writeln!(manifest, "\n[[example]]\nname = {name}\nrequired-features = {features}");
    }
    for name in &package.benches {
        let _ = writeln!(manifest, "\n[[bench]]\nname = {}\nharness = false", Value::from(name.as_str()));
    }
    for (tool, lints) in table(&workspace, &["workspace", "lints"])? {
        let mut lints = lints.as_table().cloned().unwrap_or_default();
        let own = table(&workspace, &["workspace", "metadata", "client", "lints"])?.get(tool);
        lints.extend(
            own.and_then(Value::as_table)
                .into_iter()
                .flatten()
                .map(|(name, level)| (name.clone(), level.clone())),
        );
        section(&mut manifest, &format!("lints.{tool}"), &lints);
    }
    Ok(manifest)
}

/// Adds the dependencies that the settings name. A dependency that is there already gets more features.
fn with_chosen<'a>(mut dependencies: Table, chosen: impl Iterator<Item = (&'a String, &'a Value)>) -> Table {
    for (name, dependency) in chosen {
        let merged = match dependencies.get(name) {
            Some(known) => with_features(known, &strings(dependency.get("features"))),
            None => dependency.clone(),
        };
        dependencies.insert(name.clone(), merged);
    }
    dependencies
}

fn with_features(dependency: &Value, added: &[String]) -> Value {
    let mut table = match dependency {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    let features: BTreeSet<_> =
        strings(table.get("features")).into_iter().chain(added.iter().cloned()).collect();
    table.insert("features".to_owned(), Value::from(Vec::from_iter(features)));
    Value::Table(table)
}

/// Returns the features of the runtime and, of a client in parts, one for each part; all of those are on by default.
fn features(krate: &Crate, runtime: &Table) -> Table {
    let mut features = runtime.clone();
    if krate.incoming.is_none() {
        features.remove("webhooks");
    }
    if !has_patterns(krate) {
        features.remove("patterns");
    }
    let unused: BTreeSet<String> =
        unused_dependencies(krate).iter().map(|dependency| format!("dep:{dependency}")).collect();
    for feature in features.iter_mut().filter_map(|(_, feature)| feature.as_array_mut()) {
        feature.retain(|needed| needed.as_str().is_none_or(|needed| !unused.contains(needed)));
    }
    if krate.parts.is_empty() {
        return features;
    }
    let parts: Vec<_> = krate.parts.iter().map(|part| part.feature.clone()).collect();
    let mut default = strings(runtime.get("default"));
    default.insert(0, "full".to_owned());
    features.extend(parts.iter().map(|part| (part.clone(), Value::Array(Vec::new()))));
    features.insert("default".to_owned(), Value::from(default));
    features.insert("full".to_owned(), Value::from(parts));
    features
}

/// Returns a dependency of the runtime without the features that are unused, which are `dependency/feature`.
fn needed(name: &str, dependency: &Value, unused: &BTreeSet<&str>) -> Value {
    let mut dependency = dependency.clone();
    if let Some(features) = dependency.get_mut("features").and_then(Value::as_array_mut) {
        let is_needed = |feature: &str| !unused.contains(format!("{name}/{feature}").as_str());
        features.retain(|feature| feature.as_str().is_none_or(is_needed));
    }
    dependency
}

/// Returns a dependency of the runtime with the version, and the other settings, of the workspace.
fn resolve(name: &str, dependency: &Value, versions: &Table) -> Result<Value, ManifestError> {
    let shared =
        versions.get(name).ok_or_else(|| ManifestError(format!("workspace.dependencies has no `{name}`")))?;
    // A path is relative to the workspace, and cargo leaves it out of a published package.
    if shared.get("path").is_some() {
        return Ok(Value::Table(Table::from_iter([("workspace".to_owned(), Value::from(true))])));
    }
    let mut resolved = match shared {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    let mut features = strings(resolved.get("features"));
    features.extend(strings(dependency.get("features")));
    features.sort();
    features.dedup();
    resolved.remove("features");
    if !features.is_empty() {
        resolved.insert("features".to_owned(), Value::from(features));
    }
    if let Some(optional) = dependency.get("optional") {
        resolved.insert("optional".to_owned(), optional.clone());
    }
    let only_version = resolved.len() == 1;
    Ok(match resolved.get("version") {
        Some(version) if only_version => version.clone(),
        _ => Value::Table(resolved),
    })
}

fn table<'a>(root: &'a Table, path: &[&str]) -> Result<&'a Table, ManifestError> {
    path.iter()
        .try_fold(root, |table, key| table.get(*key).and_then(Value::as_table))
        .ok_or_else(|| ManifestError(format!("there is no table {}", path.join("."))))
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let values = value.and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn section(manifest: &mut String, name: &str, table: &Table) {
    // Writing to a string cannot fail.
    let _ = writeln!(manifest, "\n[{name}]");
    for (key, value) in table {
        line(manifest, key, value);
    }
}

/// Writes one line for each key, tables inline, as people write manifests.
fn line(manifest: &mut String, key: &str, value: &Value) {
    let _ = writeln!(manifest, "{key} = {}", inline(value));
}

fn inline(value: &Value) -> String {
    match value {
        Value::Table(table) => {
            let members: Vec<_> =
                ordered(table).map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(inline).collect();
            format!("[{}]", elements.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// Returns the members with the version first, as is the custom.
fn ordered(table: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let rank = |key: &str| {
        ["version", "optional", "default-features", "features"].iter().position(|known| *known == key)
    };
    let mut members: Vec<_> = table.iter().collect();
    members.sort_by_key(|(key, _)| rank(key));
    members.into_iter()
}
