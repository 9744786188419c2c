//! Tables sampled from a run of Go's own functions over random input.

use super::*;

#[test]
fn to_upper_table() {
    for (input, want) in [
        (&b""[..], &b""[..]),
        (&b"I"[..], &b"I"[..]),
        (&b"7"[..], &b"7"[..]),
        (&b"b<A"[..], &b"B<A"[..]),
        (&b"\\-"[..], &b"\\-"[..]),
        (&b" C\\Y \\"[..], &b" C\\Y \\"[..]),
        (&b""[..], &b""[..]),
        (&b"L \xc5\x81 "[..], &b"L \xc5\x81 "[..]),
        (&b""[..], &b""[..]),
        (&b""[..], &b""[..]),
        (&b"\x00\x00"[..], &b"\x00\x00"[..]),
        (&b"U"[..], &b"U"[..]),
    ] {
        assert_eq!(to_upper(input), want, "{input:?}");
    }
}

#[test]
fn to_lower_table() {
    for (input, want) in [
        (&b""[..], &b""[..]),
        (&b" ;  { q"[..], &b" ;  { q"[..]),
        (&b""[..], &b""[..]),
        (&b""[..], &b""[..]),
        (&b" 05M/"[..], &b" 05m/"[..]),
        (&b"\x0a"[..], &b"\x0a"[..]),
        (&b""[..], &b""[..]),
        (&b""[..], &b""[..]),
        (&b""[..], &b""[..]),
        (&b"\xc8\x9f"[..], &b"\xc8\x9f"[..]),
        (&b"\x7f"[..], &b"\x7f"[..]),
        (&b""[..], &b""[..]),
    ] {
        assert_eq!(to_lower(input), want, "{input:?}");
    }
}

#[test]
fn title_table() {
    for (input, want) in [
        (&b"\x00='&_&b\\"[..], &b"\x00='&_&B\\"[..]),
        (&b"["[..], &b"["[..]),
        (&b"A\". "[..], &b"A\". "[..]),
        (&b"A\x0a>`"[..], &b"A\x0a>`"[..]),
        (&b" \\$] "[..], &b" \\$] "[..]),
        (&b""[..], &b""[..]),
        (&b"r"[..], &b"R"[..]),
        (&b""[..], &b""[..]),
        (&b">'b"[..], &b">'B"[..]),
        (&b""[..], &b""[..]),
        (&b""[..], &b""[..]),
        (&b" "[..], &b" "[..]),
    ] {
        assert_eq!(title(input), want, "{input:?}");
    }
}

#[test]
fn trim_space_table() {
    for (input, want) in [
        (&b"\xa9a<\x7f"[..], &b"\xa9a<\x7f"[..]),
        (&b"\x7f\xc2\xff_\xac \x7f"[..], &b"\x7f\xc2\xff_\xac \x7f"[..]),
        (&b" \"&\x7fA\x7f\x7f\xa9- -a"[..], &b"\"&\x7fA\x7f\x7f\xa9- -a"[..]),
        (&b""[..], &b""[..]),
        (&b"A.\x85\xa9\\\x00\xa0\x82"[..], &b"A.\x85\xa9\\\x00\xa0\x82"[..]),
        (&b"\x80\xacB\xc2 \xff\"b- '"[..], &b"\x80\xacB\xc2 \xff\"b- '"[..]),
        (&b""[..], &b""[..]),
        (&b"\""[..], &b"\""[..]),
        (&b" \xc7\xa53 Z"[..], &b"\xc7\xa53 Z"[..]),
        (&b""[..], &b""[..]),
        (&b"@"[..], &b"@"[..]),
        (&b"W"[..], &b"W"[..]),
    ] {
        assert_eq!(trim_space(input), want, "{input:?}");
    }
}

#[test]
fn trim_table() {
    for (input, cutset, want) in [
        (&b"\x82.>>\x82a\xff&"[..], &b"\x80"[..], &b".>>\x82a\xff&"[..]),
        (&b">&\xc2"[..], &b"-\xc3"[..], &b">&"[..]),
        (&b"\xa9\xe2\x0aAB\xa0>'b"[..], &b"b\x80"[..], &b"\x0aAB\xa0>'"[..]),
        (&b"\x09\"`B"[..], &b"\xa9B"[..], &b"\x09\"`"[..]),
        (&b"_"[..], &b"B_"[..], &b""[..]),
        (&b"'\xff\xc2"[..], &b"\xa9"[..], &b"'"[..]),
        (&b">>\x09\xa9"[..], &b"\x80A"[..], &b">>\x09"[..]),
        (&b"\xa9\\\xa9\xc2"[..], &b"\xc3"[..], &b"\\"[..]),
    ] {
        assert_eq!(trim(input, cutset), want, "{input:?}");
    }
}

