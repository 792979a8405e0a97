//! Passes over the IR, each named for what it adds, in the order in which they run.

mod direction;
mod error_set;
mod ident;
mod input;
mod naming;
mod recursion;
mod support;

pub(crate) use error_set::success;
pub(crate) use input::body_object;
pub(crate) use support::is_multipart;

use crate::diagnostic::Diagnostics;
use crate::ir::Api;

/// Completes an API for rendering. What cannot be rendered is an error.
pub fn run(api: &mut Api, diagnostics: &mut Diagnostics) {
    direction::mark_usage(api);
    recursion::box_cycles(api);
    error_set::collect(api);
    input::derive(api);
    naming::assign(api, diagnostics);
    support::check(api, diagnostics);
}
