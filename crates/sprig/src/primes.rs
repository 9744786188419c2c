//! Large random primes, for RSA keys. Charts that make certificates spend nearly all their time here.
//!
//! Candidates are sieved by small primes, then tried by the test of Miller and Rabin: once to base 2, which nearly every composite
//! fails, then to random bases. Arithmetic is Montgomery's, on limbs of 64 bits. It takes no care to hide its timing: the
//! keys are printed anyway.

use rhumb_world::World;

/// A prime of `K` limbs, lowest first, with its two highest bits set, so that the product of two such has twice their length.
/// It is not one above a multiple of `exponent`, a prime, and is not `other`.
pub(crate) fn random<const K: usize>(world: &dyn World, exponent: u64, other: Option<&[u64; K]>) -> [u64; K] {
    let mut start = [0; K];
    for limb in &mut start {
        let mut bytes = [0; 8];
        world.entropy(&mut bytes);
        *limb = u64::from_le_bytes(bytes);
    }
    start[0] |= 1;
    start[K - 1] |= 3 << 62;
    loop {
        for step in survivors(&start) {
            let (candidate, is_over) = plus(&start, step);
            if is_over {
                break;
            }
            let fits = remainder(&candidate, exponent) != 1 && other != Some(&candidate);
            if fits && is_prime(&candidate, world) {
                return candidate;
            }
        }
        // A window without a prime, or the end of the numbers of this length: on, or from a point well below.
        let (next, is_over) = plus(&start, 2 * WINDOW as u64);
        start = next;
        if is_over {
            start[0] |= 1;
            start[K - 1] = 3 << 62;
        }
    }
}

/// Odd numbers that are sieved at once.
const WINDOW: usize = 8192;

/// Candidates are sieved by the odd primes below.
const SIEVE: usize = 1 << 15;

/// Random bases that a prime must stand up to; FIPS 186-5 asks for five at 1024 bits and fewer above.
const BASES: usize = 5;

/// The steps from an odd number to the odd numbers behind it without a small factor.
fn survivors<const K: usize>(start: &[u64; K]) -> Vec<u64> {
    let mut composite = vec![false; WINDOW];
    let primes = small_primes();
    let mut strike = |prime: u64, rest: u64| {
        // The first n with start + 2n divisible by the prime.
        let back = (prime - rest) % prime;
        let first = if back.is_multiple_of(2) { back / 2 } else { (back + prime) / 2 };
        composite.iter_mut().skip(first as usize).step_by(prime as usize).for_each(|c| *c = true);
    };
    for pair in primes.chunks(2) {
        // One long division serves two primes.
        let rest = remainder(start, pair.iter().product());
        pair.iter().for_each(|prime| strike(*prime, rest % prime));
    }
    composite.iter().zip(0..).filter(|(is_composite, _)| !**is_composite).map(|(_, n)| 2 * n).collect()
}

/// The odd primes below [`SIEVE`].
fn small_primes() -> Vec<u64> {
    let mut composite = vec![false; SIEVE];
    let mut primes = Vec::new();
    for n in (3..SIEVE).step_by(2) {
        if !composite[n] {
            primes.push(n as u64);
            (n * n..SIEVE).step_by(n).for_each(|m| composite[m] = true);
        }
    }
    primes
}

/// The remainder by a divisor of at most 32 bits.
fn remainder<const K: usize>(n: &[u64; K], divisor: u64) -> u64 {
    n.iter().rev().fold(0, |rest, limb| {
        let rest = ((rest << 32) | (limb >> 32)) % divisor;
        ((rest << 32) | (limb & 0xFFFF_FFFF)) % divisor
    })
}

/// The sum, and whether it ran over.
fn plus<const K: usize>(n: &[u64; K], step: u64) -> ([u64; K], bool) {
    let mut sum = *n;
    let mut carry = step;
    for limb in &mut sum {
        let (value, over) = limb.overflowing_add(carry);
        *limb = value;
        carry = u64::from(over);
    }
    (sum, carry > 0)
}

