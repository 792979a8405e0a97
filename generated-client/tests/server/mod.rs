//! An HTTP server on loopback for tests: it answers what it is told, well or badly, and keeps what it was
//! asked.
//!
//! It reads and writes the wire by itself, so that it can break every rule, and so that the client under test
//! does not check itself. Mount it with `#[path]`; it needs tokio (`io-util`, `net`, `rt`, `time`), httparse
//! and multer.

#![allow(dead_code, unreachable_pub, reason = "each of the tests that mount it uses a part of it")]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A server; it stops, with all its connections, when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    /// Connections that have ended.
    ended: AtomicUsize,
}

impl Server {
    /// A server that gives these replies, one per request and in this order.
    pub async fn replying(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let shared =
            Arc::new(Shared { replies: Mutex::new(replies.into_iter().collect()), ..Shared::default() });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, accepting }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a reply after those that are left.
    pub fn reply(&self, reply: Reply) {
        lock(&self.shared.replies).push_back(reply);
    }

    /// All that it was asked so far.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.requests).clone()
    }

    /// The one request that it was asked.
    ///
    /// # Panics
    /// There was none, or more than one.
    pub fn request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "the server got another number of requests: {requests:?}");
        requests.remove(0)
    }

    /// How many connections were made to it so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until it has got so many requests.
    pub async fn has_got(&self, requests: usize) {
        while self.requests().len() < requests {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    /// Waits until so many connections have ended.
    pub async fn has_lost(&self, connections: usize) {
        while self.shared.ended.load(Ordering::SeqCst) < connections {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The URL of a port where nobody listens.
pub async fn refusing_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
    format!("http://{}", listener.local_addr().expect("a bound listener has an address"))
}

/// A port that answers to no attempt to connect: its queue is full, and Linux drops what does not fit into it.
#[cfg(target_os = "linux")]
pub struct Unreachable {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

#[cfg(target_os = "linux")]
impl Unreachable {
    /// Such a port, for as long as this lives.
    pub async fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port on loopback");
        let listener = socket.listen(1).expect("a listener");
        let address = listener.local_addr().expect("a bound listener has an address");
        let mut queue = Vec::new();
        let patience = std::time::Duration::from_millis(100);
        while let Ok(Ok(connection)) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
            queue.push(connection);
        }
        Self { address, _listener: listener, _queue: queue }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// What the server says to one request.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    framing: Framing,
    cut: Option<Cut>,
    end: End,
    early: bool,
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    Length,
    Chunked,
    BrokenChunk,
    Close,
}

/// Where a reply breaks off.
#[derive(Clone, Copy, Debug)]
enum Cut {
    BeforeHead,
    InHead(usize),
    InBody(usize),
}

/// What happens to the connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// It takes the next request.
    KeepAlive,
    /// It is closed in order.
    Close,
    /// It is reset (RST).
    Reset,
    /// It stays open, silent, until the client leaves.
    Stall,
}

impl Reply {
    /// A reply without content.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            framing: Framing::Length,
            cut: None,
            end: End::KeepAlive,
            early: false,
        }
    }

    /// A reply with JSON.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("Content-Type", "application/json").body(body)
    }

    /// No reply at all: the connection ends after the request.
    pub fn none(end: End) -> Self {
        Self { cut: Some(Cut::BeforeHead), end, ..Self::status(200) }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the content.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Breaks off after so many bytes of the content.
    pub fn cut(mut self, after: usize, end: End) -> Self {
        self.cut = Some(Cut::InBody(after));
        self.end = end;
        self
    }

    /// Breaks off after so many bytes of the head.
    pub fn cut_head(mut self, after: usize, end: End) -> Self {
        self.cut = Some(Cut::InHead(after));
        self.end = end;
        self
    }

    /// Sends the content in chunks of 7 bytes.
    pub fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    /// Sends the content as one chunk, followed by what is none.
    pub fn broken_chunk(mut self) -> Self {
        self.framing = Framing::BrokenChunk;
        self.end = End::Close;
        self
    }

    /// Tells the end of the content by closing the connection.
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::Close;
        self.end = End::Close;
        self
    }

    /// Replies once it has the head of the request, and does not read its body.
    pub fn early(mut self) -> Self {
        self.early = true;
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let content = match self.cut {
            Some(Cut::BeforeHead) => return Vec::new(),
            Some(Cut::InBody(after)) => &self.body[..after],
            Some(Cut::InHead(_)) | None => &self.body,
        };
        let mut bytes = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status)).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        match self.framing {
            Framing::Length if self.status != 204 => {
                bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
                bytes.extend_from_slice(content);
            }
            Framing::Length => bytes.extend_from_slice(b"\r\n"),
            Framing::Close => {
                bytes.extend_from_slice(b"Connection: close\r\n\r\n");
                bytes.extend_from_slice(content);
            }
            Framing::Chunked | Framing::BrokenChunk => {
                bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
                for chunk in content.chunks(7) {
                    bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                    bytes.extend_from_slice(chunk);
                    bytes.extend_from_slice(b"\r\n");
                }
                let rest: &[u8] = match (self.framing, self.cut) {
                    (Framing::BrokenChunk, _) => b"not a size\r\n",
                    (_, Some(_)) => b"",
                    (_, None) => b"0\r\n\r\n",
                };
                bytes.extend_from_slice(rest);
            }
        }
        if let Some(Cut::InHead(after)) = self.cut {
            bytes.truncate(after);
        }
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        404 => "Not Found",
        _ => "Whatever",
    }
}

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
    /// The path, as it was sent.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// The names and values of the query, read as the WHATWG's URL standard says, `+` being a space.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The value of a header.
    ///
    /// # Panics
    /// There are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "the header {name} came more than once");
        value
    }

    /// The content as JSON.
    ///
    /// # Panics
    /// It is something else.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }

    /// The parts of a form.
    ///
    /// # Panics
    /// It is no form, or not a well-formed one.
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
    /// What is in it.
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
        stream.write_all(&reply.bytes()).await?;
        match reply.end {
            End::KeepAlive => {}
            End::Close => break,
            // What is sent must get nowhere.
            End::Stall if reply.early => std::future::pending().await,
            End::Stall => while stream.read_buf(&mut unread).await? > 0 {},
            End::Reset => {
                // What was written must arrive before the reset discards it.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                return stream.set_zero_linger();
            }
        }
    }
    stream.shutdown().await
}

/// The head of the next request, or none if the connection was closed.
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
