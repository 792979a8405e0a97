//! Round trips: each sample of a schema is read into the type of the schema and written back.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use fastrand::Rng;
use generator::diagnostic::Location;
use generator::plan::{Crate, Ty};
use generator::render::{File, aliases};
use serde_json::{Map, Value};

use super::Judged;
use super::document::Documents;
use super::instance::Instance;
use super::sampler::{Sampler, Structs, structs};
use super::schema::{Direction, JsonSchemas};
use super::scratch::{Built, Part};

/// The number of samples of each schema and direction that are taken whatever the seed is.
const FIRST: usize = 16;

/// Choice of what is judged.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Number that the choice of samples depends on.
    pub(crate) seed: u64,
    /// The greatest number of samples of each schema and direction.
    pub(crate) samples: usize,
    /// The only place to judge.
    pub(crate) place: Option<String>,
}

impl Choice {
    /// Chooses some of the samples of a place if there are too many: the first ones, and others by the seed.
    pub(super) fn some<T>(&self, mut samples: Vec<T>, place: &Location) -> Vec<T> {
        if samples.len() <= self.samples {
            return samples;
        }
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        let mut rng = Rng::with_seed(self.seed ^ hasher.finish());
        let mut rest = samples.split_off(FIRST.min(self.samples));
        rng.shuffle(&mut rest);
        let missing = self.samples - samples.len();
        samples.extend(rest.into_iter().take(missing));
        samples
    }
}

/// Result of the round trips of one description.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Number of schemas with samples.
    pub(crate) schemas: usize,
    /// Number of samples.
    pub(crate) samples: usize,
    /// The samples that were lost.
    pub(crate) lost: Vec<Loss>,
    /// Places of schemas without a valid sample.
    pub(crate) without_sample: Vec<Location>,
}

impl Outcome {
    /// Adds the results of another judge.
    pub(crate) fn and(&mut self, other: Self) {
        self.schemas += other.schemas;
        self.samples += other.samples;
        self.lost.extend(other.lost);
        self.without_sample.extend(other.without_sample);
    }
}

/// A sample that did not come back as it was.
#[derive(Debug)]
pub(crate) struct Loss {
    /// Place of the schema.
    pub(crate) place: Location,
    /// The type in Rust.
    pub(crate) ty: String,
    /// The sample.
    pub(crate) given: Value,
    /// The JSON that the type wrote, or the error of reading.
    pub(crate) written: Result<Value, String>,
    /// The place of the first difference in the JSON.
    pub(crate) pointer: String,
    /// `true` if the sample is valid; else the type accepts what it does not keep.
    pub(crate) is_valid: bool,
}

/// A schema and its type.
struct Subject {
    place: Location,
    ty: Ty,
    directions: Vec<Direction>,
    /// `true` for the whole of a component, `null` included.
    is_component: bool,
}

/// A sample of a subject.
struct Sample {
    subject: usize,
    instance: Instance,
    is_valid: bool,
    /// `true` if the sample is meant to be valid. One that is valid by chance, as another member of a union, may gain members
    /// and lose a `null`.
    is_meant: bool,
}

/// Round trips of one description, before the program runs.
pub(crate) struct RoundTrips {
    /// Name of the part of the program.
    part: &'static str,
    subjects: Vec<Subject>,
    names: Vec<String>,
    samples: Vec<Sample>,
    without_sample: Vec<Location>,
    aliases: File,
    features: Vec<&'static str>,
}

impl RoundTrips {
    /// Makes the samples of all types of a crate, for a part of a program.
    ///
    /// # Errors
    /// The description cannot be read.
    pub(crate) fn of(part: &'static str, judged: Judged<'_>, choice: &Choice) -> Result<Self, String> {
        let Judged { description, krate, package } = judged;
        let documents = Documents::open(description)?;
        let structs = structs(krate);
        let mut subjects = subjects(krate);
        subjects.retain(|subject| !is_merged(&documents, &subject.place));
        if let Some(place) = &choice.place {
            subjects.retain(|subject| subject.place.to_string() == *place);
        }
        let types: Vec<Ty> = subjects.iter().map(|subject| subject.ty.clone()).collect();
        let mut trips = Self {
            part,
            names: types.iter().map(|ty| ty.display_in(krate)).collect(),
            aliases: aliases(krate, package, &types).map_err(|error| error.to_string())?,
            features: krate.parts.first().map(|_| "full").into_iter().collect(),
            subjects,
            samples: Vec::new(),
            without_sample: Vec::new(),
        };
        trips.make_samples(&documents, &structs, choice);
        Ok(trips)
    }

    /// Adds a feature of the crate that the types need.
    pub(super) fn with_feature(mut self, feature: &'static str) -> Self {
        self.features.push(feature);
        self
    }

