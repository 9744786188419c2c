//! Chains of names that lead nowhere: which name, what there is instead, where that was set.

use rhumb_diag::{Diagnostic, Span, codes};
use rhumb_value::{Entry, Map, OriginId, Str, Value};

use super::desk::Desk;
use super::exec::Failed;
use super::{Scene, actions, spans, words};

/// What only the chart's root has.
const ROOT: [&str; 6] = ["Values", "Release", "Chart", "Capabilities", "Files", "Template"];

/// A chain of names and where it broke.
pub(super) struct Chain<'e> {
    /// What the first name was asked of.
    pub(super) start: &'e Value,
    pub(super) names: &'e [Str],
    /// The name that failed.
    pub(super) failed: usize,
    /// The name that stands at the error's place.
    pub(super) placed: usize,
}

/// A value on the way, with the map that holds it.
struct Reached {
    value: Value,
    /// The map that the last name was looked up in, and its entry.
    holder: Option<(Map, Option<Entry>)>,
    /// Where the holder itself was set.
    holder_origin: OriginId,
}

impl Chain<'_> {
    /// What the names before `count` lead to.
    fn reached(&self, count: usize) -> Reached {
        let mut reached = Reached { value: self.start.clone(), holder: None, holder_origin: OriginId::NONE };
        for name in self.names.iter().take(count) {
            let entry = reached.value.as_map().and_then(|m| m.entry(name));
            let next = match (&entry, &reached.value) {
                (Some(e), _) => e.value.clone(),
                (None, Value::Object(o)) => name.to_str().and_then(|n| o.field(n)).unwrap_or_default(),
                _ => Value::Nil,
            };
            reached.holder_origin =
                reached.holder.as_ref().and_then(|(_, e)| e.as_ref()).map_or(OriginId::NONE, |e| e.origin);
            reached.holder = reached.value.as_map().cloned().map(|m| (m, entry));
            reached.value = next;
        }
        reached
    }
}

/// The diagnosis of a chain.
pub(super) fn failure(desk: &mut Desk<'_>, scene: &Scene<'_>, failed: &Failed<'_>, chain: Chain<'_>) -> Diagnostic {
    let view = View::new(desk, failed, &chain);
    // Where the value that was asked for a field is nothing, the name before it is at fault.
    let reached = chain.reached(chain.failed);
    if !reached.value.is_nil() {
        return no_field(scene, failed, &chain, &view, &reached);
    }
    match (chain.failed.checked_sub(1), &reached.holder) {
        (Some(missing), Some((map, entry))) => {
            let place = Place { missing, map, entry: entry.as_ref(), holder_origin: reached.holder_origin };
            nothing(scene, failed, &chain, &view, &place)
        }
        _ => Diagnostic::error(codes::NIL_POINTER, "")
            .at(view.upto(chain.failed), "this is nil")
            .hint("give it a value first, for example with `default dict`"),
    }
}

/// The chain as it is written.
struct View {
    text: String,
    span: Span,
    /// The end of each name, from the start of the text.
    ends: Vec<usize>,
}

impl View {
    fn new(desk: &mut Desk<'_>, failed: &Failed<'_>, chain: &Chain<'_>) -> Self {
        let source = &failed.at.source;
        let range = spans::node(&source.text, failed.at.offset, &failed.at.context);
        let text = String::from_utf8_lossy(&source.text[range.clone()]).into_owned();
        let end = |i| spans::name(&source.text, failed.at.offset, chain.names, chain.placed, i).map(|r| r.end);
        let ends = (0..chain.names.len()).map(|i| end(i).unwrap_or(range.end).saturating_sub(range.start)).collect();
        View { text, span: desk.span(source, range), ends }
    }

    /// The span of the chain up to so many names.
    fn upto(&self, names: usize) -> Span {
        let end = names.checked_sub(1).and_then(|i| self.ends.get(i));
        let first = self.ends.first().map_or(1, |e| (*e).max(1));
        let end = end.map_or(first, |e| *e);
        Span::new(self.span.file, self.span.start as usize, self.span.start as usize + end)
    }

    /// The text of the chain up to so many names; `.` for none.
    fn words(&self, names: usize) -> &str {
        let Some(i) = names.checked_sub(1) else {
            return if self.text.starts_with('$') { self.text.split('.').next().unwrap_or(".") } else { "." };
        };
        self.ends.get(i).and_then(|end| self.text.get(..*end)).unwrap_or(&self.text)
    }

    /// The text behind so many names.
    fn rest(&self, names: usize) -> &str {
        names.checked_sub(1).and_then(|i| self.ends.get(i)).and_then(|end| self.text.get(*end..)).unwrap_or_default()
    }
}

