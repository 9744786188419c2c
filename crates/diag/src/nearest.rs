//! The name that was probably meant: a small edit distance over what exists.

/// The candidate nearest to a word that names nothing; nothing where none is near enough.
///
/// Letters that differ only in case, and `_` or `-` that are missing, count for less than other changes. Of equally near
/// candidates the first wins, so a sorted list gives the same answer every time.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match word.chars().count() {
        0 => return None,
        1 => 1,
        2..=4 => 2,
        5..=8 => 4,
        n => (n / 2).min(8),
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.is_empty() || candidate == word || candidate.len().abs_diff(word.len()) > limit {
            continue;
        }
        let cost = distance(word, candidate);
        if cost <= limit && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Twice the number of insertions, deletions, replacements and swaps of neighbours; changes of case and separators cost one.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = prices(&b);
    let mut sum = 0;
    for (i, x) in a.iter().enumerate() {
        sum += price(*x);
        let mut row = vec![sum];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + replacement(*x, *y);
            let mut cost = replaced.min(last[j + 1] + price(*x)).min(row[j] + price(*y));
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                cost = cost.min(before[j - 1] + 2);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

/// What it costs to write each prefix of a word from nothing.
fn prices(word: &[char]) -> Vec<usize> {
    let mut sum = 0;
    let mut all = vec![0];
    for c in word {
        sum += price(*c);
        all.push(sum);
    }
    all
}

fn price(c: char) -> usize {
    if matches!(c, '_' | '-') { 1 } else { 2 }
}

fn replacement(a: char, b: char) -> usize {
    match () {
        () if a == b => 0,
        () if a.to_lowercase().eq(b.to_lowercase()) => 1,
        () if matches!((a, b), ('_', '-') | ('-', '_')) => 1,
        () => 2,
    }
}

/// How many single-byte insertions, deletions and replacements lie between two words: the plain distance, without a sense for slips.
#[must_use]
pub fn edits(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_edits() {
        for (a, b, want) in
            [("", "", 0), ("abc", "", 3), ("template", "templtae", 2), ("lint", "list", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!((edits(a, b), edits(b, a)), (want, want), "{a} {b}");
        }
    }

    #[test]
    fn what_was_meant() {
        let keys = ["image", "imagePullSecrets", "ingress", "replicaCount", "service", "serviceAccount", "tolerations"];
        let cases = [
            ("servce", Some("service")),
            ("sevrice", Some("service")),
            ("Service", Some("service")),
            ("replicacount", Some("replicaCount")),
            ("replica_count", Some("replicaCount")),
            ("replicas", None),
            ("toleration", Some("tolerations")),
            ("serviceaccount", Some("serviceAccount")),
            ("x", None),
            ("", None),
            ("database", None),
        ];
        for (word, want) in cases {
            assert_eq!(nearest(word, keys), want, "{word}");
        }
    }

    #[test]
    fn short_words_need_to_be_close() {
        assert_eq!(nearest("b", ["a", "c"]), None);
        assert_eq!(nearest("A", ["a", "c"]), Some("a"));
        assert_eq!(nearest("ab", ["ac", "xy"]), Some("ac"));
        assert_eq!(nearest("é", ["e", "É"]), Some("É"));
    }

    #[test]
    fn a_word_is_not_its_own_answer() {
        assert_eq!(nearest("port", ["port"]), None);
    }
}
