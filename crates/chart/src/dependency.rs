//! Which subcharts take part, under which name, and what their parents import of their values.

use rhumb_gostd::semver::{Constraints, Version};
use rhumb_value::{Entry, Map, OriginId, Value};

use crate::metadata::Dependency;
use crate::model::Chart;
use crate::values::coalesce::{self, Notes};

/// Entries that the values of a chart with `import-values` may have, each counted at every place where it is seen.
const MAX_ENTRIES: usize = 1_000_000;

/// Tables inside each other in them.
const MAX_DEPTH: usize = 20_000;

/// Fails when a declared dependency is not in `charts/`. The error is the text after the advice to run
/// `helm dependency build`.
pub fn check_present(chart: &Chart) -> Result<(), String> {
    let declared = chart.metadata.dependencies.iter().flatten();
    let missing: Vec<&str> =
        declared.filter(|d| !chart.dependencies.iter().any(|c| c.name() == d.name)).map(|d| d.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("found in Chart.yaml, but missing in charts/ directory: {}", missing.join(", ")))
}

/// Drops what is disabled, applies aliases and imports, in the whole tree, for these user values.
///
/// A chart that declares no dependencies keeps all that its `charts/` holds.
pub fn process(chart: &mut Chart, values: &Map, notes: &mut Notes) -> Result<(), String> {
    enable(chart, values, "", notes)?;
    import_all(chart, notes)
}

fn enable(chart: &mut Chart, values: &Map, path: &str, notes: &mut Notes) -> Result<(), String> {
    let Some(mut declared) = chart.metadata.dependencies.take() else { return Ok(()) };
    chart.dependencies = chosen(&chart.dependencies, &mut declared);
    for d in &mut declared {
        d.enabled = true;
    }
    let copy = Value::Map(values.clone()).deep_copy();
    let merged = coalesce::coalesce(chart, copy.as_map().cloned().unwrap_or_default(), notes);
    let merged = match merged {
        Ok(merged) => merged,
        Err(text) => {
            chart.metadata.dependencies = Some(declared);
            return Err(text);
        }
    };
    tags(&mut declared, &merged, notes);
    conditions(&mut declared, &merged, path, notes);
    let disabled: Vec<String> = declared.iter().filter(|d| !d.enabled).map(|d| d.name.clone()).collect();
    chart.dependencies.retain(|c| !disabled.iter().any(|d| d == c.name()));
    declared.retain(|d| d.enabled);
    for sub in &mut chart.dependencies {
        let path = format!("{path}{}.", sub.name());
        enable(sub, &merged, &path, notes)?;
    }
    chart.metadata.dependencies = (!declared.is_empty()).then_some(declared);
    Ok(())
}

/// The charts that are not declared, then those that are, in the declared order, each under its alias.
fn chosen(present: &[Chart], declared: &mut [Dependency]) -> Vec<Chart> {
    let fits = |d: &Dependency, c: &Chart| d.name == c.name() && in_range(&d.version, &c.metadata.version);
    let mut charts: Vec<Chart> = present.iter().filter(|c| !declared.iter().any(|d| fits(d, c))).cloned().collect();
    for d in declared {
        if let Some(found) = present.iter().find(|c| fits(d, c)) {
            let mut chart = found.clone();
            if !d.alias.is_empty() {
                chart.metadata.name.clone_from(&d.alias);
            }
            charts.push(chart);
        }
        if !d.alias.is_empty() {
            d.name.clone_from(&d.alias);
        }
    }
    charts
}

/// Whether the version lies in the range; what cannot be read does not.
fn in_range(range: &str, version: &str) -> bool {
    match (Constraints::parse(range), Version::parse(version)) {
        (Ok(range), Ok(version)) => range.check(&version),
        _ => false,
    }
}

fn tags(declared: &mut [Dependency], values: &Map, notes: &mut Notes) {
    let Some(Value::Map(set)) = values.get("tags") else { return };
    for d in declared {
        let (mut some_on, mut some_off) = (false, false);
        for tag in &d.tags {
            match set.get(tag) {
                None => {}
                Some(Value::Bool(true)) => some_on = true,
                Some(Value::Bool(false)) => some_off = true,
                Some(_) => notes.warn("returned non-bool value", &[("tag", tag), ("chart", &d.name)]),
            }
        }
        d.enabled = some_on || !some_off;
    }
}

fn conditions(declared: &mut [Dependency], values: &Map, path: &str, notes: &mut Notes) {
    for d in declared {
        for condition in d.condition.trim().split(',').filter(|c| !c.is_empty()) {
            match path_value(values, &format!("{path}{condition}")) {
                Some(Value::Bool(on)) => {
                    d.enabled = on;
                    break;
                }
                Some(_) => notes.warn("returned non-bool value", &[("path", condition), ("chart", &d.name)]),
                None => {}
            }
        }
    }
}

