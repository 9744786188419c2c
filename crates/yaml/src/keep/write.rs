//! Writing a kept document: two columns a level, sequences in line with their keys, comments where they belong.
//!
//! A comment is written when the place comes where one of its kind may stand; one that finds no such place at its
//! own node waits for the next. This and the empty line behind a foot are as observed with the reference.

use std::mem::take;

use crate::keep::tree::{Item, ItemId, Shape, Tree};
use crate::resolve::{Scalar, plain_scalar};
use crate::scalar_out::{Flavour, Writer};
use crate::style::{analyze, choose_kept, is_break};
use crate::token::Style;

/// A key longer than this gets a line of its own.
const MAX_SIMPLE_KEY: usize = 128;
const LONG: &[u8] = b"tag:yaml.org,2002:";

/// Writes an item as a document, with the newline at its end. Sequences below a key are indented where they shall be `wide`.
pub(crate) fn write(tree: &Tree, root: ItemId, wide: bool) -> Vec<u8> {
    let mut pen = Pen::new(tree, wide);
    pen.document(root);
    pen.to.finish()
}

/// A collection that is being written.
#[derive(Clone, Copy)]
struct Frame {
    id: ItemId,
    at: usize,
    /// The indentation around it.
    outer: usize,
    flow: bool,
    /// It is a key itself, whose foot comes behind the value.
    key: bool,
    /// The last key had the simple form, its colon follows.
    simple: bool,
    /// The comma after the last entry is written.
    comma: bool,
}

struct Pen<'t> {
    tree: &'t Tree,
    wide: bool,
    to: Writer,
    frames: Vec<Frame>,
    indent: usize,
    /// How many brackets are open.
    depth: usize,
    /// The last character was white space.
    white: bool,
    /// Nothing but indentation is on the line.
    fresh: bool,
    /// After a foot in this column an empty line comes.
    foot_column: Option<usize>,
    head: &'t [u8],
    line: &'t [u8],
    foot: &'t [u8],
    tail: &'t [u8],
    key_line: &'t [u8],
}

impl<'t> Pen<'t> {
    fn new(tree: &'t Tree, wide: bool) -> Self {
        let none: &'t [u8] = b"";
        Pen {
            tree,
            wide,
            to: Writer::new(Flavour::V3),
            frames: Vec::new(),
            indent: 0,
            depth: 0,
            white: true,
            fresh: true,
            foot_column: None,
            head: none,
            line: none,
            foot: none,
            tail: none,
            key_line: none,
        }
    }

    fn document(&mut self, root: ItemId) {
        let (above, below): (&'t [u8], &'t [u8]) = match root {
            0 => (&self.tree.note.head, &self.tree.note.foot),
            _ => (b"", b""),
        };
        if !above.is_empty() {
            self.head = above;
            self.put_head();
            self.break_line();
        }
        self.meet_start(root);
        self.put_head();
        self.node(root, Place::Root);
        self.put_line();
        self.put_foot();
        while let Some(frame) = self.frames.pop() {
            self.step(frame);
        }
        self.foot_column = Some(0);
        replace(&mut self.foot, below);
        self.put_foot();
        self.foot_column = None;
        self.begin_line();
    }

