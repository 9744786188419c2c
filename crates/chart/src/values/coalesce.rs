//! Merging values: the user's over a chart's own, a parent's over its subcharts', globals down to all.
//!
//! The rules for null are the hard part. They were found by experiment, and the tests show each:
//! a null that the user gives takes the default away; a null for what the chart does not have stays; a null among a
//! chart's own defaults is dropped, but one that a parent holds for a subchart counts as soon as the user sets
//! anything for that subchart.

use rhumb_gostd::strconv::format_float;
use rhumb_value::{Entry, List, Map, OriginId, Str, Value};

use crate::log::{Level, Line};
use crate::model::Chart;

/// The key under which all charts of a tree share values.
const GLOBAL: &[u8] = b"global";

/// What merging, and choosing what is merged, has to say beside its result.
#[derive(Debug, Default)]
pub struct Notes {
    /// What goes to the log, in order.
    pub lines: Vec<Line>,
    /// Which origin won over which, when origins are known.
    pub overrode: Vec<(OriginId, OriginId)>,
    /// The nulls that took a default away, when origins are known: the path, the chart's name first, and the null.
    pub deleted: Vec<(String, OriginId)>,
}

impl Notes {
    fn info(&mut self, message: String) {
        self.lines.push(Line::new(Level::Info, message, Vec::new()));
    }

