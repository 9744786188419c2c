//! Rules over `values.yaml`, which must be a table and fit the chart's own schema once the user's values lie over it.

use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::schema;
use rhumb_value::{Map, Value};

use crate::helm::Run;
use crate::message::Severity;

const PATH: &str = "values.yaml";

/// Looks at the file.
pub(crate) fn check(run: &mut Run<'_>) {
    let path = run.path(PATH);
    if run.world.stat(&path).is_err() {
        return run.messages.say(Severity::Info, PATH, "file does not exist");
    }
    if let Err(text) = look(run, &path) {
        run.messages.say(Severity::Error, PATH, text);
    }
}

fn look(run: &mut Run<'_>, path: &str) -> Result<(), String> {
    let own = read(run, path).map_err(|e| format!("unable to parse YAML: {e}"))?;
    let merged = run.user_values();
    let mut notes = Notes::default();
    coalesce::override_tables(&merged, &own, &mut notes);
    run.log.extend(notes.lines);
    if run.request.skip_schema {
        return Ok(());
    }
    match run.world.read(&run.path("values.schema.json")) {
        Ok(schema) if !schema.is_empty() => {
            run.log_schema(schema::log_text(&schema, true));
            rhumb_schema::validate(&schema, &Value::Map(merged))
        }
        _ => Ok(()),
    }
}

/// The file's first document alone, as this rule of the reference reads it.
fn read(run: &Run<'_>, path: &str) -> Result<Map, String> {
    let bytes = run.world.read(path).map_err(|e| e.to_string())?;
    let value = rhumb_yaml::parse_map(&bytes).map_err(|e| {
        e.to_string().replace("Go value of type map[string]interface {}", "Go value of type common.Values")
    })?;
    Ok(value.as_map().cloned().unwrap_or_default())
}
