//! What the tests share.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};

use generator::render::Package;
use generator::select::Selection;

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file below `tests/fixtures`.
pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// The operations with the tag `chats`.
pub(crate) fn chats() -> Selection {
    Selection { tags: vec!["chats".to_owned()], ..Selection::default() }
}

/// All operations.
pub(crate) fn all() -> Selection {
    Selection { all: true, ..Selection::default() }
}

/// A package for fixtures.
pub(crate) fn package() -> Package {
    Package {
        name: "fixture".to_owned(),
        version: "1.2.3".to_owned(),
        description: "A client of a fixture".to_owned(),
        ..Package::default()
    }
}
