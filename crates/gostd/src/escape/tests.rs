//! Tables sampled from a run of Go's own functions over random input.

use super::*;

#[test]
fn html_escape_table() {
    for (input, want) in [
        (&b"` \xa9\xac\xc2_"[..], &b"` \xa9\xac\xc2_"[..]),
        (&b"\x85&-b\xc3\x09_\x80"[..], &b"\x85&amp;-b\xc3\x09_\x80"[..]),
        (&b""[..], &b""[..]),
        (&b"\xe2\xac"[..], &b"\xe2\xac"[..]),
        (&b"u f"[..], &b"u f"[..]),
        (&b"=\x0a\\a\x0a\xc2\xa9\x09"[..], &b"=\x0a\\a\x0a\xc2\xa9\x09"[..]),
        (&b"-\xff\x7f\x80"[..], &b"-\xff\x7f\x80"[..]),
        (&b""[..], &b""[..]),
        (&b"-\xe2&.\xa9A\xa9\xa9\x7fB'"[..], &b"-\xe2&amp;.\xa9A\xa9\xa9\x7fB&#39;"[..]),
        (&b"\">\xff_&"[..], &b"&#34;&gt;\xff_&amp;"[..]),
        (&b""[..], &b""[..]),
        (&b"\xc3b\xc2`\"\\b\x85a\x09\xa9"[..], &b"\xc3b\xc2`&#34;\\b\x85a\x09\xa9"[..]),
        (&b"b\""[..], &b"b&#34;"[..]),
        (&b"\xc3>\"_\x09 >=\xa9&\xc2"[..], &b"\xc3&gt;&#34;_\x09 &gt;=\xa9&amp;\xc2"[..]),
        (&b""[..], &b""[..]),
        (&b" D 3"[..], &b" D 3"[..]),
        (&b"n "[..], &b"n "[..]),
        (&b""[..], &b""[..]),
        (&b"<\xac_-\x85<>\x80<"[..], &b"&lt;\xac_-\x85&lt;&gt;\x80&lt;"[..]),
        (&b""[..], &b""[..]),
    ] {
        assert_eq!(html_escape(input), want, "{input:?}");
    }
}

#[test]
fn js_escape_table() {
    for (input, want) in [
        (&b""[..], &b""[..]),
        (&b"\xa9.'&="[..], &b"\xa9.\\'\\u0026\\u003D"[..]),
        (&b"{"[..], &b"{"[..]),
        (&b"g"[..], &b"g"[..]),
        (&b"\xa0.\x09_&B\xa0\""[..], &b"\xa0.\\u0009_\\u0026B\xa0\\\""[..]),
        (&b"b &>`BbB--\x82"[..], &b"b \\u0026\\u003E`BbB--\x82"[..]),
        (&b"\xc2\x85\\<\xc3\xa0 \xc3`\x0a"[..], &b"\\u0085\\\\\\u003C\xc3\xa0 \xc3`\\u000A"[..]),
        (&b">\x0a<\"_\xa0\x00A\x00\xc3> "[..], &b"\\u003E\\u000A\\u003C\\\"_\xa0\\u0000A\\u0000\xc3\\u003E "[..]),
        (&b"\xe2"[..], &b"\xe2"[..]),
        (&b""[..], &b""[..]),
        (&b"'b"[..], &b"\\'b"[..]),
        (&b"=\x0a\x09&\"b\"="[..], &b"\\u003D\\u000A\\u0009\\u0026\\\"b\\\"\\u003D"[..]),
        (&b"-\xe2\x09\xa9=\xc2a\x00\"\x80b"[..], &b"-\xe2\\u0009\xa9\\u003D\xc2a\\u0000\\\"\x80b"[..]),
        (&b"\"\xc2\x0a=\xc2-`=\xc2\"&"[..], &b"\\\"\xc2\\u000A\\u003D\xc2-`\\u003D\xc2\\\"\\u0026"[..]),
        (&b"<iO"[..], &b"\\u003CiO"[..]),
        (&b"\x7f\x00\xac\xac&<\x7f\xc2A\x7f"[..], &b"\x7f\\u0000\xac\xac\\u0026\\u003C\x7f\xc2A\x7f"[..]),
        (&b"   >  "[..], &b"   \\u003E  "[..]),
        (&b""[..], &b""[..]),
        (&b"\xe2&"[..], &b"\xe2\\u0026"[..]),
        (&b"\xa0\\A\x82'\xc2\x09=b&<&"[..], &b"\xa0\\\\A\x82\\'\xc2\\u0009\\u003Db\\u0026\\u003C\\u0026"[..]),
    ] {
        assert_eq!(js_escape(input), want, "{input:?}");
    }
}

#[test]
fn url_query_escape_table() {
    for (input, want) in [
        (&b"U"[..], "U"),
        (&b"\xe2\xa0b\xa9\"\x82\x00\xc2A\\&"[..], "%E2%A0b%A9%22%82%00%C2A%5C%26"),
        (&b"B\x0a"[..], "B%0A"),
        (&b""[..], ""),
        (&b"==\x00'\x80\x0aa<>\x7f& "[..], "%3D%3D%00%27%80%0Aa%3C%3E%7F%26+"),
        (&b" ` \xc3\x7f."[..], "+%60+%C3%7F."),
        (&b"=\x00\x0a\xc3\xff"[..], "%3D%00%0A%C3%FF"),
        (&b"b\xa9\xac\xa9b>>\x00\x09"[..], "b%A9%AC%A9b%3E%3E%00%09"),
        (&b"_."[..], "_."),
        (&b">a"[..], "%3Ea"),
        (&b"\x85\"<'\xc2< "[..], "%85%22%3C%27%C2%3C+"),
        (&b""[..], ""),
    ] {
        assert_eq!(url_query_escape(input), want, "{input:?}");
    }
}

#[test]
fn url_path_escape_table() {
    for (input, want) in [
        (&b"'`b\xa9"[..], "%27%60b%A9"),
        (&b" >\xc2"[..], "%20%3E%C2"),
        (&b""[..], ""),
        (&b""[..], ""),
        (&b"=\x00>\xc2_A"[..], "=%00%3E%C2_A"),
        (&b" \x7f='"[..], "%20%7F=%27"),
        (&b";C  "[..], "%3BC%20%20"),
        (&b"-\x80\xc3\x00\x80A"[..], "-%80%C3%00%80A"),
        (&b"$"[..], "$"),
        (&b"\xa9 _ `\xc3&"[..], "%A9%20_%20%60%C3&"),
        (&b"&  #0"[..], "&%20%20%230"),
        (&b" "[..], "%20"),
    ] {
        assert_eq!(url_path_escape(input), want, "{input:?}");
    }
}