    fn item(&self, id: ItemId) -> &'t Item {
        &self.tree.items[id]
    }

    /// The comments that come with a node when it begins; a collection keeps the others for its end.
    fn meet_start(&mut self, id: ItemId) {
        let item = self.item(id);
        replace(&mut self.head, &item.note.head);
        if !matches!(item.shape, Shape::Sequence | Shape::Mapping) {
            replace(&mut self.line, &item.note.line);
            replace(&mut self.foot, &item.note.foot);
        }
    }

    fn meet_end(&mut self, frame: Frame) {
        let item = self.item(frame.id);
        replace(&mut self.line, &item.note.line);
        if !frame.key {
            replace(&mut self.foot, &item.note.foot);
        }
    }

    fn step(&mut self, frame: Frame) {
        match (&self.item(frame.id).shape, frame.flow) {
            (Shape::Sequence, false) => self.block_item(frame),
            (Shape::Mapping, false) => self.block_entry(frame),
            (Shape::Sequence, true) => self.flow_item(frame),
            _ => self.flow_entry(frame),
        }
    }

    fn block_item(&mut self, mut frame: Frame) {
        let Some(child) = self.item(frame.id).children.get(frame.at).copied() else {
            self.meet_end(frame);
            self.indent = frame.outer;
            return;
        };
        frame.at += 1;
        self.meet_start(child);
        self.put_head();
        self.begin_line();
        self.sign(b"-", true, false, true);
        self.frames.push(frame);
        self.node(child, Place::Item);
        self.put_line();
        self.put_foot();
    }

    fn block_entry(&mut self, mut frame: Frame) {
        let children = &self.item(frame.id).children;
        if frame.at % 2 == 1 {
            return self.block_value(frame);
        }
        self.meet_foot_before(frame);
        let Some(key) = children.get(frame.at).copied() else {
            self.meet_end(frame);
            self.put_head();
            self.indent = frame.outer;
            self.put_line();
            self.put_foot();
            return;
        };
        self.meet_key(key);
        self.put_head();
        self.begin_line();
        if !self.line.is_empty() {
            self.key_line = take(&mut self.line);
        }
        frame.at += 1;
        frame.simple = self.is_simple(key);
        self.frames.push(frame);
        if frame.simple {
            self.node(key, Place::SimpleKey);
        } else {
            self.sign(b"?", true, false, true);
            self.node(key, Place::Key);
        }
    }

    /// What stands below the entry before. It is lost where a sequence or an alias is the next key.
    fn meet_foot_before(&mut self, frame: Frame) {
        let children = &self.item(frame.id).children;
        let lost =
            children.get(frame.at).is_some_and(|k| matches!(self.item(*k).shape, Shape::Sequence | Shape::Alias));
        if let Some(before) = frame.at.checked_sub(2).filter(|_| !lost) {
            let foot = &self.item(children[before]).note.foot;
            replace(&mut self.tail, foot);
        }
    }

    /// The foot of a key is written when its value is done.
    fn meet_key(&mut self, key: ItemId) {
        let foot = self.foot;
        self.meet_start(key);
        self.foot = foot;
    }

    fn block_value(&mut self, mut frame: Frame) {
        let value = self.item(frame.id).children[frame.at];
        self.meet_start(value);
        if frame.simple {
            self.sign(b":", false, false, false);
        } else {
            self.begin_line();
            self.sign(b":", true, false, true);
        }
        if !self.key_line.is_empty() {
            let item = self.item(value);
            let is_block = matches!(item.shape, Shape::Sequence | Shape::Mapping) && !item.flow;
            if matches!(item.shape, Shape::Scalar(_)) {
                if self.line.is_empty() {
                    self.line = take(&mut self.key_line);
                }
            } else if is_block {
                std::mem::swap(&mut self.line, &mut self.key_line);
                self.put_line();
                std::mem::swap(&mut self.line, &mut self.key_line);
            }
        }
        frame.at += 1;
        self.frames.push(frame);
        self.node(value, Place::Entry);
        self.put_line();
        self.put_foot();
    }

    fn flow_item(&mut self, mut frame: Frame) {
        let Some(child) = self.item(frame.id).children.get(frame.at).copied() else {
            self.meet_end(frame);
            return self.close(frame, b"]");
        };
        if frame.at > 0 && !frame.comma {
            self.sign(b",", false, false, false);
        }
        self.meet_start(child);
        self.put_head();
        if self.to.column() == 0 {
            self.begin_line();
        }
        frame.at += 1;
        frame.comma = self.has_trailer();
        self.frames.push(frame);
        self.node(child, Place::Item);
        self.end_flow_part();
    }

    fn flow_entry(&mut self, mut frame: Frame) {
        let children = &self.item(frame.id).children;
        if frame.at % 2 == 1 {
            return self.flow_value(frame);
        }
        self.meet_foot_before(frame);
        let Some(key) = children.get(frame.at).copied() else {
            self.meet_end(frame);
            if (!self.head.is_empty() || !self.foot.is_empty() || !self.tail.is_empty()) && frame.at > 0 && !frame.comma
            {
                self.sign(b",", false, false, false);
            }
            self.put_head();
            return self.close(frame, b"}");
        };
        if frame.at > 0 && !frame.comma {
            self.sign(b",", false, false, false);
        }
        self.meet_key(key);
        self.put_head();
        if self.to.column() == 0 {
            self.begin_line();
        }
        frame.at += 1;
        frame.simple = self.is_simple(key);
        self.frames.push(frame);
        if frame.simple {
            self.node(key, Place::SimpleKey);
        } else {
            self.sign(b"?", true, false, false);
            self.node(key, Place::Key);
        }
    }

    fn flow_value(&mut self, mut frame: Frame) {
        let value = self.item(frame.id).children[frame.at];
        self.meet_start(value);
        self.sign(b":", !frame.simple, false, false);
        frame.at += 1;
        frame.comma = self.has_trailer();
        self.frames.push(frame);
        self.node(value, Place::Entry);
        self.end_flow_part();
    }

    /// Whether comments wait that must stand behind the comma.
    fn has_trailer(&self) -> bool {
        !self.line.is_empty() || !self.foot.is_empty() || !self.tail.is_empty()
    }

    fn end_flow_part(&mut self) {
        if self.has_trailer() {
            self.sign(b",", false, false, false);
        }
        self.put_line();
        self.put_foot();
    }

    fn close(&mut self, frame: Frame, bracket: &[u8]) {
        self.depth -= 1;
        self.indent = frame.outer;
        if bracket == b"]" && self.to.column() == 0 {
            self.begin_line();
        }
        self.sign(bracket, false, false, false);
        self.put_line();
        self.put_foot();
    }

    /// Writes a scalar or alias, or opens a collection.
    fn node(&mut self, id: ItemId, place: Place) {
        let item = self.item(id);
        if item.shape == Shape::Alias {
            self.sign(b"*", true, false, false);
            return self.raw(&item.text);
        }
        if let Some(name) = &item.anchor {
            self.sign(b"&", true, false, false);
            self.raw(name);
        }
        self.tag(item);
        if let Shape::Scalar(style) = item.shape {
            return self.scalar(item, style, place);
        }
        let (outer, key) = (self.indent, matches!(place, Place::SimpleKey | Place::Key));
        let flow = self.depth > 0 || item.flow || item.children.is_empty();
        if flow {
            let bracket = if item.shape == Shape::Sequence { b"[" } else { b"{" };
            self.sign(bracket, true, true, false);
            self.indent = self.deeper(place);
            self.depth += 1;
        } else if place == Place::Root {
            self.indent = 0;
        } else if item.shape == Shape::Mapping
            || place == Place::Item
            || self.wide
            || (self.fresh && self.to.column() > 0)
        {
            self.indent = self.deeper(place);
        }
        self.frames.push(Frame { id, at: 0, outer, flow, key, simple: false, comma: false });
    }

    fn deeper(&self, place: Place) -> usize {
        if place == Place::Root { 2 } else { self.indent + 2 }
    }

    fn tag(&mut self, item: &Item) {
        let Some(tag) = &item.tag else {
            let plain = item.shape == Shape::Scalar(Style::Plain);
            if plain && plain_scalar(&item.text) == Scalar::Merge {
                self.sign(b"!!merge", true, false, false);
            }
            return;
        };
        match (tag.strip_prefix(LONG), tag.as_slice()) {
            (_, b"!" | b"") => {}
            (Some(short), _) => {
                self.sign(b"!!", true, false, false);
                self.escaped(short);
            }
            (None, [b'!', name @ ..]) => {
                self.sign(b"!", true, false, false);
                self.escaped(name);
            }
            _ => {
                self.sign(b"!<", true, false, false);
                self.escaped(tag);
                self.raw(b">");
            }
        }
    }

    /// The name of a tag, with `%XX` for what may not stand in one.
    fn escaped(&mut self, name: &[u8]) {
        for b in name {
            if b.is_ascii_alphanumeric() || b"-;/?:@&=+$,_.~*'()[]".contains(b) {
                self.raw(&[*b]);
            } else {
                self.raw(format!("%{b:02X}").as_bytes());
            }
        }
    }

    fn scalar(&mut self, item: &Item, style: Style, place: Place) {
        let text = String::from_utf8_lossy(&item.text);
        let simple_key = place == Place::SimpleKey;
        let analysis = analyze(&text, true);
        let wanted = match style {
            Style::Plain if text.contains('\n') => Style::Literal,
            style => style,
        };
        let indent = self.deeper(place);
        match choose_kept(wanted, analysis, &text, simple_key, self.depth > 0) {
            Style::Plain => {
                self.gap(!text.is_empty());
                self.to.plain(&text, indent, simple_key);
            }
            Style::Single => {
                self.gap(true);
                self.to.single(&text, indent, simple_key);
            }
            Style::Double => {
                self.gap(true);
                self.to.double(&text, indent, simple_key);
            }
            style @ (Style::Literal | Style::Folded) => {
                self.gap(true);
                self.to.block_header(if style == Style::Literal { b'|' } else { b'>' }, &text);
                self.white = false;
                if self.line.is_empty() {
                    self.break_line();
                } else {
                    self.put_line();
                }
                if style == Style::Literal {
                    self.to.literal_lines(&text, indent);
                } else {
                    self.to.folded_lines(&text, indent);
                }
            }
        }
        (self.white, self.fresh) = (false, false);
        if self.to.column() == 0 {
            (self.white, self.fresh) = (true, true);
        }
    }

    fn is_simple(&self, key: ItemId) -> bool {
        let item = self.item(key);
        let ornaments = item.anchor.as_ref().map_or(0, Vec::len) + item.tag.as_ref().map_or(0, Vec::len);
        let simple = match item.shape {
            Shape::Alias => true,
            Shape::Scalar(_) => !String::from_utf8_lossy(&item.text).contains(is_break),
            _ => item.children.is_empty(),
        };
        simple && ornaments + item.text.len() <= MAX_SIMPLE_KEY
    }

    fn raw(&mut self, text: &[u8]) {
        self.to.raw(text);
        (self.white, self.fresh) = (false, false);
    }

    fn gap(&mut self, wanted: bool) {
        self.to.gap(wanted && !self.white);
    }

    /// An indicator: whether it needs white space before it, brings some itself, and counts as indentation.
    fn sign(&mut self, text: &[u8], spaced: bool, white: bool, indents: bool) {
        self.gap(spaced);
        self.to.raw(text);
        self.white = white;
        self.fresh &= indents;
    }

    fn break_line(&mut self) {
        self.to.line_break('\n');
        (self.white, self.fresh) = (true, true);
    }

    /// Ends the line, unless nothing is on it, and indents the next.
    fn begin_line(&mut self) {
        let (column, indent) = (self.to.column(), self.indent);
        if !self.fresh || column > indent || (column == indent && !self.white) {
            self.break_line();
        }
        if self.foot_column == Some(indent) {
            self.break_line();
        }
        while self.to.column() < indent {
            self.to.raw(b" ");
        }
        self.white = true;
        self.foot_column = None;
    }

    fn put_head(&mut self) {
        if !self.tail.is_empty() {
            self.begin_line();
            let tail = take(&mut self.tail);
            self.comment(tail);
            self.foot_column = Some(self.indent);
        }
        if !self.head.is_empty() {
            self.begin_line();
            let head = take(&mut self.head);
            self.comment(head);
        }
    }

    fn put_line(&mut self) {
        if !self.line.is_empty() {
            self.gap(true);
            let line = take(&mut self.line);
            self.comment(line);
        }
    }

    fn put_foot(&mut self) {
        if !self.foot.is_empty() {
            self.begin_line();
            let foot = take(&mut self.foot);
            self.comment(foot);
            self.foot_column = Some(self.indent);
        }
    }

    fn comment(&mut self, text: &[u8]) {
        let mut broken = false;
        for (n, line) in text.split(|b| *b == b'\n').enumerate() {
            if n > 0 {
                self.break_line();
                broken = true;
            }
            if !line.is_empty() {
                if broken {
                    self.begin_line();
                }
                self.to.text(line);
                self.fresh = false;
                broken = false;
            }
        }
        if !broken {
            self.break_line();
        }
        self.white = true;
    }
}

fn replace<'t>(slot: &mut &'t [u8], text: &'t [u8]) {
    if !text.is_empty() {
        *slot = text;
    }
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// In a sequence.
    Item,
    /// As a key on the line of its value.
    SimpleKey,
    /// As a key with a line of its own.
    Key,
    /// As a value.
    Entry,
}
