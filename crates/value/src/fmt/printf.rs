//! Go's `Sprintf`: verbs, flags, widths, argument indexes, and the complaints.

mod printer;

use crate::Value;
use printer::{Flags, Printer};

/// Widths and precisions beyond this are refused.
const MAX_NUMBER: i64 = 1_000_000;

/// `printf`: the text with its verbs replaced. Never fails; what does not fit is complained about in the text.
#[must_use]
pub fn sprintf(format: &[u8], args: &[Value]) -> Vec<u8> {
    let mut p = Printer { out: Vec::with_capacity(format.len() + 16), flags: Flags::default(), erroring: false };
    Format { text: format, at: 0, args, arg: 0, reordered: false, good_index: true }.run(&mut p);
    p.out
}

/// Reads the format.
struct Format<'a> {
    text: &'a [u8],
    at: usize,
    args: &'a [Value],
    arg: usize,
    reordered: bool,
    good_index: bool,
}

impl<'a> Format<'a> {
    fn run(&mut self, p: &mut Printer) {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let plain = memchr_percent(rest);
            p.out.extend_from_slice(&rest[..plain]);
            self.at += plain;
            if self.at < self.text.len() {
                self.at += 1;
                self.verb(p);
            }
        }
        if !self.reordered && self.arg < self.args.len() {
            p.flags = Flags::default();
            p.out.extend_from_slice(b"%!(EXTRA ");
            for (i, arg) in self.args[self.arg..].iter().enumerate() {
                if i > 0 {
                    p.out.extend_from_slice(b", ");
                }
                p.typed(arg);
            }
            p.out.push(b')');
        }
    }

    fn verb(&mut self, p: &mut Printer) {
        p.flags = Flags::default();
        self.good_index = true;
        while let Some(c) = self.peek() {
            match c {
                b'#' => p.flags.sharp = true,
                b'0' => p.flags.zero = true,
                b'+' => p.flags.plus = true,
                b'-' => p.flags.minus = true,
                b' ' => p.flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.star() {
                Some(n) => {
                    p.flags.minus |= n < 0;
                    p.flags.width = usize::try_from(n.unsigned_abs()).ok();
                }
                None => p.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            p.flags.width = self.number();
            if after_index && p.flags.width.is_some() {
                self.good_index = false;
            }
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                match self.star() {
                    Some(n) if n >= 0 => p.flags.precision = usize::try_from(n).ok(),
                    _ => p.out.extend_from_slice(b"%!(BADPREC)"),
                }
                after_index = false;
            } else {
                p.flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        self.finish(p);
    }

    fn finish(&mut self, p: &mut Printer) {
        let Some(verb) = self.rune() else {
            p.out.extend_from_slice(b"%!(NOVERB)");
            return;
        };
        if verb == b"%" {
            p.out.push(b'%');
        } else if !self.good_index {
            p.complain(verb, b"(BADINDEX)");
        } else if let Some(arg) = self.args.get(self.arg) {
            self.arg += 1;
            if verb == b"v" {
                p.flags.sharp_v = std::mem::take(&mut p.flags.sharp);
                p.flags.plus_v = std::mem::take(&mut p.flags.plus);
            }
            p.arg(arg, verb);
        } else {
            p.complain(verb, b"(MISSING)");
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next character; U+FFFD stands for a byte that is not UTF-8.
    fn rune(&mut self) -> Option<&'a [u8]> {
        let rest = &self.text[self.at..];
        let size = match rest.first()? {
            0..0x80 => 1,
            _ => rest.utf8_chunks().next().and_then(|c| c.valid().chars().next()).map_or(0, char::len_utf8),
        };
        self.at += size.max(1);
        Some(if size == 0 { "\u{fffd}".as_bytes() } else { &rest[..size] })
    }

    fn number(&mut self) -> Option<usize> {
        let mut n: Option<i64> = None;
        while let Some(c @ b'0'..=b'9') = self.peek() {
            if n.unwrap_or(0) > MAX_NUMBER {
                self.at = self.text.len();
                return None;
            }
            n = Some(n.unwrap_or(0) * 10 + i64::from(c - b'0'));
            self.at += 1;
        }
        n.and_then(|n| usize::try_from(n).ok())
    }

    /// The argument of a `*`; nothing where it is no fitting integer.
    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.arg)?;
        self.arg += 1;
        match arg {
            Value::Int(n, _) if (-MAX_NUMBER..=MAX_NUMBER).contains(n) => Some(*n),
            _ => None,
        }
    }

    /// `[n]`: whether there was one. A wrong one spoils this verb.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let Some(end) = self.text[self.at..].iter().position(|c| *c == b']') else {
            self.good_index = false;
            self.at += 1;
            return false;
        };
        let inside = &self.text[self.at + 1..self.at + end];
        self.at += end + 1;
        let n = std::str::from_utf8(inside)
            .ok()
            .filter(|s| s.bytes().all(|c| c.is_ascii_digit()))
            .and_then(|s| s.parse::<usize>().ok());
        match n {
            Some(n) if n >= 1 && n <= self.args.len() => {
                self.arg = n - 1;
                true
            }
            _ => {
                self.good_index = false;
                n.is_some()
            }
        }
    }
}

