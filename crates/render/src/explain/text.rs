//! Answers for people: a field with its writers and values one below the other, an object as annotated source.

use std::fmt::Write as _;

use super::{Answer, Cause, Field, Line, Object, ObjectKind, Part, Place, Reading, Setting, Unread, ValueView};

/// How an answer is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With colours, for a terminal.
    pub colour: bool,
}

/// Notes of lines begin no further to the right than here.
const WIDEST: usize = 64;

/// At most so many values are named behind a line, so many writers of one field, so many readers of one value. JSON has
/// them all.
const MOST_READS: usize = 6;
const MOST_PARTS: usize = 12;
const MOST_USES: usize = 40;

/// The answer as text that ends in a newline.
#[must_use]
pub fn text(answer: &Answer, style: Style) -> String {
    let mut page = Page { style, out: String::new() };
    page.answer(answer);
    page.out
}

struct Page {
    style: Style,
    out: String,
}

impl Page {
    fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::All(answers) => {
                for (i, answer) in answers.iter().enumerate() {
                    self.out.push_str(if i > 0 { "\n" } else { "" });
                    self.answer(answer);
                }
            }
            Answer::Objects(objects, unread) => self.objects(objects, unread),
            Answer::Table { object, path, causes, lines, .. } => self.table(object, path, causes, lines),
            Answer::Field { object, field } => self.field(object, field),
            Answer::Value(view) => self.value(view),
        }
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref().trim_end());
        self.out.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.style.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    fn place(&self, place: &Place) -> String {
        self.paint("36", &format!("{}:{}:{}", place.file, place.line, place.column))
    }

    // The list of objects.

    fn objects(&mut self, objects: &[Object], unread: &[Unread]) {
        let width = objects.iter().map(|o| o.reference.len()).max().unwrap_or(0).min(WIDEST);
        for o in objects {
            let what = match (&o.hook, o.part) {
                (Some(events), _) => format!("  hook {events}"),
                (_, ObjectKind::Crd) => "  CRD".to_owned(),
                _ => String::new(),
            };
            let line = format!("{:width$}  {}{}", o.reference, self.dim(&o.template), self.dim(&what));
            self.line(line);
        }
        if unread.is_empty() {
            return;
        }
        self.line("");
        let head = self.bold("Set, but read by no template:");
        self.line(head);
        for u in unread {
            let meant = u.meant.as_ref().map_or(String::new(), |m| format!("; did you mean .Values.{m}?"));
            let line = format!("  .Values.{}  {}{meant}", u.path, self.setting(&u.set));
            self.line(line);
        }
    }

    // One field.

    fn field(&mut self, object: &Object, field: &Field) {
        let head = self.bold(&format!("{}:{} = {}", object.reference, field.path, field.value));
        self.line(head);
        for part in field.key.iter() {
            self.part("the key is written at", part);
        }
        let mut words = "written at";
        for part in field.parts.iter().take(MOST_PARTS) {
            self.part(words, part);
            words = "and at";
        }
        self.more(field.parts.len(), MOST_PARTS, "places");
        let mut told: Vec<&Cause> = Vec::new();
        for part in field.parts.iter().chain(&field.key) {
            told.extend(part.causes.iter().filter(|c| !told.contains(c)).collect::<Vec<_>>());
        }
        self.causes(&told);
    }

    fn more(&mut self, all: usize, shown: usize, what: &str) {
        if all > shown {
            self.line("");
            self.line(format!("and {} more {what}: -o json has them all", all - shown));
        }
    }

    fn part(&mut self, words: &str, part: &Part) {
        self.line("");
        let within = part.place.template.as_ref().map_or(String::new(), |t| format!(" in {t}"));
        let line = format!("{words} {}{}", self.place(&part.place), self.dim(&within));
        self.line(line);
        self.source(&part.place);
        for call in &part.calls {
            let what =
                if call.template.is_empty() { "printed at".to_owned() } else { format!("{} called at", call.template) };
            let line = format!("  {} {}", self.dim(&what), self.place(&call.place));
            self.line(line);
            self.source(&call.place);
        }
        for via in &part.via {
            let line = format!("  {} {}", self.dim("from text made at"), self.place(via));
            self.line(line);
            self.source(via);
        }
        for reading in &part.reads {
            self.reading("  reads ", reading);
        }
    }

    fn source(&mut self, place: &Place) {
        let line = format!("    {} {}", self.dim("|"), place.source.trim());
        self.line(line);
    }

    fn reading(&mut self, before: &str, r: &Reading) {
        let value = match (&r.value, &r.deleted) {
            (Some(value), _) => format!(" = {value}"),
            (None, Some(by)) => format!(", taken away by {}", self.setting(by)),
            (None, None) => ", not set".to_owned(),
        };
        let indent = " ".repeat(before.len());
        let mut line = format!("{}{}{value}", self.dim(before), self.bold(&r.path));
        if let Some(set) = &r.set {
            let _ = write!(line, "  {}", self.setting(set));
        }
        self.line(line);
        if let Some(place) = &r.changed_at {
            let line = format!("{indent}put there by the template at {}", self.place(place));
            self.line(line);
        }
        for lost in &r.overrode {
            let line = format!("{indent}over {} {}", lost.value, self.setting(lost));
            self.line(line);
        }
    }

    fn setting(&self, s: &Setting) -> String {
        let place = match (s.kind, &s.argument) {
            ("flag", Some(argument)) => format!("{} {argument}", s.source),
            ("built-in", _) => s.source.clone(),
            _ => format!("{}:{}:{}", s.source, s.line, s.column),
        };
        self.paint("32", &format!("({place})"))
    }

    fn causes(&mut self, causes: &[&Cause]) {
        if causes.is_empty() {
            return;
        }
        self.line("");
        self.line("there because of");
        for cause in causes {
            let element = cause
                .element
                .as_ref()
                .map_or(String::new(), |e| format!(" at {}", super::settings::in_short(e.as_bytes())));
            let line = format!("  {}{element}, {}", self.bold(cause.what), self.place(&cause.place));
            self.line(line);
            self.source(&cause.place);
            for reading in &cause.reads {
                self.reading("    reads ", reading);
            }
        }
    }

    // An object or a table in it.

    fn table(&mut self, object: &Object, path: &str, causes: &[Cause], lines: &[Line]) {
        let hook = object.hook.as_ref().map_or(String::new(), |h| format!(", hook {h}"));
        let colon = if path.is_empty() { "" } else { ":" };
        let head = format!("{}{colon}{path}", object.reference);
        let head = format!("{} {}", self.bold(&head), self.dim(&format!("by {}{hook}", object.template)));
        self.line(head);
        if !causes.is_empty() {
            self.causes(&causes.iter().collect::<Vec<_>>());
        }
        self.line("");
        let width = lines.iter().map(|l| l.text.chars().count()).filter(|w| *w <= WIDEST).max().unwrap_or(0);
        for line in lines {
            let told = line.parts.iter().filter(|p| !line.parts.iter().any(|q| only_calls(p, q)));
            let notes: Vec<String> = told.map(|p| self.note(p, &object.template)).collect();
            let padding = " ".repeat(width.saturating_sub(line.text.chars().count()));
            let shown = match notes.is_empty() || line.text.trim().is_empty() {
                true => line.text.clone(),
                false => format!("{}{padding}  {}", line.text, self.dim(&notes.join("; "))),
            };
            self.line(shown);
        }
    }

    /// A line's writer in a few words: places of the object's own template without its name.
    fn note(&self, part: &Part, own: &str) -> String {
        let short = |p: &Place| match p.file == own {
            true => format!(":{}", p.line),
            false => format!("{}:{}", p.file.rsplit('/').next().unwrap_or(&p.file), p.line),
        };
        let mut note = short(&part.place);
        for call in &part.calls {
            let _ = write!(note, " < {}", short(&call.place));
        }
        for (i, via) in part.via.iter().take(2).enumerate() {
            let _ = write!(note, "{} {}", if i == 0 { " from" } else { "," }, short(via));
        }
        for (i, r) in part.reads.iter().take(MOST_READS).enumerate() {
            let how = match (&r.set, &r.changed_at, &r.deleted, &r.value) {
                (_, Some(place), ..) => format!("set by {}", short(place)),
                (_, _, Some(deleted), _) => format!("taken away by {}", brief(deleted, own)),
                (Some(set), ..) => brief(set, own),
                (None, _, _, None) => "not set".to_owned(),
                _ => String::new(),
            };
            let how = if how.is_empty() { how } else { format!(" ({how})") };
            let _ = write!(note, "{} {}{how}", if i == 0 { " " } else { "," }, r.path);
        }
        if let Some(more) = part.reads.len().checked_sub(MOST_READS).filter(|n| *n > 0) {
            let _ = write!(note, " and {more} more");
        }
        note
    }

    // One value.

    fn value(&mut self, view: &ValueView) {
        let value = view.value.as_ref().map_or(" is not set".to_owned(), |v| format!(" = {v}"));
        let head = self.bold(&format!(".Values.{}{value}", view.path));
        self.line(head);
        if let Some(deleted) = &view.deleted {
            let line = format!("  taken away by {}", self.setting(deleted));
            self.line(line);
        }
        for (path, settings) in &view.set {
            let name = if *path == view.path { String::new() } else { format!(".Values.{path} ") };
            for (i, set) in settings.iter().enumerate() {
                let word = if i == 0 { format!("{name}set to") } else { "  over".to_owned() };
                let line = format!("  {word} {} {}", set.value, self.setting(set));
                self.line(line);
            }
        }
        self.line("");
        if view.uses.is_empty() {
            self.line("no template reads it");
        } else {
            self.line("read at");
        }
        for u in view.uses.iter().take(MOST_USES) {
            let decides = if u.decides { " to decide" } else { "" };
            let whole = u.whole.as_ref().map_or(String::new(), |w| format!(" as part of {w}"));
            let line = format!("  {}{decides}{whole}", self.place(&u.place));
            self.line(line);
            self.source(&u.place);
            if !u.objects.is_empty() {
                let more = u.objects.len().saturating_sub(6);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let names: Vec<&str> = u.objects.iter().take(6).map(String::as_str).collect();
                let line = format!("    {} {}{more}", self.dim("for"), names.join(", "));
                self.line(line);
            }
        }
        self.more(view.uses.len(), MOST_USES, "places");
        if !view.near.is_empty() {
            let names: Vec<String> = view.near.iter().map(|n| format!(".Values.{n}")).collect();
            self.line("");
            self.line(format!("set are: {}", names.join(", ")));
        }
    }
}

/// Whether a part stands on the line that calls, by its own chain of calls, the template that wrote another part; that other
/// part's chain tells of it then.
fn only_calls(part: &Part, other: &Part) -> bool {
    let line = |place: &Place| (place.file.clone(), place.line);
    let chain: Vec<_> = part.calls.iter().map(|c| line(&c.place)).collect();
    let outer: Vec<_> = other.calls.iter().map(|c| line(&c.place)).collect();
    outer.strip_suffix(chain.as_slice()).and_then(|rest| rest.last()) == Some(&line(&part.place))
}

/// Where something was set, in a word.
fn brief(s: &Setting, own: &str) -> String {
    match (s.kind, &s.argument) {
        ("flag", Some(argument)) => format!("{} {argument}", s.source),
        ("built-in", _) => s.source.clone(),
        _ => {
            let root = own.split('/').next().unwrap_or_default();
            let rest = s.source.strip_prefix(root).and_then(|r| r.strip_prefix('/')).filter(|_| s.kind == "chart");
            format!("{}:{}", rest.unwrap_or(&s.source), s.line)
        }
    }
}
