//! Tables sampled from a run of Go's own `strconv` over random input.

use super::*;

fn text<T: ToString>(result: Result<T, NumError>) -> String {
    result.map_or_else(|e| format!("E{e}"), |v| v.to_string())
}

fn float(bits: i64) -> f64 {
    f64::from_bits(bits.cast_unsigned())
}

#[test]
fn format_float_table() {
    for (bits, fmt, prec, size, want) in [
        (-5180667948473253888, b'q', 0, 64, "%q"),
        (4830425566990257280, b'b', -1, 64, "7070366076456064p-3"),
        (4606665934285391528, b'E', 19, 32, "9.4265872240066528320E-01"),
        (4573233227213844777, b'b', -1, 64, "6583205060161833p-60"),
        (4804839484504143360, b'g', 6, 64, "1.6613e+13"),
        (4666296106208196559, b'E', -1, 32, "9.223171E+03"),
        (-4736176967158167162, b'f', 1, 64, "-0.0"),
        (4491880043986365095, b'e', 14, 64, "2.08277961251839e-08"),
        (-5073035230331647383, b'q', 9, 32, "%q"),
        (4702940034293039104, b'q', 6, 64, "%q"),
        (4740937278785588082, b'x', -1, 64, "0x1.b3156246c0b72p+29"),
        (4770800088363827200, b'e', 0, 32, "9e+10"),
        (4629805970053136384, b'e', 13, 64, "3.2750000000000e+01"),
        (-4897032939830771712, b'X', 19, 32, "-0X1.A3E7CA0000000000000P-63"),
        (4588643569268456696, b'q', 9, 32, "%q"),
        (4681312634175183913, b'q', 15, 64, "%q"),
        (-4512308427041194337, b'F', 21, 32, "%F"),
        (4675049911463444480, b'F', -1, 32, "%F"),
        (-4790031520938838109, b'b', -1, 64, "-6302082210740131p-91"),
        (4711961789728817152, b'E', 2, 64, "1.06E+07"),
        (7117740341878003533, b'e', 6, 64, "6.867867e+167"),
        (4748131155121799168, b'X', 19, 64, "0X1.4C02100000000000000P+31"),
        (4624704236100255744, b'e', 12, 64, "1.512500000000e+01"),
        (-4979502817459415355, b'x', 0, 64, "-0x1p-81"),
        (4836473541215702312, b'F', 9, 64, "%F"),
        (4626322717216342016, b'f', 22, 64, "20.0000000000000000000000"),
        (4708683344018145280, b'e', -1, 32, "6.449719e+06"),
        (-5134570657190772736, b'b', 7, 32, "-15907208p-139"),
        (4500094003122798592, b'X', -1, 64, "0X1.38BA74P-24"),
        (9222441914868136387, b'e', 19, 64, "NaN"),
        (4598631344930663078, b'b', 1, 64, "4959725012757158p-54"),
        (-8275433691763636028, b'F', 11, 64, "%F"),
        (-4586291697872273408, b'q', 12, 64, "%q"),
        (4318550557443311663, b'x', 15, 32, "0x1.e92da0000000000p-65"),
        (-4586687522058272768, b'e', -1, 64, "-9.925e+01"),
        (4695424281114941850, b'X', -1, 32, "0X1.97F81AP+19"),
        (4768900012191140514, b'G', -1, 64, "6.557621811314577E+10"),
        (-8984763134979241695, b'f', 13, 64, "-0.0000000000000"),
        (4619567317775286272, b'X', -1, 64, "0X1.CP+02"),
        (4620833955170484224, b'F', 10, 64, "%F"),
    ] {
        assert_eq!(format_float(float(bits), fmt, prec, size), want, "{bits} {fmt} {prec}");
    }
}