fn memchr_percent(text: &[u8]) -> usize {
    text.iter().position(|c| *c == b'%').unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map};

    fn f(format: &str, args: &[Value]) -> String {
        String::from_utf8(sprintf(format.as_bytes(), args)).unwrap()
    }

    fn list(items: &[Value]) -> Value {
        Value::from(List::new(items.to_vec()))
    }

    // All answers are those of Helm 4.3.1.
    #[test]
    fn verbs_and_complaints_are_go_s() {
        let (one, two, x) = (Value::from(1), Value::from(2), Value::from("x"));
        let hey = Value::from("hey");
        let fl = Value::from;
        let cases: Vec<(&str, Vec<Value>, &str)> = vec![
            ("%d %s", vec![x.clone(), fl(5)], "%!d(string=x) %!s(int=5)"),
            ("%d", vec![one.clone(), two.clone()], "1%!(EXTRA int=2)"),
            ("%d", vec![], "%!d(MISSING)"),
            ("%!", vec![], "%!!(MISSING)"),
            ("%", vec![], "%!(NOVERB)"),
            ("%[2]d %[1]d", vec![one.clone(), two.clone()], "2 1"),
            ("%[5]d", vec![one.clone()], "%!d(BADINDEX)"),
            ("%[x]d", vec![one.clone()], "%!d(BADINDEX)"),
            ("%*d|%-*d|", vec![fl(5), fl(1), fl(4), fl(2)], "    1|2   |"),
            ("%*d", vec![Value::from("a"), one.clone()], "%!(BADWIDTH)1"),
            ("%.*f", vec![fl(-1), Value::from(1.5)], "%!(BADPREC)1.500000"),
            ("%-8v|%08.3f|%+d", vec![Value::from("a"), Value::from(3.25), fl(5)], "a       |0003.250|+5"),
            ("%x|%X|% x|%#x", vec![hey.clone(), hey.clone(), hey.clone(), hey], "686579|686579|68 65 79|0x686579"),
            (
                "%q %q %q",
                vec![Value::from("a"), list(&[Value::from("a"), Value::from(1.0), Value::Nil]), fl(65)],
                "\"a\" [\"a\" %!q(float64=1) <nil>] 'A'",
            ),
            ("%s", vec![list(&[Value::from(1.0), Value::from("two"), Value::Nil])], "[%!s(float64=1) two <nil>]"),
            ("%s", vec![Value::Nil], "%!s(<nil>)"),
            ("%t %t", vec![Value::from(true), one], "true %!t(int=1)"),
            (
                "%x %X %b %o %O %c %U %#U",
                [255, 255, 5, 8, 8, 65, 65, 128_512].map(Value::from).to_vec(),
                "ff FF 101 10 0o10 A U+0041 U+1F600 '\u{1f600}'",
            ),
            ("%e %E %g %G", [1.5; 4].map(Value::from).to_vec(), "1.500000e+00 1.500000E+00 1.5 1.5"),
            ("%x %b", [1.5; 2].map(Value::from).to_vec(), "0x1.8p+00 6755399441055744p-52"),
            (
                "%#v %#v",
                vec![Value::from(1.0), list(&[Value::from("a"), fl(1), Value::from(true), Value::Nil])],
                "1 []interface {}{\"a\", 1, true, interface {}(nil)}",
            ),
            ("%010s|%-05d|%06d|% d", vec![Value::from("ab"), fl(3), fl(-42), fl(7)], "00000000ab|3    |-00042| 7"),
            ("%+.2e|%6.2f", vec![Value::from(12345.678), Value::from(3.25)], "+1.23e+04|  3.25"),
            ("%5d", vec![x], "%!d(string=    x)"),
            ("%#g|%#.3g|%#e|%#f", [1.0; 4].map(Value::from).to_vec(), "1.00000|1.00|1.000000e+00|1.000000"),
            (
                "%5t|%5q|%.2s",
                vec![Value::from(true), Value::from("a"), Value::from("h\u{e9}llo")],
                " true|  \"a\"|h\u{e9}",
            ),
            ("%x", vec![list(&[Value::from(1.0), Value::from("two")])], "[0x1p+00 74776f]"),
            (
                "%6.2d|%+q|%#q|%#o|%#b",
                vec![fl(5), Value::from("\u{e9}"), Value::from("a"), fl(8), fl(5)],
                "    05|\"\\u00e9\"|`a`|010|0b101",
            ),
            ("%\u{e9}", vec![fl(1)], "%!\u{e9}(int=1)"),
        ];
        for (format, args, want) in cases {
            assert_eq!(f(format, &args), want, "{format}");
        }
        let m = Map::new();
        m.insert("b", 1.0);
        m.insert("c", "x");
        let m = Value::from(m);
        assert_eq!(
            f("%v %+v %#v %T", &[m.clone(), m.clone(), m.clone(), m.clone()]),
            "map[b:1 c:x] map[b:1 c:x] map[string]interface {}{\"b\":1, \"c\":\"x\"} map[string]interface {}"
        );
        assert_eq!(f("%d", &[m]), "map[%!d(string=b):%!d(float64=1) %!d(string=c):%!d(string=x)]");
    }
}
