//! Tables sampled from a run of Masterminds/goutils 1.1.1 over random words.

use super::*;

#[test]
fn initials_table() {
    for (input, want) in [
        (&b"bbbBbYb Aayby\x0aHxzz "[..], &b"bAH"[..]),
        (&b"bbAHbHXH\x0aBYABa  BYaYXb bBY ByBbXyXx XzzxAybB\x0a"[..], &b"bBBbBX"[..]),
        (&b"abbababB aH AaayB Yab "[..], &b"aaAY"[..]),
        (&b"zHXH xY "[..], &b"zx"[..]),
        (&b"BaYzXB\x0abayaX HXYXx\x0aa YAYBxbBa HXx  "[..], &b"BbHaYH"[..]),
        (&b"zxH\x0abXx zaXay\x0a bx\x0a"[..], &b"zbzb"[..]),
        (&b"AAbaXa "[..], &b"A"[..]),
        (&b"za/T1b."[..], &b"z"[..]),
        (&b"a\x0aaYabbxb   XBxaBA bxAbaXxx\x0a"[..], &b"aaXb"[..]),
        (&b"byBz:0aB"[..], &b"b"[..]),
    ] {
        assert_eq!(initials(input), want, "{input:?}");
    }
}

#[test]
fn uncapitalize_table() {
    for (input, want) in [
        (&b"HaabAbBb\x0ayabaYb  bYA\x0abzXbya "[..], &b"haabAbBb\x0ayabaYb  bYA\x0abzXbya "[..]),
        (&b"BzbbBYYx "[..], &b"bzbbBYYx "[..]),
        (&b"YYxH aYY XBxbyBb  yHzYbXay "[..], &b"yYxH aYY xBxbyBb  yHzYbXay "[..]),
        (&b"B  yXHyaHb  zbb "[..], &b"b  yXHyaHb  zbb "[..]),
        (&b"x  zAaHx HH  YbayHbB "[..], &b"x  zAaHx hH  ybayHbB "[..]),
        (&b"YBz    AyAb byzYy\x0a"[..], &b"yBz    ayAb byzYy\x0a"[..]),
        (&b"bBbb"[..], &b"bBbb"[..]),
        (&b"xYAbHb zaaXABbA BbAzxAH zyyxa\x0a"[..], &b"xYAbHb zaaXABbA bbAzxAH zyyxa\x0a"[..]),
        (&b"TTHH:"[..], &b"tTHH:"[..]),
        (&b"yzYA x "[..], &b"yzYA x "[..]),
    ] {
        assert_eq!(uncapitalize(input), want, "{input:?}");
    }
}

#[test]
fn capitalize_table() {
    for (input, want) in [
        (
            &b"zxYbba bHBHxba bBaBaBAA bzaAa\x0aXBbXaAb ABaHbB "[..],
            &b"ZxYbba BHBHxba BBaBaBAA BzaAa\x0aXBbXaAb ABaHbB "[..],
        ),
        (&b"ybyA  Hb a b bXxaa\x0abzXAb "[..], &b"YbyA  Hb A B BXxaa\x0aBzXAb "[..]),
        (&b"BXXaAybB\x0aHbBza   xYbbH "[..], &b"BXXaAybB\x0aHbBza   XYbbH "[..]),
        (&b"zYXAY  b xbaYzzXX byYy\x0a"[..], &b"ZYXAY  B XbaYzzXX ByYy\x0a"[..]),
        (&b"A XXzzya axzAaAzb\x0aBb XbHbAAy    "[..], &b"A XXzzya AxzAaAzb\x0aBb XbHbAAy    "[..]),
        (&b"z/ \xc3\xa92"[..], &b"Z/ \xc3\x892"[..]),
        (&b"bHabXBYb XaxbbzA xXxYx axX  YB ba "[..], &b"BHabXBYb XaxbbzA XXxYx AxX  YB Ba "[..]),
        (&b"yBxxYB\x0aHbYHbA "[..], &b"YBxxYB\x0aHbYHbA "[..]),
        (&b"BXb-Ab1"[..], &b"BXb-Ab1"[..]),
        (&b"HaBaXb BHaaXHaY\x0aAbHY\x0aay  a  bBaYaXba "[..], &b"HaBaXb BHaaXHaY\x0aAbHY\x0aAy  A  BBaYaXba "[..]),
    ] {
        assert_eq!(capitalize(input), want, "{input:?}");
    }
}

