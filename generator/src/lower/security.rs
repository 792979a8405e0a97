//! Security schemes and what operations require of them.

use std::collections::BTreeMap;

use http::HeaderName;
use serde_yaml::Value;

use super::Lowering;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::ir::{Docs, Operation, SecurityKind, SecurityRequirement, SecurityScheme};
use crate::load::Shape;

/// A security scheme that operations name.
enum Scheme {
    /// A scheme with a credential.
    Declared(SecurityScheme),
    /// A scheme of the connection instead of the request.
    Connection,
    /// A scheme that cannot be read, and the reasons.
    Broken(Diagnostics),
    /// A scheme that is not among the components.
    Undeclared,
}

impl Lowering<'_> {
    /// Returns the alternatives declared at the root or an operation, if any. Their schemes are checked later, by
    /// [`security_schemes`](Self::security_schemes).
    pub(super) fn security(&mut self, owner: &Location) -> Option<Vec<SecurityRequirement>> {
        let at = owner.child("security");
        self.sources.find(&at)?;
        let alternatives: Vec<openapiv3::SecurityRequirement> = self.read(&at, &Shape::SECURITY)?;
        let lowered = alternatives.into_iter().enumerate().map(|(index, alternative)| SecurityRequirement {
            schemes: alternative.into_iter().collect(),
            source: at.child(index),
        });
        Some(lowered.collect())
    }

    /// Returns the schemes that the operations use. Alternatives of operations that cannot be used are left out.
    pub(super) fn security_schemes(
        &mut self,
        operations: &mut [Operation],
    ) -> BTreeMap<String, SecurityScheme> {
        let mut schemes = BTreeMap::new();
        let requirements = operations.iter().flat_map(|operation| &operation.security);
        for (name, _) in requirements.flat_map(|requirement| &requirement.schemes) {
            if !schemes.contains_key(name) {
                schemes.insert(name.clone(), self.scheme(name));
            }
        }
        for operation in operations.iter_mut() {
            self.keep_usable(&mut operation.security, &schemes);
        }
        let declared = schemes.into_iter().filter_map(|(name, scheme)| match scheme {
            Scheme::Declared(scheme) => Some((name, scheme)),
            _ => None,
        });
        let is_used = |name: &String| {
            let requirements = operations.iter().flat_map(|operation| &operation.security);
            requirements.flat_map(|requirement| &requirement.schemes).any(|(used, _)| used == name)
        };
        declared.filter(|(name, _)| is_used(name)).collect()
    }

    /// Leaves out alternatives that the client cannot use. If it can use none, each is read without what is not declared.
    fn keep_usable(
        &mut self,
        alternatives: &mut Vec<SecurityRequirement>,
        schemes: &BTreeMap<String, Scheme>,
    ) {
        let is_usable = |requirement: &SecurityRequirement| {
            let mut schemes = requirement.schemes.iter().filter_map(|(name, _)| schemes.get(name));
            schemes.all(|scheme| matches!(scheme, Scheme::Declared(_) | Scheme::Connection))
        };
        let has_usable = alternatives.iter().any(is_usable);
        for requirement in alternatives.iter().filter(|requirement| !is_usable(requirement)) {
            for (name, _) in &requirement.schemes {
                self.report_unusable(name, &schemes[name], &requirement.source, has_usable);
            }
        }
        if has_usable {
            alternatives.retain(is_usable);
        }
        for requirement in alternatives {
            requirement.schemes.retain(|(name, _)| matches!(schemes[name], Scheme::Declared(_)));
        }
    }

    /// Reports a scheme of an alternative that the client cannot use.
    fn report_unusable(&mut self, name: &str, scheme: &Scheme, at: &Location, has_others: bool) {
        let at = at.child(name);
        let warning = match scheme {
            Scheme::Declared(_) | Scheme::Connection => return,
            Scheme::Broken(problems) if !has_others => {
                self.diagnostics.extend(problems.clone());
                return;
            }
            Scheme::Undeclared if !has_others => Diagnostic::warning(
                &at,
                format!("the security scheme `{name}` is not declared, so the client sends no credential for it"),
            )
            .help("declare it in `components.securitySchemes`, in an overlay for example; or users add a header"),
            Scheme::Broken(_) => Diagnostic::warning(
                &at,
                format!("the security scheme `{name}` cannot be read, so this alternative is omitted"),
            ),
            Scheme::Undeclared => Diagnostic::warning(
                &at,
                format!("the security scheme `{name}` is not declared, so this alternative is omitted"),
            ),
        };
        self.diagnostics.push(warning.at_key());
    }

    fn scheme(&mut self, name: &str) -> Scheme {
        let at = self.sources.root().child("components").child("securitySchemes").child(name);
        if self.sources.find(&at).is_none() {
            return Scheme::Undeclared;
        }
        let mut problems = Diagnostics::default();
        match self.security_scheme(name, &at, &mut problems) {
            Some(scheme) => {
                self.diagnostics.extend(problems);
                scheme
            }
            None => Scheme::Broken(problems),
        }
    }

    /// Reads a security scheme. Only the fields that say how a credential is sent matter.
    fn security_scheme(&self, name: &str, at: &Location, problems: &mut Diagnostics) -> Option<Scheme> {
        let source = problems.keep(self.sources.follow(at))?;
        self.sources.checked(&source, &Shape::SECURITY_SCHEME, problems)?;
        let fields = self.fields(&source);
        let kind = match fields.text("type")?.as_str() {
            "apiKey" => self.api_key(&source, problems)?,
            "http" => self.http(&source, problems)?,
            "mutualTLS" => {
                let message =
                    format!("the client sends no credential for `{name}`, which is a TLS certificate");
                let warning = Diagnostic::warning(&source.child("type"), message);
                problems.push(warning.help("set the identity with `ClientBuilder::reqwest`"));
                return Some(Scheme::Connection);
            }
            _ => SecurityKind::Bearer,
        };
        let docs = Docs { description: fields.text("description"), ..Docs::default() };
        Some(Scheme::Declared(SecurityScheme { name: name.to_owned(), kind, docs, source }))
    }

    fn api_key(&self, source: &Location, problems: &mut Diagnostics) -> Option<SecurityKind> {
        let name = self.required(source, "name", problems)?;
        let place = self.required(source, "in", problems)?;
        let is_token = HeaderName::try_from(&name).is_ok();
        match place.as_str() {
            "query" => return Some(SecurityKind::Query(name)),
            "header" if is_token => return Some(SecurityKind::Header(name)),
            "cookie" if is_token => return Some(SecurityKind::Cookie(name)),
            _ => {}
        }
        let message = format!("expected the name of a {place}, found `{name}`");
        problems.push(Diagnostic::error(&source.child("name"), message));
        None
    }

    fn http(&self, source: &Location, problems: &mut Diagnostics) -> Option<SecurityKind> {
        let scheme = self.required(source, "scheme", problems)?;
        Some(match scheme.to_ascii_lowercase().as_str() {
            "bearer" => SecurityKind::Bearer,
            "basic" => SecurityKind::Basic,
            // A scheme is a token, as the name of a header is.
            name if HeaderName::try_from(name).is_ok() => SecurityKind::Http(scheme),
            _ => {
                let message = format!("expected the name of an HTTP authentication scheme, found `{scheme}`");
                problems.push(Diagnostic::error(&source.child("scheme"), message));
                return None;
            }
        })
    }

    /// Returns the text of a field that a scheme of this type needs.
    fn required(&self, source: &Location, field: &str, problems: &mut Diagnostics) -> Option<String> {
        let text = self.sources.find(&source.child(field)).and_then(Value::as_str).map(str::to_owned);
        if text.is_none() {
            let message =
                format!("expected the field `{field}` in a security scheme of this type, found none");
            problems.push(Diagnostic::error(source, message).at_key());
        }
        text
    }
}
