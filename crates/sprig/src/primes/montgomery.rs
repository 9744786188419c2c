//! Arithmetic modulo one large odd number, in Montgomery's form, on limbs of 64 bits. It takes no care to hide its timing.

/// Arithmetic modulo an odd number with its highest bit set; numbers stand for themselves times the radix 2^(64 K).
pub(crate) struct Montgomery<const K: usize> {
    modulus: [u64; K],
    /// Minus the inverse of the modulus, modulo 2^64.
    inverse: u64,
    /// One, in the form.
    pub(crate) one: [u64; K],
    /// One less than nothing, in the form.
    pub(crate) minus_one: [u64; K],
}

impl<const K: usize> Montgomery<K> {
    /// The arithmetic of an odd number with its highest bit set.
    pub(crate) fn new(modulus: &[u64; K]) -> Self {
        // The modulus has its highest bit set, so the radix less the modulus is the radix's remainder.
        let one = minus(&[0; K], modulus).0;
        let inverse = inverse(modulus[0]).wrapping_neg();
        Montgomery { modulus: *modulus, inverse, one, minus_one: minus(modulus, &one).0 }
    }

    /// What brings a plain number into the form, as a factor.
    pub(crate) fn square_of_radix(&self) -> [u64; K] {
        // Doubled to the radix times 2^K; squared six times, that is the radix times 2^(64 K).
        let shifted = (0..K).fold(self.one, |n, _| self.double(&n));
        (0..6).fold(shifted, |n, _| self.square(&n))
    }

    /// The number twice.
    pub(crate) fn double(&self, a: &[u64; K]) -> [u64; K] {
        let mut out = [0; K];
        let mut carry = 0;
        for (to, from) in out.iter_mut().zip(a) {
            *to = (from << 1) | carry;
            carry = from >> 63;
        }
        self.below_modulus(out, carry)
    }

    /// The product, divided by the radix.
    pub(crate) fn times(&self, a: &[u64; K], b: &[u64; K]) -> [u64; K] {
        let mut wide = [[0; K]; 2];
        let limbs = wide.as_flattened_mut();
        for (i, factors) in b.as_chunks().0.iter().enumerate() {
            let over = add_rows(&mut limbs[2 * i..2 * i + K], a, *factors, 0);
            (limbs[2 * i + K], limbs[2 * i + K + 1]) = halves(over);
        }
        self.divided(wide)
    }

    /// The square, divided by the radix.
    #[inline]
    pub(crate) fn square(&self, a: &[u64; K]) -> [u64; K] {
        let mut wide = [[0; K]; 2];
        let limbs = wide.as_flattened_mut();
        // Each product of two different limbs once, all of them doubled, then the squares of limbs.
        for i in (0..K).step_by(2) {
            let (low, high) = halves(u128::from(a[i]) * u128::from(a[i + 1]) + u128::from(limbs[2 * i + 1]));
            limbs[2 * i + 1] = low;
            let over = add_rows(&mut limbs[2 * i + 2..i + K], &a[i + 2..], [a[i], a[i + 1]], high);
            (limbs[i + K], limbs[i + K + 1]) = halves(over);
        }
        let (mut top, mut carry) = (0, false);
        for (pair, limb) in limbs.as_chunks_mut::<2>().0.iter_mut().zip(a) {
            let square = u128::from(*limb) * u128::from(*limb);
            let twice = u128::from(pair[0]) << 1 | u128::from(pair[1]) << 65 | top;
            top = u128::from(pair[1] >> 63);
            let (sum, first) = twice.overflowing_add(square);
            let (sum, second) = sum.overflowing_add(u128::from(carry));
            *pair = halves(sum).into();
            carry = first || second;
        }
        self.divided(wide)
    }

    /// A number of twice the length, below the modulus times the radix, divided by the radix.
    #[inline]
    fn divided(&self, mut wide: [[u64; K]; 2]) -> [u64; K] {
        let limbs = wide.as_flattened_mut();
        let mut carry = false;
        for i in (0..K).step_by(2) {
            // Multiples of the modulus that make two limbs zero.
            let first = limbs[i].wrapping_mul(self.inverse);
            let low = u128::from(first) * u128::from(self.modulus[0]) + u128::from(limbs[i]);
            let next = limbs[i + 1].wrapping_add(first.wrapping_mul(self.modulus[1])).wrapping_add((low >> 64) as u64);
            let second = next.wrapping_mul(self.inverse);
            let over = add_rows(&mut limbs[i..i + K], &self.modulus, [first, second], 0);
            let above = u128::from(limbs[i + K]) | u128::from(limbs[i + K + 1]) << 64;
            let (sum, one) = above.overflowing_add(over);
            let (sum, other) = sum.overflowing_add(u128::from(carry));
            (limbs[i + K], limbs[i + K + 1]) = halves(sum);
            carry = one || other;
        }
        self.below_modulus(wide[1], u64::from(carry))
    }

