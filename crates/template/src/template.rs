//! Named templates and the set that they live in.

use std::rc::Rc;

use rhumb_value::Str;
use rustc_hash::FxHashMap;

use crate::ast::{Index, Tree};
use crate::display;
use crate::error::ParseError;
use crate::funcs::Funcs;
use crate::parser::parse_strict;
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
}

impl TemplateSet {
    /// An empty set. Its name shows in the error for a template that is not there, and names the texts given to
    /// [`crate::Runtime::execute_text`]; Helm's is `gotpl`.
    #[must_use]
    pub fn new(name: impl Into<Str>, funcs: Funcs) -> Self {
        TemplateSet { name: name.into(), funcs, templates: FxHashMap::default() }
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
        let templates = parse_strict(&name.into(), text.into(), &self.funcs)?;
        for t in templates {
            self.add(t);
        }
        Ok(())
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
