//! Decimal arithmetic of floats, so that `addf 1.1 2.2` is 3.3.

/// A whole number times a power of ten; a float where the digits would not fit.
#[derive(Clone, Debug)]
pub(crate) enum Decimal {
    Exact(i128, i32),
    Float(f64),
}

/// Places after the point that a division keeps.
const DIVISION_PLACES: i32 = 16;

impl Decimal {
    /// The shortest decimal that reads back as this float.
    pub(crate) fn of(f: f64) -> Decimal {
        let text = format!("{f:e}");
        let parsed = text.split_once('e').and_then(|(mantissa, exponent)| {
            let places = mantissa.split_once('.').map_or(0, |(_, p)| p.len());
            let whole = mantissa.replace('.', "").parse::<i128>().ok()?;
            Some(Decimal::Exact(whole, exponent.parse::<i32>().ok()? - i32::try_from(places).ok()?))
        });
        parsed.unwrap_or(Decimal::Float(f))
    }

    /// The nearest float.
    pub(crate) fn to_float(&self) -> f64 {
        match self {
            Decimal::Exact(n, e) => format!("{n}e{e}").parse().unwrap_or(0.0),
            Decimal::Float(f) => *f,
        }
    }

    fn with(
        &self,
        other: &Decimal,
        exact: fn(i128, i32, i128, i32) -> Option<Decimal>,
        float: fn(f64, f64) -> f64,
    ) -> Decimal {
        let done = match (self, other) {
            (Decimal::Exact(a, e), Decimal::Exact(b, f)) => exact(*a, *e, *b, *f),
            _ => None,
        };
        done.unwrap_or_else(|| Decimal::Float(float(self.to_float(), other.to_float())))
    }

    pub(crate) fn add(&self, other: &Decimal) -> Decimal {
        self.with(other, sum, |a, b| a + b)
    }

    pub(crate) fn sub(&self, other: &Decimal) -> Decimal {
        self.with(other, |a, e, b, f| sum(a, e, -b, f), |a, b| a - b)
    }

    pub(crate) fn mul(&self, other: &Decimal) -> Decimal {
        self.with(other, |a, e, b, f| Some(Decimal::Exact(a.checked_mul(b)?, e + f)), |a, b| a * b)
    }

    /// Rounded half away from zero at the sixteenth place. The divisor is not zero.
    pub(crate) fn div(&self, other: &Decimal) -> Decimal {
        self.with(other, quotient, |a, b| a / b)
    }
}

fn scaled(n: i128, places: i32) -> Option<i128> {
    n.checked_mul(10i128.checked_pow(u32::try_from(places).ok()?)?)
}

fn sum(a: i128, e: i32, b: i128, f: i32) -> Option<Decimal> {
    let low = e.min(f);
    Some(Decimal::Exact(scaled(a, e - low)?.checked_add(scaled(b, f - low)?)?, low))
}

fn quotient(a: i128, e: i32, b: i128, f: i32) -> Option<Decimal> {
    let shift = e - f + DIVISION_PLACES;
    let (a, b) = if shift >= 0 { (scaled(a, shift)?, b) } else { (a, scaled(b, -shift)?) };
    let (whole, rest) = (a.checked_div(b)?, a.checked_rem(b)?);
    let up = rest.unsigned_abs().checked_mul(2)? >= b.unsigned_abs();
    let step = if (a < 0) == (b < 0) { 1 } else { -1 };
    Some(Decimal::Exact(if up { whole + step } else { whole }, -DIVISION_PLACES))
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    // Observed on Helm 4.3.1 (`addf`, `mulf`, `divf`).
    #[test]
    fn floats_add_as_decimals() {
        let d = Decimal::of;
        assert_eq!(d(1.1).add(&d(2.2)).to_float(), 3.3);
        assert_eq!(d(1.1).mul(&d(1.1)).to_float(), 1.21);
        assert_eq!(d(1.0).div(&d(3.0)).to_float(), 0.3333333333333333);
        assert_eq!(d(3.0).sub(&d(1.1)).sub(&d(0.1)).to_float(), 1.8);
    }
}
