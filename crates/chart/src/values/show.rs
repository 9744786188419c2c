//! Values as short JSON, for the tests of this crate.

use rhumb_value::Value;

pub(crate) fn json(value: &Value) -> String {
    let many = |items: Vec<String>| items.join(",");
    match value {
        Value::Nil => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n, _) => n.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Str(s) => format!("{:?}", s.to_string_lossy()),
        Value::List(l) => format!("[{}]", many(l.iter().map(json).collect())),
        Value::Map(m) => {
            let entry = |e: &rhumb_value::Entry| format!("{:?}:{}", e.key.to_string_lossy(), json(&e.value));
            format!("{{{}}}", many(m.borrow().iter().map(entry).collect()))
        }
        other => format!("<{}>", other.type_name()),
    }
}

pub(crate) fn parse(text: &str) -> Value {
    super::json_prefix::read(text).expect("the test is JSON").0
}
