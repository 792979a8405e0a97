//! Passes over the IR, each named for what it adds, in the order in which they run.

mod direction;
mod documentation;
mod error_set;
mod ident;
mod input;
pub(crate) mod markdown;
mod modules;
mod naming;
mod paging;
mod presence;
mod recursion;
mod support;

use crate::diagnostic::Diagnostics;
use crate::ir::Api;

/// Completes an API for rendering. What cannot be rendered is an error.
pub fn run(api: &mut Api, diagnostics: &mut Diagnostics) {
    documentation::clean(api);
    direction::mark_usage(api);
    presence::derive(api);
    recursion::box_cycles(api);
    error_set::collect(api);
    modules::divide(api);
    input::derive(api);
    paging::find(api, diagnostics);
    naming::assign(api, diagnostics);
    support::check(api, diagnostics);
}