#[test]
fn fmt_float_v_table() {
    for (bits, want) in [
        (4696242597797874893, "930785.4"),
        (4589270410163388416, "0.06392094492912292"),
        (-4162637938418515968, "-2.166039040095539e+30"),
        (4680236612238945812, "80038.43"),
        (-4464693211390017536, "-1.4078557184e+10"),
        (-4570835577728382755, "-1096.3148452085945"),
        (4745849131791024128, "1.922207784e+09"),
        (4680181203037658808, "79232.12"),
        (4634388734517706752, "66.625"),
        (4616503106869420219, "4.278434"),
        (4616611830519824384, "4.375"),
        (5676153166073334180, "3.0018450143558145e+71"),
        (4633183669773664256, "56.75"),
        (4630157813774024704, "35.25"),
        (4663185822558950785, "5878.799"),
        (4681280461777760420, "95228.44"),
        (4544832721337743165, "7.053137571985404e-05"),
        (-4617606569641639936, "-0.8426867723464966"),
        (4790496665222973768, "1.87350120984058e+12"),
        (-4540454033756055091, "-119057.80248556212"),
    ] {
        assert_eq!(fmt_float_v(float(bits)), want);
    }
}

#[test]
fn json_float_table() {
    for (bits, want) in [
        (3083817891897769642, "1.5583253165593356e-102"),
        (4617105537628974875, "4.8135"),
        (4603210743828235269, "0.5590555"),
        (4941390797157728021, "2.2840525181322653e+22"),
        (-4547916964483301376, "-37996.93359375"),
        (-4542134949049794560, "-94597.265625"),
        (4634325972634774693, "65.7331"),
        (4683793310390891315, "132518.4"),
        (-4959216702188396469, "-1.2127702760422918e-23"),
        (4790682504134258688, "1918872037791"),
        (4287313190221512704, "4.181724395543699e-22"),
        (4591761894076365345, "0.09849723"),
        (4306712260167485082, "8.688676505419918e-21"),
        (4591628679761115547, "0.09664851"),
        (4157570536613849127, "9.198964211136687e-31"),
        (4851168192315970497, "21179973061267204"),
        (2903640570085838031, "1.4112769550594901e-114"),
        (4795543797660555264, "4012399299667"),
        (-6425037915171657943, "-1.3118351837877296e-121"),
        (4293747037653084343, "1.1886960732872703e-21"),
    ] {
        assert_eq!(json_float(float(bits)), want);
    }
}