/// The test of Miller and Rabin for an odd number with its highest bit set.
fn is_prime<const K: usize>(n: &[u64; K], world: &dyn World) -> bool {
    let field = Montgomery::new(n);
    let two = field.double(&field.one);
    if !field.passes(&two) {
        return false;
    }
    let square_of_radix = field.square_of_radix();
    (0..BASES).all(|_| {
        let mut bytes = [0; 8];
        world.entropy(&mut bytes);
        // Neither 0 nor 1 nor -1, and with no factor in common that matters.
        let mut base = [0; K];
        base[0] = u64::from_le_bytes(bytes) | 2;
        field.passes(&field.times(&base, &square_of_radix))
    })
}

/// Arithmetic modulo an odd number of full length; numbers stand for themselves times the radix 2^(64 K).
struct Montgomery<const K: usize> {
    modulus: [u64; K],
    /// Minus the inverse of the modulus, modulo 2^64.
    inverse: u64,
    one: [u64; K],
    minus_one: [u64; K],
}

impl<const K: usize> Montgomery<K> {
    fn new(modulus: &[u64; K]) -> Self {
        // Newton's iteration doubles the correct bits each time, from three.
        let mut inverse = modulus[0];
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(modulus[0].wrapping_mul(inverse)));
        }
        let zero = [0; K];
        // The modulus has its highest bit set, so the radix less the modulus is the radix's remainder.
        let one = minus(&zero, modulus).0;
        Montgomery { modulus: *modulus, inverse: inverse.wrapping_neg(), one, minus_one: minus(modulus, &one).0 }
    }

    /// What brings a plain number into the form. Most candidates fail before it is needed.
    fn square_of_radix(&self) -> [u64; K] {
        (0..64 * K).fold(self.one, |n, _| self.double(&n))
    }

    fn double(&self, a: &[u64; K]) -> [u64; K] {
        let mut out = [0; K];
        let mut carry = 0;
        for (to, from) in out.iter_mut().zip(a) {
            *to = (from << 1) | carry;
            carry = from >> 63;
        }
        self.reduce(out, carry)
    }

    /// A number below twice the modulus, its highest bit apart, brought below the modulus.
    fn reduce(&self, a: [u64; K], high: u64) -> [u64; K] {
        let (less, is_below) = minus(&a, &self.modulus);
        if high == 0 && is_below { a } else { less }
    }

    /// The product, divided by the radix.
    fn times(&self, a: &[u64; K], b: &[u64; K]) -> [u64; K] {
        let mut t = [0u64; K];
        let mut high = 0u64;
        for factor in b {
            let (low, mut carry_a) = multiply_add(a[0], *factor, t[0], 0);
            let m = low.wrapping_mul(self.inverse);
            let (_, mut carry_n) = multiply_add(m, self.modulus[0], low, 0);
            for j in 1..K {
                let (low, next_a) = multiply_add(a[j], *factor, t[j], carry_a);
                let (low, next_n) = multiply_add(m, self.modulus[j], low, carry_n);
                t[j - 1] = low;
                (carry_a, carry_n) = (next_a, next_n);
            }
            let sum = u128::from(high) + u128::from(carry_a) + u128::from(carry_n);
            t[K - 1] = sum as u64;
            high = (sum >> 64) as u64;
        }
        self.reduce(t, high)
    }

    /// One round of the test.
    fn passes(&self, base: &[u64; K]) -> bool {
        let mut even = self.modulus;
        even[0] -= 1;
        let zeros = even.iter().take_while(|limb| **limb == 0).count();
        let twos = 64 * zeros as u32 + even.get(zeros).map_or(0, |limb| limb.trailing_zeros());
        // The highest bit of the odd part stands for the base itself.
        let mut x = *base;
        for bit in (twos..64 * K as u32 - 1).rev() {
            x = self.times(&x, &x);
            if even[bit as usize / 64] >> (bit % 64) & 1 == 1 {
                x = self.times(&x, base);
            }
        }
        if x == self.one || x == self.minus_one {
            return true;
        }
        for _ in 1..twos {
            x = self.times(&x, &x);
            if x == self.minus_one {
                return true;
            }
        }
        false
    }
}

