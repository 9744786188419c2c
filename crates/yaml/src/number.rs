//! Numbers as the two emitters write them.

use rhumb_gostd::strconv::{format_float, json_float};

/// Go's `strconv.FormatFloat(f, 'g', -1, 64)`.
pub(crate) fn go_g(f: f64) -> String {
    format_float(f, b'g', -1, 64)
}

/// The same with the digits of a float32, as floats become text in map keys and string fields.
pub(crate) fn go_g32(f: f64) -> String {
    format_float(f, b'g', -1, 32)
}

/// A float as it comes out of `toYaml`: JSON first, then read again, where a number without dot and exponent is an integer.
pub(crate) fn json_then_yaml(f: f64) -> String {
    if f == 0.0 {
        return "0".to_owned();
    }
    let text = json_float(f);
    let integer = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    if integer { text } else { go_g(f) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with `toYaml`, `toYamlPretty` and as map keys.
    #[test]
    fn numbers_are_written_as_the_reference_does() {
        let cases = [
            (1e6, "1000000", "1e+06", "1e+06"),
            (1e20, "1e+20", "1e+20", "1e+20"),
            (9.223_372_036_854_776e18, "9223372036854776000", "9.223372036854776e+18", "9.223372e+18"),
            (1_234_567.5, "1.2345675e+06", "1.2345675e+06", "1.2345675e+06"),
            (100_000.5, "100000.5", "100000.5", "100000.5"),
            (1e-7, "1e-07", "1e-07", "1e-07"),
            (-0.0, "0", "-0", "-0"),
            (123_456_789.5, "1.234567895e+08", "1.234567895e+08", "1.2345679e+08"),
            (f64::INFINITY, "", "+Inf", "+Inf"),
        ];
        for (f, yaml, pretty, key) in cases {
            if f.is_finite() {
                assert_eq!(json_then_yaml(f), yaml, "{f}");
            }
            assert_eq!((go_g(f).as_str(), go_g32(f).as_str()), (pretty, key), "{f}");
        }
    }
}
