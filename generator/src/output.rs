//! The only code that touches the disk: compares generated files with a folder, and writes them there.
//!
//! The generator owns `Cargo.toml` and everything below `src/`. What else is in the folder is not its
//! business.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::render::File;

/// What marks a file as one that may be replaced or removed.
const MARK: &str = "@generated";

/// How a folder differs from what was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The differences, sorted by path.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path in the folder, with `/` between its parts.
    pub path: String,
    /// What is to be done.
    pub kind: ChangeKind,
}

/// What is to be done about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is missing.
    Add {
        /// What it should contain.
        new: String,
    },
    /// It is stale, or somebody edited it.
    Update {
        /// What it contains; bytes that are no text are replaced.
        old: String,
        /// What it should contain.
        new: String,
    },
    /// It was generated once, and is no more.
    Remove,
    /// Nobody generated it, but it stands where only generated files may.
    Foreign,
}

/// Finds the differences between a folder and what was generated.
///
/// # Errors
/// Something in the folder cannot be read.
pub fn plan(files: &[File], folder: &Path) -> io::Result<Plan> {
    let mut plan = Plan::default();
    for file in files {
        match read(&folder.join(&file.path))? {
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
            let contents = fs::read(folder.join(&path)).map_err(|error| at(&path, &error))?;
            let generated =
                String::from_utf8_lossy(&contents).lines().take(1).any(|line| line.contains(MARK));
            plan.push(&path, if generated { ChangeKind::Remove } else { ChangeKind::Foreign });
        }
    }
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

impl Plan {
    fn push(&mut self, path: &str, kind: ChangeKind) {
        self.changes.push(Change { path: path.to_owned(), kind });
    }

    /// The files that stand in the way, because nobody generated them.
    pub fn foreign(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().filter(|change| change.is_foreign()).map(|change| change.path.as_str())
    }
}

impl Change {
    /// Whether it is about a file that nobody generated.
    fn is_foreign(&self) -> bool {
        match &self.kind {
            ChangeKind::Foreign => true,
            ChangeKind::Update { old, .. } => !old.lines().take(1).any(|line| line.contains(MARK)),
            ChangeKind::Add { .. } | ChangeKind::Remove => false,
        }
    }
}

/// Makes the folder what was generated: all of it, or nothing.
///
/// New contents are written beside their files first, where most of what can fail does; then they take
/// their places. If one cannot, those before it are put back.
///
/// # Errors
/// A file that nobody generated is in the way, or the disk refuses.
pub fn write(plan: &Plan, folder: &Path) -> io::Result<()> {
    if let Some(path) = plan.foreign().next() {
        let message = format!("{path} was not generated, and is in the way");
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let mut made = Undo { folders: Vec::new(), files: Vec::new() };
    let done = stage(plan, folder, &mut made).and_then(|staged| place(staged, plan, folder, &mut made));
    if done.is_err() {
        made.undo();
    }
    done
}

type Staged = Vec<(PathBuf, NamedTempFile)>;

fn stage(plan: &Plan, folder: &Path, made: &mut Undo) -> io::Result<Staged> {
    let mut staged = Vec::new();
    for change in &plan.changes {
        let (ChangeKind::Add { new } | ChangeKind::Update { new, .. }) = &change.kind else { continue };
        let path = folder.join(&change.path);
        let parent = path.parent().unwrap_or(folder);
        made.create_folder(parent).map_err(|error| at(&change.path, &error))?;
        let mut file = tempfile::Builder::new();
        // As any other new file, and not as a temporary one, which only its owner may read.
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = file.tempfile_in(parent).map_err(|error| at(&change.path, &error))?;
        file.write_all(new.as_bytes()).map_err(|error| at(&change.path, &error))?;
        staged.push((path, file));
    }
    Ok(staged)
}

fn place(staged: Staged, plan: &Plan, folder: &Path, made: &mut Undo) -> io::Result<()> {
    for (path, file) in staged {
        let old = read(&path)?;
        file.persist(&path).map_err(|error| at(&path.to_string_lossy(), &error.error))?;
        made.files.push((path, old));
    }
    for change in plan.changes.iter().filter(|change| change.kind == ChangeKind::Remove) {
        let path = folder.join(&change.path);
        let old = read(&path)?;
        fs::remove_file(&path).map_err(|error| at(&change.path, &error))?;
        made.files.push((path, old));
    }
    Ok(())
}

/// What was changed so far, to be changed back if the rest fails.
struct Undo {
    folders: Vec<PathBuf>,
    /// Each with what it contained, if it was there.
    files: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Undo {
    fn create_folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<_> = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    /// Puts back what can be put back: there is nobody to report a second failure to.
    fn undo(self) {
        for (path, old) in self.files.into_iter().rev() {
            let _ = match old {
                Some(old) => fs::write(path, old),
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
        if entry.file_type()?.is_dir() {
            files.extend(files_below(root, &path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
