//! Reads the files of a description, and finds what a `$ref` in them means.
//!
//! A file is read when something first refers to it, so an unreached file cannot fail a run. The
//! tree of a file keeps every key of the document; typed views of its parts are made on demand
//! ([`Sources::read`]), each after a check of its shape that names the place of what is wrong.

mod any;
mod json;
mod lines;
mod normalise;
mod number;
mod overlay;
mod reference;
mod shape;
mod slips;
mod spans;
mod tree;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::mem;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elsa::FrozenMap;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Location, Part};
use lines::Lines;
use normalise::{Facts, Normalised};
pub(crate) use number::{count, number};
pub use overlay::Origins;
pub use shape::Shape;
pub(crate) use slips::ARRAY_WITHOUT_ITEMS;
use spans::Spans;
pub(crate) use tree::member;

/// A description: its root file, an overlay for it, and the folder of its files.
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    /// The root file, YAML or JSON.
    pub root: &'a Path,
    /// An [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.0.0.html) that is applied to the root file.
    pub overlay: Option<&'a Path>,
    /// A folder around the root file whose files may be read; by default that of the root file.
    pub folder: Option<&'a Path>,
}

impl<'a, P: AsRef<Path> + ?Sized> From<&'a P> for Description<'a> {
    fn from(root: &'a P) -> Self {
        Self { root: root.as_ref(), overlay: None, folder: None }
    }
}

impl Description<'_> {
    /// Opens the description. What is wrong with the overlay or the folder goes into `diagnostics`.
    pub fn open(self, diagnostics: &mut Diagnostics) -> Sources {
        let mut sources = Sources::new(self.root);
        if let Some(folder) = self.folder {
            diagnostics.keep(sources.widen(folder));
        }
        match self.overlay {
            Some(overlay) => sources.overlaid(overlay, diagnostics),
            None => sources,
        }
    }
}

/// The files of one description.
pub struct Sources {
    folder: PathBuf,
    /// The folder whose files may be read.
    readable: PathBuf,
    /// The names of the folders that lead from `readable` to `folder`.
    below: Vec<String>,
    root: Arc<str>,
    /// The root file. Most descriptions have no other.
    root_file: OnceCell<Box<SourceFile>>,
    /// The other files.
    files: FrozenMap<Arc<str>, Box<SourceFile>>,
    real_folders: FrozenMap<PathBuf, PathBuf>,
    /// The places of nodes of the root file that came from an overlay or a bundle.
    origins: Origins,
    /// The facts of the root file that the other files depend on.
    facts: OnceCell<Facts>,
    /// Targets of references in nodes that cannot be read.
    seen: RefCell<BTreeSet<Location>>,
    /// The files that the root file was bundled from.
    bundled: Option<Box<Bundled>>,
}

/// The files that a bundle was made of, and where its nodes stand in them.
struct Bundled {
    sources: Sources,
    origins: Origins,
}

struct SourceFile {
    text: Arc<str>,
    syntax: Syntax,
    tree: Result<Value, Diagnostic>,
    normalised: Normalised,
    spans: OnceCell<Spans>,
    lines: OnceCell<Lines>,
}

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Yaml,
    Json,
}

/// A place as people look it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Path of the file as it was given.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// A place in the text of a file, with what has to be known to show it.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) path: String,
    pub(crate) text: Arc<str>,
    pub(crate) span: Range<usize>,
    /// The lines that the span touches.
    pub(crate) lines: Range<usize>,
    /// The number of the first of them, from 1.
    pub(crate) first_line: usize,
    /// Line of where the span begins, from 1.
    pub(crate) line: usize,
    /// Column of where the span begins, in characters, from 1.
    pub(crate) column: usize,
}

impl Located {
    fn new(path: String, text: Arc<str>, span: Range<usize>, lines: &Lines) -> Self {
        let (line, column) = lines.position(&text, span.start);
        let (first_line, lines) = lines.around(&span);
        Self { path, text, span, lines, first_line, line, column }
    }

    /// Returns a place in a text without a file.
    #[cfg(test)]
    pub(crate) fn in_text(text: &str, span: Range<usize>) -> Self {
        Self::new("a.yaml".to_owned(), text.into(), span, &Lines::of(text))
    }
}

