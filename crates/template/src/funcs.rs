//! The functions that a set of templates knows: sorted tables, looked up while parsing.

use crate::builtins::BUILTINS;
use crate::func::Func;

/// Tables of functions; an earlier table hides a later one, all hide Go's own functions.
#[derive(Clone, Debug, Default)]
pub struct Funcs {
    tables: Vec<Table>,
    hidden: &'static [&'static str],
}

#[derive(Clone, Debug)]
enum Table {
    Sorted(&'static [Func]),
    Mixed(Vec<&'static Func>),
}

impl Funcs {
    /// Functions from these tables, and Go's own. A table sorted by name is used as it is, any other is sorted.
    #[must_use]
    pub fn new(tables: &[&'static [Func]]) -> Self {
        let tables = tables.iter().map(|t| {
            if t.is_sorted_by(|a, b| a.name < b.name) {
                return Table::Sorted(t);
            }
            let mut refs: Vec<&'static Func> = t.iter().collect();
            refs.sort_by_key(|f| f.name);
            Table::Mixed(refs)
        });
        Funcs { tables: tables.collect(), hidden: &[] }
    }

    /// The same without the functions of these names.
    #[must_use]
    pub fn without(self, hidden: &'static [&'static str]) -> Self {
        Funcs { hidden, ..self }
    }

    /// All names, sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = BUILTINS.iter().map(|f| f.name).collect();
        for table in &self.tables {
            match table {
                Table::Sorted(t) => names.extend(t.iter().map(|f| f.name)),
                Table::Mixed(t) => names.extend(t.iter().map(|f| f.name)),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The function of a name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&'static Func> {
        if self.hidden.iter().any(|h| h.as_bytes() == name) {
            return None;
        }
        for table in &self.tables {
            let found = match table {
                Table::Sorted(t) => t.binary_search_by(|f| f.name.as_bytes().cmp(name)).ok().map(|i| &t[i]),
                Table::Mixed(t) => t.binary_search_by(|f| f.name.as_bytes().cmp(name)).ok().map(|i| t[i]),
            };
            if found.is_some() {
                return found;
            }
        }
        BUILTINS.binary_search_by(|f| f.name.as_bytes().cmp(name)).ok().map(|i| &BUILTINS[i])
    }
}
