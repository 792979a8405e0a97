//! Calls: what operations become.

use super::ident::Scope;
use super::limits::limits;
use super::names::{Names, report_number};
use super::reserved::is_reserved;
use super::{Call, CredentialId, Envelope, Name, PartId, Planner, Replacement, Reply, Retirement, ServerId};
use crate::ir::{self, Operation, Safety, SecurityKind, SecurityRequirement, SecurityScheme};

/// Names of a call, and the part it belongs to.
struct Place {
    method: Name,
    name: Name,
    part: Option<PartId>,
}

impl Planner<'_, '_> {
    /// Plans the calls, in the order of their identifiers. `servers` are those of the operations.
    pub(super) fn calls(&mut self, servers: &[Option<ServerId>]) -> Option<Vec<Call>> {
        let operations = &self.api.operations;
        let (mut methods, mut names) = (Names::Methods.scope(), Names::Calls.scope());
        let places: Vec<_> = operations
            .iter()
            .enumerate()
            .map(|(index, operation)| self.place(index, operation, &mut methods, &mut names))
            .collect();
        let calls: Vec<_> = servers
            .iter()
            .enumerate()
            .map(|(index, server)| self.call(index, &places, *server, &mut names))
            .collect();
        calls.into_iter().collect()
    }

    fn place(
        &mut self,
        index: usize,
        operation: &Operation,
        methods: &mut Scope,
        names: &mut Scope,
    ) -> Place {
        let wanted = operation.alias.as_ref().unwrap_or(&operation.id);
        let method = methods.snake(wanted);
        let alone = || Names::Methods.scope().snake(wanted);
        report_number(&method, alone, wanted, &operation.source, self.diagnostics);
        Place { method, name: names.camel(wanted), part: self.facts.parts.of_operation(index) }
    }

    fn call(
        &mut self,
        index: usize,
        places: &[Place],
        server: Option<ServerId>,
        names: &mut Scope,
    ) -> Option<Call> {
        let api = self.api;
        let operation = &api.operations[index];
        let Place { method, name, part } = &places[index];
        let inputs = self.inputs(operation);
        let enum_name = || names.camel(&format!("{}Outcome", name.plain()));
        let reply = self.reply(operation, enum_name);
        let key = self.idempotency_key(operation);
        key?;
        let ((inputs, body, other_bodies), (successes, reply, stream)) = (inputs?, reply?);
        let call = Call {
            id: operation.id.clone(),
            method: method.clone(),
            name: name.clone(),
            part: *part,
            http_method: operation.method.clone(),
            path: operation.path.clone(),
            query: operation.query.clone(),
            server,
            docs: operation.docs.clone(),
            deprecated: operation.deprecated,
            retirement: self.retirement(operation, *part, places),
            limits: limits(&inputs),
            inputs,
            body,
            other_bodies,
            follows_redirects: follows_redirects(operation, &reply),
            reply,
            stream,
            envelope: operation.envelope.as_ref().map(envelope),
            successes,
            failures: operation.failures().map(|response| response.status).collect(),
            decoder: self.facts.errors.of_operation(index),
            paging: None,
            security: operation.security.iter().map(|requirement| self.credentials_of(requirement)).collect(),
            scopes: operation.scopes.clone(),
            safety: operation.safety,
            idempotency_key: operation.idempotency_key.clone(),
            rate_limit: operation.rate_limit,
            source: operation.source.clone(),
        };
        self.with_pages(operation, call)
    }

    /// Refuses an idempotency key that would replace a header of HTTP or a credential.
    fn idempotency_key(&mut self, operation: &Operation) -> Option<()> {
        let Some(header) = &operation.idempotency_key else { return Some(()) };
        let is_taken = |scheme: &SecurityScheme| match &scheme.kind {
            SecurityKind::Header(name) => name.eq_ignore_ascii_case(header),
            _ => false,
        };
        let at = operation.source.child("x-idempotency-key");
        if is_reserved(header) || header.eq_ignore_ascii_case("cookie") {
            return self
                .refuse(&at, &format!("an idempotency key in the header `{header}`, which the client sets"));
        }
        if self.api.security_schemes.values().any(is_taken) {
            return self.refuse(&at, "an idempotency key in the header of a credential");
        }
        Some(())
    }

    fn credentials_of(&self, requirement: &SecurityRequirement) -> Vec<CredentialId> {
        let schemes = requirement.schemes.iter();
        // A scheme that is not declared has been reported.
        schemes
            .filter_map(|(name, _)| self.api.security_schemes.keys().position(|known| known == name))
            .collect()
    }

    fn retirement(
        &self,
        operation: &Operation,
        part: Option<PartId>,
        places: &[Place],
    ) -> Option<Retirement> {
        let deprecation = operation.deprecation.as_ref()?;
        let method_of = |id: &str| {
            let other = self.api.operations.iter().position(|other| other.id == id)?;
            // Another part may not be compiled.
            (places[other].part == part).then(|| places[other].method.clone())
        };
        let replacement = deprecation.replacement.as_ref();
        Some(Retirement {
            degradation: deprecation.degradation.clone(),
            shutdown: deprecation.shutdown.clone(),
            replacement: replacement.map(|id| Replacement { id: id.clone(), method: method_of(id) }),
        })
    }
}

/// Returns `true` if redirects are declared beside a success, and the request only reads. Other requests are sent once.
fn follows_redirects(operation: &Operation, reply: &Reply) -> bool {
    let only_reads = operation.safety == Safety::ReadOnly
        && matches!(operation.method.as_str(), "GET" | "HEAD")
        && !matches!(reply, Reply::Redirect);
    only_reads && operation.responses.iter().any(|response| response.status.is_redirect())
}

fn envelope(envelope: &ir::Envelope) -> Envelope {
    let failure = envelope.failure.as_ref();
    Envelope {
        result: envelope.result.clone(),
        failure: failure.map(|failure| (failure.property.clone(), failure.value.clone())),
    }
}
