//! What a template wrote is no YAML, or no manifest: back to the line that wrote it, and the value that it read.

use rhumb_diag::{Diagnostic, Span, codes};
use std::ops::Range;

use rhumb_template::{Frame, Piece, Trace};
use rhumb_yaml::Stage;

use super::desk::Desk;
use super::replay::{self, Written};
use super::yaml_cause::{self, Cause};
use super::{Scene, spans, words};
use crate::engine::without_no_value;
use crate::manifest::{self, Rendered, Unreadable};

/// The mark of nothing, which is taken out of what templates wrote.
const MARK: &[u8] = b"<no value>";

/// The diagnosis of a document that cannot be read.
pub(super) fn failure(desk: &mut Desk<'_>, scene: &Scene<'_>, first: &Unreadable, files: &[Rendered]) -> Diagnostic {
    let written = replay::written(scene, &first.path);
    let again = written.as_ref().map(|w| without_no_value(w.text.clone()));
    let now = again.as_deref().and_then(|text| unreadable(&first.path, text));
    // A second run that writes something else (by chance, by the clock) has nothing to say about the first.
    let (text, error, written) = match (again, now) {
        (Some(text), Some(error)) => (text, error, written),
        _ => {
            let text = files.iter().find(|f| *f.path == *first.path).map(|f| f.text.to_vec()).unwrap_or_default();
            (text, first.clone(), None)
        }
    };
    let code = match error.error.stage() {
        Stage::Unmarshal => codes::RENDERED_SHAPE,
        _ => codes::RENDERED_SYNTAX,
    };
    let document = text.get(error.start..).unwrap_or_default();
    let cause = yaml_cause::find(document, &error.error);
    let rendered = desk.text(format!("{} as rendered", first.path), &text);
    let at = Span::new(rendered, error.start + cause.at.start, error.start + cause.at.end);
    let found = Diagnostic::error(code, "");
    let found = match &written {
        Some(w) => writer(desk, scene, found, w, error.start + cause.at.start, &cause),
        None => found,
    };
    let found = found.around(at, cause.label.clone());
    let found = values(desk, found, written.as_ref(), &text, error.start, &cause);
    match &cause.hint {
        Some(hint) => found.hint(hint.clone()),
        None => found,
    }
}

/// The first document of a text that cannot be read.
fn unreadable(path: &str, text: &[u8]) -> Option<Unreadable> {
    manifest::documents(text).find_map(|(start, document)| {
        rhumb_yaml::head(document).err().map(|error| Unreadable {
            path: path.to_owned(),
            start,
            error,
            unknown_hooks: Vec::new(),
        })
    })
}

/// Where a byte stood before the marks of nothing were taken out.
fn before_cleaning(raw: &[u8], at: usize) -> usize {
    let mut shift = 0;
    for mark in memchr::memmem::find_iter(raw, MARK) {
        if mark > at + shift {
            break;
        }
        shift += MARK.len();
    }
    at + shift
}

/// The template line that wrote a byte, as the primary place, with the calls that led there.
fn writer(
    desk: &mut Desk<'_>,
    scene: &Scene<'_>,
    found: Diagnostic,
    written: &Written,
    at: usize,
    cause: &Cause,
) -> Diagnostic {
    let at = before_cleaning(&written.text, at);
    let trace = &written.trace;
    let Some(piece) = trace.piece_at(at).or_else(|| trace.pieces().last()) else { return found };
    let chain = trace.chain(piece);
    let places: Vec<Span> = chain
        .iter()
        .enumerate()
        .map(|(i, (frame, offset))| {
            let source = &frame.source;
            // Inside of text the very byte is known; an action is shown whole.
            let range = match spans::action(&source.text, *offset) {
                Some(action) => action,
                None if i == 0 => {
                    let byte = *offset as usize + at.saturating_sub(piece.range.start);
                    byte..word_end(&source.text, byte)
                }
                None => *offset as usize..*offset as usize,
            };
            desk.span(source, range)
        })
        .collect();
    let mut found = found;
    let (Some(inner), Some(outer)) = (places.first(), places.last()) else { return found };
    if cause.is_indentation
        && let Some(above) = above(desk, written, at, &chain)
    {
        return above.tell(found, *inner);
    }
    if let Some((first, second)) = joined(desk, written, at) {
        return found
            .at(second, "this was joined to the line above it")
            .also(first, "this line")
            .hint("a `-` in `{{-` or `-}}` between them takes the line end away: remove it");
    }
    // Lines that came through an include have their indentation from there.
    if cause.is_indentation && places.len() > 1 {
        found =
            found.at(*outer, "this call sets how far the lines are indented").also(*inner, "and here they are written");
    } else {
        let label = if is_action(trace, piece) { "this wrote it" } else { "" };
        found = found.at(*inner, label);
        for (span, (frame, _)) in places.iter().zip(&chain).skip(1) {
            found = found.via(*span, format!("called in {} at", frame.template));
        }
    }
    for origin in trace.origins(piece).into_iter().take(2) {
        if let Some(span) = (scene.place)(origin) {
            found = found.also(span, "with this value");
        }
    }
    found
}

/// An action that wrote the lines above the one at fault.
struct Above {
    span: Span,
    indentation: usize,
    below: usize,
    wanted: usize,
}

