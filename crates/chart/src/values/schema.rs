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
