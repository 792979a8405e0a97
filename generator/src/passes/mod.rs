//! Passes over the IR, each named for what it changes, in the order in which they run.

mod documentation;
pub(crate) mod markdown;
mod paging;

use crate::dialect::Dialect;
use crate::ir::Api;

/// Prepares an API for planning.
pub fn run(api: &mut Api, dialect: &dyn Dialect) {
    documentation::clean(api, dialect);
    paging::find(api, dialect);
}