impl Sources {
    /// Creates a description with the given root file. Other files have to be in its folder or below.
    pub fn new(root: &Path) -> Self {
        let name = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let folder = root.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        Self {
            readable: folder.clone(),
            below: Vec::new(),
            folder,
            root: name.into(),
            root_file: OnceCell::new(),
            files: FrozenMap::new(),
            real_folders: FrozenMap::new(),
            origins: Origins::new(),
            facts: OnceCell::new(),
            seen: RefCell::default(),
            bundled: None,
        }
    }

    /// Lets references lead to all files in a folder around the description.
    ///
    /// # Errors
    /// The folder does not exist, or the description is not in it.
    fn widen(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        let real = |folder: &Path| self.real_folder(folder).map(Path::to_path_buf);
        let names = real(&self.folder).and_then(|inner| Ok((inner, real(folder)?))).ok();
        let below = names.and_then(|(inner, outer)| Some(inner.strip_prefix(outer).ok()?.to_owned()));
        let below = below.ok_or_else(|| {
            let found = self.folder.join(&*self.root);
            let message = format!(
                "expected a description in the folder `{}`, found `{}`",
                folder.display(),
                found.display()
            );
            Diagnostic::error(&self.root(), message).help("`--root` takes a folder around the description")
        })?;
        self.below = below.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        folder.clone_into(&mut self.readable);
        Ok(())
    }

    /// Returns the name in places of a file that is not part of the description: relative if the file is beside it.
    fn name_of(&self, path: &Path) -> Arc<str> {
        match path.file_name() {
            Some(file) if path.parent() == Some(&self.folder) => file.to_string_lossy().into(),
            _ => path.canonicalize().unwrap_or_else(|_| path.to_owned()).to_string_lossy().into(),
        }
    }

    /// Returns the place of a file that is not part of the description, for reports about that file.
    pub(crate) fn place_of(&self, path: &Path) -> Location {
        let name = self.name_of(path);
        if self.files.get(&name).is_none() {
            self.files.insert(name.clone(), Box::new(SourceFile::read(&name, Ok(path.to_owned()))));
        }
        Location::file(name)
    }

    /// Applies an overlay to the root file.
    fn overlaid(mut self, overlay: &Path, diagnostics: &mut Diagnostics) -> Self {
        let name = self.name_of(overlay);
        let overlay = SourceFile::read(&name, Ok(overlay.to_owned()));
        let mut root = SourceFile::read(&self.root, self.path(&self.root));
        match (&mut root.tree, &overlay.tree) {
            (Ok(tree), Ok(actions)) => {
                self.origins = overlay::apply(tree, actions, &Location::file(name.clone()), diagnostics);
            }
            (_, Err(error)) => diagnostics.push(error.clone()),
            // Whoever looks into the root file will tell.
            (Err(_), Ok(_)) => {}
        }
        self.facts = OnceCell::from(root.normalise_root(&Location::file(self.root.clone()), &self.origins));
        self.files.insert(name, Box::new(overlay));
        self.root_file = OnceCell::from(Box::new(root));
        self
    }

    /// Shows the places of a root file that is a bundle in the files that it was made of.
    #[must_use]
    pub fn bundled_from(mut self, sources: Self, origins: Origins) -> Self {
        self.bundled = Some(Box::new(Bundled { sources, origins }));
        self
    }

    /// Returns the root of the description.
    pub fn root(&self) -> Location {
        Location::file(self.root.clone())
    }

    /// Returns the number of files read so far.
    pub fn files_read(&self) -> usize {
        self.files.len() + usize::from(self.root_file.get().is_some())
    }

    /// Returns the node at a place.
    ///
    /// # Errors
    /// The place has no node, or reading or parsing the file fails.
    pub fn node(&self, location: &Location) -> Result<&Value, Diagnostic> {
        let tree = self.file(&location.file).tree.as_ref().map_err(Clone::clone)?;
        tree::descend(tree, location.tokens()).ok_or_else(|| {
            Diagnostic::error(location, format!("expected a node at `{location}`, found none"))
        })
    }

    /// Returns the node at a place, if there is one.
    pub fn find(&self, location: &Location) -> Option<&Value> {
        self.node(location).ok()
    }