#[test]
fn trim_left_table() {
    for (input, cutset, want) in [
        (&b"  S 9 Y3"[..], &b"B "[..], &b"S 9 Y3"[..]),
        (&b"\x82\xe2\xc2\x0a\xac_A\xa9"[..], &b"B\xa9"[..], &b"\x0a\xac_A\xa9"[..]),
        (&b"AA\x82-"[..], &b"BA"[..], &b"\x82-"[..]),
        (&b"\xc2.\x80b\" -"[..], &b"\x80"[..], &b".\x80b\" -"[..]),
        (&b"b\x09"[..], &b"b_"[..], &b"\x09"[..]),
        (&b"B<\x85AB\"\xa0\xc3\xc2"[..], &b"BB"[..], &b"<\x85AB\"\xa0\xc3\xc2"[..]),
        (&b"\xa0\xe2"[..], &b"A\x80"[..], &b""[..]),
        (&b"\x80\xa0\\A\x09\\"[..], &b"\x80"[..], &b"\\A\x09\\"[..]),
    ] {
        assert_eq!(trim_left(input, cutset), want, "{input:?}");
    }
}

#[test]
fn trim_right_table() {
    for (input, cutset, want) in [
        (&b"\x7f.\xc2"[..], &b"\xc3"[..], &b"\x7f."[..]),
        (&b"\x00<\x09_\x7f_\x0a\x09\xc2 "[..], &b" ."[..], &b"\x00<\x09_\x7f_\x0a\x09\xc2"[..]),
        (&b"!  "[..], &b" "[..], &b"!"[..]),
        (&b"\xff\x80"[..], &b"b\xa9"[..], &b""[..]),
        (&b"\xc2\xc2\xff"[..], &b"\xa9A"[..], &b""[..]),
        (&b"\"\x0a\xa9"[..], &b"\x80"[..], &b"\"\x0a"[..]),
        (&b"\x82\xe2\xc2\x0a\xac_A\xa9"[..], &b"B\xa9"[..], &b"\x82\xe2\xc2\x0a\xac_A"[..]),
        (&b"a"[..], &b"a"[..], &b""[..]),
    ] {
        assert_eq!(trim_right(input, cutset), want, "{input:?}");
    }
}

#[test]
fn fields_table() {
    for (input, want) in [
        (&b"\x80\"<"[..], &b"\x80\"<"[..]),
        (&b"_\xc3\xc3\x0a\xc3\xa0"[..], &b"_\xc3\xc3\x01\xc3\xa0"[..]),
        (&b"-b\\''"[..], &b"-b\\''"[..]),
        (&b"\xa0\xe2\x09\\"[..], &b"\xa0\xe2\x01\\"[..]),
        (&b"\x85\x82-\"<<\x85\x0a\x7f"[..], &b"\x85\x82-\"<<\x85\x01\x7f"[..]),
        (&b"\xa0\x80\xa0\xac\xa0>."[..], &b"\xa0\x80\xa0\xac\xa0>."[..]),
        (&b""[..], &b""[..]),
        (&b">\x00\x82'\"\xa0\x85"[..], &b">\x00\x82'\"\xa0\x85"[..]),
        (&b"_A\x0a<\\\xff\x82\xc3\x85\x0a."[..], &b"_A\x01<\\\xff\x82\xc3\x85\x01."[..]),
        (&b"B\xc2\xc2\x09\x80\xe2\x00"[..], &b"B\xc2\xc2\x01\x80\xe2\x00"[..]),
    ] {
        assert_eq!(fields(input).join(&1), want, "{input:?}");
    }
}

#[test]
fn count_table() {
    for (input, part, want) in [
        (&b" \xc2<`.\".b="[..], &b"_"[..], 0),
        (&b"\xac\x82\xa9\x85\\\xa9\xa9&\xff"[..], &b"A"[..], 0),
        (&b"\x82 >-_\x09\x85B\xe2\xa0\x0a"[..], &b"a "[..], 0),
        (&b"\xc2\xc3\x85a\x82.__\x0a\x09"[..], &b"B"[..], 0),
        (&b" 2H  "[..], &b""[..], 6),
        (&b"\x80"[..], &b"ba"[..], 0),
        (&b"a>\"\x85B\x00\x80>\xa9\xac\xacA"[..], &b""[..], 13),
        (&b"\xa9 \xe2\\` AB\x82\x85\x0a\xff"[..], &b"B"[..], 1),
        (&b""[..], &b"."[..], 0),
        (&b"B"[..], &b""[..], 2),
    ] {
        assert_eq!(count(input, part), want, "{input:?}");
    }
}

