//! Values to JSON text.

use base64_text::append_base64;

use rhumb_gostd::strconv::{append_float_v, append_json_float};

use crate::fmt::append_int;
use crate::{Kind, Value};

/// From this depth on, what is open is remembered, so that a map that holds itself is noticed. So does Go.
const WATCHED: usize = 1000;

/// Deeper values are refused, for the stack's sake: twice what a reader takes. Go has no limit.
const MAX_DEPTH: usize = 20_000;

/// Longer texts are refused: a few lists that hold each other twice make one without end. Go has no limit.
const MOST: usize = if cfg!(test) { 1 << 20 } else { 1 << 30 };

/// A value as compact JSON, keys sorted. `escape_html` writes `<`, `>` and `&` as escapes. The error is Go's text.
pub fn to_json(value: &Value, escape_html: bool) -> Result<Vec<u8>, String> {
    let mut w = Writer { out: Vec::new(), escape_html, indent: None, open: Vec::new() };
    w.value(value, 0)?;
    Ok(w.out)
}

/// A value as JSON over several lines, each nested one starting with `prefix` and copies of `indent`; HTML escaped.
pub fn to_json_indent(value: &Value, prefix: &str, indent: &str) -> Result<Vec<u8>, String> {
    let mut w = Writer { out: Vec::new(), escape_html: true, indent: Some((prefix, indent)), open: Vec::new() };
    w.value(value, 0)?;
    Ok(w.out)
}

struct Writer<'a> {
    out: Vec<u8>,
    escape_html: bool,
    indent: Option<(&'a str, &'a str)>,
    /// The containers around the one at hand from `WATCHED` on.
    open: Vec<Value>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth < WATCHED || !value.is_container() {
            return self.any(value, depth);
        }
        if depth > MAX_DEPTH || self.open.iter().any(|outer| same(outer, value)) {
            return Err(format!("json: unsupported value: encountered a cycle via {}", value.type_name()));
        }
        self.open.push(value.clone());
        let done = self.any(value, depth);
        self.open.pop();
        done
    }

    fn any(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if self.out.len() > MOST {
            return Err(format!("json: text longer than {MOST} bytes"));
        }
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::Bool(b) => self.out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Int(n, kind) => append_int(&mut self.out, *n, *kind),
            Value::Float(f) => return self.float(*f),
            Value::Str(s) => append_string(&mut self.out, s, self.escape_html),
            Value::Bytes(b) => append_base64(&mut self.out, b),
            Value::List(l) if l.is_nil() => self.out.extend_from_slice(b"null"),
            Value::Map(m) if m.is_nil() => self.out.extend_from_slice(b"null"),
            Value::List(l) => {
                self.out.push(b'[');
                for (i, item) in l.iter().enumerate() {
                    self.between(i, depth);
                    self.value(item, depth + 1)?;
                }
                self.close(b']', l.is_empty(), depth);
            }
            Value::Map(m) => {
                self.out.push(b'{');
                let entries = m.borrow();
                for (i, e) in entries.iter().enumerate() {
                    self.between(i, depth);
                    self.member(&e.key, &e.value, depth)?;
                }
                self.close(b'}', entries.is_empty(), depth);
            }
            Value::Object(o) => {
                if let Some(shown) = o.marshal() {
                    return self.value(&shown, depth + 1);
                }
                if o.kind() == Kind::Func {
                    return Err(format!("json: unsupported type: {}", o.go_type()));
                }
                self.out.push(b'{');
                let fields = o.json_fields();
                for (i, (name, field)) in fields.iter().enumerate() {
                    self.between(i, depth);
                    self.member(name.as_bytes(), field, depth)?;
                }
                self.close(b'}', fields.is_empty(), depth);
            }
        }
        Ok(())
    }

    fn member(&mut self, key: &[u8], value: &Value, depth: usize) -> Result<(), String> {
        append_string(&mut self.out, key, self.escape_html);
        self.out.push(b':');
        if self.indent.is_some() {
            self.out.push(b' ');
        }
        self.value(value, depth + 1)
    }

    fn between(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.out.push(b',');
        }
        self.line(depth + 1);
    }

    fn close(&mut self, bracket: u8, empty: bool, depth: usize) {
        if !empty {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if let Some((prefix, indent)) = self.indent {
            self.out.push(b'\n');
            self.out.extend_from_slice(prefix.as_bytes());
            for _ in 0..depth {
                self.out.extend_from_slice(indent.as_bytes());
            }
        }
    }

    fn float(&mut self, f: f64) -> Result<(), String> {
        if f.is_finite() {
            append_json_float(&mut self.out, f);
            return Ok(());
        }
        let mut text = Vec::new();
        append_float_v(&mut text, f);
        Err(format!("json: unsupported value: {}", String::from_utf8_lossy(&text)))
    }
}

