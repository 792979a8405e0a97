//! Settings about types: choices beyond what the description says, and the crates that they need.

use std::ops::Range;

use syn::{Path, Type};
use toml::{Spanned, Table, Value};

use super::{Reader, one_line};
use crate::choices::{Change, Scalar, Target, TypeChoice, TypeChoices};
use crate::render::is_dependency;

/// Name of all types in place of a component.
const ALL: &str = "*";

/// Types of Rust that need no path.
const PLAIN: [&str; 12] =
    ["String", "bool", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// Traits of Rust that a client derives for no struct itself.
const TRAITS: [&str; 5] = ["Copy", "Eq", "Hash", "Ord", "PartialOrd"];

/// Fields of a dependency.
const FIELDS: [&str; 10] =
    ["branch", "default-features", "features", "git", "package", "path", "registry", "rev", "tag", "version"];

/// Reads the crates that the choices need.
pub(super) fn dependencies(table: &mut Reader<'_>) -> Table {
    let mut read = Table::new();
    for (name, _) in table.keys() {
        let dependency = table.value(&name, |value: Value| dependency(&name, value));
        read.extend(dependency.map(|dependency| (name, dependency)));
    }
    read
}

fn dependency(name: &str, value: Value) -> Result<Value, String> {
    let fields = match &value {
        Value::String(_) => vec!["version".to_owned()],
        Value::Table(table) => table.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let has = |field: &str| fields.iter().any(|other| other == field);
    if let Some(other) = fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(format!("expected fields of a dependency ({}), found `{other}`", FIELDS.join(", ")));
    }
    let is_features = fields == ["features"];
    match is_dependency(name) {
        true if is_features => Ok(value),
        true => Err(format!("expected only `features`: the client has a version of `{name}`")),
        false if ["version", "path", "git"].into_iter().any(has) => Ok(value),
        false => Err(format!("expected a version of `{name}`, found none")),
    }
}

/// Reads the choices.
pub(super) fn choices(table: &mut Reader<'_>, dependencies: &Table) -> TypeChoices {
    let mut list = keep_unknown(table);
    let of_formats = table.inner("formats", |table| {
        let scalars = Scalar::ALL.into_iter();
        scalars.flat_map(|scalar| formats(table, scalar, dependencies)).collect::<Vec<_>>()
    });
    list.extend(of_formats.into_iter().flatten());
    let of_components = table.inner("components", |table| {
        replacements(table, dependencies, |name| Ok(Target::Component(name.to_owned())))
    });
    list.extend(of_components.into_iter().flatten());
    let derives = table.inner("derives", |table| derives(table, dependencies));
    list.extend(derives.into_iter().flatten());
    TypeChoices { list }
}

fn keep_unknown(table: &mut Reader<'_>) -> Vec<TypeChoice> {
    let names = table.value("keep-unknown", |names: Vec<Spanned<String>>| Ok(names));
    let choice = |name: Spanned<String>| TypeChoice {
        target: target(name.get_ref()),
        change: Change::KeepUnknown,
        position: name.span().start,
    };
    names.into_iter().flatten().map(choice).collect()
}

fn formats(table: &mut Reader<'_>, scalar: Scalar, dependencies: &Table) -> Vec<TypeChoice> {
    let formats = table.inner(scalar.name(), |table| {
        replacements(table, dependencies, |format| match (scalar, format) {
            (Scalar::String, "binary") => Err("unsupported: another type for the content of a file"),
            _ => Ok(Target::Format(scalar, format.to_owned())),
        })
    });
    formats.unwrap_or_default()
}

fn replacements(
    table: &mut Reader<'_>,
    dependencies: &Table,
    target: impl Fn(&str) -> Result<Target, &'static str>,
) -> Vec<TypeChoice> {
    let mut read = Vec::new();
    for (name, Range { start: position, .. }) in table.keys() {
        let path = table.value(&name, |path: String| Ok((target(&name)?, rust_type(&path, dependencies)?)));
        read.extend(path.map(|(target, path)| TypeChoice {
            target,
            change: Change::Replace(path),
            position,
        }));
    }
    read
}

fn derives(table: &mut Reader<'_>, dependencies: &Table) -> Vec<TypeChoice> {
    let mut read = Vec::new();
    for (name, Range { start: position, .. }) in table.keys() {
        let traits = table.list(&name, usize::MAX, |path| derived(path, dependencies));
        read.extend(traits.map(|traits| TypeChoice {
            target: target(&name),
            change: Change::Derive(traits),
            position,
        }));
    }
    read
}

fn target(name: &str) -> Target {
    if name == ALL { Target::All } else { Target::Component(name.to_owned()) }
}

/// Checks the path of a type.
fn rust_type(path: &str, dependencies: &Table) -> Result<String, String> {
    let is_known = match syn::parse_str::<Type>(path) {
        Ok(Type::Path(ty)) => PLAIN.contains(&path) || is_reachable(&ty.path, dependencies),
        _ => false,
    };
    let message =
        || format!("expected the path of a type of Rust or of a crate in `[dependencies]`, found {path:?}");
    if is_known { one_line(path) } else { Err(message()) }
}

/// Checks the path of a trait.
fn derived(path: &str, dependencies: &Table) -> Result<String, String> {
    let of_crate = || syn::parse_str::<Path>(path).is_ok_and(|path| is_reachable(&path, dependencies));
    if TRAITS.contains(&path) || of_crate() {
        return Ok(path.to_owned());
    }
    let traits = TRAITS.map(|name| format!("`{name}`")).join(", ");
    Err(format!("expected {traits}, or the path of a derive of a crate in `[dependencies]`, found {path:?}"))
}

/// Returns `true` for a path of the standard library or of a crate that the client depends on.
fn is_reachable(path: &Path, dependencies: &Table) -> bool {
    let Some(first) = path.segments.first().filter(|_| path.segments.len() > 1) else { return false };
    let first = first.ident.to_string();
    let is_it = |name: &String| name.replace('-', "_") == first;
    ["std", "core", "alloc"].contains(&first.as_str())
        || dependencies.keys().any(is_it)
        || is_dependency(&first)
}

/// Returns the settings that mean the choices.
pub(super) fn table_of(choices: &TypeChoices) -> Table {
    let mut table = Table::new();
    let mut kept = Vec::new();
    for TypeChoice { target, change, .. } in &choices.list {
        match (change, target) {
            (Change::KeepUnknown, target) => kept.push(Value::from(name_of(target))),
            (Change::Derive(traits), target) => {
                put(&mut table, &["derives"], name_of(target), traits.clone().into());
            }
            (Change::Replace(path), Target::Format(scalar, format)) => {
                put(&mut table, &["formats", scalar.name()], format, path.clone().into());
            }
            (Change::Replace(path), target) => {
                put(&mut table, &["components"], name_of(target), path.clone().into());
            }
        }
    }
    if !kept.is_empty() {
        table.insert("keep-unknown".to_owned(), kept.into());
    }
    table
}

/// Puts a value into the table at a path.
fn put(table: &mut Table, path: &[&str], name: &str, value: Value) {
    let Some((first, rest)) = path.split_first() else {
        table.insert(name.to_owned(), value);
        return;
    };
    if let Value::Table(inner) = table.entry(*first).or_insert_with(|| Table::new().into()) {
        put(inner, rest, name, value);
    }
}

fn name_of(target: &Target) -> &str {
    match target {
        Target::All => ALL,
        Target::Component(name) | Target::Format(_, name) => name,
    }
}
