//! The value itself.

use std::rc::Rc;

use crate::{Entry, IntKind, Kind, List, ListKind, Map, Method, Object, Str};

/// What a template holds: Go's `interface {}`. Twenty-four bytes, cheap to clone.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// The untyped nil.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// Any integer; an unsigned one of 64 bits keeps its bits.
    Int(i64, IntKind),
    /// `float64`
    Float(f64),
    /// `string`
    Str(Str),
    /// `[]uint8`
    Bytes(Rc<[u8]>),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// A struct or a pointer to one.
    Object(Rc<dyn Object>),
}

impl Value {
    /// A string value.
    #[must_use]
    pub fn str(text: impl Into<Str>) -> Value {
        Value::Str(text.into())
    }

    /// An `int`.
    #[must_use]
    pub fn int(n: i64) -> Value {
        Value::Int(n, IntKind::Int)
    }

    /// An `int64`.
    #[must_use]
    pub fn int64(n: i64) -> Value {
        Value::Int(n, IntKind::Int64)
    }

    /// A `[]string`.
    pub fn strings<S: Into<Str>>(items: impl IntoIterator<Item = S>) -> Value {
        let items = items.into_iter().map(|s| Value::Str(s.into())).collect();
        Value::List(List::with_kind(ListKind::Strings, items))
    }

    /// An object.
    pub fn object(object: impl Object + 'static) -> Value {
        Value::Object(Rc::new(object))
    }

    /// Go's reflection kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Invalid,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_, k) => Kind::Int(*k),
            Value::Float(_) => Kind::Float64,
            Value::Str(_) => Kind::String,
            Value::Bytes(_) | Value::List(_) => Kind::Slice,
            Value::Map(_) => Kind::Map,
            Value::Object(o) => o.kind(),
        }
    }

    /// Go's `%T`: the name of the dynamic type, `<nil>` for nil.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_, k) => k.name(),
            Value::Float(_) => "float64",
            Value::Str(_) => "string",
            Value::Bytes(_) => "[]uint8",
            Value::List(l) => l.kind().type_name(),
            Value::Map(m) => m.kind().type_name(),
            Value::Object(o) => o.go_type(),
        }
    }

    /// The methods of the dynamic type.
    #[must_use]
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Value::Object(o) => o.methods(),
            Value::Map(m) => m.kind().methods(),
            Value::List(l) => match l.kind() {
                ListKind::Named(_, methods) => methods,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// Whether it is the untyped nil.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    /// Truth as `if` and `and` see it (Go: `template.IsTrue`): not nil, zero, empty; a struct is always true.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(b) => *b,
            Value::Int(n, _) => *n != 0,
            Value::Float(f) => *f != 0.0,
            Value::Str(s) => !s.is_empty(),
            Value::Bytes(b) => !b.is_empty(),
            Value::List(l) => !l.is_empty(),
            Value::Map(m) => !m.is_empty(),
            Value::Object(o) => !o.is_nil(),
        }
    }

    /// The number of an integer, one of a named type too.
    #[must_use]
    pub fn integer(&self) -> Option<(i64, IntKind)> {
        match self {
            Value::Int(n, kind) => Some((*n, *kind)),
            Value::Object(o) if matches!(o.kind(), Kind::Int(_)) => match o.marshal()? {
                Value::Int(n, kind) => Some((n, kind)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The bytes of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&Str> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The map, where it is one of any type.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(m) => Some(m),
            _ => None,
        }
    }

    /// The list, where it is one of any type.
    #[must_use]
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(l) => Some(l),
            _ => None,
        }
    }

    /// A copy that shares no map with this one, down to `MAX_DEPTH`. Static types and origins stay.
    #[must_use]
    pub fn deep_copy(&self) -> Value {
        self.copy_at(0)
    }

    fn copy_at(&self, depth: usize) -> Value {
        match self {
            _ if depth > MAX_DEPTH => self.clone(),
            Value::Map(m) if m.is_nil() => Value::Map(Map::nil(m.kind())),
            Value::Map(m) => {
                let copy =
                    |e: &Entry| Entry { key: e.key.clone(), value: e.value.copy_at(depth + 1), origin: e.origin };
                let entries = m.borrow().iter().map(copy).collect();
                Value::Map(Map::from_entries(entries).of_kind(m.kind()))
            }
            // A list without a map in it cannot change, so it may stay shared.
            Value::List(l) if l.iter().any(Value::is_container) => {
                let origins = l.origins().to_vec();
                let items = l.iter().map(|v| v.copy_at(depth + 1)).collect();
                Value::List(match l.kind() {
                    ListKind::Any => List::with_origins(items, origins),
                    kind => List::with_kind(kind, items),
                })
            }
            other => other.clone(),
        }
    }

    /// Go's `reflect.DeepEqual`: same dynamic types and same content all the way down. Maps that hold themselves count
    /// as equal where their first `MAX_DEPTH` levels are.
    #[must_use]
    pub fn deep_equal(&self, other: &Value) -> bool {
        self.equal_at(other, 0)
    }

    fn equal_at(&self, other: &Value, depth: usize) -> bool {
        match (self, other) {
            _ if depth > MAX_DEPTH => true,
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a, k), Value::Int(b, l)) => a == b && k == l,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                self.type_name() == other.type_name()
                    && a.is_nil() == b.is_nil()
                    && (a.ptr_eq(b)
                        || a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.equal_at(y, depth + 1)))
            }
            (Value::Map(a), Value::Map(b)) => {
                self.type_name() == other.type_name()
                    && a.is_nil() == b.is_nil()
                    && (a.ptr_eq(b) || equal_maps(a, b, depth + 1))
            }
            (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b) || equal_objects(&**a, &**b),
            _ => false,
        }
    }
}

