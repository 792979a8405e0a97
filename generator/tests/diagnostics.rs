//! What is said of descriptions that are wrong, or that have something that cannot be generated: each file
//! in `fixtures/refused` is one, and its snapshot is the report. None of them writes anything.

mod support;

use std::path::Path;

use generator::{GenerateError, generate};

#[test]
fn every_problem_is_reported_with_its_place() {
    insta::glob!("fixtures/refused/*.yaml", |path| {
        let refused = generate(path, &support::chats(), &support::package());
        let Err(GenerateError::Description(report)) = refused else {
            panic!("{} was accepted, or made the generator fail: {refused:?}", path.display());
        };
        let text = report.render(false).replace(&folder(path), "");
        insta::assert_snapshot!(text);
    });
}

#[test]
fn warnings_leave_a_client() {
    insta::glob!("fixtures/compiled/*/openapi.yaml", |path| {
        let generated = match generate(path, &support::all(), &support::package()) {
            Ok(generated) => generated,
            Err(GenerateError::Description(report)) => panic!("{}", report.render(false)),
            Err(GenerateError::Render(error)) => panic!("{error}"),
        };
        let text = generated.report.render(false).replace(&folder(path), "");
        insta::assert_snapshot!(text);
    });
}

/// The folder of a file, with the separator at its end: it is different on every machine.
fn folder(path: &Path) -> String {
    format!("{}/", path.parent().unwrap_or(path).display())
}

#[test]
fn a_missing_description_is_a_problem_too() {
    let missing = generate("no/such/openapi.yaml", &support::chats(), &support::package());
    let Err(GenerateError::Description(report)) = missing else { panic!("{missing:?}") };
    insta::assert_snapshot!(report.render(false));
}
