//! One argument under one verb: what each type prints, with width, precision and flags, and what it complains of.

use rhumb_gostd::strconv::{append_float, append_quote_rune, can_backquote, quote, quote_to_ascii};
use rhumb_gostd::unicode::is_print;

use crate::fmt::MAX_DEPTH;
use crate::{IntKind, Kind, Value};

/// What stands between the percent sign and the verb.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    pub(super) plus_v: bool,
    pub(super) sharp_v: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// Writes arguments under the flags of one verb.
pub(super) struct Printer {
    pub(super) out: Vec<u8>,
    pub(super) flags: Flags,
    pub(super) erroring: bool,
}

impl Printer {
    pub(super) fn complain(&mut self, verb: &[u8], what: &[u8]) {
        self.out.extend_from_slice(b"%!");
        self.out.extend_from_slice(verb);
        self.out.extend_from_slice(what);
    }

    pub(super) fn typed(&mut self, arg: &Value) {
        if arg.is_nil() {
            self.out.extend_from_slice(b"<nil>");
        } else {
            self.out.extend_from_slice(arg.type_name().as_bytes());
            self.out.push(b'=');
            self.arg(arg, b"v");
        }
    }

    fn bad_verb(&mut self, verb: &[u8], arg: &Value) {
        let before = std::mem::replace(&mut self.erroring, true);
        self.complain(verb, b"(");
        if arg.is_nil() {
            self.out.extend_from_slice(b"<nil>");
        } else {
            self.out.extend_from_slice(arg.type_name().as_bytes());
            self.out.push(b'=');
            // Go begins again at the top, where a pointer is shown as what it points at.
            self.value(arg, b"v", 0);
        }
        self.out.push(b')');
        self.erroring = before;
    }

    pub(super) fn arg(&mut self, arg: &Value, verb: &[u8]) {
        match (arg, verb) {
            (Value::Nil, b"T" | b"v") => self.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(verb, arg),
            (_, b"T") => self.string(arg.type_name().as_bytes(), verb),
            _ => self.value(arg, verb, 0),
        }
    }

    fn value(&mut self, arg: &Value, verb: &[u8], depth: usize) {
        if depth > MAX_DEPTH {
            self.out.extend_from_slice(b"...");
            return;
        }
        match arg {
            // `%w` is for errors alone, and for no part of a value either.
            _ if verb == b"w" => self.bad_verb(verb, arg),
            Value::Nil if self.flags.sharp_v => self.out.extend_from_slice(b"interface {}(nil)"),
            Value::Nil => self.out.extend_from_slice(b"<nil>"),
            Value::Bool(b) if matches!(verb, b"t" | b"v") => self.pad(if *b { b"true" } else { b"false" }),
            Value::Int(n, kind) if self.int(*n, *kind, verb) => {}
            Value::Float(f) if self.float(*f, verb) => {}
            Value::Str(s) if matches!(verb, b"v" | b"s" | b"q" | b"x" | b"X") => self.string(s, verb),
            Value::Bytes(b) if matches!(verb, b"s" | b"q" | b"x" | b"X") => self.string(b, verb),
            Value::Bytes(b) => {
                let items: Vec<Value> = b.iter().map(|n| Value::Int(i64::from(*n), IntKind::Uint8)).collect();
                self.items(if depth == 0 { "[]byte" } else { "[]uint8" }, &items, verb, depth);
            }
            // A file that is not there: no bytes, but of their type.
            Value::List(l)
                if l.is_nil() && arg.type_name() == "[]uint8" && matches!(verb, b"s" | b"q" | b"x" | b"X") =>
            {
                self.string(b"", verb);
            }
            Value::List(l) if l.is_nil() && self.flags.sharp_v => self.nil(arg),
            Value::Map(m) if m.is_nil() && self.flags.sharp_v => self.nil(arg),
            Value::List(l) => self.items(arg.type_name(), l, verb, depth),
            Value::Map(_) => self.map(arg, verb, depth),
            Value::Object(_) => self.object(arg, verb, depth),
            Value::Bool(_) | Value::Int(..) | Value::Float(_) | Value::Str(_) => self.bad_verb(verb, arg),
        }
    }

