//! The merged values against the schemas of a chart and of all charts below it.

use rhumb_value::{Map, Value};

use crate::model::Chart;

/// Checks the merged values. The error is Helm's text, every chart that complains in it under its name.
pub fn validate(chart: &Chart, values: &Map) -> Result<(), String> {
    let mut complaints = String::new();
    collect(chart, values, &mut complaints);
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!("values don't meet the specifications of the schema(s) in the following chart(s):\n{complaints}"))
}

/// A line of the log: its message and its attributes.
pub type Line = (&'static str, Vec<(&'static str, String)>);

/// What the validator logs with `--debug`, for the chart and those below it that have values.
#[must_use]
pub fn log(chart: &Chart, values: &Map) -> Vec<Line> {
    let mut lines = Vec::new();
    log_chart(chart, values, &mut lines);
    lines
}

fn log_chart(chart: &Chart, values: &Map, lines: &mut Vec<Line>) {
    let name = chart.name().to_owned();
    if let Some(schema) = &chart.schema {
        lines.push(("chart name", vec![("chart-name", name.clone())]));
        lines.extend(log_text(schema));
    }
    let count = chart.dependencies.len().to_string();
    lines.push(("number of dependencies in the chart", vec![("chart", name), ("dependencies", count)]));
    for below in &chart.dependencies {
        if let Some(Value::Map(values)) = values.get(below.name()) {
            log_chart(below, &values, lines);
        }
    }
}

/// The line about the text of one schema; nothing where it is no JSON.
#[must_use]
pub fn log_text(schema: &[u8]) -> Option<Line> {
    let text = || String::from_utf8_lossy(schema).into_owned();
    rhumb_schema::is_json(schema).then(|| ("unmarshalled JSON schema", vec![("schema", text())]))
}

fn collect(chart: &Chart, values: &Map, complaints: &mut String) {
    if let Some(schema) = &chart.schema
        && let Err(text) = rhumb_schema::validate(schema, &Value::Map(values.clone()))
    {
        complaints.push_str(&format!("{}:\n{text}", chart.name()));
    }
    for below in &chart.dependencies {
        match values.get(below.name()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(values)) => collect(below, &values, complaints),
            Some(other) => complaints.push_str(&format!(
                "{}:\ninvalid type for values: expected object (map), got {}\n",
                below.name(),
                other.type_name()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Metadata;

    fn chart(name: &str, schema: &str, dependencies: Vec<Chart>) -> Chart {
        Chart {
            metadata: Metadata { name: name.to_owned(), ..Metadata::default() },
            schema: Some(schema.as_bytes().into()),
            dependencies,
            ..Chart::default()
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn parent_and_subchart_complain_in_order() {
        let tree = chart("k", "{\"required\":[\"z\"]}", vec![chart("s", "{\"required\":[\"a\"]}", Vec::new())]);
        let values = Map::new();
        values.insert("s", Value::Map(Map::new()));
        assert_eq!(
            validate(&tree, &values),
            Err("values don't meet the specifications of the schema(s) in the following chart(s):\n\
                 k:\n- at '': missing property 'z'\ns:\n- at '': missing property 'a'\n"
                .to_owned())
        );
        let broken = chart("k", "{\"$ref\":\"#/q\"}", vec![chart("s", "{\"required\":[\"a\"]}", Vec::new())]);
        assert_eq!(
            validate(&broken, &values),
            Err("values don't meet the specifications of the schema(s) in the following chart(s):\n\
                 k:\njson-pointer in \"file:///values.schema.json#/q\" not founds:\n- at '': missing property 'a'\n"
                .to_owned())
        );
        values.insert("z", Value::Bool(true));
        values.insert("s", Value::Nil);
        assert_eq!(validate(&tree, &values), Ok(()));
    }
}