    /// A factor of 64 bits, and a division by 2^64.
    pub(crate) fn times_limb(&self, a: &[u64; K], factor: u64) -> [u64; K] {
        let (low, mut high) = halves(u128::from(a[0]) * u128::from(factor));
        let quotient = low.wrapping_mul(self.inverse);
        let (_, mut over) = halves(u128::from(quotient) * u128::from(self.modulus[0]) + u128::from(low));
        let mut out = [0; K];
        for i in 1..K {
            let product = u128::from(a[i]) * u128::from(factor) + u128::from(high);
            let multiple =
                u128::from(quotient) * u128::from(self.modulus[i]) + u128::from(product as u64) + u128::from(over);
            high = halves(product).1;
            (out[i - 1], over) = halves(multiple);
        }
        let (sum, carry) = high.overflowing_add(over);
        out[K - 1] = sum;
        self.below_modulus(out, u64::from(carry))
    }

    /// A number below twice the modulus, its highest bit apart, brought below the modulus.
    fn below_modulus(&self, a: [u64; K], high: u64) -> [u64; K] {
        let (less, is_below) = minus(&a, &self.modulus);
        if high == 0 && is_below { a } else { less }
    }
}

/// Adds a number times two limbs, and what was carried, to as many limbs; what is left over are the limbs above them.
///
/// Two rows at once, for either has to wait for its own carries.
#[inline(always)]
fn add_rows(to: &mut [u64], a: &[u64], factors: [u64; 2], carried: u64) -> u128 {
    let (mut below, mut first, mut second) = (0, carried, 0);
    for (to, limb) in to.iter_mut().zip(a) {
        // No sum here runs over two limbs.
        let (sum, high) = halves(u128::from(*limb) * u128::from(factors[0]) + u128::from(*to) + u128::from(first));
        first = high;
        let (sum, high) = halves(u128::from(below) * u128::from(factors[1]) + u128::from(sum) + u128::from(second));
        second = high;
        *to = sum;
        below = *limb;
    }
    u128::from(below) * u128::from(factors[1]) + u128::from(first) + u128::from(second)
}

/// The lower and the higher limb.
#[inline(always)]
fn halves(n: u128) -> (u64, u64) {
    (n as u64, (n >> 64) as u64)
}

/// The inverse of an odd number, modulo 2^64.
pub(super) fn inverse(odd: u64) -> u64 {
    // Newton's iteration doubles the correct bits each time, from three.
    (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse))))
}

/// The difference, and whether it ran below zero.
pub(super) fn minus<const K: usize>(a: &[u64; K], b: &[u64; K]) -> ([u64; K], bool) {
    let mut out = [0; K];
    let mut borrow = false;
    for i in 0..K {
        let (value, first) = a[i].overflowing_sub(b[i]);
        let (value, second) = value.overflowing_sub(u64::from(borrow));
        out[i] = value;
        borrow = first || second;
    }
    (out, borrow)
}

#[cfg(test)]
mod tests {
    use rsa::BigUint;

    use super::*;

    fn big(limbs: &[u64]) -> BigUint {
        limbs.iter().rev().fold(BigUint::from(0u32), |n, limb| (n << 64) + BigUint::from(*limb))
    }

    #[test]
    fn products_are_those_of_whole_numbers() {
        let modulus = [0x1234_5678_9abc_def1, u64::MAX, 7, 0xF000_0000_0000_0001];
        let field = Montgomery::new(&modulus);
        let plain = |n: &[u64; 4]| big(&field.times(n, &[1, 0, 0, 0]));
        let inside = |n: &[u64; 4]| field.times(n, &field.square_of_radix());
        let near = minus(&modulus, &[1, 0, 0, 0]).0;
        let numbers = [
            [0; 4],
            [1, 0, 0, 0],
            [5, 6, u64::MAX, 0xE000_0000_0000_0000],
            [u64::MAX, 0, 1, 0xA000_0000_0000_0000],
            [u64::MAX, u64::MAX, u64::MAX, 0xEFFF_FFFF_FFFF_FFFF],
            near,
        ];
        let n = big(&modulus);
        for a in numbers {
            assert_eq!(plain(&inside(&a)), big(&a));
            assert_eq!(plain(&field.double(&inside(&a))), big(&a) * 2u32 % &n);
            assert_eq!(plain(&field.square(&inside(&a))), big(&a) * big(&a) % &n);
            // Squares and products of forms that are not below the modulus's form of anything small.
            assert_eq!(field.square(&a), field.times(&a, &a));
            for b in numbers {
                assert_eq!(plain(&field.times(&inside(&a), &inside(&b))), big(&a) * big(&b) % &n);
            }
            for factor in [0, 1, 0xFEDC_BA98_7654_3210, u64::MAX] {
                let product = big(&field.times_limb(&a, factor)) << 64;
                assert_eq!(product % &n, big(&a) * BigUint::from(factor) % &n);
            }
        }
        assert_eq!(plain(&field.one), BigUint::from(1u32));
        assert_eq!(plain(&field.minus_one), n - 1u32);
    }
}
