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

/// A shared list. Cloning shares it; [`List::make_mut`] copies when it is shared.
#[derive(Clone, Debug, Default)]
pub struct List(Rc<Data>);

#[derive(Clone, Debug, Default)]
struct Data {
    kind: ListKind,
    nil: bool,
    items: Vec<Value>,
    origins: Vec<OriginId>,
}

/// Nested lists and maps are taken apart one after the other, so that deep nesting costs no stack.
impl Drop for Data {
    fn drop(&mut self) {
        if self.items.iter().any(Value::is_container) {
            crate::value::drop_flat(std::mem::take(&mut self.items));
        }
    }
}

impl List {
    /// Moves the elements out where nobody else holds the list.
    pub(crate) fn take_items(&mut self, into: &mut Vec<Value>) {
        if let Some(data) = Rc::get_mut(&mut self.0) {
            into.append(&mut data.items);
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
        List(Rc::new(Data { kind, nil: false, items, origins: Vec::new() }))
    }

    /// Go's nil slice: empty, and shown as `null` in JSON.
    #[must_use]
    pub fn nil(kind: ListKind) -> Self {
        List(Rc::new(Data { kind, nil: true, items: Vec::new(), origins: Vec::new() }))
    }

    /// Whether it is Go's nil slice.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.nil && self.0.items.is_empty()
    }

    /// A list whose elements know where they came from; `origins` is empty or as long as `items`.
    #[must_use]
    pub fn with_origins(items: Vec<Value>, origins: Vec<OriginId>) -> Self {
        List(Rc::new(Data { kind: ListKind::Any, nil: false, items, origins }))
    }

    /// The static type.
    #[must_use]
    pub fn kind(&self) -> ListKind {
        self.0.kind
    }

    /// Where an element came from.
    #[must_use]
    pub fn origin(&self, index: usize) -> OriginId {
        self.0.origins.get(index).copied().unwrap_or_default()
    }

    /// Where the elements came from: as many as there are elements, or none.
    #[must_use]
    pub fn origins(&self) -> &[OriginId] {
        &self.0.origins
    }

    /// The elements, for a builder that owns the list; a shared list is copied first. Origins are dropped.
    pub fn make_mut(&mut self) -> &mut Vec<Value> {
        let data = Rc::make_mut(&mut self.0);
        data.origins.clear();
        &mut data.items
    }

    /// Says where the elements came from. A shared list is copied first.
    pub fn set_origins(&mut self, origins: Vec<OriginId>) {
        Rc::make_mut(&mut self.0).origins = origins;
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