#[test]
fn delete_white_space_table() {
    for (input, want) in [
        (&b"X \x0aXy zH\x0ababa  Ya "[..], &b"XXyzHbabaYa"[..]),
        (&b"xaba YbBxb\x0axbYy\x0a"[..], &b"xabaYbBxbxbYy"[..]),
        (&b"zbabAxxY YyzYYbA x  ByYzB "[..], &b"zbabAxxYYyzYYbAxByYzB"[..]),
        (&b":0a "[..], &b":0a"[..]),
        (&b":S-TT_ \xc3\xa9"[..], &b":S-TT_\xc3\x83\xc2\xa9"[..]),
        (&b"bbYyxab\x0aazxA\x0aBXa XzHX BxyaHBa "[..], &b"bbYyxabazxABXaXzHXBxyaHBa"[..]),
        (&b"YAabX bBbHyAz bxbbz ayxXAXa bAHA AHx "[..], &b"YAabXbBbHyAzbxbbzayxXAXabAHAAHx"[..]),
        (&b"baBHx Xyaaa "[..], &b"baBHxXyaaa"[..]),
        (&b"a\x0aBa a zaHbHy  "[..], &b"aBaazaHbHy"[..]),
        (&b"bxz \x0a"[..], &b"bxz"[..]),
    ] {
        assert_eq!(delete_white_space(input), want, "{input:?}");
    }
}

#[test]
fn wrap_table() {
    for (input, width, want) in [
        (&b"\xc3\xa9Ay"[..], 6, &b"\xc3\xa9Ay"[..]),
        (&b"XxYbyY yBbaX   bbYz  bb zyaxabX "[..], 8, &b"XxYbyY\x0ayBbaX  \x0abbYz  bb\x0azyaxabX "[..]),
        (&b" yBaabBaa AxBabB\x0a"[..], 12, &b"yBaabBaa\x0aAxBabB\x0a"[..]),
        (
            &b"HBAb\x0aAAYYY Xbzazaab Hz aA\x0aBAabYzz\x0a"[..],
            9,
            &b"HBAb\x0aAAYYY\x0aXbzazaab\x0aHz\x0aaA\x0aBAabYzz\x0a"[..],
        ),
        (&b"aXabx\x0a  BayaYYb "[..], 10, &b"aXabx\x0a \x0aBayaYYb "[..]),
        (&b"H\x0axHb  "[..], 12, &b"H\x0axHb  "[..]),
        (&b"yAxaz Y bAaY\x0az  bH "[..], 0, &b"yAxaz\x0aY\x0abAaY\x0az\x0abH\x0a"[..]),
        (&b"ba 2"[..], 0, &b"ba\x0a2"[..]),
        (&b" zHHXAbxa AXHXYbb  "[..], 10, &b"zHHXAbxa\x0aAXHXYbb  "[..]),
        (&b"A- by"[..], 3, &b"A-\x0aby"[..]),
        (
            &b"YHAza BXyBYxy\x0aAabaxBz   BbybzbY aHbBb "[..],
            0,
            &b"YHAza\x0aBXyBYxy\x0aAabaxBz\x0aBbybzbY\x0aaHbBb\x0a"[..],
        ),
        (&b"axbA  bAb zaz  AXaAy "[..], 2, &b"axbA\x0abAb\x0azaz\x0aAXaAy\x0a"[..]),
        (
            &b"bbz\x0aBaYBAxyA\x0aHayay\x0aXbybBa BBAbAxa\x0a"[..],
            4,
            &b"bbz\x0aBaYBAxyA\x0aHayay\x0aXbybBa\x0aBBAbAxa\x0a"[..],
        ),
        (&b"yHbbAAb\x0abyHbX\x0aBYHXHybA\x0a"[..], 5, &b"yHbbAAb\x0abyHbX\x0aBYHXHybA\x0a"[..]),
        (&b"xSAYTH"[..], 11, &b"xSAYTH"[..]),
        (&b"abby YHy zYyY  bXz YzyyaXYz aBxHB  "[..], 1, &b"abby\x0aYHy\x0azYyY\x0abXz\x0aYzyyaXYz\x0aaBxHB\x0a "[..]),
        (&b"H aBBxyAYa\x0aBxa Hx BXyYYxa\x0ax\x0a"[..], 3, &b"H\x0aaBBxyAYa\x0aBxa\x0aHx\x0aBXyYYxa\x0ax\x0a"[..]),
        (&b"zHxbzXY z YBaaHbY YbHHXaa  yayY "[..], 3, &b"zHxbzXY\x0az\x0aYBaaHbY\x0aYbHHXaa\x0ayayY\x0a"[..]),
        (&b"Y:0:0y"[..], 6, &b"Y:0:0y"[..]),
        (&b"bbAAabya HA "[..], 3, &b"bbAAabya\x0aHA "[..]),
    ] {
        assert_eq!(wrap(input, width, b"", false), want, "{input:?}");
    }
}

