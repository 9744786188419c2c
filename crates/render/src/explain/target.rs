//! What is asked for: `KIND/NAME[:path]`, `NOTES`, `.Values.path`; and finding it.

use rhumb_value::{Path, Step, Value};

use super::fields::{self, Fields, Node};
use super::reads::Wanted;
use super::{Cause, Explained, Field, Line, Object, ObjectKind, Part, Unread, ValueView, Written, near};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// What objects there are.
    List,
    /// All objects, each as a whole.
    All,
    /// An object, or a field of it.
    Object {
        /// The kind in any case, singular, plural or short, with its group behind a dot; empty for any kind.
        kind: String,
        /// The namespace, of `KIND/NAMESPACE/NAME`.
        namespace: Option<String>,
        /// The name.
        name: String,
        /// The way to a field.
        path: Vec<Seek>,
    },
    /// What NOTES.txt wrote.
    Notes,
    /// A value and who reads it.
    Value(Path),
}

/// One step of a path as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seek {
    /// A key.
    Key(String),
    /// An element of a list.
    Index(usize),
    /// The element of a list whose field is this.
    Where(String, String),
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The objects there are, and the user's values that no template reads.
    Objects(Vec<Object>, Vec<Unread>),
    /// An object or a table in it, line by line.
    Table {
        /// The object.
        object: Object,
        /// The table's path; empty for the whole object.
        path: String,
        /// Why it is there: the controls around its first line.
        causes: Vec<Cause>,
        /// Its lines.
        lines: Vec<Line>,
        /// Its leaves.
        fields: Vec<Field>,
    },
    /// All objects.
    All(Vec<Answer>),
    /// One field.
    Field {
        /// The object.
        object: Object,
        /// The field.
        field: Field,
    },
    /// A value.
    Value(ValueView),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What was perhaps meant: things to write in its place.
    pub suggestions: Vec<String>,
}

impl Trouble {
    fn new(message: impl Into<String>, suggestions: Vec<String>) -> Trouble {
        Trouble { message: message.into(), suggestions }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if !self.suggestions.is_empty() {
            write!(f, "; did you mean {}?", self.suggestions.join(", "))?;
        }
        Ok(())
    }
}

impl Target {
    /// Reads a question.
    pub fn parse(text: &str) -> Result<Target, Trouble> {
        if text.eq_ignore_ascii_case("notes") || text.eq_ignore_ascii_case("notes.txt") {
            return Ok(Target::Notes);
        }
        if text == "*" || text == "ALL" {
            return Ok(Target::All);
        }
        let values = text.strip_prefix(".Values").or_else(|| text.strip_prefix("Values"));
        if let Some(rest) = values.filter(|r| r.is_empty() || r.starts_with(['.', '['])) {
            let steps = seek(rest)?;
            let step = |s: &Seek| match s {
                Seek::Key(key) => Ok(Step::key(key.as_str())),
                Seek::Index(i) => Ok(Step::Index(*i)),
                Seek::Where(..) => Err(Trouble::new(format!("{text}: name an element of values by its index"), vec![])),
            };
            return Ok(Target::Value(Path(steps.iter().map(step).collect::<Result<_, _>>()?)));
        }
        let (object, path) = text.split_once(':').unwrap_or((text, ""));
        let parts: Vec<&str> = object.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [name] => ("", None, *name),
            [kind, name] => (*kind, None, *name),
            [kind, namespace, name] => (*kind, Some((*namespace).to_owned()), *name),
            _ => return Err(Trouble::new(format!("{object}: write KIND/NAME or KIND/NAMESPACE/NAME"), vec![])),
        };
        if name.is_empty() {
            return Err(Trouble::new(format!("{text}: write KIND/NAME[:path.to.field]"), vec![]));
        }
        Ok(Target::Object { kind: kind.to_owned(), namespace, name: name.to_owned(), path: seek(path)? })
    }
}

/// Reads `a.b[0].c[name=x]["d.e"]`.
fn seek(text: &str) -> Result<Vec<Seek>, Trouble> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix('.').unwrap_or(text);
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
            let close = match quote {
                Some(q) => inner[1..].find(&format!("{q}]")).map(|i| i + 2),
                None => inner.find(']'),
            };
            let Some(close) = close else {
                return Err(Trouble::new(format!("{text}: a bracket is not closed"), vec![]));
            };
            steps.push(bracket(&inner[..close]));
            rest = &inner[close + 1..];
            rest = rest.strip_prefix('.').unwrap_or(rest);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        steps.push(Seek::Key(rest[..end].to_owned()));
        rest = &rest[end..];
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Ok(steps)
}

