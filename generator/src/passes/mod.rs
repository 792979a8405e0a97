//! Passes over the IR, each named for what it changes, in the order in which they run.

mod documentation;
pub(crate) mod markdown;
mod paging;

use crate::ir::Api;

/// Prepares an API for planning.
pub fn run(api: &mut Api) {
    documentation::clean(api);
    paging::find(api);
}
