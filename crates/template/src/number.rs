//! Number literals: one text, all the types it may take (Go: `parse.NumberNode`).

use rhumb_gostd::raw;
use rhumb_gostd::strconv;
use rhumb_value::{Str, Value};

use crate::ast::Number;
use crate::quote::quote;

/// A number as written.
pub(crate) fn number(pos: u32, text: &[u8]) -> Result<Number, String> {
    let mut n = Number { pos, text: Str::from(text), ..Number::default() };
    if let Some(b'i') = text.last()
        && let Some(f) = float(&text[..text.len() - 1])
    {
        complex(&mut n, 0.0, f);
        return Ok(n);
    }
    n.uint = strconv::parse_uint(text, 0, 64).ok();
    n.int = strconv::parse_int(text, 0, 64).ok();
    if n.int == Some(0) && n.uint.is_none() {
        n.uint = Some(0); // -0
    }
    if let Some(i) = n.int {
        n.float = Some(i as f64);
    } else if let Some(u) = n.uint {
        n.float = Some(u as f64);
    } else if let Some(f) = float(text) {
        if !text.iter().any(|b| b".eEpP".contains(b)) {
            return Err(format!("integer overflow: {}", quote(text)));
        }
        from_float(&mut n, f);
    }
    if n.int.is_none() && n.uint.is_none() && n.float.is_none() {
        return Err(format!("illegal number syntax: {}", quote(text)));
    }
    n.ideal = ideal(&n);
    Ok(n)
}

/// A character constant with its quotes.
pub(crate) fn character(pos: u32, text: &[u8]) -> Result<Number, String> {
    let unit = strconv::unquote_char(&text[1..], b'\'').ok_or("invalid syntax")?;
    if unit.rest != b"'" {
        return Err(format!("malformed character constant: {}", raw::text(text)));
    }
    let code = unit.value;
    Ok(Number {
        pos,
        text: Str::from(text),
        int: Some(i64::from(code)),
        uint: Some(u64::from(code)),
        float: Some(f64::from(code)),
        complex: None,
        ideal: Some(Value::int(i64::from(code))),
    })
}

/// `1+2i`
pub(crate) fn complex_pair(pos: u32, text: &[u8]) -> Result<Number, String> {
    let split = (1..text.len())
        .rev()
        .find(|i| matches!(text[*i], b'+' | b'-') && !matches!(text[*i - 1], b'e' | b'E' | b'p' | b'P'))
        .unwrap_or(0);
    let (re, im) = (float(&text[..split]), float(&text[split..text.len() - 1]));
    let (Some(re), Some(im)) = (re, im) else {
        return Err("syntax error scanning complex number".into());
    };
    let mut n = Number { pos, text: Str::from(text), ..Number::default() };
    complex(&mut n, re, im);
    Ok(n)
}

fn complex(n: &mut Number, re: f64, im: f64) {
    n.complex = Some((re, im));
    if im == 0.0 {
        from_float(n, re);
    }
    n.ideal = ideal(n);
}

fn from_float(n: &mut Number, f: f64) {
    n.float = Some(f);
    if n.int.is_none() && (f as i64) as f64 == f && f.abs() < 9.3e18 {
        n.int = Some(f as i64);
    }
    if n.uint.is_none() && f >= 0.0 && (f as u64) as f64 == f && f < 1.85e19 {
        n.uint = Some(f as u64);
    }
}

fn ideal(n: &Number) -> Option<Value> {
    if let Some((re, im)) = n.complex {
        return Some(crate::opaque::complex(re, im));
    }
    let hex = matches!(n.text.get(..2), Some(b"0x" | b"0X")) && !n.text.iter().any(|b| b"pP".contains(b));
    if let Some(f) = n.float
        && !hex
        && n.text.iter().any(|b| b".eEpP".contains(b))
    {
        return Some(Value::Float(f));
    }
    n.int.map(Value::int)
}

/// Go's `strconv.ParseFloat(text, 64)`; out of range is an error there.
fn float(text: &[u8]) -> Option<f64> {
    strconv::parse_float(text, 64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed: what `printf "%T %v"` says of the literal.
    #[test]
    fn literals_take_the_type_of_go() {
        let cases: &[(&str, Result<&str, &str>)] = &[
            ("1", Ok("Int(1, Int)")),
            ("017", Ok("Int(15, Int)")),
            ("0b11", Ok("Int(3, Int)")),
            ("1_000", Ok("Int(1000, Int)")),
            ("0x1F", Ok("Int(31, Int)")),
            ("-0", Ok("Int(0, Int)")),
            ("1e3", Ok("Float(1000.0)")),
            ("1.0", Ok("Float(1.0)")),
            ("0x1p4", Ok("Float(16.0)")),
            ("99999999999999999999", Err("integer overflow: \"99999999999999999999\"")),
            ("1__0", Err("illegal number syntax: \"1__0\"")),
            ("089", Err("integer overflow: \"089\"")),
        ];
        for (text, want) in cases {
            let got = number(0, text.as_bytes()).map(|n| format!("{:?}", n.ideal.unwrap()));
            assert_eq!(got.as_deref().map_err(String::as_str), *want, "{text}");
        }
    }
}
