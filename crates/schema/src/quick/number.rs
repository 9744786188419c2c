//! Numbers as the validator keeps them: exact where they are whole and fit, else binary fractions.

use rhumb_value::Value;

use super::{Sure, Unsure};

/// A number of a schema or of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    /// A whole number from zero up.
    Whole(u64),
    /// A whole number below zero.
    Below(i64),
    /// Any other.
    Binary(f64),
}

impl Number {
    /// Of a JSON text. The validator's reader does what is not plain: its fractions need not be the nearest ones.
    pub(crate) fn parse(text: &str) -> Sure<Number> {
        if text.len() <= 18 && text.bytes().all(|c| c.is_ascii_digit()) {
            return text.parse().map(Number::Whole).map_err(|_| Unsure);
        }
        let number: serde_json::Number = serde_json::from_str(text).map_err(|_| Unsure)?;
        let whole = number.as_u64().map(Number::Whole).or(number.as_i64().map(Number::Below));
        whole.or(number.as_f64().map(Number::Binary)).ok_or(Unsure)
    }

    /// Of a value; nothing where it is none, or none that JSON can hold.
    pub(crate) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Int(n, kind) if kind.is_unsigned() => Some(Number::Whole(n.cast_unsigned())),
            Value::Int(n, _) => Some(Number::signed(*n)),
            Value::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => Some(Number::signed(*f as i64)),
            Value::Float(f) if f.is_finite() => Some(Number::Binary(*f)),
            _ => None,
        }
    }

    fn signed(n: i64) -> Number {
        u64::try_from(n).map_or(Number::Below(n), Number::Whole)
    }

    /// The number as the validator compares it.
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Number::Whole(n) => n as f64,
            Number::Below(n) => n as f64,
            Number::Binary(f) => f,
        }
    }

    /// Whether it is an `integer`.
    pub(crate) fn is_whole(self) -> bool {
        !matches!(self, Number::Binary(f) if f.fract() != 0.0)
    }

    /// Whether both are one number.
    pub(crate) fn same(self, other: Number) -> bool {
        match (self, other) {
            (Number::Whole(a), Number::Whole(b)) => a == b,
            (Number::Below(a), Number::Below(b)) => a == b,
            // One is below zero, the other is not.
            (Number::Whole(_), Number::Below(_)) | (Number::Below(_), Number::Whole(_)) => false,
            _ => self.as_f64() == other.as_f64(),
        }
    }
}
