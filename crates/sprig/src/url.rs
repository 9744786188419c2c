//! URLs taken apart and put together, by the rules of Go's `net/url`.

use rhumb_gostd::strconv::quote_string;
use rhumb_template::{Call, Func};
use rhumb_value::{Map, Type, Value};

use crate::args::{Answer, NIL_POINTER, fail, func, map, text};

pub(crate) static FUNCS: &[Func] =
    &[func("urlParse", &[Type::String], Type::Map, url_parse), func("urlJoin", &[Type::Map], Type::String, url_join)];

/// A URL in its parts, path and fragment unescaped.
#[derive(Debug, Default)]
struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    /// User name and, where there is one, password.
    user: Option<(Vec<u8>, Option<Vec<u8>>)>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Vec<u8>,
    fragment: Vec<u8>,
}

/// Which part of a URL a text stands in; each part lets other signs pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    User,
    Host,
    Fragment,
}

fn url_parse(c: &mut Call<'_>) -> Answer {
    let whole = text(c, 0);
    let url = match parse(whole) {
        Ok(url) => url,
        Err(e) => return fail(format!("unable to parse url: parse {}: {e}", quote_string(whole))),
    };
    let made = Map::new();
    made.insert("hostname", hostname(&url.host).to_vec());
    made.insert("userinfo", url.user.as_ref().map(user_text).unwrap_or_default());
    made.insert("scheme", url.scheme);
    made.insert("host", url.host);
    made.insert("path", url.path);
    made.insert("query", url.query);
    made.insert("opaque", url.opaque);
    made.insert("fragment", url.fragment);
    Ok(made.into())
}

fn url_join(c: &mut Call<'_>) -> Answer {
    let parts = map(c, 0);
    let part = |key: &str| match parts.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Str(s)) => Ok(s.to_vec()),
        Some(Value::Nil) => fail(NIL_POINTER),
        Some(other) => {
            fail(format!("unable to parse {key} key, must be of type string, but {} found", other.kind().name()))
        }
    };
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let whole = [b"proto://", &userinfo[..], b"@host"].concat();
        match parse(&whole) {
            Ok(read) => url.user = read.user,
            Err(e) => {
                return fail(format!("unable to parse userinfo in dict: parse {}: {e}", quote_string(&whole)));
            }
        }
    }
    Ok(joined(&url).into())
}

fn hostname(host: &[u8]) -> &[u8] {
    if let Some(end) = host.iter().position(|c| *c == b']').filter(|_| host.starts_with(b"[")) {
        return &host[1..end];
    }
    &host[..host.iter().rposition(|c| *c == b':').unwrap_or(host.len())]
}

fn user_text((name, password): &(Vec<u8>, Option<Vec<u8>>)) -> Vec<u8> {
    let mut out = escaped(name, Part::User);
    if let Some(password) = password {
        out.push(b':');
        out.extend(escaped(password, Part::User));
    }
    out
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(at, text) {
        Some(i) => (&text[..i], Some(&text[i + 1..])),
        None => (text, None),
    }
}

fn parse(whole: &[u8]) -> Result<Url, String> {
    let (rest, fragment) = cut(whole, b'#');
    if whole.iter().any(|c| *c < 0x20 || *c == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    let mut url = Url { fragment: unescaped(fragment.unwrap_or_default(), Part::Fragment)?, ..Url::default() };
    if rest == b"*" {
        url.path = b"*".to_vec();
        return Ok(url);
    }
    let (scheme, rest) = scheme(rest)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?');
    url.query = query.unwrap_or_default().to_vec();
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
        let end = memchr::memchr(b'/', &rest[2..]).map_or(rest.len(), |i| i + 2);
        (url.user, url.host) = authority(&rest[2..end])?;
        rest = &rest[end..];
    }
    url.path = unescaped(rest, Part::Path)?;
    Ok(url)
}

/// The scheme, where there is one, and what follows its colon.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (i, c) in text.iter().enumerate() {
        match c {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

type Authority = (Option<(Vec<u8>, Option<Vec<u8>>)>, Vec<u8>);

fn authority(text: &[u8]) -> Result<Authority, String> {
    let Some(at) = memchr::memrchr(b'@', text) else { return Ok((None, host(text)?)) };
    let host = host(&text[at + 1..])?;
    let user = &text[..at];
    if !user.iter().all(|c| c.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(c)) {
        return Err("net/url: invalid userinfo".into());
    }
    let (name, password) = cut(user, b':');
    let password = password.map(|p| unescaped(p, Part::User)).transpose()?;
    Ok((Some((unescaped(name, Part::User)?, password)), host))
}

fn host(text: &[u8]) -> Result<Vec<u8>, String> {
    let port = if text.starts_with(b"[") {
        match memchr::memrchr(b']', text) {
            Some(end) => &text[end + 1..],
            None => return Err("missing ']' in host".into()),
        }
    } else {
        memchr::memrchr(b':', text).map_or(&b""[..], |i| &text[i..])
    };
    let fits = port.is_empty() || port[0] == b':' && port[1..].iter().all(u8::is_ascii_digit);
    if !fits {
        return Err(format!("invalid port {} after host", quote_string(port)));
    }
    unescaped(text, Part::Host)
}

fn unescaped(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&c, tail)) = rest.split_first() {
        if c != b'%' {
            if part == Part::Host && c < 0x80 && must_escape(c, part) {
                return Err(format!("invalid character {} in host name", quote_string(&[c])));
            }
            out.push(c);
            rest = tail;
            continue;
        }
        let byte = tail.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        let hex = tail.get(..2).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit));
        let bad = || Err(format!("invalid URL escape {}", quote_string(&rest[..rest.len().min(3)])));
        match byte.filter(|_| hex) {
            // A host may only escape what is not ASCII.
            Some(byte) if part != Part::Host || byte >= 0x80 || &rest[..3] == b"%25" => out.push(byte),
            _ => return bad(),
        }
        rest = &rest[3..];
    }
    Ok(out)
}

fn must_escape(c: u8, part: Part) -> bool {
    if c.is_ascii_alphanumeric() || b"-_.~".contains(&c) {
        return false;
    }
    let passes: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::User => b"$&+,;=",
        Part::Host => b"!$&'()*+,;=:[]<>\"",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !passes.contains(&c)
}

fn escaped(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &c in text {
        if must_escape(c, part) {
            out.extend_from_slice(format!("%{c:02X}").as_bytes());
        } else {
            out.push(c);
        }
    }
    out
}

fn joined(url: &Url) -> Vec<u8> {
    let mut out = Vec::new();
    if !url.scheme.is_empty() {
        out.extend_from_slice(&url.scheme);
        out.push(b':');
    }
    if url.opaque.is_empty() {
        let has_authority = !url.host.is_empty() || url.user.is_some();
        if has_authority || !url.scheme.is_empty() && !url.path.is_empty() {
            out.extend_from_slice(b"//");
            if let Some(user) = &url.user {
                out.extend(user_text(user));
                out.push(b'@');
            }
            out.extend(escaped(&url.host, Part::Host));
        }
        let path = if url.path == b"*" { b"*".to_vec() } else { escaped(&url.path, Part::Path) };
        if !path.is_empty() && path[0] != b'/' && !url.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    } else {
        out.extend_from_slice(&url.opaque);
    }
    if !url.query.is_empty() {
        out.push(b'?');
        out.extend_from_slice(&url.query);
    }
    if !url.fragment.is_empty() {
        out.push(b'#');
        out.extend(escaped(&url.fragment, Part::Fragment));
    }
    out
}
