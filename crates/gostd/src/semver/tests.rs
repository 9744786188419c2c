//! The reference's answers to versions and ranges, observed by running Masterminds/semver 3.5.0.

use super::{Constraints, Version};

/// The versions that each range below is asked about, in the order of its digits.
const VERSIONS: [&str; 14] = [
    "0.0.0",
    "0.0.3",
    "0.0.4",
    "0.2.3",
    "0.3.0",
    "1.0.0",
    "1.2.0",
    "1.2.3-beta",
    "1.2.3",
    "1.2.4",
    "1.3.0",
    "2.0.0-beta",
    "2.0.0",
    "3.1.0",
];
const RANGES: &[(&str, &str)] = &[
    ("", "!improper constraint: \"\""),
    ("*", "11111110111011"),
    (">1", "00000000000011"),
    ("> 1.2", "00000000001011"),
    (">=1.2.3", "00000000111011"),
    (">= 1.2.3, < 2.0.0", "00000000111000"),
    (">=1.2.3 <2", "00000000111000"),
    (">=1.2.3<2", "!improper constraint: \">=1.2.3<2\""),
    ("=1.2", "00000010110000"),
    ("1.2", "00000010110000"),
    ("1", "00000110111000"),
    ("=*", "11111110111011"),
    ("!=1.2.x", "11111100001011"),
    ("!=1", "11111000000011"),
    ("!=1.2.3", "11111110011011"),
    ("!=*", "01111110111011"),
    ("<1.2", "11111100000000"),
    (">1.x", "00000000000011"),
    (">1.2.x", "00000000001011"),
    ("<=1.x", "11111110111000"),
    ("<=1.2", "11111110110000"),
    ("=<1.2", "11111110110000"),
    ("=>1.2", "00000010111011"),
    ("~1", "00000110111000"),
    ("~1.2", "00000010110000"),
    ("~1.2.3", "00000000110000"),
    ("~1.2.3-beta", "00000001110000"),
    ("~*", "11111110111011"),
    ("~>1.2", "00000010110000"),
    ("^1", "00000110111000"),
    ("^1.2.3", "00000000111000"),
    ("^0.2.3", "00010000000000"),
    ("^0.0.3", "01000000000000"),
    ("^0.0", "11100000000000"),
    ("^0", "11111000000000"),
    ("^*", "10000000000000"),
    ("^1.2.3-beta.1", "00000000111000"),
    ("1.2 - 2.3", "00000010111010"),
    ("1.2.3 - 2.3.4", "00000000111010"),
    ("1 - 2", "00000110111010"),
    ("1.2.x", "00000010110000"),
    ("1.X", "00000110111000"),
    ("1.*", "00000110111000"),
    ("x", "11111110111011"),
    ("X", "11111110111011"),
    ("1.2.3 || 2.0.0", "00000000100010"),
    ("||", "!improper constraint: \"\""),
    ("1 ||", "!improper constraint: \"\""),
    ("|| 1", "!improper constraint: \"\""),
    (",", "!improper constraint: \",\""),
    (", 1", "!improper constraint: \", 1\""),
    ("1,", "!improper constraint: \"1,\""),
    (">=1,,<2", "!improper constraint: \">=1,,<2\""),
    ("> = 1", "!improper constraint: \"> = 1\""),
    ("==1", "!improper constraint: \"==1\""),
    ("~=1", "!improper constraint: \"~=1\""),
    ("a", "!improper constraint: \"a\""),
    ("1.2.3.4", "!improper constraint: \"1.2.3.4\""),
    (">=1.2.3-0", "00000001111111"),
    (">0-0", "00000111111111"),
    (">=0.0.0-0", "11111111111111"),
    ("1.2.3-alpha", "00000000000000"),
    (">v1.2", "00000000001011"),
    (">=v1.2.3", "00000000111011"),
    ("^v1", "00000110111000"),
    ("  1.2  ", "00000010110000"),
    (" >= 1.2 ", "00000010111011"),
    ("1.2-3.4", "00000011110000"),
    ("1.2 -3.4", "!improper constraint: \"1.2 -3.4\""),
    ("1.2- 3.4", "!improper constraint: \"1.2- 3.4\""),
    (">1 - 2", "!improper constraint: \">>= 1, <= 2 \""),
    ("1.2 - x", "00000000000000"),
    ("* - 1", "11111110111000"),
    ("1 - 2 - 3", "!improper constraint: \">= 1, <= 2 - 3\""),
    ("1-2", "00000111111000"),
    ("!1", "!improper constraint: \"!1\""),
    ("!=1.2.3 !=1.2.4", "11111110001011"),
    ("~ 1.2", "00000010110000"),
    ("~> 1", "00000110111000"),
    ("<>1", "!improper constraint: \"<>1\""),
    (">=1.0.0 <2.0.0 || >=3", "00000110111001"),
    (">=1,<2||>=3", "00000110111001"),
    ("x.1", "11111110111011"),
    ("x.2.3", "11111110111011"),
    ("*.2", "11111110111011"),
    ("1.x.3", "00000110111000"),
    ("1.*.2-a", "00000111111000"),
    ("01.2", "00000010110000"),
    ("1.2.3+meta", "00000000100000"),
    ("=1.2.3+meta", "00000000100000"),
    (">=1.2.3-beta+m", "00000001111111"),
    ("^1.x", "00000110111000"),
    ("~1.x", "00000110111000"),
    ("^x.1", "10000000000000"),
    ("~x.1", "11111110111011"),
    (">x", "01111110111011"),
    (">=x", "11111110111011"),
    ("<x", "00000000000000"),
    ("<=x", "11100000000000"),
    ("1.2.3-", "!improper constraint: \"1.2.3-\""),
    ("latest", "!improper constraint: \"latest\""),
    ("99999999999999999999", "!constraint parser error"),
    ("=1.2.99999999999999999999", "!constraint parser error"),
    ("\t1", "00000110111000"),
    ("1\n2", "00000000000000"),
    (">1;", "!improper constraint: \">1;\""),
    ("<1 >2, 3", "00000000000000"),
    ("1.2.3 1.2.3", "00000000100000"),
    ("<=2.0.0-beta", "11111111111100"),
    ("<2.0.0-0", "11111111111000"),
    ("=1.2.3-beta", "00000001000000"),
    ("^0.0.0", "10000000000000"),
    ("^0.0.x", "11100000000000"),
    ("^0.x", "11111000000000"),
    ("~0", "11111000000000"),
    ("~0.0", "11100000000000"),
    (">1.2.3-beta <2", "00000000111100"),
    ("~1.2.3-beta || 3", "00000001110001"),
    ("1.2.3,2", "00000000000000"),
    ("1 ,2", "00000000000000"),
    (" ", "!improper constraint: \" \""),
    ("1 | 2", "!constraint parser error"),
    ("1|2", "!constraint parser error"),
    ("1 ||| 2", "!constraint parser error"),
    ("1 || || 2", "!improper constraint: \" \""),
    ("=v1.2.3", "00000000100000"),
    ("v1.2", "00000010110000"),
    ("v1 - v2", "00000110111010"),
    ("V1", "!improper constraint: \"V1\""),
    (">=1.2.3-", "!improper constraint: \">=1.2.3-\""),
    (">=1.2.3+", "!improper constraint: \">=1.2.3+\""),
    ("1.2.3 -2", "!improper constraint: \"1.2.3 -2\""),
    ("1.2.3 - 1.2.3-beta", "00000000000000"),
    ("X.X.X", "11111110111011"),
    ("*.*.*", "11111110111011"),
    ("1.2.3-x", "00000000000000"),
    ("1.2.x-beta", "00000011110000"),
    (">=1.2.x-beta", "00000011111111"),
    ("é", "!improper constraint: \"é\""),
    (">=é", "!improper constraint: \">=é\""),
    (">= 1.2.3 , <=2", "00000000111010"),
    ("~>1.2.3, !=1.2.5", "00000000110000"),
    ("^1.2 ^1.3", "00000000001000"),
    (">1>2", "!improper constraint: \">1>2\""),
    ("1>2", "!improper constraint: \"1>2\""),
    ("~1~2", "!improper constraint: \"~1~2\""),
    ("1.2.3 <", "!improper constraint: \"1.2.3 <\""),
    (">= ", "!improper constraint: \">= \""),
    (">", "!improper constraint: \">\""),
];