    fn make_samples(&mut self, documents: &Documents, structs: &Structs, choice: &Choice) {
        let schemas = JsonSchemas::of(documents);
        let samplers = [Direction::Request, Direction::Response]
            .map(|direction| (direction, Sampler::new(documents, direction, structs)));
        for (number, subject) in self.subjects.iter().enumerate() {
            let mut known: Vec<Value> = Vec::new();
            let before = self.samples.len();
            for (direction, sampler) in &samplers {
                if !subject.directions.contains(direction) {
                    continue;
                }
                let Some(validator) = schemas.validator(&subject.place, *direction) else { continue };
                let instances = sampler.instances(&subject.place);
                // The type of a nullable schema is that of the other values.
                let is_value =
                    |instance: &Instance| subject.is_component || *instance != Instance::Value(Value::Null);
                let good = instances.good.iter().map(|instance| (instance, true));
                let bad = instances.bad.iter().map(|instance| (instance, false));
                let instances = good.chain(bad).filter(|(instance, _)| is_value(instance));
                let candidates = instances.filter_map(|(instance, is_meant)| {
                    let json = instance.json();
                    let is_new = !known.contains(&json);
                    known.extend(is_new.then(|| json.clone()));
                    let is_valid = validator.is_valid(&json);
                    let instance = instance.clone();
                    is_new.then_some(Sample { subject: number, instance, is_valid, is_meant })
                });
                let candidates = candidates.collect();
                self.samples.extend(choice.some(candidates, &subject.place));
            }
            if !self.samples[before..].iter().any(|sample| sample.is_valid) {
                self.without_sample.push(subject.place.clone());
            }
        }
    }

    /// Returns the part of the program that reads and writes the samples.
    pub(crate) fn part(&self) -> Part {
        let (aliases, code, features) = (self.aliases.clone(), self.code(), self.features.clone());
        Part { name: self.part, aliases, code, features }
    }

    /// Runs the part of a program.
    ///
    /// # Errors
    /// The program does not finish.
    pub(crate) fn run(self, program: &Built) -> Result<Outcome, String> {
        let line = |sample: &Sample| format!("{} {}", sample.subject, sample.instance.json());
        let lines: Vec<String> = self.samples.iter().map(line).collect();
        let results = program.run(self.part, &lines, &[])?;
        let lost = self.samples.iter().zip(&results).filter_map(|(sample, result)| self.loss(sample, result));
        Ok(Outcome {
            lost: lost.collect(),
            schemas: self.subjects.len() - self.without_sample.len(),
            samples: self.samples.len(),
            without_sample: self.without_sample,
        })
    }

    fn loss(&self, sample: &Sample, result: &str) -> Option<Loss> {
        let subject = &self.subjects[sample.subject];
        let written = match result.split_once(' ') {
            Some(("ok", json)) => serde_json::from_str(json).map_err(|error| error.to_string()),
            _ => Err(result.to_owned()),
        };
        let pointer = match &written {
            Ok(written) if sample.is_valid && sample.is_meant => sample.instance.difference(written)?,
            Ok(written) => sample.instance.loss(written)?,
            // A value that is not valid need not be read.
            Err(_) if !sample.is_valid => return None,
            Err(_) => String::new(),
        };
        Some(Loss {
            place: subject.place.clone(),
            ty: self.names[sample.subject].clone(),
            given: sample.instance.json(),
            written,
            pointer,
            is_valid: sample.is_valid,
        })
    }

    /// Returns the code of the program.
    fn code(&self) -> String {
        let arm = |number| format!("        {number} => back::<aliases::T{number}>(json),\n");
        let arms: Vec<_> = (0..self.subjects.len()).map(arm).collect();
        PROGRAM.replace("        ARMS\n", &arms.concat())
    }
}

const PROGRAM: &str = r#"use std::io::{BufRead, BufWriter, Write};

pub(crate) fn run() {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let (number, json) = line.split_once(' ').expect("a number and JSON");
        let written = match round_trip(number.parse().expect("a number"), json) {
            Ok(json) => writeln!(out, "ok {json}"),
            Err(error) => writeln!(out, "error {}", error.replace('\n', " ")),
        };
        written.expect("a pipe");
    }
}

fn back<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| error.to_string())
}

fn round_trip(number: usize, json: &str) -> Result<String, String> {
    match number {
        ARMS
        _ => Err(format!("no type {number}")),
    }
}
"#;

/// Lists the schemas that have types: those of items, and components.
fn subjects(krate: &Crate) -> Vec<Subject> {
    let items = krate.items_by_id().map(|(id, item)| {
        let sent = item.is_sent.then_some(Direction::Request);
        let received = item.is_received.then_some(Direction::Response);
        let directions = sent.into_iter().chain(received).collect();
        Subject { place: item.source.clone(), ty: Ty::Named(id), directions, is_component: false }
    });
    let mut subjects: Vec<_> = items.collect();
    for component in &krate.components {
        let directions = vec![Direction::Request, Direction::Response];
        let is_known =
            subjects.iter().any(|known| known.place == component.source && known.ty == component.ty);
        if !is_known {
            let (place, ty) = (component.source.clone(), component.ty.clone());
            subjects.push(Subject { place, ty, directions, is_component: true });
        }
    }
    subjects.sort_by(|a, b| a.place.cmp(&b.place));
    subjects
}

