//! Whatever a description becomes, by accident or on purpose, there is a client or a report: never a panic,
//! never a mistake of the generator, and never a change of code that `diff` does not tell. Real descriptions are changed
//! at random, from a fixed seed.

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::thread;

use generator::GenerateError;
use generator::diff::{Severity, diff};

use crate::fixtures::generate;
use serde_yaml::{Mapping, Value};
use similar::TextDiff;

use crate::fixtures;

#[test]
fn damaged_description_gives_client_or_report() {
    assert_client_or_report(80);
}

#[test]
#[ignore = "exhaustive"]
fn often_damaged_description_gives_client_or_report() {
    assert_client_or_report(400);
}

/// Damages each description that many times.
fn assert_client_or_report(mutants: u64) {
    let mut descriptions = vec![fixtures::workspace().join("spec/openapi.yaml")];
    // A new name goes to the end: the place of a name decides its damages.
    let accepted = [
        "auth",
        "corners",
        "docs",
        "edges",
        "idempotency_key",
        "integer_enums",
        "servers",
        "names",
        "shapes",
        "results",
        "error_bodies_alike",
        "idempotency_key",
        "discriminators",
        "unions",
        "extended_unions",
        "streams",
    ];
    for name in accepted {
        descriptions.push(fixtures::path(&format!("accepted/{name}/openapi.yaml")));
    }
    let outcomes: Vec<Outcomes> = thread::scope(|scope| {
        let damaged = |(number, description): (u64, &PathBuf)| {
            let description = description.clone();
            scope.spawn(move || Outcomes::of(number, &description, mutants))
        };
        let threads: Vec<_> = (0..).zip(&descriptions).map(damaged).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let untold: Vec<_> = outcomes.iter().flat_map(|outcomes| outcomes.untold.clone()).collect();
    let [accepted, refused] =
        [|outcomes: &Outcomes| outcomes.accepted, |outcomes: &Outcomes| outcomes.refused]
            .map(|count| outcomes.iter().map(count).sum::<usize>());
    assert!(untold.is_empty(), "changes of code that are not told:\n{}", untold.join("\n"));
    assert!(accepted > 50 && refused > 50, "the damage is too great or too small: {accepted}, {refused}");
}

/// Results of damaging one description.
#[derive(Default)]
struct Outcomes {
    accepted: usize,
    refused: usize,
    untold: Vec<String>,
}

impl Outcomes {
    /// Damages a description that many times.
    fn of(number: u64, description: &Path, mutants: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut outcomes = Self::default();
        let (before, code_before) =
            (fixtures::plan(description).0, client(description, description, 0).unwrap());
        let original: Value = serde_yaml::from_str(&fs::read_to_string(description).unwrap()).unwrap();
        for seed in 0..mutants {
            let mut random = Random(seed * 7919 + number + 1);
            let mut tree = original.clone();
            for _ in 0..=random.below(3) {
                damage(&mut tree, &original, &mut random);
            }
            let path = folder.path().join("openapi.yaml");
            fs::write(&path, serde_yaml::to_string(&tree).unwrap()).unwrap();
            fixtures::copy_conventions(description, &path);
            match client(&path, description, seed) {
                Some(code) => {
                    outcomes.accepted += 1;
                    let after = fixtures::plan(&path).0;
                    let (changes, back) = (diff(&before, &after), diff(&after, &before));
                    if changes.changes.is_empty() != back.changes.is_empty() {
                        let one_way = [changes.changes.as_slice(), &back.changes].concat();
                        outcomes.untold.push(format!(
                            "{}, seed {seed}: only one way: {one_way:?}",
                            description.display()
                        ));
                    }
                    if code != code_before && changes.severity() <= Some(Severity::Docs) {
                        let lines = TextDiff::from_lines(&code_before, &code).unified_diff().to_string();
                        outcomes.untold.push(format!("{}, seed {seed}\n{lines}", description.display()));
                    }
                }
                None => outcomes.refused += 1,
            }
        }
        outcomes
    }
}

/// Returns the sorted lines of code of a client without comments, if there is one: users do not see their order.
fn client(path: &Path, original: &Path, seed: u64) -> Option<String> {
    let run = panic::catch_unwind(|| generate(path, &fixtures::all(), &fixtures::package()));
    match run {
        Ok(Ok(generated)) => {
            let files = generated.files.iter().filter(|file| file.path.starts_with("src/"));
            let lines = files.flat_map(|file| file.contents.lines());
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            let mut code: Vec<_> = lines.filter(is_code).collect();
            code.sort_unstable();
            Some(code.join("\n"))
        }
        Ok(Err(GenerateError::Description(report))) => {
            let (errors, _) = report.counts();
            assert!(errors > 0, "refused without a reason: {}, seed {seed}", original.display());
            assert!(report.problems().iter().all(|problem| problem.line > 0 && problem.column > 0));
            None
        }
        Ok(Err(GenerateError::Render(error))) => panic!("{}, seed {seed}: {error}", original.display()),
        Err(cause) => {
            eprintln!("the generator panicked at {}, seed {seed}", original.display());
            panic::resume_unwind(cause);
        }
    }
}

/// Changes one node of a tree.
fn damage(tree: &mut Value, original: &Value, random: &mut Random) {
    let mut paths = Vec::new();
    collect(tree, &mut Vec::new(), &mut paths);
    let path = paths[random.below(paths.len())].clone();
    let mut other = Vec::new();
    collect(original, &mut Vec::new(), &mut other);
    let donor = node(&mut original.clone(), &other[random.below(other.len())]).clone();
    let Some((last, parent)) = path.split_last() else { return };
    match random.below(6) {
        0 => remove(node(tree, parent), *last),
        1 => *node(tree, &path) = donor,
        2 => *node(tree, &path) = scalar(random),
        3 => *node(tree, &path) = reference(random),
        4 => *node(tree, &path) = Value::Sequence(vec![donor; 2]),
        _ => rename(node(tree, parent), *last, random),
    }
}

fn collect(node: &Value, path: &mut Vec<usize>, paths: &mut Vec<Vec<usize>>) {
    paths.push(path.clone());
    let children: Vec<&Value> = match node {
        Value::Mapping(members) => members.values().collect(),
        Value::Sequence(elements) => elements.iter().collect(),
        _ => Vec::new(),
    };
    for (index, child) in children.into_iter().enumerate() {
        path.push(index);
        collect(child, path, paths);
        path.pop();
    }
}

fn node<'a>(tree: &'a mut Value, path: &[usize]) -> &'a mut Value {
    path.iter().fold(tree, |node, index| match node {
        Value::Mapping(members) => members.values_mut().nth(*index).unwrap(),
        Value::Sequence(elements) => &mut elements[*index],
        _ => panic!("a path leads through a scalar"),
    })
}

