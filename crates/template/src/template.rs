//! Named templates and the set that they live in.

use std::rc::Rc;

use rhumb_value::Str;
use rustc_hash::FxHashMap;

use crate::ast::{Index, Tree};
use crate::display;
use crate::error::ParseError;
use crate::funcs::Funcs;
use crate::parser::{Scratch, parse_strict};
use crate::source::Source;

/// A template: a name and what it does.
#[derive(Debug)]
pub struct Template {
    /// The name.
    pub name: Str,
    /// The text it stands in.
    pub source: Rc<Source>,
    pub(crate) tree: Rc<Tree>,
    /// The list of the tree that it runs.
    pub(crate) root: Index,
    /// Whether it has nothing but white space; such a one replaces nothing.
    pub blank: bool,
}

impl Template {
    /// The tree as text, as Go prints it.
    #[must_use]
    pub fn show(&self) -> String {
        display::show_list(&self.tree, self.root)
    }
}

/// Templates that may call each other.
#[derive(Debug)]
pub struct TemplateSet {
    name: Str,
    funcs: Funcs,
    templates: FxHashMap<Str, Rc<Template>>,
    /// What was parsed, by its text.
    texts: FxHashMap<Rc<[u8]>, Vec<Rc<Template>>>,
    scratch: Scratch,
}

impl TemplateSet {
    /// An empty set. Its name shows in the error for a template that is not there, and names the texts given to
    /// [`crate::Runtime::execute_text`]; Helm's is `gotpl`.
    #[must_use]
    pub fn new(name: impl Into<Str>, funcs: Funcs) -> Self {
        TemplateSet {
            name: name.into(),
            funcs,
            templates: FxHashMap::default(),
            texts: FxHashMap::default(),
            scratch: Scratch::default(),
        }
    }

    /// The name of the set.
    #[must_use]
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The functions that the templates may call.
    #[must_use]
    pub fn funcs(&self) -> &Funcs {
        &self.funcs
    }

    /// Parses a text and adds its templates. A later template replaces an earlier one of its name, but one with
    /// nothing but white space replaces nothing.
    pub fn parse(&mut self, name: impl Into<Str>, text: impl Into<Rc<[u8]>>) -> Result<(), ParseError> {
        let (name, text) = (name.into(), text.into());
        let templates = match self.parsed_before(&name, &text) {
            Some(templates) => templates,
            None => {
                let templates = parse_strict(&name, text.clone(), &self.funcs, &mut self.scratch)?;
                self.texts.insert(text, templates.clone());
                templates
            }
        };
        for t in templates {
            self.add(t);
        }
        Ok(())
    }

    /// The templates of a text that was parsed under another name: they share its tree. A library chart may lie in
    /// many subcharts, and subcharts are made by copying.
    fn parsed_before(&self, name: &Str, text: &Rc<[u8]>) -> Option<Vec<Rc<Template>>> {
        // The text's own template comes last.
        let (own, defined) = self.texts.get(text)?.split_last()?;
        // A text that defines what has its own name is another text under another name.
        let is_plain = own.root == 0 && defined.iter().all(|t| t.name != *name && t.name != own.name);
        if !is_plain {
            return None;
        }
        let source = Rc::new(Source { name: name.clone(), text: own.source.text.clone() });
        let named = |t: &Rc<Template>, name: &Str| {
            Rc::new(Template {
                name: name.clone(),
                source: source.clone(),
                tree: t.tree.clone(),
                root: t.root,
                blank: t.blank,
            })
        };
        let mut templates: Vec<Rc<Template>> = defined.iter().map(|t| named(t, &t.name)).collect();
        templates.push(named(own, name));
        Some(templates)
    }

    /// Adds a parsed template, with the same rule.
    pub fn add(&mut self, t: Rc<Template>) {
        if t.blank && self.templates.contains_key(&t.name) {
            return;
        }
        self.templates.insert(t.name.clone(), t);
    }

    /// The template of a name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&Rc<Template>> {
        self.templates.get(name)
    }

    /// All names in order.
    #[must_use]
    pub fn names(&self) -> Vec<Str> {
        let mut names: Vec<Str> = self.templates.keys().cloned().collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(files: &[(&str, &str)]) -> TemplateSet {
        let mut set = TemplateSet::new("gotpl", Funcs::default());
        for (name, text) in files {
            set.parse(*name, text.as_bytes()).expect("a good text");
        }
        set
    }

    #[test]
    fn equal_texts_share_a_tree_but_not_a_name() {
        let text = "{{ define \"x\" }}1{{ end }}{{ . }}";
        let set = set(&[("a", text), ("b", text)]);
        let (a, b, x) = (set.get(b"a"), set.get(b"b"), set.get(b"x"));
        let (a, b, x) = (a.expect("a"), b.expect("b"), x.expect("x"));
        assert!(Rc::ptr_eq(&a.tree, &b.tree) && Rc::ptr_eq(&x.tree, &b.tree));
        assert_eq!((&*a.source.name, &*b.source.name), (&b"a"[..], &b"b"[..]));
        // Of two templates of one name the later counts.
        assert_eq!(&*x.source.name, b"b");
        assert_eq!((a.show(), b.show(), x.show()), ("{{.}}".into(), "{{.}}".into(), "1".into()));
    }

    #[test]
    fn a_text_that_defines_its_own_name_is_parsed_again() {
        let text = "{{ define \"a\" }}1{{ end }} ";
        let shared = set(&[("a", text), ("b", text)]);
        assert_eq!(
            (shared.get(b"a").map(|t| t.show()), shared.get(b"b").map(|t| t.show())),
            (Some("1".into()), Some(" ".into()))
        );
        let mut other = set(&[("b", "{{ define \"a\" }}1{{ end }}2")]);
        let error = other.parse("a", &b"{{ define \"a\" }}1{{ end }}2"[..]).expect_err("a is there twice");
        assert_eq!(error.message, "template: multiple definition of template \"a\"");
    }
}
