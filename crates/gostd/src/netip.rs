//! Go's `net/netip`: whether a text is an address, and what `ParseAddr` says where it is none.

use std::fmt;

use crate::strconv::quote_string;

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addr {
    /// Whether it is of version 6.
    pub is_v6: bool,
    /// Whether it names a zone.
    pub has_zone: bool,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddrError {
    text: String,
    reason: &'static str,
    at: String,
}

impl fmt::Display for AddrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParseAddr({}): {}", self.text, self.reason)?;
        if self.at.is_empty() { Ok(()) } else { write!(f, " (at {})", self.at) }
    }
}

impl std::error::Error for AddrError {}

/// A reason, and what is left of the text where it was found, if that is told.
type Fault<'t> = (&'static str, &'t [u8]);

/// `netip.ParseAddr`.
///
/// # Errors
/// Go's text, `ParseAddr("x"): ...`.
pub fn parse_addr(text: &[u8]) -> Result<Addr, AddrError> {
    let parsed = match text.iter().find(|c| b".:%".contains(c)) {
        Some(b'.') => v4(text).map(|()| Addr { is_v6: false, has_zone: false }),
        Some(b':') => v6(text),
        Some(_) => Err(("missing IPv6 address", &[][..])),
        None => Err(("unable to parse IP", &[][..])),
    };
    parsed.map_err(|(reason, at)| AddrError {
        text: quote_string(text),
        reason,
        at: if at.is_empty() { String::new() } else { quote_string(at) },
    })
}

/// Four numbers with dots between them.
fn v4(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut dots, mut digits, mut number) = (0, 0, 0u32);
    for (i, &c) in text.iter().enumerate() {
        match c {
            b'0'..=b'9' => {
                if digits == 1 && number == 0 {
                    return Err(("IPv4 field has octet with leading zero", b""));
                }
                number = number * 10 + u32::from(c - b'0');
                digits += 1;
                if number > 255 {
                    return Err(("IPv4 field has value >255", b""));
                }
            }
            b'.' if digits == 0 || i == text.len() - 1 => {
                return Err(("IPv4 field must have at least one digit", &text[i..]));
            }
            b'.' if dots == 3 => return Err(("IPv4 address too long", b"")),
            b'.' => (dots, digits, number) = (dots + 1, 0, 0),
            _ => return Err(("unexpected character", &text[i..])),
        }
    }
    if dots < 3 { Err(("IPv4 address too short", b"")) } else { Ok(()) }
}

