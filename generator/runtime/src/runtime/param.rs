//! Values of path, query, header and cookie parameters.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// A value that a parameter can carry: text, or none, or several.
///
/// None ([`Option`]) and empty lists send nothing.
pub(crate) trait Param {
    /// Gives each text of the value to `each`, in order.
    fn texts(&self, each: &mut dyn FnMut(&str));
}

/// Everything but the characters that mean nothing special anywhere in a URL (RFC 3986, section 2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Bytes that have to be encoded in a path (RFC 3986, section 3.3), beside `%`.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Appends the literal text of a path template, percent-encoded. What is encoded already stays as it is; any other `%`
/// is encoded too.
pub(crate) fn push_path(to: &mut String, literal: &str) {
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('%') {
        to.extend(utf8_percent_encode(before, NOT_IN_PATH));
        let digits = after.as_bytes().get(..2);
        let is_encoded = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        to.push_str(if is_encoded { "%" } else { "%25" });
        rest = after;
    }
    to.extend(utf8_percent_encode(rest, NOT_IN_PATH));
}

/// Appends text, percent-encoded.
pub(crate) fn push_encoded(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends `name=value` to a query. It reads the same for those who take `+` for a space and those who do
/// not.
pub(crate) fn push_pair(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    push_encoded(query, name);
    query.push('=');
    push_encoded(query, value);
}

/// Joins all texts of a value, as OpenAPI's style `simple` does.
pub(crate) fn comma_separated(value: &dyn Param) -> Option<String> {
    let mut joined: Option<String> = None;
    value.texts(&mut |text| match &mut joined {
        None => joined = Some(text.to_owned()),
        Some(joined) => {
            joined.push(',');
            joined.push_str(text);
        }
    });
    joined
}

impl Param for str {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(self);
    }
}

impl Param for String {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(self);
    }
}

impl<P: Param + ?Sized> Param for &P {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        (**self).texts(each);
    }
}

impl<P: Param> Param for Option<P> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.texts(each);
        }
    }
}

impl<P: Param> Param for [P] {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        for value in self {
            value.texts(each);
        }
    }
}

impl<P: Param> Param for Vec<P> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        self.as_slice().texts(each);
    }
}

/// RFC 3339.
impl<Z: TimeZone> Param for DateTime<Z> {
    fn texts(&self, each: &mut dyn FnMut(&str)) {
        each(&self.to_rfc3339());
    }
}

macro_rules! displayed {
    ($($type:ty),+) => {$(
        impl Param for $type {
            fn texts(&self, each: &mut dyn FnMut(&str)) {
                each(&self.to_string());
            }
        }
    )+};
}

displayed!(bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, NaiveDate, NaiveTime);
