//! Signatures of webhooks (`x-webhook-signature`).

use super::{Fields, Lowering};
use crate::diagnostic::Location;
use crate::ir::{Signature, SignatureEncoding, SignatureTime, SignedPart};

/// Placeholders of what is signed.
const PLACEHOLDERS: [(&str, SignedPart); 2] =
    [("{timestamp}", SignedPart::Timestamp), ("{body}", SignedPart::Body)];

impl Lowering<'_> {
    /// Reads the signature of the requests of a webhook:
    ///
    /// ```yaml
    /// x-webhook-signature:
    ///   header: X-Signature
    ///   algorithm: hmac-sha256
    ///   encoding: hex                 # or `base64`
    ///   prefix: sha256=               # by default none
    ///   signed: "{timestamp}.{body}"  # by default the body
    ///   timestamp: X-Timestamp        # header with seconds since 1970
    ///   tolerance: 300                # seconds
    /// ```
    pub(super) fn signature(&mut self, operation: &Location) -> Option<Signature> {
        let at = operation.child("x-webhook-signature");
        self.sources.find(&at)?;
        let fields = self.fields(&at);
        let header = self.header_name(&at, fields, "header");
        if header.is_none() && fields.text("header").is_none() {
            self.error(&at, "expected `header`, the name of a header, found none");
        }
        if fields.text("algorithm").as_deref() != Some("hmac-sha256") {
            self.error(&at, "expected the `algorithm` `hmac-sha256`, found none or another one");
        }
        let encoding = match fields.text("encoding").as_deref() {
            Some("hex") => Some(SignatureEncoding::Hex),
            Some("base64") => Some(SignatureEncoding::Base64),
            _ => {
                self.error(&at, "expected the `encoding` `hex` or `base64`, found none or another one");
                None
            }
        };
        let signed = signed(&fields.text("signed").unwrap_or_else(|| "{body}".to_owned()));
        let timestamp = self.signature_time(&at, fields);
        if !signed.contains(&SignedPart::Body) {
            self.error(&at.child("signed"), "expected a text with `{body}`, found none");
        }
        if signed.contains(&SignedPart::Timestamp) != timestamp.is_some() {
            let message = "expected both `timestamp` and `{timestamp}` in `signed`, found one of them";
            self.error(&at, message);
        }
        let prefix = fields.text("prefix").unwrap_or_default();
        Some(Signature { header: header?, prefix, encoding: encoding?, signed, timestamp })
    }

    fn signature_time(&mut self, at: &Location, fields: Fields<'_>) -> Option<SignatureTime> {
        fields.get("timestamp")?;
        let header = self.header_name(at, fields, "timestamp");
        let tolerance = fields.count("tolerance");
        if tolerance.is_none() {
            self.error(at, "expected a `tolerance` in seconds beside `timestamp`, found none");
        }
        Some(SignatureTime { header: header?, tolerance: tolerance? })
    }

    fn header_name(&mut self, at: &Location, fields: Fields<'_>, field: &str) -> Option<String> {
        let name = fields.text(field)?;
        if http::HeaderName::from_bytes(name.as_bytes()).is_ok() {
            return Some(name);
        }
        self.error(&at.child(field), format!("expected the name of a header, found `{name}`"));
        None
    }
}

/// Splits the text that is signed at its placeholders.
fn signed(text: &str) -> Vec<SignedPart> {
    let mut parts = Vec::new();
    let mut rest = text;
    let next = |rest: &str| {
        let found =
            PLACEHOLDERS.iter().filter_map(|(name, part)| Some((rest.find(name)?, *name, part.clone())));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, name, part)) = next(rest) {
        if at > 0 {
            parts.push(SignedPart::Text(rest[..at].to_owned()));
        }
        parts.push(part);
        rest = &rest[at + name.len()..];
    }
    if !rest.is_empty() {
        parts.push(SignedPart::Text(rest.to_owned()));
    }
    parts
}