    /// Returns the node at a place as a type of the `openapiv3` crate, after a check of its shape. Problems
    /// go into `diagnostics`.
    pub fn read<T: DeserializeOwned>(
        &self,
        location: &Location,
        shape: &Shape,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let node = self.checked(location, shape, diagnostics)?;
        // Few descriptions have numbers that no integer can hold: they are replaced in a copy.
        let typed = T::deserialize(node).or_else(|_| T::deserialize(number::saturated(node.clone())));
        diagnostics.keep(typed.map_err(|error| Diagnostic::error(location, error.to_string())))
    }

    /// Returns the node at a place, after a check of its shape. Problems go into `diagnostics`.
    pub fn checked(
        &self,
        location: &Location,
        shape: &Shape,
        diagnostics: &mut Diagnostics,
    ) -> Option<&Value> {
        let node = diagnostics.keep(self.node(location))?;
        self.tell_notes(location, shape, diagnostics);
        let is_readable = shape::check(node, shape, location, diagnostics);
        if !is_readable {
            slips::report(self, location, shape, &mut self.seen.borrow_mut(), diagnostics);
        }
        is_readable.then_some(node)
    }

    /// Lets the next analysis report everything again.
    pub(crate) fn forget_reported(&self) {
        self.seen.borrow_mut().clear();
    }

    /// Reports the slips in a node that were read in their plain meaning.
    fn tell_notes(&self, location: &Location, shape: &Shape, diagnostics: &mut Diagnostics) {
        let notes = &self.file(&location.file).normalised.notes;
        for (pointer, found) in notes.range(location.pointer.clone()..) {
            let Some(below) = pointer.strip_prefix(&location.pointer) else { break };
            let is_below = below.is_empty() || below.starts_with('/');
            if is_below && shape.reaches(below) {
                found.iter().cloned().for_each(|note| diagnostics.push(note));
            }
        }
    }

    /// Returns the place of a node after following its `$ref`, if it has one.
    ///
    /// # Errors
    /// The target does not exist, or the reference leads back to itself.
    pub fn follow(&self, location: &Location) -> Result<Location, Diagnostic> {
        Ok(self.links(location)?.1)
    }

    /// Follows references; returns the places of all of them, outermost first, and where the last one leads.
    ///
    /// # Errors
    /// Those of [`follow`](Self::follow).
    pub(crate) fn links(&self, location: &Location) -> Result<(Vec<Location>, Location), Diagnostic> {
        let mut at = location.clone();
        let mut links = Vec::new();
        while let Some(reference) = self.reference_at(&at)? {
            if links.contains(&at) {
                return Err(Diagnostic::error(
                    &location.child("$ref"),
                    "expected a type behind this `$ref`, found the `$ref` itself",
                ));
            }
            let target = self.resolve(&at.child("$ref"), &reference)?;
            links.push(mem::replace(&mut at, target));
        }
        Ok((links, at))
    }

    /// Returns the target of a reference at `from`.
    ///
    /// # Errors
    /// The target does not exist, or is outside of the description's folder.
    pub fn resolve(&self, from: &Location, reference: &str) -> Result<Location, Diagnostic> {
        let target = reference::resolve(&self.below, &from.file, reference)
            .map_err(|unresolved| unresolved.at(from))?;
        let dangling = |reason: &str| {
            Diagnostic::error(from, format!("expected the target of `{reference}`, found {reason}"))
        };
        if let Err(error) = &self.file(&target.file).tree {
            // An unreadable file is the reference's problem, a malformed one its own.
            let unreadable = error.part == Part::Value;
            if !unreadable {
                return Err(error.clone());
            }
            let dangling = dangling(error.message.split_once(", found ").map_or("none", |(_, found)| found));
            let is_bare = !reference.contains(['/', '.', '#']);
            let bare =
                format!("a bare name is that of a file, a component is `#/components/schemas/{reference}`");
            let help = error.help.clone().or(is_bare.then_some(bare));
            return Err(Diagnostic { help, ..dangling });
        }
        let target = self.place_in_tree(target);
        if self.find(&target).is_none() {
            return Err(dangling("none"));
        }
        Ok(target)
    }

    /// Returns the target of the `$ref` at a place, which need not exist.
    pub(crate) fn target(&self, at: &Location) -> Option<Location> {
        let reference = self.reference_at(at).ok()??;
        reference::resolve(&self.below, &at.file, &reference).ok()
    }

    /// Returns the place in the tree of a place in the text of a file.
    fn place_in_tree(&self, place: Location) -> Location {
        origin(&self.file(&place.file).normalised.now, &place).unwrap_or(place)
    }

