//! Go's answers, observed by running its `regexp` over the same patterns and texts.

use super::{Regexp, quote_meta};

/// Patterns that Go refuses, and its words behind `error parsing regexp: `.
const ERRORS: &[(&str, &str)] = &[
    ("(?P<n", "invalid named capture: `(?P<n`"),
    ("(?P<n>", "missing closing ): `(?P<n>`"),
    ("(?P<a!>x)", "invalid named capture: `(?P<a!>`"),
    ("(?P<>x)", "invalid named capture: `(?P<>`"),
    ("(?<a", "invalid named capture: `(?<a`"),
    ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
    ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
    ("(?i:", "missing closing ): `(?i:`"),
    ("(?", "invalid or unsupported Perl syntax: `(?`"),
    ("(?x)", "invalid or unsupported Perl syntax: `(?x`"),
    ("(?i-", "invalid or unsupported Perl syntax: `(?i-`"),
    ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
    ("(?-)", "invalid or unsupported Perl syntax: `(?-)`"),
    ("(?--i)", "invalid or unsupported Perl syntax: `(?--`"),
    ("(?i-s-m)", "invalid or unsupported Perl syntax: `(?i-s-`"),
    ("(?P=n)", "invalid or unsupported Perl syntax: `(?P`"),
    ("(?P>n)", "invalid or unsupported Perl syntax: `(?P`"),
    ("(?#c)", "invalid or unsupported Perl syntax: `(?#`"),
    ("(?<=a)", "invalid named capture: `(?<=a)`"),
    ("(?<!a)", "invalid named capture: `(?<!a)`"),
    ("(?é)", "invalid or unsupported Perl syntax: `(?é`"),
    ("(a", "missing closing ): `(a`"),
    ("a)", "unexpected ): `a)`"),
    ("[", "missing closing ]: `[`"),
    ("[a", "missing closing ]: `[a`"),
    ("[^", "missing closing ]: `[^`"),
    ("[]", "missing closing ]: `[]`"),
    ("[]a", "missing closing ]: `[]a`"),
    ("[z-a]", "invalid character class range: `z-a`"),
    ("[a-\\d]", "invalid escape sequence: `\\d`"),
    ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
    ("[[:alpha:]", "missing closing ]: `[[:alpha:]`"),
    ("[a-", "missing closing ]: `[a-`"),
    ("\\", "trailing backslash at end of expression: ``"),
    ("a\\", "trailing backslash at end of expression: ``"),
    ("[\\", "trailing backslash at end of expression: ``"),
    ("\\8", "invalid escape sequence: `\\8`"),
    ("\\1", "invalid escape sequence: `\\1`"),
    ("\\x", "invalid escape sequence: `\\x`"),
    ("\\x{", "invalid escape sequence: `\\x{`"),
    ("\\x{}", "invalid escape sequence: `\\x{}`"),
    ("\\x{110000}", "invalid escape sequence: `\\x{110000`"),
    ("\\x{zz}", "invalid escape sequence: `\\x{z`"),
    ("\\x4", "invalid escape sequence: `\\x4`"),
    ("\\xg", "invalid escape sequence: `\\xg`"),
    ("\\u0041", "invalid escape sequence: `\\u`"),
    ("\\p", "invalid character class range: `\\p`"),
    ("\\pX", "invalid character class range: `\\pX`"),
    ("\\p{", "invalid character class range: `\\p{`"),
    ("\\p{Foo}", "invalid character class range: `\\p{Foo}`"),
    ("\\p{Grek}", "invalid character class range: `\\p{Grek}`"),
    ("\\p{Alphabetic}", "invalid character class range: `\\p{Alphabetic}`"),
    ("\\p{L&}", "invalid character class range: `\\p{L&}`"),
    ("\\p{Script=Greek}", "invalid character class range: `\\p{Script=Greek}`"),
    ("\\Z", "invalid escape sequence: `\\Z`"),
    ("\\C", "invalid escape sequence: `\\C`"),
    ("\\E", "invalid escape sequence: `\\E`"),
    ("a\\E", "invalid escape sequence: `\\E`"),
    ("\\é", "invalid escape sequence: `\\é`"),
    ("*", "missing argument to repetition operator: `*`"),
    ("+", "missing argument to repetition operator: `+`"),
    ("?", "missing argument to repetition operator: `?`"),
    ("a**", "invalid nested repetition operator: `**`"),
    ("a*+", "invalid nested repetition operator: `*+`"),
    ("a*??", "invalid nested repetition operator: `*??`"),
    ("a*?*", "invalid nested repetition operator: `*?*`"),
    ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
    ("a{2}*", "invalid nested repetition operator: `{2}*`"),
    ("a{1001}", "invalid repeat count: `{1001}`"),
    ("a{2,1}", "invalid repeat count: `{2,1}`"),
    ("a{99999999999}", "invalid repeat count: `{99999999999}`"),
    ("(a{100}){100}", "invalid repeat count: `{100}`"),
    ("(?:(?:a{10}){10}){11}", "invalid repeat count: `{11}`"),
    ("(?:a{0}){2000}", "invalid repeat count: `{2000}`"),
    ("(*)", "missing argument to repetition operator: `*`"),
    ("|*", "missing argument to repetition operator: `*`"),
    ("a|*", "missing argument to repetition operator: `*`"),
    ("(?i)*", "missing argument to repetition operator: `*`"),
    ("[[[[[", "missing closing ]: `[[[[[`"),
    ("((a{100}){10}){2}", "invalid repeat count: `{2}`"),
    ("[\\Q]\\E]", "invalid escape sequence: `\\Q`"),
    ("[a\\]", "missing closing ]: `[a\\]`"),
    ("[\\pX]", "invalid character class range: `\\pX`"),
    ("[\\p{Foo}-a]", "invalid character class range: `\\p{Foo}`"),
    ("[\\b]", "invalid escape sequence: `\\b`"),
    ("[\\A]", "invalid escape sequence: `\\A`"),
    ("[\\z]", "invalid escape sequence: `\\z`"),
    ("\\c", "invalid escape sequence: `\\c`"),
    ("\\e", "invalid escape sequence: `\\e`"),
    ("(?i)(?-i", "invalid or unsupported Perl syntax: `(?-i`"),
    ("(?P<a-b>a)", "invalid named capture: `(?P<a-b>`"),
    ("(?P<é>a)", "invalid named capture: `(?P<é>`"),
    ("{1}", "missing argument to repetition operator: `{1}`"),
    ("\\p{Latn}", "invalid character class range: `\\p{Latn}`"),
    ("\\p{}", "invalid character class range: `\\p{}`"),
    ("\\p{^}", "invalid character class range: `\\p{^}`"),
    ("\\p{N'Ko}", "invalid character class range: `\\p{N'Ko}`"),
    ("\\x{FFFFFFFFFF}", "invalid escape sequence: `\\x{FFFFFF`"),
    ("(?^i)", "invalid or unsupported Perl syntax: `(?^`"),
    ("((((", "missing closing ): `((((`"),
    ("))))", "unexpected ): `))))`"),
    ("a{1000}{1}", "invalid nested repetition operator: `{1000}{1}`"),
    ("(?P<n>a", "missing closing ): `(?P<n>a`"),
    ("x*{2}", "invalid nested repetition operator: `*{2}`"),
    ("(a*)+?*", "invalid nested repetition operator: `+?*`"),
];