/// The name that holds nothing, and the map that it was looked up in.
struct Place<'p> {
    missing: usize,
    map: &'p Map,
    entry: Option<&'p Entry>,
    holder_origin: OriginId,
}

/// A name whose value is null or not there at all.
fn nothing(scene: &Scene<'_>, failed: &Failed<'_>, chain: &Chain<'_>, view: &View, at: &Place<'_>) -> Diagnostic {
    let name = &chain.names[at.missing];
    let path = view.words(at.missing + 1);
    let found = Diagnostic::error(codes::NIL_POINTER, "");
    let span = view.upto(at.missing + 1);
    if at.missing == 0 && ROOT.contains(&&*name.to_string_lossy()) && !at.map.contains("Release") {
        let label = format!("`{}` is not the chart's root here: it has no `{name}`", view.words(0));
        return lost_root(found.at(span, label), failed, view);
    }
    let holder = view.words(at.missing);
    let mut found = match at.entry {
        Some(entry) => {
            let found = found.at(span, format!("`{path}` is null"));
            match (scene.place)(entry.origin) {
                Some(span) => found.also(span, "set to null here"),
                None => found,
            }
        }
        None => found.at(span, format!("`{path}` is not set: `{holder}` has no key `{name}`")),
    };
    let absolute = absolute(scene, failed, chain, at);
    if at.entry.is_none() {
        found = removed(found, scene, failed, absolute.as_deref());
        found = neighbours(found, scene, at, name, holder, view);
    }
    let inner = view.words(at.missing + 1);
    let rest = view.rest(at.missing + 1);
    if let Some(path) = &absolute {
        let mut whole = words::sections(scene.chart, &failed.at.source.name.to_string_lossy());
        whole.push(format!("{}{rest}", path.strip_prefix("Values.").unwrap_or(path)));
        let whole = whole.join(".");
        found = match whole.contains('[') {
            true => found.hint(format!("give it a value, such as `--set {whole}=...`")),
            false => {
                found.hint(format!("give it a value: `--set {whole}=...`, or `{}` in a values file", nested(&whole)))
            }
        };
    }
    found.hint(format!("if it may be missing, write `({inner}){rest}`: that is empty instead of an error"))
}

fn is_values(name: Option<&Str>) -> bool {
    name.is_some_and(|n| n.as_bytes() == b"Values")
}

/// `a.b.c` as `a: {b: {c: ...}}`.
fn nested(path: &str) -> String {
    let names: Vec<&str> = path.split('.').collect();
    let open = names.join(": {");
    format!("{open}: ...{}", "}".repeat(names.len() - 1))
}

/// `.Values` asked of a dot that a block or a call has changed.
fn lost_root(found: Diagnostic, failed: &Failed<'_>, view: &View) -> Diagnostic {
    let (open, _) = actions::before(&failed.at.source.text, failed.at.offset as usize);
    // The else of such a block leaves the dot alone, unless it is another `with`.
    let changes = |a: &&actions::Action<'_>| {
        matches!(a.word(), b"range" | b"with") && a.branch.as_ref().is_none_or(|b| b.conditional)
    };
    let block = open.iter().rev().find(changes);
    match block {
        Some(block) if !view.text.starts_with('$') => {
            let file = view.span.file;
            let word = String::from_utf8_lossy(block.word()).into_owned();
            found
                .also(Span::new(file, block.range.start, block.range.end), format!("this {word} makes `.` another value"))
                .hint(format!("inside of it the root is `$`: write `${}`", view.text))
        }
        _ => found.hint(
            "pass the root to this template: `include \"NAME\" .` where `.` is the root, or `include \"NAME\" $` inside of a \
             range or with",
        ),
    }
}

/// The null that took the value away.
fn removed(found: Diagnostic, scene: &Scene<'_>, failed: &Failed<'_>, absolute: Option<&str>) -> Diagnostic {
    let Some(path) = absolute.and_then(|p| p.strip_prefix("Values.")) else { return found };
    let mut whole = vec![scene.chart.name().to_owned()];
    whole.extend(words::sections(scene.chart, &failed.at.source.name.to_string_lossy()));
    whole.push(path.to_owned());
    let whole = whole.join(".");
    match scene.deleted.iter().find(|(p, _)| *p == whole) {
        Some((_, span)) => found.also(*span, "this null takes the chart's value away"),
        None => match empty_default(scene, &failed.at.source.name.to_string_lossy(), path) {
            Some(span) => found.also(span, "null in the chart's own values counts as not set"),
            None => found,
        },
    }
}