#[test]
fn parse_int_table() {
    for (input, base, bits, want) in [
        (&b""[..], 10, 8, "Estrconv.ParseInt: parsing \"\": invalid syntax"),
        (
            &b"99248.628673003228921916164333717576e+9"[..],
            10,
            64,
            "Estrconv.ParseInt: parsing \"99248.628673003228921916164333717576e+9\": invalid syntax",
        ),
        (&b"+3065912454198e-524"[..], 0, 65, "Estrconv.ParseInt: parsing \"+3065912454198e-524\": invalid bit size 65"),
        (
            &b"0x.a567e7f0dbc4292ed2ebp+6011"[..],
            40,
            16,
            "Estrconv.ParseInt: parsing \"0x.a567e7f0dbc4292ed2ebp+6011\": invalid base 40",
        ),
        (&b"x0a"[..], 0, 32, "Estrconv.ParseInt: parsing \"x0a\": invalid syntax"),
        (
            &b"-0x5_.d256722548b540fc017909cp-881"[..],
            36,
            16,
            "Estrconv.ParseInt: parsing \"-0x5_.d256722548b540fc017909cp-881\": invalid syntax",
        ),
        (&b""[..], 8, 64, "Estrconv.ParseInt: parsing \"\": invalid syntax"),
        (&b"Pc+1_8x9x"[..], 8, 0, "Estrconv.ParseInt: parsing \"Pc+1_8x9x\": invalid syntax"),
        (
            &b"8040565599816542170327595"[..],
            2,
            64,
            "Estrconv.ParseInt: parsing \"8040565599816542170327595\": invalid syntax",
        ),
        (
            &b"-0xca95ff6942bdb8a9d312c86378ep0"[..],
            16,
            16,
            "Estrconv.ParseInt: parsing \"-0xca95ff6942bdb8a9d312c86378ep0\": invalid syntax",
        ),
        (&b"0xp40a"[..], 0, 8, "Estrconv.ParseInt: parsing \"0xp40a\": invalid syntax"),
        (
            &b"+0x4_db.abc0d4fb5f3bd98ep-964"[..],
            10,
            0,
            "Estrconv.ParseInt: parsing \"+0x4_db.abc0d4fb5f3bd98ep-964\": invalid syntax",
        ),
        (&b"0105"[..], 16, 16, "261"),
        (&b"0339"[..], 16, 64, "825"),
        (&b"147"[..], 0, 16, "147"),
        (&b"61"[..], 36, 16, "217"),
        (&b"0"[..], 36, 8, "0"),
        (&b"873527622506003589"[..], 10, 0, "873527622506003589"),
        (&b"a01"[..], 16, 32, "2561"),
        (&b"0"[..], 8, 16, "0"),
        (&b"992328"[..], 16, 8, "Estrconv.ParseInt: parsing \"992328\": value out of range"),
        (
            &b"-817741977758312579566989485e-06"[..],
            0,
            64,
            "Estrconv.ParseInt: parsing \"-817741977758312579566989485e-06\": value out of range",
        ),
        (&b"76455339780"[..], 0, 8, "Estrconv.ParseInt: parsing \"76455339780\": value out of range"),
        (
            &b"34462123756646801099605291"[..],
            0,
            0,
            "Estrconv.ParseInt: parsing \"34462123756646801099605291\": value out of range",
        ),
        (&b"+0xd_0.887dep09"[..], 40, 65, "Estrconv.ParseInt: parsing \"+0xd_0.887dep09\": invalid base 40"),
        (&b"0OBB_2"[..], 8, 65, "Estrconv.ParseInt: parsing \"0OBB_2\": invalid bit size 65"),
        (&b"40_224"[..], 36, 16, "Estrconv.ParseInt: parsing \"40_224\": invalid syntax"),
    ] {
        assert_eq!(text(parse_int(input, base, bits)), want, "{input:?}");
    }
}