/// Returns `true` for the place of a type that merges schemas, and so has no schema of its own: the variant of a union with
/// properties around its alternatives. The whole union is judged.
fn is_merged(documents: &Documents, place: &Location) -> bool {
    if documents.get(place).is_none() || documents.reference(place).is_some() {
        return true;
    }
    let mut tokens = place.pointer.rsplitn(3, '/');
    let (index, list, union) = (tokens.next(), tokens.next(), tokens.next().unwrap_or_default());
    let is_member = index.is_some_and(|index| index.parse::<usize>().is_ok())
        && list.is_some_and(|list| matches!(list, "oneOf" | "anyOf"));
    let union = documents.object(&Location { pointer: union.to_owned(), ..place.clone() });
    let adds = |union: &Map<String, Value>| {
        ["properties", "required", "allOf"].iter().any(|keyword| union.contains_key(*keyword))
    };
    is_member && union.is_some_and(adds)
}

#[cfg(test)]
mod tests {
    use generator::Client;
    use generator::render::File;
    use generator::select::Selection;
    use generator::settings::Settings;

    use super::{Choice, Judged, Outcome, RoundTrips};
    use crate::judge::scratch::Program;

    const PETS: &str = "openapi: 3.0.3
info: {title: Judged Pets, version: '1'}
paths: {}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Names: {type: object, additionalProperties: {type: string, nullable: true}}
    Pet:
      type: object
      required: [name]
      properties:
        id: {type: integer, readOnly: true}
        kind: {$ref: '#/components/schemas/Kind'}
        name: {type: string, maxLength: 9}
        note: {type: string, nullable: true}
        born: {type: string, format: date-time}
";

    /// Judges the description of pets after a change of its client.
    fn judged(name: &str, change: impl Fn(&mut Vec<File>)) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pets.yaml");
        std::fs::write(&path, PETS).unwrap();
        let selection = Selection { all_schemas: true, ..Selection::default() };
        let client = Client::with(&path, Settings { selection: Some(selection), ..Settings::default() });
        let opened = client.open();
        let package = opened.package();
        let analysed = opened.analyse().unwrap_or_else(|report| panic!("{}", report.render(false)));
        let choice = Choice { seed: 1, samples: 100, place: None };
        let judged = Judged { description: &path, krate: &analysed.krate, package: &package };
        let trips = RoundTrips::of("judge_types", judged, &choice).unwrap();
        let mut files = analysed.generate(&package).unwrap().files;
        change(&mut files);
        let (name, parts) = (format!("test-{name}"), vec![trips.part()]);
        let program = Program { name, package: "judged-pets", files: &files, parts };
        trips.run(&program.build().unwrap()).unwrap()
    }

    fn replace(files: &mut [File], from: &str, to: &str) {
        let types = files.iter_mut().find(|file| file.path == "src/types.rs").unwrap();
        assert!(types.contents.contains(from), "{}", types.contents);
        types.contents = types.contents.replace(from, to);
    }

    #[test]
    #[ignore = "exhaustive"]
    fn judge_finds_planted_faults() {
        let outcome = judged("right", |_| {});
        assert_eq!(outcome.lost.len(), 0, "{:#?}", outcome.lost);
        assert_eq!((outcome.schemas, outcome.without_sample.len()), (3, 0));
        assert!(outcome.samples > 50);

        let lost = judged("forgotten", |files| {
            replace(
                files,
                "#[serde(skip_serializing_if = \"Option::is_none\")]\n    pub kind",
                "#[serde(skip)]\n    pub kind",
            );
        });
        assert!(lost.lost.iter().all(|loss| loss.pointer == "/kind" && loss.ty == "Pet"), "{:#?}", lost.lost);
        assert!(lost.lost.iter().any(|loss| loss.is_valid));

        let without_null = judged("without-null", |files| {
            replace(files, "deserialize_with = \"crate::runtime::nullable\",", "");
        });
        assert!(without_null.lost.iter().any(|loss| loss.is_valid && loss.given["note"].is_null()));
        assert!(without_null.lost.iter().all(|loss| loss.pointer == "/note"), "{:#?}", without_null.lost);

        let narrow = judged("narrow", |files| replace(files, "pub id: Option<i64>", "pub id: Option<i8>"));
        assert!(narrow.lost.iter().any(|loss| loss.written.is_err() && loss.given["id"] == i64::MAX));
    }
}
