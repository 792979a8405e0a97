//! Writing: what is up to date is left alone, what is not generated is not touched, and a run that fails
//! leaves the folder as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use generator::output::{ChangeKind, plan, write};
use generator::render::File;

fn files() -> Vec<File> {
    [
        ("Cargo.toml", "# @generated\n[package]\n"),
        ("src/a/b.rs", "// @generated\nb\n"),
        ("src/lib.rs", "// @generated\nlib\n"),
    ]
    .map(|(path, contents)| File { path: path.to_owned(), contents: contents.to_owned() })
    .to_vec()
}

/// Returns every file below a folder, with its contents and its time of writing.
fn state(folder: &Path) -> BTreeMap<String, (String, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                found.insert(name, (fs::read_to_string(&path).unwrap(), modified));
            }
        }
    }
    found
}

fn contents(folder: &Path) -> BTreeMap<String, String> {
    state(folder).into_iter().map(|(path, (contents, _))| (path, contents)).collect()
}

fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&plan(&files(), folder.path()).unwrap(), folder.path()).unwrap();
    folder
}

#[test]
fn first_run_writes_only_generated_files() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/crate");
    write(&plan(&files(), &out).unwrap(), &out).unwrap();
    let expected: BTreeMap<_, _> = files().into_iter().map(|file| (file.path, file.contents)).collect();
    assert_eq!(contents(&out), expected);
}

#[test]
fn up_to_date_folder_stays_untouched() {
    let folder = written();
    let before = state(folder.path());
    let plan = plan(&files(), folder.path()).unwrap();
    assert_eq!((plan.changes.len(), plan.unchanged), (0, 3));
    write(&plan, folder.path()).unwrap();
    assert_eq!(state(folder.path()), before);
}

#[test]
fn changed_file_is_the_only_one_written() {
    let folder = written();
    let before = state(folder.path());
    let mut files = files();
    files[2].contents.push_str("more\n");
    write(&plan(&files, folder.path()).unwrap(), folder.path()).unwrap();
    let after = state(folder.path());
    assert_eq!(after["src/lib.rs"].0, "// @generated\nlib\nmore\n");
    assert_eq!(after["src/a/b.rs"], before["src/a/b.rs"]);
    assert_eq!(after["Cargo.toml"], before["Cargo.toml"]);
}

#[test]
fn plan_lists_every_differing_file() {
    let folder = written();
    for (path, before) in contents(folder.path()) {
        let file = folder.path().join(&path);
        for at in 0..before.len() {
            let mut edited = before.clone().into_bytes();
            edited[at] = edited[at].wrapping_add(1);
            fs::write(&file, edited).unwrap();
            let changes = plan(&files(), folder.path()).unwrap().changes;
            assert_eq!(changes.len(), 1, "{path}, byte {at}");
            assert_eq!(changes[0].path, path);
        }
        fs::remove_file(&file).unwrap();
        let changes = plan(&files(), folder.path()).unwrap().changes;
        assert!(
            matches!(changes.as_slice(), [change] if change.path == path && matches!(change.kind, ChangeKind::Add { .. }))
        );
        fs::write(&file, before).unwrap();
    }
    fs::write(folder.path().join("src/a/added.rs"), "// @generated\n").unwrap();
    fs::write(folder.path().join("src/mine.rs"), "mine\n").unwrap();
    let changes = plan(&files(), folder.path()).unwrap().changes;
    let kinds: Vec<_> = changes.iter().map(|change| (change.path.as_str(), change.kind.clone())).collect();
    assert_eq!(kinds, [("src/a/added.rs", ChangeKind::Remove), ("src/mine.rs", ChangeKind::Foreign)]);
}

#[test]
fn orphan_is_removed_other_files_stay() {
    let folder = written();
    fs::write(folder.path().join("src/old.rs"), "// @generated\n").unwrap();
    fs::create_dir(folder.path().join("tests")).unwrap();
    fs::write(folder.path().join("tests/mine.rs"), "mine\n").unwrap();
    write(&plan(&files(), folder.path()).unwrap(), folder.path()).unwrap();
    let contents = contents(folder.path());
    assert!(!contents.contains_key("src/old.rs"));
    assert_eq!(contents["tests/mine.rs"], "mine\n");
}

#[test]
fn handwritten_file_stops_the_write() {
    for (path, text) in [("src/mine.rs", "mine\n"), ("src/lib.rs", "mine\n"), ("Cargo.toml", "[package]\n")] {
        let folder = written();
        fs::write(folder.path().join(path), text).unwrap();
        fs::write(folder.path().join("src/a/b.rs"), "// @generated\nstale\n").unwrap();
        let before = state(folder.path());
        let error = write(&plan(&files(), folder.path()).unwrap(), folder.path()).unwrap_err();
        assert!(error.to_string().contains(path), "{error}");
        assert_eq!(state(folder.path()), before);
    }
}

#[test]
fn failed_write_restores_the_folder() {
    let folder = written();
    // A folder where a file should be: it can neither be read nor replaced.
    let mut files = files();
    files[0].contents.push_str("changed\n");
    files.push(File { path: "src/new/deep.rs".to_owned(), contents: "// @generated\n".to_owned() });
    files.push(File { path: "src/zzz.rs".to_owned(), contents: "// @generated\n".to_owned() });
    let planned = plan(&files, folder.path()).unwrap();
    fs::create_dir(folder.path().join("src/zzz.rs")).unwrap();
    let before = state(folder.path());
    write(&planned, folder.path()).unwrap_err();
    assert_eq!(state(folder.path()), before);
    assert!(!folder.path().join("src/new").exists(), "a folder was left behind");
}
