//! Answers as JSON, for programs: keys in alphabetical order, nothing cut off but long values.

use rhumb_value::{Map, Value, json::to_json_indent};

use super::{Answer, Call, Cause, Field, Line, Object, ObjectKind, Part, Place, Reading, Setting, Unread, ValueView};

/// The answer as indented JSON with a newline at its end.
#[must_use]
pub fn json(answer: &Answer) -> Vec<u8> {
    let mut out = to_json_indent(&answer_value(answer), "", "  ").unwrap_or_default();
    out.push(b'\n');
    out
}

fn answer_value(answer: &Answer) -> Value {
    match answer {
        Answer::Objects(objects, unread) => {
            map([("objects", list(objects, object)), ("unread", list(unread, unread_value))])
        }
        Answer::Table { object: o, path, causes, lines, fields } => map([
            ("object", object(o)),
            ("path", text(path)),
            ("because", list(causes, cause)),
            ("lines", list(lines, line)),
            ("fields", list(fields, field)),
        ]),
        Answer::All(answers) => list(answers, answer_value),
        Answer::Field { object: o, field: f } => map([("object", object(o)), ("field", field(f))]),
        Answer::Value(view) => value_view(view),
    }
}

fn object(o: &Object) -> Value {
    let part = match o.part {
        ObjectKind::Manifest => "manifest",
        ObjectKind::Hook => "hook",
        ObjectKind::Crd => "crd",
        ObjectKind::Notes => "notes",
    };
    map([
        ("reference", text(&o.reference)),
        ("part", text(part)),
        ("apiVersion", text(&o.api_version)),
        ("kind", text(&o.kind)),
        ("name", text(&o.name)),
        ("namespace", text(&o.namespace)),
        ("hook", o.hook.as_deref().map_or(Value::Nil, text)),
        ("template", text(&o.template)),
    ])
}

fn line(l: &Line) -> Value {
    map([("text", text(&l.text)), ("written", list(&l.parts, part))])
}

fn field(f: &Field) -> Value {
    map([
        ("path", text(&f.path)),
        ("value", text(&f.value)),
        ("written", list(&f.parts, part)),
        ("key", list(&f.key, part)),
    ])
}

fn part(p: &Part) -> Value {
    map([
        ("text", text(&p.text)),
        ("literal", Value::Bool(p.is_text)),
        ("place", place(&p.place)),
        ("calls", list(&p.calls, call)),
        ("reads", list(&p.reads, reading)),
        ("because", list(&p.causes, cause)),
        ("via", list(&p.via, place)),
    ])
}

fn place(p: &Place) -> Value {
    map([
        ("file", text(&p.file)),
        ("line", Value::int(i64::from(p.line))),
        ("column", Value::int(i64::from(p.column))),
        ("template", p.template.as_deref().map_or(Value::Nil, text)),
        ("source", text(&p.source)),
    ])
}

fn call(c: &Call) -> Value {
    map([("template", text(&c.template)), ("place", place(&c.place))])
}

fn cause(c: &Cause) -> Value {
    map([
        ("control", text(c.what)),
        ("element", c.element.as_deref().map_or(Value::Nil, text)),
        ("place", place(&c.place)),
        ("reads", list(&c.reads, reading)),
    ])
}

fn reading(r: &Reading) -> Value {
    map([
        ("path", text(&r.path)),
        ("value", r.value.as_deref().map_or(Value::Nil, text)),
        ("set", r.set.as_ref().map_or(Value::Nil, setting)),
        ("overrode", list(&r.overrode, setting)),
        ("deletedBy", r.deleted.as_ref().map_or(Value::Nil, setting)),
        ("changedAt", r.changed_at.as_ref().map_or(Value::Nil, place)),
    ])
}

fn setting(s: &Setting) -> Value {
    map([
        ("kind", text(s.kind)),
        ("source", text(&s.source)),
        ("line", number(s.line)),
        ("column", number(s.column)),
        ("path", text(&s.path)),
        ("value", text(&s.value)),
        ("argument", s.argument.as_deref().map_or(Value::Nil, text)),
    ])
}

fn unread_value(u: &Unread) -> Value {
    map([("path", text(&u.path)), ("set", setting(&u.set)), ("meant", u.meant.as_deref().map_or(Value::Nil, text))])
}

fn value_view(v: &ValueView) -> Value {
    let set = |(path, all): &(String, Vec<Setting>)| map([("path", text(path)), ("settings", list(all, setting))]);
    let uses = |u: &super::ValueUse| {
        map([
            ("place", place(&u.place)),
            ("decides", Value::Bool(u.decides)),
            ("whole", u.whole.as_deref().map_or(Value::Nil, text)),
            ("objects", list(&u.objects, |o| text(o))),
        ])
    };
    map([
        ("path", text(&v.path)),
        ("value", v.value.as_deref().map_or(Value::Nil, text)),
        ("set", list(&v.set, set)),
        ("deletedBy", v.deleted.as_ref().map_or(Value::Nil, setting)),
        ("uses", list(&v.uses, uses)),
        ("near", list(&v.near, |n| text(n))),
    ])
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let map = Map::new();
    entries.into_iter().for_each(|(key, value)| map.insert(key, value));
    Value::Map(map)
}

fn list<T>(items: &[T], show: impl Fn(&T) -> Value) -> Value {
    Value::from(items.iter().map(show).collect::<Vec<_>>())
}

fn text(text: &str) -> Value {
    Value::str(text)
}

/// Zero stands for no place.
fn number(n: usize) -> Value {
    if n == 0 { Value::Nil } else { Value::int(i64::try_from(n).unwrap_or(i64::MAX)) }
}