/// How deep copying and comparing go: maps can hold themselves.
const MAX_DEPTH: usize = 1000;

impl Value {
    pub(crate) fn is_container(&self) -> bool {
        matches!(self, Value::List(_) | Value::Map(_))
    }
}

/// Drops values without recursion into nested lists and maps.
pub(crate) fn drop_flat(mut work: Vec<Value>) {
    while let Some(value) = work.pop() {
        match value {
            Value::List(mut l) => l.take_items(&mut work),
            Value::Map(mut m) => m.take_values(&mut work),
            _ => {}
        }
    }
}

fn equal_maps(a: &Map, b: &Map, depth: usize) -> bool {
    let (a, b) = (a.borrow(), b.borrow());
    a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.key == y.key && x.value.equal_at(&y.value, depth))
}

fn equal_objects(a: &dyn Object, b: &dyn Object) -> bool {
    let (f, g) = (a.fields(), b.fields());
    a.go_type() == b.go_type()
        && a.string() == b.string()
        && f.len() == g.len()
        && f.iter().zip(&g).all(|(x, y)| x.0 == y.0 && x.1.deep_equal(&y.1))
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

/// An `int`, the type of Go's untyped integer constants.
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Value::int(n)
    }
}

impl From<f64> for Value {
    fn from(f: f64) -> Self {
        Value::Float(f)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::Str(s.into())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Value::Str(s.into())
    }
}

impl From<Vec<u8>> for Value {
    fn from(s: Vec<u8>) -> Self {
        Value::Str(s.into())
    }
}

impl From<Str> for Value {
    fn from(s: Str) -> Self {
        Value::Str(s)
    }
}

impl From<List> for Value {
    fn from(l: List) -> Self {
        Value::List(l)
    }
}

impl From<Map> for Value {
    fn from(m: Map) -> Self {
        Value::Map(m)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::List(List::new(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_follows_go() {
        let cases: &[(Value, bool)] = &[
            (Value::Nil, false),
            (Value::from(false), false),
            (Value::from(0), false),
            (Value::from(-1), true),
            (Value::from(0.0), false),
            (Value::from(f64::NAN), true),
            (Value::from(""), false),
            (Value::from("false"), true),
            (Value::from(Vec::<Value>::new()), false),
            (Value::from(Map::new()), false),
        ];
        for (value, want) in cases {
            assert_eq!(value.truth(), *want, "{value:?}");
        }
    }

    #[test]
    fn integers() {
        assert_eq!(Value::from(7).integer(), Some((7, IntKind::Int)));
        assert_eq!(Value::Int(7, IntKind::Uint8).integer(), Some((7, IntKind::Uint8)));
        assert_eq!((Value::from(7.0).integer(), Value::Nil.integer()), (None, None));
    }

    #[test]
    fn maps_that_hold_themselves_copy_and_compare() {
        let make = || {
            let m = Map::new();
            m.insert("m", m.clone());
            m
        };
        let (a, b) = (make(), make());
        assert!(Value::from(a.clone()).deep_equal(&Value::from(b.clone())));
        assert!(Value::from(a.clone()).deep_copy().as_map().unwrap().contains("m"));
        b.insert("x", 1);
        assert!(!Value::from(a.clone()).deep_equal(&Value::from(b.clone())));
        a.remove("m");
        b.remove("m");
    }

    #[test]
    fn a_deep_copy_shares_no_map() {
        let inner = Map::new();
        inner.insert("a", 1);
        let outer = Map::new();
        outer.insert("l", vec![Value::from(inner.clone())]);
        let copy = Value::from(outer.clone()).deep_copy();
        assert!(copy.deep_equal(&Value::from(outer)));
        inner.insert("a", 2);
        assert!(
            copy.as_map().unwrap().get("l").unwrap().as_list().unwrap()[0]
                .as_map()
                .unwrap()
                .get("a")
                .unwrap()
                .deep_equal(&Value::from(1))
        );
    }
}
