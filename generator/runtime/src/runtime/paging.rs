//! Walks through the pages of a list.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use crate::runtime::body::BoxFuture;
use crate::runtime::error::Error;
use crate::runtime::response::Response;

/// *For generated code.* A call whose reply is one page of several.
pub trait Paged: Clone + Send + Unpin + 'static {
    /// One page.
    type Page: Send + Unpin;
    /// What pages list.
    type Item: Unpin;

    /// Sends the call.
    fn fetch(self) -> BoxFuture<'static, PageResult<Self>>;
    /// The page that it asks for; none for the first.
    fn token(&self) -> Option<&str>;
    /// Asks for another page.
    fn set_token(&mut self, token: String);
    /// The page after this one.
    fn next_token(page: &Self::Page) -> Option<&str>;
    /// What the page lists.
    fn into_items(page: Self::Page) -> Option<Vec<Self::Item>>;
}

/// A page, or why it cannot be had.
pub(crate) type PageResult<C> = Result<Response<<C as Paged>::Page>, Error>;

/// The pages of a list, one after the other: a stream that holds one page at a time. Everything set on the call, the
/// size of a page included, goes with every request.
///
/// It ends when the server names no next page, or an empty one. It ends when the server goes round in a circle: at once if
/// that is of one page, else after some pages have come again. It ends after an error too; [`token`](Self::token) is then
/// the page that failed, from which a new call can go on.
#[must_use = "no page is asked for until a stream is polled"]
pub struct Pages<C: Paged> {
    call: C,
    state: State<C>,
    tokens: Tokens,
    /// The token of the page that was given last.
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

    /// The next page; none at the end.
    ///
    /// # Errors
    /// The page cannot be had. There are no more then.
    pub async fn try_next(&mut self) -> Result<Option<Response<C::Page>>, Error> {
        poll_fn(|cx| self.poll_page(cx)).await.transpose()
    }

    /// The next page, in code that is not async; none at the end.
    ///
    /// # Errors
    /// The page cannot be had. There are no more then.
    #[cfg(feature = "blocking")]
    pub fn try_next_blocking(&mut self) -> Result<Option<Response<C::Page>>, Error>
    where
        C: Sync,
    {
        crate::runtime::block_on(self.try_next())
    }

    /// The token of the page that comes next or, after an error, of the one that failed; none for the first. At the end it
    /// is that of the last page.
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

    /// Whether there is a page after this one, which has to be asked for then.
    fn turn_to_page_after(&mut self, page: &C::Page) -> bool {
        self.given = self.call.token().map(str::to_owned);
        match C::next_token(page) {
            Some(token)
                if !token.is_empty() && self.given.as_deref() != Some(token) && self.tokens.is_new(token) =>
            {
                self.call.set_token(token.to_owned());
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

/// What the pages of a list hold, one after the other. See [`Pages`] for where it ends.
#[must_use = "no page is asked for until a stream is polled"]
pub struct Items<C: Paged> {
    pages: Pages<C>,
    items: vec::IntoIter<C::Item>,
}

impl<C: Paged> Items<C> {
    pub(crate) fn new(call: C) -> Self {
        Self { pages: Pages::new(call), items: Vec::new().into_iter() }
    }

    /// The next item; none at the end.
    ///
    /// # Errors
    /// The next page cannot be had. There are no more items then.
    pub async fn try_next(&mut self) -> Result<Option<C::Item>, Error> {
        poll_fn(|cx| self.poll_item(cx)).await.transpose()
    }

    /// The next item, in code that is not async; none at the end.
    ///
    /// # Errors
    /// The next page cannot be had. There are no more items then.
    #[cfg(feature = "blocking")]
    pub fn try_next_blocking(&mut self) -> Result<Option<C::Item>, Error>
    where
        C: Sync,
        C::Item: Send,
    {
        crate::runtime::block_on(self.try_next())
    }

    /// The token of the page from which a new call has to go on to miss nothing: the one whose items are being given,
    /// the one that comes next or, after an error, the one that failed. None is the first.
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

/// Tells whether a server goes round in a circle, without keeping all of its tokens: by Brent's algorithm, which
/// compares each with one from before, chosen anew at ever longer intervals.
#[derive(Default)]
struct Tokens {
    kept: Option<String>,
    /// How many came after the kept one.
    since: u64,
    /// How many have to come until another one is kept.
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
