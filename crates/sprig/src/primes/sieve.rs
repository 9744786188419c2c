//! The sieve: odd numbers without a small factor.

/// Odd numbers that are sieved at once: some twelve times as many as lie between two primes.
pub(super) const fn window(limbs: usize) -> usize {
    256 * limbs
}

/// Candidates are sieved by the odd primes below. Dividing by more would take longer than the tests that it saves, as measured
/// for 16 and 32 limbs.
const fn limit(limbs: usize) -> usize {
    4096 * limbs
}

/// The steps from an odd number to the odd numbers behind it without a small factor.
pub(super) fn survivors<const K: usize>(start: &[u64; K]) -> Vec<u64> {
    let mut is_composite = vec![false; window(K)];
    let primes = small_primes(limit(K));
    let (groups, rest) = primes.as_chunks::<GROUP>();
    for primes in groups {
        strike(&mut is_composite, primes, &remainders(start, primes));
    }
    for prime in rest {
        strike(&mut is_composite, &[*prime], &remainders(start, &[*prime]));
    }
    is_composite.iter().zip(0..).filter(|(is_composite, _)| !**is_composite).map(|(_, n)| 2 * n).collect()
}

/// Marks what each of the primes divides, by its remainder of the first number.
fn strike(is_composite: &mut [bool], primes: &[u32], remainders: &[f64]) {
    for (prime, rest) in primes.iter().zip(remainders) {
        // The first n with start + 2n divisible by the prime; remainders may be negative.
        let back = (-*rest) as i32;
        let twice = if back % 2 == 0 { back } else { back + prime.cast_signed() };
        let first = if twice < 0 { twice / 2 + prime.cast_signed() } else { twice / 2 };
        is_composite.iter_mut().skip(first as usize).step_by(*prime as usize).for_each(|c| *c = true);
    }
}

/// Primes that are divided by at once.
const GROUP: usize = 16;

/// The number's remainders by the primes, between minus one half of the prime and one half.
///
/// All is exact: no number here is longer than 50 bits.
#[inline(always)]
fn remainders<const K: usize, const G: usize>(n: &[u64; K], primes: &[u32; G]) -> [f64; G] {
    /// A number of this size has no room for digits behind the point: adding it rounds.
    const ROUND: f64 = (3u64 << 51) as f64;
    let primes = primes.map(f64::from);
    let inverses = primes.map(|p| 1.0 / p);
    let mut rests = [0.0; G];
    for limb in n.iter().rev() {
        for half in [limb >> 32, limb & 0xFFFF_FFFF] {
            let half = half as f64;
            for i in 0..G {
                let whole = rests[i] * (1u64 << 32) as f64 + half;
                let quotient = (whole * inverses[i] + ROUND) - ROUND;
                rests[i] = whole - quotient * primes[i];
            }
        }
    }
    rests
}

/// The odd primes below a limit.
pub(super) fn small_primes(limit: usize) -> Vec<u32> {
    // Odd numbers only: n stands for 2n + 1.
    let mut is_composite = vec![false; limit / 2];
    for n in (3..).step_by(2).take_while(|n| n * n < limit) {
        if !is_composite[n / 2] {
            is_composite.iter_mut().skip(n * n / 2).step_by(n).for_each(|c| *c = true);
        }
    }
    let odd = is_composite.iter().zip(0..).skip(1);
    odd.filter(|(is_composite, _)| !**is_composite).map(|(_, n)| 2 * n + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_have_no_small_factor() {
        let start = [0x1234_5678_9abc_def1, 0xC000_0000_0000_0000];
        let number = u128::from(start[1]) << 64 | u128::from(start[0]);
        let primes = small_primes(limit(2));
        // As counted elsewhere.
        assert_eq!((primes.len(), primes[0], primes[1026]), (1027, 3, 8191));
        let alone = (0..window(2) as u64)
            .map(|n| 2 * n)
            .filter(|step| primes.iter().all(|p| !(number + u128::from(*step)).is_multiple_of(u128::from(*p))));
        assert_eq!(survivors(&start), alone.collect::<Vec<_>>());
    }

    #[test]
    fn remainders_are_exact() {
        for n in [[u64::MAX; 32], [1; 32], std::array::from_fn(|i| 0x9E37_79B9_7F4A_7C15u64.wrapping_mul(i as u64 + 1))]
        {
            for prime in &small_primes(limit(32)) {
                let want = n.iter().rev().fold(0, |rest, limb| (rest << 64 | u128::from(*limb)) % u128::from(*prime));
                let [got] = remainders(&n, &[*prime]);
                assert_eq!((got as i64).rem_euclid(i64::from(*prime)) as u128, want, "{prime}");
            }
        }
    }
}
