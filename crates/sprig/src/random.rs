//! Random texts and numbers, from the entropy of the world.

use rhumb_template::{Call, Func};
use rhumb_value::Type;

use crate::args::{Answer, fail, func, int, text};
use crate::encoding::encode;

const N: &[Type] = &[Type::INT];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("randAlphaNum", N, S, |c| letters(c, |ch| ch.is_ascii_alphanumeric())),
    func("randAlpha", N, S, |c| letters(c, |ch| ch.is_ascii_alphabetic())),
    func("randNumeric", N, S, |c| letters(c, |ch| ch.is_ascii_digit())),
    func("randAscii", N, S, |c| letters(c, |ch| (b' '..=b'~').contains(ch))),
    func("randInt", &[Type::INT, Type::INT], Type::INT, rand_int),
    func("randBytes", N, S, rand_bytes),
    func("shuffle", &[Type::String], S, shuffle),
    func("uuidv4", &[], S, uuid),
];

/// The most bytes that one call may ask for.
const MOST: i64 = 64 << 20;

/// A number below `bound`, each as likely as the other.
fn below(c: &Call<'_>, bound: u64) -> u64 {
    let usable = u64::MAX - u64::MAX % bound.max(1);
    loop {
        let mut bytes = [0; 8];
        c.runtime.world().entropy(&mut bytes);
        let n = u64::from_le_bytes(bytes);
        if n < usable {
            return n % bound.max(1);
        }
    }
}

fn letters(c: &mut Call<'_>, allowed: fn(&u8) -> bool) -> Answer {
    let wanted = usize::try_from(int(c, 0).clamp(0, MOST)).unwrap_or(0);
    let set: Vec<u8> = (0..=127u8).filter(allowed).collect();
    let mut out = Vec::with_capacity(wanted);
    let mut buffer = [0; 256];
    // Bytes beyond the last whole multiple of the set would favour its first letters.
    let usable = 256 / set.len() * set.len();
    while out.len() < wanted {
        c.runtime.world().entropy(&mut buffer);
        let fresh = buffer.iter().map(|b| usize::from(*b)).filter(|b| *b < usable).map(|b| set[b % set.len()]);
        out.extend(fresh.take(wanted - out.len()));
    }
    Ok(out.into())
}

fn rand_int(c: &mut Call<'_>) -> Answer {
    let (low, high) = (int(c, 0), int(c, 1));
    match u64::try_from(high.wrapping_sub(low)) {
        Ok(span) if span > 0 => Ok(low.wrapping_add(below(c, span).cast_signed()).into()),
        _ => fail("invalid argument to Intn"),
    }
}

fn rand_bytes(c: &mut Call<'_>) -> Answer {
    let Ok(size) = usize::try_from(int(c, 0).min(MOST)) else {
        return fail("runtime error: makeslice: len out of range");
    };
    let mut bytes = vec![0; size];
    c.runtime.world().entropy(&mut bytes);
    Ok(encode(&bytes, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").into())
}

fn shuffle(c: &mut Call<'_>) -> Answer {
    let mut chars: Vec<char> = String::from_utf8_lossy(text(c, 0)).chars().collect();
    for i in (1..chars.len()).rev() {
        // The bound is at most the length of a string in memory.
        let j = below(c, i as u64 + 1) as usize;
        chars.swap(i, j);
    }
    Ok(chars.into_iter().collect::<String>().into())
}

fn uuid(c: &mut Call<'_>) -> Answer {
    let mut b = [0u8; 16];
    c.runtime.world().entropy(&mut b);
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let hex: String = b.iter().map(|n| format!("{n:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]).into())
}
