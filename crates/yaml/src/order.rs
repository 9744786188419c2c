//! The order of map keys in written YAML: natural, numbers within names by their size.

use std::cmp::Ordering;

/// Whether key `a` is written before key `b`.
///
/// Keys are compared up to the first different character. Two letters go by code point; a letter against anything
/// else comes after it, unless digits stand just before and `numeric_first` (then it comes first); runs of digits go by value.
fn before(a: &[u8], b: &[u8], numeric_first: bool) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return before_ascii(a, b, numeric_first);
    }
    // Keys have been made valid before they are sorted.
    let (a, b) = (std::str::from_utf8(a).unwrap_or_default(), std::str::from_utf8(b).unwrap_or_default());
    let mut digits = false;
    let mut zeros_lead = true;
    let (mut left, mut right) = (a.chars(), b.chars());
    loop {
        let (rest_a, rest_b) = (left.as_str(), right.as_str());
        let (Some(x), Some(y)) = (left.next(), right.next()) else {
            return rest_a.is_empty() && !rest_b.is_empty();
        };
        if x == y {
            if x.is_numeric() && x.is_ascii_digit() {
                zeros_lead = if digits { zeros_lead && x == '0' } else { x == '0' };
            }
            digits = is_digit(x);
            continue;
        }
        return match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => x < y,
            (true, false) => numeric_first && digits,
            (false, true) => !(numeric_first && digits),
            (false, false) => by_number(rest_a, rest_b, digits && !zeros_lead),
        };
    }
}

/// The same for two keys of ASCII.
pub(crate) fn before_ascii(a: &[u8], b: &[u8], numeric_first: bool) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (Some(x), Some(y)) = (a.get(same), b.get(same)) else {
        return a.len() < b.len();
    };
    let is_digit_before = || same > 0 && a[same - 1].is_ascii_digit();
    match (x.is_ascii_alphabetic(), y.is_ascii_alphabetic()) {
        (true, true) => x < y,
        (true, false) => numeric_first && is_digit_before(),
        (false, true) => !(numeric_first && is_digit_before()),
        (false, false) if !x.is_ascii_digit() && !y.is_ascii_digit() => x < y,
        (false, false) => {
            let digits = a[..same].iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let inside = a[same - digits..same].iter().any(|b| *b != b'0');
            let start = i64::from(inside && (*x == b'0' || *y == b'0'));
            let (a, b) = (ascii_number(&a[same..], start), ascii_number(&b[same..], start));
            if a == b { x < y } else { a < b }
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}

/// Compares at a difference between characters of which none is a letter; `inside` a number when a digit other than zero went before.
fn by_number(a: &str, b: &str, inside: bool) -> bool {
    let start = i64::from(inside && (a.starts_with('0') || b.starts_with('0')));
    let (value_a, len_a) = number(a, start);
    let (value_b, len_b) = number(b, start);
    if value_a != value_b {
        return value_a < value_b;
    }
    if len_a != len_b {
        return len_a < len_b;
    }
    a.chars().next() < b.chars().next()
}

fn number(text: &str, start: i64) -> (i64, usize) {
    text.chars()
        .take_while(|c| is_digit(*c))
        .fold((start, 0), |(v, n), c| (v.wrapping_mul(10).wrapping_add(i64::from(c as u32) - 48), n + 1))
}

/// Up to this length keys are sorted by insertion: they come in byte order, which is nearly the natural one.
const FEW: usize = 16;

fn ascii_number(text: &[u8], start: i64) -> (i64, usize) {
    text.iter()
        .take_while(|b| b.is_ascii_digit())
        .fold((start, 0), |(v, n), b| (v.wrapping_mul(10).wrapping_add(i64::from(b - b'0')), n + 1))
}

/// Sorts by key. The order is not a total one for odd keys, which the standard sorts may refuse; this one cannot fail.
pub(crate) fn sort<T>(items: Vec<T>, numeric_first: bool, key: impl Fn(&T) -> &[u8] + Copy) -> Vec<T> {
    sort_by(items, |a, b| before(key(a), key(b), numeric_first))
}

/// The same for keys of ASCII; gives the numbers of the keys in their order.
pub(crate) fn sort_ascii<'k>(keys: impl Iterator<Item = &'k [u8]>, numeric_first: bool) -> Vec<u32> {
    let keys: Vec<(u32, &[u8])> = (0..).zip(keys).collect();
    sort_by(keys, |a, b| before_ascii(a.1, b.1, numeric_first)).into_iter().map(|k| k.0).collect()
}

fn sort_by<T>(mut items: Vec<T>, before: impl Fn(&T, &T) -> bool) -> Vec<T> {
    if items.len() > FEW {
        let compare = |a: &T, b: &T| if before(a, b) { Ordering::Less } else { Ordering::Greater };
        if items.windows(2).all(|w| compare(&w[0], &w[1]) == Ordering::Less) {
            return items;
        }
        return merge_sort(items, &compare);
    }
    for i in 1..items.len() {
        let place = (0..i).rev().find(|j| !before(&items[i], &items[*j])).map_or(0, |j| j + 1);
        if place < i {
            items[place..=i].rotate_right(1);
        }
    }
    items
}

fn merge_sort<T>(mut items: Vec<T>, compare: &impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sort(items, compare).into_iter().peekable();
    let mut right = merge_sort(right, compare).into_iter().peekable();
    let mut out = Vec::with_capacity(left.len() + right.len());
    while let (Some(l), Some(r)) = (left.peek(), right.peek()) {
        let next = if compare(r, l) == Ordering::Less { right.next() } else { left.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_compared_as_any_text() {
        let pieces = ["", "0", "1", "9", "10", "a", "B", "_", "-", "."];
        let keys: Vec<String> = pieces.iter().flat_map(|a| pieces.iter().map(move |b| a.to_string() + b)).collect();
        for (a, b) in keys.iter().flat_map(|a| keys.iter().map(move |b| (a, b))) {
            for first in [false, true] {
                // A common character that is no ASCII takes the other way; no digit stands before the difference then.
                let other = before(format!("é{a}").as_bytes(), format!("é{b}").as_bytes(), first);
                assert_eq!(before(a.as_bytes(), b.as_bytes(), first), other, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn few_and_many_are_sorted_alike() {
        let mut many: Vec<String> = (0..40).map(|n| format!("k{n}")).collect();
        let want = many.clone();
        many.sort();
        assert_eq!(sort(many, false, |k| k.as_bytes()), want);
        let few: Vec<String> = ["b10", "b9", "a", "b", "_x", ""].map(String::from).into();
        assert_eq!(sort(few, false, |k| k.as_bytes()), ["", "_x", "a", "b", "b9", "b10"]);
    }
}