#[test]
fn parse_uint_table() {
    for (input, base, bits, want) in [
        (&b"0x.p2"[..], 0, 0, "Estrconv.ParseUint: parsing \"0x.p2\": invalid syntax"),
        (&b"+0x.1bcp7899"[..], 8, 65, "Estrconv.ParseUint: parsing \"+0x.1bcp7899\": invalid bit size 65"),
        (&b"0O0A1xo411"[..], 0, 64, "Estrconv.ParseUint: parsing \"0O0A1xo411\": invalid syntax"),
        (&b"0B"[..], 40, 0, "Estrconv.ParseUint: parsing \"0B\": invalid base 40"),
        (&b"0X1f7"[..], 36, 65, "Estrconv.ParseUint: parsing \"0X1f7\": invalid bit size 65"),
        (
            &b"25449568989991380828929203732"[..],
            10,
            8,
            "Estrconv.ParseUint: parsing \"25449568989991380828929203732\": value out of range",
        ),
        (
            &b"970.505877694717675618"[..],
            0,
            16,
            "Estrconv.ParseUint: parsing \"970.505877694717675618\": invalid syntax",
        ),
        (&b"020.02333354479970e"[..], 1, 0, "Estrconv.ParseUint: parsing \"020.02333354479970e\": invalid base 1"),
        (&b"14844613-5"[..], 0, 65, "Estrconv.ParseUint: parsing \"14844613-5\": invalid bit size 65"),
        (&b"0oE.Pb"[..], 1, 65, "Estrconv.ParseUint: parsing \"0oE.Pb\": invalid base 1"),
        (&b"+0x_55231f0db7ep5"[..], 0, 16, "Estrconv.ParseUint: parsing \"+0x_55231f0db7ep5\": invalid syntax"),
        (&b"4PP7"[..], 0, 64, "Estrconv.ParseUint: parsing \"4PP7\": invalid syntax"),
        (&b"0X0B80"[..], 0, 0, "2944"),
        (&b"0O"[..], 36, 16, "24"),
        (&b"0x4"[..], 0, 8, "4"),
        (&b"0O"[..], 36, 32, "24"),
        (&b"0b"[..], 36, 16, "11"),
        (&b"0Of2"[..], 36, 16, "31646"),
        (&b"0O21"[..], 0, 0, "17"),
        (&b"0be2aPff511"[..], 36, 64, "1156835095763509"),
        (
            &b"59751272141777639520486076137-872"[..],
            36,
            64,
            "Estrconv.ParseUint: parsing \"59751272141777639520486076137-872\": value out of range",
        ),
        (
            &b"0xa851d62b93dc83133a1p6"[..],
            0,
            8,
            "Estrconv.ParseUint: parsing \"0xa851d62b93dc83133a1p6\": value out of range",
        ),
        (&b"0o01P14oee"[..], 36, 32, "Estrconv.ParseUint: parsing \"0o01P14oee\": value out of range"),
        (
            &b"0x891f12a78dbe8fcbca9717d17e8p-4866"[..],
            36,
            0,
            "Estrconv.ParseUint: parsing \"0x891f12a78dbe8fcbca9717d17e8p-4866\": value out of range",
        ),
        (&b".-_b50"[..], 0, 32, "Estrconv.ParseUint: parsing \".-_b50\": invalid syntax"),
        (&b"12_"[..], 2, 8, "Estrconv.ParseUint: parsing \"12_\": invalid syntax"),
        (&b"2_"[..], 36, 65, "Estrconv.ParseUint: parsing \"2_\": invalid bit size 65"),
    ] {
        assert_eq!(text(parse_uint(input, base, bits)), want, "{input:?}");
    }
}

#[test]
fn parse_float_table() {
    for (input, bits, want) in [
        (
            &b"+55181825868842665312985e+321"[..],
            32,
            "Estrconv.ParseFloat: parsing \"+55181825868842665312985e+321\": value out of range",
        ),
        (&b"0x6b0_p"[..], 32, "Estrconv.ParseFloat: parsing \"0x6b0_p\": invalid syntax"),
        (&b"0X5Ac+_E5a"[..], 64, "Estrconv.ParseFloat: parsing \"0X5Ac+_E5a\": invalid syntax"),
        (
            &b"-1553057383277181e759"[..],
            64,
            "Estrconv.ParseFloat: parsing \"-1553057383277181e759\": value out of range",
        ),
        (
            &b"-0x4fd22276fc6acff9a63b1p2326"[..],
            32,
            "Estrconv.ParseFloat: parsing \"-0x4fd22276fc6acff9a63b1p2326\": value out of range",
        ),
        (&b"-62658874-085"[..], 64, "Estrconv.ParseFloat: parsing \"-62658874-085\": invalid syntax"),
        (&b"+940.80775876e-"[..], 64, "Estrconv.ParseFloat: parsing \"+940.80775876e-\": invalid syntax"),
        (&b"0x0"[..], 32, "Estrconv.ParseFloat: parsing \"0x0\": invalid syntax"),
        (&b"-.12bX72B"[..], 64, "Estrconv.ParseFloat: parsing \"-.12bX72B\": invalid syntax"),
        (&b"4559250839-038"[..], 64, "Estrconv.ParseFloat: parsing \"4559250839-038\": invalid syntax"),
        (
            &b"-49809.99095827772178e797"[..],
            32,
            "Estrconv.ParseFloat: parsing \"-49809.99095827772178e797\": value out of range",
        ),
        (&b"A2eepo6-4x"[..], 32, "Estrconv.ParseFloat: parsing \"A2eepo6-4x\": invalid syntax"),
        (&b"0x6a.3b2bap-7"[..], 64, "4605650571066605568"),
        (&b"513760431292883524777735005834767"[..], 64, "5096197437178194356"),
        (&b"0x8a.p+680"[..], 64, "7701507206524436480"),
        (&b"-0xd5e6f46dbd8b2fp8"[..], 64, "-4329440427716923034"),
        (&b"+0x9_fec0530p012"[..], 32, "4801960356589076480"),
        (&b"+0xc8c_45ca14e1686667a3p0"[..], 32, "4947512653607075840"),
        (&b"0"[..], 32, "0"),
        (&b"-1e-400"[..], 32, "-9223372036854775808"),
        (&b"-0x02175260c6b603317327fp269"[..], 64, "-3057739006357426150"),
        (&b"403445764457752772706297662"[..], 32, "5004866494752882688"),
        (&b"321570007390426581496285393"[..], 64, "5003675045868781350"),
        (&b"+3.501810e-8"[..], 32, "4495380614207242240"),
        (&b"214118527977923376377291363156326544"[..], 64, "5135403669905071514"),
        (&b"08610."[..], 64, "4665959011886039040"),
        (&b"+34525531741407300e19"[..], 64, "5138782657267396819"),
        (&b"0x3c16a5115d3bap-1"[..], 32, "4827308299550457856"),
        (&b"-0x0_62c3f3960b2cp-84"[..], 64, "-4784880003852350720"),
        (&b"0xf_7_a.089p+57"[..], 64, "4917636197523652608"),
        (&b"+0xc_40b9186ad8f369716b73e7p0688"[..], 64, "8117880655780884967"),
        (&b"0x110_a.47e4270fp760"[..], 64, "8084254109993471744"),
    ] {
        let got = parse_float(input, bits).map(|f| f.to_bits().cast_signed());
        assert_eq!(text(got), want, "{input:?}");
    }
}