/// What the patterns below are run over.
const TEXTS: [&str; 2] = ["abc foo-bar_1.x\nABC kK aab", "héé ſΣσ v1.2"];

/// Pattern, and at most three matches in each text: groups as `start:end` or `_`.
const MATCHES: &[(&str, &str, &str)] = &[
    ("a", "0:1;9:10;23:24", "-"),
    ("abc", "0:3", "-"),
    ("a.c", "0:3", "-"),
    ("^a", "0:1", "-"),
    ("a$", "-", "-"),
    ("^$", "-", "-"),
    ("", "0:0;1:1;2:2", "0:0;1:1;3:3"),
    ("a*", "0:1;2:2;3:3", "0:0;1:1;3:3"),
    ("a+?", "0:1;9:10;23:24", "-"),
    ("(a)(b)?", "0:2,0:1,1:2;9:10,9:10,_;23:24,23:24,_", "-"),
    ("(a|ab)(c|bcd)(d*)", "0:3,0:2,2:3,3:3", "-"),
    ("\\bfoo\\b", "4:7", "-"),
    ("\\Bo", "5:6;6:7", "-"),
    ("[a-c]+", "0:3;8:10;23:26", "-"),
    ("[^a-c]+", "3:8;10:23", "0:17"),
    ("\\d+", "12:13", "14:15;16:17"),
    ("\\D+", "0:12;13:26", "0:14;15:16"),
    ("\\w+", "0:3;4:7;8:13", "0:1;13:15;16:17"),
    ("\\W+", "3:4;7:8;13:14", "1:13;15:16"),
    ("\\s+", "3:4;15:16;19:20", "5:6;12:13"),
    ("\\S+", "0:3;4:15;16:19", "0:5;6:12;13:17"),
    ("(?i)abc", "0:3;16:19", "-"),
    ("(?i)k", "20:21;21:22", "-"),
    ("(?i)ſ", "-", "6:8"),
    ("(?i)[k]", "20:21;21:22", "-"),
    ("(?i)[^k]", "0:1;1:2;2:3", "0:1;1:3;3:5"),
    ("(?i)\\w", "0:1;1:2;2:3", "0:1;6:8;13:14"),
    ("(?i)\\W", "3:4;7:8;13:14", "1:3;3:5;5:6"),
    ("(?s)a.b", "23:26", "-"),
    ("a.b", "23:26", "-"),
    ("(?m)^.*$", "0:15;16:26", "0:17"),
    ("(?m)^", "0:0;16:16", "0:0"),
    ("(?m)$", "15:15;26:26", "17:17"),
    ("^|$", "0:0;26:26", "0:0;17:17"),
    ("(?U)a*", "0:0;1:1;2:2", "0:0;1:1;3:3"),
    ("(?U)a*?b", "0:2;8:9;23:26", "-"),
    ("x*", "0:0;1:1;2:2", "0:0;1:1;3:3"),
    ("(x*)*", "0:0,0:0;1:1,1:1;2:2,2:2", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(|a)*", "0:0,0:0;1:1,1:1;2:2,2:2", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(|a)+", "0:0,0:0;1:1,1:1;2:2,2:2", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(a|b*)*", "0:2,1:2;3:3,3:3;4:4,4:4", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(a*)+", "0:1,0:1;2:2,2:2;3:3,3:3", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(a*?)*", "0:0,0:0;1:1,1:1;2:2,2:2", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(a??)*b", "0:2,0:1;8:9,8:8;23:26,24:25", "-"),
    ("(?:a|(b))*", "0:2,1:2;3:3,_;4:4,_", "0:0,_;1:1,_;3:3,_"),
    ("(a)|b", "0:1,0:1;1:2,_;8:9,_", "-"),
    ("((a)|(b))+", "0:2,1:2,0:1,1:2;8:10,9:10,9:10,8:9;23:26,25:26,24:25,25:26", "-"),
    ("\\pL+", "0:3;4:7;8:11", "0:5;6:12;13:14"),
    ("\\p{Greek}+", "-", "8:12"),
    ("\\PL+", "3:4;7:8;11:14", "5:6;12:13;14:17"),
    ("[[:upper:]]+", "16:19;21:22", "-"),
    ("[[:^space:]]+", "0:3;4:15;16:19", "0:5;6:12;13:17"),
    ("\\Qa.b\\E+", "-", "-"),
    ("\\x41", "16:17", "-"),
    ("\\101", "16:17", "-"),
    ("\\x{e9}", "-", "1:3;3:5"),
    ("é", "-", "1:3;3:5"),
    ("[é-ü]", "-", "1:3;3:5"),
    ("(?P<y>\\d{4})-(?P<m>\\d\\d)", "-", "-"),
    ("(?P<n>a)|(?P<n>b)", "0:1,0:1,_;1:2,_,1:2;8:9,_,8:9", "-"),
    ("(\\w)(\\w+)", "0:3,0:1,1:3;4:7,4:5,5:7;8:13,8:9,9:13", "13:15,13:14,14:15"),
    ("([a-z]+)@([a-z]+)\\.com", "-", "-"),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "-", "-"),
    ("[^-A-Za-z0-9_.]", "3:4;15:16;19:20", "1:3;3:5;5:6"),
    ("[-_.]", "7:8;11:12;13:14", "15:16"),
    ("-+$", "-", "-"),
    ("\\.+", "13:14", "15:16"),
    ("^v?([0-9]+)(\\.[0-9]+)?", "-", "-"),
    ("(a{2}){2,3}", "-", "-"),
    ("a{2,}?", "23:25", "-"),
    ("(?i)é", "-", "1:3;3:5"),
    ("(?i)[α-ω]+", "-", "8:12"),
    ("(?i)σ", "-", "8:10;10:12"),
    ("\\z", "26:26", "17:17"),
    ("\\A", "0:0", "0:0"),
    ("\\Aa|b\\z", "0:1;25:26", "-"),
    ("$a", "-", "-"),
    ("a^b", "-", "-"),
    ("(^a|b)+", "0:2,1:2;8:9,8:9;25:26,25:26", "-"),
    ("(?:^a)*", "0:1;2:2;3:3", "0:0;1:1;3:3"),
    ("\\b", "0:0;3:3;4:4", "0:0;1:1;13:13"),
    ("\\B", "1:1;2:2;5:5", "3:3;5:5;6:6"),
    ("(?m:^)a", "0:1", "-"),
    ("(?i:a)b", "0:2;24:26", "-"),
    ("(?i)a(?-i)b", "0:2;24:26", "-"),
    ("[\\d\\-x]+", "7:8;12:13;14:15", "14:15;16:17"),
    ("[]-a]+", "0:1;9:10;11:12", "-"),
    ("[\\n]+", "15:16", "-"),
    ("\\t", "-", "-"),
    ("(?s).", "0:1;1:2;2:3", "0:1;1:3;3:5"),
    ("(?s).*", "0:26", "0:17"),
    ("[\\s\\S]", "0:1;1:2;2:3", "0:1;1:3;3:5"),
    ("[^\\n]", "0:1;1:2;2:3", "0:1;1:3;3:5"),
    ("\\p{Lu}", "16:17;17:18;18:19", "8:10"),
    ("(?i)\\p{Lu}", "0:1;1:2;2:3", "0:1;1:3;3:5"),
    ("(?i)\\P{Lu}", "3:4;7:8;11:12", "5:6;12:13;14:15"),
    ("(?i)[^\\p{Lu}]", "3:4;7:8;11:12", "5:6;12:13;14:15"),
    ("\\p{Cs}", "-", "-"),
    ("[\\p{Cs}a]", "0:1;9:10;23:24", "-"),
    ("\\p{Cn}", "-", "-"),
    ("(){3}", "0:0,0:0;1:1,1:1;2:2,2:2", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("(a){0}b(c)", "1:3,_,2:3", "-"),
    ("(a|){3}", "0:1,1:1;2:2,2:2;3:3,3:3", "0:0,0:0;1:1,1:1;3:3,3:3"),
    ("((a){0}|b)(c)", "1:3,1:2,_,2:3", "-"),
    ("a{,5}", "-", "-"),
    ("a{", "-", "-"),
    ("{", "-", "-"),
    ("\\Qa*", "-", "-"),
    ("[a-z-9]", "0:1;1:2;2:3", "0:1;13:14"),
    ("(?-U)", "0:0;1:1;2:2", "0:0;1:1;3:3"),
    ("a(?i)*", "0:1;2:2;3:3", "0:0;1:1;3:3"),
    ("[--a]", "0:1;7:8;9:10", "14:15;15:16;16:17"),
    ("\\p{greek}", "-", "8:10;10:12"),
];

