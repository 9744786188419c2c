//! Tables sampled from a run of huandu/xstrings 1.5.0 over random words.

use super::*;

#[test]
fn to_snake_case_table() {
    for (input, want) in [
        (&b"HTTPServer"[..], &b"http_server"[..]),
        (&b"FirstName"[..], &b"first_name"[..]),
        (&b"NoHTTPS"[..], &b"no_https"[..]),
        (&b"GO_PATH"[..], &b"go_path"[..]),
        (&b"http2xx"[..], &b"http_2xx"[..]),
        (&b"HTTP20xOK"[..], &b"http_20x_ok"[..]),
        (&b"Duration2m3s"[..], &b"duration_2m3s"[..]),
        (&b"Bld4Floor3rd"[..], &b"bld4_floor_3rd"[..]),
        (&b"0\xc3\xa9\xc3\xa9/bab"[..], &b"0\xc3\xa9\xc3\xa9/bab"[..]),
        (&b" xa.B"[..], &b"_xa.b"[..]),
        (&b"S :Xa-YP"[..], &b"s_:xa_yp"[..]),
        (&b"bTaaP\xc3\x89PS"[..], &b"b_taa_p\xc3\xa9ps"[..]),
        (&b".yXY- \xc3\xa9x"[..], &b".y_xy__\xc3\xa9x"[..]),
        (&b"\xc3\x89Yz"[..], &b"\xc3\xa9_yz"[..]),
        (&b"\xc3\x89yb0T"[..], &b"\xc3\xa9yb0_t"[..]),
        (&b"1Tb1"[..], &b"1_tb1"[..]),
        (&b"_-z2"[..], &b"__z2"[..]),
        (&b"\xc3\x89-_"[..], &b"\xc3\xa9__"[..]),
        (&b" /- a"[..], &b"_/-_a"[..]),
        (&b" 2az"[..], &b"_2az"[..]),
        (&b"2_xbxb"[..], &b"2_xbxb"[..]),
        (&b"TabXbb"[..], &b"tab_xbb"[..]),
        (&b"zYbA1_bb"[..], &b"z_yb_a1_bb"[..]),
        (&b"YzA_ .a"[..], &b"yz_a__.a"[..]),
        (&b"-TXx y20"[..], &b"_t_xx_y20"[..]),
        (&b"11Bb"[..], &b"11_bb"[..]),
        (&b"A\xc3\x89::a"[..], &b"a\xc3\xa9::a"[..]),
        (&b"P01_/:"[..], &b"p01_/:"[..]),
        (&b"a_T\xc3\x89"[..], &b"a_t\xc3\xa9"[..]),
        (&b"b/T-T"[..], &b"b/t_t"[..]),
        (&b"Y\xc3\xa9Hy"[..], &b"y\xc3\xa9_hy"[..]),
        (&b"_\xc3\x89ya"[..], &b"_\xc3\xa9ya"[..]),
    ] {
        assert_eq!(to_snake_case(input), want, "{input:?}");
    }
}

#[test]
fn to_kebab_case_table() {
    for (input, want) in [
        (&b"HTTPServer"[..], &b"http-server"[..]),
        (&b"FirstName"[..], &b"first-name"[..]),
        (&b"NoHTTPS"[..], &b"no-https"[..]),
        (&b"GO_PATH"[..], &b"go-path"[..]),
        (&b"http2xx"[..], &b"http-2xx"[..]),
        (&b"HTTP20xOK"[..], &b"http-20x-ok"[..]),
        (&b"Duration2m3s"[..], &b"duration-2m3s"[..]),
        (&b"Bld4Floor3rd"[..], &b"bld4-floor-3rd"[..]),
        (&b"\xc3\x89ya"[..], &b"\xc3\xa9ya"[..]),
        (&b"T00_/.YB"[..], &b"t00-/.yb"[..]),
        (&b"-10 2"[..], &b"-10-2"[..]),
        (&b"_Ha/2TTa"[..], &b"-ha/2-t-ta"[..]),
        (&b"B_2P"[..], &b"b-2-p"[..]),
        (&b"P.z_"[..], &b"p.z-"[..]),
        (&b"1x y\xc3\x892\xc3\xa9_"[..], &b"1x-y-\xc3\xa9-2\xc3\xa9-"[..]),
        (&b" z__X\xc3\xa9Y"[..], &b"-z--x\xc3\xa9-y"[..]),
        (&b"a1_1"[..], &b"a1-1"[..]),
        (&b"AyYz1y"[..], &b"ay-yz-1y"[..]),
        (&b"z_ab b"[..], &b"z-ab-b"[..]),
        (&b"/ x_y.Y\xc3\xa9"[..], &b"/-x-y.y\xc3\xa9"[..]),
        (&b"z \xc3\x89x\xc3\x89Sab"[..], &b"z-\xc3\xa9x-\xc3\xa9-sab"[..]),
        (&b"BXYz"[..], &b"bx-yz"[..]),
        (&b":Yb x b"[..], &b":yb-x-b"[..]),
        (&b"PayA-x"[..], &b"pay-a-x"[..]),
        (&b"BbabAyB"[..], &b"bbab-ay-b"[..]),
        (&b" PX\xc3\xa9Say."[..], &b"-p-x\xc3\xa9-say."[..]),
        (&b"0xba\xc3\x892A"[..], &b"0xba-\xc3\xa92-a"[..]),
        (&b"BxAA01\xc3\xa9"[..], &b"bx-aa-01\xc3\xa9"[..]),
        (&b"_z1:HY2"[..], &b"-z1:hy2"[..]),
        (&b"aYz 0BS"[..], &b"a-yz-0-bs"[..]),
        (&b"_yTbT"[..], &b"-y-tb-t"[..]),
        (&b"abX\xc3\x89y"[..], &b"ab-x-\xc3\xa9y"[..]),
    ] {
        assert_eq!(to_kebab_case(input), want, "{input:?}");
    }
}

