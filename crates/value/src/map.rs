//! Go maps with string keys: shared, mutable, and always walked in sorted key order.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map;
use std::rc::Rc;

use crate::{List, ListKind, Method, OriginId, Str, Value};

/// A flat map longer than this turns into a tree when a key arrives out of order.
const FLAT_MAX: usize = 128;

/// A flat map up to this length is searched from its start.
const SHORT: usize = 8;

/// The static type of a map.
#[derive(Clone, Copy, Debug, Default)]
pub enum MapKind {
    /// `map[string]interface {}`
    #[default]
    Any,
    /// `map[string]string`
    Strings,
    /// A named map type with methods, such as `common.Values`.
    Named(&'static str, &'static [Method]),
    /// A named map type with methods whose elements are byte slices, such as `engine.files`.
    Bytes(&'static str, &'static [Method]),
}

impl MapKind {
    /// Go's name of the type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            MapKind::Any => "map[string]interface {}",
            MapKind::Strings => "map[string]string",
            MapKind::Named(name, _) | MapKind::Bytes(name, _) => name,
        }
    }

    /// The methods, where the type has some.
    #[must_use]
    pub fn methods(self) -> &'static [Method] {
        match self {
            MapKind::Any | MapKind::Strings => &[],
            MapKind::Named(_, methods) | MapKind::Bytes(_, methods) => methods,
        }
    }

    /// What Go gives for a key that is not there, where that is a value of its own type and no nil.
    #[must_use]
    pub fn zero(self) -> Option<Value> {
        match self {
            MapKind::Any | MapKind::Named(..) => None,
            MapKind::Strings => Some(Value::Str(Str::new())),
            // Go's nil slice of bytes, which JSON shows as null.
            MapKind::Bytes(..) => Some(Value::List(List::nil(ListKind::Named("[]uint8", &[])))),
        }
    }
}

/// One key with its value and where the value came from.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Str,
    /// The value.
    pub value: Value,
    /// Where the value was set.
    pub origin: OriginId,
}

/// Sorts by keys; entries of equal keys keep their order. Of many entries only the numbers are sorted, and the entries then put
/// into their places: sorting them all would take as much memory again.
fn sort(entries: &mut [Entry]) {
    let many = u32::try_from(entries.len()).ok().filter(|count| *count > 64);
    let Some(count) = many else {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        return;
    };
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_by(|a, b| entries[*a as usize].key.cmp(&entries[*b as usize].key));
    for start in 0..count {
        let mut at = start;
        // Round a circle of places, each of which takes what belongs there from the next.
        loop {
            let from = std::mem::replace(&mut order[at as usize], at);
            if from == start {
                break;
            }
            entries.swap(at as usize, from as usize);
            at = from;
        }
    }
}