/// One digit for each version, or `!` and the error.
fn answer(range: &str) -> String {
    match Constraints::parse(range) {
        Err(error) => format!("!{error}"),
        Ok(range) => {
            VERSIONS.iter().map(|v| if range.check(&Version::parse(v).unwrap()) { '1' } else { '0' }).collect()
        }
    }
}

#[test]
fn ranges_admit_what_the_reference_admits() {
    for (range, expected) in RANGES {
        assert_eq!(answer(range), *expected, "range {range:?}");
    }
}

#[test]
fn validate_gives_the_reference_sentences() {
    let table = [
        ("<1.2", "1.2.3", "\"1.2.3\" is greater than or equal to \"1.2\""),
        (">v1.2", "1.2.3", "\"1.2.3\" is less than or equal to \"v1.2\""),
        ("!=1.2.x", "1.2.3", "\"1.2.3\" is equal to \"1.2.x\""),
        ("=1.2.3", "v1.2", "\"1.2.0\" is not equal to \"1.2.3\""),
        ("~1.2", "1.3.0", "\"1.3.0\" does not have same major and minor version as \"1.2\""),
        ("^1", "2.0.0", "\"2.0.0\" does not have same major version as \"1\""),
        (
            "^0.2.3",
            "0.3.0",
            "\"0.3.0\" does not have same minor version as \"0.2.3\". Expected minor versions to match when constraint major version is 0",
        ),
        ("^0.0.3", "0.2.3", "\"0.2.3\" does not have same minor version as \"0.0.3\""),
        (
            "^0.0.3",
            "0.0.4",
            "\"0.0.4\" does not equal \"0.0.3\". Expect version and constraint to equal when major and minor versions are 0",
        ),
        (
            ">=1, <3 || >5",
            "2.0.0-beta",
            "\"2.0.0-beta\" is a prerelease version and the constraint is only looking for release versions",
        ),
        (
            "<1 >2, 3",
            "1.2.3",
            "\"1.2.3\" is greater than or equal to \"1\"|\"1.2.3\" is less than or equal to \"2\"|\"1.2.3\" is less than \"3\"",
        ),
    ];
    for (range, version, expected) in table {
        let range = Constraints::parse(range).unwrap();
        let reasons = range.validate(&Version::parse(version).unwrap()).unwrap_err();
        assert_eq!(reasons.join("|"), expected);
    }
}

