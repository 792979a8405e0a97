//! Headers that no parameter of an operation can set.

/// Headers that belong to HTTP or to the client, in lower case. Set by a parameter, they would break the message
/// (RFC 9110, sections 6 to 8; RFC 9112, section 6), or take the place of what the client says of body and credentials.
///
/// `Cookie` is not among them: a cookie header from a parameter joins the client's own cookies.
const RESERVED: [&str; 16] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns `true` if a header, in any letter case, belongs to HTTP or to the client.
pub(crate) fn is_reserved(header: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(header))
}
