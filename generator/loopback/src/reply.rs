//! Responses, well-formed or broken.

/// The response to one request.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    framing: Framing,
    cut: Option<Cut>,
    pub(crate) end: End,
    pub(crate) early: bool,
}

/// Sign of the end of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    Length,
    Chunked(usize),
    BrokenChunk,
    Close,
}

/// Place where a response breaks off.
#[derive(Clone, Copy, Debug)]
enum Cut {
    BeforeHead,
    InHead(usize),
    InBody(usize),
}

/// End of the connection after a response.
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
    /// Returns a response without content.
    #[must_use]
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

    /// Returns a response with JSON.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("Content-Type", "application/json").body(body)
    }

    /// Ends the connection after the request, without a response.
    #[must_use]
    pub fn none(end: End) -> Self {
        Self { cut: Some(Cut::BeforeHead), end, ..Self::status(200) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the content.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Breaks off after so many bytes of the content.
    #[must_use]
    pub fn cut(mut self, after: usize, end: End) -> Self {
        self.cut = Some(Cut::InBody(after));
        self.end = end;
        self
    }

    /// Breaks off after so many bytes of the head.
    #[must_use]
    pub fn cut_head(mut self, after: usize, end: End) -> Self {
        self.cut = Some(Cut::InHead(after));
        self.end = end;
        self
    }

    /// Sends the content in chunks of 7 bytes.
    #[must_use]
    pub fn chunked(self) -> Self {
        self.chunks_of(7)
    }

    /// Sends the content in chunks of so many bytes.
    #[must_use]
    pub fn chunks_of(mut self, bytes: usize) -> Self {
        self.framing = Framing::Chunked(bytes);
        self
    }

    /// Sends the content as one chunk, followed by an invalid chunk.
    #[must_use]
    pub fn broken_chunk(mut self) -> Self {
        self.framing = Framing::BrokenChunk;
        self.end = End::Close;
        self
    }

    /// Tells the end of the content by closing the connection.
    #[must_use]
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::Close;
        self.end = End::Close;
        self
    }

    /// Responds after the head of the request, without reading its body.
    #[must_use]
    pub fn early(mut self) -> Self {
        self.early = true;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
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
            Framing::Chunked(_) | Framing::BrokenChunk => {
                let size = if let Framing::Chunked(size) = self.framing { size } else { 7 };
                bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
                for chunk in content.chunks(size) {
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
