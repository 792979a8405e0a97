//! The server.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use crate::reply::{End, Reply};
use crate::request::Recorded;

/// A server. It stops, with all its connections, when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    /// Connections that have ended.
    ended: AtomicUsize,
    /// Told of each request, and of each connection that ends.
    changed: Notify,
    /// Virtual time that passes when the server stalls.
    pass: OnceLock<Duration>,
}

impl Server {
    /// Starts a server that sends these responses in order, one per request.
    ///
    /// # Panics
    /// Panics if loopback has no free port.
    pub async fn replying(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let shared =
            Arc::new(Shared { replies: Mutex::new(replies.into_iter().collect()), ..Shared::default() });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, accepting }
    }

    /// Lets virtual time pass whenever the server stalls: it has recorded the request and sent what it sends. The test
    /// must [hold the clock](crate::HeldClock).
    #[must_use]
    pub fn passing(self, time: Duration) -> Self {
        self.shared.pass.get_or_init(|| time);
        self
    }

    /// Returns the base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a response after the pending ones.
    pub fn reply(&self, reply: Reply) {
        lock(&self.shared.replies).push_back(reply);
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.requests).clone()
    }

    /// Returns the only request.
    ///
    /// # Panics
    /// Panics if there was none, or more than one.
    pub fn request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "the server got another number of requests: {requests:?}");
        requests.remove(0)
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until the server has received this many requests.
    pub async fn has_got(&self, requests: usize) {
        self.shared.until(|shared| lock(&shared.requests).len() >= requests).await;
    }

    /// Waits until this many connections have ended.
    pub async fn has_lost(&self, connections: usize) {
        self.shared.until(|shared| shared.ended.load(Ordering::SeqCst) >= connections).await;
    }
}

impl Shared {
    async fn until(&self, holds: impl Fn(&Self) -> bool) {
        loop {
            // Whoever waits must be known before it looks, else it could miss the change.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if holds(self) {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Connections live in the set, and end with it.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(&shared);
        // What fails here fails the client, whose test tells.
        connections.spawn(async move {
            drop(serve(stream, &shared).await);
            shared.ended.fetch_add(1, Ordering::SeqCst);
            shared.changed.notify_waiters();
        });
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut unread = Vec::new();
    while let Some(mut request) = read_head(&mut stream, &mut unread).await? {
        let reply = lock(&shared.replies).pop_front();
        let reply = reply.unwrap_or_else(|| Reply::json(500, "the test has told no reply for this request"));
        if !reply.early {
            request.body = read_body(&mut stream, &mut unread, &request).await?;
        }
        lock(&shared.requests).push(request);
        shared.changed.notify_waiters();
        stream.write_all(&reply.bytes()).await?;
        if let (End::Stall, Some(time)) = (reply.end, shared.pass.get()) {
            tokio::time::advance(*time).await;
        }
        match reply.end {
            End::KeepAlive => {}
            End::Close => break,
            // What is sent must get nowhere.
            End::Stall if reply.early => std::future::pending().await,
            End::Stall => while stream.read_buf(&mut unread).await? > 0 {},
            // What was written is in the client's buffer already: loopback delivers while it sends.
            End::Reset => return stream.set_zero_linger(),
        }
    }
    stream.shutdown().await
}

/// Returns the head of the next request, or `None` if the connection was closed.
async fn read_head(stream: &mut TcpStream, unread: &mut Vec<u8>) -> io::Result<Option<Recorded>> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(length) = head.parse(unread).map_err(io::Error::other)? {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let recorded = Recorded {
                method: head.method.unwrap_or_default().to_owned(),
                target: head.path.unwrap_or_default().to_owned(),
                headers: head
                    .headers
                    .iter()
                    .map(|header| (header.name.to_owned(), text(header.value)))
                    .collect(),
                body: Vec::new(),
            };
            unread.drain(..length);
            return Ok(Some(recorded));
        }
        if stream.read_buf(unread).await? == 0 {
            return Ok(None);
        }
    }
}

async fn read_body(stream: &mut TcpStream, unread: &mut Vec<u8>, request: &Recorded) -> io::Result<Vec<u8>> {
    if request.header("transfer-encoding") == Some("chunked") {
        let mut body = Vec::new();
        loop {
            let chunk = read_chunk(stream, unread).await?;
            if chunk.is_empty() {
                return Ok(body);
            }
            body.extend_from_slice(&chunk);
        }
    }
    let length = request.header("content-length").map_or(Ok(0), str::parse).map_err(io::Error::other)?;
    take(stream, unread, length).await
}

async fn read_chunk(stream: &mut TcpStream, unread: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    loop {
        if let httparse::Status::Complete((start, size)) =
            httparse::parse_chunk_size(unread).map_err(|_| io::Error::other("a broken chunk"))?
        {
            unread.drain(..start);
            let size = usize::try_from(size).map_err(io::Error::other)?;
            let mut chunk = take(stream, unread, size + 2).await?;
            chunk.truncate(size);
            return Ok(chunk);
        }
        if stream.read_buf(unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn take(stream: &mut TcpStream, unread: &mut Vec<u8>, length: usize) -> io::Result<Vec<u8>> {
    while unread.len() < length {
        if stream.read_buf(unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(unread.drain(..length).collect())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
