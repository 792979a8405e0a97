//! Compares generated files with a folder, and writes them there. No other code of this crate writes to the disk.
//!
//! The generator owns `Cargo.toml` and everything below `src/`. All other files of the folder stay as they are.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use crate::render::File;

/// The mark of a generated file, which may be replaced or removed.
const MARK: &str = "@generated";

/// The differences between a folder and the generated files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The differences, sorted by path.
    pub changes: Vec<Change>,
    /// The number of files that are up to date.
    pub unchanged: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path in the folder, with `/` between its parts.
    pub path: String,
    /// The kind of change.
    pub kind: ChangeKind,
}

/// The kind of change of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is missing.
    Add {
        /// The generated contents.
        new: String,
    },
    /// It is stale, or somebody edited it.
    Update {
        /// The present contents; bytes that are not UTF-8 are replaced.
        old: String,
        /// The generated contents.
        new: String,
    },
    /// An orphan: generated once, but no longer.
    Remove,
    /// Handwritten, in a folder for generated files only.
    Foreign,
}

/// Finds the differences between a folder and what was generated.
///
/// # Errors
/// Something in the folder cannot be read.
pub fn plan(files: &[File], folder: &Path) -> io::Result<Plan> {
    let mut plan = Plan::default();
    for file in files {
        let path = folder.join(&file.path);
        if path.is_dir() {
            plan.push(&file.path, ChangeKind::Foreign);
            continue;
        }
        match read(&path)? {
            Some(old) if old == file.contents.as_bytes() => plan.unchanged += 1,
            Some(old) => {
                let old = String::from_utf8_lossy(&old).into_owned();
                plan.push(&file.path, ChangeKind::Update { old, new: file.contents.clone() });
            }
            None => plan.push(&file.path, ChangeKind::Add { new: file.contents.clone() }),
        }
    }
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for path in files_below(folder, "src")? {
        if !wanted.contains(path.as_str()) {
            let is_orphan = is_generated(&folder.join(&path));
            plan.push(&path, if is_orphan { ChangeKind::Remove } else { ChangeKind::Foreign });
        }
    }
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

/// Returns `true` if the generator wrote the file at a path; `false` for anything but a file.
fn is_generated(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_file && fs::read(path).is_ok_and(|contents| is_marked(&String::from_utf8_lossy(&contents)))
}

fn is_marked(contents: &str) -> bool {
    contents.lines().next().is_some_and(|line| line.contains(MARK))
}

impl Plan {
    fn push(&mut self, path: &str, kind: ChangeKind) {
        self.changes.push(Change { path: path.to_owned(), kind });
    }

    /// Returns the handwritten files in the place of generated ones.
    pub fn foreign(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().filter(|change| change.is_foreign()).map(|change| change.path.as_str())
    }
}

impl Change {
    /// Returns `true` if the file is handwritten.
    pub fn is_foreign(&self) -> bool {
        match &self.kind {
            ChangeKind::Foreign => true,
            ChangeKind::Update { old, .. } => !is_marked(old),
            ChangeKind::Add { .. } | ChangeKind::Remove => false,
        }
    }
}

/// Writes the generated files into the folder: all of them, or none.
///
/// New contents are written beside their files first, where most of what can fail does; then they take
/// their places. If one cannot, those before it are put back.
///
/// # Errors
/// A handwritten file has the path of a generated one, or writing fails.
pub fn write(plan: &Plan, folder: &Path) -> io::Result<()> {
    let foreign: Vec<_> = plan.foreign().collect();
    if !foreign.is_empty() {
        let files = foreign.join(", ");
        let message =
            format!("expected generated files only, found {files}; help: move or delete handwritten files");
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let mut done = Done::default();
    let result = stage(plan, folder, &mut done).and_then(|staged| place(plan, staged, folder, &mut done));
    if result.is_err() {
        done.undo();
    }
    result
}

/// Each new file, written under another name, with the path it is for.
type Staged = Vec<(PathBuf, NamedTempFile)>;

fn stage(plan: &Plan, folder: &Path, done: &mut Done) -> io::Result<Staged> {
    let mut staged = Vec::new();
    for change in &plan.changes {
        let (ChangeKind::Add { new } | ChangeKind::Update { new, .. }) = &change.kind else { continue };
        let path = folder.join(&change.path);
        let file = stage_file(&path, new, done).map_err(|error| at(&change.path, &error))?;
        staged.push((path, file));
    }
    Ok(staged)
}

fn stage_file(path: &Path, contents: &str, done: &mut Done) -> io::Result<NamedTempFile> {
    let parent = path.parent().unwrap_or(path);
    done.create_folder(parent)?;
    let mut builder = tempfile::Builder::new();
    // As any other new file, and not as a temporary one, which only its owner may read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(contents.as_bytes())?;
    Ok(file)
}

fn place(plan: &Plan, staged: Staged, folder: &Path, done: &mut Done) -> io::Result<()> {
    for (path, file) in staged {
        done.keep(&path, folder)?;
        file.persist(&path).map_err(|error| at(&path.to_string_lossy(), &error.error))?;
    }
    for change in plan.changes.iter().filter(|change| change.kind == ChangeKind::Remove) {
        let path = folder.join(&change.path);
        done.keep(&path, folder)?;
        fs::remove_file(&path).map_err(|error| at(&change.path, &error))?;
    }
    Ok(())
}

/// The steps done so far, to be undone if a later step fails.
#[derive(Default)]
struct Done {
    /// Folders that were created, outermost first.
    folders: Vec<PathBuf>,
    /// Files that were replaced or removed, each with where it is kept, if it was there.
    files: Vec<(PathBuf, Option<PathBuf>)>,
    /// The folder that keeps replaced files.
    kept: Option<TempDir>,
}

impl Done {
    fn create_folder(&mut self, folder: &Path) -> io::Result<()> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing: Vec<_> = folder.ancestors().take_while(is_missing).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    /// Keeps a file that is to be replaced or removed, if it is there: the file itself, under another name,
    /// and not a copy, so that even its time is what it was if it has to come back.
    fn keep(&mut self, path: &Path, folder: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path).is_err() {
            self.files.push((path.to_owned(), None));
            return Ok(());
        }
        let kept = match &mut self.kept {
            Some(kept) => kept,
            none => none.insert(tempfile::Builder::new().prefix(".codegen-").tempdir_in(folder)?),
        };
        let name = kept.path().join(self.files.len().to_string());
        fs::hard_link(path, &name).or_else(|_| fs::copy(path, &name).map(drop))?;
        self.files.push((path.to_owned(), Some(name)));
        Ok(())
    }

    /// Restores replaced files as far as possible. A second failure is not reported.
    fn undo(self) {
        for (path, kept) in self.files.into_iter().rev() {
            let _ = match kept {
                Some(kept) => fs::rename(kept, path),
                None => fs::remove_file(path),
            };
        }
        for folder in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(&path.to_string_lossy(), &error)),
    }
}

fn at(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

fn files_below(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(folder, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        // What a link leads to is not in this folder.
        if entry.file_type()?.is_dir() {
            files.extend(files_below(root, &path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
