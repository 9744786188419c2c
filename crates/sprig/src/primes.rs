//! Large random primes, for RSA and DSA keys. Charts that make certificates spend nearly all their time here.
//!
//! Candidates are sieved by small primes, then tried to base 2, which nearly every composite fails, then by the test of Miller
//! and Rabin to random bases. Where the processor can (`lanes`), eight powers are computed side by side; elsewhere one after
//! the other (`montgomery`). It takes no care to hide its timing: the keys are printed anyway.

use rhumb_world::World;

#[cfg(target_arch = "x86_64")]
mod lanes;
mod montgomery;
mod sieve;

pub(crate) use montgomery::Montgomery;

/// A prime of `K` limbs, lowest first, with its two highest bits set, so that the product of two such has twice their length.
/// It is not one above a multiple of `exponent`, a prime, and is not `other`.
pub(crate) fn random<const K: usize>(world: &dyn World, exponent: u64, other: Option<&[u64; K]>) -> [u64; K] {
    search(&Tester::best::<K>(), world, exponent, other)
}

/// The first prime among some odd numbers with their highest bit set; eight are tested in hardly more time than one.
pub(crate) fn first<const K: usize>(world: &dyn World, numbers: &[[u64; K]]) -> Option<[u64; K]> {
    Tester::best::<K>().first_prime(numbers, world)
}

fn search<const K: usize>(tester: &Tester, world: &dyn World, exponent: u64, other: Option<&[u64; K]>) -> [u64; K] {
    let mut start = [0; K];
    for limb in &mut start {
        *limb = word(world);
    }
    start[0] |= 1;
    start[K - 1] |= 3 << 62;
    loop {
        for steps in sieve::survivors(&start).chunks(Tester::BATCH) {
            let candidates: Vec<[u64; K]> = steps
                .iter()
                .map_while(|step| plus(&start, *step))
                .filter(|candidate| remainder(candidate, exponent) != 1 && other != Some(candidate))
                .collect();
            if let Some(prime) = tester.first_prime(&candidates, world) {
                return prime;
            }
        }
        // A window without a prime, or the end of the numbers of this length: on, or from a point well below.
        start = plus(&start, 2 * sieve::window(K) as u64).unwrap_or_else(|| {
            let mut lowest = start;
            lowest[K - 1] = 3 << 62;
            lowest
        });
    }
}

fn word(world: &dyn World) -> u64 {
    let mut bytes = [0; 8];
    world.entropy(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// Random bases that a prime must stand up to; FIPS 186-5 asks for five at 1024 bits and fewer above.
const BASES: usize = 5;

/// How numbers are tested.
enum Tester {
    #[cfg(target_arch = "x86_64")]
    Lanes(lanes::Lanes),
    Plain,
}

impl Tester {
    /// Numbers that are best tested together.
    const BATCH: usize = 8;

    /// The quickest that the processor has for numbers of this length.
    fn best<const K: usize>() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = lanes::Lanes::detect::<K>() {
            return Tester::Lanes(lanes);
        }
        Tester::Plain
    }

    fn first_prime<const K: usize>(&self, mut numbers: &[[u64; K]], world: &dyn World) -> Option<[u64; K]> {
        while let Some(found) = self.first_likely(numbers) {
            let bases = [(); BASES].map(|()| word(world) >> 12 | 1);
            if self.stands(&numbers[found], &bases) {
                return Some(numbers[found]);
            }
            numbers = &numbers[found + 1..];
        }
        None
    }

    /// The first of some numbers that passes the test to base 2.
    fn first_likely<const K: usize>(&self, numbers: &[[u64; K]]) -> Option<usize> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Tester::Lanes(lanes) => numbers.chunks(Self::BATCH).zip(0..).find_map(|(batch, n)| {
                let likely = lanes.likely(batch);
                (likely != 0).then(|| n * Self::BATCH + likely.trailing_zeros() as usize)
            }),
            Tester::Plain => numbers.iter().position(is_likely),
        }
    }

    /// Whether the number stands the test of Miller and Rabin to these bases, each of at most 52 bits and divided by 2^52.
    fn stands<const K: usize>(&self, number: &[u64; K], bases: &[u64; BASES]) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Tester::Lanes(lanes) => lanes.stands(number, bases),
            Tester::Plain => {
                let field = Montgomery::new(number);
                bases.iter().all(|base| stands(&field, number, *base))
            }
        }
    }
}

/// The test of Euler with the symbol of Jacobi, to base 2: half of what is one below the number makes 2 to plus or minus one, by
/// the number's remainder by 8.
fn is_likely<const K: usize>(n: &[u64; K]) -> bool {
    let field = Montgomery::new(n);
    // The highest bit of the exponent stands for the base itself; the lowest bit of the number is not part of it.
    let mut x = field.double(&field.one);
    for bit in (1..64 * K - 1).rev() {
        x = field.square(&x);
        if is_set(n, bit) {
            x = field.double(&x);
        }
    }
    x == if matches!(n[0] % 8, 1 | 7) { field.one } else { field.minus_one }
}

/// One round of the test of Miller and Rabin.
fn stands<const K: usize>(field: &Montgomery<K>, n: &[u64; K], base: u64) -> bool {
    // A factor of one limb costs next to nothing, and takes 2^64 away with it.
    let factor = base << 12;
    let twos = (1..64 * K).find(|bit| is_set(n, *bit)).unwrap_or(64 * K);
    let mut x = field.times_limb(&field.one, factor);
    for bit in (twos..64 * K - 1).rev() {
        x = field.square(&x);
        if is_set(n, bit) {
            x = field.times_limb(&x, factor);
        }
    }
    let mut passed = x == field.one || x == field.minus_one;
    for _ in 1..twos {
        x = field.square(&x);
        passed |= x == field.minus_one;
    }
    passed
}

