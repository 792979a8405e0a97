//! Whatever the vendor publishes tomorrow is met by a client or by a message that says where and why. That the
//! clients compile is a test of `crates.rs`.

pub(crate) mod changes;

use generator::GenerateError;

use crate::fixtures::generate;

use self::changes::{ACCEPTED, REFUSED, changed};
use crate::fixtures;

#[test]
fn accepted_change_changes_the_client() {
    let before =
        generate(&fixtures::path("accepted/tree/openapi.yaml"), &fixtures::all(), &fixtures::package());
    let folder = tempfile::tempdir().unwrap();
    let after = generate(&changed(folder.path(), ACCEPTED), &fixtures::all(), &fixtures::package());
    let (before, after) = (before.unwrap(), after.unwrap());
    assert_ne!(before.files, after.files);
    assert_eq!(after.selected.total, before.selected.total + 1);
    insta::assert_snapshot!(after.report.render(false).replace(&folder.path().display().to_string(), ""));
}

#[test]
fn refused_change_is_located() {
    let reports = REFUSED.iter().map(|change| {
        let folder = tempfile::tempdir().unwrap();
        let root = changed(folder.path(), std::slice::from_ref(change));
        let Err(GenerateError::Description(report)) = generate(&root, &fixtures::all(), &fixtures::package())
        else {
            panic!("{} was not refused", change.name);
        };
        let text = report.render(false).replace(&format!("{}/", folder.path().display()), "");
        format!("=== {}\n{text}\n", change.name)
    });
    insta::assert_snapshot!(reports.collect::<String>());
}