    fn nil(&mut self, arg: &Value) {
        self.out.extend_from_slice(arg.type_name().as_bytes());
        self.out.extend_from_slice(b"(nil)");
    }

    fn items(&mut self, type_name: &str, items: &[Value], verb: &[u8], depth: usize) {
        if verb == b"p" {
            self.out.extend_from_slice(b"0xc000000000");
            return;
        }
        let (open, comma, close): (_, &[u8], _) =
            if self.flags.sharp_v { (b'{', b", ", b'}') } else { (b'[', b" ", b']') };
        if self.flags.sharp_v {
            self.out.extend_from_slice(type_name.as_bytes());
        }
        self.out.push(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(comma);
            }
            self.value(item, verb, depth + 1);
        }
        self.out.push(close);
    }

    fn map(&mut self, arg: &Value, verb: &[u8], depth: usize) {
        let Value::Map(map) = arg else { return };
        if verb == b"p" {
            self.out.extend_from_slice(b"0xc000000000");
            return;
        }
        if self.flags.sharp_v {
            self.out.extend_from_slice(arg.type_name().as_bytes());
            self.out.push(b'{');
        } else {
            self.out.extend_from_slice(b"map[");
        }
        for (i, e) in map.borrow().iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
            }
            self.value(&Value::Str(e.key.clone()), verb, depth + 1);
            self.out.push(b':');
            self.value(&e.value, verb, depth + 1);
        }
        self.out.push(if self.flags.sharp_v { b'}' } else { b']' });
    }

    fn object(&mut self, arg: &Value, verb: &[u8], depth: usize) {
        let Value::Object(o) = arg else { return };
        if o.is_nil() {
            self.nil_pointer(o.go_type(), verb);
            return;
        }
        if self.flags.sharp_v
            && verb == b"v"
            && let Some(text) = o.go_string()
        {
            self.pad(&text);
            return;
        }
        let texts = matches!(verb, b"v" | b"s" | b"q" | b"x" | b"X");
        let shown = if texts && !self.flags.sharp_v && !self.erroring { o.string() } else { None };
        if let Some(text) = shown {
            self.string(&text, verb);
            return;
        }
        // A named integer, such as a month, shows its number under the number verbs.
        if let (Kind::Int(_), Some(Value::Int(n, kind))) = (o.kind(), o.marshal()) {
            if !self.int(n, kind, verb) {
                self.bad_verb(verb, arg);
            }
            return;
        }
        if o.kind() == Kind::Struct && verb == b"p" && depth == 0 {
            self.bad_verb(verb, arg);
            return;
        }
        if o.kind() == Kind::Ptr {
            // A pointer inside is its address, under the verbs that an address has.
            if depth > 0 && !matches!(verb, b"v" | b"p" | b"b" | b"o" | b"d" | b"x" | b"X") {
                self.bad_verb(verb, arg);
                return;
            }
            if depth > 0 || verb == b"p" {
                if matches!(verb, b"v" | b"p") || !self.int(o.address().cast_signed(), IntKind::Uint64, verb) {
                    self.pad(format!("{:#x}", o.address()).as_bytes());
                }
                return;
            }
            self.out.push(b'&');
        }
        if self.flags.sharp_v {
            self.out.extend_from_slice(o.go_type().trim_start_matches('*').as_bytes());
        }
        self.out.push(b'{');
        for (i, (name, field)) in o.printed_fields().iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
            }
            if self.flags.sharp_v || self.flags.plus_v {
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b':');
            }
            self.value(field, verb, depth + 1);
        }
        self.out.push(b'}');
    }

    fn nil_pointer(&mut self, go_type: &str, verb: &[u8]) {
        if matches!(verb, b"b" | b"o" | b"d" | b"x" | b"X") {
            self.int(0, IntKind::Uint64, verb);
            return;
        }
        if verb == b"v" {
            self.pad(b"<nil>");
            return;
        }
        let complaint = [b"%!", verb, b"(", go_type.as_bytes(), b"=<nil>)"].concat();
        self.out.extend_from_slice(&complaint);
    }

    /// Writes with the width, counted in characters; zeros only on the left.
    fn pad(&mut self, text: &[u8]) {
        let fill = self.flags.width.map_or(0, |w| w.saturating_sub(runes(text)));
        if self.flags.minus {
            self.out.extend_from_slice(text);
            self.out.extend(std::iter::repeat_n(b' ', fill));
        } else {
            self.out.extend(std::iter::repeat_n(if self.flags.zero { b'0' } else { b' ' }, fill));
            self.out.extend_from_slice(text);
        }
    }

    fn pad_blank(&mut self, text: &[u8]) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text);
        self.flags.zero = zero;
    }

    fn string(&mut self, text: &[u8], verb: &[u8]) {
        match verb {
            b"x" | b"X" => self.hex(text, verb == b"X"),
            b"q" => self.quoted(self.cut(text)),
            b"v" if self.flags.sharp_v => self.quoted(self.cut(text)),
            _ => self.pad(self.cut(text)),
        }
    }

    /// The first characters, as many as the precision says.
    fn cut<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(limit) = self.flags.precision else { return text };
        let (mut at, mut left) = (0, limit);
        for chunk in text.utf8_chunks() {
            let sizes = chunk.valid().chars().map(char::len_utf8).chain(chunk.invalid().iter().map(|_| 1));
            for size in sizes {
                if left == 0 {
                    return &text[..at];
                }
                left -= 1;
                at += size;
            }
        }
        text
    }

    fn quoted(&mut self, text: &[u8]) {
        let out = if self.flags.sharp && can_backquote(text) {
            [b"`", text, b"`"].concat()
        } else if self.flags.plus {
            quote_to_ascii(text)
        } else {
            quote(text)
        };
        self.pad(&out);
    }

    fn hex(&mut self, text: &[u8], upper: bool) {
        let text = &text[..self.flags.precision.map_or(text.len(), |p| p.min(text.len()))];
        let mut out = Vec::with_capacity(text.len() * 2 + 2);
        for (i, byte) in text.iter().enumerate() {
            if i > 0 && self.flags.space {
                out.push(b' ');
            }
            if self.flags.sharp && (i == 0 || self.flags.space) {
                out.extend_from_slice(b"0x");
            }
            out.extend_from_slice(format!("{byte:02x}").as_bytes());
        }
        if upper {
            out.make_ascii_uppercase();
        }
        self.pad(&out);
    }

    fn int(&mut self, n: i64, kind: IntKind, verb: &[u8]) -> bool {
        let negative = n < 0 && !kind.is_unsigned();
        let bits = if kind.is_unsigned() { n.cast_unsigned() } else { n.unsigned_abs() };
        let digits = match verb {
            b"v" if self.flags.sharp_v && kind.is_unsigned() => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(format!("{bits:x}"), "0x", false);
                self.flags.sharp = sharp;
                return true;
            }
            b"v" | b"d" => (format!("{bits}"), ""),
            b"b" => (format!("{bits:b}"), if self.flags.sharp { "0b" } else { "" }),
            b"o" => (format!("{bits:o}"), if self.flags.sharp { "0" } else { "" }),
            b"O" => (format!("{bits:o}"), "0o"),
            b"x" => (format!("{bits:x}"), if self.flags.sharp { "0x" } else { "" }),
            b"X" => (format!("{bits:X}"), if self.flags.sharp { "0X" } else { "" }),
            b"c" => {
                self.pad(char_of(n).encode_utf8(&mut [0; 4]).as_bytes());
                return true;
            }
            b"q" => {
                let mut out = Vec::new();
                append_quote_rune(&mut out, n, self.flags.plus);
                self.pad(&out);
                return true;
            }
            b"U" => {
                let mut out = format!("U+{n:0w$X}", w = self.flags.precision.unwrap_or(4).max(4));
                if self.flags.sharp && u32::try_from(n).ok().and_then(char::from_u32).is_some_and(is_print) {
                    out.push_str(&format!(" '{}'", char_of(n)));
                }
                self.pad_blank(out.as_bytes());
                return true;
            }
            _ => return false,
        };
        self.digits(digits.0, digits.1, negative);
        true
    }

    /// A whole number of digits with sign, prefix, precision and width.
    fn digits(&mut self, mut digits: String, prefix: &str, negative: bool) {
        let sign = if negative {
            "-"
        } else if self.flags.plus {
            "+"
        } else if self.flags.space {
            " "
        } else {
            ""
        };
        let mut least = 0;
        if let Some(p) = self.flags.precision {
            if p == 0 && digits == "0" {
                self.pad_blank(b"");
                return;
            }
            least = p;
        } else if let (true, false, Some(w)) = (self.flags.zero, self.flags.minus, self.flags.width) {
            least = w - sign.len().min(w);
        }
        if digits.len() < least {
            digits.insert_str(0, &"0".repeat(least - digits.len()));
        }
        // An octal number that already starts with a zero needs no other.
        let prefix = if prefix == "0" && digits.starts_with('0') { "" } else { prefix };
        self.pad_blank(format!("{sign}{prefix}{digits}").as_bytes());
    }

    fn float(&mut self, f: f64, verb: &[u8]) -> bool {
        let (form, default) = match verb {
            b"v" => (b'g', -1),
            b"g" | b"G" | b"x" | b"X" | b"b" => (verb[0], -1),
            b"e" | b"E" | b"f" => (verb[0], 6),
            b"F" => (b'f', 6),
            _ => return false,
        };
        let precision = self.flags.precision.map_or(default, |p| i32::try_from(p).unwrap_or(i32::MAX));
        let mut num = Vec::new();
        append_float(&mut num, f, form, precision, 64);
        if !matches!(num[0], b'+' | b'-') {
            num.insert(0, b'+');
        }
        if self.flags.space && num[0] == b'+' && !self.flags.plus {
            num[0] = b' ';
        }
        if !f.is_finite() {
            let bare = f.is_nan() && !self.flags.space && !self.flags.plus;
            // Go keeps the sign of an infinity only where it was asked for, or negative.
            let skip = usize::from(bare);
            self.pad_blank(&num[skip..]);
            return true;
        }
        if self.flags.sharp && form != b'b' {
            keep_zeros(&mut num, form, precision);
        }
        let signed = self.flags.plus || num[0] != b'+';
        match self.flags.width {
            Some(w) if signed && self.flags.zero && !self.flags.minus && w > num.len() => {
                self.out.push(num[0]);
                self.out.extend(std::iter::repeat_n(b'0', w - num.len()));
                self.out.extend_from_slice(&num[1..]);
            }
            _ if signed => self.pad(&num),
            _ => self.pad(&num[1..]),
        }
        true
    }
}

/// `%#g`: always a point, and trailing zeros up to the precision. The number starts with its sign.
fn keep_zeros(num: &mut Vec<u8>, form: u8, precision: i32) {
    let exponent = num
        .iter()
        .position(|c| matches!((c, form), (b'p' | b'P', _) | (b'e' | b'E', b'e' | b'E' | b'g' | b'G' | b'f')));
    let tail = num.split_off(exponent.unwrap_or(num.len()));
    let significant = num.iter().filter(|c| c.is_ascii_alphanumeric()).skip_while(|c| **c == b'0').count();
    let mut wanted = match form {
        b'g' | b'G' | b'x' => usize::try_from(precision).unwrap_or(6),
        _ => 0,
    };
    if !num.contains(&b'.') {
        wanted = wanted.saturating_sub(usize::from(&num[1..] == b"0"));
        num.push(b'.');
    }
    num.extend(std::iter::repeat_n(b'0', wanted.saturating_sub(significant)));
    num.extend_from_slice(&tail);
}

fn char_of(n: i64) -> char {
    u32::try_from(n).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

/// Go counts a character, or a byte that is none.
fn runes(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.utf8_chunks().map(|c| c.valid().chars().count() + c.invalid().len()).sum()
}
