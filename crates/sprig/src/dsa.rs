//! DSA keys of 2048 and 256 bits, which `genPrivateKey "dsa"` makes.
//!
//! Parameters and key are found as FIPS 186 describes it: a prime `q`, a prime `p` of which `q` divides `p - 1`, a
//! generator of the group of order `q`, and a random exponent.

use rhumb_world::World;
use rsa::BigUint;

use crate::power::{limbs, number, power};
use crate::{der, primes};

const P_BITS: usize = 2048;
const Q_BITS: usize = 256;

/// A new key in the form of OpenSSL: version, p, q, g, public and private number.
pub(crate) fn generate(world: &dyn World) -> Vec<u8> {
    let (p, q) = parameters(world);
    let one = BigUint::from(1u8);
    let exponent = (&p - &one) / &q;
    let mut base = BigUint::from(2u8);
    let g = loop {
        let g = raise(&base, &exponent, &p);
        if g != one {
            break g;
        }
        base += &one;
    };
    let x = below(world, &q);
    let y = raise(&g, &x, &p);
    let numbers: Vec<Vec<u8>> =
        [BigUint::from(0u8), p, q, g, y, x].iter().map(|n| der::integer(&n.to_bytes_be())).collect();
    der::sequence(&numbers.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn raise(base: &BigUint, exponent: &BigUint, p: &BigUint) -> BigUint {
    power(base, exponent, p).unwrap_or_else(|| base.modpow(exponent, p))
}

fn parameters(world: &dyn World) -> (BigUint, BigUint) {
    let (sieve, one) = (small_primes(), BigUint::from(1u8));
    loop {
        let odd = || random(world, Q_BITS) | &one;
        let Some(q) = find::<{ Q_BITS / 64 }>(world, &sieve, odd) else { continue };
        let step = &q << 1;
        let above = || {
            let p = random(world, P_BITS);
            let rest = &p % &step;
            p + &one - rest
        };
        if let Some(p) = find::<{ P_BITS / 64 }>(world, &sieve, above) {
            return (p, q);
        }
    }
}

/// A prime of `K` limbs among as many odd numbers as the standard allows tries.
fn find<const K: usize>(world: &dyn World, sieve: &[u32], draw: impl Fn() -> BigUint) -> Option<BigUint> {
    let zero = BigUint::from(0u8);
    let drawn = (0..4 * P_BITS).map(|_| draw());
    let mut candidates =
        drawn.filter(|n| n.bits() == 64 * K && sieve.iter().all(|p| n % *p != zero)).filter_map(|n| limbs::<K>(&n));
    loop {
        let some: Vec<[u64; K]> = candidates.by_ref().take(8).collect();
        if some.is_empty() {
            return None;
        }
        if let Some(prime) = primes::first(world, &some) {
            return Some(number(&prime));
        }
    }
}

/// A number of just so many bits.
fn random(world: &dyn World, bits: usize) -> BigUint {
    let mut bytes = vec![0; bits / 8];
    world.entropy(&mut bytes);
    bytes[0] |= 0x80;
    BigUint::from_bytes_be(&bytes)
}

/// A number from 1 up to, but not as high as, the limit.
fn below(world: &dyn World, limit: &BigUint) -> BigUint {
    loop {
        let mut bytes = vec![0; limit.bits().div_ceil(8)];
        world.entropy(&mut bytes);
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

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;

    use super::*;

    /// What FIPS 186 asks of the numbers, by other means than they were found with.
    #[test]
    fn the_numbers_of_a_key_belong_together() {
        let key = generate(&Memory::new());
        // As the reference's begins.
        assert_eq!(key[..12], [0x30, 0x82, 3, key[3], 2, 1, 0, 2, 0x82, 1, 1, 0]);
        let (_, mut list, _) = der::read(&key).unwrap();
        let mut numbers = Vec::new();
        while let Some((_, content, rest)) = der::read(list) {
            numbers.push(BigUint::from_bytes_be(content));
            list = rest;
        }
        let [version, p, q, g, y, x] = &numbers[..] else { panic!("{} numbers", numbers.len()) };
        let one = BigUint::from(1u8);
        assert_eq!((version.bits(), p.bits(), q.bits()), (0, P_BITS, Q_BITS));
        assert_eq!((p - &one) % q, BigUint::from(0u8));
        assert!(*g > one && g.modpow(q, p) == one && g.modpow(x, p) == *y);
        let two = BigUint::from(2u8);
        assert_eq!((two.modpow(&(p - &one), p), two.modpow(&(q - &one), q)), (one.clone(), one));
    }
}
