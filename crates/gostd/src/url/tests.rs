//! Tables sampled from a run of Go's own net/url over random input.

use super::*;

fn shown(input: &[u8]) -> Vec<u8> {
    match Url::parse(input) {
        Ok(u) => [
            &u.scheme[..],
            &u.host,
            u.hostname(),
            &u.path,
            &u.raw_query,
            &u.opaque,
            &u.fragment,
            u.user.as_ref().map(ToString::to_string).unwrap_or_default().as_bytes(),
            &u.to_bytes(),
        ]
        .join(&b'|'),
        Err(e) => format!("E{e}").into_bytes(),
    }
}

/// Scheme, host, host name, path, query, opaque, fragment, user and the whole; or E and the error.
#[test]
fn parse_and_print_table() {
    for (input, want) in [
        (&b"HTTPS::p@::1:80/a!'()?#f"[..], &b"https|||||:p@::1:80/a!'()|f||https::p@::1:80/a!'()?#f"[..]),
        (&b"/a b@[x]/\xc3\xa9?a=b?#!(x)"[..], &b"|||/a b@[x]/\xc3\xa9|a=b?||!(x)||/a%20b@%5Bx%5D/%C3%A9?a=b?#!(x)"[..]),
        (&b"/a b@h%20??#a%20b"[..], &b"|||/a b@h |?||a b||/a%20b@h%20??#a%20b"[..]),
        (&b"//user@:/a%2Fb#"[..], &b"|:||/a/b||||user|//user@:/a%2Fb"[..]),
        (&b"HTTPS://h<>//x?a=b"[..], &b"https|h<>|h<>|//x|a=b||||https://h<>//x?a=b"[..]),
        (
            &b"HTTPS://user@h/a!'()?\xc3\xa9#a#b"[..],
            &b"https|h|h|/a!'()|\xc3\xa9||a#b|user|https://user@h/a!'()?\xc3\xa9#a%23b"[..],
        ),
        (
            &b"///[fe80::1%25en0]:x?a=b#a%20b"[..],
            &b"|||///[fe80::1%en0]:x|a=b||a b||///[fe80::1%25en0]:x?a=b#a%20b"[..],
        ),
        (&b"u:p@a_b:x/a/b?"[..], &b"u|||||p@a_b:x/a/b|||u:p@a_b:x/a/b?"[..]),
        (
            &b"http:///a b@a b:x/a!'()?a=b#\xc3\xa9"[..],
            &b"http|||/a b@a b:x/a!'()|a=b||\xc3\xa9||http:///a%20b@a%20b:x/a%21%27%28%29?a=b#%C3%A9"[..],
        ),
        (&b"HTTPS:/a b:80/[x]?#!(x)"[..], &b"https|||/a b:80/[x]|||!(x)||https:/a%20b:80/%5Bx%5D?#!(x)"[..]),
        (&b"oci:///:p@a:b:c:?a=b#\xc3\xa9"[..], &b"oci|||/:p@a:b:c:|a=b||\xc3\xa9||oci:///:p@a:b:c:?a=b#%C3%A9"[..]),
        (&b"mailto:/1.2.3.4:x*?"[..], &b"mailto|||/1.2.3.4:x*|||||mailto:/1.2.3.4:x*?"[..]),
        (&b"mailto:a:b:c/a%20b?#a%20b"[..], &b"mailto|||||a:b:c/a%20b|a b||mailto:a:b:c/a%20b?#a%20b"[..]),
        (&b"http:///u:@%C3%A9:/[x]?#"[..], &b"http|||/u:@\xc3\xa9:/[x]|||||http:///u:@%C3%A9:/[x]?"[..]),
        (&b"http:a_b//x"[..], &b"http|||||a_b//x|||http:a_b//x"[..]),
        (&b"HTTPS:/user@[x]/a/b??"[..], &b"https|||/user@[x]/a/b|?||||https:/user@[x]/a/b??"[..]),
        (&b"a b@\xc3\xa9/a%20b?a b&c=%zz#"[..], &b"|||a b@\xc3\xa9/a b|a b&c=%zz||||a%20b@%C3%A9/a%20b?a b&c=%zz"[..]),
        (
            &b"HTTPS://:p@example.com:80/a b#\xc3\xa9"[..],
            &b"https|example.com:80|example.com|/a b|||\xc3\xa9|:p|https://:p@example.com:80/a%20b#%C3%A9"[..],
        ),
        (
            &b"oci:%41:%zz@example.com:x?a=b?#!(x)"[..],
            &b"oci||||a=b?|%41:%zz@example.com:x|!(x)||oci:%41:%zz@example.com:x?a=b?#!(x)"[..],
        ),
        (&b"a+b://user@/a%20b?a=b"[..], &b"a+b|||/a b|a=b|||user|a+b://user@/a%20b?a=b"[..]),
        (
            &b"oci:/a b@%41:x/\xc3\xa9?a b&c=%zz"[..],
            &b"oci|||/a b@A:x/\xc3\xa9|a b&c=%zz||||oci:/a%20b@A:x/%C3%A9?a b&c=%zz"[..],
        ),
        (
            &b"mailto://:p@/a:b?\xc3\xa9#!(x)"[..],
            &b"mailto|||/a:b|\xc3\xa9||!(x)|:p|mailto://:p@/a:b?\xc3\xa9#!(x)"[..],
        ),
        (&b"/\xc3\xa9/\xc3\xa9??"[..], &b"|||/\xc3\xa9/\xc3\xa9|?||||/%C3%A9/%C3%A9??"[..]),
        (&b"mailto:::1:80/[x]#a%20b"[..], &b"mailto|||||::1:80/[x]|a b||mailto:::1:80/[x]#a%20b"[..]),
        (&b"//x%40y:z;,=@a_b:/a;b=c?a=b"[..], &b"|a_b:|a_b|/a;b=c|a=b|||x%40y:z;,=|//x%40y:z;,=@a_b:/a;b=c?a=b"[..]),
        (&b"HTTPS:a b@h<>a:b?a=b"[..], &b"https||||a=b|a b@h<>a:b|||https:a b@h<>a:b?a=b"[..]),
        (
            &b"oci:user@[::1:/a;b=c?a=b?#a#b"[..],
            &b"oci||||a=b?|user@[::1:/a;b=c|a#b||oci:user@[::1:/a;b=c?a=b?#a%23b"[..],
        ),
        (
            &b"///user@h<>:80/a!'()?a b&c=%zz#a%20b"[..],
            &b"|||///user@h<>:80/a!'()|a b&c=%zz||a b||///user@h%3C%3E:80/a%21%27%28%29?a b&c=%zz#a%20b"[..],
        ),
        (
            &b"HTTPS:///:p@:x/a%2Fb?\xc3\xa9#a%20b"[..],
            &b"https|||/:p@:x/a/b|\xc3\xa9||a b||https:///:p@:x/a%2Fb?\xc3\xa9#a%20b"[..],
        ),
        (
            &b"HTTPS:x%40y:z;,=@%C3%A9:80/a%20b?a=b#a%20b"[..],
            &b"https||||a=b|x%40y:z;,=@%C3%A9:80/a%20b|a b||https:x%40y:z;,=@%C3%A9:80/a%20b?a=b#a%20b"[..],
        ),
        (
            &b"http:x%40y:z;,=@a:b:c/[x]?\xc3\xa9#a%20b"[..],
            &b"http||||\xc3\xa9|x%40y:z;,=@a:b:c/[x]|a b||http:x%40y:z;,=@a:b:c/[x]?\xc3\xa9#a%20b"[..],
        ),
        (&b"http:/user@a:b:c*?a=b?#!(x)"[..], &b"http|||/user@a:b:c*|a=b?||!(x)||http:/user@a:b:c*?a=b?#!(x)"[..]),
        (
            &b"mailto:/user@\xc3\xa9:80/a%20b?#a%20b"[..],
            &b"mailto|||/user@\xc3\xa9:80/a b|||a b||mailto:/user@%C3%A9:80/a%20b?#a%20b"[..],
        ),
        (
            &b"mailto://:p@%C3%A9*?\xc3\xa9#\xc3\xa9"[..],
            &b"mailto|\xc3\xa9*|\xc3\xa9*||\xc3\xa9||\xc3\xa9|:p|mailto://:p@%C3%A9*?\xc3\xa9#%C3%A9"[..],
        ),
        (
            &b"///u:@[fe80::1%25en0]/a%20b?\xc3\xa9#a%20b"[..],
            &b"|||///u:@[fe80::1%en0]/a b|\xc3\xa9||a b||///u:@[fe80::1%25en0]/a%20b?\xc3\xa9#a%20b"[..],
        ),
        (
            &b"mailto:///u:@::1:80/*?a=b?#\xc3\xa9"[..],
            &b"mailto|||/u:@::1:80/*|a=b?||\xc3\xa9||mailto:///u:@::1:80/*?a=b?#%C3%A9"[..],
        ),
        (&b"http:/[1:2]:a:b?#a#b"[..], &b"http|||/[1:2]:a:b|||a#b||http:/[1:2]:a:b?#a%23b"[..]),
        (&b"http:/[1:2]/*?a=b#!(x)"[..], &b"http|||/[1:2]/*|a=b||!(x)||http:/[1:2]/*?a=b#!(x)"[..]),
        (
            &b"http://u:p@[::1]/a b?\xc3\xa9#a b"[..],
            &b"http|[::1]|::1|/a b|\xc3\xa9||a b|u:p|http://u:p@[::1]/a%20b?\xc3\xa9#a%20b"[..],
        ),
        (
            &b"HTTPS:/u:@[::1//x?a b&c=%zz#a#b"[..],
            &b"https|||/u:@[::1//x|a b&c=%zz||a#b||https:/u:@[::1//x?a b&c=%zz#a%23b"[..],
        ),
        (
            &b"http:/u:p@::1:x/a%2Fb?a b&c=%zz#f"[..],
            &b"http|||/u:p@::1:x/a/b|a b&c=%zz||f||http:/u:p@::1:x/a%2Fb?a b&c=%zz#f"[..],
        ),
        (
            &b"oci:///:p@example.com:x/\xc3\xa9?\xc3\xa9#f"[..],
            &b"oci|||/:p@example.com:x/\xc3\xa9|\xc3\xa9||f||oci:///:p@example.com:x/%C3%A9?\xc3\xa9#f"[..],
        ),
        (&b"mailto:///u:@a b:a:b??#"[..], &b"mailto|||/u:@a b:a:b|?||||mailto:///u:@a%20b:a:b??"[..]),
        (&b"oci:u:@a_b/[x]?a=b?#"[..], &b"oci||||a=b?|u:@a_b/[x]|||oci:u:@a_b/[x]?a=b?"[..]),
        (
            &b"HTTPS://user@\xc3\xa9:80/a;b=c?a=b?#"[..],
            &b"https|\xc3\xa9:80|\xc3\xa9|/a;b=c|a=b?|||user|https://user@%C3%A9:80/a;b=c?a=b?"[..],
        ),
        (&b"a+b://user@::1/a/b??#"[..], &b"a+b|::1|:|/a/b|?|||user|a+b://user@::1/a/b??"[..]),
        (&b"///:p@1.2.3.4:/a:b"[..], &b"|||///:p@1.2.3.4:/a:b|||||///:p@1.2.3.4:/a:b"[..]),
        (&b"oci:\xc3\xa9x/a b??#a b"[..], &b"oci||||?|\xc3\xa9x/a b|a b||oci:\xc3\xa9x/a b??#a%20b"[..]),
        (
            &b"a+b:/user@example.com:80?\xc3\xa9#"[..],
            &b"a+b|||/user@example.com:80|\xc3\xa9||||a+b:/user@example.com:80?\xc3\xa9"[..],
        ),
        (&b"a+b:////a%20b?a=b?#!(x)"[..], &b"a+b|||//a b|a=b?||!(x)||a+b:////a%20b?a=b?#!(x)"[..]),
        (
            &b"HTTPS://a b@\xc3\xa9/%zz?a b&c=%zz#a%20b"[..],
            &b"Eparse \"HTTPS://a b@\xc3\xa9/%zz?a b&c=%zz\": net/url: invalid userinfo"[..],
        ),
        (
            &b"1a:/user@\xc3\xa9:80/a/b?a=b?#a#b"[..],
            &b"Eparse \"1a:/user@\xc3\xa9:80/a/b?a=b?\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"HTTPS:/%41:%zz@a bP\xc3\xa9?#\xc3\xa9"[..],
            &b"Eparse \"HTTPS:/%41:%zz@a bP\xc3\xa9?\": invalid URL escape \"%zz\""[..],
        ),
        (
            &b"1a:///:p@a:b:c/a:b?"[..],
            &b"Eparse \"1a:///:p@a:b:c/a:b?\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"%41:%zz@a b/a%2Fb#\xc3\xa9"[..],
            &b"Eparse \"%41:%zz@a b/a%2Fb\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"mailto:/u:@[1:2]/a!'()??#%zz"[..],
            &b"Eparse \"mailto:/u:@[1:2]/a!'()??#%zz\": invalid URL escape \"%zz\""[..],
        ),
        (
            &b"1a:///[x]:/a;b=c?a b&c=%zz#\xc3\xa9"[..],
            &b"Eparse \"1a:///[x]:/a;b=c?a b&c=%zz\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"mailto://user@%41:x//x?#a%\xa70b"[..],
            &b"Eparse \"mailto://user@%41:x//x?\": invalid port \":x\" after host"[..],
        ),
        (&b"//:p@[::1]x:x/[x]?#a%20b"[..], &b"Eparse \"//:p@[::1]x:x/[x]?\": invalid port \"x:x\" after host"[..]),
        (
            &b":/x%40y:z;,=@%C3%A9//x?a \x19&c=%zz"[..],
            &b"Eparse \":/x%40y:z;,=@%C3%A9//x?a \\x19&c=%zz\": net/url: invalid control character in URL"[..],
        ),
        (
            &b"oci:///%41:%zz@:/a/b?a=b?#a%20b"[..],
            &b"Eparse \"oci:///%41:%zz@:/a/b?a=b?\": invalid URL escape \"%zz\""[..],
        ),
        (
            &b"HTTPS://u:p@\xc3\xa9a:b??"[..],
            &b"Eparse \"HTTPS://u:p@\xc3\xa9a:b??\": invalid port \":b\" after host"[..],
        ),
        (
            &b"1a://u:@a_b/a b?a=b#a#b"[..],
            &b"Eparse \"1a://u:@a_b/a b?a=b\": first path segment in URL cannot contain colon"[..],
        ),
        (&b"//u:@a_b:x/"[..], &b"Eparse \"//u:@a_b:x/\": invalid port \":x\" after host"[..]),
        (&b"://[::1]/a b#"[..], &b"Eparse \"://[::1]/a b\": missing protocol scheme"[..]),
        (&b"://u:@[1:2]:80/*?a=b?"[..], &b"Eparse \"://u:@[1:2]:80/*?a=b?\": missing protocol scheme"[..]),
        (&b"HTTPS://a b@h<>:80//x??#%zz"[..], &b"Eparse \"HTTPS://a b@h<>:80//x??\": net/url: invalid userinfo"[..]),
        (&b"//user@::1:xa:b?#a#b"[..], &b"Eparse \"//user@::1:xa:b?\": invalid port \":b\" after host"[..]),
        (
            &b"a+b://x%40y:z;,=@h%20:x/?\xc3\xa9#\xc3\xa9"[..],
            &b"Eparse \"a+b://x%40y:z;,=@h%20:x/?\xc3\xa9\": invalid port \":x\" after host"[..],
        ),
        (&b"://u:p@a b*?a=b#"[..], &b"Eparse \"://u:p@a b*?a=b\": missing protocol scheme"[..]),
        (
            &b"1a://:p@%C3%A9:/\xc3\xa9?a=b#%zz"[..],
            &b"Eparse \"1a://:p@%C3%A9:/\xc3\xa9?a=b\": first path segment in URL cannot contain colon"[..],
        ),
        (&b"oci://:p@a b/*#f"[..], &b"Eparse \"oci://:p@a b/*\": invalid character \" \" in host name"[..]),
        (
            &b"mailto:/x%40y:z;,=@[x]:80/%zz??"[..],
            &b"Eparse \"mailto:/x%40y:z;,=@[x]:80/%zz??\": invalid URL escape \"%zz\""[..],
        ),
        (&b":/:p@[::1]:80/\xc3\xa9#!(x)"[..], &b"Eparse \":/:p@[::1]:80/\xc3\xa9\": missing protocol scheme"[..]),
        (
            &b"x%40y:z;,=@[fe80::1%25en0]:*?\xc3\xa9#f"[..],
            &b"Eparse \"x%40y:z;,=@[fe80::1%25en0]:*?\xc3\xa9\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"1a:///x%40y:z;,=@::1:/a;b=c?\xc3\xa9#a#b"[..],
            &b"Eparse \"1a:///x%40y:z;,=@::1:/a;b=c?\xc3\xa9\": first path segment in URL cannot contain colon"[..],
        ),
        (
            &b"HTTPS:/%41:%zz@[1:2]/a/b?a=b?"[..],
            &b"Eparse \"HTTPS:/%41:%zz@[1:2]/a/b?a=b?\": invalid URL escape \"%zz\""[..],
        ),
        (&b":///1.2.3.4:x/a:b"[..], &b"Eparse \":///1.2.3.4:x/a:b\": missing protocol scheme"[..]),
        (&b"::p@%C3%A9://x?a b&c=%zz#!(x)"[..], &b"Eparse \"::p@%C3%A9://x?a b&c=%zz\": missing protocol scheme"[..]),
        (&b":///a b@h%}0:/a/b??#%zz"[..], &b"Eparse \":///a b@h%}0:/a/b??\": missing protocol scheme"[..]),
        (
            &b"a+b://x%40y:z;,=@[x]:80/a:b?a=b?#\xc3\xa9"[..],
            &b"Eparse \"a+b://x%40y:z;,=@[x]:80/a:b?a=b?\": invalid host: ParseAddr(\"x\"): unable to parse IP"[..],
        ),
        (
            &b"HTTPS://%41:%zz@[::1]x/\xc3\xa9"[..],
            &b"Eparse \"HTTPS://%41:%zz@[::1]x/\xc3\xa9\": invalid port \"x\" after host"[..],
        ),
    ] {
        assert_eq!(shown(input), want, "{input:?}");
    }
}

