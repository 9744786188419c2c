//! Go's `net/url`: `Parse`, `String` and the parts that sprig's `urlParse` and `urlJoin` show.

use std::fmt;

use crate::escape::percent;
use crate::netip::parse_addr;
use crate::strconv::quote_string;

/// A parsed URL, `url.URL`. Path, fragment, host and user are unescaped and may be any bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Scheme in lower case.
    pub scheme: Vec<u8>,
    /// What follows `scheme:` when it is no path (`mailto:x`).
    pub opaque: Vec<u8>,
    /// User and password.
    pub user: Option<UserInfo>,
    /// Host, with the port.
    pub host: Vec<u8>,
    /// Path.
    pub path: Vec<u8>,
    /// The path as it was written, where its escapes are not the usual ones.
    pub raw_path: Vec<u8>,
    /// No `//` before an empty host.
    pub omit_host: bool,
    /// A `?` even without a query.
    pub force_query: bool,
    /// Query, not unescaped.
    pub raw_query: Vec<u8>,
    /// Fragment.
    pub fragment: Vec<u8>,
    /// The fragment as it was written, where its escapes are not the usual ones.
    pub raw_fragment: Vec<u8>,
}

/// User and password, unescaped (`*url.Userinfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// Name.
    pub name: Vec<u8>,
    /// Password, when there is a colon.
    pub password: Option<Vec<u8>>,
}

/// `Userinfo.String`.
impl fmt::Display for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.name, Part::User))?;
        match &self.password {
            Some(password) => write!(f, ":{}", escape(password, Part::User)),
            None => Ok(()),
        }
    }
}

/// `*url.Error` of Parse: `parse "x": reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlError {
    url: Vec<u8>,
    reason: String,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parse {}: {}", quote_string(&self.url), self.reason)
    }
}

impl std::error::Error for UrlError {}

/// The part a text stands in; each has its own characters that need no escape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    User,
    Host,
    Zone,
    Fragment,
}

fn stays(b: u8, part: Part) -> bool {
    if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
        return true;
    }
    match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"".contains(&b),
        Part::Path => b"$&+,/:;=@".contains(&b),
        Part::User => b"$&+,;=".contains(&b),
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&b),
    }
}

fn escape(s: &[u8], part: Part) -> String {
    percent(s, |b| stays(b, part), false)
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn unescape(s: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let host = matches!(part, Part::Host | Part::Zone);
    let bad = |s: &[u8]| format!("invalid URL escape {}", quote_string(&s[..s.len().min(3)]));
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while i < s.len() {
        let b = s[i];
        if b != b'%' {
            if host && b.is_ascii() && !stays(b, part) {
                return Err(format!("invalid character {} in host name", quote_string(&[b])));
            }
            out.push(b);
            i += 1;
            continue;
        }
        let digits = s.get(i + 1).copied().and_then(hex).zip(s.get(i + 2).copied().and_then(hex));
        let (high, low) = digits.ok_or_else(|| bad(&s[i..]))?;
        let value = high << 4 | low;
        let percent_sign = value == b'%';
        let refused = match part {
            Part::Host => high < 8 && !percent_sign,
            Part::Zone => !percent_sign && value != b' ' && !stays(value, Part::Host),
            _ => false,
        };
        if refused {
            return Err(bad(&s[i..]));
        }
        out.push(value);
        i += 3;
    }
    Ok(out)
}

/// Written text that may stand as it is, though [`escape`] would write it otherwise.
fn valid_encoded(s: &[u8], part: Part) -> bool {
    s.iter().all(|&b| b"!$&'()*+,;=:@[]%".contains(&b) || stays(b, part))
}

/// Value and raw form of a path or fragment.
fn decoded(s: &[u8], part: Part) -> Result<(Vec<u8>, Vec<u8>), String> {
    let value = unescape(s, part)?;
    let usual = escape(&value, part).as_bytes() == s;
    Ok((value, if usual { Vec::new() } else { s.to_vec() }))
}

fn encoded(value: &[u8], raw: &[u8], part: Part) -> Vec<u8> {
    let keeps = !raw.is_empty() && valid_encoded(raw, part) && unescape(raw, part).is_ok_and(|plain| plain == value);
    if keeps {
        return raw.to_vec();
    }
    if part == Part::Path && value == b"*" {
        return value.to_vec();
    }
    escape(value, part).into_bytes()
}

fn cut(s: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(at, s) {
        Some(i) => (&s[..i], Some(&s[i + 1..])),
        None => (s, None),
    }
}

impl Url {
    /// `url.Parse`.
    ///
    /// # Errors
    /// Go's text, `parse "x": ...`.
    pub fn parse(text: &[u8]) -> Result<Self, UrlError> {
        let fail = |reason: String| UrlError { url: text.to_vec(), reason };
        let (main, fragment) = cut(text, b'#');
        let mut url = parse_main(main).map_err(|reason| UrlError { url: main.to_vec(), reason })?;
        if let Some(fragment) = fragment {
            (url.fragment, url.raw_fragment) = decoded(fragment, Part::Fragment).map_err(fail)?;
        }
        Ok(url)
    }

    /// `url.ParseRequestURI` for addresses with a scheme: a `#` has no meaning of its own.
    ///
    /// # Errors
    /// Go's text, `parse "x": ...`.
    pub fn parse_request(text: &[u8]) -> Result<Self, UrlError> {
        parse_main(text).map_err(|reason| UrlError { url: text.to_vec(), reason })
    }

    /// `Hostname()`: the host without port and brackets.
    #[must_use]
    pub fn hostname(&self) -> &[u8] {
        if self.host.first() == Some(&b'[')
            && let Some(end) = memchr::memrchr(b']', &self.host)
        {
            return &self.host[1..end];
        }
        match memchr::memrchr(b':', &self.host) {
            Some(at) if valid_port(&self.host[at..]) => &self.host[..at],
            _ => &self.host,
        }
    }

    /// `String()`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.append_authority_and_path(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.raw_query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend_from_slice(&encoded(&self.fragment, &self.raw_fragment, Part::Fragment));
        }
        out
    }

    fn append_authority_and_path(&self, out: &mut Vec<u8>) {
        let bare = self.host.is_empty() && self.user.is_none();
        if !(bare && (self.scheme.is_empty() || self.omit_host)) {
            if !bare || !self.path.is_empty() {
                out.extend_from_slice(b"//");
            }
            if let Some(user) = &self.user {
                out.extend_from_slice(user.to_string().as_bytes());
                out.push(b'@');
            }
            out.extend_from_slice(escape(&self.host, Part::Host).as_bytes());
        }
        let path = encoded(&self.path, &self.raw_path, Part::Path);
        if path.first().is_some_and(|&b| b != b'/') && !self.host.is_empty() {
            out.push(b'/');
        }
        // a colon in the first segment would read as a scheme
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    }
}

