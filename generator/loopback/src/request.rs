//! Recorded requests.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

/// A request as it came over the wire, its body without the framing.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// All headers, in order.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Recorded {
    /// Returns the path as sent.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// Returns names and values of the query, by the WHATWG's URL standard: `+` is a space.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// Returns the value of a header.
    ///
    /// # Panics
    /// The request has several values.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "the header {name} came more than once");
        value
    }

    /// Returns the content as JSON.
    ///
    /// # Panics
    /// The content is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }

    /// Returns the parts of a form.
    ///
    /// # Panics
    /// The content is not a well-formed form.
    pub async fn parts(&self) -> Vec<Part> {
        let boundary =
            multer::parse_boundary(self.header("content-type").expect("a content type")).expect("a boundary");
        let mut form = multer::Multipart::new(Once(Some(Bytes::from(self.body.clone()))), boundary);
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await.expect("a well-formed part") {
            let header = |name| Some(field.headers().get(name)?.to_str().expect("ASCII").to_owned());
            let raw = field.headers().get("content-disposition").expect("a disposition").as_bytes().to_vec();
            parts.push(Part {
                name: field.name().map(ToOwned::to_owned),
                disposition: String::from_utf8(raw).expect("UTF-8"),
                content_type: header("content-type"),
                content: field.bytes().await.expect("the part's content"),
            });
        }
        parts
    }
}

/// A part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: Option<String>,
    /// Its whole `Content-Disposition`.
    pub disposition: String,
    /// Its media type.
    pub content_type: Option<String>,
    /// Its content.
    pub content: Bytes,
}

/// A stream of one item.
struct Once(Option<Bytes>);

impl futures_core::Stream for Once {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
