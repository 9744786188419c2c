//! Numbers that look random and come out the same for the same seed, on every machine.

/// A stream of numbers (SplitMix64): small, quick, and good enough to choose test inputs.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed; `index` picks one of many streams of the same seed.
    #[must_use]
    pub fn new(seed: u64, index: u64) -> Self {
        let mut random = Random { state: seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93) };
        random.bits();
        random
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit` (0 where the limit is 0).
    pub fn below(&mut self, limit: usize) -> usize {
        if limit == 0 {
            return 0;
        }
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from(self.bits() % limit).unwrap_or(0)
    }

    /// Whether something of so many percent happens.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of the items; the slice must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// One of the words of a text.
    pub fn word<'a>(&mut self, words: &'a str) -> &'a str {
        let count = words.split_whitespace().count();
        words.split_whitespace().nth(self.below(count)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let stream = |seed, index| {
            let mut random = Random::new(seed, index);
            (0..20).map(|_| random.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(stream(1, 7), stream(1, 7));
        assert_ne!(stream(1, 7), stream(1, 8));
        assert_ne!(stream(1, 7), stream(2, 7));
        assert!(stream(3, 3).iter().all(|n| *n < 1000));
    }

    #[test]
    fn choices_stay_inside() {
        let mut random = Random::new(5, 0);
        assert_eq!(random.below(0), 0);
        for _ in 0..100 {
            assert!(["a", "b"].contains(&random.word(" a  b ")));
            assert!([1, 2].contains(&random.pick(&[1, 2])));
        }
    }
}