/// Pattern, text, template, result.
const REPLACED: &[(&str, &str, &str, &str)] = &[
    ("(a+)(b)?", "aab a b", "<$2$1>", "<baa> <a> b"),
    ("a*", "baaac", "x", "xbxcx"),
    ("", "héy", "-", "-h-é-y-"),
    ("(?P<y>\\d+)-(?P<m>\\d+)", "2024-01", "${m}/$y", "01/2024"),
    ("(.)", "ab", "$1W", ""),
    ("(.)", "ab", "${1}W", "aWbW"),
    ("(.)", "ab", "$$1$", "$1$$1$"),
    ("(.)", "ab", "${1", "${1${1"),
    ("(?P<n>a)|(?P<n>b)", "ab", "[$n]", "[a][b]"),
    ("(.)", "ab", "$01|$0", "|a|b"),
    ("x", "ab", "$1", "ab"),
    ("b*", "abb", "$0.", ".abb."),
    ("^", "ab", "> ", "> ab"),
    ("$", "ab", "!", "ab!"),
    ("(.)", "ab", "$é$1é", ""),
];

/// Pattern, text, limit, pieces.
const SPLIT: &[(&str, &str, i64, &str)] = &[
    ("a", "banana", -1, "b|n|n|"),
    ("a", "banana", 2, "b|nana"),
    ("a", "banana", 0, "nil"),
    ("a*", "baaac", -1, "b|c"),
    ("", "abc", -1, "a|b|c"),
    ("", "abc", 2, "a|bc"),
    ("", "", -1, ""),
    ("x", "", -1, ""),
    (",", ",a,", -1, "|a|"),
    ("a", "a", -1, "|"),
    (" +", "  a  b ", 3, "|a|b "),
];