fn bracket(inner: &str) -> Seek {
    if let Some(quoted) = inner.strip_prefix(['"', '\'']) {
        return Seek::Key(quoted[..quoted.len().saturating_sub(1)].to_owned());
    }
    if let Ok(index) = inner.parse() {
        return Seek::Index(index);
    }
    match inner.split_once('=') {
        Some((key, value)) => Seek::Where(key.to_owned(), value.trim_matches(['"', '\'']).to_owned()),
        None => Seek::Key(inner.to_owned()),
    }
}

impl Explained {
    /// Answers a question; with `templates`, only objects of templates whose paths end with one of them count.
    pub fn ask(&self, target: &Target, templates: &[String]) -> Result<Answer, Trouble> {
        let within = |o: &&Object| templates.is_empty() || templates.iter().any(|t| o.template.ends_with(t.as_str()));
        let objects: Vec<&Object> = self.objects.iter().filter(within).collect();
        match target {
            Target::All => Ok(Answer::All(objects.into_iter().map(|o| self.table(o, None)).collect())),
            Target::List => Ok(Answer::Objects(objects.into_iter().cloned().collect(), self.unread())),
            Target::Value(path) => {
                let view = self.value(path);
                if view.value.is_none() && view.deleted.is_none() && view.uses.is_empty() {
                    let near = view.near.iter().map(|p| format!(".Values.{p}")).collect();
                    return Err(Trouble::new(format!(".Values.{path} is not set, and no template reads it"), near));
                }
                Ok(Answer::Value(view))
            }
            Target::Notes => {
                let notes = objects.iter().find(|o| o.part == ObjectKind::Notes && self.is_own(o));
                let notes = notes.or_else(|| objects.iter().find(|o| o.part == ObjectKind::Notes));
                let object = notes.ok_or_else(|| Trouble::new("the chart has no NOTES.txt", vec![]))?;
                Ok(self.table(object, None))
            }
            Target::Object { kind, namespace, name, path } => {
                let object = choose(&objects, kind, namespace.as_deref(), name)?;
                self.in_object(object, path)
            }
        }
    }

    fn is_own(&self, object: &Object) -> bool {
        object.template == format!("{}/templates/NOTES.txt", self.root)
    }

    fn in_object(&self, object: &Object, path: &[Seek]) -> Result<Answer, Trouble> {
        if path.is_empty() {
            return Ok(self.table(object, None));
        }
        let fields = Fields::read(object.text(&self.files), object.range.start);
        let path = resolve(&fields.document, path, &object.title())?;
        let Some(node) = fields.at(&path) else {
            return Err(Trouble::new(
                format!("{}:{path} is written in a form that has no place", object.title()),
                vec![],
            ));
        };
        if node.is_leaf {
            return Ok(Answer::Field { object: object.clone(), field: self.field(object, &fields, node) });
        }
        Ok(self.table(object, Some((&fields, node))))
    }

    /// All lines and fields of an object or of a table in it.
    fn table(&self, object: &Object, inside: Option<(&Fields, &Node)>) -> Answer {
        let read;
        let (fields, range, path) = match inside {
            Some((fields, node)) => (fields, node.value.clone(), node.path.clone()),
            None => {
                read = match object.part {
                    ObjectKind::Notes => Fields::none(),
                    _ => Fields::read(object.text(&self.files), object.range.start),
                };
                (&read, object.range.clone(), Path::default())
            }
        };
        let text = object.text(&self.files);
        let base = object.range.start;
        let shown = fields::lines(text, base).into_iter().filter(|l| l.end > range.start && l.start < range.end);
        let lines: Vec<Line> = shown.map(|l| self.line(object, fields, l)).collect();
        let leaves = fields.nodes.iter().filter(|n| n.is_leaf && n.path.0.starts_with(&path.0));
        let found = leaves.map(|n| self.field(object, fields, n)).collect();
        let causes = lines.iter().flat_map(|l| &l.parts).next().map(|p| p.causes.clone()).unwrap_or_default();
        Answer::Table { object: object.clone(), path: path.to_string(), causes, lines, fields: found }
    }