#[test]
fn parse_bool_table() {
    for (input, want) in [
        (&b"1"[..], "true"),
        (&b"t"[..], "true"),
        (&b"T"[..], "true"),
        (&b"true"[..], "true"),
        (&b"TRUE"[..], "true"),
        (&b"True"[..], "true"),
        (&b"tRUE"[..], "Estrconv.ParseBool: parsing \"tRUE\": invalid syntax"),
        (&b"0"[..], "false"),
        (&b"f"[..], "false"),
        (&b"False"[..], "false"),
        (&b""[..], "Estrconv.ParseBool: parsing \"\": invalid syntax"),
        (&b"yes"[..], "Estrconv.ParseBool: parsing \"yes\": invalid syntax"),
    ] {
        assert_eq!(text(parse_bool(input)), want);
    }
}

#[test]
fn quote_table() {
    for (input, want) in [
        (&b"'\x80\x9f\x00\"\x09\\\x0a\x09\x9f\"\x80"[..], &b"\"'\\x80\\x9f\\x00\\\"\\t\\\\\\n\\t\\x9f\\\"\\x80\""[..]),
        (
            &b"\xa9\xe2\xac\xe2`\xe2\x98\x7f\xc3'\xc3\x80"[..],
            &b"\"\\xa9\\xe2\\xac\\xe2`\\xe2\\x98\\x7f\\xc3'\xc3\x80\""[..],
        ),
        (&b"\x7f\"\xff\xa9\x00\""[..], &b"\"\\x7f\\\"\\xff\\xa9\\x00\\\"\""[..]),
        (&b"\\a\xe2\x98a\xa9\x80b\x9f\x98\xc3c"[..], &b"\"\\\\a\\xe2\\x98a\\xa9\\x80b\\x9f\\x98\\xc3c\""[..]),
        (&b"\xc2\x9b\xca\xa8"[..], &b"\"\\u009b\xca\xa8\""[..]),
        (&b"\xf0\x7f\x09\xff"[..], &b"\"\\xf0\\x7f\\t\\xff\""[..]),
        (&b"`\x7f\xff\x09\x09b\x00"[..], &b"\"`\\x7f\\xff\\t\\tb\\x00\""[..]),
        (&b"\xc2\x9b\x19\xc6\xa0\x03\xd2\xb1"[..], &b"\"\\u009b\\x19\xc6\xa0\\x03\xd2\xb1\""[..]),
        (&b"\\\x82\x0a\\\x7f\x00\x7f\x00\"\xf0"[..], &b"\"\\\\\\x82\\n\\\\\\x7f\\x00\\x7f\\x00\\\"\\xf0\""[..]),
        (&b"\x9f\"\xa9\xf0c\x7fa"[..], &b"\"\\x9f\\\"\\xa9\\xf0c\\x7fa\""[..]),
        (&b"\xcd\x82"[..], &b"\"\xcd\x82\""[..]),
        (&b"\xe2`caa\""[..], &b"\"\\xe2`caa\\\"\""[..]),
        (&b"\xc9\x9a"[..], &b"\"\xc9\x9a\""[..]),
        (
            &b"\x9f\xe2`\\\x80\x0a\x00\xac\xaca\x98\x9f"[..],
            &b"\"\\x9f\\xe2`\\\\\\x80\\n\\x00\\xac\\xaca\\x98\\x9f\""[..],
        ),
        (&b"\x9f'\xe2\xc3\"\x98"[..], &b"\"\\x9f'\\xe2\\xc3\\\"\\x98\""[..]),
        (&b"\x9f\x80\x9f\xc3b\x0a\x0a\x80'"[..], &b"\"\\x9f\\x80\\x9f\\xc3b\\n\\n\\x80'\""[..]),
    ] {
        assert_eq!(quote(input), want, "{input:?}");
    }
}

