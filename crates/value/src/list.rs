//! Go slices as templates meet them: made once, never changed, shared.

use std::ops::Deref;
use std::rc::Rc;

use crate::{Method, OriginId, Value};

/// The static type of a list.
#[derive(Clone, Copy, Debug, Default)]
pub enum ListKind {
    /// `[]interface {}`
    #[default]
    Any,
    /// `[]string`
    Strings,
    /// `[]int`
    Ints,
    /// `[][]interface {}`
    Lists,
    /// A named slice type with methods, such as `common.VersionSet`; its elements are strings.
    Named(&'static str, &'static [Method]),
}

impl ListKind {
    /// Go's name of the type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            ListKind::Any => "[]interface {}",
            ListKind::Strings => "[]string",
            ListKind::Ints => "[]int",
            ListKind::Lists => "[][]interface {}",
            ListKind::Named(name, _) => name,
        }
    }
}

/// A shared list. Cloning shares it; [`List::edit`] copies when it is shared.
#[derive(Clone, Debug, Default)]
pub struct List(Rc<Data>);

#[derive(Clone, Debug, Default)]
struct Data {
    items: Box<[Value]>,
    /// Large values files are lists and maps for the greater part, so what few have takes one word.
    rare: Option<Box<Rare>>,
}

/// What most lists do not have.
#[derive(Clone, Debug, Default)]
struct Rare {
    kind: ListKind,
    nil: bool,
    origins: Vec<OriginId>,
}

impl Data {
    fn new(kind: ListKind, items: Vec<Value>, origins: Vec<OriginId>) -> Self {
        let is_usual = matches!(kind, ListKind::Any) && origins.is_empty();
        Data { items: items.into(), rare: (!is_usual).then(|| Box::new(Rare { kind, nil: false, origins })) }
    }
}

/// Nested lists and maps are taken apart one after the other, so that deep nesting costs no stack.
impl Drop for Data {
    fn drop(&mut self) {
        if self.items.iter().any(Value::is_container) {
            crate::value::drop_flat(std::mem::take(&mut self.items).into());
        }
    }
}

impl List {
    /// Moves the elements out where nobody else holds the list.
    pub(crate) fn take_items(&mut self, into: &mut Vec<Value>) {
        if let Some(data) = Rc::get_mut(&mut self.0) {
            into.append(&mut std::mem::take(&mut data.items).into());
        }
    }

    /// A list of type `[]interface {}`.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        Self::with_kind(ListKind::Any, items)
    }

    /// A list of the given type.
    #[must_use]
    pub fn with_kind(kind: ListKind, items: Vec<Value>) -> Self {
        List(Rc::new(Data::new(kind, items, Vec::new())))
    }

    /// Go's nil slice: empty, and shown as `null` in JSON.
    #[must_use]
    pub fn nil(kind: ListKind) -> Self {
        let rare = Some(Box::new(Rare { kind, nil: true, origins: Vec::new() }));
        List(Rc::new(Data { items: Box::default(), rare }))
    }

    /// Whether it is Go's nil slice.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.items.is_empty() && self.0.rare.as_ref().is_some_and(|r| r.nil)
    }

    /// A list whose elements know where they came from; `origins` is empty or as long as `items`.
    #[must_use]
    pub fn with_origins(items: Vec<Value>, origins: Vec<OriginId>) -> Self {
        List(Rc::new(Data::new(ListKind::Any, items, origins)))
    }

    /// The static type.
    #[must_use]
    pub fn kind(&self) -> ListKind {
        self.0.rare.as_ref().map_or(ListKind::Any, |r| r.kind)
    }

    /// Where an element came from.
    #[must_use]
    pub fn origin(&self, index: usize) -> OriginId {
        self.origins().get(index).copied().unwrap_or_default()
    }

    /// Where the elements came from: as many as there are elements, or none.
    #[must_use]
    pub fn origins(&self) -> &[OriginId] {
        self.0.rare.as_ref().map_or(&[], |r| &r.origins)
    }

    /// Changes the elements, for a builder that owns the list; a shared list is copied first. Origins are dropped.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Vec<Value>)) {
        let data = Rc::make_mut(&mut self.0);
        if let Some(rare) = &mut data.rare {
            rare.origins.clear();
        }
        let mut items = std::mem::take(&mut data.items).into();
        edit(&mut items);
        data.items = items.into();
    }

    /// Says where the elements came from. A shared list is copied first.
    pub fn set_origins(&mut self, origins: Vec<OriginId>) {
        if !origins.is_empty() || self.0.rare.is_some() {
            Rc::make_mut(&mut self.0).rare.get_or_insert_default().origins = origins;
        }
    }

    /// Whether nobody else holds this list.
    #[must_use]
    pub fn is_unshared(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// Whether both are the same list, not only equal ones.
    #[must_use]
    pub fn ptr_eq(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        List::new(items.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_seen_by_no_other_holder() {
        let other = List::with_origins(vec![Value::from(1)], vec![OriginId(7)]);
        let mut list = other.clone();
        list.edit(|items| items.push(Value::from(2)));
        assert_eq!((list.len(), list.origin(0), other.len(), other.origin(0)), (2, OriginId::NONE, 1, OriginId(7)));
    }

    #[test]
    fn lists_are_small() {
        assert_eq!(size_of::<Data>(), 24);
    }
}