#[test]
fn replace_table() {
    for (input, old, new, limit, want) in [
        (&b"\x80a_\xa0\xff\x7f"[..], &b"\xa9b"[..], &b"XY"[..], 4, &b"\x80a_\xa0\xff\x7f"[..]),
        (&b""[..], &b"\xa9b"[..], &b"XY"[..], 2, &b""[..]),
        (&b"\xa9\x0a_\xff"[..], &b"b"[..], &b"XY"[..], -1, &b"\xa9\x0a_\xff"[..]),
        (&b"_\xe2b\x7f"[..], &b"_"[..], &b"XY"[..], 0, &b"_\xe2b\x7f"[..]),
        (&b"b& >\x80\x09`"[..], &b""[..], &b"XY"[..], -1, &b"XYbXY&XY XY>XY\x80XY\x09XY`XY"[..]),
        (&b")g[5"[..], &b""[..], &b"XY"[..], 2, &b"XY)XYg[5"[..]),
        (&b""[..], &b"aA"[..], &b"XY"[..], -1, &b""[..]),
        (&b"z6F"[..], &b"."[..], &b"XY"[..], -1, &b"z6F"[..]),
        (&b"\xe2'a<"[..], &b"-b"[..], &b"XY"[..], 3, &b"\xe2'a<"[..]),
        (&b"<\xac_"[..], &b"b"[..], &b"XY"[..], 4, &b"<\xac_"[..]),
        (&b"\xc2."[..], &b""[..], &b"XY"[..], 1, &b"XY\xc2."[..]),
        (&b""[..], &b""[..], &b"XY"[..], 1, &b"XY"[..]),
        (&b""[..], &b""[..], &b"XY"[..], 0, &b""[..]),
        (&b"B\xa9a\xc2>\xac"[..], &b"\x80"[..], &b"XY"[..], 2, &b"B\xa9a\xc2>\xac"[..]),
        (&b""[..], &b""[..], &b"XY"[..], 1, &b"XY"[..]),
        (&b"AA\xc2-\xac\xc2B\xa9b>''"[..], &b""[..], &b"XY"[..], 2, &b"XYAXYA\xc2-\xac\xc2B\xa9b>''"[..]),
        (&b"`\x85\x0aa\x85"[..], &b" "[..], &b"XY"[..], 4, &b"`\x85\x0aa\x85"[..]),
        (&b""[..], &b""[..], &b"XY"[..], 1, &b"XY"[..]),
        (&b"\xa0\xa0\xa0\x00\xff\xc2\""[..], &b"\x80"[..], &b"XY"[..], 4, &b"\xa0\xa0\xa0\x00\xff\xc2\""[..]),
        (&b"\\\xa0_\""[..], &b"a"[..], &b"XY"[..], 3, &b"\\\xa0_\""[..]),
    ] {
        assert_eq!(replace(input, old, new, limit), want, "{input:?}");
    }
}

/// Pieces joined by 1, then their number.
#[test]
fn split_table() {
    for (input, separator, n, want) in [
        (&b"\x80\x0a-\xff\\\x85<\x7fa`\xe2"[..], &b"."[..], 0, &b"0"[..]),
        (&b"\xc2\xc2\x82'\\\xc2\x7f\x80\xc2=\""[..], &b"aA"[..], 1, &b"\xc2\xc2\x82'\\\xc2\x7f\x80\xc2=\"1"[..]),
        (&b"\xc2\xacb\\\x82\x85>"[..], &b""[..], 3, &b"\xc2\xac\x01b\x01\\\x82\x85>3"[..]),
        (&b"B\xacA\xff\xc2"[..], &b"\xc3"[..], -1, &b"B\xacA\xff\xc21"[..]),
        (&b" d7"[..], &b""[..], 1, &b" d71"[..]),
        (&b"\xe2..<&>_\xac"[..], &b"\x80a"[..], 2, &b"\xe2..<&>_\xac1"[..]),
        (&b"\"b&>a\x85\xa0b`\x82BA"[..], &b" -"[..], 4, &b"\"b&>a\x85\xa0b`\x82BA1"[..]),
        (&b"b\xe2\xc2"[..], &b"_\x80"[..], -1, &b"b\xe2\xc21"[..]),
        (&b"\x0a&\\"[..], &b"-"[..], 2, &b"\x0a&\\1"[..]),
        (&b""[..], &b" \xa9"[..], 0, &b"0"[..]),
        (&b"\xa0==\xa0\xa0B\x00\x09B\xa9B\x82"[..], &b"\xa9"[..], 3, &b"\xa0==\xa0\xa0B\x00\x09B\x01B\x822"[..]),
        (&b""[..], &b"\xa9"[..], 2, &b"1"[..]),
        (&b"  "[..], &b"-\xc3"[..], 2, &b"  1"[..]),
        (&b"'\x09a"[..], &b"A"[..], 2, &b"'\x09a1"[..]),
        (&b"\xac<\xac_=\xc2\xa9\x80.&\xac-"[..], &b"--"[..], 2, &b"\xac<\xac_=\xc2\xa9\x80.&\xac-1"[..]),
        (&b"A\xa0\""[..], &b""[..], -1, &b"A\x01\xa0\x01\"3"[..]),
        (&b"\"\x09\xa0"[..], &b""[..], 3, &b"\"\x01\x09\x01\xa03"[..]),
        (&b""[..], &b"\xa9a"[..], -1, &b"1"[..]),
        (&b""[..], &b"_"[..], 2, &b"1"[..]),
        (&b"a\x00\xa9\\ \xc2\xac"[..], &b"\x80"[..], -1, &b"a\x00\xa9\\ \xc2\xac1"[..]),
    ] {
        let pieces = split_n(input, separator, n);
        let got = [pieces.join(&1), pieces.len().to_string().into_bytes()].concat();
        assert_eq!(got, want, "{input:?}");
    }
}