fn show_matches(re: &Regexp, text: &str, n: i64) -> String {
    let matches = re.find_all_submatch(text.as_bytes(), n);
    let show = |place: &Option<(usize, usize)>| match place {
        Some((start, end)) => format!("{start}:{end}"),
        None => "_".to_owned(),
    };
    let all: Vec<String> = matches.iter().map(|m| m.iter().map(show).collect::<Vec<_>>().join(",")).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(";") }
}

#[test]
fn refused_patterns_have_gos_words() {
    for (pattern, expected) in ERRORS {
        let error = Regexp::compile(pattern).unwrap_err().to_string();
        assert_eq!(error, format!("error parsing regexp: {expected}"), "pattern {pattern:?}");
    }
}

#[test]
fn matches_are_gos() {
    for (pattern, first, second) in MATCHES {
        let re = Regexp::compile(pattern).unwrap();
        assert_eq!(show_matches(&re, TEXTS[0], 3), *first, "pattern {pattern:?}");
        assert_eq!(show_matches(&re, TEXTS[1], 3), *second, "pattern {pattern:?}");
    }
}

#[test]
fn replacements_are_gos() {
    for (pattern, text, template, expected) in REPLACED {
        let re = Regexp::compile(pattern).unwrap();
        let got = re.replace_all(text.as_bytes(), template.as_bytes());
        assert_eq!(String::from_utf8_lossy(&got), *expected, "{pattern:?} {template:?}");
    }
    let re = Regexp::compile("(.)").unwrap();
    assert_eq!(&*re.replace_all_literal(b"ab", b"$1"), b"$1$1");
}

