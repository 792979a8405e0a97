//! Where each node of a file stands in its text. `serde_yaml` keeps no positions, so a second parser that
//! does goes over the text once something is to be reported.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScanError, Span};

use crate::diagnostic::Location;

/// The positions of the nodes of one file, in bytes.
pub(super) struct Spans {
    nodes: HashMap<String, Node>,
    /// Where the first key stands that its mapping has already.
    repeated_key: Option<usize>,
}

#[derive(Clone)]
struct Node {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Spans {
    pub(super) fn of(text: &str) -> Self {
        let mut builder = Builder { bytes: byte_offsets(text), nodes: HashMap::new(), repeated_key: None };
        // A text that serde_yaml accepted and this parser does not keeps the positions found so far.
        let _ = builder.document(&mut Parser::new_from_str(text));
        Self { nodes: builder.nodes, repeated_key: builder.repeated_key }
    }

    /// The byte at which the first key stands that its mapping has already.
    pub(super) fn repeated_key(&self) -> Option<usize> {
        self.repeated_key
    }

    /// The position of a place or, if the text does not spell it out, of the nearest one around it.
    pub(super) fn find(&self, location: &Location, key: bool) -> Range<usize> {
        let mut at = Some(location.clone());
        let mut wants_key = key;
        while let Some(place) = at {
            if let Some(node) = self.nodes.get(&place.pointer) {
                return match (&node.key, wants_key) {
                    (Some(key), true) => key.clone(),
                    _ => node.value.clone(),
                };
            }
            wants_key = true;
            at = place.parent();
        }
        0..0
    }
}

/// The byte at which each character begins, and the end: the parser counts characters.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect()
}

struct Builder {
    bytes: Vec<usize>,
    nodes: HashMap<String, Node>,
    repeated_key: Option<usize>,
}

type Events<'a> = Parser<'a, saphyr_parser::StrInput<'a>>;

impl Builder {
    fn document(&mut self, events: &mut Events<'_>) -> Result<(), ScanError> {
        let root = Location::file("");
        while let Some(event) = events.next_event() {
            let (event, span) = event?;
            if matches!(event, Event::Scalar(..) | Event::MappingStart(..) | Event::SequenceStart(..)) {
                self.node(&root, None, &event, span, events)?;
            }
        }
        Ok(())
    }

    /// Takes in the node that begins with `event`, and all below it.
    fn node(
        &mut self,
        at: &Location,
        key: Option<Range<usize>>,
        event: &Event<'_>,
        span: Span,
        events: &mut Events<'_>,
    ) -> Result<(), ScanError> {
        // A whole mapping is too much to show: its first line, or its key, stands for it.
        let value = match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                key.clone().unwrap_or_else(|| self.point(span))
            }
            _ => self.range(span),
        };
        self.nodes.insert(at.pointer.clone(), Node { key, value });
        match event {
            Event::MappingStart(..) => self.members(at, events),
            Event::SequenceStart(..) => self.elements(at, events),
            _ => Ok(()),
        }
    }

    fn members(&mut self, at: &Location, events: &mut Events<'_>) -> Result<(), ScanError> {
        while let Some(event) = events.next_event() {
            let (event, span) = event?;
            let token = match &event {
                Event::MappingEnd => break,
                Event::Scalar(text, ..) => text.to_string(),
                _ => String::new(),
            };
            let Some(value) = events.next_event() else { break };
            let (value, value_span) = value?;
            let key = self.range(span);
            if self.nodes.contains_key(&at.child(&token).pointer) {
                self.repeated_key.get_or_insert(key.start);
            }
            self.node(&at.child(token), Some(key), &value, value_span, events)?;
        }
        Ok(())
    }

    fn elements(&mut self, at: &Location, events: &mut Events<'_>) -> Result<(), ScanError> {
        for index in 0_usize.. {
            let Some(event) = events.next_event() else { break };
            let (event, span) = event?;
            if event == Event::SequenceEnd {
                break;
            }
            self.node(&at.child(index), None, &event, span, events)?;
        }
        Ok(())
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }

    fn point(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.start.index() + 1)
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).or(self.bytes.last()).copied().unwrap_or(0)
    }
}
