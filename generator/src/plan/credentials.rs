//! Credentials that the builder of a client takes.

use super::names::Names;
use super::{Carrier, Credential, Planner};
use crate::ir::{SecurityKind, SecurityScheme};

impl Planner<'_, '_> {
    pub(super) fn credentials(&mut self) -> Option<Vec<Credential>> {
        let (mut setters, mut constants) = (Names::Setters.scope(), Names::Constants.scope());
        let schemes: Vec<_> = self.api.security_schemes.values().collect();
        let credentials = schemes.into_iter().map(|scheme| {
            let SecurityScheme { name, kind, docs, source } = scheme;
            let is_token = name.to_lowercase().ends_with("token");
            let setter = match kind {
                SecurityKind::Bearer if !is_token => setters.snake(&format!("{name}-token")),
                _ => setters.snake(name),
            };
            let provider = (*kind == SecurityKind::Bearer)
                .then(|| setters.snake(&format!("{}-provider", setter.plain())));
            Some(Credential {
                scheme: name.clone(),
                setter,
                provider,
                constant: constants.shouty(name),
                carrier: self.carrier(scheme)?,
                docs: docs.clone(),
                source: source.clone(),
            })
        });
        let credentials: Vec<_> = credentials.collect();
        credentials.into_iter().collect()
    }

    fn carrier(&mut self, scheme: &SecurityScheme) -> Option<Carrier> {
        Some(match &scheme.kind {
            SecurityKind::Bearer => Carrier::Bearer,
            SecurityKind::Basic => Carrier::Basic,
            SecurityKind::Header(name) => Carrier::Header(name.clone()),
            SecurityKind::Query(name) => Carrier::Query(name.clone()),
            SecurityKind::Cookie(name) => Carrier::Cookie(name.clone()),
            SecurityKind::Http(name) => {
                return self.refuse(&scheme.source, &format!("the HTTP authentication scheme `{name}`"));
            }
        })
    }
}
