//! Positions of the nodes of a file in its text. Trees keep no positions, so a parser that does goes over the
//! text once something is to be reported.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScanError, Span};

use crate::diagnostic::Location;

/// The positions of the nodes of one file.
pub(super) struct Spans {
    root: Option<Node>,
    /// The position of the first repeated key.
    repeated_key: Option<usize>,
}

/// The position of a node and of those below it.
pub(super) struct Node {
    key: Option<Range<usize>>,
    value: Range<usize>,
    below: Below,
}

/// The nodes below a node.
pub(super) enum Below {
    Nothing,
    /// Members, sorted by key: most mappings are small, where searching is faster than hashing.
    Members(Vec<(Box<str>, Node)>),
    Elements(Vec<Node>),
}

impl Node {
    /// Creates a node with its key, if it has one. A whole mapping or list is too long to show: its key or its first
    /// character is shown instead.
    pub(super) fn new(key: Option<Range<usize>>, value: Range<usize>, below: Below) -> Self {
        let value = match (&below, &key) {
            (Below::Nothing, _) => value,
            (_, Some(key)) => key.clone(),
            (_, None) => value.start..value.start + 1,
        };
        Self { key, value, below }
    }

    fn child(&self, token: &str) -> Option<&Self> {
        match &self.below {
            Below::Nothing => None,
            Below::Members(members) => {
                // The last of repeated keys wins.
                let behind = members.partition_point(|(key, _)| **key <= *token);
                let (key, node) = members[..behind].last()?;
                (**key == *token).then_some(node)
            }
            Below::Elements(elements) => elements.get(token.parse::<usize>().ok()?),
        }
    }
}

impl Below {
    /// Creates the positions of members.
    pub(super) fn members(mut members: Vec<(Box<str>, Node)>) -> Self {
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self::Members(members)
    }
}

impl Spans {
    /// Returns the positions in a YAML text, in characters.
    pub(super) fn of_yaml(text: &str) -> Self {
        let mut builder = Builder { root: None, repeated_key: None };
        // A text that serde_yaml accepted and this parser does not keeps the positions found so far.
        let _ = builder.document(&mut Parser::new_from_str(text));
        Self { root: builder.root, repeated_key: builder.repeated_key }
    }

    /// Creates the positions below a node.
    pub(super) fn below(root: Option<Node>) -> Self {
        Self { root, repeated_key: None }
    }

    /// Returns the position of the first repeated key, in characters.
    pub(super) fn repeated_key(&self) -> Option<usize> {
        self.repeated_key
    }

    /// Returns the position of a place or, if it has no text of its own, of the nearest place around it.
    pub(super) fn find(&self, location: &Location, key: bool) -> Range<usize> {
        let Some(mut node) = self.root.as_ref() else { return 0..0 };
        let mut wants_key = key;
        for token in location.tokens() {
            match node.child(&token) {
                Some(child) => node = child,
                None => {
                    wants_key = true;
                    break;
                }
            }
        }
        node.key.clone().filter(|_| wants_key).unwrap_or_else(|| node.value.clone())
    }
}

struct Builder {
    root: Option<Node>,
    repeated_key: Option<usize>,
}

type Events<'a> = Parser<'a, saphyr_parser::StrInput<'a>>;

/// Spans found in a text, and the reason if the search ended before the end of the text.
type Found = (Node, Result<(), ScanError>);

impl Builder {
    fn document(&mut self, events: &mut Events<'_>) -> Result<(), ScanError> {
        while let Some(event) = events.next_event() {
            let (event, span) = event?;
            if matches!(event, Event::Scalar(..) | Event::MappingStart(..) | Event::SequenceStart(..)) {
                let (root, end) = self.node(None, &event, span, events);
                self.root = Some(root);
                end?;
            }
        }
        Ok(())
    }

    /// Takes in the node that begins with `event`, and all below it.
    fn node(
        &mut self,
        key: Option<Range<usize>>,
        event: &Event<'_>,
        span: Span,
        events: &mut Events<'_>,
    ) -> Found {
        let (below, end) = match event {
            Event::MappingStart(..) => {
                let mut members = Vec::new();
                let end = self.members(&mut members, events);
                let members = Below::members(members);
                self.note_repeated_key(&members);
                (members, end)
            }
            Event::SequenceStart(..) => {
                let mut elements = Vec::new();
                let end = self.elements(&mut elements, events);
                (Below::Elements(elements), end)
            }
            _ => (Below::Nothing, Ok(())),
        };
        (Node::new(key, range(span), below), end)
    }

    fn members(
        &mut self,
        members: &mut Vec<(Box<str>, Node)>,
        events: &mut Events<'_>,
    ) -> Result<(), ScanError> {
        while let Some(event) = events.next_event() {
            let (event, span) = event?;
            let token = match &event {
                Event::MappingEnd => break,
                Event::Scalar(text, ..) => text.as_ref(),
                _ => "",
            };
            let Some(value) = events.next_event() else { break };
            let (value, value_span) = value?;
            let token = token.into();
            let (node, end) = self.node(Some(range(span)), &value, value_span, events);
            members.push((token, node));
            end?;
        }
        Ok(())
    }

    /// Notes the repeated key that stands first in the text.
    fn note_repeated_key(&mut self, members: &Below) {
        let Below::Members(members) = members else { return };
        let pairs = members.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let repeated = pairs.filter_map(|pair| Some(pair[1].1.key.as_ref()?.start));
        self.repeated_key = repeated.chain(self.repeated_key).min();
    }

    fn elements(&mut self, elements: &mut Vec<Node>, events: &mut Events<'_>) -> Result<(), ScanError> {
        while let Some(event) = events.next_event() {
            let (event, span) = event?;
            if event == Event::SequenceEnd {
                break;
            }
            let (node, end) = self.node(None, &event, span, events);
            elements.push(node);
            end?;
        }
        Ok(())
    }
}

fn range(span: Span) -> Range<usize> {
    span.start.index()..span.end.index()
}
