//! Normalisation of OpenAPI 3.1, 3.2 and of slips: the tree that all later stages see, and the warnings about it.
//!
//! The tables in `docs` name these tests, one per feature.

mod documents;
mod leniency;
mod references;
mod schemas;
mod tables;

use std::fs;

use generator::diagnostic::{Diagnostics, Location};
use generator::load::{Shape, Sources};
use generator::report::Report;
use serde_yaml::Value;
use tempfile::TempDir;

/// A description in a scratch folder.
pub(crate) struct Scratch {
    folder: TempDir,
    pub(crate) sources: Sources,
}

impl Scratch {
    /// Writes the root file of a description.
    pub(crate) fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("openapi.yaml");
        fs::write(&root, text).unwrap();
        Self { sources: Sources::new(&root), folder }
    }

    /// Writes a description of a version with one schema, named `X`.
    fn with_schema(version: &str, schema: &str) -> Self {
        Self::new(&format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    \
             Pet: {{type: object}}\n    X: {schema}\n"
        ))
    }

    /// Writes another file beside the root file.
    fn add(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Returns the node at a pointer into the root file.
    fn node(&self, pointer: &str) -> Value {
        let at = Location { pointer: pointer.to_owned(), ..self.sources.root() };
        self.sources.node(&at).unwrap().clone()
    }

    /// Reads a node as a shape; returns the messages of all that is told.
    fn told(&self, pointer: &str, shape: &Shape) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        let at = Location { pointer: pointer.to_owned(), ..self.sources.root() };
        let _ = self.sources.checked(&at, shape, &mut diagnostics);
        let report = Report::new(diagnostics, &self.sources);
        report.problems().iter().map(|problem| problem.diagnostic.message.clone()).collect()
    }
}

/// Returns a YAML text as a tree.
fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

const X: &str = "/components/schemas/X";

/// Checks the schema of OpenAPI 3.0 that a schema of OpenAPI 3.1 becomes, without a warning.
fn assert_converted(schema: &str, expected: &str) {
    assert_told(schema, expected, &[]);
}

/// Checks the schema that a schema of OpenAPI 3.1 becomes, and what is told about it.
fn assert_told(schema: &str, expected: &str, told: &[&str]) {
    assert_schema("3.1.0", schema, expected, told);
}

/// Checks the schema that a schema of a version becomes, and what is told about it.
fn assert_schema(version: &str, schema: &str, expected: &str, told: &[&str]) {
    let scratch = Scratch::with_schema(version, schema);
    assert_eq!(scratch.node(X), yaml(expected), "{schema}");
    assert_eq!(scratch.told(X, &Shape::SCHEMA), told, "{schema}");
}
