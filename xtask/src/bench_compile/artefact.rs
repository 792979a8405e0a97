//! Results of a build: libraries and executables.

use std::fs;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{File, Object, ObjectSymbol, SymbolKind};

/// Counts the functions with machine code in an executable or in the objects of a library.
///
/// # Errors
/// The file cannot be read.
pub(super) fn functions(path: &Path) -> Result<usize, String> {
    let failed = |error: String| format!("{}: {error}", path.display());
    let data = fs::read(path).map_err(|error| failed(error.to_string()))?;
    if let Ok(file) = File::parse(&*data) {
        return Ok(functions_of(&file));
    }
    let archive = ArchiveFile::parse(&*data).map_err(|error| failed(error.to_string()))?;
    let mut count = 0;
    for member in archive.members() {
        let member = member.map_err(|error| failed(error.to_string()))?;
        let member = member.data(&*data).map_err(|error| failed(error.to_string()))?;
        // The metadata of the crate is a member, too.
        count += File::parse(member).map_or(0, |file| functions_of(&file));
    }
    Ok(count)
}

fn functions_of(file: &File<'_>) -> usize {
    file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition()).count()
}

/// Counts the lines of the Rust sources below a folder.
///
/// # Errors
/// A source cannot be read.
pub(super) fn lines(folder: &Path) -> Result<usize, String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mut lines = 0;
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if path.is_dir() {
            lines += self::lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += fs::read_to_string(&path).map_err(|error| failed(&path, error))?.lines().count();
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_executable_are_counted() {
        assert!(functions(&std::env::current_exe().unwrap()).unwrap() > 1_000);
    }

    #[test]
    fn file_without_code_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text");
        fs::write(&text, "no code").unwrap();
        assert!(functions(&text).unwrap_err().contains("text: "));
    }

    #[test]
    fn lines_of_all_folders_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("a.rs"), "one\ntwo\n").unwrap();
        fs::write(folder.path().join("inner/b.rs"), "three").unwrap();
        fs::write(folder.path().join("notes.md"), "none\n").unwrap();
        assert_eq!(lines(folder.path()).unwrap(), 3);
    }
}