fn remove(parent: &mut Value, index: usize) {
    match parent {
        Value::Mapping(members) => {
            let key = members.keys().nth(index).unwrap().clone();
            members.shift_remove(&key);
        }
        Value::Sequence(elements) => drop(elements.remove(index)),
        _ => {}
    }
}

fn rename(parent: &mut Value, index: usize, random: &mut Random) {
    let Value::Mapping(members) = parent else { return };
    let names = ["", "x-a", "$ref", "allOf", "type", "enum", "self", "properties", "/{a}", "é", "default"];
    let renamed = members.iter().enumerate().map(|(at, (key, value))| {
        let key = if at == index { Value::from(names[random.below(names.len())]) } else { key.clone() };
        (key, value.clone())
    });
    *members = renamed.collect::<Mapping>();
}

fn scalar(random: &mut Random) -> Value {
    let scalars = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(u64::MAX),
        Value::from(1e300),
        Value::from(f64::NAN),
        Value::from(""),
        Value::from("string"),
        Value::from("\u{202e}`*[{<\\\"'\n\u{0}é"),
        Value::Mapping(Mapping::new()),
        Value::Sequence(Vec::new()),
    ];
    scalars[random.below(scalars.len())].clone()
}

fn reference(random: &mut Random) -> Value {
    let targets =
        ["#", "#/", "#/components/schemas/Missing", "#/paths", "missing.yaml", "../x", "http://x", "#/info"];
    let target = Value::from(targets[random.below(targets.len())]);
    Value::Mapping(Mapping::from_iter([(Value::from("$ref"), target)]))
}

/// A small generator of numbers (xorshift), the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}