#[test]
fn to_pascal_case_table() {
    for (input, want) in [
        (&b"HTTPServer"[..], &b"Httpserver"[..]),
        (&b"FirstName"[..], &b"FirstName"[..]),
        (&b"NoHTTPS"[..], &b"NoHTTPS"[..]),
        (&b"GO_PATH"[..], &b"GoPath"[..]),
        (&b"http2xx"[..], &b"Http2xx"[..]),
        (&b"HTTP20xOK"[..], &b"Http20xOK"[..]),
        (&b"Duration2m3s"[..], &b"Duration2m3s"[..]),
        (&b"Bld4Floor3rd"[..], &b"Bld4Floor3rd"[..]),
        (&b"\xc3\xa9- aa/"[..], &b"\xc3\x89-Aa/"[..]),
        (&b"2/..0"[..], &b"2/..0"[..]),
        (&b"//BT-.b."[..], &b"//BT.b."[..]),
        (&b"x2-aX "[..], &b"X2AX "[..]),
        (&b"aP_H"[..], &b"APH"[..]),
        (&b"Ya0A:_ "[..], &b"Ya0A:_ "[..]),
        (&b"xByb_"[..], &b"XByb_"[..]),
        (&b"z- \xc3\xa9AA"[..], &b"Z-\xc3\x89AA"[..]),
        (&b"XzYaPx"[..], &b"XzYaPx"[..]),
        (&b"b\xc3\xa9/bxy0\xc3\xa9"[..], &b"B\xc3\xa9/bxy0\xc3\xa9"[..]),
        (&b"  aXxS"[..], &b"  AXxS"[..]),
        (&b":a\xc3\xa9y\xc3\xa9ba"[..], &b":a\xc3\xa9y\xc3\xa9ba"[..]),
        (&b"1 _S"[..], &b"1 S"[..]),
        (&b"\xc3\xa9a/\xc3\xa9 2a"[..], &b"\xc3\x89a/\xc3\xa92a"[..]),
        (&b"\xc3\xa9_  "[..], &b"\xc3\x89_  "[..]),
        (&b"\xc3\x89.\xc3\x89 "[..], &b"\xc3\x89.\xc3\x89 "[..]),
        (&b"--Ya"[..], &b"--Ya"[..]),
        (&b"T__y "[..], &b"T_Y "[..]),
        (&b"TxSa"[..], &b"TxSa"[..]),
        (&b"ab/S"[..], &b"Ab/S"[..]),
        (&b"\xc3\xa9b\xc3\x89Y PP"[..], &b"\xc3\x89b\xc3\x89YPp"[..]),
        (&b"abxy\xc3\x89y"[..], &b"Abxy\xc3\x89y"[..]),
        (&b"Bzz: "[..], &b"Bzz: "[..]),
        (&b"a\xc3\xa9a Sa"[..], &b"A\xc3\xa9aSa"[..]),
    ] {
        assert_eq!(to_pascal_case(input), want, "{input:?}");
    }
}

#[test]
fn swap_case_table() {
    for (input, want) in [
        (&b"by -0 xT"[..], &b"BY -0 Xt"[..]),
        (&b"TzbS0a "[..], &b"tZBs0A "[..]),
        (&b"H\xc3\xa9  "[..], &b"h\xc3\x89  "[..]),
        (&b"T\xc3\xa9 _2:"[..], &b"t\xc3\x89 _2:"[..]),
        (&b"aYbz\xc3\x891T:"[..], &b"AyBZ\xc3\xa91t:"[..]),
        (&b"aabBX"[..], &b"AABbx"[..]),
        (&b"_H.X2x"[..], &b"_h.x2X"[..]),
        (&b"_bz0b/"[..], &b"_BZ0B/"[..]),
        (&b"bX2HA."[..], &b"Bx2ha."[..]),
        (&b":SbA/P"[..], &b":sBa/p"[..]),
        (&b".:\xc3\x89.b"[..], &b".:\xc3\xa9.B"[..]),
        (&b"_\xc3\x89\xc3\x89"[..], &b"_\xc3\xa9\xc3\xa9"[..]),
        (&b"a2baxx"[..], &b"A2BAXX"[..]),
        (&b"_T 1S_"[..], &b"_t 1s_"[..]),
        (&b"_z\xc3\xa9PS"[..], &b"_Z\xc3\x89ps"[..]),
        (&b"az 0T2.B"[..], &b"AZ 0t2.b"[..]),
        (&b"P\xc3\x89 1z"[..], &b"p\xc3\xa9 1Z"[..]),
        (&b"aaxx\xc3\xa9 aT"[..], &b"AAXX\xc3\x89 At"[..]),
        (&b"bY0\xc3\xa9XxB"[..], &b"By0\xc3\x89xXb"[..]),
        (&b"aHXA"[..], &b"Ahxa"[..]),
        (&b"1\xc3\x89\xc3\xa9z_.H-"[..], &b"1\xc3\xa9\xc3\x89Z_.h-"[..]),
        (&b"Ya.\xc3\x892B::"[..], &b"yA.\xc3\xa92b::"[..]),
        (&b"P/y. _"[..], &b"p/Y. _"[..]),
        (&b"__x-y"[..], &b"__X-Y"[..]),
    ] {
        assert_eq!(swap_case(input), want, "{input:?}");
    }
}

#[test]
fn shuffle_keeps_all_characters() {
    assert_eq!(shuffle("aéb".as_bytes(), |_| 0), "éba".as_bytes());
    assert_eq!(shuffle(b"abc", |n| n), b"abc");
}