    /// Returns the place in the text of a file of a place in the tree.
    fn place_in_text(&self, place: &Location) -> Location {
        origin(&self.file(&place.file).normalised.moved, place).unwrap_or_else(|| place.clone())
    }

    /// Returns the text of the `$ref` at a place, if the node has one.
    ///
    /// # Errors
    /// The value of `$ref` is not a string.
    pub fn reference_at(&self, location: &Location) -> Result<Option<String>, Diagnostic> {
        match tree::member(self.node(location)?, "$ref") {
            None => Ok(None),
            Some(Value::String(reference)) => Ok(Some(reference.clone())),
            Some(other) => {
                let message = format!("expected a string, found {}", shape::article(other));
                Err(Diagnostic::error(&location.child("$ref"), message))
            }
        }
    }

    /// Returns the file, line and column of a place.
    pub fn position(&self, location: &Location) -> Position {
        let Located { path, line, column, .. } = self.locate(location, &Part::Key);
        Position { path, line, column }
    }

    /// Returns the position of a place in the text of its file. A place without text of its own (from an
    /// alias, or missing) has the position of the nearest place around it.
    pub(crate) fn locate(&self, location: &Location, part: &Part) -> Located {
        if let Some((sources, place)) = self.before_bundling(location) {
            return sources.locate(&place, part);
        }
        let written = self.place_in_text(location);
        let is_root = location.file == self.root;
        let overlaid = is_root.then(|| origin(&self.origins, &written)).flatten();
        let location = overlaid.as_ref().unwrap_or(&written);
        let file = self.file(&location.file);
        let span = match part {
            Part::Byte(byte) => file.character_at(*byte),
            part => file.span(location, *part == Part::Key),
        };
        let path = self.folder.join(&*location.file).to_string_lossy().into_owned();
        Located::new(path, file.text.clone(), span, file.lines())
    }

    /// Returns the text of a scalar as its file has it: `1.10` where the tree has the number 1.1.
    pub(crate) fn written(&self, location: &Location) -> Option<String> {
        let Located { text, span, .. } = self.locate(location, &Part::Value);
        let written = text.get(span)?;
        let is_there = serde_yaml::from_str::<Value>(written).ok().as_ref() == self.find(location);
        is_there.then(|| written.to_owned())
    }

    /// Returns the place before bundling of a place in a bundle, unless an overlay added it.
    fn before_bundling(&self, location: &Location) -> Option<(&Self, Location)> {
        let bundled = self.bundled.as_ref().filter(|_| location.file == self.root)?;
        if origin(&self.origins, &self.place_in_text(location)).is_some() {
            return None;
        }
        Some((&bundled.sources, origin(&bundled.origins, location)?))
    }

    /// Returns the place for reports: the place before bundling, if there is one.
    pub(crate) fn known_place(&self, location: &Location) -> Location {
        match self.before_bundling(location) {
            Some((sources, place)) => sources.place_in_text(&place),
            None => self.place_in_text(location),
        }
    }

    /// Reads files in parallel that were not read and will be needed, so that nothing waits for them one by one.
    pub fn read_ahead(&self, files: BTreeSet<Arc<str>>) {
        let facts = self.facts();
        let new: Vec<_> = files.into_iter().map(|name| (self.path(&name), name)).collect();
        let read = new.into_par_iter().map(|(path, name)| (SourceFile::part(&name, path, facts), name));
        for (file, name) in read.collect::<Vec<_>>() {
            self.files.insert(name, Box::new(file));
        }
    }