#[test]
fn wrap_with_table() {
    for (input, width, newline, want) in [
        (&b"HAbY bXza "[..], 9, &b"\x09|"[..], &b"HAbY bXza\x09|"[..]),
        (&b"z\x0aBBYXYXHY     XbbXXByz\x0axxAaaab  "[..], 11, &b"\x09|"[..], &b"z\x0aBBYXYXHY \x09|XbbXXByz\x0axx\x09|Aaaab  "[..]),
        (&b"XbAYzXa XyAzHb "[..], 7, &b"\x09|"[..], &b"XbAYzXa\x09|XyAzHb "[..]),
        (&b"yzBAAbxA YYzazBbB "[..], 1, &b"\x09|"[..], &b"y\x09|z\x09|B\x09|A\x09|A\x09|b\x09|x\x09|A\x09|Y\x09|Y\x09|z\x09|a\x09|z\x09|B\x09|b\x09|B\x09|"[..]),
        (&b"BaaxzB "[..], 5, &b"\x09|"[..], &b"Baaxz\x09|B "[..]),
        (&b"abBaayBB bHYab  AY\x0abzbaXAz\x0aHAayY "[..], 12, &b"\x09|"[..], &b"abBaayBB\x09|bHYab \x09|AY\x0abzbaXAz\x0aH\x09|AayY "[..]),
        (&b"aaxYz  "[..], 7, &b"\x09|"[..], &b"aaxYz  "[..]),
        (&b"bzaXAx BaYy\x0aYXxB ABbzXAyX bayyb "[..], 6, &b"\x09|"[..], &b"bzaXAx\x09|BaYy\x0aY\x09|XxB\x09|ABbzXA\x09|yX\x09|bayyb "[..]),
        (&b"Bx zAxYHaH zHxYByb Xay\x0a bb "[..], -1, &b"\x09|"[..], &b"B\x09|x\x09|z\x09|A\x09|x\x09|Y\x09|H\x09|a\x09|H\x09|z\x09|H\x09|x\x09|Y\x09|B\x09|y\x09|b\x09|X\x09|a\x09|y\x09|\x0a\x09|b\x09|b\x09|"[..]),
        (&b"zxz "[..], 10, &b"\x09|"[..], &b"zxz "[..]),
        (&b"bSA_ba2 "[..], 4, &b"\x09|"[..], &b"bSA_\x09|ba2 "[..]),
        (&b"H azb\x0a"[..], 5, &b"\x09|"[..], &b"H\x09|azb\x0a"[..]),
        (&b"/0X-a\xc3\xa9T"[..], 4, &b"\x09|"[..], &b"/0X-\x09|a\xc3\xa9T"[..]),
        (&b"xb   "[..], 9, &b"\x09|"[..], &b"xb   "[..]),
        (&b"b_\xc3\xa9b."[..], 10, &b"\x09|"[..], &b"b_\xc3\xa9b."[..]),
        (&b"bbA b ab\x0axB  "[..], 12, &b"\x09|"[..], &b"bbA b ab\x0axB \x09|"[..]),
        (&b"yyXza\x0ayb  XAHb "[..], 11, &b"\x09|"[..], &b"yyXza\x0ayb \x09|XAHb "[..]),
        (&b"BabHYAAb  "[..], 12, &b"\x09|"[..], &b"BabHYAAb  "[..]),
        (&b" Hyx H BHHbA xaYxzay "[..], 5, &b"\x09|"[..], &b"Hyx H\x09|BHHbA\x09|xaYxz\x09|ay "[..]),
        (&b"yxX X "[..], 6, &b"\x09|"[..], &b"yxX X "[..]),
    ] {
assert_eq!(wrap(input, width, newline, true), want, "{input:?}");
    }
}

