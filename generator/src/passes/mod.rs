//! Passes over the IR, each named for what it changes, in the order in which they run.

mod documentation;
mod error_bodies;
pub(crate) mod markdown;
mod paging;
mod reach;
mod responses;
mod results;

use crate::diagnostic::Diagnostics;
use crate::dialect::Dialect;
use crate::ir::{Api, Direction};

/// Prepares an API for planning.
pub fn run(api: &mut Api, dialect: &dyn Dialect, diagnostics: &mut Diagnostics) {
    documentation::clean(api, dialect);
    // An application reads no response of a webhook.
    if api.direction == Direction::Outgoing {
        responses::clean(api, diagnostics);
        results::unwrap(api, dialect, diagnostics);
        error_bodies::merge(api);
        paging::find(api, dialect);
    }
    reach::prune(api);
}
