//! The server of the judge: it gives each call the response that is prepared for the call, and records requests.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Header with the number of a call.
pub(super) const NUMBER: &str = "x-judged-call";

/// A request as it came over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    /// The content, without the framing.
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Returns the values of a header.
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        let is_meant = |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().filter(is_meant).map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the request as it is shown to people.
    pub(super) fn text(&self) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {}\n{}\n{body}", self.method, self.target, headers.collect::<String>())
    }
}

/// A prepared response.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) media_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// A server on loopback, which ends when dropped.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    replies: Vec<Reply>,
    requests: Mutex<BTreeMap<usize, Vec<Request>>>,
    has_ended: AtomicBool,
}

impl Server {
    /// Starts a server with a response for each call.
    ///
    /// # Errors
    /// Loopback has no free port.
    pub(super) fn start(replies: Vec<Reply>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (requests, has_ended) = (Mutex::default(), AtomicBool::new(false));
        let shared = Arc::new(Shared { replies, requests, has_ended });
        let server = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.has_ended.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A connection that breaks fails the call, whose result tells.
                thread::spawn(move || drop(shared.serve(&stream)));
            }
        });
        Ok(server)
    }

    /// Returns the base URL.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests by the numbers of their calls.
    pub(super) fn requests(&self) -> BTreeMap<usize, Vec<Request>> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::SeqCst);
        // The thread that accepts connections waits for one.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        while let Some(request) = read(&mut reader)? {
            let number = request.header(NUMBER).first().and_then(|number| number.parse().ok());
            let reply = number.and_then(|number: usize| self.replies.get(number));
            let is_head = request.method == "HEAD";
            if let Some(number) = number {
                let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
                requests.entry(number).or_default().push(request);
            }
            let Some(reply) = reply else { return Ok(()) };
            write(stream, reply, is_head)?;
        }
        Ok(())
    }
}

fn write(mut stream: &TcpStream, reply: &Reply, is_head: bool) -> io::Result<()> {
    let media_type = reply.media_type.iter().map(|name| format!("Content-Type: {name}\r\n"));
    let media_type: String = media_type.collect();
    // A 204 has no content, so it has no length either.
    let length = match reply.status {
        204 | 304 => String::new(),
        _ => format!("Content-Length: {}\r\n", reply.body.len()),
    };
    let mut text = format!("HTTP/1.1 {} Judged\r\n{media_type}{length}\r\n", reply.status).into_bytes();
    if !is_head {
        text.extend(&reply.body);
    }
    stream.write_all(&text)
}

/// Reads a request, or returns `None` if the connection was closed.
fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Request>> {
    let Some(first) = line(reader)? else { return Ok(None) };
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Request { method, target, ..Request::default() };
    while let Some(line) = line(reader)?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        request.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    if request.header("transfer-encoding") == ["chunked"] {
        while let Some(length) = line(reader)? {
            let length = usize::from_str_radix(&length, 16).map_err(io::Error::other)?;
            request.body.extend(exactly(reader, length)?);
            line(reader)?;
            if length == 0 {
                break;
            }
        }
    } else if let Some(length) = request.header("content-length").first() {
        request.body = exactly(reader, length.parse().map_err(io::Error::other)?)?;
    }
    Ok(Some(request))
}

/// Reads a line without its end. Bytes that are no UTF-8 stay as characters of ISO 8859-1.
fn line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    while bytes.last().is_some_and(|end| b"\r\n".contains(end)) {
        bytes.pop();
    }
    let text = String::from_utf8(bytes);
    Ok(Some(text.unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect())))
}

fn exactly(reader: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
