//! Values of headers that responses declare.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset};
use http::HeaderMap;

use crate::runtime::rate_limit::parse_date;

/// Returns a header that is a text. Of several, the first one is returned.
pub(crate) fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Returns a header that is one value.
pub(crate) fn header_value<T: FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    header_text(headers, name)?.trim().parse().ok()
}

/// Returns a header that is a date: of RFC 3339, as OpenAPI has it, or of HTTP.
pub(crate) fn header_date(headers: &HeaderMap, name: &str) -> Option<DateTime<FixedOffset>> {
    parse_date(header_text(headers, name)?.trim())
}

/// Returns a header that is a list, whose elements are separated by commas or are headers of their own.
pub(crate) fn header_values<T: FromStr>(headers: &HeaderMap, name: &str) -> Option<Vec<T>> {
    if !headers.contains_key(name) {
        return None;
    }
    let texts: Option<Vec<_>> = headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
    let texts = texts?;
    let elements = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
    elements.filter(|element| !element.is_empty()).map(|element| element.parse().ok()).collect()
}
