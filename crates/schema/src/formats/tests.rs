//! Answers of Helm 4.3.1; `conformance/schema/formats.case` has many more of them.

use super::find;

/// A format, texts of it, and texts that are not, with the reason.
type Case<'t> = (&'t str, &'t [&'t str], &'t [(&'t str, &'t str)]);

const CASES: &[Case<'_>] = &[
    (
        "email",
        &["a@b", "a@b.c", "@b", "\"a b\"@c.d", "a@[127.0.0.1]"],
        &[
            ("a", "missing @"),
            ("a@", "invalid domain: label must be 1 to 63 characters long"),
            ("a b@c", "invalid character ' '"),
            ("a@[::1]", "invalid ipv4 address: expected four decimals"),
            (".a@b", "starts with dot"),
            ("a.@b", "ends with dot"),
            ("a..b@c", "consecutive dots"),
            ("a@-b", "invalid domain: label starts with hyphen"),
            ("a@b-", "invalid domain: label ends with hyphen"),
            ("a@é.c", "invalid domain: invalid character 'é'"),
            ("\"a\"b\"@c", "backslash and quote are not allowed within quoted local part"),
            ("a@[300.1.1.1]", "invalid ipv4 address: decimal must be between 0 and 255"),
            ("a@[IPv6:zz]", "invalid ipv6 address: missing colon"),
            ("éééééééééééééééééééééééééééééééééééééééé@b", "local part more than 64 characters long"),
            ("a@[IPv6:::1%e]", "invalid ipv6 address: zone id is not a part of ipv6 address"),
            ("a@[01.2.3.4]", "invalid ipv4 address: leading zeros"),
        ],
    ),
    ("idn-email", &["a@b", "é@é", "a", "실례@실례.테스트", "@"], &[]),
    (
        "hostname",
        &["a", "a.b", "a-b", "a.", "1"],
        &[
            ("-a", "label starts with hyphen"),
            ("a-", "label ends with hyphen"),
            ("a..b", "label must be 1 to 63 characters long"),
            ("é", "invalid character 'é'"),
        ],
    ),
    ("idn-hostname", &["a", "é", "실례.테스트", "〮한국", "-a"], &[]),
    (
        "ipv6",
        &["::1", "::", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"],
        &[
            ("1:2:3:4:5:6:7", "ParseAddr(\"1:2:3:4:5:6:7\"): address string too short"),
            ("::1%eth0", "zone id is not a part of ipv6 address"),
            ("", "missing colon"),
        ],
    ),
    (
        "ipv4",
        &["1.2.3.4", "1.2.3.+4", "0.0.0.0", "1.2.3.-0", "1.2.3.+0"],
        &[
            ("1.2.3", "expected four decimals"),
            ("01.2.3.4", "leading zeros"),
            ("256.1.1.1", "decimal must be between 0 and 255"),
            ("a.b.c.d", "strconv.Atoi: parsing \"a\": invalid syntax"),
        ],
    ),
    (
        "date",
        &["2020-01-01", "2020-02-29", "0000-01-01", "2000-02-29"],
        &[("2020-1-1", "parsing time \"2020-1-1\" as \"2006-01-02\": cannot parse \"1-1\" as \"01\"")],
    ),
    (
        "time",
        &["00:00:00Z", "00:00:00z", "23:59:60Z", "00:00:00+01:00", "00:00:00.1Z"],
        &[
            ("00:00:00", "less than 9 characters long"),
            ("24:00:00Z", "hour/min/sec out of range"),
            ("22:59:60Z", "invalid leap second"),
            ("00:00:00+1:00", "offset must be 6 characters long"),
            ("00:00:00-24:00", "hour/min in offset out of range"),
            ("00:00:00.Z", "no digits in second fraction"),
            ("aa:bb:ccZ", "invalid hour/min/sec"),
            ("00-00-00Z", "missing colon in correct place"),
            ("-1:00:00Z", "non-positive hour/min/sec"),
            ("00:00:00+aa:bb", "invalid hour/min in offset"),
            ("00:00:00*01:00", "offset must begin with plus/minus"),
            ("12:00:00+-1:00", "non-positive hour/min in offset"),
            ("12:00:00+1:000", "missing colon in offset in correct place"),
        ],
    ),
    (
        "date-time",
        &[
            "2020-01-01T00:00:00Z",
            "2020-01-01t00:00:00z",
            "2020-01-01T00:00:00+01:00",
            "2020-01-01T00:00:00.5Z",
            "1998-12-31T23:59:60Z",
        ],
        &[
            ("2020-01-01 00:00:00Z", "11th character must be t or T"),
            ("2020-01-01T00:00:00", "less than 20 characters long"),
            ("2020-13-01T00:00:00Z", "invalid date element: parsing time \"2020-13-01\": month out of range"),
            ("2020-01-01T25:00:00Z", "invalid time element: hour/min/sec out of range"),
            ("2020-01-01T00:00:60Z", "invalid time element: invalid leap second"),
            ("2020-01-01T00:00:00.Z", "invalid time element: no digits in second fraction"),
            ("2020-01-01T0a:00:00Z", "invalid time element: invalid hour/min/sec"),
            ("2020-01-01T00:00:00é", "invalid time element: offset must be 6 characters long"),
            ("2020-01-01T-1:00:00Z", "invalid time element: non-positive hour/min/sec"),
        ],
    ),
    (
        "duration",
        &["P1D", "P1Y2M3D", "PT1H2M3S", "P1W", "P1DT1H"],
        &[
            ("P", "nothing after P"),
            ("PT", "no time elements"),
            ("P1W1D", "invalid unit 'W'"),
            ("1D", "must start with P"),
            ("P1D2M", "unit 'M' out of order"),
            ("P1", "missing unit"),
            ("P-1D", "missing number"),
            ("PW", "no number in week"),
            ("PaW", "invalid week"),
            ("P1DT1HT1M", "more than one T"),
        ],
    ),
    (
        "period",
        &["P1D/2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z/P1D", "2020-01-01T00:00:00Z/2020-01-01T00:00:00Z"],
        &[
            ("P1D/P1D", "invalid end date-time: less than 20 characters long"),
            ("P1D", "missing slash"),
            ("2020/2021", "invalid start date-time: less than 20 characters long"),
            ("P/2020-01-01T00:00:00Z", "invalid start duration: nothing after P"),
            ("2020-01-01T00:00:00Z/P", "invalid end duration: nothing after P"),
            (
                "P1D/2020-13-01T00:00:00Z",
                "invalid end date-time: invalid date element: parsing time \"2020-13-01\": month out of range",
            ),
            ("2020-01-01T25:00:00Z/P1D", "invalid start date-time: invalid time element: hour/min/sec out of range"),
            (
                "P1D/2020-01-01T00:00:00Z/x",
                "invalid end date-time: invalid time element: offset must be 6 characters long",
            ),
            ("PX/x", "invalid start duration: missing number"),
            ("2020-01-01T00:00:00Z/P1X", "invalid end duration: invalid unit 'X'"),
            (
                "2020-01-01T00:00:00Z/2020-01-01T00:61:00Z",
                "invalid end date-time: invalid time element: hour/min/sec out of range",
            ),
        ],
    ),
    (
        "json-pointer",
        &["", "/", "/a", "/a~0", "/a~1"],
        &[("a", "not starting with /"), ("/a~", "~ must be followed by 0 or 1")],
    ),
    (
        "relative-json-pointer",
        &["0", "1/a", "1#", "0/", "10/a"],
        &[
            ("01", "starts with zero"),
            ("-1", "must start with non-negative integer"),
            ("0/~", "~ must be followed by 0 or 1"),
            ("0##", "not starting with /"),
        ],
    ),
    (
        "uuid",
        &[
            "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
            "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
            "00000000-0000-0000-0000-000000000000",
        ],
        &[
            ("2eb8aa08-aa98-11ea-b4aa-73b441d1638", "element 5 must be 12 characters long"),
            ("2eb8aa08-aa98-11ea-b4aa73b441d16380", "must have 5 elements"),
            ("ggb8aa08-aa98-11ea-b4aa-73b441d16380", "non-hex character 'g'"),
            ("2eb8aa0-8aa98-11ea-b4aa-73b441d16380", "element 1 must be 8 characters long"),
        ],
    ),
    (
        "uri",
        &["http://x", "http://x/y?z#w", "http:", "http://", "http://[::1]"],
        &[
            ("x", "relative url"),
            ("http://x y", "parse \"http://x y\": invalid character \" \" in host name"),
            ("http://[::1%25eth0]", "invalid ipv6 address: zone id is not a part of ipv6 address"),
            ("a://::1", "ipv6 address not enclosed in brackets"),
        ],
    ),
    (
        "uri-reference",
        &["x", "/x", "//x", "", "http://x"],
        &[("http://x y", "parse \"http://x y\": invalid character \" \" in host name")],
    ),
    (
        "iri",
        &["http://x", "http://é", "http://ƒøø.ßår/?∂éœ=πîx#πîüx"],
        &[("x", "relative url"), ("http://é y", "parse \"http://é y\": invalid character \" \" in host name")],
    ),
    ("iri-reference", &["x", "é", "", "a b", "//é"], &[("%", "parse \"%\": invalid URL escape \"%\"")]),
    (
        "uri-template",
        &["", "a", "{a}", "{a}{b}", "{}"],
        &[
            ("{", "no matching closing brace"),
            ("}", "nested curly braces"),
            ("http://x y/{a}", "parse \"http://x y/{a}\": invalid character \" \" in host name"),
        ],
    ),
    (
        "semver",
        &["1.2.3", "1.2.3-a", "1.2.3+b", "1.2.3-a.b+c.d", "1.2.3--"],
        &[
            ("1.2", "versionCore must have 3 numbers separated by dot"),
            ("v1.2.3", "major contains non-digit"),
            ("01.2.3", "major starts with zero"),
            ("1.2.3-", "pre-release identifier is empty"),
            ("1.2.3-01", "pre-release numeric identifier starts with zero"),
            ("1.2.3+", "build is empty"),
            ("1.2.3-é", "invalid character 'é' in pre-release identifier"),
            ("1.2.x", "patch contains non-digit"),
            ("1..3", "minor is empty"),
            (".2.3", "major is empty"),
            ("1.2.", "patch is empty"),
            ("1.02.3", "minor starts with zero"),
            ("1.2.03", "patch starts with zero"),
            ("1.2.3+a.", "build identifier is empty"),
            ("1.b.c", "minor contains non-digit"),
        ],
    ),
];

#[test]
fn answers_of_the_reference() {
    for (name, fit, unfit) in CASES {
        let check = find(name).unwrap_or_else(|| panic!("{name}"));
        for text in *fit {
            assert_eq!(check(text), Ok(()), "{name}: {text}");
        }
        for (text, reason) in *unfit {
            assert_eq!(check(text), Err((*reason).to_owned()), "{name}: {text}");
        }
    }
    assert!(find("regex").is_none() && find("port").is_none());
}
