//! The parser: tokens to a document, by the grammar of YAML 1.1, with its own stack instead of recursion.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rhumb_gostd::raw;

use crate::error::Error;
use crate::keep::notes::Notes;
use crate::node::{Document, Node, NodeId, NodeKind};
use crate::scan::Scanner;
use crate::token::{Spanned, Style, Token};

type Result<T> = std::result::Result<T, Error>;

/// What an open collection expects next.
#[derive(Clone, Copy, Debug)]
enum State {
    BlockItem,
    IndentlessItem,
    BlockKey,
    BlockValue,
    FlowItem { first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey { first: bool },
    FlowValue,
    FlowNoValue,
}

pub(crate) struct Parser<'a> {
    scanner: Scanner<'a>,
    doc: Document<'a>,
    open: Vec<(State, NodeId)>,
    anchors: BTreeMap<&'a [u8], NodeId>,
    handles: Vec<(&'a [u8], Cow<'a, [u8]>)>,
    /// Where the last token ended: the place of nodes that are not written.
    last_end: (u32, u32),
    /// The comments of each node, where they are wanted.
    notes: Option<Box<Notes>>,
}

/// Tag and anchor of a node.
#[derive(Default)]
struct Props<'a> {
    start: Option<u32>,
    anchor: Option<&'a [u8]>,
    tag: Option<Box<[u8]>>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(scanner: Scanner<'a>) -> Self {
        Parser {
            scanner,
            doc: Document::default(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            handles: Vec::new(),
            last_end: (0, 0),
            notes: None,
        }
    }

    /// The first document with its comments; nothing where the text holds no document.
    pub(crate) fn document_and_notes(mut self) -> Result<(Document<'a>, Notes)> {
        self.scanner.comments = Some(Box::default());
        self.notes = Some(Box::default());
        let mut notes = Box::default();
        let doc = self.read(&mut notes)?;
        Ok((doc, *notes))
    }

    /// The first document of the text. What follows it is not looked at.
    pub(crate) fn document(mut self) -> Result<Document<'a>> {
        self.read(&mut Box::default())
    }

    fn read(&mut self, kept: &mut Box<Notes>) -> Result<Document<'a>> {
        if matches!(self.peek()?, Token::StreamEnd) {
            return Ok(std::mem::take(&mut self.doc));
        }
        if matches!(self.peek()?, Token::VersionDirective { .. } | Token::TagDirective { .. } | Token::DocumentStart) {
            self.directives()?;
            if !matches!(self.peek()?, Token::DocumentStart) {
                return self.fail("did not find expected <document start>");
            }
            self.take();
            if matches!(
                self.peek()?,
                Token::VersionDirective { .. }
                    | Token::TagDirective { .. }
                    | Token::DocumentStart
                    | Token::DocumentEnd
                    | Token::StreamEnd
            ) {
                self.empty_scalar();
                return Ok(std::mem::take(&mut self.doc));
            }
        } else if let Some(notes) = &mut self.notes {
            notes.begin_document();
        }
        self.node(true, false)?;
        while let Some((state, id)) = self.open.pop() {
            self.step(state, id)?;
        }
        self.peek()?;
        if let Some(mut notes) = self.notes.take() {
            notes.end_document();
            *kept = notes;
        }
        Ok(std::mem::take(&mut self.doc))
    }

    fn peek(&mut self) -> Result<&Token<'a>> {
        if let Some(notes) = &mut self.notes {
            notes.look_at_next(&mut self.scanner)?;
        }
        Ok(&self.scanner.peek()?.token)
    }

    fn take(&mut self) -> Spanned<'a> {
        let token = self.scanner.take();
        self.last_end = (token.end, token.line);
        token
    }

    /// An error at the next token. Unlike the scanner's, its line counts from 0, and 0 is not said.
    fn fail<T>(&mut self, problem: &str) -> Result<T> {
        let (line, start) = {
            let token = self.scanner.peek()?;
            (token.line, token.start)
        };
        let text = match line {
            0 => format!("yaml: {problem}"),
            line => format!("yaml: line {line}: {problem}"),
        };
        Err(Error::convert(text, Some(start)))
    }

    /// An error inside a collection. The reader that keeps comments tells where that begins.
    fn fail_in<T>(&mut self, id: NodeId, problem: &str) -> Result<T> {
        let begun = self.doc.nodes[id as usize].line;
        if self.notes.is_none() || begun == 0 {
            return self.fail(problem);
        }
        let start = self.scanner.peek()?.start;
        Err(Error::convert(format!("yaml: line {begun}: {problem}"), Some(start)))
    }

    fn directives(&mut self) -> Result<()> {
        let mut versioned = false;
        loop {
            match self.peek()?.clone() {
                Token::VersionDirective { known } => {
                    if versioned {
                        return self.fail("found duplicate %YAML directive");
                    }
                    if !known {
                        return self.fail("found incompatible YAML document");
                    }
                    versioned = true;
                }
                Token::TagDirective { handle, prefix } => {
                    if self.handles.iter().any(|(h, _)| *h == handle) {
                        return self.fail("found duplicate %TAG directive");
                    }
                    self.handles.push((handle, prefix));
                }
                _ => return Ok(()),
            }
            self.take();
        }
    }

    fn step(&mut self, state: State, id: NodeId) -> Result<()> {
        match state {
            State::BlockItem => self.block_item(id),
            State::IndentlessItem => self.indentless_item(id),
            State::BlockKey => self.block_key(id),
            State::BlockValue => self.block_value(id),
            State::FlowItem { first } => self.flow_item(id, first),
            State::PairKey => self.pair_key(id),
            State::PairValue => self.pair_value(id),
            State::PairEnd => {
                self.close(id, self.last_end.0);
                Ok(())
            }
            State::FlowKey { first } => self.flow_key(id, first),
            State::FlowValue => self.flow_value(id),
            State::FlowNoValue => {
                self.open.push((State::FlowKey { first: false }, id));
                self.empty_scalar();
                Ok(())
            }
        }
    }

    fn block_item(&mut self, id: NodeId) -> Result<()> {
        match self.peek()? {
            Token::BlockEntry => {
                self.take_dash()?;
                self.open.push((State::BlockItem, id));
                let absent = matches!(self.peek()?, Token::BlockEntry | Token::BlockEnd);
                self.node_unless(absent, true, false)
            }
            Token::BlockEnd => self.close_with_token(id),
            _ => self.fail_in(id, "did not find expected '-' indicator"),
        }
    }

    fn indentless_item(&mut self, id: NodeId) -> Result<()> {
        if !matches!(self.peek()?, Token::BlockEntry) {
            self.close(id, self.last_end.0);
            return Ok(());
        }
        self.take_dash()?;
        self.open.push((State::IndentlessItem, id));
        let absent = matches!(self.peek()?, Token::BlockEntry | Token::Key | Token::Value | Token::BlockEnd);
        self.node_unless(absent, true, false)
    }

    /// Takes a dash. A comment above it is about the whole collection behind it, if there is one, not about its first entry.
    fn take_dash(&mut self) -> Result<()> {
        self.take();
        let Some(above) = self.notes.as_ref().map(|n| n.head_len()) else { return Ok(()) };
        let opens = matches!(self.peek()?, Token::BlockSequenceStart | Token::BlockMappingStart);
        if let Some(notes) = self.notes.as_mut().filter(|_| opens) {
            notes.set_stem_aside(above);
        }
        Ok(())
    }

    fn block_key(&mut self, id: NodeId) -> Result<()> {
        match self.peek()? {
            Token::Key => {
                self.take();
                self.open.push((State::BlockValue, id));
                let absent = matches!(self.peek()?, Token::Key | Token::Value | Token::BlockEnd);
                self.node_unless(absent, true, true)
            }
            Token::BlockEnd => self.close_with_token(id),
            _ => self.fail_in(id, "did not find expected key"),
        }
    }

    fn block_value(&mut self, id: NodeId) -> Result<()> {
        self.open.push((State::BlockKey, id));
        if !matches!(self.peek()?, Token::Value) {
            self.empty_scalar();
            return Ok(());
        }
        self.take();
        let absent = matches!(self.peek()?, Token::Key | Token::Value | Token::BlockEnd);
        self.node_unless(absent, true, true)
    }

    fn flow_item(&mut self, id: NodeId, first: bool) -> Result<()> {
        if !first && !matches!(self.peek()?, Token::FlowSequenceEnd) {
            if !matches!(self.peek()?, Token::FlowEntry) {
                return self.fail_in(id, "did not find expected ',' or ']'");
            }
            self.take();
        }
        match self.peek()? {
            Token::FlowSequenceEnd => return self.close_with_token(id),
            Token::Key => {
                let key = self.take();
                self.open.push((State::FlowItem { first: false }, id));
                let pair = self.push(NodeKind::Mapping, &key, Props::default(), Cow::Borrowed(b""));
                self.open.push((State::PairKey, pair));
                return Ok(());
            }
            _ => {}
        }
        self.open.push((State::FlowItem { first: false }, id));
        self.node(false, false)
    }

    fn pair_key(&mut self, id: NodeId) -> Result<()> {
        self.open.push((State::PairValue, id));
        if matches!(self.peek()?, Token::Value | Token::FlowEntry | Token::FlowSequenceEnd) {
            // The reference swallows this token, and so refuses `[?]`.
            self.take();
            self.empty_scalar();
            return Ok(());
        }
        self.node(false, false)
    }

    fn pair_value(&mut self, id: NodeId) -> Result<()> {
        self.open.push((State::PairEnd, id));
        if !matches!(self.peek()?, Token::Value) {
            self.empty_scalar();
            return Ok(());
        }
        self.take();
        let absent = matches!(self.peek()?, Token::FlowEntry | Token::FlowSequenceEnd);
        self.node_unless(absent, false, false)
    }

    fn flow_key(&mut self, id: NodeId, first: bool) -> Result<()> {
        if !first && !matches!(self.peek()?, Token::FlowMappingEnd) {
            if !matches!(self.peek()?, Token::FlowEntry) {
                return self.fail_in(id, "did not find expected ',' or '}'");
            }
            self.take();
        }
        match self.peek()? {
            Token::FlowMappingEnd => self.close_with_token(id),
            Token::Key => {
                self.take();
                self.open.push((State::FlowValue, id));
                let absent = matches!(self.peek()?, Token::Value | Token::FlowEntry | Token::FlowMappingEnd);
                self.node_unless(absent, false, false)
            }
            _ => {
                self.open.push((State::FlowNoValue, id));
                self.node(false, false)
            }
        }
    }

    fn flow_value(&mut self, id: NodeId) -> Result<()> {
        self.open.push((State::FlowKey { first: false }, id));
        if !matches!(self.peek()?, Token::Value) {
            self.empty_scalar();
            return Ok(());
        }
        self.take();
        let absent = matches!(self.peek()?, Token::FlowEntry | Token::FlowMappingEnd);
        self.node_unless(absent, false, false)
    }

    fn node_unless(&mut self, absent: bool, block: bool, indentless: bool) -> Result<()> {
        if absent {
            self.empty_scalar();
            return Ok(());
        }
        self.node(block, indentless)
    }

    /// Reads a scalar or alias, or opens a collection.
    fn node(&mut self, block: bool, indentless: bool) -> Result<()> {
        if matches!(self.peek()?, Token::Alias(_)) {
            return self.alias();
        }
        let props = self.props()?;
        let (kind, state) = match self.peek()? {
            Token::Scalar { .. } => {
                let mut token = self.take();
                if let Token::Scalar { text, style } = &mut token.token {
                    let (text, style) = (std::mem::take(text), *style);
                    let id = self.push(NodeKind::Scalar(style), &token, props, text);
                    self.doc.nodes[id as usize].end = token.end;
                    self.note(id);
                }
                return Ok(());
            }
            // The dash itself is read by the state.
            Token::BlockEntry if indentless => {
                let token = self.scanner.peek()?.clone();
                let id = self.push(NodeKind::Sequence, &token, props, Cow::Borrowed(b""));
                self.open.push((State::IndentlessItem, id));
                return Ok(());
            }
            Token::FlowSequenceStart => (NodeKind::Sequence, State::FlowItem { first: true }),
            Token::FlowMappingStart => (NodeKind::Mapping, State::FlowKey { first: true }),
            Token::BlockSequenceStart if block => (NodeKind::Sequence, State::BlockItem),
            Token::BlockMappingStart if block => (NodeKind::Mapping, State::BlockKey),
            _ if props.start.is_some() => {
                self.absent_scalar(props);
                return Ok(());
            }
            _ => return self.fail("did not find expected node content"),
        };
        let token = self.take();
        let in_block = matches!(token.token, Token::BlockSequenceStart | Token::BlockMappingStart);
        let id = self.push(kind, &token, props, Cow::Borrowed(b""));
        self.open.push((state, id));
        match &mut self.notes {
            Some(notes) if in_block => notes.give_stem(id),
            _ => self.note(id),
        }
        Ok(())
    }

    /// Gives the comments met so far to a node.
    fn note(&mut self, id: NodeId) {
        if let Some(notes) = &mut self.notes {
            notes.give(id);
        }
    }

    fn alias(&mut self) -> Result<()> {
        let token = self.take();
        let &Token::Alias(name) = &token.token else { return Ok(()) };
        let Some(target) = self.anchors.get(name).copied() else {
            let text = format!("yaml: unknown anchor '{}' referenced", raw::text(name));
            return Err(Error::convert(text, Some(token.start)));
        };
        let id = self.push(NodeKind::Alias(target), &token, Props::default(), Cow::Borrowed(name));
        self.doc.nodes[id as usize].end = token.end;
        self.note(id);
        Ok(())
    }

    /// Tag and anchor, one of each at most, in either order. The tag's handle is looked up when all is read.
    fn props(&mut self) -> Result<Props<'a>> {
        let mut props = Props::default();
        let mut tag = None;
        loop {
            match self.peek()? {
                Token::Anchor(_) if props.anchor.is_none() => {}
                Token::Tag { .. } if tag.is_none() => {}
                _ => break,
            }
            let token = self.take();
            props.start.get_or_insert(token.start);
            match token.token {
                Token::Anchor(name) => props.anchor = Some(name),
                Token::Tag { handle, suffix } => tag = Some((handle, suffix, (token.start, token.line))),
                _ => {}
            }
        }
        if let Some((handle, suffix, place)) = tag {
            props.tag = Some(self.full_tag(handle, &suffix, place)?);
        }
        Ok(props)
    }

    fn full_tag(&self, handle: &[u8], suffix: &[u8], place: (u32, u32)) -> Result<Box<[u8]>> {
        let prefix: &[u8] = if handle.is_empty() {
            b""
        } else if let Some((_, prefix)) = self.handles.iter().find(|(h, _)| *h == handle) {
            prefix
        } else {
            match handle {
                b"!" => b"!",
                b"!!" => b"tag:yaml.org,2002:",
                _ => {
                    let text = match place.1 {
                        0 => "yaml: found undefined tag handle".to_owned(),
                        line => format!("yaml: line {line}: found undefined tag handle"),
                    };
                    return Err(Error::convert(text, Some(place.0)));
                }
            }
        };
        Ok([prefix, suffix].concat().into_boxed_slice())
    }

    fn empty_scalar(&mut self) {
        self.absent_scalar(Props::default());
    }

    fn absent_scalar(&mut self, props: Props<'a>) {
        let (end, line) = self.last_end;
        let token = Spanned { token: Token::BlockEnd, start: end, end, line };
        self.push(NodeKind::Scalar(Style::Plain), &token, props, Cow::Borrowed(b""));
    }

    fn push(&mut self, kind: NodeKind, token: &Spanned<'a>, props: Props<'a>, text: Cow<'a, [u8]>) -> NodeId {
        let id = self.doc.nodes.len() as NodeId;
        if let Some(name) = props.anchor {
            self.anchors.insert(name, id);
        }
        self.doc.nodes.push(Node {
            kind,
            start: token.start,
            end: token.end,
            line: token.line,
            next: id + 1,
            text,
            tag: props.tag,
            outer_start: props.start.unwrap_or(token.start),
        });
        id
    }

    fn close_with_token(&mut self, id: NodeId) -> Result<()> {
        let is_sequence = self.doc.nodes[id as usize].kind == NodeKind::Sequence;
        if let Some(notes) = &mut self.notes
            && !(is_sequence && matches!(self.scanner.peek()?.token, Token::BlockEnd))
        {
            notes.give_end(id);
        }
        let before = self.last_end.0;
        let token = self.take();
        // A block ends where its last node ended, not at the next token.
        let end = if matches!(token.token, Token::BlockEnd) { before } else { token.end };
        if matches!(token.token, Token::BlockEnd) {
            self.last_end.0 = before;
        }
        self.close(id, end);
        Ok(())
    }

    fn close(&mut self, id: NodeId, end: u32) {
        let next = self.doc.nodes.len() as NodeId;
        let node = &mut self.doc.nodes[id as usize];
        node.next = next;
        node.end = end.max(node.start);
    }
}