    fn line(&self, object: &Object, fields: &Fields, range: std::ops::Range<usize>) -> Line {
        let text = object.text(&self.files);
        let base = object.range.start;
        let bytes = text.get(range.start - base..range.end - base).unwrap_or_default();
        let wanted = fields.on_line(&range).map(|n| Wanted { path: &n.path, document: &fields.document });
        let parts = match self.written(object) {
            Some(file) => self.parts(file, range, wanted),
            None => self.copied(object, range),
        };
        Line { text: String::from_utf8_lossy(bytes).trim_end().to_owned(), parts }
    }

    fn field(&self, object: &Object, fields: &Fields, node: &Node) -> Field {
        let value = node.path.find(&fields.document).unwrap_or_default();
        let wanted = Some(Wanted { path: &node.path, document: &fields.document });
        let text = object.text(&self.files);
        let after_key = node.key.end..line_end(text, object.range.start, node.key.end);
        let (mut parts, mut key) = match self.written(object) {
            Some(file) => (self.parts(file, node.value.clone(), wanted), self.parts(file, node.key.clone(), wanted)),
            None => (self.copied(object, node.value.clone()), Vec::new()),
        };
        if parts.is_empty() {
            parts = match self.written(object) {
                Some(file) => self.parts(file, after_key, wanted),
                None => self.copied(object, node.key.clone()),
            };
        }
        if parts.is_empty() {
            parts = std::mem::take(&mut key);
        }
        // What the key's writer and the value's share is said once.
        key.retain(|k| !k.is_text && !parts.iter().any(|p| p.place == k.place));
        Field { path: node.path.to_string(), value: super::reads::short_json(&value), parts, key }
    }

    fn written(&self, object: &Object) -> Option<&Written> {
        object.file.and_then(|f| self.files.get(f))
    }

