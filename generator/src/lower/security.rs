//! Security schemes and what operations require of them.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{APIKeyLocation, SecurityScheme as Description};

use super::Lowering;
use crate::diagnostic::Location;
use crate::ir::{Docs, Operation, SecurityKind, SecurityRequirement, SecurityScheme};
use crate::load::Shape;

impl Lowering<'_> {
    /// Returns the alternatives declared at the root or an operation, if any.
    pub(super) fn security(&mut self, owner: &Location) -> Option<Vec<SecurityRequirement>> {
        let at = owner.child("security");
        self.sources.find(&at)?;
        let alternatives: Vec<openapiv3::SecurityRequirement> = self.read(&at, &Shape::SECURITY)?;
        let mut lowered = Vec::new();
        for (index, alternative) in alternatives.into_iter().enumerate() {
            let at = at.child(index);
            for scheme in alternative.keys() {
                self.check_scheme(scheme, &at.child(scheme));
            }
            lowered.push(SecurityRequirement { schemes: alternative.into_iter().collect() });
        }
        Some(lowered)
    }

    fn check_scheme(&mut self, name: &str, at: &Location) {
        let declared = self.sources.root().child("components").child("securitySchemes").child(name);
        if self.sources.find(&declared).is_none() {
            self.error(at, format!("expected a security scheme among the components, found `{name}`"));
        }
    }

    /// Returns the schemes that the operations use.
    pub(super) fn security_schemes(
        &mut self,
        operations: &[Operation],
        root: &Location,
    ) -> BTreeMap<String, SecurityScheme> {
        let used: BTreeSet<&String> = operations
            .iter()
            .flat_map(|operation| &operation.security)
            .flat_map(|requirement| requirement.schemes.iter().map(|(name, _)| name))
            .collect();
        let at = root.child("components").child("securitySchemes");
        used.into_iter()
            .filter(|name| self.sources.find(&at.child(name)).is_some())
            .filter_map(|name| Some((name.clone(), self.security_scheme(name, &at.child(name))?)))
            .collect()
    }

    fn security_scheme(&mut self, name: &str, at: &Location) -> Option<SecurityScheme> {
        let source = self.follow(at)?;
        let description: Description = self.read(&source, &Shape::SECURITY_SCHEME)?;
        let (kind, text) = match description {
            Description::APIKey { location, name, description, .. } => {
                let kind = match location {
                    APIKeyLocation::Header => SecurityKind::Header(name),
                    APIKeyLocation::Query => SecurityKind::Query(name),
                    APIKeyLocation::Cookie => SecurityKind::Cookie(name),
                };
                (kind, description)
            }
            Description::HTTP { scheme, description, .. } => {
                let kind = match scheme.to_ascii_lowercase().as_str() {
                    "bearer" => SecurityKind::Bearer,
                    "basic" => SecurityKind::Basic,
                    other => SecurityKind::Http(other.to_owned()),
                };
                (kind, description)
            }
            Description::OAuth2 { description, .. } | Description::OpenIDConnect { description, .. } => {
                (SecurityKind::Bearer, description)
            }
        };
        Some(SecurityScheme {
            name: name.to_owned(),
            kind,
            docs: Docs { description: text, ..Docs::default() },
            source,
        })
    }
}
