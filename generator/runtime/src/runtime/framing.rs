//! Items in the bytes of a stream: server-sent events, JSON lines, JSON text sequences. A piece of bytes may end
//! anywhere, also inside a character.
//!
//! Memory is bounded: an item that is longer than the limit is skipped, and told.

use bytes::{Buf, Bytes};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Beginning of a text in a JSON text sequence.
const RECORD_SEPARATOR: u8 = 0x1e;

/// Format of the items in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events, as the [HTML standard](https://html.spec.whatwg.org/#parsing-an-event-stream) reads them.
    Events,
    /// A JSON text on each line.
    Lines,
    /// JSON texts of RFC 7464.
    Sequence,
}

/// Next item in a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// A complete item.
    Item(Frame),
    /// An item that is longer than the limit.
    TooLong,
    /// A JSON text that may lack its end.
    Cut,
}

/// An item. Only server-sent events have more than data.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Kind of the event; empty if it has none.
    pub(crate) kind: String,
    /// Identifier of the last event that had one; empty if none had.
    pub(crate) id: String,
    /// `true` if the identifier is that of the event itself.
    pub(crate) has_id: bool,
    /// Reconnection time in milliseconds, if the event has one.
    pub(crate) retry: Option<u64>,
    pub(crate) data: Vec<u8>,
}

/// Reader of the items in a stream.
pub(crate) struct Framer {
    framing: Framing,
    /// Greatest number of bytes of an item.
    limit: usize,
    /// Bytes of the line or text that has not ended. Of an item that is too long, at most one.
    unended: Vec<u8>,
    is_too_long: bool,
    is_begun: bool,
    /// `true` after a carriage return, which a line feed may belong to.
    is_after_return: bool,
    nesting: Nesting,
    event: Frame,
    last_id: String,
    retry: Option<u64>,
}

impl Framer {
    pub(crate) fn new(framing: Framing, limit: usize) -> Self {
        Self {
            framing,
            limit,
            unended: Vec::new(),
            is_too_long: false,
            is_begun: false,
            is_after_return: false,
            nesting: Nesting::default(),
            event: Frame::default(),
            last_id: String::new(),
            retry: None,
        }
    }

    /// Begins the stream of another connection. It keeps the last identifier and the reconnection time.
    pub(crate) fn restart(&mut self) {
        let (last_id, retry) = (std::mem::take(&mut self.last_id), self.retry);
        let id = last_id.clone();
        let event = Frame { id, ..Frame::default() };
        *self = Self { event, last_id, retry, ..Self::new(self.framing, self.limit) };
    }

    /// Returns the identifier of the last event that had one; empty if none had.
    pub(crate) fn last_id(&self) -> &str {
        &self.last_id
    }

    /// Returns the last reconnection time in milliseconds.
    pub(crate) fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// Takes the next item from a piece, and leaves the rest there. Returns `None` if the item needs another piece.
    pub(crate) fn next(&mut self, piece: &mut Bytes) -> Option<Framed> {
        match self.framing {
            Framing::Events => self.next_event(piece),
            Framing::Lines => self.next_line(piece),
            Framing::Sequence => self.next_text(piece),
        }
    }

    /// Returns the item at the end of the stream, which needs no delimiter. An event without an empty line after it is
    /// not one.
    pub(crate) fn end(&mut self) -> Option<Framed> {
        match self.framing {
            Framing::Events => None,
            Framing::Lines => self.json(false),
            Framing::Sequence => self.json(self.may_lack_end()),
        }
    }

    fn next_event(&mut self, piece: &mut Bytes) -> Option<Framed> {
        while let Some(next) = piece.first() {
            if std::mem::take(&mut self.is_after_return) && *next == b'\n' {
                piece.advance(1);
                continue;
            }
            let end = self.take_until(piece, |byte| matches!(byte, b'\n' | b'\r'))?;
            self.is_after_return = end == b'\r';
            let mut line = std::mem::take(&mut self.unended);
            self.drop_byte_order_mark(&mut line);
            let framed = self.event_line(&line);
            line.clear();
            self.unended = line;
            if framed.is_some() {
                return framed;
            }
        }
        None
    }