fn is_set<const K: usize>(n: &[u64; K], bit: usize) -> bool {
    n[bit / 64] >> (bit % 64) & 1 == 1
}

/// The remainder by a divisor of at most 32 bits.
fn remainder<const K: usize>(n: &[u64; K], divisor: u64) -> u64 {
    n.iter().rev().fold(0, |rest, limb| {
        let rest = ((rest << 32) | (limb >> 32)) % divisor;
        ((rest << 32) | (limb & 0xFFFF_FFFF)) % divisor
    })
}

/// The sum, if it has as many bits.
fn plus<const K: usize>(n: &[u64; K], step: u64) -> Option<[u64; K]> {
    let mut sum = *n;
    let mut carry = step;
    for limb in &mut sum {
        let (value, over) = limb.overflowing_add(carry);
        *limb = value;
        carry = u64::from(over);
    }
    (carry == 0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;
    use rsa::BigUint;

    use super::*;

    fn big(limbs: &[u64]) -> BigUint {
        limbs.iter().rev().fold(BigUint::from(0u32), |n, limb| (n << 64) + BigUint::from(*limb))
    }

    fn limbs<const K: usize>(n: &BigUint) -> [u64; K] {
        let mut bytes = n.to_bytes_le();
        bytes.resize(8 * K, 0);
        let mut limbs = [0; K];
        limbs.iter_mut().zip(bytes.as_chunks().0).for_each(|(limb, bytes)| *limb = u64::from_le_bytes(*bytes));
        limbs
    }

    fn hex(text: &str) -> BigUint {
        BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
    }

    /// The ways that this machine has.
    fn testers<const K: usize>() -> Vec<Tester> {
        let best = Tester::best::<K>();
        if matches!(best, Tester::Plain) { vec![best] } else { vec![best, Tester::Plain] }
    }

    /// Every way agrees on each number: whether it passes the test to base 2, and whether it stands the random ones.
    fn judged<const K: usize>(numbers: &[[u64; K]], want: &[(bool, bool)]) {
        let bases = [3, 0xF_FFFF_FFFF_FFFF, 1 << 51, 0x9_8765_4321_0123, 0x5_5555_5555_5555];
        for tester in testers::<K>() {
            for (n, want) in numbers.iter().zip(want) {
                let got = (tester.first_likely(&[*n]).is_some(), tester.stands(n, &bases));
                assert_eq!(got, *want, "{:x?}", n);
            }
            // All together as well, from each of them on: places must not matter.
            for from in 0..numbers.len() {
                let first = want[from..].iter().position(|(likely, _)| *likely);
                assert_eq!(tester.first_likely(&numbers[from..]), first);
            }
            assert_eq!(tester.first_likely::<K>(&[]), None);
        }
    }

    /// Found and judged by Python: the primes next to the ends of the range, numbers that pass the test to base 2 though they are
    /// composite (a number of the form p (2p - 1), and one of Carmichael's), and composites next to them.
    #[test]
    fn verdicts_are_those_of_arithmetic() {
        let end = BigUint::from(1u32) << 256;
        let pseudo = |p: &str| hex(p) * (hex(p) * 2u32 - 1u32);
        let (lowest, lower) = (&end >> 1, (&end >> 1) + (&end >> 2));
        let cases = [
            (&end - 189u32, true, true),
            (&end - 187u32, false, false),
            (&lowest + 95u32, true, true),
            (&lowest + 97u32, false, false),
            (&lower + 49u32, true, true),
            (&lower + 47u32, false, false),
            (&lower + 1u32, false, false),
            (pseudo("a3c27285be5dc58689b3ff27c6845fb5"), true, false),
            (pseudo("a350d4c4b2d156cb1bea82b05f93834d"), true, false),
            (pseudo("b2e1db6809fa265ea637819c6257d181"), true, false),
            (hex("c3db22755fe184a0ee31b91f4211aef338503f30abb9de357e034f6825add731"), true, false),
            (hex("ed64b5ad2ce45379e9a6683634659ec6be5f33ecc49ffeff2b55abf7f4994a19"), true, false),
        ];
        judged(&cases.each_ref().map(|case| limbs::<4>(&case.0)), &cases.each_ref().map(|case| (case.1, case.2)));
    }

    #[test]
    fn verdicts_on_long_numbers_are_those_of_arithmetic() {
        let p = hex(
            "a01bd391461de20e4134e9bfd8b451511d74bdc0a00e714824115e44c2e01f99931d1cf436c9a74df01f646739723a6dc949aa595163311cc8acb21add478009",
        );
        let end = BigUint::from(1u32) << 1024;
        let numbers = [&end - 105u32, &end - 103u32, &p * (&p * 2u32 - 1u32)];
        judged(&numbers.each_ref().map(limbs::<16>), &[(true, true), (false, false), (true, false)]);
        let end = BigUint::from(1u32) << 2048;
        judged(&[limbs::<32>(&(end - 1557u32))], &[(true, true)]);
    }

    /// The same numbers drawn, the same prime found, whichever way it is done.
    #[test]
    fn every_way_finds_the_same_primes() {
        for seed in 0..8 {
            let found = testers::<4>().into_iter().map(|tester| {
                let world = Memory::new();
                (0..seed).for_each(|_| _ = word(&world));
                search::<4>(&tester, &world, 65_537, None)
            });
            let found: Vec<[u64; 4]> = found.collect();
            assert!(found.iter().all(|n| *n == found[0]), "{seed}");
        }
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