    pub(crate) fn warn(&mut self, message: &str, attributes: &[(&'static str, &str)]) {
        let attributes = attributes.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        self.lines.push(Line::new(Level::Warn, message, attributes));
    }

    /// Notes that `given` stands where `default` would; tables merge, so neither of two wins.
    fn overrode(&mut self, given: &Entry, default: &Entry) {
        let both_tables = matches!((&given.value, &default.value), (Value::Map(_), Value::Map(_)));
        if given.origin.is_known() && default.origin.is_known() && !both_tables {
            self.overrode.push((given.origin, default.origin));
        }
    }

    fn deleted(&mut self, path: &str, given: &Entry) {
        if given.origin.is_known() {
            self.deleted.push((join(path, &given.key.to_string_lossy()), given.origin));
        }
    }
}

/// Whether nulls act or are kept for a later merge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// A null of the higher layer deletes; a null of the lower one is dropped.
    Act,
    /// All nulls stay (import-values, and a parent's values for a subchart).
    Keep,
    /// As `Keep`, and what is taken over is shared, not copied (what one chart imports).
    Share,
}

/// The values that `chart` and all below it see when the user gives `values`, which becomes part of the result.
///
/// The chart's defaults are copied in, so templates may change the result freely.
pub fn coalesce(chart: &Chart, values: Map, notes: &mut Notes) -> Result<Map, String> {
    merge_chart(chart, &values, "", Nulls::Act, notes)?;
    Ok(values)
}

/// As [`coalesce`], with every null kept for a later merge: what `import-values` works on.
pub fn merge(chart: &Chart, values: Map, notes: &mut Notes) -> Result<Map, String> {
    merge_chart(chart, &values, "", Nulls::Keep, notes)?;
    Ok(values)
}

/// Merges the defaults in `src` into `dst`, which wins and whose nulls take defaults away.
pub fn override_tables(dst: &Map, src: &Map, notes: &mut Notes) {
    tables(dst, src, "", Nulls::Act, notes);
}

/// Merges the defaults in `src` into `dst` with every null kept; `dst` wins.
pub fn merge_tables(dst: &Map, src: &Map, notes: &mut Notes) {
    tables(dst, src, "", Nulls::Keep, notes);
}

/// As [`merge_tables`], but what is taken over is shared by both, so that what is imported into a place later is seen where the first
/// import came from too, as in the reference. A table that would come to hold itself is copied; the reference ends in a full stack.
pub(crate) fn share_tables(dst: &Map, src: &Map, notes: &mut Notes) {
    tables(dst, src, "", Nulls::Share, notes);
}

fn merge_chart(chart: &Chart, dst: &Map, prefix: &str, nulls: Nulls, notes: &mut Notes) -> Result<(), String> {
    let path = join(prefix, chart.name());
    own_values(chart, dst, &path, nulls, notes);
    for sub in &chart.dependencies {
        let name = sub.name();
        let section = match dst.get(name) {
            Some(Value::Map(section)) => section,
            None => {
                let section = Map::new();
                dst.insert(name, section.clone());
                section
            }
            Some(other) => return Err(format!("type mismatch on {name}: {}", bad_verb_t(&other))),
        };
        globals(&section, dst, &path, notes);
        merge_chart(sub, &section, &path, nulls, notes)?;
    }
    Ok(())
}

/// The chart's own defaults into what the user gave.
fn own_values(chart: &Chart, dst: &Map, path: &str, nulls: Nulls, notes: &mut Notes) {
    for default in chart.values.borrow().iter() {
        let Some(given) = dst.entry(&default.key) else {
            put_default(dst, default, nulls);
            continue;
        };
        notes.overrode(&given, default);
        match (&given.value, &default.value) {
            (Value::Nil, _) if nulls == Nulls::Act => {
                notes.deleted(path, &given);
                dst.remove(&default.key);
            }
            (Value::Map(given), Value::Map(default_map)) => {
                let key = default.key.to_string_lossy();
                let is_section = chart.dependencies.iter().any(|d| d.name() == key);
                let nulls = if is_section { Nulls::Keep } else { nulls };
                tables(given, default_map, &join(path, &key), nulls, notes);
            }
            (Value::Map(_), Value::Nil) => {}
            (Value::Map(_), _) => {
                notes.info(format!(
                    "warning: skipped value for {}: Not a table.",
                    join(path, &default.key.to_string_lossy())
                ));
            }
            _ => {}
        }
    }
}

/// The table `src` into `dst`, which wins.
fn tables(dst: &Map, src: &Map, path: &str, nulls: Nulls, notes: &mut Notes) {
    if dst.ptr_eq(src) {
        return;
    }
    if nulls == Nulls::Share {
        // Some table further in may be `src` itself.
        src.snapshot().iter().for_each(|default| table_entry(dst, default, path, nulls, notes));
    } else {
        src.borrow().iter().for_each(|default| table_entry(dst, default, path, nulls, notes));
    }
}

/// One default of a table into `dst`.
fn table_entry(dst: &Map, default: &Entry, path: &str, nulls: Nulls, notes: &mut Notes) {
    let Some(given) = dst.entry(&default.key) else {
        put_default(dst, default, nulls);
        return;
    };
    notes.overrode(&given, default);
    match (&given.value, &default.value) {
        (Value::Nil, other) if nulls == Nulls::Act && !other.is_nil() => {
            notes.deleted(path, &given);
            dst.remove(&default.key);
        }
        (Value::Nil, _) => {}
        (Value::Map(given), Value::Map(default_map)) => {
            tables(given, default_map, &join(path, &default.key.to_string_lossy()), nulls, notes);
        }
        (_, Value::Map(lost)) => {
            // Where nulls act, a chart's own have gone before this is said.
            let lost = if nulls == Nulls::Act { without_nulls(lost) } else { lost.clone() };
            notes.info(format!(
                "warning: cannot overwrite table with non table for {} ({})",
                join(path, &default.key.to_string_lossy()),
                printed(&Value::Map(lost))
            ));
        }
        (Value::Map(_), other) if !other.is_nil() => notes.info(format!(
            "warning: destination for {} is a table. Ignoring non-table value ({})",
            join(path, &default.key.to_string_lossy()),
            printed(other)
        )),
        _ => {}
    }
}

/// Takes over a default that the user left alone.
fn put_default(dst: &Map, default: &Entry, nulls: Nulls) {
    let value = match (&default.value, nulls) {
        (Value::Nil, Nulls::Act) => return,
        (value, Nulls::Keep) => value.deep_copy(),
        (value, Nulls::Share) if reaches(value, dst) => value.deep_copy(),
        (value, Nulls::Share) => value.clone(),
        (Value::Map(m), Nulls::Act) => Value::Map(without_nulls(m)),
        (value, Nulls::Act) => value.deep_copy(),
    };
    dst.insert_entry(Entry { value, ..default.clone() });
}

/// Whether the table `wanted` is in `value`, below other tables or itself.
fn reaches(value: &Value, wanted: &Map) -> bool {
    let Value::Map(m) = value else { return false };
    m.ptr_eq(wanted) || m.borrow().iter().any(|e| reaches(&e.value, wanted))
}

/// A deep copy of a table; null entries are left out at every level of tables, not inside lists.
fn without_nulls(map: &Map) -> Map {
    let kept = map.borrow().iter().filter(|e| !e.value.is_nil()).map(clean).collect::<Vec<_>>();
    Map::from_entries(kept)
}

fn clean(entry: &Entry) -> Entry {
    let value = match &entry.value {
        Value::Map(m) => Value::Map(without_nulls(m)),
        other => other.deep_copy(),
    };
    Entry { value, ..entry.clone() }
}

/// The parent's globals over those of a subchart's section.
fn globals(section: &Map, parent: &Map, path: &str, notes: &mut Notes) {
    let dst = match section.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(m)) => m,
        Some(_) => {
            notes.info("warning: skipping globals because destination global is not a table.".into());
            return;
        }
    };
    let src = match parent.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(m)) => m,
        Some(_) => {
            notes.info("warning: skipping globals because source global is not a table.".into());
            return;
        }
    };
    for global in src.snapshot() {
        pass_down(&dst, &global, path, notes);
    }
    section.insert(Str::from_static("global"), dst);
}

