//! The order of map keys in written YAML: natural, numbers within names by their size.

use std::cmp::Ordering;

/// Whether key `a` is written before key `b`.
///
/// Keys are compared up to the first different character. Two letters go by code point; a letter against anything
/// else comes after it, unless digits stand just before and `numeric_first` (then it comes first); runs of digits go by value.
fn before(a: &str, b: &str, numeric_first: bool) -> bool {
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

/// Sorts by key. The order is not a total one for odd keys, which the standard sorts may refuse; this one cannot fail.
pub(crate) fn sort<T>(items: Vec<T>, numeric_first: bool, key: impl Fn(&T) -> &str + Copy) -> Vec<T> {
    let compare = |a: &T, b: &T| {
        if before(key(a), key(b), numeric_first) { Ordering::Less } else { Ordering::Greater }
    };
    if items.windows(2).all(|w| compare(&w[0], &w[1]) == Ordering::Less) {
        return items;
    }
    merge_sort(items, &compare)
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
