//! References: anchors and identifiers of JSON Schema become pointers, and plain slips become references that work.

use std::collections::BTreeMap;

use serde_yaml::{Mapping, Value};

use super::{Facts, Kind, Walk, slips, text};
use crate::diagnostic::Location;

/// Keywords beside the `$ref` of a schema that say something about the target without changing its type.
const ANNOTATIONS: [&str; 9] =
    ["$ref", "default", "deprecated", "description", "example", "nullable", "readOnly", "title", "writeOnly"];
/// Sections of OpenAPI 2.0, with those that took their place.
const FORMER: [(&str, &str); 3] =
    [("definitions", "schemas"), ("parameters", "parameters"), ("responses", "responses")];

/// A schema with an `$id`, to which the fragments of references in it are relative.
pub(super) struct Resource {
    pointer: String,
    url: String,
}

/// The schemas of a file that references name by an identifier or an anchor.
#[derive(Default)]
pub(super) struct Targets {
    /// Pointers by URL.
    identifiers: BTreeMap<String, String>,
    /// Pointers by the pointer of the resource and the name of the anchor.
    anchors: BTreeMap<(String, String), String>,
    /// `true` if the file has the sections of OpenAPI 2.0.
    has_definitions: bool,
    is_root: bool,
}

impl Targets {
    /// Finds the targets in a tree. OpenAPI 3.0 has none.
    pub(super) fn of(tree: &Value, facts: &Facts) -> Self {
        let mut targets = Self {
            has_definitions: tree.get("definitions").is_some(),
            is_root: tree.get("openapi").is_some(),
            ..Self::default()
        };
        if facts.is_newer() {
            let url = facts.url.clone().unwrap_or_default();
            targets.collect(tree, &Location::file(""), &Resource { pointer: String::new(), url });
        }
        targets
    }

    fn collect(&mut self, node: &Value, at: &Location, around: &Resource) {
        match node {
            Value::Mapping(members) => {
                let own = text(members, "$id").map(|id| Resource::new(&at.pointer, id, &around.url));
                if let Some(own) = &own {
                    self.identifiers.insert(own.url.clone(), own.pointer.clone());
                }
                let around = own.as_ref().unwrap_or(around);
                for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(|key| text(members, key)) {
                    self.anchors.insert((around.pointer.clone(), anchor.to_owned()), at.pointer.clone());
                }
                for (key, node) in members {
                    self.collect(node, &at.child(key.as_str().unwrap_or_default()), around);
                }
            }
            Value::Sequence(elements) => {
                for (index, node) in elements.iter().enumerate() {
                    self.collect(node, &at.child(index), around);
                }
            }
            _ => {}
        }
    }

    /// Returns the place of an anchor in a resource or, if no other resource has such an anchor, in the file.
    fn anchor(&self, resource: &str, name: &str) -> Option<&String> {
        let own = self.anchors.get(&(resource.to_owned(), name.to_owned()));
        let mut others = self.anchors.iter().filter(|((_, anchor), _)| anchor == name).map(|(_, at)| at);
        own.or_else(|| others.next().filter(|_| others.next().is_none()))
    }
}

impl Resource {
    fn new(pointer: &str, id: &str, base: &str) -> Self {
        let url = joined(base, id.trim_end_matches('#'));
        Self { pointer: pointer.to_owned(), url }
    }
}

