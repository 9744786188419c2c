//! Rows of switches in which every pair of settings occurs: a covering array of strength 2.

/// Rows for so many switches, each off or on: for any two of them, all four settings of the pair are in some row. The first row is
/// all off. A hundred switches need eleven rows.
///
/// Behind the first row, each switch is on in its own choice of rows, all choices of one size: then of two switches each is somewhere
/// on alone. The size is more than half of the rows: then any two are somewhere on together. Both off are in the first row.
#[must_use]
pub fn rows(switches: usize) -> Vec<Vec<bool>> {
    let mut rest = 1;
    while choices(rest, rest / 2 + 1).take(switches).count() < switches {
        rest += 1;
    }
    let on: Vec<u64> = choices(rest, rest / 2 + 1).take(switches).collect();
    let rows = (0..rest).map(|row| on.iter().map(|word| word & (1 << row) != 0).collect());
    let mut rows: Vec<Vec<bool>> = std::iter::once(vec![false; switches]).chain(rows).collect();
    rows.dedup();
    rows
}

/// The words of so many bits of which exactly so many are set.
fn choices(bits: u32, set: u32) -> impl Iterator<Item = u64> {
    (0..1_u64 << bits).filter(move |word| word.count_ones() == set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_pair_is_covered() {
        for switches in (0..20).chain([60, 100, 150]) {
            let rows = rows(switches);
            for a in 0..switches {
                for b in 0..a {
                    let seen: BTreeSet<_> = rows.iter().map(|row| (row[a], row[b])).collect();
                    assert_eq!(seen.len(), 4, "{switches} switches: {a} and {b} are only {seen:?}");
                }
            }
        }
    }

    #[test]
    fn one_switch_is_off_and_on() {
        assert_eq!(rows(0), [[false; 0]]);
        assert_eq!(rows(1), [[false], [true]]);
    }

    #[test]
    fn rows_are_few() {
        assert_eq!(rows(3).len(), 4);
        assert_eq!(rows(100).len(), 10);
    }
}
