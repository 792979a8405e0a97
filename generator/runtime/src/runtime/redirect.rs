//! Redirects of requests that only read, to URLs of the same origin.

use http::header::LOCATION;
use http::{HeaderMap, Uri};
use url::Url;

use crate::runtime::request::Request;

impl Request<'_> {
    /// Follows redirects to URLs of the same origin. The request has to be one that only reads: its target gets it too, with
    /// the credentials.
    pub(crate) fn follow_redirects(&mut self) {
        self.redirects = Some(target);
    }
}

/// Returns the target of a redirect, if it has the origin of the request.
fn target(uri: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let own = Url::parse(&uri.to_string()).ok()?;
    let mut url = own.join(location).ok()?;
    // A server behind a proxy may not know that it is called by HTTPS.
    if url.scheme() == "http" && own.scheme() == "https" && url.port().is_none() {
        url.set_scheme("https").ok()?;
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.origin() != own.origin() || has_user {
        return None;
    }
    url.set_fragment(None);
    Uri::try_from(url.as_str()).ok()
}

#[cfg(test)]
mod tests {
    use http::header::LOCATION;
    use http::{HeaderMap, HeaderValue, Uri};

    use super::target;

    fn followed(from: &str, location: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(location))]);
        target(&from.parse::<Uri>().unwrap(), &headers).map(|uri| uri.to_string())
    }

    #[test]
    fn target_of_the_same_origin_is_followed() {
        let from = "https://api.example.com/v1/repos/old?page=2";
        for (location, expected) in [
            ("/v1/repos/new", "https://api.example.com/v1/repos/new"),
            ("new?page=2#top", "https://api.example.com/v1/repos/new?page=2"),
            ("https://api.example.com:443/7", "https://api.example.com/7"),
            ("http://api.example.com/7", "https://api.example.com/7"),
        ] {
            assert_eq!(followed(from, location).as_deref(), Some(expected), "{location}");
        }
    }

    #[test]
    fn target_elsewhere_is_not_followed() {
        let from = "https://api.example.com/v1/repos/old";
        for location in [
            "https://example.com/7",
            "//api.example.com.evil.example/7",
            "https://api.example.com:8443/7",
            "https://user:secret@api.example.com/7",
            "https://[/7",
        ] {
            assert_eq!(followed(from, location), None, "{location}");
        }
        assert_eq!(target(&from.parse::<Uri>().unwrap(), &HeaderMap::new()), None);
    }
}
