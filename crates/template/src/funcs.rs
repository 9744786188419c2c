//! The functions that a set of templates knows, looked up while parsing.

use rustc_hash::FxHashMap;

use crate::builtins::BUILTINS;
use crate::func::Func;

/// Functions by name.
#[derive(Clone, Debug)]
pub struct Funcs {
    by_name: FxHashMap<&'static [u8], &'static Func>,
}

/// Go's own functions.
impl Default for Funcs {
    fn default() -> Self {
        Funcs::new(&[])
    }
}

impl Funcs {
    /// Functions from these tables, and Go's own. An earlier table hides a later one, all hide Go's.
    #[must_use]
    pub fn new(tables: &[&'static [Func]]) -> Self {
        let all = tables.iter().flat_map(|t| t.iter()).chain(BUILTINS.iter());
        let count = tables.iter().map(|t| t.len()).sum::<usize>() + BUILTINS.len();
        let mut by_name = FxHashMap::with_capacity_and_hasher(count, Default::default());
        for func in all {
            by_name.entry(func.name.as_bytes()).or_insert(func);
        }
        Funcs { by_name }
    }

    /// The same without the functions of these names.
    #[must_use]
    pub fn without(mut self, hidden: &'static [&'static str]) -> Self {
        for name in hidden {
            self.by_name.remove(name.as_bytes());
        }
        self
    }

    /// All names, sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.by_name.values().map(|f| f.name).collect();
        names.sort_unstable();
        names
    }

    /// The function of a name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&'static Func> {
        self.by_name.get(name).copied()
    }
}