    /// A file that is taken as it is wrote itself.
    fn copied(&self, object: &Object, range: std::ops::Range<usize>) -> Vec<Part> {
        let (line, whole) = self.lines.line(&object.own, range.start);
        let source = object.own.get(whole.clone()).unwrap_or_default();
        let text = String::from_utf8_lossy(object.own.get(range.clone()).unwrap_or_default()).into_owned();
        if text.trim().is_empty() && !range.is_empty() {
            return Vec::new();
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let place = super::Place {
            file: object.template.clone(),
            line: number(line),
            column: number(range.start.saturating_sub(whole.start) + 1),
            template: None,
            source: String::from_utf8_lossy(source).trim_end().to_owned(),
        };
        let none = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (calls, reads, causes, via) = none;
        vec![Part { text, is_text: true, place, calls, reads, causes, via }]
    }
}

fn line_end(text: &[u8], base: usize, at: usize) -> usize {
    let from = at.saturating_sub(base).min(text.len());
    base + memchr::memchr(b'\n', &text[from..]).map_or(text.len(), |i| from + i)
}

/// Follows the steps in a document. A key with dots may be written without brackets.
fn resolve(document: &Value, steps: &[Seek], title: &str) -> Result<Path, Trouble> {
    let mut path = Path::default();
    let mut at = document.clone();
    let mut i = 0;
    while let Some(step) = steps.get(i) {
        let (next, taken) = match (step, &at) {
            (Seek::Key(_), Value::Map(m)) => {
                let found = (1..=steps.len() - i).find_map(|n| {
                    let keys: Option<Vec<&str>> = steps[i..i + n]
                        .iter()
                        .map(|s| match s {
                            Seek::Key(k) => Some(k.as_str()),
                            _ => None,
                        })
                        .collect();
                    let key = keys?.join(".");
                    m.contains(&key).then_some((Step::key(key.as_str()), n))
                });
                found.ok_or(()).map_or_else(|()| (None, 0), |(s, n)| (Some(s), n))
            }
            (Seek::Key(key), Value::List(l)) => match key.parse::<usize>() {
                Ok(n) if n < l.len() => (Some(Step::Index(n)), 1),
                _ => (by_field(l, "name", key), 1),
            },
            (Seek::Index(n), Value::List(l)) if *n < l.len() => (Some(Step::Index(*n)), 1),
            (Seek::Where(key, value), Value::List(l)) => (by_field(l, key, value), 1),
            _ => (None, 0),
        };
        let Some(next) = next else { return Err(not_there(&at, &path, step, title)) };
        path.0.push(next);
        at = path.find(document).unwrap_or_default();
        i += taken.max(1);
    }
    Ok(path)
}

fn by_field(list: &[Value], key: &str, value: &str) -> Option<Step> {
    let is_it = |v: &Value| {
        let found = v.as_map().and_then(|m| m.get(key));
        found.is_some_and(|f| {
            let shown = super::reads::short_json(&f);
            shown == value || shown.trim_matches('"') == value
        })
    };
    list.iter().position(is_it).map(Step::Index)
}

fn not_there(at: &Value, path: &Path, step: &Seek, title: &str) -> Trouble {
    let here = if path.0.is_empty() { title.to_owned() } else { format!("{title}:{path}") };
    let shown = match step {
        Seek::Key(key) => format!("field {key}"),
        Seek::Index(n) => format!("element {n}"),
        Seek::Where(key, value) => format!("element with {key}={value}"),
    };
    let full = |s: Step| format!("{title}:{}", path.join(s));
    let suggestions = match (at, step) {
        (Value::Map(m), Seek::Key(key)) => {
            let keys = m.keys();
            let names: Vec<std::borrow::Cow<'_, str>> = keys.iter().map(|k| k.to_string_lossy()).collect();
            let near = near::nearest(key, names.iter().map(|n| &**n), 3);
            let chosen = if near.is_empty() { names.iter().map(|n| &**n).take(12).collect() } else { near };
            chosen.into_iter().map(|n| full(Step::key(n))).collect()
        }
        (Value::List(l), _) => (0..l.len().min(8)).map(|n| full(Step::Index(n))).collect(),
        _ => Vec::new(),
    };
    let kind = match at {
        Value::Map(_) | Value::Nil => "",
        Value::List(_) => ", which is a list",
        _ => ", which is a plain value",
    };
    Trouble::new(format!("there is no {shown} in {here}{kind}"), suggestions)
}

fn choose<'o>(objects: &[&'o Object], kind: &str, namespace: Option<&str>, name: &str) -> Result<&'o Object, Trouble> {
    let fits = |o: &&&Object| {
        o.part != ObjectKind::Notes
            && o.name == name
            && (kind.is_empty() || o.is_of_kind(kind))
            && namespace.is_none_or(|n| o.namespace == n)
    };
    let found: Vec<&&Object> = objects.iter().filter(fits).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(nothing(objects, kind, name)),
        several => {
            let titles: Vec<String> = several.iter().map(|o| o.reference.clone()).collect();
            Err(Trouble::new(format!("{} objects are called {name}", several.len()), titles))
        }
    }
}

fn nothing(objects: &[&Object], kind: &str, name: &str) -> Trouble {
    let asked = if kind.is_empty() { name.to_owned() } else { format!("{kind}/{name}") };
    let named: Vec<&&Object> = objects.iter().filter(|o| o.part != ObjectKind::Notes).collect();
    let of_kind: Vec<String> =
        named.iter().filter(|o| kind.is_empty() || o.is_of_kind(kind)).map(|o| o.title()).collect();
    let names: Vec<String> = named.iter().map(|o| o.name.clone()).collect();
    let near = near::nearest(name, names.iter().map(String::as_str), 4);
    let mut suggestions: Vec<String> = named
        .iter()
        .filter(|o| near.contains(&o.name.as_str()))
        .map(|o| o.title())
        .filter(|t| of_kind.contains(t) || of_kind.is_empty())
        .take(5)
        .collect();
    if suggestions.is_empty() {
        suggestions = of_kind.into_iter().take(8).collect();
    }
    if suggestions.is_empty() {
        let titles: Vec<String> = named.iter().map(|o| o.title()).collect();
        let near = near::nearest(&asked, titles.iter().map(String::as_str), 5);
        suggestions = near.into_iter().map(str::to_owned).collect();
        suggestions.extend(titles.into_iter().take(if suggestions.is_empty() { 8 } else { 0 }));
    }
    suggestions.dedup();
    Trouble::new(format!("the chart makes no {asked}"), suggestions)
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
