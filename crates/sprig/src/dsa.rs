//! DSA keys of 2048 and 256 bits, which `genPrivateKey "dsa"` makes.
//!
//! Parameters and key are found as FIPS 186 describes it: a prime `q`, a prime `p` of which `q` divides `p - 1`, a
//! generator of the group of order `q`, and a random exponent.

use rand_core::RngCore;
use rsa::BigUint;

use crate::der;

const P_BITS: usize = 2048;
const Q_BITS: usize = 256;

/// How many random bases a number must pass to count as prime.
const ROUNDS: usize = 24;

/// A new key in the form of OpenSSL: version, p, q, g, public and private number.
pub(crate) fn generate(rng: &mut dyn RngCore) -> Vec<u8> {
    let sieve = small_primes();
    let (p, q) = parameters(rng, &sieve);
    let one = BigUint::from(1u8);
    let exponent = (&p - &one) / &q;
    let mut base = BigUint::from(2u8);
    let g = loop {
        let g = base.modpow(&exponent, &p);
        if g != one {
            break g;
        }
        base += &one;
    };
    let x = below(rng, &q);
    let y = g.modpow(&x, &p);
    let numbers: Vec<Vec<u8>> =
        [BigUint::from(0u8), p, q, g, y, x].iter().map(|n| der::integer(&n.to_bytes_be())).collect();
    der::sequence(&numbers.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn parameters(rng: &mut dyn RngCore, sieve: &[u32]) -> (BigUint, BigUint) {
    let one = BigUint::from(1u8);
    loop {
        let q = random(rng, Q_BITS) | &one;
        if !is_prime(&q, rng, sieve) {
            continue;
        }
        // As many tries as the standard allows for one q.
        for _ in 0..4 * P_BITS {
            let p = random(rng, P_BITS) | &one;
            let rest = &p % &q;
            let p = p + &one - rest;
            if p.bits() == P_BITS && is_prime(&p, rng, sieve) {
                return (p, q);
            }
        }
    }
}

/// A number of just so many bits.
fn random(rng: &mut dyn RngCore, bits: usize) -> BigUint {
    let mut bytes = vec![0; bits / 8];
    rng.fill_bytes(&mut bytes);
    bytes[0] |= 0x80;
    BigUint::from_bytes_be(&bytes)
}

/// A number from 1 up to, but not as high as, the limit.
fn below(rng: &mut dyn RngCore, limit: &BigUint) -> BigUint {
    loop {
        let mut bytes = vec![0; limit.bits().div_ceil(8)];
        rng.fill_bytes(&mut bytes);
        let n = BigUint::from_bytes_be(&bytes);
        if n > BigUint::from(0u8) && n < *limit {
            return n;
        }
    }
}

fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::new();
    for n in 3..4000u32 {
        if n % 2 == 1 && primes.iter().take_while(|p| *p * *p <= n).all(|p| n % p != 0) {
            primes.push(n);
        }
    }
    primes
}

/// Trial division, then Miller and Rabin's test.
fn is_prime(n: &BigUint, rng: &mut dyn RngCore, sieve: &[u32]) -> bool {
    let (zero, one) = (BigUint::from(0u8), BigUint::from(1u8));
    if n % 2u32 == zero || sieve.iter().any(|p| n % *p == zero) {
        return false;
    }
    let last = n - &one;
    let mut odd = last.clone();
    let mut halvings = 0;
    while &odd % 2u32 == zero {
        odd >>= 1usize;
        halvings += 1;
    }
    let passes = |base: &BigUint| {
        let mut x = base.modpow(&odd, n);
        if x == one || x == last {
            return true;
        }
        (1..halvings).any(|_| {
            x = &x * &x % n;
            x == last
        })
    };
    passes(&BigUint::from(2u8)) && (0..ROUNDS).all(|_| passes(&below(rng, &last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Repeats, so that the test does.
    struct Counter(u64);

    impl RngCore for Counter {
        fn next_u32(&mut self) -> u32 {
            self.next_u64() as u32
        }
        fn next_u64(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }
        fn fill_bytes(&mut self, dest: &mut [u8]) {
            rand_core::impls::fill_bytes_via_next(self, dest);
        }
        fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
            self.fill_bytes(dest);
            Ok(())
        }
    }

    #[test]
    fn primes_are_told_from_products() {
        let (mut rng, sieve) = (Counter(1), small_primes());
        // Two primes of 61 and 89 bits, their product, and a number that fools a test with the base 2 alone.
        let mersenne = |bits: usize| (BigUint::from(1u8) << bits) - BigUint::from(1u8);
        assert!(is_prime(&mersenne(61), &mut rng, &sieve));
        assert!(is_prime(&mersenne(89), &mut rng, &sieve));
        assert!(!is_prime(&(mersenne(61) * mersenne(89)), &mut rng, &sieve));
        assert!(!is_prime(
            &(BigUint::from(6361u32) * BigUint::from(8017u32) * BigUint::from(12721u32)),
            &mut rng,
            &sieve
        ));
    }

    #[test]
    fn a_key_has_the_shape_of_the_reference_s() {
        let key = generate(&mut Counter(7));
        assert_eq!(key[..12], [0x30, 0x82, 3, key[3], 2, 1, 0, 2, 0x82, 1, 1, 0]);
    }
}