#[test]
fn abbreviate_table() {
    for (input, offset, max, want) in [
        (&b"yAxayzx A yzaHAYBb\x0aAzHHaXA xyaYxy "[..], 8, 14, &b"...A yzaHAY..."[..]),
        (&b"zBybbbY HHyHxAB YXXBYx BzAAyb\x0aaHHaH\x0abBza  "[..], 12, 9, &b"...xAB..."[..]),
        (&b"aSy_:"[..], 3, 2, &b"Estringutils illegal argument: Minimum abbreviation width is 4"[..]),
        (&b"baA  "[..], 3, 16, &b"baA  "[..]),
        (&b"BzHByxz\x0abYA YzayA  \x0aaabyaHaz aBXaxbBz "[..], -2, 7, &b"BzHB..."[..]),
        (
            &b"xYx yHHBAz Ab\x0a "[..],
            10,
            4,
            &b"Estringutils illegal argument: Minimum abbreviation width with offset is 7"[..],
        ),
        (&b"b  \x0aAybHXAx  abYx abaBbBy\x0aabbzXb "[..], 2, 12, &b"b  \x0aAybHX..."[..]),
        (&b".YTB"[..], 17, 10, &b".YTB"[..]),
        (&b"H BxaAxHA "[..], 13, 15, &b"H BxaAxHA "[..]),
        (&b"Bxzax zB xXaXaYyY\x0abA\x0aHHbBHyHa x\x0a"[..], -2, 11, &b"Bxzax zB..."[..]),
        (&b"b\x0aa\x0aY  baaXbxBx "[..], 9, 17, &b"b\x0aa\x0aY  baaXbxBx "[..]),
        (&b"Xa  BXbyAXbx a bbb "[..], 17, 3, &b"Estringutils illegal argument: Minimum abbreviation width is 4"[..]),
        (&b"ByyXbY Ybbbzb  aYHXB aaYzzbaa  xxyYyYa "[..], -2, 19, &b"ByyXbY Ybbbzb  a..."[..]),
        (&b"TX\xc3\xa9aa"[..], 0, 11, &b"TX\xc3\xa9aa"[..]),
        (&b"Yay aa "[..], 13, 19, &b"Yay aa "[..]),
        (&b"xAabxXAa yBbXx zyBABy\x0a\x0aHbyaxabx Az  "[..], 8, 7, &b"... ..."[..]),
        (&b"zxx aza aBYzYBAa "[..], 10, 12, &b"...aBYzYBAa "[..]),
        (
            &b"xaaxYxb\x0abYaXYYYX\x0axHHAzaAA azXy   aAYBXxzB\x0a"[..],
            13,
            5,
            &b"Estringutils illegal argument: Minimum abbreviation width with offset is 7"[..],
        ),
        (&b"aaaYyBa HHab\x0ayXbyYHza aXYHAx za  "[..], 5, 11, &b"...Ba HH..."[..]),
        (&b" Xb  \x0a"[..], -1, 5, &b" X..."[..]),
        (&b"bABbbH aHB\x0aHaaxBxzx HXaAbHX\x0a"[..], 14, 14, &b"...xBxzx HX..."[..]),
        (&b"x xyxXz  bYyAbaba Hb\x0axbYayAX "[..], 14, 14, &b"...aba Hb\x0ax..."[..]),
        (&b"bB\x0aaYAAXBXA "[..], 1, 7, &b"bB\x0aa..."[..]),
        (&b"yHHXXAaX YHHb\x0a a  bAaBAyX ybbbzBbz\x0a"[..], -2, 4, &b"y..."[..]),
    ] {
        let got = abbreviate(input, offset, max).unwrap_or_else(|e| format!("E{e}").into_bytes());
        assert_eq!(got, want, "{input:?}");
    }
}