fn parse_main(text: &[u8]) -> Result<Url, String> {
    if text.iter().any(|&b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let mut url = Url::default();
    if text == b"*" {
        url.path = text.to_vec();
        return Ok(url);
    }
    let (scheme, mut rest) = scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    if let Some(before) = rest.strip_suffix(b"?").filter(|before| !before.contains(&b'?')) {
        url.force_query = true;
        rest = before;
    } else {
        let (before, query) = cut(rest, b'?');
        url.raw_query = query.unwrap_or_default().to_vec();
        rest = before;
    }
    if !rest.starts_with(b"/") {
        if !scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let has_authority = rest.starts_with(b"//") && (!scheme.is_empty() || !rest.starts_with(b"///"));
    if has_authority {
        let after = &rest[2..];
        let end = memchr::memchr(b'/', after).unwrap_or(after.len());
        (url.user, url.host) = authority(&after[..end], matches!(url.scheme.as_slice(), b"http" | b"https"))?;
        rest = &after[end..];
    } else if !scheme.is_empty() && rest.starts_with(b"/") {
        url.omit_host = true;
    }
    (url.path, url.raw_path) = decoded(rest, Part::Path)?;
    Ok(url)
}

/// The scheme before the first colon, if it can be one, and the rest.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (i, &b) in text.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn authority(s: &[u8], strict: bool) -> Result<(Option<UserInfo>, Vec<u8>), String> {
    let Some(at) = memchr::memrchr(b'@', s) else {
        return Ok((None, host(s, strict)?));
    };
    let host = host(&s[at + 1..], strict)?;
    let info = &s[..at];
    let allowed = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
    if !info.iter().all(allowed) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(info, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(UserInfo { name, password }), host))
}

/// A host with its port; `strict` (http, https) lets no colon stand but that of the port.
fn host(s: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    if s.iter().skip(1).any(|&b| b == b'[') && s[0] != b'[' {
        return Err("invalid IP-literal".to_owned());
    }
    let invalid_port = |port: &[u8]| format!("invalid port {} after host", quote_string(port));
    let mut zone = None;
    if s.first() == Some(&b'[') {
        let end = memchr::memrchr(b']', s).ok_or("missing ']' in host")?;
        if !valid_port(&s[end + 1..]) {
            return Err(invalid_port(&s[end + 1..]));
        }
        zone = memchr::memmem::find(&s[..end], b"%25").map(|at| (at, end));
    } else if let Some(at) = if strict { memchr::memchr(b':', s) } else { memchr::memrchr(b':', s) }
        && !valid_port(&s[at..])
    {
        return Err(invalid_port(&s[at..]));
    }
    let whole = match zone {
        Some((at, end)) => {
            let parts = [(&s[..at], Part::Host), (&s[at..end], Part::Zone), (&s[end..], Part::Host)];
            let parts: Result<Vec<_>, String> = parts.into_iter().map(|(s, part)| unescape(s, part)).collect();
            parts?.concat()
        }
        None => unescape(s, Part::Host)?,
    };
    if whole.first() == Some(&b'[')
        && let Some(end) = memchr::memrchr(b']', &whole)
    {
        check_address(&whole[1..end])?;
    }
    Ok(whole)
}

/// What stands in brackets has to be an IPv6 address.
fn check_address(s: &[u8]) -> Result<(), String> {
    match parse_addr(s) {
        Ok(address) if address.is_v6 => Ok(()),
        Ok(_) => Err("invalid IP-literal".to_owned()),
        Err(e) => Err(format!("invalid host: {e}")),
    }
}

/// Nothing, or a colon and digits.
fn valid_port(s: &[u8]) -> bool {
    match s.split_first() {
        None => true,
        Some((&b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
