//! Files of a test.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder that no other test and no other process shares. It is removed when dropped.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Creates a folder.
    ///
    /// # Panics
    /// Panics if the system's folder for temporary files is not writable.
    #[allow(clippy::new_without_default, reason = "it creates a folder on the disk")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for temporary files"))
    }

    /// Returns the path of a file in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file into the folder and returns its path.
    ///
    /// # Panics
    /// Panics if the file cannot be written.
    pub fn file(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file in the folder");
        path
    }
}