impl Walk<'_> {
    /// Enters the schema at the place if it has an `$id`.
    pub(super) fn enter_resource(&mut self, members: &Mapping) {
        if let Some(id) = text(members, "$id") {
            let base = self.base_url();
            self.resources.push(Resource::new(&self.pointer, id, &base));
        }
    }

    fn base_url(&self) -> String {
        let around = self.resources.last().map(|resource| resource.url.clone());
        around.or_else(|| self.facts.url.clone()).unwrap_or_default()
    }

    /// Rewrites the `$ref` of an object. Returns `true` if the object is only this reference.
    pub(super) fn refers(&mut self, members: &mut Mapping, kind: Kind) -> bool {
        if kind == Kind::Schema && self.facts.is_newer() {
            self.rename_dynamic(members);
        }
        let Some(written) = text(members, "$ref").map(str::to_owned) else { return false };
        if let Some(reference) = self.rewritten_reference(&written, section(kind)) {
            members.insert("$ref".into(), reference.into());
        }
        if kind == Kind::Schema && self.facts.is_newer() {
            return !self.move_beside_siblings(members);
        }
        // The siblings of the reference of a path item are read, too.
        kind != Kind::PathItem
    }

    fn rename_dynamic(&mut self, members: &mut Mapping) {
        if let Some(reference) = members.shift_remove("$dynamicRef") {
            self.moved("$dynamicRef", "$ref");
            members.insert("$ref".into(), reference);
        }
    }

    /// Moves the `$ref` into an `allOf` if its siblings change the type. Returns `true` if they do.
    fn move_beside_siblings(&mut self, members: &mut Mapping) -> bool {
        const SILENT: [&str; 4] = ["$comment", "$id", "$schema", "$anchor"];
        members.retain(|keyword, _| !keyword.as_str().is_some_and(|keyword| SILENT.contains(&keyword)));
        self.examples(members);
        let changes = |key: &str| !ANNOTATIONS.contains(&key) && !key.starts_with("x-");
        if !members.keys().filter_map(Value::as_str).any(changes) {
            return false;
        }
        let Some(reference) = members.shift_remove("$ref") else { return false };
        let text = reference.as_str().unwrap_or_default().to_owned();
        self.push_member(members, "$ref", "/$ref", slips::reference(text));
        true
    }

    /// Adds a member to the `allOf` of a schema. `from` and `below` say where it stood and what of it moved.
    pub(super) fn push_member(&mut self, members: &mut Mapping, from: &str, below: &str, member: Value) {
        if !members.get("allOf").is_some_and(Value::is_sequence) {
            members.insert("allOf".into(), Value::Sequence(Vec::new()));
        }
        let Some(Value::Sequence(list)) = members.get_mut("allOf") else { return };
        self.moved(from, &format!("allOf/{}{below}", list.len()));
        list.push(member);
    }

    /// Returns the reference that works in the tree, if it is not the one that is written.
    fn rewritten_reference(&mut self, written: &str, section: &str) -> Option<String> {
        let (base, fragment) = written.split_once('#').unwrap_or((written, ""));
        if self.facts.is_newer()
            && let Some(pointer) = self.identified(base, fragment)
        {
            let reference = format!("#{}", pointer.replace('%', "%25"));
            return (reference != written).then_some(reference);
        }
        let meant = self.slip(written, section)?;
        self.note_at("$ref", format!("expected `{meant}`, found `{written}`; it is read as the former"));
        Some(meant)
    }

    /// Returns the pointer of a target in this file that is named by its URL or anchor, or relative to a resource.
    fn identified(&self, base: &str, fragment: &str) -> Option<String> {
        let resource = if base.is_empty() {
            self.resources.last().map(|resource| resource.pointer.clone()).unwrap_or_default()
        } else {
            let url = joined(&self.base_url(), base);
            let is_own = self.targets.is_root && self.facts.url.as_deref() == Some(url.as_str());
            let own = is_own.then(String::new);
            self.targets.identifiers.get(&url).cloned().or(own)?
        };
        if fragment.starts_with("/components/") && base.is_empty() {
            None
        } else if fragment.is_empty() || fragment.starts_with('/') {
            Some(format!("{resource}{fragment}"))
        } else {
            self.targets.anchor(&resource, fragment).cloned()
        }
    }

    /// Returns the reference that a slip plainly means.
    fn slip(&self, written: &str, section: &str) -> Option<String> {
        if !self.targets.is_root {
            return None;
        }
        let component = |section: &str, name: &str| {
            self.facts.has_component(section, name).then(|| format!("#/components/{section}/{name}"))
        };
        if !written.contains(['/', '#', '.']) {
            return component(section, written);
        }
        if let Some(rest) = written.strip_prefix("#/").filter(|_| !self.targets.has_definitions) {
            let (former, name) = rest.split_once('/')?;
            let (_, section) = FORMER.iter().find(|(name, _)| *name == former)?;
            return component(section, name);
        }
        let rest = written.strip_prefix(['#', '/']).unwrap_or(written).strip_prefix("components/")?;
        let (section, name) = rest.split_once('/')?;
        component(section, name)
    }
}

/// Returns the section of the components that a reference of a kind leads to.
fn section(kind: Kind) -> &'static str {
    match kind {
        Kind::Parameter => "parameters",
        Kind::RequestBody => "requestBodies",
        Kind::Response => "responses",
        Kind::Header => "headers",
        Kind::SecurityScheme => "securitySchemes",
        _ => "schemas",
    }
}

/// Returns a URL, relative to another one if it has no scheme.
fn joined(base: &str, url: &str) -> String {
    if url.contains("://") || url.starts_with("urn:") || base.is_empty() {
        return url.to_owned();
    }
    let authority_end = base
        .find("://")
        .map_or(0, |scheme| base[scheme + 3..].find('/').map_or(base.len(), |path| scheme + 3 + path));
    if url.starts_with('/') {
        return format!("{}{url}", &base[..authority_end]);
    }
    let folder =
        base[authority_end..].rfind('/').map_or("/", |end| &base[authority_end..=authority_end + end]);
    let url = url.strip_prefix("./").unwrap_or(url);
    format!("{}{folder}{url}", &base[..authority_end])
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn joined_url_is_relative_to_the_folder() {
        for (base, url, expected) in [
            ("https://a.example/x/y", "z", "https://a.example/x/z"),
            ("https://a.example/x/y", "./z", "https://a.example/x/z"),
            ("https://a.example/x/y", "/z", "https://a.example/z"),
            ("https://a.example", "z", "https://a.example/z"),
            ("https://a.example/x", "https://b.example/", "https://b.example/"),
            ("https://a.example/x", "urn:a:b", "urn:a:b"),
            ("", "z", "z"),
        ] {
            assert_eq!(joined(base, url), expected, "{base} {url}");
        }
    }
}