#[test]
fn quote_to_ascii_table() {
    for (input, want) in [
        (&b"\x0a\x80\x7f"[..], &b"\"\\n\\x80\\x7f\""[..]),
        (&b"\xc9\x8b\xd3\xa7\xd3\xb9\xce\x85\xc7\x83"[..], &b"\"\\u024b\\u04e7\\u04f9\\u0385\\u01c3\""[..]),
        (&b"\xf0\xe2\x9f\x00\x82b\x0a\xf0`\x0a\x80"[..], &b"\"\\xf0\\xe2\\x9f\\x00\\x82b\\n\\xf0`\\n\\x80\""[..]),
        (&b"\xce\xa3Y\xc7\x80\xd0\xa0"[..], &b"\"\\u03a3Y\\u01c0\\u0420\""[..]),
        (&b"\xff\x9f\x80`\x09"[..], &b"\"\\xff\\x9f\\x80`\\t\""[..]),
        (&b"\x09\x80\xff\xa9\\\xa9\x82"[..], &b"\"\\t\\x80\\xff\\xa9\\\\\\xa9\\x82\""[..]),
        (&b""[..], &b"\"\""[..]),
        (&b"\xc3\x80\xffa"[..], &b"\"\\u00c0\\xffa\""[..]),
        (&b"b\xac\x98\xf0\x7f'\x80\"\xf0c"[..], &b"\"b\\xac\\x98\\xf0\\x7f'\\x80\\\"\\xf0c\""[..]),
        (&b"\xa9`"[..], &b"\"\\xa9`\""[..]),
        (&b"\xd3\x95"[..], &b"\"\\u04d5\""[..]),
        (&b"Ez\xd1\xb0\xd0\x90\xc6\xbe"[..], &b"\"Ez\\u0470\\u0410\\u01be\""[..]),
        (&b"''\x00'\"b"[..], &b"\"''\\x00'\\\"b\""[..]),
        (&b"0\xc6\xa6\xcf\xa3"[..], &b"\"0\\u01a6\\u03e3\""[..]),
        (&b"\x80\x9f\\\x00\xe2'"[..], &b"\"\\x80\\x9f\\\\\\x00\\xe2'\""[..]),
        (&b"\xcc\xb4"[..], &b"\"\\u0334\""[..]),
    ] {
        assert_eq!(quote_to_ascii(input), want, "{input:?}");
    }
}