/// Groups of hexadecimal digits with colons between them; two colons stand for groups of zeros, and the last two groups
/// may be written as an address of version 4.
fn v6(text: &[u8]) -> Result<Addr, Fault<'_>> {
    let cut = memchr::memchr(b'%', text);
    let mut rest = &text[..cut.unwrap_or(text.len())];
    if cut.is_some_and(|at| at + 1 == text.len()) {
        return Err(("zone must be a non-empty string", b""));
    }
    let (mut groups, mut has_gap) = (0, false);
    if let Some(more) = rest.strip_prefix(b"::") {
        (rest, has_gap) = (more, true);
    }
    while groups < 8 && !(rest.is_empty() && has_gap) {
        let digits = rest.iter().take_while(|c| c.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(("each group must have 4 or less digits", rest));
        }
        if digits == 0 {
            return Err(("each colon-separated field must have at least one digit", rest));
        }
        if rest.get(digits) == Some(&b'.') {
            if !has_gap && groups != 6 {
                return Err(("embedded IPv4 address must replace the final 2 fields of the address", rest));
            }
            if groups > 6 {
                return Err(("too many hex fields to fit an embedded IPv4 at the end of the address", rest));
            }
            v4(rest)?;
            (groups, rest) = (groups + 2, b"");
            break;
        }
        groups += 1;
        match &rest[digits..] {
            [] => {
                rest = b"";
                break;
            }
            [b':'] => return Err(("colon must be followed by more characters", b":")),
            [b':', b':', more @ ..] => {
                if has_gap {
                    return Err(("multiple :: in address", &rest[digits + 1..]));
                }
                (rest, has_gap) = (more, true);
                if rest.is_empty() {
                    break;
                }
            }
            [b':', more @ ..] => rest = more,
            other => return Err(("unexpected character, want colon", other)),
        }
    }
    match (rest.is_empty(), groups < 8, has_gap) {
        (false, ..) => Err(("trailing garbage after address", rest)),
        (_, true, false) => Err(("address string too short", b"")),
        (_, false, true) => Err(("the :: must expand to at least one field of zeros", b"")),
        _ => Ok(Addr { is_v6: true, has_zone: cut.is_some() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Helm 4.3.1 printed for values of the format `ipv6`, and for hosts of the format `uri`.
    #[test]
    fn faults_in_the_words_of_the_reference() {
        let cases = [
            ("1:2:3:4:5:6:7", "address string too short"),
            ("12345::", "each group must have 4 or less digits (at \"12345::\")"),
            ("::00001", "each group must have 4 or less digits (at \"00001\")"),
            ("1::2::3", "multiple :: in address (at \":3\")"),
            ("::1::", "multiple :: in address (at \":\")"),
            ("[::1]", "each colon-separated field must have at least one digit (at \"[::1]\")"),
            ("::é", "each colon-separated field must have at least one digit (at \"é\")"),
            (":", "each colon-separated field must have at least one digit (at \":\")"),
            (":::", "each colon-separated field must have at least one digit (at \":\")"),
            ("1:::2", "each colon-separated field must have at least one digit (at \":2\")"),
            ("::1/64", "unexpected character, want colon (at \"/64\")"),
            ("::1\u{1}", "unexpected character, want colon (at \"\\x01\")"),
            ("1:2:3:4:5:6:7:8:9", "trailing garbage after address (at \"9\")"),
            ("1:2:3:4:5:6:7:8:", "colon must be followed by more characters (at \":\")"),
            ("::1:", "colon must be followed by more characters (at \":\")"),
            ("1:2:3:4:5:6:7:8::", "the :: must expand to at least one field of zeros"),
            ("1:2:3:4:5:6:7::8", "the :: must expand to at least one field of zeros"),
            ("::1:2:3:4:5:6:7:8", "the :: must expand to at least one field of zeros"),
            ("::%", "zone must be a non-empty string"),
            ("%e:1", "missing IPv6 address"),
            ("", "unable to parse IP"),
            ("x", "unable to parse IP"),
            ("::1.2.3", "IPv4 address too short"),
            ("::1.2.3.4.5", "IPv4 address too long"),
            ("::1.2.3.256", "IPv4 field has value >255"),
            ("::01.2.3.4", "IPv4 field has octet with leading zero"),
            ("::1..2.3", "IPv4 field must have at least one digit (at \".2.3\")"),
            ("::1.2.3.", "IPv4 field must have at least one digit (at \".\")"),
            (".:", "IPv4 field must have at least one digit (at \".:\")"),
            ("::1.2.3.a", "unexpected character (at \"a\")"),
            ("1.2.3.4::1", "unexpected character (at \"::1\")"),
            ("a.b:c", "unexpected character (at \"a.b:c\")"),
            (
                "1:2:3:4:5:1.2.3.4",
                "embedded IPv4 address must replace the final 2 fields of the address (at \"1.2.3.4\")",
            ),
        ];
        for (text, reason) in cases {
            let want = format!("ParseAddr({}): {reason}", quote_string(text.as_bytes()));
            assert_eq!(parse_addr(text.as_bytes()).map_err(|e| e.to_string()), Err(want));
        }
    }

    #[test]
    fn addresses() {
        let v6 = |has_zone| Ok(Addr { is_v6: true, has_zone });
        for text in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
        ] {
            assert_eq!(parse_addr(text.as_bytes()), v6(false), "{text}");
        }
        for text in ["::1%eth0", "::1%%", "fe80::1%a%b"] {
            assert_eq!(parse_addr(text.as_bytes()), v6(true), "{text}");
        }
        assert_eq!(parse_addr(b"1.2.3.4"), Ok(Addr { is_v6: false, has_zone: false }));
    }
}
