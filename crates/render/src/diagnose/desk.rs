//! The texts that a diagnostic points into, each taken in once.

use std::rc::Rc;

use rhumb_diag::{FileId, Source, Sources, Span};
use rhumb_template as template;

use super::Scene;

/// The name of the set of templates, under which the texts given to `tpl` go.
const TPL: &str = "gotpl";

/// Sources by the text they hold.
pub(super) struct Desk<'a> {
    sources: Sources,
    /// The address of each template's text, which tells two texts of `tpl` apart.
    known: Vec<(*const u8, FileId)>,
    display: &'a dyn Fn(&str) -> String,
}

impl<'a> Desk<'a> {
    pub(super) fn new(scene: &Scene<'a>) -> Self {
        Desk { sources: scene.sources.clone(), known: Vec::new(), display: scene.display }
    }

    pub(super) fn into_sources(self) -> Sources {
        self.sources
    }

    /// A template's text.
    pub(super) fn template(&mut self, source: &template::Source) -> FileId {
        let name = source.name.to_string_lossy();
        self.file(&name, &source.text)
    }

    /// A text under the name that it has in messages.
    pub(super) fn file(&mut self, name: &str, text: &Rc<[u8]>) -> FileId {
        let address = text.as_ptr();
        if let Some((_, id)) = self.known.iter().find(|(known, _)| *known == address) {
            return *id;
        }
        let shown = if name == TPL { "the text given to tpl".to_owned() } else { (self.display)(name) };
        let id = self.sources.add(Source::new(shown, &**text));
        self.known.push((address, id));
        id
    }

    /// A text that lies in no file.
    pub(super) fn text(&mut self, name: String, text: &[u8]) -> FileId {
        self.sources.add(Source::new(name, text))
    }

    /// A span of a template's text.
    pub(super) fn span(&mut self, source: &template::Source, range: std::ops::Range<usize>) -> Span {
        Span::new(self.template(source), range.start, range.end)
    }
}
