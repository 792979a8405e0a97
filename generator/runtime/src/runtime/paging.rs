//! Pages of a list.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use crate::runtime::body::BoxFuture;
use crate::runtime::error::Error;
use crate::runtime::response::Response;

/// Call that returns one page of a list. Only generated calls implement it.
pub trait Paged: Clone + Send + Unpin + 'static {
    /// Type of a page.
    type Page: Send + Unpin;
    /// Type of an item.
    type Item: Unpin;

    /// Sends the call.
    fn fetch(self) -> BoxFuture<'static, PageResult<Self>>;
    /// Returns the token of the requested page; `None` for the first page.
    fn token(&self) -> Option<&str>;
    /// Sets the token of the requested page.
    fn set_token(&mut self, token: String);
    /// Returns the token in a page of the next one.
    fn next_token(page: &Self::Page) -> Option<&str> {
        let _ = page;
        None
    }
    /// Returns the token of the page after this one; by default, the token in the page.
    fn next(&mut self, page: &Response<Self::Page>) -> Option<String> {
        Self::next_token(page).map(str::to_owned)
    }
    /// Returns the items of a page.
    fn into_items(page: Self::Page) -> Option<Vec<Self::Item>>;
}

/// Result of requesting a page.
pub(crate) type PageResult<C> = Result<Response<<C as Paged>::Page>, Error>;

/// Pages of a list: a stream that holds one page in memory. All settings of the call, the size of a page included,
/// apply to every request.
///
/// The stream ends when the server names no next page, or an empty token. Pagination also stops when the server
/// repeats a page token. After an error the stream ends, too; [`token`](Self::token) is then the page that failed,
/// for a new call to continue from.
#[must_use = "no page is asked for until a stream is polled"]
pub struct Pages<C: Paged> {
    call: C,
    state: State<C>,
    tokens: Tokens,
    /// Token of the last returned page.
    given: Option<String>,
}

enum State<C: Paged> {
    Ready,
    Fetching(BoxFuture<'static, PageResult<C>>),
    Done,
}

impl<C: Paged> Pages<C> {
    pub(crate) fn new(call: C) -> Self {
        let tokens = Tokens { kept: call.token().map(str::to_owned), ..Tokens::default() };
        Self { call, state: State::Ready, tokens, given: None }
    }

    /// Returns the next page; `None` at the end.
    ///
    /// # Errors
    /// The page could not be requested or read. The stream then ends.
    pub async fn try_next(&mut self) -> Result<Option<Response<C::Page>>, Error> {
        poll_fn(|cx| self.poll_page(cx)).await.transpose()
    }

    /// Returns the next page, in code that is not async; `None` at the end.
    ///
    /// # Errors
    /// The page could not be requested or read. The stream then ends.
    #[cfg(feature = "blocking")]
    pub fn try_next_blocking(&mut self) -> Result<Option<Response<C::Page>>, Error>
    where
        C: Sync,
    {
        crate::runtime::block_on(self.try_next())
    }

    /// Returns the token of the next page or, after an error, of the page that failed; `None` for the first page. At
    /// the end, it is the token of the last page.
    pub fn token(&self) -> Option<&str> {
        self.call.token()
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<PageResult<C>>> {
        loop {
            match &mut self.state {
                State::Done => return Poll::Ready(None),
                State::Ready => self.state = State::Fetching(self.call.clone().fetch()),
                State::Fetching(fetching) => {
                    let result = ready!(fetching.as_mut().poll(cx));
                    self.state = match &result {
                        Ok(page) if self.turn_to_page_after(page) => State::Ready,
                        _ => State::Done,
                    };
                    return Poll::Ready(Some(result));
                }
            }
        }
    }

    /// Turns to the next page. Returns `false` at the end.
    fn turn_to_page_after(&mut self, page: &Response<C::Page>) -> bool {
        self.given = self.call.token().map(str::to_owned);
        match self.call.next(page) {
            Some(token)
                if !token.is_empty() && self.given.as_ref() != Some(&token) && self.tokens.is_new(&token) =>
            {
                self.call.set_token(token);
                true
            }
            _ => false,
        }
    }
}

impl<C: Paged> Stream for Pages<C> {
    type Item = PageResult<C>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

impl<C: Paged + fmt::Debug> fmt::Debug for Pages<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).finish_non_exhaustive()
    }
}

/// Items of all pages of a list. See [`Pages`] for the end of the stream.
#[must_use = "no page is asked for until a stream is polled"]
pub struct Items<C: Paged> {
    pages: Pages<C>,
    items: vec::IntoIter<C::Item>,
}

impl<C: Paged> Items<C> {
    pub(crate) fn new(call: C) -> Self {
        Self { pages: Pages::new(call), items: Vec::new().into_iter() }
    }

    /// Returns the next item; `None` at the end.
    ///
    /// # Errors
    /// The next page could not be requested or read. The stream then ends.
    pub async fn try_next(&mut self) -> Result<Option<C::Item>, Error> {
        poll_fn(|cx| self.poll_item(cx)).await.transpose()
    }

    /// Returns the next item, in code that is not async; `None` at the end.
    ///
    /// # Errors
    /// The next page could not be requested or read. The stream then ends.
    #[cfg(feature = "blocking")]
    pub fn try_next_blocking(&mut self) -> Result<Option<C::Item>, Error>
    where
        C: Sync,
        C::Item: Send,
    {
        crate::runtime::block_on(self.try_next())
    }

    /// Returns the token of the page from which a new call misses no item: the page of the current items, the next
    /// page or, after an error, the page that failed. `None` is the first page.
    pub fn token(&self) -> Option<&str> {
        if self.items.as_slice().is_empty() { self.pages.token() } else { self.pages.given.as_deref() }
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<C::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.items = C::into_items(page.into_inner()).unwrap_or_default().into_iter();
                }
            }
        }
    }
}

impl<C: Paged> Stream for Items<C> {
    type Item = Result<C::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<C: Paged + fmt::Debug> fmt::Debug for Items<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// Detection of repeated tokens, without keeping all of them: Brent's algorithm compares each token with an earlier
/// one, which is replaced at growing intervals.
#[derive(Default)]
struct Tokens {
    kept: Option<String>,
    /// Number of tokens after the kept one.
    since: u64,
    /// Number of tokens after which another one is kept.
    interval: u64,
}

impl Tokens {
    fn is_new(&mut self, token: &str) -> bool {
        if self.kept.as_deref() == Some(token) {
            return false;
        }
        self.since += 1;
        if self.since > self.interval {
            self.kept = Some(token.to_owned());
            self.since = 0;
            self.interval = self.interval * 2 + 1;
        }
        true
    }
}
