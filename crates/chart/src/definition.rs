//! `Chart.yaml` written anew from what was read: sorted keys, no comments, unknown keys gone, as Helm 4.3.1 writes it.

use rhumb_value::{Map, Value};

use crate::metadata::{Dependency, Maintainer, Metadata};

/// The definition as YAML with its last newline. The error is the writer's text.
pub fn to_yaml(metadata: &Metadata) -> Result<Vec<u8>, String> {
    rhumb_yaml::to_yaml(&Value::Map(fields(metadata))).map_err(|e| e.text().to_owned())
}

fn fields(m: &Metadata) -> Map {
    let map = Map::new();
    let texts = [
        ("apiVersion", &m.api_version),
        ("appVersion", &m.app_version),
        ("condition", &m.condition),
        ("description", &m.description),
        ("home", &m.home),
        ("icon", &m.icon),
        ("kubeVersion", &m.kube_version),
        ("name", &m.name),
        ("tags", &m.tags),
        ("type", &m.kind),
        ("version", &m.version),
    ];
    for (key, text) in texts {
        text_unless_empty(&map, key, text);
    }
    list_unless_empty(&map, "keywords", m.keywords.iter().map(|k| Value::str(k.as_str())).collect());
    list_unless_empty(&map, "sources", m.sources.iter().map(|s| Value::str(s.as_str())).collect());
    list_unless_empty(&map, "maintainers", m.maintainers.iter().map(maintainer).collect());
    list_unless_empty(&map, "dependencies", m.dependencies.iter().flatten().map(dependency).collect());
    if m.deprecated {
        map.insert("deprecated", Value::Bool(true));
    }
    if !m.annotations.is_empty() {
        let notes = Map::new();
        for (key, value) in &m.annotations {
            notes.insert(key.as_str(), Value::str(value.as_str()));
        }
        map.insert("annotations", Value::Map(notes));
    }
    map
}

fn maintainer(m: &Maintainer) -> Value {
    let map = Map::new();
    for (key, text) in [("email", &m.email), ("name", &m.name), ("url", &m.url)] {
        text_unless_empty(&map, key, text);
    }
    Value::Map(map)
}

/// A dependency always has its repository, even an empty one.
fn dependency(d: &Dependency) -> Value {
    let map = Map::new();
    map.insert("name", Value::str(d.name.as_str()));
    map.insert("repository", Value::str(d.repository.as_str()));
    for (key, text) in [("alias", &d.alias), ("condition", &d.condition), ("version", &d.version)] {
        text_unless_empty(&map, key, text);
    }
    list_unless_empty(&map, "tags", d.tags.iter().map(|t| Value::str(t.as_str())).collect());
    list_unless_empty(&map, "import-values", d.import_values.clone());
    if d.enabled {
        map.insert("enabled", Value::Bool(true));
    }
    Value::Map(map)
}

fn text_unless_empty(map: &Map, key: &str, text: &str) {
    if !text.is_empty() {
        map.insert(key, Value::str(text));
    }
}

fn list_unless_empty(map: &Map, key: &str, items: Vec<Value>) {
    if !items.is_empty() {
        map.insert(key, Value::from(items));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let value = rhumb_yaml::parse_value(text.as_bytes()).expect("the test's YAML is right");
        let metadata = Metadata::from_value(&value, &crate::metadata::CHART).expect("the test's definition is right");
        String::from_utf8(to_yaml(&metadata).expect("it can be written")).expect("it is UTF-8")
    }

    // Observed from Helm 4.3.1 (`show chart`).
    #[test]
    fn as_the_reference_writes_it() {
        let text = "# comment\nversion: 1.20.0\nname: c1\napiVersion: v2\nappVersion: 1.20\nkeywords: [b, a]\nicon: ''\n\
            maintainers:\n- name: z\n  email: q@x\nannotations: {b: \"1\", a: \"x: y\"}\ndeprecated: true\nunknown: 3\n\
            dependencies:\n- name: d\n  version: '>0'\n  tags: [x]\n  import-values: [a, {child: b, parent: c}]\n";
        let want = "annotations:\n  a: 'x: y'\n  b: \"1\"\napiVersion: v2\nappVersion: \"1.2\"\ndependencies:\n\
            - import-values:\n  - a\n  - child: b\n    parent: c\n  name: d\n  repository: \"\"\n  tags:\n  - x\n  \
            version: '>0'\ndeprecated: true\nkeywords:\n- b\n- a\nmaintainers:\n- email: q@x\n  name: z\nname: c1\n\
            version: 1.20.0\n";
        assert_eq!(check(text), want);
    }
}
