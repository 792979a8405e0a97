//! Signatures of webhooks: HMAC with SHA-256.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::Sha256;

use crate::runtime::auth::Secret;
use crate::runtime::time::{SystemTime, UNIX_EPOCH};
use crate::runtime::webhook::{Cause, WebhookError};

/// Facts about the signature of a webhook.
#[derive(Debug)]
pub(crate) struct Signature {
    /// Header with the signature, or with several separated by commas.
    pub(crate) header: &'static str,
    /// Text before the signature.
    pub(crate) prefix: &'static str,
    pub(crate) encoding: Encoding,
    /// Parts of the text that is signed.
    pub(crate) signed: &'static [Signed],
    /// Header with the time of the request in seconds since 1970, and the greatest distance from the present.
    pub(crate) timestamp: Option<(&'static str, Duration)>,
}

/// Encoding of a signature.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "an API uses one of them")]
pub(crate) enum Encoding {
    Hex,
    Base64,
}

/// Part of the text that is signed.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "an API need not use all of them")]
pub(crate) enum Signed {
    Text(&'static str),
    Timestamp,
    Body,
}

/// Verifies the signature of a request. The comparison takes the same time for all wrong signatures.
pub(crate) fn verify_webhook(
    signature: &Signature,
    secret: &Secret,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), WebhookError> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let timestamp = match signature.timestamp {
        None => "",
        Some((header, tolerance)) => {
            let timestamp = text(header).ok_or(Cause::Signature("has no timestamp"))?;
            if !is_recent(timestamp, tolerance) {
                return Err(Cause::Signature("is not of the present").into());
            }
            timestamp
        }
    };
    // A key of any length is accepted.
    let keyed = Hmac::<Sha256>::new_from_slice(secret.bytes());
    let mut mac = keyed.map_err(|_| Cause::Signature("has an invalid key"))?;
    for part in signature.signed {
        mac.update(match part {
            Signed::Text(text) => text.as_bytes(),
            Signed::Timestamp => timestamp.as_bytes(),
            Signed::Body => body,
        });
    }
    let given = text(signature.header).ok_or(Cause::Signature("is missing"))?;
    let candidates = given.split(',').filter_map(|one| signature.decoded(one.trim()));
    let mut is_right = false;
    for candidate in candidates {
        is_right |= mac.clone().verify_slice(&candidate).is_ok();
    }
    if is_right { Ok(()) } else { Err(Cause::Signature("is wrong").into()) }
}

impl Signature {
    fn decoded(&self, text: &str) -> Option<Vec<u8>> {
        let text = text.strip_prefix(self.prefix)?;
        match self.encoding {
            Encoding::Base64 => BASE64_STANDARD.decode(text).ok(),
            Encoding::Hex => from_hex(text),
        }
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high << 4 | low),
        _ => None,
    });
    bytes.collect()
}

fn is_recent(timestamp: &str, tolerance: Duration) -> bool {
    let Ok(seconds) = timestamp.parse() else { return false };
    let Some(time) = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) else { return false };
    let now = SystemTime::now();
    let distance = now.duration_since(time).or_else(|_| time.duration_since(now));
    distance.is_ok_and(|distance| distance <= tolerance)
}
