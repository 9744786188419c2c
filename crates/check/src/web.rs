//! Which web addresses the reference takes in `Chart.yaml`. Found by experiment with `helm lint` of Helm 4.3.1.

use rhumb_gostd::url::Url;

/// Bounds of an address's length: bytes at least, characters below.
const LEAST: usize = 4;
const BELOW: usize = 2083;

/// Schemes of addresses that are not taken for a user's name.
const SCHEMES: [&str; 8] = ["ftp", "tcp", "udp", "ws", "wss", "http", "https", ""];

/// An address for `icon` and `sources`: anything that can be asked for, with a scheme.
pub(crate) fn is_request(text: &str) -> bool {
    !text.is_empty() && Url::parse_request(text.as_bytes()).is_ok_and(|url| !url.scheme.is_empty())
}

/// An address for a maintainer's `url`, by a stricter rule.
pub(crate) fn is_address(text: &str) -> bool {
    if text.len() < LEAST || text.chars().count() >= BELOW || text.starts_with('.') {
        return false;
    }
    let full = if text.contains(':') && !text.contains("://") { format!("http://{text}") } else { text.to_owned() };
    let Ok(url) = Url::parse(full.as_bytes()) else { return false };
    if url.host.starts_with(b".") || (url.host.is_empty() && !url.path.is_empty() && !url.path.contains(&b'.')) {
        return false;
    }
    // What stands before an `@` may be anything without spaces; each `@` and each scheme is tried.
    let without_scheme = text.split_once("://").filter(|(scheme, _)| SCHEMES[..7].contains(scheme)).map(|(_, r)| r);
    let starts = text.match_indices('@').filter(|(at, _)| *at > 0).map(|(at, _)| at + 1);
    let behind_users = starts.filter(|at| !text[..*at].contains(is_space)).map(|at| &text[at..]);
    std::iter::once(text).chain(without_scheme).chain(behind_users).any(is_place)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

/// A host, with a port and a path where they are given.
fn is_place(text: &str) -> bool {
    let path = text.find(['/', '?', '#']);
    let (place, path) = text.split_at(path.unwrap_or(text.len()));
    if path.contains(is_space) {
        return false;
    }
    // A port has one to five digits.
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !place.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    };
    let good_port = port.is_none_or(|p| (1..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    good_port && is_host(host)
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return is_ip6(inner);
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    is_ip4(host) || is_name(host)
}

fn is_ip6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

fn is_ip4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

/// A last name, with letters behind a dot where it has an ending, and a front of ASCII names before it.
fn is_name(host: &str) -> bool {
    let bodies = [Some(host), host.rsplit_once('.').filter(|(_, end)| is_ending(end)).map(|(body, _)| body)];
    bodies.into_iter().flatten().any(|body| {
        let cuts = body.char_indices().map(|(at, _)| at);
        cuts.into_iter().any(|at| (at == 0 || is_front(&body[..at])) && is_last(&body[at..]))
    })
}

fn is_ending(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic() || is_high(c))
}

fn is_high(c: char) -> bool {
    ('\u{a1}'..='\u{ffff}').contains(&c)
}

/// Letters, digits and up to two dashes between them.
fn is_last(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || is_high(c);
    !text.is_empty()
        && text.starts_with(plain)
        && text.ends_with(plain)
        && text.chars().all(|c| plain(c) || c == '-')
        && !text.contains("---")
}

/// Names of ASCII letters and digits: the first of two or more characters, with dashes and low lines inside, the others behind
/// a dash or a dot; or names that any sign parts, with a dot before the last.
fn is_front(text: &str) -> bool {
    if !text.is_ascii() {
        return false;
    }
    let plain = |b: &u8| b.is_ascii_alphanumeric();
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|b| *b == b'.').unwrap_or(bytes.len());
    let head = &bytes[..first];
    let head_good = head.len() > 1
        && plain(&head[0])
        && plain(&head[head.len() - 1])
        && head.iter().all(|b| plain(b) || matches!(b, b'-' | b'_'));
    let tail = text[first..].split(['.', '-']).skip(1);
    let mut tail = tail.peekable();
    let chained = head_good && (tail.peek().is_none() || tail.all(|p| !p.is_empty() && p.bytes().all(|b| plain(&b))));
    chained || is_subdomain(text)
}

/// `www.`, or names parted by single signs, with two letters or digits side by side before the last dot.
fn is_subdomain(text: &str) -> bool {
    if text == "www." {
        return true;
    }
    let Some((front, last)) = text.rsplit_once('.') else { return false };
    let named = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let pair = front.len() > 1 && front.as_bytes()[front.len() - 2..].iter().all(u8::is_ascii_alphanumeric);
    pair && front.split(['-', '_', '.']).all(named) && named(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with `helm lint` of Helm 4.3.1: `sources`.
    #[test]
    fn requests() {
        let good = [
            "http://x",
            "HTTP://x",
            "ftp:x",
            "mailto:",
            "a:b",
            "c:\\x",
            "http://",
            "http:///x",
            "http://user:pw@x/?a=b#c",
            "http://x:99999",
            "http://[::1]/a",
            "data:,x",
            "x:80",
            "http://x/\u{e9}",
            "http://<x>",
            "http://x_y.z",
        ];
        let bad = [
            "",
            "x",
            "//x",
            "/x",
            "x.com/y",
            "http://a b",
            "http://x/%zz",
            "http://x#y",
            "http://x:y",
            ":b",
            "1a://c",
            "git@github.com:x/y.git",
            "http://%41",
            " https://x.y",
            "http://x/\u{1}",
        ];
        good.iter().for_each(|t| assert!(is_request(t), "{t}"));
        bad.iter().for_each(|t| assert!(!is_request(t), "{t}"));
    }

    // Observed with `helm lint` of Helm 4.3.1: a maintainer's `url`. Beside these, some 10,000 random ones were compared.
    #[test]
    fn addresses() {
        let good = [
            "http://x",
            "http://x.y.",
            "x.com/y",
            "x:80",
            "http://1.2.3.4",
            "http://[::1]/a",
            "mailto:x@y",
            "ssh://git@x/y",
            "http://@x",
            "http://\u{e9}.de",
            "http://foo_bar.com",
            "https://x:99999",
            "http://x#y",
            "http://xn--x.de",
            "http://x/\\",
        ];
        let bad = [
            "x",
            ".a.b",
            "HTTP://x",
            "ftp:x",
            "http://",
            "http://x_y.z",
            "http://x..y",
            "http://-x.com",
            "http://foo_",
            "http://a.b.c.d.e",
            "http://256.1.1.1",
            "http://1.2.3.4b",
            "git://x",
            "http://x,y",
            "http://x/ y",
            "/x/y.png",
            "http://x---y",
            "https://x:100000",
        ];
        good.iter().for_each(|t| assert!(is_address(t), "{t}"));
        bad.iter().for_each(|t| assert!(!is_address(t), "{t}"));
    }
}