/// `a b + c + d`, which never runs over two limbs: low and high.
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let wide = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (wide as u64, (wide >> 64) as u64)
}

/// The difference, and whether it ran below zero.
fn minus<const K: usize>(a: &[u64; K], b: &[u64; K]) -> ([u64; K], bool) {
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
    use rhumb_world::Memory;
    use rsa::BigUint;

    use super::*;

    fn big(limbs: &[u64]) -> BigUint {
        limbs.iter().rev().fold(BigUint::from(0u32), |n, limb| (n << 64) + BigUint::from(*limb))
    }

    /// Against plain arithmetic: all numbers of one limb with the highest bit set, near its ends.
    #[test]
    fn small_moduli_agree_with_trial_division() {
        let by_division = |n: u64| (3..=100_003).step_by(2).all(|d| !n.is_multiple_of(d));
        // No factor below 100,003 does not make a prime of 64 bits; base 2 and random ones decide the rest alike.
        for start in [1 << 63, u64::MAX - 2000] {
            for n in (start..start + 2000).filter(|n| n % 2 == 1) {
                if is_prime(&[n], &Memory::new()) {
                    assert!(by_division(n), "{n}");
                }
            }
        }
        // The smallest and the largest prime of 64 bits with the highest bit set, and a neighbour.
        assert!(is_prime(&[9_223_372_036_854_775_837], &Memory::new()));
        assert!(is_prime(&[18_446_744_073_709_551_557], &Memory::new()));
        assert!(!is_prime(&[18_446_744_073_709_551_555], &Memory::new()));
    }

    #[test]
    fn products_are_those_of_whole_numbers() {
        let modulus = [0x1234_5678_9abc_def1, u64::MAX, 7, 0xF000_0000_0000_0001];
        let field = Montgomery::new(&modulus);
        let (a, b) = ([5, 6, u64::MAX, 0xE000_0000_0000_0000], [u64::MAX, 0, 1, 0xA000_0000_0000_0000]);
        let want = big(&a) * big(&b) % big(&modulus);
        // Into the form, multiplied, and out of it by a plain one.
        let inside = |n: &[u64; 4]| field.times(n, &field.square_of_radix());
        let product = field.times(&field.times(&inside(&a), &inside(&b)), &[1, 0, 0, 0]);
        assert_eq!(big(&product), want);
        assert_eq!(big(&field.times(&field.one, &[1, 0, 0, 0])), BigUint::from(1u32));
    }

    #[test]
    fn survivors_have_no_small_factor() {
        let start = [0x1234_5678_9abc_def1, 0xC000_0000_0000_0000];
        let steps = survivors(&start);
        let primes = small_primes();
        assert_eq!((primes.len(), primes[0], primes[3511 - 1]), (3511, 3, 32_749));
        let alone = (0..WINDOW as u64).map(|n| 2 * n).filter(|step| {
            let (n, _) = plus(&start, *step);
            primes.iter().all(|p| remainder(&n, *p) != 0)
        });
        assert_eq!(steps, alone.collect::<Vec<_>>());
    }

    #[test]
    fn primes_are_prime_of_full_length_and_different() {
        let world = Memory::new();
        let p: [u64; 4] = random(&world, 65_537, None);
        // The same entropy again, as a broken source would give, still ends with another prime.
        let q: [u64; 4] = random(&world, 65_537, Some(&p));
        assert_ne!(p, q);
        for n in [p, q] {
            assert_eq!(n[3] >> 62, 3);
            assert_ne!(remainder(&n, 65_537), 1);
            let n = big(&n);
            let less = &n - 1u32;
            for base in [3u32, 5, 7, 11, 13] {
                assert_eq!(BigUint::from(base).modpow(&less, &n), BigUint::from(1u32));
            }
        }
    }
}