#[test]
fn splitting_is_gos() {
    for (pattern, text, n, expected) in SPLIT {
        let re = Regexp::compile(pattern).unwrap();
        let pieces = re.split(text.as_bytes(), *n);
        if *expected == "nil" {
            assert!(pieces.is_empty());
            continue;
        }
        assert_eq!(String::from_utf8_lossy(&pieces.join(&b'|')), *expected, "{pattern:?}");
    }
}

#[test]
fn a_bad_byte_is_one_replacement_character() {
    let table: [(&str, &[u8], &[u8]); 6] = [
        (".", b"a\xffb", b"<a><\xff><b>"),
        ("[^a]+", b"a\xffb", b"a<\xffb>"),
        ("\\x{FFFD}", b"\xed\xa0\x80", b"<\xed><\xa0><\x80>"),
        ("", b"\xff\xfe", b"<>\xff<>\xfe<>"),
        ("\\w*", b"a\xffb", b"<a>\xff<b>"),
        ("a.b", b"a\xffb", b"<a\xffb>"),
    ];
    for (pattern, text, expected) in table {
        let re = Regexp::compile(pattern).unwrap();
        assert_eq!(&*re.replace_all(text, b"<$0>"), expected, "pattern {pattern:?}");
    }
    assert_eq!(Regexp::compile(".b").unwrap().find(b"a\xff\xffb"), Some((2, 4)));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |n: usize| "(".repeat(n) + &")".repeat(n);
    assert!(Regexp::compile(&deep(999)).is_ok());
    for n in [1000, 100_000] {
        let error = Regexp::compile(&deep(n)).unwrap_err().to_string();
        assert!(error.starts_with("error parsing regexp: expression nests too deeply: `((("));
    }
    assert!(Regexp::compile(&("(?:".repeat(1001) + &")".repeat(1001))).is_ok());
    let large = r"\pL{1000}".repeat(100);
    let error = Regexp::compile(&large).unwrap_err().to_string();
    assert!(error.starts_with("error parsing regexp: expression too large: `"));
}

#[test]
fn patterns_must_be_utf8() {
    assert!(Regexp::compile_bytes(b"a\xff").unwrap_err().to_string().contains("invalid UTF-8"));
}

#[test]
fn quoting() {
    assert_eq!(quote_meta("a.b*[c]^$-\\é/".as_bytes()), "a\\.b\\*\\[c\\]\\^\\$-\\\\é/".as_bytes());
}
