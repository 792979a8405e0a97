//! The judge of generated clients: it checks by running that types keep what the description allows, and
//! that calls say it on the wire.
//!
//! Nothing here depends on the IR. Samples are made from the description itself, and an independent validator tells which of
//! them are valid. Only the link from the place of a schema to its type in Rust comes from the generator.

mod document;
mod instance;
mod pattern;
mod round_trip;
mod sampler;
mod scalars;
mod schema;
mod scratch;
mod shape;
mod wire;

use std::path::Path;

use generator::Generated;
use generator::plan::Crate;
use generator::render::Package;

pub(crate) use round_trip::{Choice, Loss, Outcome};
pub(crate) use wire::{Fault, WireOutcome};

use self::round_trip::RoundTrips;
use self::scratch::Program;
use self::wire::{Calls, Webhooks};

/// The judges of one client, before their program runs.
#[derive(Default)]
pub(crate) struct Judges {
    types: Vec<RoundTrips>,
    calls: Option<Calls>,
    webhooks: Option<Webhooks>,
}

/// A crate, and the description that is its source.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'k> {
    pub(crate) description: &'k Path,
    pub(crate) krate: &'k Crate,
    pub(crate) package: &'k Package,
}

/// Results of the judges.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) round_trips: Option<Outcome>,
    pub(crate) wire: Option<WireOutcome>,
}

impl Judges {
    /// Adds the judges of types: those of a client and, if it has webhooks, those of their crate.
    ///
    /// # Errors
    /// A description cannot be read.
    pub(crate) fn with_types(
        mut self,
        client: Judged<'_>,
        incoming: Option<Judged<'_>>,
        choice: &Choice,
    ) -> Result<Self, String> {
        self.types.push(RoundTrips::of("judge_types", client, choice)?);
        if let Some(incoming) = incoming {
            self.types
                .push(RoundTrips::of("judge_webhook_types", incoming, choice)?.with_feature("webhooks"));
        }
        Ok(self)
    }

    /// Adds the judges of calls and, if there are any, of webhooks.
    ///
    /// # Errors
    /// A description cannot be read.
    pub(crate) fn with_wire(
        mut self,
        client: Judged<'_>,
        incoming: Option<Judged<'_>>,
        choice: &Choice,
    ) -> Result<Self, String> {
        self.calls = Some(Calls::of(client, choice)?);
        self.webhooks = incoming.map(|incoming| Webhooks::of(incoming, choice)).transpose()?;
        Ok(self)
    }

    /// Compiles one program for all judges, and runs it.
    ///
    /// # Errors
    /// The program does not compile, or does not finish.
    pub(crate) fn run(self, name: String, generated: &Generated) -> Result<Verdict, String> {
        let types = self.types.iter().map(RoundTrips::part);
        let wire = self.calls.iter().map(Calls::part).chain(self.webhooks.iter().map(Webhooks::part));
        let parts: Vec<_> = types.chain(wire).collect();
        let mut verdict = Verdict::default();
        if parts.is_empty() {
            return Ok(verdict);
        }
        let (package, files) = (&generated.package.name, &generated.files);
        let program = Program { name, package, files, parts }.build()?;
        for types in self.types {
            verdict.round_trips.get_or_insert_default().and(types.run(&program)?);
        }
        if let Some(calls) = self.calls {
            verdict.wire.get_or_insert_default().and(calls.run(&program)?);
        }
        if let Some(webhooks) = self.webhooks {
            verdict.wire.get_or_insert_default().and(webhooks.run(&program)?);
        }
        Ok(verdict)
    }
}
