//! Positions in lists whose pages have no tokens: numbers, offsets and URLs.

use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher as _};

use http::HeaderMap;
use http::header::LINK;
use url::Url;

use crate::runtime::request::{Problem, Request};

/// Position of the requested page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    /// Number or URL of the page; `None` for the page that the inputs of the call say.
    token: Option<String>,
    /// Hash of the page before, since a server may return its last page for every higher number.
    before: Option<u64>,
}

impl Position {
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub(crate) fn turn_to(&mut self, token: String) {
        self.token = Some(token);
    }

    /// Returns the number of the next page, unless the page has no items or equals the page before.
    pub(crate) fn next_page<N: TryInto<i128> + TryFrom<i128>>(
        &mut self,
        number: Option<N>,
        first: i128,
        items: usize,
        page: &impl fmt::Debug,
    ) -> Option<String> {
        self.next_number(number, first, usize::from(items > 0), page)
    }

    /// Returns the number of items before the next page, unless the page has no items or equals the page before.
    pub(crate) fn next_offset<N: TryInto<i128> + TryFrom<i128>>(
        &mut self,
        offset: Option<N>,
        first: i128,
        items: usize,
        page: &impl fmt::Debug,
    ) -> Option<String> {
        self.next_number(offset, first, items, page)
    }

    fn next_number<N: TryInto<i128> + TryFrom<i128>>(
        &mut self,
        number: Option<N>,
        first: i128,
        step: usize,
        page: &impl fmt::Debug,
    ) -> Option<String> {
        let hash = Some(hash(page));
        let is_repeated = std::mem::replace(&mut self.before, hash) == hash;
        if step == 0 || is_repeated {
            return None;
        }
        let number = number.map_or(Some(first), |number| number.try_into().ok())?;
        let next = number + i128::try_from(step).ok()?;
        // A number that the parameter cannot have is not requested.
        N::try_from(next).ok().map(|_| next.to_string())
    }

    /// Returns the URL of the next page in the header `Link`.
    #[expect(clippy::unused_self, reason = "all ways to the next page are methods")]
    pub(crate) fn next_link(&self, headers: &HeaderMap) -> Option<String> {
        headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
    }
}

impl Request<'_> {
    /// Requests the URL of a position, if it is one: an absolute URL or one relative to that of the operation. Credentials
    /// are sent to it, so it has to be of the same origin.
    pub(crate) fn follow(&mut self, position: &Position) {
        let Some(target) = position.token() else { return };
        let path = self.filled_path();
        let own = format!("{}{path}", self.base_url);
        match Url::parse(&own).and_then(|own| Ok((own.join(target)?, own))) {
            Ok((url, own)) => self.follow_url(url, &own),
            Err(error) => {
                let problem = format!("the URL of the page cannot be read: {error}");
                self.problem(Problem::Unbuildable(problem));
            }
        }
    }

    fn follow_url(&mut self, mut url: Url, own: &Url) {
        // A server behind a proxy may not know that it is called by HTTPS.
        if url.scheme() == "http" && own.scheme() == "https" && url.port().is_none() {
            let _ = url.set_scheme("https");
        }
        if url.origin() != own.origin() {
            let problem = format!(
                "the URL of the page has the origin {}, not {}",
                url.origin().ascii_serialization(),
                own.origin().ascii_serialization()
            );
            self.problem(Problem::Unbuildable(problem));
            return;
        }
        url.query().unwrap_or_default().clone_into(&mut self.query);
        self.followed = Some(format!("{}{}", url.origin().ascii_serialization(), url.path()));
    }
}

/// Computes the hash of a page from its debug text, which is not kept.
fn hash(page: &impl fmt::Debug) -> u64 {
    struct Hashed(DefaultHasher);
    impl fmt::Write for Hashed {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut hashed = Hashed(DefaultHasher::new());
    // Hashing cannot fail.
    let _ = write!(hashed, "{page:?}");
    hashed.0.finish()
}

/// Returns the target of the first link to the next page in a header `Link` (RFC 8288, section 3).
fn next_of(header: &str) -> Option<String> {
    let mut rest = header;
    loop {
        let (_, link) = rest.split_once('<')?;
        let (target, parameters) = link.split_once('>')?;
        let end = end_of_link(parameters);
        let (parameters, others) = parameters.split_at(end);
        if is_next(parameters) {
            return Some(target.trim().to_owned());
        }
        rest = others;
    }
}

/// Returns the length of the parameters of a link: up to a comma outside of quotes.
fn end_of_link(parameters: &str) -> usize {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, letter) in parameters.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => return at,
            _ => {}
        }
    }
    parameters.len()
}

/// Returns `true` if the parameters of a link have the relation `next` to this page. An `anchor` names another page.
fn is_next(parameters: &str) -> bool {
    let mut relation = None;
    for parameter in parameters.split(';') {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "anchor" => return false,
            // Only the first one counts.
            "rel" => drop(relation.get_or_insert(value.trim().trim_matches('"'))),
            _ => {}
        }
    }
    let words = relation.unwrap_or_default().split_ascii_whitespace();
    words.into_iter().any(|word| word.eq_ignore_ascii_case("next"))
}