    /// Reads all files that some places refer to, directly or indirectly.
    pub fn read_ahead_from<'l>(&self, places: impl Iterator<Item = &'l Location>) {
        let mut next: BTreeSet<_> = places.flat_map(|place| self.referred_files(place)).collect();
        while !next.is_empty() {
            let read: Vec<_> = next.iter().map(|name| Location::file(name.clone())).collect();
            self.read_ahead(next);
            next = read.iter().flat_map(|file| self.referred_files(file)).collect();
        }
    }

    /// Returns the unread files that a node refers to. Wrong references are reported by the code that follows them.
    pub fn referred_files(&self, at: &Location) -> BTreeSet<Arc<str>> {
        let mut references = BTreeSet::new();
        if let Some(node) = self.find(at) {
            tree::collect_references(node, &mut references);
        }
        references
            .into_iter()
            .filter(|reference| !reference.starts_with('#'))
            .filter_map(|reference| Some(reference::resolve(&self.below, &at.file, reference).ok()?.file))
            .filter(|name| *name != self.root && self.files.get(name).is_none())
            .collect()
    }

    fn file(&self, name: &Arc<str>) -> &SourceFile {
        if *name == self.root {
            return self.root_file.get_or_init(|| Box::new(self.read_root()));
        }
        if let Some(file) = self.files.get(name) {
            return file;
        }
        let file = SourceFile::part(name, self.path(name), self.facts());
        self.files.insert(name.clone(), Box::new(file))
    }

    fn read_root(&self) -> SourceFile {
        let mut root = SourceFile::read(&self.root, self.path(&self.root));
        let facts = root.normalise_root(&self.root(), &self.origins);
        self.facts.get_or_init(|| facts);
        root
    }

    /// Returns the facts of the root file.
    fn facts(&self) -> &Facts {
        if self.facts.get().is_none() {
            self.file(&self.root);
        }
        self.facts.get_or_init(Facts::default)
    }

    /// Returns the path of a file.
    ///
    /// # Errors
    /// The file does not exist, or is outside of the description's folder.
    fn path(&self, name: &str) -> Result<PathBuf, Unreadable> {
        let path = self.folder.join(name);
        match self.is_outside(&path) {
            Ok(false) => Ok(path),
            Ok(true) => Err(Unreadable {
                message: "expected a file inside the folder of the description, found a link that leaves the folder"
                    .to_owned(),
                help: Some(reference::WIDEN),
            }),
            Err(error) => Err(Unreadable::of(&error)),
        }
    }

    /// Returns `true` if a link leads a file out of the description's folder.
    fn is_outside(&self, path: &Path) -> io::Result<bool> {
        let root = self.real_folder(&self.readable)?;
        let is_link = fs::symlink_metadata(path)?.is_symlink();
        let parent = path.parent().unwrap_or(Path::new(""));
        Ok(if is_link {
            !path.canonicalize()?.starts_with(root)
        } else {
            !self.real_folder(parent)?.starts_with(root)
        })
    }

    /// Returns a folder without links. There are few folders and many files, so each folder is resolved once.
    fn real_folder(&self, folder: &Path) -> io::Result<&Path> {
        if let Some(real) = self.real_folders.get(folder) {
            return Ok(real);
        }
        let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Ok(self.real_folders.insert(folder.to_owned(), named.canonicalize()?))
    }
}

impl SourceFile {
    /// Reads and parses a file, if it has a path.
    fn read(name: &Arc<str>, path: Result<PathBuf, Unreadable>) -> Self {
        let location = Location::file(name.clone());
        match path.and_then(|path| read_text(&path)) {
            Ok(text) => {
                let (syntax, tree) = parse(&text, &location);
                let tree = tree.and_then(|tree| refuse_swagger(&tree, &location).map(|()| tree));
                Self::new(text.into(), syntax, tree)
            }
            Err(unreadable) => Self::new("".into(), Syntax::Yaml, Err(unreadable.at(&location))),
        }
    }

    fn new(text: Arc<str>, syntax: Syntax, tree: Result<Value, Diagnostic>) -> Self {
        let normalised = Normalised::default();
        Self { text, syntax, tree, normalised, spans: OnceCell::new(), lines: OnceCell::new() }
    }

    /// Reads a file that the root file refers to.
    fn part(name: &Arc<str>, path: Result<PathBuf, Unreadable>, facts: &Facts) -> Self {
        let mut file = Self::read(name, path);
        let location = Location::file(name.clone());
        if let Ok(tree) = &mut file.tree {
            file.normalised = normalise::part(tree, &location, facts);
            file.restore_numbers(&location, &Origins::new());
        }
        file
    }

    /// Normalises the root file; returns its facts. The origins are those of what an overlay added.
    fn normalise_root(&mut self, location: &Location, origins: &Origins) -> Facts {
        let Ok(tree) = &mut self.tree else { return Facts::default() };
        let facts = Facts::of(tree);
        self.normalised = normalise::root(tree, location, &facts);
        self.restore_numbers(location, origins);
        facts
    }