/// The value at a dotted path; a table at its end does not count.
fn path_value(values: &Map, path: &str) -> Option<Value> {
    let (tables, last) = path.rsplit_once('.').map_or((None, path), |(t, l)| (Some(t), l));
    let table = match tables {
        Some(tables) => table(values, tables)?,
        None => values.clone(),
    };
    match table.get(last)? {
        Value::Map(_) => None,
        value => Some(value),
    }
}

/// The table at a dotted path.
fn table(values: &Map, path: &str) -> Option<Map> {
    find_table(values, path).ok()
}

/// The table at a dotted path, or the part of the path that names none.
fn find_table<'p>(values: &Map, path: &'p str) -> Result<Map, &'p str> {
    path.split('.').try_fold(values.clone(), |m, key| m.get(key).and_then(|v| v.as_map().cloned()).ok_or(key))
}

fn import_all(chart: &mut Chart, notes: &mut Notes) -> Result<(), String> {
    for sub in &mut chart.dependencies {
        import_all(sub, notes)?;
    }
    let Some(declared) = chart.metadata.dependencies.clone() else { return Ok(()) };
    let merged = coalesce::merge(chart, Map::new(), notes)?;
    let imported = Map::new();
    let mut declared = declared;
    for d in &mut declared {
        // The reference writes back what it understood, in the long form, and charts can see it.
        let mut understood = Vec::new();
        for wanted in &d.import_values {
            understood.extend(import(&merged, &imported, &d.name, wanted, notes));
            let mut left = MAX_ENTRIES;
            count_down(&merged, 0, &mut left)?;
            count_down(&imported, 0, &mut left)?;
        }
        d.import_values = understood;
    }
    chart.metadata.dependencies = Some(declared);
    // The imports hold tables of `merged` itself.
    if let Value::Map(imported) = Value::Map(imported).deep_copy() {
        coalesce::merge_tables(&merged, &imported, notes);
    }
    chart.values = merged;
    Ok(())
}

/// One entry of `import-values`: a name below `exports`, or a map with `child` and `parent`. Gives the entry as a map.
fn import(values: &Map, imported: &Map, name: &str, wanted: &Value, notes: &mut Notes) -> Option<Value> {
    let (child, parent) = match wanted {
        Value::Str(name) => (format!("exports.{}", name.to_string_lossy()), ".".to_owned()),
        Value::Map(m) => (word(m, "child"), word(m, "parent")),
        _ => return None,
    };
    match find_table(values, &format!("{name}.{child}")) {
        Ok(found) => {
            // What was imported first wins, and an empty table is no place of the subchart's.
            let found = if found.is_empty() { Map::new() } else { found };
            coalesce::share_tables(imported, &placed(&parent, Value::Map(found)), notes);
        }
        Err(missing) => {
            let error = format!("\"{missing}\" is not a table");
            match wanted {
                Value::Str(_) => notes.warn("ImportValues missing table", &[("error", &error)]),
                _ => notes.warn("ImportValues missing table from chart", &[("chart", name), ("error", &error)]),
            }
        }
    }
    let understood = Map::new();
    understood.insert("child", Value::str(child.as_str()));
    understood.insert("parent", Value::str(parent.as_str()));
    Some(Value::Map(understood))
}

/// Counts what tables hold at every place where they are seen: tables that imports share may be seen without end.
fn count_down(values: &Map, depth: usize, left: &mut usize) -> Result<(), String> {
    let entries = values.borrow();
    *left =
        left.checked_sub(entries.len()).filter(|_| depth < MAX_DEPTH).ok_or("import-values makes too many values")?;
    entries.iter().filter_map(|e| e.value.as_map()).try_for_each(|inner| count_down(inner, depth + 1, left))
}

/// A field of an import as Go prints it, so a missing one is `<nil>`.
fn word(map: &Map, key: &str) -> String {
    map.get(key).map_or_else(|| "<nil>".to_owned(), |v| coalesce::printed(&v))
}

/// The table under the dotted path; `.` is the top.
fn placed(path: &str, table: Value) -> Map {
    let value = match path {
        "." => table,
        _ => path.split('.').rev().fold(table, |inner, key| {
            let outer = Map::new();
            outer.insert_entry(Entry { key: key.into(), value: inner, origin: OriginId::NONE });
            Value::Map(outer)
        }),
    };
    value.as_map().cloned().unwrap_or_default()
}

#[cfg(test)]
#[path = "dependency_tests.rs"]
mod tests;