/// A shared, mutable map. Cloning shares it; [`Map::shallow_copy`] and [`Value::deep_copy`] copy.
///
/// In Go the static type belongs to the variable and not to the map: behind the entries stands the type under which this
/// handle sees them, where that is not the one they were made with.
#[derive(Clone, Debug, Default)]
pub struct Map(Rc<Data>, Option<&'static MapKind>);

/// Large values files hold many maps, so what few of them need lies in [`More`].
#[derive(Debug, Default)]
struct Data {
    entries: RefCell<Entries>,
}

/// What most maps do not have.
#[derive(Clone, Copy, Debug)]
struct Rare {
    kind: MapKind,
    nil: bool,
}

impl Data {
    fn new(kind: MapKind, nil: bool, entries: Entries) -> Rc<Self> {
        let is_usual = matches!(kind, MapKind::Any) && !nil;
        let entries = match is_usual {
            true => entries,
            false => Entries(Repr::More(Box::new(More {
                rare: Some(Box::new(Rare { kind, nil })),
                grown: entries.into_grown(),
            }))),
        };
        Rc::new(Data { entries: RefCell::new(entries) })
    }
}

/// The entries of a map, in key order.
#[derive(Clone, Debug)]
pub struct Entries(Repr);

#[derive(Clone, Debug)]
enum Repr {
    /// A `map[string]interface {}` to which nothing was added since it was made.
    Flat(Box<[Entry]>),
    More(Box<More>),
}

/// A map that has grown, or is of an unusual type.
#[derive(Clone, Debug, Default)]
struct More {
    rare: Option<Box<Rare>>,
    grown: Grown,
}

#[derive(Clone, Debug)]
enum Grown {
    Flat(Vec<Entry>),
    Tree(Box<Tree>),
}

/// Behind a pointer, so that the flat form stays three words.
#[derive(Clone, Debug)]
struct Tree(BTreeMap<Str, Entry>);

impl Default for Grown {
    fn default() -> Self {
        Grown::Flat(Vec::new())
    }
}

impl Default for Entries {
    fn default() -> Self {
        Entries(Repr::Flat(Box::default()))
    }
}

impl Entries {
    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.parts() {
            Ok(entries) => entries.len(),
            Err(tree) => tree.0.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Entry> {
        match self.parts() {
            // In a short row the lengths tell most keys apart.
            Ok(entries) if entries.len() <= SHORT => entries.iter().find(|e| e.key.as_bytes() == key),
            Ok(entries) => find(entries, key).ok().map(|i| &entries[i]),
            Err(tree) => tree.0.get(key),
        }
    }

    /// All entries in key order, where they lie side by side, which only those of large maps do not.
    #[must_use]
    pub fn as_slice(&self) -> Option<&[Entry]> {
        self.parts().ok()
    }

    /// All entries in key order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        match self.parts() {
            Ok(entries) => Iter::Flat(entries.iter()),
            Err(tree) => Iter::Tree(tree.0.values()),
        }
    }

    fn parts(&self) -> Result<&[Entry], &Tree> {
        match &self.0 {
            Repr::Flat(entries) => Ok(entries),
            Repr::More(more) => match &more.grown {
                Grown::Flat(entries) => Ok(entries),
                Grown::Tree(tree) => Err(tree),
            },
        }
    }

    fn rare(&self) -> Option<&Rare> {
        match &self.0 {
            Repr::Flat(_) => None,
            Repr::More(more) => more.rare.as_deref(),
        }
    }

    fn into_grown(self) -> Grown {
        match self.0 {
            Repr::Flat(entries) => Grown::Flat(entries.into()),
            Repr::More(more) => more.grown,
        }
    }

    fn grown(&mut self) -> &mut Grown {
        if let Repr::Flat(entries) = &mut self.0 {
            let grown = Grown::Flat(std::mem::take(entries).into());
            self.0 = Repr::More(Box::new(More { rare: None, grown }));
        }
        match &mut self.0 {
            Repr::More(more) => &mut more.grown,
            Repr::Flat(_) => unreachable!("it was just changed"),
        }
    }

    fn take_values(&mut self, into: &mut Vec<Value>) {
        match std::mem::take(self).into_grown() {
            Grown::Flat(v) => into.extend(v.into_iter().map(|e| e.value)),
            Grown::Tree(t) => into.extend(t.0.into_values().map(|e| e.value)),
        }
    }

    fn insert(&mut self, entry: Entry) {
        if let Repr::Flat(entries) = &mut self.0
            && let Ok(i) = find(entries, &entry.key)
        {
            entries[i] = entry;
            return;
        }
        let grown = self.grown();
        match grown {
            Grown::Tree(t) => {
                t.0.insert(entry.key.clone(), entry);
            }
            Grown::Flat(v) => match find(v, &entry.key) {
                Ok(i) => v[i] = entry,
                Err(i) if i == v.len() || v.len() < FLAT_MAX => v.insert(i, entry),
                Err(_) => {
                    let mut t: BTreeMap<Str, Entry> =
                        std::mem::take(v).into_iter().map(|e| (e.key.clone(), e)).collect();
                    t.insert(entry.key.clone(), entry);
                    *grown = Grown::Tree(Box::new(Tree(t)));
                }
            },
        }
    }

    fn remove(&mut self, key: &[u8]) -> Option<Entry> {
        self.get(key)?;
        match self.grown() {
            Grown::Flat(v) => find(v, key).ok().map(|i| v.remove(i)),
            Grown::Tree(t) => t.0.remove(key),
        }
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = &'a Entry;
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

fn find(entries: &[Entry], key: &[u8]) -> Result<usize, usize> {
    entries.binary_search_by(|e| e.key.as_bytes().cmp(key))
}

/// Walks the entries of a map in key order.
#[derive(Debug)]
pub enum Iter<'a> {
    /// Over the flat form.
    Flat(std::slice::Iter<'a, Entry>),
    /// Over the tree form.
    Tree(btree_map::Values<'a, Str, Entry>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Entry;
    fn next(&mut self) -> Option<&'a Entry> {
        match self {
            Iter::Flat(i) => i.next(),
            Iter::Tree(i) => i.next(),
        }
    }
}

/// As for lists: deep nesting costs no stack.
impl Drop for Data {
    fn drop(&mut self) {
        if self.entries.get_mut().iter().any(|e| e.value.is_container()) {
            let mut values = Vec::new();
            self.entries.get_mut().take_values(&mut values);
            crate::value::drop_flat(values);
        }
    }
}

impl Map {
    /// Moves the values out where nobody else holds the map.
    pub(crate) fn take_values(&mut self, into: &mut Vec<Value>) {
        if let Some(data) = Rc::get_mut(&mut self.0) {
            data.entries.get_mut().take_values(into);
        }
    }

    /// An empty `map[string]interface {}`.
    #[must_use]
    pub fn new() -> Self {
        Map::default()
    }

    /// An empty map of the given type.
    #[must_use]
    pub fn with_kind(kind: MapKind) -> Self {
        Map(Data::new(kind, false, Entries::default()), None)
    }

    /// Go's nil map: empty, shown as `null` in JSON, and not to be written to.
    #[must_use]
    pub fn nil(kind: MapKind) -> Self {
        Map(Data::new(kind, true, Entries::default()), None)
    }

    /// Whether it is Go's nil map.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        let entries = self.borrow();
        entries.rare().is_some_and(|r| r.nil) && entries.is_empty()
    }

    /// A map of these entries in any order; of entries with the same key the last one stays.
    #[must_use]
    pub fn from_entries(mut entries: Vec<Entry>) -> Self {
        // A stable sort keeps the order of equal keys, so the last of them is the one that was written last.
        if !entries.is_sorted_by(|a, b| a.key < b.key) {
            sort(&mut entries);
            entries.reverse();
            entries.dedup_by(|later, earlier| later.key == earlier.key);
            entries.reverse();
        }
        Map(Data::new(MapKind::Any, false, Entries(Repr::Flat(entries.into()))), None)
    }

    /// The static type.
    #[must_use]
    pub fn kind(&self) -> MapKind {
        match self.1 {
            None => self.borrow().rare().map_or(MapKind::Any, |r| r.kind),
            Some(kind) => *kind,
        }
    }

    /// The same map, shared, seen as a `map[string]interface {}`: what Go makes of a named map type that goes through
    /// a function's plain result.
    #[must_use]
    pub fn as_plain(&self) -> Map {
        self.seen_as(&MapKind::Any)
    }

    /// The same map, shared, seen under another type: Go's conversion between map types.
    #[must_use]
    pub fn seen_as(&self, kind: &'static MapKind) -> Map {
        Map(Rc::clone(&self.0), Some(kind))
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.borrow().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries, to look at. Do not change the map while this is held.
    #[must_use]
    pub fn borrow(&self) -> Ref<'_, Entries> {
        self.0.entries.borrow()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.borrow().get(key.as_ref()).map(|e| e.value.clone())
    }

    /// The whole entry of a key.
    #[must_use]
    pub fn entry(&self, key: impl AsRef<[u8]>) -> Option<Entry> {
        self.borrow().get(key.as_ref()).cloned()
    }

    /// Whether the key is there, be its value nil.
    #[must_use]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.borrow().get(key.as_ref()).is_some()
    }

    /// Sets a key to a value of no known origin.
    pub fn insert(&self, key: impl Into<Str>, value: impl Into<Value>) {
        self.insert_entry(Entry { key: key.into(), value: value.into(), origin: OriginId::NONE });
    }

    /// Sets a whole entry.
    pub fn insert_entry(&self, entry: Entry) {
        self.0.entries.borrow_mut().insert(entry);
    }

    /// Removes a key.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Entry> {
        self.0.entries.borrow_mut().remove(key.as_ref())
    }

    /// The keys in order, as they are now.
    #[must_use]
    pub fn keys(&self) -> Vec<Str> {
        self.borrow().iter().map(|e| e.key.clone()).collect()
    }

    /// The entries in key order, as they are now: safe to change the map while walking them.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Entry> {
        self.borrow().iter().cloned().collect()
    }

    /// Another map with the same entries; nested maps stay shared.
    #[must_use]
    pub fn shallow_copy(&self) -> Map {
        self.as_kind(self.kind())
    }

    /// A copy with the same entries under another static type; nested maps stay shared.
    #[must_use]
    pub fn as_kind(&self, kind: MapKind) -> Map {
        let entries = match self.borrow().parts() {
            Ok(entries) => Entries(Repr::Flat(entries.into())),
            Err(tree) => Entries(Repr::More(Box::new(More { rare: None, grown: Grown::Tree(Box::new(tree.clone())) }))),
        };
        Map(Data::new(kind, false, entries), None)
    }

    /// The map itself under another static type; a copy where others hold it.
    pub(crate) fn of_kind(self, kind: MapKind) -> Map {
        if matches!(kind, MapKind::Any) { self } else { self.as_kind(kind) }
    }

    /// Whether nobody else holds this map.
    #[must_use]
    pub fn is_unshared(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// Whether both are the same map, not only equal ones.
    #[must_use]
    pub fn ptr_eq(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, n: i64) -> Entry {
        Entry { key: key.into(), value: Value::from(n), origin: OriginId::NONE }
    }

    #[test]
    fn many_entries_are_sorted_as_few_are() {
        for (count, step) in [(65, 1), (100, 99), (128, 37), (1000, 7), (1000, 250), (65, 0)] {
            let key = |n: usize| format!("k{}", n * step % count);
            let entries: Vec<Entry> = (0..count).map(|n| entry(&key(n), n as i64)).collect();
            // Of equal keys the last one stays.
            let want: std::collections::BTreeMap<String, i64> = (0..count).map(|n| (key(n), n as i64)).collect();
            let got = Map::from_entries(entries).snapshot();
            let got: Vec<_> = got.iter().map(|e| (e.key.to_string(), format!("{:?}", e.value))).collect();
            let want: Vec<_> = want.into_iter().map(|(k, n)| (k, format!("{:?}", Value::from(n)))).collect();
            assert_eq!(got, want, "{count} {step}");
        }
    }

    #[test]
    fn the_last_of_equal_keys_stays() {
        let m = Map::from_entries(vec![entry("b", 1), entry("a", 2), entry("b", 3)]);
        assert_eq!(m.keys(), [Str::from("a"), Str::from("b")]);
        assert!(m.get("b").unwrap().deep_equal(&Value::from(3)));
    }

    #[test]
    fn containers_are_small() {
        assert_eq!((size_of::<Data>(), size_of::<Entry>()), (24, 56));
    }

    #[test]
    fn a_plain_view_shares_the_map() {
        let m = Map::with_kind(MapKind::Named("common.Values", &[]));
        let plain = m.as_plain();
        plain.insert("a", 1);
        assert!(m.contains("a") && m.ptr_eq(&plain));
        assert_eq!((m.kind().type_name(), plain.kind().type_name()), ("common.Values", "map[string]interface {}"));
        static STRINGS: MapKind = MapKind::Strings;
        let strings = plain.seen_as(&STRINGS);
        strings.insert("b", 2);
        assert_eq!((strings.kind().type_name(), m.len()), ("map[string]string", 2));
        assert_eq!(std::mem::size_of::<Value>(), 24);
    }

    #[test]
    fn flat_and_tree_answer_alike() {
        let m = Map::new();
        for n in (0..1000).rev() {
            m.insert(format!("k{n:04}"), n);
        }
        assert_eq!(m.len(), 1000);
        let keys = m.keys();
        assert!(keys.is_sorted());
        for n in 0..1000 {
            assert!(m.get(format!("k{n:04}")).unwrap().deep_equal(&Value::from(n)));
        }
        assert!(m.remove("k0500").is_some());
        assert!(!m.contains("k0500"));
    }
}
