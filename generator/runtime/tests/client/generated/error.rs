//! The errors of the operations, typed by status.

use crate::runtime::{StatusCode, error_body};
use crate::types::{ApiClientDataErrorResponse, ApiLimitErrorResponse, ApiNotFoundErrorResponse};

/// Why a call failed.
pub type Error = crate::runtime::Error<ErrorBody>;

/// An answer that reports an error.
pub type ApiError = crate::runtime::ApiError<ErrorBody>;

/// The body of an answer that reports an error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ErrorBody {
    /// 400
    BadRequest(ApiClientDataErrorResponse),
    /// 404
    NotFound(ApiNotFoundErrorResponse),
    /// 420
    Status420(ApiLimitErrorResponse),
    /// A status that the description does not declare, or a body that it does not promise for its status.
    Other,
}

pub(crate) fn decode(status: StatusCode, body: &[u8]) -> ErrorBody {
    let body = match status.as_u16() {
        400 => error_body(body, ErrorBody::BadRequest),
        404 => error_body(body, ErrorBody::NotFound),
        420 => error_body(body, ErrorBody::Status420),
        _ => None,
    };
    body.unwrap_or(ErrorBody::Other)
}
