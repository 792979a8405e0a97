//! Reports of descriptions: each fixture has one in `report.snap`, errors if it is refused, warnings if it is
//! accepted.

use std::path::Path;

use generator::GenerateError;
use generator::diagnostic::{Diagnostic, Severity};

use crate::fixtures::generate;

use crate::fixtures;

#[test]
fn webhooks_without_the_setting_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    std::fs::copy(crate::fixtures::path("accepted/webhooks_of_api/openapi.yaml"), &path).unwrap();
    let generated = generate(&*path, &crate::fixtures::all(), &fixtures::package()).unwrap();
    let report = generated.report.render(false);
    assert!(report.contains("webhooks are requests to an application"), "{report}");
    assert!(generated.files.iter().all(|file| !file.path.contains("webhook")));
}

#[test]
fn refused_description_gives_its_report() {
    insta::glob!("../fixtures/refused", "*/openapi.yaml", |path| {
        let refused = generate(path, &fixtures::chats(), &fixtures::package());
        let Err(GenerateError::Description(report)) = refused else {
            panic!("{} was accepted, or made the generator fail: {refused:?}", path.display());
        };
        let errors = report.problems().iter().map(|problem| &problem.diagnostic);
        for Diagnostic { message, .. } in errors.filter(|problem| problem.severity == Severity::Error) {
            let is_comparison = message.starts_with("expected ") && message.contains(", found ");
            assert!(message.starts_with("unsupported: ") || is_comparison, "{message}");
        }
        assert_report(path, &report.render(false));
    });
}

#[test]
fn accepted_description_gives_its_warnings() {
    insta::glob!("../fixtures/accepted", "*/openapi.yaml", |path| {
        let generated = match generate(path, &fixtures::all(), &fixtures::package()) {
            Ok(generated) => generated,
            Err(GenerateError::Description(report)) => panic!("{}", report.render(false)),
            Err(GenerateError::Render(error)) => panic!("{error}"),
        };
        assert_report(path, &generated.report.render(false));
    });
}

/// Compares a report with that of the fixture. The folder's own path differs from machine to machine.
fn assert_report(description: &Path, report: &str) {
    let folder = description.parent().unwrap();
    let report = report.replace(&format!("{}/", folder.display()), "");
    fixtures::assert_expected(folder, "report", &report);
}

#[test]
fn fixture_is_a_folder_with_a_description() {
    for kind in ["accepted", "refused"] {
        for folder in fixtures::folders(kind) {
            assert!(folder.join("openapi.yaml").is_file(), "no openapi.yaml in {}", folder.display());
        }
    }
}

#[test]
fn missing_description_is_reported() {
    let missing = generate("no/such/openapi.yaml", &fixtures::chats(), &fixtures::package());
    let Err(GenerateError::Description(report)) = missing else { panic!("{missing:?}") };
    insta::assert_snapshot!(report.render(false));
}