#[test]
fn unquote_table() {
    for (input, want) in [
        (&b"x\\9`x"[..], None),
        (&b"'\x0d1''"[..], None),
        (&b"\"4\x0a9\\n7n\""[..], None),
        (&b"x4x"[..], None),
        (&b"\"t\x0d\x0a58\"\""[..], None),
        (&b"x6U6\xa988u\x80x"[..], None),
        (&b"'\\ad3a108d'"[..], None),
        (&b"x\\cx"[..], None),
        (&b"'\\cfedd'"[..], None),
        (&b"`\\37\\8\\0``"[..], None),
        (&b"'\\u062'"[..], None),
        (&b"xx"[..], None),
        (&b"\"\\u7d8088e\""[..], Some(&b"\xe7\xb6\x8088e"[..])),
        (&b"\"\xa9r3\xa9\xc3\x0d\""[..], Some(&b"\xef\xbf\xbdr3\xef\xbf\xbd\xef\xbf\xbd\x0d"[..])),
        (&b"``"[..], Some(&b""[..])),
        (&b"\"\""[..], Some(&b""[..])),
        (&b"`57`"[..], Some(&b"57"[..])),
        (&b"''"[..], Some(&b""[..])),
        (&b"''"[..], Some(&b""[..])),
        (&b"`\x0a\x80U2\x80157`"[..], Some(&b"\x0a\x80U2\x80157"[..])),
        (&b"\"\""[..], Some(&b""[..])),
        (&b"\"nb`\x0d\""[..], Some(&b"nb`\x0d"[..])),
        (&b"\"4\x80\""[..], Some(&b"4\xef\xbf\xbd"[..])),
        (&b"`rU7n\xa9`"[..], Some(&b"rU7n\xa9"[..])),
        (&b"\"351a1\""[..], Some(&b"351a1"[..])),
        (&b"'7'"[..], Some(&b"7"[..])),
        (&b"\"\""[..], Some(&b""[..])),
        (&b"\"n50n\\\\un\""[..], Some(&b"n50n\\un"[..])),
    ] {
        assert_eq!(unquote(input).as_deref(), want, "{input:?}");
    }
}

#[test]
fn can_backquote_table() {
    for (input, want) in [
        (&b"\xce\xbc\xc9\x9e\xcb\xa9\xcb\xa5\xca\x99"[..], true),
        (&b"I\xcb\xb2"[..], true),
        (&b"\xd1\x9c\xce\xa1\xcb\x95"[..], true),
        (&b"\xc2\x8a\xc6\xb4h"[..], true),
        (&b""[..], true),
        (&b"\xce\xa0\xca\xa9\xc4\x93\xcc\xa2\xc7\xbf"[..], true),
        (&b"c\xff\x09"[..], false),
        (&b"\\c\x82\x80\\\xff\\\x0a\\`"[..], false),
        (&b"\xf0`\x7f\xac\xc3\""[..], false),
        (&b"\xc3b\xf0ca\x09"[..], false),
        (&b"'\xf0\x80\xffc"[..], false),
        (&b"\xac\x80\xff\x09b\x80"[..], false),
    ] {
        assert_eq!(can_backquote(input), want, "{input:?}");
    }
}

#[test]
fn quote_rune_table() {
    for (code, want) in [
        (37, &b"'%'"[..]),
        (237, &b"'\xc3\xad'"[..]),
        (372, &b"'\xc5\xb4'"[..]),
        (374, &b"'\xc5\xb6'"[..]),
        (222, &b"'\xc3\x9e'"[..]),
        (613, &b"'\xc9\xa5'"[..]),
        (256, &b"'\xc4\x80'"[..]),
        (175, &b"'\xc2\xaf'"[..]),
        (377, &b"'\xc5\xb9'"[..]),
        (219, &b"'\xc3\x9b'"[..]),
    ] {
        assert_eq!(quote_rune(code, false), want);
    }
}