/// One global of the parent into a subchart's globals, where the parent's wins.
fn pass_down(dst: &Map, global: &Entry, path: &str, notes: &mut Notes) {
    let own = dst.entry(&global.key);
    if let Some(own) = &own {
        notes.overrode(global, own);
    }
    let value = match (&global.value, own.map(|e| e.value)) {
        (Value::Map(from), Some(Value::Map(own))) => {
            // Only the top of the table is copied: what lies deeper is shared by parent and subchart, as in the reference.
            let copy = from.shallow_copy();
            let path = join(path, &global.key.to_string_lossy());
            tables(&copy, &own, &path, Nulls::Keep, notes);
            Value::Map(copy)
        }
        (Value::Map(from), None) => Value::Map(from.shallow_copy()),
        (Value::Map(_), Some(_)) => {
            let key = global.key.to_string_lossy();
            notes.info(format!("Conflict: cannot merge map onto non-map for {}. Skipping.", super::set::quoted(&key)));
            return;
        }
        (_, Some(Value::Map(_))) => {
            notes.info(format!("key {} is table. Skipping", global.key.to_string_lossy()));
            return;
        }
        (value, _) => value.clone(),
    };
    dst.insert_entry(Entry { value, ..global.clone() });
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

/// Go's `%v`, for warnings.
pub(crate) fn printed(value: &Value) -> String {
    let list = |l: &List| l.iter().map(printed).collect::<Vec<_>>().join(" ");
    match value {
        Value::Nil => "<nil>".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n, _) => n.to_string(),
        Value::Float(f) => format_float(*f, b'g', -1, 64),
        Value::Str(s) => s.to_string_lossy().into_owned(),
        Value::List(l) => format!("[{}]", list(l)),
        Value::Map(m) => {
            let entries: Vec<String> =
                m.borrow().iter().map(|e| format!("{}:{}", e.key.to_string_lossy(), printed(&e.value))).collect();
            format!("map[{}]", entries.join(" "))
        }
        other => other.type_name().to_owned(),
    }
}

/// Go's `%t` over what is no boolean.
fn bad_verb_t(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Nil => "%!t(<nil>)".into(),
        Value::List(l) => format!("[{}]", l.iter().map(bad_verb_t).collect::<Vec<_>>().join(" ")),
        other => format!("%!t({}={})", other.type_name(), printed(other)),
    }
}

#[cfg(test)]
#[path = "coalesce_tests.rs"]
mod tests;
