//! Credentials that the builder of a client takes.

use super::ident::Scope;
use super::names::{Names, report_number};
use super::{Carrier, Credential, Planner};
use crate::ir::{SecurityKind, SecurityScheme};

impl Planner<'_, '_> {
    pub(super) fn credentials(&mut self, setters: &mut Scope) -> Vec<Credential> {
        let mut constants = Names::Constants.scope();
        let schemes: Vec<_> = self.api.security_schemes.values().collect();
        let credentials = schemes.into_iter().map(|scheme| {
            let SecurityScheme { name, kind, docs, source } = scheme;
            let is_token = name.to_lowercase().ends_with("token");
            let wanted = match kind {
                SecurityKind::Bearer if !is_token => format!("{name}-token"),
                _ => name.clone(),
            };
            let setter = setters.snake(&wanted);
            report_number(&setter, || Names::Setters.scope().snake(&wanted), name, source, self.diagnostics);
            let provider = (*kind == SecurityKind::Bearer)
                .then(|| setters.snake(&format!("{}-provider", setter.plain())));
            Credential {
                scheme: name.clone(),
                setter,
                provider,
                constant: constants.shouty(name),
                carrier: carrier(scheme),
                docs: docs.clone(),
                source: source.clone(),
            }
        });
        credentials.collect()
    }
}

fn carrier(scheme: &SecurityScheme) -> Carrier {
    match &scheme.kind {
        SecurityKind::Bearer => Carrier::Bearer,
        SecurityKind::Basic => Carrier::Basic,
        SecurityKind::Http(scheme) => Carrier::Scheme(scheme.clone()),
        SecurityKind::Header(name) => Carrier::Header(name.clone()),
        SecurityKind::Query(name) => Carrier::Query(name.clone()),
        SecurityKind::Cookie(name) => Carrier::Cookie(name.clone()),
    }
}