#[test]
fn print_table() {
    for (scheme, host, path, query, opaque, fragment, want) in [
        ("http", &b"h"[..], &b"//x"[..], &b"a=b"[..], &b"op"[..], &b" \xc3\xa9"[..], &b"http:op?a=b#%20%C3%A9"[..]),
        ("", &b"h"[..], &b"/p"[..], &b"a=b"[..], &b""[..], &b""[..], &b"//h/p?a=b"[..]),
        ("", &b"a b"[..], &b"p"[..], &b"a=b"[..], &b""[..], &b""[..], &b"//a%20b/p?a=b"[..]),
        ("http", &b"a:1"[..], &b"a:b"[..], &b""[..], &b""[..], &b""[..], &b"http://a:1/a:b"[..]),
        ("http", &b"a:1"[..], &b"/a b"[..], &b"a=b"[..], &b""[..], &b"f"[..], &b"http://a:1/a%20b?a=b#f"[..]),
        ("x", &b"a:1"[..], &b"a:b"[..], &b""[..], &b""[..], &b" \xc3\xa9"[..], &b"x://a:1/a:b#%20%C3%A9"[..]),
        ("http", &b""[..], &b"//x"[..], &b""[..], &b"op"[..], &b"f"[..], &b"http:op#f"[..]),
        ("", &b"h"[..], &b"p"[..], &b"a=b"[..], &b""[..], &b""[..], &b"//h/p?a=b"[..]),
        ("", &b"a:1"[..], &b"*"[..], &b""[..], &b""[..], &b" \xc3\xa9"[..], &b"//a:1/*#%20%C3%A9"[..]),
        (
            "x",
            &b"\xc3\xa9"[..],
            &b"*"[..],
            &b"a=b"[..],
            &b""[..],
            &b" \xc3\xa9"[..],
            &b"x://%C3%A9/*?a=b#%20%C3%A9"[..],
        ),
        ("x", &b"a b"[..], &b"p"[..], &b""[..], &b"op"[..], &b"f"[..], &b"x:op#f"[..]),
        ("", &b"\xc3\xa9"[..], &b"//x"[..], &b""[..], &b""[..], &b" \xc3\xa9"[..], &b"//%C3%A9//x#%20%C3%A9"[..]),
        ("", &b""[..], &b"/a b"[..], &b""[..], &b""[..], &b""[..], &b"/a%20b"[..]),
        ("", &b"a:1"[..], &b"/a b"[..], &b""[..], &b""[..], &b" \xc3\xa9"[..], &b"//a:1/a%20b#%20%C3%A9"[..]),
        ("", &b"a:1"[..], &b"*"[..], &b"a=b"[..], &b""[..], &b""[..], &b"//a:1/*?a=b"[..]),
        ("http", &b"a b"[..], &b"a:b"[..], &b""[..], &b""[..], &b""[..], &b"http://a%20b/a:b"[..]),
        ("http", &b"h"[..], &b""[..], &b""[..], &b""[..], &b""[..], &b"http://h"[..]),
        ("", &b""[..], &b"/p"[..], &b""[..], &b"op"[..], &b"f"[..], &b"op#f"[..]),
        ("x", &b""[..], &b"p"[..], &b""[..], &b""[..], &b""[..], &b"x://p"[..]),
        ("", &b"\xc3\xa9"[..], &b"a:b"[..], &b"a=b"[..], &b"op"[..], &b" \xc3\xa9"[..], &b"op?a=b#%20%C3%A9"[..]),
        ("x", &b""[..], &b"*"[..], &b"a=b"[..], &b""[..], &b"f"[..], &b"x://*?a=b#f"[..]),
        ("http", &b"\xc3\xa9"[..], &b"/p"[..], &b""[..], &b""[..], &b""[..], &b"http://%C3%A9/p"[..]),
        ("", &b"a:1"[..], &b""[..], &b"a=b"[..], &b""[..], &b""[..], &b"//a:1?a=b"[..]),
        ("", &b"a b"[..], &b"/a b"[..], &b""[..], &b""[..], &b" \xc3\xa9"[..], &b"//a%20b/a%20b#%20%C3%A9"[..]),
    ] {
        let url = Url {
            scheme: scheme.as_bytes().to_vec(),
            host: host.to_vec(),
            path: path.to_vec(),
            raw_query: query.to_vec(),
            opaque: opaque.to_vec(),
            fragment: fragment.to_vec(),
            ..Url::default()
        };
        assert_eq!(url.to_bytes(), want);
    }
}
