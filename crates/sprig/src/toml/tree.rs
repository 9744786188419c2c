//! The tables while a TOML text is read, with what may still be added to each.

use std::collections::BTreeMap;

use rhumb_value::{List, ListKind, Map, Value};

/// A key's place in the tree.
#[derive(Debug)]
pub(super) enum Node {
    Leaf(Value),
    Table(Table),
    /// `[[name]]`, as often as it came.
    Tables(Vec<Table>),
}

/// A table; `named` once a header or a value has made it, not while only longer keys imply it.
#[derive(Debug, Default)]
pub(super) struct Table {
    members: BTreeMap<String, Node>,
    named: bool,
}

/// The complaint about a key that is taken, in the words of the reference.
fn taken(path: &[String]) -> String {
    format!("Key '{}' has already been defined.", path.join("."))
}

impl Table {
    /// A table that a value makes.
    pub(super) fn inline() -> Table {
        Table { named: true, ..Table::default() }
    }

    /// The table at a path, made where it is missing; of an array of tables the last one.
    fn walk(&mut self, path: &[String]) -> Result<&mut Table, String> {
        let mut at = self;
        for (i, key) in path.iter().enumerate() {
            let node = at.members.entry(key.clone()).or_insert_with(|| Node::Table(Table::default()));
            at = match node {
                Node::Table(table) => table,
                Node::Tables(tables) => match tables.last_mut() {
                    Some(last) => last,
                    None => return Err(taken(&path[..=i])),
                },
                Node::Leaf(_) => return Err(taken(&path[..=i])),
            };
        }
        Ok(at)
    }

    /// `[path]`
    pub(super) fn open(&mut self, path: &[String]) -> Result<(), String> {
        let Some((last, before)) = path.split_last() else { return Ok(()) };
        let parent = self.walk(before)?;
        let node = parent.members.entry(last.clone()).or_insert_with(|| Node::Table(Table::default()));
        match node {
            Node::Table(table) if !table.named => {
                table.named = true;
                Ok(())
            }
            _ => Err(taken(path)),
        }
    }

    /// `[[path]]`
    pub(super) fn open_next(&mut self, path: &[String]) -> Result<(), String> {
        let Some((last, before)) = path.split_last() else { return Ok(()) };
        let parent = self.walk(before)?;
        match parent.members.entry(last.clone()).or_insert_with(|| Node::Tables(Vec::new())) {
            Node::Tables(tables) => {
                tables.push(Table::inline());
                Ok(())
            }
            _ => Err(format!("Key '{}' was already created and cannot be used as an array.", path.join("."))),
        }
    }

    /// `key = value` below the table at `context`.
    pub(super) fn set(&mut self, context: &[String], key: &[String], node: Node) -> Result<(), String> {
        let path: Vec<String> = context.iter().chain(key).cloned().collect();
        let Some((last, before)) = path.split_last() else { return Ok(()) };
        let parent = self.walk(before)?;
        if parent.members.contains_key(last) {
            return Err(taken(&path));
        }
        parent.members.insert(last.clone(), node);
        Ok(())
    }

    /// The finished value.
    pub(super) fn finish(self) -> Value {
        let made = Map::new();
        for (key, node) in self.members {
            made.insert(
                key,
                match node {
                    Node::Leaf(value) => value,
                    Node::Table(table) => table.finish(),
                    Node::Tables(tables) => {
                        let items = tables.into_iter().map(Table::finish).collect();
                        Value::List(List::with_kind(ListKind::Named("[]map[string]interface {}", &[]), items))
                    }
                },
            );
        }
        made.into()
    }
}