    fn event_line(&mut self, line: &[u8]) -> Option<Framed> {
        if line.is_empty() {
            return self.dispatched();
        }
        if self.is_too_long {
            return None;
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                self.event.data.extend_from_slice(String::from_utf8_lossy(value).as_bytes());
                self.event.data.push(b'\n');
            }
            b"event" => self.event.kind = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                self.event.id = String::from_utf8_lossy(value).into_owned();
                self.event.has_id = true;
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let time = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                self.event.retry = time.or(self.event.retry);
                self.retry = time.or(self.retry);
            }
            _ => {}
        }
        None
    }

    /// Ends an event. Without data there is no event, but the identifier counts.
    fn dispatched(&mut self) -> Option<Framed> {
        let id = self.event.id.clone();
        let mut event = std::mem::replace(&mut self.event, Frame { id, ..Frame::default() });
        if std::mem::take(&mut self.is_too_long) {
            return Some(Framed::TooLong);
        }
        self.last_id.clone_from(&event.id);
        event.data.pop()?;
        Some(Framed::Item(event))
    }

    fn next_line(&mut self, piece: &mut Bytes) -> Option<Framed> {
        while self.take_until(piece, |byte| byte == b'\n').is_some() {
            let framed = self.json(false);
            if framed.is_some() {
                return framed;
            }
        }
        None
    }

    /// Takes a text that ends at a line feed if it is complete there, else before the next text.
    fn next_text(&mut self, piece: &mut Bytes) -> Option<Framed> {
        while let Some(end) = self.take_until(piece, |byte| matches!(byte, b'\n' | RECORD_SEPARATOR)) {
            let is_closed = self.nesting.is_closed();
            if end == b'\n' && !is_closed {
                self.keep(b"\n");
                continue;
            }
            let framed = self.json(end == RECORD_SEPARATOR && self.may_lack_end());
            if framed.is_some() {
                return framed;
            }
        }
        None
    }

    /// Returns `true` if the text may go on: it has open brackets, or it is a number or a word without white space after it.
    fn may_lack_end(&self) -> bool {
        let is_delimited =
            matches!(self.unended.last(), Some(b'}' | b']' | b'"' | b' ' | b'\t' | b'\r' | b'\n'));
        !is_delimited || !self.nesting.is_closed()
    }

    /// Ends a JSON text; blank ones are skipped.
    fn json(&mut self, is_cut: bool) -> Option<Framed> {
        let mut data = std::mem::take(&mut self.unended);
        self.nesting = Nesting::default();
        self.drop_byte_order_mark(&mut data);
        if std::mem::take(&mut self.is_too_long) {
            return Some(Framed::TooLong);
        }
        if data.trim_ascii().is_empty() {
            return None;
        }
        Some(if is_cut { Framed::Cut } else { Framed::Item(Frame { data, ..Frame::default() }) })
    }

    fn drop_byte_order_mark(&mut self, first: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.is_begun, true) && first.starts_with(BYTE_ORDER_MARK) {
            first.drain(..BYTE_ORDER_MARK.len());
        }
    }

    /// Takes the bytes before a delimiter, and drops it. Returns the delimiter, if the piece has one.
    fn take_until(&mut self, piece: &mut Bytes, is_end: impl Fn(u8) -> bool) -> Option<u8> {
        let at = piece.iter().position(|byte| is_end(*byte));
        let taken = piece.split_to(at.unwrap_or(piece.len()));
        self.keep(&taken);
        at.map(|_| piece.get_u8())
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.framing == Framing::Sequence {
            self.nesting.read(bytes);
        }
        let Frame { kind, id, data, .. } = &self.event;
        let length = self.unended.len() + kind.len() + id.len() + data.len() + bytes.len();
        if length > self.limit && !self.is_too_long {
            self.is_too_long = true;
            self.unended.clear();
            self.event.data = Vec::new();
        }
        let room = if self.is_too_long { 1_usize.saturating_sub(self.unended.len()) } else { bytes.len() };
        self.unended.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }
}

/// Open brackets and strings of a JSON text.
#[derive(Default)]
struct Nesting {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Nesting {
    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = self.is_in_string,
                b'"' => self.is_in_string = !self.is_in_string,
                b'{' | b'[' if !self.is_in_string => self.depth += 1,
                b'}' | b']' if !self.is_in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn is_closed(&self) -> bool {
        self.depth == 0 && !self.is_in_string
    }
}