/// A key of the chart's own values.yaml that holds null: such keys are dropped when values are merged.
fn empty_default(scene: &Scene<'_>, template: &str, path: &str) -> Option<Span> {
    let folder = template.rfind("/templates/").map(|at| &template[..at])?;
    let name = (scene.display)(&format!("{folder}/values.yaml"));
    let (id, source) = scene.sources.iter().find(|(_, s)| s.name() == name)?;
    let doc = rhumb_yaml::parse_spanned(source.text()).ok()?;
    let mut at = doc.root()?;
    let mut key = None;
    for step in path.split('.') {
        let next = doc.get(at, step.as_bytes())?;
        key = doc.children(at).step_by(2).filter(|k| *doc.node(*k).text == *step.as_bytes()).last();
        at = next;
    }
    let (key, value) = (doc.node(key?), doc.node(at));
    let is_null = matches!(&*value.text, b"" | b"~" | b"null" | b"Null" | b"NULL") && value.next == at + 1;
    let quoted = source.text().get(value.start as usize).is_some_and(|b| matches!(b, b'"' | b'\''));
    (is_null && !quoted).then(|| Span::new(id, key.start as usize, (value.end as usize).max(key.end as usize + 1)))
}

/// The key that was probably meant, or else the keys that there are.
fn neighbours(
    found: Diagnostic,
    scene: &Scene<'_>,
    at: &Place<'_>,
    name: &Str,
    holder: &str,
    view: &View,
) -> Diagnostic {
    if let Some(near) = words::nearest(name, at.map) {
        let entry = at.map.entry(&near);
        let place = entry.as_ref().and_then(|e| (scene.place)(e.origin));
        let dot = if holder.ends_with('.') { "" } else { "." };
        let is_map = entry.is_some_and(|e| matches!(e.value, Value::Map(_)));
        let rest = if is_map { view.rest(at.missing + 1) } else { "" };
        let meant = format!("did you mean `{holder}{dot}{near}{rest}`?");
        let found = match place {
            Some(span) => found.also(span, format!("the nearest key is `{near}`")),
            None => found,
        };
        return found.hint(meant);
    }
    let found = match (scene.place)(at.holder_origin) {
        Some(span) => found.also(span, format!("`{holder}` is set here")),
        None => found,
    };
    match at.map.len() {
        0 => found.note(format!("`{holder}` is empty")),
        1 => found.note(format!("the only key of `{holder}` is {}", words::keys(at.map))),
        _ => found.note(format!("the keys of `{holder}` are {}", words::keys(at.map))),
    }
}

/// The path from the root, `Values.a.b`, whatever the chain starts with.
fn absolute(scene: &Scene<'_>, failed: &Failed<'_>, chain: &Chain<'_>, at: &Place<'_>) -> Option<String> {
    let names = |upto: usize| chain.names[..=upto].iter().map(|n| n.to_string_lossy().into_owned()).collect::<Vec<_>>();
    if is_values(chain.names.first()) {
        return Some(names(at.missing).join("."));
    }
    let values = words::values_of(scene.chart, &scene.values, &failed.at.source.name.to_string_lossy());
    let mut path = words::path_of(&values, at.map)?;
    path.push(chain.names[at.missing].to_string_lossy().into_owned());
    Some(format!("Values.{}", words::joined(&path)))
}

/// A name asked of a value that has no names.
fn no_field(scene: &Scene<'_>, failed: &Failed<'_>, chain: &Chain<'_>, view: &View, reached: &Reached) -> Diagnostic {
    let name = &chain.names[chain.failed];
    let path = view.words(chain.failed);
    let what = words::shown_of(path, &reached.value);
    let code = if failed.text.starts_with("can't evaluate field") { codes::NO_FIELD } else { codes::TEMPLATE_FAILED };
    let mut found = Diagnostic::error(code, "");
    if chain.failed == 0 && ROOT.contains(&&*name.to_string_lossy()) {
        let found = found.at(view.upto(1), format!("`.` is not the chart's root here: it is {what}"));
        return lost_root(found, failed, view);
    }
    if code != codes::NO_FIELD {
        let found = found.at(view.upto(chain.failed + 1), "");
        return super::call_hints::executor(&failed.text, None).into_iter().fold(found, Diagnostic::hint);
    }
    found = found.at(view.upto(chain.failed.max(1)), format!("`{path}` is {what}; it has no `{name}`"));
    let entry = reached.holder.as_ref().and_then(|(_, e)| e.as_ref());
    if let Some(span) = entry.and_then(|e| (scene.place)(e.origin)) {
        found = found.also(span, "set here");
    }
    match &reached.value {
        Value::Object(_) => found,
        Value::List(_) => {
            found.hint(format!("take one element first: `(index {path} 0).{name}`, or go over all with range"))
        }
        _ if is_values(chain.names.first()) => {
            found.hint(format!("the template wants a map at `{path}`: set `{name}` below it"))
        }
        _ => found.hint("the template wants a map here"),
    }
}
