//! Powers modulo large numbers of the lengths that keys have.

use rsa::BigUint;

use crate::primes::Montgomery;

/// A power modulo a number of 1024 or 2048 bits, an odd one.
pub(crate) fn power(base: &BigUint, exponent: &BigUint, modulus: &BigUint) -> Option<BigUint> {
    match modulus.bits() {
        1024 => power_of::<16>(base, exponent, modulus),
        2048 => power_of::<32>(base, exponent, modulus),
        _ => None,
    }
}

fn power_of<const K: usize>(base: &BigUint, exponent: &BigUint, modulus: &BigUint) -> Option<BigUint> {
    /// Bits of the exponent that are taken at once.
    const WINDOW: usize = 5;
    let (plain, exponent) = (limbs::<K>(&(base % modulus))?, limbs::<K>(exponent)?);
    let modulus = limbs::<K>(modulus).filter(|n| n[0] % 2 == 1)?;
    let field = Montgomery::new(&modulus);
    let base = field.times(&plain, &field.square_of_radix());
    let mut powers = [field.one; 1 << WINDOW];
    for i in 1..powers.len() {
        powers[i] = field.times(&powers[i - 1], &base);
    }
    let mut x = field.one;
    for start in (0..64 * K).step_by(WINDOW).rev() {
        x = (0..WINDOW).fold(x, |x, _| field.square(&x));
        let above = exponent.get(start / 64 + 1).map_or(0, |limb| limb << 1 << (63 - start % 64));
        let window = (exponent[start / 64] >> (start % 64) | above) as usize % powers.len();
        x = field.times(&x, &powers[window]);
    }
    let mut unit = [0; K];
    unit[0] = 1;
    Some(number(&field.times(&x, &unit)))
}

/// The number in so many limbs, lowest first, if it fits.
pub(crate) fn limbs<const K: usize>(n: &BigUint) -> Option<[u64; K]> {
    let bytes = n.to_bytes_le();
    let mut limbs = [[0; 8]; K];
    limbs.as_flattened_mut().get_mut(..bytes.len())?.copy_from_slice(&bytes);
    Some(limbs.map(u64::from_le_bytes))
}

/// The number of some limbs.
pub(crate) fn number(limbs: &[u64]) -> BigUint {
    BigUint::from_bytes_le(limbs.iter().map(|limb| limb.to_le_bytes()).collect::<Vec<_>>().as_flattened())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_whole_numbers() {
        let modulus = (BigUint::from(1u32) << 1024) - 105u32;
        let numbers = [BigUint::from(0u32), BigUint::from(1u32), BigUint::from(2u32), &modulus - 1u32, &modulus + 7u32];
        for base in &numbers {
            for exponent in &numbers {
                assert_eq!(power(base, exponent, &modulus).unwrap(), base.modpow(exponent, &modulus));
            }
        }
        assert_eq!(power(&numbers[2], &numbers[2], &(modulus >> 1)), None);
    }
}