/// The same container, not only one like it.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => a.ptr_eq(b),
        (Value::List(a), Value::List(b)) => a.ptr_eq(b),
        _ => false,
    }
}

/// Appends a JSON string with Go's escapes; each byte that is not UTF-8 becomes U+FFFD.
pub fn append_string(out: &mut Vec<u8>, text: &[u8], escape_html: bool) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid().as_bytes();
        let mut start = 0;
        for (i, &c) in valid.iter().enumerate() {
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
            let separator = c == 0xe2 && matches!(valid.get(i + 1..i + 3), Some([0x80, 0xa8 | 0xa9]));
            let html = escape_html && matches!(c, b'<' | b'>' | b'&');
            if c >= 0x20 && c != b'"' && c != b'\\' && !html && !separator {
                continue;
            }
            out.extend_from_slice(&valid[start..i]);
            start = i + 1;
            match c {
                b'"' | b'\\' => out.extend_from_slice(&[b'\\', c]),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                b'\t' => out.extend_from_slice(b"\\t"),
                0x08 => out.extend_from_slice(b"\\b"),
                0x0c => out.extend_from_slice(b"\\f"),
                0xe2 => {
                    out.extend_from_slice(if valid[i + 2] == 0xa8 { b"\\u2028" } else { b"\\u2029" });
                    start = i + 3;
                }
                _ => out.extend_from_slice(format!("\\u{c:04x}").as_bytes()),
            }
        }
        out.extend_from_slice(&valid[start.min(valid.len())..]);
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.push(b'"');
}

/// Base64 of bytes, which is how Go's JSON shows `[]uint8`.
mod base64_text {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    pub(super) fn append_base64(out: &mut Vec<u8>, bytes: &[u8]) {
        out.push(b'"');
        for three in bytes.chunks(3) {
            let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
            for i in 0..4 {
                // Six bits always index the letters.
                let letter = LETTERS[(n >> (18 - 6 * i) & 63) as usize];
                out.push(if i > three.len() { b'=' } else { letter });
            }
        }
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    fn json(value: impl Into<Value>) -> String {
        String::from_utf8(to_json(&value.into(), true).unwrap()).unwrap()
    }

    /// Twenty lists make a million words; the reference would write them, and a hundred lists until its memory is full.
    #[test]
    fn texts_without_end_are_refused() {
        let doubled = (0..100).fold(Value::from("x"), |inner, _| Value::from(vec![inner.clone(), inner]));
        assert_eq!(to_json(&doubled, true), Err("json: text longer than 1048576 bytes".into()));
        assert!(crate::fmt::to_v(&doubled).len() < 2 << 20);
    }

    // Observed on Helm 4.3.1 (`toJson`).
    #[test]
    fn writes_as_go() {
        assert_eq!(json("a<b>&\u{2028}\"\\\n\x01"), r#""a\u003cb\u003e\u0026\u2028\"\\\n\u0001""#);
        for (f, want) in [
            (1e6, "1000000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (0.5, "0.5"),
            (-0.0, "-0"),
        ] {
            assert_eq!(json(f), want);
        }
        assert_eq!(json(Value::Bytes(b"ab"[..].into())), "\"YWI=\"");
        assert_eq!(json(Value::Bytes(b"abc"[..].into())), "\"YWJj\"");
        assert_eq!(to_json(&Value::from(f64::NAN), true), Err("json: unsupported value: NaN".into()));
    }

    #[test]
    fn indents_as_go() {
        let m = Map::new();
        m.insert("b", vec![Value::from(1), Value::from(Map::new()), Value::from(Vec::<Value>::new())]);
        m.insert("a", Value::Nil);
        let text = to_json_indent(&Value::from(m), "", "  ").unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "{\n  \"a\": null,\n  \"b\": [\n    1,\n    {},\n    []\n  ]\n}");
    }

    #[test]
    fn a_map_in_itself_is_an_error() {
        let m = Map::new();
        m.insert("m", m.clone());
        let error = to_json(&Value::from(m.clone()), true).unwrap_err();
        assert_eq!(error, "json: unsupported value: encountered a cycle via map[string]interface {}");
        m.remove("m");
    }
}
