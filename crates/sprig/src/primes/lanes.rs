//! Eight powers at once, by processors with AVX-512 and its multiplier of 52 bits (Intel since Ice Lake, AMD since Zen 4).
//!
//! Lane by lane of a vector stand digits of eight numbers, each with its own modulus, so no carry crosses lanes. Numbers are in
//! Montgomery's form with the radix 2^(65 K) for a modulus of 64 K bits; the bits between let results stay a few moduli high, and
//! nothing is ever compared with the modulus.

#![expect(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "with indices the compiler keeps the sums in registers, with iterators in memory: half as fast"
)]

use core::arch::x86_64::{
    __m512i, _mm_cvtsi64_si128, _mm512_add_epi64, _mm512_and_si512, _mm512_cmpeq_epi64_mask, _mm512_madd52hi_epu64,
    _mm512_madd52lo_epu64, _mm512_set_epi64, _mm512_set1_epi64, _mm512_sllv_epi64, _mm512_srl_epi64, _mm512_srli_epi64,
};

use fearless_simd::{Avx512, Level, kernel};

use super::BASES;
use super::montgomery::{Montgomery, inverse};

/// Numbers that are tested at once.
pub(super) const LANES: usize = 8;

/// Digits of a block: as many as keep the sums of its products in registers.
const BLOCK: usize = 5;

const DIGIT: u32 = 52;
const MASK: u64 = (1 << DIGIT) - 1;

type Block = [__m512i; BLOCK];

/// A processor that can, and numbers of a length that this is made for.
#[derive(Clone, Copy)]
pub(super) struct Lanes(Avx512);

impl Lanes {
    /// Asks the processor; that is slow in some virtual machines, so only who makes a key should.
    pub(super) fn detect<const K: usize>() -> Option<Self> {
        if matches!(K, 4 | 16 | 32) { Level::new().as_avx512().map(Lanes) } else { None }
    }

    /// Which of up to eight numbers pass the test to base 2, as bits, lowest first.
    pub(super) fn likely<const K: usize>(self, numbers: &[[u64; K]]) -> u8 {
        let Some(first) = numbers.first() else { return 0 };
        let mut all = [*first; LANES];
        all.iter_mut().zip(numbers).for_each(|(to, number)| *to = *number);
        let known = if numbers.len() < LANES { (1 << numbers.len()) - 1 } else { u8::MAX };
        likely_kernel(self.0, all.as_flattened(), K) & known
    }

    /// Whether the number stands the test to all the bases.
    pub(super) fn stands<const K: usize>(self, number: &[u64; K], bases: &[u64; BASES]) -> bool {
        let field = Montgomery::new(number);
        // From the radix 2^(64 K) to ours.
        let one = (0..K).fold(field.one, |n, _| field.double(&n));
        let mut all = [bases[0]; LANES];
        all.iter_mut().zip(bases).for_each(|(to, base)| *to = *base);
        stands_kernel(self.0, number, &one, all) == u8::MAX
    }
}

kernel!(
    fn likely_kernel(token: Avx512, numbers: &[u64], limbs: usize) -> u8 {
        match limbs {
            32 => likely::<8>(numbers),
            16 => likely::<4>(numbers),
            _ => likely::<1>(numbers),
        }
    }
);

kernel!(
    fn stands_kernel(token: Avx512, number: &[u64], one: &[u64], bases: [u64; LANES]) -> u8 {
        match number.len() {
            32 => stands::<8>(number, one, bases),
            16 => stands::<4>(number, one, bases),
            _ => stands::<1>(number, one, bases),
        }
    }
);

/// The test of Euler with the symbol of Jacobi, to base 2: half of what is one below the number makes 2 to plus or minus one,
/// by the number's remainder by 8. Eight numbers lie behind each other.
///
/// What is computed is the power of one half: the exponent `-e` is, read as two's complement, a negative number `-t` in its
/// highest bits, and the rest of the bits. The form of 2^-t is a plain power of two, so that the first squarings fall away and
/// nothing has to be brought into the form.
#[target_feature(enable = "avx512f,avx512ifma")]
fn likely<const B: usize>(numbers: &[u64]) -> u8 {
    let limbs = 4 * B;
    let bits = 64 * limbs;
    let radix = BLOCK * B * DIGIT as usize;
    // What lies above the bits that are read one by one.
    let rest = bits - 1 - bits.ilog2() as usize;
    let mut moduli = Moduli::<B>::new(numbers);
    let mut exponents = [[0; LANES]; 32];
    let mut start = [[[0; LANES]; BLOCK]; B];
    let mut is_plus = 0;
    for (lane, number) in numbers.chunks_exact(limbs).enumerate() {
        let mut carry = true;
        for i in 0..limbs {
            let half = number[i] >> 1 | number.get(i + 1).map_or(0, |next| next << 63);
            (exponents[i][lane], carry) = (!half).overflowing_add(u64::from(carry));
        }
        let t = (2 << bits.ilog2()) - (exponents[limbs - 1][lane] >> (rest % 64)) as usize;
        let digit = (radix - t) / DIGIT as usize;
        start[digit / BLOCK][digit % BLOCK][lane] = 1 << ((radix - t) % DIGIT as usize);
        is_plus |= u8::from(matches!(number[0] % 8, 1 | 7)) << lane;
    }
    let mut x = start.map(|block| block.map(|digit| load(&digit)));
    for bit in (0..rest).rev() {
        let exponent = _mm512_srl_epi64(load(&exponents[bit / 64]), _mm_cvtsi64_si128((bit % 64) as i64));
        moduli.square(&mut x, _mm512_and_si512(exponent, splat(1)));
    }
    let (plus, minus) = moduli.signs(&x);
    plus & is_plus | minus & !is_plus
}

