//! Values as the validator takes them.

use rhumb_value::{Kind, Value};
use serde_json::{Map, Number};

/// A value as JSON. Bytes that are not UTF-8 become U+FFFD; a number JSON cannot hold becomes null.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Nil => serde_json::Value::Null,
        Value::Bool(b) => serde_json::Value::Bool(*b),
        Value::Int(n, k) if k.is_unsigned() => Number::from(n.cast_unsigned()).into(),
        Value::Int(n, _) => Number::from(*n).into(),
        Value::Float(f) => float(*f),
        Value::Str(s) => serde_json::Value::String(s.to_string_lossy().into_owned()),
        Value::Bytes(b) => serde_json::Value::String(String::from_utf8_lossy(b).into_owned()),
        Value::List(l) => serde_json::Value::Array(l.iter().map(to_json).collect()),
        Value::Map(m) => {
            let entries = m.borrow();
            let pairs = entries.iter().map(|e| (e.key.to_string_lossy().into_owned(), to_json(&e.value)));
            serde_json::Value::Object(pairs.collect::<Map<_, _>>())
        }
        Value::Object(o) => match (o.marshal(), o.kind()) {
            (Some(v), _) => to_json(&v),
            (None, Kind::Struct | Kind::Ptr) => {
                serde_json::Value::Object(o.json_fields().iter().map(|(k, v)| ((*k).to_string(), to_json(v))).collect())
            }
            _ => serde_json::Value::Null,
        },
    }
}

/// A whole number is written without a fraction, as Go's encoder writes it: the validator shows numbers in its messages.
fn float(f: f64) -> serde_json::Value {
    if f.fract() == 0.0 && f.abs() < 9e15 {
        return Number::from(f as i64).into();
    }
    Number::from_f64(f).map_or(serde_json::Value::Null, Into::into)
}

/// A JSON text whose bytes that are no UTF-8, and escapes of half a character, have become U+FFFD, as Go reads them.
pub(crate) fn whole_characters(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    let half = |text: &str| -> Option<u16> {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok().filter(|code| (0xd800..0xe000).contains(code))
    };
    let mut rest = out.as_str();
    let mut whole = String::with_capacity(out.len());
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let second = escape.get(6..).and_then(half);
        let length = match (half(escape), second) {
            (Some(0..0xdc00), Some(0xdc00..)) => 12,
            (Some(_), _) => {
                whole.push('\u{fffd}');
                rest = &escape[6..];
                continue;
            }
            _ => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        whole.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_characters_are_replaced() {
        let cases: [(&[u8], &str); 6] = [
            (br#"["\ud800\u00e9\\ud800"]"#, "[\"\u{fffd}\\u00e9\\\\ud800\"]"),
            (br#""\ud83d\ude00\ude00""#, "\"\\ud83d\\ude00\u{fffd}\""),
            (br#""\ud800\ud800""#, "\"\u{fffd}\u{fffd}\""),
            (b"\"a\xc3\x80\xc3\"", "\"a\u{c0}\u{fffd}\""),
            (b"\\", "\\"),
            (br"\ud8", r"\ud8"),
        ];
        for (text, want) in cases {
            assert_eq!(whole_characters(text), want, "{}", String::from_utf8_lossy(text));
        }
    }
}
