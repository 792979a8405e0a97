//! Whatever bytes a description is made of, there is a client or a report: no panic, no endless run.

#![no_main]

use std::fs;

use generator::dialect::Market;
use generator::render::Package;
use generator::select::Selection;
use generator::{GenerateError, generate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("openapi.yaml");
    if fs::write(&path, bytes).is_err() {
        return;
    }
    let everything = Selection { all: true, ..Selection::default() };
    let package = Package { name: "fuzzed".to_owned(), version: "0.0.0".to_owned(), ..Package::default() };
    match generate(&path, &everything, &Market, &package) {
        Ok(_) => {}
        Err(GenerateError::Description(report)) => assert!(report.counts().0 > 0, "refused without a reason"),
        Err(GenerateError::Render(error)) => panic!("{error}"),
    }
});
