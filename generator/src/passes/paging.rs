//! Finds lists that come in pages by the convention of the vendor's, where the description does not say so.

use crate::dialect::Dialect;
use crate::ir::Api;

pub(super) fn find(api: &mut Api, dialect: &dyn Dialect) {
    let found: Vec<_> = api.operations.iter().map(|operation| dialect.paging(api, operation)).collect();
    for (operation, found) in api.operations.iter_mut().zip(found) {
        operation.paging = operation.paging.take().or(found);
    }
}