/// The test of Miller and Rabin for one number, to eight bases, each divided by 2^52.
#[target_feature(enable = "avx512f,avx512ifma")]
fn stands<const B: usize>(number: &[u64], one: &[u64], bases: [u64; LANES]) -> u8 {
    let bits = 64 * number.len();
    let mut moduli = Moduli::<B>::new(&number.repeat(LANES));
    let bases = load(&bases);
    let even = |bit: usize| number[bit / 64] >> (bit % 64) & 1 == 1;
    let twos = (1..bits).find(|bit| even(*bit)).unwrap_or(bits);
    let mut x = digits::<B>(&one.repeat(LANES));
    moduli.times_digit(&mut x, bases);
    // The highest bit of the odd part stands for the base itself.
    for bit in (twos..bits - 1).rev() {
        moduli.square(&mut x, splat(0));
        if even(bit) {
            moduli.times_digit(&mut x, bases);
        }
    }
    let (plus, minus) = moduli.signs(&x);
    (1..twos).fold(plus | minus, |passed, _| {
        moduli.square(&mut x, splat(0));
        passed | moduli.signs(&x).1
    })
}

/// Eight moduli.
struct Moduli<const B: usize> {
    n: [Block; B],
    /// Minus their inverses, modulo 2^52.
    inverses: __m512i,
    /// Room for the multiples that a squaring adds.
    quotients: [Block; B],
}

impl<const B: usize> Moduli<B> {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new(numbers: &[u64]) -> Self {
        let mut inverses = [0; LANES];
        for (to, number) in inverses.iter_mut().zip(numbers.chunks_exact(4 * B)) {
            *to = inverse(number[0]).wrapping_neg() & MASK;
        }
        Moduli { n: digits(numbers), inverses: load(&inverses), quotients: [[splat(0); BLOCK]; B] }
    }

    /// The squares, divided by the radix, where wanted doubled.
    ///
    /// Blocks of columns of the product are summed from the lowest. Those of the lower half are made zero modulo 2^52, digit by
    /// digit, by adding a multiple of the modulus; what is left in the upper half is the result.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn square(&mut self, a: &mut [Block; B], double: __m512i) {
        let mut above = [splat(0); BLOCK];
        let mut carry = splat(0);
        for column in 0..2 * B {
            let mut sums = Sums::zero();
            let first = column.saturating_sub(B - 1);
            for i in first..column.div_ceil(2) {
                sums.add_products(&a[i], &a[column - i]);
            }
            let middle = (column % 2 == 0).then_some(column / 2);
            if let Some(i) = middle {
                sums.add_mixed(&a[i]);
            }
            sums.double();
            if let Some(i) = middle {
                sums.add_squares(&a[i]);
            }
            for i in first..column.min(B) {
                sums.add_products(&self.quotients[i], &self.n[column - i]);
            }
            let mut digits = sums.digits();
            for i in 0..BLOCK {
                digits[i] = _mm512_add_epi64(digits[i], above[i]);
            }
            if column < B {
                (self.quotients[column], carry) = clear(&mut digits, carry, &self.n[0], self.inverses);
            } else {
                // This block of the factor has done its part.
                for i in 0..BLOCK {
                    let sum = _mm512_add_epi64(_mm512_sllv_epi64(digits[i], double), carry);
                    a[column - B][i] = _mm512_and_si512(sum, splat(MASK));
                    carry = _mm512_srli_epi64::<DIGIT>(sum);
                }
            }
            for i in 0..BLOCK {
                above[i] = digits[i + BLOCK];
            }
            if column + 1 == B {
                // From here on digits are doubled, what came up from below too.
                above[0] = _mm512_add_epi64(above[0], carry);
                carry = splat(0);
            }
        }
    }

    /// The numbers times factors of one digit, divided by 2^52.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn times_digit(&self, a: &mut [Block; B], factors: __m512i) {
        let (from, n) = (a.as_flattened_mut(), self.n.as_flattened());
        let low = _mm512_madd52lo_epu64(splat(0), from[0], factors);
        let quotients = _mm512_madd52lo_epu64(splat(0), low, self.inverses);
        let mut carry = _mm512_srli_epi64::<DIGIT>(_mm512_madd52lo_epu64(low, quotients, n[0]));
        for i in 0..from.len() {
            let mut sum = _mm512_madd52hi_epu64(carry, from[i], factors);
            sum = _mm512_madd52hi_epu64(sum, quotients, n[i]);
            if let (Some(a), Some(n)) = (from.get(i + 1), n.get(i + 1)) {
                sum = _mm512_madd52lo_epu64(sum, *a, factors);
                sum = _mm512_madd52lo_epu64(sum, quotients, *n);
            }
            from[i] = _mm512_and_si512(sum, splat(MASK));
            carry = _mm512_srli_epi64::<DIGIT>(sum);
        }
    }

    /// Which of the numbers are one, and which minus one.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn signs(&self, a: &[Block; B]) -> (u8, u8) {
        let mut plain = *a;
        // Out of the form. What is left is at most the modulus, so that one and minus one have one shape each.
        for _ in 0..BLOCK * B {
            self.times_digit(&mut plain, splat(1));
        }
        let (mut plus, mut minus) = (u8::MAX, u8::MAX);
        for (i, (digit, n)) in plain.as_flattened().iter().zip(self.n.as_flattened()).enumerate() {
            let unit = splat(u64::from(i == 0));
            plus &= _mm512_cmpeq_epi64_mask(*digit, unit);
            // The modulus is odd.
            minus &= _mm512_cmpeq_epi64_mask(_mm512_add_epi64(*digit, unit), *n);
        }
        (plus, minus)
    }
}

