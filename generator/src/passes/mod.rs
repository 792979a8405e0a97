//! Passes over the IR, each named for what it changes, in the order in which they run.

mod choices;
mod documentation;
mod error_bodies;
pub(crate) mod markdown;
mod paging;
mod reach;
mod responses;
mod results;

use crate::diagnostic::Diagnostics;
use crate::dialect::Conventions;
use crate::ir::{Api, Direction};

/// Prepares an API for planning.
pub fn run(api: &mut Api, conventions: &Conventions, diagnostics: &mut Diagnostics) {
    let dialect = conventions.dialect;
    documentation::clean(api, dialect);
    // An application reads no response of a webhook.
    if api.direction == Direction::Outgoing {
        responses::clean(api, diagnostics);
        results::unwrap(api, dialect, diagnostics);
        error_bodies::merge(api);
        paging::find(api, dialect);
    }
    choices::apply(api, &conventions.types);
    reach::prune(api);
}
