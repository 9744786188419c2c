//! The functions that a set of templates knows, looked up while parsing.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::builtins::BUILTINS;
use crate::func::Func;

/// Functions by name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Funcs(Rc<Table>);

#[derive(Clone, Debug)]
struct Table {
    all: Vec<&'static Func>,
    /// Indexes of `all`.
    by_name: FxHashMap<&'static [u8], u16>,
}

/// Go's own functions.
impl Default for Funcs {
    fn default() -> Self {
        Funcs::new(&[])
    }
}

impl Funcs {
    /// Functions from these tables, and Go's own. An earlier table hides a later one, all hide Go's. Only the first
    /// 65,536 count.
    #[must_use]
    pub fn new(tables: &[&'static [Func]]) -> Self {
        let count = tables.iter().map(|t| t.len()).sum::<usize>() + BUILTINS.len();
        let mut all = Vec::with_capacity(count);
        let mut by_name = FxHashMap::with_capacity_and_hasher(count, Default::default());
        for (func, index) in tables.iter().flat_map(|t| t.iter()).chain(BUILTINS.iter()).zip(0..=u16::MAX) {
            all.push(func);
            by_name.entry(func.name.as_bytes()).or_insert(index);
        }
        Funcs(Rc::new(Table { all, by_name }))
    }

    /// The same without the functions of these names.
    #[must_use]
    pub fn without(mut self, hidden: &'static [&'static str]) -> Self {
        let table = Rc::make_mut(&mut self.0);
        for name in hidden {
            table.by_name.remove(name.as_bytes());
        }
        self
    }

    /// All names, sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.0.by_name.values().map(|index| self.at(*index).name).collect();
        names.sort_unstable();
        names
    }

    /// The function of a name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&'static Func> {
        self.index(name).map(|index| self.at(index))
    }

    /// The number of the function of a name.
    pub(crate) fn index(&self, name: &[u8]) -> Option<u16> {
        self.0.by_name.get(name).copied()
    }

    /// The function of a number.
    pub(crate) fn at(&self, index: u16) -> &'static Func {
        self.0.all[usize::from(index)]
    }
}