impl Above {
    fn tell(&self, found: Diagnostic, line: Span) -> Diagnostic {
        let Above { span, indentation, below, wanted } = self;
        found
            .at(*span, format!("this wrote the lines above, indented by {indentation}"))
            .also(line, format!("and this line is indented by {below}"))
            .hint(format!("set the indentation of what is written: `{{{{- ... | nindent {wanted} }}}}`"))
    }
}

/// Where the line at fault stands in a template as text, and the line above it came out of an action: that action.
fn above(desk: &mut Desk<'_>, written: &Written, at: usize, chain: &[(&Frame, u32)]) -> Option<Above> {
    let text = &written.text;
    let (frame, offset) = chain.first()?;
    if chain.len() > 1 || spans::action(&frame.source.text, *offset).is_some() {
        return None;
    }
    let line = line_of(text, at);
    let content = |l: &Range<usize>| text[l.clone()].iter().take_while(|b| **b == b' ').count();
    let mut before = line_of(text, line.start.checked_sub(1)?);
    while text[before.clone()].trim_ascii().is_empty() {
        before = line_of(text, before.start.checked_sub(1)?);
    }
    let piece = written.trace.piece_at(before.start + content(&before))?;
    let chain = written.trace.chain(piece);
    let (outer, place) = chain.last()?;
    let action = spans::action(&outer.source.text, *place)?;
    let (indentation, below) = (content(&before), content(&line));
    // Who writes an action at the start of a line usually means its own column.
    let own = line_of(&outer.source.text, action.start);
    let first = outer.source.text[own.start..action.start].trim_ascii().is_empty();
    let wanted = if first { action.start - own.start } else { below };
    (indentation != below).then(|| Above { span: desk.span(&outer.source, action), indentation, below, wanted })
}

/// Two lines of a template that a trim marker made one: the places of both.
fn joined(desk: &mut Desk<'_>, written: &Written, at: usize) -> Option<(Span, Span)> {
    let line = line_of(&written.text, at);
    let pieces = written.trace.pieces();
    let first = pieces.partition_point(|p| p.range.end <= line.start);
    let on: Vec<&Piece> = pieces[first..].iter().take_while(|p| p.range.start < line.end).collect();
    for pair in on.windows(2) {
        let (Some(a), Some(b)) = (written.trace.frame(pair[0].frame), written.trace.frame(pair[1].frame)) else {
            continue;
        };
        let is_text = |f: &Frame, p: &Piece| spans::action(&f.source.text, p.offset).is_none();
        if !std::rc::Rc::ptr_eq(&a.source, &b.source) || !is_text(a, pair[0]) || !is_text(b, pair[1]) {
            continue;
        }
        let end = pair[0].offset as usize + pair[0].range.len();
        let start = pair[1].offset as usize;
        let between = a.source.text.get(end..start)?;
        if between.contains(&b'\n') && pair[0].range.start < line.end {
            let before = line_of(&a.source.text, end.saturating_sub(1));
            let before = before.start..end;
            let after = start..line_of(&a.source.text, start).end;
            return Some((desk.span(&a.source, before), desk.span(&b.source, after)));
        }
    }
    None
}

fn is_action(trace: &Trace, piece: &Piece) -> bool {
    trace.frame(piece.frame).is_some_and(|f| spans::action(&f.source.text, piece.offset).is_some())
}

fn word_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    at + len.max(usize::from(!rest.is_empty()))
}

/// Values that are written on the line at fault but not by the piece at fault: a quote that another action should have set.
fn values(
    desk: &mut Desk<'_>,
    found: Diagnostic,
    written: Option<&Written>,
    text: &[u8],
    start: usize,
    cause: &Cause,
) -> Diagnostic {
    let Some(written) = written else { return found };
    if found.secondary.len() > 1 {
        return found;
    }
    let line = line_of(text, start + cause.at.start);
    let from = line_of(&written.text, before_cleaning(&written.text, line.start)).start;
    let to = before_cleaning(&written.text, line.end);
    let mut found = found;
    let pieces = written.trace.pieces();
    let first = pieces.partition_point(|p| p.range.end <= from);
    for piece in pieces[first..].iter().take_while(|p| p.range.start < to) {
        let Some(frame) = written.trace.frame(piece.frame) else { continue };
        let Some(action) = spans::action(&frame.source.text, piece.offset) else { continue };
        let here = desk.span(&frame.source, action.clone());
        let known = found.primary.iter().chain(&found.secondary).any(|l| l.span == here);
        if !known && found.secondary.len() < 3 {
            let wrote = &written.text[piece.range.clone()];
            let label = match wrote {
                MARK => "wrote nothing: the value is missing".to_owned(),
                wrote => {
                    let name = String::from_utf8_lossy(&frame.source.text[action]);
                    format!("wrote {}", words::shown_of(&name, &rhumb_value::Value::from(wrote.to_vec())))
                }
            };
            found = found.also(here, label);
        }
    }
    found
}

fn line_of(text: &[u8], at: usize) -> std::ops::Range<usize> {
    let at = at.min(text.len());
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |i| i + 1);
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_before_the_marks_went() {
        let raw = b"a<no value>b\n<no value><no value>c";
        let clean = without_no_value(raw.to_vec());
        assert_eq!(clean, b"ab\nc");
        let back: Vec<u8> = (0..clean.len()).map(|i| raw[before_cleaning(raw, i)]).collect();
        assert_eq!(back, clean);
    }
}