    /// Gives texts that are written as numbers the digits of the file: `1.10` is not `1.1`.
    fn restore_numbers(&mut self, location: &Location, origins: &Origins) {
        for pointer in mem::take(&mut self.normalised.numbers) {
            let place = Location { file: location.file.clone(), pointer };
            let written = origin(&self.normalised.moved, &place).unwrap_or_else(|| place.clone());
            if origin(origins, &written).is_some() {
                continue;
            }
            let text = self.text[self.span(&written, false)].trim().to_owned();
            let is_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
            if let Some(tree) = self.tree.as_mut().ok().filter(|_| is_number) {
                normalise::set_text(tree, &place.pointer, &text);
            }
        }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }

    /// Returns the bytes of a place.
    fn span(&self, location: &Location, key: bool) -> Range<usize> {
        match self.syntax {
            Syntax::Json => self.spans.get_or_init(|| json::spans(&self.text)).find(location, key),
            Syntax::Yaml => {
                let span = self.spans.get_or_init(|| Spans::of_yaml(&self.text)).find(location, key);
                let byte = |character| self.lines().byte_of(&self.text, character);
                byte(span.start)..byte(span.end)
            }
        }
    }

    /// Returns the range of the character at a byte, which is empty at the end of a line.
    fn character_at(&self, byte: usize) -> Range<usize> {
        let start = floor_char_boundary(&self.text, byte);
        let width = self.text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        start..start + width
    }
}

/// Parses a text. What keeps the grammar of JSON is read by its rules, everything else as YAML. What is called
/// JSON and is neither is told what JSON asks for.
fn parse(text: &str, location: &Location) -> (Syntax, Result<Value, Diagnostic>) {
    match json::grammar(text) {
        Some(Ok(())) => (Syntax::Json, json::parse(text, location)),
        Some(Err(error)) if location.file.ends_with(".json") => {
            let malformed = |_| json::malformed(&error, text, location);
            (Syntax::Yaml, tree::parse(text, location).map_err(malformed))
        }
        _ => (Syntax::Yaml, tree::parse(text, location)),
    }
}

/// Names a description of OpenAPI 2.0, of which nothing can be read.
fn refuse_swagger(tree: &Value, location: &Location) -> Result<(), Diagnostic> {
    let version = match tree.get("swagger") {
        Some(Value::String(version)) => version.clone(),
        Some(Value::Number(version)) => version.to_string(),
        _ => return Ok(()),
    };
    let message = format!("unsupported: Swagger {version}, expected OpenAPI 3.0, 3.1 or 3.2");
    let help = "convert the file: `npx swagger2openapi --outfile openapi.yaml FILE`";
    Err(Diagnostic::error(&location.child("swagger"), message).at_key().help(help))
}

/// The reason why a file or a reference cannot be read.
#[derive(Debug, PartialEq, Eq)]
struct Unreadable {
    message: String,
    help: Option<&'static str>,
}

impl Unreadable {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn of(error: &io::Error) -> Self {
        Self::new(format!("expected a readable file, found an error: {error}"))
    }

    fn at(self, place: &Location) -> Diagnostic {
        let help = self.help.map(str::to_owned);
        Diagnostic { help, ..Diagnostic::error(place, self.message) }
    }
}

fn read_text(path: &Path) -> Result<String, Unreadable> {
    let bytes = fs::read(path).map_err(|error| Unreadable::of(&error))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Unreadable::new("expected UTF-8 text, found other bytes"))?;
    // Some editors begin a file with a byte order mark, which YAML takes for content.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(marked) => marked.to_owned(),
        None => text,
    })
}

/// Returns the name that a reference gives to its target: the last token of its pointer or, for a whole file,
/// the name of the file without its extension.
pub(crate) fn component_name(target: &Location) -> String {
    target.last_token().unwrap_or_else(|| {
        let file = target.file.rsplit('/').next().unwrap_or_default();
        file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
    })
}

/// Returns the origin of a place: that of the nearest place around it with a known origin, and the rest of the pointer.
fn origin(origins: &Origins, location: &Location) -> Option<Location> {
    let mut around = (!origins.is_empty()).then(|| location.clone());
    while let Some(place) = around {
        if let Some(origin) = origins.get(&place.pointer) {
            let below = &location.pointer[place.pointer.len()..];
            return Some(Location {
                file: origin.file.clone(),
                pointer: format!("{}{below}", origin.pointer),
            });
        }
        around = place.parent();
    }
    None
}

fn floor_char_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