#[test]
fn versions_are_read_leniently() {
    let table = [
        ("v1.2.3", "1.2.3"),
        ("1", "1.0.0"),
        ("1.2-beta", "1.2.0-beta"),
        ("01.2.3", "1.2.3"),
        ("1.2.3-beta.1+b345", "1.2.3-beta.1+b345"),
        ("1.2.3--", "1.2.3--"),
        ("", "!invalid semantic version"),
        ("V1.2.3", "!invalid semantic version"),
        ("1.2.3.4", "!invalid semantic version"),
        ("1.2.3-", "!invalid semantic version"),
        ("1.2.3-01", "!version segment starts with 0"),
        (
            "18446744073709551616.0.0",
            "!error parsing version segment: strconv.ParseUint: parsing \"18446744073709551616\": value out of range",
        ),
    ];
    for (text, expected) in table {
        let got = Version::parse(text).map_or_else(|e| format!("!{e}"), |v| v.to_string());
        assert_eq!(got, expected, "version {text:?}");
    }
    let long = Version::parse(&"1".repeat(257)).unwrap_err();
    assert_eq!(long.to_string(), "version string is too long (max 256 bytes)");
}

#[test]
fn strict_versions_name_the_fault() {
    let table = [
        ("1.2.3-a+b", "1.2.3-a+b"),
        ("", "!version string empty"),
        ("1.2", "!invalid semantic version"),
        ("v1.2.3", "!invalid characters in version"),
        ("1.02.3", "!version segment starts with 0"),
        ("1..2", "!strconv.ParseUint: parsing \"\": invalid syntax"),
        ("1.2.3-", "!invalid prerelease string"),
        ("0.0.00-", "!invalid prerelease string"),
        ("0.0.0-+", "!invalid metadata string"),
    ];
    for (text, expected) in table {
        let got = Version::parse_strict(text).map_or_else(|e| format!("!{e}"), |v| v.to_string());
        assert_eq!(got, expected, "version {text:?}");
    }
}

#[test]
fn precedence() {
    let ascending = [
        "1.2.3-1",
        "1.2.3-2",
        "1.2.3-10",
        "1.2.3--5",
        "1.2.3-18446744073709551616",
        "1.2.3-A",
        "1.2.3-a",
        "1.2.3-a.1",
        "1.2.3-a.b",
        "1.2.3-a.b.c",
        "1.2.3",
        "1.3.0-a",
    ];
    for pair in ascending.windows(2) {
        assert!(Version::parse(pair[0]).unwrap() < Version::parse(pair[1]).unwrap(), "{pair:?}");
    }
    assert_eq!(Version::parse("1.2.3+a").unwrap(), Version::parse("v1.2.3+b").unwrap());
}

#[test]
fn derived_versions_keep_the_v() {
    let version = Version::parse("v1.2.3-b").unwrap();
    assert_eq!(version.inc_major().unwrap().original(), "v2.0.0");
    assert_eq!(version.inc_minor().unwrap().to_string(), "1.3.0");
    assert_eq!(version.inc_patch().unwrap().original(), "v1.2.3");
    assert_eq!(version.set_metadata("m.01").unwrap().original(), "v1.2.3-b+m.01");
    assert_eq!(version.set_prerelease("01").unwrap_err().to_string(), "version segment starts with 0");
    let top = Version::new(u64::MAX, 0, 0);
    assert_eq!(top.inc_major().unwrap_err().to_string(), "major version increment would overflow uint64");
}

#[test]
fn ranges_print_in_normal_form() {
    let range = Constraints::parse(" >= 1.2 ,<2 || 1 - v3 ").unwrap();
    assert_eq!(range.to_string(), ">=1.2 <2 || >=1 <=v3");
}