#[test]
fn equal_fold_table() {
    for (a, b, want) in [
        (&b"\xc6\xa5"[..], &b"\xc6\xa4"[..], true),
        (&b"\xc5\xa4"[..], &b"\xc5\xa4"[..], true),
        (&b"\xc5\x90"[..], &b"\xc5\x90"[..], true),
        (&b"\xc7\x9f"[..], &b"\xc7\x9e"[..], true),
        (&b"\xc3\x86"[..], &b"\xc3\x86"[..], true),
        (&b"\xc7\xa6"[..], &b"\xc7\xa6"[..], true),
        (&b"\xc3\x98"[..], &b"\xc3\xb8"[..], true),
        (&b"\xc3\xaf"[..], &b"\xc3\xaf"[..], true),
        (&b"\xc5\xa3"[..], &b"\xc5\xa3"[..], true),
        (&b"\xc6\xbf"[..], &b"\xc6\xbf"[..], true),
        (&b"\xc4\xa9"[..], &b"\xc4\xa9"[..], true),
        (&b"`\xc8\xa4'"[..], &b"`\xc8\xa4'"[..], true),
        (&b"\xc2\xb2\xc5\x92`"[..], &b"\xc2\xb2\xc8\xae`"[..], false),
        (&b"\xc5\x8d\xc3\x8f\xc4\x9f"[..], &b"\xc4\x8f\xc3\x8f\xc4\x9e"[..], false),
        (&b"\xc3\xbe\xc8\x8e\xc8\xb3"[..], &b"\xc3\x9e\xc8\x8e\x10"[..], false),
        (&b"\xc7\x9a\xc4\xae\xc2\x94"[..], &b"\xc7\x99\xc4\xae\xc8\x9a"[..], false),
        (&b"\xc6\x91)\xc3\x96"[..], &b"\xc8\xbe)\xc3\x96"[..], false),
        (&b"\xc5\xbe\xc2\xa2\xc2\xac"[..], &b"\xc5\xbd\xc2\xa2\xc7\x82"[..], false),
        (&b"\xc4\xb0"[..], &b"i"[..], false),
        (&b"\xc4\x8d\xc3\x8c\xc6\x8a"[..], &b"\xc4\x8c\xc3\x8c\xc6\x89"[..], false),
        (&b"\xe2\x84\xaa"[..], &b"k"[..], true),
        (&b"\xc4\xb0"[..], &b"i"[..], false),
        (&b"\xcf\x82"[..], &b"\xce\xa3"[..], true),
    ] {
        assert_eq!(equal_fold(a, b), want, "{a:?} {b:?}");
    }
}

#[test]
fn repeat_refuses_what_go_panics_on() {
    assert_eq!(repeat(b"ab", 3).unwrap(), b"ababab");
    assert_eq!(repeat(b"", i64::MAX).unwrap(), b"");
    assert_eq!(repeat(b"a", -1).unwrap_err().to_string(), "strings: negative Repeat count");
    let error = repeat(b"abc", i64::MAX).unwrap_err();
    assert_eq!(error.to_string(), "strings: Repeat output length overflow");
}