/// Adds such multiples of the modulus that the lower digits of a block become zero: the multiples, and the carry above the digits.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn clear(digits: &mut [__m512i; 2 * BLOCK], mut carry: __m512i, n: &Block, inverses: __m512i) -> (Block, __m512i) {
    let mut quotients = [splat(0); BLOCK];
    for i in 0..BLOCK {
        let digit = _mm512_add_epi64(digits[i], carry);
        let quotient = _mm512_madd52lo_epu64(splat(0), digit, inverses);
        carry = _mm512_srli_epi64::<DIGIT>(_mm512_madd52lo_epu64(digit, quotient, n[0]));
        for j in 1..BLOCK {
            digits[i + j] = _mm512_madd52lo_epu64(digits[i + j], quotient, n[j]);
        }
        for j in 0..BLOCK {
            digits[i + j + 1] = _mm512_madd52hi_epu64(digits[i + j + 1], quotient, n[j]);
        }
        quotients[i] = quotient;
    }
    (quotients, carry)
}

/// Sums of products of two blocks, column by column: lower and higher halves apart, for the multiplier need not wait for itself then.
struct Sums {
    low: [__m512i; 2 * BLOCK - 1],
    high: [__m512i; 2 * BLOCK - 1],
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn zero() -> Self {
        Sums { low: [splat(0); 2 * BLOCK - 1], high: [splat(0); 2 * BLOCK - 1] }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add(&mut self, column: usize, a: __m512i, b: __m512i) {
        self.low[column] = _mm512_madd52lo_epu64(self.low[column], a, b);
        self.high[column] = _mm512_madd52hi_epu64(self.high[column], a, b);
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add_products(&mut self, a: &Block, b: &Block) {
        for i in 0..BLOCK {
            for j in 0..BLOCK {
                self.add(i + j, a[i], b[j]);
            }
        }
    }

    /// The products of different digits of a block, each once.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add_mixed(&mut self, a: &Block) {
        for i in 0..BLOCK {
            for j in 0..i {
                self.add(i + j, a[i], a[j]);
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add_squares(&mut self, a: &Block) {
        for i in 0..BLOCK {
            self.add(2 * i, a[i], a[i]);
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn double(&mut self) {
        for i in 0..2 * BLOCK - 1 {
            self.low[i] = _mm512_add_epi64(self.low[i], self.low[i]);
            self.high[i] = _mm512_add_epi64(self.high[i], self.high[i]);
        }
    }

    /// Halves put together.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn digits(&self) -> [__m512i; 2 * BLOCK] {
        let mut digits = [splat(0); 2 * BLOCK];
        for i in 0..2 * BLOCK - 1 {
            digits[i] = _mm512_add_epi64(digits[i], self.low[i]);
            digits[i + 1] = _mm512_add_epi64(digits[i + 1], self.high[i]);
        }
        digits
    }
}

/// The digits of eight numbers that lie behind each other.
#[target_feature(enable = "avx512f,avx512ifma")]
fn digits<const B: usize>(numbers: &[u64]) -> [Block; B] {
    let mut digits = [[[0; LANES]; BLOCK]; B];
    for (lane, number) in numbers.chunks_exact(4 * B).enumerate() {
        for (i, digit) in digits.as_flattened_mut().iter_mut().enumerate() {
            let (limb, shift) = (i * DIGIT as usize / 64, i * DIGIT as usize % 64);
            let low = number.get(limb).map_or(0, |n| n >> shift);
            let high = number.get(limb + 1).map_or(0, |n| (n << 1) << (63 - shift));
            digit[lane] = (low | high) & MASK;
        }
    }
    digits.map(|block| block.map(|digit| load(&digit)))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load(lanes: &[u64; LANES]) -> __m512i {
    let [a, b, c, d, e, f, g, h] = lanes.map(u64::cast_signed);
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn splat(n: u64) -> __m512i {
    _mm512_set1_epi64(n.cast_signed())
}
